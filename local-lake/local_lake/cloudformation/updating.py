"""Updates a stack: creates, changes and replaces over the graph, then cleans up; or rolls back."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from local_lake.cloudformation.creation import describe_wanted, raise_template_error
from local_lake.cloudformation.deletion import Leftover, delete_leftovers
from local_lake.cloudformation.differences import Difference, compare
from local_lake.cloudformation.exports import check_exports
from local_lake.cloudformation.graph import dependencies
from local_lake.cloudformation.rollback import Step, roll_back
from local_lake.cloudformation.scheduling import Cancellation, Cancelled, run_graph
from local_lake.cloudformation.stacks import STACK_TYPE, Deployment, Stack, StackResource, now
from local_lake.cloudformation.template import InvalidTemplate
from local_lake.front.registry import ServiceError
from local_lake.providers.catalogue import find_provider

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_lake.cloudformation.engine import Engine
    from local_lake.cloudformation.resolution import Resolution
    from local_lake.cloudformation.resource_work import Worker
    from local_lake.cloudformation.template import ResourceDefinition

log = logging.getLogger(__name__)

CANCELLED = "User Initiated"


@dataclass(frozen=True)
class _Update:
    """One update while it runs; `steps` grows by what was done, in its order."""

    engine: Engine
    stack: Stack
    wanted: Deployment
    resolution: Resolution
    worker: Worker
    steps: list[Step]
    undoing: frozenset[str] | None

    @property
    def done(self) -> str:
        """The status at the end."""
        return "UPDATE_COMPLETE" if self.undoing is None else "UPDATE_ROLLBACK_COMPLETE"


def update_stack(
    engine: Engine,
    stack: Stack,
    wanted: Deployment,
    cancellation: Cancellation,
    *,
    undoing: frozenset[str] | None = None,
) -> None:
    """Update a stack to a deployment; ends in UPDATE_COMPLETE, or rolls back to what it was.

    The caller has set UPDATE_IN_PROGRESS. A cancelled update rolls back (CancelUpdateStack). With `undoing`
    the deployment is what the stack was before, and the caller has set UPDATE_ROLLBACK_IN_PROGRESS: it then
    ends in UPDATE_ROLLBACK_COMPLETE or UPDATE_ROLLBACK_FAILED, and leaves the resources named in it alone.
    """
    steps: list[Step] = []
    try:
        resolution = engine.resolution(stack, wanted, stack.resources)
        worker = engine.worker(stack, cancellation, resolution.mask)
        update = _Update(engine, stack, wanted, resolution, worker, steps, undoing)
        reason = _change_resources(update)
        if reason is None:
            removed = [
                r for name, r in stack.resources.items() if name not in resolution.select_definitions()
            ]
            _complete(update)
            _clean_up(update, removed)
            return
    except InvalidTemplate as error:
        reason = error.message
    except Cancelled:
        reason = CANCELLED
    except Exception as error:
        log.exception("the update of stack %s broke", stack.name)
        reason = f"Internal failure: {type(error).__name__}: {error}"
    _end_failed(engine, stack, steps, reason, undoing=undoing is not None)


def _end_failed(engine: Engine, stack: Stack, steps: list[Step], reason: str, *, undoing: bool) -> None:
    store = engine.store
    if undoing:
        # The next attempt starts over, from what stands then.
        with store.lock:
            stack.pending_rollback = []
            store.set_status(stack, "UPDATE_ROLLBACK_FAILED", reason)
        return
    if stack.disable_rollback:
        with store.lock:
            stack.pending_rollback = steps
            store.set_status(stack, "UPDATE_FAILED", reason)
        return
    store.set_status(stack, "UPDATE_ROLLBACK_IN_PROGRESS", reason)
    roll_back(engine, stack, steps, frozenset())


def _change_resources(update: _Update) -> str | None:
    """Bring every resource to what is wanted; returns why that failed, if it did."""
    definitions = update.resolution.select_definitions()
    edges = {name: dependencies(definition, set(definitions)) for name, definition in definitions.items()}

    def change(name: str) -> None:
        _change_resource(update, definitions[name], frozenset(edges[name]))

    failures = run_graph(update.engine.pool(update.stack), edges, change, update.worker.cancellation)
    raise_template_error(failures.values())
    if update.worker.cancellation.is_cancelled and not failures:
        return CANCELLED
    standing = {step.logical_id for step in update.steps if step.before is not None}
    parts = [
        f"The following resource(s) failed to {verb}: [{', '.join(names)}]. "
        for verb, names in (
            ("create", [name for name in failures if name not in standing]),
            ("update", [name for name in failures if name in standing]),
        )
        if names
    ]
    return "".join(parts) or None


def _change_resource(update: _Update, definition: ResourceDefinition, needs: frozenset[str]) -> None:
    stack, name = update.stack, definition.logical_id
    if name in (update.undoing or ()):
        return
    standing = stack.resources.get(name)
    generation = standing.generation if standing is not None else 0
    wanted = describe_wanted(stack, update.wanted, definition, update.resolution, needs, generation)
    if standing is None or standing.physical_id is None:
        update.steps.append(Step(name, None))
        update.worker.create(wanted)
        return
    provider = find_provider(definition.type_name)
    difference = compare(provider, standing, definition, wanted.properties, wanted.metadata, wanted.tags)
    unfinished = standing.status.endswith("_FAILED")
    if not difference and not unfinished:
        return
    if not difference.replaces:
        update.steps.append(Step(name, standing, restore=_remember_child(update, standing)))
        update.worker.update(standing, wanted, live=difference.needs_provider or unfinished)
        return
    update.steps.append(Step(name, standing, replaced=True))
    _replace(update, standing, replace(wanted, generation=generation + 1), difference)


def _remember_child(update: _Update, standing: StackResource) -> Callable[[frozenset[str]], None] | None:
    """Note what a nested stack is before it is updated; its template's address may lead elsewhere by then."""
    engine, physical_id = update.engine, standing.physical_id
    child = None if physical_id is None else engine.store.find(update.stack.region, physical_id)
    if standing.type_name != STACK_TYPE or child is None or child.deployment is None:
        return None
    deployment = child.deployment
    return lambda skipped: restore_stack(engine, child, deployment, skipped)


