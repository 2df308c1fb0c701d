"""DuckDB: one database in memory for all queries, a cursor for each."""

from __future__ import annotations

import os
import re
import threading
from typing import TYPE_CHECKING, Any, TypeAlias

import duckdb

from local_lake.athena.errors import (
    DATA_ERROR,
    RESOURCES_EXHAUSTED,
    SYSTEM,
    USER,
    USER_ERROR,
    QueryCancelledError,
    QueryFailedError,
)
from local_lake.athena.macros import MACROS

if TYPE_CHECKING:
    from pathlib import Path

Cursor: TypeAlias = Any
"""A DuckDB connection; duckdb has no types that mypy is told to follow."""

MEMORY_LIMIT = "1GB"

_SQL_NAMES = {
    "INT64": "BIGINT",
    "INT32": "INTEGER",
    "INT16": "SMALLINT",
    "INT8": "TINYINT",
    "BOOL": "BOOLEAN",
}


class Engine:
    """The database. It may read and write below ``folders`` only, and nothing on a network."""

    def __init__(self, folders: list[Path], scratch: Path) -> None:
        scratch.mkdir(parents=True, exist_ok=True)
        self._database = duckdb.connect(":memory:")
        self._lock = threading.Lock()
        listed = ", ".join(f"'{folder.resolve()}/'" for folder in [*folders, scratch])
        for statement in (
            f"SET memory_limit = '{MEMORY_LIMIT}'",
            f"SET threads = {min(4, os.cpu_count() or 2)}",
            f"SET temp_directory = '{scratch.resolve()}'",
            "SET TimeZone = 'UTC'",
            "SET preserve_insertion_order = true",
            # Extensions would be fetched from the network.
            "SET autoinstall_known_extensions = false",
            "SET autoload_known_extensions = false",
            *MACROS,
            f"SET allowed_directories = [{listed}]",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            self._database.execute(statement)

    def open_cursor(self) -> Cursor:
        """Return a connection of its own to the database; close it after the query."""
        with self._lock:
            return self._database.cursor()

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def run(cursor: Cursor, sql: str) -> Cursor:
    """Execute DuckDB's SQL. Raises QueryFailedError in Athena's words, QueryCancelledError if interrupted."""
    try:
        return cursor.execute(sql)
    except duckdb.Error as error:
        raise translate_error(error) from error


def translate_error(error: Exception) -> Exception:
    """Return the failure a DuckDB error is on Athena."""
    text = re.split(r"\n\s*(?:LINE \d+:|Possible |\^|Candidate )", str(error))[0].strip()
    message = text.partition(": ")[2] or text
    if isinstance(error, duckdb.InterruptException):
        return QueryCancelledError("Query cancelled by user")
    if isinstance(error, duckdb.OutOfMemoryException):
        return QueryFailedError("Query exhausted resources at this scale factor", USER, RESOURCES_EXHAUSTED)
    if "Division by zero" in text:
        return QueryFailedError("DIVISION_BY_ZERO: Division by zero", USER, DATA_ERROR)
    unknown = re.search(r"(?:Function|function) with name \"?(\w+)\"? (?:does not exist|is not)", text)
    if unknown:
        return QueryFailedError(
            f"FUNCTION_NOT_FOUND: line 1:1: Function '{unknown.group(1)}' not registered", USER, USER_ERROR
        )
    grouped = re.search(r"column \"([^\"]+)\" must appear in the GROUP BY clause", text)
    if grouped:
        return QueryFailedError(
            f"EXPRESSION_NOT_AGGREGATE: line 1:1: '{grouped.group(1)}' must be an aggregate expression "
            "or appear in GROUP BY clause"
        )
    value = re.search(r"Could not convert string '(.*)' to '?(\w+)", text, re.DOTALL)
    if value and "file = " not in text and "CSV" not in text:
        kind = _SQL_NAMES.get(value.group(2), value.group(2))
        return QueryFailedError(
            f"INVALID_CAST_ARGUMENT: Cannot cast '{value.group(1)}' to {kind}", USER, DATA_ERROR
        )
    return QueryFailedError(f"{_code_of(error, text)}: {message}", *_kind_of(error))


def _code_of(error: Exception, text: str) -> str:
    if "JSON" in text and isinstance(error, duckdb.InvalidInputException):
        return "HIVE_CURSOR_ERROR"
    if "CSV" in text or "file = " in text:
        return "HIVE_BAD_DATA"
    if isinstance(error, duckdb.ConversionException):
        return "INVALID_CAST_ARGUMENT"
    if isinstance(error, duckdb.OutOfRangeException):
        return "NUMERIC_VALUE_OUT_OF_RANGE"
    if isinstance(error, (duckdb.BinderException, duckdb.CatalogException)):
        return "SYNTAX_ERROR"
    if isinstance(error, (duckdb.ParserException, duckdb.NotImplementedException)):
        return "NOT_SUPPORTED"
    return "GENERIC_INTERNAL_ERROR"


def _kind_of(error: Exception) -> tuple[int, int]:
    if isinstance(error, (duckdb.InternalException, duckdb.IOException)):
        return SYSTEM, 200
    if isinstance(
        error, (duckdb.ConversionException, duckdb.OutOfRangeException, duckdb.InvalidInputException)
    ):
        return USER, DATA_ERROR
    return USER, USER_ERROR
