"""Stacks and what belongs to them, and the store that holds them while the process lives."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from local_lake.cloudformation.operations import History
from local_lake.cloudformation.parameters import MASK
from local_lake.front.registry import ACCOUNT

if TYPE_CHECKING:
    from local_lake.cloudformation.change_sets import ChangeSet
    from local_lake.cloudformation.drift import ResourceDrift
    from local_lake.cloudformation.parameters import Parameter
    from local_lake.cloudformation.template import ResourceDefinition, Template

STACK_TYPE = "AWS::CloudFormation::Stack"

_IN_PROGRESS = "_IN_PROGRESS"


def now() -> datetime:
    """Return the time in UTC, as every timestamp of the API is."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class StackResource:
    """A resource as it stands: changed only by putting another record in its place."""

    definition: ResourceDefinition
    generation: int = 0
    physical_id: str | None = None
    properties: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    status: str = ""
    reason: str | None = None
    updated: datetime = field(default_factory=now)

    @property
    def logical_id(self) -> str:
        """The name in the template."""
        return self.definition.logical_id

    @property
    def type_name(self) -> str:
        """The resource type, such as AWS::S3::Bucket."""
        return self.definition.type_name


@dataclass(frozen=True)
class Event:
    """One line of a stack's history."""

    event_id: str
    logical_id: str
    physical_id: str | None
    type_name: str
    status: str
    reason: str | None
    at: datetime
    properties: str | None = None
    client_token: str | None = None
    operation_id: str | None = None


@dataclass(frozen=True)
class Output:
    """One output of a stack; `export` is the name other stacks import it by."""

    key: str
    value: str
    description: str | None
    export: str | None


@dataclass(frozen=True)
class Deployment:
    """What a stack is, or is to become: a template with everything it was given."""

    template: Template
    parameters: dict[str, Parameter]
    tags: dict[str, str]
    capabilities: tuple[str, ...]

    def mask(self, text: str) -> str:
        """Blot out the values of NoEcho parameters in a text that people will see."""
        for parameter in self.parameters.values():
            if parameter.no_echo and parameter.text:
                text = text.replace(parameter.text, MASK)
        return text


@dataclass
class Stack:
    """A stack; fields change only under the store's lock."""

    stack_id: str
    name: str
    region: str
    created: datetime
    deployment: Deployment | None = None
    status: str = ""
    reason: str | None = None
    updated: datetime | None = None
    deleted: datetime | None = None
    change_set_id: str | None = None
    termination_protection: bool = False
    disable_rollback: bool = False
    notification_arns: tuple[str, ...] = ()
    role_arn: str | None = None
    timeout_minutes: int | None = None
    client_token: str | None = None
    capabilities: tuple[str, ...] = ()
    parent_id: str | None = None
    root_id: str | None = None
    depth: int = 0
    outputs: list[Output] = field(default_factory=list)
    imports: frozenset[str] = frozenset()
    resources: dict[str, StackResource] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    history: History = field(default_factory=History)
    change_sets: dict[str, ChangeSet] = field(default_factory=dict)
    pending_rollback: list[Any] = field(default_factory=list)
    drifts: dict[str, ResourceDrift] = field(default_factory=dict)
    drift_status: str = "NOT_CHECKED"
    drift_checked: datetime | None = None

    def mask(self, text: str) -> str:
        """Blot out the values of NoEcho parameters in a text that people will see."""
        return text if self.deployment is None else self.deployment.mask(text)

    @property
    def is_busy(self) -> bool:
        """Whether an operation runs on it."""
        return self.status.endswith(_IN_PROGRESS) and self.status != "REVIEW_IN_PROGRESS"


