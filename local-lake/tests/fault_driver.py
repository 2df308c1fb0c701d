"""Faults of a local lake, as a program without an SDK adds, lists and removes them."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from conftest import Client, Lake

PATH = "/_local-lake/faults"


@dataclass(frozen=True)
class FaultDriver:
    """A local lake and the faults in force on it."""

    lake: Lake
    _clients: dict[str, Client] = field(default_factory=dict)

    def client(self, service: str) -> Client:
        """Return a client that tries once; each is made once."""
        if service not in self._clients:
            self._clients[service] = self.lake.client(service)
        return self._clients[service]

    def ask(self, method: str, path: str = PATH, body: object = None) -> tuple[int, Any]:
        """Send a request; `body` is JSON, or bytes as they are. Returns the status and the parsed answer."""
        connection = http.client.HTTPConnection(urlsplit(self.lake.endpoint).netloc)
        sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        connection.request(method, path, sent)
        answer = connection.getresponse()
        status, text = answer.status, answer.read()
        connection.close()
        return status, json.loads(text)

    def add(self, **rule: object) -> int:
        """Put a rule in force; returns its number."""
        status, answer = self.ask("POST", body=rule)
        assert status == 201, answer
        number: int = answer["faults"][0]["id"]
        return number

    def hits(self, number: int) -> tuple[int, int]:
        """How many calls matched a rule, and how many it hit."""
        _, answer = self.ask("GET")
        rule = next(rule for rule in answer["faults"] if rule["id"] == number)
        return rule["matched"], rule["hits"]
