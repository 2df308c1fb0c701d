"""AWS::Glue::Job and AWS::Glue::Trigger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local_lake.providers.contract import (
    Context,
    Properties,
    Provider,
    ResourceFailure,
    apply_tags,
    select,
    update_rules,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_JOB_SETTINGS = (
    "AllocatedCapacity",
    "Command",
    "Connections",
    "DefaultArguments",
    "Description",
    "ExecutionClass",
    "ExecutionProperty",
    "GlueVersion",
    "LogUri",
    "MaxCapacity",
    "MaxRetries",
    "NonOverridableArguments",
    "NotificationProperty",
    "NumberOfWorkers",
    "Role",
    "SecurityConfiguration",
    "Timeout",
    "WorkerType",
)


class Job(Provider):
    """A job; its physical id is its name. CloudFormation makes it, people or triggers start it."""

    type_name = "AWS::Glue::Job"
    updates = update_rules(always="Name", never=" ".join((*_JOB_SETTINGS, "Tags")))
    required = ("Command", "Role")
    tag_property = "Tags"
    tags_are_mapping = True
    name_property = "Name"
    mirrored = " ".join(_JOB_SETTINGS)

    def create(self, context: Context, properties: Properties) -> str:
        """Create the job; CreateJob here would overwrite one of that name, so that is a failure."""
        name = str(properties.get("Name") or context.generate_name(255))
        _refuse_existing(lambda: self.read(context, name), "Job", name)
        context.client("glue").create_job(Name=name, **select(properties, *_JOB_SETTINGS, "Tags"))
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Overwrite the definition, and change the tags."""
        context.client("glue").update_job(JobName=physical_id, JobUpdate=select(after, *_JOB_SETTINGS))
        _update_tags(context, f"job/{physical_id}", before, after)

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetJob's Job."""
        job: dict[str, Any] = context.client("glue").get_job(JobName=physical_id)["Job"]
        return job

    def observe(self, context: Context, physical_id: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the settings and tags."""
        settings = super().observe(context, physical_id, live) or {}
        return {**settings, "Tags": _read_tags(context, f"job/{physical_id}")}

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the job."""
        self.read(context, physical_id)
        context.client("glue").delete_job(JobName=physical_id)


_TRIGGER_SETTINGS = ("Actions", "Description", "EventBatchingCondition", "Predicate", "Schedule")


class Trigger(Provider):
    """A trigger; its physical id is its name."""

    type_name = "AWS::Glue::Trigger"
    updates = update_rules(
        always="Name Type WorkflowName", never=" ".join((*_TRIGGER_SETTINGS, "StartOnCreation", "Tags"))
    )
    required = ("Actions", "Type")
    tag_property = "Tags"
    tags_are_mapping = True
    name_property = "Name"
    mirrored = " ".join((*_TRIGGER_SETTINGS, "Name", "Type", "WorkflowName"))

    def create(self, context: Context, properties: Properties) -> str:
        """Create the trigger; with StartOnCreation it is active at once."""
        name = str(properties.get("Name") or context.generate_name(255))
        _refuse_existing(lambda: self.read(context, name), "Trigger", name)
        kept = select(properties, "StartOnCreation", "Tags", "Type", "WorkflowName")
        context.client("glue").create_trigger(Name=name, **_trigger_settings(properties), **kept)
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change what the trigger starts and when, and the tags; whether it is active stays."""
        emptied = {"Description": ""} if "Description" in before else {}
        changed = {**emptied, **_trigger_settings(after)}
        context.client("glue").update_trigger(Name=physical_id, TriggerUpdate=changed)
        _update_tags(context, f"trigger/{physical_id}", before, after)

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetTrigger's Trigger."""
        trigger: dict[str, Any] = context.client("glue").get_trigger(Name=physical_id)["Trigger"]
        return trigger

    def observe(self, context: Context, physical_id: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the settings and tags."""
        settings = super().observe(context, physical_id, live) or {}
        return {**settings, "Tags": _read_tags(context, f"trigger/{physical_id}")}

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the trigger."""
        self.read(context, physical_id)
        context.client("glue").delete_trigger(Name=physical_id)


def _trigger_settings(properties: Properties) -> dict[str, Any]:
    settings = select(properties, *_TRIGGER_SETTINGS)
    if "Predicate" in settings:
        # Glue lets a single condition do without; moto does not.
        settings["Predicate"] = {"Logical": "AND", **settings["Predicate"]}
    return settings


def _refuse_existing(read: Any, kind: str, name: str) -> None:  # noqa: ANN401
    try:
        read()
    except ClientError as error:
        if error.response["Error"]["Code"] == "EntityNotFoundException":
            return
        raise
    raise ResourceFailure(f"{kind} with name {name} already exists", "AlreadyExists")


def _arn(context: Context, subject: str) -> str:
    return f"arn:aws:glue:{context.region}:{context.account}:{subject}"


def _read_tags(context: Context, subject: str) -> dict[str, str]:
    tags: dict[str, str] = context.client("glue").get_tags(ResourceArn=_arn(context, subject))["Tags"]
    return tags


def _update_tags(context: Context, subject: str, before: Properties, after: Properties) -> None:
    glue, arn = context.client("glue"), _arn(context, subject)
    apply_tags(
        before,
        after,
        put=lambda tags: glue.tag_resource(ResourceArn=arn, TagsToAdd=tags),
        remove=lambda keys: glue.untag_resource(ResourceArn=arn, TagsToRemove=keys),
    )
