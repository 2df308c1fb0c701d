"""The EMR of one local lake."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from local_lake.emr.clusters import Clusters
from local_lake.emr.instances import Instances
from local_lake.emr.lifecycle import Lifecycle
from local_lake.emr.step_run import SparkSteps
from local_lake.emr.steps import Steps

if TYPE_CHECKING:
    from pathlib import Path

    from local_lake.front.registry import Registry


class EmrWorker:
    """Registers the EMR operations and runs the steps."""

    def __init__(self, registry: Registry, state_dir: Path, endpoint: str) -> None:
        folder = state_dir.resolve() / "emr"
        shutil.rmtree(folder, ignore_errors=True)
        pause = 0.4 if registry.latency == "fast" else 0.0
        self._lifecycle = Lifecycle(SparkSteps(folder, endpoint), pause)
        self._clusters = Clusters(self._lifecycle)
        self._clusters.register(registry)
        Steps(self._clusters, self._lifecycle).register(registry)
        Instances(self._clusters).register(registry)

    def close(self) -> None:
        """Kill the running steps and wait for them."""
        self._lifecycle.close(self._clusters.all())
