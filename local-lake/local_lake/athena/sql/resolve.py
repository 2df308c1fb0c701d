"""Names in a query: views expanded, tables looked up in the catalog, columns resolved, types inferred."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.errors import OptimizeError, SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope
from sqlglot.schema import MappingSchema

from local_lake.athena.catalog import CATALOG, Catalog, Table
from local_lake.athena.errors import QueryFailedError, not_supported
from local_lake.athena.hive_types import parse_hive_type
from local_lake.athena.scan import PSEUDO_COLUMNS
from local_lake.athena.sql.dialect import DIALECT, SqlNode, parse, place_of, render
from local_lake.athena.sql.information_schema import find_virtual_table

if TYPE_CHECKING:
    from local_lake.athena.sql.information_schema import VirtualTable

_DEEPEST_VIEW = 20
_AUTO = "_auto_"


@dataclass
class Resolved:
    """A query whose every column is qualified and typed; ``tables`` are by (database, name)."""

    tree: SqlNode
    names: list[str]
    tables: dict[tuple[str, str], Table]
    virtual: dict[tuple[str, str], VirtualTable] = field(default_factory=dict)
    pseudo: bool = False


def resolve(sql_or_tree: str | SqlNode, catalog: Catalog, database: str) -> Resolved:
    """Resolve a query's names.

    Raises QueryFailedError with Athena's texts: TABLE_NOT_FOUND, SCHEMA_NOT_FOUND, COLUMN_NOT_FOUND.
    """
    tree = _as_select(parse(sql_or_tree) if isinstance(sql_or_tree, str) else sql_or_tree)
    resolved = Resolved(tree, [], {})
    holder = exp.Subquery(this=tree)
    _expand_tables(tree, catalog, database, resolved, depth=0)
    tree = holder.this
    resolved.pseudo = any(column.name.lower() in PSEUDO_COLUMNS for column in tree.find_all(exp.Column))
    _mark_projections(tree)
    _size_decimals(tree)
    schema = _build_schema(resolved)
    try:
        tree = qualify(tree, schema=schema, dialect=DIALECT, db=database, catalog=CATALOG)
        tree = annotate_types(tree, schema=schema, dialect=DIALECT)
    except OptimizeError as error:
        raise _column_not_found(tree, str(error)) from error
    except SqlglotError as error:
        raise QueryFailedError(f"SYNTAX_ERROR: {error}") from error
    if resolved.pseudo:
        _drop_pseudo_from_stars(tree)
    resolved.tree = tree
    for position, name in enumerate(tree.named_selects):
        resolved.names.append(f"_col{position}" if name.startswith(_AUTO) else name)
    return resolved


def _as_select(tree: SqlNode) -> SqlNode:
    """Turn a bare VALUES into a SELECT, so that its columns have names."""
    if not isinstance(tree, exp.Values):
        return tree
    width = len(tree.expressions[0].expressions) if isinstance(tree.expressions[0], exp.Tuple) else 1
    names = [exp.to_identifier(f"{_AUTO}{position}") for position in range(width)]
    alias = exp.TableAlias(this=exp.to_identifier("rows"), columns=names)
    values = exp.Values(expressions=tree.expressions, alias=alias)
    return exp.Select(expressions=[exp.Star()]).from_(values)


def _expand_tables(tree: SqlNode, catalog: Catalog, database: str, resolved: Resolved, depth: int) -> None:
    if depth > _DEEPEST_VIEW:
        raise QueryFailedError("VIEW_IS_RECURSIVE: the view refers to itself")
    for table in _real_tables(tree):
        name = table.name.lower()
        schema = (table.db or database).lower()
        if table.catalog and table.catalog.lower() != CATALOG:
            raise QueryFailedError(
                f"CATALOG_NOT_FOUND: {place_of(table)}: Catalog '{table.catalog}' does not exist"
            )
        virtual = find_virtual_table(catalog, schema, name)
        if virtual is not None:
            resolved.virtual[schema, name] = virtual
            _point_at(table, schema, name)
            continue
        found = catalog.find_table(schema, name)
        if found is None:
            raise _table_not_found(table, catalog, schema, name)
        if not found.is_view:
            resolved.tables[schema, name] = found
            _point_at(table, schema, name)
            continue
        view = parse(found.view_sql)
        subquery = exp.Subquery(this=view, alias=exp.TableAlias(this=exp.to_identifier(table.alias or name)))
        table.replace(subquery)
        _expand_tables(view, catalog, found.view_database, resolved, depth + 1)


def _real_tables(tree: SqlNode) -> list[SqlNode]:
    """Return the tables that no CTE of their scope names."""
    tables: list[SqlNode] = []
    for scope in traverse_scope(tree):
        for source in scope.sources.values():
            if isinstance(source, exp.Table) and not any(source is one for one in tables):
                if not isinstance(source.this, exp.Identifier):
                    raise not_supported(f"{place_of(source)}: Table function {render(source)}")
                tables.append(source)
    return tables


def _point_at(table: SqlNode, schema: str, name: str) -> None:
    if not table.alias:
        table.set("alias", exp.TableAlias(this=exp.to_identifier(name)))
    meta = dict(table.this.meta)
    table.set("this", exp.to_identifier(name, quoted=True))
    table.this.meta.update(meta)
    table.set("db", exp.to_identifier(schema, quoted=True))
    table.set("catalog", exp.to_identifier(CATALOG))


def _table_not_found(table: SqlNode, catalog: Catalog, schema: str, name: str) -> QueryFailedError:
    if not schema:
        return QueryFailedError(
            f"MISSING_SCHEMA_NAME: {place_of(table)}: Schema must be specified when session schema is not set"
        )
    if not catalog.has_database(schema):
        return QueryFailedError(f"SCHEMA_NOT_FOUND: {place_of(table)}: Schema '{schema}' does not exist")
    return QueryFailedError(
        f"TABLE_NOT_FOUND: {place_of(table)}: Table '{CATALOG}.{schema}.{name}' does not exist"
    )


def _build_schema(resolved: Resolved) -> SqlNode:
    databases: dict[str, dict[str, dict[str, SqlNode]]] = {}
    for (schema, name), table in resolved.tables.items():
        columns = {column.name: _type_of(column.type) for column in table.all_columns}
        if resolved.pseudo:
            columns |= {column: _type_of(kind) for column, kind in PSEUDO_COLUMNS.items()}
        databases.setdefault(schema, {})[name] = columns
    for (schema, name), virtual in resolved.virtual.items():
        databases.setdefault(schema, {})[name] = {
            column: _type_of(kind) for column, kind in virtual.columns.items()
        }
    return MappingSchema({CATALOG: databases} if databases else None, dialect=DIALECT)


def _type_of(hive_type: str) -> SqlNode:
    try:
        return parse_hive_type(hive_type)
    except ValueError as error:
        raise QueryFailedError(f"HIVE_INVALID_METADATA: {error}") from error


def _mark_projections(tree: SqlNode) -> None:
    """Name what has no name, as Trino does, and remember which pseudo columns were asked for."""
    count = 0
    for select in tree.find_all(exp.Select):
        for projection in list(select.expressions):
            inner = projection.unalias()
            if isinstance(inner, exp.Column) and inner.name.lower() in PSEUDO_COLUMNS:
                inner.meta["explicit"] = True
            if isinstance(projection, (exp.Alias, exp.Column, exp.Star, exp.Dot, exp.Aliases)):
                continue
            if projection.is_star:
                continue
            alias = exp.alias_(projection.copy(), f"{_AUTO}{count}", quoted=True)
            projection.replace(alias)
            count += 1


def _size_decimals(tree: SqlNode) -> None:
    """Give DECIMAL literals the digits they are written with; DECIMAL alone is decimal(38,0) in Trino."""
    for cast in tree.find_all(exp.Cast):
        if not cast.to.is_type("decimal") or cast.to.expressions:
            continue
        precision, scale = 38, 0
        if isinstance(cast.this, exp.Literal):
            whole, _, fraction = cast.this.name.strip().lstrip("+-").partition(".")
            precision, scale = max(1, len(whole.lstrip("0")) + len(fraction)), len(fraction)
        cast.set("to", exp.DataType.build(f"DECIMAL({precision}, {scale})"))


def _drop_pseudo_from_stars(tree: SqlNode) -> None:
    for select in tree.find_all(exp.Select):
        kept = [
            projection
            for projection in select.expressions
            if not (
                isinstance(projection.unalias(), exp.Column)
                and projection.unalias().name in PSEUDO_COLUMNS
                and not projection.unalias().meta.get("explicit")
                and projection.output_name in PSEUDO_COLUMNS
            )
        ]
        select.set("expressions", kept)


def _column_not_found(tree: SqlNode, message: str) -> QueryFailedError:
    unknown = re.search(r"Column '([^']+)' could not be resolved(?: for table: '([^']+)')?", message)
    unknown = unknown or re.search(r"Unknown column: (\S+)()", message)
    if unknown:
        name, table = unknown.groups()
        shown = f"{table}.{name}" if table else name
        for column in tree.find_all(exp.Column):
            if column.name.lower() == name.lower() and (not table or column.table.lower() == table.lower()):
                return _cannot_be_resolved(place_of(column), shown)
        return _cannot_be_resolved("line 1:1", shown)
    if "ambiguous" in message.lower():
        return QueryFailedError(f"AMBIGUOUS_NAME: {message}")
    return QueryFailedError(f"SYNTAX_ERROR: {message}")


def _cannot_be_resolved(place: str, name: str) -> QueryFailedError:
    return QueryFailedError(
        f"COLUMN_NOT_FOUND: {place}: Column '{name}' cannot be resolved "
        "or requester is not authorized to access requested resources"
    )
