"""Every type that can be read back is in step with its template once it is made; the others are named."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from provider_cases import CASES
from stack_driver import wait_until
from test_provider_lifecycles import CAPABILITIES, template_of

if TYPE_CHECKING:
    from looks import Case
    from stack_driver import StackDriver

Client = Callable[[str], Any]

NOT_CHECKED = {
    "AWS::IAM::Policy",
    "AWS::LakeFormation::DataLakeSettings",
    "AWS::LakeFormation::Permissions",
    "AWS::LakeFormation::PrincipalPermissions",
    "AWS::SNS::TopicPolicy",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.type_name)
def test_what_was_made_has_not_drifted(stacks: StackDriver, unique: str, case: Case) -> None:
    api = stacks.cloudformation
    tags = [{"Key": "t", "Value": "1"}]
    template = template_of(case, case.first, unique)
    stacks.create(unique, template, Capabilities=CAPABILITIES, Tags=tags)
    detection = api.detect_stack_drift(StackName=unique)["StackDriftDetectionId"]

    def probe() -> dict[str, Any] | None:
        found: dict[str, Any] = api.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
        return None if found["DetectionStatus"] == "DETECTION_IN_PROGRESS" else found

    found = wait_until(probe)
    drifts = api.describe_stack_resource_drifts(StackName=unique)["StackResourceDrifts"]
    changed = [drift for drift in drifts if drift["StackResourceDriftStatus"] != "IN_SYNC"]
    assert (found["DetectionStatus"], found["StackDriftStatus"], changed) == (
        "DETECTION_COMPLETE",
        "IN_SYNC",
        [],
    )
    checked = {drift["ResourceType"] for drift in drifts if drift["LogicalResourceId"] == "Subject"}
    assert checked == (set() if case.type_name in NOT_CHECKED else {case.type_name})
    stacks.delete(unique)
