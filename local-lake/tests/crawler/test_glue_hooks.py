"""Canaries: what the data plane reads and writes in moto's Glue model without a request."""

from __future__ import annotations

from typing import Any

import moto.glue.models as glue_models
import pytest

from local_lake.athena.catalog import Catalog

ACCOUNT, REGION = "210987654321", "eu-west-1"


@pytest.fixture
def backend() -> Any:  # noqa: ANN401
    backend = glue_models.glue_backends[ACCOUNT][REGION]
    backend.reset()
    backend.create_database("d", {"Name": "d"})
    table = {
        "Name": "t",
        "PartitionKeys": [{"Name": "k", "Type": "string"}],
        "Parameters": {"recordCount": "1"},
    }
    backend.create_table("d", "t", table)
    return backend


def test_the_current_version_of_a_table_can_be_changed_in_place(backend: Any) -> None:  # noqa: ANN401
    table = backend.get_table("d", "t")
    table.versions[str(table._current_version)]["Parameters"] = {"recordCount": "2"}
    shown = table.as_dict()
    assert (shown["Parameters"], shown["VersionId"]) == ({"recordCount": "2"}, "1")


def test_the_catalog_reads_databases_tables_and_partitions(backend: Any) -> None:  # noqa: ANN401
    partition = {"Values": ["1"], "StorageDescriptor": {"Location": "s3://b/k=1/"}}
    backend.create_partition("d", "t", partition)
    catalog = Catalog(ACCOUNT, REGION)
    assert [one["Name"] for one in catalog.list_databases()] == ["d"]
    assert catalog.find_database("nope") is None
    assert [table.name for table in catalog.list_tables("d")] == ["t"]
    assert catalog.list_tables("nope") == []
    table = catalog.find_table("D", "T")
    assert table is not None
    assert catalog.find_table("d", "nope") is None
    assert [one.location for one in catalog.list_partitions(table)] == ["s3://b/k=1/"]


def test_a_crawler_s_tags_are_kept_by_its_arn(backend: Any) -> None:  # noqa: ANN401
    arn = f"arn:aws:glue:{REGION}:{ACCOUNT}:crawler/c"
    backend.tag_resource(arn, {"a": "b"})
    assert backend.get_tags(arn) == {"a": "b"}
    backend.untag_resource(arn, ["a"])
    assert backend.get_tags(arn) == {}
