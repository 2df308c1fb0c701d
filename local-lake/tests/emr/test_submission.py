"""What becomes of a step's spark-submit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local_lake.emr.spark_submit import UnsupportedStepError, build_command, parse_submission
from local_lake.storage.farm import Farm
from local_lake.storage.object_store import ObjectStore

if TYPE_CHECKING:
    from pathlib import Path

JAR = "command-runner.jar"


def command_of(tmp_path: Path, *arguments: str) -> list[str]:
    farm = Farm(ObjectStore("123456789012"), tmp_path / "farm")
    farm.buckets = ["one", "two"]
    return build_command(parse_submission(JAR, ["spark-submit", *arguments]), farm, tmp_path / "scratch")


def test_flags_stay_but_for_where_it_runs(tmp_path: Path) -> None:
    command = command_of(
        tmp_path,
        *("--deploy-mode", "cluster", "--master=yarn", "--verbose", "--executor-memory", "2g"),
        *("--conf", "spark.submit.deployMode=cluster", "--conf", "spark.sql.shuffle.partitions=7"),
        *("--py-files", "s3://one/a.zip,s3a://two/b.py", "s3://one/jobs/job.py", "--raw", "s3://two/"),
    )
    assert command[1:3] == ["--master", "local[2]"]
    assert "cluster" not in command
    assert "spark.submit.deployMode=cluster" not in command
    assert "--verbose" in command
    assert command[command.index("--executor-memory") + 1] == "2g"
    farm = tmp_path / "farm"
    assert command[command.index("--py-files") + 1] == f"{farm}/one/a.zip,{farm}/two/b.py"
    assert command[-3:] == [f"{farm}/one/jobs/job.py", "--raw", "s3://two/"]
    # Of two settings of one name the last wins.
    ours = command.index("spark.sql.shuffle.partitions=4")
    assert ours < command.index("spark.sql.shuffle.partitions=7")


def test_nothing_listens_beyond_this_machine(tmp_path: Path) -> None:
    command = command_of(tmp_path, "--conf", "spark.driver.bindAddress=0.0.0.0", "s3://one/job.py")
    asked = command.index("spark.driver.bindAddress=0.0.0.0")
    assert asked < command.index("spark.driver.bindAddress=127.0.0.1")
    assert "spark.ui.enabled=false" in command


def test_every_bucket_is_a_folder(tmp_path: Path) -> None:
    command = command_of(tmp_path, "s3://one/job.py")
    for bucket in ("one", "two"):
        mount = f"spark.hadoop.fs.viewfs.mounttable.{bucket}.linkFallback=file://{tmp_path}/farm/{bucket}"
        assert mount in command


@pytest.mark.parametrize(
    ("jar", "arguments", "message"),
    [
        (JAR, ["bash", "-c", "ls"], "runs command-runner.jar with spark-submit only, not with bash."),
        (JAR, [], "runs command-runner.jar with spark-submit only, not with (nothing)."),
        ("s3://b/my.jar", ["x"], "runs only command-runner.jar with spark-submit, not s3://b/my.jar."),
        (JAR, ["spark-submit", "--conf", "a=b"], "spark-submit names no application to run."),
        (JAR, ["spark-submit", "--class"], "spark-submit's option --class needs a value."),
    ],
)
def test_all_else_is_refused(jar: str, arguments: list[str], message: str) -> None:
    with pytest.raises(UnsupportedStepError) as caught:
        parse_submission(jar, arguments)
    assert str(caught.value).endswith(message)
