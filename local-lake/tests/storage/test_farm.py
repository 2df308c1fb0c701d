"""A farm on a store in this process: laid out, changed by a program, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import moto.s3.models as s3_models
import pytest

from local_lake.storage.farm import COPY_BELOW_BYTES, Farm, why_not_a_path
from local_lake.storage.hooks import install_storage_hooks
from local_lake.storage.object_store import ObjectStore, S3Location

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ACCOUNT = "210987654321"


@pytest.fixture(scope="module")
def hooked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    replaced = {"tempfile": s3_models.tempfile}
    listing = s3_models.S3Backend.list_object_versions
    install_storage_hooks(tmp_path_factory.mktemp("state"))
    yield
    s3_models.tempfile = replaced["tempfile"]
    s3_models.S3Backend.list_object_versions = listing


@pytest.fixture
def store(hooked: None) -> ObjectStore:
    store = ObjectStore(ACCOUNT)
    for name in list(store.list_buckets()):
        del store.backend.buckets[name], s3_models.s3_backends.bucket_accounts[name]
    store.backend.create_bucket("plain", "us-east-1")
    store.backend.create_bucket("versioned", "us-east-1").versioning_status = "Enabled"
    return store


def put(store: ObjectStore, uri: str, content: bytes) -> None:
    store.put_object(S3Location.parse(uri), content)


def read(store: ObjectStore, uri: str) -> bytes | None:
    found = store.find_object(S3Location.parse(uri))
    return found.path.read_bytes() if found else None


def laid(store: ObjectStore, tmp_path: Path) -> Farm:
    farm = Farm(store, tmp_path / "farm")
    farm.lay_out()
    return farm


def test_what_a_step_does_is_as_if_done_through_the_api(store: ObjectStore, tmp_path: Path) -> None:
    for name in ("kept", "changed", "deleted"):
        put(store, f"s3://versioned/in/{name}", name.encode())
    farm = laid(store, tmp_path)
    folder = farm.root / "versioned" / "in"
    assert sorted(path.name for path in folder.iterdir()) == ["changed", "deleted", "kept"]
    (folder / "changed").write_bytes(b"new")
    (folder / "deleted").unlink()
    (folder / "out").mkdir()
    (folder / "out" / "added").write_bytes(b"added")
    adoption = farm.adopt()
    assert adoption.added == ["versioned/in/out/added"]
    assert adoption.changed == ["versioned/in/changed"]
    assert adoption.deleted == ["versioned/in/deleted"]
    assert adoption.problems == []
    assert not farm.root.exists()
    assert read(store, "s3://versioned/in/out/added") == b"added"
    assert read(store, "s3://versioned/in/deleted") is None
    versions = store.backend.get_bucket("versioned").keys.getlist("in/changed")
    assert [version.value for version in versions] == [b"changed", b"new"]
    assert versions[-1].etag == '"22af645d1859cb5ca6da0c484f1f37ea"'


def test_uncommitted_output_is_not_taken_over(store: ObjectStore, tmp_path: Path) -> None:
    farm = laid(store, tmp_path)
    part = farm.root / "plain" / "t" / "_temporary" / "0" / "part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half")
    assert farm.adopt().added == []


def test_what_others_wrote_meanwhile_stays(store: ObjectStore, tmp_path: Path) -> None:
    put(store, "s3://plain/a", b"a")
    farm = laid(store, tmp_path)
    put(store, "s3://plain/b", b"b")
    put(store, "s3://plain/a", b"replaced")
    (farm.root / "plain" / "a").unlink()
    assert farm.adopt().deleted == []
    assert read(store, "s3://plain/a") == b"replaced"
    assert read(store, "s3://plain/b") == b"b"


def test_large_bodies_are_linked_and_an_overwrite_in_place_is_told(
    store: ObjectStore, tmp_path: Path
) -> None:
    put(store, "s3://versioned/big", b"x" * (COPY_BELOW_BYTES + 1))
    farm = laid(store, tmp_path)
    path = farm.root / "versioned" / "big"
    assert path.stat().st_nlink == 2
    path.write_bytes(b"short")
    adoption = farm.adopt()
    assert adoption.changed == ["versioned/big"]
    assert adoption.problems == [
        "s3://versioned/big was overwritten in place, so its earlier version is lost"
    ]


def test_a_renamed_large_body_is_not_copied_and_not_shared(store: ObjectStore, tmp_path: Path) -> None:
    content = b"x" * (COPY_BELOW_BYTES + 1)
    put(store, "s3://plain/big", content)
    farm = laid(store, tmp_path)
    (farm.root / "plain" / "big").rename(farm.root / "plain" / "moved")
    adoption = farm.adopt()
    assert (adoption.added, adoption.deleted) == (["plain/moved"], ["plain/big"])
    assert read(store, "s3://plain/moved") == content


def test_keys_that_are_no_paths_are_left_out_and_named(store: ObjectStore, tmp_path: Path) -> None:
    for key in ("a", "a/b", "x//y", "../up", "dir/"):
        put(store, f"s3://plain/{key}", b"" if key.endswith("/") else b"1")
    farm = laid(store, tmp_path)
    assert [line.partition(" is not")[0] for line in farm.skipped] == [
        "s3://plain/../up",
        "s3://plain/a",
        "s3://plain/x//y",
    ]
    assert (farm.root / "plain" / "dir").is_dir()
    assert farm.adopt().deleted == []


@pytest.mark.parametrize(
    ("key", "legal"),
    [
        ("a/b.csv", True),
        ("k=v/x", True),
        ("a/./b", False),
        ("/a", False),
        ("a\0b", False),
        ("é" * 128, False),
    ],
)
def test_which_keys_are_paths(key: str, legal: bool) -> None:
    assert (why_not_a_path(key) is None) == legal
