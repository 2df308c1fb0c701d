"""Results: written to the output location as Athena does, and read back in pages."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from local_lake.athena.errors import QueryCancelledError
from local_lake.storage.object_store import ObjectStore, S3Location

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local_lake.athena.model import QueryExecution, Result, TextRow

PAGE_ROWS = 1000


class ResultFiles:
    """The results of all queries: the object for the caller, and a file of rows for GetQueryResults.

    The second is needed because the CSV would have to be parsed again from its start for each page.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, store: ObjectStore, query: QueryExecution, result: Result) -> None:
        """Write all rows in bounded memory, then store the object. Raises QueryCancelledError."""
        rows_path = self._rows_path(query)
        object_path = self._folder / f"{query.id}.object"
        delimited = query.output_location.endswith(".csv")
        with rows_path.open("w") as rows, object_path.open("w", newline="") as body:
            for row in _with_header(result):
                if query.cancel.is_set():
                    raise QueryCancelledError("Query cancelled by user")
                rows.write(json.dumps(row, ensure_ascii=False) + "\n")
                body.write(_csv_line(row) if delimited else _text_line(row))
        query.columns = result.columns
        query.update_count = result.update_count
        location = S3Location.parse(query.output_location)
        if result.manifest is not None:
            self._write_manifest(store, query, location, result.manifest)
            object_path.unlink()
        else:
            kind = "binary/octet-stream" if delimited else "text/plain"
            store.put_object(location, object_path, kind)

    def read_page(
        self, query: QueryExecution, offset: int, size: int
    ) -> tuple[list[dict[str, Any]], int | None]:
        """Return the Rows from a byte offset on, and the offset of the next page or None."""
        page: list[dict[str, Any]] = []
        path = self._rows_path(query)
        if not path.exists():
            return [], None
        with path.open("rb") as rows:
            rows.seek(offset)
            for _ in range(size):
                line = rows.readline()
                if not line:
                    return page, None
                page.append({"Data": [_datum(value) for value in json.loads(line)]})
            position = rows.tell()
            return page, position if rows.read(1) else None

    def _write_manifest(
        self, store: ObjectStore, query: QueryExecution, location: S3Location, manifest: list[str]
    ) -> None:
        target = S3Location(location.bucket, f"{location.key}-manifest.csv")
        store.put_object(target, "".join(f"{one}\n" for one in manifest).encode(), "text/csv")
        query.manifest_location = target.uri

    def _rows_path(self, query: QueryExecution) -> Path:
        return self._folder / f"{query.id}.rows"


def _with_header(result: Result) -> Iterator[TextRow]:
    if result.header:
        yield [column["Name"] for column in result.columns]
    yield from result.rows


def _csv_line(row: TextRow) -> str:
    """Quote every value; NULL is an empty field without quotes, which tells it from an empty string."""
    buffer = io.StringIO()
    if any(value is None for value in row):
        return ",".join("" if value is None else '"' + value.replace('"', '""') + '"' for value in row) + "\n"
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(row)
    return buffer.getvalue()


def _text_line(row: TextRow) -> str:
    return "\t".join(value or "" for value in row) + "\n"


def _datum(value: str | None) -> dict[str, str]:
    return {} if value is None else {"VarCharValue": value}
