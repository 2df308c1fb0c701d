"""A query made ready: DuckDB's SQL with a scan for each table, and the bytes that Athena would scan."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from local_lake.athena.json_keys import find_spelling
from local_lake.athena.parquet_columns import column_bytes
from local_lake.athena.scan import ScanFile, build_scan, list_files
from local_lake.athena.sql.dialect import place_of
from local_lake.athena.sql.pruning import partition_filter, prune
from local_lake.athena.sql.resolve import Resolved, resolve
from local_lake.athena.sql.rewrite import rewrite

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from local_lake.athena.catalog import Catalog, Table
    from local_lake.athena.sql.dialect import SqlNode
    from local_lake.storage.object_store import ObjectStore


@dataclass(frozen=True)
class Scan:
    """One table where it stands in a query; ``columns`` are those the query uses."""

    token: str
    table: Table
    files: list[ScanFile]
    columns: frozenset[str]
    spelling: dict[str, str]

    @property
    def bytes(self) -> int:
        """Return what Athena charges: whole files of text, only the used columns of Parquet."""
        if self.table.serde != "ParquetHiveSerDe":
            return sum(file.stored.size for file in self.files)
        sizes = [column_bytes(file.stored.path) for file in self.files]
        return sum(size for one in sizes for name, size in one.items() if name in self.columns)


@dataclass
class Plan:
    """A query that can run: ``names`` are the result's columns in Athena's words.

    ``places`` tells where in the caller's text a column or function stands first, as ``line L:C``.
    """

    template: str
    names: list[str]
    scans: list[Scan]
    virtual: dict[str, str]
    pseudo: bool
    places: dict[str, str]

    @property
    def bytes(self) -> int:
        """Return the bytes scanned."""
        return sum(scan.bytes for scan in self.scans)

    @property
    def text_bodies(self) -> list[Path]:
        """Return the bodies that are text."""
        return [
            file.stored.path
            for scan in self.scans
            if scan.table.serde != "ParquetHiveSerDe"
            for file in scan.files
        ]

    def as_sql(self, readable: dict[Path, Path] | None = None) -> str:
        """Return DuckDB's SQL; ``readable`` maps bodies to files to read in their place."""
        sql = self.template
        for scan in self.scans:
            select = build_scan(scan.table, scan.files, readable or {}, self.pseudo, scan.spelling)
            sql = sql.replace(f'"{scan.token}"', f"({select})")
        for token, select in self.virtual.items():
            sql = sql.replace(f'"{token}"', f"({select})")
        return sql


def make_plan(
    query: str | SqlNode,
    catalog: Catalog,
    store: ObjectStore,
    database: str,
    run: Callable[[str], list[Any]],
) -> Plan:
    """Plan a SELECT; ``run`` evaluates conditions on partitions. Raises QueryFailedError."""
    resolved = resolve(query, catalog, database)
    plan = Plan("", resolved.names, [], {}, resolved.pseudo, _places(resolved.tree))
    tree = rewrite(resolved.tree)
    for node in list(tree.find_all(exp.Table)):
        place = (node.db, node.name)
        if place in resolved.virtual:
            token = _token()
            plan.virtual[token] = resolved.virtual[place].as_select()
        elif place in resolved.tables:
            token = _token()
            plan.scans.append(_scan(node, token, resolved, catalog, store, run))
        else:
            continue
        node.set("this", exp.to_identifier(token, quoted=True))
        node.set("db", None)
        node.set("catalog", None)
    plan.template = tree.sql("duckdb")
    return plan


def _scan(
    node: SqlNode,
    token: str,
    resolved: Resolved,
    catalog: Catalog,
    store: ObjectStore,
    run: Callable[[str], list[Any]],
) -> Scan:
    table, alias = resolved.tables[node.db, node.name], node.alias
    select = node.find_ancestor(exp.Select)
    partitions = None
    if table.keys:
        partitions = catalog.list_partitions(table)
        condition = partition_filter(select, alias, table) if select is not None else None
        if condition is not None:
            partitions = prune(partitions, table, condition, alias, run)
    used = frozenset(
        column.name for column in (select.find_all(exp.Column) if select else []) if column.table == alias
    )
    files = list_files(store, table, partitions)
    return Scan(token, table, files, used, find_spelling(table, files, run))


def _places(tree: SqlNode) -> dict[str, str]:
    places: dict[str, str] = {}
    for node in tree.find_all(exp.Column, exp.Anonymous):
        if "line" in node.meta or "line" in getattr(node.this, "meta", {}):
            places.setdefault(node.name.lower(), place_of(node))
    return places


def _token() -> str:
    return f"scan_{uuid.uuid4().hex}"
