"""Joda's date patterns, which Trino's format_datetime and parse_datetime take, as strftime's."""

from __future__ import annotations

import re

from local_lake.athena.errors import not_supported

_LETTERS = {
    "yyyy": "%Y",
    "YYYY": "%Y",
    "yy": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "M": "%-m",
    "dd": "%d",
    "d": "%-d",
    "EEEE": "%A",
    "EEE": "%a",
    "E": "%a",
    "HH": "%H",
    "H": "%-H",
    "hh": "%I",
    "h": "%-I",
    "mm": "%M",
    "ss": "%S",
    "SSS": "%g",
    "a": "%p",
    "Z": "%z",
    "DDD": "%j",
}


def joda_to_strftime(pattern: str) -> str:
    """Return the strftime pattern. Raises NOT_SUPPORTED for letters that strftime has no equal for."""
    result = ""
    for match in re.finditer(r"'([^']*)'|(([A-Za-z])\3*)|([^A-Za-z']+)", pattern):
        quoted, letters, _, other = match.groups()
        if letters is None:
            result += (quoted or "'" if quoted is not None else other).replace("%", "%%")
        elif letters in _LETTERS:
            result += _LETTERS[letters]
        else:
            raise not_supported(f"the date pattern letters {letters!r}")
    return result
