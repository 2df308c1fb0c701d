"""AWS::Athena::WorkGroup and AWS::Athena::NamedQuery."""

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
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class WorkGroup(Provider):
    """A work group; its physical id is its name."""

    type_name = "AWS::Athena::WorkGroup"
    updates = update_rules(
        always="Name", never="Description RecursiveDeleteOption State Tags WorkGroupConfiguration"
    )
    required = ("Name",)
    tag_property = "Tags"
    name_property = "Name"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the group, then disable it if it is to be."""
        name = str(properties["Name"])
        client = context.client("athena")
        client.create_work_group(
            Name=name,
            Configuration=properties.get("WorkGroupConfiguration") or {},
            **select(properties, "Description", "Tags"),
        )
        context.announce(name)
        if properties.get("State", "ENABLED") != "ENABLED":
            client.update_work_group(WorkGroup=name, State=properties["State"])
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change configuration, state, description and tags."""
        client = context.client("athena")
        client.update_work_group(
            WorkGroup=physical_id,
            Description=after.get("Description", ""),
            State=after.get("State", "ENABLED"),
            ConfigurationUpdates=_write_updates(
                before.get("WorkGroupConfiguration") or {}, after.get("WorkGroupConfiguration") or {}
            ),
        )
        arn = f"arn:aws:athena:{context.region}:{context.account}:workgroup/{physical_id}"
        apply_tags(
            before,
            after,
            put=lambda tags: client.tag_resource(ResourceARN=arn, Tags=list_tags(tags)),
            remove=lambda keys: client.untag_resource(ResourceARN=arn, TagKeys=keys),
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetWorkGroup's WorkGroup."""
        group: dict[str, Any] = context.client("athena").get_work_group(WorkGroup=physical_id)["WorkGroup"]
        return group

    def observe(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties | None:
        """Give description, state and configuration."""
        return {**select(live, "Description", "State"), "WorkGroupConfiguration": live.get("Configuration")}

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """Delete the group; with RecursiveDeleteOption even when queries were run in it."""
        recursive = properties.get("RecursiveDeleteOption", False)
        context.client("athena").delete_work_group(
            WorkGroup=physical_id, RecursiveDeleteOption=str(recursive).lower() == "true"
        )


def _write_updates(before: Properties, after: Properties) -> dict[str, Any]:
    """Turn a configuration into UpdateWorkGroup's, which says of what is gone that it is to be removed."""
    plain = (
        "AdditionalConfiguration",
        "EnforceWorkGroupConfiguration",
        "EngineVersion",
        "ExecutionRole",
        "PublishCloudWatchMetricsEnabled",
        "RequesterPaysEnabled",
        "BytesScannedCutoffPerQuery",
    )
    updates = select(after, *plain)
    if "BytesScannedCutoffPerQuery" in before and "BytesScannedCutoffPerQuery" not in after:
        updates["RemoveBytesScannedCutoffPerQuery"] = True
    old, new = before.get("ResultConfiguration") or {}, after.get("ResultConfiguration") or {}
    results = dict(new)
    for name in ("OutputLocation", "EncryptionConfiguration", "ExpectedBucketOwner", "AclConfiguration"):
        if name in old and name not in new:
            results[f"Remove{name}"] = True
    return {**updates, **({"ResultConfigurationUpdates": results} if results else {})}


class NamedQuery(Provider):
    """A query kept under a name; every change replaces it, its physical id is its id."""

    type_name = "AWS::Athena::NamedQuery"
    updates = update_rules(always="Database Description Name QueryString WorkGroup")
    required = ("Database", "QueryString")
    attributes = frozenset({"NamedQueryId"})
    mirrored = "Database Description Name QueryString WorkGroup"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the query; names of queries need not be unique."""
        answer = context.client("athena").create_named_query(
            Name=properties.get("Name") or context.generate_name(128),
            **select(properties, "Database", "Description", "QueryString", "WorkGroup"),
        )
        return str(answer["NamedQueryId"])

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetNamedQuery's NamedQuery."""
        client = context.client("athena")
        try:
            query: dict[str, Any] = client.get_named_query(NamedQueryId=physical_id)["NamedQuery"]
        except client.exceptions.InvalidRequestException as error:
            raise ResourceFailure(f"NamedQuery {physical_id} was not found", "NotFound") from error
        return query

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the query."""
        self.read(context, physical_id)
        context.client("athena").delete_named_query(NamedQueryId=physical_id)
