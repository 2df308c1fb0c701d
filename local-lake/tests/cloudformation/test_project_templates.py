"""The project's own templates: deployed layer by layer, wired by outputs, found unchanged, taken away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from conftest import ROOT
from stack_driver import StackDriver, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

TEMPLATES = ROOT.parent / "templates"
LAYERS = (
    "account-settings",
    "s3-storage-layer",
    "iam-roles-policies",
    "glue-catalog",
    "lake-formation-simple",
    "emr-cluster",
    "cost-monitoring",
    "cloudtrail-logging",
)


def body_of(layer: str) -> str:
    return (TEMPLATES / f"{layer}.yaml").read_text(encoding="utf-8")


def wire(stacks: StackDriver, layer: str, outputs: dict[str, str]) -> list[dict[str, str]]:
    """Give a layer the outputs of others that its parameters are named after."""
    given = {"ProjectPrefix": "walk", **outputs}
    declared = stacks.cloudformation.get_template_summary(TemplateBody=body_of(layer))["Parameters"]
    keys = [parameter["ParameterKey"] for parameter in declared]
    return [{"ParameterKey": key, "ParameterValue": given[key]} for key in keys if key in given]


def change_set_of(stacks: StackDriver, layer: str, kind: str, outputs: dict[str, str]) -> dict[str, Any]:
    created = stacks.cloudformation.create_change_set(
        StackName=f"walk-{layer}",
        ChangeSetName=f"{layer}-{kind.lower()}",
        ChangeSetType=kind,
        TemplateBody=body_of(layer),
        Parameters=wire(stacks, layer, outputs),
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Tags=[{"Key": "datalake:lake", "Value": "walk"}],
    )

    def probe() -> dict[str, Any] | None:
        found: dict[str, Any] = stacks.cloudformation.describe_change_set(ChangeSetName=created["Id"])
        return found if found["Status"] in ("CREATE_COMPLETE", "FAILED") else None

    settled: dict[str, Any] = wait_until(probe)
    return settled


def test_all_layers_come_up_stay_unchanged_and_go(stacks: StackDriver, client: Callable[[str], Any]) -> None:
    outputs: dict[str, str] = {}
    for layer in LAYERS:
        change_set = change_set_of(stacks, layer, "CREATE", outputs)
        assert change_set["Status"] == "CREATE_COMPLETE", (layer, change_set.get("StatusReason"))
        stacks.cloudformation.execute_change_set(ChangeSetName=change_set["ChangeSetId"])
        stack = stacks.settle(f"walk-{layer}")
        assert stack["StackStatus"] == "CREATE_COMPLETE", (layer, stacks.events(f"walk-{layer}"))
        outputs |= stacks.outputs(f"walk-{layer}")
    buckets = {bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]}
    assert {outputs["RawBucketName"], outputs["CleanBucketName"], outputs["AnalyticsBucketName"]} <= buckets
    assert client("glue").get_crawler(Name=outputs["RawCrawlerName"])["Crawler"]["State"] == "READY"
    cluster = client("emr").describe_cluster(ClusterId=outputs["ClusterId"])["Cluster"]
    assert cluster["Status"]["State"] == "WAITING"

    for layer in LAYERS:
        again = change_set_of(stacks, layer, "UPDATE", outputs)
        assert "didn't contain changes" in again["StatusReason"], (layer, json.dumps(again, default=str))

    for layer in reversed(LAYERS):
        deleted = stacks.delete(f"walk-{layer}")
        assert deleted["StackStatus"] == "DELETE_COMPLETE", (layer, stacks.events(deleted["StackId"]))
    for bucket in ("RawBucketName", "CleanBucketName", "AnalyticsBucketName"):
        with pytest.raises(ClientError):
            client("s3").head_bucket(Bucket=outputs[bucket])


def test_no_template_is_forgotten() -> None:
    assert {Path(path).stem for path in TEMPLATES.glob("*.yaml")} == set(LAYERS)