class Store:
    """All stacks of all regions, by region and name while they exist and by id for ever."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._by_name: dict[tuple[str, str], Stack] = {}
        self._by_id: dict[str, Stack] = {}

    def add(self, region: str, name: str, parent_id: str | None = None) -> Stack:
        """Make an empty stack of that name; the caller has made sure that there is none.

        `parent_id` is the stack it is nested in.
        """
        with self.lock:
            ordinal = len(self._by_id)
            unique = uuid.uuid5(uuid.NAMESPACE_URL, f"{region}/{name}/{ordinal}")
            stack_id = f"arn:aws:cloudformation:{region}:{ACCOUNT}:stack/{name}/{unique}"
            stack = Stack(stack_id=stack_id, name=name, region=region, created=now())
            parent = None if parent_id is None else self._by_id.get(parent_id)
            if parent is not None:
                stack.parent_id = parent.stack_id
                stack.root_id = parent.root_id or parent.stack_id
                stack.depth = parent.depth + 1
            self._by_name[region, name] = stack
            self._by_id[stack_id] = stack
            return stack

    def find(self, region: str, name_or_id: str) -> Stack | None:
        """Find a stack by name, or by id even after its deletion."""
        with self.lock:
            return self._by_id.get(name_or_id) or self._by_name.get((region, name_or_id))

    def of_region(self, region: str) -> list[Stack]:
        """List all stacks ever made in a region, the newest first."""
        with self.lock:
            return [stack for stack in reversed(self._by_id.values()) if stack.region == region]

    def living(self, region: str) -> list[Stack]:
        """List the stacks of a region that exist, the newest first."""
        return [stack for stack in self.of_region(region) if stack.deleted is None]

    def retire(self, stack: Stack) -> None:
        """Free a deleted stack's name; its id goes on finding it."""
        with self.lock:
            stack.deleted = now()
            self._by_name.pop((stack.region, stack.name), None)

    def set_status(self, stack: Stack, status: str, reason: str | None = None) -> None:
        """Change a stack's status and write the event of it."""
        with self.lock:
            stack.history.follow(stack.status, status)
            stack.status = status
            stack.reason = reason
            self._write(stack, stack.name, stack.stack_id, STACK_TYPE, status, reason, None)

    def set_resource(self, stack: Stack, resource: StackResource, properties: str | None = None) -> None:
        """Put a resource's new record in place and write the event of it."""
        with self.lock:
            stack.resources[resource.logical_id] = resource
            stack.drifts.pop(resource.logical_id, None)
            self.write_resource_event(stack, resource, properties)

    def write_resource_event(
        self, stack: Stack, resource: StackResource, properties: str | None = None
    ) -> None:
        """Write an event for a record that is not, or no longer, the stack's, such as a replaced one."""
        with self.lock:
            self._write(
                stack,
                resource.logical_id,
                resource.physical_id,
                resource.type_name,
                resource.status,
                resource.reason,
                properties,
            )

    def _write(
        self,
        stack: Stack,
        logical_id: str,
        physical_id: str | None,
        type_name: str,
        status: str,
        reason: str | None,
        properties: str | None,
    ) -> None:
        at = now()
        own = physical_id == stack.stack_id
        event_id = str(uuid.uuid4()) if own else f"{logical_id}-{status}-{at:%Y-%m-%dT%H:%M:%S.%fZ}"
        stack.events.append(
            Event(
                event_id=event_id,
                logical_id=logical_id,
                physical_id=physical_id,
                type_name=type_name,
                status=status,
                reason=reason,
                at=at,
                properties=properties,
                client_token=stack.client_token,
                operation_id=None if stack.history.current is None else stack.history.current.operation_id,
            )
        )

    def exporter(self, region: str, name: str) -> tuple[Stack, Output] | None:
        """Find the living stack that exports a name, with the output."""
        with self.lock:
            for stack in self.living(region):
                for output in stack.outputs:
                    if output.export == name:
                        return stack, output
        return None

    def importers(self, region: str, name: str) -> list[str]:
        """Name the living stacks that import an export."""
        with self.lock:
            return sorted(stack.name for stack in self.living(region) if name in stack.imports)
