"""DDL and statements that write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from query_bench import share_bench

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Client
    from query_bench import Bench


@pytest.fixture(scope="module")
def bench(client: Callable[[str], Client]) -> Bench:
    return share_bench(client)


def keys_below(bench: Bench, prefix: str) -> list[str]:
    found = bench.client("s3").list_objects_v2(Bucket=bench.name, Prefix=prefix)
    return [one["Key"] for one in found.get("Contents", [])]


def test_show_and_describe(bench: Bench) -> None:
    assert ["people"] in bench.rows("SHOW TABLES")
    assert bench.rows("SHOW TABLES LIKE 'peo*'") == [["people"]]
    assert ["athena-bench"] in bench.rows("SHOW DATABASES")
    assert bench.rows("SHOW PARTITIONS sales") == [["month=2024-01"], ["month=2024-02"]]
    assert [row[0].split() for row in bench.rows("DESCRIBE people") if row[0]] == [
        ["id", "bigint"],
        ["name", "string"],
        ["age", "int"],
    ]
    assert bench.rows("SHOW CREATE TABLE people")[0] == ["CREATE EXTERNAL TABLE `people`("]
    result = bench.ask("SHOW COLUMNS IN people").execution["ResultConfiguration"]["OutputLocation"]
    assert result.endswith(".txt")


def test_create_external_table_and_partitions(bench: Bench) -> None:
    bench.put("logs/day=1/a.csv", "1|x\n")
    bench.put("logs/day=2/a.csv", "2|y\n")
    bench.rows(
        "CREATE EXTERNAL TABLE logs (id int COMMENT 'key', name string) PARTITIONED BY (day int) "
        "ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' LOCATION 's3://athena-bench/logs/'"
    )
    assert bench.rows("SELECT count(*) FROM logs") == [["0"]]
    assert ["Repair: Added partition to metastore logs:day=2"] in bench.rows("MSCK REPAIR TABLE logs")
    assert bench.rows("SELECT id, name, day FROM logs WHERE day = 2") == [["2", "y", "2"]]
    bench.rows("ALTER TABLE logs DROP PARTITION (day = '2')")
    bench.rows("ALTER TABLE logs ADD COLUMNS (more string)")
    assert bench.rows("SELECT * FROM logs") == [["1", "x", None, "1"]]
    bench.rows("DROP TABLE logs")
    assert keys_below(bench, "logs/") == ["logs/day=1/a.csv", "logs/day=2/a.csv"]


def test_create_table_as_select_then_insert(bench: Bench) -> None:
    answer = bench.ask(
        "CREATE TABLE copy WITH (format = 'PARQUET', external_location = 's3://athena-bench/copy/', "
        "partitioned_by = ARRAY['month']) AS SELECT id, price, month FROM sales"
    )
    manifest = answer.execution["Statistics"]["DataManifestLocation"]
    assert manifest.startswith("s3://athena-bench/results/tables/")
    assert len(keys_below(bench, "copy/month=2024-01/")) == 1
    assert bench.rows("SELECT sum(price) FROM copy WHERE month = '2024-01'") == [["4.35"]]
    bench.rows("INSERT INTO copy VALUES (9, DECIMAL '0.05', '2024-09')")
    bench.rows("INSERT INTO copy (month, id) SELECT '2024-09', 8")
    assert bench.rows("SELECT id, price FROM copy WHERE month = '2024-09' ORDER BY id") == [
        ["8", None],
        ["9", "0.05"],
    ]
    again = "CREATE TABLE copy2 WITH (external_location = 's3://athena-bench/copy/') AS SELECT 1 AS a"
    assert bench.failure(again).startswith("HIVE_PATH_ALREADY_EXISTS")


@pytest.mark.parametrize("layout", ["PARQUET", "JSON", "TEXTFILE"])
def test_rows_survive_every_format(bench: Bench, layout: str) -> None:
    table = f"as_{layout.lower()}"
    bench.rows(
        f"CREATE TABLE {table} WITH (format = '{layout}') AS "
        "SELECT 1 AS id, 'a,\"b' AS name, DECIMAL '1.50' AS price, DATE '2024-01-02' AS day "
        "UNION ALL SELECT 2, NULL, NULL, NULL"
    )
    assert bench.rows(f"SELECT * FROM {table} ORDER BY id") == [
        ["1", 'a,"b', "1.50", "2024-01-02"],
        ["2", None, None, None],
    ]


def test_unload_writes_files_and_no_table(bench: Bench) -> None:
    bench.rows("UNLOAD (SELECT id FROM people) TO 's3://athena-bench/out/' WITH (format = 'JSON')")
    assert [key.endswith(".gz") for key in keys_below(bench, "out/")] == [True]


def test_views(bench: Bench) -> None:
    bench.rows("CREATE VIEW totals AS SELECT month, sum(price) AS total FROM sales GROUP BY month")
    assert bench.rows("SELECT t.total FROM totals t WHERE month = '2024-01'") == [["4.35"]]
    assert "already exists" in bench.failure("CREATE VIEW totals AS SELECT 1 AS a")
    bench.rows("CREATE OR REPLACE VIEW totals AS SELECT 1 AS a")
    assert bench.rows("SELECT * FROM totals") == [["1"]]
    bench.rows("DROP VIEW totals")
    assert bench.failure("SELECT * FROM totals").startswith("TABLE_NOT_FOUND")


def test_databases(bench: Bench) -> None:
    bench.rows("CREATE DATABASE IF NOT EXISTS other COMMENT 'x'")
    assert "already exists" in bench.failure("CREATE DATABASE other")
    bench.rows("CREATE TABLE other.t AS SELECT 1 AS a")
    assert "is not empty" in bench.failure("DROP DATABASE other")
    bench.rows("DROP DATABASE other CASCADE")
    assert ["other"] not in bench.rows("SHOW DATABASES")


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE ice WITH (table_type = 'ICEBERG') AS SELECT 1 AS a",
        "CREATE EXTERNAL TABLE o (a int) STORED AS ORC LOCATION 's3://athena-bench/o/'",
        "CREATE TABLE o WITH (format = 'AVRO') AS SELECT 1 AS a",
        "CREATE TABLE o WITH (bucketed_by = ARRAY['a'], bucket_count = 2) AS SELECT 1 AS a",
        "MERGE INTO people USING sales ON people.id = sales.id WHEN MATCHED THEN DELETE",
    ],
)
def test_what_is_not_done_is_refused(bench: Bench, sql: str) -> None:
    assert bench.failure(sql).startswith("NOT_SUPPORTED")
