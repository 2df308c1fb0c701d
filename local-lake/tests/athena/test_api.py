"""The Athena API around the queries: workgroups, stopping, named queries, the catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from query_bench import LAZY, share_bench

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Client
    from query_bench import Bench


@pytest.fixture(scope="module")
def bench(client: Callable[[str], Client]) -> Bench:
    return share_bench(client)


def error_of(call: Callable[..., Any], **params: Any) -> tuple[str, str]:  # noqa: ANN401
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_query_needs_a_place_for_its_result(bench: Bench) -> None:
    code, message = error_of(bench.client("athena").start_query_execution, QueryString="SELECT 1")
    assert code == "InvalidRequestException"
    assert message.startswith("No output location provided.")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELEC 1", "line 1:1: mismatched input 'SELEC'. Expecting:"),
        ("SELECT id people x y", "line 1:18: mismatched input 'x'"),
        ("-- people\n(SELECT id\n people x y)", "line 3:9: mismatched input 'x'"),
        ("SELECT (1", "line 1:9: mismatched input '1'. Expecting: )"),
        ("", "line 1:1: mismatched input '<EOF>'"),
    ],
)
def test_text_that_does_not_parse_is_refused_at_once(bench: Bench, sql: str, message: str) -> None:
    if not sql:
        sql = " "
    code, found = error_of(bench.start, sql=sql)
    assert (code, found[: len(message)]) == ("InvalidRequestException", message)


def test_a_workgroup_rules_over_its_queries(bench: Bench, unique: str) -> None:
    athena = bench.client("athena")
    location = f"s3://{bench.name}/group/"
    athena.create_work_group(
        Name=unique,
        Configuration={"ResultConfiguration": {"OutputLocation": location}},
        Tags=[{"Key": "a", "Value": "b"}],
    )
    answer = bench.ask("SELECT 1", WorkGroup=unique)
    assert answer.execution["ResultConfiguration"]["OutputLocation"].startswith(location)
    assert athena.list_query_executions(WorkGroup=unique)["QueryExecutionIds"] == [
        answer.execution["QueryExecutionId"]
    ]
    athena.update_work_group(
        WorkGroup=unique, ConfigurationUpdates={"BytesScannedCutoffPerQuery": 10_000_000}, State="DISABLED"
    )
    group = athena.get_work_group(WorkGroup=unique)["WorkGroup"]
    assert group["Configuration"]["ResultConfiguration"]["OutputLocation"] == location
    assert group["Configuration"]["BytesScannedCutoffPerQuery"] == 10_000_000
    assert error_of(bench.start, sql="SELECT 1", WorkGroup=unique)[1] == f"WorkGroup {unique} is disabled."
    athena.delete_work_group(WorkGroup=unique)
    assert error_of(athena.get_work_group, WorkGroup=unique)[0] == "InvalidRequestException"


def test_a_query_above_the_limit_of_bytes_is_cancelled(bench: Bench, unique: str) -> None:
    bench.put(f"{unique}/big.csv", b"x" * 10_000_001)
    bench.define(unique, {"line": "string"}, LAZY, {"field.delim": ","})
    bench.client("athena").create_work_group(
        Name=unique, Configuration={"BytesScannedCutoffPerQuery": 10_000_000}
    )
    status = bench.wait(bench.start(f"SELECT count(*) FROM {unique}", WorkGroup=unique))["Status"]
    assert (status["State"], status["StateChangeReason"]) == ("CANCELLED", "Bytes scanned limit was exceeded")


def test_a_running_query_can_be_stopped(bench: Bench) -> None:
    numbers = "UNNEST(sequence(1, 3000000))"
    identifier = bench.start(f"SELECT count(*) FROM {numbers} a(x), {numbers} b(y) WHERE x * y % 7 = 3")
    bench.client("athena").stop_query_execution(QueryExecutionId=identifier)
    status = bench.wait(identifier)["Status"]
    assert (status["State"], status["StateChangeReason"]) == ("CANCELLED", "Query cancelled by user")
    _code, message = error_of(bench.client("athena").get_query_results, QueryExecutionId=identifier)
    assert message == "Query did not finish successfully. Final query state: CANCELLED"


def test_a_token_starts_a_query_once(bench: Bench) -> None:
    token = "t" * 32
    assert bench.start("SELECT 1", ClientRequestToken=token) == bench.start(
        "SELECT 1", ClientRequestToken=token
    )
    assert error_of(bench.start, sql="SELECT 2", ClientRequestToken=token)[0] == "InvalidRequestException"


def test_executions_are_told_in_batches(bench: Bench) -> None:
    identifier = bench.ask("SELECT 1").execution["QueryExecutionId"]
    found = bench.client("athena").batch_get_query_execution(QueryExecutionIds=[identifier, "no-such"])
    assert [one["QueryExecutionId"] for one in found["QueryExecutions"]] == [identifier]
    assert [one["QueryExecutionId"] for one in found["UnprocessedQueryExecutionIds"]] == ["no-such"]


def test_named_queries(bench: Bench) -> None:
    athena = bench.client("athena")
    identifier = athena.create_named_query(Name="n", Database="d", QueryString="SELECT 1")["NamedQueryId"]
    assert athena.get_named_query(NamedQueryId=identifier)["NamedQuery"]["QueryString"] == "SELECT 1"
    assert identifier in athena.list_named_queries()["NamedQueryIds"]
    athena.delete_named_query(NamedQueryId=identifier)
    assert error_of(athena.get_named_query, NamedQueryId=identifier)[0] == "InvalidRequestException"


def test_prepared_statements_by_the_api(bench: Bench) -> None:
    athena = bench.client("athena")
    group = {"WorkGroup": "primary", "StatementName": "by_api"}
    athena.create_prepared_statement(**group, QueryStatement="SELECT id FROM people WHERE id = ?")
    assert bench.rows("EXECUTE by_api", ExecutionParameters=["2"]) == [["2"]]
    athena.delete_prepared_statement(**group)
    assert error_of(athena.get_prepared_statement, **group)[0] == "ResourceNotFoundException"


def test_the_catalog_is_glue_s(bench: Bench) -> None:
    athena = bench.client("athena")
    catalogs = athena.list_data_catalogs()["DataCatalogsSummary"]
    assert [one["CatalogName"] for one in catalogs] == ["AwsDataCatalog"]
    place = {"CatalogName": "AwsDataCatalog", "DatabaseName": bench.name}
    assert athena.get_database(**place)["Database"]["Name"] == bench.name
    table = athena.get_table_metadata(**place, TableName="sales")["TableMetadata"]
    assert [column["Name"] for column in table["Columns"]] == ["id", "price", "day"]
    assert [key["Name"] for key in table["PartitionKeys"]] == ["month"]
    names = [one["Name"] for one in athena.list_table_metadata(**place)["TableMetadataList"]]
    assert {"people", "sales"} <= set(names)
    assert error_of(athena.get_table_metadata, **place, TableName="nope")[0] == "MetadataException"
