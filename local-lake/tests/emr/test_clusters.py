"""Clusters and steps over HTTP; one real spark-submit, and steps that are refused for the rest."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Client

ENDED = {"COMPLETED", "FAILED", "CANCELLED"}
GROUPS = [
    {"InstanceRole": "MASTER", "InstanceType": "m5.xlarge", "InstanceCount": 1},
    {"InstanceRole": "CORE", "InstanceType": "m5.xlarge", "InstanceCount": 2, "Market": "SPOT"},
]
JOB = b"""
import sys
from pyspark.sql import SparkSession, functions as f
spark = SparkSession.builder.appName("t").getOrCreate()
base = sys.argv[1]
rows = spark.read.csv(base + "in/", header=True, inferSchema=True)
rows.write.mode("overwrite").partitionBy("day").parquet(base + "out/")
print("rows", spark.read.parquet(base + "out/").count(), spark.sparkContext.master)
"""


def submit(name: str, *arguments: str, action: str = "CONTINUE") -> dict[str, Any]:
    """A step that runs spark-submit."""
    jar = {"Jar": "command-runner.jar", "Args": ["spark-submit", "--deploy-mode", "cluster", *arguments]}
    return {"Name": name, "ActionOnFailure": action, "HadoopJarStep": jar}


def refused(name: str, action: str = "CONTINUE") -> dict[str, Any]:
    """A step that fails at once, without a process."""
    return {
        "Name": name,
        "ActionOnFailure": action,
        "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["ls"]},
    }


@dataclass
class Clusters:
    """The EMR of the lake, with waiting."""

    emr: Any

    def run(self, *, keep_alive: bool = True, **options: Any) -> str:  # noqa: ANN401
        instances = {"InstanceGroups": GROUPS, "KeepJobFlowAliveWhenNoSteps": keep_alive}
        instances |= options.pop("Instances", {})
        given = {"Name": "c", "ReleaseLabel": "emr-7.5.0", "ServiceRole": "r", "JobFlowRole": "p"} | options
        return str(self.emr.run_job_flow(Instances=instances, **given)["JobFlowId"])

    def state(self, cluster: str) -> str:
        return str(self.emr.describe_cluster(ClusterId=cluster)["Cluster"]["Status"]["State"])

    def wait(self, cluster: str, *states: str) -> dict[str, Any]:
        wait_until(lambda: self.state(cluster) in states)
        found: dict[str, Any] = self.emr.describe_cluster(ClusterId=cluster)["Cluster"]["Status"]
        return found

    def wait_steps(self, cluster: str) -> dict[str, dict[str, Any]]:
        """Wait for every step's end; their statuses by name."""

        def probe() -> dict[str, dict[str, Any]] | None:
            steps = self.emr.list_steps(ClusterId=cluster)["Steps"]
            if any(step["Status"]["State"] not in ENDED for step in steps):
                return None
            return {step["Name"]: step["Status"] for step in steps}

        statuses: dict[str, dict[str, Any]] = wait_until(probe)
        return statuses

    def add(self, cluster: str, *steps: dict[str, Any]) -> list[str]:
        found: list[str] = self.emr.add_job_flow_steps(JobFlowId=cluster, Steps=list(steps))["StepIds"]
        return found


@pytest.fixture
def clusters(client: Callable[[str], Client]) -> Clusters:
    return Clusters(client("emr"))


def error_of(call: Callable[..., Any], **params: Any) -> tuple[str, str]:  # noqa: ANN401
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@dataclass(frozen=True)
class Run:
    """A job that ran on a bucket while another step was cancelled."""

    s3: Any
    bucket: str
    cluster: str
    job: str
    sleeping: str
    cancelled: list[dict[str, str]]
    statuses: dict[str, dict[str, Any]]

    def keys(self, prefix: str) -> list[str]:
        return [one["Key"] for one in self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix)["Contents"]]

    def log(self, name: str) -> str:
        key = f"logs/{self.cluster}/steps/{self.job}/{name}.gz"
        return gzip.decompress(self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()).decode()


