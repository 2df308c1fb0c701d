"""AWS::S3::Bucket."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from local_lake.providers.contract import (
    Context,
    Properties,
    Provider,
    ResourceFailure,
    list_tags,
    select,
    tags_of,
    update_rules,
)
from local_lake.providers.s3_bucket_reading import read_bucket
from local_lake.providers.s3_lifecycle import write_lifecycle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NAME = re.compile(r"(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class _Feature(NamedTuple):
    """How one property reaches S3: the call that sets it, and the one that takes it away."""

    put: str
    write: Callable[[Any], dict[str, Any]]
    remove: str | None
    removed: dict[str, Any]


def _write_encryption(value: Properties) -> dict[str, Any]:
    rules = [
        {
            **select(rule, "BucketKeyEnabled"),
            "ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"],
        }
        for rule in value["ServerSideEncryptionConfiguration"]
    ]
    return {"ServerSideEncryptionConfiguration": {"Rules": rules}}


def _write_logging(value: Properties) -> dict[str, Any]:
    enabled = {
        "TargetBucket": value["DestinationBucketName"],
        "TargetPrefix": value.get("LogFilePrefix", ""),
    }
    return {"BucketLoggingStatus": {"LoggingEnabled": enabled}}


_FEATURES = {
    "VersioningConfiguration": _Feature(
        "put_bucket_versioning",
        lambda value: {"VersioningConfiguration": value},
        "put_bucket_versioning",
        {"VersioningConfiguration": {"Status": "Suspended"}},
    ),
    "BucketEncryption": _Feature("put_bucket_encryption", _write_encryption, "delete_bucket_encryption", {}),
    "LifecycleConfiguration": _Feature(
        "put_bucket_lifecycle_configuration",
        lambda value: {"LifecycleConfiguration": write_lifecycle(value)},
        "delete_bucket_lifecycle",
        {},
    ),
    "PublicAccessBlockConfiguration": _Feature(
        "put_public_access_block",
        lambda value: {"PublicAccessBlockConfiguration": value},
        "delete_public_access_block",
        {},
    ),
    "OwnershipControls": _Feature(
        "put_bucket_ownership_controls",
        lambda value: {"OwnershipControls": value},
        "delete_bucket_ownership_controls",
        {},
    ),
    "LoggingConfiguration": _Feature(
        "put_bucket_logging", _write_logging, "put_bucket_logging", {"BucketLoggingStatus": {}}
    ),
    "Tags": _Feature(
        "put_bucket_tagging",
        lambda value: {"Tagging": {"TagSet": value}},
        "delete_bucket_tagging",
        {},
    ),
}


class Bucket(Provider):
    """A bucket. It is deleted only when it is empty, as on AWS."""

    type_name = "AWS::S3::Bucket"
    updates = update_rules(always="BucketName", never=" ".join(_FEATURES))
    attributes = frozenset({"Arn", "DomainName", "DualStackDomainName", "RegionalDomainName", "WebsiteURL"})
    tag_property = "Tags"
    name_property = "BucketName"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the bucket, then set it up; an existing bucket of that name is a failure, even one's own."""
        name = str(properties.get("BucketName") or context.generate_name(63, lower=True))
        _check_name(name)
        s3 = context.client("s3")
        if _exists(s3, name):
            raise ResourceFailure(f"{name} already exists", "AlreadyExists")
        elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": context.region}}
        s3.create_bucket(Bucket=name, **({} if context.region == "us-east-1" else elsewhere))
        context.announce(name)
        for feature_name in _FEATURES:
            if feature_name in properties:
                _put(s3, name, feature_name, properties[feature_name])
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Set what changed, and take away what the template no longer says."""
        s3 = context.client("s3")
        for feature_name, feature in _FEATURES.items():
            old, new = before.get(feature_name), after.get(feature_name)
            if new is not None and new != old:
                _put(s3, physical_id, feature_name, new)
            elif new is None and old is not None and feature.remove is not None:
                getattr(s3, feature.remove)(Bucket=physical_id, **feature.removed)

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return HeadBucket's answer."""
        s3 = context.client("s3")
        if not _exists(s3, physical_id):
            raise ResourceFailure(f"Bucket {physical_id} does not exist", "NotFound")
        return {"Name": physical_id}

    def describe_attributes(self, context: Context, physical_id: str, _: Mapping[str, Any]) -> Properties:
        """Give Arn and the domain names, all from the name and region."""
        region = context.region
        return {
            "Arn": f"arn:aws:s3:::{physical_id}",
            "DomainName": f"{physical_id}.s3.amazonaws.com",
            "DualStackDomainName": f"{physical_id}.s3.dualstack.{region}.amazonaws.com",
            "RegionalDomainName": f"{physical_id}.s3.{region}.amazonaws.com",
            "WebsiteURL": f"http://{physical_id}.s3-website-{region}.amazonaws.com",
        }

    def observe(self, context: Context, physical_id: str, _: Mapping[str, Any]) -> Properties | None:
        """Give every setting, read back one by one."""
        return read_bucket(context.client("s3"), physical_id)

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the bucket; S3 refuses one with objects or versions in it."""
        context.client("s3").delete_bucket(Bucket=physical_id)


def _put(s3: Any, name: str, feature_name: str, value: object) -> None:  # noqa: ANN401
    feature = _FEATURES[feature_name]
    shaped = list_tags(tags_of({"Tags": value})) if feature_name == "Tags" else value
    getattr(s3, feature.put)(Bucket=name, **feature.write(shaped))


def _exists(s3: Any, name: str) -> bool:  # noqa: ANN401
    try:
        s3.head_bucket(Bucket=name)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return False
        raise
    return True


def _check_name(name: str) -> None:
    """Hold the name to S3's rules (Bucket naming rules), which CloudFormation checks before S3 does."""
    if any(letter.isupper() for letter in name):
        raise ResourceFailure("Bucket name should not contain uppercase characters")
    if "_" in name:
        raise ResourceFailure("Bucket name should not contain '_'")
    if not 3 <= len(name) <= 63:
        raise ResourceFailure("Bucket name should be between 3 and 63 characters long")
    if _NAME.fullmatch(name) is None or ".." in name:
        raise ResourceFailure(f"The specified bucket is not valid: {name}")
