"""Clusters, their instance groups and steps, and how the EMR API shows them."""

from __future__ import annotations

import random
import string
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

STEP_ENDED = {"COMPLETED", "CANCELLED", "FAILED", "INTERRUPTED"}
CLUSTER_ENDED = {"TERMINATED", "TERMINATED_WITH_ERRORS"}
CLUSTER_ENDING = CLUSTER_ENDED | {"TERMINATING"}

_ID_CHARACTERS = string.ascii_uppercase + string.digits
_RANDOM = random.SystemRandom()


def make_id(prefix: str, length: int = 13) -> str:
    """Return an identifier as EMR makes them, such as ``j-2AXXXXXXGAPLF``."""
    return f"{prefix}-{''.join(_RANDOM.choices(_ID_CHARACTERS, k=length))}"


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


@dataclass
class Step:
    """One step; ``process`` state is kept by the runner."""

    name: str
    jar: str
    arguments: list[str]
    properties: dict[str, str]
    main_class: str | None
    action_on_failure: str
    id: str = field(default_factory=lambda: make_id("s"))
    state: str = "PENDING"
    created: datetime = field(default_factory=now)
    started: datetime | None = None
    ended: datetime | None = None
    reason: dict[str, str] = field(default_factory=dict)
    failure: dict[str, str] | None = None
    cancel_option: str | None = None

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Step:
        """Make a step from a StepConfig of the API."""
        jar = config["HadoopJarStep"]
        properties = {one["Key"]: one.get("Value", "") for one in jar.get("Properties", [])}
        return cls(
            name=config["Name"],
            jar=jar["Jar"],
            arguments=list(jar.get("Args", [])),
            properties=properties,
            main_class=jar.get("MainClass"),
            action_on_failure=config.get("ActionOnFailure", "TERMINATE_CLUSTER"),
        )

    def end(self, state: str, reason: dict[str, str] | None = None) -> None:
        """Set how the step ended."""
        self.reason = reason or {}
        self.ended = now()
        self.state = state

    def as_api(self) -> dict[str, Any]:
        """Return the Step of DescribeStep, which is a StepSummary too."""
        times = {
            "CreationDateTime": self.created,
            "StartDateTime": self.started,
            "EndDateTime": self.ended,
        }
        status: dict[str, Any] = {
            "State": self.state,
            "StateChangeReason": self.reason,
            "Timeline": {name: moment for name, moment in times.items() if moment is not None},
        }
        if self.failure is not None:
            status["FailureDetails"] = self.failure
        config = {"Jar": self.jar, "Properties": self.properties, "Args": self.arguments}
        if self.main_class:
            config["MainClass"] = self.main_class
        return {
            "Id": self.id,
            "Name": self.name,
            "Config": config,
            "ActionOnFailure": self.action_on_failure,
            "Status": status,
        }


@dataclass
class InstanceGroup:
    """A group of instances; nothing runs on them, steps run on this machine."""

    role: str
    instance_type: str
    count: int
    name: str
    market: str = "ON_DEMAND"
    bid_price: str | None = None
    id: str = field(default_factory=lambda: make_id("ig", 12))
    instance_ids: list[str] = field(default_factory=list)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> InstanceGroup:
        """Make a group from an InstanceGroupConfig of the API."""
        role = config["InstanceRole"]
        return cls(
            role=role,
            instance_type=config["InstanceType"],
            count=int(config["InstanceCount"]),
            name=config.get("Name") or role.title(),
            market=config.get("Market", "ON_DEMAND"),
            bid_price=config.get("BidPrice"),
        )

    def as_api(self, state: str, created: datetime) -> dict[str, Any]:
        """Return the InstanceGroup of ListInstanceGroups."""
        running = 0 if state in {"TERMINATED", "PROVISIONING"} else self.count
        shown: dict[str, Any] = {
            "Id": self.id,
            "Name": self.name,
            "Market": self.market,
            "InstanceGroupType": self.role,
            "InstanceType": self.instance_type,
            "RequestedInstanceCount": self.count,
            "RunningInstanceCount": running,
            "Status": {"State": state, "StateChangeReason": {}, "Timeline": {"CreationDateTime": created}},
            "Configurations": [],
            "EbsBlockDevices": [],
            "ShrinkPolicy": {},
        }
        return shown | {"BidPrice": self.bid_price} if self.bid_price else shown


