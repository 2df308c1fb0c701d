"""How a cluster lives: it starts, runs its steps in order, waits, and ends."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Protocol

from local_lake.emr.model import CLUSTER_ENDING, STEP_ENDED, Cluster, Step, now

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)


class StepRunner(Protocol):
    """Runs a step's work."""

    def run(self, cluster: Cluster, step: Step) -> str:
        """Run a step to its end and return its state; sets ``step.failure`` when that is FAILED."""

    def cancel(self, step: Step, option: str) -> None:
        """Stop a running step: SEND_INTERRUPT or TERMINATE_PROCESS."""


class Lifecycle:
    """Moves clusters and steps from state to state; every move is made under one lock.

    ``pause`` is the seconds between the states of a start and an end, for people to watch.
    """

    def __init__(self, runner: StepRunner, pause: float) -> None:
        self._runner = runner
        self._pause = pause
        self._closing = threading.Event()
        self._idle: dict[str, threading.Timer] = {}
        self._threads: set[threading.Thread] = set()
        self.lock = threading.RLock()

    def start(self, cluster: Cluster) -> None:
        """Bring a new cluster up, then run its steps."""
        cluster.reason = {"Message": "Provisioning Amazon EC2 capacity"}
        self._spawn(self._start, cluster)

    def advance(self, cluster: Cluster) -> None:
        """Start what can start now, and say what the cluster does: RUNNING, WAITING or its end."""
        with self.lock:
            self._stop_idling(cluster)
            if cluster.state not in {"RUNNING", "WAITING"}:
                return
            pending = [step for step in cluster.steps if step.state == "PENDING"]
            running = [step for step in cluster.steps if step.state in {"RUNNING", "CANCEL_PENDING"}]
            for step in pending[: max(0, cluster.concurrency - len(running))]:
                step.state, step.started = "RUNNING", now()
                running.append(step)
                self._spawn(self._run_step, cluster, step)
            if running:
                cluster.state, cluster.reason = "RUNNING", {"Message": "Running step"}
            elif not cluster.keep_alive:
                self.terminate(cluster, "ALL_STEPS_COMPLETED", "Steps completed")
            else:
                cluster.state = "WAITING"
                cluster.reason = {"Message": "Cluster ready to run steps."}
                self._start_idling(cluster)

    def terminate(self, cluster: Cluster, code: str, message: str) -> None:
        """Cancel the steps and end the cluster; nothing for one that is ending already."""
        with self.lock:
            if cluster.state in CLUSTER_ENDING:
                return
            self._stop_idling(cluster)
            cluster.state, cluster.reason = "TERMINATING", {"Code": code, "Message": message}
            for step in cluster.steps:
                if step.state == "PENDING":
                    step.end("CANCELLED", {"Message": "Job terminated"})
                elif step.state == "RUNNING":
                    step.cancel_option = "TERMINATE_PROCESS"
                    self._runner.cancel(step, "TERMINATE_PROCESS")
        self._spawn(self._end, cluster)

    def cancel_step(self, cluster: Cluster, step: Step, option: str) -> str | None:
        """Cancel a step; returns why that is not possible, or None."""
        with self.lock:
            if step.state == "PENDING":
                step.end("CANCELLED", {"Message": "Cancelled by user"})
                return None
            if step.state != "RUNNING":
                return f"Step is in {step.state} state, it cannot be cancelled"
            step.state = "CANCEL_PENDING"
            step.cancel_option = option
        _log.info("%s %s: %s", cluster.id, step.id, option)
        self._runner.cancel(step, option)
        return None

    def close(self, clusters: list[Cluster]) -> None:
        """Stop every step and wait for the threads."""
        self._closing.set()
        with self.lock:
            for cluster in clusters:
                self._stop_idling(cluster)
                for step in cluster.steps:
                    if step.state not in STEP_ENDED and step.state != "PENDING":
                        self._runner.cancel(step, "TERMINATE_PROCESS")
            threads = list(self._threads)
        for thread in threads:
            thread.join(timeout=20)

    def _start(self, cluster: Cluster) -> None:
        for state, message in (("BOOTSTRAPPING", "Running bootstrap actions"), ("RUNNING", "Running step")):
            self._closing.wait(self._pause)
            with self.lock:
                if cluster.state in CLUSTER_ENDING:
                    return
                cluster.state, cluster.reason = state, {"Message": message}
        with self.lock:
            cluster.ready = now()
        self.advance(cluster)

    def _run_step(self, cluster: Cluster, step: Step) -> None:
        try:
            state = self._runner.run(cluster, step)
        except Exception as error:
            _log.exception("step %s broke", step.id)
            step.failure = {"Reason": "Unknown Error.", "Message": f"The local lake broke: {error}"}
            state = "FAILED"
        with self.lock:
            # A step that was told to stop but ended by itself keeps its own end.
            cancelled = step.cancel_option is not None and state == "FAILED"
            if cancelled:
                step.failure = None
                step.end("CANCELLED", {"Message": "Cancelled by user"})
            else:
                step.end(state)
            if step.state == "FAILED":
                self._act_on_failure(cluster, step)
        self.advance(cluster)

    def _act_on_failure(self, cluster: Cluster, step: Step) -> None:
        action = step.action_on_failure
        if action == "CONTINUE":
            return
        if action in {"TERMINATE_CLUSTER", "TERMINATE_JOB_FLOW"} and not cluster.protected:
            self.terminate(cluster, "STEP_FAILURE", "Shut down as step failed")
            return
        # A protected cluster treats TERMINATE_CLUSTER as CANCEL_AND_WAIT.
        for other in cluster.steps:
            if other.state == "PENDING":
                other.end("CANCELLED", {"Message": "Cancelled because an earlier step failed"})

    def _end(self, cluster: Cluster) -> None:
        self._closing.wait(self._pause)
        running = [step for step in cluster.steps if step.state not in STEP_ENDED]
        for _ in range(300):
            if all(step.state in STEP_ENDED for step in running):
                break
            self._closing.wait(0.1)
        with self.lock:
            failed = cluster.reason.get("Code") not in {"USER_REQUEST", "ALL_STEPS_COMPLETED"}
            if cluster.reason.get("Code") == "USER_REQUEST":
                cluster.reason = {"Code": "USER_REQUEST", "Message": "Terminated by user request"}
            cluster.ended = now()
            cluster.state = "TERMINATED_WITH_ERRORS" if failed else "TERMINATED"

    def _start_idling(self, cluster: Cluster) -> None:
        if cluster.auto_termination is None or cluster.protected:
            return
        seconds = cluster.auto_termination["IdleTimeout"]
        message = f"Auto-terminated after {seconds} seconds without a step"
        timer = threading.Timer(seconds, self.terminate, (cluster, "ALL_STEPS_COMPLETED", message))
        timer.daemon = True
        timer.start()
        self._idle[cluster.id] = timer

    def _stop_idling(self, cluster: Cluster) -> None:
        timer = self._idle.pop(cluster.id, None)
        if timer is not None:
            timer.cancel()

    def _spawn(self, work: Callable[..., None], *arguments: object) -> None:
        def run() -> None:
            try:
                work(*arguments)
            finally:
                with self.lock:
                    self._threads.discard(threading.current_thread())

        thread = threading.Thread(target=run, name=f"emr-{work.__name__}", daemon=True)
        with self.lock:
            self._threads.add(thread)
        thread.start()
