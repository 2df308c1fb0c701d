"""Runs work over a dependency graph, as parallel as graph and pool allow, and lets it be cancelled."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Set


class Cancelled(Exception):  # noqa: N818 - what happened, not a fault
    """The operation was cancelled while this piece of it ran."""


class Cancellation:
    """Says whether an operation was cancelled, and wakes whoever pauses in it."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Cancel: pauses end at once and no new work starts."""
        self._event.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self._event.is_set()

    def pause(self, seconds: float) -> None:
        """Wait; raises Cancelled as soon as the operation is cancelled."""
        if self._event.wait(seconds):
            raise Cancelled

    def check(self) -> None:
        """Raise Cancelled when the operation was cancelled."""
        if self.is_cancelled:
            raise Cancelled


def run_graph(
    pool: Executor,
    edges: Mapping[str, Set[str]],
    work: Callable[[str], None],
    cancellation: Cancellation,
    *,
    keep_going: bool = False,
) -> dict[str, Exception]:
    """Run `work` for every name, each after those it needs; returns what failed, by name.

    The first failure cancels the rest, unless `keep_going`: then only what needs a failed one is left out.
    Waits until nothing of it runs any more.
    """
    failures: dict[str, Exception] = {}
    done: set[str] = set()
    left = {name: {needed for needed in needs if needed in edges} for name, needs in edges.items()}
    running: dict[Future[None], str] = {}
    while True:
        if not cancellation.is_cancelled:
            for name in [name for name, needs in left.items() if needs <= done]:
                del left[name]
                running[pool.submit(work, name)] = name
        if not running:
            return failures
        finished, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            name = running.pop(future)
            error = future.exception()
            if error is None:
                done.add(name)
            elif isinstance(error, Exception):
                failures[name] = error
                if not keep_going:
                    cancellation.cancel()
            else:
                raise error
