"""Reading one table: its files, and the DuckDB SQL that reads them as the table's SerDe would."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from local_lake.athena.catalog import Partition
from local_lake.athena.errors import DATA_ERROR, USER, QueryFailedError, not_supported
from local_lake.athena.hive_types import to_duckdb_type
from local_lake.athena.parquet_columns import missing_columns
from local_lake.storage.object_store import NoSuchBucketError, ObjectStore, S3Location, StoredObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from local_lake.athena.catalog import Table

JSON_SERDES = {"JsonSerDe", "HiveJsonSerDe"}

PATH_COLUMN = "$path"
SIZE_COLUMN = "$file_size"
PSEUDO_COLUMNS = {PATH_COLUMN: "string", SIZE_COLUMN: "bigint"}


@dataclass(frozen=True)
class ScanFile:
    """A file of a table and the values of its partition."""

    stored: StoredObject
    partition: tuple[str, ...]


def list_files(store: ObjectStore, table: Table, partitions: Sequence[Partition] | None) -> list[ScanFile]:
    """Return the files of a table, or of some of its registered partitions.

    Files and folders whose name begins with ``_`` or ``.`` are not read, as the Athena user guide says. A
    location without objects is empty; one in a bucket that does not exist fails the query.
    """
    if partitions is None:
        partitions = [Partition((), table.location)]
    return [
        ScanFile(stored, partition.values)
        for partition in partitions
        for stored in list_data_objects(store, partition.location)
    ]


def list_data_objects(store: ObjectStore, location: str) -> list[StoredObject]:
    """Return the data objects at a location: the object of that key, or all below it as a folder."""
    try:
        place = S3Location.parse(location)
        folder = place.key.rstrip("/") + "/" if place.key.strip("/") else ""
        found = store.list_objects(S3Location(place.bucket, place.key.rstrip("/")))
    except ValueError as error:
        raise QueryFailedError(f"HIVE_INVALID_METADATA: {error}", USER, DATA_ERROR) from error
    except NoSuchBucketError as error:
        message = f"HIVE_FILESYSTEM_ERROR: {error} (Amazon S3; Status Code: 404; NoSuchBucket)"
        raise QueryFailedError(message, USER, DATA_ERROR) from error
    return [
        stored
        for stored in found
        if stored.size > 0
        and (stored.key == place.key or stored.key.startswith(folder))
        and not any(part.startswith(("_", ".")) for part in stored.key.removeprefix(folder).split("/"))
    ]


def build_scan(
    table: Table,
    files: list[ScanFile],
    readable: dict[Path, Path],
    pseudo: bool,
    spelling: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return a SELECT that yields the table's columns, its partition keys and, if asked, the pseudo columns.

    ``readable`` maps a body to the file to read instead of it (see ``text_files``); ``spelling`` tells how
    the files of a JSON table write a column's name.
    """
    columns = [
        f"{expression} AS {quote(column)}"
        for column, expression in _expressions(table, files, pseudo, spelling)
    ]
    if not files:
        return f"SELECT {', '.join(columns)} WHERE FALSE"
    paths = [str(readable.get(file.stored.path, file.stored.path)) for file in files]
    return f"SELECT {', '.join(columns)} FROM {_read(table, files, paths, spelling)}"


def _expressions(
    table: Table, files: list[ScanFile], pseudo: bool, spelling: Mapping[str, str]
) -> list[tuple[str, str]]:
    absent = missing_columns(table, [file.stored.path for file in files])
    expressions = []
    for column in table.columns:
        kind = to_duckdb_type(column.type)
        if not files or column.name in absent:
            expressions.append((column.name, f"CAST(NULL AS {kind})"))
        elif table.serde == "ParquetHiveSerDe":
            expressions.append((column.name, f"CAST({quote(column.name)} AS {kind})"))
        elif table.serde in JSON_SERDES:
            expressions.append((column.name, quote(spelling.get(column.name, column.name))))
        else:
            expressions.append((column.name, _read_text_column(column.name, kind)))
    for position, key in enumerate(table.keys):
        values = [file.partition[position] for file in files]
        expressions.append((key.name, _by_file(values, to_duckdb_type(key.type))))
    if pseudo:
        expressions.append((PATH_COLUMN, _by_file([file.stored.uri for file in files], "VARCHAR")))
        expressions.append((SIZE_COLUMN, _by_file([str(file.stored.size) for file in files], "BIGINT")))
    return expressions


