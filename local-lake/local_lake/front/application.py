"""The WSGI application: health, the registered operations, and moto for all others."""

from __future__ import annotations

import json
import logging
import time
from http import HTTPStatus
from typing import TYPE_CHECKING

from local_lake import __version__
from local_lake.faults.control import FAULTS_PATH, answer_control
from local_lake.faults.injection import inject
from local_lake.faults.rule_book import RuleBook
from local_lake.front.moto_base import ask_moto, not_implemented
from local_lake.front.protocol import (
    Call,
    Caller,
    WireResponse,
    identify_caller,
    match_call,
    parse_call,
    serialise_error,
    serialise_result,
)
from local_lake.front.registry import Handler, PassThrough, Registry, ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

HEALTH_PATH = "/_local-lake/health"


class Application:
    """Answers every request to the local lake; one instance serves all threads."""

    def __init__(self, registry: Registry, base: WSGIApplication) -> None:
        self._registry = registry
        self._base = base
        self._faults = RuleBook()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request and log it: service, operation, status and milliseconds."""
        if environ["PATH_INFO"] == HEALTH_PATH:
            return _send(_health(), start_response)
        if environ["PATH_INFO"] == FAULTS_PATH:
            return _send(answer_control(self._faults, environ), start_response)
        begun = time.monotonic()
        caller = identify_caller(environ)
        call = match_call(caller, environ)
        subject = f"{caller.service}:{call.name if call else _describe_unmatched(environ)}"
        status = "000"
        try:
            body, status, headers = self._answer_or_fail(caller, call, subject, environ)
            start_response(status, headers)
            return body
        finally:
            took = (time.monotonic() - begun) * 1000
            log.info("%s %s %s %.0f ms", caller.region, subject, status[:3], took)

    def _answer_or_fail(
        self, caller: Caller, call: Call | None, subject: str, environ: WSGIEnvironment
    ) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        """Answer a request, unless a fault that was asked for befalls it."""
        fault = self._faults.choose(call)
        if call is None or fault is None:
            return self._answer(caller, call, subject, environ)
        try:
            return inject(fault, call, lambda: self._answer(caller, call, subject, environ))
        except ServiceError as error:
            return _on_wire(serialise_error(caller, environ, error))

    def _answer(
        self, caller: Caller, call: Call | None, subject: str, environ: WSGIEnvironment
    ) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        try:
            handler = self._registry.find(caller.service, call.name) if call else None
            if call is not None and handler is not None:
                try:
                    return _on_wire(_handle(handler, call, subject))
                except PassThrough:
                    pass
            if self._registry.is_owned(caller.service):
                raise not_implemented(subject)
            body, status, headers = ask_moto(self._base, environ, subject)
            return body, status, list(headers)
        except ServiceError as error:
            if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                log.warning("%s: %s: %s", subject, error.code, error.message)
            return _on_wire(serialise_error(caller, environ, error))


def _handle(handler: Handler, call: Call, subject: str) -> WireResponse:
    """Run a handler; a defect of ours becomes an InternalFailure that says so, never a dropped connection."""
    try:
        return serialise_result(call, handler(parse_call(call)))
    except (ServiceError, PassThrough):
        raise
    except Exception as error:
        log.exception("%s broke", subject)
        message = f"{subject} broke inside the local lake: {type(error).__name__}: {error}"
        raise ServiceError("InternalFailure", message, 500) from error


def _describe_unmatched(environ: WSGIEnvironment) -> str:
    target = environ.get("HTTP_X_AMZ_TARGET")
    return target.rsplit(".", 1)[-1] if target else f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"


def _health() -> WireResponse:
    body = json.dumps({"status": "ready", "version": __version__}).encode()
    return WireResponse(200, {"Content-Type": "application/json"}, body)


def _on_wire(response: WireResponse) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
    status = f"{response.status} {HTTPStatus(response.status).phrase}"
    headers = {"Content-Length": str(len(response.body))} | response.headers
    return [response.body], status, list(headers.items())


def _send(response: WireResponse, start_response: StartResponse) -> Iterable[bytes]:
    body, status, headers = _on_wire(response)
    start_response(status, headers)
    return body
