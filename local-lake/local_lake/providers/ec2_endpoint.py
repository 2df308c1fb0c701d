"""AWS::EC2::VPCEndpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import (
    Context,
    Properties,
    Provider,
    ResourceFailure,
    select,
    update_rules,
    write_json,
)
from local_lake.providers.ec2_tags import tag_specification, update_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

_LISTS = ("RouteTableIds", "SubnetIds", "SecurityGroupIds")
_GONE = ("deleted", "deleting")


class VpcEndpoint(Provider):
    """A way from a network to a service that does not cross the internet; its physical id is its id."""

    type_name = "AWS::EC2::VPCEndpoint"
    updates = update_rules(
        always="ServiceName VpcEndpointType VpcId",
        never="PolicyDocument PrivateDnsEnabled RouteTableIds SecurityGroupIds SubnetIds Tags",
    )
    required = ("ServiceName", "VpcId")
    attributes = frozenset({"CreationTimestamp", "DnsEntries", "Id", "NetworkInterfaceIds"})
    tag_property = "Tags"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the endpoint."""
        policy = properties.get("PolicyDocument")
        endpoint = context.client("ec2").create_vpc_endpoint(
            VpcEndpointType=properties.get("VpcEndpointType", "Gateway"),
            **select(properties, "VpcId", "ServiceName", "PrivateDnsEnabled", *_LISTS),
            **({} if policy is None else {"PolicyDocument": write_json(policy)}),
            **tag_specification("vpc-endpoint", properties),
        )["VpcEndpoint"]
        return str(endpoint["VpcEndpointId"])

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change policy, routes, subnets, groups and tags."""
        arguments: dict[str, Any] = {}
        if before.get("PolicyDocument") != after.get("PolicyDocument"):
            policy = after.get("PolicyDocument")
            reset = {"ResetPolicy": True}
            arguments |= reset if policy is None else {"PolicyDocument": write_json(policy)}
        for name in _LISTS:
            old, new = before.get(name) or [], after.get(name) or []
            added, gone = [x for x in new if x not in old], [x for x in old if x not in new]
            arguments |= {f"Add{name}": added} if added else {}
            arguments |= {f"Remove{name}": gone} if gone else {}
        if before.get("PrivateDnsEnabled") != after.get("PrivateDnsEnabled"):
            arguments["PrivateDnsEnabled"] = after.get("PrivateDnsEnabled", False)
        if arguments:
            context.client("ec2").modify_vpc_endpoint(VpcEndpointId=physical_id, **arguments)
        update_tags(context, physical_id, before, after)

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the endpoint as DescribeVpcEndpoints does."""
        answer = context.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[physical_id])
        living = [e for e in answer["VpcEndpoints"] if str(e["State"]).lower() not in _GONE]
        if not living:
            raise ResourceFailure(f"Endpoint {physical_id} does not exist", "NotFound")
        endpoint: dict[str, Any] = living[0]
        return endpoint

    def describe_attributes(self, _: Context, physical_id: str, live: Mapping[str, Any]) -> Properties:
        """Give the id, the time it was made, its names and interfaces."""
        entries = live.get("DnsEntries") or []
        return {
            "Id": physical_id,
            "CreationTimestamp": str(live.get("CreationTimestamp", "")),
            "DnsEntries": [f"{e.get('HostedZoneId', '')}:{e.get('DnsName', '')}" for e in entries],
            "NetworkInterfaceIds": list(live.get("NetworkInterfaceIds") or []),
        }

    def observe(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties | None:
        """Give service, network, routes, subnets and tags."""
        names = ("RouteTableIds", "ServiceName", "SubnetIds", "Tags", "VpcEndpointType", "VpcId")
        return select(live, *names)

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the endpoint."""
        self.read(context, physical_id)
        context.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[physical_id])
