"""SDK clients for the providers: the local lake's own services, called as CloudFormation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.loopback import AwsClient, Loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import OperationModel, Shape

CLOUDFORMATION = "cloudformation.amazonaws.com"
_ACCESS_KEY = "AKIACLOUDFORMATION00"


class Clients:
    """Clients of one region, whose parameters are taken as a template has them."""

    def __init__(self, endpoint: str, region: str) -> None:
        self.region = region
        self._loopback = Loopback(endpoint, CLOUDFORMATION, _ACCESS_KEY)

    def get(self, service: str) -> AwsClient:
        """Return the client of a service, by botocore's name of it."""
        client = self._loopback.client(service, self.region)
        # Registering a handler under an id that is taken changes nothing.
        client.meta.events.register("provide-client-params", _coerce_parameters, unique_id="coerce")
        return client


def _coerce_parameters(params: Mapping[str, Any], model: OperationModel, **_: object) -> object:
    return params if model.input_shape is None else coerce(params, model.input_shape)


def coerce(value: Any, shape: Shape) -> Any:  # noqa: ANN401 - the shape says what the value is
    """Turn a template's scalars into what an API shape asks for: `"30"` into 30, 8080 into `"8080"`.

    CloudFormation does the same by a resource type's schema. What cannot be turned, botocore refuses.
    """
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        return {k: coerce(v, shape.members[k]) if k in shape.members else v for k, v in value.items()}
    if kind == "list" and isinstance(value, (list, tuple)):
        return [coerce(entry, shape.member) for entry in value]
    if kind == "map" and isinstance(value, dict):
        return {str(k): coerce(v, shape.value) for k, v in value.items()}
    if kind == "boolean" and isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if kind in ("integer", "long", "float", "double") and isinstance(value, str):
        return _number(value, kind)
    if kind == "string" and isinstance(value, (bool, int, float)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    return value


def _number(text: str, kind: str) -> object:
    try:
        return int(text) if kind in ("integer", "long") else float(text)
    except ValueError:
        return text
