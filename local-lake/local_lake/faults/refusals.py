"""The error of each refusing kind, in the words of the service it comes from.

Codes and sentences are those of "Common Errors" in each service's API reference, S3's "Error responses" and
EC2's "Error codes"; where an operation's model names an error of its own for the case, its code is used.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from moto.sts.models import sts_backends

from local_lake.faults.targets import find_arn
from local_lake.front.registry import ACCOUNT, ServiceError

if TYPE_CHECKING:
    from local_lake.front.protocol import Call

_EXPIRED = "The security token included in the request is expired"
_UNKNOWN_FAILURE = "The request processing has failed because of an unknown error, exception or failure."
_TEMPORARY_FAILURE = "The request has failed due to a temporary failure of the server."

_S3 = {
    "throttling": ServiceError("SlowDown", "Please reduce your request rate.", 503),
    "internal-error": ServiceError(
        "InternalError", "We encountered an internal error. Please try again.", 500
    ),
    "unavailable": ServiceError("ServiceUnavailable", "Service is unable to handle request.", 503),
    "expired-token": ServiceError("ExpiredToken", "The provided token has expired.", 400),
}
_EC2 = {
    "throttling": ServiceError("RequestLimitExceeded", "Request limit exceeded.", 503),
    "internal-error": ServiceError("InternalError", "An internal error has occurred", 500),
    "unavailable": ServiceError("Unavailable", "The server is overloaded and can't handle the request.", 503),
    "expired-token": ServiceError("RequestExpired", "Request has expired.", 400),
}
_QUERY = {
    "throttling": ServiceError("Throttling", "Rate exceeded", 400),
    "internal-error": ServiceError("InternalFailure", _UNKNOWN_FAILURE, 500),
    "unavailable": ServiceError("ServiceUnavailable", _TEMPORARY_FAILURE, 503),
    "expired-token": ServiceError("ExpiredToken", _EXPIRED, 403),
}
_JSON = {
    "throttling": ServiceError("ThrottlingException", "Rate exceeded", 400),
    "internal-error": ServiceError("InternalFailure", _UNKNOWN_FAILURE, 500),
    "unavailable": ServiceError("ServiceUnavailableException", _TEMPORARY_FAILURE, 503),
    "expired-token": ServiceError("ExpiredTokenException", _EXPIRED, 400),
}
_REST_JSON = {
    **_JSON,
    "throttling": ServiceError("ThrottlingException", "Rate exceeded", 429),
    "expired-token": ServiceError("ExpiredTokenException", _EXPIRED, 403),
}
_BY_PROTOCOL = {"rest-xml": _S3, "ec2": _EC2, "query": _QUERY, "json": _JSON, "rest-json": _REST_JSON}

_MODELLED = {
    "throttling": re.compile("^Throttl"),
    "internal-error": re.compile("^(Internal(Service|Server|Error)|ServiceFailure)"),
    "unavailable": re.compile("^ServiceUnavailable"),
}
_TOO_MANY = {"lambda": ServiceError("TooManyRequestsException", "Rate Exceeded.", 429)}


def refusal_of(kind: str, call: Call) -> ServiceError:
    """Return the error that a call gets by a rule of a refusing kind."""
    protocol = _protocol_of(call)
    if kind == "access-denied":
        return _denial(call, protocol)
    if kind == "throttling" and call.caller.service in _TOO_MANY:
        return _copy(_TOO_MANY[call.caller.service])
    usual = _BY_PROTOCOL[protocol][kind]
    return _copy(usual, _find_modelled_code(kind, call))


def _copy(error: ServiceError, code: str | None = None) -> ServiceError:
    """Make a fresh error: a raised one keeps the frames it passed through."""
    return ServiceError(code or error.code, error.message, error.status)


def _protocol_of(call: Call) -> str:
    """Return whose words a service speaks; those that take several protocols were query services at first."""
    model = call.operation.service_model
    protocols = model.metadata.get("protocols") or [model.metadata["protocol"]]
    return next((name for name in reversed(protocols) if name in _BY_PROTOCOL), "json")


def _find_modelled_code(kind: str, call: Call) -> str | None:
    pattern = _MODELLED.get(kind)
    if pattern is None:
        return None
    for shape in call.operation.error_shapes:
        if pattern.match(shape.name):
            return str(shape.metadata.get("error", {}).get("code", shape.name))
    return None


_ACTION_PREFIXES = {
    "emr": "elasticmapreduce",
    "stepfunctions": "states",
    "resourcegroupstaggingapi": "tag",
    "elbv2": "elasticloadbalancing",
}

# "Required permissions for Amazon S3 API operations": most are named like the operation. Answers
# to HEAD have no body that could name one.
_S3_ACTIONS = {
    "ListBuckets": "ListAllMyBuckets",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "DeleteObjects": "DeleteObject",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeleteBucketTagging": "PutBucketTagging",
}


def _denial(call: Call, protocol: str) -> ServiceError:
    service = call.caller.service
    prefix = _ACTION_PREFIXES.get(service, service)
    action = f"{prefix}:{_S3_ACTIONS.get(call.name, call.name) if service == 's3' else call.name}"
    user = sts_backends[ACCOUNT]["aws"].get_caller_identity(call.caller.access_key, call.caller.region)[1]
    arn = find_arn(call, prefix)
    sentence = f"User: {user} is not authorized to perform: {action}"
    reason = f"because no identity-based policy allows the {action} action"
    if protocol == "rest-xml":
        return ServiceError("AccessDenied", f'{sentence} on resource: "{arn}" {reason}', 403)
    if protocol == "ec2":
        where = "" if arn == "*" else f" on resource: {arn}"
        opening = "You are not authorized to perform this operation."
        return ServiceError("UnauthorizedOperation", f"{opening} {sentence}{where} {reason}", 403)
    message = f"{sentence} on resource: {arn} {reason}"
    if protocol == "query":
        return ServiceError("AccessDenied", message, 403)
    return ServiceError("AccessDeniedException", message, 403 if protocol == "rest-json" else 400)
