"""Takes a failed update back, step by step, to what the stack was before it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from local_lake.cloudformation.deletion import Leftover, delete_leftovers
from local_lake.cloudformation.differences import compare
from local_lake.cloudformation.scheduling import Cancellation, run_graph
from local_lake.cloudformation.stacks import now
from local_lake.providers.catalogue import find_provider

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_lake.cloudformation.engine import Engine
    from local_lake.cloudformation.resource_work import Worker
    from local_lake.cloudformation.stacks import Stack, StackResource

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Step:
    """One resource an update began to change: how it stood, or None when it is new."""

    logical_id: str
    before: StackResource | None
    replaced: bool = False
    restore: Callable[[frozenset[str]], None] | None = None
    """Takes a nested stack back to what it was, but for the resources that are to be skipped."""


def roll_back(engine: Engine, stack: Stack, steps: list[Step], skipped: frozenset[str]) -> None:
    """Undo an update; ends in UPDATE_ROLLBACK_COMPLETE or UPDATE_ROLLBACK_FAILED.

    The caller has set UPDATE_ROLLBACK_IN_PROGRESS. `skipped` names resources to leave as they are
    (ContinueUpdateRollback's ResourcesToSkip; those of nested stacks as `<stack>.<resource>`). After a
    failure the steps stay with the stack for another try.
    """
    store = engine.store
    leftovers: list[Leftover] = []
    try:
        worker = engine.worker(stack, Cancellation(), str)
        undone = {step.logical_id: step for step in steps if step.before is not None}
        edges = {name: set(step.before.needs) for name, step in undone.items() if step.before is not None}

        def undo(name: str) -> None:
            if name not in skipped:
                leftovers.extend(_undo(worker, stack, undone[name], skipped))

        failures = run_graph(engine.pool(stack), edges, undo, Cancellation())
    except Exception as error:
        log.exception("the rollback of stack %s broke", stack.name)
        failures = {"": error}
    if failures:
        with store.lock:
            stack.pending_rollback = steps
            reason = f"The following resource(s) failed to update: [{', '.join(failures)}]. "
            store.set_status(stack, "UPDATE_ROLLBACK_FAILED", reason)
        return
    _clean_up(engine, stack, steps, leftovers)


def _undo(worker: Worker, stack: Stack, step: Step, skipped: frozenset[str]) -> list[Leftover]:
    """Bring one resource back; returns the new physical one a replacement has made, to be deleted."""
    before, now_standing = step.before, stack.resources[step.logical_id]
    assert before is not None
    if not step.replaced:
        provider = find_provider(before.type_name)
        difference = compare(
            provider, now_standing, before.definition, before.properties, before.metadata, before.tags
        )
        restore = step.restore
        instead = None if restore is None else lambda: restore(skipped)
        worker.update(now_standing, before, live=difference.needs_provider, undoing=True, instead=instead)
        return []
    worker.restore(before)
    made = now_standing.physical_id is not None and now_standing.physical_id != before.physical_id
    return [Leftover(now_standing, "Delete", before)] if made else []


def _clean_up(engine: Engine, stack: Stack, steps: list[Step], leftovers: list[Leftover]) -> None:
    store = engine.store
    store.set_status(stack, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    new = [step.logical_id for step in steps if step.before is None and step.logical_id in stack.resources]
    leftovers.extend(Leftover(stack.resources[name], "Delete") for name in new)
    try:
        delete_leftovers(engine, engine.worker(stack, Cancellation(), str), leftovers)
    except Exception:
        log.exception("the clean-up of stack %s broke", stack.name)
    with store.lock:
        for name in new:
            del stack.resources[name]
        for name, resource in stack.resources.items():
            if not resource.status.endswith("_COMPLETE"):
                stack.resources[name] = replace(resource, status="UPDATE_COMPLETE", reason=None)
        stack.pending_rollback = []
        stack.updated = now()
        store.set_status(stack, "UPDATE_ROLLBACK_COMPLETE")