def _read_text_column(name: str, kind: str) -> str:
    """What is no value of the column's type reads as NULL, as both SerDes do.

    DuckDB moves a bare TRY_CAST of a CSV column into its reader, where a bad value is an error; NULLIF stops
    that.
    """
    if kind in {"VARCHAR", "TEXT"}:
        return quote(name)
    return f"TRY_CAST(NULLIF({quote(name)}, '') AS {kind})"


def _by_file(values: list[str], kind: str) -> str:
    """Return an expression that gives each file's own value; Hive's name for a missing one is NULL."""
    if not values:
        return f"CAST(NULL AS {kind})"
    items = ["NULL" if one == "__HIVE_DEFAULT_PARTITION__" else literal(one) for one in values]
    if len(set(items)) == 1:
        return f"CAST({items[0]} AS {kind})"
    return f"CAST(([{', '.join(items)}])[CAST(file_index + 1 AS BIGINT)] AS {kind})"


def _read(table: Table, files: list[ScanFile], paths: list[str], spelling: Mapping[str, str]) -> str:
    listed = f"[{', '.join(literal(path) for path in paths)}]"
    if table.serde == "ParquetHiveSerDe":
        return f"read_parquet({listed}, union_by_name = true)"
    compression = compression_of(files)
    if table.serde in {"LazySimpleSerDe", "OpenCSVSerde"}:
        return f"read_csv({listed}, {_csv_options(table)}, compression = {literal(compression)})"
    if table.serde in JSON_SERDES:
        columns = ", ".join(
            f"{literal(spelling.get(one.name, one.name))}: {literal(to_duckdb_type(one.type))}"
            for one in table.columns
        )
        return f"read_json({listed}, columns = {{{columns}}}, {json_options(table, compression)})"
    raise not_supported(f"reading a table with the SerDe {table.serde or '(none)'}")


def compression_of(files: list[ScanFile]) -> str:
    """Return ``gzip`` or ``none`` by the keys' endings. Raises NOT_SUPPORTED where a table has both."""
    compressed = {file.stored.key.endswith(".gz") for file in files}
    if len(compressed) > 1:
        raise not_supported("a table with compressed and plain files side by side")
    return "gzip" if compressed == {True} else "none"


def json_options(table: Table, compression: str) -> str:
    """Return the options with which DuckDB reads a JSON table: an object a line."""
    broken = table.serde_parameters.get("ignore.malformed.json", "false").lower() == "true"
    return (
        f"format = 'newline_delimited', compression = {literal(compression)}, "
        f"ignore_errors = {str(broken).lower()}"
    )


def _csv_options(table: Table) -> str:
    """Return read_csv's options for LazySimpleSerDe (no quotes at all) or OpenCSVSerde.

    Rows shorter than the table end in NULLs and longer ones are cut, as both SerDes do.
    """
    given = table.serde_parameters
    opencsv = table.serde == "OpenCSVSerde"
    delimiter = given.get("separatorChar") or given.get("field.delim") or given.get("serialization.format")
    if not opencsv and (not delimiter or delimiter == "1"):
        delimiter = "\x01"
    null = given.get("serialization.null.format", "\\N")
    columns = ", ".join(f"{literal(column.name)}: 'VARCHAR'" for column in table.columns)
    return ", ".join(
        [
            f"columns = {{{columns}}}",
            f"delim = {literal(delimiter or ',')}",
            f"quote = {literal(given.get('quoteChar', chr(34)) if opencsv else '')}",
            f"escape = {literal(given.get('quoteChar', chr(34)) if opencsv else '')}",
            f"nullstr = {literal(null)}",
            f"skip = {int(table.parameters.get('skip.header.line.count') or 0)}",
            "header = false",
            "auto_detect = false",
            "null_padding = true",
            "strict_mode = false",
        ]
    )


def quote(name: str) -> str:
    """Quote an identifier for DuckDB."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Write a string literal for DuckDB."""
    return "'" + text.replace("'", "''") + "'"
