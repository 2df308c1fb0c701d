"""What somebody changed behind a stack's back is found, property by property."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import bucket, parameter, resources, wait_until

if TYPE_CHECKING:
    from stack_driver import StackDriver

Client = Callable[[str], Any]
Difference = tuple[str, str, str, str]


def detect(stacks: StackDriver, name: str, **options: object) -> dict[str, Any]:
    """Detect drift on a stack, and wait."""
    api = stacks.cloudformation
    detection = api.detect_stack_drift(StackName=name, **options)["StackDriftDetectionId"]

    def probe() -> dict[str, Any] | None:
        found: dict[str, Any] = api.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
        return None if found["DetectionStatus"] == "DETECTION_IN_PROGRESS" else found

    found: dict[str, Any] = wait_until(probe)
    return found


def drifts(stacks: StackDriver, name: str, *statuses: str) -> dict[str, dict[str, Any]]:
    chosen = {"StackResourceDriftStatusFilters": list(statuses)} if statuses else {}
    found = stacks.cloudformation.describe_stack_resource_drifts(StackName=name, **chosen)
    return {drift["LogicalResourceId"]: drift for drift in found["StackResourceDrifts"]}


def differences(drift: dict[str, Any]) -> list[Difference]:
    return [
        (d["DifferenceType"], d["PropertyPath"], d["ExpectedValue"], d["ActualValue"])
        for d in drift["PropertyDifferences"]
    ]


def test_a_stack_nobody_touched_is_in_sync(stacks: StackDriver, unique: str) -> None:
    template = resources(
        Data=bucket(f"{unique}-data", VersioningConfiguration={"Status": "Enabled"}),
        Value=parameter("1", Name=f"/{unique}"),
    )
    stacks.create(unique, template, Tags=[{"Key": "team", "Value": "lake"}])
    before = stacks.cloudformation.describe_stacks(StackName=unique)["Stacks"][0]
    assert before["DriftInformation"] == {"StackDriftStatus": "NOT_CHECKED"}
    assert drifts(stacks, unique) == {}
    found = detect(stacks, unique)
    assert (found["DetectionStatus"], found["StackDriftStatus"], found["DriftedStackResourceCount"]) == (
        "DETECTION_COMPLETE",
        "IN_SYNC",
        0,
    )
    after = stacks.cloudformation.describe_stacks(StackName=unique)["Stacks"][0]["DriftInformation"]
    assert (after["StackDriftStatus"], after["LastCheckTimestamp"]) == ("IN_SYNC", found["Timestamp"])
    listed = stacks.cloudformation.describe_stack_resources(StackName=unique)["StackResources"]
    assert {r["DriftInformation"]["StackResourceDriftStatus"] for r in listed} == {"IN_SYNC"}
    assert json.loads(drifts(stacks, unique)["Value"]["ExpectedProperties"])["Tags"] == {"team": "lake"}
    stacks.delete(unique)


def test_changes_are_told_property_by_property(stacks: StackDriver, client: Client, unique: str) -> None:
    lifecycle = {"Rules": [{"Id": "r", "Status": "Enabled", "Prefix": "tmp/", "ExpirationInDays": 7}]}
    data = bucket(
        f"{unique}-data",
        VersioningConfiguration={"Status": "Enabled"},
        LifecycleConfiguration=lifecycle,
        PublicAccessBlockConfiguration={"BlockPublicAcls": True},
        Tags=[{"Key": "kept", "Value": "a"}, {"Key": "gone", "Value": "b"}],
    )
    stacks.create(unique, resources(Data=data, Value=parameter("1", Name=f"/{unique}")))
    s3, name = client("s3"), f"{unique}-data"
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})
    s3.delete_public_access_block(Bucket=name)
    rule = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 30}}
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [rule]})
    tags = [{"Key": "new", "Value": "c"}, {"Key": "kept", "Value": "z"}]
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags})
    found = detect(stacks, unique)
    assert (found["StackDriftStatus"], found["DriftedStackResourceCount"]) == ("DRIFTED", 1)
    (drift,) = drifts(stacks, unique, "MODIFIED").values()
    assert sorted(differences(drift)) == [
        ("ADD", "/Tags/0", "null", '{"Key": "new", "Value": "c"}'),
        ("NOT_EQUAL", "/LifecycleConfiguration/Rules/0/ExpirationInDays", "7", "30"),
        ("NOT_EQUAL", "/Tags/0/Value", "a", "z"),
        ("NOT_EQUAL", "/VersioningConfiguration/Status", "Enabled", "Suspended"),
        ("REMOVE", "/PublicAccessBlockConfiguration", '{"BlockPublicAcls": true}', "null"),
        ("REMOVE", "/Tags/1", '{"Key": "gone", "Value": "b"}', "null"),
    ]
    actual = json.loads(drift["ActualProperties"])
    assert actual["VersioningConfiguration"] == {"Status": "Suspended"}
    assert "PublicAccessBlockConfiguration" not in actual
    assert json.loads(drift["ExpectedProperties"])["LifecycleConfiguration"] == lifecycle
    assert drifts(stacks, unique, "IN_SYNC").keys() == {"Value"}
    stacks.delete(unique)


def test_policies_of_a_role(stacks: StackDriver, client: Client, unique: str) -> None:
    def policy(action: str) -> dict[str, Any]:
        return {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}],
        }

    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
            "Policies": [{"PolicyName": "a", "PolicyDocument": policy("s3:GetObject")}],
        },
    }
    stacks.create(unique, resources(Role=role), Capabilities=["CAPABILITY_IAM"])
    detail = stacks.cloudformation.describe_stack_resource(StackName=unique, LogicalResourceId="Role")
    name = detail["StackResourceDetail"]["PhysicalResourceId"]
    client("iam").put_role_policy(
        RoleName=name, PolicyName="a", PolicyDocument=json.dumps(policy("s3:DeleteObject"))
    )
    found = stacks.cloudformation.detect_stack_resource_drift(StackName=unique, LogicalResourceId="Role")
    assert differences(found["StackResourceDrift"]) == [
        (
            "NOT_EQUAL",
            "/Policies/0/PolicyDocument/Statement/0/Action",
            "s3:GetObject",
            "s3:DeleteObject",
        )
    ]
    stacks.delete(unique)


def test_what_is_gone_is_deleted(stacks: StackDriver, client: Client, unique: str) -> None:
    template = resources(Value=parameter("1", Name=f"/{unique}/a"), Other=parameter("1", Name=f"/{unique}/b"))
    stacks.create(unique, template)
    client("ssm").delete_parameter(Name=f"/{unique}/a")
    assert detect(stacks, unique)["StackDriftStatus"] == "DRIFTED"
    (drift,) = drifts(stacks, unique, "DELETED").values()
    assert (drift["LogicalResourceId"], drift["PropertyDifferences"]) == ("Value", [])
    assert "ActualProperties" not in drift
    stacks.delete(unique)


def test_only_the_named_resources_are_checked_and_an_update_forgets(
    stacks: StackDriver, client: Client, unique: str
) -> None:
    template = resources(A=parameter("1", Name=f"/{unique}/a"), B=parameter("1", Name=f"/{unique}/b"))
    stacks.create(unique, template)
    for key in "ab":
        client("ssm").put_parameter(Name=f"/{unique}/{key}", Value="2", Overwrite=True)
    assert detect(stacks, unique, LogicalResourceIds=["A"])["DriftedStackResourceCount"] == 1
    assert drifts(stacks, unique).keys() == {"A"}
    changed = resources(A=parameter("3", Name=f"/{unique}/a"), B=parameter("1", Name=f"/{unique}/b"))
    stacks.update(unique, changed)
    assert drifts(stacks, unique) == {}
    assert detect(stacks, unique)["DriftedStackResourceCount"] == 1
    assert drifts(stacks, unique, "MODIFIED").keys() == {"B"}
    stacks.delete(unique)


def test_secrets_are_neither_compared_nor_shown(stacks: StackDriver, client: Client, unique: str) -> None:
    client("secretsmanager").create_secret(Name=unique, SecretString="never-shown-secret")
    reference = f"{{{{resolve:secretsmanager:{unique}}}}}"
    template = {
        "Parameters": {"Word": {"Type": "String", "NoEcho": True}},
        "Resources": {
            "Secret": parameter(reference, Name=f"/{unique}/secret", Description="d"),
            "Written": parameter({"Ref": "Word"}, Name=f"/{unique}/word"),
        },
    }
    words = [{"ParameterKey": "Word", "ParameterValue": "never-shown-word"}]
    stacks.create(unique, template, Parameters=words)
    client("ssm").put_parameter(Name=f"/{unique}/word", Value="x never-shown-word", Overwrite=True)
    assert detect(stacks, unique)["DriftedStackResourceCount"] == 1
    shown = json.dumps(drifts(stacks, unique), default=str)
    assert "never-shown" not in shown
    assert reference in shown
    stacks.delete(unique)


def test_what_cannot_be_checked(stacks: StackDriver, unique: str) -> None:
    api = stacks.cloudformation
    stacks.create(unique, resources(Handle={"Type": "AWS::CloudFormation::WaitConditionHandle"}))
    assert detect(stacks, unique)["StackDriftStatus"] == "IN_SYNC"
    listed = api.list_stack_resources(StackName=unique)["StackResourceSummaries"]
    assert listed[0]["DriftInformation"] == {"StackResourceDriftStatus": "NOT_CHECKED"}
    with pytest.raises(ClientError, match="Drift detection is not supported for resource type"):
        api.detect_stack_resource_drift(StackName=unique, LogicalResourceId="Handle")
    with pytest.raises(ClientError, match="Resource None does not exist"):
        api.detect_stack_resource_drift(StackName=unique, LogicalResourceId="None")
    with pytest.raises(ClientError, match="does not exist"):
        api.describe_stack_drift_detection_status(StackDriftDetectionId="x" * 36)
    stacks.delete(unique)
    name = f"{unique}-review"
    stacks.change_set(name, resources(Value=parameter("1")), ChangeSetType="CREATE")
    with pytest.raises(ClientError, match=r"cannot be performed .* in state \[REVIEW_IN_PROGRESS\]"):
        api.detect_stack_drift(StackName=name)
    stacks.delete(name)
