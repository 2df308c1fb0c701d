"""What several stacks and people share is changed entry by entry, never taken over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from looks import DATABASE, see_permissions

if TYPE_CHECKING:
    from stack_driver import StackDriver, Template

Client = Callable[[str], Any]


def admin(name: str) -> dict[str, str]:
    return {"DataLakePrincipalIdentifier": f"arn:aws:iam::123456789012:role/{name}"}


def settings(*names: str) -> Template:
    described = {"MutationType": "APPEND", "Admins": [admin(name) for name in names]}
    return {"Resources": {"S": {"Type": "AWS::LakeFormation::DataLakeSettings", "Properties": described}}}


def test_administrators_are_added_and_taken_away_one_by_one(
    stacks: StackDriver, client: Client, unique: str
) -> None:
    lake_formation = client("lakeformation")
    before = lake_formation.get_data_lake_settings()["DataLakeSettings"]
    others = [*(before.get("DataLakeAdmins") or []), admin(f"{unique}-person")]
    lake_formation.put_data_lake_settings(DataLakeSettings={**before, "DataLakeAdmins": others})

    def admins() -> list[dict[str, str]]:
        found: list[dict[str, str]] = lake_formation.get_data_lake_settings()["DataLakeSettings"][
            "DataLakeAdmins"
        ]
        return found

    stacks.create(unique, settings(f"{unique}-a", f"{unique}-b"))
    assert admins() == [*others, admin(f"{unique}-a"), admin(f"{unique}-b")]
    stacks.update(unique, settings(f"{unique}-b", f"{unique}-c"))
    assert admins() == [*others, admin(f"{unique}-b"), admin(f"{unique}-c")]
    stacks.delete(unique)
    assert admins() == others
    lake_formation.put_data_lake_settings(DataLakeSettings=before)


def test_replaced_grants_keep_what_both_name(stacks: StackDriver, client: Client, unique: str) -> None:
    def grants(*permissions: str) -> Template:
        properties = {
            "Principal": {"DataLakePrincipalIdentifier": f"arn:aws:iam::123456789012:role/{unique}-user"},
            "Resource": {"Database": {"CatalogId": "123456789012", "Name": {"Ref": "Database"}}},
            "Permissions": list(permissions),
            "PermissionsWithGrantOption": [],
        }
        database = {
            **DATABASE,
            "Properties": {
                "CatalogId": {"Ref": "AWS::AccountId"},
                "DatabaseInput": {"Name": f"{unique}_db"},
            },
        }
        permissions_resource = {
            "Type": "AWS::LakeFormation::PrincipalPermissions",
            "Properties": properties,
        }
        return {"Resources": {"Database": database, "Grants": permissions_resource}}

    stacks.create(unique, grants("ALTER", "DESCRIBE"))
    updated = stacks.update(unique, grants("DESCRIBE", "DROP"))
    assert updated["StackStatus"] == "UPDATE_COMPLETE"
    assert see_permissions(client, "", unique) == ["DESCRIBE", "DROP"]


def test_a_role_that_others_gave_a_policy_is_not_deleted(
    stacks: StackDriver, client: Client, unique: str
) -> None:
    trust = {"Version": "2012-10-17", "Statement": []}
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {"RoleName": f"{unique}-role", "AssumeRolePolicyDocument": trust},
    }
    stacks.create(unique, {"Resources": {"Role": role}}, Capabilities=["CAPABILITY_NAMED_IAM"])
    policy = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    client("iam").attach_role_policy(RoleName=f"{unique}-role", PolicyArn=policy)
    assert stacks.delete(unique)["StackStatus"] == "DELETE_FAILED"
    client("iam").detach_role_policy(RoleName=f"{unique}-role", PolicyArn=policy)
    assert stacks.delete(unique)["StackStatus"] == "DELETE_COMPLETE"


def test_a_protected_cluster_keeps_its_stack(stacks: StackDriver, client: Client, unique: str) -> None:
    group = {"InstanceCount": 1, "InstanceType": "m5.xlarge"}
    cluster = {
        "Type": "AWS::EMR::Cluster",
        "Properties": {
            "Name": unique,
            "ReleaseLabel": "emr-7.1.0",
            "ServiceRole": "EMR_DefaultRole",
            "JobFlowRole": "EMR_EC2_DefaultRole",
            "Instances": {"MasterInstanceGroup": group, "TerminationProtected": True},
        },
    }
    created = stacks.create(unique, {"Resources": {"Cluster": cluster}})
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.events(unique)
    assert stacks.delete(unique)["StackStatus"] == "DELETE_FAILED"
    listed = stacks.cloudformation.describe_stack_resources(StackName=unique)["StackResources"]
    client("emr").set_termination_protection(
        JobFlowIds=[listed[0]["PhysicalResourceId"]], TerminationProtected=False
    )
    assert stacks.delete(unique)["StackStatus"] == "DELETE_COMPLETE"
