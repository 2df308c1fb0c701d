"""Decimals as Trino computes them, exact and with its scales; DuckDB would go over to doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from local_lake.athena.sql.dialect import SqlNode

_MOST_DIGITS = 38


def scale_of(node: SqlNode) -> int | None:
    """Return how many digits after the point an exact number has; None where that is not known."""
    if isinstance(node, (exp.Paren, exp.Neg, exp.Sum, exp.Max, exp.Min, exp.Abs)):
        return scale_of(node.this)
    if isinstance(node, (exp.Add, exp.Sub, exp.Mul)):
        left, right = scale_of(node.this), scale_of(node.expression)
        if left is None or right is None:
            return None
        return left + right if isinstance(node, exp.Mul) else max(left, right)
    if node.type is None:
        return None
    if node.is_type("tinyint", "smallint", "int", "bigint"):
        return 0
    if not node.is_type("decimal") or not node.type.expressions:
        return None
    parts = [int(part.name) for part in node.type.expressions]
    return parts[1] if len(parts) > 1 else 0


def divide_decimals(left: SqlNode, right: SqlNode, left_scale: int, right_scale: int) -> SqlNode:
    """Return ``left / right`` at the larger of both scales, the half rounded away from zero."""
    scale = max(left_scale, right_scale)
    shift = scale - left_scale + right_scale
    numerator: SqlNode = _digits(left, left_scale)
    if shift:
        numerator = exp.Mul(this=numerator, expression=exp.Literal.number(10**shift))
    quotient = exp.Anonymous(this="lake_divide", expressions=[numerator, _digits(right, right_scale)])
    return _shift_point(quotient, scale)


def average_decimals(average: SqlNode, scale: int) -> SqlNode:
    """Return an AVG, with the FILTER and OVER around it, as the exact quotient of SUM and COUNT."""
    total, count = _replace_average(average, exp.Sum), _replace_average(average, exp.Count)
    guarded = exp.func("NULLIF", count, exp.Literal.number(0))
    quotient = exp.Anonymous(this="lake_divide", expressions=[_digits(total, scale), guarded])
    return _shift_point(quotient, scale)


def _replace_average(average: SqlNode, kind: type) -> SqlNode:
    copy = average.copy()
    found = copy if isinstance(copy, exp.Avg) else copy.find(exp.Avg)
    replaced = kind(this=found.this.copy())
    if found is copy:
        return replaced
    found.replace(replaced)
    return copy


def _digits(node: SqlNode, scale: int) -> SqlNode:
    exact = exp.cast(node.copy(), f"DECIMAL({_MOST_DIGITS}, {scale})")
    return exp.Anonymous(this="lake_digits", expressions=[exact])


def _shift_point(quotient: SqlNode, scale: int) -> SqlNode:
    kind = exp.DataType.build(f"DECIMAL({_MOST_DIGITS}, {scale})")
    if scale:
        whole = exp.cast(quotient, f"DECIMAL({_MOST_DIGITS - scale - 1}, 0)")
        unit = exp.cast(exp.Literal.string(f"0.{'0' * (scale - 1)}1"), f"DECIMAL({scale + 1}, {scale})")
        quotient = exp.Mul(this=whole, expression=unit)
    shifted = exp.cast(quotient, kind)
    shifted.type = kind
    return shifted
