"""Parameters: from what a caller sent, the previous values and the defaults to checked values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local_lake.cloudformation.template import InvalidTemplate, Template, Value

MASK = "****"
"""What every answer shows for a NoEcho parameter."""

_PLAIN_TYPES = frozenset(
    {"String", "Number", "List<Number>", "List<String>", "CommaDelimitedList", "AWS::SSM::Parameter::Name"}
)
_SSM_VALUE = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")
_EXISTING_ID = re.compile(r"(?:List<)?AWS::(?:EC2|Route53)::[\w:]+>?")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a deployment.

    `text` is the value as given, `value` what Ref returns (a list for list types), `resolved` what a Systems
    Manager parameter type was resolved to.
    """

    key: str
    text: str
    value: Value
    no_echo: bool
    resolved: str | None = None

    def describe(self) -> dict[str, Any]:
        """Shape the parameter as DescribeStacks shows it."""
        described: dict[str, Any] = {
            "ParameterKey": self.key,
            "ParameterValue": MASK if self.no_echo else self.text,
        }
        if self.resolved is not None:
            described["ResolvedValue"] = self.resolved
        return described


ReadSsm = Callable[[str], str]
"""Reads a Systems Manager parameter by its name; raises InvalidTemplate when there is none."""


def settle_parameters(
    template: Template,
    given: list[dict[str, Any]],
    previous: Mapping[str, Parameter],
    read_ssm: ReadSsm,
) -> dict[str, Parameter]:
    """Settle the value of every parameter of the template, in its order.

    `given` is the API's Parameters list; `previous` the stack's values for UsePreviousValue. Raises
    InvalidTemplate in CloudFormation's words for one unknown, missing or outside its constraints.
    """
    by_key = {str(entry["ParameterKey"]): entry for entry in given}
    unknown = [key for key in by_key if key not in template.parameters]
    if unknown:
        raise InvalidTemplate(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    texts = {
        key: _text_of(key, declared, by_key.get(key), previous)
        for key, declared in template.parameters.items()
    }
    missing = [key for key, text in texts.items() if text is None]
    if missing:
        raise InvalidTemplate(f"Parameters: [{', '.join(missing)}] must have values")
    return {
        key: _settle(key, template.parameters[key], text, read_ssm)
        for key, text in texts.items()
        if text is not None
    }


def _text_of(
    key: str, declared: dict[str, Any], given: dict[str, Any] | None, previous: Mapping[str, Parameter]
) -> str | None:
    if given is not None:
        if not given.get("UsePreviousValue"):
            value: str | None = given.get("ParameterValue")
            return value
        if key not in previous:
            raise InvalidTemplate(f"Invalid parameter: {key} has no previous value to use")
        return previous[key].text
    if "Default" not in declared:
        return None
    default = declared["Default"]
    return ",".join(map(str, default)) if isinstance(default, list) else write_scalar(default)


def write_scalar(value: object) -> str:
    """Write a scalar of a template as the API shows it: booleans in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _settle(key: str, declared: dict[str, Any], text: str, read_ssm: ReadSsm) -> Parameter:
    type_name = str(declared.get("Type", "String"))
    _check(key, declared, type_name, text)
    no_echo = write_scalar(declared.get("NoEcho", False)) == "true"
    from_ssm = _SSM_VALUE.fullmatch(type_name)
    resolved = read_ssm(text) if from_ssm else None
    inner = from_ssm.group(1) if from_ssm else type_name
    value = _typed(text if resolved is None else resolved, inner)
    return Parameter(key=key, text=text, value=value, no_echo=no_echo, resolved=resolved)


def _typed(text: str, type_name: str) -> Value:
    if _is_list(type_name):
        return [entry.strip() for entry in text.split(",")] if text else []
    return text


def _is_list(type_name: str) -> bool:
    return type_name == "CommaDelimitedList" or type_name.startswith("List<")


def _check(key: str, declared: dict[str, Any], type_name: str, text: str) -> None:
    if not _is_known_type(type_name):
        raise InvalidTemplate(f"Template format error: Unrecognized parameter type: {type_name}")
    problem = _find_problem(declared, type_name, text)
    if problem is None:
        return
    meant = declared.get("ConstraintDescription")
    if meant is not None:
        raise InvalidTemplate(f"Parameter {key} failed to satisfy constraint: {meant}")
    raise InvalidTemplate(f"Parameter '{key}' {problem}")


def _is_known_type(type_name: str) -> bool:
    plain = {
        "String",
        "Number",
        "List<Number>",
        "List<String>",
        "CommaDelimitedList",
        "AWS::SSM::Parameter::Name",
    }
    return type_name in plain or bool(_SSM_VALUE.fullmatch(type_name) or _EXISTING_ID.fullmatch(type_name))


def _find_problem(declared: dict[str, Any], type_name: str, text: str) -> str | None:
    """Say which constraint a value breaks; of a list type, each entry is held to them."""
    entries = (_typed(text, type_name) or [""]) if _is_list(type_name) else [text]
    problems = (_find_entry_problem(declared, type_name, entry) for entry in entries)
    return next((problem for problem in problems if problem is not None), None)


def _find_entry_problem(declared: dict[str, Any], type_name: str, text: str) -> str | None:
    allowed = declared.get("AllowedValues")
    if allowed is not None and text not in [write_scalar(value) for value in allowed]:
        return "must be one of AllowedValues"
    pattern = declared.get("AllowedPattern")
    if pattern is not None and re.fullmatch(str(pattern), text) is None:
        return f"must match pattern {pattern}"
    if "MinLength" in declared and len(text) < int(declared["MinLength"]):
        return f"must contain at least {declared['MinLength']} characters"
    if "MaxLength" in declared and len(text) > int(declared["MaxLength"]):
        return f"must contain at most {declared['MaxLength']} characters"
    return _find_number_problem(declared, text) if "Number" in type_name else None


def _find_number_problem(declared: dict[str, Any], text: str) -> str | None:
    try:
        number = float(text)
    except ValueError:
        return "must be a number"
    if "MinValue" in declared and number < float(declared["MinValue"]):
        return f"must be a number not less than {declared['MinValue']}"
    if "MaxValue" in declared and number > float(declared["MaxValue"]):
        return f"must be a number not greater than {declared['MaxValue']}"
    return None
