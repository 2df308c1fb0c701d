"""Where Trino's semantics differ from DuckDB's and a change of dialect alone would give another answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_lake.athena.errors import QueryFailedError
from local_lake.athena.sql.date_patterns import joda_to_strftime
from local_lake.athena.sql.decimals import average_decimals, divide_decimals, scale_of
from local_lake.athena.sql.dialect import SqlNode, place_of

if TYPE_CHECKING:
    from collections.abc import Callable

_INTEGERS = ("tinyint", "smallint", "int", "bigint")
_TEXT = ("varchar", "char", "text")
_NUMBERS = (*_INTEGERS, "decimal", "double", "float")
_DATES = ("date", "timestamp", "timestamptz")

# Functions whose name is all that differs.
_RENAMED = {"FROM_UTF8": "decode"}


def rewrite(tree: SqlNode) -> SqlNode:
    """Return the query with DuckDB's own expressions where they are needed; the tree must be typed."""
    for comparison in tree.find_all(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE):
        _check_comparable(comparison)
    # Children come before their parents, so that what a parent becomes holds children already rewritten.
    for node in reversed(list(tree.walk(bfs=True))):
        wrap = node.meta.pop("wrap", None)
        new = _rewrite_node(node)
        if wrap is not None:
            new = wrap(new.copy())
        if new is node:
            continue
        if new.type is None:
            new.type = node.type
        if node is tree:
            return new
        node.replace(new)
    return tree


def _rewrite_node(node: SqlNode) -> SqlNode:
    if isinstance(node, exp.Div):
        return _divide(node)
    if isinstance(node, (exp.Add, exp.Sub, exp.DateAdd, exp.DateSub)) and _is(node, ("date",)):
        return _keep_type(node, "DATE")
    if isinstance(node, (exp.DateTrunc, exp.TimestampTrunc)) and _is(node.this, ("date",)):
        return _keep_type(node, "DATE")
    if isinstance(node, (exp.Sum, exp.Avg, exp.ApproxQuantile)):
        return _keep_aggregate_type(node)
    if isinstance(node, (exp.ArgMax, exp.ArgMin)):
        # DuckDB's plain functions skip a NULL that stands at the greatest or least place.
        name = "arg_max_null" if isinstance(node, exp.ArgMax) else "arg_min_null"
        return exp.Anonymous(this=name, expressions=[node.this.copy(), node.expression.copy()])
    if isinstance(node, exp.DateDiff):
        return _count_whole_units(node)
    if isinstance(node, exp.ArraySlice):
        return _slice(node)
    if isinstance(node, exp.RegexpReplace) and not node.args.get("modifiers"):
        node.set("modifiers", exp.Literal.string("g"))
        return node
    if isinstance(node, exp.Format):
        return exp.Anonymous(this="printf", expressions=[node.this, *node.expressions])
    if isinstance(node, exp.Anonymous):
        return _rename(node)
    return node


def _divide(node: SqlNode) -> SqlNode:
    left, right = node.this, node.expression
    if _is(left, _INTEGERS) and _is(right, _INTEGERS):
        # Trino truncates towards zero and fails on zero, and so does this operator.
        return exp.IntDiv(this=left.copy(), expression=right.copy())
    if _is(left, ("decimal", *_INTEGERS)) and _is(right, ("decimal", *_INTEGERS)):
        left_scale, right_scale = scale_of(left), scale_of(right)
        if left_scale is not None and right_scale is not None:
            return divide_decimals(left, right, left_scale, right_scale)
    return node


def _keep_aggregate_type(node: SqlNode) -> SqlNode:
    """SUM of integers is bigint, AVG of decimals a decimal of the same scale; DuckDB widens both."""
    if _is(node.this, _INTEGERS) and not isinstance(node, exp.Avg):
        return _wrap_aggregate(node, lambda outer: exp.cast(outer, "BIGINT"))
    if isinstance(node, exp.Avg) and _is(node.this, ("decimal",)):
        scale = scale_of(node.this)
        if scale is not None:
            return _wrap_aggregate(node, lambda outer: average_decimals(outer, scale))
    return node


def _wrap_aggregate(node: SqlNode, wrap: Callable[[SqlNode], SqlNode]) -> SqlNode:
    """Wrap an aggregate with the FILTER and OVER around it: those are visited later, so mark them."""
    outer = node
    while isinstance(outer.parent, (exp.Filter, exp.IgnoreNulls, exp.WithinGroup)) or (
        isinstance(outer.parent, exp.Window) and outer.arg_key == "this"
    ):
        outer = outer.parent
    if outer is node:
        return wrap(node.copy())
    outer.meta["wrap"] = wrap
    return node


def _keep_type(node: SqlNode, kind: str) -> SqlNode:
    return exp.cast(node.copy(), kind)


def _count_whole_units(node: SqlNode) -> SqlNode:
    """date_diff counts whole units in Trino; DuckDB's function of that name counts boundaries."""
    unit = exp.Literal.string(str(node.args.get("unit") or "day").strip("'").lower())
    return exp.Anonymous(this="date_sub", expressions=[unit, node.expression, node.this])


def _slice(node: SqlNode) -> SqlNode:
    start, length = node.args.get("start"), node.args.get("end")
    return exp.func("lake_slice", node.this, start, length) if length is not None else node


def _rename(node: SqlNode) -> SqlNode:
    name = node.name.upper()
    if name == "FORMAT_DATETIME" and len(node.expressions) == 2 and node.expressions[1].is_string:
        pattern = joda_to_strftime(node.expressions[1].name)
        return exp.func("strftime", node.expressions[0], exp.Literal.string(pattern))
    if name in _RENAMED:
        node.set("this", _RENAMED[name])
    return node


def _check_comparable(node: SqlNode) -> None:
    """Trino compares no text with numbers or dates; DuckDB would cast one of them silently."""
    left, right = node.this, node.expression
    for text, other in ((left, right), (right, left)):
        if _is(text, _TEXT) and _is(other, (*_NUMBERS, *_DATES)):
            operator = {"EQ": "=", "NEQ": "<>", "GT": ">", "GTE": ">=", "LT": "<", "LTE": "<="}
            raise QueryFailedError(
                f"TYPE_MISMATCH: {place_of(node)}: Cannot apply operator: {_name(left)} "
                f"{operator[type(node).__name__]} {_name(right)}"
            )


def _name(node: SqlNode) -> str:
    kind = str(node.type.sql("trino")).lower()
    return f"varchar({len(node.name)})" if isinstance(node, exp.Literal) and node.is_string else kind


def _is(node: SqlNode, kinds: tuple[str, ...]) -> bool:
    return node is not None and node.type is not None and bool(node.is_type(*kinds))
