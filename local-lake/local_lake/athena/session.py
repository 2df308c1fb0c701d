"""What a statement has at hand while it runs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb

from local_lake.athena.catalog import CATALOG, Catalog, Table
from local_lake.athena.engine import Cursor, run, translate_error
from local_lake.athena.errors import QueryCancelledError, QueryFailedError
from local_lake.athena.hive_types import describe_result_column
from local_lake.athena.model import QueryExecution, Result, TextRow
from local_lake.athena.plan import Plan, make_plan
from local_lake.athena.row_text import float_to_text, to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from local_lake.athena.prepared import PreparedStatements
    from local_lake.athena.sql.dialect import SqlNode
    from local_lake.loopback import AwsClient
    from local_lake.storage.object_store import ObjectStore

_FETCH = 2000


class BytesLimitError(Exception):
    """The query would scan more than its workgroup allows."""


@dataclass
class Session:
    """One query's view of the lake; ``cursor`` is its own connection to the engine.

    ``readable`` maps bodies to repaired copies (see ``text_files``); ``plan`` is the last plan made.
    """

    query: QueryExecution
    catalog: Catalog
    store: ObjectStore
    cursor: Cursor
    open_glue: Callable[[], AwsClient]
    prepared: PreparedStatements
    scratch: Path
    readable: dict[Path, Path] = field(default_factory=dict)
    plan: Plan | None = None

    @property
    def glue(self) -> AwsClient:
        """Return a client of Glue in the query's region."""
        return self.open_glue()

    @property
    def database(self) -> str:
        """Return the database of the query's context; empty where there is none."""
        return self.query.database

    def plan_query(self, query: str | SqlNode, database: str | None = None) -> Plan:
        """Plan a SELECT and account for the bytes it scans. Raises QueryFailedError, BytesLimitError."""
        plan = make_plan(query, self.catalog, self.store, database or self.database, self._first_column)
        self.plan = plan
        self.query.scanned = plan.bytes
        if self.query.cutoff is not None and plan.bytes > self.query.cutoff:
            raise BytesLimitError("Bytes scanned limit was exceeded")
        if self.query.cancel.is_set():
            raise QueryCancelledError("Query cancelled by user")
        return plan

    def select(self, query: str | SqlNode) -> Result:
        """Run a SELECT; its rows are fetched while they are written."""
        plan = self.plan_query(query)
        try:
            cursor = run(self.cursor, plan.as_sql(self.readable))
        except QueryFailedError as error:
            named = re.match(r"(\w+: )line 1:1: (.*?'(\w+)'.*)", error.message, re.DOTALL)
            if named and named.group(3).lower() in plan.places:
                place = plan.places[named.group(3).lower()]
                error.message = f"{named.group(1)}{place}: {named.group(2)}"
            raise
        kinds = [str(column[1]) for column in cursor.description]
        columns = [describe_result_column(name, kind) for name, kind in zip(plan.names, kinds, strict=True)]
        return Result(columns, self._rows(kinds), header=True)

    def split_name(self, name: str) -> tuple[str, str]:
        """Split ``[catalog.][database.]table`` with or without quotes, in lower case."""
        parts = [part.strip("`\"'").lower() for part in re.findall(r"`[^`]+`|\"[^\"]+\"|[^.`\"]+", name)]
        if len(parts) == 3 and parts[0] != CATALOG:
            raise QueryFailedError(f"CATALOG_NOT_FOUND: line 1:1: Catalog '{parts[0]}' does not exist")
        *above, table = parts
        database = above[-1] if above else self.database.lower()
        if not database:
            raise QueryFailedError("line 1:1: Schema must be specified when session schema is not set")
        return database, table

    def require_table(self, name: str) -> Table:
        """Return the table of a DDL statement. Raises the failure Athena's Hive DDL gives."""
        database, table = self.split_name(name)
        found = self.catalog.find_table(database, table)
        if found is None:
            raise QueryFailedError(
                f"FAILED: SemanticException [Error 10001]: Table not found {database}.{table}"
            )
        return found

    def _first_column(self, sql: str) -> list[Any]:
        return [row[0] for row in run(self.cursor, sql).fetchall()]

    def _rows(self, kinds: list[str]) -> Iterator[TextRow]:
        writers = [float_to_text if kind == "FLOAT" else to_text for kind in kinds]
        while True:
            try:
                rows = self.cursor.fetchmany(_FETCH)
            except duckdb.Error as error:
                raise translate_error(error) from error
            if not rows:
                return
            for row in rows:
                yield [
                    None if value is None else write(value) for write, value in zip(writers, row, strict=True)
                ]
