"""AWS::Glue::Database and AWS::Glue::Table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import Context, Properties, Provider, update_rules

if TYPE_CHECKING:
    from collections.abc import Mapping


class Database(Provider):
    """A database of the Glue catalog; its physical id is its name."""

    type_name = "AWS::Glue::Database"
    updates = update_rules(always="CatalogId DatabaseName DatabaseInput.Name", never="DatabaseInput")
    required = ("CatalogId", "DatabaseInput")

    def create(self, context: Context, properties: Properties) -> str:
        """Create the database; without a name it gets the stack's, in lower case as Glue keeps names."""
        wanted = dict(properties["DatabaseInput"])
        chosen = wanted.get("Name") or properties.get("DatabaseName")
        wanted["Name"] = str(chosen or context.generate_name(255, lower=True))
        context.client("glue").create_database(CatalogId=properties["CatalogId"], DatabaseInput=wanted)
        return str(wanted["Name"])

    def update(self, context: Context, physical_id: str, _: Properties, after: Properties) -> None:
        """Change description, location and parameters."""
        wanted = {**after["DatabaseInput"], "Name": physical_id}
        context.client("glue").update_database(
            CatalogId=after["CatalogId"], Name=physical_id, DatabaseInput=wanted
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetDatabase's Database."""
        database: dict[str, Any] = context.client("glue").get_database(Name=physical_id)["Database"]
        return database

    def observe(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the database, whose parts have the template's names."""
        return {"DatabaseInput": live}

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """Delete the database, and with it the tables in it, as Glue does."""
        context.client("glue").delete_database(CatalogId=properties["CatalogId"], Name=physical_id)


class Table(Provider):
    """A table of the Glue catalog; its physical id is database and name, Ref gives the name."""

    type_name = "AWS::Glue::Table"
    updates = update_rules(always="CatalogId DatabaseName TableInput.Name", never="TableInput")
    required = ("CatalogId", "DatabaseName", "TableInput")

    def create(self, context: Context, properties: Properties) -> str:
        """Create the table."""
        wanted = dict(properties["TableInput"])
        wanted["Name"] = str(wanted.get("Name") or context.generate_name(255, lower=True))
        context.client("glue").create_table(
            CatalogId=properties["CatalogId"], DatabaseName=properties["DatabaseName"], TableInput=wanted
        )
        return f"{properties['DatabaseName']}|{wanted['Name']}"

    def refer(self, physical_id: str) -> str:
        """Give the table's name."""
        return physical_id.split("|", 1)[1]

    def update(self, context: Context, physical_id: str, _: Properties, after: Properties) -> None:
        """Change the table; Glue keeps the old version."""
        database, name = physical_id.split("|", 1)
        wanted = {**after["TableInput"], "Name": name}
        context.client("glue").update_table(
            CatalogId=after["CatalogId"], DatabaseName=database, TableInput=wanted
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetTable's Table."""
        database, name = physical_id.split("|", 1)
        table: dict[str, Any] = context.client("glue").get_table(DatabaseName=database, Name=name)["Table"]
        return table

    def observe(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the table, whose parts have the template's names."""
        return {"TableInput": live}

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """Delete the table; the objects stay."""
        database, name = physical_id.split("|", 1)
        context.client("glue").delete_table(
            CatalogId=properties["CatalogId"], DatabaseName=database, Name=name
        )
