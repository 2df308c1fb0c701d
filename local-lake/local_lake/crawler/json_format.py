"""Glue's JSON classifier: one object a line, objects one after another, or an array of objects."""

from __future__ import annotations

import json
from typing import Any

from local_lake.crawler.schema import Column, FileSchema, merge_types, parse_struct, write_struct


def classify_json(text: str, whole: bool, file_size: int) -> FileSchema | None:
    """Classify a sample as JSON, or return None. A cut last object of a sample is left out."""
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return None
    records = _read_records(text.lstrip("\ufeff"), whole)
    if not records:
        return None
    merged = "struct<>"
    for record in records:
        merged = merge_types(merged, infer_type(record))
    fields = parse_struct(merged)
    columns = tuple(Column(name, kind or "string") for name, kind in fields.items())
    count = len(records) if whole else int(len(records) * file_size / max(1, len(text.encode())))
    return FileSchema("json", columns, count, format_parameters=(("paths", ",".join(sorted(fields))),))


def infer_type(value: object) -> str:
    """Return the Hive type of a JSON value; null says nothing and is a string until another value is seen."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "int" if -(2**31) <= value < 2**31 else "bigint"
    if isinstance(value, float):
        return "double"
    if isinstance(value, dict):
        return write_struct({name: infer_type(item) for name, item in value.items() if item is not None})
    if isinstance(value, list):
        kinds = [infer_type(item) for item in value if item is not None]
        element = kinds[0] if kinds else "string"
        for kind in kinds[1:]:
            element = merge_types(element, kind)
        return f"array<{element}>"
    return "string"


def _read_records(text: str, whole: bool) -> list[dict[str, Any]]:
    decoder = json.JSONDecoder()
    position = 0
    records: list[dict[str, Any]] = []
    while True:
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
        if position >= len(text):
            return records
        if text[position] == "[" and not records:
            position += 1
            continue
        if text[position] == "]":
            return records
        try:
            record, position = decoder.raw_decode(text, position)
        except ValueError:
            return [] if whole else records
        if not isinstance(record, dict):
            return []
        records.append(record)
