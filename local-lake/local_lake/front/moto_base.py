"""Moto, the base under the front: answers every operation that is not registered.

What moto lacks, or where it breaks, it says in HTML that SDKs take for a fault of the network and retry. Here
that becomes the service's own error: 501 `NotImplemented` or 500 `InternalFailure`.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
from typing import TYPE_CHECKING

from moto.moto_server import werkzeug_app
from werkzeug.test import run_wsgi_app

from local_lake.front.moto_repairs import repair_moto
from local_lake.front.registry import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from werkzeug.datastructures import Headers

log = logging.getLogger(__name__)

_ENVIRONMENT = {
    # AWS's managed policies exist in every account; roles attach them by ARN.
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    # Thousands of images that a data lake never asks for cost a second at the first EC2 call.
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
}


def load_moto() -> WSGIApplication:
    """Import moto with the settings the local lake needs, and return its WSGI application."""
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    # Otherwise any page in a browser could read the lake: moto lets every origin in.
    werkzeug_app.DISABLE_GLOBAL_CORS = True
    repair_moto()
    application: WSGIApplication = _Dispatcher(werkzeug_app.create_backend_app)
    return application


def warm_up() -> None:
    """Import the services every data lake asks for, in the order in which it does."""
    for service in ("s3", "ssm", "iam", "glue", "lakeformation", "emr"):
        importlib.import_module(f"moto.{service}.models")


class _Dispatcher(werkzeug_app.DomainDispatcherApplication):  # type: ignore[misc]
    """Moto's dispatch by service; of a service moto lacks it says what moto says of an operation.

    Moto reads its own folder to name the service of each request; here it does so once for each host. It
    also loads a service under one lock for all, so that everybody waits for EC2's two seconds; here only
    those wait who ask for that service, behind Python's own import lock.
    """

    def __init__(self, create_app: Callable[[str], WSGIApplication]) -> None:
        super().__init__(create_app)
        self.lock = contextlib.nullcontext()
        self._backends: dict[str | None, str | None] = {}

    def get_backend_for_host(self, host: str | None) -> str | None:
        if host not in self._backends:
            self._backends[host] = super().get_backend_for_host(host)
        backend = self._backends[host]
        if host is not None and backend is None:
            raise NotImplementedError(f"nothing answers for {host}")
        return backend


def ask_moto(
    application: WSGIApplication, environ: WSGIEnvironment, subject: str
) -> tuple[Iterable[bytes], str, Headers]:
    """Pass a request on to moto; returns body, status line and headers.

    `subject` names the operation (`glue:GetCrawler`) for the errors. Raises ServiceError where moto has no
    such operation (501 `NotImplemented`) or breaks (500 `InternalFailure`; the log has the trace).
    """
    try:
        body, status, headers = run_wsgi_app(application, environ)
    except NotImplementedError as error:
        raise not_implemented(subject, str(error)) from error
    except Exception as error:
        log.exception("moto broke in %s", subject)
        message = f"{subject} broke inside the local lake: {type(error).__name__}: {error}"
        raise ServiceError("InternalFailure", message, 500) from error
    if not subject.startswith("s3:") and _is_unrouted(status, headers):
        text = b"".join(body)
        if not text or text.lstrip().lower().startswith(b"<!doctype html"):
            raise not_implemented(subject)
        return [text], status, headers
    return body, status, headers


def _is_unrouted(status: str, headers: Headers) -> bool:
    """Moto answers a path it has no rule for with an HTML page or an empty 404; S3's HEAD does so rightly."""
    return status[:3] in ("404", "405") and str(headers.get("Content-Type", "")).startswith("text/html")


def not_implemented(subject: str, detail: str = "") -> ServiceError:
    """Make the error that says what the local lake lacks; `detail` is moto's own word on it."""
    reason = f" ({detail})" if detail else ""
    message = f"The local lake does not implement {subject}{reason}; see its BEHAVIOUR.md."
    return ServiceError("NotImplemented", message, 501)
