"""The hooks into moto's S3 model; tests/storage/test_storage_hooks.py fails when moto moves under one."""

from __future__ import annotations

import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import moto.s3.models as s3_models
from moto.iam.access_control import PermissionResult

from local_lake.storage.object_file import ObjectFile
from local_lake.storage.version_listing import list_object_versions

if TYPE_CHECKING:
    from pathlib import Path


class _ForgetfulList(list[Any]):
    """Stands for a class's ``instances_tracked``, in which moto keeps every instance for ever."""

    def append(self, _: object) -> None:
        """Keep nothing: what was deleted must be freed."""


def _judge_nothing(*_: object) -> PermissionResult:
    """Keep bucket policies from being enforced, as IAM's are not.

    Moto judges a statement without its Condition: one that denies what is not TLS would deny everything.
    """
    return PermissionResult.NEUTRAL


def install_storage_hooks(state_dir: Path) -> Path:
    """Keep every body as a file below ``state_dir``/objects, and list versions without copying bodies.

    Bodies left by an earlier process are removed first: their keys lived in that process's memory.
    Returns the folder.
    """
    folder = state_dir / "objects"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)

    def open_body(*_: object, **__: object) -> ObjectFile:
        return ObjectFile(folder)

    s3_models.tempfile = SimpleNamespace(SpooledTemporaryFile=open_body)
    s3_models.S3Backend.list_object_versions = list_object_versions
    s3_models.FakeBucket.get_permission = _judge_nothing
    for model in vars(s3_models).values():
        if isinstance(model, type) and "instances_tracked" in vars(model):
            model.instances_tracked = _ForgetfulList()  # type: ignore[attr-defined]
    return folder
