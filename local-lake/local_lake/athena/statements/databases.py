"""CREATE and DROP DATABASE, DROP TABLE and DROP VIEW."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from local_lake.athena.errors import QueryFailedError, ddl_failed
from local_lake.athena.model import Result
from local_lake.athena.statements.parts import NAME, match_statement, unquote_name

if TYPE_CHECKING:
    from local_lake.athena.session import Session
    from local_lake.athena.statements.kinds import Statement


def create_database(session: Session, statement: Statement) -> Result:
    """CREATE DATABASE [IF NOT EXISTS] name [COMMENT '…'] [LOCATION '…']."""
    found = match_statement(
        rf"CREATE\s+(?:DATABASE|SCHEMA)\s+(?P<exists>IF\s+NOT\s+EXISTS\s+)?(?P<name>{NAME})"
        r"(?:\s+COMMENT\s+'(?P<comment>[^']*)')?(?:\s+LOCATION\s+'(?P<location>[^']*)')?",
        statement.text,
    )
    name = unquote_name(found["name"])
    if session.catalog.has_database(name):
        if found["exists"]:
            return Result()
        raise ddl_failed(f"Database {name} already exists")
    given = {"Name": name, "Description": found["comment"], "LocationUri": found["location"]}
    session.glue.create_database(DatabaseInput={key: value for key, value in given.items() if value})
    return Result()


def drop_database(session: Session, statement: Statement) -> Result:
    """DROP DATABASE [IF EXISTS] name [RESTRICT|CASCADE]."""
    found = match_statement(
        rf"DROP\s+(?:DATABASE|SCHEMA)\s+(?P<exists>IF\s+EXISTS\s+)?(?P<name>{NAME})"
        r"(?:\s+(?P<how>RESTRICT|CASCADE))?",
        statement.text,
    )
    name = unquote_name(found["name"])
    if not session.catalog.has_database(name):
        if found["exists"]:
            return Result()
        raise QueryFailedError(f"FAILED: SemanticException [Error 10072]: Database does not exist: {name}")
    if session.catalog.list_tables(name) and (found["how"] or "").upper() != "CASCADE":
        raise ddl_failed(
            f"InvalidOperationException(message:Database {name} is not empty. One or more tables exist.)"
        )
    session.glue.delete_database(Name=name)
    return Result()


def drop_table(session: Session, statement: Statement) -> Result:
    """DROP TABLE [IF EXISTS] name; the objects stay, as for every external table."""
    return _drop(session, statement, view=False)


def drop_view(session: Session, statement: Statement) -> Result:
    """DROP VIEW [IF EXISTS] name."""
    return _drop(session, statement, view=True)


def _drop(session: Session, statement: Statement, view: bool) -> Result:
    found = match_statement(
        rf"DROP\s+(?:TABLE|VIEW)\s+(?P<exists>IF\s+EXISTS\s+)?(?P<name>{NAME})\s*(?:PURGE)?", statement.text
    )
    database, name = session.split_name(found["name"] or "")
    table = session.catalog.find_table(database, name)
    if table is None or table.is_view != view:
        if table is None and found["exists"]:
            return Result()
        kind = "View" if view else "Table"
        raise QueryFailedError(f"FAILED: SemanticException [Error 10001]: {kind} not found {database}.{name}")
    session.glue.delete_table(DatabaseName=database, Name=name)
    return Result()


def strip_hive_comment(text: str) -> str:
    """Return a text without ``--`` comments; Hive's DDL takes them on lines of their own."""
    return re.sub(r"(?m)^\s*--.*$", "", text)
