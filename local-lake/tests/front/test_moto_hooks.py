"""Canaries: every name of moto's insides the front and the engine use, and every defect they mend.

When one of these fails after an upgrade of moto, the module it names has to be read again.
"""

from __future__ import annotations

import inspect

from moto.budgets.models import Budget, BudgetsBackend, budgets_backends
from moto.core import DEFAULT_ACCOUNT_ID, utils
from moto.core.exceptions import ServiceException
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from moto.ec2.models import ec2_backends
from moto.lakeformation.models import Permission, PermissionCatalog, lakeformation_backends
from moto.logs.models import logs_backends
from moto.moto_server import werkzeug_app
from moto.s3.models import S3Backend, s3_backends
from moto.sts.models import sts_backends

PROTOCOLS = {"ec2", "json", "query", "rest-json", "rest-xml"}


def test_protocol_names() -> None:
    """local_lake.front.protocol."""
    assert set(PROTOCOL_PARSERS) >= PROTOCOLS
    assert {get_serializer_class("any", name).__name__ for name in PROTOCOLS}
    error = ServiceException("Code", "words")
    assert (error.code, error.message) == ("Code", "words")
    request = Request.from_primitives(
        "POST",
        "http://x/",
        {"X-Amz-Target": "AWSGlue.GetTables", "Content-Type": "application/x-amz-json-1.1"},
        b"{}",
    )
    operation, uri_params = get_service_router("glue").match(request)
    assert (operation.name, uri_params) == ("GetTables", {})
    assert determine_request_protocol(get_service_model("glue"), request.content_type) == "json"


def test_dispatcher_names() -> None:
    """local_lake.front.moto_base and .listener."""
    dispatcher = werkzeug_app.DomainDispatcherApplication(werkzeug_app.create_backend_app)
    assert dispatcher.get_backend_for_host("glue.eu-west-1.amazonaws.com") == "glue"
    assert dispatcher.get_backend_for_host("chime.eu-west-1.amazonaws.com") is None
    assert hasattr(dispatcher.lock, "__enter__")
    assert "with self.lock" in inspect.getsource(dispatcher.get_application)
    assert isinstance(werkzeug_app.DISABLE_GLOBAL_CORS, bool)
    assert hasattr(werkzeug_app.MotoRequestHandler, "make_environ")


def test_moto_still_makes_a_loader_for_each_model() -> None:
    """local_lake.front.moto_repairs: sharing one is worth while as long as this holds."""
    assert utils.create_loader() is not utils.create_loader()
    assert "create_loader()" in inspect.getsource(utils._load_service_model)


def test_account() -> None:
    """local_lake.front.registry."""
    assert DEFAULT_ACCOUNT_ID == "123456789012"


def test_identity_names() -> None:
    """local_lake.faults.refusals."""
    _, arn, account = sts_backends[DEFAULT_ACCOUNT_ID]["aws"].get_caller_identity("AKIACANARY", "eu-west-1")
    assert (arn.split(":")[:3], account) == (["arn", "aws", "sts"], DEFAULT_ACCOUNT_ID)


def test_record_names() -> None:
    """local_lake.front.additions."""
    s3 = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    assert isinstance(s3, S3Backend)
    assert list(inspect.signature(s3.put_bucket_tagging).parameters) == ["bucket_name", "tags"]
    assert list(inspect.signature(s3.get_bucket_tagging).parameters) == ["bucket_name"]
    governed = lakeformation_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"]
    governed.register_resource("arn:aws:s3:::canary", "arn:aws:iam::123456789012:role/canary")
    assert governed.resources["arn:aws:s3:::canary"].role_arn.endswith("role/canary")
    budgets = budgets_backends[DEFAULT_ACCOUNT_ID]["aws"]
    assert isinstance(budgets, BudgetsBackend)
    assert isinstance(budgets.budgets, dict)
    limit = {"BudgetName": "b", "BudgetType": "COST", "BudgetLimit": {"Amount": "1", "Unit": "USD"}}
    assert Budget(limit, []).notifications == []


def test_moto_still_routes_nothing_through_a_modified_endpoint() -> None:
    """local_lake.front.additions.route_through_endpoint is needed as long as this holds."""
    backend = ec2_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"]
    vpc = backend.create_vpc("10.9.0.0/16")
    table = backend.create_route_table(vpc.id)
    service = "com.amazonaws.eu-west-1.s3"
    endpoint = backend.create_vpc_endpoint(vpc.id, service, "Gateway", None, [])
    assert endpoint.destination_prefix_list_id is not None
    backend.vpc_end_points[endpoint.id].modify(None, None, None, [table.id], None, None, None)
    assert endpoint.route_table_ids == [table.id]
    assert not [route for route in table.routes if route.destination_prefix_list]
    backend.create_route(
        table.id, None, gateway_id=endpoint.id, destination_prefix_list_id=endpoint.destination_prefix_list_id
    )
    backend.delete_route(table.id, endpoint.destination_prefix_list_id)


def test_moto_still_keeps_two_metric_filters_of_one_name() -> None:
    """local_lake.front.additions.drop_old_metric_filter is needed as long as this holds."""
    filters = logs_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"].filters
    for pattern in ("ERROR", "WARN"):
        filters.add_filter("name", pattern, "group", [])
    assert [found["filterPattern"] for found in filters.metric_filters] == ["ERROR", "WARN"]


def test_moto_still_loses_merged_permissions() -> None:
    """local_lake.front.moto_repairs: the mend is needed as long as this holds."""
    catalog = PermissionCatalog()
    principal, resource = {"DataLakePrincipalIdentifier": "p"}, {"Database": {"Name": "d"}}
    for name in ("ALTER", "DROP"):
        catalog.add_permission(Permission(principal, resource, [name], []))
    try:
        catalog.remove_permission(Permission(principal, resource, ["ALTER"], []))
    except KeyError:
        return
    raise AssertionError("moto hashes permissions well now: drop _repair_permission_hash")
