"""A farm: all buckets laid out as folders of files for one step, and what the step changed taken back."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from local_lake.storage.object_store import NoSuchBucketError, ObjectStore, S3Location, StoredObject

if TYPE_CHECKING:
    from collections.abc import Iterator

# Up to this size a body is copied, above it is linked. A program that opens an existing path for writing
# truncates the inode, and with a hard link that is the stored version itself. Spark's large outputs have
# unique names.
COPY_BELOW_BYTES = 1 << 20


@dataclass(frozen=True)
class Laid:
    """What identifies a file as the farm laid it: any difference means the step wrote it."""

    inode: int
    size: int
    modified_ns: int
    body: Path
    linked: bool


@dataclass
class Adoption:
    """What a step changed, as keys ``bucket/key``, and what could not be taken over, as sentences."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Farm:
    """The folders ``<root>/<bucket>/<key>`` of one step."""

    def __init__(self, store: ObjectStore, root: Path) -> None:
        self._store = store
        self._laid: dict[tuple[str, str], Laid] = {}
        self.root = root
        self.buckets: list[str] = []
        self.skipped: list[str] = []
        self.bytes = 0

    def lay_out(self) -> None:
        """Lay out every object; those whose key is no path are left out and named in ``skipped``."""
        for bucket in self._store.list_buckets():
            (self.root / bucket).mkdir(parents=True)
            self.buckets.append(bucket)
            objects = self._store.list_objects(S3Location(bucket, ""))
            folders = _folders_of(objects)
            for stored in objects:
                self._lay_object(stored, folders)

    def adopt(self) -> Adoption:
        """Store what the step added or changed, delete what it deleted, and remove the farm.

        The state is compared with what was laid out: objects that others wrote meanwhile stay, and where
        both wrote the same key the step wins, as the later writer does on S3.
        """
        adoption = Adoption()
        for bucket in self.buckets:
            seen = set()
            for path in _files_below(self.root / bucket):
                key = path.relative_to(self.root / bucket).as_posix()
                seen.add(key)
                self._adopt_file(S3Location(bucket, key), path, adoption)
            for laid_bucket, key in self._laid:
                if laid_bucket == bucket and key not in seen:
                    self._adopt_deletion(S3Location(bucket, key), adoption)
        self.remove()
        return adoption

    def remove(self) -> None:
        """Remove the folders; the stored bodies stay."""
        shutil.rmtree(self.root, ignore_errors=True)

    def _lay_object(self, stored: StoredObject, folders: set[str]) -> None:
        reason = why_not_a_path(stored.key) or (
            "other keys lie below it as if it were a folder" if stored.key in folders else None
        )
        target = self.root / stored.bucket / stored.key
        if reason is None and stored.key.endswith("/"):
            target.mkdir(parents=True, exist_ok=True)
            return
        if reason is not None:
            self.skipped.append(f"{stored.uri} is not visible to the step: {reason}")
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        linked = stored.size > COPY_BELOW_BYTES
        try:
            if linked:
                os.link(stored.path, target)
            else:
                shutil.copyfile(stored.path, target)
        except FileNotFoundError:
            # Deleted or replaced through the API since it was listed.
            return
        self.bytes += stored.size
        self._laid[stored.bucket, stored.key] = _identify(target, stored.path, linked)

    def _adopt_file(self, location: S3Location, path: Path, adoption: Adoption) -> None:
        before = self._laid.get((location.bucket, location.key))
        if before is not None and _identify(path, before.body, before.linked) == before:
            return
        # Output committers keep uncommitted files here. On S3 they would be unfinished uploads.
        if "_temporary" in location.key.split("/"):
            return
        if before is not None and before.linked and path.stat().st_ino == before.inode:
            adoption.problems.append(
                f"{location.uri} was overwritten in place, so its earlier version is lost"
            )
        try:
            self._store.put_object(location, path)
        except NoSuchBucketError:
            adoption.problems.append(f"{location.uri} was not kept: its bucket was deleted during the step")
            return
        (adoption.changed if before else adoption.added).append(f"{location.bucket}/{location.key}")

    def _adopt_deletion(self, location: S3Location, adoption: Adoption) -> None:
        laid = self._laid[location.bucket, location.key]
        try:
            current = self._store.find_object(location)
        except NoSuchBucketError:
            return
        # Replaced through the API meanwhile: the newer object is not the one the step deleted.
        if current is None or current.path != laid.body:
            return
        self._store.delete_object(location)
        adoption.deleted.append(f"{location.bucket}/{location.key}")


def why_not_a_path(key: str) -> str | None:
    """Return why a key cannot be a file below a folder, or None when it can."""
    parts = key.removesuffix("/").split("/")
    if any(part == "" for part in parts):
        return "its key has an empty part"
    if any(part in {".", ".."} for part in parts):
        return "its key has a part that means another folder"
    if "\0" in key or any(len(part.encode()) > 255 for part in parts):
        return "a part of its key is no file name"
    return None


def _folders_of(objects: list[StoredObject]) -> set[str]:
    folders: set[str] = set()
    for stored in objects:
        parent = stored.key.rpartition("/")[0]
        while parent and parent not in folders:
            folders.add(parent)
            parent = parent.rpartition("/")[0]
    return folders


def _files_below(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        for name in sorted(names):
            yield Path(parent, name)


def _identify(path: Path, body: Path, linked: bool) -> Laid:
    status = path.stat()
    return Laid(status.st_ino, status.st_size, status.st_mtime_ns, body, linked)
