"""The pieces that DDL statements are made of."""

from __future__ import annotations

import re

from local_lake.athena.errors import QueryFailedError

_PART = r"(?:`[^`]+`|\"[^\"]+\"|[\w$-]+)"

NAME = rf"{_PART}(?:\s*\.\s*{_PART}){{0,2}}"
"""A table's name with or without catalog and database, each part quoted or not."""


def match_statement(pattern: str, text: str) -> dict[str, str | None]:
    """Match a whole statement and return its named groups. Raises QueryFailedError in Hive's words."""
    found = re.fullmatch(pattern + r"\s*", text, re.IGNORECASE | re.DOTALL)
    if found is None:
        near = " ".join(text.split()[:4])
        raise QueryFailedError(f"FAILED: ParseException line 1:0 cannot recognize input near '{near}'")
    return found.groupdict()


def unquote_name(name: str | None) -> str:
    """Return an identifier in lower case without its quotes."""
    return (name or "").strip().strip('`"').lower()


def read_pairs(text: str) -> list[tuple[str, str]]:
    """Read ``key = value, …`` with values quoted or not, as in PARTITION (…) and TBLPROPERTIES (…)."""
    found = re.findall(r"(`[^`]+`|'[^']*'|\"[^\"]+\"|\w+)\s*=\s*('(?:[^']|'')*'|\"[^\"]*\"|[^\s,)]+)", text)
    return [(key.strip("`'\""), _unquote_value(value)) for key, value in found]


def _unquote_value(value: str) -> str:
    if value[:1] in {"'", '"'}:
        return value[1:-1].replace("''", "'")
    return value
