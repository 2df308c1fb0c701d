"""The exports of a stack, and what other stacks' imports forbid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_lake.cloudformation.template import InvalidTemplate

if TYPE_CHECKING:
    from local_lake.cloudformation.stacks import Output, Stack, Store


def check_exports(store: Store, stack: Stack, outputs: list[Output]) -> None:
    """Check that a stack may export what it is about to. Raises InvalidTemplate.

    A name may be exported once in a region, and one that is imported may neither vanish nor change.
    """
    wanted = {output.export: output.value for output in outputs if output.export is not None}
    for name in wanted:
        found = store.exporter(stack.region, name)
        if found is not None and found[0] is not stack:
            raise InvalidTemplate(f"Export with name {name} is already exported by stack {found[0].name}.")
    for output in stack.outputs:
        if output.export is None or wanted.get(output.export) == output.value:
            continue
        importers = store.importers(stack.region, output.export)
        if importers:
            what = "updated" if output.export in wanted else "deleted"
            users = ", ".join(importers)
            raise InvalidTemplate(f"Export {output.export} cannot be {what} as it is in use by {users}.")


def find_blocking_import(store: Store, stack: Stack) -> str | None:
    """Say, in CloudFormation's words, why a stack whose exports are imported cannot be deleted."""
    for output in stack.outputs:
        if output.export is not None:
            importers = store.importers(stack.region, output.export)
            if importers:
                users = " and ".join(filter(None, [", ".join(importers[:-1]), importers[-1]]))
                return f"Delete canceled. Cannot delete export {output.export} as it is in use by {users}."
    return None
