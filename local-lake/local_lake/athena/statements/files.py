"""The files that a query's rows become, and their way into the object store."""

from __future__ import annotations

import shutil
import urllib.parse
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local_lake.athena.engine import run
from local_lake.athena.scan import literal, quote
from local_lake.storage.object_store import S3Location

if TYPE_CHECKING:
    from pathlib import Path

    from local_lake.athena.session import Session
    from local_lake.athena.statements.formats import StorageFormat


@dataclass
class WrittenFiles:
    """The URIs that were written, the location of each partition by its values, and the number of rows."""

    uris: list[str] = field(default_factory=list)
    partitions: dict[tuple[str, ...], str] = field(default_factory=dict)
    rows: int = 0


def write_files(
    session: Session, sql: str, storage: StorageFormat, location: str, keys: list[str], delimiter: str
) -> WrittenFiles:
    """Write a query's rows below ``location``, one folder ``key=value`` a partition."""
    folder = session.scratch / "write"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    options = [f"FORMAT {storage.copy}", *_options(storage, delimiter)]
    target = folder
    if keys:
        options += [
            f"PARTITION_BY ({', '.join(quote(key) for key in keys)})",
            "WRITE_PARTITION_COLUMNS false",
        ]
    else:
        target = folder / "part"
    rows = run(session.cursor, f"COPY ({sql}) TO {literal(str(target))} ({', '.join(options)})").fetchall()
    written = _store(session, folder, S3Location.parse(location), keys)
    written.rows = int(rows[0][0]) if rows else 0
    return written


def _options(storage: StorageFormat, delimiter: str) -> list[str]:
    if storage.copy == "parquet":
        return ["COMPRESSION snappy"]
    if storage.copy == "json":
        return ["COMPRESSION gzip"]
    return ["HEADER false", f"DELIMITER {literal(delimiter)}", "QUOTE ''", "ESCAPE ''", "NULLSTR '\\N'"]


def _store(session: Session, folder: Path, location: S3Location, keys: list[str]) -> WrittenFiles:
    written = WrittenFiles()
    suffix = ".gz" if any(path.is_file() and _is_gzip(path) for path in folder.rglob("*")) else ""
    for position, path in enumerate(sorted(one for one in folder.rglob("*") if one.is_file())):
        above = path.relative_to(folder).parent.as_posix()
        parent = location if above == "." else S3Location(location.bucket, f"{location.key}{above}/")
        if keys:
            values = [urllib.parse.unquote(part.partition("=")[2]) for part in above.split("/")]
            written.partitions[tuple(values)] = parent.uri
        target = S3Location(parent.bucket, f"{parent.key}{session.query.id}_{position:05d}{suffix}")
        session.store.put_object(target, path)
        written.uris.append(target.uri)
    return written


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"
