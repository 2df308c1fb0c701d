"""ALTER TABLE and MSCK REPAIR TABLE."""

from __future__ import annotations

import re
import urllib.parse
from typing import TYPE_CHECKING, Any

from local_lake.athena.catalog import Partition, Table
from local_lake.athena.errors import QueryFailedError, ddl_failed, not_supported
from local_lake.athena.hive_types import describe_result_column
from local_lake.athena.model import Result
from local_lake.athena.scan import list_data_objects
from local_lake.athena.sql.dialect import parse
from local_lake.athena.statements.parts import NAME, match_statement, read_pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_lake.athena.session import Session
    from local_lake.athena.statements.kinds import Statement

_CREATE_BATCH, _DELETE_BATCH = 100, 25
_PARTITION = r"PARTITION\s*\((?P<spec>[^)]*)\)(?:\s*LOCATION\s*'(?P<location>[^']*)')?"


def alter_table(session: Session, statement: Statement) -> Result:
    """ALTER TABLE … ADD/DROP PARTITION, ADD/REPLACE COLUMNS, SET TBLPROPERTIES, SET LOCATION."""
    found = match_statement(rf"ALTER\s+TABLE\s+(?P<name>{NAME})\s+(?P<rest>.*)", statement.text)
    table, rest = session.require_table(found["name"] or ""), found["rest"] or ""
    actions: list[tuple[str, Callable[[Session, Table, str], None]]] = [
        (r"ADD\s+(?:IF\s+NOT\s+EXISTS\s+)?PARTITION\b", _add_partitions),
        (r"DROP\s+(?:IF\s+EXISTS\s+)?PARTITION\b", _drop_partitions),
        (r"(?:ADD|REPLACE)\s+COLUMNS\b", _change_columns),
        (r"SET\s+TBLPROPERTIES\b", _set_properties),
        (r"SET\s+LOCATION\b", _set_location),
    ]
    for pattern, action in actions:
        if re.match(pattern, rest, re.IGNORECASE):
            action(session, table, rest)
            return Result()
    raise not_supported(f"ALTER TABLE {' '.join(rest.split()[:2])}")


def repair_partitions(session: Session, statement: Statement) -> Result:
    """MSCK REPAIR TABLE: register the partitions whose folders ``key=value`` hold objects."""
    found = match_statement(rf"MSCK\s+REPAIR\s+TABLE\s+(?P<name>{NAME})", statement.text)
    table = session.require_table(found["name"] or "")
    if not table.keys:
        return Result()
    known = {one.values for one in session.catalog.list_partitions(table)}
    root = table.location.rstrip("/")
    new: dict[tuple[str, ...], str] = {}
    for stored in list_data_objects(session.store, table.location):
        folders = stored.uri.removeprefix(f"{root}/").split("/")[:-1]
        values = _values_of(folders, table)
        if values is not None and values not in known:
            new[values] = f"{root}/{'/'.join(folders[: len(table.keys)])}/"
    add_partitions(session, table, [Partition(values, location) for values, location in new.items()])
    names = [_name(table, values) for values in new]
    lines = [f"Partitions not in metastore:\t{table.name}:{name}" for name in names]
    lines += [f"Repair: Added partition to metastore {table.name}:{name}" for name in names]
    return Result([describe_result_column("result", "VARCHAR")], [[line] for line in lines])


def add_partitions(session: Session, table: Table, partitions: list[Partition]) -> None:
    """Register partitions with the table's own format."""
    target = {"DatabaseName": table.database, "TableName": table.name}
    inputs = [
        {
            "Values": list(one.values),
            "StorageDescriptor": table.raw["StorageDescriptor"] | {"Location": one.location},
        }
        for one in partitions
    ]
    for begin in range(0, len(inputs), _CREATE_BATCH):
        session.glue.batch_create_partition(
            **target, PartitionInputList=inputs[begin : begin + _CREATE_BATCH]
        )


