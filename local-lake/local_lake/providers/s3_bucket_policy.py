"""AWS::S3::BucketPolicy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import Context, Properties, Provider, update_rules, write_json

if TYPE_CHECKING:
    from collections.abc import Mapping


class BucketPolicy(Provider):
    """A bucket's policy; its physical id is the bucket's name."""

    type_name = "AWS::S3::BucketPolicy"
    updates = update_rules(always="Bucket", never="PolicyDocument")
    required = ("Bucket", "PolicyDocument")

    def create(self, context: Context, properties: Properties) -> str:
        """Put the policy on the bucket."""
        bucket = str(properties["Bucket"])
        context.client("s3").put_bucket_policy(Bucket=bucket, Policy=write_json(properties["PolicyDocument"]))
        return bucket

    def update(self, context: Context, physical_id: str, _: Properties, after: Properties) -> None:
        """Put the new policy in place of the old."""
        context.client("s3").put_bucket_policy(Bucket=physical_id, Policy=write_json(after["PolicyDocument"]))

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the policy document."""
        document: dict[str, Any] = json.loads(
            context.client("s3").get_bucket_policy(Bucket=physical_id)["Policy"]
        )
        return document

    def observe(self, _: Context, physical_id: str, live: Mapping[str, Any]) -> Properties | None:
        """Give bucket and document."""
        return {"Bucket": physical_id, "PolicyDocument": live}

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Take the policy off the bucket."""
        context.client("s3").delete_bucket_policy(Bucket=physical_id)
