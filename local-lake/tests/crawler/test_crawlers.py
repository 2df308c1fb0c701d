"""Crawlers over HTTP: from objects to tables, again after changes, and the API's refusals."""

from __future__ import annotations

import gzip
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from botocore.exceptions import ClientError
from stack_driver import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Client

    Clients = Callable[[str], Client]


@dataclass
class Crawled:
    """A bucket, a database and a crawler from one to the other."""

    client: Clients
    name: str

    def put(self, key: str, body: bytes | str) -> None:
        self.client("s3").put_object(Bucket=self.name, Key=key, Body=body)

    def put_parquet(self, key: str, **columns: list[Any]) -> None:
        buffer = io.BytesIO()
        pq.write_table(pa.table(columns), buffer)
        self.put(key, buffer.getvalue())

    def define(self, path: str = "in/", **settings: Any) -> None:  # noqa: ANN401
        targets = {"S3Targets": [{"Path": f"s3://{self.name}/{path}", **settings.pop("target", {})}]}
        self.client("glue").create_crawler(
            Name=self.name, Role="role", DatabaseName=self.name, Targets=targets, **settings
        )

    def crawl(self) -> dict[str, Any]:
        """Run the crawler to its end and return the crawler."""
        glue = self.client("glue")
        glue.start_crawler(Name=self.name)

        def probe() -> dict[str, Any] | None:
            found: dict[str, Any] = glue.get_crawler(Name=self.name)["Crawler"]
            return found if found["State"] == "READY" else None

        crawler: dict[str, Any] = wait_until(probe)
        return crawler

    def tables(self) -> dict[str, dict[str, Any]]:
        found = self.client("glue").get_tables(DatabaseName=self.name)["TableList"]
        return {table["Name"]: table for table in found}

    def columns(self, table: str) -> dict[str, str]:
        described = self.tables()[table]["StorageDescriptor"]["Columns"]
        return {column["Name"]: column["Type"] for column in described}

    def summary(self) -> dict[str, Any]:
        last = self.client("glue").list_crawls(CrawlerName=self.name)["Crawls"][0]
        return {kind: json.loads(text) for kind, text in json.loads(last["Summary"]).items()}


@pytest.fixture
def crawled(client: Clients, unique: str) -> Crawled:
    name = f"{unique}-crawl"
    client("s3").create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"}
    )
    client("glue").create_database(DatabaseInput={"Name": name})
    return Crawled(client, name)


def code_of(call: Callable[..., Any], **params: Any) -> str:  # noqa: ANN401
    with pytest.raises(ClientError) as caught:
        call(**params)
    return str(caught.value.response["Error"]["Code"])


def test_a_folder_is_a_table(crawled: Crawled) -> None:
    crawled.put("in/orders/1.csv", "id,amount\n1,2.5\n2,3\n")
    crawled.put("in/orders/2.csv", "id,amount\n3,1\n")
    crawled.put("in/people/p.csv.gz", gzip.compress(b"id|name\n1|Ann\n2|Bob\n"))
    crawled.put("in/people/_SUCCESS", b"")
    crawled.define(TablePrefix="raw_")
    last = crawled.crawl()["LastCrawl"]
    assert (last["Status"], last["LogGroup"], last["LogStream"]) == (
        "SUCCEEDED",
        "/aws-glue/crawlers",
        crawled.name,
    )
    tables = crawled.tables()
    assert sorted(tables) == ["raw_orders", "raw_people"]
    orders = tables["raw_orders"]
    assert crawled.columns("raw_orders") == {"id": "bigint", "amount": "double"}
    assert orders["StorageDescriptor"]["Location"] == f"s3://{crawled.name}/in/orders/"
    assert orders["StorageDescriptor"]["SerdeInfo"] == {
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        "Parameters": {"field.delim": ","},
    }
    wanted = {
        "classification": "csv",
        "skip.header.line.count": "1",
        "recordCount": "3",
        "objectCount": "2",
        "UPDATED_BY_CRAWLER": crawled.name,
        "CrawlerSchemaSerializerVersion": "1.0",
    }
    assert wanted.items() <= orders["Parameters"].items()
    assert tables["raw_people"]["Parameters"]["compressionType"] == "gzip"
    assert crawled.summary()["TABLE"]["ADD"]["Details"]["names"] == ["raw_orders", "raw_people"]


