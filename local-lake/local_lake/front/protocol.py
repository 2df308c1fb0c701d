"""AWS's wire protocols: which operation a request calls, its parameters, and answers in the same protocol.

The grammar of each protocol comes from botocore's service models, read by the parsers and serialisers moto is
built on (moto.core.routing, .parse and .serialize); tests/front/test_moto_hooks.py watches those names.
"""

from __future__ import annotations

import io
import json
import re
import threading
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from botocore.exceptions import DataNotFoundError, UnknownServiceError
from moto.core.exceptions import ServiceException
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import SerializationContext, get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

from local_lake.front.registry import ACCOUNT, ServiceError, ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from _typeshed.wsgi import WSGIEnvironment

DEFAULT_REGION = "us-east-1"
DEFAULT_ACCESS_KEY = "AKIAEXAMPLE"

# The signing name in the credential scope is not always botocore's name of the service.
SERVICE_OF_SIGNING_NAME = {
    "elasticmapreduce": "emr",
    "monitoring": "cloudwatch",
    "states": "stepfunctions",
    "email": "ses",
    "tagging": "resourcegroupstaggingapi",
    "execute-api": "apigateway",
    "elasticloadbalancing": "elbv2",
}

# Moto warns of codes that a service's model does not name; AWS's services return such codes all the same.
warnings.filterwarnings("ignore", message=r"Exception\(.*\) with code .* does not match an error shape")

_CREDENTIAL = re.compile(r"(?:Credential=|X-Amz-Credential=)([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True)
class Caller:
    """Who signed a request, and for which service and region; the signature itself is not checked."""

    service: str
    region: str
    access_key: str


@dataclass(frozen=True)
class WireResponse:
    """An answer ready for the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


class _WireError(ServiceException):  # type: ignore[misc]
    """Moto's error type, defined here: its serialiser takes the defining module's name for a service."""


def identify_caller(environ: WSGIEnvironment) -> Caller:
    """Read the credential scope of the Authorization header or of a presigned URL; S3 when there is none."""
    scope = environ.get("HTTP_AUTHORIZATION") or environ.get("QUERY_STRING", "").replace("%2F", "/")
    match = _CREDENTIAL.search(scope)
    if match is None:
        return Caller("s3", DEFAULT_REGION, DEFAULT_ACCESS_KEY)
    access_key, region, signing_name = match.groups()
    name = signing_name.lower()
    return Caller(SERVICE_OF_SIGNING_NAME.get(name, name), region, access_key)


@dataclass(frozen=True)
class Call:
    """A request that was matched to an operation of its service; its parameters are not read yet."""

    caller: Caller
    operation: OperationModel
    uri_params: dict[str, Any]
    request: Request

    @property
    def name(self) -> str:
        """The operation's name in the API reference."""
        return str(self.operation.name)


def match_call(caller: Caller, environ: WSGIEnvironment) -> Call | None:
    """Find the operation a request calls, or None when the service's model has no such operation.

    The body is read into memory and made readable again, except S3's, which may be large and never names the
    operation.
    """
    if caller.service != "s3":
        _rewind_body(environ)
    request = Request(environ)
    try:
        operation, uri_params = _route(caller.service, request)
    except (NotFound, NotImplementedError, UnknownServiceError, DataNotFoundError):
        return None
    finally:
        _rewind_read_body(environ)
    return Call(caller, operation, uri_params, request)


_FIRST_CALLS: dict[str, threading.Lock] = {}
_ROUTED: set[str] = set()


def _route(service: str, request: Request) -> tuple[OperationModel, dict[str, Any]]:
    """Match a request; of a service's first calls one makes the router, and the others wait for it.

    Without that, each of twenty calls at once would build the same router from the same model, for seconds.
    """
    if service in _ROUTED:
        return _match(service, request)
    with _FIRST_CALLS.setdefault(service, threading.Lock()):
        try:
            return _match(service, request)
        finally:
            _ROUTED.add(service)


def _match(service: str, request: Request) -> tuple[OperationModel, dict[str, Any]]:
    operation, uri_params = get_service_router(service).match(request)
    return operation, uri_params


_BODY_KEY = "local_lake.body"


def _rewind_body(environ: WSGIEnvironment) -> bytes:
    """Read the whole body once and put a fresh stream of it in its place, so that moto can read it too."""
    if _BODY_KEY not in environ:
        environ[_BODY_KEY] = Request(environ, populate_request=False).get_data(parse_form_data=False)
    _rewind_read_body(environ)
    body: bytes = environ[_BODY_KEY]
    return body


def _rewind_read_body(environ: WSGIEnvironment) -> None:
    if _BODY_KEY in environ:
        environ["wsgi.input"] = io.BytesIO(environ[_BODY_KEY])
        environ["CONTENT_LENGTH"] = str(len(environ[_BODY_KEY]))
        environ.pop("HTTP_TRANSFER_ENCODING", None)


def parse_call(call: Call) -> ServiceRequest:
    """Parse a call's parameters by its operation's input shape.

    Raises ServiceError `SerializationException` when the request does not have the shape's form, and
    `ValidationException` when it lacks a required parameter.
    """
    request, environ = call.request, call.request.environ
    body = _rewind_body(environ)
    protocol = determine_request_protocol(call.operation.service_model, request.content_type)
    try:
        if protocol == "json":
            # Moto's parser takes a body that is no JSON for an empty one.
            json.loads(body or b"{}")
        params = PROTOCOL_PARSERS[protocol](call.operation).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": body,
                "url_path": request.path,
                "url_params": call.uri_params,
            }
        )
    except Exception as error:
        raise ServiceError("SerializationException", f"The request could not be read: {error}") from error
    finally:
        _rewind_read_body(environ)
    params = _without_absent(params)
    _check_required(call, protocol, params)
    return ServiceRequest(
        service=call.caller.service,
        operation=call.name,
        params=params,
        region=call.caller.region,
        account=ACCOUNT,
        access_key=call.caller.access_key,
        environ=environ,
    )


