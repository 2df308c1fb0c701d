"""AWS::IAM::Role and AWS::IAM::ServiceLinkedRole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import (
    Context,
    Properties,
    Provider,
    ResourceFailure,
    apply_tags,
    list_tags,
    select,
    update_rules,
    write_json,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class Role(Provider):
    """A role with its inline policies and the managed ones attached to it."""

    type_name = "AWS::IAM::Role"
    updates = update_rules(
        always="Path RoleName",
        never="AssumeRolePolicyDocument Description ManagedPolicyArns MaxSessionDuration PermissionsBoundary "
        "Policies Tags",
    )
    required = ("AssumeRolePolicyDocument",)
    attributes = frozenset({"Arn", "RoleId"})
    tag_property = "Tags"
    name_property = "RoleName"
    iam = True

    def create(self, context: Context, properties: Properties) -> str:
        """Create the role, then give it its policies."""
        name = str(properties.get("RoleName") or context.generate_name(64))
        context.client("iam").create_role(
            RoleName=name,
            AssumeRolePolicyDocument=write_json(properties["AssumeRolePolicyDocument"]),
            **select(properties, "Description", "MaxSessionDuration", "Path", "PermissionsBoundary", "Tags"),
        )
        context.announce(name)
        _set_policies(context.client("iam"), name, {}, properties)
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change trust, description, boundary, policies and tags in place."""
        iam = context.client("iam")
        trust = write_json(after["AssumeRolePolicyDocument"])
        iam.update_assume_role_policy(RoleName=physical_id, PolicyDocument=trust)
        iam.update_role(
            RoleName=physical_id,
            Description=after.get("Description", ""),
            MaxSessionDuration=after.get("MaxSessionDuration", 3600),
        )
        boundary = after.get("PermissionsBoundary")
        if boundary is not None:
            iam.put_role_permissions_boundary(RoleName=physical_id, PermissionsBoundary=boundary)
        elif "PermissionsBoundary" in before:
            iam.delete_role_permissions_boundary(RoleName=physical_id)
        _set_policies(iam, physical_id, before, after)
        apply_tags(
            before,
            after,
            put=lambda tags: iam.tag_role(RoleName=physical_id, Tags=list_tags(tags)),
            remove=lambda keys: iam.untag_role(RoleName=physical_id, TagKeys=keys),
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetRole's Role."""
        role: dict[str, Any] = context.client("iam").get_role(RoleName=physical_id)["Role"]
        return role

    def observe(self, context: Context, physical_id: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the role with its policies."""
        iam = context.client("iam")
        names = iam.list_role_policies(RoleName=physical_id)["PolicyNames"]
        policies = [iam.get_role_policy(RoleName=physical_id, PolicyName=name) for name in names]
        attached = iam.list_attached_role_policies(RoleName=physical_id)["AttachedPolicies"]
        boundary = live.get("PermissionsBoundary") or {}
        return {
            "AssumeRolePolicyDocument": live["AssumeRolePolicyDocument"],
            "Description": live.get("Description"),
            "ManagedPolicyArns": [policy["PolicyArn"] for policy in attached],
            "MaxSessionDuration": live.get("MaxSessionDuration"),
            "Path": live["Path"],
            "PermissionsBoundary": boundary.get("PermissionsBoundaryArn"),
            "Policies": [select(policy, "PolicyName", "PolicyDocument") for policy in policies],
            "RoleName": physical_id,
            "Tags": live.get("Tags") or [],
        }

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """Take the template's policies off the role and delete it; others attached make IAM refuse."""
        iam = context.client("iam")
        self.read(context, physical_id)
        _set_policies(iam, physical_id, _standing_policies(iam, physical_id, properties), {})
        iam.delete_role(RoleName=physical_id)


def _set_policies(iam: Any, role: str, before: Properties, after: Properties) -> None:  # noqa: ANN401
    old, new = _inline(before), _inline(after)
    for name in old.keys() - new.keys():
        iam.delete_role_policy(RoleName=role, PolicyName=name)
    for name, document in new.items():
        if old.get(name) != document:
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)
    attached, wanted = _managed(before), _managed(after)
    for arn in [arn for arn in attached if arn not in wanted]:
        iam.detach_role_policy(RoleName=role, PolicyArn=arn)
    for arn in [arn for arn in wanted if arn not in attached]:
        iam.attach_role_policy(RoleName=role, PolicyArn=arn)


def _inline(properties: Properties) -> dict[str, str]:
    policies = properties.get("Policies") or []
    return {str(p["PolicyName"]): write_json(p["PolicyDocument"]) for p in policies}


def _managed(properties: Properties) -> list[str]:
    return list(properties.get("ManagedPolicyArns") or [])


def _standing_policies(iam: Any, role: str, properties: Properties) -> Properties:  # noqa: ANN401
    """Leave out what is not on the role any more (or not yet, when the creation failed half-way)."""
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    arns = [p["PolicyArn"] for p in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]]
    return {
        "Policies": [p for p in properties.get("Policies") or [] if p["PolicyName"] in names],
        "ManagedPolicyArns": [arn for arn in _managed(properties) if arn in arns],
    }


class ServiceLinkedRole(Provider):
    """A role that belongs to a service; an account has one for each service and suffix."""

    type_name = "AWS::IAM::ServiceLinkedRole"
    updates = update_rules(always="AWSServiceName CustomSuffix", never="Description")
    required = ("AWSServiceName",)
    attributes = frozenset({"RoleName"})
    mirrored = "Description"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the role; its name is IAM's choice, and one that is there already is a failure."""
        iam = context.client("iam")
        service = str(properties["AWSServiceName"])
        try:
            role = iam.create_service_linked_role(
                AWSServiceName=service, **select(properties, "CustomSuffix", "Description")
            )["Role"]
        except iam.exceptions.EntityAlreadyExistsException as error:
            raise ResourceFailure(
                f"Service role name for {service} has been taken in this account", "AlreadyExists"
            ) from error
        return str(role["RoleName"])

    def update(self, context: Context, physical_id: str, _: Properties, after: Properties) -> None:
        """Change the description."""
        context.client("iam").update_role(
            RoleName=physical_id, Description=after.get("Description", ""), MaxSessionDuration=3600
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetRole's Role."""
        role: dict[str, Any] = context.client("iam").get_role(RoleName=physical_id)["Role"]
        return role

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Ask IAM to delete the role."""
        self.read(context, physical_id)
        context.client("iam").delete_service_linked_role(RoleName=physical_id)
