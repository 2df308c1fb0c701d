"""Tables that are not in the catalog but made from it: information_schema, and a table's ``$partitions``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from local_lake.athena.catalog import CATALOG, Catalog, Table
from local_lake.athena.hive_types import parse_hive_type
from local_lake.athena.scan import literal, quote

Row = Sequence[str | int | None]


@dataclass(frozen=True)
class VirtualTable:
    """A table given by its rows; ``columns`` are Hive types by name."""

    columns: dict[str, str]
    rows: list[Row]

    def as_select(self) -> str:
        """Return a SELECT that yields the rows."""
        names = ", ".join(quote(name) for name in self.columns)
        if not self.rows:
            nulls = ", ".join(f"CAST(NULL AS VARCHAR) AS {quote(name)}" for name in self.columns)
            return f"SELECT {nulls} WHERE FALSE"
        rows = ", ".join(f"({', '.join(_write(value) for value in row)})" for row in self.rows)
        return f"SELECT * FROM (VALUES {rows}) AS rows({names})"


def find_virtual_table(catalog: Catalog, schema: str, name: str) -> VirtualTable | None:
    """Return ``information_schema.<name>`` or ``"<table>$partitions"``; None for all other names."""
    if schema == "information_schema":
        build = _BUILDERS.get(name)
        return build(catalog) if build else None
    if name.endswith("$partitions"):
        table = catalog.find_table(schema, name.removesuffix("$partitions"))
        return _list_partitions(catalog, table) if table else None
    return None


def _list_partitions(catalog: Catalog, table: Table) -> VirtualTable:
    columns = {key.name: "string" for key in table.keys}
    return VirtualTable(columns, [one.values for one in catalog.list_partitions(table)])


def _schemata(catalog: Catalog) -> VirtualTable:
    rows: list[Row] = [(CATALOG, one["Name"]) for one in catalog.list_databases()]
    return VirtualTable({"catalog_name": "string", "schema_name": "string"}, rows)


def _tables(catalog: Catalog) -> VirtualTable:
    names = ("table_catalog", "table_schema", "table_name", "table_type")
    rows: list[Row] = [
        (CATALOG, table.database, table.name, "VIEW" if table.is_view else "BASE TABLE")
        for table in _all_tables(catalog)
    ]
    return VirtualTable(dict.fromkeys(names, "string"), rows)


def _views(catalog: Catalog) -> VirtualTable:
    names = ("table_catalog", "table_schema", "table_name", "view_definition")
    rows: list[Row] = [
        (CATALOG, table.database, table.name, table.view_sql)
        for table in _all_tables(catalog)
        if table.is_view
    ]
    return VirtualTable(dict.fromkeys(names, "string"), rows)


def _columns(catalog: Catalog) -> VirtualTable:
    columns = {
        "table_catalog": "string",
        "table_schema": "string",
        "table_name": "string",
        "column_name": "string",
        "ordinal_position": "bigint",
        "column_default": "string",
        "is_nullable": "string",
        "data_type": "string",
        "comment": "string",
        "extra_info": "string",
    }
    rows: list[Row] = []
    for table in _all_tables(catalog):
        keys = {key.name for key in table.keys}
        for position, column in enumerate(table.all_columns, start=1):
            extra = "partition key" if column.name in keys else None
            kind = str(parse_hive_type(column.type).sql("trino")).lower()
            place = (CATALOG, table.database, table.name, column.name, position)
            rows.append((*place, None, "YES", kind, column.comment or None, extra))
    return VirtualTable(columns, rows)


def _all_tables(catalog: Catalog) -> list[Table]:
    return [table for one in catalog.list_databases() for table in catalog.list_tables(one["Name"])]


_BUILDERS: dict[str, Callable[[Catalog], VirtualTable]] = {
    "schemata": _schemata,
    "tables": _tables,
    "views": _views,
    "columns": _columns,
}


def _write(value: str | int | None) -> str:
    if value is None:
        return "CAST(NULL AS VARCHAR)"
    return str(value) if isinstance(value, int) else literal(value)
