"""SDK clients for the providers: the local lake's own endpoint, called as CloudFormation."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config

from local_lake.front.registry import INVOKED_BY_HEADER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.client import BaseClient
    from botocore.model import OperationModel, Shape

CLOUDFORMATION = "cloudformation.amazonaws.com"
_ACCESS_KEY = "AKIACLOUDFORMATION00"


class Clients:
    """Clients of one region, made when first asked for and then shared by all threads."""

    def __init__(self, endpoint: str, region: str) -> None:
        self.region = region
        self._endpoint = endpoint
        self._clients: dict[str, BaseClient] = {}
        self._lock = threading.Lock()

    def get(self, service: str) -> Any:  # noqa: ANN401 - botocore makes its clients' methods at run time
        """Return the client of a service, by botocore's name of it."""
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._make(service)
            return self._clients[service]

    def _make(self, service: str) -> BaseClient:
        client = _session().create_client(
            service,
            region_name=self.region,
            endpoint_url=self._endpoint,
            aws_access_key_id=_ACCESS_KEY,
            aws_secret_access_key="none",
            config=Config(
                proxies={},
                max_pool_connections=16,
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
                ignore_configured_endpoint_urls=True,
            ),
        )
        client.meta.events.register("provide-client-params", _coerce_parameters)
        client.meta.events.register("before-call", _mark_call)
        return client


_SESSION_LOCK = threading.Lock()
_SESSIONS: list[botocore.session.Session] = []


def _session() -> botocore.session.Session:
    """Return the one session, whose loader keeps the service models; a person's AWS profile is left aside."""
    with _SESSION_LOCK:
        if not _SESSIONS:
            variables = {"profile": (None, None, None, None), "config_file": (None, None, "", None)}
            _SESSIONS.append(botocore.session.Session(session_vars=variables))
        return _SESSIONS[0]


def _mark_call(params: dict[str, Any], **_: object) -> None:
    params["headers"][INVOKED_BY_HEADER] = CLOUDFORMATION


def _coerce_parameters(params: Mapping[str, Any], model: OperationModel, **_: object) -> object:
    return params if model.input_shape is None else coerce(params, model.input_shape)


def coerce(value: Any, shape: Shape) -> Any:  # noqa: ANN401 - the shape says what the value is
    """Turn a template's scalars into what an API shape asks for: `"30"` into 30, 8080 into `"8080"`.

    CloudFormation does the same by a resource type's schema. What cannot be turned, botocore refuses.
    """
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        return {k: coerce(v, shape.members[k]) if k in shape.members else v for k, v in value.items()}
    if kind == "list" and isinstance(value, (list, tuple)):
        return [coerce(entry, shape.member) for entry in value]
    if kind == "map" and isinstance(value, dict):
        return {str(k): coerce(v, shape.value) for k, v in value.items()}
    if kind == "boolean" and isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if kind in ("integer", "long", "float", "double") and isinstance(value, str):
        return _number(value, kind)
    if kind == "string" and isinstance(value, (bool, int, float)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    return value


def _number(text: str, kind: str) -> object:
    try:
        return int(text) if kind in ("integer", "long") else float(text)
    except ValueError:
        return text
