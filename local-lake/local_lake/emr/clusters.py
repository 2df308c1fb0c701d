"""The operations of the EMR API on clusters."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from local_lake.emr.model import CLUSTER_ENDING, Cluster, InstanceGroup, Step
from local_lake.front.registry import Registry, ServiceError, ServiceRequest

if TYPE_CHECKING:
    from local_lake.emr.lifecycle import Lifecycle

_PAGE = 50
_LONGEST_IDLE_SECONDS = 604_800


class Clusters:
    """The clusters of all regions, by id."""

    def __init__(self, lifecycle: Lifecycle) -> None:
        self._lifecycle = lifecycle
        self._clusters: dict[str, Cluster] = {}
        self.lock = threading.RLock()

    def register(self, registry: Registry) -> None:
        """Answer the operations on clusters."""
        handlers = {
            "RunJobFlow": self.run,
            "DescribeCluster": self.describe,
            "ListClusters": self.list_all,
            "TerminateJobFlows": self.terminate,
            "ModifyCluster": self.modify,
            "SetTerminationProtection": self.set_protection,
            "SetKeepJobFlowAliveWhenNoSteps": self.set_keep_alive,
            "SetVisibleToAllUsers": self.set_visible,
            "PutAutoTerminationPolicy": self.put_auto_termination,
            "GetAutoTerminationPolicy": self.get_auto_termination,
            "RemoveAutoTerminationPolicy": self.remove_auto_termination,
            "ListBootstrapActions": self.list_bootstrap_actions,
            "AddTags": self.add_tags,
            "RemoveTags": self.remove_tags,
        }
        for operation, handler in handlers.items():
            registry.register("emr", operation, handler)
        for operation in _REFUSED:
            registry.register("emr", operation, _refuse)

    def find(self, request: ServiceRequest, identifier: str) -> Cluster:
        """Return a cluster of the caller's region. Raises InvalidRequestException in EMR's words."""
        cluster = self._clusters.get(identifier)
        if cluster is None or cluster.region != request.region:
            raise ServiceError("InvalidRequestException", f"Cluster id '{identifier}' is not valid.")
        return cluster

    def all(self) -> list[Cluster]:
        """Return every cluster."""
        with self.lock:
            return list(self._clusters.values())

    def run(self, request: ServiceRequest) -> dict[str, Any]:
        """RunJobFlow. ValidationException for bootstrap actions, instance fleets and managed scaling."""
        params = request.params
        _validate(params)
        instances = params["Instances"]
        cluster = Cluster(
            name=params["Name"],
            account=request.account,
            region=request.region,
            params=params,
            groups=_read_groups(instances),
            steps=[Step.from_config(config) for config in params.get("Steps", [])],
            keep_alive=bool(instances.get("KeepJobFlowAliveWhenNoSteps")),
            protected=bool(instances.get("TerminationProtected")),
            concurrency=int(params.get("StepConcurrencyLevel") or 1),
            auto_termination=_read_policy(params.get("AutoTerminationPolicy")),
            tags={tag["Key"]: tag.get("Value", "") for tag in params.get("Tags", [])},
        )
        with self.lock:
            self._clusters[cluster.id] = cluster
        self._lifecycle.start(cluster)
        return {"JobFlowId": cluster.id, "ClusterArn": cluster.arn}

    def describe(self, request: ServiceRequest) -> dict[str, Any]:
        """DescribeCluster."""
        return {"Cluster": self.find(request, request.params["ClusterId"]).as_api()}

    def list_all(self, request: ServiceRequest) -> dict[str, Any]:
        """ListClusters, newest first, in pages of 50."""
        states = set(request.params.get("ClusterStates", []))
        after, before = request.params.get("CreatedAfter"), request.params.get("CreatedBefore")
        found = [
            cluster.as_summary()
            for cluster in reversed(self.all())
            if cluster.region == request.region
            and (not states or cluster.state in states)
            and (after is None or cluster.created.replace(tzinfo=None) >= after)
            and (before is None or cluster.created.replace(tzinfo=None) <= before)
        ]
        return page(request, found, "Clusters")

    def terminate(self, request: ServiceRequest) -> dict[str, Any]:
        """TerminateJobFlows: all of them, or none where one is protected."""
        clusters = [self.find(request, identifier) for identifier in request.params["JobFlowIds"]]
        if any(cluster.protected and cluster.state not in CLUSTER_ENDING for cluster in clusters):
            raise ServiceError(
                "ValidationException",
                "Could not shut down one or more job flows since they are termination protected.",
            )
        for cluster in clusters:
            self._lifecycle.terminate(cluster, "USER_REQUEST", "User request")
        return {}

    def modify(self, request: ServiceRequest) -> dict[str, Any]:
        """ModifyCluster: the step concurrency level, 1 to 256."""
        cluster = self._find_active(request, request.params["ClusterId"])
        level = request.params.get("StepConcurrencyLevel")
        if level is not None:
            _validate_concurrency(level)
            cluster.concurrency = level
            self._lifecycle.advance(cluster)
        return {"StepConcurrencyLevel": cluster.concurrency}

    def set_protection(self, request: ServiceRequest) -> dict[str, Any]:
        """SetTerminationProtection."""
        for identifier in request.params["JobFlowIds"]:
            self._find_active(request, identifier).protected = request.params["TerminationProtected"]
        return {}

    def set_keep_alive(self, request: ServiceRequest) -> dict[str, Any]:
        """SetKeepJobFlowAliveWhenNoSteps."""
        for identifier in request.params["JobFlowIds"]:
            cluster = self._find_active(request, identifier)
            cluster.keep_alive = request.params["KeepJobFlowAliveWhenNoSteps"]
            self._lifecycle.advance(cluster)
        return {}

    def set_visible(self, request: ServiceRequest) -> dict[str, Any]:
        """SetVisibleToAllUsers: kept and shown."""
        for identifier in request.params["JobFlowIds"]:
            self.find(request, identifier).visible = request.params["VisibleToAllUsers"]
        return {}

    def put_auto_termination(self, request: ServiceRequest) -> dict[str, Any]:
        """PutAutoTerminationPolicy: idle seconds from 60 to 604,800, an hour by default."""
        cluster = self._find_active(request, request.params["ClusterId"])
        cluster.auto_termination = _read_policy(request.params.get("AutoTerminationPolicy", {}))
        self._lifecycle.advance(cluster)
        return {}

    def get_auto_termination(self, request: ServiceRequest) -> dict[str, Any]:
        """GetAutoTerminationPolicy."""
        policy = self.find(request, request.params["ClusterId"]).auto_termination
        return {"AutoTerminationPolicy": policy} if policy is not None else {}

    def remove_auto_termination(self, request: ServiceRequest) -> dict[str, Any]:
        """RemoveAutoTerminationPolicy."""
        cluster = self._find_active(request, request.params["ClusterId"])
        cluster.auto_termination = None
        self._lifecycle.advance(cluster)
        return {}

    def list_bootstrap_actions(self, request: ServiceRequest) -> dict[str, Any]:
        """ListBootstrapActions: none, because RunJobFlow refuses them."""
        self.find(request, request.params["ClusterId"])
        return {"BootstrapActions": []}

    def add_tags(self, request: ServiceRequest) -> dict[str, Any]:
        """AddTags, to clusters."""
        cluster = self.find(request, request.params["ResourceId"])
        cluster.tags |= {tag["Key"]: tag.get("Value", "") for tag in request.params["Tags"]}
        return {}

    def remove_tags(self, request: ServiceRequest) -> dict[str, Any]:
        """RemoveTags, from clusters."""
        cluster = self.find(request, request.params["ResourceId"])
        for key in request.params["TagKeys"]:
            cluster.tags.pop(key, None)
        return {}

    def _find_active(self, request: ServiceRequest, identifier: str) -> Cluster:
        cluster = self.find(request, identifier)
        if cluster.state in CLUSTER_ENDING:
            raise ServiceError(
                "ValidationException",
                "A job flow that is shutting down, terminating, or finished may not be modified.",
            )
        return cluster


def page(request: ServiceRequest, items: list[Any], member: str) -> dict[str, Any]:
    """Return one page of 50 with a Marker where more follow."""
    marker = str(request.params.get("Marker") or "0")
    begin = int(marker) if marker.isdigit() else 0
    end = begin + _PAGE
    found: dict[str, Any] = {member: items[begin:end]}
    return found | {"Marker": str(end)} if end < len(items) else found


# These would change clusters that moto does not know; it would answer of its own.
_REFUSED = (
    "AddInstanceFleet",
    "AddInstanceGroups",
    "DescribeJobFlows",
    "GetManagedScalingPolicy",
    "ListInstanceFleets",
    "ModifyInstanceFleet",
    "PutAutoScalingPolicy",
    "PutManagedScalingPolicy",
    "RemoveAutoScalingPolicy",
    "RemoveManagedScalingPolicy",
)


def _refuse(request: ServiceRequest) -> dict[str, Any]:
    raise ServiceError("NotImplemented", f"The local lake does not implement emr:{request.operation}.", 501)


def _validate(params: dict[str, Any]) -> None:
    if params.get("BootstrapActions"):
        raise ServiceError("ValidationException", "The local lake runs no bootstrap actions.")
    if params["Instances"].get("InstanceFleets"):
        raise ServiceError("ValidationException", "The local lake has instance groups, not instance fleets.")
    if not params.get("ReleaseLabel") and not params.get("AmiVersion"):
        raise ServiceError("ValidationException", "You must specify a ReleaseLabel.")
    if params.get("ManagedScalingPolicy"):
        raise ServiceError("ValidationException", "The local lake does not scale clusters.")
    level = int(params.get("StepConcurrencyLevel") or 1)
    _validate_concurrency(level)
    actions = {step.get("ActionOnFailure") for step in params.get("Steps", [])}
    if level > 1 and actions & {"TERMINATE_CLUSTER", "TERMINATE_JOB_FLOW"}:
        raise ServiceError(
            "ValidationException",
            "ActionOnFailure TERMINATE_CLUSTER is not valid when StepConcurrencyLevel is above 1.",
        )


def _validate_concurrency(level: int) -> None:
    if not 1 <= level <= 256:
        raise ServiceError("ValidationException", "StepConcurrencyLevel must be from 1 to 256.")


def _read_groups(instances: dict[str, Any]) -> list[InstanceGroup]:
    if instances.get("InstanceGroups"):
        groups = [InstanceGroup.from_config(config) for config in instances["InstanceGroups"]]
    else:
        primary = instances.get("MasterInstanceType")
        if not primary:
            raise ServiceError("ValidationException", "Instances must name InstanceGroups or instance types.")
        groups = [InstanceGroup("MASTER", primary, 1, "Master")]
        others = int(instances.get("InstanceCount") or 1) - 1
        if others > 0:
            groups.append(
                InstanceGroup("CORE", instances.get("SlaveInstanceType") or primary, others, "Core")
            )
    if [group.role for group in groups].count("MASTER") != 1:
        raise ServiceError("ValidationException", "A cluster needs exactly one MASTER instance group.")
    return groups


def _read_policy(given: dict[str, int] | None) -> dict[str, int] | None:
    if given is None:
        return None
    timeout = int(given.get("IdleTimeout") or 3600)
    if not 60 <= timeout <= _LONGEST_IDLE_SECONDS:
        raise ServiceError("ValidationException", "IdleTimeout must be from 60 to 604800 seconds.")
    return {"IdleTimeout": timeout}
