"""The dialect, and where in a statement a part of it stands."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from local_lake.athena.errors import QueryFailedError

SqlNode: TypeAlias = Any
"""A sqlglot expression; sqlglot has no types that mypy is told to follow."""

DIALECT = "trino"

_BEFORE_FIRST_WORD = re.compile(r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/|\()*", re.DOTALL)


def parse(sql: str, dialect: str = DIALECT) -> SqlNode:
    """Parse one statement. Raises QueryFailedError in Athena's words: ``line 1:8: mismatched input …``."""
    try:
        statements = [one for one in sqlglot.parse(sql, read=dialect) if one is not None]
    except ParseError as error:
        raise _mismatched_input(sql, error) from error
    except TokenError as error:
        raise QueryFailedError(f"line 1:1: extraneous input. {error}") from error
    if len(statements) != 1:
        what = "Only one sql statement is allowed" if statements else "line 1:1: mismatched input '<EOF>'"
        raise QueryFailedError(f"{what}. Got: {sql.strip()[:200]}" if statements else what)
    return statements[0]


def place_of(node: SqlNode) -> str:
    """Return ``line L:C`` of the first token of an expression, ``line 1:1`` where it is not known."""
    for part in node.walk(bfs=False):
        if "line" in part.meta:
            length = part.meta["end"] - part.meta["start"]
            return f"line {part.meta['line']}:{max(1, part.meta['col'] - length)}"
    return "line 1:1"


def render(node: SqlNode, dialect: str = DIALECT) -> str:
    """Write an expression in a dialect, without quotes where they are not needed."""
    text: str = node.sql(dialect)
    return text


def set_identifier(name: str) -> SqlNode:
    """Return a quoted identifier."""
    return exp.to_identifier(name, quoted=True)


def _mismatched_input(sql: str, error: ParseError) -> QueryFailedError:
    first: dict[str, Any] = error.errors[0] if error.errors else {}
    token = first.get("highlight") or "<EOF>"
    line, end = first.get("line") or 1, first.get("col") or 1
    begin = _BEFORE_FIRST_WORD.sub("", sql, count=1)
    if not begin[:1].isalpha() or _is_first_word_unknown(begin):
        word = begin.split(None, 1)[0] if begin else "<EOF>"
        return QueryFailedError(f"line 1:1: mismatched input '{word}'. Expecting: a statement")
    description = str(first.get("description", "")).rstrip(".")
    detail = f" Expecting: {description.removeprefix('Expecting ')}" if "Expecting" in description else ""
    column = max(1, end - len(token) + 1)
    return QueryFailedError(f"line {line}:{column}: mismatched input '{token}'.{detail}")


def _is_first_word_unknown(sql: str) -> bool:
    return sql.split(None, 1)[0].upper().rstrip("(") not in {"SELECT", "WITH", "VALUES", "TABLE", "EXPLAIN"}
