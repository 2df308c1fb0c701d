"""The query operations of the Athena API."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from local_lake.athena.errors import QueryFailedError
from local_lake.athena.model import ENDED, QueryExecution
from local_lake.athena.paging import page
from local_lake.athena.results import PAGE_ROWS, ResultFiles
from local_lake.athena.sql.dialect import parse
from local_lake.athena.statements.kinds import Statement, classify
from local_lake.athena.workgroups import PRIMARY, WorkGroup, WorkGroups
from local_lake.front.registry import Registry, ServiceError, ServiceRequest
from local_lake.storage.object_store import NoSuchBucketError, ObjectStore, S3Location

if TYPE_CHECKING:
    from collections.abc import Callable

_PARSED_AT_ONCE = {"SELECT", "INSERT", "CREATE_TABLE_AS_SELECT"}
_LONGEST_QUERY_BYTES = 262_144


class QueryOperations:
    """The query executions of all regions; ``submit`` runs one in the background."""

    def __init__(
        self,
        workgroups: WorkGroups,
        results: ResultFiles,
        submit: Callable[[QueryExecution, Statement], None],
        interrupt: Callable[[QueryExecution], None],
    ) -> None:
        self._workgroups = workgroups
        self._results = results
        self._submit = submit
        self._interrupt = interrupt
        self._queries: dict[str, QueryExecution] = {}
        self._lock = threading.Lock()

    def register(self, registry: Registry) -> None:
        """Answer the query operations."""
        handlers = {
            "StartQueryExecution": self.start,
            "GetQueryExecution": self.get,
            "BatchGetQueryExecution": self.get_batch,
            "ListQueryExecutions": self.list_ids,
            "StopQueryExecution": self.stop,
            "GetQueryResults": self.get_results,
            "GetQueryRuntimeStatistics": self.get_runtime_statistics,
        }
        for operation, handler in handlers.items():
            registry.register("athena", operation, handler)

    def running(self) -> list[QueryExecution]:
        """Return the queries that have not ended."""
        with self._lock:
            return [query for query in self._queries.values() if query.state not in ENDED]

    def start(self, request: ServiceRequest) -> dict[str, Any]:
        """StartQueryExecution. Text that does not parse is refused at once, as Athena does."""
        sql, token = request.params["QueryString"], request.params.get("ClientRequestToken")
        with self._lock:
            known = [one for one in self._queries.values() if token and one.token == token]
            if known and known[0].sql != sql:
                raise ServiceError("InvalidRequestException", "Idempotent parameters do not match")
            if known:
                return {"QueryExecutionId": known[0].id}
        if len(sql.encode()) > _LONGEST_QUERY_BYTES:
            raise ServiceError("InvalidRequestException", "The query is longer than 262144 bytes")
        try:
            statement = classify(sql)
            if statement.kind in _PARSED_AT_ONCE:
                parse(statement.text)
        except QueryFailedError as error:
            raise ServiceError("InvalidRequestException", error.message) from error
        query = self._create(request, statement)
        with self._lock:
            self._queries[query.id] = query
        self._submit(query, statement)
        return {"QueryExecutionId": query.id}

    def get(self, request: ServiceRequest) -> dict[str, Any]:
        """GetQueryExecution."""
        return {"QueryExecution": self._find(request).as_api()}

    def get_batch(self, request: ServiceRequest) -> dict[str, Any]:
        """BatchGetQueryExecution."""
        wanted = request.params["QueryExecutionIds"]
        known = [self._queries[one].as_api() for one in wanted if self._known(one, request)]
        unknown = [
            {"QueryExecutionId": one, "ErrorCode": "INVALID_INPUT", "ErrorMessage": _not_found_text(one)}
            for one in wanted
            if not self._known(one, request)
        ]
        return {"QueryExecutions": known, "UnprocessedQueryExecutionIds": unknown}

    def list_ids(self, request: ServiceRequest) -> dict[str, Any]:
        """ListQueryExecutions of a workgroup, newest first."""
        workgroup = request.params.get("WorkGroup", PRIMARY)
        self._workgroups.find(request.region, workgroup)
        found = [
            one.id
            for one in reversed(self._queries.values())
            if one.workgroup == workgroup and one.region == request.region
        ]
        return page(request, found, "QueryExecutionIds", 50)

    def stop(self, request: ServiceRequest) -> dict[str, Any]:
        """StopQueryExecution; stopping an ended query changes nothing."""
        query = self._find(request)
        if query.state not in ENDED:
            query.cancel.set()
            self._interrupt(query)
        return {}

    def get_results(self, request: ServiceRequest) -> dict[str, Any]:
        """GetQueryResults, at most 1,000 rows a page; the first page of a SELECT begins with the names."""
        query = self._find(request)
        if query.state != "SUCCEEDED":
            raise ServiceError("InvalidRequestException", _no_results_text(query))
        size = int(request.params.get("MaxResults") or PAGE_ROWS)
        if not 1 <= size <= PAGE_ROWS:
            raise ServiceError(
                "InvalidRequestException", f"MaxResults is more than maximum allowed length {PAGE_ROWS}"
            )
        token = str(request.params.get("NextToken") or "0")
        if not token.isdigit():
            raise ServiceError("InvalidRequestException", "The NextToken is not valid")
        rows, following = self._results.read_page(query, int(token), size)
        answer: dict[str, Any] = {
            "ResultSet": {"Rows": rows, "ResultSetMetadata": {"ColumnInfo": query.columns}},
            "UpdateCount": query.update_count or 0,
        }
        return answer if following is None else answer | {"NextToken": str(following)}

    def get_runtime_statistics(self, request: ServiceRequest) -> dict[str, Any]:
        """GetQueryRuntimeStatistics: the timeline and rows; there are no stages here."""
        query = self._find(request)
        statistics = query.as_api()["Statistics"]
        members = ("EngineExecutionTimeInMillis", "QueryPlanningTimeInMillis", "QueryQueueTimeInMillis")
        timeline = {member: statistics[member] for member in (*members, "TotalExecutionTimeInMillis")}
        rows = {"InputBytes": query.scanned}
        return {"QueryRuntimeStatistics": {"Timeline": timeline, "Rows": rows}}

    def _create(self, request: ServiceRequest, statement: Statement) -> QueryExecution:
        params = request.params
        workgroup = self._workgroups.find(request.region, params.get("WorkGroup", PRIMARY))
        if workgroup.state != "ENABLED":
            raise ServiceError("InvalidRequestException", f"WorkGroup {workgroup.name} is disabled.")
        configuration = _result_configuration(workgroup, params.get("ResultConfiguration", {}))
        query = QueryExecution(
            sql=params["QueryString"],
            database=params.get("QueryExecutionContext", {}).get("Database", ""),
            workgroup=workgroup.name,
            output_location="",
            account=request.account,
            region=request.region,
            statement_type=statement.type,
            substatement=statement.kind,
            parameters=list(params.get("ExecutionParameters", [])),
            token=params.get("ClientRequestToken"),
            cutoff=workgroup.cutoff,
            result_configuration=configuration,
        )
        query.output_location = _output_location(configuration["OutputLocation"], query, statement)
        _require_bucket(request.account, query.output_location)
        return query

    def _known(self, identifier: str, request: ServiceRequest) -> bool:
        query = self._queries.get(identifier)
        return query is not None and query.region == request.region

    def _find(self, request: ServiceRequest) -> QueryExecution:
        identifier = request.params["QueryExecutionId"]
        if not self._known(identifier, request):
            raise ServiceError("InvalidRequestException", _not_found_text(identifier))
        return self._queries[identifier]


def _not_found_text(identifier: str) -> str:
    return f"QueryExecution {identifier} was not found"


def _no_results_text(query: QueryExecution) -> str:
    if query.state in {"FAILED", "CANCELLED"}:
        return f"Query did not finish successfully. Final query state: {query.state}"
    return f"Query has not yet finished. Current state: {query.state}"


def _result_configuration(workgroup: WorkGroup, given: dict[str, Any]) -> dict[str, Any]:
    own = workgroup.configuration.get("ResultConfiguration", {})
    merged: dict[str, Any] = {**given, **own} if workgroup.enforced else {**own, **given}
    if not merged.get("OutputLocation"):
        raise ServiceError(
            "InvalidRequestException",
            "No output location provided. An output location is required either through the Workgroup result "
            "configuration setting or as an API input.",
        )
    return merged


def _output_location(base: str, query: QueryExecution, statement: Statement) -> str:
    try:
        folder = S3Location.parse(base)
    except ValueError as error:
        raise ServiceError(
            "InvalidRequestException", f"outputLocation is not a valid S3 path. {error}"
        ) from error
    if statement.kind == "CREATE_TABLE_AS_SELECT":
        return folder.join(f"tables/{query.id}").uri
    if statement.kind in {"INSERT", "UNLOAD"}:
        return folder.join(query.id).uri
    suffix = "csv" if statement.kind in {"SELECT", "EXECUTE"} else "txt"
    return folder.join(f"{query.id}.{suffix}").uri


def _require_bucket(account: str, location: str) -> None:
    place = S3Location.parse(location)
    try:
        ObjectStore(account).find_object(place)
    except NoSuchBucketError as error:
        raise ServiceError(
            "InvalidRequestException", f"Unable to verify/create output bucket {place.bucket}"
        ) from error
