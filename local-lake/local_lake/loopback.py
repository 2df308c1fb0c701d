"""How the workers call other services: over loopback, as AWS's services do on behalf of an account."""

from __future__ import annotations

import threading
from typing import Any, TypeAlias

import boto3
from botocore.config import Config

from local_lake.front.registry import INVOKED_BY_HEADER

AwsClient: TypeAlias = Any
"""A boto3 client; boto3 makes its methods at run time."""


class Loopback:
    """Clients of the local lake itself, marked as called by one service such as ``glue.amazonaws.com``."""

    def __init__(self, endpoint: str, invoked_by: str) -> None:
        self._endpoint = endpoint
        self._invoked_by = invoked_by
        self._clients: dict[tuple[str, str], AwsClient] = {}
        self._lock = threading.Lock()

    def client(self, service: str, region: str) -> AwsClient:
        """Return the client of a service in a region; made once, shared by threads."""
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._create(service, region)
            return self._clients[service, region]

    def _create(self, service: str, region: str) -> AwsClient:
        session = boto3.Session(aws_access_key_id="local-lake", aws_secret_access_key="local-lake")
        client = session.client(
            service,
            region_name=region,
            endpoint_url=self._endpoint,
            config=Config(retries={"total_max_attempts": 1}, read_timeout=120),
        )
        client.meta.events.register(f"before-call.{service}", self._mark)
        return client

    def _mark(self, params: dict[str, Any], **_: object) -> None:
        params["headers"][INVOKED_BY_HEADER] = self._invoked_by
