"""The catalog's Hive types in the words of DuckDB, of Athena's results, and of the optimiser."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

from sqlglot import exp
from sqlglot.errors import ParseError

SqlType: TypeAlias = Any
"""A sqlglot DataType; sqlglot has no types that mypy is told to follow."""

_PRECISIONS: dict[str, tuple[int, int, bool]] = {
    "boolean": (0, 0, False),
    "tinyint": (3, 0, False),
    "smallint": (5, 0, False),
    "integer": (10, 0, False),
    "bigint": (19, 0, False),
    "float": (17, 0, False),
    "double": (17, 0, False),
    "varchar": (2147483647, 0, True),
    "timestamp": (3, 0, False),
    "timestamp with time zone": (3, 0, False),
    "date": (0, 0, False),
}

_ATHENA_NAMES = {
    "VARCHAR": "varchar",
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "SMALLINT": "smallint",
    "TINYINT": "tinyint",
    "HUGEINT": "bigint",
    "UBIGINT": "bigint",
    "UINTEGER": "bigint",
    "DOUBLE": "double",
    "FLOAT": "float",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "BLOB": "varbinary",
    "JSON": "json",
    "UUID": "uuid",
    "INTERVAL": "interval day to second",
    "TIME": "time",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
    '"NULL"': "unknown",
}


@lru_cache(maxsize=4096)
def parse_hive_type(text: str) -> SqlType:
    """Parse a Hive type such as ``array<struct<a:int>>``. Raises ValueError for what is no type."""
    try:
        return exp.DataType.build(text, dialect="hive")
    except ParseError as error:
        raise ValueError(f"{text!r} is not a type of the Glue catalog") from error


@lru_cache(maxsize=4096)
def to_duckdb_type(text: str) -> str:
    """Return the DuckDB type of a Hive type; the length of ``varchar(n)`` and ``char(n)`` is not enforced."""
    if text.lower().startswith(("varchar", "char")):
        return "VARCHAR"
    return str(parse_hive_type(text).sql("duckdb"))


@lru_cache(maxsize=4096)
def to_hive_type(duckdb_type: str) -> str:
    """Return the Hive type that CREATE TABLE AS records for a column of a DuckDB type."""
    if duckdb_type == "HUGEINT":
        return "bigint"
    if duckdb_type == '"NULL"':
        return "string"
    kind = exp.DataType.build(duckdb_type, dialect="duckdb")
    if kind.is_type("timestamptz"):
        return "timestamp"
    return str(kind.sql("hive")).lower().replace(", ", ",").replace(": ", ":")


def describe_result_column(name: str, duckdb_type: str) -> dict[str, Any]:
    """Return the ColumnInfo of GetQueryResults for a column of a DuckDB type."""
    kind = to_athena_type(duckdb_type)
    precision, scale, sensitive = _PRECISIONS.get(kind, (0, 0, False))
    if kind == "decimal":
        digits = duckdb_type[len("DECIMAL(") : -1].split(",")
        precision, scale = int(digits[0]), int(digits[1])
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": name,
        "Label": name,
        "Type": kind,
        "Precision": precision,
        "Scale": scale,
        "Nullable": "UNKNOWN",
        "CaseSensitive": sensitive,
    }


def to_athena_type(duckdb_type: str) -> str:
    """Return the Type of a ColumnInfo: arrays, maps and rows without their parts, as Athena gives them."""
    if duckdb_type.endswith("]"):
        return "array"
    for start, name in (("MAP(", "map"), ("STRUCT(", "row"), ("DECIMAL(", "decimal"), ("ENUM(", "varchar")):
        if duckdb_type.startswith(start):
            return name
    if duckdb_type.startswith("TIMESTAMP") and "ZONE" not in duckdb_type:
        return "timestamp"
    return _ATHENA_NAMES.get(duckdb_type, "varchar")
