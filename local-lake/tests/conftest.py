"""One local lake for the whole test session, reached as its users reach it: over HTTP with boto3."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from fault_driver import FaultDriver
from stack_driver import StackDriver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REGION = "ap-northeast-1"
ROOT = Path(__file__).parents[1]

Client = Any
"""A boto3 client; boto3 makes its methods at run time."""


@dataclass(frozen=True)
class Lake:
    """A local lake that runs, and the folder of its log and objects."""

    endpoint: str
    pid: int
    state: Path

    def client(self, service: str, region: str = REGION) -> Client:
        """Make a client that tries once, so that a refusal is seen as it is."""
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def environment(self) -> dict[str, str]:
        """The variables by which the AWS CLI and SDKs find the lake; no profile of the machine leaks in."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        return {
            **kept,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_PAGER": "",
        }


def start_lake(state: Path, *options: str) -> tuple[subprocess.Popen[str], Lake]:
    """Start a local lake and wait for its ready line."""
    process = subprocess.Popen(
        [sys.executable, "-m", "local_lake", "--port", "0", "--state", str(state), *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        _, errors = process.communicate()
        raise AssertionError(f"the local lake did not start: {errors}")
    ready = json.loads(line)
    return process, Lake(ready["endpoint"], ready["pid"], state)


def stop_lake(process: subprocess.Popen[str]) -> tuple[int, str]:
    """End a local lake as a service manager would; returns its exit code and stderr."""
    process.terminate()
    _, errors = process.communicate(timeout=30)
    return process.returncode, errors


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    process, running = start_lake(tmp_path_factory.mktemp("lake"))
    yield running
    code, errors = stop_lake(process)
    assert (code, errors) == (0, "")


@pytest.fixture(scope="session")
def client(lake: Lake) -> Callable[[str], Client]:
    """Clients of the session's lake, each made once."""
    made: dict[str, Client] = {}

    def get(service: str) -> Client:
        if service not in made:
            made[service] = lake.client(service)
        return made[service]

    return get


@pytest.fixture(scope="session")
def stacks(client: Callable[[str], Client]) -> StackDriver:
    """Stacks of the session's lake."""
    return StackDriver(client("cloudformation"))


@pytest.fixture(scope="session")
def faulty_lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultDriver]:
    """A second local lake: on the first, faults would hit the tests of others."""
    process, running = start_lake(tmp_path_factory.mktemp("faulty"))
    yield FaultDriver(running)
    assert stop_lake(process) == (0, "")


@pytest.fixture
def faults(faulty_lake: FaultDriver) -> Iterator[FaultDriver]:
    """The faults of the second local lake; none is in force when a test begins."""
    yield faulty_lake
    faulty_lake.ask("DELETE")


_counter = itertools.count(1)


@pytest.fixture
def unique() -> str:
    """A name no other test of the session uses; fit for stacks and buckets alike."""
    return f"t{next(_counter)}"
