"""The objects as the workers use them: listed, found, put and deleted without an HTTP request."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import moto.s3.models as s3_models

from local_lake.storage.object_file import FileContent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from local_lake.storage.moto_types import MotoObject

# moto's S3 model has no lock of its own; every worker thread takes this one around a change.
STORE_LOCK = threading.RLock()


class NoSuchBucketError(LookupError):
    """The bucket does not exist."""

    def __init__(self, bucket: str) -> None:
        super().__init__(f"The specified bucket does not exist: {bucket}")
        self.bucket = bucket


@dataclass(frozen=True)
class StoredObject:
    """The current version of one object: size in bytes, and the file that holds its body."""

    bucket: str
    key: str
    path: Path
    size: int
    last_modified: datetime
    version: str

    @property
    def uri(self) -> str:
        """Return ``s3://bucket/key``."""
        return f"s3://{self.bucket}/{self.key}"


@dataclass(frozen=True)
class S3Location:
    """A bucket and a key or prefix."""

    bucket: str
    key: str

    @classmethod
    def parse(cls, uri: str) -> S3Location:
        """Read an ``s3://``, ``s3a://`` or ``s3n://`` URI; ValueError says what is wrong with other text."""
        scheme, separator, rest = uri.partition("://")
        bucket, _, key = rest.partition("/")
        if not separator or scheme not in {"s3", "s3a", "s3n"} or not bucket:
            raise ValueError(f"Not an S3 location: {uri!r}; expected s3://<bucket>/<prefix>")
        return cls(bucket, key)

    @property
    def uri(self) -> str:
        """Return ``s3://bucket/key``."""
        return f"s3://{self.bucket}/{self.key}"

    def join(self, name: str) -> S3Location:
        """Return the location of ``name`` below this prefix."""
        base = self.key if not self.key or self.key.endswith("/") else f"{self.key}/"
        return S3Location(self.bucket, f"{base}{name}")


class ObjectStore:
    """The buckets of one account."""

    def __init__(self, account: str) -> None:
        self._account = account

    @property
    def backend(self) -> MotoObject:
        """moto's S3 backend of this account."""
        return s3_models.s3_backends[self._account]["aws"]

    def list_buckets(self) -> list[str]:
        """Return the names of all buckets, sorted."""
        return sorted(self.backend.buckets)

    def list_objects(self, location: S3Location) -> list[StoredObject]:
        """Return the current objects whose key starts with the location's key, sorted by key."""
        return list(self._iterate(location.bucket, location.key))

    def find_object(self, location: S3Location) -> StoredObject | None:
        """Return the current object at exactly this key, or None."""
        return _describe(location.bucket, self._bucket(location.bucket).keys.get(location.key))

    def put_object(
        self, location: S3Location, content: bytes | Path, content_type: str | None = None
    ) -> None:
        """Store bytes, or move a file in, as PutObject would: versioning, encryption and events apply."""
        self._bucket(location.bucket)
        value = FileContent(content) if isinstance(content, Path) else content
        with STORE_LOCK:
            key = self.backend.put_object(location.bucket, location.key, value)
            if content_type:
                key.set_metadata({"Content-Type": content_type})

    def delete_object(self, location: S3Location) -> None:
        """Delete as DeleteObject without a version would: a delete marker where the bucket keeps versions."""
        self._bucket(location.bucket)
        with STORE_LOCK:
            self.backend.delete_object(location.bucket, location.key)

    def _bucket(self, name: str) -> MotoObject:
        bucket = self.backend.buckets.get(name)
        if bucket is None:
            raise NoSuchBucketError(name)
        return bucket

    def _iterate(self, bucket_name: str, prefix: str) -> Iterator[StoredObject]:
        keys = self._bucket(bucket_name).keys
        for name in sorted(name for name in list(keys) if name.startswith(prefix)):
            stored = _describe(bucket_name, keys.get(name))
            if stored is not None:
                yield stored


def _describe(bucket: str, key: MotoObject) -> StoredObject | None:
    # A FakeDeleteMarker has no body; it means that the object is gone.
    body = getattr(key, "_value_buffer", None)
    if body is None:
        return None
    return StoredObject(bucket, key.name, body.path, key.size, key.last_modified, key.version_id)
