"""AWS::CloudWatch::Alarm and AWS::CloudWatch::Dashboard."""

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

_ALARM_SETTINGS = (
    "ActionsEnabled",
    "AlarmActions",
    "AlarmDescription",
    "ComparisonOperator",
    "DatapointsToAlarm",
    "Dimensions",
    "EvaluateLowSampleCountPercentile",
    "EvaluationPeriods",
    "ExtendedStatistic",
    "InsufficientDataActions",
    "MetricName",
    "Metrics",
    "Namespace",
    "OKActions",
    "Period",
    "Statistic",
    "Threshold",
    "ThresholdMetricId",
    "TreatMissingData",
    "Unit",
)


class Alarm(Provider):
    """An alarm on a metric; its physical id is its name."""

    type_name = "AWS::CloudWatch::Alarm"
    updates = update_rules(always="AlarmName", never=" ".join((*_ALARM_SETTINGS, "Tags")))
    required = ("ComparisonOperator", "EvaluationPeriods")
    attributes = frozenset({"Arn"})
    tag_property = "Tags"
    name_property = "AlarmName"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the alarm; PutMetricAlarm would overwrite one of that name, so that is a failure."""
        name = str(properties.get("AlarmName") or context.generate_name(255))
        if _find_alarm(context, name) is not None:
            raise ResourceFailure(f"{name} already exists", "AlreadyExists")
        _put_alarm(context, name, properties)
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Put the alarm anew under its name, and change its tags."""
        _put_alarm(context, physical_id, after)
        client, arn = context.client("cloudwatch"), self.read(context, physical_id)["AlarmArn"]
        apply_tags(
            before,
            after,
            put=lambda tags: client.tag_resource(ResourceARN=arn, Tags=list_tags(tags)),
            remove=lambda keys: client.untag_resource(ResourceARN=arn, TagKeys=keys),
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the alarm as DescribeAlarms does."""
        alarm = _find_alarm(context, physical_id)
        if alarm is None:
            raise ResourceFailure(f"Alarm {physical_id} does not exist", "NotFound")
        return alarm

    def describe_attributes(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties:
        """Give the ARN."""
        return {"Arn": live["AlarmArn"]}

    def observe(self, context: Context, physical_id: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the settings and tags."""
        tags = context.client("cloudwatch").list_tags_for_resource(ResourceARN=live["AlarmArn"])["Tags"]
        return {**{name: live.get(name) for name in _ALARM_SETTINGS}, "AlarmName": physical_id, "Tags": tags}

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the alarm."""
        context.client("cloudwatch").delete_alarms(AlarmNames=[physical_id])


def _put_alarm(context: Context, name: str, properties: Properties) -> None:
    context.client("cloudwatch").put_metric_alarm(
        AlarmName=name, **select(properties, *_ALARM_SETTINGS, "Tags")
    )


def _find_alarm(context: Context, name: str) -> dict[str, Any] | None:
    alarms = context.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return next(iter(alarms), None)


class Dashboard(Provider):
    """A dashboard; its physical id is its name."""

    type_name = "AWS::CloudWatch::Dashboard"
    updates = update_rules(always="DashboardName", never="DashboardBody")
    required = ("DashboardBody",)
    name_property = "DashboardName"
    mirrored = "DashboardBody"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the dashboard."""
        name = str(properties.get("DashboardName") or context.generate_name(255))
        self.update(context, name, {}, properties)
        return name

    def update(self, context: Context, physical_id: str, _: Properties, after: Properties) -> None:
        """Put the body anew."""
        context.client("cloudwatch").put_dashboard(
            DashboardName=physical_id, DashboardBody=write_json(after["DashboardBody"])
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetDashboard's answer."""
        answer: dict[str, Any] = context.client("cloudwatch").get_dashboard(DashboardName=physical_id)
        return answer

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the dashboard."""
        context.client("cloudwatch").delete_dashboards(DashboardNames=[physical_id])
