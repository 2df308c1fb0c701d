"""A database with tables of every format, and a way to ask it."""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from stack_driver import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Client

TEXT_IN = "org.apache.hadoop.mapred.TextInputFormat"
TEXT_OUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
OPEN_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
JSON = "org.openx.data.jsonserde.JsonSerDe"
PARQUET = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"


@dataclass
class Answer:
    """A query that ended: its QueryExecution, and its rows without the header."""

    execution: dict[str, Any]
    header: list[str]
    types: list[str]
    rows: list[list[str | None]]

    @property
    def scanned(self) -> int:
        return int(self.execution["Statistics"]["DataScannedInBytes"])


@dataclass
class Bench:
    """A bucket and a database of the same name."""

    client: Callable[[str], Client]
    name: str

    def start(self, sql: str, **options: Any) -> str:  # noqa: ANN401
        """Start a query in the database and return its id."""
        given = {
            "QueryExecutionContext": {"Database": self.name},
            "ResultConfiguration": {"OutputLocation": f"s3://{self.name}/results/"},
        } | options
        return str(self.client("athena").start_query_execution(QueryString=sql, **given)["QueryExecutionId"])

    def wait(self, identifier: str) -> dict[str, Any]:
        """Wait for a query's end and return its QueryExecution."""

        def probe() -> dict[str, Any] | None:
            found: dict[str, Any] = self.client("athena").get_query_execution(QueryExecutionId=identifier)[
                "QueryExecution"
            ]
            return found if found["Status"]["State"] in {"SUCCEEDED", "FAILED", "CANCELLED"} else None

        ended: dict[str, Any] = wait_until(probe)
        return ended

    def ask(self, sql: str, **options: Any) -> Answer:  # noqa: ANN401
        """Run a query that must succeed."""
        execution = self.wait(self.start(sql, **options))
        assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
        pages = self.client("athena").get_paginator("get_query_results")
        header: list[str] = []
        rows: list[list[str | None]] = []
        columns: list[dict[str, Any]] = []
        for page in pages.paginate(QueryExecutionId=execution["QueryExecutionId"]):
            columns = page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
            rows += [[one.get("VarCharValue") for one in row["Data"]] for row in page["ResultSet"]["Rows"]]
        if execution["ResultConfiguration"]["OutputLocation"].endswith(".csv"):
            header = [str(name) for name in rows.pop(0)]
        return Answer(execution, header, [column["Type"] for column in columns], rows)

    def rows(self, sql: str, **options: Any) -> list[list[str | None]]:  # noqa: ANN401
        """Run a query that must succeed and return its rows."""
        return self.ask(sql, **options).rows

    def failure(self, sql: str) -> str:
        """Run a query that must fail and return why."""
        status = self.wait(self.start(sql))["Status"]
        assert status["State"] == "FAILED"
        assert status["AthenaError"]["ErrorMessage"] == status["StateChangeReason"]
        return str(status["StateChangeReason"])

    def put(self, key: str, body: bytes | str) -> None:
        self.client("s3").put_object(Bucket=self.name, Key=key, Body=body)

    def define(
        self,
        table: str,
        columns: dict[str, str],
        serde: str,
        serde_parameters: dict[str, str] | None = None,
        *,
        keys: dict[str, str] | None = None,
        parameters: dict[str, str] | None = None,
    ) -> None:
        """Create a table of the objects below ``<table>/``."""
        descriptor = {
            "Columns": [{"Name": name, "Type": kind} for name, kind in columns.items()],
            "Location": f"s3://{self.name}/{table}/",
            "InputFormat": TEXT_IN,
            "OutputFormat": TEXT_OUT,
            "SerdeInfo": {"SerializationLibrary": serde, "Parameters": serde_parameters or {}},
        }
        given = {
            "Name": table,
            "TableType": "EXTERNAL_TABLE",
            "StorageDescriptor": descriptor,
            "PartitionKeys": [{"Name": name, "Type": kind} for name, kind in (keys or {}).items()],
            "Parameters": parameters or {},
        }
        self.client("glue").create_table(DatabaseName=self.name, TableInput=given)


@functools.cache
def share_bench(client: Callable[[str], Client]) -> Bench:
    """Return the bench of the session, built once for all tests of Athena."""
    return build_bench(client, "athena-bench")


def build_bench(client: Callable[[str], Client], name: str) -> Bench:
    """Make the bucket, the database and the tables people, sales, events and quoted."""
    bench = Bench(client, name)
    client("s3").create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"}
    )
    client("glue").create_database(DatabaseInput={"Name": name})
    header = {"skip.header.line.count": "1"}
    people = {"id": "bigint", "name": "string", "age": "int"}
    bench.put("people/p.csv", 'id,name,age\n1,Ann,30\n2,"Bob, jr",x\n3,Cy\n4,,41,extra\n')
    bench.put("people/_SUCCESS", "")
    bench.define("people", people, LAZY, {"field.delim": ","}, parameters=header)
    bench.put("quoted/q.csv", 'id,name\n1,"Bob, jr"\n2,"say ""hi"""\n')
    quotes = {"separatorChar": ",", "quoteChar": '"'}
    bench.define("quoted", {"id": "string", "name": "string"}, OPEN_CSV, quotes, parameters=header)
    bench.put("events/e.json", '{"id": 1, "at": {"x": 2}, "tags": ["a"]}\n{"id": 2}\n')
    bench.define("events", {"id": "int", "at": "struct<x:int>", "tags": "array<string>"}, JSON)
    sales = {"id": "bigint", "price": "decimal(10,2)", "day": "date"}
    bench.define("sales", sales, PARQUET, keys={"month": "string"})
    for number, month in enumerate(("2024-01", "2024-02"), start=1):
        put_sales(bench, month, number)
        bench.rows(f"ALTER TABLE sales ADD PARTITION (month = '{month}')")
    put_sales(bench, "2024-03", 3)
    return bench


def put_sales(bench: Bench, month: str, number: int) -> None:
    """Put a file of two sales into a month's folder."""
    buffer = io.BytesIO()
    table = pa.table(
        {
            "id": [number * 10, number * 10 + 1],
            "price": pa.array([Decimal("1.25"), Decimal("3.10")], pa.decimal128(10, 2)),
            "day": [date(2024, number, 1), date(2024, number, 28)],
        }
    )
    pq.write_table(table, buffer)
    bench.put(f"sales/month={month}/s.parquet", buffer.getvalue())
