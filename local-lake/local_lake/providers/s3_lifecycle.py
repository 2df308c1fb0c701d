"""Lifecycle rules: CloudFormation's spelling of them turned into S3's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import Properties, ResourceFailure, select

if TYPE_CHECKING:
    from collections.abc import Mapping

_KNOWN = frozenset(
    {
        "AbortIncompleteMultipartUpload",
        "ExpirationDate",
        "ExpirationInDays",
        "ExpiredObjectDeleteMarker",
        "Id",
        "NoncurrentVersionExpiration",
        "NoncurrentVersionExpirationInDays",
        "NoncurrentVersionTransitions",
        "ObjectSizeGreaterThan",
        "ObjectSizeLessThan",
        "Prefix",
        "Status",
        "TagFilters",
        "Transitions",
    }
)


def write_lifecycle(configuration: Properties) -> dict[str, Any]:
    """Turn a LifecycleConfiguration property into PutBucketLifecycleConfiguration's argument."""
    return {"Rules": [_write_rule(rule) for rule in configuration["Rules"]]}


def _write_rule(rule: Properties) -> dict[str, Any]:
    unknown = sorted(set(rule) - _KNOWN)
    if unknown:
        raise ResourceFailure(f"Lifecycle rule: [{', '.join(unknown)}] is not done by the local lake")
    written: dict[str, Any] = {"Status": rule["Status"], "Filter": _write_filter(rule)}
    if "Id" in rule:
        written["ID"] = rule["Id"]
    expiration = _rename(
        rule,
        {
            "ExpirationInDays": "Days",
            "ExpirationDate": "Date",
            "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
        },
    )
    if expiration:
        written["Expiration"] = expiration
    if "NoncurrentVersionExpirationInDays" in rule:
        days = rule["NoncurrentVersionExpirationInDays"]
        written["NoncurrentVersionExpiration"] = {"NoncurrentDays": days}
    written |= select(rule, "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload")
    if "Transitions" in rule:
        names = {"TransitionInDays": "Days", "TransitionDate": "Date", "StorageClass": "StorageClass"}
        written["Transitions"] = [_rename(entry, names) for entry in rule["Transitions"]]
    if "NoncurrentVersionTransitions" in rule:
        names = {
            "TransitionInDays": "NoncurrentDays",
            "StorageClass": "StorageClass",
            "NewerNoncurrentVersions": "NewerNoncurrentVersions",
        }
        entries = rule["NoncurrentVersionTransitions"]
        written["NoncurrentVersionTransitions"] = [_rename(entry, names) for entry in entries]
    return written


def _write_filter(rule: Properties) -> dict[str, Any]:
    parts = select(rule, "Prefix", "ObjectSizeGreaterThan", "ObjectSizeLessThan")
    tags = [dict(tag) for tag in rule.get("TagFilters") or []]
    if len(parts) + len(tags) > 1:
        return {"And": {**parts, **({"Tags": tags} if tags else {})}}
    if tags:
        return {"Tag": tags[0]}
    return parts or {"Prefix": ""}


def _rename(entry: Properties, names: Mapping[str, str]) -> dict[str, Any]:
    return {new: entry[old] for old, new in names.items() if old in entry}


def read_lifecycle(rules: list[dict[str, Any]]) -> dict[str, Any]:
    """Turn the rules of GetBucketLifecycleConfiguration into a LifecycleConfiguration property."""
    return {"Rules": [_read_rule(rule) for rule in rules]}


def _read_rule(rule: Properties) -> dict[str, Any]:
    found = rule.get("Filter") or {}
    parts = found.get("And") or found
    read: dict[str, Any] = {
        **select(rule, "Status", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"),
        **select(parts, "Prefix", "ObjectSizeGreaterThan", "ObjectSizeLessThan"),
        **_rename(rule, {"ID": "Id"}),
        **_rename(
            rule.get("Expiration") or {},
            {
                "Days": "ExpirationInDays",
                "Date": "ExpirationDate",
                "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
            },
        ),
    }
    tags = parts.get("Tags") or ([parts["Tag"]] if "Tag" in parts else [])
    if tags:
        read["TagFilters"] = tags
    expiration = rule.get("NoncurrentVersionExpiration")
    if expiration:
        read["NoncurrentVersionExpirationInDays"] = expiration.get("NoncurrentDays")
    for name, days in (("Transitions", "Days"), ("NoncurrentVersionTransitions", "NoncurrentDays")):
        names = {
            days: "TransitionInDays",
            "Date": "TransitionDate",
            "StorageClass": "StorageClass",
            "NewerNoncurrentVersions": "NewerNoncurrentVersions",
        }
        if name in rule:
            read[name] = [_rename(entry, names) for entry in rule[name]]
    return read
