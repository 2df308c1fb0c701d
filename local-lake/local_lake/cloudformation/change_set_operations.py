"""The operations on change sets."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

from local_lake.cloudformation.acceptance import accept_deployment
from local_lake.cloudformation.answers import take_page
from local_lake.cloudformation.change_sets import (
    ChangeSet,
    compute_change_set,
    describe_change_set,
    summarize_change_set,
)
from local_lake.cloudformation.operations import Operation
from local_lake.cloudformation.stack_operations import (
    begin_creation,
    begin_update,
    check_name,
    check_updatable,
    configure,
    failure_action,
    find_living,
    invalid,
)
from local_lake.front.registry import ACCOUNT, ServiceError

if TYPE_CHECKING:
    from local_lake.cloudformation.engine import Engine
    from local_lake.cloudformation.stacks import Stack
    from local_lake.front.registry import ServiceRequest

_NAME_PATTERN = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")
_REFUSED = ("ResourcesToImport", "IncludeNestedStacks", "ImportExistingResources", "DeploymentMode")


class ChangeSetOperations:
    """CreateChangeSet, DescribeChangeSet, ExecuteChangeSet, DeleteChangeSet and ListChangeSets."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create_change_set(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer CreateChangeSet; the changes are found in the background."""
        engine, params = self._engine, request.params
        name, kind = _check_request(params)
        stack = engine.store.find(request.region, params["StackName"])
        stack = None if stack is not None and stack.deleted is not None else stack
        if kind == "UPDATE":
            stack = find_living(engine, request.region, params["StackName"], "Stack [{}] does not exist")
            check_updatable(stack)
        elif stack is not None and stack.status != "REVIEW_IN_PROGRESS":
            raise invalid(
                f"Stack [{stack.name}] already exists and cannot be created again with the changeSet "
                f"[{name}]."
            )
        deployment = accept_deployment(request, engine.clients(request.region), stack)
        change_set = ChangeSet(
            change_set_id=f"{_arn_prefix(request.region)}{name}/{uuid.uuid4()}",
            name=name,
            kind=kind,
            deployment=deployment,
            description=params.get("Description"),
            on_failure=failure_action(params),
            operation=Operation("CREATE_CHANGESET"),
        )
        living = self._attach(request, stack, change_set)
        engine.start(change_set.change_set_id, lambda _: compute_change_set(engine, living, change_set))
        return {"Id": change_set.change_set_id, "StackId": living.stack_id}

    def _attach(self, request: ServiceRequest, stack: Stack | None, change_set: ChangeSet) -> Stack:
        store, params = self._engine.store, request.params
        with store.lock:
            if stack is None:
                stack = store.add(request.region, check_name(params["StackName"]))
                stack.history.current = change_set.operation
                store.set_status(stack, "REVIEW_IN_PROGRESS", "User Initiated")
            standing = stack.change_sets.get(change_set.name)
            if standing is not None and standing.execution != "EXECUTE_COMPLETE":
                raise ServiceError(
                    "AlreadyExistsException", f"ChangeSet {standing.change_set_id} already exists"
                )
            stack.notification_arns = tuple(params.get("NotificationARNs") or stack.notification_arns)
            stack.change_sets[change_set.name] = change_set
            stack.history.operations.append(change_set.operation)
            if stack.status == "REVIEW_IN_PROGRESS":
                stack.change_set_id = change_set.change_set_id
            return stack

    def describe_change_set(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer DescribeChangeSet, a page of changes at a time."""
        stack, change_set = self._find(request)
        with self._engine.store.lock:
            described = describe_change_set(
                stack, change_set, with_values=bool(request.params.get("IncludePropertyValues"))
            )
        described["Changes"], token = take_page(described["Changes"], request.params.get("NextToken"))
        return described if token is None else {**described, "NextToken": token}

    def execute_change_set(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer ExecuteChangeSet; the stack's other change sets are gone then, as AWS does it."""
        engine = self._engine
        stack, change_set = self._find(request)
        with engine.store.lock:
            if change_set.execution != "AVAILABLE":
                status = change_set.status if change_set.status != "CREATE_COMPLETE" else change_set.execution
                raise ServiceError(
                    "InvalidChangeSetStatus",
                    f"ChangeSet [{change_set.change_set_id}] cannot be executed in its current status of "
                    f"[{status}]",
                )
            if stack.status != "REVIEW_IN_PROGRESS":
                check_updatable(stack)
            configure(stack, request.params)
            stack.change_set_id = change_set.change_set_id
            change_set.execution = "EXECUTE_COMPLETE"
            stack.change_sets = {change_set.name: change_set}
            if stack.status == "REVIEW_IN_PROGRESS":
                on_failure = "DO_NOTHING" if stack.disable_rollback else change_set.on_failure
                begin_creation(engine, stack, change_set.deployment, on_failure)
            else:
                begin_update(engine, stack, change_set.deployment)
        return {}

    def delete_change_set(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer DeleteChangeSet; one that is not there counts as deleted."""
        try:
            stack, change_set = self._find(request)
        except ServiceError as error:
            if error.code == "ChangeSetNotFound":
                return {}
            raise
        with self._engine.store.lock:
            if change_set.status in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
                raise ServiceError(
                    "InvalidChangeSetStatus",
                    f"ChangeSet [{change_set.change_set_id}] cannot be deleted in its current status of "
                    f"[{change_set.status}]",
                )
            stack.change_sets.pop(change_set.name, None)
        return {}

    def list_change_sets(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer ListChangeSets, the newest first."""
        params = request.params
        stack = find_living(self._engine, request.region, params["StackName"], "Stack [{}] does not exist")
        with self._engine.store.lock:
            newest = sorted(stack.change_sets.values(), key=lambda c: c.created, reverse=True)
            summaries = [summarize_change_set(stack, change_set) for change_set in newest]
        page, token = take_page(summaries, params.get("NextToken"))
        return {"Summaries": page} if token is None else {"Summaries": page, "NextToken": token}

    def _find(self, request: ServiceRequest) -> tuple[Stack, ChangeSet]:
        name, stack_name = request.params["ChangeSetName"], request.params.get("StackName")
        store = self._engine.store
        if stack_name is not None:
            stacks = [find_living(self._engine, request.region, stack_name, "Stack [{}] does not exist")]
        elif name.startswith("arn:"):
            stacks = store.living(request.region)
        else:
            raise invalid("StackName must be specified if ChangeSetName is not specified as an ARN.")
        with store.lock:
            for stack in stacks:
                for change_set in stack.change_sets.values():
                    if name in (change_set.name, change_set.change_set_id):
                        return stack, change_set
        raise ServiceError("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)


def _arn_prefix(region: str) -> str:
    return f"arn:aws:cloudformation:{region}:{ACCOUNT}:changeSet/"


def _check_request(params: dict[str, Any]) -> tuple[str, str]:
    name, kind = str(params["ChangeSetName"]), str(params.get("ChangeSetType") or "UPDATE")
    if _NAME_PATTERN.fullmatch(name) is None:
        raise invalid(
            f"1 validation error detected: Value '{name}' at 'changeSetName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )
    if kind not in ("CREATE", "UPDATE"):
        raise invalid(f"The local lake does not make change sets of type {kind}.")
    asked = [option for option in _REFUSED if params.get(option)]
    if asked:
        raise invalid(f"The local lake does not do {', '.join(asked)} in a change set.")
    return name, kind
