"""What cannot change in place is made anew, and what stands already under a name is not overwritten."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from processing_cases import MONITOR
from stack_driver import resources

if TYPE_CHECKING:
    from stack_driver import StackDriver

Client = Callable[[str], Any]


def physical_id(stacks: StackDriver, name: str, logical_id: str = "Subject") -> str:
    detail = stacks.cloudformation.describe_stack_resource(StackName=name, LogicalResourceId=logical_id)
    return str(detail["StackResourceDetail"]["PhysicalResourceId"])


def query(text: str) -> dict[str, Any]:
    return {"Type": "AWS::Athena::NamedQuery", "Properties": {"Database": "d", "QueryString": text}}


def security(name: str, mode: str) -> dict[str, Any]:
    encryption = {"S3Encryptions": [{"S3EncryptionMode": mode}]}
    properties = {"Name": name, "EncryptionConfiguration": encryption}
    return {"Type": "AWS::Glue::SecurityConfiguration", "Properties": properties}


def test_a_changed_query_is_a_new_query(stacks: StackDriver, client: Client, unique: str) -> None:
    template = resources(Subject=query("SELECT 1"))
    template["Outputs"] = {"Id": {"Value": {"Fn::GetAtt": "Subject.NamedQueryId"}}}
    stacks.create(unique, template)
    first = physical_id(stacks, unique)
    assert stacks.outputs(unique) == {"Id": first}
    stacks.update(unique, {**template, "Resources": {"Subject": query("SELECT 2")}})
    second = physical_id(stacks, unique)
    assert stacks.outputs(unique) == {"Id": second}
    athena = client("athena")
    assert athena.get_named_query(NamedQueryId=second)["NamedQuery"]["QueryString"] == "SELECT 2"
    with pytest.raises(athena.exceptions.InvalidRequestException):
        athena.get_named_query(NamedQueryId=first)
    stacks.delete(unique)


def test_a_security_configuration_changes_only_under_another_name(
    stacks: StackDriver, client: Client, unique: str
) -> None:
    stacks.create(unique, resources(Subject=security(f"{unique}-a", "SSE-S3")))
    refused = stacks.update(unique, resources(Subject=security(f"{unique}-a", "DISABLED")))
    assert refused["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    reasons = [reason for _, status, reason in stacks.events(unique) if status == "UPDATE_FAILED"]
    assert "custom-named resource requires replacing" in reasons[0]
    stacks.update(unique, resources(Subject=security(f"{unique}-b", "DISABLED")))
    glue = client("glue")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_security_configuration(Name=f"{unique}-a")
    stacks.delete(unique)


@pytest.mark.parametrize("kind", ["job", "trigger", "tag", "provider"])
def test_what_stands_already_is_not_overwritten(
    stacks: StackDriver, client: Client, unique: str, kind: str
) -> None:
    command = {"Name": "glueetl", "ScriptLocation": "s3://x/y"}
    if kind == "job":
        client("glue").create_job(Name=unique, Role="r", Command=command)
        subject = {
            "Type": "AWS::Glue::Job",
            "Properties": {"Name": unique, "Role": "other", "Command": command},
        }
    elif kind == "trigger":
        client("glue").create_trigger(Name=unique, Type="ON_DEMAND", Actions=[{"JobName": "a"}])
        properties = {"Name": unique, "Type": "ON_DEMAND", "Actions": [{"JobName": "b"}]}
        subject = {"Type": "AWS::Glue::Trigger", "Properties": properties}
    elif kind == "tag":
        client("lakeformation").create_lf_tag(TagKey=unique, TagValues=["a"])
        subject = {"Type": "AWS::LakeFormation::Tag", "Properties": {"TagKey": unique, "TagValues": ["b"]}}
    else:
        url = f"https://{unique}.example.com"
        client("iam").create_open_id_connect_provider(Url=url, ThumbprintList=["0" * 40])
        subject = {"Type": "AWS::IAM::OIDCProvider", "Properties": {"Url": url}}
    stack = stacks.create(unique, resources(Subject=subject))
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    reasons = [reason for _, status, reason in stacks.events(unique) if status == "CREATE_FAILED"]
    assert "HandlerErrorCode: AlreadyExists" in reasons[0]


def test_attributes_of_an_anomaly_monitor(stacks: StackDriver, unique: str) -> None:
    template = resources(Monitor=MONITOR)
    template["Outputs"] = {
        "Ref": {"Value": {"Ref": "Monitor"}},
        "Arn": {"Value": {"Fn::GetAtt": "Monitor.MonitorArn"}},
        "Count": {"Value": {"Fn::GetAtt": "Monitor.DimensionalValueCount"}},
    }
    stacks.create(unique, template)
    outputs = stacks.outputs(unique)
    assert outputs["Ref"] == outputs["Arn"] == physical_id(stacks, unique, "Monitor")
    assert outputs["Count"] == "0"
    stacks.delete(unique)


def test_a_subscription_needs_its_monitors(client: Client) -> None:
    ce = client("ce")
    wanted = {
        "SubscriptionName": "s",
        "Frequency": "DAILY",
        "MonitorArnList": ["arn:aws:ce::123456789012:anomalymonitor/none"],
        "Subscribers": [{"Type": "EMAIL", "Address": "a@example.com"}],
        "Threshold": 1.0,
    }
    with pytest.raises(ce.exceptions.UnknownMonitorException):
        ce.create_anomaly_subscription(AnomalySubscription=wanted)


def test_a_wait_condition_handle_is_an_address_that_refuses_signals(stacks: StackDriver, unique: str) -> None:
    template = resources(Handle={"Type": "AWS::CloudFormation::WaitConditionHandle"})
    template["Outputs"] = {"Address": {"Value": {"Ref": "Handle"}}}
    stacks.create(unique, template)
    address = stacks.outputs(unique)["Address"]
    assert address == physical_id(stacks, unique, "Handle")
    signal = urllib.request.Request(address, data=b'{"Status": "SUCCESS"}', method="PUT")
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(signal)
    assert refusal.value.code == 404
    assert b"NoSuchBucket" in refusal.value.read()
    assert stacks.delete(unique)["StackStatus"] == "DELETE_COMPLETE"
