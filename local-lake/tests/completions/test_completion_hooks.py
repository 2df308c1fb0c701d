"""Canaries: every name of moto's insides that local_lake.completions uses, and every gap it fills."""

from __future__ import annotations

import inspect

from moto.ce.models import ce_backends
from moto.ce.responses import CostExplorerResponse
from moto.core import DEFAULT_ACCOUNT_ID
from moto.emrserverless.models import Application, emrserverless_backends
from moto.emrserverless.responses import EMRServerlessResponse
from moto.glue.models import Action, FakeJob, FakeTrigger, Predicate, glue_backends
from moto.glue.responses import GlueResponse
from moto.iam.models import OpenIDConnectProvider, iam_backends
from moto.iam.responses import IamResponse

from local_lake.completions.glue_jobs import _JOB_MEMBERS


def test_glue_names() -> None:
    backend = glue_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"]
    assert (backend.jobs, backend.triggers) == ({}, {})
    assert set(_JOB_MEMBERS.values()) <= set(inspect.signature(FakeJob.__init__).parameters)
    members = set(inspect.signature(FakeTrigger.__init__).parameters)
    assert members >= {"actions", "predicate", "description", "schedule", "event_batching_condition"}
    assert Action({"JobName": "a"}).as_dict() == {"JobName": "a"}
    assert Predicate({"Logical": "AND", "Conditions": []}).as_dict()
    assert not hasattr(GlueResponse, "update_job")
    assert not hasattr(GlueResponse, "update_trigger")


def test_emr_serverless_names() -> None:
    assert emrserverless_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"].applications == {}
    source = inspect.getsource(Application.__init__)
    assert all(f"self.{name}" in source for name in ("arn", "tags", "release_label", "state"))
    assert not hasattr(EMRServerlessResponse, "tag_resource")
    assert "releaseLabel" not in inspect.getsource(EMRServerlessResponse.update_application)


def test_identity_provider_names() -> None:
    assert iam_backends[DEFAULT_ACCOUNT_ID]["aws"].open_id_providers == {}
    assert "self.client_id_list" in inspect.getsource(OpenIDConnectProvider.__init__)
    assert not hasattr(IamResponse, "add_client_id_to_open_id_connect_provider")


def test_cost_explorer_names() -> None:
    backend = ce_backends[DEFAULT_ACCOUNT_ID]["aws"]
    backend.tag_resource("arn:x", [{"Key": "k", "Value": "v"}])
    assert backend.list_tags_for_resource("arn:x") == [{"Key": "k", "Value": "v"}]
    assert not hasattr(CostExplorerResponse, "create_anomaly_monitor")
