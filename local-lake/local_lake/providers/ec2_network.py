"""AWS::EC2::VPC and AWS::EC2::Subnet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import Context, Properties, Provider, select, update_rules
from local_lake.providers.ec2_tags import tag_specification, update_tags

if TYPE_CHECKING:
    from collections.abc import Mapping


class Vpc(Provider):
    """A virtual network; its physical id is its id."""

    type_name = "AWS::EC2::VPC"
    updates = update_rules(
        always="CidrBlock", never="EnableDnsHostnames EnableDnsSupport InstanceTenancy Tags"
    )
    required = ("CidrBlock",)
    attributes = frozenset({"CidrBlock", "DefaultNetworkAcl", "DefaultSecurityGroup", "VpcId"})
    tag_property = "Tags"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the network, then set its DNS."""
        vpc = context.client("ec2").create_vpc(
            **select(properties, "CidrBlock", "InstanceTenancy"), **tag_specification("vpc", properties)
        )["Vpc"]
        context.announce(vpc["VpcId"])
        _set_dns(context, vpc["VpcId"], properties)
        return str(vpc["VpcId"])

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change DNS and tags."""
        defaults = {"EnableDnsSupport": True, "EnableDnsHostnames": False}
        _set_dns(context, physical_id, {**defaults, **after})
        update_tags(context, physical_id, before, after)

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the network as DescribeVpcs does."""
        vpc: dict[str, Any] = context.client("ec2").describe_vpcs(VpcIds=[physical_id])["Vpcs"][0]
        return vpc

    def describe_attributes(self, context: Context, physical_id: str, live: Mapping[str, Any]) -> Properties:
        """Give the block and what EC2 made with the network."""
        ec2 = context.client("ec2")
        of_vpc = [{"Name": "vpc-id", "Values": [physical_id]}]
        groups = ec2.describe_security_groups(
            Filters=[*of_vpc, {"Name": "group-name", "Values": ["default"]}]
        )["SecurityGroups"]
        acls = ec2.describe_network_acls(Filters=[*of_vpc, {"Name": "default", "Values": ["true"]}])
        return {
            "VpcId": physical_id,
            "CidrBlock": live["CidrBlock"],
            "DefaultSecurityGroup": groups[0]["GroupId"],
            "DefaultNetworkAcl": acls["NetworkAcls"][0]["NetworkAclId"],
        }

    def observe(self, context: Context, physical_id: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the block, the DNS settings and the tags."""
        ec2 = context.client("ec2")
        support = ec2.describe_vpc_attribute(VpcId=physical_id, Attribute="enableDnsSupport")
        names = ec2.describe_vpc_attribute(VpcId=physical_id, Attribute="enableDnsHostnames")
        return {
            **select(live, "CidrBlock", "InstanceTenancy"),
            "EnableDnsSupport": support["EnableDnsSupport"]["Value"],
            "EnableDnsHostnames": names["EnableDnsHostnames"]["Value"],
            "Tags": live.get("Tags") or [],
        }

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the network; EC2 refuses while something is in it."""
        context.client("ec2").delete_vpc(VpcId=physical_id)


def _set_dns(context: Context, vpc_id: str, properties: Properties) -> None:
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        if name in properties:
            context.client("ec2").modify_vpc_attribute(VpcId=vpc_id, **{name: {"Value": properties[name]}})


class Subnet(Provider):
    """A subnet; its physical id is its id."""

    type_name = "AWS::EC2::Subnet"
    updates = update_rules(
        always="AvailabilityZone CidrBlock VpcId",
        never="MapPublicIpOnLaunch Tags",
    )
    required = ("VpcId",)
    attributes = frozenset({"AvailabilityZone", "CidrBlock", "SubnetId", "VpcId"})
    tag_property = "Tags"
    mirrored = "AvailabilityZone CidrBlock MapPublicIpOnLaunch Tags VpcId"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the subnet."""
        subnet = context.client("ec2").create_subnet(
            **select(properties, "AvailabilityZone", "CidrBlock", "VpcId"),
            **tag_specification("subnet", properties),
        )["Subnet"]
        context.announce(subnet["SubnetId"])
        _map_public_ip(context, subnet["SubnetId"], properties)
        return str(subnet["SubnetId"])

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change the mapping of public addresses, and tags."""
        _map_public_ip(context, physical_id, {"MapPublicIpOnLaunch": False, **after})
        update_tags(context, physical_id, before, after)

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the subnet as DescribeSubnets does."""
        subnet: dict[str, Any] = context.client("ec2").describe_subnets(SubnetIds=[physical_id])["Subnets"][0]
        return subnet

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the subnet."""
        context.client("ec2").delete_subnet(SubnetId=physical_id)


def _map_public_ip(context: Context, subnet_id: str, properties: Properties) -> None:
    if "MapPublicIpOnLaunch" in properties:
        context.client("ec2").modify_subnet_attribute(
            SubnetId=subnet_id, MapPublicIpOnLaunch={"Value": properties["MapPublicIpOnLaunch"]}
        )
