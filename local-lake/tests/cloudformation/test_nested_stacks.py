"""Stacks in stacks: made, changed, rolled back and deleted with their parent, each with events of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import parameter, resources, wait_until

if TYPE_CHECKING:
    from stack_driver import StackDriver, Template

Client = Callable[[str], Any]
Put = Callable[[str, "Template"], str]

NO_KEY = "11111111-1111-1111-1111-111111111111"


@pytest.fixture
def put(client: Client, unique: str) -> Put:
    """Puts a template into S3 under a name; returns its address."""
    s3, name = client("s3"), f"{unique}-templates"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})

    def put_template(key: str, template: Template) -> str:
        s3.put_object(Bucket=name, Key=key, Body=json.dumps(template).encode())
        return f"https://{name}.s3.ap-northeast-1.amazonaws.com/{key}"

    return put_template


def nested(url: str, **parameters: object) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": url, "Parameters": parameters},
    }


def broken() -> dict[str, Any]:
    properties = {"AliasName": "alias/nowhere", "TargetKeyId": NO_KEY}
    return {"Type": "AWS::KMS::Alias", "Properties": properties, "DependsOn": "Value"}


def child(name: str, **more: object) -> Template:
    """A template with one parameter, which it writes to Systems Manager, and an output."""
    return {
        "Parameters": {"Word": {"Type": "String", "Default": "none"}},
        "Resources": {"Value": parameter({"Ref": "Word"}, Name=f"/{name}"), **more},
        "Outputs": {"Name": {"Value": {"Ref": "Value"}}, "Said": {"Value": {"Ref": "Word"}}},
    }


def physical_id(stacks: StackDriver, name: str, logical_id: str = "Child") -> str:
    detail = stacks.cloudformation.describe_stack_resource(StackName=name, LogicalResourceId=logical_id)
    return str(detail["StackResourceDetail"]["PhysicalResourceId"])


def describe(stacks: StackDriver, name: str) -> dict[str, Any]:
    stack: dict[str, Any] = stacks.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    return stack


def value_of(client: Client, name: str) -> str:
    return str(client("ssm").get_parameter(Name=name)["Parameter"]["Value"])


def reasons(stacks: StackDriver, name: str, status: str) -> list[str]:
    return [reason for _, found, reason in stacks.events(name) if found == status]


def test_a_child_knows_its_parent_and_gives_its_outputs(
    stacks: StackDriver, client: Client, unique: str, put: Put
) -> None:
    inner = put("inner.json", child(f"{unique}/inner"))
    path_style = inner.replace(f"//{unique}-templates.s3", "//s3").replace(
        ".com/", f".com/{unique}-templates/"
    )
    middle = child(f"{unique}/middle", Inner=nested(path_style, Word="deep"))
    template = resources(
        Child=nested(put("middle.json", middle), Word="hello"),
        Copy=parameter({"Fn::Sub": "${Child.Outputs.Said}!"}, Name=f"/{unique}/copy"),
    )
    template["Outputs"] = {"Name": {"Value": {"Fn::GetAtt": ["Child", "Outputs.Name"]}}}
    root = stacks.create(unique, template, Tags=[{"Key": "team", "Value": "lake"}])
    assert root["StackStatus"] == "CREATE_COMPLETE", stacks.events(unique)
    assert stacks.outputs(unique) == {"Name": f"/{unique}/middle"}
    assert value_of(client, f"/{unique}/copy") == "hello!"
    assert value_of(client, f"/{unique}/inner") == "deep"
    middle_id = physical_id(stacks, unique)
    inner_id = physical_id(stacks, middle_id, "Inner")
    found = describe(stacks, inner_id)
    assert (found["ParentId"], found["RootId"]) == (middle_id, root["StackId"])
    assert found["Tags"] == [{"Key": "team", "Value": "lake"}]
    assert "ParentId" not in root
    assert found["StackName"].startswith(f"{unique}-Child-")
    assert ("Value", "CREATE_COMPLETE", "") in stacks.events(inner_id)
    assert not any(logical_id == "Value" for logical_id, _, _ in stacks.events(unique))
    assert stacks.delete(unique)["StackStatus"] == "DELETE_COMPLETE"
    assert describe(stacks, inner_id)["StackStatus"] == "DELETE_COMPLETE"
    with pytest.raises(ClientError):
        value_of(client, f"/{unique}/inner")


def test_a_child_is_updated_even_if_only_its_template_changed(
    stacks: StackDriver, client: Client, unique: str, put: Put
) -> None:
    url = put("child.json", child(f"{unique}/a"))
    template = resources(Child=nested(url, Word="one"))
    stacks.create(unique, template)
    child_id = physical_id(stacks, unique)
    put("child.json", child(f"{unique}/a", Other=parameter("x", Name=f"/{unique}/b")))
    planned = stacks.change_set(unique, template)
    (change,) = (entry["ResourceChange"] for entry in planned["Changes"])
    assert (change["Action"], change["Replacement"], change["Scope"]) == ("Modify", "False", ["Properties"])
    assert [detail["ChangeSource"] for detail in change["Details"]] == ["Automatic"]
    stacks.cloudformation.execute_change_set(ChangeSetName=planned["ChangeSetId"])
    assert stacks.settle(unique)["StackStatus"] == "UPDATE_COMPLETE"
    assert describe(stacks, child_id)["StackStatus"] == "UPDATE_COMPLETE"
    assert value_of(client, f"/{unique}/b") == "x"
    again = stacks.update(unique, template)
    assert again["StackStatus"] == "UPDATE_COMPLETE", "a child with nothing to do is no failure"
    stacks.delete(unique)


def test_a_failed_creation_is_the_parents_failure(
    stacks: StackDriver, client: Client, unique: str, put: Put
) -> None:
    inner = put("inner.json", child(f"{unique}/inner", Alias=broken()))
    middle = put("middle.json", resources(Inner=nested(inner)))
    stack = stacks.create(unique, resources(Child=nested(middle)))
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    middle_id = next(
        event["PhysicalResourceId"]
        for event in stacks.cloudformation.describe_stack_events(StackName=unique)["StackEvents"]
        if event["LogicalResourceId"] == "Child" and event["ResourceStatus"] == "CREATE_FAILED"
    )
    assert reasons(stacks, unique, "CREATE_FAILED") == [
        f"Embedded stack {middle_id} was not successfully created: "
        "The following resource(s) failed to create: [Inner]."
    ]
    assert describe(stacks, middle_id)["StackStatus"] == "DELETE_COMPLETE"
    why = reasons(stacks, middle_id, "CREATE_FAILED")
    assert "The following resource(s) failed to create: [Alias]." in why[0]
    with pytest.raises(ClientError):
        value_of(client, f"/{unique}/inner")
    stacks.delete(unique)


def test_a_failed_update_takes_every_child_back_to_its_old_template(
    stacks: StackDriver, client: Client, unique: str, put: Put
) -> None:
    good, bad = put("good.json", child(f"{unique}/good")), put("bad.json", child(f"{unique}/bad"))
    first = resources(Good=nested(good, Word="one"), Bad={**nested(bad, Word="one"), "DependsOn": "Good"})
    stacks.create(unique, first)
    good_id, bad_id = physical_id(stacks, unique, "Good"), physical_id(stacks, unique, "Bad")
    put("good.json", child(f"{unique}/good", Other=parameter("x", Name=f"/{unique}/other")))
    put("bad.json", child(f"{unique}/bad", Alias=broken()))
    second = resources(Good=nested(good, Word="two"), Bad={**nested(bad, Word="two"), "DependsOn": "Good"})
    stack = stacks.update(unique, second)
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE", stacks.events(unique)
    assert reasons(stacks, unique, "UPDATE_FAILED") == [
        f"Embedded stack {bad_id} was not successfully updated. Currently in UPDATE_ROLLBACK_IN_PROGRESS "
        "with reason: The following resource(s) failed to create: [Alias]. "
    ]
    assert describe(stacks, good_id)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert describe(stacks, bad_id)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert (value_of(client, f"/{unique}/good"), value_of(client, f"/{unique}/bad")) == ("one", "one")
    with pytest.raises(ClientError):
        value_of(client, f"/{unique}/other")
    stacks.delete(unique)


def test_a_child_that_cannot_go_keeps_its_parent(
    stacks: StackDriver, client: Client, unique: str, put: Put
) -> None:
    data = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": f"{unique}-data"}}
    stacks.create(unique, resources(Child=nested(put("child.json", child(f"{unique}/v", Data=data)))))
    child_id = physical_id(stacks, unique)
    client("s3").put_object(Bucket=f"{unique}-data", Key="k", Body=b"")
    assert stacks.delete(unique)["StackStatus"] == "DELETE_FAILED"
    (reason,) = reasons(stacks, unique, "DELETE_FAILED")[:1]
    assert reason.startswith(f"Embedded stack {child_id} was not successfully deleted: ")
    assert "[Data]" in reason
    client("s3").delete_object(Bucket=f"{unique}-data", Key="k")
    assert stacks.delete(unique)["StackStatus"] == "DELETE_COMPLETE"


def test_a_child_taken_out_of_the_template_is_deleted(stacks: StackDriver, unique: str, put: Put) -> None:
    url = put("child.json", child(f"{unique}/v"))
    stacks.create(unique, resources(Child=nested(url), Value=parameter("1")))
    child_id = physical_id(stacks, unique)
    stacks.update(unique, resources(Value=parameter("1")))
    assert describe(stacks, child_id)["StackStatus"] == "DELETE_COMPLETE"
    stacks.delete(unique)


def test_what_a_child_refuses_is_said_in_its_words(stacks: StackDriver, unique: str, put: Put) -> None:
    url = put("child.json", child(f"{unique}/v"))
    stacks.create(unique, resources(Child=nested(url, Stray="x")))
    assert reasons(stacks, unique, "CREATE_FAILED") == ["Parameters: [Stray] do not exist in the template"]
    stacks.delete(unique)
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": []}}}
    with_role = resources(Child=nested(put("role.json", resources(Role=role))))
    stacks.create(unique, with_role)
    assert reasons(stacks, unique, "CREATE_FAILED") == ["Requires capabilities : [CAPABILITY_IAM]"]
    stacks.delete(unique)
    made = stacks.create(unique, with_role, Capabilities=["CAPABILITY_IAM"])
    assert made["StackStatus"] == "CREATE_COMPLETE"
    stacks.delete(unique)


def test_a_continued_rollback_goes_through_children(
    stacks: StackDriver, client: Client, unique: str, put: Put
) -> None:
    trigger = {
        "Type": "AWS::Glue::Trigger",
        "Properties": {"Name": unique, "Type": "ON_DEMAND", "Actions": [{"JobName": {"Ref": "Word"}}]},
    }
    url = put("child.json", child(f"{unique}/v", Trigger=trigger))
    stacks.create(unique, resources(Child=nested(url, Word="one")))
    child_id = physical_id(stacks, unique)
    client("glue").delete_trigger(Name=unique)
    stack = stacks.update(unique, resources(Child=nested(url, Word="two")))
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_FAILED", "\n".join(
        map(str, stacks.events(child_id) + stacks.events(unique))
    )
    api = stacks.cloudformation
    assert describe(stacks, child_id)["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    with pytest.raises(ClientError, match="continued on its root"):
        api.continue_update_rollback(StackName=child_id)
    name = describe(stacks, child_id)["StackName"]
    api.continue_update_rollback(StackName=unique, ResourcesToSkip=[f"{name}.Trigger"])
    assert stacks.settle(unique)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE", stacks.events(child_id)
    assert describe(stacks, child_id)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    stacks.delete(unique)


def test_more_children_than_threads(stacks: StackDriver, unique: str, put: Put) -> None:
    inner = put("inner.json", {"Resources": {"Value": parameter("1")}})
    middle = put("middle.json", {"Resources": {"Inner": nested(inner)}})
    children = {f"Child{n}": nested(middle) for n in range(20)}
    assert stacks.create(unique, {"Resources": children})["StackStatus"] == "CREATE_COMPLETE"
    assert stacks.delete(unique)["StackStatus"] == "DELETE_COMPLETE"


def test_a_parent_deleted_while_its_child_is_made_leaves_nothing(
    stacks: StackDriver, client: Client, unique: str, put: Put
) -> None:
    more = {f"More{n}": parameter("x", Name=f"/{unique}/{n}") for n in range(30)}
    url = put("child.json", child(f"{unique}/v", **more))
    created = stacks.cloudformation.create_stack(
        StackName=unique, TemplateBody=json.dumps(resources(Child=nested(url)))
    )
    wait_until(lambda: stacks.events(unique)[-1][0] == "Child")
    stacks.cloudformation.delete_stack(StackName=unique)
    assert stacks.settle(created["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    names = [
        entry["Name"]
        for page in client("ssm").get_paginator("describe_parameters").paginate()
        for entry in page["Parameters"]
    ]
    assert not [name for name in names if name.startswith(f"/{unique}/")]
