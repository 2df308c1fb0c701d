"""The body of one stored object, kept as one file."""

from __future__ import annotations

import shutil
import threading
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class FileContent(bytes):
    """Bytes that are already a file: storing them moves the file into the store instead of copying it.

    It stands wherever moto takes an object's value. Its length is the file's size in bytes; its own bytes
    are empty.
    """

    path: Path
    size: int

    def __new__(cls, path: Path) -> FileContent:
        """Describe the file at ``path``; the file must stay unchanged until it is stored."""
        content = super().__new__(cls)
        content.path = path
        content.size = path.stat().st_size
        return content

    def __len__(self) -> int:
        return self.size

    def __bool__(self) -> bool:
        return self.size > 0


class ObjectFile:
    """The part of SpooledTemporaryFile that moto uses for a body, with one file behind it.

    Every write makes a new inode. A farm (see ``farm``) holds hard links to the old one, so writing in place
    would change what a running step reads. The position is kept per thread, because moto hashes a body
    while another request reads it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / uuid.uuid4().hex
        self._local = threading.local()
        self.path.touch()

    def seek(self, offset: int) -> int:
        """Move this thread's position to ``offset`` bytes from the start."""
        self._local.position = offset
        return offset

    def read(self, size: int = -1) -> bytes:
        """Read at most ``size`` bytes (all by default) from this thread's position."""
        start: int = getattr(self._local, "position", 0)
        with self.path.open("rb") as file:
            file.seek(start)
            data = file.read(size)
        self._local.position = start + len(data)
        return data

    def truncate(self) -> None:
        """Forget the body; moto calls it before each write, and a write replaces the file anyway."""

    def write(self, data: bytes) -> int:
        """Replace the body by ``data``; a FileContent is moved in. Returns the number of bytes."""
        if isinstance(data, FileContent):
            _move(data.path, self.path)
            return len(data)
        incoming = self.path.with_suffix(".new")
        incoming.write_bytes(data)
        incoming.replace(self.path)
        return len(data)

    def close(self) -> None:
        """Delete the file: moto closes a body when its object version is gone."""
        self.path.unlink(missing_ok=True)


def _move(source: Path, target: Path) -> None:
    try:
        source.replace(target)
    except OSError:
        # Another file system: the caller's scratch folder is not below the state folder.
        shutil.move(source, target)
