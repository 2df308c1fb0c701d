"""Column types as the Glue catalog writes them, and how two of them become one."""

from __future__ import annotations

from dataclasses import dataclass, field

_NUMBERS = ["tinyint", "smallint", "int", "bigint", "float", "double"]


@dataclass(frozen=True)
class Column:
    """A column's name as in the file and its Hive type, such as ``bigint`` or ``array<string>``."""

    name: str
    type: str


@dataclass(frozen=True)
class FileSchema:
    """What a classifier found in one file.

    ``format_parameters`` are table parameters that the format needs (``skip.header.line.count``,
    ``delimiter``); ``rows`` is an estimate for a sample and exact for Parquet.
    """

    classification: str
    columns: tuple[Column, ...]
    rows: int
    compression: str = "none"
    format_parameters: tuple[tuple[str, str], ...] = field(default=())

    def similar_to(self, other: FileSchema) -> bool:
        """Tell whether both files could be of one table.

        Glue asks for the same format and compression and for schemas alike by more than 70 %. A column counts
        as alike when its name is the same and the types can be merged without becoming a string.
        """
        if (self.classification, self.compression) != (other.classification, other.compression):
            return False
        mine = {column.name.lower(): column.type for column in self.columns}
        theirs = {column.name.lower(): column.type for column in other.columns}
        names = mine.keys() | theirs.keys()
        alike = sum(
            1 for name in mine.keys() & theirs.keys() if _mergeable(mine[name], theirs[name], mine, theirs)
        )
        return not names or alike / len(names) >= 0.7


def merge_types(left: str, right: str) -> str:
    """Return the narrowest type that holds both; ``string`` where there is none other."""
    if left == right:
        return left
    if left in _NUMBERS and right in _NUMBERS:
        return _NUMBERS[max(_NUMBERS.index(left), _NUMBERS.index(right))]
    if left.startswith("array<") and right.startswith("array<"):
        return f"array<{merge_types(left[6:-1], right[6:-1])}>"
    if left.startswith("struct<") and right.startswith("struct<"):
        fields = parse_struct(left)
        for name, kind in parse_struct(right).items():
            fields[name] = merge_types(fields[name], kind) if name in fields else kind
        return write_struct(fields)
    return "string"


def merge_columns(schemas: list[FileSchema]) -> list[Column]:
    """Return the columns of all files in order of first appearance, their types merged."""
    types: dict[str, str] = {}
    for schema in schemas:
        for column in schema.columns:
            known = types.get(column.name)
            types[column.name] = column.type if known is None else merge_types(known, column.type)
    return [Column(name, kind) for name, kind in types.items()]


def parse_struct(text: str) -> dict[str, str]:
    """Split ``struct<a:int,b:array<string>>`` into its fields."""
    fields: dict[str, str] = {}
    depth, begin = 0, 0
    body = text[len("struct<") : -1]
    for position, character in enumerate([*body, ","]):
        depth += (character in "<(") - (character in ">)")
        if character == "," and depth == 0:
            name, _, kind = body[begin:position].partition(":")
            if name:
                fields[name] = kind
            begin = position + 1
    return fields


def write_struct(fields: dict[str, str]) -> str:
    """Write a struct type from its fields."""
    return f"struct<{','.join(f'{name}:{kind}' for name, kind in fields.items())}>"


def _mergeable(left: str, right: str, mine: dict[str, str], theirs: dict[str, str]) -> bool:
    # A file whose columns are all strings may be one without recognised types rather than another table.
    if set(mine.values()) == {"string"} or set(theirs.values()) == {"string"}:
        return True
    return merge_types(left, right) != "string" or left == right
