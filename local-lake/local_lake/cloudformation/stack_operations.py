"""The operations that change stacks: checked here, then run in the background."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from local_lake.cloudformation.acceptance import accept_deployment, find_parent
from local_lake.cloudformation.creation import OnFailure, create_stack
from local_lake.cloudformation.deletion import delete_stack
from local_lake.cloudformation.exports import find_blocking_import
from local_lake.cloudformation.planning import plan_deployment
from local_lake.cloudformation.rollback import roll_back
from local_lake.cloudformation.updating import update_stack
from local_lake.front.registry import ServiceError

if TYPE_CHECKING:
    from local_lake.cloudformation.engine import Engine
    from local_lake.cloudformation.stacks import Deployment, Stack
    from local_lake.front.registry import ServiceRequest

NAME_PATTERN = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")

UPDATABLE = frozenset(
    {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "CREATE_FAILED", "UPDATE_FAILED"}
)


def invalid(message: str) -> ServiceError:
    """Make CloudFormation's ValidationError."""
    return ServiceError("ValidationError", message)


class StackOperations:
    """CreateStack, UpdateStack, DeleteStack and the operations on a stack that runs."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create_stack(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer CreateStack."""
        engine, params = self._engine, request.params
        name = check_name(params["StackName"])
        deployment = accept_deployment(request, engine.clients(request.region), None)
        with engine.store.lock:
            if engine.store.find(request.region, name) is not None:
                raise ServiceError("AlreadyExistsException", f"Stack [{name}] already exists")
            stack = engine.store.add(request.region, name, find_parent(request))
            stack.termination_protection = bool(params.get("EnableTerminationProtection"))
            configure(stack, params)
            begin_creation(engine, stack, deployment, failure_action(params))
            return _identify(stack)

    def update_stack(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer UpdateStack; refuses when nothing would change, as AWS does."""
        engine, params = self._engine, request.params
        stack = find_living(engine, request.region, params["StackName"], "Stack [{}] does not exist")
        check_updatable(stack)
        deployment = accept_deployment(request, engine.clients(request.region), stack)
        if plan_deployment(engine, stack, deployment).is_empty and stack.deployment is not None:
            raise invalid("No updates are to be performed.")
        with engine.store.lock:
            check_updatable(stack)
            configure(stack, params)
            stack.change_set_id = None
            begin_update(engine, stack, deployment)
            return _identify(stack)

    def delete_stack(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer DeleteStack; a stack that is not there counts as deleted."""
        engine, params = self._engine, request.params
        stack = engine.store.find(request.region, params["StackName"])
        if stack is None or stack.deleted is not None:
            return {}
        if params.get("DeletionMode", "STANDARD") != "STANDARD":
            raise invalid(f"The local lake does not do DeletionMode {params['DeletionMode']}.")
        retained = frozenset(params.get("RetainResources") or ())
        with engine.store.lock:
            _check_deletable(stack, retained)
            stack.client_token = params.get("ClientRequestToken")
            blocked = find_blocking_import(engine.store, stack)
            if blocked is not None:
                engine.store.set_status(stack, stack.status, blocked)
            elif stack.status in ("CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS"):
                if stack.status == "CREATE_IN_PROGRESS":
                    engine.store.set_status(stack, "DELETE_IN_PROGRESS", "User Initiated")
                    engine.cancel(stack.stack_id)
            else:
                engine.store.set_status(stack, "DELETE_IN_PROGRESS", "User Initiated")
                engine.start(stack.stack_id, lambda _: delete_stack(engine, stack, retained))
        return {}

    def cancel_update_stack(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer CancelUpdateStack: the update stops and rolls back."""
        stack = find_living(
            self._engine, request.region, request.params["StackName"], "Stack [{}] does not exist"
        )
        with self._engine.store.lock:
            if stack.status != "UPDATE_IN_PROGRESS":
                raise invalid(f"CancelUpdateStack cannot be called from current stack status {stack.status}")
            self._engine.cancel(stack.stack_id)
        return {}

    def continue_update_rollback(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer ContinueUpdateRollback: the rollback that failed is tried once more."""
        engine, params = self._engine, request.params
        stack = find_living(engine, request.region, params["StackName"], "Stack [{}] does not exist")
        skipped = frozenset(params.get("ResourcesToSkip") or ())
        if stack.parent_id is not None:
            raise invalid(f"The rollback of a nested stack is continued on its root: {stack.root_id}")
        with engine.store.lock:
            if stack.status not in ("UPDATE_ROLLBACK_FAILED", "UPDATE_FAILED"):
                raise invalid(
                    f"Stack:{stack.stack_id} is in {stack.status} state and can not continue rolling back an "
                    "update."
                )
            steps = list(stack.pending_rollback)
            engine.store.set_status(stack, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
            engine.start(stack.stack_id, lambda _: roll_back(engine, stack, steps, skipped))
        return {}

    def update_termination_protection(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer UpdateTerminationProtection."""
        params = request.params
        stack = find_living(self._engine, request.region, params["StackName"], "Stack [{}] does not exist")
        with self._engine.store.lock:
            stack.termination_protection = bool(params["EnableTerminationProtection"])
        return {"StackId": stack.stack_id}


def _identify(stack: Stack) -> dict[str, Any]:
    operation = stack.history.current
    return {"StackId": stack.stack_id} | (
        {} if operation is None else {"OperationId": operation.operation_id}
    )


def check_name(name: str) -> str:
    """Check a new stack's name. Raises ValidationError."""
    if NAME_PATTERN.fullmatch(name) is None:
        raise invalid(
            f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )
    return name


def find_living(engine: Engine, region: str, name: str, message: str) -> Stack:
    """Find a stack that is not deleted. Raises ValidationError with the message, in which {} is the name."""
    stack = engine.store.find(region, name)
    if stack is None or stack.deleted is not None:
        raise invalid(message.format(name))
    return stack


def check_updatable(stack: Stack) -> None:
    """Check that a stack's status lets it be updated. Raises ValidationError."""
    if stack.status not in UPDATABLE:
        raise invalid(f"Stack:{stack.stack_id} is in {stack.status} state and can not be updated.")


def _check_deletable(stack: Stack, retained: frozenset[str]) -> None:
    if stack.termination_protection:
        raise invalid(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
    if retained and stack.status != "DELETE_FAILED":
        raise invalid(
            f"Invalid operation on stack [{stack.stack_id}]. When you delete a stack, specify which "
            "resources to retain only when the stack is in the DELETE_FAILED state."
        )
    if stack.is_busy and stack.status not in ("CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS"):
        raise invalid(f"Stack [{stack.stack_id}] cannot be deleted while in status {stack.status}")


def configure(stack: Stack, params: dict[str, Any]) -> None:
    """Keep what a deployment says of the stack itself."""
    stack.client_token = params.get("ClientRequestToken")
    stack.disable_rollback = bool(params.get("DisableRollback"))
    stack.notification_arns = tuple(params.get("NotificationARNs") or stack.notification_arns)
    stack.role_arn = params.get("RoleARN", stack.role_arn)
    stack.timeout_minutes = params.get("TimeoutInMinutes", stack.timeout_minutes)


def failure_action(params: dict[str, Any]) -> OnFailure:
    """Read what is to happen when a creation fails. Raises ValidationError when it is said twice."""
    chosen = params.get("OnFailure") or params.get("OnStackFailure")
    if chosen is not None and params.get("DisableRollback") is not None:
        raise invalid("Either DisableRollback or OnFailure can be specified, not both.")
    if chosen in ("DO_NOTHING", "DELETE"):
        action: OnFailure = chosen
        return action
    return "DO_NOTHING" if params.get("DisableRollback") else "ROLLBACK"


def begin_creation(engine: Engine, stack: Stack, deployment: Deployment, on_failure: OnFailure) -> None:
    """Start creating a stack's resources; the caller holds the store's lock."""
    stack.deployment = deployment
    stack.capabilities = deployment.capabilities
    engine.store.set_status(stack, "CREATE_IN_PROGRESS", "User Initiated")
    engine.start(
        stack.stack_id,
        lambda cancellation: create_stack(engine, stack, deployment, on_failure, cancellation),
    )


def begin_update(engine: Engine, stack: Stack, deployment: Deployment) -> None:
    """Start updating a stack; the caller holds the store's lock."""
    stack.capabilities = deployment.capabilities
    engine.store.set_status(stack, "UPDATE_IN_PROGRESS", "User Initiated")
    engine.start(stack.stack_id, lambda cancellation: update_stack(engine, stack, deployment, cancellation))
