"""AWS::LakeFormation::DataLakeSettings and AWS::LakeFormation::Resource."""

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

if TYPE_CHECKING:
    from collections.abc import Mapping

_SETTINGS = (
    "AllowExternalDataFiltering",
    "AllowFullTableExternalDataAccess",
    "AuthorizedSessionTagValueList",
    "CreateDatabaseDefaultPermissions",
    "CreateTableDefaultPermissions",
    "ExternalDataFilteringAllowList",
    "Parameters",
    "TrustedResourceOwners",
)


class DataLakeSettings(Provider):
    """The account's Lake Formation settings: one for each account and region.

    With MutationType APPEND administrators are added to those there are, and only they are taken away again;
    without it the template's settings take the place of what was there.
    """

    type_name = "AWS::LakeFormation::DataLakeSettings"
    updates = update_rules(never=" ".join(("Admins", "MutationType", *_SETTINGS)))

    def create(self, context: Context, properties: Properties) -> str:
        """Change the settings."""
        self.update(context, "", {}, properties)
        return context.generate_name(255)

    def update(self, context: Context, _: str, before: Properties, after: Properties) -> None:
        """Change the settings to what the template says now."""
        client = context.client("lakeformation")
        settings = {**_read(client), **select(after, *_SETTINGS)}
        admins = [dict(admin) for admin in after.get("Admins") or []]
        if after.get("MutationType") == "APPEND":
            kept = [a for a in settings.get("DataLakeAdmins") or [] if a not in (before.get("Admins") or [])]
            admins = kept + [admin for admin in admins if admin not in kept]
        client.put_data_lake_settings(DataLakeSettings={**settings, "DataLakeAdmins": admins})

    def read(self, context: Context, _: str) -> Mapping[str, Any]:
        """Return GetDataLakeSettings's DataLakeSettings."""
        return _read(context.client("lakeformation"))

    def delete(self, context: Context, _: str, properties: Properties) -> None:
        """Take the template's administrators away; the other settings stay as they are."""
        client = context.client("lakeformation")
        settings = _read(client)
        gone = properties.get("Admins") or []
        kept = [admin for admin in settings.get("DataLakeAdmins") or [] if admin not in gone]
        client.put_data_lake_settings(DataLakeSettings={**settings, "DataLakeAdmins": kept})


def _read(client: Any) -> dict[str, Any]:  # noqa: ANN401
    settings: dict[str, Any] = client.get_data_lake_settings()["DataLakeSettings"]
    return settings


class RegisteredLocation(Provider):
    """A place in S3 that Lake Formation governs; its physical id is the place's ARN."""

    type_name = "AWS::LakeFormation::Resource"
    updates = update_rules(
        always="ResourceArn", never="HybridAccessEnabled RoleArn UseServiceLinkedRole WithFederation"
    )
    required = ("ResourceArn", "UseServiceLinkedRole")
    mirrored = "ResourceArn RoleArn"

    def create(self, context: Context, properties: Properties) -> str:
        """Register the place."""
        role = _role_arguments(properties)
        context.client("lakeformation").register_resource(
            ResourceArn=properties["ResourceArn"],
            **select(properties, "HybridAccessEnabled", "WithFederation"),
            **role,
        )
        return str(properties["ResourceArn"])

    def update(self, context: Context, physical_id: str, _: Properties, after: Properties) -> None:
        """Change the role that reads and writes there."""
        role = _role_arguments(after).get("RoleArn") or _service_linked_role(context)
        context.client("lakeformation").update_resource(
            ResourceArn=physical_id, RoleArn=role, **select(after, "HybridAccessEnabled", "WithFederation")
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return DescribeResource's ResourceInfo."""
        info: dict[str, Any] = context.client("lakeformation").describe_resource(ResourceArn=physical_id)[
            "ResourceInfo"
        ]
        return info

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Deregister the place."""
        context.client("lakeformation").deregister_resource(ResourceArn=physical_id)


def _role_arguments(properties: Properties) -> dict[str, Any]:
    linked = str(properties["UseServiceLinkedRole"]).lower() == "true"
    if linked:
        return {"UseServiceLinkedRole": True}
    if "RoleArn" not in properties:
        raise ResourceFailure("RoleArn is required when UseServiceLinkedRole is false.")
    return {"RoleArn": properties["RoleArn"]}


def _service_linked_role(context: Context) -> str:
    path = "aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess"
    return f"arn:aws:iam::{context.account}:role/{path}"
