"""EMR Serverless: tags of an application, and its release label in UpdateApplication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.front.registry import PassThrough, ServiceError

if TYPE_CHECKING:
    from local_lake.front.registry import Registry, ServiceRequest


def register_emr_serverless(registry: Registry) -> None:
    """Answer the tag operations, and complete UpdateApplication, from now on."""
    registry.register("emr-serverless", "TagResource", tag_resource)
    registry.register("emr-serverless", "UntagResource", untag_resource)
    registry.register("emr-serverless", "ListTagsForResource", list_tags)
    registry.register("emr-serverless", "UpdateApplication", change_release)


def _applications(request: ServiceRequest) -> dict[str, Any]:
    from moto.emrserverless.models import emrserverless_backends

    applications: dict[str, Any] = emrserverless_backends[request.account][request.region].applications
    return applications


def _find(request: ServiceRequest) -> Any:  # noqa: ANN401 - moto's Application
    arn = request.params["resourceArn"]
    for application in _applications(request).values():
        if application.arn == arn:
            return application
    raise ServiceError("ResourceNotFoundException", f"Resource {arn} does not exist", 404)


def tag_resource(request: ServiceRequest) -> dict[str, Any]:
    """Answer TagResource for an application."""
    _find(request).tags.update(request.params["tags"])
    return {}


def untag_resource(request: ServiceRequest) -> dict[str, Any]:
    """Answer UntagResource for an application."""
    tags = _find(request).tags
    for key in request.params["tagKeys"]:
        tags.pop(key, None)
    return {}


def list_tags(request: ServiceRequest) -> dict[str, Any]:
    """Answer ListTagsForResource for an application."""
    return {"tags": dict(_find(request).tags)}


def change_release(request: ServiceRequest) -> dict[str, Any]:
    """Change the release label, which moto's UpdateApplication drops, and leave the rest to moto.

    A started application is refused by moto, as by the service, and must not have changed then.
    """
    application = _applications(request).get(request.params["applicationId"])
    release = request.params.get("releaseLabel")
    if application is not None and release is not None and application.state in ("CREATED", "STOPPED"):
        application.release_label = release
    raise PassThrough
