"""AWS::KMS::Key and AWS::KMS::Alias."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import (
    Context,
    Properties,
    Provider,
    ResourceFailure,
    apply_tags,
    select,
    tags_of,
    update_rules,
    write_json,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class Key(Provider):
    """A key; its physical id is its id. Deleting it schedules its deletion, as on AWS."""

    type_name = "AWS::KMS::Key"
    updates = update_rules(
        always="KeySpec KeyUsage MultiRegion Origin",
        never="Description Enabled EnableKeyRotation KeyPolicy PendingWindowInDays Tags",
    )
    attributes = frozenset({"Arn", "KeyId"})
    tag_property = "Tags"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the key, then its rotation and state."""
        kms = context.client("kms")
        policy = properties.get("KeyPolicy")
        key = kms.create_key(
            **select(properties, "Description", "KeySpec", "KeyUsage", "MultiRegion", "Origin"),
            **({} if policy is None else {"Policy": write_json(policy)}),
            Tags=_write_tags(tags_of(properties)),
        )["KeyMetadata"]["KeyId"]
        context.announce(key)
        _set_state(kms, key, {}, properties)
        return str(key)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change description, policy, rotation, state and tags."""
        kms = context.client("kms")
        kms.update_key_description(KeyId=physical_id, Description=after.get("Description", ""))
        if "KeyPolicy" in after and before.get("KeyPolicy") != after["KeyPolicy"]:
            policy = write_json(after["KeyPolicy"])
            kms.put_key_policy(KeyId=physical_id, PolicyName="default", Policy=policy)
        _set_state(kms, physical_id, before, after)
        apply_tags(
            before,
            after,
            put=lambda tags: kms.tag_resource(KeyId=physical_id, Tags=_write_tags(tags)),
            remove=lambda keys: kms.untag_resource(KeyId=physical_id, TagKeys=keys),
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return DescribeKey's KeyMetadata; a key on its way out does not count."""
        key: dict[str, Any] = context.client("kms").describe_key(KeyId=physical_id)["KeyMetadata"]
        if key["KeyState"] == "PendingDeletion":
            raise ResourceFailure(f"Key {physical_id} is pending deletion", "NotFound")
        return key

    def observe(self, context: Context, physical_id: str, live: Mapping[str, Any]) -> Properties | None:
        """Give description, policy, rotation, state and tags."""
        kms = context.client("kms")
        tags = kms.list_resource_tags(KeyId=physical_id)["Tags"]
        return {
            **select(live, "Description", "Enabled", "KeySpec", "KeyUsage", "MultiRegion"),
            "EnableKeyRotation": kms.get_key_rotation_status(KeyId=physical_id)["KeyRotationEnabled"],
            "KeyPolicy": json.loads(kms.get_key_policy(KeyId=physical_id, PolicyName="default")["Policy"]),
            "Tags": [{"Key": tag["TagKey"], "Value": tag["TagValue"]} for tag in tags],
        }

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """Schedule the key's deletion."""
        self.read(context, physical_id)
        context.client("kms").schedule_key_deletion(
            KeyId=physical_id, PendingWindowInDays=properties.get("PendingWindowInDays", 30)
        )


def _write_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"TagKey": key, "TagValue": value} for key, value in tags.items()]


def _set_state(kms: Any, key: str, before: Properties, after: Properties) -> None:  # noqa: ANN401
    was, rotates = _flag(before, "EnableKeyRotation", False), _flag(after, "EnableKeyRotation", False)
    if was != rotates:
        (kms.enable_key_rotation if rotates else kms.disable_key_rotation)(KeyId=key)
    was, enabled = _flag(before, "Enabled", True), _flag(after, "Enabled", True)
    if was != enabled:
        (kms.enable_key if enabled else kms.disable_key)(KeyId=key)


def _flag(properties: Properties, name: str, default: bool) -> bool:
    return str(properties.get(name, default)).lower() == "true"


class Alias(Provider):
    """Another name of a key; its physical id is that name."""

    type_name = "AWS::KMS::Alias"
    updates = update_rules(always="AliasName", never="TargetKeyId")
    required = ("AliasName", "TargetKeyId")
    name_property = "AliasName"
    mirrored = "AliasName TargetKeyId"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the alias."""
        context.client("kms").create_alias(**select(properties, "AliasName", "TargetKeyId"))
        return str(properties["AliasName"])

    def update(self, context: Context, physical_id: str, _: Properties, after: Properties) -> None:
        """Point the alias at another key."""
        context.client("kms").update_alias(AliasName=physical_id, TargetKeyId=after["TargetKeyId"])

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the alias as ListAliases does."""
        pages = context.client("kms").get_paginator("list_aliases").paginate()
        for alias in (alias for page in pages for alias in page["Aliases"]):
            if alias["AliasName"] == physical_id:
                found: dict[str, Any] = alias
                return found
        raise ResourceFailure(f"Alias {physical_id} does not exist", "NotFound")

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the alias; the key stays."""
        context.client("kms").delete_alias(AliasName=physical_id)
