"""Every intrinsic function, pseudo parameter and condition gives what AWS documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, bucket, parameter, resources

Client = Callable[[str], Any]

YAML = """
Parameters:
  Stage: {Type: String, Default: dev}
  Names: {Type: CommaDelimitedList, Default: "a, b,c"}
Mappings:
  Sizes: {dev: {Small: "1", Flag: true}, prod: {Small: "9"}}
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
  IsProd: !Equals [!Ref Stage, prod]
  Either: !Or [!Condition IsDev, !Condition IsProd]
  Both: !And [!Condition IsDev, !Condition IsProd]
  NotProd: !Not [!Condition IsProd]
Resources:
  Data: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub "${AWS::StackName}-data"}}
  OnlyProd: {Type: AWS::S3::Bucket, Condition: IsProd}
  Value:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: x, Description: !If [IsProd, y, !Ref "AWS::NoValue"]}
Outputs:
  Sub: {Value: !Sub "${Data}/${Data.Arn}/${Stage}/${!Literal}"}
  SubOwn: {Value: !Sub ["${X}-${Stage}", {X: !Select [1, !Ref Names]}]}
  Join: {Value: !Join ["+", !Ref Names]}
  Split: {Value: !Select [2, !Split ["-", "x-y-z"]]}
  Map: {Value: !FindInMap [Sizes, !Ref Stage, Small]}
  MapFlag: {Value: !FindInMap [Sizes, dev, Flag]}
  If: {Value: !If [IsDev, yes-dev, no-dev]}
  Conditions: {Value: !Join ["", [!If [Either, 1, 0], !If [Both, 1, 0], !If [NotProd, 1, 0]]]}
  Zone: {Value: !Select [0, !GetAZs ""]}
  Cidr: {Value: !Join [" ", !Cidr ["10.0.0.0/16", 3, 8]]}
  Base64: {Value: !Base64 "hello"}
  Date: {Value: 2020-01-02}
  Pseudo: {Value: !Sub "${AWS::AccountId} ${AWS::Region} ${AWS::Partition} ${AWS::URLSuffix}"}
  Hidden: {Condition: IsProd, Value: "never"}
