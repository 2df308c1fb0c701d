"""Runs queries in the background, a few at a time."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local_lake.athena.catalog import Catalog
from local_lake.athena.engine import Cursor, Engine
from local_lake.athena.errors import (
    INTERNAL_ERROR,
    SYSTEM,
    USER,
    USER_ERROR,
    QueryCancelledError,
    QueryFailedError,
)
from local_lake.athena.metadata import register_metadata
from local_lake.athena.operations import QueryOperations
from local_lake.athena.results import ResultFiles
from local_lake.athena.saved_queries import SavedQueries
from local_lake.athena.session import BytesLimitError, Session
from local_lake.athena.statements.dispatch import run_statement
from local_lake.athena.text_files import repair_text
from local_lake.athena.workgroups import WorkGroups
from local_lake.loopback import Loopback
from local_lake.storage.object_store import ObjectStore

if TYPE_CHECKING:
    from pathlib import Path

    from local_lake.athena.model import QueryExecution
    from local_lake.athena.statements.kinds import Statement
    from local_lake.front.registry import Registry

_log = logging.getLogger(__name__)

# It warns of every statement that it keeps as text, and those are dispatched by their first words here.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

_AT_ONCE = 4
_INTERRUPT_SECONDS = 0.05


class AthenaWorker:
    """Registers the Athena operations and runs the queries."""

    def __init__(self, registry: Registry, state_dir: Path, endpoint: str) -> None:
        self._folder = state_dir / "athena"
        shutil.rmtree(self._folder, ignore_errors=True)
        self._scratch = self._folder / "scratch"
        self._loopback = Loopback(endpoint, "athena.amazonaws.com")
        self._engine = Engine([state_dir / "objects", self._folder], self._scratch)
        self._results = ResultFiles(self._folder / "results")
        self._cursors: dict[str, Cursor] = {}
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="athena")
        workgroups = WorkGroups()
        workgroups.register(registry)
        self._saved = SavedQueries(workgroups)
        self._saved.register(registry)
        register_metadata(registry)
        self._operations = QueryOperations(workgroups, self._results, self._submit, self._interrupt)
        self._operations.register(registry)

    def close(self) -> None:
        """Cancel the running queries and close the engine."""
        for query in self._operations.running():
            query.cancel.set()
            self._interrupt(query)
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._engine.close()

    def _submit(self, query: QueryExecution, statement: Statement) -> None:
        self._threads.submit(self._run, query, statement)

    def _interrupt(self, query: QueryExecution) -> None:
        with self._lock:
            if query.id in self._cursors:
                threading.Thread(target=self._keep_interrupting, args=(query,), daemon=True).start()
            elif query.state == "QUEUED":
                query.end("CANCELLED", "Query cancelled by user")

    def _keep_interrupting(self, query: QueryExecution) -> None:
        """Interrupt until the query is gone: DuckDB forgets an interrupt that comes before the execution."""
        while True:
            with self._lock:
                cursor = self._cursors.get(query.id)
                if cursor is None:
                    return
                cursor.interrupt()
            time.sleep(_INTERRUPT_SECONDS)

    def _run(self, query: QueryExecution, statement: Statement) -> None:
        with self._lock:
            if query.cancel.is_set():
                return
            query.state = "RUNNING"
            query.queued_ms = int((time.monotonic() - query.started) * 1000)
            cursor = self._cursors[query.id] = self._engine.open_cursor()
        begin = time.monotonic()
        try:
            self._answer(query, statement, cursor)
            outcome: tuple[str, str | None, dict[str, Any] | None] = ("SUCCEEDED", None, None)
        except (QueryCancelledError, BytesLimitError) as error:
            outcome = ("CANCELLED", str(error), None)
        except QueryFailedError as error:
            outcome = ("FAILED", error.message, error.as_api())
        except ClientError as error:
            failure = QueryFailedError(str(error.response["Error"].get("Message")), USER, USER_ERROR)
            outcome = ("FAILED", failure.message, failure.as_api())
        except Exception as error:
            _log.exception("query %s broke: %s", query.id, query.sql)
            failure = QueryFailedError(f"GENERIC_INTERNAL_ERROR: {error}", SYSTEM, INTERNAL_ERROR)
            outcome = ("FAILED", failure.message, failure.as_api())
        with self._lock:
            del self._cursors[query.id]
            cursor.close()
        query.engine_ms = int((time.monotonic() - begin) * 1000)
        query.end(*outcome)

    def _answer(self, query: QueryExecution, statement: Statement, cursor: Cursor) -> None:
        store = ObjectStore(query.account)
        scratch = self._scratch / query.id
        session = Session(
            query=query,
            catalog=Catalog(query.account, query.region),
            store=store,
            cursor=cursor,
            open_glue=lambda: self._loopback.client("glue", query.region),
            prepared=self._saved.prepared(query.region),
            scratch=scratch,
        )
        try:
            try:
                self._results.write(store, query, run_statement(session, statement))
            except QueryFailedError as error:
                if not error.is_bad_text or session.plan is None:
                    raise
                session.readable = repair_text(session.plan.text_bodies, self._folder / "repaired")
                self._results.write(store, query, run_statement(session, statement))
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
