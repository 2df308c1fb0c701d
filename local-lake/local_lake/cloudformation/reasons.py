"""Puts what went wrong with a resource into the words CloudFormation shows in its events."""

from __future__ import annotations

import uuid

from botocore.exceptions import ClientError, ParamValidationError

from local_lake.cloudformation.scheduling import Cancelled
from local_lake.front.registry import ServiceError
from local_lake.providers.contract import ResourceFailure

_CODE_WORDS = (
    ("AlreadyExists", "AlreadyExists"),
    ("AlreadyOwnedByYou", "AlreadyExists"),
    ("Duplicate", "AlreadyExists"),
    ("NoSuch", "NotFound"),
    ("NotFound", "NotFound"),
    ("AccessDenied", "AccessDenied"),
    ("LimitExceeded", "ServiceLimitExceeded"),
)


def explain(error: Exception, verb: str, type_name: str) -> str:
    """Explain a failure of a resource of some type; `verb` is `creation`, `update` or `deletion`."""
    if isinstance(error, Cancelled):
        return f"Resource {verb} cancelled"
    if isinstance(error, ServiceError):
        return error.message
    if isinstance(error, ResourceFailure):
        return _as_handler_message(error.message, error.code)
    if isinstance(error, ClientError):
        return _as_handler_message(_describe_service_error(error, type_name), _handler_code(error))
    if isinstance(error, ParamValidationError):
        return _as_handler_message(f"Properties validation failed: {error}", "InvalidRequest")
    return _as_handler_message(f"{type(error).__name__}: {error}", "InternalFailure")


def _describe_service_error(error: ClientError, type_name: str) -> str:
    """Write a service's error with the service and its status, as handlers pass it on."""
    details = error.response.get("Error", {})
    metadata = error.response.get("ResponseMetadata", {})
    service = type_name.split("::")[1]
    message = details.get("Message") or details.get("Code", "no message")
    status, request = metadata.get("HTTPStatusCode", 0), metadata.get("RequestId", "")
    return f"{message} (Service: {service}, Status Code: {status}, Request ID: {request})"


def is_gone(error: Exception) -> bool:
    """Tell whether a failure says that the resource does not exist (any more)."""
    if isinstance(error, ResourceFailure):
        return error.code == "NotFound"
    return isinstance(error, ClientError) and _handler_code(error) == "NotFound"


def _handler_code(error: ClientError) -> str:
    code = str(error.response.get("Error", {}).get("Code", ""))
    return next((handler for word, handler in _CODE_WORDS if word in code), "GeneralServiceException")


def _as_handler_message(message: str, code: str) -> str:
    details = f"(RequestToken: {uuid.uuid4()}, HandlerErrorCode: {code})"
    return f'Resource handler returned message: "{message}" {details}'
