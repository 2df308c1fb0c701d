"""DescribeEvents: the events of a stack, of one operation on it, or of the making of a change set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.cloudformation.answers import present, take_newest
from local_lake.cloudformation.stack_operations import find_living, invalid
from local_lake.front.registry import ServiceError

if TYPE_CHECKING:
    from local_lake.cloudformation.engine import Engine
    from local_lake.cloudformation.operations import Operation
    from local_lake.cloudformation.stacks import Event, Stack
    from local_lake.front.registry import ServiceRequest


class EventQueries:
    """Reads events by operation."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def describe_events(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer DescribeEvents, the newest first, a hundred a page.

        Each operation has one event of its own (STACK_EVENT), every status of a resource or the stack is a
        PROGRESS_EVENT, a failed one of a resource a PROVISIONING_ERROR; FailedEvents leaves the last alone.
        """
        params = request.params
        with self._engine.store.lock:
            stack, operations = self._select(request)
            described = [event for operation in operations for event in _describe(stack, operation)]
        if (params.get("Filters") or {}).get("FailedEvents"):
            described = [event for event in described if event["EventType"] == "PROVISIONING_ERROR"]
        page, token = take_newest(described, params.get("NextToken"))
        return present({"OperationEvents": page, "NextToken": token})

    def _select(self, request: ServiceRequest) -> tuple[Stack, list[Operation]]:
        """Find the stack and those of its operations that are asked for, the oldest first."""
        params, store = request.params, self._engine.store
        operation_id, name = params.get("OperationId"), params.get("StackName")
        if not any(params.get(key) for key in ("OperationId", "StackName", "ChangeSetName")):
            raise invalid("One of ChangeSetName, OperationId or StackName must be specified.")
        if "ChangeSetName" in params:
            return self._of_change_set(request)
        stacks = store.of_region(request.region) if name is None else [self._find(request.region, name)]
        if operation_id is None:
            return stacks[0], stacks[0].history.operations
        for stack in stacks:
            for operation in stack.history.operations:
                if operation.operation_id == operation_id:
                    return stack, [operation]
        raise invalid(f"Operation [{operation_id}] does not exist")

    def _of_change_set(self, request: ServiceRequest) -> tuple[Stack, list[Operation]]:
        wanted, name = request.params["ChangeSetName"], request.params.get("StackName")
        if name is None and not wanted.startswith("arn:"):
            raise invalid("StackName must be specified if ChangeSetName is not specified as an ARN.")
        store = self._engine.store
        stacks = store.living(request.region) if name is None else [self._find(request.region, name)]
        for stack in stacks:
            for change_set in stack.change_sets.values():
                if wanted in (change_set.name, change_set.change_set_id):
                    return stack, [change_set.operation]
        raise ServiceError("ChangeSetNotFound", f"ChangeSet [{wanted}] does not exist", 404)

    def _find(self, region: str, name: str) -> Stack:
        stack = self._engine.store.find(region, name)
        if stack is not None and name == stack.stack_id:
            return stack
        return find_living(self._engine, region, name, "Stack [{}] does not exist")


def _describe(stack: Stack, operation: Operation) -> list[dict[str, Any]]:
    """Shape an operation's events, the oldest first, and the operation itself after them."""
    events = [event for event in stack.events if event.operation_id == operation.operation_id]
    return [
        *(_describe_event(stack, event, operation) for event in events),
        operation.describe(stack.stack_id),
    ]


def _describe_event(stack: Stack, event: Event, operation: Operation) -> dict[str, Any]:
    failed = event.status.endswith("_FAILED") and event.physical_id != stack.stack_id
    return present(
        {
            "EventId": event.event_id,
            "StackId": stack.stack_id,
            "OperationId": operation.operation_id,
            "OperationType": operation.kind,
            "EventType": "PROVISIONING_ERROR" if failed else "PROGRESS_EVENT",
            "LogicalResourceId": event.logical_id,
            "PhysicalResourceId": event.physical_id or "",
            "ResourceType": event.type_name,
            "Timestamp": event.at,
            "ResourceStatus": event.status,
            "ResourceStatusReason": event.reason,
            "ResourceProperties": event.properties,
            "ClientRequestToken": event.client_token,
        }
    )
