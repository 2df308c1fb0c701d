"""Templates and parameters are checked in AWS's words before anything is made."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, bucket, parameter, resources, topic

Client = Callable[[str], Any]


def role(**properties: str) -> dict[str, Any]:
    trust = {"Version": "2012-10-17", "Statement": []}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust, **properties}}


BAD_TEMPLATES = [
    ("{", r"Template format error: JSON not well-formed. (line 1, column 2)"),
    ("a: [", "Template format error: YAML not well-formed. (line 1, column 5)"),
    ("text", "Template format error: unsupported structure."),
    ("Resources: {}", "Template format error: At least one Resources member must be defined."),
    ("Resorces: {}", "Invalid template property or properties [Resorces]"),
    (
        "Resources: {A: {Type: 'AWS::X::Y'}, B: {Type: 'AWS::S3::Bukket'}}",
        "Template format error: Unrecognized resource types: [AWS::S3::Bukket, AWS::X::Y]",
    ),
    (
        "Resources: {A: {Properties: {}}}",
        "Template format error: [/Resources/A] Every Resources object must contain a Type member.",
    ),
    (
        "Resources: {A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Ref Absent}}}",
        "Template format error: Unresolved resource dependencies [Absent] in the Resources block",
    ),
    (
        "Resources: {A: {Type: 'AWS::S3::Bucket', DependsOn: Absent}}",
        "Template format error: Unresolved resource dependencies [Absent] in the Resources block",
    ),
    (
        "Resources: {A: {Type: 'AWS::S3::Bucket'}}\nOutputs: {O: {Value: !Sub '${Absent}'}}",
        "Template format error: Unresolved resource dependencies [Absent] in the Outputs block",
    ),
    (
        "Resources: {A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !GetAtt Absent.Arn}}}",
        "Template error: instance of Fn::GetAtt references undefined resource Absent",
    ),
    (
        "Resources: {A: {Type: 'AWS::S3::Bucket'}}\nOutputs: {O: {Value: !GetAtt A.Colour}}",
        "Template error: resource A does not support attribute type Colour in Fn::GetAtt",
    ),
    (
        "Resources: {A: {Type: 'AWS::S3::Bucket', DependsOn: B}, B: {Type: 'AWS::S3::Bucket', DependsOn: A}}",
        "Circular dependency between resources: [A, B]",
    ),
    (
        "Resources: {A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !If [Absent, a, b]}}}",
        "Template error: unresolved condition dependency Absent in Fn::If",
    ),
    (
        "Conditions: {C: !Condition D, D: !Condition C}\nResources: {A: {Type: 'AWS::S3::Bucket'}}",
        "the Conditions block has a circular dependency",
    ),
    (
        "Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: 'AWS::S3::Bucket'}}",
        "does not run macros and transforms",
    ),
    (
        "Resources: {A: {Type: 'AWS::S3::Bucket'}, A: {Type: 'AWS::S3::Bucket'}}",
        "Template format error: YAML not well-formed.",
    ),
]


@pytest.mark.parametrize(("body", "words"), BAD_TEMPLATES)
def test_bad_templates_are_refused_everywhere(
    stacks: StackDriver, unique: str, body: str, words: str
) -> None:
    cloudformation = stacks.cloudformation
    calls: list[Callable[[], Any]] = [
        lambda: cloudformation.validate_template(TemplateBody=body),
        lambda: cloudformation.create_stack(StackName=unique, TemplateBody=body),
        lambda: cloudformation.create_change_set(
            StackName=unique, TemplateBody=body, ChangeSetName="c", ChangeSetType="CREATE"
        ),
    ]
    for call in calls:
        with pytest.raises(ClientError, match=re.escape(words)) as refusal:
            call()
        assert refusal.value.response["Error"]["Code"] == "ValidationError"
    with pytest.raises(ClientError, match="does not exist"):
        cloudformation.describe_stacks(StackName=unique)


@pytest.mark.parametrize(
    ("declared", "value", "words"),
    [
        ({"Type": "String"}, None, "Parameters: [P] must have values"),
        ({"Type": "String", "AllowedValues": ["a", "b"]}, "c", "Parameter 'P' must be one of AllowedValues"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "A", "Parameter 'P' must match pattern [a-z]+"),
        (
            {"Type": "String", "AllowedPattern": "[a-z]+", "ConstraintDescription": "lower case."},
            "A",
            "Parameter P failed to satisfy constraint: lower case.",
        ),
        ({"Type": "String", "MinLength": 3}, "ab", "Parameter 'P' must contain at least 3 characters"),
        ({"Type": "String", "MaxLength": "1"}, "ab", "Parameter 'P' must contain at most 1 characters"),
        ({"Type": "Number", "MinValue": 5}, "4", "Parameter 'P' must be a number not less than 5"),
        ({"Type": "Number", "MaxValue": 5}, "6", "Parameter 'P' must be a number not greater than 5"),
        ({"Type": "Number"}, "six", "Parameter 'P' must be a number"),
        ({"Type": "CommaDelimitedList", "AllowedValues": ["a"]}, "a, b", "must be one of AllowedValues"),
        ({"Type": "AWS::SSM::Parameter::Value<String>"}, "/absent", "Unable to fetch parameters [/absent]"),
        ({"Type": "Strng"}, "x", "Template format error: Unrecognized parameter type: Strng"),
    ],
)
def test_parameters_are_held_to_their_constraints(
    stacks: StackDriver, unique: str, declared: dict[str, Any], value: str | None, words: str
) -> None:
    template = {"Parameters": {"P": declared}, **resources(Value=parameter({"Ref": "P"}))}
    given = [] if value is None else [{"ParameterKey": "P", "ParameterValue": value}]
    with pytest.raises(ClientError, match=re.escape(words)):
        stacks.create(unique, template, Parameters=given)


def test_a_parameter_the_template_lacks(stacks: StackDriver, unique: str) -> None:
    given = [{"ParameterKey": "Absent", "ParameterValue": "x"}]
    with pytest.raises(ClientError, match=r"Parameters: \[Absent\] do not exist in the template"):
        stacks.create(unique, resources(Value=parameter("1")), Parameters=given)


def test_an_ssm_parameter_is_resolved(stacks: StackDriver, client: Client, unique: str) -> None:
    client("ssm").put_parameter(Name=f"/{unique}/source", Value="resolved", Type="String")
    template = {
        "Parameters": {"P": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": f"/{unique}/source"}},
        **resources(Value=parameter("1")),
        "Outputs": {"Value": {"Value": {"Ref": "P"}}},
    }
    stack = stacks.create(unique, template)
    assert stacks.outputs(unique) == {"Value": "resolved"}
    assert stack["Parameters"] == [
        {"ParameterKey": "P", "ParameterValue": f"/{unique}/source", "ResolvedValue": "resolved"}
    ]


@pytest.mark.parametrize(
    ("definition", "given", "needed"),
    [
        (role(), [], "CAPABILITY_IAM"),
        (role(RoleName="named"), ["CAPABILITY_IAM"], "CAPABILITY_NAMED_IAM"),
    ],
)
def test_capabilities_must_be_acknowledged(
    stacks: StackDriver, unique: str, definition: dict[str, Any], given: list[str], needed: str
) -> None:
    refusal = stacks.cloudformation.exceptions.InsufficientCapabilitiesException
    with pytest.raises(refusal, match=re.escape(f"Requires capabilities : [{needed}]")):
        stacks.create(unique, resources(Role=definition), Capabilities=given)
    summary = stacks.cloudformation.validate_template(TemplateBody=json.dumps(resources(Role=definition)))
    assert summary["Capabilities"] == [needed]


def test_a_template_can_come_from_s3_in_both_styles(stacks: StackDriver, client: Client, unique: str) -> None:
    where = {"LocationConstraint": "ap-northeast-1"}
    client("s3").create_bucket(Bucket=f"{unique}-code", CreateBucketConfiguration=where)
    body = json.dumps(resources(Value=parameter("1")))
    client("s3").put_object(Bucket=f"{unique}-code", Key="a/t.json", Body=body.encode())
    endpoint = stacks.cloudformation.meta.endpoint_url
    for url in (
        f"https://{unique}-code.s3.ap-northeast-1.amazonaws.com/a/t.json",
        f"https://s3.amazonaws.com/{unique}-code/a/t.json",
        f"{endpoint}/{unique}-code/a/t.json",
    ):
        summary = stacks.cloudformation.get_template_summary(TemplateURL=url)
        assert summary["ResourceTypes"] == ["AWS::SSM::Parameter"]
    with pytest.raises(ClientError, match="S3 error: The specified key does not exist"):
        stacks.cloudformation.validate_template(TemplateURL=f"{endpoint}/{unique}-code/absent")


def test_a_template_body_has_a_limit(stacks: StackDriver) -> None:
    body = json.dumps({"Description": "x" * 51_200, **resources(Value=parameter("1"))})
    with pytest.raises(ClientError, match="length less than or equal to 51200"):
        stacks.cloudformation.validate_template(TemplateBody=body)


def test_templates_are_returned_and_summarized(stacks: StackDriver, unique: str) -> None:
    template = {
        "Parameters": {
            "Size": {"Type": "Number", "Default": 3, "AllowedValues": [3, 5], "Description": "how many"},
            "Secret": {"Type": "String", "NoEcho": True, "Default": "x"},
        },
        **resources(Value=parameter({"Ref": "Size"}), Data=bucket(f"{unique}-data"), Notices=topic()),
    }
    stacks.create(unique, template)
    assert stacks.cloudformation.get_template(StackName=unique)["TemplateBody"] == template
    summary = stacks.cloudformation.get_template_summary(StackName=unique)
    assert summary["ResourceTypes"] == ["AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::SSM::Parameter"]
    size, secret = summary["Parameters"]
    assert (size["DefaultValue"], size["ParameterConstraints"]) == ("3", {"AllowedValues": ["3", "5"]})
    assert secret["NoEcho"] is True


def test_stack_names_are_checked(stacks: StackDriver) -> None:
    with pytest.raises(ClientError, match="failed to satisfy constraint"):
        stacks.create("no_underscores", resources(Value=parameter("1")))
