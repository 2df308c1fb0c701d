"""What a query must know of Parquet files before it reads them: which columns they have, and their bytes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from local_lake.athena.errors import DATA_ERROR, USER, QueryFailedError

if TYPE_CHECKING:
    from pathlib import Path

    from local_lake.athena.catalog import Table


@lru_cache(maxsize=20_000)
def column_bytes(path: Path) -> dict[str, int]:
    """Return the compressed bytes of each top-level column of a file; names in lower case.

    A body never changes, so the answer is kept. Raises QueryFailedError for what is no Parquet.
    """
    try:
        footer = pq.read_metadata(path)
    except (pa.ArrowException, OSError) as error:
        raise QueryFailedError(
            f"HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split: Incorrect Parquet file: {error}",
            USER,
            DATA_ERROR,
        ) from error
    sizes: dict[str, int] = {field.name.lower(): 0 for field in footer.schema.to_arrow_schema()}
    for group in range(footer.num_row_groups):
        row_group = footer.row_group(group)
        for position in range(row_group.num_columns):
            chunk = row_group.column(position)
            name = chunk.path_in_schema.partition(".")[0].lower()
            sizes[name] = sizes.get(name, 0) + chunk.total_compressed_size
    return sizes


def missing_columns(table: Table, paths: list[Path]) -> set[str]:
    """Return the table's columns that no file has; Parquet tables only. They read as NULL, as on Athena."""
    if table.serde != "ParquetHiveSerDe" or not paths:
        return set()
    present: set[str] = set()
    wanted = {column.name for column in table.columns}
    for path in paths:
        present |= column_bytes(path).keys()
        if wanted <= present:
            return set()
    return wanted - present