def update_table(session: Session, table: Table, changes: dict[str, Any]) -> None:
    """Write a table back with some members of its TableInput changed; that makes a table version."""
    kept = ("Name", "Description", "Owner", "Retention", "StorageDescriptor", "PartitionKeys", "TableType")
    given = {member: table.raw[member] for member in (*kept, "Parameters") if member in table.raw}
    session.glue.update_table(DatabaseName=table.database, TableInput=given | changes)


def _add_partitions(session: Session, table: Table, rest: str) -> None:
    lenient = re.match(r"ADD\s+IF\s+NOT\s+EXISTS", rest, re.IGNORECASE) is not None
    known = {one.values for one in session.catalog.list_partitions(table)}
    new = []
    for found in re.finditer(_PARTITION, rest, re.IGNORECASE):
        values = _read_values(table, found["spec"])
        if values in known:
            if lenient:
                continue
            raise ddl_failed(
                f"AlreadyExistsException(message:Partition already exists: {_name(table, values)})"
            )
        location = found["location"] or f"{table.location.rstrip('/')}/{_name(table, values)}/"
        new.append(Partition(values, location))
    add_partitions(session, table, new)


def _drop_partitions(session: Session, table: Table, rest: str) -> None:
    lenient = re.match(r"DROP\s+IF\s+EXISTS", rest, re.IGNORECASE) is not None
    known = {one.values for one in session.catalog.list_partitions(table)}
    gone = []
    for found in re.finditer(_PARTITION, rest, re.IGNORECASE):
        wanted = {key.lower(): value for key, value in read_pairs(found["spec"])}
        names = [key.name for key in table.keys]
        matching = [
            values
            for values in known
            if all(dict(zip(names, values, strict=True)).get(key) == value for key, value in wanted.items())
        ]
        if not matching and not lenient:
            raise QueryFailedError(
                f"FAILED: SemanticException [Error 10006]: Partition not found ({found['spec']})"
            )
        gone += matching
    for begin in range(0, len(gone), _DELETE_BATCH):
        session.glue.batch_delete_partition(
            DatabaseName=table.database,
            TableName=table.name,
            PartitionsToDelete=[{"Values": list(values)} for values in gone[begin : begin + _DELETE_BATCH]],
        )


def _change_columns(session: Session, table: Table, rest: str) -> None:
    definition = rest[rest.index("(") :]
    created = parse(f"CREATE EXTERNAL TABLE t {definition} LOCATION 's3://b/'", "athena")
    new = [
        {"Name": one.name.lower(), "Type": one.kind.sql("hive").lower().replace(", ", ",").replace(": ", ":")}
        for one in created.this.expressions
    ]
    old = table.raw["StorageDescriptor"].get("Columns", [])
    columns = new if rest[:7].upper() == "REPLACE" else [*old, *new]
    update_table(session, table, {"StorageDescriptor": table.raw["StorageDescriptor"] | {"Columns": columns}})


def _set_properties(session: Session, table: Table, rest: str) -> None:
    update_table(session, table, {"Parameters": table.parameters | dict(read_pairs(rest))})


def _set_location(session: Session, table: Table, rest: str) -> None:
    found = match_statement(r"SET\s+LOCATION\s+'(?P<location>[^']*)'", rest)
    descriptor = table.raw["StorageDescriptor"] | {"Location": found["location"]}
    update_table(session, table, {"StorageDescriptor": descriptor})


def _read_values(table: Table, spec: str) -> tuple[str, ...]:
    pairs = {key.lower(): value for key, value in read_pairs(spec)}
    names = [key.name for key in table.keys]
    if set(pairs) != set(names):
        raise QueryFailedError(
            f"FAILED: SemanticException: Partition spec {{{spec.strip()}}} must name all partition columns"
        )
    return tuple(pairs[name] for name in names)


def _values_of(folders: list[str], table: Table) -> tuple[str, ...] | None:
    if len(folders) < len(table.keys):
        return None
    values = []
    for key, folder in zip(table.keys, folders, strict=False):
        name, separator, value = folder.partition("=")
        if not separator or name.lower() != key.name:
            return None
        values.append(urllib.parse.unquote(value))
    return tuple(values)


def _name(table: Table, values: tuple[str, ...]) -> str:
    return "/".join(f"{key.name}={value}" for key, value in zip(table.keys, values, strict=True))
