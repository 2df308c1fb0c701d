"""AWS::EC2::SecurityGroup and its rules: AWS::EC2::SecurityGroupIngress and ::SecurityGroupEgress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import Context, Properties, Provider, select, update_rules
from local_lake.providers.ec2_tags import tag_specification, update_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

_EVERYTHING = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}


def _permission(rule: Properties) -> dict[str, Any]:
    """Turn a template's rule into EC2's IpPermission."""
    described = select(rule, "Description")
    permission = select(rule, "IpProtocol", "FromPort", "ToPort")
    if "CidrIp" in rule:
        permission["IpRanges"] = [{"CidrIp": rule["CidrIp"], **described}]
    if "CidrIpv6" in rule:
        permission["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"], **described}]
    for name in ("SourcePrefixListId", "DestinationPrefixListId"):
        if name in rule:
            permission["PrefixListIds"] = [{"PrefixListId": rule[name], **described}]
    for name in ("SourceSecurityGroupId", "DestinationSecurityGroupId"):
        if name in rule:
            permission["UserIdGroupPairs"] = [{"GroupId": rule[name], **described}]
    return permission


def _read_rules(permissions: list[dict[str, Any]] | None, side: str) -> list[dict[str, Any]]:
    """Turn EC2's permissions into a template's rules; `side` is Source or Destination."""
    members = (
        ("IpRanges", "CidrIp", "CidrIp"),
        ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
        ("PrefixListIds", "PrefixListId", f"{side}PrefixListId"),
        ("UserIdGroupPairs", "GroupId", f"{side}SecurityGroupId"),
    )
    return [
        {
            **select(permission, "IpProtocol", "FromPort", "ToPort"),
            **select(entry, "Description"),
            written: entry[name],
        }
        for permission in permissions or []
        for member, name, written in members
        for entry in permission.get(member) or []
    ]


class SecurityGroup(Provider):
    """A security group of a network; its physical id is its id."""

    type_name = "AWS::EC2::SecurityGroup"
    updates = update_rules(
        always="GroupDescription GroupName VpcId", never="SecurityGroupEgress SecurityGroupIngress Tags"
    )
    required = ("GroupDescription",)
    attributes = frozenset({"GroupId", "VpcId"})
    tag_property = "Tags"
    name_property = "GroupName"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the group, then its rules; rules of its own take the place of EC2's open egress."""
        ec2 = context.client("ec2")
        group = ec2.create_security_group(
            GroupName=properties.get("GroupName") or context.generate_name(255),
            Description=properties["GroupDescription"],
            **select(properties, "VpcId"),
            **tag_specification("security-group", properties),
        )["GroupId"]
        context.announce(group)
        _set_rules(ec2, group, {}, properties)
        return str(group)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change the rules and tags."""
        _set_rules(context.client("ec2"), physical_id, before, after)
        update_tags(context, physical_id, before, after)

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the group as DescribeSecurityGroups does."""
        groups = context.client("ec2").describe_security_groups(GroupIds=[physical_id])["SecurityGroups"]
        group: dict[str, Any] = groups[0]
        return group

    def observe(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the rules one by one, as a template has them, and the tags."""
        return {
            "GroupDescription": live["Description"],
            "SecurityGroupEgress": _read_rules(live.get("IpPermissionsEgress"), "Destination"),
            "SecurityGroupIngress": _read_rules(live.get("IpPermissions"), "Source"),
            "Tags": live.get("Tags") or [],
            "VpcId": live.get("VpcId"),
        }

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the group; EC2 refuses while another group's rule names it."""
        context.client("ec2").delete_security_group(GroupId=physical_id)


def _set_rules(ec2: Any, group: str, before: Properties, after: Properties) -> None:  # noqa: ANN401
    old, new = _rules(before, "SecurityGroupIngress", []), _rules(after, "SecurityGroupIngress", [])
    _exchange(ec2, group, "ingress", old, new)
    old = _rules(before, "SecurityGroupEgress", [_EVERYTHING])
    _exchange(ec2, group, "egress", old, _rules(after, "SecurityGroupEgress", [_EVERYTHING]))


def _rules(properties: Properties, name: str, default: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [_permission(rule) for rule in properties.get(name) or default]


def _exchange(
    ec2: Any,  # noqa: ANN401
    group: str,
    direction: str,
    old: list[dict[str, Any]],
    new: list[dict[str, Any]],
) -> None:
    gone = [rule for rule in old if rule not in new]
    added = [rule for rule in new if rule not in old]
    if gone:
        getattr(ec2, f"revoke_security_group_{direction}")(GroupId=group, IpPermissions=gone)
    if added:
        getattr(ec2, f"authorize_security_group_{direction}")(GroupId=group, IpPermissions=added)


class _Rule(Provider):
    """One rule of a security group, kept as a resource of its own; its physical id is the rule's id."""

    direction = ""
    updates = update_rules(
        always="CidrIp CidrIpv6 Description DestinationPrefixListId DestinationSecurityGroupId FromPort "
        "GroupId IpProtocol SourcePrefixListId SourceSecurityGroupId ToPort"
    )
    required = ("GroupId", "IpProtocol")
    attributes = frozenset({"Id"})

    def create(self, context: Context, properties: Properties) -> str:
        """Add the rule to its group."""
        authorize = getattr(context.client("ec2"), f"authorize_security_group_{self.direction}")
        answer = authorize(GroupId=properties["GroupId"], IpPermissions=[_permission(properties)])
        return str(answer["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the rule as DescribeSecurityGroupRules does."""
        rules = context.client("ec2").describe_security_group_rules(SecurityGroupRuleIds=[physical_id])
        rule: dict[str, Any] = rules["SecurityGroupRules"][0]
        return {**rule, "Id": physical_id}

    def observe(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the rule's ports, protocol and range."""
        ranges = {"CidrIp": live.get("CidrIpv4"), "CidrIpv6": live.get("CidrIpv6")}
        return {**select(live, "Description", "FromPort", "GroupId", "IpProtocol", "ToPort"), **ranges}

    def delete(self, context: Context, _: str, properties: Properties) -> None:
        """Take the rule out of its group."""
        revoke = getattr(context.client("ec2"), f"revoke_security_group_{self.direction}")
        revoke(GroupId=properties["GroupId"], IpPermissions=[_permission(properties)])


class SecurityGroupIngress(_Rule):
    """A rule for what may come in."""

    type_name = "AWS::EC2::SecurityGroupIngress"
    direction = "ingress"


class SecurityGroupEgress(_Rule):
    """A rule for what may go out."""

    type_name = "AWS::EC2::SecurityGroupEgress"
    direction = "egress"
