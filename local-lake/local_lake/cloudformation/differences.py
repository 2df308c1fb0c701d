"""How a resource of a template differs from the one that stands, and whether that replaces it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local_lake.cloudformation.intrinsics import UNKNOWN, canonical
from local_lake.providers.contract import ALWAYS, CONDITIONALLY, Provider, Replacement

if TYPE_CHECKING:
    from local_lake.cloudformation.stacks import StackResource
    from local_lake.cloudformation.template import ResourceDefinition

ABSENT = object()


@dataclass(frozen=True)
class PropertyDifference:
    """One property, by its path (`/Properties/BucketName`), before and after.

    A value not there is ABSENT. `certain` is false where only the deploy will tell the new value.
    """

    path: str
    before: object
    after: object
    recreation: Replacement
    certain: bool

    @property
    def name(self) -> str:
        """The top-level property that differs."""
        return self.path.split("/")[2]


@dataclass(frozen=True)
class Difference:
    """All that differs between a resource that stands and its definition; empty when nothing does."""

    properties: tuple[PropertyDifference, ...]
    tags: bool
    metadata: bool
    policies: tuple[str, ...]
    automatic: bool = False
    """Whether CloudFormation updates the resource in any case, to see whether there is something to do."""

    def __bool__(self) -> bool:
        return bool(self.properties or self.tags or self.metadata or self.policies or self.automatic)

    @property
    def needs_provider(self) -> bool:
        """Whether the live resource changes, not only its record."""
        return bool(self.properties or self.tags or self.automatic)

    @property
    def replaces(self) -> bool:
        """Whether a new physical resource is made; a conditional replacement with known values is one too."""
        return any(p.recreation in (ALWAYS, CONDITIONALLY) and p.certain for p in self.properties)

    @property
    def may_replace(self) -> bool:
        """Whether only the deploy will tell if a new physical resource is made."""
        return any(p.recreation != "Never" and not p.certain for p in self.properties)


def compare(
    provider: Provider,
    standing: StackResource,
    definition: ResourceDefinition,
    properties: Mapping[str, Any],
    metadata: Mapping[str, Any],
    tags: Mapping[str, str],
) -> Difference:
    """Compare a standing resource with what a deployment wants of it."""
    found = _compare_values("", standing.properties, properties)
    old = standing.definition
    policies = []
    if old.deletion_policy != definition.deletion_policy:
        policies.append("DeletionPolicy")
    if old.update_replace_policy != definition.update_replace_policy:
        policies.append("UpdateReplacePolicy")
    return Difference(
        properties=tuple(_describe(provider, *difference) for difference in found),
        tags=provider.tag_property is not None and dict(tags) != standing.tags,
        metadata=canonical(standing.metadata) != canonical(dict(metadata)),
        policies=tuple(policies),
        automatic=provider.updates_always,
    )


def _describe(provider: Provider, path: str, before: object, after: object) -> PropertyDifference:
    return PropertyDifference(
        path=f"/Properties{path}",
        before=before,
        after=after,
        recreation=provider.requires_recreation(_dotted(path)),
        certain=UNKNOWN not in str(after),
    )


def _dotted(path: str) -> str:
    return ".".join(part for part in path.split("/") if part and not part.isdigit())


def _compare_values(path: str, before: object, after: object) -> Iterator[tuple[str, object, object]]:
    """Yield the deepest paths that differ; lists of different length differ as a whole."""
    if canonical(before) == canonical(after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in {**before, **after}:
            yield from _compare_values(f"{path}/{name}", before.get(name, ABSENT), after.get(name, ABSENT))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _compare_values(f"{path}/{index}", old, new)
    else:
        yield path, before, after
