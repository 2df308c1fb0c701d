"""`python -m local_lake`: the local lake's command line."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

from local_lake import __version__
from local_lake.front.listener import PortTaken
from local_lake.server import serve

PORT_TAKEN_EXIT = 2


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; returns the exit code, 2 when the port is taken."""
    parser = argparse.ArgumentParser(prog="local_lake", description="Run the local lake on 127.0.0.1.")
    parser.add_argument(
        "--port", type=int, default=0, help="port to listen on; 0 takes a free one (default: 0)"
    )
    parser.add_argument(
        "--state", type=Path, required=True, help="folder for the log, objects and scratch files"
    )
    parser.add_argument(
        "--latency",
        choices=("off", "fast"),
        default="off",
        help="pause briefly between the states of background work, for people to watch (default: off)",
    )
    parser.add_argument("--version", action="version", version=__version__)
    options = parser.parse_args(arguments)
    try:
        serve(options.port, options.state, options.latency)
    except PortTaken as error:
        print(error, file=sys.stderr)
        return PORT_TAKEN_EXIT
    return 0


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    # All is closed. The interpreter's own end would wait for idle connections' threads, and DuckDB's reports
    # objects that are alive then.
    os._exit(code)
