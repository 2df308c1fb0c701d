"""Statements that write data: CREATE TABLE AS, INSERT INTO, UNLOAD."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from local_lake.athena.catalog import Column, Partition, Table
from local_lake.athena.engine import run
from local_lake.athena.errors import QueryFailedError, not_supported
from local_lake.athena.hive_types import to_duckdb_type, to_hive_type
from local_lake.athena.model import Result
from local_lake.athena.scan import list_data_objects, quote
from local_lake.athena.sql.dialect import SqlNode, parse, place_of
from local_lake.athena.statements.alter import add_partitions
from local_lake.athena.statements.files import WrittenFiles, write_files
from local_lake.athena.statements.formats import PARQUET, StorageFormat, find_format

if TYPE_CHECKING:
    from local_lake.athena.session import Session
    from local_lake.athena.statements.kinds import Statement


def create_table_as(session: Session, statement: Statement) -> Result:
    """CREATE TABLE name [WITH (…)] AS query [WITH [NO] DATA]."""
    created = parse(statement.text)
    target = created.this.this if isinstance(created.this, exp.Schema) else created.this
    database, name = session.split_name(target.sql("trino"))
    if not session.catalog.has_database(database):
        raise QueryFailedError(f"SCHEMA_NOT_FOUND: {place_of(target)}: Schema '{database}' does not exist")
    if session.catalog.find_table(database, name) is not None:
        if created.args.get("exists"):
            return Result()
        raise QueryFailedError(f"TABLE_ALREADY_EXISTS: line 1:1: Destination table '{name}' already exists")
    options = _read_options(created)
    storage = find_format(str(options.get("format", "PARQUET")))
    location = _target_location(session, options.get("external_location"))
    keys = [str(key).lower() for key in options.get("partitioned_by", [])]
    sql, columns = _typed_query(session, created.expression)
    names = [column.name for column in columns]
    if keys and names[-len(keys) :] != keys:
        raise QueryFailedError(
            "HIVE_COLUMN_ORDER_MISMATCH: Partition keys must be the last columns in the table"
        )
    written = WrittenFiles([], {})
    if created.find(exp.WithDataProperty) is None or not created.find(exp.WithDataProperty).args.get("no"):
        written = write_files(
            session, sql, storage, location, keys, str(options.get("field_delimiter", "\x01"))
        )
    _register(session, database, name, storage, location, columns, keys, options)
    table = session.catalog.find_table(database, name)
    if table is not None and keys:
        partitions = [Partition(values, place) for values, place in written.partitions.items()]
        add_partitions(session, table, partitions)
    return Result(update_count=written.rows, manifest=written.uris)


def insert(session: Session, statement: Statement) -> Result:
    """INSERT INTO table [(columns)] query; the last columns are the partition keys."""
    tree = parse(statement.text)
    schema = tree.this if isinstance(tree.this, exp.Schema) else None
    target = schema.this if schema is not None else tree.this
    database, name = session.split_name(target.sql("trino"))
    table = session.catalog.find_table(database, name)
    if table is None:
        raise QueryFailedError(
            f"TABLE_NOT_FOUND: {place_of(target)}: Table 'awsdatacatalog.{database}.{name}' does not exist"
        )
    given = [one.name.lower() for one in schema.expressions] if schema is not None else None
    plan = session.plan_query(tree.expression)
    sql = _fit(plan.as_sql(session.readable), len(plan.names), table, given)
    keys = [key.name for key in table.keys]
    location = table.location.rstrip("/") + "/"
    delimiter = table.serde_parameters.get("field.delim", "\x01")
    written = write_files(session, sql, _format_of(table), location, keys, delimiter)
    known = {one.values for one in session.catalog.list_partitions(table)} if keys else set()
    new = {values: place for values, place in written.partitions.items() if values not in known}
    add_partitions(session, table, [Partition(values, place) for values, place in new.items()])
    return Result(update_count=written.rows, manifest=written.uris)


def unload(session: Session, statement: Statement) -> Result:
    """UNLOAD (query) TO 's3://…' WITH (format = '…', partitioned_by = ARRAY[…])."""
    found = re.fullmatch(
        r"UNLOAD\s*\((.*)\)\s*TO\s*'([^']*)'\s*WITH\s*\((.*)\)\s*", statement.text, re.IGNORECASE | re.DOTALL
    )
    if found is None:
        raise QueryFailedError("line 1:1: mismatched input. Expecting: UNLOAD (query) TO 'location' WITH (…)")
    query, location, options_text = found.groups()
    options = _read_options(parse(f"CREATE TABLE t WITH ({options_text}) AS SELECT 1"))
    if "format" not in options:
        raise QueryFailedError("line 1:1: Property 'format' is required for UNLOAD")
    target = _target_location(session, location)
    keys = [str(key).lower() for key in options.get("partitioned_by", [])]
    sql, _ = _typed_query(session, query)
    storage = find_format(str(options["format"]))
    written = write_files(session, sql, storage, target, keys, str(options.get("field_delimiter", "\x01")))
    return Result(update_count=written.rows, manifest=written.uris)


def _typed_query(session: Session, query: str | SqlNode) -> tuple[str, list[Column]]:
    """Return the query's SQL with its columns named and of types that Hive has, and those columns."""
    plan = session.plan_query(query)
    sql = plan.as_sql(session.readable)
    described = run(session.cursor, f"DESCRIBE {sql}").fetchall()
    columns = [
        Column(name.lower(), to_hive_type(row[1])) for name, row in zip(plan.names, described, strict=True)
    ]
    unnamed = [column.name for column in columns if re.fullmatch(r"_col\d+", column.name)]
    if unnamed:
        position = [column.name for column in columns].index(unnamed[0]) + 1
        raise QueryFailedError(
            f"MISSING_COLUMN_NAME: line 1:1: Column name not specified at position {position}"
        )
    inner = ", ".join(quote(f"c{position}") for position in range(len(columns)))
    outer = ", ".join(
        f"CAST({quote(f'c{position}')} AS {to_duckdb_type(column.type)}) AS {quote(column.name)}"
        for position, column in enumerate(columns)
    )
    return f"SELECT {outer} FROM ({sql}) AS query({inner})", columns


