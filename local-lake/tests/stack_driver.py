"""Drives stacks from a test: deploys through CloudFormation's API and waits for the end of it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Template = dict[str, Any]

_POLL_SECONDS = 0.05
_PATIENCE_SECONDS = 60.0


def wait_until(probe: Callable[[], Any]) -> Any:  # noqa: ANN401
    """Ask until the answer is truthy, and return it; a test's own patience ends it."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        answer = probe()
        if answer:
            return answer
        time.sleep(_POLL_SECONDS)
    raise AssertionError("it did not happen in time")


@dataclass(frozen=True)
class StackDriver:
    """Stacks of one local lake; every call returns what the API said at the end."""

    cloudformation: Any

    def settle(self, name: str) -> dict[str, Any]:
        """Wait for a stack's operation to end and describe the stack."""

        def probe() -> dict[str, Any] | None:
            stack: dict[str, Any] = self.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
            return None if stack["StackStatus"].endswith("_IN_PROGRESS") else stack

        settled: dict[str, Any] = wait_until(probe)
        return settled

    def create(self, name: str, template: Template, **options: Any) -> dict[str, Any]:  # noqa: ANN401
        """Create a stack and wait."""
        stack_id = self.cloudformation.create_stack(
            StackName=name, TemplateBody=json.dumps(template), **options
        )["StackId"]
        return self.settle(stack_id)

    def update(self, name: str, template: Template, **options: Any) -> dict[str, Any]:  # noqa: ANN401
        """Update a stack and wait."""
        self.cloudformation.update_stack(StackName=name, TemplateBody=json.dumps(template), **options)
        return self.settle(name)

    def delete(self, name: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401
        """Delete a stack and wait; the stack is found by its id afterwards."""
        stack_id = self.cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
        self.cloudformation.delete_stack(StackName=name, **options)
        return self.settle(stack_id)

    def change_set(self, name: str, template: Template, **options: Any) -> dict[str, Any]:  # noqa: ANN401
        """Create a change set, wait for it and describe it with its property values."""
        options = {"ChangeSetName": "changes", "ChangeSetType": "UPDATE", **options}
        created = self.cloudformation.create_change_set(
            StackName=name, TemplateBody=json.dumps(template), **options
        )

        def probe() -> dict[str, Any] | None:
            found: dict[str, Any] = self.cloudformation.describe_change_set(
                ChangeSetName=created["Id"], IncludePropertyValues=True
            )
            return found if found["Status"] in ("CREATE_COMPLETE", "FAILED") else None

        settled: dict[str, Any] = wait_until(probe)
        return settled

    def events(self, name: str) -> list[tuple[str, str, str]]:
        """List a stack's events, the oldest first: logical id, status and reason."""
        pages = self.cloudformation.get_paginator("describe_stack_events").paginate(StackName=name)
        events = [event for page in pages for event in page["StackEvents"]]
        return [
            (e["LogicalResourceId"], e["ResourceStatus"], e.get("ResourceStatusReason", ""))
            for e in reversed(events)
        ]

    def outputs(self, name: str) -> dict[str, str]:
        """Read a stack's outputs."""
        stack = self.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def resources(**definitions: Any) -> Template:  # noqa: ANN401
    """Write a template of resources alone."""
    return {"Resources": definitions}


def bucket(name: str, **properties: Any) -> dict[str, Any]:  # noqa: ANN401
    """Write a bucket."""
    return {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name, **properties}}


def parameter(value: object, **properties: Any) -> dict[str, Any]:  # noqa: ANN401
    """Write the cheapest resource there is: a parameter of Systems Manager."""
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value, **properties}}


def topic(name: str | None = None, **properties: Any) -> dict[str, Any]:  # noqa: ANN401
    """Write a topic, whose name CloudFormation makes unless one is given."""
    named = {} if name is None else {"TopicName": name}
    return {"Type": "AWS::SNS::Topic", "Properties": {**named, **properties}}