def restore_stack(engine: Engine, child: Stack, wanted: Deployment, skipped: frozenset[str]) -> None:
    """Take a nested stack back to a deployment, as part of its parent's rollback. Raises ServiceError."""
    store = engine.store
    own = {name.partition(".")[2] for name in skipped if name.partition(".")[0] == child.name}
    left = skipped | own
    if child.status == "UPDATE_ROLLBACK_FAILED":
        store.set_status(child, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
        roll_back(engine, child, list(child.pending_rollback), left)
    if child.status != "UPDATE_ROLLBACK_FAILED" and child.deployment is not wanted:
        store.set_status(child, "UPDATE_ROLLBACK_IN_PROGRESS", "The parent stack is rolling back.")
        update_stack(engine, child, wanted, Cancellation(), undoing=left)
    if child.status not in _RESTORED:
        raise ServiceError(
            "ValidationError",
            f"Embedded stack {child.stack_id} was not successfully updated. Currently in {child.status} with "
            f"reason: {child.reason}",
        )


_RESTORED = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")


def _replace(update: _Update, standing: StackResource, wanted: StackResource, difference: Difference) -> None:
    name_property = find_provider(wanted.type_name).name_property
    renamed = any(change.name == name_property for change in difference.properties)
    if name_property is not None and name_property in wanted.properties and not renamed:
        update.worker.refuse(
            standing,
            "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
            f"Rename {wanted.properties[name_property]} and update the stack again.",
        )
    update.worker.create(wanted, replacing=True)


def _complete(update: _Update) -> None:
    """Take over the new template, outputs and imports. Raises InvalidTemplate when an export forbids it."""
    stack, store = update.stack, update.engine.store
    outputs = update.resolution.resolve_outputs()
    with store.lock:
        update.worker.cancellation.check()
        check_exports(store, stack, outputs)
        stack.outputs = outputs
        stack.imports = frozenset(update.resolution.imports)
        stack.deployment = update.wanted
        stack.updated = now()
        store.set_status(stack, f"{update.done}_CLEANUP_IN_PROGRESS")


def _clean_up(update: _Update, removed: list[StackResource]) -> None:
    """Delete what the update left behind; a failure there does not undo the update."""
    stack, store = update.stack, update.engine.store
    leftovers = [Leftover(resource, resource.definition.deletion_policy) for resource in removed]
    for step in update.steps:
        if step.replaced and step.before is not None:
            successor = stack.resources[step.logical_id]
            policy = successor.definition.update_replace_policy
            leftovers.append(Leftover(step.before, policy, successor))
    try:
        delete_leftovers(update.engine, update.engine.worker(stack, Cancellation(), str), leftovers)
    except Exception:
        log.exception("the clean-up of stack %s broke", stack.name)
    with store.lock:
        for resource in removed:
            del stack.resources[resource.logical_id]
        store.set_status(stack, update.done)
