"""Foresees what a deployment would do to a stack: the changes of a change set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from local_lake.cloudformation.creation import resource_tags
from local_lake.cloudformation.differences import Difference, compare
from local_lake.cloudformation.graph import dependencies, order_resources
from local_lake.cloudformation.template import InvalidTemplate
from local_lake.providers.catalogue import find_provider

if TYPE_CHECKING:
    from local_lake.cloudformation.engine import Engine
    from local_lake.cloudformation.resolution import Resolution
    from local_lake.cloudformation.stacks import Deployment, Stack, StackResource
    from local_lake.cloudformation.template import ResourceDefinition


@dataclass(frozen=True)
class ResourceChange:
    """What would happen to one resource; `before` and `after` are properties, None where there are none."""

    action: Literal["Add", "Modify", "Remove"]
    definition: ResourceDefinition
    standing: StackResource | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    tags: dict[str, str]
    difference: Difference | None = None
    replacing: frozenset[str] = frozenset()
    """The resources that would be made anew, so that references to them change."""


@dataclass(frozen=True)
class Plan:
    """All changes, in the order of the deployment.

    `stack_changes` tells of what is no resource: outputs, stack tags, or a failed operation to be mended.
    """

    changes: tuple[ResourceChange, ...]
    stack_changes: bool
    deployment: Deployment
    previous: Deployment | None

    @property
    def is_empty(self) -> bool:
        """Whether a deployment would do nothing."""
        return not self.changes and not self.stack_changes


def plan_deployment(engine: Engine, stack: Stack, wanted: Deployment) -> Plan:
    """Foresee what deploying `wanted` would do. Raises InvalidTemplate when it could not be deployed."""
    # References to resources that are new or replaced must not find them: the map leaves those out.
    foreseen = dict(stack.resources)
    resolution = engine.resolution(stack, wanted, foreseen, foresee=True)
    definitions = resolution.select_definitions()
    for name in list(foreseen):
        if name not in definitions:
            del foreseen[name]
    _refuse_changed_types(stack, definitions)
    edges = {name: dependencies(definition, set(definitions)) for name, definition in definitions.items()}
    changes: list[ResourceChange] = []
    replacing: set[str] = set()
    for name in order_resources(edges):
        change = _foresee(stack, wanted, definitions[name], resolution)
        if change is None:
            continue
        changes.append(change)
        difference = change.difference
        if difference is None or difference.replaces or difference.may_replace:
            replacing.add(name)
            foreseen.pop(name, None)
    frozen = frozenset(replacing)
    changes = [_with_replacing(change, frozen) for change in changes]
    changes.extend(_foresee_removals(stack, definitions))
    outputs = {(o.key, o.value, o.export, o.description) for o in resolution.resolve_outputs()}
    standing = {(o.key, o.value, o.export, o.description) for o in stack.outputs}
    retagged = stack.deployment is not None and stack.deployment.tags != wanted.tags
    failed = stack.status in ("CREATE_FAILED", "UPDATE_FAILED")
    return Plan(tuple(changes), outputs != standing or retagged or failed, wanted, stack.deployment)


def _foresee(
    stack: Stack, wanted: Deployment, definition: ResourceDefinition, resolution: Resolution
) -> ResourceChange | None:
    properties = resolution.resolve_properties(definition)
    tags = resource_tags(stack, wanted, definition.logical_id)
    standing = stack.resources.get(definition.logical_id)
    if standing is None or standing.physical_id is None:
        return ResourceChange("Add", definition, None, None, properties, tags)
    provider = find_provider(definition.type_name)
    metadata = resolution.resolve_metadata(definition)
    difference = compare(provider, standing, definition, properties, metadata, tags)
    if not difference and not standing.status.endswith("_FAILED"):
        return None
    return ResourceChange("Modify", definition, standing, standing.properties, properties, tags, difference)


def _with_replacing(change: ResourceChange, replacing: frozenset[str]) -> ResourceChange:
    return ResourceChange(
        change.action,
        change.definition,
        change.standing,
        change.before,
        change.after,
        change.tags,
        change.difference,
        replacing,
    )


def _foresee_removals(stack: Stack, definitions: dict[str, ResourceDefinition]) -> list[ResourceChange]:
    return [
        ResourceChange("Remove", standing.definition, standing, standing.properties, None, standing.tags)
        for name, standing in stack.resources.items()
        if name not in definitions and standing.physical_id is not None
    ]


def _refuse_changed_types(stack: Stack, definitions: dict[str, ResourceDefinition]) -> None:
    changed = [
        name
        for name, definition in definitions.items()
        if name in stack.resources and stack.resources[name].type_name != definition.type_name
    ]
    if changed:
        raise InvalidTemplate(
            "Update of resource type is not permitted. The new template modifies resource type of the "
            f"following resources: [{', '.join(changed)}]"
        )
