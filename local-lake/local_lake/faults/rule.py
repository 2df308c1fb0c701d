"""One rule: which calls it is for, what befalls them, and how a rule sent as JSON is read."""

from __future__ import annotations

import difflib
import functools
from dataclasses import asdict, dataclass, fields
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from botocore.exceptions import DataNotFoundError, UnknownServiceError
from moto.core.utils import get_service_model

from local_lake.front.protocol import SERVICE_OF_SIGNING_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

REFUSALS = ("throttling", "internal-error", "unavailable", "access-denied", "expired-token")
"""The kinds that answer with an error of the service, in place of the operation."""

KINDS = (*REFUSALS, "reset", "truncated", "lost-answer", "delay")

MAX_DELAY_MS = 600_000
_WILDCARDS = frozenset("*?[")


@dataclass(frozen=True)
class Mistake:
    """What is wrong with one of the rules that were sent; `rule` counts from 0."""

    rule: int
    field: str | None
    message: str


class InvalidRules(Exception):  # noqa: N818 - the sender's mistakes, told all together
    """Rules that cannot be taken, and everything that is wrong with them."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("; ".join(mistake.message for mistake in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Rule:
    """What befalls which calls; docs of each field in BEHAVIOUR.md, "Faults on demand"."""

    service: str
    kind: str
    operation: str = "*"
    resource: str | None = None
    count: int | None = None
    rate: float = 1.0
    seed: int = 0
    delay: int = 0
    internal: bool = False

    def is_for(self, service: str, operation: str) -> bool:
        """Tell whether calls of this operation can be hit; the resource is not looked at."""
        return self.service in ("*", service) and fnmatchcase(operation, self.operation)

    def is_about(self, targets: list[str]) -> bool:
        """Tell whether one of a call's targets has the rule's resource in it, or matches it as a glob."""
        if self.resource is None:
            return True
        if _is_glob(self.resource):
            return any(fnmatchcase(target, self.resource) for target in targets)
        return any(self.resource in target for target in targets)

    def to_json(self) -> dict[str, Any]:
        """Return the rule's fields as they are sent."""
        return asdict(self)


def read_rules(value: object) -> list[Rule]:
    """Read one rule or a list of them from parsed JSON. Raises InvalidRules with every mistake of all."""
    sent: list[Any] = value if isinstance(value, list) else [value]
    mistakes = [
        Mistake(number, field, message)
        for number, one in enumerate(sent)
        for field, message in _find_mistakes(one)
    ]
    if not sent:
        mistakes.append(Mistake(0, None, "there is no rule in the list"))
    if mistakes:
        raise InvalidRules(mistakes)
    return [_make_rule(one) for one in sent]


def _make_rule(sent: dict[str, Any]) -> Rule:
    given = {name: value for name, value in sent.items() if value is not None}
    given["service"] = SERVICE_OF_SIGNING_NAME.get(given["service"], given["service"])
    return Rule(**given)


_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "service": (lambda value: isinstance(value, str), "the name of a service, such as glue, or *"),
    "kind": (lambda value: value in KINDS, f"one of {', '.join(KINDS)}"),
    "operation": (
        lambda value: isinstance(value, str) and value != "",
        "an operation's name, such as StartCrawler, or a glob of it",
    ),
    "resource": (
        lambda value: isinstance(value, str) and value != "",
        "a part of the resource's name, or a glob of it",
    ),
    "count": (lambda value: _is_whole(value) and value >= 1, "a whole number from 1"),
    "rate": (
        lambda value: (_is_whole(value) or isinstance(value, float)) and 0 <= value <= 1,
        "a number from 0 to 1",
    ),
    "seed": (lambda value: _is_whole(value), "a whole number"),
    "delay": (
        lambda value: _is_whole(value) and 0 <= value <= MAX_DELAY_MS,
        f"a whole number of milliseconds from 0 to {MAX_DELAY_MS}",
    ),
    "internal": (lambda value: isinstance(value, bool), "true or false"),
}


def _find_mistakes(sent: object) -> list[tuple[str | None, str]]:
    """List the fields that are wrong, each with what is wrong; None for the rule as a whole."""
    if not isinstance(sent, dict):
        return [(None, f"a rule is an object with service and kind, not {sent!r}")]
    allowed = [field.name for field in fields(Rule)]
    mistakes: list[tuple[str | None, str]] = [
        (name, f"{name} is not a field of a rule; they are {', '.join(allowed)}")
        for name in sent
        if name not in allowed
    ]
    for name, (is_good, wanted) in _CHECKS.items():
        value = sent.get(name)
        if value is None and name in ("service", "kind"):
            mistakes.append((None, f"{name} is missing: {wanted}"))
        elif value is not None and not is_good(value):
            mistakes.append((name, f"{name} is {value!r}, but must be {wanted}"))
    return mistakes or _find_meaningless(sent)


def _find_meaningless(sent: dict[str, Any]) -> list[tuple[str | None, str]]:
    """Name what has the right form but could never hit: a rehearsal that rehearses nothing always passes."""
    if sent["kind"] == "delay" and not sent.get("delay"):
        return [("kind", "a rule of kind delay needs delay, in milliseconds")]
    service, pattern = sent["service"], sent.get("operation") or "*"
    if service == "*":
        return []
    operations = _operations_of(SERVICE_OF_SIGNING_NAME.get(service, service))
    if operations is None:
        return [("service", f"there is no service {service!r}; the names are those of the AWS CLI and boto3")]
    if any(fnmatchcase(operation, pattern) for operation in operations):
        return []
    alike = difflib.get_close_matches(pattern, operations, n=1)
    meant = f"; did you mean {alike[0]}?" if alike else ""
    return [("operation", f"{service} has no operation {pattern!r}{meant}")]


@functools.cache
def _operations_of(service: str) -> tuple[str, ...] | None:
    try:
        return tuple(get_service_model(service).operation_names)
    except (UnknownServiceError, DataNotFoundError):
        return None


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_glob(pattern: str) -> bool:
    return not _WILDCARDS.isdisjoint(pattern)
