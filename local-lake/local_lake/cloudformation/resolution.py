"""Puts a deployment's parameters, resources and other stacks' exports behind a template's functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.cloudformation.dynamic_references import DynamicReferences, check_dynamic_references
from local_lake.cloudformation.intrinsics import (
    UNKNOWN,
    Scope,
    as_text,
    evaluate_conditions,
    holds,
    resolve,
)
from local_lake.cloudformation.stacks import Deployment, Output, StackResource, Store
from local_lake.cloudformation.template import InvalidTemplate, ResourceDefinition
from local_lake.front.registry import ACCOUNT
from local_lake.providers.catalogue import find_provider
from local_lake.providers.contract import ResourceFailure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_lake.providers.clients import Clients


class Resolution:
    """Resolves one deployment of one stack against the resources made so far.

    `resources` may grow while the deployment runs. With `foresee`, what a resource not yet made would give is
    UNKNOWN; without it, that is an error. `imports` collects the names of the exports that were read.
    """

    def __init__(
        self,
        store: Store,
        clients: Clients,
        names: tuple[str, str],
        deployment: Deployment,
        resources: Mapping[str, StackResource],
        *,
        foresee: bool = False,
    ) -> None:
        self.imports: set[str] = set()
        self._store = store
        self._clients = clients
        self._deployment = deployment
        self._resources = resources
        self._foresee = foresee
        stack_name, stack_id = names
        self._scope = Scope(
            template=deployment.template,
            pseudo={
                "AWS::AccountId": ACCOUNT,
                "AWS::Region": clients.region,
                "AWS::Partition": "aws",
                "AWS::URLSuffix": "amazonaws.com",
                "AWS::StackName": stack_name,
                "AWS::StackId": stack_id,
                "AWS::NotificationARNs": [],
            },
            parameters={key: parameter.value for key, parameter in deployment.parameters.items()},
            zones=self._read_zones,
            refer=self._refer,
            get_attribute=self._get_attribute,
            import_value=self._import_value,
        )
        evaluate_conditions(self._scope)

    def select_definitions(self) -> dict[str, ResourceDefinition]:
        """Pick the resources whose condition holds."""
        return {
            name: definition
            for name, definition in self._deployment.template.resources.items()
            if definition.condition is None or holds(definition.condition, self._scope)
        }

    def resolve_properties(self, definition: ResourceDefinition) -> dict[str, Any]:
        """Resolve a resource's properties; dynamic references stay in them. Raises InvalidTemplate."""
        properties = dict(resolve(definition.properties, self._scope))
        check_dynamic_references(definition.type_name, properties)
        return properties

    def resolve_metadata(self, definition: ResourceDefinition) -> dict[str, Any]:
        """Resolve a resource's Metadata attribute."""
        return dict(resolve(definition.metadata, self._scope))

    def resolve_outputs(self) -> list[Output]:
        """Resolve the outputs whose condition holds. Raises InvalidTemplate."""
        outputs = []
        for key, declared in self._deployment.template.outputs.items():
            condition = declared.get("Condition")
            if condition is not None and not holds(str(condition), self._scope):
                continue
            value = resolve(declared["Value"], self._scope)
            if isinstance(value, (dict, list)):
                raise InvalidTemplate(
                    "Template format error: The Value field of every Outputs member must evaluate to a String"
                    f"; that of {key} does not."
                )
            export = declared.get("Export")
            outputs.append(
                Output(
                    key=key,
                    value=self._expand_output(as_text(value)),
                    description=declared.get("Description"),
                    export=None if export is None else as_text(resolve(export["Name"], self._scope)),
                )
            )
        return outputs

    def _expand_output(self, text: str) -> str:
        try:
            return DynamicReferences(self._clients).expand_public(text)
        except ResourceFailure as error:
            raise InvalidTemplate(error.message) from error

    def mask(self, text: str) -> str:
        """Blot out the values of NoEcho parameters in a text that people will see."""
        return self._deployment.mask(text)

    def _find(self, logical_id: str) -> StackResource | None:
        resource = self._resources.get(logical_id)
        if resource is not None and resource.physical_id is not None:
            return resource
        if self._foresee and logical_id in self.select_definitions():
            return None
        raise InvalidTemplate(
            f"Template format error: Unresolved resource dependencies [{logical_id}] in the Resources block "
            "of the template"
        )

    def _refer(self, logical_id: str) -> object:
        resource = self._find(logical_id)
        if resource is None or resource.physical_id is None:
            return UNKNOWN
        return find_provider(resource.type_name).refer(resource.physical_id)

    def _get_attribute(self, logical_id: str, attribute: str) -> object:
        resource = self._find(logical_id)
        if resource is None:
            return UNKNOWN
        if attribute not in resource.attributes:
            raise InvalidTemplate(f"Template error: {logical_id} has no attribute {attribute}")
        return resource.attributes[attribute]

    def _import_value(self, name: str) -> str:
        if self._foresee and UNKNOWN in name:
            return UNKNOWN
        found = self._store.exporter(self._clients.region, name)
        if found is None:
            raise InvalidTemplate(f"No export named {name} found.")
        self.imports.add(name)
        return found[1].value

    def _read_zones(self) -> list[str]:
        zones = self._clients.get("ec2").describe_availability_zones()["AvailabilityZones"]
        return sorted(zone["ZoneName"] for zone in zones)
