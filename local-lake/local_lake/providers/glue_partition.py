"""AWS::Glue::Partition and AWS::Glue::SecurityConfiguration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import Context, Properties, Provider, update_rules

if TYPE_CHECKING:
    from collections.abc import Mapping


class Partition(Provider):
    """A partition of a table; its physical id is database, table and values: `sales|orders|["2024"]`."""

    type_name = "AWS::Glue::Partition"
    updates = update_rules(
        always="CatalogId DatabaseName TableName PartitionInput.Values", never="PartitionInput"
    )
    required = ("CatalogId", "DatabaseName", "PartitionInput", "TableName")

    def create(self, context: Context, properties: Properties) -> str:
        """Create the partition."""
        wanted = properties["PartitionInput"]
        values = [str(value) for value in wanted["Values"]]
        place = {"DatabaseName": properties["DatabaseName"], "TableName": properties["TableName"]}
        context.client("glue").create_partition(
            CatalogId=properties["CatalogId"], **place, PartitionInput=wanted
        )
        return "|".join((*map(str, place.values()), json.dumps(values)))

    def update(self, context: Context, physical_id: str, _: Properties, after: Properties) -> None:
        """Change the partition's parameters and where and how its data lies."""
        place = _place(physical_id)
        values = place.pop("PartitionValues")
        context.client("glue").update_partition(
            CatalogId=after["CatalogId"],
            **place,
            PartitionValueList=values,
            PartitionInput=after["PartitionInput"],
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetPartition's Partition."""
        partition: dict[str, Any] = context.client("glue").get_partition(**_place(physical_id))["Partition"]
        return partition

    def observe(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the partition, whose parts have the template's names."""
        return {"PartitionInput": live}

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """Delete the partition; the objects stay."""
        place = _place(physical_id)
        context.client("glue").delete_partition(CatalogId=properties["CatalogId"], **place)


def _place(physical_id: str) -> dict[str, Any]:
    database, table, values = physical_id.split("|", 2)
    return {"DatabaseName": database, "TableName": table, "PartitionValues": json.loads(values)}


class SecurityConfiguration(Provider):
    """How Glue encrypts what jobs and crawlers write; every change replaces it, under another name."""

    type_name = "AWS::Glue::SecurityConfiguration"
    updates = update_rules(always="EncryptionConfiguration Name")
    required = ("EncryptionConfiguration", "Name")
    name_property = "Name"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the configuration. S3Encryptions is called S3Encryption by the API."""
        wanted = dict(properties["EncryptionConfiguration"])
        if "S3Encryptions" in wanted:
            wanted["S3Encryption"] = wanted.pop("S3Encryptions")
        name = str(properties["Name"])
        context.client("glue").create_security_configuration(Name=name, EncryptionConfiguration=wanted)
        return name

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetSecurityConfiguration's SecurityConfiguration."""
        answer = context.client("glue").get_security_configuration(Name=physical_id)
        configuration: dict[str, Any] = answer["SecurityConfiguration"]
        return configuration

    def observe(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the encryption in the template's spelling."""
        encryption = dict(live["EncryptionConfiguration"])
        return {"EncryptionConfiguration": {**encryption, "S3Encryptions": encryption.get("S3Encryption")}}

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the configuration."""
        context.client("glue").delete_security_configuration(Name=physical_id)
