"""Runs a command that dies with the local lake: ``python tether.py <parent's pid> <command …>``.

The local lake may be killed, and then it cannot stop its steps. Linux sends a process a signal when the
thread that started it ends (prctl PR_SET_PDEATHSIG; a step's thread waits for its process), and the setting
outlives exec. Elsewhere the command simply runs.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    """Become ``command``; end at once where the parent is gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit(1)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
