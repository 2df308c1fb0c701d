"""AWS::EMR::Cluster."""

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

_POLL_SECONDS = 0.1
_READY = ("WAITING", "RUNNING")
_ENDED = ("TERMINATED", "TERMINATED_WITH_ERRORS")

_RUN_ARGUMENTS = (
    "AdditionalInfo",
    "Applications",
    "AutoScalingRole",
    "AutoTerminationPolicy",
    "BootstrapActions",
    "Configurations",
    "CustomAmiId",
    "EbsRootVolumeSize",
    "JobFlowRole",
    "KerberosAttributes",
    "LogEncryptionKmsKeyId",
    "LogUri",
    "ManagedScalingPolicy",
    "Name",
    "OSReleaseLabel",
    "PlacementGroupConfigs",
    "ReleaseLabel",
    "ScaleDownBehavior",
    "SecurityConfiguration",
    "ServiceRole",
    "StepConcurrencyLevel",
    "Steps",
    "Tags",
    "VisibleToAllUsers",
)
_INSTANCE_ARGUMENTS = (
    "AdditionalMasterSecurityGroups",
    "AdditionalSlaveSecurityGroups",
    "Ec2KeyName",
    "Ec2SubnetId",
    "Ec2SubnetIds",
    "EmrManagedMasterSecurityGroup",
    "EmrManagedSlaveSecurityGroup",
    "HadoopVersion",
    "KeepJobFlowAliveWhenNoSteps",
    "Placement",
    "ServiceAccessSecurityGroup",
    "TerminationProtected",
    "UnhealthyNodeReplacement",
)
_GROUPS = (
    ("MasterInstanceGroup", "MASTER"),
    ("CoreInstanceGroup", "CORE"),
    ("TaskInstanceGroups", "TASK"),
)
_IN_PLACE = "AutoTerminationPolicy ManagedScalingPolicy StepConcurrencyLevel Tags VisibleToAllUsers"


