"""Operations: what was done to a stack, each with an id that its events carry."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

_BEGINNINGS = {
    "CREATE_IN_PROGRESS": "CREATE_STACK",
    "UPDATE_IN_PROGRESS": "UPDATE_STACK",
    "DELETE_IN_PROGRESS": "DELETE_STACK",
    "ROLLBACK_IN_PROGRESS": "ROLLBACK",
    "UPDATE_ROLLBACK_IN_PROGRESS": "ROLLBACK",
}
_LAST = 10
"""How many operations LastOperations shows; AWS does not say how many it does."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Operation:
    """One operation; its fields change only under the store's lock."""

    kind: str
    operation_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    started: datetime = field(default_factory=_now)
    ended: datetime | None = None
    status: str = "IN_PROGRESS"

    def end(self, *, succeeded: bool) -> None:
        """Note the end; a second one changes nothing."""
        if self.ended is None:
            self.ended = _now()
            self.status = "SUCCEEDED" if succeeded else "FAILED"

    def describe(self, stack_id: str) -> dict[str, Any]:
        """Shape the operation as the event that stands for it as a whole."""
        described = {
            "EventId": self.operation_id,
            "StackId": stack_id,
            "OperationId": self.operation_id,
            "OperationType": self.kind,
            "OperationStatus": self.status,
            "EventType": "STACK_EVENT",
            "Timestamp": self.ended or self.started,
            "StartTime": self.started,
        }
        return described if self.ended is None else {**described, "EndTime": self.ended}


@dataclass
class History:
    """The operations on one stack, the oldest first; `current` is the one that events belong to."""

    operations: list[Operation] = field(default_factory=list)
    current: Operation | None = None

    def follow(self, before: str, after: str) -> None:
        """Begin and end operations as the stack's status tells; call before the event of it is written."""
        kind = _BEGINNINGS.get(after)
        if kind is not None and before != after:
            if self.current is not None:
                self.current.end(succeeded=False)
            again = before == "UPDATE_ROLLBACK_FAILED" and kind == "ROLLBACK"
            self.current = Operation("CONTINUE_ROLLBACK" if again else kind)
            self.operations.append(self.current)
        elif self.current is not None and after.endswith(("_COMPLETE", "_FAILED")):
            self.current.end(succeeded=after.endswith("_COMPLETE"))

    def list_last(self) -> list[dict[str, str]]:
        """Shape the newest operations as LastOperations, the newest first."""
        newest = list(reversed(self.operations))[:_LAST]
        return [{"OperationType": o.kind, "OperationId": o.operation_id} for o in newest]
