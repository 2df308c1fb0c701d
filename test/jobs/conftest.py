"""One small Spark session for all tests of the job, and ways to give it lines and files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from pyspark.sql import DataFrame, SparkSession

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "jobs"))

SPARK_OPTIONS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.session.timeZone": "UTC",
}
# For a handful of rows, compiling Java for each stage takes longer than all else. Processes of their own keep
# Spark's defaults, so that both ways are tested.
WITHOUT_COMPILING = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}


class ToLines(Protocol):
    """Makes of lists of lines what the job reads of a landing, as if each table were one file."""

    def __call__(self, lines: dict[str, list[str]]) -> dict[str, DataFrame]:
        """Lines by table in, frames by table out."""


class WriteLanding(Protocol):
    """Writes files below the landing of a raw zone."""

    def __call__(self, raw: Path, files: dict[str, bytes | list[str]]) -> Path:
        """Bytes are written as they are, a list of lines below its table's header; returns `raw`."""


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A session on two cores of this machine, reachable from it alone."""
    builder = SparkSession.builder.master("local[2]")
    warehouse = {"spark.sql.warehouse.dir": tmp_path_factory.mktemp("warehouse").as_uri()}
    for name, value in {**SPARK_OPTIONS, **WITHOUT_COMPILING, **warehouse}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="session")
def to_lines(spark: SparkSession) -> ToLines:
    """See ToLines."""

    def make(lines: dict[str, list[str]]) -> dict[str, DataFrame]:
        columns = "value string, source_file string"
        return {
            table: spark.createDataFrame([(line, f"{table}.csv") for line in texts], columns)
            for table, texts in lines.items()
        }

    return make


@pytest.fixture(scope="session")
def write_landing() -> WriteLanding:
    """See WriteLanding."""
    from ecommerce_analytics import COLUMNS

    def write(raw: Path, files: dict[str, bytes | list[str]]) -> Path:
        for name, content in files.items():
            path = raw / "landing" / "ecommerce" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, list):
                content = "\n".join([",".join(COLUMNS[path.parent.name]), *content, ""]).encode()
            path.write_bytes(content)
        return raw

    return write
