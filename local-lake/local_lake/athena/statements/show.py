"""SHOW and DESCRIBE: results of one text column, as Hive writes them."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING

from local_lake.athena.errors import QueryFailedError, not_supported
from local_lake.athena.hive_types import describe_result_column
from local_lake.athena.model import Result
from local_lake.athena.statements.parts import NAME, match_statement, read_pairs, unquote_name

if TYPE_CHECKING:
    from local_lake.athena.catalog import Column, Table
    from local_lake.athena.session import Session
    from local_lake.athena.statements.kinds import Statement


def show(session: Session, statement: Statement) -> Result:
    """SHOW DATABASES, TABLES, VIEWS, COLUMNS, PARTITIONS, CREATE TABLE, CREATE VIEW, TBLPROPERTIES."""
    words = statement.text.upper().split()
    kind = " ".join(words[1:3]) if len(words) > 2 and words[1] == "CREATE" else words[1] if words[1:] else ""
    handlers = {
        "DATABASES": _show_databases,
        "SCHEMAS": _show_databases,
        "TABLES": _show_tables,
        "VIEWS": _show_tables,
        "COLUMNS": _show_columns,
        "PARTITIONS": _show_partitions,
        "CREATE TABLE": _show_create,
        "CREATE VIEW": _show_create,
        "TBLPROPERTIES": _show_properties,
    }
    if kind not in handlers:
        raise not_supported(f"SHOW {kind}")
    return handlers[kind](session, statement.text)


def describe(session: Session, statement: Statement) -> Result:
    """DESCRIBE [EXTENDED|FORMATTED] table: ``name  type  comment`` a line, partition keys after a heading."""
    found = match_statement(
        rf"DESC(?:RIBE)?\s+(?:(?P<how>EXTENDED|FORMATTED)\s+)?(?P<name>{NAME})", statement.text
    )
    table = session.require_table(found["name"] or "")
    lines = [_column_line(column) for column in table.all_columns]
    if table.keys:
        lines += ["\t \t ", "# Partition Information\t \t ", _line("# col_name", "data_type", "comment")]
        lines += ["\t \t ", *(_column_line(key) for key in table.keys)]
    if found["how"]:
        lines += ["\t \t ", "# Detailed Table Information\t \t ", *_details(table)]
    names = ("col_name", "data_type", "comment")
    return Result([describe_result_column(name, "VARCHAR") for name in names], [[line] for line in lines])


def _show_databases(session: Session, text: str) -> Result:
    found = match_statement(r"SHOW\s+(?:DATABASES|SCHEMAS)(?:\s+LIKE\s+'(?P<like>[^']*)')?", text)
    names = [one["Name"] for one in session.catalog.list_databases()]
    return _names("database_name", names, found["like"])


def _show_tables(session: Session, text: str) -> Result:
    found = match_statement(
        rf"SHOW\s+(?P<what>TABLES|VIEWS)(?:\s+(?:IN|FROM)\s+(?P<database>{NAME}))?"
        r"(?:\s+(?:LIKE\s+)?'(?P<like>[^']*)')?",
        text,
    )
    database = unquote_name(found["database"]) or session.database.lower()
    if not session.catalog.has_database(database):
        raise QueryFailedError(
            f"FAILED: SemanticException [Error 10072]: Database does not exist: {database}"
        )
    only_views = (found["what"] or "").upper() == "VIEWS"
    tables = session.catalog.list_tables(database)
    return _names("tab_name", [one.name for one in tables if one.is_view or not only_views], found["like"])


def _show_columns(session: Session, text: str) -> Result:
    found = match_statement(
        rf"SHOW\s+COLUMNS\s+(?:IN|FROM)\s+(?P<name>{NAME})(?:\s+(?:IN|FROM)\s+(?P<database>{NAME}))?", text
    )
    name = f"{found['database']}.{found['name']}" if found["database"] else found["name"] or ""
    table = session.require_table(name)
    return _names("field", [f"{column.name:<20}" for column in table.all_columns], None)


def _show_partitions(session: Session, text: str) -> Result:
    found = match_statement(rf"SHOW\s+PARTITIONS\s+(?P<name>{NAME})", text)
    table = session.require_table(found["name"] or "")
    if not table.keys:
        raise QueryFailedError(
            f"FAILED: SemanticException [Error 10241]: Table {table.name} is not a partitioned table"
        )
    lines = [
        "/".join(f"{key.name}={value}" for key, value in zip(table.keys, one.values, strict=True))
        for one in session.catalog.list_partitions(table)
    ]
    return _names("partition", sorted(lines), None)


def _show_properties(session: Session, text: str) -> Result:
    found = match_statement(
        rf"SHOW\s+TBLPROPERTIES\s+(?P<name>{NAME})(?:\s*\(\s*'(?P<key>[^']*)'\s*\))?", text
    )
    properties = session.require_table(found["name"] or "").parameters
    if found["key"]:
        return _names("prpt_name", [properties.get(found["key"], "")], None)
    return _names("prpt_name", [f"{key}\t{value}" for key, value in properties.items()], None)


def _show_create(session: Session, text: str) -> Result:
    found = match_statement(rf"SHOW\s+CREATE\s+(?:TABLE|VIEW)\s+(?P<name>{NAME})", text)
    table = session.require_table(found["name"] or "")
    if table.is_view:
        return _names("create_view", [f"CREATE VIEW {table.name} AS", *table.view_sql.splitlines()], None)
    return _names("createtab_stmt", _create_lines(table), None)


def _create_lines(table: Table) -> list[str]:
    descriptor = table.raw.get("StorageDescriptor", {})
    lines = [f"CREATE EXTERNAL TABLE `{table.name}`(", *_listed(table.columns)]
    if table.keys:
        lines += ["PARTITIONED BY ( ", *_listed(table.keys)]
    serde = descriptor.get("SerdeInfo", {})
    lines += ["ROW FORMAT SERDE ", f"  '{serde.get('SerializationLibrary', '')}' "]
    if table.serde_parameters:
        pairs = [f"  '{key}'='{value}'" for key, value in sorted(table.serde_parameters.items())]
        lines += ["WITH SERDEPROPERTIES ( ", *_separated(pairs)]
    lines += ["STORED AS INPUTFORMAT ", f"  '{table.input_format}' "]
    lines += ["OUTPUTFORMAT ", f"  '{descriptor.get('OutputFormat', '')}'"]
    lines += ["LOCATION", f"  '{table.location}'"]
    pairs = [f"  '{key}'='{value}'" for key, value in sorted(table.parameters.items())]
    return [*lines, "TBLPROPERTIES (", *_separated(pairs)]


def _listed(columns: tuple[Column, ...]) -> list[str]:
    written = [
        f"  `{one.name}` {one.type}" + (f" COMMENT '{one.comment}'" if one.comment else "") for one in columns
    ]
    return _separated(written)


def _separated(lines: list[str]) -> list[str]:
    return [f"{line}, " for line in lines[:-1]] + [f"{line})" for line in lines[-1:]] or [")"]


def _names(column: str, names: list[str], like: str | None) -> Result:
    if like is not None:
        # Hive's pattern: * for any characters, | between alternatives.
        patterns = [one.replace(".*", "*") for one in like.split("|")]
        names = [name for name in names if any(fnmatch.fnmatchcase(name, one) for one in patterns)]
    return Result([describe_result_column(column, "VARCHAR")], [[name] for name in names])


def _column_line(column: Column) -> str:
    return _line(column.name, column.type, column.comment)


def _line(name: str, kind: str, comment: str) -> str:
    return f"{name:<20}\t{kind:<20}\t{comment:<20}"


def _details(table: Table) -> list[str]:
    shown = {
        "Database:": table.database,
        "Owner:": table.raw.get("Owner", ""),
        "Location:": table.location,
        "Table Type:": table.raw.get("TableType", ""),
        "SerDe Library:": table.raw.get("StorageDescriptor", {})
        .get("SerdeInfo", {})
        .get("SerializationLibrary"),
        "InputFormat:": table.input_format,
    }
    lines = [f"{name:<20}\t{value or ''}\t " for name, value in shown.items()]
    pairs = [f"\t{key}\t{value}" for key, value in sorted(table.parameters.items())]
    return [*lines, "Table Parameters:\t \t ", *pairs]


def partition_spec(text: str) -> list[tuple[str, str]]:
    """Read the pairs of a ``PARTITION (…)`` clause, keys in lower case."""
    return [
        (key.lower(), value) for key, value in read_pairs(re.sub(r"^\s*PARTITION\s*", "", text, flags=re.I))
    ]
