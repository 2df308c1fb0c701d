"""How JSON files spell the names of a table's columns: the SerDes compare names without regard to case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.athena.errors import not_supported
from local_lake.athena.scan import JSON_SERDES, ScanFile, compression_of, json_options, literal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from local_lake.athena.catalog import Table

_known_keys: dict[Path, frozenset[str]] = {}
_MOST_KNOWN = 20_000


def find_spelling(table: Table, files: list[ScanFile], run: Callable[[str], list[Any]]) -> dict[str, str]:
    """Return the key in the files for each column that they spell in other letters; JSON tables only.

    ``run`` gives the first column of a query. Every file is read once: a body never changes. Nested names are
    taken as they are. Raises NOT_SUPPORTED where files spell one column in two ways.
    """
    if table.serde not in JSON_SERDES or not files:
        return {}
    spelling: dict[str, str] = {}
    columns = {column.name for column in table.columns}
    for file in files:
        for key in _keys_of(file, table, run):
            name = key.lower()
            if name in columns and spelling.setdefault(name, key) != key:
                raise not_supported(f"JSON files that spell one column both {spelling[name]!r} and {key!r}")
    return spelling


def _keys_of(file: ScanFile, table: Table, run: Callable[[str], list[Any]]) -> frozenset[str]:
    path = file.stored.path
    if path not in _known_keys:
        if len(_known_keys) >= _MOST_KNOWN:
            _known_keys.clear()
        options = json_options(table, compression_of([file]))
        source = f"read_json_objects([{literal(str(path))}], {options})"
        _known_keys[path] = frozenset(run(f"SELECT DISTINCT unnest(json_keys(json)) FROM {source}"))
    return _known_keys[path]
