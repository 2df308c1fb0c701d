"""A template's text, parsed and checked for its structure; its words for errors are CloudFormation's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import yaml

from local_lake.front.registry import ServiceError

Value = Any
"""A value in a template: text, number, boolean, list or mapping, functions included."""

BODY_LIMIT_BYTES = 51_200
"""Largest TemplateBody; a TemplateURL may hold a megabyte (CloudFormation quotas)."""
URL_LIMIT_BYTES = 1_048_576

_SECTIONS = frozenset(
    {
        "AWSTemplateFormatVersion",
        "Description",
        "Metadata",
        "Parameters",
        "Rules",
        "Mappings",
        "Conditions",
        "Transform",
        "Hooks",
        "Resources",
        "Outputs",
    }
)
_REFUSED_SECTIONS = {"Transform": "macros and transforms", "Hooks": "hooks", "Rules": "rules"}
_RESOURCE_KEYS = frozenset(
    {
        "Type",
        "Properties",
        "DependsOn",
        "Condition",
        "Metadata",
        "DeletionPolicy",
        "UpdateReplacePolicy",
        "CreationPolicy",
        "UpdatePolicy",
    }
)
_REFUSED_RESOURCE_KEYS = ("CreationPolicy", "UpdatePolicy")
_DELETION_POLICIES = ("Delete", "Retain", "RetainExceptOnCreate", "Snapshot")

# The intrinsic functions that YAML may write as a tag; each stands for a mapping with one key.
_SHORT_FORMS = (
    "And",
    "Base64",
    "Cidr",
    "Equals",
    "FindInMap",
    "GetAtt",
    "GetAZs",
    "If",
    "ImportValue",
    "Join",
    "Not",
    "Or",
    "Select",
    "Split",
    "Sub",
)


@dataclass(frozen=True)
class ResourceDefinition:
    """One entry of the Resources section, its properties not resolved."""

    logical_id: str
    type_name: str
    properties: dict[str, Any]
    depends_on: tuple[str, ...]
    condition: str | None
    metadata: dict[str, Any]
    deletion_policy: str
    update_replace_policy: str


@dataclass(frozen=True)
class Template:
    """A parsed template; `body` is its text as it came."""

    body: str
    description: str | None
    metadata: dict[str, Any]
    parameters: dict[str, dict[str, Any]]
    mappings: dict[str, Any]
    conditions: dict[str, Any]
    resources: dict[str, ResourceDefinition]
    outputs: dict[str, dict[str, Any]]
    version: str | None

    @property
    def resource_types(self) -> list[str]:
        """The types of its resources, each once, sorted."""
        return sorted({resource.type_name for resource in self.resources.values()})


class InvalidTemplate(ServiceError):  # noqa: N818 - CloudFormation calls it ValidationError
    """The template cannot be used; the message is what CloudFormation answers."""

    def __init__(self, message: str) -> None:
        super().__init__("ValidationError", message)


def parse_template(body: str) -> Template:
    """Parse JSON or YAML and check the structure. Raises InvalidTemplate."""
    document = _load(body)
    if not isinstance(document, dict):
        raise InvalidTemplate("Template format error: unsupported structure.")
    unknown = sorted(str(key) for key in document if key not in _SECTIONS)
    if unknown:
        raise InvalidTemplate(f"Invalid template property or properties [{', '.join(unknown)}]")
    for section, meaning in _REFUSED_SECTIONS.items():
        if section in document:
            raise InvalidTemplate(f"The local lake does not run {meaning} (template section {section}).")
    if not _section(document, "Resources"):
        raise InvalidTemplate("Template format error: At least one Resources member must be defined.")
    resources = {
        name: _parse_resource(name, entry) for name, entry in _section(document, "Resources").items()
    }
    version = document.get("AWSTemplateFormatVersion")
    return Template(
        body=body,
        description=document.get("Description"),
        metadata=_section(document, "Metadata"),
        parameters=_section(document, "Parameters"),
        mappings=_section(document, "Mappings"),
        conditions=_section(document, "Conditions"),
        resources=resources,
        outputs=_parse_outputs(_section(document, "Outputs")),
        version=None if version is None else str(version),
    )


def _section(document: dict[str, Any], name: str) -> dict[str, Any]:
    value = document.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidTemplate(f"Template format error: {name} must be an object.")
    return value


def _parse_resource(name: str, entry: object) -> ResourceDefinition:
    if not name.isalnum() or not name.isascii():
        raise InvalidTemplate(f"Template format error: Resource name {name} is non alphanumeric.")
    if not isinstance(entry, dict):
        raise InvalidTemplate("Template format error: Any Resources member must be an object.")
    type_name = entry.get("Type")
    if not isinstance(type_name, str):
        path = f"[/Resources/{name}]"
        raise InvalidTemplate(
            f"Template format error: {path} Every Resources object must contain a Type member."
        )
    unknown = sorted(str(key) for key in entry if key not in _RESOURCE_KEYS)
    if unknown:
        raise InvalidTemplate(f"Invalid template resource property '{unknown[0]}'")
    for key in _REFUSED_RESOURCE_KEYS:
        if key in entry:
            raise InvalidTemplate(f"The local lake does not act on {key} (resource {name}).")
    depends_on = entry.get("DependsOn") or []
    deletion_policy = _policy(name, entry, "DeletionPolicy")
    return ResourceDefinition(
        logical_id=name,
        type_name=type_name,
        properties=_section(entry, "Properties"),
        depends_on=(depends_on,) if isinstance(depends_on, str) else tuple(depends_on),
        condition=entry.get("Condition"),
        metadata=_section(entry, "Metadata"),
        deletion_policy=deletion_policy,
        update_replace_policy=_policy(name, entry, "UpdateReplacePolicy"),
    )


def _policy(name: str, entry: dict[str, Any], key: str) -> str:
    value = entry.get(key, "Delete")
    if value not in _DELETION_POLICIES:
        raise InvalidTemplate(f"Template format error: Unrecognized {key} {value} for resource {name}")
    return str(value)


def _parse_outputs(outputs: dict[str, Any]) -> dict[str, dict[str, Any]]:
    for name, output in outputs.items():
        if not isinstance(output, dict) or "Value" not in output:
            raise InvalidTemplate(
                f"Template format error: Output {name} is malformed. "
                "Every Outputs member must contain a Value object"
            )
    return outputs


def _load(body: str) -> object:
    if body.lstrip().startswith("{"):
        try:
            return json.loads(body)
        except json.JSONDecodeError as error:
            place = f"(line {error.lineno}, column {error.colno})"
            raise InvalidTemplate(f"Template format error: JSON not well-formed. {place}") from error
    try:
        return yaml.load(body, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise InvalidTemplate(f"Template format error: YAML not well-formed.{place}") from error
    except yaml.YAMLError as error:
        raise InvalidTemplate(f"Template format error: YAML not well-formed. {error}") from error


class _Loader(yaml.SafeLoader):
    """YAML as CloudFormation reads it: dates stay text, and tags are intrinsic functions."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _construct_short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if suffix in ("Ref", "Condition"):
        key = suffix
    elif suffix in _SHORT_FORMS:
        key = f"Fn::{suffix}"
    else:
        raise yaml.constructor.ConstructorError(None, None, f"unknown tag !{suffix}", node.start_mark)
    value = _construct_value(loader, node)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {key: value}


def _construct_value(loader: yaml.SafeLoader, node: yaml.Node) -> object:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


def _construct_mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
    repeated = next((name for name in names if names.count(name) > 1 and name != "<<"), None)
    if repeated is not None:
        raise yaml.constructor.ConstructorError(None, None, f"duplicate key {repeated}", node.start_mark)
    loader.flatten_mapping(node)
    return dict(loader.construct_mapping(node, deep=True))


_Loader.add_multi_constructor("!", _construct_short_form)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_mapping)
