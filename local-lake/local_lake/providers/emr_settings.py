"""AWS::EMR::SecurityConfiguration and AWS::EMRServerless::Application."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import (
    Context,
    Properties,
    Provider,
    ResourceFailure,
    apply_tags,
    list_tags,
    select,
    tags_of,
    update_rules,
    write_json,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class SecurityConfiguration(Provider):
    """How clusters encrypt and authenticate; every change replaces it, its physical id is its name."""

    type_name = "AWS::EMR::SecurityConfiguration"
    updates = update_rules(always="Name SecurityConfiguration")
    required = ("SecurityConfiguration",)
    name_property = "Name"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the configuration."""
        name = str(properties.get("Name") or context.generate_name(255))
        context.client("emr").create_security_configuration(
            Name=name, SecurityConfiguration=write_json(properties["SecurityConfiguration"])
        )
        return name

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return DescribeSecurityConfiguration's answer."""
        emr = context.client("emr")
        try:
            answer: dict[str, Any] = emr.describe_security_configuration(Name=physical_id)
        except emr.exceptions.InvalidRequestException as error:
            raise ResourceFailure(
                f"Security configuration {physical_id} does not exist", "NotFound"
            ) from error
        return answer

    def observe(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the configuration as a document."""
        return {"SecurityConfiguration": json.loads(live["SecurityConfiguration"])}

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the configuration."""
        self.read(context, physical_id)
        context.client("emr").delete_security_configuration(Name=physical_id)


_SETTINGS = (
    "AutoStartConfiguration",
    "AutoStopConfiguration",
    "InitialCapacity",
    "MaximumCapacity",
    "NetworkConfiguration",
    "ReleaseLabel",
)
_ENDED = "TERMINATED"


class ServerlessApplication(Provider):
    """An application of EMR Serverless; its physical id is its id. It is stopped to be changed or deleted."""

    type_name = "AWS::EMRServerless::Application"
    updates = update_rules(always="Name Type", never=" ".join((*_SETTINGS, "Tags")))
    required = ("ReleaseLabel", "Type")
    attributes = frozenset({"ApplicationId", "Arn"})
    tag_property = "Tags"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the application."""
        application = context.client("emr-serverless").create_application(
            name=str(properties.get("Name") or context.generate_name(64)),
            type=str(properties["Type"]).upper(),
            tags=tags_of(properties),
            **_write(properties),
        )
        return str(application["applicationId"])

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change settings and tags; the API empties no setting, so one that the template drops stays."""
        client = context.client("emr-serverless")
        if select(before, *_SETTINGS) != select(after, *_SETTINGS):
            started = self.read(context, physical_id)["state"] == "STARTED"
            if started:
                client.stop_application(applicationId=physical_id)
            client.update_application(applicationId=physical_id, **_write(after))
            if started:
                client.start_application(applicationId=physical_id)
        arn = self.read(context, physical_id)["arn"]
        apply_tags(
            before,
            after,
            put=lambda tags: client.tag_resource(resourceArn=arn, tags=tags),
            remove=lambda keys: client.untag_resource(resourceArn=arn, tagKeys=keys),
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetApplication's application; one that is terminated counts as gone."""
        answer = context.client("emr-serverless").get_application(applicationId=physical_id)
        application: dict[str, Any] = answer["application"]
        if application["state"] == _ENDED:
            raise ResourceFailure(f"Application {physical_id} is terminated", "NotFound")
        return application

    def describe_attributes(self, _: Context, physical_id: str, live: Mapping[str, Any]) -> Properties:
        """Give id and ARN."""
        return {"ApplicationId": physical_id, "Arn": live["arn"]}

    def observe(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the settings and tags in the template's spelling."""
        spelled = _spell(live)
        capacity = live.get("initialCapacity") or {}
        entries = [{"Key": key, "Value": _spell(value)} for key, value in capacity.items()]
        settings = {name: spelled.get(name) for name in _SETTINGS}
        return {
            **settings,
            "InitialCapacity": entries or None,
            "Name": live["name"],
            "Tags": list_tags(live["tags"]),
        }

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Stop the application, if it is started, and delete it."""
        client = context.client("emr-serverless")
        if self.read(context, physical_id)["state"] == "STARTED":
            client.stop_application(applicationId=physical_id)
        client.delete_application(applicationId=physical_id)


def _write(properties: Properties) -> dict[str, Any]:
    """Write the settings as the API spells them: in camel case, the initial capacity as a map."""
    settings: dict[str, Any] = _unspell(select(properties, *_SETTINGS))
    if "InitialCapacity" in properties:
        entries = properties["InitialCapacity"]
        settings["initialCapacity"] = {str(entry["Key"]): _unspell(entry["Value"]) for entry in entries}
    return settings


def _unspell(value: Any) -> Any:  # noqa: ANN401 - any part of a template
    if isinstance(value, dict):
        return {name[:1].lower() + name[1:]: _unspell(member) for name, member in value.items()}
    return value


def _spell(value: Any) -> Any:  # noqa: ANN401 - any part of an answer
    if isinstance(value, dict):
        return {name[:1].upper() + name[1:]: _spell(member) for name, member in value.items()}
    return value
