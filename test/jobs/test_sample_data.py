"""The committed sample is what its generator makes."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

GENERATOR = ROOT / "scripts" / "generate-sample-data.py"


def files_of(folder: Path) -> dict[str, bytes]:
    """All files below the folder, by their path in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def generate(folder: Path, *words: str) -> dict[str, bytes]:
    """The files that the generator writes into the folder."""
    subprocess.run([sys.executable, GENERATOR, "--out", folder, *words], check=True)
    return files_of(folder)


def test_committed_files_are_generated(tmp_path: Path) -> None:
    """Byte for byte, with nothing else in the folder."""
    assert generate(tmp_path) == files_of(ROOT / "sample-data")


@pytest.mark.parametrize("words", [("--seed", "8"), ("--order-items", "500")])
def test_arguments_count(tmp_path: Path, words: tuple[str, str]) -> None:
    """Another seed or size is other data."""
    generated = generate(tmp_path, *words)
    committed = files_of(ROOT / "sample-data")
    assert generated.keys() == committed.keys()
    assert all(generated[name] != committed[name] for name in committed)


def test_values_need_no_quotes() -> None:
    """The SerDe that a crawler gives to CSV files does not honour them."""
    assert not any(b'"' in content for content in files_of(ROOT / "sample-data").values())
