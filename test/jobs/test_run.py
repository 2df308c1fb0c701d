"""The whole job by files: what it reads, what it writes, what it refuses."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from conftest import ROOT, SPARK_OPTIONS
from ecommerce_analytics import COLUMNS, JobError, describe_excess, parse_arguments, run, summarise

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import WriteLanding
    from pyspark.sql import SparkSession

TIME = "2024-05-03 10:00:00"
GOOD: dict[str, bytes | list[str]] = {
    "customers/customers.csv": [f"1,Ana,ana@example.org,JP,2024-05-01,{TIME}"],
    "products/products.csv": [f"1,Pan,kitchen,12.50,6.25,{TIME}"],
    "orders/orders.csv": [f"{order},1,2024-05-0{order},paid,card,{TIME}" for order in (1, 2, 3)],
    "order_items/order_items.csv": [f"{item},{item},1,2,12.50,0.01,{TIME}" for item in (1, 2, 3)],
}
MONEY = {
    "monthly_revenue": "revenue",
    "customer_lifetime_value": "lifetime_value",
    "product_performance": "revenue",
}


class Zones:
    """A lake's three zones as folders, and what is in them, read by another engine than Spark."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def arguments(self, raw: Path, *more: str) -> list[str]:
        """The job's command line."""
        zones = {"raw": raw, "clean": self.folder / "clean", "analytics": self.folder / "analytics"}
        return [word for zone, path in zones.items() for word in (f"--{zone}", f"{path.as_uri()}/")] + list(
            more
        )

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query in which `<zone>.<table>` stands for a table's files."""
        with duckdb.connect() as database:
            for files in self.folder.glob("*/ecommerce/*"):
                zone, table = files.parts[-3], files.name
                database.execute(f"CREATE SCHEMA IF NOT EXISTS {zone}")
                source = f"read_parquet('{files}/**/*.parquet', hive_types_autocast = false)"
                database.execute(f"CREATE VIEW {zone}.{table} AS SELECT * FROM {source}")
            rows: list[tuple[Any, ...]] = database.execute(sql).fetchall()
            return rows

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables, in order."""
        names = sorted(".".join((path.parts[-3], path.name)) for path in self.folder.glob("*/ecommerce/*"))
        return {name: self.ask(f"SELECT * FROM {name} ORDER BY ALL") for name in names}


def submit(folder: Path, words: list[str]) -> subprocess.CompletedProcess[str]:
    """Runs the job in a process of its own, as spark-submit does."""
    options = " ".join(f'--conf "{name}={value}"' for name, value in SPARK_OPTIONS.items())
    return subprocess.run(
        [sys.executable, ROOT / "jobs" / "ecommerce_analytics.py", *words],
        env={**os.environ, "PYSPARK_SUBMIT_ARGS": f"--master local[2] {options} pyspark-shell"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Zones, dict[str, Any]]:
    """The zones after a run on the committed sample data, and the counts that the run printed."""
    folder = tmp_path_factory.mktemp("sample")
    (folder / "raw" / "landing").mkdir(parents=True)
    (folder / "raw" / "landing" / "ecommerce").symlink_to(ROOT / "sample-data", target_is_directory=True)
    zones = Zones(folder)
    done = submit(folder, zones.arguments(folder / "raw"))
    assert done.returncode == 0, done.stderr
    return zones, json.loads(done.stdout.splitlines()[-1])


def test_counts_close(sample: tuple[Zones, dict[str, Any]]) -> None:
    """Every physical line but the header is a clean row or a quarantined one, printed and written."""
    zones, counts = sample
    for table, said in counts["tables"].items():
        lines = (ROOT / "sample-data" / table / f"{table}.csv").read_bytes().count(b"\n") - 1
        [(clean,)] = zones.ask(f"SELECT count(*) FROM clean.{table}")
        quarantined = dict(
            zones.ask(
                "SELECT reason, count(*) FROM clean.quarantine "
                f"WHERE source_table = '{table}' GROUP BY reason"
            )
        )
        assert lines == clean + sum(quarantined.values())
        assert said == {"raw": lines, "clean": clean, "quarantined": quarantined}


def test_sample_has_every_kind_of_dirt(sample: tuple[Zones, dict[str, Any]]) -> None:
    """What the sample is for: rejected rows of many reasons, and not too many of them."""
    reasons = {reason for said in sample[1]["tables"].values() for reason in said["quarantined"]}
    assert reasons >= {
        "bad_encoding",
        "broken_line",
        "date_out_of_range",
        "duplicate_row",
        "excessive_discount",
        "missing_value",
        "not_positive",
        "superseded",
        "unknown_customer",
        "unknown_order",
        "unknown_product",
        "unknown_status",
        "unreadable_date",
    }


def test_money_sums_to_the_cent(sample: tuple[Zones, dict[str, Any]]) -> None:
    """What was sold in the clean zone is what each analytics table holds, and what the run said."""
    zones, counts = sample
    lines = "clean.order_items JOIN clean.orders USING (order_id)"
    [(sold,)] = zones.ask(f"SELECT sum(line_total) FROM {lines} WHERE counts_as_revenue")
    assert sold > 0
    assert counts["revenue"] == str(sold)
    for table, column in MONEY.items():
        assert zones.ask(f"SELECT sum({column}) FROM analytics.{table}") == [(sold,)]


def test_tables_are_of_few_files(sample: tuple[Zones, dict[str, Any]]) -> None:
    """One file a table, or a month: many small files are slow to query and dear to list."""
    folder = sample[0].folder
    partitioned = ("orders", "order_items")
    for table in folder.glob("*/ecommerce/*"):
        folders = [table] if table.name not in partitioned else list(table.glob("order_month=*"))
        assert folders
        assert {len(list(files.glob("*.parquet"))) for files in folders} == {1}


def test_second_run_gives_the_same(spark: SparkSession, sample: tuple[Zones, dict[str, Any]]) -> None:
    """Also after somebody left a month behind that the data does not have."""
    zones, counts = sample
    before = zones.tables()
    assert len(before) == 9
    orders = zones.folder / "clean" / "ecommerce" / "orders"
    stale = orders / "order_month=1999-01"
    stale.mkdir()
    (stale / "part-0.parquet").write_bytes(next(orders.glob("*/*.parquet")).read_bytes())
    again = run(spark, parse_arguments(zones.arguments(zones.folder / "raw")))
    assert json.loads(json.dumps(again, default=str)) == counts
    assert zones.tables() == before


def test_files_as_they_come(spark: SparkSession, tmp_path: Path, write_landing: WriteLanding) -> None:
    """Several files, in folders, compressed, with a byte order mark, CRLF, blank lines, no last line end."""
    header = ",".join(COLUMNS["orders"])
    orders: dict[str, bytes | list[str]] = {
        "orders/a.csv": f"\ufeff{header}\r\n1,1,2024-05-01,paid,card,{TIME}\r\n\r\n".encode(),
        "orders/day=2/b.csv": f"{header}\n2,1,2024-05-02,paid,card,{TIME}".encode(),
        "orders/c.csv.gz": gzip.compress(f"{header}\n3,1,2024-05-03,paid,card,{TIME}\n{header}\n".encode()),
        "customers/customers.csv": [f"1,Ana,ana@example.org,JP,2024-05-01,{TIME}"],
    }
    raw = write_landing(tmp_path / "raw", {**GOOD, **orders} | {"orders/orders.csv": header.encode()})
    latin_1 = f"2,José,,BR,2024-05-01,{TIME}\n".encode("latin-1")
    with (raw / "landing" / "ecommerce" / "customers" / "customers.csv").open("ab") as file:
        file.write(latin_1)
    zones = Zones(tmp_path)
    counts = run(spark, parse_arguments(zones.arguments(raw, "--max-rejected", "0.5")))
    assert counts["tables"]["orders"] == {
        "raw": 5,
        "clean": 3,
        "quarantined": {"broken_line": 1, "repeated_header": 1},
    }
    assert counts["tables"]["customers"]["quarantined"] == {"bad_encoding": 1}
    assert zones.ask("SELECT raw_line FROM clean.quarantine WHERE reason = 'bad_encoding'") == [
        (latin_1.decode(errors="replace").rstrip("\n"),)
    ]
    assert str(counts["revenue"]) == "74.97"


def test_too_many_rejected_rows(spark: SparkSession, tmp_path: Path, write_landing: WriteLanding) -> None:
    """Nothing is published, and the quarantine tells why."""
    bad: dict[str, bytes | list[str]] = {
        "orders/orders.csv": [f"{order},1,2024-05-0{order},paid,card,{TIME}" for order in (1, 2, 3)]
        + [f"4,1,2024-05-01,lost,card,{TIME}"]
    }
    raw = write_landing(tmp_path / "raw", {**GOOD, **bad})
    zones = Zones(tmp_path)
    with pytest.raises(JobError, match=r"25\.0% of 4 orders \(1 unknown_status\)") as caught:
        run(spark, parse_arguments(zones.arguments(raw, "--max-rejected", "0.24")))
    assert caught.value.exit_code == 2
    assert list(zones.tables()) == ["clean.quarantine"]
    assert zones.ask("SELECT source_table, reason, column_name, key FROM clean.quarantine") == [
        ("orders", "unknown_status", "status", "4")
    ]


def test_empty_landing(tmp_path: Path, write_landing: WriteLanding) -> None:
    """One sentence that names the folder and says what to do, exit code 1, and nothing written."""
    files = {name: content for name, content in GOOD.items() if not name.startswith("orders/")}
    zones = Zones(tmp_path)
    done = submit(tmp_path, zones.arguments(write_landing(tmp_path / "raw", files)))
    assert done.returncode == 1
    folder = f"{(tmp_path / 'raw').as_uri()}/landing/ecommerce/orders/"
    said = [line for line in done.stderr.splitlines() if line.startswith("JobError")]
    assert said == [
        f"JobError: landing is empty: no file in {folder}. Upload the export there, then run the job again."
    ]
    assert zones.tables() == {}


def count(table: str, reason: str | None, rows: int) -> Any:  # noqa: ANN401
    """One counted group, as Spark returns it."""
    return {"source_table": table, "reason": reason, "rows": rows}


def test_landing_that_is_no_export() -> None:
    """A file without a header, or a table without a row, is told apart from bad rows."""
    groups = [count(table, reason, 2) for table in COLUMNS for reason in ("header", None)]
    files = dict.fromkeys(COLUMNS, 2)
    assert summarise(groups, files)["orders"] == {"raw": 2, "clean": 2, "quarantined": {}}
    with pytest.raises(JobError, match="a file of orders does not begin with order_id,customer_id,"):
        summarise(groups, {**files, "orders": 3})
    with pytest.raises(JobError, match="landing is empty: orders has a header and no row"):
        summarise([group for group in groups if group["source_table"] != "orders" or group["reason"]], files)


def test_limit_of_rejected_rows() -> None:
    """The limit itself is allowed, and each table has to keep it."""
    tables = {
        "orders": {"raw": 100, "clean": 95, "quarantined": {"superseded": 5}},
        "products": {"raw": 10, "clean": 9, "quarantined": {"negative": 1}},
    }
    assert describe_excess(tables, 0.1) == ""
    assert describe_excess(tables, 0.05) == "10.0% of 10 products (1 negative)"
    assert describe_excess(tables, 0.04).startswith("5.0% of 100 orders (5 superseded); 10.0%")
