"""The data plane: storage on disk, and the workers behind Glue crawlers, Athena and EMR."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from local_lake.athena.worker import AthenaWorker
from local_lake.crawler.worker import CrawlerWorker
from local_lake.emr.worker import EmrWorker
from local_lake.storage.hooks import install_storage_hooks

if TYPE_CHECKING:
    from pathlib import Path

    from local_lake.front.registry import Registry


class Worker(Protocol):
    """Something that works in the background until it is closed."""

    def close(self) -> None:
        """Stop what runs, and wait until no process of ours is left."""


class Workers:
    """All workers of one local lake."""

    def __init__(self, workers: list[Worker]) -> None:
        self._workers = workers

    def close(self) -> None:
        """Close every worker, the last one first."""
        for worker in reversed(self._workers):
            worker.close()


def install(registry: Registry, state_dir: Path, endpoint: str) -> Workers:
    """Register the data plane's operations. ``state_dir`` holds objects and scratch files.

    ``endpoint`` is the URL of the server the registry belongs to; workers call it, so it must answer before
    the first crawl, query or step.
    """
    install_storage_hooks(state_dir)
    return Workers(
        [
            CrawlerWorker(registry, endpoint),
            AthenaWorker(registry, state_dir, endpoint),
            EmrWorker(registry, state_dir, endpoint),
        ]
    )
