"""Why a step failed, in one line, from what its driver wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FRAME = re.compile(r'^\s*File "(?P<file>[^"]+)", line (?P<line>\d+)', re.MULTILINE)
_PYTHON_ERROR = re.compile(r"^[A-Za-z_][\w.]*: ?.*$")
_CAUSE = re.compile(r"^\s*(?:Caused by: |Exception in thread \"[^\"]*\" )(.*)$", re.MULTILINE)
_TRACEBACK = "Traceback (most recent call last):"
_LONGEST = 1000


@dataclass(frozen=True)
class Failure:
    """Why a step failed, and the log (``stdout`` or ``stderr``) that says so."""

    message: str
    log: str


def explain_failure(stdout: str, stderr: str, exit_code: int, script: str) -> Failure:
    """Find the deepest error of a driver.

    For Python that is the exception's line and where in ``script`` it was raised (spark-submit sends both of
    a Python driver's streams to stdout); for the JVM the innermost cause; else the last line that names an
    error, and where there is none the exit code.
    """
    for explain in (lambda text: _explain_python(text, script), _explain_java, _find_error_line):
        for name, text in (("stdout", stdout), ("stderr", stderr)):
            message = explain(text)
            if message:
                return Failure(message[:_LONGEST], name)
    return Failure(f"spark-submit ended with exit code {exit_code}.", "stderr")


def _find_error_line(text: str) -> str | None:
    found = re.findall(r"^(?:[A-Za-z_][\w.]*(?:Error|Exception)|[Ee]rror): .*$", text, re.MULTILINE)
    return str(found[-1]).strip() if found else None


def _explain_python(stderr: str, script: str) -> str | None:
    position = stderr.rfind(_TRACEBACK)
    while position >= 0:
        lines = stderr[position + len(_TRACEBACK) :].splitlines()[1:]
        error = _error_after_frames(lines)
        if error is not None:
            text, count = error
            place = _place_in(script, "\n".join(lines[:count]))
            return f"{text} ({place})" if place else text
        position = stderr.rfind(_TRACEBACK, 0, position)
    return None


def _error_after_frames(lines: list[str]) -> tuple[str, int] | None:
    """Return the exception's line, and how many lines of frames stand before it."""
    for count, line in enumerate(lines):
        if line.startswith((" ", "\t")) or not line.strip():
            continue
        if not _PYTHON_ERROR.match(line):
            return (line.strip(), count) if re.fullmatch(r"[A-Za-z_][\w.]*", line.strip()) else None
        if "Py4JJavaError" in line or line.rstrip().endswith(":"):
            # The Java side follows; its innermost cause says more than this line.
            return _explain_java("\n".join(lines[count:])) or line.strip(), count
        return line.strip(), count
    return None


def _explain_java(text: str) -> str | None:
    causes: list[str] = _CAUSE.findall(text)
    if causes:
        return causes[-1].strip()
    errors = re.findall(r"^(?:: )?((?:[a-z]\w*\.)+\w*(?:Exception|Error): .*)$", text, re.MULTILINE)
    return str(errors[-1]).strip() if errors else None


def _place_in(script: str, frames: str) -> str | None:
    """Return ``file.py, line 12`` for the innermost frame in the step's own script."""
    name = script.rpartition("/")[2]
    found = [match for match in _FRAME.finditer(frames) if match["file"].rpartition("/")[2] == name]
    return f"{name}, line {found[-1]['line']}" if found else None