@pytest.fixture(scope="module")
def run(client: Callable[[str], Client]) -> Run:
    """The one real Spark job of these tests: it overwrites a folder of Parquet from a CSV file."""
    s3, bucket, clusters = client("s3"), "emr-bench", Clusters(client("emr"))
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    objects = {
        "in/a.csv": b"id,day\n1,mon\n2,tue\n3,tue\n",
        "out/day=old/part.parquet": b"old",
        "job.py": JOB,
        "sleep.py": b"import time\ntime.sleep(600)\n",
    }
    for key, body in objects.items():
        s3.put_object(Bucket=bucket, Key=key, Body=body)
    cluster = clusters.run(LogUri=f"s3://{bucket}/logs/", StepConcurrencyLevel=2)
    job, sleeping = clusters.add(
        cluster,
        submit("job", f"s3://{bucket}/job.py", f"s3://{bucket}/"),
        submit("sleep", f"s3://{bucket}/sleep.py"),
    )
    clusters.wait(cluster, "RUNNING")
    cancelled = clusters.emr.cancel_steps(
        ClusterId=cluster, StepIds=[sleeping], StepCancellationOption="TERMINATE_PROCESS"
    )["CancelStepsInfoList"]
    return Run(s3, bucket, cluster, job, sleeping, cancelled, clusters.wait_steps(cluster))


def test_a_job_changes_the_lake_as_if_through_the_api(run: Run) -> None:
    assert run.statuses["job"]["State"] == "COMPLETED"
    listed = run.keys("out/")
    assert {key.rpartition("/")[0] for key in listed} == {"out", "out/day=mon", "out/day=tue"}
    assert not [key for key in listed if key.endswith(".crc") or "_temporary" in key]
    markers = run.s3.list_object_versions(Bucket=run.bucket, Prefix="out/")["DeleteMarkers"]
    assert [one["Key"] for one in markers] == ["out/day=old/part.parquet"]


def test_a_step_s_logs_are_where_emr_puts_them(run: Run) -> None:
    assert run.log("stdout") == "rows 3 local[2]\n"
    assert "Step succeeded" in run.log("controller")
    assert "SparkContext" in run.log("stderr")


def test_a_running_step_can_be_cancelled(run: Run) -> None:
    assert run.cancelled == [{"StepId": run.sleeping, "Status": "SUBMITTED"}]
    status = run.statuses["sleep"]
    assert status["State"] == "CANCELLED"
    assert "FailureDetails" not in status
    assert {"CreationDateTime", "StartDateTime", "EndDateTime"} <= status["Timeline"].keys()


def test_an_idle_cluster_waits_until_it_is_terminated(clusters: Clusters, run: Run) -> None:
    status = clusters.wait(run.cluster, "WAITING")
    assert status["StateChangeReason"] == {"Message": "Cluster ready to run steps."}
    clusters.emr.terminate_job_flows(JobFlowIds=[run.cluster])
    assert clusters.wait(run.cluster, "TERMINATED")["StateChangeReason"] == {
        "Code": "USER_REQUEST",
        "Message": "Terminated by user request",
    }


def test_what_is_no_spark_submit_fails_and_says_so(clusters: Clusters) -> None:
    cluster = clusters.run(Steps=[refused("ls"), submit("missing", "s3://nowhere/job.py")])
    statuses = clusters.wait_steps(cluster)
    assert statuses["ls"]["FailureDetails"]["Message"] == (
        "The local lake runs command-runner.jar with spark-submit only, not with ls."
    )
    assert statuses["missing"]["FailureDetails"]["Message"] == "The file s3://nowhere/job.py does not exist."
    clusters.emr.terminate_job_flows(JobFlowIds=[cluster])


@pytest.mark.parametrize(
    ("action", "protected", "cluster_state", "second"),
    [
        ("CONTINUE", False, "WAITING", "FAILED"),
        ("CANCEL_AND_WAIT", False, "WAITING", "CANCELLED"),
        ("TERMINATE_CLUSTER", False, "TERMINATED_WITH_ERRORS", "CANCELLED"),
        ("TERMINATE_CLUSTER", True, "WAITING", "CANCELLED"),
    ],
)
def test_action_on_failure(
    clusters: Clusters, action: str, protected: bool, cluster_state: str, second: str
) -> None:
    cluster = clusters.run(
        Steps=[refused("first", action), refused("second")], Instances={"TerminationProtected": protected}
    )
    status = clusters.wait(cluster, cluster_state)
    states = {name: one["State"] for name, one in clusters.wait_steps(cluster).items()}
    assert states == {"first": "FAILED", "second": second}
    if cluster_state == "TERMINATED_WITH_ERRORS":
        assert status["StateChangeReason"] == {"Code": "STEP_FAILURE", "Message": "Shut down as step failed"}
        return
    clusters.emr.set_termination_protection(JobFlowIds=[cluster], TerminationProtected=False)
    clusters.emr.terminate_job_flows(JobFlowIds=[cluster])


