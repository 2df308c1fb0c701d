"""Operations that moto lacks, or answers in a way a deployed lake cannot use, on moto's own records.

Each touches moto's insides; tests/front/test_moto_hooks.py watches every name used here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.front.registry import ServiceError

if TYPE_CHECKING:
    from local_lake.front.registry import Registry, ServiceRequest

_PARTITION = "aws"


def install_additions(registry: Registry) -> None:
    """Register the operations of this module."""
    registry.register("s3", "PutBucketTagging", put_bucket_tagging)
    registry.register("s3", "DeleteBucketTagging", delete_bucket_tagging)
    registry.register("lakeformation", "UpdateResource", update_lake_formation_resource)
    registry.register("budgets", "UpdateBudget", update_budget)


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
