"""The filters of ListCrawls."""

from __future__ import annotations

import operator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from local_lake.front.registry import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from local_lake.crawler.model import Crawl

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "EQ": operator.eq,
    "NE": operator.ne,
    "GT": operator.gt,
    "GE": operator.ge,
    "LT": operator.lt,
    "LE": operator.le,
}


def filter_crawls(crawls: Iterable[Crawl], filters: list[dict[str, str]]) -> list[Crawl]:
    """Return the crawls that pass every filter; times are compared as milliseconds since the epoch."""
    return [crawl for crawl in crawls if all(_passes(crawl, one) for one in filters)]


def _passes(crawl: Crawl, one: dict[str, str]) -> bool:
    name, wanted = one.get("FieldName", ""), one.get("FieldValue", "")
    compare = _OPERATORS.get(one.get("FilterOperator", ""))
    if compare is None:
        raise ServiceError("InvalidInputException", f"Unknown filter operator {one.get('FilterOperator')}")
    if name in {"CRAWL_ID", "STATE"}:
        return compare(crawl.id if name == "CRAWL_ID" else crawl.state, wanted)
    if name in {"START_TIME", "END_TIME"}:
        moment = crawl.started if name == "START_TIME" else crawl.ended
        return moment is not None and compare(_milliseconds(moment), int(wanted))
    if name == "DPU_HOUR":
        return compare(crawl.seconds / 3600, float(wanted))
    raise ServiceError("InvalidInputException", f"Unknown filter field {name}")


def _milliseconds(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp() * 1000)
