"""What fails ends in AWS's statuses and words, and what was begun is taken back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, bucket, parameter, resources

Client = Callable[[str], Any]


def broken_alias() -> dict[str, Any]:
    """A resource that its service refuses: an alias of a key that is not there."""
    return {
        "Type": "AWS::KMS::Alias",
        "Properties": {"AliasName": "alias/nowhere", "TargetKeyId": "11111111-1111-1111-1111-111111111111"},
    }


def test_a_failed_creation_rolls_back(stacks: StackDriver, client: Client, unique: str) -> None:
    alias = {**broken_alias(), "DependsOn": "Data"}
    late = {**parameter("1"), "DependsOn": "Alias"}
    stack = stacks.create(unique, resources(Data=bucket(f"{unique}-data"), Alias=alias, Late=late))
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    events = stacks.events(unique)
    reason = "The following resource(s) failed to create: [Alias]. Rollback requested by user."
    assert (unique, "ROLLBACK_IN_PROGRESS", reason) in events
    failed = [event for event in events if event[1] == "CREATE_FAILED"]
    assert [name for name, _, _ in failed] == ["Alias"]
    assert "(Service: KMS, Status Code: 400" in failed[0][2]
    assert ("Data", "DELETE_COMPLETE", "") in events
    assert not any(name == "Late" for name, _, _ in events)
    assert f"{unique}-data" not in [b["Name"] for b in client("s3").list_buckets()["Buckets"]]
    with pytest.raises(ClientError, match="is in ROLLBACK_COMPLETE state and can not be updated"):
        stacks.update(unique, resources(Value=parameter("1")))
    assert stacks.delete(unique)["StackStatus"] == "DELETE_COMPLETE"


def test_what_runs_beside_a_failure_is_cancelled(stacks: StackDriver, unique: str) -> None:
    template = {
        "Resources": {"Alias": broken_alias(), **{f"Data{n}": bucket(f"{unique}-{n}") for n in range(12)}}
    }
    stacks.create(unique, template)
    reasons = {name: reason for name, status, reason in stacks.events(unique) if status == "CREATE_FAILED"}
    assert "Alias" in reasons
    cancelled = {reason for name, reason in reasons.items() if name != "Alias"}
    assert cancelled == {"Resource creation cancelled"}


def test_a_creation_that_fails_half_way_leaves_nothing(
    stacks: StackDriver, client: Client, unique: str
) -> None:
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": f"{unique}-role",
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/NoSuchPolicy"],
        },
    }
    stack = stacks.create(unique, resources(Role=role), Capabilities=["CAPABILITY_NAMED_IAM"])
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert ("Role", "DELETE_COMPLETE", "") in stacks.events(unique)
    iam = client("iam")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName=f"{unique}-role")


def test_on_failure_can_leave_or_delete(stacks: StackDriver, unique: str) -> None:
    template = resources(Data=bucket(f"{unique}-data"), Alias={**broken_alias(), "DependsOn": "Data"})
    left = stacks.create(unique, template, OnFailure="DO_NOTHING")
    assert left["StackStatus"] == "CREATE_FAILED"
    fixed = stacks.update(unique, resources(Data=bucket(f"{unique}-data")))
    assert fixed["StackStatus"] == "UPDATE_COMPLETE"
    other = resources(Alias=broken_alias())
    gone = stacks.create(f"{unique}-b", other, OnFailure="DELETE")
    assert gone["StackStatus"] == "DELETE_COMPLETE"


def test_a_failed_update_goes_back(stacks: StackDriver, client: Client, unique: str) -> None:
    before = resources(
        Value=parameter("old", Name=f"/{unique}/value"), Place=parameter("p", Name=f"/{unique}/old")
    )
    stacks.create(unique, before)
    after = resources(
        Value=parameter("new", Name=f"/{unique}/value"),
        Place=parameter("p", Name=f"/{unique}/new"),
        Data=bucket(f"{unique}-data"),
        Alias={**broken_alias(), "DependsOn": ["Value", "Place", "Data"]},
    )
    stack = stacks.update(unique, after)
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    events = stacks.events(unique)
    reason = "The following resource(s) failed to create: [Alias]. "
    assert (unique, "UPDATE_ROLLBACK_IN_PROGRESS", reason) in events
    assert (unique, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "") in events
    ssm = client("ssm")
    assert ssm.get_parameter(Name=f"/{unique}/value")["Parameter"]["Value"] == "old"
    assert ssm.get_parameter(Name=f"/{unique}/old")["Parameter"]["Value"] == "p"
    with pytest.raises(ssm.exceptions.ParameterNotFound):
        ssm.get_parameter(Name=f"/{unique}/new")
    listed = stacks.cloudformation.list_stack_resources(StackName=unique)["StackResourceSummaries"]
    assert {entry["LogicalResourceId"] for entry in listed} == {"Value", "Place"}
    assert stacks.update(unique, resources(Value=parameter("2")))["StackStatus"] == "UPDATE_COMPLETE"


def test_a_rollback_that_fails_can_be_continued(stacks: StackDriver, client: Client, unique: str) -> None:
    stacks.create(unique, resources(Value=parameter("old", Name=f"/{unique}")))
    # The parameter vanishes in the middle of the update, so that it can be neither updated nor rolled back.
    client("ssm").delete_parameter(Name=f"/{unique}")
    stack = stacks.update(unique, resources(Value=parameter("new", Name=f"/{unique}")))
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    assert stack["StackStatusReason"] == "The following resource(s) failed to update: [Value]. "
    with pytest.raises(ClientError, match="can not be updated"):
        stacks.update(unique, resources(Value=parameter("newer", Name=f"/{unique}")))
    stacks.cloudformation.continue_update_rollback(StackName=unique, ResourcesToSkip=["Value"])
    assert stacks.settle(unique)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"


def test_a_custom_name_cannot_be_replaced(stacks: StackDriver, unique: str) -> None:
    def role(path: str) -> dict[str, Any]:
        trust = {"Version": "2012-10-17", "Statement": []}
        properties = {"RoleName": f"{unique}-role", "Path": path, "AssumeRolePolicyDocument": trust}
        return resources(Role={"Type": "AWS::IAM::Role", "Properties": properties})

    capabilities = ["CAPABILITY_NAMED_IAM"]
    stacks.create(unique, role("/a/"), Capabilities=capabilities)
    stack = stacks.update(unique, role("/b/"), Capabilities=capabilities)
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    reasons = [reason for _, status, reason in stacks.events(unique) if status == "UPDATE_FAILED"]
    assert reasons == [
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
        f"Rename {unique}-role and update the stack again."
    ]


def test_a_bucket_with_objects_is_not_deleted(stacks: StackDriver, client: Client, unique: str) -> None:
    stacks.create(unique, resources(Data=bucket(f"{unique}-data"), Value=parameter("1")))
    client("s3").put_object(Bucket=f"{unique}-data", Key="a", Body=b"1")
    stack = stacks.delete(unique)
    assert stack["StackStatus"] == "DELETE_FAILED"
    assert stack["StackStatusReason"] == "The following resource(s) failed to delete: [Data]. "
    reasons = [reason for _, status, reason in stacks.events(unique) if status == "DELETE_FAILED"]
    assert "The bucket you tried to delete is not empty" in reasons[0]
    assert "(Service: S3, Status Code: 409" in reasons[0]
    with pytest.raises(ClientError, match="only when the stack is in the DELETE_FAILED state"):
        stacks.create(f"{unique}-b", resources(Value=parameter("1")))
        stacks.delete(f"{unique}-b", RetainResources=["Value"])
    deleted = stacks.delete(unique, RetainResources=["Data"])
    assert deleted["StackStatus"] == "DELETE_COMPLETE"
    assert client("s3").get_object(Bucket=f"{unique}-data", Key="a")["Body"].read() == b"1"


def test_an_existing_bucket_is_not_taken_over(stacks: StackDriver, client: Client, unique: str) -> None:
    name = f"{unique}-data"
    where = {"LocationConstraint": "ap-northeast-1"}
    client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=where)
    stack = stacks.create(unique, resources(Data=bucket(name)))
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    reasons = [reason for _, status, reason in stacks.events(unique) if status == "CREATE_FAILED"]
    assert f"{name} already exists" in reasons[0]
    assert "HandlerErrorCode: AlreadyExists" in reasons[0]
    assert name in [b["Name"] for b in client("s3").list_buckets()["Buckets"]]


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"BucketName": "Not-Lower-Case"}, "should not contain uppercase characters"),
        ({"BucketName": "ab"}, "between 3 and 63 characters"),
        ({"BucketNom": "abc"}, r"extraneous key [BucketNom] is not permitted"),
    ],
)
def test_bad_properties_fail_with_the_reason(
    stacks: StackDriver, unique: str, properties: dict[str, str], words: str
) -> None:
    template = resources(Data={"Type": "AWS::S3::Bucket", "Properties": properties})
    stack = stacks.create(unique, template)
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    reasons = [reason for _, status, reason in stacks.events(unique) if status == "CREATE_FAILED"]
    assert words in reasons[0]


def test_deleting_overtakes_a_creation(stacks: StackDriver, client: Client, unique: str) -> None:
    template = {"Resources": {f"Data{n}": bucket(f"{unique}-{n}") for n in range(40)}}
    cloudformation = stacks.cloudformation
    body = json.dumps(template)
    stack_id = cloudformation.create_stack(StackName=unique, TemplateBody=body)["StackId"]
    cloudformation.delete_stack(StackName=unique)
    assert stacks.settle(stack_id)["StackStatus"] == "DELETE_COMPLETE"
    names = [b["Name"] for b in client("s3").list_buckets()["Buckets"]]
    assert not [name for name in names if name.startswith(f"{unique}-")]


def test_an_update_can_be_cancelled(stacks: StackDriver, client: Client, unique: str) -> None:
    stacks.create(unique, resources(Value=parameter("old", Name=f"/{unique}")))
    after = {f"Data{n}": bucket(f"{unique}-{n}") for n in range(40)}
    template = {"Resources": {**after, "Value": parameter("new", Name=f"/{unique}")}}
    body = json.dumps(template)
    stacks.cloudformation.update_stack(StackName=unique, TemplateBody=body)
    stacks.cloudformation.cancel_update_stack(StackName=unique)
    assert stacks.settle(unique)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert client("ssm").get_parameter(Name=f"/{unique}")["Parameter"]["Value"] == "old"
    names = [b["Name"] for b in client("s3").list_buckets()["Buckets"]]
    assert not [name for name in names if name.startswith(f"{unique}-")]
