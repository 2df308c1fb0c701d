"""Prepared statements of the workgroups: PREPARE, EXECUTE, and the API's operations on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from local_lake.athena.errors import QueryFailedError
from local_lake.athena.sql.dialect import SqlNode, parse

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass
class PreparedStatement:
    """A named statement with ``?`` for its parameters."""

    name: str
    sql: str
    workgroup: str
    description: str = ""
    modified: datetime = field(default_factory=lambda: datetime.now(UTC))

    def as_api(self) -> dict[str, Any]:
        """Return the PreparedStatement of GetPreparedStatement."""
        return {
            "StatementName": self.name,
            "QueryStatement": self.sql,
            "WorkGroupName": self.workgroup,
            "Description": self.description,
            "LastModifiedTime": self.modified,
        }


@dataclass
class PreparedStatements:
    """The prepared statements of one region, by workgroup and name."""

    statements: dict[tuple[str, str], PreparedStatement] = field(default_factory=dict)

    def find(self, workgroup: str, name: str) -> PreparedStatement:
        """Return a statement. Raises QueryFailedError as EXECUTE does for an unknown name."""
        found = self.statements.get((workgroup, name.lower()))
        if found is None:
            raise QueryFailedError(f"PreparedStatement {name} was not found in workGroup {workgroup}")
        return found

    def put(self, statement: PreparedStatement) -> None:
        """Add or replace a statement."""
        self.statements[statement.workgroup, statement.name.lower()] = statement

    def remove(self, workgroup: str, name: str) -> None:
        """Remove a statement. Raises QueryFailedError for an unknown name."""
        self.find(workgroup, name)
        del self.statements[workgroup, name.lower()]


def bind_parameters(sql: str, values: Sequence[str]) -> SqlNode:
    """Parse a statement and put SQL literals in place of its ``?``, from left to right.

    Raises QueryFailedError when their numbers differ.
    """
    tree = parse(sql)
    holders = sorted(tree.find_all(exp.Placeholder), key=lambda node: node.meta.get("start", 0))
    if len(holders) != len(values):
        raise QueryFailedError(
            f"INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: "
            f"expected {len(holders)} but found {len(values)}"
        )
    for holder, value in zip(holders, values, strict=True):
        holder.replace(_parse_value(value))
    return tree


def _parse_value(value: str) -> SqlNode:
    try:
        return parse(f"SELECT {value}").selects[0]
    except QueryFailedError:
        return exp.Literal.string(value)
