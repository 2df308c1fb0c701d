"""AWS::EC2::RouteTable and AWS::EC2::SubnetRouteTableAssociation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import (
    Context,
    Properties,
    Provider,
    ResourceFailure,
    select,
    update_rules,
)
from local_lake.providers.ec2_tags import tag_specification, update_tags

if TYPE_CHECKING:
    from collections.abc import Mapping


class RouteTable(Provider):
    """A route table; its physical id is its id."""

    type_name = "AWS::EC2::RouteTable"
    updates = update_rules(always="VpcId", never="Tags")
    required = ("VpcId",)
    attributes = frozenset({"RouteTableId"})
    tag_property = "Tags"
    mirrored = "Tags VpcId"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the table."""
        table = context.client("ec2").create_route_table(
            **select(properties, "VpcId"), **tag_specification("route-table", properties)
        )["RouteTable"]
        return str(table["RouteTableId"])

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change the tags."""
        update_tags(context, physical_id, before, after)

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the table as DescribeRouteTables does."""
        tables = context.client("ec2").describe_route_tables(RouteTableIds=[physical_id])["RouteTables"]
        table: dict[str, Any] = tables[0]
        return table

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the table."""
        context.client("ec2").delete_route_table(RouteTableId=physical_id)


class SubnetRouteTableAssociation(Provider):
    """The route table a subnet uses.

    EC2 gives a changed association a new id, so here a change of the table replaces the association, which on
    AWS happens in place.
    """

    type_name = "AWS::EC2::SubnetRouteTableAssociation"
    updates = update_rules(always="RouteTableId SubnetId")
    required = ("RouteTableId", "SubnetId")
    attributes = frozenset({"Id"})
    mirrored = "RouteTableId SubnetId"

    def create(self, context: Context, properties: Properties) -> str:
        """Associate the table, in place of another that the subnet uses explicitly."""
        ec2 = context.client("ec2")
        standing = _find(ec2, "association.subnet-id", str(properties["SubnetId"]), "SubnetId")
        if standing is None:
            return str(ec2.associate_route_table(**properties)["AssociationId"])
        answer = ec2.replace_route_table_association(
            AssociationId=standing["RouteTableAssociationId"], RouteTableId=properties["RouteTableId"]
        )
        return str(answer["NewAssociationId"])

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the association as DescribeRouteTables does."""
        name = "association.route-table-association-id"
        found = _find(context.client("ec2"), name, physical_id, "RouteTableAssociationId")
        if found is None:
            raise ResourceFailure(f"Association {physical_id} does not exist", "NotFound")
        return {**found, "Id": physical_id}

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Dissolve the association."""
        self.read(context, physical_id)
        context.client("ec2").disassociate_route_table(AssociationId=physical_id)


def _find(ec2: Any, filter_name: str, value: str, member: str) -> dict[str, Any] | None:  # noqa: ANN401
    tables = ec2.describe_route_tables(Filters=[{"Name": filter_name, "Values": [value]}])["RouteTables"]
    associations = (association for table in tables for association in table["Associations"])
    return next((found for found in associations if found.get(member) == value), None)
