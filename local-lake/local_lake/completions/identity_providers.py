"""IAM: the client ids of an OpenID Connect provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.front.registry import ServiceError

if TYPE_CHECKING:
    from local_lake.front.registry import Registry, ServiceRequest

_PARTITION = "aws"


def register_identity_providers(registry: Registry) -> None:
    """Answer the two operations from now on."""
    registry.register("iam", "AddClientIDToOpenIDConnectProvider", add_client_id)
    registry.register("iam", "RemoveClientIDFromOpenIDConnectProvider", remove_client_id)


def _client_ids(request: ServiceRequest) -> list[str]:
    from moto.iam.models import iam_backends

    arn = request.params["OpenIDConnectProviderArn"]
    provider = iam_backends[request.account][_PARTITION].open_id_providers.get(arn)
    if provider is None:
        message = f"OpenIDConnect Provider not found for arn {arn}"
        raise ServiceError("NoSuchEntity", message, 404)
    ids: list[str] = provider.client_id_list
    return ids


def add_client_id(request: ServiceRequest) -> dict[str, Any]:
    """Answer AddClientIDToOpenIDConnectProvider; one that is there already is no failure."""
    ids, added = _client_ids(request), request.params["ClientID"]
    if added not in ids:
        ids.append(added)
    return {}


def remove_client_id(request: ServiceRequest) -> dict[str, Any]:
    """Answer RemoveClientIDFromOpenIDConnectProvider; one that is not there is no failure."""
    ids, gone = _client_ids(request), request.params["ClientID"]
    if gone in ids:
        ids.remove(gone)
    return {}
