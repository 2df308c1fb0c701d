"""How the local lake calls its own services: over loopback, marked as AWS marks its services."""

from __future__ import annotations

import threading
from typing import Any, TypeAlias

import botocore.session
from botocore.config import Config

from local_lake.front.registry import INVOKED_BY_HEADER

AwsClient: TypeAlias = Any
"""A botocore client; botocore makes its methods at run time."""

_SESSION_LOCK = threading.Lock()
_SESSIONS: list[botocore.session.Session] = []


class Loopback:
    """Clients of the local lake itself, marked as called by one service such as ``glue.amazonaws.com``."""

    def __init__(self, endpoint: str, invoked_by: str, access_key: str = "local-lake") -> None:
        self._endpoint = endpoint
        self._invoked_by = invoked_by
        self._access_key = access_key
        self._clients: dict[tuple[str, str], AwsClient] = {}
        self._lock = threading.Lock()

    def client(self, service: str, region: str) -> AwsClient:
        """Return the client of a service in a region; made once, shared by threads."""
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._create(service, region)
            return self._clients[service, region]

    def _create(self, service: str, region: str) -> AwsClient:
        client = _session().create_client(
            service,
            region_name=region,
            endpoint_url=self._endpoint,
            aws_access_key_id=self._access_key,
            aws_secret_access_key="none",
            config=Config(
                proxies={},
                max_pool_connections=16,
                read_timeout=120,
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
                ignore_configured_endpoint_urls=True,
            ),
        )
        client.meta.events.register("before-call", self._mark)
        return client

    def _mark(self, params: dict[str, Any], **_: object) -> None:
        params["headers"][INVOKED_BY_HEADER] = self._invoked_by


def _session() -> botocore.session.Session:
    """Return the one session, whose loader keeps the service models; a person's AWS profile is left aside."""
    with _SESSION_LOCK:
        if not _SESSIONS:
            variables = {"profile": (None, None, None, None), "config_file": (None, None, "", None)}
            _SESSIONS.append(botocore.session.Session(session_vars=variables))
        return _SESSIONS[0]
