"""Runs one step: the buckets laid out as folders, spark-submit on them, and what it changed taken over."""

from __future__ import annotations

import contextlib
import logging
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from local_lake.emr import tether
from local_lake.emr.failure import Failure, explain_failure
from local_lake.emr.java import NoJavaError
from local_lake.emr.spark_submit import (
    Submission,
    UnsupportedStepError,
    build_command,
    build_environment,
    localise,
    parse_submission,
)
from local_lake.emr.step_logs import StepLogs
from local_lake.storage.farm import Farm
from local_lake.storage.object_store import NoSuchBucketError, ObjectStore

if TYPE_CHECKING:
    from local_lake.emr.model import Cluster, Step

_log = logging.getLogger(__name__)

# How long a driver may take to end after SIGINT before it is killed.
_GRACE_SECONDS = 10.0


class SparkSteps:
    """Runs steps as processes of their own group, each with its own farm below ``folder``."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        self._folder = folder
        self._endpoint = endpoint
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()

    def run(self, cluster: Cluster, step: Step) -> str:
        """Run a step to its end: COMPLETED, or FAILED with ``step.failure`` set."""
        work = self._folder / cluster.id / step.id
        farm = Farm(ObjectStore(cluster.account), work / "farm")
        logs = StepLogs(cluster, step, work / "logs", farm.root)
        try:
            failure = self._run_logged(cluster, step, farm, logs, work)
        except (UnsupportedStepError, NoJavaError) as error:
            failure = Failure(str(error), "controller")
        finally:
            shutil.rmtree(work / "scratch", ignore_errors=True)
            farm.remove()
        logs.note("Step succeeded" if failure is None else f"Step failed: {failure.message}")
        log_file = logs.uri(failure.log) if failure is not None else ""
        try:
            logs.store(ObjectStore(cluster.account))
            logs.discard()
        except NoSuchBucketError as error:
            log_file = ""
            _log.warning("the logs of %s stay in %s: %s", step.id, work, error)
        if failure is None:
            return "COMPLETED"
        step.failure = {"Reason": "Unknown Error.", "Message": failure.message, "LogFile": log_file}
        return "FAILED"

    def cancel(self, step: Step, option: str) -> None:
        """Signal the step's process group; one that does not end after SIGINT is killed."""
        with self._lock:
            process = self._processes.get(step.id)
        if process is None:
            return
        if option == "TERMINATE_PROCESS":
            _signal_group(process, signal.SIGKILL)
            return
        _signal_group(process, signal.SIGINT)
        timer = threading.Timer(_GRACE_SECONDS, _signal_group, (process, signal.SIGKILL))
        timer.daemon = True
        timer.start()

    def _run_logged(
        self, cluster: Cluster, step: Step, farm: Farm, logs: StepLogs, work: Path
    ) -> Failure | None:
        """Return why the step failed, or None."""
        submission = parse_submission(step.jar, step.arguments)
        begin = time.monotonic()
        farm.lay_out()
        for skipped in farm.skipped:
            logs.note(skipped)
        missing = _first_missing(submission, farm.root)
        if missing is not None:
            return Failure(f"The file {missing} does not exist.", "controller")
        scratch = work / "scratch"
        scratch.mkdir(parents=True)
        command = build_command(submission, farm, scratch)
        logs.note(f"startExec {shlex.join(['spark-submit', *step.arguments[1:]])}")
        exit_code = self._execute(
            step, command, build_environment(self._endpoint, cluster.region), logs, scratch
        )
        logs.note(f"waitProcessCompletion ended with exit code {exit_code}")
        adoption = farm.adopt()
        for problem in adoption.problems:
            logs.note(problem)
        logs.note(
            f"objects added {len(adoption.added)}, changed {len(adoption.changed)}, "
            f"deleted {len(adoption.deleted)}; total process run time {time.monotonic() - begin:.1f} seconds"
        )
        if exit_code == 0:
            return None
        return explain_failure(logs.read("stdout"), logs.read("stderr"), exit_code, submission.application)

    def _execute(
        self, step: Step, command: list[str], environment: dict[str, str], logs: StepLogs, scratch: Path
    ) -> int:
        with logs.path("stdout").open("wb") as stdout, logs.path("stderr").open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-S", tether.__file__, str(os.getpid()), *command],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                cwd=scratch,
                env=environment,
                start_new_session=True,
            )
            with self._lock:
                self._processes[step.id] = process
            # The step may have been cancelled before there was a process to signal.
            if step.cancel_option is not None:
                self.cancel(step, step.cancel_option)
            try:
                return process.wait()
            finally:
                _signal_group(process, signal.SIGKILL)
                with self._lock:
                    del self._processes[step.id]


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal every process of a group; the driver's Python is a child of the JVM and could outlive it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _first_missing(submission: Submission, farm: Path) -> str | None:
    for uri in submission.files:
        local = localise(uri, farm)
        if local != uri and not Path(local).exists():
            return uri
    return None
