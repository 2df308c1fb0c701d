"""What refers to what in a template: the order of a deployment, and the references that lead nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_lake.cloudformation.intrinsics import split_get_att, substituted_names
from local_lake.cloudformation.template import InvalidTemplate, ResourceDefinition, Template, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set


@dataclass(frozen=True)
class Reference:
    """One mention of another part of the template; `attribute` is None for Ref."""

    name: str
    attribute: str | None = None


def find_references(value: object) -> Iterator[Reference]:
    """Yield every Ref, Fn::GetAtt and Fn::Sub variable inside a value, pseudo parameters included."""
    if isinstance(value, list):
        for entry in value:
            yield from find_references(entry)
    elif isinstance(value, dict):
        for key, member in value.items():
            if key == "Ref" and isinstance(member, str):
                yield Reference(member)
            elif key == "Fn::GetAtt" and len(value) == 1:
                name, attribute = split_get_att(member)
                yield Reference(name, str(attribute))
            else:
                if key == "Fn::Sub" and len(value) == 1:
                    yield from map(_from_variable, substituted_names(member))
                yield from find_references(member)


def _from_variable(variable: str) -> Reference:
    name, dot, attribute = variable.partition(".")
    return Reference(name, attribute if dot else None)


def find_conditions(value: object) -> Iterator[str]:
    """Yield the name of every condition a value uses through Fn::If or Condition."""
    if isinstance(value, list):
        for entry in value:
            yield from find_conditions(entry)
    elif isinstance(value, dict):
        for key, member in value.items():
            if key == "Fn::If" and isinstance(member, list) and member:
                yield str(member[0])
            elif key == "Condition" and len(value) == 1 and isinstance(member, str):
                yield member
            yield from find_conditions(member)


def dependencies(resource: ResourceDefinition, among: Set[str]) -> set[str]:
    """Name the resources, of those in `among`, that must be ready before this one."""
    named = {reference.name for reference in find_references(resource.properties)} | set(resource.depends_on)
    return (named & among) - {resource.logical_id}


def order_resources(edges: Mapping[str, Set[str]]) -> list[str]:
    """Sort names so that each comes after those it needs; stable. Raises InvalidTemplate on a cycle."""
    done: dict[str, None] = {}
    left = dict(edges)
    while left:
        ready = [name for name, needed in left.items() if all(n in done or n not in edges for n in needed)]
        if not ready:
            raise InvalidTemplate(f"Circular dependency between resources: [{', '.join(_cycle(left))}]")
        for name in ready:
            done[name] = None
            del left[name]
    return list(done)


def _cycle(left: Mapping[str, Set[str]]) -> list[str]:
    """Name the members of one cycle among resources that wait for each other."""
    name = next(iter(left))
    path: list[str] = []
    while name not in path:
        path.append(name)
        name = next(needed for needed in sorted(left[name]) if needed in left)
    return sorted(path[path.index(name) :])


def check_references(template: Template, attributes: Mapping[str, Set[str] | None]) -> None:
    """Check that every reference leads somewhere and nothing waits for itself. Raises InvalidTemplate.

    `attributes` has, for each resource type, the attributes Fn::GetAtt may read; None allows any.
    """
    names = set(template.resources)
    for resource in template.resources.values():
        _check_block(resource.properties, template, attributes, "Resources")
        absent = sorted(set(resource.depends_on) - names)
        if absent:
            _fail_unresolved(absent, "Resources")
        _check_conditions(resource.properties, template)
        if resource.condition is not None and resource.condition not in template.conditions:
            raise InvalidTemplate(
                f"Template format error: Unresolved condition dependency {resource.condition} in the "
                "Resources block of the template"
            )
    _check_block(template.outputs, template, attributes, "Outputs")
    _check_conditions(template.outputs, template)
    _check_condition_block(template)
    edges = {name: dependencies(resource, names) for name, resource in template.resources.items()}
    own = [name for name, r in template.resources.items() if _refers_to_itself(r)]
    if own:
        raise InvalidTemplate(f"Circular dependency between resources: [{own[0]}]")
    order_resources(edges)


def _refers_to_itself(resource: ResourceDefinition) -> bool:
    return any(reference.name == resource.logical_id for reference in find_references(resource.properties))


def _check_block(
    value: Value,
    template: Template,
    attributes: Mapping[str, Set[str] | None],
    block: str,
) -> None:
    absent: set[str] = set()
    for reference in find_references(value):
        if reference.name.startswith("AWS::"):
            continue
        resource = template.resources.get(reference.name)
        if reference.attribute is None:
            if resource is None and reference.name not in template.parameters:
                absent.add(reference.name)
        elif resource is None:
            raise InvalidTemplate(
                f"Template error: instance of Fn::GetAtt references undefined resource {reference.name}"
            )
        else:
            _check_attribute(resource, reference.attribute, attributes.get(resource.type_name))
    if absent:
        _fail_unresolved(sorted(absent), block)


def _check_attribute(resource: ResourceDefinition, attribute: str, known: Set[str] | None) -> None:
    if known is not None and attribute not in known:
        raise InvalidTemplate(
            f"Template error: resource {resource.logical_id} does not support attribute type {attribute} "
            "in Fn::GetAtt"
        )


def _fail_unresolved(names: list[str], block: str) -> None:
    raise InvalidTemplate(
        f"Template format error: Unresolved resource dependencies [{', '.join(names)}] in the {block} "
        "block of the template"
    )


def _check_conditions(value: object, template: Template) -> None:
    for name in find_conditions(value):
        if name not in template.conditions:
            raise InvalidTemplate(f"Template error: unresolved condition dependency {name} in Fn::If")


def _check_condition_block(template: Template) -> None:
    for reference in find_references(template.conditions):
        if not reference.name.startswith("AWS::") and reference.name not in template.parameters:
            raise InvalidTemplate(
                f"Template format error: Unresolved dependencies [{reference.name}]. Cannot reference "
                "resources in the Conditions block of the template"
            )
    _check_conditions(template.conditions, template)
    try:
        order_resources({name: set(find_conditions(value)) for name, value in template.conditions.items()})
    except InvalidTemplate:
        raise InvalidTemplate("Template error: the Conditions block has a circular dependency.") from None
