"""One local lake: front, CloudFormation and workers around one server, from the bind to the last log line."""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from local_lake import __version__
from local_lake.cloudformation.service import install as install_cloudformation
from local_lake.completions import install_completions
from local_lake.front.additions import install_additions
from local_lake.front.application import Application
from local_lake.front.listener import HOST, bind, create_server
from local_lake.front.moto_base import load_moto, warm_up
from local_lake.front.registry import Registry
from local_lake.workers import install as install_workers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from socket import socket

    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger(__name__)

LOG_NAME = "local-lake.log"


def serve(port: int, state_dir: Path, latency: str) -> None:
    """Serve until SIGTERM or SIGINT; prints the ready line on stdout. Raises PortTaken.

    `port` 0 takes a free one. `state_dir` is made if need be; it holds the log, objects and scratch files.
    """
    stop_requests = _catch_stop_signals()
    listening = bind(port)
    endpoint = f"http://{HOST}:{listening.getsockname()[1]}"
    state_dir.mkdir(parents=True, exist_ok=True)
    _log_to(state_dir / LOG_NAME)
    registry = Registry(latency=latency)
    with ExitStack() as parts:
        parts.callback(log.info, "stopped")
        parts.enter_context(_answering(Application(registry, load_moto()), listening))
        _install(parts, registry, state_dir, endpoint)
        log.info("ready at %s", endpoint)
        print(json.dumps({"endpoint": endpoint, "pid": os.getpid(), "version": __version__}), flush=True)
        threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
        os.read(stop_requests, 1)
        log.info("stopping")


def _catch_stop_signals() -> int:
    """Turn SIGTERM and SIGINT into bytes of a pipe; returns the end to read.

    A signal may reach any thread, and Python runs its handler only once the main thread wakes; so it is the
    interpreter itself that writes to the pipe. (An Event that a handler sets can deadlock with its wait.)
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return reading


@contextmanager
def _answering(application: WSGIApplication, listening: socket) -> Iterator[None]:
    server = create_server(listening, application)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="server")
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _install(parts: ExitStack, registry: Registry, state_dir: Path, endpoint: str) -> None:
    install_additions(registry)
    install_completions(registry)
    parts.callback(install_cloudformation(registry, endpoint).close)
    parts.callback(install_workers(registry, state_dir, endpoint).close)


def _log_to(path: Path) -> None:
    logging.basicConfig(
        filename=path,
        level=logging.INFO,
        format="%(asctime)s.%(msecs)03d %(levelname)s %(name)s: %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S",
    )
    # The engine's own SDK clients would otherwise log a line a request.
    for name in ("botocore", "boto3", "urllib3", "werkzeug"):
        logging.getLogger(name).setLevel(logging.WARNING)
