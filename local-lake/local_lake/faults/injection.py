"""What befalls a call that a rule hits: on the way in, in place of the operation, or on the way out."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, TypeAlias

from local_lake.faults.refusals import refusal_of
from local_lake.faults.rule import REFUSALS
from local_lake.front.listener import ConnectionCut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from local_lake.faults.rule_book import Fault
    from local_lake.front.protocol import Call

log = logging.getLogger(__name__)

Answer: TypeAlias = "tuple[Iterable[bytes], str, list[tuple[str, str]]]"
"""Body, status line and headers."""


def inject(fault: Fault, call: Call, answer: Callable[[], Answer]) -> Answer:
    """Answer a call as a rule says; `answer` does the operation.

    Raises ServiceError for the kinds that refuse, and ConnectionCut for those that say nothing.
    """
    kind = fault.rule.kind
    log.info("fault %d: %s for %s:%s", fault.id, kind, call.caller.service, call.name)
    if fault.rule.delay:
        time.sleep(fault.rule.delay / 1000)
    if kind in REFUSALS:
        raise refusal_of(kind, call)
    if kind == "reset":
        raise ConnectionCut(abort=True)
    body, status, headers = answer()
    if kind == "lost-answer":
        _close(body)
        raise ConnectionCut(abort=True)
    if kind == "truncated":
        return _truncate(body, status, headers, is_head=call.request.method == "HEAD")
    return body, status, headers


def _truncate(body: Iterable[bytes], status: str, headers: list[tuple[str, str]], *, is_head: bool) -> Answer:
    """Promise the whole body and send half of it; an answer that has none is not sent."""
    named = {name.lower(): value for name, value in headers}
    if "content-length" not in named:
        body = [b"".join(body)]
        headers = [*headers, ("Content-Length", str(len(body[0])))]
        named["content-length"] = str(len(body[0]))
    length = int(named["content-length"])
    if is_head or length == 0:
        _close(body)
        raise ConnectionCut(abort=True)
    return _first_half(body, length // 2), status, headers


def _first_half(body: Iterable[bytes], length: int) -> Iterator[bytes]:
    try:
        for chunk in body:
            yield chunk[:length]
            length -= len(chunk)
            if length <= 0:
                break
    finally:
        _close(body)
    raise ConnectionCut(abort=False)


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()
