"""From a statement to what runs it."""

from __future__ import annotations

import re
from collections.abc import Callable

from local_lake.athena.errors import QueryFailedError, not_supported
from local_lake.athena.hive_types import describe_result_column
from local_lake.athena.model import Result
from local_lake.athena.prepared import PreparedStatement, bind_parameters
from local_lake.athena.session import Session
from local_lake.athena.sql.dialect import parse
from local_lake.athena.statements.alter import alter_table, repair_partitions
from local_lake.athena.statements.create import create_table, create_view
from local_lake.athena.statements.databases import create_database, drop_database, drop_table, drop_view
from local_lake.athena.statements.kinds import Statement, classify
from local_lake.athena.statements.show import describe, show
from local_lake.athena.statements.write import create_table_as, insert, unload

Handler = Callable[[Session, Statement], Result]


def run_statement(session: Session, statement: Statement) -> Result:
    """Run any statement. Raises QueryFailedError, QueryCancelledError, BytesLimitError."""
    handler = _HANDLERS.get(statement.kind)
    if handler is None:
        raise not_supported(
            f"{statement.first_word}: only tables in transactional formats such as Iceberg have it, "
            "and the local lake has none"
        )
    return handler(session, statement)


def _select(session: Session, statement: Statement) -> Result:
    parameters = session.query.parameters
    return session.select(bind_parameters(statement.text, parameters) if parameters else statement.text)


def _explain(session: Session, statement: Statement) -> Result:
    match = re.match(r"EXPLAIN\s+(ANALYZE\b\s*)?(?:\([^)]*\)\s*)?(.*)", statement.text, re.I | re.S)
    analyze, query = match.groups() if match else (None, "")
    plan = session.plan_query(query)
    session.cursor.execute(f"EXPLAIN {'ANALYZE ' if analyze else ''}{plan.as_sql(session.readable)}")
    text = session.cursor.fetchall()[0][-1]
    if not analyze:
        session.query.scanned = 0
    return lines_result("Query Plan", text.splitlines())


def _prepare(session: Session, statement: Statement) -> Result:
    match = re.match(r"PREPARE\s+(\w+)\s+FROM\s+(.*)", statement.text, re.I | re.S)
    if match is None:
        raise QueryFailedError("line 1:9: mismatched input. Expecting: PREPARE name FROM statement")
    name, sql = match.groups()
    parse(sql)
    session.prepared.put(PreparedStatement(name, sql, session.query.workgroup))
    return Result()


def _execute(session: Session, statement: Statement) -> Result:
    match = re.match(r"EXECUTE\s+(\w+)(?:\s+USING\s+(.*))?$", statement.text, re.I | re.S)
    if match is None:
        raise QueryFailedError("line 1:9: mismatched input. Expecting: EXECUTE name [USING value, ...]")
    name, values = match.groups()
    prepared = session.prepared.find(session.query.workgroup, name)
    given = session.query.parameters
    if values:
        given = [value.sql("trino") for value in parse(f"SELECT {values}").selects]
    bound = bind_parameters(prepared.sql, given)
    inner = classify(prepared.sql)
    if inner.kind == "SELECT":
        return session.select(bound)
    return run_statement(session, Statement(bound.sql("trino"), inner.type, inner.kind))


def _deallocate(session: Session, statement: Statement) -> Result:
    session.prepared.remove(session.query.workgroup, statement.text.split()[-1])
    return Result()


def lines_result(name: str, lines: list[str]) -> Result:
    """Return a result of one text column without a header row."""
    return Result([describe_result_column(name, "VARCHAR")], [[line] for line in lines])


_HANDLERS: dict[str, Handler] = {
    "SELECT": _select,
    "EXPLAIN": _explain,
    "PREPARE": _prepare,
    "EXECUTE": _execute,
    "DEALLOCATE": _deallocate,
    "INSERT": insert,
    "UNLOAD": unload,
    "CREATE_TABLE_AS_SELECT": create_table_as,
    "CREATE_TABLE": create_table,
    "CREATE_VIEW": create_view,
    "CREATE_DATABASE": create_database,
    "DROP_TABLE": drop_table,
    "DROP_VIEW": drop_view,
    "DROP_DATABASE": drop_database,
    "ALTER_TABLE": alter_table,
    "MSCK_REPAIR": repair_partitions,
    "SHOW": show,
    "DESCRIBE": describe,
}
