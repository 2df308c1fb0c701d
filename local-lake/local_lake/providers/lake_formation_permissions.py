"""AWS::LakeFormation::PrincipalPermissions."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

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


class PrincipalPermissions(Provider):
    """What one principal may do with one resource of the catalog, granted and revoked one permission a call.

    Every change replaces it. The new grants come before the old are revoked, so a permission that both name
    is left granted.
    """

    type_name = "AWS::LakeFormation::PrincipalPermissions"
    updates = update_rules(always="Catalog Permissions PermissionsWithGrantOption Principal Resource")
    required = ("Permissions", "PermissionsWithGrantOption", "Principal", "Resource")
    attributes = frozenset({"PrincipalIdentifier", "ResourceIdentifier"})

    def create(self, context: Context, properties: Properties) -> str:
        """Grant each permission."""
        physical_id = _identify(properties)
        context.announce(physical_id)
        for permission, with_grant in list_grants(properties):
            grant(context.client("lakeformation"), properties, permission, with_grant=with_grant)
        return physical_id

    def read(self, _: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the parts of the physical id; it is written from principal and resource."""
        principal, resource, _digest = physical_id.split("|")
        return {"PrincipalIdentifier": principal, "ResourceIdentifier": resource}

    def delete(self, context: Context, _: str, properties: Properties) -> None:
        """Revoke each permission, and grant again what the successor grants on the same subject.

        A grant that is gone already is no failure.
        """
        client = context.client("lakeformation")
        successor = context.successor
        same = successor is not None and _subject(successor) == _subject(properties)
        kept = dict(list_grants(successor)) if successor is not None and same else {}
        for permission, with_grant in list_grants(properties):
            if kept.get(permission) == with_grant:
                continue
            revoke(client, properties, permission, with_grant=with_grant)
            if permission in kept:
                grant(client, properties, permission, with_grant=kept[permission])


def grant(client: Any, properties: Properties, permission: str, *, with_grant: bool) -> None:  # noqa: ANN401
    """Grant one permission on the Principal and Resource of some properties."""
    client.grant_permissions(**_subject(properties), **_permission(permission, with_grant=with_grant))


def revoke(client: Any, properties: Properties, permission: str, *, with_grant: bool) -> None:  # noqa: ANN401
    """Revoke one permission; a grant that is gone already is no failure."""
    try:
        client.revoke_permissions(**_subject(properties), **_permission(permission, with_grant=with_grant))
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("EntityNotFoundException", "InvalidInputException"):
            raise


def _subject(properties: Properties) -> dict[str, Any]:
    return {
        **({"CatalogId": properties["Catalog"]} if "Catalog" in properties else {}),
        **select(properties, "Principal", "Resource"),
    }


def _permission(name: str, *, with_grant: bool) -> dict[str, list[str]]:
    if with_grant:
        return {"Permissions": [name], "PermissionsWithGrantOption": [name]}
    return {"Permissions": [name]}


def list_grants(properties: Properties) -> list[tuple[str, bool]]:
    """List the permissions, each with whether it may be granted on. Raises ResourceFailure on a stray one."""
    names = list(properties["Permissions"])
    with_grant = set(properties["PermissionsWithGrantOption"])
    stray = sorted(with_grant - set(names))
    if stray:
        raise ResourceFailure(f"PermissionsWithGrantOption names what Permissions does not: {stray}")
    return [(name, name in with_grant) for name in names]


def _identify(properties: Properties) -> str:
    resource = json.dumps(properties["Resource"], sort_keys=True)
    digest = hashlib.sha256(json.dumps(dict(properties), sort_keys=True).encode()).hexdigest()[:12]
    principal = properties["Principal"]["DataLakePrincipalIdentifier"]
    return f"{principal}|{resource}|{digest}"
