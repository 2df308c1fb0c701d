"""Takes resources away: a whole stack's, or those a failed creation or an update leaves behind."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_lake.cloudformation.scheduling import Cancellation, run_graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from local_lake.cloudformation.engine import Engine
    from local_lake.cloudformation.resource_work import Worker
    from local_lake.cloudformation.stacks import Stack, StackResource

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Leftover:
    """A resource to take away, the policy that may retain it, and what replaced it."""

    resource: StackResource
    policy: str
    successor: StackResource | None = None


def delete_leftovers(engine: Engine, worker: Worker, leftovers: Iterable[Leftover]) -> list[str]:
    """Delete resources, those that need others first; returns the logical ids that failed, in order."""
    by_name = {leftover.resource.logical_id: leftover for leftover in leftovers}

    def delete(name: str) -> None:
        leftover = by_name[name]
        worker.delete(
            leftover.resource,
            policy=leftover.policy,
            own_record=leftover.successor is None,
            successor=None if leftover.successor is None else leftover.successor.properties,
        )

    edges = _dependents({name: leftover.resource for name, leftover in by_name.items()})
    failures = run_graph(engine.pool(worker.stack), edges, delete, Cancellation(), keep_going=True)
    return [name for name in by_name if name in failures]


def _dependents(resources: Mapping[str, StackResource]) -> dict[str, set[str]]:
    """Turn the edges round: each resource with those that need it and so go before it."""
    edges: dict[str, set[str]] = {name: set() for name in resources}
    for name, resource in resources.items():
        for needed in resource.needs:
            if needed in edges:
                edges[needed].add(name)
    return edges


def delete_stack(engine: Engine, stack: Stack, retained: frozenset[str]) -> None:
    """Delete a stack's resources and then the stack; ends in DELETE_COMPLETE or DELETE_FAILED.

    The caller has set DELETE_IN_PROGRESS. `retained` names resources to leave as they are, in any case.
    """
    store = engine.store
    try:
        worker = engine.worker(stack, Cancellation(), str)
        leftovers = [
            Leftover(resource, "Retain" if name in retained else resource.definition.deletion_policy)
            for name, resource in stack.resources.items()
            if resource.status not in ("DELETE_COMPLETE", "DELETE_SKIPPED")
        ]
        failed = delete_leftovers(engine, worker, leftovers)
    except Exception as error:
        log.exception("the deletion of stack %s broke", stack.name)
        store.set_status(stack, "DELETE_FAILED", f"Internal failure: {type(error).__name__}: {error}")
        return
    if failed:
        reason = f"The following resource(s) failed to delete: [{', '.join(failed)}]. "
        store.set_status(stack, "DELETE_FAILED", reason)
        return
    with store.lock:
        stack.outputs = []
        stack.imports = frozenset()
        stack.change_sets.clear()
        store.retire(stack)
        store.set_status(stack, "DELETE_COMPLETE")
