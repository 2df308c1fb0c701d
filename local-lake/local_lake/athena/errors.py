"""How a query fails: the text of StateChangeReason, and the AthenaError beside it.

Categories and types are those of the "Athena error catalog" in the Athena user guide.
"""

from __future__ import annotations

from typing import Any

SYSTEM, USER = 1, 2

RESOURCES_EXHAUSTED = 0
INTERNAL_ERROR = 200
USER_ERROR = 1000
DATA_ERROR = 1001
DDL_FAILED = 1003
SYNTAX_ERROR = 1006


class QueryFailedError(Exception):
    """A query ends in FAILED with this text."""

    def __init__(self, message: str, category: int = USER, kind: int = SYNTAX_ERROR) -> None:
        super().__init__(message)
        self.message = message
        self.category = category
        self.kind = kind

    @property
    def is_bad_text(self) -> bool:
        """Whether a text file has bytes that are no UTF-8: repairing it lets the query run."""
        return "unicode" in self.message or "utf-8 encoded" in self.message

    def as_api(self) -> dict[str, Any]:
        """Return the AthenaError of GetQueryExecution."""
        return {
            "ErrorCategory": self.category,
            "ErrorType": self.kind,
            "Retryable": False,
            "ErrorMessage": self.message,
        }


class QueryCancelledError(Exception):
    """A query ends in CANCELLED: StopQueryExecution, or the workgroup's limit of bytes."""


def not_supported(what: str) -> QueryFailedError:
    """Return the failure for what the local lake does not do, or Athena does not."""
    return QueryFailedError(f"NOT_SUPPORTED: {what}", USER, USER_ERROR)


def ddl_failed(message: str) -> QueryFailedError:
    """Return the failure of a DDL statement, in Hive's words as Athena shows them."""
    return QueryFailedError(
        f"FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. {message}",
        USER,
        DDL_FAILED,
    )
