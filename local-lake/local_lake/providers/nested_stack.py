"""AWS::CloudFormation::Stack."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local_lake.front.registry import ServiceError
from local_lake.providers.contract import (
    Context,
    Properties,
    Provider,
    ResourceFailure,
    select,
    update_rules,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_POLL_SECONDS = 0.05
_NO_UPDATES = "No updates are to be performed."


class NestedStack(Provider):
    """A stack of a stack; its physical id is its stack id.

    Its reasons are shown as they are, without the words of a resource handler. The stack's tags and
    CloudFormation's own (`aws:cloudformation:stack-id`, ...) go to it, by which it knows its parent.
    """

    type_name = "AWS::CloudFormation::Stack"
    updates = update_rules(never="NotificationARNs Parameters Tags TemplateURL TimeoutInMinutes")
    required = ("TemplateURL",)
    attributes = None
    tag_property = "Tags"
    updates_always = True

    def create(self, context: Context, properties: Properties) -> str:
        """Begin the creation; a child that fails stays as it is until its parent deletes it."""
        client = context.client("cloudformation")
        answer = _ask(
            lambda: client.create_stack(
                StackName=context.generate_name(128),
                OnFailure="DO_NOTHING",
                **select(properties, "TimeoutInMinutes"),
                **_arguments(context, properties),
            )
        )
        return str(answer["StackId"])

    def settle(self, context: Context, physical_id: str) -> None:
        """Wait for the creation to end. Raises ServiceError with the child's reason when it failed."""
        stack = _wait(context, physical_id, context.pause)
        if stack["StackStatus"] != "CREATE_COMPLETE":
            reason = stack.get("StackStatusReason", "")
            _fail(f"Embedded stack {physical_id} was not successfully created: {reason}")

    def update(self, context: Context, physical_id: str, _: Properties, after: Properties) -> None:
        """Update the child and wait; a cancelled parent cancels it, and waits for it to roll back."""
        client = context.client("cloudformation")
        try:
            client.update_stack(StackName=physical_id, **_arguments(context, after))
        except ClientError as error:
            if error.response["Error"]["Message"] == _NO_UPDATES:
                return
            _fail(error.response["Error"]["Message"], error)
        try:
            stack = _wait(context, physical_id, context.pause)
        except Exception:
            _cancel(client, physical_id)
            _wait(context, physical_id, time.sleep)
            raise
        if stack["StackStatus"] != "UPDATE_COMPLETE":
            status, reason = _find_cause(client, physical_id)
            _fail(
                f"Embedded stack {physical_id} was not successfully updated. Currently in {status} with "
                f"reason: {reason}"
            )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the child as DescribeStacks does; one that is deleted counts as gone."""
        client = context.client("cloudformation")
        stack: dict[str, Any] = client.describe_stacks(StackName=physical_id)["Stacks"][0]
        if stack["StackStatus"] == "DELETE_COMPLETE":
            raise ResourceFailure(f"Stack {physical_id} does not exist", "NotFound")
        return stack

    def describe_attributes(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties:
        """Give the child's outputs, each as `Outputs.<its name>`."""
        outputs = live.get("Outputs") or []
        return {f"Outputs.{output['OutputKey']}": output["OutputValue"] for output in outputs}

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the child and wait."""
        self.read(context, physical_id)
        client = context.client("cloudformation")
        _ask(lambda: client.delete_stack(StackName=physical_id))
        stack = _wait(context, physical_id, context.pause)
        if stack["StackStatus"] != "DELETE_COMPLETE":
            reason = stack.get("StackStatusReason", "")
            _fail(f"Embedded stack {physical_id} was not successfully deleted: {reason}")


def _arguments(context: Context, properties: Properties) -> dict[str, Any]:
    given = properties.get("Parameters") or {}
    return {
        "TemplateURL": str(properties["TemplateURL"]),
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": _write(value)} for key, value in given.items()
        ],
        "Capabilities": list(context.capabilities),
        **select(properties, "NotificationARNs", "Tags"),
    }


def _write(value: Any) -> str:  # noqa: ANN401 - any value of a template
    if isinstance(value, list):
        return ",".join(map(_write, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _ask(call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Call the API; what it refuses is the child's own failure, in the API's words."""
    try:
        return call()
    except ClientError as error:
        raise ServiceError("ValidationError", error.response["Error"]["Message"]) from error


def _fail(message: str, cause: Exception | None = None) -> None:
    raise ServiceError("ValidationError", message) from cause


def _wait(context: Context, stack_id: str, pause: Callable[[float], object]) -> dict[str, Any]:
    """Wait until nothing runs on a stack and describe it."""
    client = context.client("cloudformation")
    while True:
        stack: dict[str, Any] = client.describe_stacks(StackName=stack_id)["Stacks"][0]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            return stack
        pause(_POLL_SECONDS)


def _cancel(client: Any, stack_id: str) -> None:  # noqa: ANN401 - see Context.client
    try:
        client.cancel_update_stack(StackName=stack_id)
    except ClientError:
        return  # it has ended, or rolls back already


def _find_cause(client: Any, stack_id: str) -> tuple[str, str]:  # noqa: ANN401 - see Context.client
    """Find the status in which an update gave up, and why."""
    pages = client.get_paginator("describe_stack_events").paginate(StackName=stack_id)
    for event in (event for page in pages for event in page["StackEvents"]):
        status = event["ResourceStatus"]
        if event["PhysicalResourceId"] == stack_id and status in _GAVE_UP:
            return status, event.get("ResourceStatusReason", "")
    return "UPDATE_FAILED", ""


_GAVE_UP = ("UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_FAILED")
