"""What boto3 makes of each refusing kind, in each protocol: the service's own code, sentence and status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from conftest import REGION

if TYPE_CHECKING:
    from fault_driver import FaultDriver

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "glue": ("start_crawler", {"Name": "raw"}),  # awsJson1.1
    "athena": ("get_work_group", {"WorkGroup": "primary"}),
    "emr": ("list_clusters", {}),
    "logs": ("describe_log_groups", {}),
    "stepfunctions": ("list_state_machines", {}),  # awsJson1.0
    "cloudformation": ("describe_stacks", {"StackName": "data"}),  # query
    "iam": ("get_role", {"RoleName": "reader"}),
    "sts": ("get_caller_identity", {}),
    "cloudwatch": ("list_dashboards", {}),  # several protocols; query at first
    "ec2": ("describe_vpcs", {}),  # ec2
    "s3": ("list_objects_v2", {"Bucket": "raw"}),  # rest-xml
    "lakeformation": ("list_resources", {}),  # rest-json
    "lambda": ("list_functions", {}),
}
JSON = ("glue", "athena", "emr", "logs", "stepfunctions")
QUERY = ("cloudformation", "iam", "sts", "cloudwatch")
RATE = "Rate exceeded"
UNKNOWN = "The request processing has failed because of an unknown error, exception or failure."
TEMPORARY = "The request has failed due to a temporary failure of the server."
EXPIRED = "The security token included in the request is expired"

EXPECTED: list[tuple[str, str, int, str, str]] = [
    *(("throttling", service, 400, "ThrottlingException", RATE) for service in JSON),
    *(("throttling", service, 400, "Throttling", RATE) for service in QUERY),
    ("throttling", "ec2", 503, "RequestLimitExceeded", "Request limit exceeded."),
    ("throttling", "s3", 503, "SlowDown", "Please reduce your request rate."),
    ("throttling", "lakeformation", 429, "ThrottlingException", RATE),
    ("throttling", "lambda", 429, "TooManyRequestsException", "Rate Exceeded."),
    ("internal-error", "glue", 500, "InternalFailure", UNKNOWN),
    ("internal-error", "athena", 500, "InternalServerException", UNKNOWN),
    ("internal-error", "cloudformation", 500, "InternalFailure", UNKNOWN),
    ("internal-error", "iam", 500, "ServiceFailure", UNKNOWN),
    ("internal-error", "cloudwatch", 500, "InternalServiceError", UNKNOWN),
    ("internal-error", "ec2", 500, "InternalError", "An internal error has occurred"),
    ("internal-error", "s3", 500, "InternalError", "We encountered an internal error. Please try again."),
    ("internal-error", "lakeformation", 500, "InternalServiceException", UNKNOWN),
    *(("unavailable", service, 503, "ServiceUnavailableException", TEMPORARY) for service in JSON),
    *(("unavailable", service, 503, "ServiceUnavailable", TEMPORARY) for service in QUERY),
    ("unavailable", "ec2", 503, "Unavailable", "The server is overloaded and can't handle the request."),
    ("unavailable", "s3", 503, "ServiceUnavailable", "Service is unable to handle request."),
    ("unavailable", "lakeformation", 503, "ServiceUnavailableException", TEMPORARY),
    *(("expired-token", service, 400, "ExpiredTokenException", EXPIRED) for service in JSON),
    *(("expired-token", service, 403, "ExpiredToken", EXPIRED) for service in QUERY),
    ("expired-token", "ec2", 400, "RequestExpired", "Request has expired."),
    ("expired-token", "s3", 400, "ExpiredToken", "The provided token has expired."),
    ("expired-token", "lakeformation", 403, "ExpiredTokenException", EXPIRED),
]


def refusal(
    faults: FaultDriver, service: str, operation: str, arguments: dict[str, Any]
) -> tuple[int, str, str]:
    with pytest.raises(ClientError) as refused:
        getattr(faults.client(service), operation)(**arguments)
    response = refused.value.response
    return (
        response["ResponseMetadata"]["HTTPStatusCode"],
        response["Error"]["Code"],
        response["Error"]["Message"],
    )


@pytest.mark.parametrize(("kind", "service", "status", "code", "message"), EXPECTED)
def test_a_service_refuses_in_its_own_words(
    faults: FaultDriver, kind: str, service: str, status: int, code: str, message: str
) -> None:
    faults.add(service=service, kind=kind)
    assert refusal(faults, service, *CALLS[service]) == (status, code, message)


def test_codes_that_a_service_models_become_its_exceptions(faults: FaultDriver) -> None:
    glue, iam = faults.client("glue"), faults.client("iam")
    faults.add(service="glue", kind="throttling")
    faults.add(service="iam", kind="internal-error")
    with pytest.raises(glue.exceptions.ThrottlingException):
        glue.start_crawler(Name="raw")
    with pytest.raises(iam.exceptions.ServiceFailureException):
        iam.get_role(RoleName="reader")


HERE = f"{REGION}:123456789012"
DENIALS: list[tuple[str, str, dict[str, Any], str, str | None]] = [
    ("glue", "start_crawler", {"Name": "raw"}, "glue:StartCrawler", f"arn:aws:glue:{HERE}:crawler/raw"),
    (
        "glue",
        "get_table",
        {"DatabaseName": "d", "Name": "t"},
        "glue:GetTable",
        f"arn:aws:glue:{HERE}:catalog",
    ),
    (
        "emr",
        "describe_cluster",
        {"ClusterId": "j-1"},
        "elasticmapreduce:DescribeCluster",
        f"arn:aws:elasticmapreduce:{HERE}:cluster/j-1",
    ),
    ("emr", "list_clusters", {}, "elasticmapreduce:ListClusters", "*"),
    (
        "cloudformation",
        "describe_stacks",
        {"StackName": "data"},
        "cloudformation:DescribeStacks",
        f"arn:aws:cloudformation:{HERE}:stack/data/*",
    ),
    ("iam", "get_role", {"RoleName": "reader"}, "iam:GetRole", "arn:aws:iam::123456789012:role/reader"),
    (
        "sns",
        "get_topic_attributes",
        {"TopicArn": f"arn:aws:sns:{HERE}:alerts"},
        "sns:GetTopicAttributes",
        f"arn:aws:sns:{HERE}:alerts",
    ),
    ("s3", "list_objects_v2", {"Bucket": "raw"}, "s3:ListBucket", '"arn:aws:s3:::raw"'),
    ("s3", "list_object_versions", {"Bucket": "raw"}, "s3:ListBucketVersions", '"arn:aws:s3:::raw"'),
    ("s3", "get_object", {"Bucket": "raw", "Key": "a/b"}, "s3:GetObject", '"arn:aws:s3:::raw/a/b"'),
    ("lakeformation", "list_resources", {}, "lakeformation:ListResources", "*"),
    ("ec2", "describe_vpcs", {}, "ec2:DescribeVpcs", None),
]


@pytest.mark.parametrize(("service", "operation", "arguments", "action", "resource"), DENIALS)
def test_a_denied_call_is_told_who_what_and_on_which_resource(
    faults: FaultDriver,
    service: str,
    operation: str,
    arguments: dict[str, Any],
    action: str,
    resource: str | None,
) -> None:
    faults.add(service=service, kind="access-denied")
    _, code, message = refusal(faults, service, operation, arguments)
    who = faults.client("sts").get_caller_identity()["Arn"]
    opening = "You are not authorized to perform this operation. " if service == "ec2" else ""
    where = "" if resource is None else f" on resource: {resource}"
    assert message == (
        f"{opening}User: {who} is not authorized to perform: {action}{where} "
        f"because no identity-based policy allows the {action} action"
    )
    codes = {
        "ec2": "UnauthorizedOperation",
        "s3": "AccessDenied",
        "iam": "AccessDenied",
        "sns": "AccessDenied",
    }
    assert code == ({"cloudformation": "AccessDenied"} | codes).get(service, "AccessDeniedException")


def test_a_head_request_is_refused_by_its_status_alone(faults: FaultDriver) -> None:
    faults.add(service="s3", kind="access-denied")
    assert refusal(faults, "s3", "head_object", {"Bucket": "b", "Key": "k"}) == (403, "403", "Forbidden")
