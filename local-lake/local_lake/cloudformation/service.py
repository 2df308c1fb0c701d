"""CloudFormation's operations, registered with the front."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local_lake.front.registry import Registry


class CloudFormation:
    """placeholder"""

    def close(self) -> None:
        """placeholder"""


def install(registry: Registry, endpoint: str) -> CloudFormation:
    """placeholder"""
    return CloudFormation()
