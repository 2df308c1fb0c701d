"""The TableInput and PartitionInput that a crawler writes, with Glue's formats, SerDes and parameters."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from local_lake.crawler.discovery import FoundFiles, FoundTable

if TYPE_CHECKING:
    from local_lake.crawler.schema import FileSchema

_TEXT_INPUT = "org.apache.hadoop.mapred.TextInputFormat"
_TEXT_OUTPUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"

SERDES = {
    "csv": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
    "json": "org.openx.data.jsonserde.JsonSerDe",
    "parquet": f"{_PARQUET}.serde.ParquetHiveSerDe",
}


def name_table(table: FoundTable, prefix: str, taken: set[str]) -> str:
    """Return the table's name: prefix and folder, in lower case, other characters as underscores.

    A name that is taken already gets a hash of the location, as on Glue.
    """
    folder = table.location.key.strip("/").rpartition("/")[2] or table.location.bucket
    name = re.sub(r"[^a-z0-9_]", "_", f"{prefix}{folder}".lower())
    if name in taken:
        name = f"{name}_{hashlib.md5(table.location.uri.encode(), usedforsecurity=False).hexdigest()}"
    return name


def build_table_input(name: str, table: FoundTable, crawler: str) -> dict[str, Any]:
    """Return the TableInput of a table that was found."""
    parameters = _parameters(FoundFiles(table.location, table.objects, table.schemas), table.schemas[0])
    parameters["recordCount"] = str(sum(files.rows for files in table.partitions.values()))
    parameters["UPDATED_BY_CRAWLER"] = crawler
    if table.keys:
        parameters["partition_filtering.enabled"] = "true"
    columns = [{"Name": column.name, "Type": column.type} for column in table.columns]
    return {
        "Name": name,
        "Owner": "owner",
        "Retention": 0,
        "StorageDescriptor": _descriptor(table.location.uri, columns, table.schemas[0], parameters),
        "PartitionKeys": [{"Name": key, "Type": "string"} for key in table.key_names],
        "TableType": "EXTERNAL_TABLE",
        "Parameters": parameters,
    }


def build_partition_input(
    values: tuple[str, ...], files: FoundFiles, table_input: dict[str, Any]
) -> dict[str, Any]:
    """Return the PartitionInput of one partition; its columns are the table's (InheritFromTable)."""
    parameters = _parameters(files, files.schemas[0])
    columns = table_input["StorageDescriptor"]["Columns"]
    return {
        "Values": list(values),
        "StorageDescriptor": _descriptor(files.location.uri, columns, files.schemas[0], parameters),
        "Parameters": parameters,
    }


def _parameters(files: FoundFiles, schema: FileSchema) -> dict[str, str]:
    rows = files.rows
    return {
        "sizeKey": str(files.size),
        "objectCount": str(len(files.objects)),
        "recordCount": str(rows),
        "averageRecordSize": str(files.size // rows if rows else 0),
        "CrawlerSchemaSerializerVersion": "1.0",
        "CrawlerSchemaDeserializerVersion": "1.0",
        "compressionType": schema.compression,
        "classification": schema.classification,
        "typeOfData": "file",
        **{name: value for name, value in schema.format_parameters if name != "paths"},
    }


def _descriptor(
    location: str, columns: list[dict[str, str]], schema: FileSchema, parameters: dict[str, str]
) -> dict[str, Any]:
    parquet = schema.classification == "parquet"
    return {
        "Columns": columns,
        "Location": location,
        "InputFormat": f"{_PARQUET}.MapredParquetInputFormat" if parquet else _TEXT_INPUT,
        "OutputFormat": f"{_PARQUET}.MapredParquetOutputFormat" if parquet else _TEXT_OUTPUT,
        "Compressed": schema.compression != "none",
        "NumberOfBuckets": -1,
        "SerdeInfo": {
            "SerializationLibrary": SERDES[schema.classification],
            "Parameters": _serde_parameters(schema, columns),
        },
        "BucketColumns": [],
        "SortColumns": [],
        "Parameters": dict(parameters),
        "StoredAsSubDirectories": False,
    }


def _serde_parameters(schema: FileSchema, columns: list[dict[str, str]]) -> dict[str, str]:
    if schema.classification == "csv":
        return {"field.delim": dict(schema.format_parameters)["delimiter"]}
    if schema.classification == "json":
        return {"paths": ",".join(sorted(column["Name"] for column in columns))}
    return {"serialization.format": "1"}
