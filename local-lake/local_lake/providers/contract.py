"""What a resource type's provider is, and what the engine gives it to work with."""

from __future__ import annotations

import base64
import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from local_lake.providers.clients import Clients

Properties = Mapping[str, Any]
"""A resource's properties, resolved, as the template writes them; a number may be text."""

Replacement = Literal["Never", "Conditionally", "Always"]
"""RequiresRecreation, in the words of DescribeChangeSet."""

NEVER: Replacement = "Never"
CONDITIONALLY: Replacement = "Conditionally"
ALWAYS: Replacement = "Always"


def update_rules(*, never: str = "", conditionally: str = "", always: str = "") -> Mapping[str, Replacement]:
    """Write a type's update requirements: property names, separated by blanks, by what a change does."""
    kinds: tuple[tuple[Replacement, str], ...] = (
        (NEVER, never),
        (CONDITIONALLY, conditionally),
        (ALWAYS, always),
    )
    return MappingProxyType({name: kind for kind, names in kinds for name in names.split()})


class ResourceFailure(Exception):  # noqa: N818 - CloudFormation calls it a status
    """A provider cannot do what was asked; `code` is one of CloudFormation's HandlerErrorCodes."""

    def __init__(self, message: str, code: str = "InvalidRequest") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


@dataclass(frozen=True)
class Context:
    """One resource of one stack, as its provider sees it.

    `generation` counts the replacements of the resource. `successor` has the properties of the resource that
    replaced this one, while this one is deleted. `capabilities` are those given to the stack. `pause` waits
    some seconds and raises when the operation was cancelled. `announce` tells the engine the physical id
    before `create` is done, so that a creation that fails half-way is taken back.
    """

    clients: Clients
    region: str
    account: str
    stack_name: str
    stack_id: str
    logical_id: str
    generation: int
    pause: Callable[[float], None]
    announce: Callable[[str], None]
    successor: Properties | None = None
    capabilities: tuple[str, ...] = ()

    def client(self, service: str) -> Any:  # noqa: ANN401 - see Clients.get
        """Return the SDK client of a service."""
        return self.clients.get(service)

    def generate_name(self, limit: int, *, lower: bool = False) -> str:
        """Make the physical name of a resource the template does not name: stack, logical id and a suffix.

        The suffix follows from stack id, logical id and generation, so a repeated call makes the same name.
        `limit` is the longest name the service takes.
        """
        seed = f"{self.stack_id}/{self.logical_id}/{self.generation}".encode()
        suffix = base64.b32encode(hashlib.sha256(seed).digest()).decode()[:12]
        room = limit - len(suffix) - 1
        half = max(room // 2, room - len(self.stack_name) - 1)
        logical = self.logical_id[:half]
        stem = f"{self.stack_name[: room - len(logical) - 1]}-{logical}"
        name = f"{stem}-{suffix}"
        return name.lower() if lower else name


class Provider(ABC):
    """Makes, changes and removes the resources of one type through the public API.

    `updates` names every property the provider acts on and whether changing it replaces the resource, from
    the "Update requires" lines of the CloudFormation resource reference; a dotted path overrides its parent.
    A property that is not named is refused. Where `tag_property` names one, the properties that a provider
    gets hold the stack's tags in it too, and CloudFormation's own (`aws:cloudformation:stack-name`, ...).
    `attributes` names what Fn::GetAtt may read; None allows any name. With `updates_always` an update of the
    stack updates the resource even if its properties are what they were: what they point to may have changed.
    `mirrored` names, separated by blanks, the properties that `read` returns in the template's form.
    """

    type_name: ClassVar[str]
    updates: ClassVar[Mapping[str, Replacement]]
    required: ClassVar[tuple[str, ...]] = ()
    attributes: ClassVar[frozenset[str] | None] = frozenset()
    tag_property: ClassVar[str | None] = None
    tags_are_mapping: ClassVar[bool] = False
    name_property: ClassVar[str | None] = None
    iam: ClassVar[bool] = False
    mirrored: ClassVar[str] = ""
    updates_always: ClassVar[bool] = False

    @abstractmethod
    def create(self, context: Context, properties: Properties, /) -> str:
        """Create the resource and return its physical id, which Ref gives."""

    @abstractmethod
    def read(self, context: Context, physical_id: str, /) -> Mapping[str, Any]:
        """Describe the live resource, in the service's own shape; fails when it is gone."""

    @abstractmethod
    def delete(self, context: Context, physical_id: str, properties: Properties, /) -> None:
        """Delete the resource; the service's not-found error means that it is deleted."""

    def update(self, _: Context, __: str, before: Properties, after: Properties, /) -> None:
        """Change the resource in place; types whose every property replaces it keep this refusal."""
        changed = sorted({*before, *after})
        raise ResourceFailure(f"{self.type_name} cannot be updated in place ({changed}).", "NotUpdatable")

    def settle(self, context: Context, physical_id: str, /) -> None:  # noqa: B027
        """Wait until a resource just created is ready for those that depend on it."""

    def describe_attributes(self, _: Context, __: str, live: Mapping[str, Any], /) -> Properties:
        """Give the values of Fn::GetAtt, from the physical id and what `read` returned."""
        return {name: live[name] for name in self.attributes or ()}

    def observe(self, _: Context, __: str, live: Mapping[str, Any], /) -> Properties | None:
        """Give the live values of properties in the template's form, from what `read` returned.

        A property that can be read and has no value is None; one that cannot be read is absent. A type whose
        properties cannot be read at all gives None: its drift is not checked.
        """
        names = self.mirrored.split()
        return {name: live.get(name) for name in names} if names else None

    def add_tags(self, properties: Properties, tags: Mapping[str, str], /) -> Properties:
        """Put the stack's tags under the resource's own, in the form its tag property has."""
        if self.tag_property is None:
            return properties
        merged = {**tags, **tags_of(properties, self.tag_property)}
        in_form = merged if self.tags_are_mapping else list_tags(merged)
        return {**properties, self.tag_property: in_form}

    def refer(self, physical_id: str, /) -> str:
        """Give what Ref returns: the physical id, but for a few types."""
        return physical_id

    def requires_recreation(self, path: str) -> Replacement:
        """Tell whether a change at a property path (`Instances.Ec2SubnetId`) replaces the resource."""
        while path:
            if path in self.updates:
                return self.updates[path]
            path = path.rpartition(".")[0]
        return NEVER


def write_json(document: object) -> str:
    """Write a policy or dashboard given as JSON or as text; the APIs take text."""
    return document if isinstance(document, str) else json.dumps(document)


def select(properties: Properties, *names: str) -> dict[str, Any]:
    """Pick the named properties that are present: most APIs take them by the same names."""
    return {name: properties[name] for name in names if name in properties}


def tags_of(properties: Properties, name: str = "Tags") -> dict[str, str]:
    """Read a tag property, a list of Key and Value or a mapping, as a mapping."""
    own = properties.get(name) or []
    pairs = own.items() if isinstance(own, Mapping) else [(tag["Key"], tag["Value"]) for tag in own]
    return {str(key): str(value) for key, value in pairs}


def list_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Write tags as the list of Key and Value that most APIs take."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def apply_tags(
    before: Properties,
    after: Properties,
    *,
    put: Callable[[dict[str, str]], object],
    remove: Callable[[list[str]], object],
) -> None:
    """Bring tags from what they were to what they are to be, by the calls that set and remove some."""
    old, new = tags_of(before), tags_of(after)
    removed = [key for key in old if key not in new]
    changed = {key: value for key, value in new.items() if old.get(key) != value}
    if removed:
        remove(removed)
    if changed:
        put(changed)
