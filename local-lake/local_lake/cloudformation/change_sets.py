"""Change sets: a deployment thought through, kept until it is executed or deleted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local_lake.cloudformation.answers import present
from local_lake.cloudformation.change_details import describe_change
from local_lake.cloudformation.planning import Plan, plan_deployment
from local_lake.cloudformation.stacks import Deployment, Stack, now
from local_lake.cloudformation.template import InvalidTemplate

if TYPE_CHECKING:
    from datetime import datetime

    from local_lake.cloudformation.creation import OnFailure
    from local_lake.cloudformation.engine import Engine
    from local_lake.cloudformation.operations import Operation

NO_CHANGES = (
    "The submitted information didn't contain changes. Submit different information to create a change set."
)


@dataclass
class ChangeSet:
    """One change set; fields change only under the store's lock."""

    change_set_id: str
    name: str
    kind: str
    deployment: Deployment
    description: str | None
    on_failure: OnFailure
    operation: Operation
    created: datetime = field(default_factory=now)
    status: str = "CREATE_PENDING"
    reason: str | None = None
    execution: str = "UNAVAILABLE"
    plan: Plan | None = None


def compute_change_set(engine: Engine, stack: Stack, change_set: ChangeSet) -> None:
    """Think a change set through; ends in CREATE_COMPLETE and AVAILABLE, or in FAILED with the reason."""
    store = engine.store
    with store.lock:
        change_set.status = "CREATE_IN_PROGRESS"
    plan: Plan | None = None
    reason: str | None = None
    try:
        plan = plan_deployment(engine, stack, change_set.deployment)
        if plan.is_empty and stack.deployment is not None:
            reason = NO_CHANGES
    except InvalidTemplate as error:
        reason = error.message
    except Exception as error:
        reason = f"Internal failure: {type(error).__name__}: {error}"
        raise
    finally:
        with store.lock:
            change_set.plan = plan
            change_set.status = "FAILED" if reason else "CREATE_COMPLETE"
            change_set.reason = reason
            change_set.execution = "UNAVAILABLE" if reason else "AVAILABLE"
            change_set.operation.end(succeeded=not reason)


def summarize_change_set(stack: Stack, change_set: ChangeSet) -> dict[str, Any]:
    """Shape a change set as an entry of ListChangeSets."""
    summary = {
        "StackId": stack.stack_id,
        "StackName": stack.name,
        "ChangeSetId": change_set.change_set_id,
        "ChangeSetName": change_set.name,
        "ExecutionStatus": change_set.execution,
        "Status": change_set.status,
        "StatusReason": change_set.reason,
        "CreationTime": change_set.created,
        "Description": change_set.description,
        "IncludeNestedStacks": False,
    }
    return present(summary)


def describe_change_set(stack: Stack, change_set: ChangeSet, *, with_values: bool) -> dict[str, Any]:
    """Shape a change set as DescribeChangeSet's answer, all changes in it.

    `with_values` is IncludePropertyValues: the properties before and after come with each change.
    """
    deployment = change_set.deployment
    plan = change_set.plan
    changes = (
        [] if plan is None else [describe_change(c, plan, with_values=with_values) for c in plan.changes]
    )
    return {
        **summarize_change_set(stack, change_set),
        "Parameters": [parameter.describe() for parameter in deployment.parameters.values()],
        "Tags": [{"Key": key, "Value": value} for key, value in deployment.tags.items()],
        "Capabilities": list(deployment.capabilities),
        "NotificationARNs": list(stack.notification_arns),
        "OnStackFailure": change_set.on_failure,
        "RollbackConfiguration": {},
        "Changes": changes,
    }
