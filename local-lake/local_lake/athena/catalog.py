"""The Glue catalog as queries see it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any

import moto.glue.models as glue_models
from moto.glue.exceptions import DatabaseNotFoundException, TableNotFoundException

CATALOG = "awsdatacatalog"

_PRESTO_VIEW = "/* Presto View: "


@dataclass(frozen=True)
class Column:
    """A column with its Hive type."""

    name: str
    type: str
    comment: str = ""


@dataclass(frozen=True)
class Partition:
    """One registered partition."""

    values: tuple[str, ...]
    location: str


@dataclass(frozen=True)
class Table:
    """A table of the catalog; ``raw`` is its Table of the Glue API."""

    database: str
    name: str
    columns: tuple[Column, ...]
    keys: tuple[Column, ...]
    location: str
    serde: str
    serde_parameters: dict[str, str]
    parameters: dict[str, str]
    raw: dict[str, Any] = field(repr=False, compare=False)

    @property
    def is_view(self) -> bool:
        """Whether it is a view of Athena's."""
        return self.raw.get("TableType") == "VIRTUAL_VIEW"

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Return the columns, then the partition keys: the order of ``SELECT *``."""
        return self.columns + self.keys

    @property
    def input_format(self) -> str:
        """Return the InputFormat class."""
        return str(self.raw.get("StorageDescriptor", {}).get("InputFormat", ""))

    @property
    def view_sql(self) -> str:
        """Return the SELECT of a view."""
        return str(self._view["originalSql"])

    @property
    def view_database(self) -> str:
        """Return the database in which the names of the view's SELECT are looked up."""
        return str(self._view.get("schema") or self.database)

    @property
    def _view(self) -> dict[str, Any]:
        text = self.raw.get("ViewOriginalText", "")
        encoded = text.removeprefix(_PRESTO_VIEW).removesuffix("*/").strip()
        return dict(json.loads(base64.b64decode(encoded)))


class Catalog:
    """The databases and tables of one account and region; names in lower case, as Athena looks them up."""

    def __init__(self, account: str, region: str) -> None:
        self._backend = glue_models.glue_backends[account][region]

    def list_databases(self) -> list[dict[str, Any]]:
        """Return the Databases of the Glue API, sorted by name."""
        return sorted((one.as_dict() for one in self._backend.get_databases()), key=lambda one: one["Name"])

    def has_database(self, name: str) -> bool:
        """Tell whether a database exists."""
        return self.find_database(name) is not None

    def find_database(self, name: str) -> dict[str, Any] | None:
        """Return the Database of the Glue API, or None."""
        try:
            return dict(self._backend.get_database(name.lower()).as_dict())
        except DatabaseNotFoundException:
            return None

    def list_tables(self, database: str) -> list[Table]:
        """Return the tables and views of a database, sorted by name; none where there is no database."""
        try:
            found = self._backend.get_tables(database.lower(), None)
        except DatabaseNotFoundException:
            return []
        return sorted((_read_table(one.as_dict()) for one in found), key=lambda table: table.name)

    def find_table(self, database: str, name: str) -> Table | None:
        """Return a table or view, or None."""
        try:
            return _read_table(self._backend.get_table(database.lower(), name.lower()).as_dict())
        except (DatabaseNotFoundException, TableNotFoundException):
            return None

    def list_partitions(self, table: Table) -> list[Partition]:
        """Return the registered partitions of a table."""
        found = self._backend.get_table(table.database, table.name)
        partitions = []
        for one in list(found.partitions.values()):
            described = one.as_dict()
            location = described.get("StorageDescriptor", {}).get("Location", "")
            partitions.append(Partition(tuple(described["Values"]), location))
        return partitions


def encode_view(sql: str, database: str, columns: list[Column]) -> str:
    """Return the ViewOriginalText of a view, in the form Athena and Trino write it."""
    view = {
        "originalSql": sql,
        "catalog": CATALOG,
        "schema": database,
        "columns": [{"name": column.name, "type": column.type} for column in columns],
    }
    return f"{_PRESTO_VIEW}{base64.b64encode(json.dumps(view).encode()).decode()} */"


def _read_table(raw: dict[str, Any]) -> Table:
    descriptor = raw.get("StorageDescriptor") or {}
    serde = descriptor.get("SerdeInfo") or {}
    return Table(
        database=raw["DatabaseName"],
        name=raw["Name"],
        columns=_read_columns(descriptor.get("Columns")),
        keys=_read_columns(raw.get("PartitionKeys")),
        location=descriptor.get("Location") or "",
        serde=(serde.get("SerializationLibrary") or "").rpartition(".")[2],
        serde_parameters=serde.get("Parameters") or {},
        parameters=raw.get("Parameters") or {},
        raw=raw,
    )


def _read_columns(found: list[dict[str, str]] | None) -> tuple[Column, ...]:
    return tuple(
        Column(one["Name"].lower(), one.get("Type") or "string", one.get("Comment") or "")
        for one in found or []
    )
