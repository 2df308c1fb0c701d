"""Which partitions a query can need: the conditions on partition keys alone, evaluated first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_lake.athena.hive_types import to_duckdb_type
from local_lake.athena.scan import literal, quote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from local_lake.athena.catalog import Partition, Table
    from local_lake.athena.sql.dialect import SqlNode


def partition_filter(select: SqlNode, alias: str, table: Table) -> SqlNode | None:
    """Return the conjuncts of a SELECT's WHERE that use the table's partition keys and nothing else."""
    keys = {key.name for key in table.keys}
    where = select.args.get("where")
    if where is None or not keys or _is_outer(select):
        return None
    conjuncts = [one for one in _conjuncts(where.this) if _uses_only(one, alias, keys)]
    return exp.and_(*[one.copy() for one in conjuncts]) if conjuncts else None


def prune(
    partitions: Sequence[Partition],
    table: Table,
    condition: SqlNode,
    alias: str,
    run: Callable[[str], list[int]],
) -> list[Partition]:
    """Return the partitions for which the condition holds; ``run`` gives the first column of a query."""
    if not partitions:
        return []
    rows = ", ".join(
        f"({position}, {', '.join(_value(value) for value in one.values)})"
        for position, one in enumerate(partitions)
    )
    names = ", ".join(quote(key.name) for key in table.keys)
    typed = ", ".join(
        f"CAST({quote(key.name)} AS {to_duckdb_type(key.type)}) AS {quote(key.name)}" for key in table.keys
    )
    sql = (
        f"SELECT position FROM (SELECT position, {typed} FROM (VALUES {rows}) AS rows(position, {names})) "
        f"AS {quote(alias)} WHERE {condition.sql('duckdb')}"
    )
    return [partitions[position] for position in sorted(run(sql))]


def _conjuncts(condition: SqlNode) -> list[SqlNode]:
    condition = condition.unnest()
    if isinstance(condition, exp.And):
        return _conjuncts(condition.left) + _conjuncts(condition.right)
    return [condition]


def _uses_only(condition: SqlNode, alias: str, keys: set[str]) -> bool:
    if condition.find(exp.Query, exp.AggFunc, exp.Window, exp.Rand) is not None:
        return False
    columns = list(condition.find_all(exp.Column))
    return bool(columns) and all(column.table == alias and column.name in keys for column in columns)


def _is_outer(select: SqlNode) -> bool:
    return any(join.side for join in select.args.get("joins") or [])


def _value(value: str) -> str:
    return "NULL" if value == "__HIVE_DEFAULT_PARTITION__" else literal(value)
