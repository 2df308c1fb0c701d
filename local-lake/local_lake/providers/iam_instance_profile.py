"""AWS::IAM::InstanceProfile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import Context, Properties, Provider, select, update_rules

if TYPE_CHECKING:
    from collections.abc import Mapping


class InstanceProfile(Provider):
    """An instance profile and the one role in it."""

    type_name = "AWS::IAM::InstanceProfile"
    updates = update_rules(always="InstanceProfileName Path", never="Roles")
    required = ("Roles",)
    attributes = frozenset({"Arn"})
    name_property = "InstanceProfileName"
    iam = True

    def create(self, context: Context, properties: Properties) -> str:
        """Create the profile, then put the role in."""
        name = str(properties.get("InstanceProfileName") or context.generate_name(128))
        iam = context.client("iam")
        iam.create_instance_profile(InstanceProfileName=name, **select(properties, "Path"))
        context.announce(name)
        for role in properties["Roles"]:
            iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Exchange the role."""
        iam = context.client("iam")
        for role in [role for role in before["Roles"] if role not in after["Roles"]]:
            iam.remove_role_from_instance_profile(InstanceProfileName=physical_id, RoleName=role)
        for role in [role for role in after["Roles"] if role not in before["Roles"]]:
            iam.add_role_to_instance_profile(InstanceProfileName=physical_id, RoleName=role)

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetInstanceProfile's InstanceProfile."""
        profile: dict[str, Any] = context.client("iam").get_instance_profile(InstanceProfileName=physical_id)[
            "InstanceProfile"
        ]
        return profile

    def observe(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the role in it."""
        return {"Path": live["Path"], "Roles": [role["RoleName"] for role in live["Roles"]]}

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Take the role out, then delete the profile."""
        iam = context.client("iam")
        for role in self.read(context, physical_id)["Roles"]:
            iam.remove_role_from_instance_profile(InstanceProfileName=physical_id, RoleName=role["RoleName"])
        iam.delete_instance_profile(InstanceProfileName=physical_id)
