"""What a crawl found, written to the Glue catalog through the Glue API."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import moto.glue.models as glue_models

from local_lake.crawler.model import Crawler, TableChanges
from local_lake.crawler.schema import Column
from local_lake.crawler.table_input import build_partition_input, build_table_input, name_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from local_lake.crawler.discovery import FoundTable
    from local_lake.loopback import AwsClient

# The most entries the Glue API takes in one Batch*Partition call.
_BATCH = {"create": 100, "delete": 25}

_STATISTICS = {"sizeKey", "objectCount", "recordCount", "averageRecordSize"}

# TableInput has these members; GetTable returns others that UpdateTable does not take.
_TABLE_INPUT = (
    "Name",
    "Description",
    "Owner",
    "Retention",
    "StorageDescriptor",
    "PartitionKeys",
    "TableType",
    "Parameters",
)


class CatalogWriter:
    """Writes one crawl's tables into the crawler's database by its SchemaChangePolicy."""

    def __init__(
        self, glue: AwsClient, account: str, crawler: Crawler, log: Callable[[str, str], None]
    ) -> None:
        self._glue = glue
        self._account = account
        self._crawler = crawler
        self._log = log
        self.changes = TableChanges()

    def write(self, found: list[FoundTable], targets: list[str]) -> None:
        """Add and update the tables found; delete or deprecate own tables below ``targets`` that are gone."""
        existing = {table["Name"]: table for table in self._list_tables()}
        ours = {
            table["StorageDescriptor"].get("Location", ""): name
            for name, table in existing.items()
            if table.get("Parameters", {}).get("UPDATED_BY_CRAWLER") == self._crawler.name
        }
        kept: set[str] = set()
        prefix = self._crawler.settings.get("TablePrefix", "")
        for table in found:
            name = ours.get(table.location.uri) or name_table(table, prefix, set(existing) | kept)
            kept.add(name)
            wanted = build_table_input(name, table, self._crawler.name)
            if name in existing:
                wanted = self._update_table(existing[name], wanted)
            else:
                self._glue.create_table(DatabaseName=self._crawler.database, TableInput=wanted)
                self.changes.tables_added.append(name)
                self._log("INFO", f"Created table {name} in database {self._crawler.database}")
            self._write_partitions(name, table, wanted)
        for location, name in ours.items():
            if name not in kept and any(location.startswith(target) for target in targets):
                self._retire(existing[name])

    def _list_tables(self) -> Iterable[dict[str, Any]]:
        for page in self._glue.get_paginator("get_tables").paginate(DatabaseName=self._crawler.database):
            yield from page["TableList"]

    def _update_table(self, current: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
        """Return the table's input as it is from now on."""
        name, policy = current["Name"], self._crawler.schema_change_policy
        merged = self._merge_new_columns(current, wanted)
        before = {member: current[member] for member in _TABLE_INPUT if member in current}
        if _schema_of(before) == _schema_of(merged):
            if _statistics_of(before) != _statistics_of(merged):
                self._refresh_statistics(name, before, merged)
            return merged
        if policy["UpdateBehavior"] == "LOG":
            self._log("INFO", f"Table {name} has changed; the SchemaChangePolicy says to log it only")
            return before
        merged["Parameters"] = before.get("Parameters", {}) | merged["Parameters"]
        merged["Parameters"].pop("DEPRECATED_BY_CRAWLER", None)
        self._glue.update_table(DatabaseName=self._crawler.database, TableInput=merged)
        self.changes.tables_updated.append(name)
        self._log("INFO", f"Updated table {name} in database {self._crawler.database}")
        return merged

    def _merge_new_columns(self, current: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
        output = self._crawler.configuration.get("CrawlerOutput", {}).get("Tables", {})
        if output.get("AddOrUpdateBehavior") != "MergeNewColumns":
            return wanted
        columns = {column["Name"]: column for column in current["StorageDescriptor"].get("Columns", [])}
        for column in wanted["StorageDescriptor"]["Columns"]:
            columns.setdefault(column["Name"], column)
        descriptor = wanted["StorageDescriptor"] | {"Columns": list(columns.values())}
        return wanted | {"StorageDescriptor": descriptor}

    def _refresh_statistics(self, name: str, before: dict[str, Any], wanted: dict[str, Any]) -> None:
        """Change the counts without a table version: the schema is the same (UpdateTable's SkipArchive).

        moto archives every update, so this writes into its model; a canary test watches the members.
        """
        backend = glue_models.glue_backends[self._account][self._glue.meta.region_name]
        table = backend.get_table(self._crawler.database, name)
        counts = _statistics_of(wanted)
        current = table.versions[str(table._current_version)]
        current["Parameters"] = before.get("Parameters", {}) | counts

    def _write_partitions(self, name: str, table: FoundTable, table_input: dict[str, Any]) -> None:
        if not table.keys:
            return
        target = {"DatabaseName": self._crawler.database, "TableName": name}
        known = {tuple(one["Values"]): one for one in self._list_partitions(target)}
        new = [
            build_partition_input(values, files, table_input)
            for values, files in table.partitions.items()
            if values not in known
        ]
        for batch in _batches(new, _BATCH["create"]):
            self._glue.batch_create_partition(**target, PartitionInputList=batch)
        self.changes.partitions_added += len(new)
        gone = [values for values in known if values not in table.partitions]
        if gone and self._crawler.schema_change_policy["DeleteBehavior"] == "DELETE_FROM_DATABASE":
            for batch in _batches(gone, _BATCH["delete"]):
                self._glue.batch_delete_partition(
                    **target, PartitionsToDelete=[{"Values": list(values)} for values in batch]
                )
            self.changes.partitions_deleted += len(gone)
        elif gone:
            self._log("INFO", f"{len(gone)} partitions of {name} have no objects any more; they stay")

    def _list_partitions(self, target: dict[str, str]) -> Iterator[dict[str, Any]]:
        for page in self._glue.get_paginator("get_partitions").paginate(**target):
            yield from page["Partitions"]

    def _retire(self, table: dict[str, Any]) -> None:
        name, behavior = table["Name"], self._crawler.schema_change_policy["DeleteBehavior"]
        if behavior == "DELETE_FROM_DATABASE":
            self._glue.delete_table(DatabaseName=self._crawler.database, Name=name)
            self.changes.tables_deleted.append(name)
            self._log("INFO", f"Deleted table {name} from database {self._crawler.database}")
        elif behavior == "DEPRECATE_IN_DATABASE" and "DEPRECATED_BY_CRAWLER" not in table["Parameters"]:
            wanted = {member: table[member] for member in _TABLE_INPUT if member in table}
            stamp = str(int(time.time() * 1000))
            wanted["Parameters"] = table["Parameters"] | {"DEPRECATED_BY_CRAWLER": stamp}
            self._glue.update_table(DatabaseName=self._crawler.database, TableInput=wanted)
            self.changes.tables_updated.append(name)
            self._log("INFO", f"Deprecated table {name} in database {self._crawler.database}")
        else:
            self._log("INFO", f"Table {name} has no objects any more; it stays")


def _schema_of(table_input: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a TableInput whose change makes a table version."""
    descriptor = table_input["StorageDescriptor"]
    parameters = table_input.get("Parameters", {})
    return {
        "columns": [Column(one["Name"], one["Type"]) for one in descriptor.get("Columns", [])],
        "keys": [one["Name"] for one in table_input.get("PartitionKeys", [])],
        "location": descriptor.get("Location"),
        "input_format": descriptor.get("InputFormat"),
        "header": parameters.get("skip.header.line.count"),
        "deprecated": "DEPRECATED_BY_CRAWLER" in parameters,
    }


def _statistics_of(table_input: dict[str, Any]) -> dict[str, str]:
    parameters = table_input.get("Parameters", {})
    return {name: parameters[name] for name in sorted(_STATISTICS & parameters.keys())}


def _batches(items: list[Any], size: int) -> Iterator[list[Any]]:
    for begin in range(0, len(items), size):
        yield items[begin : begin + size]
