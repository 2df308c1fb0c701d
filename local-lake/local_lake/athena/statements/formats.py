"""The storage formats that Athena's DDL can name, as the catalog describes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local_lake.athena.errors import not_supported

_TEXT_INPUT = "org.apache.hadoop.mapred.TextInputFormat"
_TEXT_OUTPUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"


@dataclass(frozen=True)
class StorageFormat:
    """Input and output format and SerDe; ``copy`` is DuckDB's name of the format for writing."""

    input_format: str
    output_format: str
    serde: str
    copy: str

    def describe(self, columns: list[dict[str, str]], location: str, serde: dict[str, str]) -> dict[str, Any]:
        """Return a StorageDescriptor."""
        return {
            "Columns": columns,
            "Location": location,
            "InputFormat": self.input_format,
            "OutputFormat": self.output_format,
            "Compressed": False,
            "NumberOfBuckets": -1,
            "SerdeInfo": {"SerializationLibrary": self.serde, "Parameters": serde},
            "BucketColumns": [],
            "SortColumns": [],
            "StoredAsSubDirectories": False,
        }


TEXTFILE = StorageFormat(
    _TEXT_INPUT, _TEXT_OUTPUT, "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", "csv"
)
JSON = StorageFormat(_TEXT_INPUT, _TEXT_OUTPUT, "org.openx.data.jsonserde.JsonSerDe", "json")
PARQUET = StorageFormat(
    f"{_PARQUET}.MapredParquetInputFormat",
    f"{_PARQUET}.MapredParquetOutputFormat",
    f"{_PARQUET}.serde.ParquetHiveSerDe",
    "parquet",
)

_FORMATS = {"TEXTFILE": TEXTFILE, "JSON": JSON, "PARQUET": PARQUET}


def find_format(name: str) -> StorageFormat:
    """Return a format by its name in DDL. Raises NOT_SUPPORTED for ORC, Avro, Iceberg and others."""
    found = _FORMATS.get(name.upper())
    if found is None:
        raise not_supported(f"the format {name.upper()}: the local lake has PARQUET, JSON and TEXTFILE")
    return found
