"""Parquet: the types are in the file, so nothing is guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from local_lake.crawler.schema import Column, FileSchema

if TYPE_CHECKING:
    from pathlib import Path

_SIMPLE = {
    pa.bool_(): "boolean",
    pa.int8(): "tinyint",
    pa.int16(): "smallint",
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.uint8(): "smallint",
    pa.uint16(): "int",
    pa.uint32(): "bigint",
    pa.uint64(): "bigint",
    pa.float32(): "float",
    pa.float64(): "double",
    pa.string(): "string",
    pa.large_string(): "string",
    pa.binary(): "binary",
    pa.large_binary(): "binary",
    pa.date32(): "date",
}


def classify_parquet(path: Path) -> FileSchema | None:
    """Read a Parquet file's footer, or return None when the file has none."""
    try:
        footer = pq.read_metadata(path)
        schema = footer.schema.to_arrow_schema()
    except (pa.ArrowException, OSError):
        return None
    columns = tuple(Column(field.name.lower(), to_hive_type(field.type)) for field in schema)
    return FileSchema("parquet", columns, footer.num_rows)


def to_hive_type(kind: pa.DataType) -> str:
    """Return the Hive type of an Arrow type; ``string`` for what Hive cannot express."""
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if pa.types.is_timestamp(kind):
        return "timestamp"
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"array<{to_hive_type(kind.value_type)}>"
    if pa.types.is_map(kind):
        return f"map<{to_hive_type(kind.key_type)},{to_hive_type(kind.item_type)}>"
    if pa.types.is_struct(kind):
        fields = (f"{field.name.lower()}:{to_hive_type(field.type)}" for field in kind)
        return f"struct<{','.join(fields)}>"
    if pa.types.is_fixed_size_binary(kind):
        return "binary"
    return "string"
