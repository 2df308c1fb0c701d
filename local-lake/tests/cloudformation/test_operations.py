"""Every operation on a stack has an id, and its events are found by it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import bucket, parameter, resources

if TYPE_CHECKING:
    from stack_driver import StackDriver


def broken(*, after: str) -> dict[str, Any]:
    properties = {"AliasName": "alias/nowhere", "TargetKeyId": "11111111-1111-1111-1111-111111111111"}
    return {"Type": "AWS::KMS::Alias", "Properties": properties, "DependsOn": after}


def last(stacks: StackDriver, name: str) -> list[dict[str, str]]:
    """The stack's last operations, the newest first."""
    found: list[dict[str, str]] = stacks.cloudformation.describe_stacks(StackName=name)["Stacks"][0][
        "LastOperations"
    ]
    return found


def kinds(stacks: StackDriver, name: str) -> list[str]:
    return [operation["OperationType"] for operation in last(stacks, name)]


def events(stacks: StackDriver, **query: object) -> list[dict[str, Any]]:
    pages = stacks.cloudformation.get_paginator("describe_events").paginate(**query)
    return [event for page in pages for event in page["OperationEvents"]]


def test_a_creation_and_an_update_are_operations(stacks: StackDriver, unique: str) -> None:
    api = stacks.cloudformation
    body = json.dumps(resources(Value=parameter("1")))
    created = api.create_stack(StackName=unique, TemplateBody=body)
    stacks.settle(unique)
    assert last(stacks, unique) == [{"OperationType": "CREATE_STACK", "OperationId": created["OperationId"]}]
    updated = api.update_stack(StackName=unique, TemplateBody=body.replace('"1"', '"2"'))
    stacks.settle(unique)
    assert last(stacks, unique)[0]["OperationId"] == updated["OperationId"]
    assert kinds(stacks, unique) == ["UPDATE_STACK", "CREATE_STACK"]
    of_update = events(stacks, OperationId=updated["OperationId"])
    assert {event["OperationId"] for event in of_update} == {updated["OperationId"]}
    assert {event["StackId"] for event in of_update} == {created["StackId"]}
    whole = of_update[0]
    assert (whole["EventType"], whole["OperationStatus"], whole["OperationType"]) == (
        "STACK_EVENT",
        "SUCCEEDED",
        "UPDATE_STACK",
    )
    assert whole["StartTime"] <= whole["EndTime"]
    assert [event["ResourceStatus"] for event in of_update[1:] if event["LogicalResourceId"] == "Value"] == [
        "UPDATE_COMPLETE",
        "UPDATE_IN_PROGRESS",
    ]
    listed = api.describe_stack_events(StackName=unique)["StackEvents"]
    assert {event["OperationId"] for event in listed} == {created["OperationId"], updated["OperationId"]}
    assert len(events(stacks, StackName=unique)) == len(listed) + 2
    stack_id = stacks.delete(unique)["StackId"]
    assert kinds(stacks, stack_id)[0] == "DELETE_STACK"


def test_a_rollback_is_an_operation_of_its_own(stacks: StackDriver, unique: str) -> None:
    template = resources(Data=bucket(f"{unique}-data"), Alias=broken(after="Data"))
    stacks.create(unique, template)
    assert kinds(stacks, unique) == ["ROLLBACK", "CREATE_STACK"]
    rolled_back, created = (operation["OperationId"] for operation in last(stacks, unique))
    (failed,) = events(stacks, OperationId=created, Filters={"FailedEvents": True})
    assert (failed["EventType"], failed["LogicalResourceId"], failed["ResourceStatus"]) == (
        "PROVISIONING_ERROR",
        "Alias",
        "CREATE_FAILED",
    )
    assert failed in events(stacks, StackName=unique, Filters={"FailedEvents": True})
    assert events(stacks, OperationId=created)[0]["OperationStatus"] == "FAILED"
    of_rollback = events(stacks, OperationId=rolled_back)
    assert of_rollback[0]["OperationStatus"] == "SUCCEEDED"
    assert "DELETE_COMPLETE" in [event.get("ResourceStatus") for event in of_rollback]
    assert events(stacks, OperationId=rolled_back, Filters={"FailedEvents": True}) == []
    stacks.delete(unique)


def test_an_update_that_rolls_back(stacks: StackDriver, unique: str) -> None:
    stacks.create(unique, resources(Value=parameter("1")))
    stacks.update(unique, resources(Value=parameter("2"), Alias=broken(after="Value")))
    assert kinds(stacks, unique) == ["ROLLBACK", "UPDATE_STACK", "CREATE_STACK"]
    stacks.delete(unique)


def test_the_making_of_a_change_set_is_an_operation(stacks: StackDriver, unique: str) -> None:
    made = stacks.change_set(unique, resources(Value=parameter("1")), ChangeSetType="CREATE")
    found = events(stacks, ChangeSetName=made["ChangeSetId"])
    assert found == events(stacks, ChangeSetName="changes", StackName=unique)
    assert (found[0]["EventType"], found[0]["OperationType"], found[0]["OperationStatus"]) == (
        "STACK_EVENT",
        "CREATE_CHANGESET",
        "SUCCEEDED",
    )
    assert [event["ResourceStatus"] for event in found[1:]] == ["REVIEW_IN_PROGRESS"]
    assert kinds(stacks, unique) == ["CREATE_CHANGESET"]
    stacks.cloudformation.execute_change_set(ChangeSetName=made["ChangeSetId"])
    stacks.settle(unique)
    assert kinds(stacks, unique) == ["CREATE_STACK", "CREATE_CHANGESET"]
    nothing = stacks.change_set(unique, resources(Value=parameter("1")))
    assert events(stacks, ChangeSetName=nothing["ChangeSetId"])[0]["OperationStatus"] == "FAILED"
    stacks.delete(unique)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "One of ChangeSetName, OperationId or StackName must be specified"),
        ({"OperationId": "none"}, r"Operation \[none\] does not exist"),
        ({"StackName": "no-such-stack"}, r"Stack \[no-such-stack\] does not exist"),
        ({"ChangeSetName": "name"}, "StackName must be specified"),
        (
            {"ChangeSetName": "arn:aws:cloudformation:ap-northeast-1:123456789012:changeSet/x/y"},
            "ChangeSetNotFound",
        ),
    ],
)
def test_what_is_not_there(stacks: StackDriver, query: dict[str, Any], words: str) -> None:
    with pytest.raises(ClientError, match=words):
        events(stacks, **query)
