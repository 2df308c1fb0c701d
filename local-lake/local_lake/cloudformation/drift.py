"""Drift: how a live resource differs from what its template says (user guide, Detect unmanaged changes)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local_lake.cloudformation.dynamic_references import has_reference
from local_lake.cloudformation.intrinsics import canonical
from local_lake.cloudformation.reasons import is_gone
from local_lake.cloudformation.stacks import StackResource, now
from local_lake.providers.catalogue import find_provider

if TYPE_CHECKING:
    from datetime import datetime

    from local_lake.providers.contract import Context, Properties, Provider

_IDENTIFIERS = ("Key", "Id", "Name", "PolicyName", "Sid", "AttributeName")
"""Members that tell which entry of a list is meant, so that a changed entry is not one removed, one added."""


@dataclass(frozen=True)
class ResourceDrift:
    """What a check of one resource found; `status` as in StackResourceDrift."""

    status: str
    checked: datetime
    expected: Properties
    actual: Properties
    differences: tuple[dict[str, str], ...] = ()


def detect_resource_drift(context: Context, resource: StackResource) -> ResourceDrift:
    """Compare a resource with what its stack says of it; types that cannot be read back are NOT_CHECKED."""
    provider, physical_id = find_provider(resource.type_name), resource.physical_id or ""
    expected = _expect(provider, resource)
    try:
        live = provider.observe(context, physical_id, provider.read(context, physical_id))
    except Exception as error:
        if not is_gone(error):
            raise
        return ResourceDrift("DELETED", now(), expected, {})
    if live is None:
        return ResourceDrift("NOT_CHECKED", now(), expected, {})
    compared = {name: value for name, value in expected.items() if name in live and not has_reference(value)}
    actual = {name: _without_system_tags(name, live[name], provider) for name in compared}
    found = [
        difference
        for name, value in compared.items()
        for difference in _differences(f"/{name}", value, actual[name], is_map=name == provider.tag_property)
    ]
    shown = {**expected, **{name: _project(compared[name], actual[name]) for name in compared}}
    present = {name: value for name, value in shown.items() if value is not None}
    status = "MODIFIED" if found else "IN_SYNC"
    return ResourceDrift(status, now(), expected, present, tuple(found))


def _expect(provider: Provider, resource: StackResource) -> Properties:
    """Give the template's properties with the stack's tags, but without those that CloudFormation adds."""
    tags = {key: value for key, value in resource.tags.items() if not key.startswith("aws:")}
    named = provider.tag_property in resource.properties
    return provider.add_tags(resource.properties, tags) if tags or named else resource.properties


def _without_system_tags(name: str, value: Any, provider: Provider) -> Any:  # noqa: ANN401 - any property
    if name != provider.tag_property or not value:
        return value
    if isinstance(value, Mapping):
        return {key: tag for key, tag in value.items() if not key.startswith("aws:")}
    return [tag for tag in value if not str(tag["Key"]).startswith("aws:")]


def _differences(path: str, expected: Any, actual: Any, *, is_map: bool = False) -> Iterator[dict[str, str]]:  # noqa: ANN401
    """Yield what differs; of structures only members that the template sets, of lists additions too."""
    if actual is None:
        yield _describe(path, "REMOVE", expected, None)
    elif isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for name, value in expected.items():
            yield from _differences(f"{path}/{name}", value, actual.get(name))
        for name in [name for name in actual if is_map and name not in expected]:
            yield _describe(f"{path}/{name}", "ADD", None, actual[name])
    elif isinstance(expected, list) and isinstance(actual, list):
        yield from _list_differences(path, expected, actual)
    elif not _same(expected, actual):
        yield _describe(path, "NOT_EQUAL", expected, actual)


def _list_differences(path: str, expected: list[Any], actual: list[Any]) -> Iterator[dict[str, str]]:
    """Compare lists without regard to order: equal entries pair off, then those that mean the same thing."""
    left = list(enumerate(actual))
    unmatched = []
    for index, entry in enumerate(expected):
        same = next((pair for pair in left if not list(_differences("", entry, pair[1]))), None)
        if same is None:
            unmatched.append((index, entry))
        else:
            left.remove(same)
    for index, entry in unmatched:
        meant = next((pair for pair in left if _mean_the_same((index, entry), pair)), None)
        if meant is None:
            yield _describe(f"{path}/{index}", "REMOVE", entry, None)
        else:
            left.remove(meant)
            yield from _differences(f"{path}/{index}", entry, meant[1])
    for index, entry in left:
        yield _describe(f"{path}/{index}", "ADD", None, entry)


def _mean_the_same(expected: tuple[int, object], actual: tuple[int, object]) -> bool:
    """Tell whether two entries, each with its place, are one: by what identifies them, else by the place."""
    (place, entry), (found_at, found) = expected, actual
    if not isinstance(entry, Mapping) or not isinstance(found, Mapping):
        return False
    names = [name for name in _IDENTIFIERS if name in entry]
    return any(entry[name] == found.get(name) for name in names) if names else place == found_at


def _same(expected: object, actual: object) -> bool:
    left, right = canonical(expected), canonical(actual)
    if left == right:
        return True
    try:
        return float(left) == float(right)
    except (TypeError, ValueError):
        return False


def _project(expected: Any, actual: Any) -> Any:  # noqa: ANN401 - any property
    """Leave out what the template does not set in the structures of a live value."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping) and expected:
        return {name: _project(value, actual.get(name)) for name, value in expected.items() if name in actual}
    if isinstance(expected, list) and isinstance(actual, list):
        alike = expected[0] if expected else None
        return [_project(alike, entry) for entry in actual]
    return actual


def _describe(path: str, kind: str, expected: object, actual: object) -> dict[str, str]:
    return {
        "PropertyPath": path,
        "ExpectedValue": _write(expected),
        "ActualValue": _write(actual),
        "DifferenceType": kind,
    }


def _write(value: object) -> str:
    return json.dumps(value, default=str) if isinstance(value, (Mapping, list)) else _write_scalar(value)


def _write_scalar(value: object) -> str:
    return "null" if value is None else str(canonical(value))
