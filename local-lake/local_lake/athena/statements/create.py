"""CREATE TABLE without a query, and CREATE VIEW."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from local_lake.athena.catalog import Column, encode_view
from local_lake.athena.errors import QueryFailedError, ddl_failed, not_supported
from local_lake.athena.hive_types import to_hive_type
from local_lake.athena.model import Result
from local_lake.athena.sql.dialect import SqlNode, parse
from local_lake.athena.statements.formats import TEXTFILE, StorageFormat, find_format
from local_lake.athena.statements.parts import NAME

if TYPE_CHECKING:
    from local_lake.athena.session import Session
    from local_lake.athena.statements.kinds import Statement


def create_table(session: Session, statement: Statement) -> Result:
    """CREATE EXTERNAL TABLE in Hive's grammar; Iceberg tables are refused."""
    created = parse(statement.text, "athena")
    if not isinstance(created, exp.Create) or not isinstance(created.this, exp.Schema):
        raise QueryFailedError("FAILED: ParseException line 1:0 cannot recognize input near 'CREATE' 'TABLE'")
    properties = _Properties(created)
    if properties.table_parameters.get("table_type", "").upper() == "ICEBERG":
        raise not_supported("Iceberg tables")
    if created.find(exp.ExternalProperty) is None:
        raise not_supported("CREATE TABLE without EXTERNAL, but for CREATE TABLE AS SELECT")
    database, name = session.split_name(created.this.this.sql("trino"))
    if not session.catalog.has_database(database):
        raise QueryFailedError(
            f"FAILED: SemanticException [Error 10072]: Database does not exist: {database}"
        )
    if session.catalog.find_table(database, name) is not None:
        if created.args.get("exists"):
            return Result()
        raise ddl_failed(f"AlreadyExistsException(message:Table {name} already exists.)")
    if not properties.location:
        raise QueryFailedError("FAILED: SemanticException: LOCATION is required for an external table")
    columns = [_column(one) for one in created.this.expressions]
    given: dict[str, Any] = {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "PartitionKeys": properties.keys,
        "Parameters": {"EXTERNAL": "TRUE"} | properties.table_parameters,
        "StorageDescriptor": properties.descriptor(columns),
    }
    if properties.comment:
        given["Description"] = properties.comment
        given["Parameters"]["comment"] = properties.comment
    session.glue.create_table(DatabaseName=database, TableInput=given)
    return Result()


def create_view(session: Session, statement: Statement) -> Result:
    """CREATE [OR REPLACE] VIEW name AS query; the query must be valid now."""
    found = re.match(
        rf"CREATE\s+(OR\s+REPLACE\s+)?VIEW\s+({NAME})\s+AS\s+(.*)", statement.text, re.IGNORECASE | re.DOTALL
    )
    if found is None:
        raise QueryFailedError(
            "line 1:13: mismatched input. Expecting: CREATE [OR REPLACE] VIEW name AS query"
        )
    replace, full_name, sql = found.groups()
    database, name = session.split_name(full_name)
    existing = session.catalog.find_table(database, name)
    if existing is not None and not (replace and existing.is_view):
        raise QueryFailedError(f"line 1:1: View '{database}.{name}' already exists")
    plan = session.plan_query(sql)
    session.query.scanned = 0
    described = session.cursor.execute(f"DESCRIBE {plan.as_sql(session.readable)}").fetchall()
    columns = [Column(shown, to_hive_type(row[1])) for shown, row in zip(plan.names, described, strict=True)]
    given = {
        "Name": name,
        "TableType": "VIRTUAL_VIEW",
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
        "StorageDescriptor": {
            "Columns": [{"Name": column.name, "Type": column.type} for column in columns],
            "Location": "",
            "SerdeInfo": {},
        },
        "PartitionKeys": [],
        "ViewOriginalText": encode_view(sql, session.database or database, columns),
        "ViewExpandedText": "/* Presto View */",
    }
    write = session.glue.update_table if existing is not None else session.glue.create_table
    write(DatabaseName=database, TableInput=given)
    return Result()


class _Properties:
    """The clauses after the columns of a CREATE TABLE."""

    def __init__(self, created: SqlNode) -> None:
        self.format: StorageFormat = TEXTFILE
        self.serde: str | None = None
        self.serde_parameters: dict[str, str] = {}
        self.table_parameters: dict[str, str] = {}
        self.keys: list[dict[str, str]] = []
        self.location = ""
        self.comment = ""
        self._formats: dict[str, str] = {}
        found = created.args.get("properties")
        for one in found.expressions if found is not None else []:
            self._read(one)

    def descriptor(self, columns: list[dict[str, str]]) -> dict[str, Any]:
        """Return the StorageDescriptor."""
        described = self.format.describe(columns, self.location, self.serde_parameters)
        if self.serde is not None:
            described["SerdeInfo"]["SerializationLibrary"] = self.serde
        return described | self._formats

    def _read(self, one: SqlNode) -> None:
        if isinstance(one, exp.LocationProperty):
            self.location = one.this.name
        elif isinstance(one, exp.SchemaCommentProperty):
            self.comment = one.this.name
        elif isinstance(one, exp.PartitionedByProperty):
            self.keys = [_column(key) for key in one.this.expressions if isinstance(key, exp.ColumnDef)]
        elif isinstance(one, exp.RowFormatSerdeProperty):
            self.serde = one.this.name
            pairs = one.args.get("serde_properties")
            for pair in pairs.expressions if pairs is not None else []:
                self.serde_parameters[pair.this.name] = pair.args["value"].name
        elif isinstance(one, exp.RowFormatDelimitedProperty):
            self._read_delimited(one)
        elif isinstance(one, exp.FileFormatProperty):
            self._read_format(one.this)
        elif type(one) is exp.Property:
            self.table_parameters[one.this.name] = one.args["value"].name
        elif not isinstance(one, exp.ExternalProperty):
            raise not_supported(f"the clause {one.sql('hive')} in CREATE TABLE")

    def _read_delimited(self, one: SqlNode) -> None:
        names = {
            "fields": "field.delim",
            "escaped": "escape.delim",
            "lines": "line.delim",
            "collection_items": "collection.delim",
            "map_keys": "mapkey.delim",
            "null": "serialization.null.format",
        }
        for argument, name in names.items():
            if one.args.get(argument) is not None:
                self.serde_parameters[name] = one.args[argument].name
        self.serde_parameters.setdefault(
            "serialization.format", self.serde_parameters.get("field.delim", "1")
        )

    def _read_format(self, given: SqlNode) -> None:
        if isinstance(given, exp.InputOutputFormat):
            self._formats = {
                "InputFormat": given.args["input_format"].name,
                "OutputFormat": given.args["output_format"].name,
            }
        else:
            self.format = find_format(given.name)


def _column(definition: SqlNode) -> dict[str, str]:
    kind = definition.args["kind"].sql("hive").lower().replace(", ", ",").replace(": ", ":")
    column = {"Name": definition.name.lower(), "Type": kind}
    comment = definition.find(exp.CommentColumnConstraint)
    return column | {"Comment": comment.this.name} if comment is not None else column