def test_a_transient_cluster_ends_with_its_steps(clusters: Clusters) -> None:
    cluster = clusters.run(keep_alive=False, Steps=[refused("only")])
    status = clusters.wait(cluster, "TERMINATED", "TERMINATED_WITH_ERRORS")
    assert status["StateChangeReason"] == {"Code": "ALL_STEPS_COMPLETED", "Message": "Steps completed"}
    assert {"CreationDateTime", "ReadyDateTime", "EndDateTime"} <= status["Timeline"].keys()
    code, message = error_of(clusters.emr.add_job_flow_steps, JobFlowId=cluster, Steps=[refused("late")])
    assert (code, message) == (
        "ValidationException",
        "A job flow that is shutting down, terminated, or finished may not be modified.",
    )


def test_protection_holds_termination_back(clusters: Clusters) -> None:
    cluster = clusters.run(Instances={"TerminationProtected": True})
    clusters.wait(cluster, "WAITING")
    code, message = error_of(clusters.emr.terminate_job_flows, JobFlowIds=[cluster])
    assert (code, message) == (
        "ValidationException",
        "Could not shut down one or more job flows since they are termination protected.",
    )
    clusters.emr.set_termination_protection(JobFlowIds=[cluster], TerminationProtected=False)
    clusters.emr.terminate_job_flows(JobFlowIds=[cluster])
    clusters.wait(cluster, "TERMINATED")


def test_a_cluster_shows_what_it_was_made_of(clusters: Clusters) -> None:
    cluster = clusters.run(
        LogUri="s3://b/logs",
        Applications=[{"Name": "Spark"}],
        Tags=[{"Key": "a", "Value": "b"}],
        AutoTerminationPolicy={"IdleTimeout": 600},
    )
    emr = clusters.emr
    shown = emr.describe_cluster(ClusterId=cluster)["Cluster"]
    assert (shown["LogUri"], shown["ReleaseLabel"], shown["AutoTerminate"]) == (
        "s3://b/logs/",
        "emr-7.5.0",
        False,
    )
    assert emr.get_auto_termination_policy(ClusterId=cluster)["AutoTerminationPolicy"] == {"IdleTimeout": 600}
    emr.put_auto_termination_policy(ClusterId=cluster, AutoTerminationPolicy={"IdleTimeout": 60})
    assert error_of(
        emr.put_auto_termination_policy, ClusterId=cluster, AutoTerminationPolicy={"IdleTimeout": 59}
    )[0] == "ValidationException"  # fmt: skip
    emr.add_tags(ResourceId=cluster, Tags=[{"Key": "c", "Value": "d"}])
    emr.remove_tags(ResourceId=cluster, TagKeys=["a"])
    assert emr.describe_cluster(ClusterId=cluster)["Cluster"]["Tags"] == [{"Key": "c", "Value": "d"}]
    groups = emr.list_instance_groups(ClusterId=cluster)["InstanceGroups"]
    assert [(one["InstanceGroupType"], one["RunningInstanceCount"]) for one in groups] == [
        ("MASTER", 1),
        ("CORE", 2),
    ]
    assert len(emr.list_instances(ClusterId=cluster, InstanceGroupTypes=["CORE"])["Instances"]) == 2
    assert emr.list_bootstrap_actions(ClusterId=cluster)["BootstrapActions"] == []
    assert cluster in [one["Id"] for one in emr.list_clusters(ClusterStates=["WAITING"])["Clusters"]]
    emr.terminate_job_flows(JobFlowIds=[cluster])


def test_refusals_carry_emr_s_codes(clusters: Clusters) -> None:
    emr = clusters.emr
    assert error_of(emr.describe_cluster, ClusterId="j-NONE") == (
        "InvalidRequestException",
        "Cluster id 'j-NONE' is not valid.",
    )
    action = {"Name": "b", "ScriptBootstrapAction": {"Path": "s3://b/x.sh"}}
    assert error_of(clusters.run, BootstrapActions=[action]) == (
        "ValidationException",
        "The local lake runs no bootstrap actions.",
    )
    assert error_of(emr.list_instance_fleets, ClusterId="j-NONE")[0] == "NotImplemented"
    cluster = clusters.run()
    clusters.wait(cluster, "WAITING")
    assert (
        error_of(emr.describe_step, ClusterId=cluster, StepId="s-NONE")[1] == "Step id 's-NONE' is not valid."
    )
    step = clusters.add(cluster, refused("ended"))
    clusters.wait_steps(cluster)
    answer = emr.cancel_steps(ClusterId=cluster, StepIds=step)["CancelStepsInfoList"][0]
    assert (answer["Status"], answer["Reason"]) == (
        "FAILED",
        "Step is in FAILED state, it cannot be cancelled",
    )
    emr.terminate_job_flows(JobFlowIds=[cluster])
