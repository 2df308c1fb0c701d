"""The operations of the EMR API on instances: what was asked for, as if it ran."""

from __future__ import annotations

from typing import Any

from local_lake.emr.clusters import Clusters, page
from local_lake.emr.model import CLUSTER_ENDED, Cluster, InstanceGroup
from local_lake.front.registry import Registry, ServiceError, ServiceRequest

_STATES = {"STARTING": "PROVISIONING", "BOOTSTRAPPING": "BOOTSTRAPPING", "TERMINATING": "SHUTTING_DOWN"}


class Instances:
    """The instance groups and instances of the clusters."""

    def __init__(self, clusters: Clusters) -> None:
        self._clusters = clusters

    def register(self, registry: Registry) -> None:
        """Answer the operations on instances."""
        registry.register("emr", "ListInstanceGroups", self.list_groups)
        registry.register("emr", "ModifyInstanceGroups", self.modify_groups)
        registry.register("emr", "ListInstances", self.list_instances)

    def list_groups(self, request: ServiceRequest) -> dict[str, Any]:
        """ListInstanceGroups."""
        cluster = self._clusters.find(request, request.params["ClusterId"])
        groups = [group.as_api(_state_of(cluster), cluster.created) for group in cluster.groups]
        return page(request, groups, "InstanceGroups")

    def modify_groups(self, request: ServiceRequest) -> dict[str, Any]:
        """ModifyInstanceGroups: the number of instances."""
        groups = {group.id: group for cluster in self._clusters.all() for group in cluster.groups}
        for change in request.params.get("InstanceGroups", []):
            group = groups.get(change["InstanceGroupId"])
            if group is None:
                raise ServiceError(
                    "InvalidRequestException",
                    f"Instance group id '{change['InstanceGroupId']}' is not valid.",
                )
            group.count = int(change.get("InstanceCount", group.count))
        return {}

    def list_instances(self, request: ServiceRequest) -> dict[str, Any]:
        """ListInstances, by group, type or state."""
        params = request.params
        cluster = self._clusters.find(request, params["ClusterId"])
        state = _state_of(cluster)
        groups = [
            group
            for group in cluster.groups
            if params.get("InstanceGroupId") in {None, group.id}
            and (not params.get("InstanceGroupTypes") or group.role in params["InstanceGroupTypes"])
        ]
        if params.get("InstanceStates") and state not in params["InstanceStates"]:
            groups = []
        found = [
            _show_instance(cluster, group, position, state)
            for group in groups
            for position in range(group.count)
        ]
        return page(request, found, "Instances")


def _state_of(cluster: Cluster) -> str:
    if cluster.state in CLUSTER_ENDED:
        return "TERMINATED"
    return _STATES.get(cluster.state, "RUNNING")


def _show_instance(cluster: Cluster, group: InstanceGroup, position: int, state: str) -> dict[str, Any]:
    while len(group.instance_ids) <= position:
        group.instance_ids.append(f"i-{group.id[3:].lower()}{len(group.instance_ids):05x}")
    identifier = group.instance_ids[position]
    shown_state = "AWAITING_FULFILLMENT" if state == "PROVISIONING" else state
    return {
        "Id": f"ci-{identifier[2:].upper()}",
        "Ec2InstanceId": identifier,
        "PrivateIpAddress": "127.0.0.1",
        "PrivateDnsName": f"ip-127-0-0-1.{cluster.region}.compute.internal",
        "Status": {
            "State": shown_state if shown_state != "SHUTTING_DOWN" else "RUNNING",
            "StateChangeReason": {},
            "Timeline": {"CreationDateTime": cluster.created},
        },
        "InstanceGroupId": group.id,
        "Market": group.market,
        "InstanceType": group.instance_type,
        "EbsVolumes": [],
    }
