"""Objects over HTTP: a file each, versions listed page by page, nothing kept of what was deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Client, Lake

    Clients = Callable[[str], Client]


def make_bucket(s3: Client, name: str, versioned: bool) -> str:
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})
    if versioned:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def count_bodies(lake: Lake, content: bytes) -> int:
    return sum(1 for path in (lake.state / "objects").iterdir() if path.read_bytes() == content)


def test_a_body_is_one_file_and_goes_with_its_object(lake: Lake, client: Clients, unique: str) -> None:
    s3, bucket = client("s3"), make_bucket(client("s3"), f"{unique}-plain", versioned=False)
    content = unique.encode() * 1000
    s3.put_object(Bucket=bucket, Key="a", Body=content)
    assert count_bodies(lake, content) == 1
    assert s3.get_object(Bucket=bucket, Key="a", Range="bytes=0-3")["Body"].read() == content[:4]
    s3.put_object(Bucket=bucket, Key="a", Body=b"other")
    assert count_bodies(lake, content) == 0


def test_versions_keep_their_bodies_until_each_is_deleted(lake: Lake, client: Clients, unique: str) -> None:
    s3, bucket = client("s3"), make_bucket(client("s3"), f"{unique}-versions", versioned=True)
    old, new = unique.encode() + b"old", unique.encode() + b"new"
    first = s3.put_object(Bucket=bucket, Key="a", Body=old)["VersionId"]
    s3.put_object(Bucket=bucket, Key="a", Body=new)
    s3.delete_object(Bucket=bucket, Key="a")
    assert (count_bodies(lake, old), count_bodies(lake, new)) == (1, 1)
    assert s3.get_object(Bucket=bucket, Key="a", VersionId=first)["Body"].read() == old
    s3.delete_object(Bucket=bucket, Key="a", VersionId=first)
    assert (count_bodies(lake, old), count_bodies(lake, new)) == (0, 1)


def test_multipart_uploads_become_one_file(lake: Lake, client: Clients, unique: str) -> None:
    s3, bucket = client("s3"), make_bucket(client("s3"), f"{unique}-parts", versioned=False)
    upload = s3.create_multipart_upload(Bucket=bucket, Key="big")["UploadId"]
    pieces = [b"x" * (5 << 20), unique.encode()]
    parts = [
        {
            "PartNumber": number,
            "ETag": s3.upload_part(Bucket=bucket, Key="big", UploadId=upload, PartNumber=number, Body=piece)[
                "ETag"
            ],
        }
        for number, piece in enumerate(pieces, start=1)
    ]
    s3.complete_multipart_upload(Bucket=bucket, Key="big", UploadId=upload, MultipartUpload={"Parts": parts})
    found = s3.head_object(Bucket=bucket, Key="big")
    assert found["ContentLength"] == sum(map(len, pieces))
    assert found["ETag"].endswith('-2"')
    assert count_bodies(lake, b"".join(pieces)) == 1


@pytest.fixture(scope="module")
def filled(client: Clients) -> str:
    """A versioned bucket: two versions of each of five keys, and a delete marker over the last."""
    s3, bucket = client("s3"), make_bucket(client("s3"), "listed-versions", versioned=True)
    for round_number in range(2):
        for key in ("a/1", "a/2", "b", "c/d/1", "e"):
            s3.put_object(Bucket=bucket, Key=key, Body=f"{key} {round_number}".encode())
    s3.delete_object(Bucket=bucket, Key="e")
    return bucket


@pytest.mark.parametrize("size", [1, 2, 3, 4, 100])
def test_every_page_size_lists_every_version_once(client: Clients, filled: str, size: int) -> None:
    pages = client("s3").get_paginator("list_object_versions")
    keys, markers = [], []
    for page in pages.paginate(Bucket=filled, PaginationConfig={"PageSize": size}):
        keys += [(one["Key"], one["IsLatest"]) for one in page.get("Versions", [])]
        markers += [(one["Key"], one["IsLatest"]) for one in page.get("DeleteMarkers", [])]
    latest = {"a/1": True, "a/2": True, "b": True, "c/d/1": True, "e": False}
    assert keys == [(key, flag) for key, on_top in latest.items() for flag in (on_top, False)]
    assert markers == [("e", True)]


@pytest.mark.parametrize("size", [1, 2, 100])
def test_a_delimiter_folds_keys_into_prefixes(client: Clients, filled: str, size: int) -> None:
    pages = client("s3").get_paginator("list_object_versions")
    keys, prefixes = [], []
    for page in pages.paginate(Bucket=filled, Delimiter="/", PaginationConfig={"PageSize": size}):
        keys += [one["Key"] for one in page.get("Versions", [])]
        prefixes += [one["Prefix"] for one in page.get("CommonPrefixes", [])]
    assert (keys, prefixes) == (["b", "b", "e", "e"], ["a/", "c/"])


def test_the_newest_version_comes_first(client: Clients, filled: str) -> None:
    s3 = client("s3")
    found = s3.list_object_versions(Bucket=filled, Prefix="b")["Versions"]
    bodies = [
        s3.get_object(Bucket=filled, Key="b", VersionId=one["VersionId"])["Body"].read() for one in found
    ]
    assert bodies == [b"b 1", b"b 0"]
