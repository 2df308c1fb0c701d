"""Glue's UpdateJob and UpdateTrigger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.front.registry import ServiceError

if TYPE_CHECKING:
    from local_lake.front.registry import Registry, ServiceRequest

_JOB_MEMBERS = {
    "AllocatedCapacity": "allocated_capacity",
    "CodeGenConfigurationNodes": "code_gen_configuration_nodes",
    "Command": "command",
    "Connections": "connections",
    "DefaultArguments": "default_arguments",
    "Description": "description",
    "ExecutionClass": "execution_class",
    "ExecutionProperty": "execution_property",
    "GlueVersion": "glue_version",
    "LogUri": "log_uri",
    "MaxCapacity": "max_capacity",
    "MaxRetries": "max_retries",
    "NonOverridableArguments": "non_overridable_arguments",
    "NotificationProperty": "notification_property",
    "NumberOfWorkers": "number_of_workers",
    "Role": "role",
    "SecurityConfiguration": "security_configuration",
    "SourceControlDetails": "source_control_details",
    "Timeout": "timeout",
    "WorkerType": "worker_type",
}
_DEFAULTS: dict[str, Any] = {"ExecutionClass": "STANDARD", "ExecutionProperty": {}, "DefaultArguments": {}}


def register_glue_jobs(registry: Registry) -> None:
    """Answer UpdateJob and UpdateTrigger from now on."""
    registry.register("glue", "UpdateJob", update_job)
    registry.register("glue", "UpdateTrigger", update_trigger)


def _backend(request: ServiceRequest) -> Any:  # noqa: ANN401 - moto's GlueBackend
    from moto.glue.models import glue_backends

    return glue_backends[request.account][request.region]


def update_job(request: ServiceRequest) -> dict[str, Any]:
    """Answer UpdateJob: the definition is overwritten completely (Glue API reference, UpdateJob)."""
    from moto.core.utils import utcnow

    name, wanted = request.params["JobName"], request.params["JobUpdate"]
    job = _backend(request).jobs.get(name)
    if job is None:
        raise ServiceError("EntityNotFoundException", f"Job {name} not found.")
    unknown = sorted(set(wanted) - set(_JOB_MEMBERS))
    if unknown:
        raise ServiceError("InvalidInputException", f"The local lake does not keep {', '.join(unknown)}.")
    for member, attribute in _JOB_MEMBERS.items():
        setattr(job, attribute, wanted.get(member, _DEFAULTS.get(member)))
    job.last_modified_on = utcnow()
    return {"JobName": name}


def update_trigger(request: ServiceRequest) -> dict[str, Any]:
    """Answer UpdateTrigger: what it names changes, the rest stays."""
    from moto.glue.models import Action, Predicate

    name, wanted = request.params["Name"], request.params["TriggerUpdate"]
    trigger = _backend(request).triggers.get(name)
    if trigger is None:
        raise ServiceError("EntityNotFoundException", f"Trigger {name} not found.")
    if "Actions" in wanted:
        trigger.actions = [Action(action) for action in wanted["Actions"]]
    if "Predicate" in wanted:
        trigger.predicate = Predicate({"Logical": "AND", **wanted["Predicate"]})
    for member, attribute in (
        ("Description", "description"),
        ("Schedule", "schedule"),
        ("EventBatchingCondition", "event_batching_condition"),
    ):
        if member in wanted:
            setattr(trigger, attribute, wanted[member])
    return {"Trigger": trigger.as_dict()}
