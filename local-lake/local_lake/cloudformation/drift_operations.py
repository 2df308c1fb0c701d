"""The operations on drift: detection in the background, and what it found."""

from __future__ import annotations

import json
import logging
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local_lake.cloudformation.answers import present, take_page
from local_lake.cloudformation.drift import ResourceDrift, detect_resource_drift
from local_lake.cloudformation.scheduling import Cancellation
from local_lake.cloudformation.stack_operations import find_living, invalid
from local_lake.cloudformation.stacks import now

if TYPE_CHECKING:
    from datetime import datetime

    from local_lake.cloudformation.engine import Engine
    from local_lake.cloudformation.stacks import Stack, StackResource
    from local_lake.front.registry import ServiceRequest

log = logging.getLogger(__name__)

_PARALLEL = 8
_CHECKABLE = (
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "UPDATE_ROLLBACK_FAILED",
    "ROLLBACK_COMPLETE",
    "ROLLBACK_FAILED",
)
_DRIFTED = ("MODIFIED", "DELETED")


@dataclass
class _Detection:
    """One detection on a stack; fields change only under the store's lock."""

    detection_id: str
    stack: Stack
    started: datetime
    status: str = "DETECTION_IN_PROGRESS"
    reason: str | None = None
    drifted: int | None = None


class DriftOperations:
    """DetectStackDrift, DetectStackResourceDrift and the two that describe what they found."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._detections: dict[str, _Detection] = {}

    def detect_stack_drift(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer DetectStackDrift: all resources are checked, or those that are named."""
        stack = self._find(request)
        wanted = request.params.get("LogicalResourceIds")
        detection = _Detection(str(uuid.uuid4()), stack, now())
        with self._engine.store.lock:
            self._detections[detection.detection_id] = detection
            resources = [r for name, r in stack.resources.items() if wanted is None or name in wanted]
        self._engine.start(detection.detection_id, lambda _: self._detect(detection, resources))
        return {"StackDriftDetectionId": detection.detection_id}

    def describe_stack_drift_detection_status(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer DescribeStackDriftDetectionStatus."""
        wanted = request.params["StackDriftDetectionId"]
        with self._engine.store.lock:
            detection = self._detections.get(wanted)
            if detection is None:
                raise invalid(f"Drift detection {wanted} does not exist")
            done = detection.status == "DETECTION_COMPLETE"
            described = {
                "StackId": detection.stack.stack_id,
                "StackDriftDetectionId": wanted,
                "StackDriftStatus": detection.stack.drift_status if done else None,
                "DetectionStatus": detection.status,
                "DetectionStatusReason": detection.reason,
                "DriftedStackResourceCount": detection.drifted,
                "Timestamp": detection.started,
            }
        return present(described)

    def detect_stack_resource_drift(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer DetectStackResourceDrift, when the resource has been checked."""
        stack, wanted = self._find(request), request.params["LogicalResourceId"]
        resource = stack.resources.get(wanted)
        if resource is None or resource.physical_id is None:
            raise invalid(f"Resource {wanted} does not exist for stack {stack.name}")
        drift = self._check(stack, resource)
        if drift.status == "NOT_CHECKED":
            raise invalid(f"Drift detection is not supported for resource type {resource.type_name}.")
        return {"StackResourceDrift": _describe(stack, resource, drift)}

    def describe_stack_resource_drifts(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer DescribeStackResourceDrifts: of the resources that were checked, filtered by status."""
        params = request.params
        wanted = params.get("StackResourceDriftStatusFilters")
        stack = self._find(request)
        with self._engine.store.lock:
            drifts = [
                _describe(stack, resource, stack.drifts[name])
                for name, resource in stack.resources.items()
                if name in stack.drifts and (not wanted or stack.drifts[name].status in wanted)
            ]
        page, token = take_page(drifts, params.get("NextToken"), params.get("MaxResults") or 100)
        return present({"StackResourceDrifts": page, "NextToken": token})

    def _find(self, request: ServiceRequest) -> Stack:
        name = request.params["StackName"]
        stack = find_living(self._engine, request.region, name, "Stack [{}] does not exist")
        if request.operation.startswith("Detect") and stack.status not in _CHECKABLE:
            raise invalid(
                f"Drift detection cannot be performed on stack [{stack.stack_id}] in state [{stack.status}]."
            )
        return stack

    def _detect(self, detection: _Detection, resources: list[StackResource]) -> None:
        stack, store = detection.stack, self._engine.store
        living = [resource for resource in resources if resource.physical_id is not None]
        with ThreadPoolExecutor(_PARALLEL) as pool:
            checks = {r.logical_id: pool.submit(self._check, stack, r) for r in living}
        failed = [name for name, check in checks.items() if check.exception() is not None]
        for name in failed:
            log.info("drift of %s in stack %s", name, stack.name, exc_info=checks[name].exception())
        with store.lock:
            found = [drift.status for drift in stack.drifts.values()]
            detection.drifted = sum(status in _DRIFTED for status in found)
            stack.drift_status = "DRIFTED" if detection.drifted else "IN_SYNC"
            stack.drift_checked = detection.started
            detection.status = "DETECTION_FAILED" if failed else "DETECTION_COMPLETE"
            if failed:
                detection.reason = f"Failed to detect drift on resource [{', '.join(failed)}]"

    def _check(self, stack: Stack, resource: StackResource) -> ResourceDrift:
        worker = self._engine.worker(stack, Cancellation(), str)
        drift = detect_resource_drift(worker.context_of(resource), resource)
        with self._engine.store.lock:
            if drift.status != "NOT_CHECKED" and stack.resources.get(resource.logical_id) is resource:
                stack.drifts[resource.logical_id] = drift
        return drift


def _describe(stack: Stack, resource: StackResource, drift: ResourceDrift) -> dict[str, Any]:
    described = {
        "StackId": stack.stack_id,
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.physical_id,
        "ResourceType": resource.type_name,
        "ExpectedProperties": stack.mask(_write(drift.expected)),
        "ActualProperties": None if drift.status == "DELETED" else stack.mask(_write(drift.actual)),
        "PropertyDifferences": [
            {name: stack.mask(value) for name, value in difference.items()}
            for difference in drift.differences
        ],
        "StackResourceDriftStatus": drift.status,
        "Timestamp": drift.checked,
    }
    return present(described)


def _write(properties: object) -> str:
    return json.dumps(properties, default=str)
