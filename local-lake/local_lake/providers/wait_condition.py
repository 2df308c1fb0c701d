"""AWS::CloudFormation::WaitConditionHandle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import Context, Properties, Provider, update_rules

if TYPE_CHECKING:
    from collections.abc import Mapping


class WaitConditionHandle(Provider):
    """An address to signal to; its physical id is that address.

    As on AWS it is a signed address of S3, but there is no bucket behind it: what waits for such signals,
    AWS::CloudFormation::WaitCondition, is not provided, and a signal is refused with NoSuchBucket.
    """

    type_name = "AWS::CloudFormation::WaitConditionHandle"
    updates = update_rules()

    def create(self, context: Context, _: Properties) -> str:
        """Sign an address that no other handle has."""
        place = {
            "Bucket": f"cloudformation-waitcondition-{context.region}",
            "Key": f"{context.stack_id}/{context.logical_id}/{context.generation}",
        }
        return str(context.client("s3").generate_presigned_url("put_object", Params=place, ExpiresIn=86_399))

    def read(self, _: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the address alone: there is nothing else to it."""
        return {"Id": physical_id}

    def delete(self, _: Context, __: str, ___: Properties) -> None:
        """Forget the address."""
