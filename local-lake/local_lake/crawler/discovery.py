"""From objects to tables: which folders are tables and which are partitions, by Glue's documented rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from local_lake.crawler.schema import Column, FileSchema, merge_columns
from local_lake.storage.object_store import S3Location, StoredObject

# Enough to see the schema of one folder; Glue samples too.
FILES_CLASSIFIED_PER_FOLDER = 20

Classify = Callable[[StoredObject], FileSchema]


@dataclass
class FoundFiles:
    """The files of one partition, or of a table without partitions."""

    location: S3Location
    objects: list[StoredObject]
    schemas: list[FileSchema]

    @property
    def size(self) -> int:
        """Return the size of all objects in bytes."""
        return sum(stored.size for stored in self.objects)

    @property
    def rows(self) -> int:
        """Return the rows; scaled up by size where not every file was classified."""
        rows = sum(schema.rows for schema in self.schemas)
        classified = sum(stored.size for stored in self.objects[: len(self.schemas)])
        return rows if len(self.schemas) == len(self.objects) else int(rows * self.size / max(1, classified))


@dataclass
class FoundTable:
    """A table: its partition keys (None where folders are not named ``key=value``) and partitions."""

    location: S3Location
    keys: list[str | None] = field(default_factory=list)
    partitions: dict[tuple[str, ...], FoundFiles] = field(default_factory=dict)

    @property
    def schemas(self) -> list[FileSchema]:
        """Return what the classifiers found, over all partitions."""
        return [schema for files in self.partitions.values() for schema in files.schemas]

    @property
    def columns(self) -> list[Column]:
        """Return the merged columns; a column named as a partition key is left out, as Glue does."""
        keys = set(self.key_names)
        return [column for column in merge_columns(self.schemas) if column.name not in keys]

    @property
    def key_names(self) -> list[str]:
        """Return the partition keys; folders without a name become ``partition_0``, ``partition_1`` …"""
        return [key or f"partition_{position}" for position, key in enumerate(self.keys)]

    @property
    def objects(self) -> list[StoredObject]:
        """Return all objects of the table."""
        return [stored for files in self.partitions.values() for stored in files.objects]


@dataclass
class _Folder:
    location: S3Location
    objects: list[StoredObject] = field(default_factory=list)
    folders: dict[str, _Folder] = field(default_factory=dict)


def discover_tables(target: S3Location, objects: list[StoredObject], classify: Classify) -> list[FoundTable]:
    """Return the tables below an include path; ``objects`` are those that are not excluded.

    Empty files, and files or folders whose name begins with ``_`` or ``.``, hold no data.
    """
    prefix = target.key if not target.key or target.key.endswith("/") else f"{target.key}/"
    root = _Folder(S3Location(target.bucket, prefix))
    for stored in objects:
        *folders, name = stored.key.removeprefix(prefix).split("/")
        if stored.size == 0 or any(part.startswith(("_", ".")) for part in (*folders, name)):
            continue
        folder = root
        for part in folders:
            location = S3Location(target.bucket, f"{folder.location.key}{part}/")
            folder = folder.folders.setdefault(part, _Folder(location))
        folder.objects.append(stored)
    return _tables_of(root, classify)


def _tables_of(folder: _Folder, classify: Classify) -> list[FoundTable]:
    own = _tables_of_files(folder, classify)
    children = {name: _tables_of(child, classify) for name, child in sorted(folder.folders.items())}
    tables = {name: found for name, found in children.items() if found}
    if not own and _are_partitions(folder, tables):
        return [_join(folder, {name: found[0] for name, found in tables.items()})]
    return own + [table for found in tables.values() for table in found]


def _tables_of_files(folder: _Folder, classify: Classify) -> list[FoundTable]:
    known: list[tuple[StoredObject, FileSchema]] = []
    rest: list[StoredObject] = []
    for stored in folder.objects:
        if len(known) >= FILES_CLASSIFIED_PER_FOLDER:
            rest.append(stored)
            continue
        schema = classify(stored)
        if schema.classification != "UNKNOWN":
            known.append((stored, schema))
    if not known:
        return []
    if all(known[0][1].similar_to(schema) for _, schema in known):
        objects = [stored for stored, _ in known] + rest
        files = FoundFiles(folder.location, objects, [schema for _, schema in known])
        return [FoundTable(folder.location, [], {(): files})]
    tables = []
    for stored, schema in known:
        location = S3Location(stored.bucket, stored.key)
        tables.append(FoundTable(location, [], {(): FoundFiles(location, [stored], [schema])}))
    return tables


def _are_partitions(folder: _Folder, tables: dict[str, list[FoundTable]]) -> bool:
    """Tell whether the subfolders are partitions of one table rather than tables of their own."""
    if not tables or any(len(found) != 1 for found in tables.values()):
        return False
    found = {name: tables[name][0] for name in tables}
    if any(table.location != folder.folders[name].location for name, table in found.items()):
        return False
    first, *others = found.values()
    if any(table.keys != first.keys for table in others):
        return False
    key = _shared_key(list(found))
    if key is None and len(found) < 2:
        return False
    left = first.schemas[0]
    return all(left.similar_to(table.schemas[0]) for table in others)


def _join(folder: _Folder, found: dict[str, FoundTable]) -> FoundTable:
    key = _shared_key(list(found))
    first = next(iter(found.values()))
    table = FoundTable(folder.location, [key, *first.keys])
    for name, part in found.items():
        value = name.partition("=")[2] if key else name
        for values, files in part.partitions.items():
            table.partitions[value, *values] = files
    return table


def _shared_key(names: list[str]) -> str | None:
    keys = {name.partition("=")[0].lower() if "=" in name else None for name in names}
    return keys.pop() if len(keys) == 1 else None