"""


def test_functions(stacks: StackDriver, unique: str) -> None:
    stacks.cloudformation.create_stack(StackName=unique, TemplateBody=YAML)
    assert stacks.settle(unique)["StackStatus"] == "CREATE_COMPLETE"
    assert stacks.outputs(unique) == {
        "Sub": f"{unique}-data/arn:aws:s3:::{unique}-data/dev/${{Literal}}",
        "SubOwn": "b-dev",
        "Join": "a+b+c",
        "Split": "z",
        "Map": "1",
        "MapFlag": "true",
        "If": "yes-dev",
        "Conditions": "101",
        "Zone": "ap-northeast-1a",
        "Cidr": "10.0.0.0/24 10.0.1.0/24 10.0.2.0/24",
        "Base64": "aGVsbG8=",
        "Date": "2020-01-02",
        "Pseudo": "123456789012 ap-northeast-1 aws amazonaws.com",
    }
    listed = stacks.cloudformation.describe_stack_resources(StackName=unique)["StackResources"]
    assert {entry["LogicalResourceId"] for entry in listed} == {"Data", "Value"}


def test_a_condition_adds_and_removes_resources(stacks: StackDriver, unique: str) -> None:
    def given(stage: str) -> list[dict[str, str]]:
        return [{"ParameterKey": "Stage", "ParameterValue": stage}]

    stacks.cloudformation.create_stack(StackName=unique, TemplateBody=YAML)
    stacks.settle(unique)
    stacks.cloudformation.update_stack(StackName=unique, UsePreviousTemplate=True, Parameters=given("prod"))
    assert stacks.settle(unique)["StackStatus"] == "UPDATE_COMPLETE"
    assert stacks.outputs(unique)["Hidden"] == "never"
    listed = stacks.cloudformation.describe_stack_resources(StackName=unique)["StackResources"]
    assert {entry["LogicalResourceId"] for entry in listed} == {"Data", "OnlyProd", "Value"}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"Fn::Select": [5, ["a"]]}, "Fn::Select cannot select nonexistent value at index 5"),
        ({"Fn::FindInMap": ["No", "such", "map"]}, "Unable to get mapping for No::such::map"),
        ("{{resolve:vault:/a}}", "Invalid dynamic reference in AWS::SSM::Parameter/Properties/Value"),
        ({"Fn::Transform": {"Name": "x"}}, "the local lake does not implement Fn::Transform"),
    ],
)
def test_functions_that_cannot_be_resolved(
    stacks: StackDriver, unique: str, value: object, words: str
) -> None:
    template = resources(Value=parameter(value), Other=bucket(f"{unique}-data"))
    change_set = stacks.change_set(unique, template, ChangeSetType="CREATE")
    assert change_set["Status"] == "FAILED"
    assert words in change_set["StatusReason"]


def exporter(name: str, value: str) -> dict[str, Any]:
    output = {"Value": value, "Export": {"Name": f"{name}-export"}}
    return {**resources(Value=parameter("1")), "Outputs": {"Out": output}}


def importer(name: str) -> dict[str, Any]:
    imported = parameter({"Fn::ImportValue": {"Fn::Sub": f"{name}-${{Suffix}}"}}, Name=f"/{name}/in")
    suffix = {"Type": "String", "Default": "export"}
    return {"Parameters": {"Suffix": suffix}, **resources(Value=imported)}


def test_exports_are_imported(stacks: StackDriver, client: Client, unique: str) -> None:
    cloudformation = stacks.cloudformation
    missing = stacks.create(f"{unique}-early", importer(unique))
    assert missing["StackStatus"] == "ROLLBACK_COMPLETE"
    words = f"No export named {unique}-export found. Rollback requested by user."
    assert words in [reason for _, _, reason in stacks.events(f"{unique}-early")]

    stacks.create(f"{unique}-a", exporter(unique, "first"))
    stacks.create(f"{unique}-b", importer(unique))
    assert client("ssm").get_parameter(Name=f"/{unique}/in")["Parameter"]["Value"] == "first"
    exports = {e["Name"]: e["Value"] for e in cloudformation.list_exports()["Exports"]}
    assert exports[f"{unique}-export"] == "first"
    assert cloudformation.list_imports(ExportName=f"{unique}-export")["Imports"] == [f"{unique}-b"]


def test_exports_in_use_are_guarded(stacks: StackDriver, unique: str) -> None:
    stacks.create(f"{unique}-a", exporter(unique, "first"))
    stacks.create(f"{unique}-b", importer(unique))
    changed = stacks.update(f"{unique}-a", exporter(unique, "second"))
    assert changed["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    words = f"Export {unique}-export cannot be updated as it is in use by {unique}-b."
    assert words in [reason for _, _, reason in stacks.events(f"{unique}-a")]

    blocked = stacks.delete(f"{unique}-a")
    assert blocked["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert blocked["StackStatusReason"] == (
        f"Delete canceled. Cannot delete export {unique}-export as it is in use by {unique}-b."
    )
    second = stacks.create(f"{unique}-c", exporter(unique, "x"))
    assert second["StackStatus"] == "ROLLBACK_COMPLETE"

    stacks.delete(f"{unique}-b")
    assert stacks.delete(f"{unique}-a")["StackStatus"] == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="is not imported by any stack"):
        stacks.cloudformation.list_imports(ExportName=f"{unique}-export")


def test_values_may_be_text_or_typed(stacks: StackDriver, client: Client, unique: str) -> None:
    rule = {"Id": "expire", "Status": "Enabled", "ExpirationInDays": "30"}
    block = {"BlockPublicAcls": "true", "IgnorePublicAcls": True}
    data = bucket(
        f"{unique}-data", LifecycleConfiguration={"Rules": [rule]}, PublicAccessBlockConfiguration=block
    )
    template = json.loads(json.dumps(resources(Data=data)))
    assert stacks.create(unique, template)["StackStatus"] == "CREATE_COMPLETE"
    rules = client("s3").get_bucket_lifecycle_configuration(Bucket=f"{unique}-data")["Rules"]
    assert rules[0]["Expiration"] == {"Days": 30}
    template["Resources"]["Data"]["Properties"]["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] = 30
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update(unique, template)
