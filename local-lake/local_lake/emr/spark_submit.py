"""A step's ``spark-submit …`` as the command that runs here: same flags, another master, S3 as folders."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from local_lake.emr.java import find_java_home

if TYPE_CHECKING:
    from local_lake.storage.farm import Farm

# Options of spark-submit that take no value; all others take one.
_SWITCHES = {"--supervise", "--verbose", "-v", "--version", "--help", "-h", "--usage-error"}

# Options that name files, one or several with commas between.
_FILE_OPTIONS = {"--py-files", "--files", "--jars", "--archives", "--properties-file"}

# Where and how a driver runs is decided here.
_DROPPED_OPTIONS = {"--master", "--deploy-mode"}
_DROPPED_CONF = {"spark.master", "spark.submit.deployMode"}

# They halve the CPU of a job below some hundred thousand rows.
_JVM_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

# Below this the compilation of each stage takes longer than all the rows it is for.
_SMALL_LAKE_BYTES = 32 << 20

_VIEW = "org.apache.hadoop.fs.viewfs.ViewFileSystemOverloadScheme"


class UnsupportedStepError(Exception):
    """The step asks for something that this machine does not run; the text says what, and what it runs."""


@dataclass
class Submission:
    """A parsed ``spark-submit``: its options as given, the application, and the application's arguments."""

    options: list[tuple[str, str | None]] = field(default_factory=list)
    application: str = ""
    arguments: list[str] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        """Return every file the submission names."""
        named = [value or "" for option, value in self.options if option in _FILE_OPTIONS]
        return [self.application, *(one for value in named for one in value.split(",") if one)]


def parse_submission(jar: str, arguments: list[str]) -> Submission:
    """Read a step's arguments. Raises UnsupportedStepError for all but spark-submit."""
    if jar.rpartition("/")[2] != "command-runner.jar":
        raise UnsupportedStepError(
            f"The local lake runs only command-runner.jar with spark-submit, not {jar}."
        )
    program = arguments[0].rpartition("/")[2] if arguments else "(nothing)"
    if program != "spark-submit":
        raise UnsupportedStepError(
            f"The local lake runs command-runner.jar with spark-submit only, not with {program}."
        )
    submission = Submission()
    rest = arguments[1:]
    while rest and rest[0].startswith("-"):
        option, equals, value = rest[0].partition("=")
        rest = rest[1:]
        if option in _SWITCHES:
            submission.options.append((option, None))
        elif equals and option != "-c":
            submission.options.append((option, value))
        elif not rest:
            raise UnsupportedStepError(f"spark-submit's option {option} needs a value.")
        else:
            submission.options.append((option, rest[0]))
            rest = rest[1:]
    if not rest:
        raise UnsupportedStepError("spark-submit names no application to run.")
    submission.application, *submission.arguments = rest
    return submission


def build_command(submission: Submission, farm: Farm, scratch: Path) -> list[str]:
    """Return the command. Of two settings of one name the last wins: the step's over our defaults."""
    command = [str(find_spark_home() / "bin" / "spark-submit"), "--master", "local[2]"]
    for name, value in _defaults(farm, scratch).items():
        command += ["--conf", f"{name}={value}"]
    for option, given in submission.options:
        if option in _DROPPED_OPTIONS:
            continue
        if given is None:
            command.append(option)
            continue
        name = given.partition("=")[0]
        if option in {"--conf", "-c"} and name in _DROPPED_CONF:
            continue
        command += [option, _localise_all(given, farm.root) if option in _FILE_OPTIONS else given]
    for name in ("spark.driver.host", "spark.driver.bindAddress"):
        command += ["--conf", f"{name}=127.0.0.1"]
    return [*command, localise(submission.application, farm.root), *submission.arguments]


def build_environment(endpoint: str, region: str) -> dict[str, str]:
    """Return the environment of a driver: its Java and Python, and the local lake for any AWS SDK in it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "SPARK_", "PYSPARK_"))
    }
    return kept | {
        "SPARK_HOME": str(find_spark_home()),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "JAVA_HOME": str(find_java_home()),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": "local-lake",
        "AWS_SECRET_ACCESS_KEY": "local-lake",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def find_spark_home() -> Path:
    """Return the folder of the installed pyspark. Raises UnsupportedStepError where there is none."""
    from importlib.util import find_spec

    found = find_spec("pyspark")
    if found is None or not found.submodule_search_locations:
        raise UnsupportedStepError("pyspark is not installed beside the local lake.")
    return Path(found.submodule_search_locations[0])


def localise(uri: str, farm: Path) -> str:
    """Return the file in the farm that an S3 URI names; any other text as it is."""
    for scheme in ("s3://", "s3a://", "s3n://"):
        if uri.startswith(scheme):
            return str(farm / uri.removeprefix(scheme))
    return uri


def _localise_all(value: str, farm: Path) -> str:
    return ",".join(localise(one, farm) for one in value.split(","))


def _defaults(farm: Farm, scratch: Path) -> dict[str, str]:
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.extraJavaOptions": f"{_JVM_OPTIONS} -Djava.io.tmpdir={scratch}",
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": f"file://{scratch}/warehouse",
        "spark.hadoop.hadoop.tmp.dir": str(scratch),
        # The other local file system writes a hidden checksum file beside every file.
        "spark.hadoop.fs.file.impl": "org.apache.hadoop.fs.RawLocalFileSystem",
    }
    for scheme in ("s3", "s3a", "s3n"):
        settings[f"spark.hadoop.fs.{scheme}.impl"] = _VIEW
    for bucket in farm.buckets:
        settings[f"spark.hadoop.fs.viewfs.mounttable.{bucket}.linkFallback"] = f"file://{farm.root / bucket}"
    if farm.bytes < _SMALL_LAKE_BYTES:
        settings |= {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}
    return settings
