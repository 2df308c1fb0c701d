"""What a case of the provider tests is, and how each service shows what a template asked of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Client = Callable[[str], Any]
Look = Callable[[Client, str, str], Any]


@dataclass(frozen=True)
class Case:
    """`look` asks the service for what the properties decide; it raises when the resource is gone."""

    type_name: str
    first: dict[str, Any]
    second: dict[str, Any] | None
    look: Look
    first_seen: Any
    second_seen: Any = None
    support: dict[str, Any] = field(default_factory=dict)


def trust(service: str) -> dict[str, Any]:
    """Write a trust policy for a service."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def policy(action: str) -> dict[str, Any]:
    """Write a policy that allows one action."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


def role(service: str = "glue.amazonaws.com") -> dict[str, Any]:
    """Write a role as a resource."""
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust(service)}}


def ref(name: str) -> dict[str, str]:
    """Write a Ref."""
    return {"Ref": name}


def att(name: str, attribute: str) -> dict[str, list[str]]:
    """Write a Fn::GetAtt."""
    return {"Fn::GetAtt": [name, attribute]}


def pairs(tags: list[dict[str, str]], own: str = "Key", value: str = "Value") -> dict[str, str]:
    """Read tags, without those CloudFormation adds."""
    return {tag[own]: tag[value] for tag in tags if not tag[own].startswith("aws:")}


def only(entries: list[Any]) -> Any:  # noqa: ANN401
    """Return the one entry there is; LookupError when there is none."""
    if not entries:
        raise LookupError("gone")
    (entry,) = entries
    return entry


VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.1.0.0/16"}}
SUBNET = {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": ref("Vpc"), "CidrBlock": "10.1.0.0/24"}}
GROUP = {
    "Type": "AWS::EC2::SecurityGroup",
    "Properties": {"GroupDescription": "g", "VpcId": ref("Vpc")},
}
TABLE = {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": ref("Vpc")}}
TOPIC = {"Type": "AWS::SNS::Topic"}
BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "NAME-data"}}
DATABASE = {
    "Type": "AWS::Glue::Database",
    "Properties": {"CatalogId": ref("AWS::AccountId"), "DatabaseInput": {"Name": "NAME_db"}},
}
LOG_GROUP = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "NAME-logs"}}
PROFILE = {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [ref("NodeRole")]}}
EMR_SUPPORT = {
    "ServiceRole": role("elasticmapreduce.amazonaws.com"),
    "NodeRole": role("ec2.amazonaws.com"),
    "Profile": PROFILE,
    "Vpc": VPC,
    "Subnet": SUBNET,
}


def see_tags(client: Client, bucket: str) -> dict[str, str]:
    """Read a bucket's tags."""
    return pairs(client("s3").get_bucket_tagging(Bucket=bucket)["TagSet"])


def see_bucket(client: Client, name: str, _: str) -> Any:  # noqa: ANN401
    """Read all of a bucket that a template sets."""
    s3 = client("s3")
    encryption = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0]
    rules = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    return (
        s3.get_bucket_versioning(Bucket=name)["Status"],
        encryption["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"],
        [(rule["ID"], rule.get("Expiration"), rule.get("NoncurrentVersionExpiration")) for rule in rules],
        block["BlockPublicAcls"],
        see_tags(client, name),
    )


def bucket_properties(days: int, *, block: bool, own_tag: str) -> dict[str, Any]:
    """Write a bucket's properties."""
    rule = {
        "Id": "r",
        "Status": "Enabled",
        "Prefix": "tmp/",
        "ExpirationInDays": days,
        "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
        "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 1}],
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
    }
    algorithm = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    return {
        "BucketName": "NAME-bucket",
        "VersioningConfiguration": {"Status": "Enabled"},
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [algorithm]},
        "LifecycleConfiguration": {"Rules": [rule]},
        "PublicAccessBlockConfiguration": {"BlockPublicAcls": block},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "Tags": [{"Key": "own", "Value": own_tag}],
    }


