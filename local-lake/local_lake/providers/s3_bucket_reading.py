"""A bucket's settings read back, in the template's form of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local_lake.providers.contract import Properties, select
from local_lake.providers.s3_lifecycle import read_lifecycle

if TYPE_CHECKING:
    from collections.abc import Callable

_ABSENT = (
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "NoSuchTagSet",
    "OwnershipControlsNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
)


def read_bucket(s3: Any, name: str) -> Properties:  # noqa: ANN401 - see Context.client
    """Give every property of a bucket that AWS::S3::Bucket sets here; None for one it does not have."""
    return {
        "BucketName": name,
        "BucketEncryption": _ask(lambda: _encryption(s3.get_bucket_encryption(Bucket=name))),
        "LifecycleConfiguration": _ask(
            lambda: read_lifecycle(s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"])
        ),
        "LoggingConfiguration": _logging(s3.get_bucket_logging(Bucket=name)),
        "OwnershipControls": _ask(lambda: s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]),
        "PublicAccessBlockConfiguration": _ask(
            lambda: s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
        ),
        "Tags": _ask(lambda: s3.get_bucket_tagging(Bucket=name)["TagSet"]),
        "VersioningConfiguration": select(s3.get_bucket_versioning(Bucket=name), "Status") or None,
    }


def _ask(read: Callable[[], Any]) -> Any:  # noqa: ANN401 - any property
    try:
        return read()
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            return None
        raise


def _encryption(answer: dict[str, Any]) -> dict[str, Any]:
    rules = [
        {
            **select(rule, "BucketKeyEnabled"),
            "ServerSideEncryptionByDefault": rule["ApplyServerSideEncryptionByDefault"],
        }
        for rule in answer["ServerSideEncryptionConfiguration"]["Rules"]
    ]
    return {"ServerSideEncryptionConfiguration": rules}


def _logging(answer: dict[str, Any]) -> dict[str, Any] | None:
    enabled = answer.get("LoggingEnabled")
    if enabled is None:
        return None
    return {
        "DestinationBucketName": enabled.get("TargetBucket"),
        "LogFilePrefix": enabled.get("TargetPrefix") or None,
    }
