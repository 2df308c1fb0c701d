"""AWS::CE::AnomalyMonitor and AWS::CE::AnomalySubscription.

Their ResourceTags are set when they are made and replace them when they change, so a stack's tags stay off.
"""

from __future__ import annotations

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
    write_json,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class AnomalyMonitor(Provider):
    """A monitor of unusual cost; its physical id is its ARN."""

    type_name = "AWS::CE::AnomalyMonitor"
    updates = update_rules(
        always="MonitorDimension MonitorSpecification MonitorType ResourceTags", never="MonitorName"
    )
    required = ("MonitorName", "MonitorType")
    attributes = frozenset(
        {"CreationDate", "DimensionalValueCount", "LastEvaluatedDate", "LastUpdatedDate", "MonitorArn"}
    )
    mirrored = "MonitorDimension MonitorName MonitorType"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the monitor."""
        monitor = select(properties, "MonitorDimension", "MonitorName", "MonitorType")
        if "MonitorSpecification" in properties:
            monitor["MonitorSpecification"] = _read_json(properties["MonitorSpecification"])
        answer = context.client("ce").create_anomaly_monitor(
            AnomalyMonitor=monitor, **select(properties, "ResourceTags")
        )
        return str(answer["MonitorArn"])

    def update(self, context: Context, physical_id: str, _: Properties, after: Properties) -> None:
        """Change the name."""
        context.client("ce").update_anomaly_monitor(MonitorArn=physical_id, **select(after, "MonitorName"))

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the monitor as GetAnomalyMonitors does."""
        client = context.client("ce")
        answer = _ask(lambda: client.get_anomaly_monitors(MonitorArnList=[physical_id]))
        monitor: dict[str, Any] = answer["AnomalyMonitors"][0]
        return monitor

    def describe_attributes(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties:
        """Give the ARN, dates and count."""
        return {name: live.get(name, "") for name in self.attributes or ()}

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the monitor."""
        client = context.client("ce")
        _ask(lambda: client.delete_anomaly_monitor(MonitorArn=physical_id))


_SETTINGS = ("Frequency", "MonitorArnList", "Subscribers", "SubscriptionName", "Threshold")


class AnomalySubscription(Provider):
    """Who is told of what monitors find; its physical id is its ARN."""

    type_name = "AWS::CE::AnomalySubscription"
    updates = update_rules(always="ResourceTags", never=" ".join((*_SETTINGS, "ThresholdExpression")))
    required = ("Frequency", "MonitorArnList", "Subscribers", "SubscriptionName")
    attributes = frozenset({"AccountId", "SubscriptionArn"})
    mirrored = " ".join(_SETTINGS)

    def create(self, context: Context, properties: Properties) -> str:
        """Create the subscription."""
        answer = context.client("ce").create_anomaly_subscription(
            AnomalySubscription=_write(properties), **select(properties, "ResourceTags")
        )
        return str(answer["SubscriptionArn"])

    def update(self, context: Context, physical_id: str, _: Properties, after: Properties) -> None:
        """Change who is told, how often, and of what."""
        context.client("ce").update_anomaly_subscription(SubscriptionArn=physical_id, **_write(after))

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the subscription as GetAnomalySubscriptions does."""
        client = context.client("ce")
        answer = _ask(lambda: client.get_anomaly_subscriptions(SubscriptionArnList=[physical_id]))
        subscription: dict[str, Any] = answer["AnomalySubscriptions"][0]
        return subscription

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the subscription."""
        client = context.client("ce")
        _ask(lambda: client.delete_anomaly_subscription(SubscriptionArn=physical_id))


def _write(properties: Properties) -> dict[str, Any]:
    written = select(properties, *_SETTINGS)
    if "ThresholdExpression" in properties:
        written["ThresholdExpression"] = _read_json(properties["ThresholdExpression"])
    return written


def _read_json(document: object) -> Any:  # noqa: ANN401 - an Expression of Cost Explorer
    return json.loads(write_json(document))


def _ask(call: Any) -> Any:  # noqa: ANN401
    try:
        return call()
    except ClientError as error:
        if error.response["Error"]["Code"] in ("UnknownMonitorException", "UnknownSubscriptionException"):
            raise ResourceFailure(error.response["Error"]["Message"], "NotFound") from error
        raise
