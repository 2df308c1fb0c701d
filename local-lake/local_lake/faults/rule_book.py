"""The rules in force, and how often each has hit."""

from __future__ import annotations

import itertools
import random
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local_lake.faults.targets import find_targets
from local_lake.front.registry import is_internal

if TYPE_CHECKING:
    from local_lake.faults.rule import Rule
    from local_lake.front.protocol import Call


@dataclass
class Fault:
    """A rule in force: its number, the calls that matched it, and those of them that it hit."""

    id: int
    rule: Rule
    matched: int = 0
    hits: int = 0
    chance: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.rule.seed)

    @property
    def is_spent(self) -> bool:
        """Tell whether it has hit as often as it was to."""
        return self.rule.count is not None and self.hits >= self.rule.count

    def to_json(self) -> dict[str, Any]:
        """Return the rule and how often it hit."""
        return {"id": self.id, **self.rule.to_json(), "matched": self.matched, "hits": self.hits}


class RuleBook:
    """All rules in force, in the order in which they were added; shared by all threads."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def add(self, rules: list[Rule]) -> list[dict[str, Any]]:
        """Put rules in force; returns them with their numbers."""
        with self._lock:
            added = [Fault(next(self._numbers), rule) for rule in rules]
            self._faults = [*self._faults, *added]
            return [fault.to_json() for fault in added]

    def to_json(self) -> list[dict[str, Any]]:
        """Return all rules, spent ones too, with how often each hit."""
        with self._lock:
            return [fault.to_json() for fault in self._faults]

    def remove(self, number: int | None = None) -> list[dict[str, Any]]:
        """Take one rule, or all, out of force; returns what was removed."""
        with self._lock:
            removed = [fault for fault in self._faults if number in (None, fault.id)]
            self._faults = [fault for fault in self._faults if fault not in removed]
            return [fault.to_json() for fault in removed]

    def choose(self, call: Call | None) -> Fault | None:
        """Return the first rule that hits a call, counted as a hit; with no rules this costs nothing."""
        if not self._faults or call is None:
            return None
        candidates = [fault for fault in self._faults if fault.rule.is_for(call.caller.service, call.name)]
        if is_internal(call.request.environ):
            candidates = [fault for fault in candidates if fault.rule.internal]
        if not candidates:
            return None
        needs_targets = any(fault.rule.resource is not None for fault in candidates)
        targets = find_targets(call) if needs_targets else []
        with self._lock:
            return next((fault for fault in candidates if _hits(fault, targets)), None)


def _hits(fault: Fault, targets: list[str]) -> bool:
    """Decide about one call. What a rule draws depends on its matched calls alone, not on other rules."""
    if fault.is_spent or not fault.rule.is_about(targets):
        return False
    fault.matched += 1
    if fault.chance.random() >= fault.rule.rate:
        return False
    fault.hits += 1
    return True