def test_key_value_folders_are_partitions(crawled: Crawled) -> None:
    for day in ("2024-01-01", "2024-01-02"):
        crawled.put_parquet(f"in/sales/day={day}/part.parquet", id=[1], price=[2.5])
    crawled.define()
    crawled.crawl()
    table = crawled.tables()["sales"]
    assert table["PartitionKeys"] == [{"Name": "day", "Type": "string"}]
    assert crawled.columns("sales") == {"id": "bigint", "price": "double"}
    found = crawled.client("glue").get_partitions(DatabaseName=crawled.name, TableName="sales")["Partitions"]
    places = {one["Values"][0]: one["StorageDescriptor"]["Location"] for one in found}
    assert places["2024-01-02"] == f"s3://{crawled.name}/in/sales/day=2024-01-02/"
    crawled.put_parquet("in/sales/day=2024-01-03/part.parquet", id=[1], price=[2.5])
    crawled.crawl()
    assert crawled.summary() == {"PARTITION": {"ADD": {"Count": 1}}}
    assert crawled.tables()["sales"]["VersionId"] == "1"


def test_folders_alike_are_one_table(crawled: Crawled) -> None:
    for region in ("asia", "europe"):
        crawled.put(f"in/shops/{region}/s.csv", "id,town\n1,x\n2,y\n")
    crawled.define("in/shops/")
    crawled.crawl()
    table = crawled.tables()["shops"]
    assert table["PartitionKeys"] == [{"Name": "partition_0", "Type": "string"}]


def test_a_crawl_without_a_change_makes_no_version(crawled: Crawled) -> None:
    crawled.put("in/t/a.csv", "id,v\n1,2\n2,3\n")
    crawled.define()
    crawled.crawl()
    crawled.crawl()
    assert crawled.summary() == {}
    crawled.put("in/t/b.csv", "id,v\n1,2\n2,3\n3,4\n")
    crawled.crawl()
    table = crawled.tables()["t"]
    assert (table["VersionId"], table["Parameters"]["recordCount"]) == ("1", "5")


@pytest.mark.parametrize(
    ("policy", "version", "columns"),
    [("UPDATE_IN_DATABASE", "2", ["id", "v", "w"]), ("LOG", "1", ["id", "v"])],
)
def test_a_new_column_follows_the_update_policy(
    crawled: Crawled, policy: str, version: str, columns: list[str]
) -> None:
    crawled.put("in/t/a.csv", "id,v\n1,2\n2,3\n")
    crawled.define(SchemaChangePolicy={"UpdateBehavior": policy, "DeleteBehavior": "LOG"})
    crawled.crawl()
    crawled.put("in/t/a.csv", "id,v,w\n1,2,x\n2,3,y\n")
    crawled.crawl()
    assert crawled.tables()["t"]["VersionId"] == version
    assert list(crawled.columns("t")) == columns


@pytest.mark.parametrize("policy", ["DELETE_FROM_DATABASE", "DEPRECATE_IN_DATABASE", "LOG"])
def test_a_vanished_table_follows_the_delete_policy(crawled: Crawled, policy: str) -> None:
    crawled.put("in/t/a.csv", "id,v\n1,2\n2,3\n")
    crawled.put("in/u/a.csv", "x;y\n1;2\n2;3\n")
    crawled.define(SchemaChangePolicy={"UpdateBehavior": "LOG", "DeleteBehavior": policy})
    crawled.crawl()
    crawled.client("s3").delete_object(Bucket=crawled.name, Key="in/t/a.csv")
    crawled.crawl()
    tables = crawled.tables()
    assert ("t" in tables) == (policy != "DELETE_FROM_DATABASE")
    deprecated = "DEPRECATED_BY_CRAWLER" in tables.get("t", {}).get("Parameters", {})
    assert deprecated == (policy == "DEPRECATE_IN_DATABASE")
    assert "u" in tables


def test_new_columns_can_be_merged(crawled: Crawled) -> None:
    crawled.put("in/t/a.csv", "id,v\n1,2\n2,3\n")
    behavior = {"Version": 1.0, "CrawlerOutput": {"Tables": {"AddOrUpdateBehavior": "MergeNewColumns"}}}
    crawled.define(Configuration=json.dumps(behavior))
    crawled.crawl()
    crawled.put("in/t/a.csv", "id,w\n1,x\n2,y\n")
    crawled.crawl()
    assert list(crawled.columns("t")) == ["id", "v", "w"]


