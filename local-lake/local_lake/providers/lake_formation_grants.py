"""AWS::LakeFormation::Permissions and AWS::LakeFormation::Tag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import (
    Context,
    Properties,
    Provider,
    ResourceFailure,
    select,
    update_rules,
)
from local_lake.providers.lake_formation_permissions import grant, list_grants, revoke

if TYPE_CHECKING:
    from collections.abc import Mapping

_RESOURCES = {
    "DatabaseResource": "Database",
    "DataLocationResource": "DataLocation",
    "TableResource": "Table",
    "TableWithColumnsResource": "TableWithColumns",
}


class Permissions(Provider):
    """What one principal may do with one resource, in the older form; permissions change in place."""

    type_name = "AWS::LakeFormation::Permissions"
    updates = update_rules(
        always="DataLakePrincipal Resource", never="Permissions PermissionsWithGrantOption"
    )
    required = ("DataLakePrincipal", "Resource")

    def create(self, context: Context, properties: Properties) -> str:
        """Grant each permission; the physical id is a name of the stack's own."""
        physical_id = context.generate_name(128)
        context.announce(physical_id)
        self.update(context, physical_id, {**properties, **_NOTHING}, properties)
        return physical_id

    def update(self, context: Context, _: str, before: Properties, after: Properties) -> None:
        """Grant what is new and revoke what is gone; a grant option is lost by revoking it."""
        client, old, new = context.client("lakeformation"), _modern(before), _modern(after)
        held, wanted = dict(list_grants(old)), dict(list_grants(new))
        for permission, with_grant in held.items():
            if permission not in wanted or (with_grant and not wanted[permission]):
                revoke(client, old, permission, with_grant=with_grant)
        for permission, with_grant in wanted.items():
            if held.get(permission) != with_grant:
                grant(client, new, permission, with_grant=with_grant)

    def read(self, _: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the name alone: grants have no identity of their own."""
        return {"Id": physical_id}

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """Revoke each permission; one that is gone already is no failure."""
        self.update(context, physical_id, properties, {**properties, **_NOTHING})


_NOTHING: dict[str, list[str]] = {"Permissions": [], "PermissionsWithGrantOption": []}


def _modern(properties: Properties) -> dict[str, Any]:
    """Write the properties as PrincipalPermissions has them, which is the API's form."""
    unknown = sorted(set(properties["Resource"]) - set(_RESOURCES))
    if unknown or len(properties["Resource"]) != 1:
        raise ResourceFailure(f"Resource names one of {', '.join(_RESOURCES)}; this one has {unknown}.")
    ((kind, place),) = properties["Resource"].items()
    place = dict(place)
    if "S3Resource" in place:
        place["ResourceArn"] = place.pop("S3Resource")
    with_option = list(properties.get("PermissionsWithGrantOption") or [])
    plain = [name for name in properties.get("Permissions") or [] if name not in with_option]
    return {
        "Principal": properties["DataLakePrincipal"],
        "Resource": {_RESOURCES[kind]: place},
        "Permissions": [*plain, *with_option],
        "PermissionsWithGrantOption": with_option,
    }


class Tag(Provider):
    """A key of Lake Formation's tags with the values it may have; its physical id is the key."""

    type_name = "AWS::LakeFormation::Tag"
    updates = update_rules(always="CatalogId TagKey", never="TagValues")
    required = ("TagKey", "TagValues")
    name_property = "TagKey"
    mirrored = "TagValues"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the tag; CreateLFTag here would overwrite one of that key, so that is a failure."""
        client, key = context.client("lakeformation"), str(properties["TagKey"])
        if _find_tag(client, key, properties) is not None:
            raise ResourceFailure(f"Tag key {key} already exists.", "AlreadyExists")
        client.create_lf_tag(**select(properties, "CatalogId", "TagKey", "TagValues"))
        return key

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Add and remove values."""
        old, new = before["TagValues"], after["TagValues"]
        changes = {
            "TagValuesToAdd": [value for value in new if value not in old],
            "TagValuesToDelete": [value for value in old if value not in new],
        }
        context.client("lakeformation").update_lf_tag(
            TagKey=physical_id,
            **select(after, "CatalogId"),
            **{name: values for name, values in changes.items() if values},
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the tag as ListLFTags does."""
        tag = _find_tag(context.client("lakeformation"), physical_id, {})
        if tag is None:
            raise ResourceFailure(f"Tag key {physical_id} does not exist.", "NotFound")
        return tag

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """Delete the tag, which takes it off whatever has it."""
        self.read(context, physical_id)
        context.client("lakeformation").delete_lf_tag(TagKey=physical_id, **select(properties, "CatalogId"))


def _find_tag(client: Any, key: str, properties: Properties) -> dict[str, Any] | None:  # noqa: ANN401
    tags = client.list_lf_tags(**select(properties, "CatalogId"))["LFTags"]
    return next((tag for tag in tags if tag["TagKey"] == key), None)