@dataclass
class Cluster:
    """A cluster; ``params`` are RunJobFlow's."""

    name: str
    account: str
    region: str
    params: dict[str, Any]
    groups: list[InstanceGroup]
    steps: list[Step]
    keep_alive: bool
    protected: bool
    concurrency: int
    auto_termination: dict[str, int] | None
    tags: dict[str, str]
    id: str = field(default_factory=lambda: make_id("j"))
    state: str = "STARTING"
    reason: dict[str, str] = field(default_factory=dict)
    created: datetime = field(default_factory=now)
    ready: datetime | None = None
    ended: datetime | None = None
    visible: bool = True

    @property
    def arn(self) -> str:
        """Return the cluster's ARN."""
        return f"arn:aws:elasticmapreduce:{self.region}:{self.account}:cluster/{self.id}"

    @property
    def log_uri(self) -> str:
        """Return where logs go, ending in a slash; empty where the cluster keeps none."""
        uri = str(self.params.get("LogUri") or "")
        return uri if not uri or uri.endswith("/") else f"{uri}/"

    def status(self) -> dict[str, Any]:
        """Return the ClusterStatus."""
        times = {
            "CreationDateTime": self.created,
            "ReadyDateTime": self.ready,
            "EndDateTime": self.ended,
        }
        timeline = {name: moment for name, moment in times.items() if moment is not None}
        return {"State": self.state, "StateChangeReason": self.reason, "Timeline": timeline}

    def as_summary(self) -> dict[str, Any]:
        """Return the ClusterSummary of ListClusters."""
        return {
            "Id": self.id,
            "Name": self.name,
            "Status": self.status(),
            "NormalizedInstanceHours": 0,
            "ClusterArn": self.arn,
        }

    def as_api(self) -> dict[str, Any]:
        """Return the Cluster of DescribeCluster."""
        kept = (
            "ReleaseLabel",
            "Configurations",
            "SecurityConfiguration",
            "AutoScalingRole",
            "CustomAmiId",
            "EbsRootVolumeSize",
            "OSReleaseLabel",
            "ServiceRole",
        )
        shown = self.as_summary() | {member: self.params[member] for member in kept if member in self.params}
        shown |= {
            "Ec2InstanceAttributes": self._instance_attributes(),
            "InstanceCollectionType": "INSTANCE_GROUP",
            "AutoTerminate": not self.keep_alive,
            "TerminationProtected": self.protected,
            "VisibleToAllUsers": self.visible,
            "Applications": self.params.get("Applications", []),
            "Tags": [{"Key": key, "Value": value} for key, value in self.tags.items()],
            "ScaleDownBehavior": self.params.get("ScaleDownBehavior", "TERMINATE_AT_TASK_COMPLETION"),
            "StepConcurrencyLevel": self.concurrency,
            "MasterPublicDnsName": f"ip-127-0-0-1.{self.region}.compute.internal",
        }
        # EMR itself shows the scheme s3n here.
        return shown | {"LogUri": self.log_uri} if self.log_uri else shown

    def _instance_attributes(self) -> dict[str, Any]:
        instances = self.params["Instances"]
        subnets = instances.get("Ec2SubnetIds") or [instances.get("Ec2SubnetId", "")]
        kept = (
            "Ec2KeyName",
            "EmrManagedMasterSecurityGroup",
            "EmrManagedSlaveSecurityGroup",
            "ServiceAccessSecurityGroup",
            "AdditionalMasterSecurityGroups",
            "AdditionalSlaveSecurityGroups",
        )
        return {
            "Ec2SubnetId": subnets[0],
            "RequestedEc2SubnetIds": [subnet for subnet in subnets if subnet],
            "Ec2AvailabilityZone": f"{self.region}a",
            "IamInstanceProfile": self.params.get("JobFlowRole", ""),
            **{member: instances[member] for member in kept if member in instances},
        }
