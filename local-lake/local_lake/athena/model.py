"""A query execution, its result, and how the Athena API shows them."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

ENGINE_VERSION = {
    "SelectedEngineVersion": "Athena engine version 3",
    "EffectiveEngineVersion": "Athena engine version 3",
}

ENDED = {"SUCCEEDED", "FAILED", "CANCELLED"}

TextRow = Sequence[str | None]


@dataclass
class Result:
    """What a statement yields before it is written: ``columns`` are ColumnInfos, rows are texts.

    ``header`` tells that the first row of the result is the column names, as for every SELECT.
    """

    columns: list[dict[str, Any]] = field(default_factory=list)
    rows: Iterable[TextRow] = ()
    header: bool = False
    update_count: int | None = None
    manifest: list[str] | None = None


@dataclass
class QueryExecution:
    """One query, from StartQueryExecution to its end."""

    sql: str
    database: str
    workgroup: str
    output_location: str
    account: str
    region: str
    statement_type: str
    substatement: str
    parameters: list[str] = field(default_factory=list)
    token: str | None = None
    cutoff: int | None = None
    result_configuration: dict[str, Any] = field(default_factory=dict)
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: str = "QUEUED"
    reason: str | None = None
    error: dict[str, Any] | None = None
    submitted: datetime = field(default_factory=lambda: datetime.now(UTC))
    completed: datetime | None = None
    scanned: int = 0
    queued_ms: int = 0
    planning_ms: int = 0
    engine_ms: int = 0
    columns: list[dict[str, Any]] = field(default_factory=list)
    update_count: int | None = None
    manifest_location: str | None = None
    cancel: threading.Event = field(default_factory=threading.Event)
    started: float = field(default_factory=time.monotonic)

    def end(self, state: str, reason: str | None = None, error: dict[str, Any] | None = None) -> None:
        """Set how the query ended; ``error`` is its AthenaError."""
        self.reason, self.error, self.completed = reason, error, datetime.now(UTC)
        self.state = state

    def as_api(self) -> dict[str, Any]:
        """Return the QueryExecution of GetQueryExecution."""
        context = {"Catalog": "awsdatacatalog"} | ({"Database": self.database} if self.database else {})
        shown: dict[str, Any] = {
            "QueryExecutionId": self.id,
            "Query": self.sql,
            "StatementType": self.statement_type,
            "SubstatementType": self.substatement,
            "ResultConfiguration": self.result_configuration | {"OutputLocation": self.output_location},
            "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": False}},
            "QueryExecutionContext": context,
            "Status": self._status(),
            "Statistics": self._statistics(),
            "WorkGroup": self.workgroup,
            "EngineVersion": ENGINE_VERSION,
        }
        if self.parameters:
            shown["ExecutionParameters"] = self.parameters
        return shown

    def _status(self) -> dict[str, Any]:
        status: dict[str, Any] = {"State": self.state, "SubmissionDateTime": self.submitted}
        if self.completed is not None:
            status["CompletionDateTime"] = self.completed
        if self.reason is not None:
            status["StateChangeReason"] = self.reason
        if self.error is not None:
            status["AthenaError"] = self.error
        return status

    def _statistics(self) -> dict[str, Any]:
        ended = self.completed or datetime.now(UTC)
        total = int((ended - self.submitted).total_seconds() * 1000)
        statistics: dict[str, Any] = {
            "EngineExecutionTimeInMillis": self.engine_ms,
            "DataScannedInBytes": self.scanned,
            "TotalExecutionTimeInMillis": total,
            "QueryQueueTimeInMillis": self.queued_ms,
            "QueryPlanningTimeInMillis": self.planning_ms,
            "ServicePreProcessingTimeInMillis": 0,
            "ServiceProcessingTimeInMillis": max(0, total - self.queued_ms - self.engine_ms),
            "ResultReuseInformation": {"ReusedPreviousResult": False},
        }
        if self.manifest_location is not None:
            statistics["DataManifestLocation"] = self.manifest_location
        return statistics
