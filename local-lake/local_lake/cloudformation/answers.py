"""The form of answers: members that are there, and pages by the tokens CloudFormation hands out."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, TypeVar

from local_lake.front.registry import ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PAGE = 100
"""Entries in a page of every list CloudFormation answers."""

_Entry = TypeVar("_Entry")


def present(members: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the members of an answer that have no value."""
    return {name: value for name, value in members.items() if value is not None}


def take_page(
    entries: Sequence[_Entry], token: str | None, size: int = PAGE
) -> tuple[list[_Entry], str | None]:
    """Cut the page that a token names from a list; returns it with the token of the next, None at the end."""
    start = 0 if token is None else _offset(token)
    page = list(entries[start : start + size])
    end = start + len(page)
    return page, _token(end) if end < len(entries) else None


def take_newest(
    entries: Sequence[_Entry], token: str | None, size: int = PAGE
) -> tuple[list[_Entry], str | None]:
    """Cut a page from a growing list, the newest entry first.

    The token counts from the oldest entry, so that pages neither skip nor repeat while entries arrive.
    """
    end = len(entries) if token is None else min(_offset(token), len(entries))
    start = max(end - size, 0)
    return list(reversed(entries[start:end])), _token(start) if start > 0 else None


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"from:{offset}".encode()).decode()


def _offset(token: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(token.encode()).decode().removeprefix("from:"))
    except ValueError as error:
        raise ServiceError("ValidationError", "The specified token is not valid.") from error
