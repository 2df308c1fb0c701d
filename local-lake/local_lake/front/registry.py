"""Which operations the local lake answers itself, and the words a handler speaks with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

ACCOUNT = "123456789012"
"""The only account there is: moto's default."""

INVOKED_BY_HEADER = "X-Local-Lake-Invoked-By"
"""Set by our own services on the calls they make, so that the front can tell them from a person's."""


_INVOKED_BY_VARIABLE = "HTTP_" + INVOKED_BY_HEADER.upper().replace("-", "_")


def is_internal(environ: WSGIEnvironment) -> bool:
    """Tell whether a request comes from one of our own services."""
    return _INVOKED_BY_VARIABLE in environ


class ServiceError(Exception):
    """An error of the service itself, sent to the caller in the service's own protocol.

    `code` is the error code of the AWS API reference (`ValidationError`, `EntityNotFoundException`, ...),
    `status` the HTTP status. Codes that a service models as a shape become that shape in every SDK.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class PassThrough(Exception):  # noqa: N818 - a decision of the handler, not a failure
    """Raised by a handler that leaves this one request to moto, unchanged."""


@dataclass(frozen=True)
class ServiceRequest:
    """One call of an AWS operation, parsed.

    `service` is botocore's name (`emr`, not `elasticmapreduce`), `operation` the API's (`RunJobFlow`).
    `params` has the members of the operation's input shape as a boto3 caller would write them: timestamps are
    naive UTC datetimes, blobs are bytes, absent members are absent. `environ` is the raw WSGI environment,
    whose `wsgi.input` has been read already and can be read again from its start.
    """

    service: str
    operation: str
    params: dict[str, Any]
    region: str
    account: str
    access_key: str
    environ: WSGIEnvironment

    @property
    def invoked_by(self) -> str | None:
        """Name the service on whose behalf the call was made (`cloudformation.amazonaws.com`), if any."""
        value: str | None = self.environ.get(_INVOKED_BY_VARIABLE)
        return value


Handler = Callable[[ServiceRequest], Mapping[str, Any]]
"""Answers one operation: returns what boto3 returns, without ResponseMetadata, or raises ServiceError."""


@dataclass
class Registry:
    """The operations answered before moto. Filled once, before the server says that it is ready."""

    latency: str = "off"
    """`off` or `fast`: whether background work pauses briefly between states, so that people can watch it."""
    _handlers: dict[tuple[str, str], Handler] = field(default_factory=dict)
    _owned: set[str] = field(default_factory=set)

    def register(self, service: str, operation: str, handler: Handler) -> None:
        """Answer `operation` of `service` (botocore's name); a second registration is an error."""
        key = (service, operation)
        if key in self._handlers:
            raise ValueError(f"{service}:{operation} is registered already; an operation has one handler.")
        self._handlers[key] = handler

    def find(self, service: str, operation: str) -> Handler | None:
        """Return the handler of an operation, or None when moto answers it."""
        return self._handlers.get((service, operation))

    def own(self, service: str) -> None:
        """Take a whole service over: of it, moto answers nothing, and what is not registered is refused."""
        self._owned.add(service)

    def is_owned(self, service: str) -> bool:
        """Tell whether a service was taken over as a whole."""
        return service in self._owned
