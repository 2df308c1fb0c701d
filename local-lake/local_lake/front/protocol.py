"""AWS's wire protocols: which operation a request calls, its parameters, and answers in the same protocol.

The grammar of each protocol comes from botocore's service models, read by the parsers and serialisers moto is
built on (moto.core.routing, .parse and .serialize); tests/front/test_moto_hooks.py watches those names.
"""

from __future__ import annotations

import io
import json
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from botocore.exceptions import DataNotFoundError, UnknownServiceError
from moto.core.exceptions import ServiceException
from moto.core.model import OperationModel, ServiceModel
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


def name_operation(service: str, request: Request) -> str | None:
    """Name the operation a request calls, or None when the service's model has no such operation.

    Reads the body only for the query protocols, whose operation is a form field.
    """
    found = _match(service, request)
    return None if found is None else str(found[0].name)


def _match(service: str, request: Request) -> tuple[OperationModel, dict[str, Any]] | None:
    try:
        operation, uri_params = get_service_router(service).match(request)
    except (NotFound, NotImplementedError, UnknownServiceError, DataNotFoundError):
        return None
    return operation, uri_params


def parse_request(caller: Caller, request: Request) -> ServiceRequest | None:
    """Parse a request by its operation's input shape, or return None when no operation matches.

    Raises ServiceError `SerializationException` when the body does not have the shape's form.
    """
    body = request.get_data(parse_form_data=False, cache=True)
    request.environ["wsgi.input"] = io.BytesIO(body)
    request.environ["CONTENT_LENGTH"] = str(len(body))
    replayed = Request(request.environ)
    found = _match(caller.service, replayed)
    if found is None:
        return None
    operation, uri_params = found
    protocol = determine_request_protocol(operation.service_model, replayed.content_type)
    try:
        params = PROTOCOL_PARSERS[protocol](operation).parse(
            {
                "method": replayed.method,
                "values": replayed.values,
                "headers": replayed.headers,
                "body": body,
                "url_path": replayed.path,
                "url_params": uri_params,
            }
        )
    except Exception as error:
        raise ServiceError("SerializationException", f"The request could not be read: {error}") from error
    request.environ["wsgi.input"] = io.BytesIO(body)
    return ServiceRequest(
        service=caller.service,
        operation=str(operation.name),
        params=_without_absent(params),
        region=caller.region,
        account=ACCOUNT,
        access_key=caller.access_key,
        environ=request.environ,
    )


def _without_absent(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value is not None}


def serialise_result(
    service: str, operation: str, request: Request, result: Mapping[str, Any]
) -> WireResponse:
    """Write an operation's output (shaped as boto3 returns it) in the protocol the request came in."""
    return _serialise(service, operation, request, result)


def serialise_error(
    service: str, operation: str | None, request: Request, error: ServiceError
) -> WireResponse:
    """Write an error in the protocol the request came in; JSON where botocore does not know the service."""
    try:
        response = _serialise(service, operation, request, _WireError(error.code, error.message))
    except (UnknownServiceError, DataNotFoundError):
        body = json.dumps({"__type": error.code, "message": error.message}).encode()
        return WireResponse(error.status, {"Content-Type": "application/json"}, body)
    return WireResponse(error.status, response.headers, response.body)


def _serialise(service: str, operation: str | None, request: Request, value: object) -> WireResponse:
    model: ServiceModel = get_service_model(service)
    known = operation is not None and operation in model.operation_names
    operation_model = model.operation_model(operation) if known else OperationModel({}, model)
    try:
        protocol = determine_request_protocol(model, request.content_type)
    except NotImplementedError:
        protocol = str(model.protocol)
    request_id = str(uuid4())
    serializer = get_serializer_class(service, protocol)(
        operation_model=operation_model, context=SerializationContext(request_id)
    )
    wire = serializer.serialize(value)
    body = wire["body"] if isinstance(wire["body"], bytes) else wire["body"].encode()
    headers = {name: str(text) for name, text in wire["headers"].items()} | {"x-amzn-RequestId": request_id}
    return WireResponse(int(wire["status_code"]), headers, body)
