"""AWS::Logs::LogGroup and AWS::Logs::MetricFilter."""

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
    tags_of,
    update_rules,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class LogGroup(Provider):
    """A log group; its physical id is its name."""

    type_name = "AWS::Logs::LogGroup"
    updates = update_rules(always="LogGroupName", never="KmsKeyId LogGroupClass RetentionInDays Tags")
    attributes = frozenset({"Arn"})
    tag_property = "Tags"
    name_property = "LogGroupName"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the group, then its retention."""
        name = str(properties.get("LogGroupName") or context.generate_name(512))
        client = context.client("logs")
        client.create_log_group(
            logGroupName=name,
            tags=tags_of(properties),
            **({"kmsKeyId": properties["KmsKeyId"]} if "KmsKeyId" in properties else {}),
            **({"logGroupClass": properties["LogGroupClass"]} if "LogGroupClass" in properties else {}),
        )
        context.announce(name)
        if "RetentionInDays" in properties:
            client.put_retention_policy(logGroupName=name, retentionInDays=properties["RetentionInDays"])
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change retention, key and tags."""
        client = context.client("logs")
        if "RetentionInDays" in after:
            client.put_retention_policy(logGroupName=physical_id, retentionInDays=after["RetentionInDays"])
        elif "RetentionInDays" in before:
            client.delete_retention_policy(logGroupName=physical_id)
        if before.get("KmsKeyId") != after.get("KmsKeyId"):
            if "KmsKeyId" in after:
                client.associate_kms_key(logGroupName=physical_id, kmsKeyId=after["KmsKeyId"])
            else:
                client.disassociate_kms_key(logGroupName=physical_id)
        arn = str(self.read(context, physical_id)["arn"]).removesuffix(":*")
        apply_tags(
            before,
            after,
            put=lambda tags: client.tag_resource(resourceArn=arn, tags=tags),
            remove=lambda keys: client.untag_resource(resourceArn=arn, tagKeys=keys),
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the group as DescribeLogGroups does."""
        groups = context.client("logs").describe_log_groups(logGroupNamePrefix=physical_id)["logGroups"]
        for group in groups:
            if group["logGroupName"] == physical_id:
                found: dict[str, Any] = group
                return found
        raise ResourceFailure(f"Log group {physical_id} does not exist", "NotFound")

    def describe_attributes(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties:
        """Give the ARN, which ends in `:*` as CloudFormation's does."""
        return {"Arn": str(live["arn"]).removesuffix(":*") + ":*"}

    def observe(self, context: Context, physical_id: str, live: Mapping[str, Any]) -> Properties | None:
        """Give name, key, retention and tags."""
        arn = str(live["arn"]).removesuffix(":*")
        return {
            "KmsKeyId": live.get("kmsKeyId"),
            "LogGroupName": physical_id,
            "RetentionInDays": live.get("retentionInDays"),
            "Tags": list_tags(context.client("logs").list_tags_for_resource(resourceArn=arn)["tags"]),
        }

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the group with all in it."""
        context.client("logs").delete_log_group(logGroupName=physical_id)


class MetricFilter(Provider):
    """A filter that counts lines of a log group; its physical id is its name."""

    type_name = "AWS::Logs::MetricFilter"
    updates = update_rules(always="FilterName LogGroupName", never="FilterPattern MetricTransformations")
    required = ("FilterPattern", "LogGroupName", "MetricTransformations")
    name_property = "FilterName"

    def create(self, context: Context, properties: Properties) -> str:
        """Put the filter."""
        name = str(properties.get("FilterName") or context.generate_name(512))
        self.update(context, name, {}, properties)
        return name

    def update(self, context: Context, physical_id: str, _: Properties, after: Properties) -> None:
        """Put the filter anew."""
        context.client("logs").put_metric_filter(
            logGroupName=after["LogGroupName"],
            filterName=physical_id,
            filterPattern=after["FilterPattern"],
            metricTransformations=[_transformation(t) for t in after["MetricTransformations"]],
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the filter as DescribeMetricFilters does."""
        filters = context.client("logs").describe_metric_filters(filterNamePrefix=physical_id)
        for found in filters["metricFilters"]:
            if found["filterName"] == physical_id:
                result: dict[str, Any] = found
                return result
        raise ResourceFailure(f"Metric filter {physical_id} does not exist", "NotFound")

    def observe(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties | None:
        """Give group and pattern; transformations are not compared."""
        return {"LogGroupName": live.get("logGroupName"), "FilterPattern": live.get("filterPattern")}

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """Delete the filter."""
        context.client("logs").delete_metric_filter(
            filterName=physical_id, logGroupName=properties["LogGroupName"]
        )


def _transformation(properties: Properties) -> dict[str, Any]:
    names = ("MetricName", "MetricNamespace", "MetricValue", "DefaultValue", "Unit")
    written = {name[0].lower() + name[1:]: value for name, value in select(properties, *names).items()}
    if "Dimensions" in properties:
        written["dimensions"] = {d["Key"]: d["Value"] for d in properties["Dimensions"]}
    return written
