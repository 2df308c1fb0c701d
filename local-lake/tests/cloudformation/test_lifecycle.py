"""Stacks are created, updated and deleted in the background, with the events and statuses of AWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, bucket, parameter, resources, topic

Client = Callable[[str], Any]


def test_create_update_delete(stacks: StackDriver, client: Client, unique: str) -> None:
    template = {
        "Description": "one bucket",
        "Resources": {"Data": bucket(f"{unique}-data", VersioningConfiguration={"Status": "Enabled"})},
        "Outputs": {
            "Name": {"Value": {"Ref": "Data"}, "Description": "its name"},
            "Arn": {"Value": {"Fn::GetAtt": ["Data", "Arn"]}},
        },
    }
    created = stacks.create(unique, template, Tags=[{"Key": "owner", "Value": "me"}])
    assert created["StackStatus"] == "CREATE_COMPLETE"
    assert created["Description"] == "one bucket"
    assert stacks.outputs(unique) == {"Name": f"{unique}-data", "Arn": f"arn:aws:s3:::{unique}-data"}
    s3 = client("s3")
    assert s3.get_bucket_versioning(Bucket=f"{unique}-data")["Status"] == "Enabled"

    template["Resources"] = {"Data": bucket(f"{unique}-data")}
    updated = stacks.update(unique, template)
    assert updated["StackStatus"] == "UPDATE_COMPLETE"
    assert updated["LastUpdatedTime"] > updated["CreationTime"]
    assert s3.get_bucket_versioning(Bucket=f"{unique}-data")["Status"] == "Suspended"

    deleted = stacks.delete(unique)
    assert deleted["StackStatus"] == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match=f"Stack with id {unique} does not exist"):
        stacks.cloudformation.describe_stacks(StackName=unique)
    assert f"{unique}-data" not in [b["Name"] for b in s3.list_buckets()["Buckets"]]


def test_events_tell_the_whole_story(stacks: StackDriver, unique: str) -> None:
    stacks.create(unique, resources(Value=parameter("1", Name=f"/{unique}")))
    assert stacks.events(unique) == [
        (unique, "CREATE_IN_PROGRESS", "User Initiated"),
        ("Value", "CREATE_IN_PROGRESS", ""),
        ("Value", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        ("Value", "CREATE_COMPLETE", ""),
        (unique, "CREATE_COMPLETE", ""),
    ]
    stacks.update(unique, resources(Value=parameter("2", Name=f"/{unique}")))
    assert stacks.events(unique)[5:] == [
        (unique, "UPDATE_IN_PROGRESS", "User Initiated"),
        ("Value", "UPDATE_IN_PROGRESS", ""),
        ("Value", "UPDATE_COMPLETE", ""),
        (unique, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", ""),
        (unique, "UPDATE_COMPLETE", ""),
    ]
    deleted = stacks.delete(unique)
    assert stacks.events(deleted["StackId"])[10:] == [
        (unique, "DELETE_IN_PROGRESS", "User Initiated"),
        ("Value", "DELETE_IN_PROGRESS", ""),
        ("Value", "DELETE_COMPLETE", ""),
        (unique, "DELETE_COMPLETE", ""),
    ]


def test_independent_resources_start_before_any_ends(stacks: StackDriver, unique: str) -> None:
    chain = {
        "First": parameter("1"),
        "Second": parameter({"Ref": "First"}),
        **{f"Aside{n}": parameter("x") for n in range(4)},
    }
    stacks.create(unique, {"Resources": chain})
    events = [(name, status) for name, status, _ in stacks.events(unique)]
    begun = {name: events.index((name, "CREATE_IN_PROGRESS")) for name in chain}
    done = {name: events.index((name, "CREATE_COMPLETE")) for name in chain}
    assert begun["Second"] > done["First"]
    assert max(begun[f"Aside{n}"] for n in range(4)) < min(done[f"Aside{n}"] for n in range(4))
    deleted = stacks.delete(unique)
    events = [(name, status) for name, status, _ in stacks.events(deleted["StackId"])]
    assert events.index(("First", "DELETE_IN_PROGRESS")) > events.index(("Second", "DELETE_COMPLETE"))


def test_stack_and_system_tags_reach_resources(stacks: StackDriver, client: Client, unique: str) -> None:
    template = resources(Data=bucket(f"{unique}-data", Tags=[{"Key": "kind", "Value": "raw"}]))
    stack = stacks.create(
        unique, template, Tags=[{"Key": "lake", "Value": "l"}, {"Key": "kind", "Value": "x"}]
    )

    def tags() -> dict[str, str]:
        found = client("s3").get_bucket_tagging(Bucket=f"{unique}-data")["TagSet"]
        return {tag["Key"]: tag["Value"] for tag in found}

    system = {
        "aws:cloudformation:stack-name": unique,
        "aws:cloudformation:stack-id": stack["StackId"],
        "aws:cloudformation:logical-id": "Data",
    }
    assert tags() == {"kind": "raw", "lake": "l", **system}
    own = {"TagSet": [{"Key": "mine", "Value": "m"}]}
    client("s3").put_bucket_tagging(Bucket=f"{unique}-data", Tagging=own)
    assert tags() == {"mine": "m", **system}
    client("s3").delete_bucket_tagging(Bucket=f"{unique}-data")
    assert tags() == system


def test_names_are_made_from_stack_and_logical_id(stacks: StackDriver, unique: str) -> None:
    stacks.create(unique, resources(Notices=topic(), Data={"Type": "AWS::S3::Bucket"}))
    listed = stacks.cloudformation.list_stack_resources(StackName=unique)["StackResourceSummaries"]
    names = {entry["LogicalResourceId"]: entry["PhysicalResourceId"] for entry in listed}
    assert names["Notices"].rpartition(":")[2].startswith(f"{unique}-Notices-")
    assert names["Data"].startswith(f"{unique}-data-")
    assert names["Data"] == names["Data"].lower()


def test_replacement_makes_the_new_before_the_old_goes(
    stacks: StackDriver, client: Client, unique: str
) -> None:
    def template(name: str) -> dict[str, Any]:
        return resources(
            Place=parameter("v", Name=f"/{unique}/{name}"),
            Pointer=parameter({"Ref": "Place"}, Name=f"/{unique}/pointer"),
        )

    stacks.create(unique, template("old"))
    updated = stacks.update(unique, template("new"))
    assert updated["StackStatus"] == "UPDATE_COMPLETE"
    ssm = client("ssm")
    assert ssm.get_parameter(Name=f"/{unique}/pointer")["Parameter"]["Value"] == f"/{unique}/new"
    with pytest.raises(ssm.exceptions.ParameterNotFound):
        ssm.get_parameter(Name=f"/{unique}/old")
    replacing = "Requested update requires the creation of a new physical resource; hence creating one."
    events = stacks.events(unique)
    assert ("Place", "UPDATE_IN_PROGRESS", replacing) in events
    statuses = [(name, status) for name, status, _ in events]
    assert statuses.index((unique, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")) < statuses.index(
        ("Place", "DELETE_IN_PROGRESS")
    )


def test_removed_resources_go_and_retained_ones_stay(
    stacks: StackDriver, client: Client, unique: str
) -> None:
    kept = {**bucket(f"{unique}-kept"), "DeletionPolicy": "Retain"}
    stacks.create(unique, resources(Kept=kept, Gone=bucket(f"{unique}-gone"), Value=parameter("1")))
    updated = stacks.update(unique, resources(Value=parameter("1")))
    assert updated["StackStatus"] == "UPDATE_COMPLETE"
    assert ("Kept", "DELETE_SKIPPED", "") in stacks.events(unique)
    names = [b["Name"] for b in client("s3").list_buckets()["Buckets"]]
    assert f"{unique}-kept" in names
    assert f"{unique}-gone" not in names


def test_termination_protection(stacks: StackDriver, unique: str) -> None:
    stacks.create(unique, resources(Value=parameter("1")), EnableTerminationProtection=True)
    with pytest.raises(ClientError, match="cannot be deleted while TerminationProtection is enabled"):
        stacks.cloudformation.delete_stack(StackName=unique)
    with pytest.raises(ClientError, match="does not do DeletionMode FORCE_DELETE_STACK"):
        stacks.cloudformation.delete_stack(StackName=unique, DeletionMode="FORCE_DELETE_STACK")
    stacks.cloudformation.update_termination_protection(StackName=unique, EnableTerminationProtection=False)
    assert stacks.delete(unique)["StackStatus"] == "DELETE_COMPLETE"


def test_an_update_without_changes_is_refused(stacks: StackDriver, unique: str) -> None:
    template = resources(Value=parameter("1"))
    stacks.create(unique, template)
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update(unique, template)


def test_events_come_in_pages_newest_first(stacks: StackDriver, unique: str) -> None:
    stacks.create(unique, {"Resources": {f"Value{n}": parameter("1") for n in range(35)}})
    first = stacks.cloudformation.describe_stack_events(StackName=unique)
    assert len(first["StackEvents"]) == 100
    assert first["StackEvents"][0]["ResourceStatus"] == "CREATE_COMPLETE"
    assert first["StackEvents"][0]["LogicalResourceId"] == unique
    stacks.update(unique, {"Resources": {f"Value{n}": parameter("2") for n in range(35)}})
    second = stacks.cloudformation.describe_stack_events(StackName=unique, NextToken=first["NextToken"])
    assert len(second["StackEvents"]) == 35 * 3 + 2 - 100
    assert second["StackEvents"][-1]["ResourceStatusReason"] == "User Initiated"
    assert "NextToken" not in second
