"""Defects of moto that a deployed lake runs into, mended in place.

tests/front/test_moto_hooks.py shows each defect as moto has it: once moto has none, the mend goes.
"""

from __future__ import annotations

import json


def repair_moto() -> None:
    """Mend what moto has broken; once for each process."""
    _repair_permission_hash()


def _repair_permission_hash() -> None:
    """Hash a Lake Formation permission by what never changes of it.

    Moto keeps permissions in a set and merges grants into those in it, which changes the hash it computes
    from all fields: a merged permission can then be revoked no more (KeyError).
    """
    from moto.lakeformation.models import Permission

    def hash_by_subject(permission: Permission) -> int:
        return hash((json.dumps(permission.principal), json.dumps(permission.resource)))

    Permission.__hash__ = hash_by_subject
