"""CloudFormation's operations, registered with the front; what is not here is refused there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_lake.cloudformation.change_set_operations import ChangeSetOperations
from local_lake.cloudformation.drift_operations import DriftOperations
from local_lake.cloudformation.engine import Engine
from local_lake.cloudformation.event_queries import EventQueries
from local_lake.cloudformation.stack_operations import StackOperations
from local_lake.cloudformation.stack_queries import StackQueries
from local_lake.cloudformation.template_operations import TemplateOperations

if TYPE_CHECKING:
    from local_lake.front.registry import Handler, Registry

_PACE_SECONDS = {"off": 0.0, "fast": 0.3}


def install(registry: Registry, endpoint: str) -> Engine:
    """Answer CloudFormation from now on, making resources through `endpoint`; close the engine at the end."""
    engine = Engine(endpoint, _PACE_SECONDS[registry.latency])
    stacks, change_sets = StackOperations(engine), ChangeSetOperations(engine)
    queries, templates = StackQueries(engine), TemplateOperations(engine)
    events, drift = EventQueries(engine), DriftOperations(engine)
    handlers: dict[str, Handler] = {
        "CreateStack": stacks.create_stack,
        "UpdateStack": stacks.update_stack,
        "DeleteStack": stacks.delete_stack,
        "CancelUpdateStack": stacks.cancel_update_stack,
        "ContinueUpdateRollback": stacks.continue_update_rollback,
        "UpdateTerminationProtection": stacks.update_termination_protection,
        "CreateChangeSet": change_sets.create_change_set,
        "DescribeChangeSet": change_sets.describe_change_set,
        "ExecuteChangeSet": change_sets.execute_change_set,
        "DeleteChangeSet": change_sets.delete_change_set,
        "ListChangeSets": change_sets.list_change_sets,
        "DescribeStacks": queries.describe_stacks,
        "ListStacks": queries.list_stacks,
        "DetectStackDrift": drift.detect_stack_drift,
        "DetectStackResourceDrift": drift.detect_stack_resource_drift,
        "DescribeStackDriftDetectionStatus": drift.describe_stack_drift_detection_status,
        "DescribeStackResourceDrifts": drift.describe_stack_resource_drifts,
        "DescribeEvents": events.describe_events,
        "DescribeStackEvents": queries.describe_stack_events,
        "DescribeStackResources": queries.describe_stack_resources,
        "DescribeStackResource": queries.describe_stack_resource,
        "ListStackResources": queries.list_stack_resources,
        "ListExports": queries.list_exports,
        "ListImports": queries.list_imports,
        "ValidateTemplate": templates.validate_template,
        "GetTemplate": templates.get_template,
        "GetTemplateSummary": templates.get_template_summary,
    }
    registry.own("cloudformation")
    for operation, handler in handlers.items():
        registry.register("cloudformation", operation, handler)
    return engine
