"""Operations that moto lacks, or answers in a way a deployed lake cannot use, on moto's own records.

Each touches moto's insides; tests/front/test_moto_hooks.py watches every name used here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.front.registry import PassThrough, ServiceError

if TYPE_CHECKING:
    from local_lake.front.registry import Registry, ServiceRequest

_PARTITION = "aws"


def install_additions(registry: Registry) -> None:
    """Register the operations of this module."""
    registry.register("s3", "PutBucketTagging", put_bucket_tagging)
    registry.register("s3", "DeleteBucketTagging", delete_bucket_tagging)
    registry.register("lakeformation", "UpdateResource", update_lake_formation_resource)
    registry.register("budgets", "UpdateBudget", update_budget)
    registry.register("ec2", "ModifyVpcEndpoint", route_through_endpoint)
    registry.register("logs", "PutMetricFilter", drop_old_metric_filter)


def put_bucket_tagging(request: ServiceRequest) -> dict[str, Any]:
    """Answer PutBucketTagging; system tags (`aws:`) are set by our own services, and kept for all others."""
    bucket = request.params["Bucket"]
    tag_set = request.params["Tagging"]["TagSet"]
    tags = {str(tag["Key"]): str(tag["Value"]) for tag in tag_set}
    if len(tags) < len(tag_set):
        raise ServiceError("InvalidTag", "Cannot provide multiple Tags with the same key")
    if request.invoked_by is None:
        if any(key.lower().startswith("aws:") for key in tags):
            raise ServiceError("InvalidTag", "System tags cannot be added/updated by requester")
        tags = {**_system_tags(request, bucket), **tags}
    _s3(request).put_bucket_tagging(bucket, tags)
    return {}


def delete_bucket_tagging(request: ServiceRequest) -> dict[str, Any]:
    """Answer DeleteBucketTagging, which leaves system tags when a person asks."""
    bucket = request.params["Bucket"]
    kept = {} if request.invoked_by is not None else _system_tags(request, bucket)
    _s3(request).put_bucket_tagging(bucket, kept)
    return {}


def _s3(request: ServiceRequest) -> Any:  # noqa: ANN401 - moto's S3Backend
    from moto.s3.models import s3_backends

    return s3_backends[request.account][_PARTITION]


def _system_tags(request: ServiceRequest, bucket: str) -> dict[str, str]:
    standing = _s3(request).get_bucket_tagging(bucket)
    return {tag["Key"]: tag["Value"] for tag in standing["Tags"] if tag["Key"].startswith("aws:")}


def update_lake_formation_resource(request: ServiceRequest) -> dict[str, Any]:
    """Answer Lake Formation's UpdateResource: another role for a registered place."""
    from moto.lakeformation.models import lakeformation_backends

    backend = lakeformation_backends[request.account][request.region]
    arn = request.params["ResourceArn"]
    if arn not in backend.resources:
        raise ServiceError("EntityNotFoundException", f"Resource {arn} is not registered.")
    backend.resources[arn].role_arn = request.params["RoleArn"]
    return {}


def update_budget(request: ServiceRequest) -> dict[str, Any]:
    """Answer UpdateBudget: another definition under the same name; notifications stay."""
    from moto.budgets.models import Budget, budgets_backends

    budgets = budgets_backends[request.account][_PARTITION].budgets[request.params["AccountId"]]
    wanted = request.params["NewBudget"]
    standing = budgets.get(wanted["BudgetName"])
    if standing is None:
        message = f"Unable to update budget: {wanted['BudgetName']} - the budget doesn't exist."
        raise ServiceError("NotFoundException", message)
    updated = Budget(wanted, [])
    updated.notifications = standing.notifications
    budgets[wanted["BudgetName"]] = updated
    return {}


def route_through_endpoint(request: ServiceRequest) -> dict[str, Any]:
    """Keep the route tables in step with ModifyVpcEndpoint, and leave the rest of it to moto.

    Moto notes the route tables of an endpoint but gives them no route, and then cannot delete the endpoint.
    """
    from moto.ec2.models import ec2_backends

    backend = ec2_backends[request.account][request.region]
    endpoint = backend.vpc_end_points.get(request.params["VpcEndpointId"])
    prefix_list = None if endpoint is None else endpoint.destination_prefix_list_id
    if endpoint is None or prefix_list is None:
        raise PassThrough
    for table in request.params.get("AddRouteTableIds") or []:
        if table not in endpoint.route_table_ids:
            backend.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefix_list)
    for table in request.params.get("RemoveRouteTableIds") or []:
        if table in endpoint.route_table_ids:
            backend.delete_route(table, prefix_list)
    raise PassThrough


def drop_old_metric_filter(request: ServiceRequest) -> dict[str, Any]:
    """Make way for PutMetricFilter, which moto answers: it adds a second filter of the same name."""
    from moto.logs.models import logs_backends

    filters = logs_backends[request.account][request.region].filters
    name, group = request.params["filterName"], request.params["logGroupName"]
    filters.metric_filters = [
        found
        for found in filters.metric_filters
        if (found["filterName"], found["logGroupName"]) != (name, group)
    ]
    raise PassThrough
