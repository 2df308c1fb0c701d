"""Change sets say, property by property, what a deployment would do; only then is it done."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, bucket, parameter, resources, topic

Client = Callable[[str], Any]

NO_CHANGES = (
    "The submitted information didn't contain changes. Submit different information to create a change set."
)


def changes_of(change_set: dict[str, Any]) -> dict[str, dict[str, Any]]:
    listed = [change["ResourceChange"] for change in change_set["Changes"]]
    return {change["LogicalResourceId"]: change for change in listed}


def test_a_new_stack_waits_in_review_until_executed(stacks: StackDriver, unique: str) -> None:
    template = resources(Value=parameter("1", Name=f"/{unique}"))
    created = stacks.change_set(unique, template, ChangeSetType="CREATE", Description="first")
    assert (created["Status"], created["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    change = changes_of(created)["Value"]
    assert (change["Action"], change["ResourceType"]) == ("Add", "AWS::SSM::Parameter")
    assert json.loads(change["AfterContext"])["Properties"]["Value"] == "1"
    stack = stacks.cloudformation.describe_stacks(StackName=unique)["Stacks"][0]
    assert (stack["StackStatus"], stack["ChangeSetId"]) == ("REVIEW_IN_PROGRESS", created["ChangeSetId"])

    stacks.cloudformation.execute_change_set(ChangeSetName=created["ChangeSetId"])
    stack = stacks.settle(unique)
    assert (stack["StackStatus"], stack["ChangeSetId"]) == ("CREATE_COMPLETE", created["ChangeSetId"])
    executed = stacks.cloudformation.describe_change_set(ChangeSetName=created["ChangeSetId"])
    assert executed["ExecutionStatus"] == "EXECUTE_COMPLETE"


def test_no_changes_is_a_failed_set_that_cannot_be_executed(stacks: StackDriver, unique: str) -> None:
    template = resources(Value=parameter("1"))
    stacks.create(unique, template)
    change_set = stacks.change_set(unique, template)
    assert (change_set["Status"], change_set["StatusReason"]) == ("FAILED", NO_CHANGES)
    assert change_set["ExecutionStatus"] == "UNAVAILABLE"
    refusal = stacks.cloudformation.exceptions.InvalidChangeSetStatusException
    with pytest.raises(refusal, match=r"cannot be executed in its current status of \[FAILED\]"):
        stacks.cloudformation.execute_change_set(ChangeSetName=change_set["ChangeSetId"])


def test_modifications_name_property_cause_and_values(stacks: StackDriver, unique: str) -> None:
    def template(status: str) -> dict[str, Any]:
        return {
            "Parameters": {"Text": {"Type": "String"}},
            "Resources": {
                "Data": bucket(f"{unique}-data", VersioningConfiguration={"Status": status}),
                "Value": parameter({"Ref": "Text"}),
            },
        }

    given = [{"ParameterKey": "Text", "ParameterValue": "one"}]
    stacks.create(unique, template("Enabled"), Parameters=given)
    given = [{"ParameterKey": "Text", "ParameterValue": "two"}]
    changes = changes_of(stacks.change_set(unique, template("Suspended"), Parameters=given))

    data = changes["Data"]
    assert (data["Action"], data["Replacement"], data["Scope"]) == ("Modify", "False", ["Properties"])
    assert data["PhysicalResourceId"] == f"{unique}-data"
    assert data["Details"] == [
        {
            "Target": {
                "Attribute": "Properties",
                "Name": "VersioningConfiguration",
                "RequiresRecreation": "Never",
                "Path": "/Properties/VersioningConfiguration/Status",
                "BeforeValue": "Enabled",
                "AfterValue": "Suspended",
                "AttributeChangeType": "Modify",
            },
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }
    ]
    detail = changes["Value"]["Details"][0]
    assert (detail["ChangeSource"], detail["CausingEntity"]) == ("ParameterReference", "Text")
    assert json.loads(changes["Value"]["BeforeContext"])["Properties"]["Value"] == "one"


def test_replacement_spreads_to_what_refers_to_it(stacks: StackDriver, unique: str) -> None:
    def template(name: str) -> dict[str, Any]:
        return resources(
            Data=bucket(f"{unique}-{name}"),
            Pointer=parameter({"Fn::GetAtt": ["Data", "Arn"]}),
            Policy={
                "Type": "AWS::S3::BucketPolicy",
                "Properties": {"Bucket": {"Ref": "Data"}, "PolicyDocument": {"Statement": []}},
            },
        )

    stacks.create(unique, template("old"))
    changes = changes_of(stacks.change_set(unique, template("new")))
    assert changes["Data"]["Replacement"] == "True"
    assert changes["Data"]["PolicyAction"] == "ReplaceAndDelete"
    assert changes["Policy"]["Replacement"] == "Conditional"
    pointer = changes["Pointer"]["Details"][0]
    assert (pointer["Evaluation"], pointer["ChangeSource"]) == ("Dynamic", "ResourceAttribute")
    assert pointer["CausingEntity"] == "Data.Arn"
    assert pointer["Target"]["AfterValue"] == "{{changeSet:KNOWN_AFTER_APPLY}}"


def test_removal_and_tags(stacks: StackDriver, unique: str) -> None:
    stacks.create(unique, resources(Gone=parameter("1"), Kept=parameter("1")))
    change_set = stacks.change_set(unique, resources(Kept=parameter("1")), Tags=[{"Key": "a", "Value": "b"}])
    changes = changes_of(change_set)
    assert (changes["Gone"]["Action"], changes["Gone"]["PolicyAction"]) == ("Remove", "Delete")
    assert (changes["Kept"]["Action"], changes["Kept"]["Scope"]) == ("Modify", ["Tags"])


def test_a_change_of_outputs_alone_can_be_executed(stacks: StackDriver, unique: str) -> None:
    template = resources(Value=parameter("1"))
    stacks.create(unique, template)
    change_set = stacks.change_set(unique, {**template, "Outputs": {"New": {"Value": "here"}}})
    assert (change_set["Status"], change_set["Changes"]) == ("CREATE_COMPLETE", [])
    stacks.cloudformation.execute_change_set(ChangeSetName=change_set["ChangeSetId"])
    stacks.settle(unique)
    assert stacks.outputs(unique) == {"New": "here"}


def test_secrets_are_masked_everywhere(stacks: StackDriver, unique: str) -> None:
    template = {
        "Parameters": {"Secret": {"Type": "String", "NoEcho": True}},
        "Resources": {"Value": parameter({"Fn::Sub": "key=${Secret}"})},
    }

    def given(value: str) -> list[dict[str, str]]:
        return [{"ParameterKey": "Secret", "ParameterValue": value}]

    stack = stacks.create(unique, template, Parameters=given("swordfish"))
    assert stack["Parameters"] == [{"ParameterKey": "Secret", "ParameterValue": "****"}]
    change_set = stacks.change_set(unique, template, Parameters=given("nautilus"))
    events = stacks.cloudformation.describe_stack_events(StackName=unique)["StackEvents"]
    shown = json.dumps([change_set, events], default=str)
    assert "swordfish" not in shown
    assert "nautilus" not in shown
    assert "key=****" in shown


def test_change_sets_are_listed_deleted_and_unique(stacks: StackDriver, unique: str) -> None:
    cloudformation = stacks.cloudformation
    stacks.create(unique, resources(Value=parameter("1")))
    stacks.change_set(unique, resources(Value=parameter("2")), ChangeSetName="one")
    with pytest.raises(cloudformation.exceptions.AlreadyExistsException):
        stacks.change_set(unique, resources(Value=parameter("2")), ChangeSetName="one")
    stacks.change_set(unique, resources(Value=parameter("3")), ChangeSetName="two")
    listed = cloudformation.list_change_sets(StackName=unique)["Summaries"]
    assert [summary["ChangeSetName"] for summary in listed] == ["two", "one"]
    cloudformation.delete_change_set(StackName=unique, ChangeSetName="one")
    with pytest.raises(cloudformation.exceptions.ChangeSetNotFoundException):
        cloudformation.describe_change_set(StackName=unique, ChangeSetName="one")


def test_executing_one_set_drops_the_others_and_frees_its_name(stacks: StackDriver, unique: str) -> None:
    cloudformation = stacks.cloudformation
    stacks.create(unique, resources(Value=parameter("1")))
    stacks.change_set(unique, resources(Value=parameter("2")), ChangeSetName="other")
    stacks.change_set(unique, resources(Value=parameter("3")), ChangeSetName="chosen")
    cloudformation.execute_change_set(StackName=unique, ChangeSetName="chosen")
    stacks.settle(unique)
    listed = cloudformation.list_change_sets(StackName=unique)["Summaries"]
    assert [(s["ChangeSetName"], s["ExecutionStatus"]) for s in listed] == [("chosen", "EXECUTE_COMPLETE")]
    again = stacks.change_set(unique, resources(Value=parameter("4")), ChangeSetName="chosen")
    assert again["Status"] == "CREATE_COMPLETE"


def test_previous_values_and_templates(stacks: StackDriver, client: Client, unique: str) -> None:
    template = {
        "Parameters": {"Text": {"Type": "String"}, "Other": {"Type": "String", "Default": "d"}},
        "Resources": {"Value": parameter({"Fn::Sub": "${Text}-${Other}"}, Name=f"/{unique}")},
    }
    stacks.create(unique, template, Parameters=[{"ParameterKey": "Text", "ParameterValue": "kept"}])
    stacks.cloudformation.update_stack(
        StackName=unique,
        UsePreviousTemplate=True,
        Parameters=[
            {"ParameterKey": "Text", "UsePreviousValue": True},
            {"ParameterKey": "Other", "ParameterValue": "new"},
        ],
    )
    assert stacks.settle(unique)["StackStatus"] == "UPDATE_COMPLETE"
    assert client("ssm").get_parameter(Name=f"/{unique}")["Parameter"]["Value"] == "kept-new"


def test_types_a_change_set_must_refuse(stacks: StackDriver, unique: str) -> None:
    with pytest.raises(ClientError, match=rf"Stack \[{unique}\] does not exist"):
        stacks.change_set(unique, resources(Value=parameter("1")))
    stacks.create(unique, resources(Value=parameter("1")))
    with pytest.raises(ClientError, match="already exists and cannot be created again"):
        stacks.change_set(unique, resources(Value=parameter("2")), ChangeSetType="CREATE")
    change_set = stacks.change_set(unique, resources(Value=topic()))
    assert change_set["Status"] == "FAILED"
    assert "Update of resource type is not permitted" in change_set["StatusReason"]
