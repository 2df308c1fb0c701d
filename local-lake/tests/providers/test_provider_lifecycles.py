"""Every resource type is made, changed in place and taken away for good, through CloudFormation's door."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from provider_cases import CASES

from local_lake.providers.catalogue import TYPES

if TYPE_CHECKING:
    from looks import Case
    from stack_driver import StackDriver, Template

Client = Callable[[str], Any]

CAPABILITIES = ["CAPABILITY_NAMED_IAM"]


def test_every_type_has_a_case() -> None:
    own = {name for name in TYPES if name.startswith("AWS::CloudFormation::")}
    assert {case.type_name for case in CASES} == TYPES - own


def template_of(case: Case, properties: dict[str, Any], name: str) -> Template:
    subject = {"Type": case.type_name, "Properties": properties}
    text = json.dumps({"Resources": {**case.support, "Subject": subject}})
    template: Template = json.loads(text.replace("NAME", name))
    return template


def physical_id(stacks: StackDriver, name: str) -> str:
    detail = stacks.cloudformation.describe_stack_resource(StackName=name, LogicalResourceId="Subject")
    return str(detail["StackResourceDetail"]["PhysicalResourceId"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.type_name)
def test_lifecycle(stacks: StackDriver, client: Client, unique: str, case: Case) -> None:
    created = stacks.create(
        unique,
        template_of(case, case.first, unique),
        Capabilities=CAPABILITIES,
        Tags=[{"Key": "t", "Value": "1"}],
    )
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.events(unique)
    made = physical_id(stacks, unique)
    assert case.look(client, made, unique) == case.first_seen

    if case.second is not None:
        updated = stacks.update(
            unique,
            template_of(case, case.second, unique),
            Capabilities=CAPABILITIES,
            Tags=[{"Key": "t", "Value": "2"}],
        )
        assert updated["StackStatus"] == "UPDATE_COMPLETE", stacks.events(unique)
        assert physical_id(stacks, unique) == made
        assert case.look(client, made, unique) == case.second_seen

    deleted = stacks.delete(unique)
    assert deleted["StackStatus"] == "DELETE_COMPLETE", stacks.events(deleted["StackId"])
    with pytest.raises((ClientError, LookupError)):
        case.look(client, made, unique)
