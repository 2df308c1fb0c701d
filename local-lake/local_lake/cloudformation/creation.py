"""Creates a stack: all resources over the graph, then the outputs; or rolls everything back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Literal

from local_lake.cloudformation.deletion import Leftover, delete_leftovers, delete_stack
from local_lake.cloudformation.exports import check_exports
from local_lake.cloudformation.graph import dependencies
from local_lake.cloudformation.scheduling import Cancellation, run_graph
from local_lake.cloudformation.stacks import StackResource
from local_lake.cloudformation.template import InvalidTemplate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local_lake.cloudformation.engine import Engine
    from local_lake.cloudformation.resolution import Resolution
    from local_lake.cloudformation.resource_work import Worker
    from local_lake.cloudformation.stacks import Deployment, Stack
    from local_lake.cloudformation.template import ResourceDefinition

log = logging.getLogger(__name__)

OnFailure = Literal["ROLLBACK", "DO_NOTHING", "DELETE"]


def create_stack(
    engine: Engine,
    stack: Stack,
    deployment: Deployment,
    on_failure: OnFailure,
    cancellation: Cancellation,
) -> None:
    """Create a stack's resources; ends in CREATE_COMPLETE or what `on_failure` says.

    The caller has set CREATE_IN_PROGRESS. A cancelled creation is one that DeleteStack overtook: it ends by
    deleting what was made.
    """
    try:
        resolution = engine.resolution(stack, deployment, stack.resources)
        worker = engine.worker(stack, cancellation, resolution.mask)
        reason = _create_resources(engine, worker, stack, deployment, resolution)
        if reason is None and _finish(engine, stack, resolution, cancellation):
            return
    except InvalidTemplate as error:
        reason = error.message
    except Exception as error:
        log.exception("the creation of stack %s broke", stack.name)
        reason = f"Internal failure: {type(error).__name__}: {error}"
    if stack.status == "DELETE_IN_PROGRESS":
        delete_stack(engine, stack, frozenset())
        return
    _end_failed(engine, stack, on_failure, reason or "Resource creation cancelled.")


def _create_resources(
    engine: Engine, worker: Worker, stack: Stack, deployment: Deployment, resolution: Resolution
) -> str | None:
    """Create everything; returns why that failed, if it did."""
    definitions = resolution.select_definitions()
    edges = {name: dependencies(definition, set(definitions)) for name, definition in definitions.items()}

    def create(name: str) -> None:
        needs = frozenset(edges[name])
        worker.create(describe_wanted(stack, deployment, definitions[name], resolution, needs, generation=0))

    failures = run_graph(engine.pool(stack), edges, create, worker.cancellation)
    raise_template_error(failures.values())
    if not failures:
        return None
    return f"The following resource(s) failed to create: [{', '.join(failures)}]."


def raise_template_error(failures: Iterable[Exception]) -> None:
    """Raise the first InvalidTemplate there is: such an error is the stack's, not a resource's."""
    for error in failures:
        if isinstance(error, InvalidTemplate):
            raise error


def describe_wanted(
    stack: Stack,
    deployment: Deployment,
    definition: ResourceDefinition,
    resolution: Resolution,
    needs: frozenset[str],
    generation: int,
) -> StackResource:
    """Write the record a resource is to have, its properties resolved. Raises InvalidTemplate."""
    return StackResource(
        definition=definition,
        generation=generation,
        properties=resolution.resolve_properties(definition),
        metadata=resolution.resolve_metadata(definition),
        tags=resource_tags(stack, deployment, definition.logical_id),
        needs=needs,
    )


def resource_tags(stack: Stack, deployment: Deployment, logical_id: str) -> dict[str, str]:
    """Return the tags a stack puts on a resource: its own and the three that CloudFormation adds."""
    return {
        **deployment.tags,
        "aws:cloudformation:stack-name": stack.name,
        "aws:cloudformation:stack-id": stack.stack_id,
        "aws:cloudformation:logical-id": logical_id,
    }


def _finish(engine: Engine, stack: Stack, resolution: Resolution, cancellation: Cancellation) -> bool:
    """Complete the stack, unless DeleteStack came first; tells which."""
    outputs = resolution.resolve_outputs()
    with engine.store.lock:
        if cancellation.is_cancelled:
            return False
        check_exports(engine.store, stack, outputs)
        stack.outputs = outputs
        stack.imports = frozenset(resolution.imports)
        engine.store.set_status(stack, "CREATE_COMPLETE")
        return True


def _end_failed(engine: Engine, stack: Stack, on_failure: OnFailure, reason: str) -> None:
    store = engine.store
    if on_failure == "DO_NOTHING":
        store.set_status(stack, "CREATE_FAILED", reason)
        return
    store.set_status(stack, "ROLLBACK_IN_PROGRESS", f"{reason} Rollback requested by user.")
    if on_failure == "DELETE":
        store.set_status(stack, "DELETE_IN_PROGRESS", reason)
        delete_stack(engine, stack, frozenset())
        return
    try:
        # RetainExceptOnCreate is made for this moment: such resources go with the creation that failed.
        leftovers = [
            Leftover(r, "Retain" if r.definition.deletion_policy == "Retain" else "Delete")
            for r in stack.resources.values()
        ]
        failed = delete_leftovers(engine, engine.worker(stack, Cancellation(), str), leftovers)
    except Exception as error:
        log.exception("the rollback of stack %s broke", stack.name)
        store.set_status(stack, "ROLLBACK_FAILED", f"Internal failure: {type(error).__name__}: {error}")
        return
    if failed:
        reason = f"The following resource(s) failed to delete: [{', '.join(failed)}]. "
        store.set_status(stack, "ROLLBACK_FAILED", reason)
    else:
        store.set_status(stack, "ROLLBACK_COMPLETE")
