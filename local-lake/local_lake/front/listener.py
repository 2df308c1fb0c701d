"""The HTTP side: a threaded server on the loopback interface that keeps connections open.

Werkzeug's own handler closes every connection, which costs an SDK a TCP handshake for each call; this one
reads every request body to its end, so that the connection can be used again.
"""

from __future__ import annotations

import errno
import socket
import struct
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer
from werkzeug.wsgi import LimitedStream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HOST = "127.0.0.1"
_BACKLOG = 256
_DRAIN_LIMIT_BYTES = 64 * 1024 * 1024


class PortTaken(Exception):  # noqa: N818 - a fact about the machine, told in one sentence
    """The port asked for is in use by another process."""


class ConnectionCut(Exception):  # noqa: N818 - what the application decided, not what befell it
    """Raised by the application, or by the body it returned, to end the connection then and there.

    `abort` sends the client a TCP reset; otherwise the connection ends as after a whole answer, and what was
    sent of it arrives.
    """

    def __init__(self, *, abort: bool) -> None:
        super().__init__("the connection is cut on purpose")
        self.abort = abort


def bind(port: int) -> socket.socket:
    """Listen on the loopback interface; port 0 takes a free one. Raises PortTaken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            reason = "is taken by another process" if error.errno == errno.EADDRINUSE else "needs privileges"
            raise PortTaken(
                f"Port {port} on {HOST} {reason}; stop it or choose another with --port (0 picks a free one)."
            ) from error
        raise
    listening.listen(_BACKLOG)
    return listening


def create_server(listening: socket.socket, application: WSGIApplication) -> ThreadedWSGIServer:
    """Make the server for a bound socket; `serve_forever` answers until `shutdown`."""
    port = listening.getsockname()[1]
    return ThreadedWSGIServer(HOST, port, application, handler=_KeepAliveHandler, fd=listening.fileno())


class _KeepAliveHandler(MotoRequestHandler):  # type: ignore[misc]
    """HTTP/1.1 with persistent connections; `Expect: 100-continue` is answered by http.server itself."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # An idle connection gives its thread back after a while.
    timeout = 120

    def run_wsgi(self) -> None:
        environ = self._read_environ()
        try:
            status, headers, body = _call(self.server.app, environ)
            try:
                self._respond(status, headers, body)
            finally:
                close = getattr(body, "close", None)
                if close is not None:
                    close()
        except ConnectionCut as cut:
            self.close_connection = True
            if cut.abort:
                self._abort()
                return
        self._drain(environ["local_lake.stream"])

    def _abort(self) -> None:
        """Close the socket with a reset: an orderly end would look like a server that went away idle."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _read_environ(self) -> WSGIEnvironment:
        environ: WSGIEnvironment = self.make_environ()
        if not environ.get("wsgi.input_terminated"):
            length = int(environ.get("CONTENT_LENGTH") or 0)
            environ["wsgi.input"] = LimitedStream(self.rfile, length)
            environ["wsgi.input_terminated"] = True
        environ["local_lake.stream"] = environ["wsgi.input"]
        return environ

    def _respond(self, status: str, headers: list[tuple[str, str]], body: Iterable[bytes]) -> None:
        code_text, _, reason = status.partition(" ")
        code = int(code_text)
        bodiless = self.command == "HEAD" or code < 200 or code in (204, 304)
        names = {name.lower() for name, _ in headers}
        chunks = body
        chunked = False
        if not bodiless and "content-length" not in names:
            if isinstance(body, (list, tuple)):
                chunks = [b"".join(body)]
                headers = [*headers, ("Content-Length", str(len(chunks[0])))]
            else:
                chunked = True
                headers = [*headers, ("Transfer-Encoding", "chunked")]
        self.send_response(code, reason)
        for name, value in headers:
            if name.lower() != "connection":
                self.send_header(name, value)
        self.end_headers()
        if not bodiless:
            self._write(chunks, chunked)

    def _write(self, chunks: Iterable[bytes], chunked: bool) -> None:
        for chunk in chunks:
            if chunk:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if chunked else chunk)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _drain(self, stream: Any) -> None:  # noqa: ANN401 - any readable stream
        """Read what the application left of the body; give the connection up when that is too much."""
        left = _DRAIN_LIMIT_BYTES
        while left > 0:
            chunk = stream.read(min(left, 1024 * 1024))
            if not chunk:
                return
            left -= len(chunk)
        self.close_connection = True

    def log_request(self, *_: object) -> None:
        """Say nothing: the front logs each request with its operation."""

    def log_error(self, *_: object) -> None:
        """Say nothing: the only errors here are of connections that ended."""


def _call(
    application: WSGIApplication, environ: WSGIEnvironment
) -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
    answer: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> Any:  # noqa: ANN401
        answer.append((status, headers))
        return None

    starter: StartResponse = start_response
    body = application(environ, starter)
    status, headers = answer[-1]
    return status, headers, body