def see_role(client: Client, name: str, _: str) -> Any:  # noqa: ANN401
    """Read a role with its policies."""
    iam = client("iam")
    live = iam.get_role(RoleName=name)["Role"]
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    return (
        live["Description"],
        live["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"],
        iam.list_role_policies(RoleName=name)["PolicyNames"],
        [entry["PolicyName"] for entry in attached],
        pairs(iam.list_role_tags(RoleName=name)["Tags"]),
    )


def see_settings(client: Client, _: str, name: str) -> list[str]:
    """Read which of a test's own administrators Lake Formation has."""
    settings = client("lakeformation").get_data_lake_settings()["DataLakeSettings"]
    admins = [admin["DataLakePrincipalIdentifier"] for admin in settings.get("DataLakeAdmins") or []]
    mine = [admin.rpartition("-")[2] for admin in admins if f"{name}-" in admin]
    if not mine:
        raise LookupError("no administrator left")
    return sorted(mine)


def see_permissions(client: Client, _: str, name: str) -> list[str]:
    """Read the permissions a test's own principal has."""
    listed = client("lakeformation").list_permissions()["PrincipalResourcePermissions"]
    principal = f"arn:aws:iam::123456789012:role/{name}-user"
    return sorted(
        only(
            [
                entry["Permissions"]
                for entry in listed
                if entry["Principal"]["DataLakePrincipalIdentifier"] == principal
            ]
        )
    )


def see_cluster(client: Client, cluster_id: str, _: str) -> Any:  # noqa: ANN401
    """Read a cluster that is not terminated."""
    cluster = client("emr").describe_cluster(ClusterId=cluster_id)["Cluster"]
    if cluster["Status"]["State"].startswith("TERMINATED"):
        raise LookupError("terminated")
    return (cluster["Status"]["State"], cluster["Name"].rpartition("-")[2], pairs(cluster["Tags"]))


def see_endpoint(client: Client, endpoint_id: str, _: str) -> Any:  # noqa: ANN401
    """Read an endpoint's service and how many route tables it is in."""
    endpoints = client("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"]
    endpoint = only([e for e in endpoints if e["State"] not in ("deleted", "deleting")])
    return endpoint["ServiceName"], len(endpoint["RouteTableIds"])


def see_association(client: Client, association_id: str, _: str) -> str:
    """Tell whether the subnet of an association is associated."""
    wanted = [{"Name": "association.route-table-association-id", "Values": [association_id]}]
    tables = client("ec2").describe_route_tables(Filters=wanted)["RouteTables"]
    return "associated" if only(tables) else ""


def see_rule(direction: str) -> Look:
    """Make a look at the ports of a security group's only rule of a test."""

    def look(client: Client, rule_id: str, _: str) -> Any:  # noqa: ANN401
        rules = client("ec2").describe_security_group_rules(SecurityGroupRuleIds=[rule_id])
        rule = only(rules["SecurityGroupRules"])
        assert rule["IsEgress"] == (direction == "egress")
        return rule["FromPort"]

    return look


def see_budget(client: Client, name: str, _: str) -> Any:  # noqa: ANN401
    """Read a budget's limit and thresholds."""
    budgets = client("budgets")
    found = budgets.describe_budget(AccountId="123456789012", BudgetName=name)["Budget"]
    notifications = budgets.describe_notifications_for_budget(AccountId="123456789012", BudgetName=name)
    thresholds = [entry["Threshold"] for entry in notifications["Notifications"]]
    return float(found["BudgetLimit"]["Amount"]), thresholds


def budget_properties(limit: float, threshold: float) -> dict[str, Any]:
    """Write a budget."""
    return {
        "Budget": {
            "BudgetName": "NAME-budget",
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": limit, "Unit": "USD"},
        },
        "NotificationsWithSubscribers": [
            {
                "Notification": {
                    "NotificationType": "ACTUAL",
                    "ComparisonOperator": "GREATER_THAN",
                    "Threshold": threshold,
                },
                "Subscribers": [{"SubscriptionType": "EMAIL", "Address": "a@example.com"}],
            }
        ],
    }
