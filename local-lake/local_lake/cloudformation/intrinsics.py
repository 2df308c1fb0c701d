"""Intrinsic functions and pseudo parameters: from a template's value to the value a provider gets."""

from __future__ import annotations

import base64
import ipaddress
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local_lake.cloudformation.template import InvalidTemplate, Template, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}"
"""Stands in a change set for what only a deploy will tell; CloudFormation shows the same text."""

NO_VALUE = object()
"""What AWS::NoValue resolves to: the property or list entry that holds it is left out."""

_VARIABLE = re.compile(r"\$\{([^!{}][^{}]*)\}")
_LITERAL = re.compile(r"\$\{!([^{}]*)\}")
_CONDITION_FUNCTIONS = frozenset({"Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition"})


@dataclass(frozen=True)
class Scope:
    """All that a template's functions can refer to.

    `refer` and `get_attribute` answer for resources, by logical id, `import_value` for other stacks' exports.
    """

    template: Template
    pseudo: Mapping[str, Any]
    parameters: Mapping[str, Any]
    zones: Callable[[], list[str]]
    refer: Callable[[str], Any]
    get_attribute: Callable[[str, str], Any]
    import_value: Callable[[str], str]
    conditions: dict[str, bool] = field(default_factory=dict)


def resolve(value: Value, scope: Scope) -> Value:
    """Resolve every function inside a value; NO_VALUE entries vanish. Raises InvalidTemplate."""
    if isinstance(value, list):
        entries = [resolve(entry, scope) for entry in value]
        return [entry for entry in entries if entry is not NO_VALUE]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        name, argument = next(iter(value.items()))
        function = _FUNCTIONS.get(name)
        if function is not None:
            return function(argument, scope)
        if isinstance(name, str) and name.startswith("Fn::"):
            if name in _CONDITION_FUNCTIONS:
                return evaluate_condition(value, scope)
            raise InvalidTemplate(f"Template error: the local lake does not implement {name}.")
    members = {name: resolve(member, scope) for name, member in value.items()}
    return {name: member for name, member in members.items() if member is not NO_VALUE}


def evaluate_conditions(scope: Scope) -> dict[str, bool]:
    """Evaluate every entry of the Conditions section into `scope.conditions`."""
    for name in scope.template.conditions:
        holds(name, scope)
    return scope.conditions


def holds(name: str, scope: Scope) -> bool:
    """Tell whether a named condition holds. Raises InvalidTemplate when there is none of that name."""
    if name not in scope.conditions:
        if name not in scope.template.conditions:
            raise InvalidTemplate(f"Template error: unresolved condition dependency {name} in Fn::If")
        scope.conditions[name] = evaluate_condition(scope.template.conditions[name], scope)
    return scope.conditions[name]


def evaluate_condition(value: object, scope: Scope) -> bool:
    """Evaluate Fn::Equals, Fn::And, Fn::Or, Fn::Not or a reference to a condition."""
    if not isinstance(value, dict) or len(value) != 1:
        raise InvalidTemplate("Template format error: Every Condition member must be a condition function.")
    name, argument = next(iter(value.items()))
    if name == "Condition":
        return holds(str(argument), scope)
    if name == "Fn::Equals":
        left, right = _arguments(name, argument, 2, scope)
        return bool(canonical(left) == canonical(right))
    if name in ("Fn::And", "Fn::Or", "Fn::Not") and isinstance(argument, list):
        results = [evaluate_condition(entry, scope) for entry in argument]
        if name == "Fn::Not":
            return not results[0]
        return all(results) if name == "Fn::And" else any(results)
    raise InvalidTemplate(f"Template error: {name} is not a condition function.")


def canonical(value: Value) -> Value:
    """Write a value so that equal ones compare equal: CloudFormation takes `30` and `"30"` for the same."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list):
        return [canonical(entry) for entry in value]
    if isinstance(value, dict):
        return {name: canonical(member) for name, member in value.items()}
    return value


def substituted_names(argument: object) -> list[str]:
    """List what a Fn::Sub argument refers to, but for its own variables: `Bucket`, `Bucket.Arn`."""
    text, own = (argument, {}) if isinstance(argument, str) else _sub_form(argument)
    return [name for name in (m.strip() for m in _VARIABLE.findall(str(text))) if name not in own]


def _arguments(name: str, argument: object, count: int, scope: Scope) -> list[Value]:
    if not isinstance(argument, list) or len(argument) != count:
        raise InvalidTemplate(f"Template error: {name} requires a list argument with {count} elements.")
    return [resolve(entry, scope) for entry in argument]


def _ref(argument: object, scope: Scope) -> Value:
    name = str(argument)
    if name == "AWS::NoValue":
        return NO_VALUE
    if name in scope.pseudo:
        return scope.pseudo[name]
    if name in scope.parameters:
        return scope.parameters[name]
    return scope.refer(name)


def _get_att(argument: object, scope: Scope) -> Value:
    logical_id, attribute = split_get_att(argument)
    return scope.get_attribute(logical_id, str(resolve(attribute, scope)))


def split_get_att(argument: object) -> tuple[str, Any]:
    """Read both forms of Fn::GetAtt's argument: a list of two, or `Resource.Attribute`."""
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    if isinstance(parts, list) and len(parts) == 2:
        return str(parts[0]), parts[1]
    raise InvalidTemplate("Template error: every Fn::GetAtt object requires two non-empty parameters")


