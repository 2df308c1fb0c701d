"""Canaries: what the storage hooks rely on in moto's S3 model; a new moto must not move it silently."""

from __future__ import annotations

import inspect

import moto.s3.models as s3_models
import moto.s3.utils as s3_utils

from local_lake.storage.version_listing import list_object_versions


def test_a_key_opens_its_body_through_the_module_s_tempfile() -> None:
    source = inspect.getsource(s3_models.FakeKey)
    assert source.count("tempfile.SpooledTemporaryFile(") == 2
    assert "self._value_buffer = tempfile.SpooledTemporaryFile(self._max_buffer_size)" in source


def test_a_key_writes_its_body_whole_and_takes_its_size_from_it() -> None:
    setter = inspect.getsource(s3_models.FakeKey.value.fset)
    assert "self._value_buffer.truncate()" in setter
    assert "self._value_buffer.write(new_value)" in setter
    assert "self.contentsize = len(new_value)" in setter


def test_a_key_closes_its_body_when_it_is_disposed_of() -> None:
    assert "self._value_buffer.close()" in inspect.getsource(s3_models.FakeKey.dispose)
    assert ".dispose()" in inspect.getsource(s3_utils._VersionedKeyStore.setlist)


def test_moto_calls_list_object_versions_with_our_parameters() -> None:
    # Importing the hooks replaces nothing; only installing them does.
    ours = list(inspect.signature(list_object_versions).parameters)[1:]
    theirs = list(inspect.signature(s3_models.S3Backend.list_object_versions).parameters)[1:]
    assert ours == theirs


def test_delete_markers_have_no_size() -> None:
    assert "contentsize" not in inspect.getsource(s3_models.FakeDeleteMarker)


def test_instances_are_tracked_by_an_append_to_a_list_of_the_class() -> None:
    import moto.core.common_models as common_models

    assert "cls.instances_tracked.append(instance)" in inspect.getsource(common_models.BaseModel.__new__)
