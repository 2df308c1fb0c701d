"""Cost anomaly detection: monitors and subscriptions are kept and shown, but nothing is watched."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from local_lake.front.registry import ServiceError

if TYPE_CHECKING:
    from local_lake.front.registry import Registry, ServiceRequest

_PARTITION = "aws"


class CostAnomalies:
    """Cost Explorer's anomaly monitors and subscriptions; they belong to the account, not to a region."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._monitors: dict[str, dict[str, Any]] = {}
        self._subscriptions: dict[str, dict[str, Any]] = {}

    def register(self, registry: Registry) -> None:
        """Answer the operations from now on."""
        handlers = {
            "CreateAnomalyMonitor": self.create_monitor,
            "GetAnomalyMonitors": self.get_monitors,
            "UpdateAnomalyMonitor": self.update_monitor,
            "DeleteAnomalyMonitor": self.delete_monitor,
            "CreateAnomalySubscription": self.create_subscription,
            "GetAnomalySubscriptions": self.get_subscriptions,
            "UpdateAnomalySubscription": self.update_subscription,
            "DeleteAnomalySubscription": self.delete_subscription,
        }
        for operation, handler in handlers.items():
            registry.register("ce", operation, handler)

    def create_monitor(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer CreateAnomalyMonitor."""
        wanted = request.params["AnomalyMonitor"]
        today = _today()
        arn = f"arn:aws:ce::{request.account}:anomalymonitor/{uuid.uuid4()}"
        monitor = {**wanted, "MonitorArn": arn, "CreationDate": today, "LastUpdatedDate": today}
        with self._lock:
            self._monitors[arn] = {**monitor, "DimensionalValueCount": 0}
        _tag(request, arn)
        return {"MonitorArn": arn}

    def get_monitors(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer GetAnomalyMonitors; an ARN that is asked for and not there is an error."""
        wanted = request.params.get("MonitorArnList")
        with self._lock:
            found = [dict(self._monitor(arn)) for arn in (self._monitors if wanted is None else wanted)]
        return {"AnomalyMonitors": found}

    def update_monitor(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer UpdateAnomalyMonitor: the name is all that changes."""
        arn = request.params["MonitorArn"]
        with self._lock:
            monitor = self._monitor(arn)
            monitor["MonitorName"] = request.params.get("MonitorName", monitor["MonitorName"])
            monitor["LastUpdatedDate"] = _today()
        return {"MonitorArn": arn}

    def delete_monitor(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer DeleteAnomalyMonitor."""
        arn = request.params["MonitorArn"]
        with self._lock:
            self._monitor(arn)
            del self._monitors[arn]
        return {}

    def create_subscription(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer CreateAnomalySubscription; its monitors must exist."""
        wanted = request.params["AnomalySubscription"]
        arn = f"arn:aws:ce::{request.account}:anomalysubscription/{uuid.uuid4()}"
        with self._lock:
            for monitor in wanted["MonitorArnList"]:
                self._monitor(monitor)
            self._subscriptions[arn] = {**wanted, "SubscriptionArn": arn, "AccountId": request.account}
        _tag(request, arn)
        return {"SubscriptionArn": arn}

    def get_subscriptions(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer GetAnomalySubscriptions, of one monitor if it names one."""
        wanted, monitor = request.params.get("SubscriptionArnList"), request.params.get("MonitorArn")
        with self._lock:
            arns = list(self._subscriptions) if wanted is None else wanted
            found = [dict(self._subscription(arn)) for arn in arns]
        of_monitor = [s for s in found if monitor is None or monitor in s["MonitorArnList"]]
        return {"AnomalySubscriptions": of_monitor}

    def update_subscription(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer UpdateAnomalySubscription: what it names changes, the rest stays."""
        arn = request.params["SubscriptionArn"]
        with self._lock:
            subscription = self._subscription(arn)
            for monitor in request.params.get("MonitorArnList") or []:
                self._monitor(monitor)
            subscription.update(request.params)
            # A threshold in money and an expression are two ways to say one thing: the newer one stands.
            given = {"Threshold", "ThresholdExpression"} & set(request.params)
            for name in {"Threshold", "ThresholdExpression"} - given if given else ():
                subscription.pop(name, None)
        return {"SubscriptionArn": arn}

    def delete_subscription(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer DeleteAnomalySubscription."""
        arn = request.params["SubscriptionArn"]
        with self._lock:
            self._subscription(arn)
            del self._subscriptions[arn]
        return {}

    def _monitor(self, arn: str) -> dict[str, Any]:
        if arn not in self._monitors:
            raise ServiceError("UnknownMonitorException", f"Anomaly monitor {arn} does not exist.")
        return self._monitors[arn]

    def _subscription(self, arn: str) -> dict[str, Any]:
        if arn not in self._subscriptions:
            raise ServiceError("UnknownSubscriptionException", f"Anomaly subscription {arn} does not exist.")
        return self._subscriptions[arn]


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _tag(request: ServiceRequest, arn: str) -> None:
    """Keep the tags where moto's ListTagsForResource, TagResource and UntagResource find them."""
    from moto.ce.models import ce_backends

    tags = request.params.get("ResourceTags")
    if tags:
        ce_backends[request.account][_PARTITION].tag_resource(arn, [dict(tag) for tag in tags])
