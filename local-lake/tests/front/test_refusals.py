"""What the local lake does not do, it says in the service's own protocol, in a way SDKs do not retry."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from conftest import Lake

Client = Callable[[str], Any]


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "subject"),
    [
        (
            "glue",
            "get_plan",
            {"Mapping": [], "Source": {"DatabaseName": "d", "TableName": "t"}},
            "glue:GetPlan",
        ),
        ("iam", "get_organizations_access_report", {"JobId": "x" * 36}, "iam:GetOrganizationsAccessReport"),
        ("ec2", "describe_bundle_tasks", {}, "ec2:DescribeBundleTasks"),
        ("lakeformation", "list_lf_tag_expressions", {}, "lakeformation:ListLFTagExpressions"),
        ("cloudformation", "describe_type", {"TypeName": "A::B::Ccccc"}, "cloudformation:DescribeType"),
        ("cloudformation", "list_types", {}, "cloudformation:ListTypes"),
        ("kendra", "list_indices", {}, "kendra:ListIndices"),
    ],
)
def test_missing_operations_are_501(
    client: Client, service: str, operation: str, arguments: dict[str, Any], subject: str
) -> None:
    with pytest.raises(ClientError) as refusal:
        getattr(client(service), operation)(**arguments)
    error, metadata = refusal.value.response["Error"], refusal.value.response["ResponseMetadata"]
    assert (metadata["HTTPStatusCode"], error["Code"]) == (501, "NotImplemented")
    assert f"The local lake does not implement {subject}" in error["Message"]


def test_services_errors_pass_unchanged(client: Client) -> None:
    with pytest.raises(client("s3").exceptions.NoSuchBucket):
        client("s3").list_objects_v2(Bucket="absent-bucket")
    with pytest.raises(client("glue").exceptions.EntityNotFoundException):
        client("glue").get_database(Name="absent")
    with pytest.raises(ClientError) as missing:
        client("s3").head_bucket(Bucket="absent-bucket")
    assert missing.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


@pytest.mark.parametrize(
    ("body", "code"), [(b"{not json", b"SerializationException"), (b"{}", b"ValidationException")]
)
def test_a_body_that_is_no_request_is_the_callers_error(lake: Lake, body: bytes, code: bytes) -> None:
    request = urllib.request.Request(
        lake.endpoint,
        data=body,
        headers={
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "AWSBudgetServiceGateway.UpdateBudget",
            "Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/budgets/aws4_request, y",
        },
    )
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(request)
    assert refusal.value.code == 400
    assert code in refusal.value.read()


def test_people_cannot_set_or_remove_system_tags(client: Client, unique: str) -> None:
    s3, name = client("s3"), f"{unique}-tags"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})
    with pytest.raises(ClientError, match="System tags cannot be added/updated by requester"):
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "aws:x", "Value": "y"}]})
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "mine", "Value": "y"}]})
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == [{"Key": "mine", "Value": "y"}]
    s3.delete_bucket_tagging(Bucket=name)
    with pytest.raises(ClientError, match="NoSuchTagSet"):
        s3.get_bucket_tagging(Bucket=name)


def test_no_page_in_a_browser_may_read_the_lake(lake: Lake) -> None:
    request = urllib.request.Request(lake.endpoint, headers={"Origin": "https://example.com"})
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] is None
