"""AWS::SSM::Parameter."""

from __future__ import annotations

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
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_SETTINGS = ("AllowedPattern", "DataType", "Description", "Policies", "Tier", "Type", "Value")


class Parameter(Provider):
    """A parameter of Systems Manager; its physical id is its name."""

    type_name = "AWS::SSM::Parameter"
    updates = update_rules(always="Name", never=" ".join((*_SETTINGS, "Tags")))
    required = ("Type", "Value")
    attributes = frozenset({"Type", "Value"})
    tag_property = "Tags"
    tags_are_mapping = True
    name_property = "Name"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the parameter; a SecureString is refused, as CloudFormation refuses it."""
        _refuse_secrets(properties)
        name = str(properties.get("Name") or context.generate_name(1011))
        context.client("ssm").put_parameter(
            Name=name, Tags=list_tags(tags_of(properties)), **select(properties, *_SETTINGS)
        )
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Put a new version, and change the tags."""
        _refuse_secrets(after)
        ssm = context.client("ssm")
        if select(before, *_SETTINGS) != select(after, *_SETTINGS):
            settings = {"Description": "", **select(after, *_SETTINGS)}
            ssm.put_parameter(Name=physical_id, Overwrite=True, **settings)
        of_parameter = {"ResourceType": "Parameter", "ResourceId": physical_id}
        apply_tags(
            before,
            after,
            put=lambda tags: ssm.add_tags_to_resource(**of_parameter, Tags=list_tags(tags)),
            remove=lambda keys: ssm.remove_tags_from_resource(**of_parameter, TagKeys=keys),
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetParameter's Parameter."""
        parameter: dict[str, Any] = context.client("ssm").get_parameter(Name=physical_id)["Parameter"]
        return parameter

    def observe(self, context: Context, physical_id: str, live: Mapping[str, Any]) -> Properties | None:
        """Give value, type, description and tags."""
        ssm = context.client("ssm")
        named = [{"Key": "Name", "Option": "Equals", "Values": [physical_id]}]
        described = ssm.describe_parameters(ParameterFilters=named)["Parameters"]
        tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=physical_id)["TagList"]
        return {
            **select(live, "DataType", "Type", "Value"),
            "Description": next((entry.get("Description") for entry in described), None),
            "Name": physical_id,
            "Tags": {tag["Key"]: tag["Value"] for tag in tags},
        }

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the parameter."""
        context.client("ssm").delete_parameter(Name=physical_id)


def _refuse_secrets(properties: Properties) -> None:
    if properties["Type"] == "SecureString":
        raise ResourceFailure("SecureString is not a supported type of AWS::SSM::Parameter.")
