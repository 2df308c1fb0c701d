"""Glue's built-in CSV classifier.

The rules are those of "Built-in classifiers" in the AWS Glue developer guide: delimiter, header, and only the
types bigint, double and string.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from local_lake.crawler.schema import Column, FileSchema

if TYPE_CHECKING:
    from collections.abc import Sequence

DELIMITERS = (",", "|", "\t", ";", "\x01")

_INTEGER = re.compile(r"[+-]?\d{1,19}")
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_COLUMN_NAME = re.compile(r"[^\x00-\x1f]+")
_LONGEST_HEADER_NAME = 150


def classify_csv(text: str, whole: bool, file_size: int) -> FileSchema | None:
    """Classify a sample as CSV, or return None: that takes two columns and two rows.

    ``whole`` tells that the sample is the whole file; otherwise its last line may be cut and is left out, and
    the number of rows is scaled up to ``file_size`` bytes.
    """
    lines = text.split("\n")
    if not whole and len(lines) > 1:
        lines = lines[:-1]
    lines = [line for line in lines if line.strip()]
    delimiter = _detect_delimiter(lines)
    if delimiter is None or len(lines) < 2:
        return None
    rows = [_split(line, delimiter) for line in lines]
    width = len(rows[0])
    types = _infer_types(rows[1:], width)
    has_header = _is_header(rows[0], types)
    if not has_header:
        types = _infer_types(rows, width)
    names = _unique(rows[0]) if has_header else [f"col{position}" for position in range(width)]
    count = len(rows) - has_header
    if not whole:
        count = int(count * file_size / max(1, len(text.encode())))
    parameters = [("areColumnsQuoted", "false"), ("delimiter", delimiter), ("columnsOrdered", "true")]
    if has_header:
        parameters.insert(0, ("skip.header.line.count", "1"))
    columns = tuple(Column(name, kind) for name, kind in zip(names, types, strict=True))
    return FileSchema("csv", columns, count, format_parameters=tuple(parameters))


def _detect_delimiter(lines: Sequence[str]) -> str | None:
    """Return the delimiter that splits the first lines into the most columns, equally many in most lines."""
    best, best_width = None, 1
    head = lines[:100]
    if not head:
        return None
    for delimiter in DELIMITERS:
        widths = [len(_split(line, delimiter)) for line in head]
        width = widths[0]
        regular = sum(1 for one in widths if one == width)
        if width > best_width and regular * 10 >= len(widths) * 7:
            best, best_width = delimiter, width
    return best


def _split(line: str, delimiter: str) -> list[str]:
    """Split one line; a stray quote ends with its line, as it does for the SerDe that reads the table."""
    try:
        return next(csv.reader((line.rstrip("\r"),), delimiter=delimiter))
    except csv.Error:
        return line.split(delimiter)


def _infer_types(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    types = []
    for position in range(width):
        kind = ""
        for row in rows:
            value = row[position].strip() if position < len(row) else ""
            if value:
                kind = _widen(kind, value)
                if kind == "string":
                    break
        types.append(kind or "string")
    return types


def _widen(kind: str, value: str) -> str:
    if kind != "double" and _INTEGER.fullmatch(value) and -(2**63) <= int(value) < 2**63:
        return "bigint"
    return "double" if _DECIMAL.fullmatch(value) else "string"


def _is_header(first: Sequence[str], types_below: Sequence[str]) -> bool:
    for position, name in enumerate(first):
        last = position == len(first) - 1
        if not name.strip():
            if not last:
                return False
            continue
        if _widen("", name.strip()) != "string" or not _COLUMN_NAME.fullmatch(name):
            return False
        if not last and len(name) >= _LONGEST_HEADER_NAME:
            return False
    # A table of strings gives no way to tell a header from a row.
    return any(kind != "string" for kind in types_below)


def _unique(names: Sequence[str]) -> list[str]:
    unique: list[str] = []
    for position, name in enumerate(names):
        candidate = name.strip().lstrip("\ufeff").lower() or f"col{position}"
        suffix = 0
        chosen = candidate
        while chosen in unique:
            suffix += 1
            chosen = f"{candidate}_{suffix}"
        unique.append(chosen)
    return unique
