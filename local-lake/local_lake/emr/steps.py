"""The operations of the EMR API on steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.emr.clusters import Clusters, page
from local_lake.emr.model import CLUSTER_ENDING, STEP_ENDED, Cluster, Step
from local_lake.front.registry import Registry, ServiceError, ServiceRequest

if TYPE_CHECKING:
    from local_lake.emr.lifecycle import Lifecycle

_MOST_ACTIVE = 256


class Steps:
    """The steps of the clusters."""

    def __init__(self, clusters: Clusters, lifecycle: Lifecycle) -> None:
        self._clusters = clusters
        self._lifecycle = lifecycle

    def register(self, registry: Registry) -> None:
        """Answer the operations on steps."""
        handlers = {
            "AddJobFlowSteps": self.add,
            "ListSteps": self.list_all,
            "DescribeStep": self.describe,
            "CancelSteps": self.cancel,
        }
        for operation, handler in handlers.items():
            registry.register("emr", operation, handler)

    def add(self, request: ServiceRequest) -> dict[str, Any]:
        """AddJobFlowSteps, at most 256 that have not ended."""
        cluster = self._clusters.find(request, request.params["JobFlowId"])
        steps = [Step.from_config(config) for config in request.params["Steps"]]
        if cluster.concurrency > 1 and any(step.action_on_failure.startswith("TERMINATE") for step in steps):
            raise ServiceError(
                "ValidationException",
                "ActionOnFailure TERMINATE_CLUSTER is not valid when StepConcurrencyLevel is above 1.",
            )
        with self._lifecycle.lock:
            if cluster.state in CLUSTER_ENDING:
                raise ServiceError(
                    "ValidationException",
                    "A job flow that is shutting down, terminated, or finished may not be modified.",
                )
            active = [step for step in cluster.steps if step.state not in STEP_ENDED]
            if len(active) + len(steps) > _MOST_ACTIVE:
                raise ServiceError(
                    "ValidationException",
                    "Maximum number of active steps exceeded.",
                )
            cluster.steps += steps
        self._lifecycle.advance(cluster)
        return {"StepIds": [step.id for step in steps]}

    def list_all(self, request: ServiceRequest) -> dict[str, Any]:
        """ListSteps, newest first, in pages of 50; by states or by at most 10 ids."""
        cluster = self._clusters.find(request, request.params["ClusterId"])
        states, wanted = request.params.get("StepStates"), request.params.get("StepIds")
        if states and wanted:
            raise ServiceError(
                "InvalidRequestException", "Cannot specify both StepIds and StepStates in the same request."
            )
        for identifier in wanted or []:
            _find_step(cluster, identifier)
        found = [
            step.as_api()
            for step in reversed(cluster.steps)
            if (not states or step.state in states) and (not wanted or step.id in wanted)
        ]
        return page(request, found, "Steps")

    def describe(self, request: ServiceRequest) -> dict[str, Any]:
        """DescribeStep."""
        cluster = self._clusters.find(request, request.params["ClusterId"])
        return {"Step": _find_step(cluster, request.params["StepId"]).as_api()}

    def cancel(self, request: ServiceRequest) -> dict[str, Any]:
        """CancelSteps: pending steps at once; a running one by its process, SEND_INTERRUPT by default."""
        cluster = self._clusters.find(request, request.params["ClusterId"])
        option = request.params.get("StepCancellationOption", "SEND_INTERRUPT")
        known = {step.id: step for step in cluster.steps}
        answers = []
        for identifier in request.params["StepIds"]:
            step = known.get(identifier)
            if step is None:
                raise ServiceError("InvalidRequestException", f"Step id '{identifier}' is not valid.")
            refused = self._lifecycle.cancel_step(cluster, step, option)
            answer = {"StepId": identifier, "Status": "FAILED" if refused else "SUBMITTED"}
            answers.append(answer | {"Reason": refused} if refused else answer)
        return {"CancelStepsInfoList": answers}


def _find_step(cluster: Cluster, identifier: str) -> Step:
    for step in cluster.steps:
        if step.id == identifier:
            return step
    raise ServiceError("InvalidRequestException", f"Step id '{identifier}' is not valid.")
