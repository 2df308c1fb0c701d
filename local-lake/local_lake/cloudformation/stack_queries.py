"""The operations that describe and list stacks, their resources, events, exports and imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.cloudformation.answers import present, take_newest, take_page
from local_lake.cloudformation.stack_operations import find_living, invalid

if TYPE_CHECKING:
    from local_lake.cloudformation.drift import ResourceDrift
    from local_lake.cloudformation.engine import Engine
    from local_lake.cloudformation.stacks import Event, Stack, StackResource
    from local_lake.front.registry import ServiceRequest


class StackQueries:
    """Everything that reads stacks and changes nothing."""

    def __init__(self, engine: Engine) -> None:
        self._store = engine.store
        self._engine = engine

    def describe_stacks(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer DescribeStacks: one stack (a deleted one by its id only), or all that exist."""
        name = request.params.get("StackName")
        with self._store.lock:
            if name is None:
                stacks = self._store.living(request.region)
            else:
                stacks = [self._find(request, "Stack with id {} does not exist")]
            described = [_describe_stack(stack) for stack in stacks]
        return _page("Stacks", described, request)

    def list_stacks(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer ListStacks, deleted ones included, filtered by status."""
        wanted = request.params.get("StackStatusFilter") or ()
        with self._store.lock:
            stacks = [s for s in self._store.of_region(request.region) if not wanted or s.status in wanted]
            summaries = [_summarize_stack(stack) for stack in stacks]
        return _page("StackSummaries", summaries, request)

    def describe_stack_events(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer DescribeStackEvents, the newest first, a hundred a page."""
        with self._store.lock:
            stack = self._find(request, "Stack [{}] does not exist")
            events, token = take_newest(stack.events, request.params.get("NextToken"))
            described = [_describe_event(stack, event) for event in events]
        return {"StackEvents": described} | ({} if token is None else {"NextToken": token})

    def describe_stack_resources(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer DescribeStackResources: of a stack, or of the stack a physical resource belongs to."""
        params = request.params
        with self._store.lock:
            if "StackName" in params:
                stack = self._find(request, "Stack with id {} does not exist")
            else:
                stack = self._find_owner(request)
            wanted = params.get("LogicalResourceId")
            resources = [
                {**_identify(stack), **_describe_resource(stack, resource, "Timestamp")}
                for name, resource in stack.resources.items()
                if wanted in (None, name)
            ]
        return {"StackResources": resources}

    def describe_stack_resource(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer DescribeStackResource."""
        wanted = request.params["LogicalResourceId"]
        with self._store.lock:
            stack = self._find(request, "Stack '{}' does not exist")
            resource = stack.resources.get(wanted)
            if resource is None:
                raise invalid(f"Resource {wanted} does not exist for stack {stack.name}")
            detail = {**_identify(stack), **_describe_resource(stack, resource, "LastUpdatedTimestamp")}
        return {"StackResourceDetail": detail}

    def list_stack_resources(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer ListStackResources."""
        with self._store.lock:
            stack = self._find(request, "Stack with id {} does not exist")
            resources = [
                _describe_resource(stack, r, "LastUpdatedTimestamp") for r in stack.resources.values()
            ]
        return _page("StackResourceSummaries", resources, request)

    def list_exports(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer ListExports."""
        with self._store.lock:
            exports = [
                {"ExportingStackId": stack.stack_id, "Name": output.export, "Value": output.value}
                for stack in self._store.living(request.region)
                for output in stack.outputs
                if output.export is not None
            ]
        return _page("Exports", sorted(exports, key=lambda export: str(export["Name"])), request)

    def list_imports(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer ListImports: the stacks that import an export."""
        name = request.params["ExportName"]
        importers = self._store.importers(request.region, name)
        if not importers:
            raise invalid(f"Export '{name}' is not imported by any stack.")
        return _page("Imports", importers, request)

    def _find(self, request: ServiceRequest, message: str) -> Stack:
        name = request.params["StackName"]
        stack = self._store.find(request.region, name)
        if stack is not None and stack.deleted is not None and name == stack.stack_id:
            return stack
        return find_living(self._engine, request.region, name, message)

    def _find_owner(self, request: ServiceRequest) -> Stack:
        wanted = request.params.get("PhysicalResourceId")
        for stack in self._store.living(request.region):
            if any(resource.physical_id == wanted for resource in stack.resources.values()):
                return stack
        raise invalid(f"Stack for {wanted} does not exist")


def _page(member: str, entries: list[Any], request: ServiceRequest) -> dict[str, Any]:
    page, token = take_page(entries, request.params.get("NextToken"))
    return {member: page} if token is None else {member: page, "NextToken": token}


def _identify(stack: Stack) -> dict[str, str]:
    return {"StackId": stack.stack_id, "StackName": stack.name}


def _summarize_stack(stack: Stack) -> dict[str, Any]:
    template = None if stack.deployment is None else stack.deployment.template
    return present(
        {
            **_identify(stack),
            "TemplateDescription": None if template is None else template.description,
            "CreationTime": stack.created,
            "LastUpdatedTime": stack.updated,
            "DeletionTime": stack.deleted,
            "StackStatus": stack.status,
            "StackStatusReason": stack.reason,
            "ParentId": stack.parent_id,
            "RootId": stack.root_id,
            "DriftInformation": present(
                {"StackDriftStatus": stack.drift_status, "LastCheckTimestamp": stack.drift_checked}
            ),
            "LastOperations": stack.history.list_last(),
        }
    )


def _describe_stack(stack: Stack) -> dict[str, Any]:
    deployment = stack.deployment
    summary = _summarize_stack(stack)
    description = summary.pop("TemplateDescription", None)
    return present(
        {
            **summary,
            "Description": description,
            "ChangeSetId": stack.change_set_id,
            "Parameters": []
            if deployment is None
            else [p.describe() for p in deployment.parameters.values()],
            "Tags": []
            if deployment is None
            else [{"Key": k, "Value": v} for k, v in deployment.tags.items()],
            "Capabilities": [] if deployment is None else list(deployment.capabilities),
            "Outputs": [_describe_output(stack, output.key) for output in stack.outputs],
            "DisableRollback": stack.disable_rollback,
            "NotificationARNs": list(stack.notification_arns),
            "RoleARN": stack.role_arn,
            "TimeoutInMinutes": stack.timeout_minutes,
            "RollbackConfiguration": {},
            "EnableTerminationProtection": stack.termination_protection,
        }
    )


def _describe_output(stack: Stack, key: str) -> dict[str, Any]:
    output = next(output for output in stack.outputs if output.key == key)
    return present(
        {
            "OutputKey": output.key,
            "OutputValue": output.value,
            "Description": output.description,
            "ExportName": output.export,
        }
    )


def _describe_resource(stack: Stack, resource: StackResource, time_member: str) -> dict[str, Any]:
    return present(
        {
            "LogicalResourceId": resource.logical_id,
            "PhysicalResourceId": resource.physical_id,
            "ResourceType": resource.type_name,
            time_member: resource.updated,
            "ResourceStatus": resource.status,
            "ResourceStatusReason": resource.reason,
            "DriftInformation": _describe_drift(stack.drifts.get(resource.logical_id)),
        }
    )


def _describe_drift(drift: ResourceDrift | None) -> dict[str, Any]:
    if drift is None:
        return {"StackResourceDriftStatus": "NOT_CHECKED"}
    return {"StackResourceDriftStatus": drift.status, "LastCheckTimestamp": drift.checked}


def _describe_event(stack: Stack, event: Event) -> dict[str, Any]:
    return present(
        {
            **_identify(stack),
            "EventId": event.event_id,
            "LogicalResourceId": event.logical_id,
            "PhysicalResourceId": event.physical_id or "",
            "ResourceType": event.type_name,
            "Timestamp": event.at,
            "ResourceStatus": event.status,
            "ResourceStatusReason": event.reason,
            "ResourceProperties": event.properties,
            "ClientRequestToken": event.client_token,
            "OperationId": event.operation_id,
        }
    )
