"""A step's logs, where EMR puts them: ``<LogUri>/<cluster>/steps/<step>/{controller,stderr,stdout}.gz``."""

from __future__ import annotations

import gzip
import shutil
from typing import TYPE_CHECKING

from local_lake.emr.model import Cluster, Step, now
from local_lake.storage.object_store import NoSuchBucketError, ObjectStore, S3Location

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("controller", "stderr", "stdout")


class StepLogs:
    """The log files of one step: written in ``folder`` while it runs, stored when it has ended."""

    def __init__(self, cluster: Cluster, step: Step, folder: Path, farm: Path) -> None:
        self._cluster = cluster
        self._step = step
        self._folder = folder
        self._farm = farm
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, name: str) -> Path:
        """Return the file of one log."""
        return self._folder / name

    def uri(self, name: str) -> str:
        """Return where a log is stored; empty where the cluster has no LogUri."""
        base = self._cluster.log_uri
        return f"{base}{self._cluster.id}/steps/{self._step.id}/{name}.gz" if base else ""

    def note(self, message: str) -> None:
        """Write one line of the controller's log."""
        with self.path("controller").open("a") as file:
            file.write(f"{now():%Y-%m-%dT%H:%M:%S.%f}Z INFO {message}\n")

    def read(self, name: str) -> str:
        """Return a log's text, with the folders of the farm shown as the S3 URIs they stand for."""
        path = self.path(name)
        if not path.exists():
            return ""
        text = path.read_text(errors="replace")
        return text.replace(f"file://{self._farm}/", "s3://").replace(f"{self._farm}/", "s3://")

    def store(self, store: ObjectStore) -> None:
        """Store all logs, compressed. Raises NoSuchBucketError."""
        if not self._cluster.log_uri:
            return
        for name in NAMES:
            packed = gzip.compress(self.read(name).encode(), compresslevel=6)
            place = S3Location.parse(self.uri(name))
            store.put_object(place, packed, "application/x-gzip")

    def discard(self) -> None:
        """Remove the files once they are stored; without a LogUri they stay in the state folder."""
        if self._cluster.log_uri:
            shutil.rmtree(self._folder, ignore_errors=True)


__all__ = ["NAMES", "NoSuchBucketError", "StepLogs"]
