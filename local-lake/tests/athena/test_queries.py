"""SELECT: what Trino's SQL answers over tables of every SerDe, and what a query costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from query_bench import JSON, LAZY, share_bench

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Client
    from query_bench import Bench


@pytest.fixture(scope="module")
def bench(client: Callable[[str], Client]) -> Bench:
    return share_bench(client)


def test_lazy_simple_knows_no_quotes_and_no_errors(bench: Bench) -> None:
    assert bench.rows("SELECT * FROM people ORDER BY id") == [
        ["1", "Ann", "30"],
        ["2", '"Bob', None],
        ["3", "Cy", None],
        ["4", "", "41"],
    ]


def test_open_csv_knows_quotes(bench: Bench) -> None:
    assert bench.rows("SELECT name FROM quoted ORDER BY id") == [["Bob, jr"], ['say "hi"']]


def test_json_is_read_by_names_in_any_case(bench: Bench) -> None:
    bench.put("spelled/s.json", '{"customerId": 7}\n{"customerId": 8, "Other": 1}\n')
    bench.define("spelled", {"customerid": "int", "other": "string"}, JSON)
    assert bench.rows("SELECT customerid, other FROM spelled ORDER BY 1") == [["7", None], ["8", "1"]]
    answer = bench.ask("SELECT id, at.x, tags, cardinality(tags) FROM events ORDER BY id")
    assert answer.rows == [["1", "2", "[a]", "1"], ["2", None, None, None]]
    assert answer.types == ["integer", "integer", "array", "bigint"]


def test_only_registered_partitions_are_read(bench: Bench) -> None:
    assert bench.rows("SELECT month, count(*) FROM sales GROUP BY 1 ORDER BY 1") == [
        ["2024-01", "2"],
        ["2024-02", "2"],
    ]


def test_bad_encodings_show_the_replacement_character(bench: Bench) -> None:
    bench.put("latin/l.csv", b"1,caf\xe9\n2,ok\n")
    bench.define("latin", {"id": "int", "name": "string"}, LAZY, {"field.delim": ","})
    assert bench.rows("SELECT name FROM latin ORDER BY id") == [["caf\ufffd"], ["ok"]]


@pytest.mark.parametrize(
    ("sql", "row"),
    [
        ("SELECT 7/2, -7/2, 7%2, 7/2.0, 1e0/4", ["3", "-3", "1", "3.5", "0.25"]),
        ("SELECT sum(price), avg(price), sum(price)/count(*) FROM sales", ["8.70", "2.18", "2.18"]),
        ("SELECT -7.25 * 0, DECIMAL '-1.05' / 2, DECIMAL '10.00' / 3, DECIMAL '2' / DECIMAL '0.3'",
         ["0.00", "-0.53", "3.33", "6.7"]),
        ("SELECT max(a) FROM (SELECT avg(price) FILTER (WHERE id > 10) OVER () AS a FROM sales)", ["2.48"]),
        ("SELECT sum(id), sum(id) / 2, typeof(sum(id)) FROM people", ["10", "5", "BIGINT"]),
        ("SELECT 1, 'x' AS y, NULL, true, DATE '2024-01-31'", ["1", "x", None, "true", "2024-01-31"]),
        ("SELECT DATE '2024-01-31' + INTERVAL '1' MONTH", ["2024-02-29"]),
        ("SELECT date_add('day', 1, DATE '2024-02-28'), date_trunc('month', DATE '2024-02-28')",
         ["2024-02-29", "2024-02-01"]),
        ("SELECT date_diff('month', DATE '2024-01-31', DATE '2024-02-01'), "
         "date_diff('day', TIMESTAMP '2024-01-01 10:00:00', TIMESTAMP '2024-01-02 09:00:00')", ["0", "0"]),
        ("SELECT TIMESTAMP '2024-01-01 10:00:00.5', 1e10, 0.1, 1e-5",
         ["2024-01-01 10:00:00.500", "1.0E10", "0.1", "1.0E-5"]),
        ("SELECT array[1, NULL], map(array['k'], array[1]), CAST(row(1, 'x') AS row(a int, b varchar))",
         ["[1, null]", "{k=1}", "{a=1, b=x}"]),
        ("SELECT element_at(map(array['a'], array[1]), 'b'), slice(array[1, 2, 3], 2, 2)", [None, "[2, 3]"]),
        ("SELECT transform(array[1, 2], x -> x * 2), reduce(array[1, 2], 0, (s, x) -> s + x, s -> s)",
         ["[2, 4]", "3"]),
        ("SELECT try_cast('x' AS bigint), try(1/0), nullif(1, 1), coalesce(NULL, 2)",
         [None, None, None, "2"]),
        ("SELECT regexp_replace('aab', 'a', 'x'), split_part('a,b', ',', 2), format('%.2f', 1.5)",
         ["xxb", "b", "1.50"]),
        ("SELECT json_extract_scalar('{\"a\": {\"b\": 5}}', '$.a.b'), to_hex(x'00ff')", ["5", "00FF"]),
        ("SELECT date_format(TIMESTAMP '2024-01-05 00:00:00', '%Y/%m'), "
         "format_datetime(DATE '2024-01-05', 'yyyyMM')",
         ["2024/01", "202401"]),
        ("SELECT from_iso8601_date('2024-01-02'), to_iso8601(DATE '2024-01-02')",
         ["2024-01-02", "2024-01-02"]),
        ("SELECT approx_percentile(id, 0.5), max_by(name, id) FROM people", ["2", ""]),
        ("SELECT count(*) FILTER (WHERE age > 35), count_if(age > 35), count(DISTINCT id) FROM people",
         ["1", "1", "4"]),
        ("SELECT count(*) FROM people p JOIN sales s ON s.id = p.id * 10", ["2"]),
        ("WITH a AS (SELECT id FROM people) SELECT max(id) FROM a", ["4"]),
        ("SELECT sum(x) FROM events CROSS JOIN UNNEST(array[1, 2]) AS t(x)", ["6"]),
        ("SELECT count(*) FROM (SELECT id FROM people EXCEPT SELECT 1)", ["3"]),
        ("SELECT a.id FROM AwsDataCatalog.\"athena-bench\".people a WHERE a.\"ID\" = 4", ["4"]),
        ("SELECT count(*) FROM information_schema.columns "
         "WHERE table_schema = 'athena-bench' AND table_name = 'sales'", ["4"]),
        ("SELECT count(*) FROM \"sales$partitions\"", ["2"]),
    ],
)  # fmt: skip
def test_trino_s_answers(bench: Bench, sql: str, row: list[str | None]) -> None:
    assert bench.rows(sql) == [row]


def test_columns_without_a_name_are_numbered(bench: Bench) -> None:
    answer = bench.ask("SELECT id, id + 1, count(*) OVER () AS n, 'x' FROM people LIMIT 1")
    assert answer.header == ["id", "_col1", "n", "_col3"]


def test_the_path_of_a_row_is_not_in_a_star(bench: Bench) -> None:
    assert "$path" not in bench.ask("SELECT * FROM sales").header
    rows = bench.rows('SELECT *, "$path" FROM sales ORDER BY id')
    assert rows[0] == [
        "10",
        "1.25",
        "2024-01-01",
        "2024-01",
        "s3://athena-bench/sales/month=2024-01/s.parquet",
    ]


def test_parameters_take_the_place_of_question_marks(bench: Bench) -> None:
    sql = "SELECT name FROM people WHERE id = ? AND name LIKE ?"
    assert bench.rows(sql, ExecutionParameters=["1", "'A%'"]) == [["Ann"]]


def test_prepared_statements(bench: Bench) -> None:
    bench.rows("PREPARE one FROM SELECT name FROM people WHERE id = ?")
    assert bench.rows("EXECUTE one USING 3") == [["Cy"]]
    bench.rows("DEALLOCATE PREPARE one")
    assert "was not found" in bench.failure("EXECUTE one USING 3")


def test_bytes_are_what_athena_would_scan(bench: Bench) -> None:
    people = bench.client("s3").head_object(Bucket=bench.name, Key="people/p.csv")["ContentLength"]
    assert bench.ask("SELECT id FROM people").scanned == people
    whole = bench.ask("SELECT * FROM sales").scanned
    column = bench.ask("SELECT id FROM sales").scanned
    assert 0 < column < whole
    assert bench.ask("SELECT id FROM sales WHERE month = '2024-01'").scanned == column // 2
    assert bench.ask("SELECT id FROM sales WHERE month = '1999-01'").scanned == 0
    assert bench.ask("SELECT count(*) FROM sales").scanned == 0
    assert bench.ask("SHOW TABLES").scanned == 0


def test_long_results_come_in_pages(bench: Bench) -> None:
    sql = "SELECT x FROM UNNEST(sequence(1, 2500)) AS t(x) ORDER BY x"
    rows = bench.rows(sql)
    assert [row[0] for row in rows] == [str(number) for number in range(1, 2501)]


def test_the_result_is_a_csv_with_quotes_and_bare_nulls(bench: Bench) -> None:
    answer = bench.ask("SELECT 1 AS a, '' AS b, NULL AS c, 'say \"x\"' AS d")
    location = answer.execution["ResultConfiguration"]["OutputLocation"]
    assert location == f"s3://athena-bench/results/{answer.execution['QueryExecutionId']}.csv"
    key = location.removeprefix("s3://athena-bench/")
    body = bench.client("s3").get_object(Bucket=bench.name, Key=key)["Body"].read()
    assert body == b'"a","b","c","d"\n"1","",,"say ""x"""\n'


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT zz FROM people",
         "COLUMN_NOT_FOUND: line 1:8: Column 'zz' cannot be resolved "
         "or requester is not authorized to access requested resources"),
        ("SELECT id,\n  p.zz FROM people p",
         "COLUMN_NOT_FOUND: line 2:5: Column 'zz' cannot be resolved "
         "or requester is not authorized to access requested resources"),
        ("SELECT 1 FROM nope",
         "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.athena-bench.nope' does not exist"),
        ("SELECT 1 FROM nope.t", "SCHEMA_NOT_FOUND: line 1:20: Schema 'nope' does not exist"),
        ("SELECT 1/0", "DIVISION_BY_ZERO: Division by zero"),
        ("SELECT CAST('x' AS bigint)", "INVALID_CAST_ARGUMENT: Cannot cast 'x' to BIGINT"),
        ("SELECT 1 FROM people WHERE id = '1'",
         "TYPE_MISMATCH: line 1:28: Cannot apply operator: bigint = varchar(1)"),
        ("SELECT nofunc(id) FROM people", "FUNCTION_NOT_FOUND: line 1:8: Function 'nofunc' not registered"),
        ("SELECT count(*), name FROM people",
         "EXPRESSION_NOT_AGGREGATE: line 1:18: 'name' must be an aggregate expression "
         "or appear in GROUP BY clause"),
        ("SELECT * FROM read_csv('/etc/passwd')",
         "NOT_SUPPORTED: line 1:15: Table function READ_CSV('/etc/passwd')"),
        ("DELETE FROM people WHERE id = 1",
         "NOT_SUPPORTED: DELETE: only tables in transactional formats such as Iceberg have it, "
         "and the local lake has none"),
    ],
)  # fmt: skip
def test_failures_are_told_in_athena_s_words(bench: Bench, sql: str, reason: str) -> None:
    assert bench.failure(sql) == reason