def _sub_form(argument: object) -> tuple[str, dict[str, Any]]:
    if isinstance(argument, str):
        return argument, {}
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], dict):
        return str(argument[0]), argument[1]
    raise InvalidTemplate(
        "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments."
    )


def _sub(argument: object, scope: Scope) -> str:
    text, own = _sub_form(argument)
    variables = {name: resolve(value, scope) for name, value in own.items()}

    def replace(match: re.Match[str]) -> str:
        name = match.group(1).strip()
        if name in variables:
            return as_text(variables[name])
        if "." in name:
            logical_id, attribute = name.split(".", 1)
            return as_text(scope.get_attribute(logical_id, attribute))
        return as_text(_ref(name, scope))

    return _LITERAL.sub(r"${\1}", _VARIABLE.sub(replace, text))


def as_text(value: object) -> str:
    """Write a scalar as CloudFormation does inside a string; a list with commas between its entries."""
    if value is NO_VALUE:
        return ""
    return ",".join(map(as_text, value)) if isinstance(value, list) else str(canonical(value))


def _join(argument: object, scope: Scope) -> str:
    separator, entries = _arguments("Fn::Join", argument, 2, scope)
    if isinstance(entries, str) and UNKNOWN in entries:
        return UNKNOWN
    if not isinstance(entries, list):
        raise InvalidTemplate(
            "Template error: every Fn::Join object requires a list as its second parameter."
        )
    return str(separator).join(as_text(entry) for entry in entries)


def _split(argument: object, scope: Scope) -> Value:
    separator, text = _arguments("Fn::Split", argument, 2, scope)
    return UNKNOWN if UNKNOWN in str(text) else str(text).split(str(separator))


def _select(argument: object, scope: Scope) -> Value:
    index, entries = _arguments("Fn::Select", argument, 2, scope)
    if isinstance(entries, str) and UNKNOWN in entries:
        return UNKNOWN
    try:
        return entries[int(index)]
    except (IndexError, ValueError, TypeError, KeyError) as error:
        raise InvalidTemplate(
            f"Template error: Fn::Select cannot select nonexistent value at index {index}"
        ) from error


def _if(argument: object, scope: Scope) -> Value:
    if not isinstance(argument, list) or len(argument) != 3:
        raise InvalidTemplate("Template error: Fn::If requires a list argument with three elements.")
    name, when_true, when_false = argument
    return resolve(when_true if holds(str(name), scope) else when_false, scope)


def _find_in_map(argument: object, scope: Scope) -> Value:
    if not isinstance(argument, list) or len(argument) != 3:
        raise InvalidTemplate("Template error: Fn::FindInMap requires a list argument with three elements.")
    names = [str(resolve(entry, scope)) for entry in argument]
    found: Any = scope.template.mappings
    for name in names:
        if not isinstance(found, dict) or name not in found:
            raise InvalidTemplate(f"Template error: Unable to get mapping for {'::'.join(names)}")
        found = found[name]
    return found


def _import_value(argument: object, scope: Scope) -> str:
    return scope.import_value(str(resolve(argument, scope)))


def _get_azs(argument: object, scope: Scope) -> list[str]:
    region = resolve(argument, scope) or scope.pseudo["AWS::Region"]
    if region != scope.pseudo["AWS::Region"]:
        raise InvalidTemplate("Template error: Fn::GetAZs of another region is not known to the local lake.")
    return scope.zones()


def _cidr(argument: object, scope: Scope) -> Value:
    if not isinstance(argument, list) or len(argument) not in (2, 3):
        raise InvalidTemplate("Template error: Fn::Cidr requires a list argument with two or three elements.")
    block, count, *rest = [resolve(entry, scope) for entry in argument]
    if UNKNOWN in str(block):
        return UNKNOWN
    host_bits = int(rest[0]) if rest else 8
    network = ipaddress.ip_network(str(block))
    subnets = network.subnets(new_prefix=network.max_prefixlen - host_bits)
    blocks = [str(subnet) for subnet, _ in zip(subnets, range(int(count)), strict=False)]
    if len(blocks) < int(count):
        raise InvalidTemplate(f"Template error: Fn::Cidr cannot make {count} blocks from {block}.")
    return blocks


def _base64(argument: object, scope: Scope) -> str:
    return base64.b64encode(str(resolve(argument, scope)).encode()).decode()


_FUNCTIONS: dict[str, Callable[[Any, Scope], Any]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::If": _if,
    "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import_value,
    "Fn::GetAZs": _get_azs,
    "Fn::Cidr": _cidr,
    "Fn::Base64": _base64,
}
