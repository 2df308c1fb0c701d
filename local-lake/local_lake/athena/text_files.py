"""Text with bytes that are no UTF-8: Athena shows U+FFFD for them, DuckDB refuses to read them."""

from __future__ import annotations

import codecs
import gzip
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 1 << 20


def repair_text(bodies: list[Path], scratch: Path) -> dict[Path, Path]:
    """Copy the bodies that are not UTF-8, with U+FFFD for each bad byte; returns the copy of each such body.

    A body never changes, so a copy is made once.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    repaired = {}
    for body in dict.fromkeys(bodies):
        copy = scratch / body.name
        if copy.exists() or _copy_repaired(body, copy):
            repaired[body] = copy
    return repaired


def _copy_repaired(body: Path, copy: Path) -> bool:
    with body.open("rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    opened = gzip.open if compressed else open
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    incoming = copy.with_suffix(".new")
    changed = False
    with opened(body, "rb") as source, opened(incoming, "wb") as target:
        while chunk := source.read(_CHUNK):
            text = decoder.decode(chunk)
            changed = changed or "\ufffd" in text
            target.write(text.encode())
        target.write(decoder.decode(b"", final=True).encode())
    if changed:
        shutil.move(incoming, copy)
    else:
        incoming.unlink()
    return changed
