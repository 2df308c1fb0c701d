"""The operations on templates alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.cloudformation.acceptance import accept_template, read_body
from local_lake.cloudformation.answers import present
from local_lake.cloudformation.capabilities import find_capability
from local_lake.cloudformation.parameters import write_scalar
from local_lake.cloudformation.stack_operations import find_living, invalid
from local_lake.front.registry import ServiceError

if TYPE_CHECKING:
    from local_lake.cloudformation.engine import Engine
    from local_lake.cloudformation.template import Template
    from local_lake.front.registry import ServiceRequest


class TemplateOperations:
    """ValidateTemplate, GetTemplate and GetTemplateSummary."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def validate_template(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer ValidateTemplate: structure, types and references; no values of properties."""
        template = accept_template(read_body(request.params, self._engine.clients(request.region)))
        parameters = [
            {
                "ParameterKey": key,
                "DefaultValue": _default(declared),
                "NoEcho": _is_secret(declared),
                "Description": declared.get("Description"),
            }
            for key, declared in template.parameters.items()
        ]
        return {
            "Parameters": [present(parameter) for parameter in parameters],
            **_describe_needs(template),
        }

    def get_template(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer GetTemplate: the text of a stack's template, or of a change set's, as it was submitted."""
        template = self._find_template(request)
        return {"TemplateBody": template.body, "StagesAvailable": ["Original", "Processed"]}

    def get_template_summary(self, request: ServiceRequest) -> dict[str, Any]:
        """Answer GetTemplateSummary for a template, or for a stack's."""
        if "StackName" in request.params:
            template = self._find_template(request)
        else:
            template = accept_template(read_body(request.params, self._engine.clients(request.region)))
        return present(
            {
                "Parameters": [_declare(key, declared) for key, declared in template.parameters.items()],
                **_describe_needs(template),
                "ResourceTypes": template.resource_types,
                "Version": template.version,
                "DeclaredTransforms": [],
            }
        )

    def _find_template(self, request: ServiceRequest) -> Template:
        params, store = request.params, self._engine.store
        name = params.get("StackName")
        if name is None:
            raise invalid("StackName is required if ChangeSetName is not specified.")
        with store.lock:
            stack = store.find(request.region, name)
            if stack is None or (stack.deleted is not None and name != stack.stack_id):
                stack = find_living(self._engine, request.region, name, "Stack with id {} does not exist")
            wanted = params.get("ChangeSetName")
            if wanted is not None:
                for change_set in stack.change_sets.values():
                    if wanted in (change_set.name, change_set.change_set_id):
                        return change_set.deployment.template
                raise ServiceError("ChangeSetNotFound", f"ChangeSet [{wanted}] does not exist", 404)
            if stack.deployment is None:
                raise invalid(f"Stack {name} has no template yet")
            return stack.deployment.template


def _describe_needs(template: Template) -> dict[str, Any]:
    needs: dict[str, Any] = {"Description": template.description}
    capability, types = find_capability(template)
    if capability is not None:
        reason = f"The following resource(s) require capabilities: [{', '.join(types)}]"
        needs |= {"Capabilities": [capability], "CapabilitiesReason": reason}
    return present(needs)


def _declare(key: str, declared: dict[str, Any]) -> dict[str, Any]:
    allowed = declared.get("AllowedValues")
    constraints = {} if allowed is None else {"AllowedValues": [write_scalar(value) for value in allowed]}
    return present(
        {
            "ParameterKey": key,
            "ParameterType": declared.get("Type", "String"),
            "DefaultValue": _default(declared),
            "NoEcho": _is_secret(declared),
            "Description": declared.get("Description"),
            "ParameterConstraints": constraints,
        }
    )


def _default(declared: dict[str, Any]) -> str | None:
    return write_scalar(declared["Default"]) if "Default" in declared else None


def _is_secret(declared: dict[str, Any]) -> bool:
    return write_scalar(declared.get("NoEcho", False)) == "true"
