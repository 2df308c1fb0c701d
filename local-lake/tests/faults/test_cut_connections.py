"""Faults of the connection: what was done, what was not, and what a client sees of it."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ConnectionClosedError, ResponseStreamingError
from botocore.parsers import ResponseParserError
from conftest import REGION

if TYPE_CHECKING:
    from conftest import Client
    from fault_driver import FaultDriver


def databases(faults: FaultDriver) -> list[str]:
    return [found["Name"] for found in faults.client("glue").get_databases()["DatabaseList"]]


def make_bucket(faults: FaultDriver, name: str) -> tuple[Client, str]:
    s3 = faults.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return s3, name


def test_reset_does_nothing_and_answers_nothing(faults: FaultDriver, unique: str) -> None:
    faults.add(service="glue", operation="CreateDatabase", kind="reset", count=1)
    with pytest.raises(ConnectionClosedError) as cut:
        faults.client("glue").create_database(DatabaseInput={"Name": unique})
    assert "ConnectionResetError" in str(cut.value.kwargs["error"])
    assert unique not in databases(faults)


def test_lost_answer_does_the_operation_and_answers_nothing(faults: FaultDriver, unique: str) -> None:
    glue = faults.client("glue")
    faults.add(service="glue", operation="CreateDatabase", kind="lost-answer", count=1)
    with pytest.raises(ConnectionClosedError):
        glue.create_database(DatabaseInput={"Name": unique})
    assert unique in databases(faults)
    # What a client meets that simply tries again.
    with pytest.raises(glue.exceptions.AlreadyExistsException):
        glue.create_database(DatabaseInput={"Name": unique})


def test_a_refusal_can_be_a_lost_answer_too(faults: FaultDriver) -> None:
    faults.add(service="glue", operation="DeleteDatabase", kind="lost-answer")
    with pytest.raises(ConnectionClosedError):
        faults.client("glue").delete_database(Name="absent")


def test_an_upload_whose_answer_is_lost_is_there(faults: FaultDriver, unique: str) -> None:
    s3, bucket = make_bucket(faults, f"{unique}-lost")
    faults.add(service="s3", operation="PutObject", kind="lost-answer", count=1)
    with pytest.raises(ConnectionClosedError):
        s3.put_object(Bucket=bucket, Key="k", Body=b"x" * 1_000_000)
    assert s3.head_object(Bucket=bucket, Key="k")["ContentLength"] == 1_000_000


def test_truncated_objects_end_early(faults: FaultDriver, unique: str) -> None:
    s3, bucket = make_bucket(faults, f"{unique}-cut")
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789" * 100_000)
    faults.add(service="s3", operation="GetObject", kind="truncated", count=1)
    answer = s3.get_object(Bucket=bucket, Key="k")
    assert answer["ContentLength"] == 1_000_000
    with pytest.raises(ResponseStreamingError, match="500000 bytes read, 500000 more expected"):
        answer["Body"].read()
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"0123456789" * 100_000


def test_truncated_xml_cannot_be_parsed(faults: FaultDriver) -> None:
    faults.add(service="sts", kind="truncated")
    with pytest.raises(ResponseParserError, match="invalid XML received"):
        faults.client("sts").get_caller_identity()


def test_truncated_json_promises_more_than_it_sends(faults: FaultDriver) -> None:
    """Over plain HTTP: boto3 does not compare lengths, and takes half a JSON for an empty answer."""
    faults.add(service="athena", kind="truncated")
    connection = http.client.HTTPConnection(urlsplit(faults.lake.endpoint).netloc)
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AmazonAthena.GetWorkGroup",
        "Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/athena/aws4_request, y",
    }
    connection.request("POST", "/", json.dumps({"WorkGroup": "primary"}).encode(), headers)
    answer = connection.getresponse()
    with pytest.raises(http.client.IncompleteRead) as cut:
        answer.read()
    connection.close()
    promised = int(answer.headers["Content-Length"])
    assert (len(cut.value.partial), cut.value.expected) == (promised // 2, promised - promised // 2)
    with pytest.raises(json.JSONDecodeError):
        json.loads(cut.value.partial)


def test_an_answer_without_a_body_is_not_sent_when_truncated(faults: FaultDriver, unique: str) -> None:
    s3, bucket = make_bucket(faults, f"{unique}-head")
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    faults.add(service="s3", operation="Head*", kind="truncated")
    with pytest.raises(ConnectionClosedError):
        s3.head_bucket(Bucket="absent")
    with pytest.raises(ConnectionClosedError):
        s3.head_object(Bucket=bucket, Key="k")


def test_the_lake_goes_on_after_cut_connections(faults: FaultDriver) -> None:
    sts = faults.client("sts")
    faults.add(service="sts", kind="reset", count=3)
    for _ in range(3):
        with pytest.raises(ConnectionClosedError):
            sts.get_caller_identity()
    assert sts.get_caller_identity()["Account"] == "123456789012"
