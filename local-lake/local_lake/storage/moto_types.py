"""How this package names what comes from moto, which has no types that mypy could follow."""

from typing import Any, TypeAlias

MotoObject: TypeAlias = Any
"""A backend, bucket or key of moto's; the canary tests of each hook check the members that are used."""