class Cluster(Provider):
    """A cluster, run through RunJobFlow and ready once it waits for steps; deleted by terminating it."""

    type_name = "AWS::EMR::Cluster"
    updates = update_rules(
        always=" ".join(name for name in (*_RUN_ARGUMENTS, "Instances") if name not in _IN_PLACE.split()),
        never=_IN_PLACE
        + " Instances.TerminationProtected Instances.CoreInstanceGroup.InstanceCount"
        + " Instances.TaskInstanceGroups.InstanceCount",
    )
    required = ("Instances", "JobFlowRole", "Name", "ServiceRole")
    attributes = frozenset({"Id", "MasterPublicDNS"})
    tag_property = "Tags"

    def create(self, context: Context, properties: Properties) -> str:
        """Run the job flow."""
        arguments = select(properties, *_RUN_ARGUMENTS)
        if "LogUri" in arguments:
            arguments["LogUri"] = _end_with_slash(str(arguments["LogUri"]))
        answer = context.client("emr").run_job_flow(
            Instances=_write_instances(properties["Instances"]), **arguments
        )
        return str(answer["JobFlowId"])

    def settle(self, context: Context, physical_id: str) -> None:
        """Wait until the cluster takes steps."""
        while True:
            status = self.read(context, physical_id)["Status"]
            if status["State"] in _READY:
                return
            if status["State"] in _ENDED:
                why = status.get("StateChangeReason", {}).get("Message", "no reason given")
                raise ResourceFailure(f"Cluster {physical_id} ended: {why}", "NotStabilized")
            context.pause(_POLL_SECONDS)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change what EMR changes on a running cluster."""
        emr = context.client("emr")
        apply_tags(
            before,
            after,
            put=lambda tags: emr.add_tags(ResourceId=physical_id, Tags=list_tags(tags)),
            remove=lambda keys: emr.remove_tags(ResourceId=physical_id, TagKeys=keys),
        )
        for name in [n for n in _IN_PLACE.split() if n != "Tags" and before.get(n) != after.get(n)]:
            _change(emr, physical_id, name, after.get(name))
        old, new = before["Instances"], after["Instances"]
        if old.get("TerminationProtected") != new.get("TerminationProtected"):
            emr.set_termination_protection(
                JobFlowIds=[physical_id], TerminationProtected=new.get("TerminationProtected", False)
            )
        _resize(emr, physical_id, old, new)

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return DescribeCluster's Cluster."""
        cluster: dict[str, Any] = context.client("emr").describe_cluster(ClusterId=physical_id)["Cluster"]
        return cluster

    def describe_attributes(self, _: Context, physical_id: str, live: Mapping[str, Any]) -> Properties:
        """Give the id and the master's name."""
        return {"Id": physical_id, "MasterPublicDNS": live.get("MasterPublicDnsName", "")}

    def observe(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties | None:
        """Give what a cluster is asked for as a whole; its instances are not compared."""
        names = ("Applications", "Name", "ReleaseLabel", "StepConcurrencyLevel", "Tags", "VisibleToAllUsers")
        return select(live, *names)

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Terminate the cluster and wait for its end; EMR refuses while it is protected."""
        emr = context.client("emr")
        if self.read(context, physical_id)["Status"]["State"] in _ENDED:
            return
        emr.terminate_job_flows(JobFlowIds=[physical_id])
        while self.read(context, physical_id)["Status"]["State"] not in _ENDED:
            context.pause(_POLL_SECONDS)


def _end_with_slash(uri: str) -> str:
    return uri if uri.endswith("/") else f"{uri}/"


def _write_instances(instances: Properties) -> dict[str, Any]:
    written = select(instances, *_INSTANCE_ARGUMENTS)
    unknown = set(instances) - set(_INSTANCE_ARGUMENTS) - {name for name, _ in _GROUPS}
    if unknown:
        names = ", ".join(sorted(unknown))
        raise ResourceFailure(f"Instances: [{names}] is not done by the local lake")
    # CloudFormation keeps a cluster alive without being asked; RunJobFlow does not.
    written.setdefault("KeepJobFlowAliveWhenNoSteps", True)
    written["InstanceGroups"] = [
        {**group, "InstanceRole": role} for name, role in _GROUPS for group in _groups(instances, name)
    ]
    return written


def _groups(instances: Properties, name: str) -> list[Mapping[str, Any]]:
    value = instances.get(name) or []
    return value if isinstance(value, list) else [value]


def _change(emr: Any, cluster: str, name: str, value: Any) -> None:  # noqa: ANN401
    if name == "AutoTerminationPolicy" and value is None:
        emr.remove_auto_termination_policy(ClusterId=cluster)
    elif name == "AutoTerminationPolicy":
        emr.put_auto_termination_policy(ClusterId=cluster, AutoTerminationPolicy=value)
    elif name == "ManagedScalingPolicy" and value is None:
        emr.remove_managed_scaling_policy(ClusterId=cluster)
    elif name == "ManagedScalingPolicy":
        emr.put_managed_scaling_policy(ClusterId=cluster, ManagedScalingPolicy=value)
    elif name == "StepConcurrencyLevel":
        emr.modify_cluster(ClusterId=cluster, StepConcurrencyLevel=1 if value is None else value)
    else:
        visible = True if value is None else value
        emr.set_visible_to_all_users(JobFlowIds=[cluster], VisibleToAllUsers=visible)


def _resize(emr: Any, cluster: str, before: Properties, after: Properties) -> None:  # noqa: ANN401
    for name, role in _GROUPS[1:]:
        counts = [[group["InstanceCount"] for group in _groups(side, name)] for side in (before, after)]
        if counts[0] == counts[1]:
            continue
        standing = emr.list_instance_groups(ClusterId=cluster)["InstanceGroups"]
        of_role = [group["Id"] for group in standing if group["InstanceGroupType"] == role]
        emr.modify_instance_groups(
            ClusterId=cluster,
            InstanceGroups=[
                {"InstanceGroupId": group, "InstanceCount": count}
                for group, count in zip(of_role, counts[1], strict=False)
            ],
        )
