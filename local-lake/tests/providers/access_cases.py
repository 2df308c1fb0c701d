"""Cases of the resource types for who may do what: IAM, KMS and Lake Formation."""

from __future__ import annotations

from looks import DATABASE, Case, only, policy, ref, role, see_permissions, see_role, see_settings, trust

ROLE_ARN = "arn:aws:iam::123456789012:role/NAME-{}"


def _admins(*names: str) -> dict[str, object]:
    admins = [{"DataLakePrincipalIdentifier": ROLE_ARN.format(name)} for name in names]
    return {"MutationType": "APPEND", "Admins": admins}


ACCESS_CASES = (
    Case(
        "AWS::IAM::Role",
        {
            "RoleName": "NAME-role",
            "Description": "one",
            "AssumeRolePolicyDocument": trust("glue.amazonaws.com"),
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
            "Policies": [{"PolicyName": "a", "PolicyDocument": policy("s3:GetObject")}],
        },
        {
            "RoleName": "NAME-role",
            "Description": "two",
            "AssumeRolePolicyDocument": trust("ec2.amazonaws.com"),
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonS3FullAccess"],
            "Policies": [{"PolicyName": "b", "PolicyDocument": policy("s3:PutObject")}],
        },
        see_role,
        ("one", "glue.amazonaws.com", ["a"], ["AmazonS3ReadOnlyAccess"], {"t": "1"}),
        ("two", "ec2.amazonaws.com", ["b"], ["AmazonS3FullAccess"], {"t": "2"}),
    ),
    Case(
        "AWS::IAM::ServiceLinkedRole",
        {"AWSServiceName": "elasticmapreduce.amazonaws.com", "Description": "one"},
        {"AWSServiceName": "elasticmapreduce.amazonaws.com", "Description": "two"},
        lambda client, made, _: client("iam").get_role(RoleName=made)["Role"]["Description"],
        "one",
        "two",
    ),
    Case(
        "AWS::IAM::Policy",
        {"PolicyName": "one", "Roles": [ref("Role")], "PolicyDocument": policy("s3:GetObject")},
        {"PolicyName": "two", "Roles": [ref("Role")], "PolicyDocument": policy("s3:GetObject")},
        lambda client, _, name: [
            only(client("iam").list_role_policies(RoleName=entry["RoleName"])["PolicyNames"])
            for entry in [
                only([r for r in client("iam").list_roles()["Roles"] if r["RoleName"] == f"{name}-r"])
            ]
        ],
        ["one"],
        ["two"],
        {"Role": {**role(), "Properties": {**role()["Properties"], "RoleName": "NAME-r"}}},
    ),
    Case(
        "AWS::IAM::ManagedPolicy",
        {"ManagedPolicyName": "NAME-policy", "PolicyDocument": policy("s3:GetObject"), "Roles": []},
        {"ManagedPolicyName": "NAME-policy", "PolicyDocument": policy("s3:Put*"), "Roles": [ref("Role")]},
        lambda client, made, _: (
            client("iam").get_policy(PolicyArn=made)["Policy"]["DefaultVersionId"],
            len(client("iam").list_entities_for_policy(PolicyArn=made)["PolicyRoles"]),
        ),
        ("v1", 0),
        ("v2", 1),
        {"Role": role()},
    ),
    Case(
        "AWS::IAM::InstanceProfile",
        {"Roles": [ref("Role")]},
        {"Roles": [ref("Other")]},
        lambda client, made, _: (
            "Other"
            in only(client("iam").get_instance_profile(InstanceProfileName=made)["InstanceProfile"]["Roles"])[
                "RoleName"
            ]
        ),
        False,
        True,
        {"Role": role(), "Other": role()},
    ),
    Case(
        "AWS::LakeFormation::DataLakeSettings",
        _admins("one"),
        _admins("two", "three"),
        see_settings,
        ["one"],
        ["three", "two"],
    ),
    Case(
        "AWS::LakeFormation::Resource",
        {
            "ResourceArn": "arn:aws:s3:::NAME-place",
            "RoleArn": ROLE_ARN.format("one"),
            "UseServiceLinkedRole": False,
        },
        {
            "ResourceArn": "arn:aws:s3:::NAME-place",
            "RoleArn": ROLE_ARN.format("two"),
            "UseServiceLinkedRole": False,
        },
        lambda client, made, _: (
            client("lakeformation")
            .describe_resource(ResourceArn=made)["ResourceInfo"]["RoleArn"]
            .rpartition("-")[2]
        ),
        "one",
        "two",
    ),
    Case(
        "AWS::LakeFormation::PrincipalPermissions",
        {
            "Principal": {"DataLakePrincipalIdentifier": ROLE_ARN.format("user")},
            "Resource": {"Database": {"CatalogId": "123456789012", "Name": ref("Database")}},
            "Permissions": ["ALTER", "DESCRIBE"],
            "PermissionsWithGrantOption": ["DESCRIBE"],
        },
        None,
        see_permissions,
        ["ALTER", "DESCRIBE"],
        support={"Database": DATABASE},
    ),
    Case(
        "AWS::KMS::Key",
        {"Description": "one", "EnableKeyRotation": True},
        {"Description": "two", "EnableKeyRotation": False},
        lambda client, made, _: (
            only(
                [
                    key["Description"]
                    for key in [client("kms").describe_key(KeyId=made)["KeyMetadata"]]
                    if key["KeyState"] == "Enabled"
                ]
            ),
            client("kms").get_key_rotation_status(KeyId=made)["KeyRotationEnabled"],
        ),
        ("one", True),
        ("two", False),
    ),
    Case(
        "AWS::KMS::Alias",
        {"AliasName": "alias/NAME", "TargetKeyId": ref("Key")},
        {"AliasName": "alias/NAME", "TargetKeyId": ref("Other")},
        lambda client, made, _: client("kms").describe_key(KeyId=made)["KeyMetadata"]["Description"],
        "first",
        "second",
        {
            "Key": {"Type": "AWS::KMS::Key", "Properties": {"Description": "first"}},
            "Other": {"Type": "AWS::KMS::Key", "Properties": {"Description": "second"}},
        },
    ),
)
