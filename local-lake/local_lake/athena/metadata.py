"""The operations of the Athena API that show the catalog."""

from __future__ import annotations

import re
from typing import Any

from local_lake.athena.catalog import CATALOG, Catalog, Column, Table
from local_lake.athena.paging import page
from local_lake.front.registry import Registry, ServiceError, ServiceRequest


def register_metadata(registry: Registry) -> None:
    """Answer the catalog operations."""
    for operation, handler in _HANDLERS.items():
        registry.register("athena", operation, handler)


def list_data_catalogs(_: ServiceRequest) -> dict[str, Any]:
    """ListDataCatalogs: the Glue catalog is the only one."""
    return {"DataCatalogsSummary": [{"CatalogName": "AwsDataCatalog", "Type": "GLUE"}]}


def get_data_catalog(request: ServiceRequest) -> dict[str, Any]:
    """GetDataCatalog."""
    if request.params["Name"].lower() != CATALOG:
        raise ServiceError("InvalidRequestException", f"Data catalog {request.params['Name']} was not found")
    parameters = {"catalog-id": request.account}
    return {"DataCatalog": {"Name": "AwsDataCatalog", "Type": "GLUE", "Parameters": parameters}}


def list_databases(request: ServiceRequest) -> dict[str, Any]:
    """ListDatabases."""
    found = [_show_database(one) for one in _catalog(request).list_databases()]
    return page(request, found, "DatabaseList", 50)


def get_database(request: ServiceRequest) -> dict[str, Any]:
    """GetDatabase. Raises MetadataException."""
    name = request.params["DatabaseName"]
    found = _catalog(request).find_database(name)
    if found is None:
        raise _not_found(f"Database {name} not found.")
    return {"Database": _show_database(found)}


def list_table_metadata(request: ServiceRequest) -> dict[str, Any]:
    """ListTableMetadata; Expression is a regular expression for the table's name."""
    database, catalog = request.params["DatabaseName"], _catalog(request)
    if not catalog.has_database(database):
        raise _not_found(f"Database {database} not found.")
    wanted = re.compile(request.params.get("Expression") or ".*", re.IGNORECASE)
    found = [_show_table(table) for table in catalog.list_tables(database) if wanted.fullmatch(table.name)]
    return page(request, found, "TableMetadataList", 50)


def get_table_metadata(request: ServiceRequest) -> dict[str, Any]:
    """GetTableMetadata. Raises MetadataException."""
    database, name = request.params["DatabaseName"], request.params["TableName"]
    table = _catalog(request).find_table(database, name)
    if table is None:
        raise _not_found(f"Table {name} not found.")
    return {"TableMetadata": _show_table(table)}


def _catalog(request: ServiceRequest) -> Catalog:
    name = request.params.get("CatalogName", CATALOG)
    if name.lower() != CATALOG:
        raise ServiceError("InvalidRequestException", f"Data catalog {name} was not found")
    return Catalog(request.account, request.region)


def _not_found(message: str) -> ServiceError:
    return ServiceError(
        "MetadataException", f"{message} (Service: AWSGlue; Status Code: 400; EntityNotFoundException)"
    )


def _show_database(found: dict[str, Any]) -> dict[str, Any]:
    shown = {
        "Name": found["Name"],
        "Description": found.get("Description"),
        "Parameters": found.get("Parameters"),
    }
    return {member: value for member, value in shown.items() if value is not None}


def _show_table(table: Table) -> dict[str, Any]:
    descriptor = table.raw.get("StorageDescriptor", {})
    serde = descriptor.get("SerdeInfo") or {}
    places = {
        "location": table.location,
        "inputformat": table.input_format,
        "outputformat": descriptor.get("OutputFormat", ""),
        "serde.serialization.lib": serde.get("SerializationLibrary", ""),
    }
    serde_parameters = {f"serde.param.{key}": value for key, value in table.serde_parameters.items()}
    shown = {
        "Name": table.name,
        "CreateTime": table.raw.get("CreateTime"),
        "TableType": table.raw.get("TableType", "EXTERNAL_TABLE"),
        "Columns": [_show_column(column) for column in table.columns],
        "PartitionKeys": [_show_column(key) for key in table.keys],
        "Parameters": table.parameters | places | serde_parameters,
    }
    return {member: value for member, value in shown.items() if value is not None}


def _show_column(column: Column) -> dict[str, str]:
    shown = {"Name": column.name, "Type": column.type}
    return shown | {"Comment": column.comment} if column.comment else shown


_HANDLERS = {
    "ListDataCatalogs": list_data_catalogs,
    "GetDataCatalog": get_data_catalog,
    "ListDatabases": list_databases,
    "GetDatabase": get_database,
    "ListTableMetadata": list_table_metadata,
    "GetTableMetadata": get_table_metadata,
}
