"""The workgroup operations of the Athena API."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from local_lake.athena.model import ENGINE_VERSION
from local_lake.athena.paging import page
from local_lake.front.registry import Registry, ServiceError, ServiceRequest
from local_lake.storage.object_store import S3Location

if TYPE_CHECKING:
    from collections.abc import Mapping

PRIMARY = "primary"
_LEAST_CUTOFF = 10_000_000

# Athena answers these when a workgroup was made without them.
_DEFAULTS = {
    "EnforceWorkGroupConfiguration": True,
    "PublishCloudWatchMetricsEnabled": False,
    "RequesterPaysEnabled": False,
    "EngineVersion": {**ENGINE_VERSION, "SelectedEngineVersion": "AUTO"},
}


@dataclass
class WorkGroup:
    """A workgroup and its merged configuration."""

    name: str
    configuration: dict[str, Any]
    description: str = ""
    state: str = "ENABLED"
    tags: dict[str, str] = field(default_factory=dict)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def output_location(self) -> str | None:
        """Return where results go, if the workgroup says so."""
        location = self.configuration.get("ResultConfiguration", {}).get("OutputLocation")
        return str(location) if location else None

    @property
    def enforced(self) -> bool:
        """Whether the workgroup's settings override the caller's."""
        return bool(self.configuration.get("EnforceWorkGroupConfiguration"))

    @property
    def cutoff(self) -> int | None:
        """Return the most bytes a query may scan, if there is a limit."""
        return self.configuration.get("BytesScannedCutoffPerQuery")

    def as_api(self) -> dict[str, Any]:
        """Return the WorkGroup of GetWorkGroup."""
        return {
            "Name": self.name,
            "State": self.state,
            "Description": self.description,
            "CreationTime": self.created,
            "Configuration": self.configuration,
        }

    def as_summary(self) -> dict[str, Any]:
        """Return the entry of ListWorkGroups."""
        summary = {name: value for name, value in self.as_api().items() if name != "Configuration"}
        return summary | {"EngineVersion": self.configuration["EngineVersion"]}


class WorkGroups:
    """The workgroups of all regions; each region has ``primary`` from the start."""

    def __init__(self) -> None:
        self._regions: dict[str, dict[str, WorkGroup]] = {}

    def register(self, registry: Registry) -> None:
        """Answer the workgroup and tag operations."""
        handlers = {
            "CreateWorkGroup": self.create,
            "GetWorkGroup": self.get,
            "UpdateWorkGroup": self.update,
            "DeleteWorkGroup": self.delete,
            "ListWorkGroups": self.list_all,
            "ListEngineVersions": self.list_engine_versions,
            "TagResource": self.tag,
            "UntagResource": self.untag,
            "ListTagsForResource": self.list_tags,
        }
        for operation, handler in handlers.items():
            registry.register("athena", operation, handler)

    def find(self, region: str, name: str) -> WorkGroup:
        """Return a workgroup. Raises InvalidRequestException in Athena's words."""
        found = self._region(region).get(name)
        if found is None:
            raise ServiceError("InvalidRequestException", f"WorkGroup {name} is not found.")
        return found

    def create(self, request: ServiceRequest) -> dict[str, Any]:
        """CreateWorkGroup."""
        name = request.params["Name"]
        if name in self._region(request.region):
            raise ServiceError("InvalidRequestException", "WorkGroup already exists")
        configuration = _DEFAULTS | request.params.get("Configuration", {})
        _validate(configuration)
        tags = {tag["Key"]: tag.get("Value", "") for tag in request.params.get("Tags", [])}
        description = request.params.get("Description", "")
        self._region(request.region)[name] = WorkGroup(name, configuration, description, tags=tags)
        return {}

    def get(self, request: ServiceRequest) -> dict[str, Any]:
        """GetWorkGroup."""
        return {"WorkGroup": self.find(request.region, request.params["WorkGroup"]).as_api()}

    def update(self, request: ServiceRequest) -> dict[str, Any]:
        """UpdateWorkGroup: members of ConfigurationUpdates that are absent keep their value."""
        group = self.find(request.region, request.params["WorkGroup"])
        updates = request.params.get("ConfigurationUpdates", {})
        configuration = _merge(group.configuration, updates)
        _validate(configuration)
        group.configuration = configuration
        group.description = request.params.get("Description", group.description)
        group.state = request.params.get("State", group.state)
        return {}

    def delete(self, request: ServiceRequest) -> dict[str, Any]:
        """DeleteWorkGroup; the named queries and executions in it do not hold it back here."""
        name = request.params["WorkGroup"]
        if name == PRIMARY:
            raise ServiceError("InvalidRequestException", "The primary workgroup cannot be deleted")
        self.find(request.region, name)
        del self._region(request.region)[name]
        return {}

    def list_all(self, request: ServiceRequest) -> dict[str, Any]:
        """ListWorkGroups."""
        groups = [group.as_summary() for group in self._region(request.region).values()]
        return page(request, groups, "WorkGroups", 50)

    def list_engine_versions(self, _: ServiceRequest) -> dict[str, Any]:
        """ListEngineVersions: version 3 is the only one."""
        return {"EngineVersions": [ENGINE_VERSION]}

    def tag(self, request: ServiceRequest) -> dict[str, Any]:
        """TagResource, for workgroups."""
        tags = {tag["Key"]: tag.get("Value", "") for tag in request.params["Tags"]}
        self._by_arn(request).tags |= tags
        return {}

    def untag(self, request: ServiceRequest) -> dict[str, Any]:
        """UntagResource, for workgroups."""
        group = self._by_arn(request)
        group.tags = {key: value for key, value in group.tags.items() if key not in request.params["TagKeys"]}
        return {}

    def list_tags(self, request: ServiceRequest) -> dict[str, Any]:
        """ListTagsForResource, for workgroups."""
        tags = [{"Key": key, "Value": value} for key, value in self._by_arn(request).tags.items()]
        return page(request, tags, "Tags", 75)

    def _region(self, region: str) -> dict[str, WorkGroup]:
        primary = _DEFAULTS | {"EnforceWorkGroupConfiguration": False}
        return self._regions.setdefault(region, {PRIMARY: WorkGroup(PRIMARY, primary)})

    def _by_arn(self, request: ServiceRequest) -> WorkGroup:
        arn = request.params["ResourceARN"]
        kind, _, name = arn.rpartition(":")[2].partition("/")
        found = self._region(request.region).get(name) if kind == "workgroup" else None
        if found is None:
            raise ServiceError("ResourceNotFoundException", f"The resource {arn} was not found")
        return found


def _merge(configuration: Mapping[str, Any], updates: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(configuration)
    for name, value in updates.items():
        if name == "RemoveBytesScannedCutoffPerQuery":
            if value:
                merged.pop("BytesScannedCutoffPerQuery", None)
        elif name == "ResultConfigurationUpdates":
            results = dict(merged.get("ResultConfiguration", {}))
            for member, given in value.items():
                if not member.startswith("Remove"):
                    results[member] = given
                elif given:
                    results.pop(member.removeprefix("Remove"), None)
            merged["ResultConfiguration"] = results
        else:
            merged[name] = value
    return merged


def _validate(configuration: Mapping[str, Any]) -> None:
    cutoff = configuration.get("BytesScannedCutoffPerQuery")
    if cutoff is not None and cutoff < _LEAST_CUTOFF:
        raise ServiceError(
            "InvalidRequestException", f"BytesScannedCutoffPerQuery must be at least {_LEAST_CUTOFF} bytes"
        )
    location = configuration.get("ResultConfiguration", {}).get("OutputLocation")
    if location:
        try:
            S3Location.parse(location)
        except ValueError as error:
            raise ServiceError(
                "InvalidRequestException", f"outputLocation is not a valid S3 path. {error}"
            ) from error
