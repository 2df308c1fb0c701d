"""Tags of EC2 resources, which all go through the same two calls."""

from __future__ import annotations

from typing import Any

from local_lake.providers.contract import Context, Properties, apply_tags, list_tags


def tag_specification(kind: str, properties: Properties) -> dict[str, Any]:
    """Write the argument by which a create call tags what it makes; `kind` is such as `route-table`."""
    tags = properties.get("Tags")
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]} if tags else {}


def update_tags(context: Context, physical_id: str, before: Properties, after: Properties) -> None:
    """Bring a resource's tags from what they were to what they are to be."""
    ec2 = context.client("ec2")
    apply_tags(
        before,
        after,
        put=lambda tags: ec2.create_tags(Resources=[physical_id], Tags=list_tags(tags)),
        remove=lambda keys: ec2.delete_tags(Resources=[physical_id], Tags=[{"Key": k} for k in keys]),
    )
