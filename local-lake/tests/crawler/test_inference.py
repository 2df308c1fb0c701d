"""What the classifiers make of a file's text, by the rules of the Glue developer guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from local_lake.crawler.csv_format import classify_csv
from local_lake.crawler.exclusions import compile_exclusions
from local_lake.crawler.json_format import classify_json
from local_lake.crawler.parquet_format import classify_parquet
from local_lake.crawler.schema import FileSchema, merge_types

if TYPE_CHECKING:
    from pathlib import Path


def columns_of(found: FileSchema | None) -> dict[str, str]:
    assert found is not None
    return {column.name: column.type for column in found.columns}


def csv_columns(text: str) -> dict[str, str]:
    return columns_of(classify_csv(text, True, len(text)))


def json_columns(text: str) -> dict[str, str]:
    return columns_of(classify_json(text, True, len(text)))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "2"], "bigint"),
        (["007", "-3"], "bigint"),
        (["1", "2.5"], "double"),
        (["1e3", ".5"], "double"),
        (["9223372036854775808"], "double"),
        (["2024-01-01"], "string"),
        (["true", "false"], "string"),
        (["1", "n/a"], "string"),
        (["", "4"], "bigint"),
        (["", ""], "string"),
    ],
)
def test_csv_has_three_types(values: list[str], expected: str) -> None:
    text = "id,value\n" + "".join(f"{number},{value}\n" for number, value in enumerate(values))
    assert csv_columns(text)["value"] == expected


def test_a_header_differs_from_the_rows_below() -> None:
    found = classify_csv("id,Name\n1,Ann\n2,Bob\n", True, 20)
    assert columns_of(found) == {"id": "bigint", "name": "string"}
    assert found is not None
    assert dict(found.format_parameters)["skip.header.line.count"] == "1"
    assert found.rows == 2


def test_a_table_of_strings_has_no_header() -> None:
    found = classify_csv("name,city\nAnn,Rome\nBob,Oslo\n", True, 30)
    assert columns_of(found) == {"col0": "string", "col1": "string"}
    assert found is not None
    assert "skip.header.line.count" not in dict(found.format_parameters)
    assert found.rows == 3


def test_a_first_row_with_a_number_is_data() -> None:
    assert csv_columns("1,Ann\n2,Bob\n") == {"col0": "bigint", "col1": "string"}


@pytest.mark.parametrize("delimiter", [",", "|", "\t", ";", "\x01"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in (("id", "a b"), ("1", "x"), ("2", "y")))
    found = classify_csv(text, True, len(text))
    assert columns_of(found) == {"id": "bigint", "a b": "string"}
    assert found is not None
    assert dict(found.format_parameters)["delimiter"] == delimiter


@pytest.mark.parametrize("text", ["", "just text\nand more\n", "id,name\n"])
def test_one_column_or_one_row_is_no_csv(text: str) -> None:
    assert classify_csv(text, True, len(text)) is None


def test_broken_lines_and_stray_quotes_do_not_spill_over() -> None:
    rows = "".join(f'{number},"x\n' if number == 5 else f"{number},y\n" for number in range(40))
    assert csv_columns(f"id,name\n{rows}7\n8,a,b,c\n") == {"id": "bigint", "name": "string"}


def test_equal_names_are_told_apart() -> None:
    assert list(csv_columns("id,id,ID\n1,2,3\n")) == ["id", "id_1", "id_2"]


def test_a_sample_counts_the_rows_of_the_whole_file() -> None:
    sample = "id,v\n" + "1,2\n" * 100
    found = classify_csv(sample + "1,", False, 10 * len(sample))
    assert found is not None
    assert 950 < found.rows < 1050


def test_json_types_merge_over_records() -> None:
    text = (
        '{"a": 1, "b": true, "c": {"x": 1}}\n{"a": 2.5, "c": {"y": "z"}, "d": [1, 3000000000], "e": null}\n'
    )
    assert json_columns(text) == {
        "a": "double",
        "b": "boolean",
        "c": "struct<x:int,y:string>",
        "d": "array<bigint>",
    }


def test_a_json_array_is_read_by_its_records() -> None:
    assert json_columns('[{"a": 1}, {"a": "x"}]') == {"a": "string"}


@pytest.mark.parametrize("text", ["[1, 2]", "{broken", "a,b\n1,2\n"])
def test_what_is_no_json_object_is_no_json(text: str) -> None:
    assert classify_json(text, True, len(text)) is None


def test_parquet_types_are_exact(tmp_path: Path) -> None:
    kinds = {
        "I": (pa.int32(), "int"),
        "l": (pa.int64(), "bigint"),
        "d": (pa.decimal128(10, 2), "decimal(10,2)"),
        "t": (pa.timestamp("us"), "timestamp"),
        "day": (pa.date32(), "date"),
        "a": (pa.list_(pa.string()), "array<string>"),
        "m": (pa.map_(pa.string(), pa.float64()), "map<string,double>"),
        "s": (pa.struct([("X", pa.bool_())]), "struct<x:boolean>"),
    }
    path = tmp_path / "f"
    pq.write_table(pa.schema([(name, kind) for name, (kind, _) in kinds.items()]).empty_table(), path)
    expected = {name.lower(): hive for name, (_, hive) in kinds.items()}
    assert columns_of(classify_parquet(path)) == expected


@pytest.mark.parametrize(
    ("left", "right", "merged"),
    [
        ("int", "bigint", "bigint"),
        ("bigint", "double", "double"),
        ("boolean", "int", "string"),
        ("array<int>", "array<double>", "array<double>"),
        ("struct<a:int>", "struct<b:struct<c:int>>", "struct<a:int,b:struct<c:int>>"),
    ],
)
def test_types_merge(left: str, right: str, merged: str) -> None:
    assert merge_types(left, right) == merged


@pytest.mark.parametrize(
    ("pattern", "key", "excluded"),
    [
        ("*.csv", "a.csv", True),
        ("*.csv", "x/a.csv", False),
        ("**.csv", "x/a.csv", True),
        ("x/**", "x/y/z", True),
        ("a?.txt", "ab.txt", True),
        ("*.{csv,tsv}", "a.tsv", True),
        ("[!a]*.csv", "a.csv", False),
        ("[a-c]*.csv", "b.csv", True),
        (r"\*.csv", "a.csv", False),
    ],
)
def test_exclusions_are_globs(pattern: str, key: str, excluded: bool) -> None:
    compiled = compile_exclusions([pattern])
    assert compiled is not None
    assert bool(compiled.fullmatch(key)) == excluded
