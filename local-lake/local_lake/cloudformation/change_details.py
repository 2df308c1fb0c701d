"""Writes a foreseen change as DescribeChangeSet does: property by property, with cause and replacement."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from local_lake.cloudformation.differences import ABSENT, Difference, PropertyDifference
from local_lake.cloudformation.graph import Reference, find_references
from local_lake.cloudformation.intrinsics import as_text, canonical
from local_lake.providers.catalogue import find_provider

if TYPE_CHECKING:
    from local_lake.cloudformation.parameters import Parameter
    from local_lake.cloudformation.planning import Plan, ResourceChange
    from local_lake.cloudformation.stacks import Deployment

_POLICY_ACTIONS = {"Retain": "Retain", "RetainExceptOnCreate": "Retain", "Snapshot": "Snapshot"}


def describe_change(change: ResourceChange, plan: Plan, *, with_values: bool) -> dict[str, Any]:
    """Shape one change as an entry of DescribeChangeSet's Changes."""
    standing = change.standing
    described: dict[str, Any] = {
        "Action": change.action,
        "LogicalResourceId": change.definition.logical_id,
        "ResourceType": change.definition.type_name,
        "Scope": [],
        "Details": [],
    }
    if standing is not None:
        described["PhysicalResourceId"] = standing.physical_id
    policy = _policy_action(change)
    if policy is not None:
        described["PolicyAction"] = policy
    if change.difference is not None:
        described["Replacement"] = _replacement(change.difference)
        described["Scope"] = _scope(change.difference)
        described["Details"] = list(_details(change, change.difference, plan, with_values=with_values))
    if with_values:
        described |= _contexts(change, plan)
    return {"Type": "Resource", "ResourceChange": described}


def _policy_action(change: ResourceChange) -> str | None:
    if change.action == "Remove":
        return _POLICY_ACTIONS.get(change.definition.deletion_policy, "Delete")
    if change.difference is not None and change.difference.replaces:
        policy = _POLICY_ACTIONS.get(change.definition.update_replace_policy)
        return "ReplaceAndDelete" if policy is None else f"ReplaceAnd{policy}"
    return None


def _replacement(difference: Difference) -> str:
    if difference.replaces:
        return "True"
    return "Conditional" if difference.may_replace else "False"


def _scope(difference: Difference) -> list[str]:
    scope = ["Properties"] if difference.properties or difference.automatic else []
    scope += ["Tags"] if difference.tags else []
    scope += ["Metadata"] if difference.metadata else []
    return [*scope, *difference.policies]


def _details(
    change: ResourceChange, difference: Difference, plan: Plan, *, with_values: bool
) -> list[dict[str, Any]]:
    details = []
    for found in difference.properties:
        for cause in _find_causes(change, found, plan):
            target = _property_target(found, plan, with_values=with_values)
            details.append({"Target": target, **cause})
    if difference.automatic:
        target = {"Attribute": "Properties", "RequiresRecreation": "Never"}
        details.append({"Target": target, "Evaluation": "Dynamic", "ChangeSource": "Automatic"})
    others = [("Tags", difference.tags), ("Metadata", difference.metadata)]
    for attribute in [name for name, changed in others if changed] + list(difference.policies):
        target = {"Attribute": attribute, "RequiresRecreation": "Never"}
        details.append({"Target": target, "Evaluation": "Static", "ChangeSource": "DirectModification"})
    return details


def _property_target(found: PropertyDifference, plan: Plan, *, with_values: bool) -> dict[str, Any]:
    target: dict[str, Any] = {
        "Attribute": "Properties",
        "Name": found.name,
        "Path": found.path,
        "RequiresRecreation": found.recreation,
        "AttributeChangeType": _change_type(found),
    }
    if with_values:
        if found.before is not ABSENT:
            target["BeforeValue"] = _show(found.before, plan)
        if found.after is not ABSENT:
            target["AfterValue"] = _show(found.after, plan)
    return target


def _change_type(found: PropertyDifference) -> str:
    if found.before is ABSENT:
        return "Add"
    return "Remove" if found.after is ABSENT else "Modify"


def _show(value: object, plan: Plan) -> str:
    return mask(json.dumps(value) if isinstance(value, (dict, list)) else as_text(value), plan)


def mask(text: str, plan: Plan) -> str:
    """Blot out NoEcho values, of the deployment and of the one before it."""
    for deployment in filter(None, (plan.deployment, plan.previous)):
        text = deployment.mask(text)
    return text


def _find_causes(change: ResourceChange, found: PropertyDifference, plan: Plan) -> list[dict[str, str]]:
    """Say why a property differs: its own text, a parameter, or a resource that is made anew."""
    raw = change.definition.properties.get(found.name)
    old_raw = _old_definition(change, plan)
    causes = []
    evaluation = "Static" if found.certain else "Dynamic"
    if canonical(raw) != canonical(old_raw.get(found.name)):
        causes.append({"Evaluation": evaluation, "ChangeSource": "DirectModification"})
    for reference in dict.fromkeys(find_references(raw)):
        source = _source_of(reference, change, plan)
        if source is not None:
            entity = reference.name + (f".{reference.attribute}" if reference.attribute else "")
            causes.append({"Evaluation": evaluation, "ChangeSource": source, "CausingEntity": entity})
    return causes or [{"Evaluation": evaluation, "ChangeSource": "DirectModification"}]


def _old_definition(change: ResourceChange, plan: Plan) -> dict[str, Any]:
    if plan.previous is None:
        return {}
    old = plan.previous.template.resources.get(change.definition.logical_id)
    return {} if old is None else old.properties


def _source_of(reference: Reference, change: ResourceChange, plan: Plan) -> str | None:
    if reference.name in change.replacing:
        return "ResourceReference" if reference.attribute is None else "ResourceAttribute"
    before, after = _parameter(plan.previous, reference), _parameter(plan.deployment, reference)
    return "ParameterReference" if before is not None and after is not None and before != after else None


def _parameter(deployment: Deployment | None, reference: Reference) -> object:
    parameter: Parameter | None = None if deployment is None else deployment.parameters.get(reference.name)
    return None if parameter is None else parameter.value


def _contexts(change: ResourceChange, plan: Plan) -> dict[str, str]:
    contexts = {}
    provider = find_provider(change.definition.type_name)
    if change.before is not None and change.standing is not None:
        before = provider.add_tags(change.before, change.standing.tags)
        contexts["BeforeContext"] = mask(json.dumps({"Properties": before}), plan)
    if change.after is not None:
        after = provider.add_tags(change.after, change.tags)
        contexts["AfterContext"] = mask(json.dumps({"Properties": after}), plan)
    return contexts
