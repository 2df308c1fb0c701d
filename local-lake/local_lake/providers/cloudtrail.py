"""AWS::CloudTrail::Trail."""

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

_RENAMED = {"KMSKeyId": "KmsKeyId", "EnableLogFileValidation": "EnableLogFileValidation"}
_SETTINGS = (
    "CloudWatchLogsLogGroupArn",
    "CloudWatchLogsRoleArn",
    "IncludeGlobalServiceEvents",
    "IsMultiRegionTrail",
    "IsOrganizationTrail",
    "S3BucketName",
    "S3KeyPrefix",
    "SnsTopicName",
)


class Trail(Provider):
    """A trail; its physical id is its name."""

    type_name = "AWS::CloudTrail::Trail"
    updates = update_rules(
        always="TrailName",
        never=" ".join(
            (*_SETTINGS, *_RENAMED, "AdvancedEventSelectors EventSelectors InsightSelectors IsLogging Tags")
        ),
    )
    required = ("IsLogging", "S3BucketName")
    attributes = frozenset({"Arn", "SnsTopicArn"})
    tag_property = "Tags"
    name_property = "TrailName"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the trail, then its selectors, and start it if it is to log."""
        client = context.client("cloudtrail")
        name = str(properties.get("TrailName") or context.generate_name(128))
        # Moto ignores trailNameList, so that the names are compared here.
        if any(trail["Name"] == name for trail in client.describe_trails()["trailList"]):
            raise ResourceFailure(f"Trail {name} already exists for customer", "AlreadyExists")
        client.create_trail(Name=name, TagsList=properties.get("Tags") or [], **_settings(properties))
        context.announce(name)
        _set_selectors(client, name, {}, properties)
        _set_logging(client, name, properties)
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change settings, selectors, logging and tags."""
        client = context.client("cloudtrail")
        client.update_trail(Name=physical_id, **_settings(after))
        _set_selectors(client, physical_id, before, after)
        _set_logging(client, physical_id, after)
        arn = self.read(context, physical_id)["TrailARN"]
        apply_tags(
            before,
            after,
            put=lambda tags: client.add_tags(ResourceId=arn, TagsList=list_tags(tags)),
            remove=lambda keys: client.remove_tags(ResourceId=arn, TagsList=[{"Key": key} for key in keys]),
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetTrail's Trail."""
        trail: dict[str, Any] = context.client("cloudtrail").get_trail(Name=physical_id)["Trail"]
        return trail

    def describe_attributes(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties:
        """Give the ARNs of the trail and of its topic, if it has one."""
        return {"Arn": live["TrailARN"], "SnsTopicArn": live.get("SnsTopicARN", "")}

    def observe(self, context: Context, physical_id: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the settings and whether it logs; selectors are not compared."""
        status = context.client("cloudtrail").get_trail_status(Name=physical_id)
        renamed = {
            "EnableLogFileValidation": live.get("LogFileValidationEnabled"),
            "KMSKeyId": live.get("KmsKeyId"),
            "IsLogging": status["IsLogging"],
        }
        return {**{name: live.get(name) for name in _SETTINGS}, **renamed}

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the trail; the delivered logs stay."""
        context.client("cloudtrail").delete_trail(Name=physical_id)


def _settings(properties: Properties) -> dict[str, Any]:
    renamed = {new: properties[old] for old, new in _RENAMED.items() if old in properties}
    return {**select(properties, *_SETTINGS), **renamed}


def _set_selectors(client: Any, name: str, before: Properties, after: Properties) -> None:  # noqa: ANN401
    selectors = select(after, "EventSelectors", "AdvancedEventSelectors")
    if selectors:
        client.put_event_selectors(TrailName=name, **selectors)
    elif before.get("EventSelectors") or before.get("AdvancedEventSelectors"):
        default = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}
        client.put_event_selectors(TrailName=name, EventSelectors=[default])
    if "InsightSelectors" in after or "InsightSelectors" in before:
        client.put_insight_selectors(TrailName=name, InsightSelectors=after.get("InsightSelectors") or [])


def _set_logging(client: Any, name: str, properties: Properties) -> None:  # noqa: ANN401
    if str(properties["IsLogging"]).lower() == "true":
        client.start_logging(Name=name)
    else:
        client.stop_logging(Name=name)
