"""Dynamic references are resolved for the resource alone; nothing that people read shows their values."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import parameter, resources

if TYPE_CHECKING:
    from conftest import Lake
    from stack_driver import StackDriver

Client = Callable[[str], Any]

SECRET = "hunter2-is-no-password"


def value_of(client: Client, name: str) -> str:
    return str(client("ssm").get_parameter(Name=name)["Parameter"]["Value"])


def everything_shown(stacks: StackDriver, name: str) -> str:
    """All that CloudFormation answers about a stack, as one text."""
    api = stacks.cloudformation
    answers = [
        api.describe_stacks(StackName=name),
        api.describe_stack_events(StackName=name),
        api.describe_stack_resources(StackName=name),
        api.get_template(StackName=name),
        api.list_change_sets(StackName=name),
    ]
    return json.dumps(answers, default=str)


@pytest.fixture
def secret(client: Client, unique: str) -> str:
    text = json.dumps({"password": SECRET, "port": 5432})
    return str(client("secretsmanager").create_secret(Name=f"{unique}/db", SecretString=text)["ARN"])


def test_parameters_are_read_by_name_and_version(stacks: StackDriver, client: Client, unique: str) -> None:
    ssm = client("ssm")
    ssm.put_parameter(Name=f"/{unique}/size", Type="String", Value="small")
    ssm.put_parameter(Name=f"/{unique}/size", Type="String", Value="large", Overwrite=True)
    newest = {"Fn::Sub": "a {{resolve:ssm:/${AWS::StackName}/size}} one"}
    template = resources(
        Newest=parameter(newest, Name=f"/{unique}/newest"),
        First=parameter(f"{{{{resolve:ssm:/{unique}/size:1}}}}", Name=f"/{unique}/first"),
    )
    template["Outputs"] = {"Size": {"Value": f"{{{{resolve:ssm:/{unique}/size}}}}"}}
    assert stacks.create(unique, template)["StackStatus"] == "CREATE_COMPLETE"
    assert value_of(client, f"/{unique}/newest") == "a large one"
    assert value_of(client, f"/{unique}/first") == "small"
    assert stacks.outputs(unique) == {"Size": "large"}
    ssm.put_parameter(Name=f"/{unique}/size", Type="String", Value="huge", Overwrite=True)
    template.pop("Outputs")
    template["Resources"]["First"]["Properties"]["Description"] = "changed"
    stacks.update(unique, template)
    assert value_of(client, f"/{unique}/newest") == "a large one", "a value alone changes no resource"
    stacks.delete(unique)


def test_a_changed_resource_gets_the_newest_value(stacks: StackDriver, client: Client, unique: str) -> None:
    client("ssm").put_parameter(Name=f"/{unique}/v", Type="String", Value="one")
    wanted = parameter(f"{{{{resolve:ssm:/{unique}/v}}}}", Name=f"/{unique}/copy")
    stacks.create(unique, resources(Copy=wanted))
    client("ssm").put_parameter(Name=f"/{unique}/v", Type="String", Value="two", Overwrite=True)
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update(unique, resources(Copy=wanted))
    wanted["Properties"]["Tags"] = {"a": "b"}
    stacks.update(unique, resources(Copy=wanted))
    assert value_of(client, f"/{unique}/copy") == "two"
    client("ssm").delete_parameter(Name=f"/{unique}/v")
    assert stacks.delete(unique)["StackStatus"] == "DELETE_COMPLETE"


def test_secrets_reach_the_resource_and_nobody_else(
    stacks: StackDriver, client: Client, lake: Lake, unique: str, secret: str
) -> None:
    whole = f"{{{{resolve:secretsmanager:{unique}/db}}}}"
    password = f"{{{{resolve:secretsmanager:{secret}:SecretString:password:AWSCURRENT}}}}"
    port = f"{{{{resolve:secretsmanager:{unique}/db:SecretString:port}}}}"
    template = resources(
        Whole=parameter(whole, Name=f"/{unique}/whole"),
        Address=parameter(f"x:{password}@host:{port}", Name=f"/{unique}/address"),
    )
    template["Outputs"] = {"Password": {"Value": password}}
    planned = stacks.change_set(unique, template, ChangeSetType="CREATE")
    assert planned["Status"] == "CREATE_COMPLETE"
    stacks.cloudformation.execute_change_set(ChangeSetName=planned["ChangeSetId"])
    assert stacks.settle(unique)["StackStatus"] == "CREATE_COMPLETE"
    assert value_of(client, f"/{unique}/address") == f"x:{SECRET}@host:5432"
    assert json.loads(value_of(client, f"/{unique}/whole"))["password"] == SECRET
    shown = everything_shown(stacks, unique) + json.dumps(planned, default=str)
    assert password in shown
    assert SECRET not in shown
    assert SECRET not in (lake.state / "local-lake.log").read_text()
    assert stacks.outputs(unique) == {"Password": password}
    stacks.delete(unique)


def test_a_failure_does_not_tell_the_secret(
    stacks: StackDriver, client: Client, lake: Lake, unique: str
) -> None:
    taken = f"{unique}-taken"
    properties = {"Type": "ON_DEMAND", "Actions": [{"JobName": "a"}]}
    client("glue").create_trigger(Name=taken, **properties)
    client("secretsmanager").create_secret(Name=f"{unique}/name", SecretString=taken)
    bad = f"{{{{resolve:secretsmanager:{unique}/name}}}}"
    trigger = {"Type": "AWS::Glue::Trigger", "Properties": {"Name": bad, **properties}}
    stacks.create(unique, resources(Trigger=trigger))
    (reason,) = [reason for _, status, reason in stacks.events(unique) if status == "CREATE_FAILED"]
    assert "****" in reason, reason
    assert taken not in everything_shown(stacks, unique)
    assert taken not in (lake.state / "local-lake.log").read_text()
    stacks.delete(unique)


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("ssm:/absent", "Unable to fetch parameters [/absent] from parameter store for this account."),
        ("ssm:/NAME/secure", "Non-secure ssm prefix was used for secure parameter: [/NAME/secure]"),
        ("secretsmanager:absent", "Secrets Manager can't find the specified secret."),
        ("secretsmanager:NAME/db:SecretString:user", "Could not find a value associated with JSONKey"),
        ("secretsmanager:NAME/plain:SecretString:user", "Could not parse SecretString JSON"),
        ("secretsmanager:NAME/db:SecretBinary", "SecretBinary is no part of a secret"),
    ],
)
def test_a_reference_that_leads_nowhere_fails_its_resource(
    stacks: StackDriver, client: Client, unique: str, secret: str, reference: str, reason: str
) -> None:
    assert secret
    client("ssm").put_parameter(Name=f"/{unique}/secure", Type="SecureString", Value="x")
    client("secretsmanager").create_secret(Name=f"{unique}/plain", SecretString="no json")
    text = f"{{{{resolve:{reference.replace('NAME', unique)}}}}}"
    stack = stacks.create(unique, resources(Value=parameter(text)))
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    (found,) = [why for _, status, why in stacks.events(unique) if status == "CREATE_FAILED"]
    assert reason.replace("NAME", unique) in found
    stacks.delete(unique)


def test_secure_parameters_are_refused_where_aws_refuses_them(stacks: StackDriver, unique: str) -> None:
    path = "AWS::SSM::Parameter/Properties/Value"
    with pytest.raises(ClientError) as refusal:
        stacks.create(unique, resources(Value=parameter("{{resolve:ssm-secure:/a:1}}")))
    assert refusal.value.response["Error"]["Message"] == (
        f"SSM Secure reference is not supported in: [{path}]"
    )
    composed = {"Fn::Join": ["", ["{{resolve:ssm-", "secure:/a:1}}"]]}
    failed = stacks.change_set(unique, resources(Value=parameter(composed)), ChangeSetType="CREATE")
    assert (failed["Status"], failed["StatusReason"]) == (
        "FAILED",
        f"SSM Secure reference is not supported in: [{path}]",
    )
    stacks.delete(unique)
