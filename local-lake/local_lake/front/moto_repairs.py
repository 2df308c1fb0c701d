"""Defects of moto that a deployed lake runs into, mended in place.

tests/front/test_moto_hooks.py shows each defect as moto has it: once moto has none, the mend goes.
"""

from __future__ import annotations

import functools
import json

from moto.core import utils


def repair_moto() -> None:
    """Mend what moto has broken; once for each process."""
    _share_model_loader()
    _repair_permission_hash()


def _share_model_loader() -> None:
    """Load service models through one loader, which lists botocore's 400 services once.

    Moto makes a new loader for each model, and each lists them anew: 0.2 s at the first call of a service.
    """
    utils.create_loader = functools.cache(utils.create_loader)


def _repair_permission_hash() -> None:
    """Hash a Lake Formation permission by what never changes of it.

    Moto keeps permissions in a set and merges grants into those in it, which changes the hash it computes
    from all fields: a merged permission can then be revoked no more (KeyError).
    """
    from moto.lakeformation.models import Permission

    def hash_by_subject(permission: Permission) -> int:
        return hash((json.dumps(permission.principal), json.dumps(permission.resource)))

    Permission.__hash__ = hash_by_subject
