"""The engine: the stacks, the clients and threads that work on them, and what runs now."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from local_lake.cloudformation.dynamic_references import DynamicReferences
from local_lake.cloudformation.resolution import Resolution
from local_lake.cloudformation.resource_work import Worker
from local_lake.cloudformation.scheduling import Cancellation
from local_lake.cloudformation.stacks import Deployment, Stack, StackResource, Store
from local_lake.providers.clients import Clients

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)

_PARALLEL_RESOURCES = 16
_CLOSE_WITHIN_SECONDS = 2.0


class Engine:
    """Shared by all operations of all stacks."""

    def __init__(self, endpoint: str, pace_seconds: float) -> None:
        """Make resources through `endpoint`, each taking at least `pace_seconds`."""
        self.store = Store()
        self._pace = pace_seconds
        self._pools: dict[int, ThreadPoolExecutor] = {}
        self._endpoint = endpoint
        self._clients: dict[str, Clients] = {}
        self._lock = threading.Lock()
        self._running: dict[str, tuple[threading.Thread, Cancellation]] = {}

    def pool(self, stack: Stack) -> ThreadPoolExecutor:
        """Return the threads that work on a stack's resources.

        Each depth of nesting has its own: a resource that is a stack holds its thread until that stack is
        done, so that parents and children in one pool could wait for each other for ever.
        """
        with self._lock:
            if stack.depth not in self._pools:
                prefix = f"resource {stack.depth}"
                self._pools[stack.depth] = ThreadPoolExecutor(_PARALLEL_RESOURCES, thread_name_prefix=prefix)
            return self._pools[stack.depth]

    def clients(self, region: str) -> Clients:
        """Return the SDK clients of a region."""
        with self._lock:
            if region not in self._clients:
                self._clients[region] = Clients(self._endpoint, region)
            return self._clients[region]

    def resolution(
        self,
        stack: Stack,
        deployment: Deployment,
        resources: Mapping[str, StackResource],
        *,
        foresee: bool = False,
    ) -> Resolution:
        """Set up the resolution of a deployment against the given resources."""
        names = (stack.name, stack.stack_id)
        clients = self.clients(stack.region)
        return Resolution(self.store, clients, names, deployment, resources, foresee=foresee)

    def worker(self, stack: Stack, cancellation: Cancellation, mask: Callable[[str], str]) -> Worker:
        """Set up the work on a stack's resources."""
        clients = self.clients(stack.region)
        references = DynamicReferences(clients)
        return Worker(self.store, clients, stack, cancellation, mask, self._pace, references)

    def start(self, key: str, run: Callable[[Cancellation], None]) -> None:
        """Run something in the background, under a key by which it can be cancelled.

        `run` must end in a status of its own; what it lets escape is only logged.
        """
        cancellation = Cancellation()

        def guarded() -> None:
            try:
                run(cancellation)
            except Exception:
                log.exception("the operation on %s broke", key)

        thread = threading.Thread(target=guarded, name=f"operation {key}", daemon=True)
        with self._lock:
            self._running[key] = (thread, cancellation)
        thread.start()

    def cancel(self, key: str) -> None:
        """Cancel what runs under a key; its own thread then rolls back."""
        with self._lock:
            running = self._running.get(key)
        if running is not None:
            running[1].cancel()

    def close(self) -> None:
        """Cancel everything and wait a little for it to stop."""
        with self._lock:
            running = list(self._running.values())
        for _, cancellation in running:
            cancellation.cancel()
        # Queued work is not cancelled: who waits for it would never hear. It sees the cancellation and ends.
        for pool in list(self._pools.values()):
            pool.shutdown(wait=False)
        deadline = time.monotonic() + _CLOSE_WITHIN_SECONDS
        for thread, _ in running:
            thread.join(max(deadline - time.monotonic(), 0))
