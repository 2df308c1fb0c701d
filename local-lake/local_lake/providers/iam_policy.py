"""AWS::IAM::Policy (inline) and AWS::IAM::ManagedPolicy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import (
    Context,
    Properties,
    Provider,
    ResourceFailure,
    select,
    update_rules,
    write_json,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KINDS = (("Roles", "role", "RoleName"), ("Users", "user", "UserName"), ("Groups", "group", "GroupName"))
_VERSION_LIMIT = 5


def _holders(properties: Properties) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the kind of each role, user and group, with the argument that names it."""
    for plural, kind, argument in _KINDS:
        for name in properties.get(plural) or []:
            yield kind, {argument: str(name)}


class InlinePolicy(Provider):
    """One document put inline on roles, users and groups."""

    type_name = "AWS::IAM::Policy"
    updates = update_rules(never="Groups PolicyDocument PolicyName Roles Users")
    required = ("PolicyDocument", "PolicyName")
    iam = True

    def create(self, context: Context, properties: Properties) -> str:
        """Put the document on every holder; the physical id is a name of the stack's own."""
        physical_id = context.generate_name(128)
        context.announce(physical_id)
        self._put(context, properties)
        return physical_id

    def update(self, context: Context, _: str, before: Properties, after: Properties) -> None:
        """Put the new document, and take the old one off holders that are gone."""
        self._put(context, after)
        kept = list(_holders(after)) if before["PolicyName"] == after["PolicyName"] else []
        gone = [holder for holder in _holders(before) if holder not in kept]
        self._remove(context, str(before["PolicyName"]), gone)

    def read(self, _: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the name alone: the policy lives on its holders."""
        return {"Id": physical_id}

    def delete(self, context: Context, _: str, properties: Properties) -> None:
        """Take the document off every holder."""
        self._remove(context, str(properties["PolicyName"]), list(_holders(properties)))

    def _put(self, context: Context, properties: Properties) -> None:
        holders = list(_holders(properties))
        if not holders:
            raise ResourceFailure("At least one of [Groups,Roles,Users] must be non-empty.")
        document = write_json(properties["PolicyDocument"])
        for kind, argument in holders:
            put = getattr(context.client("iam"), f"put_{kind}_policy")
            put(PolicyName=properties["PolicyName"], PolicyDocument=document, **argument)

    def _remove(self, context: Context, name: str, holders: list[tuple[str, dict[str, str]]]) -> None:
        iam = context.client("iam")
        for kind, argument in holders:
            try:
                getattr(iam, f"delete_{kind}_policy")(PolicyName=name, **argument)
            except iam.exceptions.NoSuchEntityException:
                continue


class ManagedPolicy(Provider):
    """A customer managed policy; its physical id is its ARN."""

    type_name = "AWS::IAM::ManagedPolicy"
    updates = update_rules(
        always="Description ManagedPolicyName Path", never="Groups PolicyDocument Roles Users"
    )
    required = ("PolicyDocument",)
    attributes = frozenset({"PolicyArn", "PolicyId", "AttachmentCount", "DefaultVersionId"})
    name_property = "ManagedPolicyName"
    iam = True

    def create(self, context: Context, properties: Properties) -> str:
        """Create the policy, then attach it."""
        iam = context.client("iam")
        arn = iam.create_policy(
            PolicyName=properties.get("ManagedPolicyName") or context.generate_name(128),
            PolicyDocument=write_json(properties["PolicyDocument"]),
            **select(properties, "Description", "Path"),
        )["Policy"]["Arn"]
        context.announce(arn)
        self._attach(iam, arn, {}, properties)
        return str(arn)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Make a new version the default one, and attach or detach."""
        iam = context.client("iam")
        if before["PolicyDocument"] != after["PolicyDocument"]:
            versions = iam.list_policy_versions(PolicyArn=physical_id)["Versions"]
            if len(versions) >= _VERSION_LIMIT:
                oldest = min(
                    (v for v in versions if not v["IsDefaultVersion"]), key=lambda v: v["CreateDate"]
                )
                iam.delete_policy_version(PolicyArn=physical_id, VersionId=oldest["VersionId"])
            document = write_json(after["PolicyDocument"])
            iam.create_policy_version(PolicyArn=physical_id, PolicyDocument=document, SetAsDefault=True)
        self._attach(iam, physical_id, before, after)

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetPolicy's Policy."""
        policy: dict[str, Any] = context.client("iam").get_policy(PolicyArn=physical_id)["Policy"]
        return policy

    def describe_attributes(self, _: Context, physical_id: str, live: Mapping[str, Any]) -> Properties:
        """Give the ARN and what GetPolicy says."""
        return {"PolicyArn": physical_id, **select(live, *(self.attributes - {"PolicyArn"}))}

    def observe(self, context: Context, physical_id: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the default version's document, and what the policy is attached to."""
        iam = context.client("iam")
        version = iam.get_policy_version(PolicyArn=physical_id, VersionId=live["DefaultVersionId"])
        entities = iam.list_entities_for_policy(PolicyArn=physical_id)
        held = {
            plural: [holder[argument] for holder in entities[f"Policy{plural}"]]
            for plural, _, argument in _KINDS
        }
        return {**held, "Path": live["Path"], "PolicyDocument": version["PolicyVersion"]["Document"]}

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Detach the policy from everything, and delete it with all its versions."""
        iam = context.client("iam")
        entities = iam.list_entities_for_policy(PolicyArn=physical_id)
        held = {
            plural: [holder[argument] for holder in entities[f"Policy{plural}"]]
            for plural, _kind, argument in _KINDS
        }
        self._attach(iam, physical_id, held, {})
        for version in iam.list_policy_versions(PolicyArn=physical_id)["Versions"]:
            if not version["IsDefaultVersion"]:
                iam.delete_policy_version(PolicyArn=physical_id, VersionId=version["VersionId"])
        iam.delete_policy(PolicyArn=physical_id)

    def _attach(self, iam: Any, arn: str, before: Properties, after: Properties) -> None:  # noqa: ANN401
        old, new = list(_holders(before)), list(_holders(after))
        for kind, argument in [holder for holder in old if holder not in new]:
            getattr(iam, f"detach_{kind}_policy")(PolicyArn=arn, **argument)
        for kind, argument in [holder for holder in new if holder not in old]:
            getattr(iam, f"attach_{kind}_policy")(PolicyArn=arn, **argument)