def _without_absent(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value is not None}


def _check_required(call: Call, protocol: str, params: Mapping[str, Any]) -> None:
    shape = call.operation.input_shape
    missing = [name for name in (shape.required_members if shape else ()) if name not in params]
    if missing:
        member = missing[0][0].lower() + missing[0][1:]
        code = "ValidationError" if protocol == "query" else "ValidationException"
        raise ServiceError(
            code,
            f"1 validation error detected: Value null at '{member}' failed to satisfy constraint: "
            "Member must not be null",
        )


def serialise_result(call: Call, result: Mapping[str, Any]) -> WireResponse:
    """Write an operation's output (shaped as boto3 returns it) in the protocol the request came in."""
    return _serialise(call.caller.service, call.operation, call.request, result)


def serialise_error(caller: Caller, environ: WSGIEnvironment, error: ServiceError) -> WireResponse:
    """Write an error in the protocol the request came in; JSON where botocore does not know the service."""
    value = _WireError(error.code, error.message)
    try:
        operation = OperationModel({}, get_service_model(caller.service))
        response = _serialise(caller.service, operation, Request(environ), value)
    except (UnknownServiceError, DataNotFoundError):
        body = json.dumps({"__type": error.code, "message": error.message}).encode()
        return WireResponse(error.status, {"Content-Type": "application/json"}, body)
    return WireResponse(error.status, response.headers, response.body)


def _serialise(service: str, operation: OperationModel, request: Request, value: object) -> WireResponse:
    model = operation.service_model
    try:
        protocol = determine_request_protocol(model, request.content_type)
    except NotImplementedError:
        protocol = str(model.protocol)
    request_id = str(uuid4())
    serializer_class = get_serializer_class(service, protocol)
    wire = serializer_class(operation_model=operation, context=SerializationContext(request_id)).serialize(
        value
    )
    body = wire["body"] if isinstance(wire["body"], bytes) else wire["body"].encode()
    headers = {name: str(text) for name, text in wire["headers"].items()} | {"x-amzn-RequestId": request_id}
    return WireResponse(int(wire["status_code"]), headers, body)
