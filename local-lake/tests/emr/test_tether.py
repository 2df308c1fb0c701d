"""A step's process must not outlive a local lake that was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from stack_driver import wait_until

from local_lake.emr import tether

PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-S", sys.argv[1], str(os.getpid()), "sleep", "600"])
print(child.pid, flush=True)
child.wait()
"""


def runs(pid: int) -> bool:
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.returncode == 0 and not found.stdout.startswith("Z")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's end")
def test_the_child_of_a_killed_parent_is_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, tether.__file__], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert runs(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert wait_until(lambda: not runs(child))


def test_a_command_keeps_its_arguments_and_exit_code() -> None:
    command = [sys.executable, "-c", "import sys; sys.exit(len(sys.argv))", "a", "b"]
    tethered = [sys.executable, "-S", tether.__file__, str(os.getpid()), *command]
    assert subprocess.run(tethered, check=False).returncode == 3
