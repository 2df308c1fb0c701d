"""ListObjectVersions without copying a body: what replaces moto's own listing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_lake.storage.moto_types import MotoObject


@dataclass
class VersionPage:
    """One page of ListObjectVersions, as moto's response code expects it."""

    max_keys: int
    versions: list[Any] = field(default_factory=list)
    common_prefixes: set[str] = field(default_factory=set)
    delete_markers: list[Any] = field(default_factory=list)
    next_key_marker: str | None = None
    next_version_id_marker: str | None = None
    last: tuple[str, str | None] | None = None

    @property
    def full(self) -> bool:
        """Whether the page holds max_keys entries; a common prefix counts as one."""
        return len(self.versions) + len(self.delete_markers) + len(self.common_prefixes) >= self.max_keys

    def truncate(self) -> None:
        """Point the markers at the last entry of this page: the next page starts after it."""
        name, version_id = self.last or ("", None)
        self.next_key_marker = name
        self.next_version_id_marker = version_id

    def as_moto_result(self) -> tuple[list[Any], list[str], list[Any], str | None, str | None]:
        """Return the tuple S3Backend.list_object_versions returns."""
        return (
            self.versions,
            sorted(self.common_prefixes),
            self.delete_markers,
            self.next_key_marker,
            self.next_version_id_marker,
        )


def list_object_versions(
    backend: MotoObject,
    bucket_name: str,
    delimiter: str | None = None,
    key_marker: str | None = None,
    max_keys: int | None = 1000,
    prefix: str = "",
    version_id_marker: str | None = None,
) -> tuple[list[Any], list[str], list[Any], str | None, str | None]:
    """Stand in for S3Backend.list_object_versions: same arguments, same result.

    Keys ascend, and the newest version of a key comes first, as the S3 API reference says. Within one key
    the order is that of arrival: moto sorts by milliseconds, which mixes up versions of the same one.
    """
    bucket = backend.get_bucket(bucket_name)
    page = VersionPage(max_keys=1000 if max_keys is None else max_keys)
    for version in _versions_after(bucket, prefix, delimiter, key_marker, version_id_marker):
        shared = _common_prefix(version.name, prefix, delimiter)
        if shared is not None and shared in page.common_prefixes:
            continue
        if page.full:
            page.truncate()
            break
        if shared is not None:
            page.common_prefixes.add(shared)
            page.last = (shared, None)
        else:
            # Only FakeKey has a body; a FakeDeleteMarker has none.
            (page.versions if hasattr(version, "contentsize") else page.delete_markers).append(version)
            page.last = (version.name, version.version_id)
    return page.as_moto_result()


def _versions_after(
    bucket: MotoObject,
    prefix: str,
    delimiter: str | None,
    key_marker: str | None,
    version_id_marker: str | None,
) -> Iterator[MotoObject]:
    for name in sorted(name for name in list(bucket.keys) if name.startswith(prefix)):
        if key_marker and _is_before(name, key_marker, delimiter, version_id_marker):
            continue
        versions = list(reversed(bucket.keys.getlist(name, [])))
        skipping = bool(version_id_marker) and name == key_marker
        for position, version in enumerate(versions):
            if skipping:
                skipping = version.version_id != version_id_marker
                continue
            version.is_latest = position == 0
            yield version


def _is_before(name: str, key_marker: str, delimiter: str | None, version_id_marker: str | None) -> bool:
    if delimiter and key_marker.endswith(delimiter) and name.startswith(key_marker):
        return True
    return name < key_marker or (name == key_marker and not version_id_marker)


def _common_prefix(name: str, prefix: str, delimiter: str | None) -> str | None:
    if not delimiter:
        return None
    position = name.find(delimiter, len(prefix))
    return None if position < 0 else name[: position + len(delimiter)]
