"""The AWS CLI's `cloudformation deploy`, as people run it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from stack_driver import StackDriver, parameter, resources

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Lake


def run_cli(lake: Lake, *arguments: str) -> str:
    command = [sys.executable, "-m", "awscli", "cloudformation", *arguments]
    done = subprocess.run(command, env=lake.environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_aws_cloudformation_deploy(lake: Lake, stacks: StackDriver, unique: str, tmp_path: Path) -> None:
    template = tmp_path / "template.json"
    template.write_text(json.dumps(resources(Value=parameter("1"))), encoding="utf-8")
    deploy = ("deploy", "--stack-name", unique, "--template-file", str(template))
    # The CLI would sleep for half a minute between its looks at a stack, so the set is executed here.
    run_cli(lake, *deploy, "--no-execute-changeset")
    made = stacks.cloudformation.list_change_sets(StackName=unique)["Summaries"][0]
    stacks.cloudformation.execute_change_set(ChangeSetName=made["ChangeSetId"])
    assert stacks.settle(unique)["StackStatus"] == "CREATE_COMPLETE"
    said = run_cli(lake, *deploy, "--no-fail-on-empty-changeset")
    assert f"No changes to deploy. Stack {unique} is up to date" in said