def _fit(sql: str, width: int, table: Table, given: list[str] | None) -> str:
    names = [column.name for column in table.all_columns]
    into = given if given is not None else names
    unknown = [name for name in into if name not in names]
    if unknown:
        raise QueryFailedError(
            f"COLUMN_NOT_FOUND: line 1:1: Insert column name does not exist in target table: {unknown[0]}"
        )
    if width != len(into):
        raise QueryFailedError(
            f"TYPE_MISMATCH: Insert query has mismatched column types: Table has {len(into)} columns, "
            f"query has {width}"
        )
    inner = ", ".join(quote(name) for name in into)
    outer = ", ".join(
        f"CAST({quote(column.name) if column.name in into else 'NULL'} AS {to_duckdb_type(column.type)}) "
        f"AS {quote(column.name)}"
        for column in table.all_columns
    )
    return f"SELECT {outer} FROM ({sql}) AS query({inner})"


def _format_of(table: Table) -> StorageFormat:
    names = {"ParquetHiveSerDe": "PARQUET", "LazySimpleSerDe": "TEXTFILE", "JsonSerDe": "JSON"}
    if table.serde not in names:
        raise not_supported(f"INSERT INTO a table with the SerDe {table.serde}")
    if table.parameters.get("skip.header.line.count", "0") != "0":
        raise not_supported("INSERT INTO a table that skips header lines: rows would be lost")
    return find_format(names[table.serde])


def _target_location(session: Session, given: object) -> str:
    """Return where files go. Raises HIVE_PATH_ALREADY_EXISTS when objects are there already."""
    location = str(given) if given else f"{session.query.output_location}/"
    location = location if location.endswith("/") else f"{location}/"
    if list_data_objects(session.store, location):
        raise QueryFailedError(
            f"HIVE_PATH_ALREADY_EXISTS: Target directory for table already exists: {location}"
        )
    return location


def _read_options(created: SqlNode) -> dict[str, Any]:
    """Read WITH (…): texts, and lists of texts for ``partitioned_by``."""
    options: dict[str, Any] = {}
    found = created.args.get("properties")
    for one in found.expressions if found is not None else []:
        if isinstance(one, exp.PartitionedByProperty):
            options["partitioned_by"] = [item.name for item in one.this.find_all(exp.Literal, exp.Identifier)]
        elif isinstance(one, exp.FileFormatProperty):
            options["format"] = one.this.name
        elif type(one) is exp.Property:
            options[one.this.name.lower()] = one.args["value"].name
    if str(options.get("table_type", "HIVE")).upper() != "HIVE":
        raise not_supported(f"{options['table_type']} tables")
    if "bucketed_by" in options or "bucket_count" in options:
        raise not_supported("bucketed tables")
    return options


def _register(
    session: Session,
    database: str,
    name: str,
    storage: StorageFormat,
    location: str,
    columns: list[Column],
    keys: list[str],
    options: dict[str, Any],
) -> None:
    described = [{"Name": column.name, "Type": column.type} for column in columns]
    serde = {"field.delim": str(options["field_delimiter"])} if "field_delimiter" in options else {}
    given: dict[str, Any] = {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", "has_encrypted_data": "false"},
        "PartitionKeys": [one for one in described if one["Name"] in keys],
        "StorageDescriptor": storage.describe(
            [one for one in described if one["Name"] not in keys], location, serde
        ),
    }
    if storage is PARQUET:
        given["Parameters"]["parquet.compression"] = str(options.get("write_compression", "GZIP"))
    session.glue.create_table(DatabaseName=database, TableInput=given)
