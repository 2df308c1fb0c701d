"""The operations on named queries and prepared statements."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from local_lake.athena.paging import page
from local_lake.athena.prepared import PreparedStatement, PreparedStatements
from local_lake.athena.workgroups import PRIMARY, WorkGroups
from local_lake.front.registry import Registry, ServiceError, ServiceRequest


class SavedQueries:
    """Named queries and prepared statements of all regions."""

    def __init__(self, workgroups: WorkGroups) -> None:
        self._workgroups = workgroups
        self._named: dict[str, dict[str, dict[str, Any]]] = {}
        self._prepared: dict[str, PreparedStatements] = {}

    def register(self, registry: Registry) -> None:
        """Answer the operations."""
        handlers = {
            "CreateNamedQuery": self.create_named,
            "GetNamedQuery": self.get_named,
            "BatchGetNamedQuery": self.get_named_batch,
            "UpdateNamedQuery": self.update_named,
            "DeleteNamedQuery": self.delete_named,
            "ListNamedQueries": self.list_named,
            "CreatePreparedStatement": self.create_prepared,
            "GetPreparedStatement": self.get_prepared,
            "UpdatePreparedStatement": self.update_prepared,
            "DeletePreparedStatement": self.delete_prepared,
            "ListPreparedStatements": self.list_prepared,
        }
        for operation, handler in handlers.items():
            registry.register("athena", operation, handler)

    def prepared(self, region: str) -> PreparedStatements:
        """Return the prepared statements of a region."""
        return self._prepared.setdefault(region, PreparedStatements())

    def create_named(self, request: ServiceRequest) -> dict[str, Any]:
        """CreateNamedQuery."""
        workgroup = request.params.get("WorkGroup", PRIMARY)
        self._workgroups.find(request.region, workgroup)
        identifier = str(uuid.uuid4())
        members = ("Name", "Description", "Database", "QueryString")
        named = {member: request.params.get(member, "") for member in members}
        self._region(request)[identifier] = named | {"NamedQueryId": identifier, "WorkGroup": workgroup}
        return {"NamedQueryId": identifier}

    def get_named(self, request: ServiceRequest) -> dict[str, Any]:
        """GetNamedQuery."""
        return {"NamedQuery": self._find(request)}

    def get_named_batch(self, request: ServiceRequest) -> dict[str, Any]:
        """BatchGetNamedQuery."""
        region, wanted = self._region(request), request.params["NamedQueryIds"]
        return {
            "NamedQueries": [region[one] for one in wanted if one in region],
            "UnprocessedNamedQueryIds": [
                {"NamedQueryId": one, "ErrorCode": "INVALID_INPUT", "ErrorMessage": "Named query not found"}
                for one in wanted
                if one not in region
            ],
        }

    def update_named(self, request: ServiceRequest) -> dict[str, Any]:
        """UpdateNamedQuery."""
        members = {"Name", "Description", "QueryString"} & request.params.keys()
        self._find(request).update({member: request.params[member] for member in members})
        return {}

    def delete_named(self, request: ServiceRequest) -> dict[str, Any]:
        """DeleteNamedQuery."""
        del self._region(request)[self._find(request)["NamedQueryId"]]
        return {}

    def list_named(self, request: ServiceRequest) -> dict[str, Any]:
        """ListNamedQueries of a workgroup."""
        workgroup = request.params.get("WorkGroup", PRIMARY)
        found = [
            one["NamedQueryId"] for one in self._region(request).values() if one["WorkGroup"] == workgroup
        ]
        return page(request, found, "NamedQueryIds", 50)

    def create_prepared(self, request: ServiceRequest) -> dict[str, Any]:
        """CreatePreparedStatement."""
        name, workgroup = request.params["StatementName"], request.params["WorkGroup"]
        self._workgroups.find(request.region, workgroup)
        if (workgroup, name.lower()) in self.prepared(request.region).statements:
            raise ServiceError("InvalidRequestException", f"Prepared statement {name} already exists")
        self._put_prepared(request)
        return {}

    def update_prepared(self, request: ServiceRequest) -> dict[str, Any]:
        """UpdatePreparedStatement."""
        self._find_prepared(request)
        self._put_prepared(request)
        return {}

    def get_prepared(self, request: ServiceRequest) -> dict[str, Any]:
        """GetPreparedStatement."""
        return {"PreparedStatement": self._find_prepared(request).as_api()}

    def delete_prepared(self, request: ServiceRequest) -> dict[str, Any]:
        """DeletePreparedStatement."""
        found = self._find_prepared(request)
        self.prepared(request.region).remove(found.workgroup, found.name)
        return {}

    def list_prepared(self, request: ServiceRequest) -> dict[str, Any]:
        """ListPreparedStatements of a workgroup."""
        found = [
            {"StatementName": one.name, "LastModifiedTime": one.modified}
            for one in self.prepared(request.region).statements.values()
            if one.workgroup == request.params["WorkGroup"]
        ]
        return page(request, found, "PreparedStatements", 50)

    def _region(self, request: ServiceRequest) -> dict[str, dict[str, Any]]:
        return self._named.setdefault(request.region, {})

    def _find(self, request: ServiceRequest) -> dict[str, Any]:
        identifier = request.params["NamedQueryId"]
        found = self._region(request).get(identifier)
        if found is None:
            raise ServiceError("InvalidRequestException", f"NamedQuery {identifier} was not found")
        return found

    def _find_prepared(self, request: ServiceRequest) -> PreparedStatement:
        name, workgroup = request.params["StatementName"], request.params["WorkGroup"]
        found = self.prepared(request.region).statements.get((workgroup, name.lower()))
        if found is None:
            raise ServiceError("ResourceNotFoundException", f"PreparedStatement {name} was not found")
        return found

    def _put_prepared(self, request: ServiceRequest) -> None:
        statement = PreparedStatement(
            request.params["StatementName"],
            request.params["QueryStatement"],
            request.params["WorkGroup"],
            request.params.get("Description", ""),
            datetime.now(UTC),
        )
        self.prepared(request.region).put(statement)
