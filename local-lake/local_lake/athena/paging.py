"""Pages of a list, as the Athena API cuts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.front.registry import ServiceError, ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Sequence


def page(request: ServiceRequest, items: Sequence[Any], member: str, default: int) -> dict[str, Any]:
    """Return ``{member: items of this page}`` with NextToken where more follow."""
    token = str(request.params.get("NextToken") or "0")
    if not token.isdigit():
        raise ServiceError("InvalidRequestException", "The NextToken is not valid")
    begin = int(token)
    end = begin + int(request.params.get("MaxResults") or default)
    found: dict[str, Any] = {member: list(items[begin:end])}
    return found | {"NextToken": str(end)} if end < len(items) else found
