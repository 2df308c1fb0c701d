"""What a call is about: the names and ids in its parameters, and the ARN that a refusal would name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from local_lake.front.protocol import parse_call
from local_lake.front.registry import ACCOUNT, ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_lake.front.protocol import Call

_NAMING = re.compile(
    r"(?:^(?:name|id|bucket|key|arn)|Name|Id|Arn|ARN|Identifier|Bucket|Key|WorkGroup|Prefix)s?$"
)
# These end like names, but say on whose behalf or with whose rights a call is made.
_NOT_TARGETS = re.compile(
    r"^(?:RoleA(?:rn|RN)|NotificationARNs|CatalogId|AccountId|ExpectedBucketOwner|.*KmsKey(?:Id|Arn)?|SSEKMSKeyId)$"
)


def find_targets(call: Call) -> list[str]:
    """Return what a rule's resource is compared with: each name and id of a call, and all joined by `/`.

    So an S3 object is `bucket/key`, a Glue table `database/table`. Empty where the request cannot be read.
    """
    parts = list(_names(_read_params(call)))
    return [*parts, "/".join(parts)] if len(parts) > 1 else parts


def find_arn(call: Call, action_prefix: str) -> str:
    """Return the ARN that IAM would name in refusing a call, `*` where the action has no resource.

    `action_prefix` is the service's prefix in IAM actions. The forms are those of the Service Authorization
    Reference; of a request with several resources, AWS names the first.
    """
    params = _read_params(call)
    for value in params.values():
        if isinstance(value, str) and value.startswith(f"arn:aws:{action_prefix}:"):
            return value
    service = call.caller.service
    if service == "s3":
        path = "/".join(str(params[name]) for name in ("Bucket", "Key") if name in params)
        return f"arn:aws:s3:::{path or '*'}"
    resource = _find_resource(service, call.name, params)
    if resource is None:
        return "*"
    region = "" if service in ("iam", "budgets") else call.caller.region
    return f"arn:aws:{action_prefix}:{region}:{ACCOUNT}:{resource}"


# For each service: the parameters that name a resource, the most telling first, and the last part of its ARN.
_RESOURCES = {
    "cloudformation": {"StackName": "stack/{}/*"},
    "athena": {"WorkGroup": "workgroup/{}"},
    "emr": {"ClusterId": "cluster/{}", "JobFlowId": "cluster/{}", "JobFlowIds": "cluster/{}"},
    "logs": {"logGroupName": "log-group:{}:log-stream:"},
    "ssm": {"Name": "parameter/{}"},
    "iam": {
        "InstanceProfileName": "instance-profile/{}",
        "RoleName": "role/{}",
        "UserName": "user/{}",
        "PolicyName": "policy/{}",
    },
    "lambda": {"FunctionName": "function:{}"},
    "cloudwatch": {"AlarmName": "alarm:{}"},
    "emr-serverless": {"applicationId": "/applications/{}"},
}


def _find_resource(service: str, operation: str, params: dict[str, Any]) -> str | None:
    if service == "glue":
        return _find_glue_resource(operation, params)
    if service == "emr" and operation == "RunJobFlow":
        return "cluster/*"
    for name, form in _RESOURCES.get(service, {}).items():
        value = params.get(name)
        first = value[0] if isinstance(value, list) and value else value
        if first:
            return form.format(str(first).lstrip("/"))
    return None


def _find_glue_resource(operation: str, params: dict[str, Any]) -> str | None:
    """Name the crawler, job or trigger; of tables and databases, IAM asks for the catalog first."""
    for kind in ("Crawler", "Job", "Trigger"):
        if operation.endswith(kind) and "Name" in params:
            return f"{kind.lower()}/{params['Name']}"
    return "catalog" if re.search("Database|Table|Partition", operation) else None


def _read_params(call: Call) -> dict[str, Any]:
    try:
        return parse_call(call).params
    except ServiceError:
        return {}


def _names(value: object, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for member, inner in value.items():
            if not _NOT_TARGETS.match(member):
                yield from _names(inner, member)
    elif isinstance(value, str) and _NAMING.search(name):
        yield value
    elif isinstance(value, list) and _NAMING.search(name):
        yield from (one for one in value if isinstance(one, str))