def test_exclusions_leave_objects_out(crawled: Crawled) -> None:
    crawled.put("in/t/a.csv", "id,v\n1,2\n2,3\n")
    crawled.put("in/tmp/a.csv", "x;y\n1;2\n2;3\n")
    crawled.define(target={"Exclusions": ["tmp/**"]})
    crawled.crawl()
    assert sorted(crawled.tables()) == ["t"]


def test_a_crawl_is_logged(crawled: Crawled) -> None:
    crawled.put("in/t/a.csv", "id,v\n1,2\n2,3\n")
    crawled.define()
    crawled.crawl()
    events = crawled.client("logs").get_log_events(
        logGroupName="/aws-glue/crawlers", logStreamName=crawled.name
    )["events"]
    text = "\n".join(event["message"] for event in events)
    assert f"Created table t in database {crawled.name}" in text
    assert text.endswith("Crawler has finished running and is in state READY")


def test_what_cannot_be_crawled_fails_and_says_why(crawled: Crawled) -> None:
    glue = crawled.client("glue")
    crawled.define("in/")
    glue.update_crawler(
        Name=crawled.name, Targets={"S3Targets": [{"Path": f"s3://{crawled.name}-not-there/"}]}
    )
    last = crawled.crawl()["LastCrawl"]
    assert last["Status"] == "FAILED"
    assert last["ErrorMessage"] == f"The specified bucket does not exist: {crawled.name}-not-there"
    crawled.put("in/t/x.orc", b"ORC......")
    glue.update_crawler(Name=crawled.name, Targets={"S3Targets": [{"Path": f"s3://{crawled.name}/in/"}]})
    assert (
        "is orc: the local lake crawls CSV, JSON and Parquet" in crawled.crawl()["LastCrawl"]["ErrorMessage"]
    )


def test_nothing_to_crawl_is_a_success_without_tables(crawled: Crawled) -> None:
    crawled.define()
    assert crawled.crawl()["LastCrawl"]["Status"] == "SUCCEEDED"
    assert crawled.tables() == {}


def test_refusals_carry_glue_s_codes(crawled: Crawled) -> None:
    glue = crawled.client("glue")
    crawled.define()
    targets = {"S3Targets": [{"Path": f"s3://{crawled.name}/"}]}
    assert code_of(glue.get_crawler, Name="no-such") == "EntityNotFoundException"
    assert code_of(glue.start_crawler, Name="no-such") == "EntityNotFoundException"
    assert code_of(glue.stop_crawler, Name=crawled.name) == "CrawlerNotRunningException"
    assert (
        code_of(glue.create_crawler, Name=crawled.name, Role="r", DatabaseName="d", Targets=targets)
        == "AlreadyExistsException"
    )
    refusals: list[dict[str, Any]] = [
        {"Targets": {"S3Targets": []}},
        {"Targets": {"JdbcTargets": [{"Path": "x"}]}},
        {"Classifiers": ["mine"]},
        {"Configuration": "{"},
        {"RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"}},
    ]
    for refused in refusals:
        assert code_of(glue.update_crawler, Name=crawled.name, **refused) == "InvalidInputException"


def test_crawlers_are_listed_measured_and_deleted(crawled: Crawled) -> None:
    glue = crawled.client("glue")
    crawled.put("in/t/a.csv", "id,v\n1,2\n2,3\n")
    crawled.define(Tags={"lake": crawled.name}, Schedule="cron(0 1 * * ? *)")
    crawled.crawl()
    assert glue.list_crawlers(Tags={"lake": crawled.name})["CrawlerNames"] == [crawled.name]
    shown = glue.batch_get_crawlers(CrawlerNames=[crawled.name, "no-such"])
    assert shown["CrawlersNotFound"] == ["no-such"]
    assert shown["Crawlers"][0]["Schedule"]["ScheduleExpression"] == "cron(0 1 * * ? *)"
    metrics = glue.get_crawler_metrics(CrawlerNameList=[crawled.name])["CrawlerMetricsList"][0]
    assert metrics["TablesCreated"] == 1
    passed = [{"FieldName": "STATE", "FilterOperator": "EQ", "FieldValue": "COMPLETED"}]
    assert len(glue.list_crawls(CrawlerName=crawled.name, Filters=passed)["Crawls"]) == 1
    glue.delete_crawler(Name=crawled.name)
    assert code_of(glue.get_crawler, Name=crawled.name) == "EntityNotFoundException"
    assert "t" in crawled.tables()
