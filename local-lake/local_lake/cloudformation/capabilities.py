"""The capabilities a caller must acknowledge before a template may touch IAM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_lake.front.registry import ServiceError
from local_lake.providers.catalogue import find_provider

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_lake.cloudformation.template import Template

IAM = "CAPABILITY_IAM"
NAMED_IAM = "CAPABILITY_NAMED_IAM"


def find_capability(template: Template) -> tuple[str | None, list[str]]:
    """Tell which capability a template needs, if any, and which resource types ask for it."""
    asking = [r for r in template.resources.values() if find_provider(r.type_name).iam]
    if not asking:
        return None, []
    named = any(find_provider(r.type_name).name_property in r.properties for r in asking)
    return NAMED_IAM if named else IAM, sorted({r.type_name for r in asking})


def check_capabilities(template: Template, given: Sequence[str]) -> None:
    """Raise InsufficientCapabilitiesException unless the caller acknowledged what the template needs."""
    needed, _ = find_capability(template)
    enough = {IAM, NAMED_IAM} if needed == IAM else {needed}
    if needed is not None and not enough & set(given):
        raise ServiceError("InsufficientCapabilitiesException", f"Requires capabilities : [{needed}]")
