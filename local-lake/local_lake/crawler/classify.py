"""Which classifier a file answers to, in Glue's order: Parquet, then JSON, then CSV."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

from local_lake.crawler.csv_format import classify_csv
from local_lake.crawler.json_format import classify_json
from local_lake.crawler.parquet_format import classify_parquet
from local_lake.crawler.schema import FileSchema

if TYPE_CHECKING:
    from pathlib import Path

    from local_lake.storage.object_store import StoredObject

SAMPLE_BYTES = 1 << 20

_REFUSED = {b"ORC": "orc", b"Obj\x01": "avro"}


class UnsupportedFormatError(Exception):
    """The file is of a format that Glue classifies and this crawler does not."""


def classify(stored: StoredObject) -> FileSchema:
    """Classify one object from its first megabyte.

    A file no classifier knows has the classification ``UNKNOWN``, as on Glue. Raises UnsupportedFormatError
    for ORC and Avro, which Glue would read.
    """
    with stored.path.open("rb") as file:
        head = file.read(4)
    if head == b"PAR1":
        return classify_parquet(stored.path) or FileSchema("UNKNOWN", (), 0)
    for magic, name in _REFUSED.items():
        if head.startswith(magic):
            raise UnsupportedFormatError(
                f"{stored.uri} is {name}: the local lake crawls CSV, JSON and Parquet"
            )
    compression = "gzip" if head.startswith(b"\x1f\x8b") else "none"
    sample, whole = _read_sample(stored.path, compression)
    text = sample.decode("utf-8", errors="replace")
    size = stored.size if compression == "none" else _uncompressed_size(stored.path)
    for classifier in (classify_json, classify_csv):
        found = classifier(text, whole, size)
        if found is not None:
            return FileSchema(
                found.classification, found.columns, found.rows, compression, found.format_parameters
            )
    return FileSchema("UNKNOWN", (), 0, compression)


def _read_sample(path: Path, compression: str) -> tuple[bytes, bool]:
    try:
        with gzip.open(path) if compression == "gzip" else path.open("rb") as file:
            sample = file.read(SAMPLE_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        return b"", True
    return sample[:SAMPLE_BYTES], len(sample) <= SAMPLE_BYTES


def _uncompressed_size(path: Path) -> int:
    # The last four bytes of a gzip member are its size modulo 2**32: enough for an estimate of the rows.
    with path.open("rb") as file:
        file.seek(-4, 2)
        return int.from_bytes(file.read(4), "little")
