"""Accepts what a caller submits for a stack: template, parameters, tags and capabilities, all checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError

from local_lake.cloudformation.capabilities import check_capabilities
from local_lake.cloudformation.dynamic_references import refuse_secure_references
from local_lake.cloudformation.graph import check_references
from local_lake.cloudformation.parameters import settle_parameters
from local_lake.cloudformation.stacks import Deployment
from local_lake.cloudformation.template import (
    BODY_LIMIT_BYTES,
    URL_LIMIT_BYTES,
    InvalidTemplate,
    Template,
    parse_template,
)
from local_lake.providers.catalogue import TYPES, find_provider
from local_lake.providers.clients import CLOUDFORMATION

if TYPE_CHECKING:
    from local_lake.cloudformation.stacks import Stack
    from local_lake.front.registry import ServiceRequest
    from local_lake.providers.clients import Clients

_REFUSED = ("StackPolicyBody", "StackPolicyURL", "RollbackConfiguration", "ResourceTypes")
_VIRTUAL_HOST = re.compile(r"(?P<bucket>.+)\.s3[.-](?:[\w-]+\.)?amazonaws\.com")


def accept_deployment(request: ServiceRequest, clients: Clients, stack: Stack | None) -> Deployment:
    """Read a deployment from CreateStack, UpdateStack or CreateChangeSet. Raises ServiceError.

    `stack` is the one to be updated, whose template, parameters and tags stand in for what is left out.
    """
    params = request.params
    asked = [option for option in _REFUSED if params.get(option)]
    if asked:
        raise InvalidTemplate(f"The local lake does not act on {', '.join(asked)}.")
    previous = None if stack is None else stack.deployment
    if params.get("UsePreviousTemplate"):
        if previous is None:
            raise InvalidTemplate("UsePreviousTemplate is set, but there is no previous template.")
        template = previous.template
    else:
        template = accept_template(read_body(params, clients))
    capabilities = tuple(params.get("Capabilities") or ())
    parameters = settle_parameters(
        template,
        params.get("Parameters") or [],
        {} if previous is None else previous.parameters,
        lambda name: _read_ssm(clients, name),
    )
    check_capabilities(template, capabilities)
    return Deployment(template, parameters, _accept_tags(request, previous), capabilities)


def find_parent(request: ServiceRequest) -> str | None:
    """Read the id of the stack for which CloudFormation itself makes another; None when a person asks."""
    if request.invoked_by != CLOUDFORMATION:
        return None
    tags = {str(tag["Key"]): str(tag["Value"]) for tag in request.params.get("Tags") or []}
    return tags.get("aws:cloudformation:stack-id")


def _accept_tags(request: ServiceRequest, previous: Deployment | None) -> dict[str, str]:
    if "Tags" not in request.params:
        return {} if previous is None else dict(previous.tags)
    tags = {str(tag["Key"]): str(tag["Value"]) for tag in request.params["Tags"]}
    reserved = [key for key in tags if key.lower().startswith("aws:")]
    if reserved and request.invoked_by != CLOUDFORMATION:
        raise InvalidTemplate(f"Tag keys may not begin with aws: ({', '.join(reserved)})")
    return {key: value for key, value in tags.items() if key not in reserved}


def accept_template(body: str) -> Template:
    """Parse a template and check its types and references. Raises InvalidTemplate."""
    template = parse_template(body)
    unknown = [name for name in template.resource_types if name not in TYPES]
    if unknown:
        raise InvalidTemplate(f"Template format error: Unrecognized resource types: [{', '.join(unknown)}]")
    for resource in template.resources.values():
        refuse_secure_references(resource.type_name, resource.properties)
    check_references(template, {name: find_provider(name).attributes for name in template.resource_types})
    return template


def read_body(params: dict[str, Any], clients: Clients) -> str:
    """Read the template's text from TemplateBody, or from the object TemplateURL names."""
    body: str | None = params.get("TemplateBody")
    url = params.get("TemplateURL")
    if (body is None) == (url is None):
        raise InvalidTemplate("Either Template URL or Template Body must be specified.")
    if body is None:
        return _fetch(str(url), clients)
    if len(body.encode()) > BODY_LIMIT_BYTES:
        raise InvalidTemplate(
            "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must "
            f"have length less than or equal to {BODY_LIMIT_BYTES}"
        )
    return body


def _fetch(url: str, clients: Clients) -> str:
    bucket, key = locate_object(url)
    try:
        data: bytes = clients.get("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        reason = error.response["Error"].get("Message", "")
        raise InvalidTemplate(f"S3 error: {reason} (TemplateURL {url})") from error
    if len(data) > URL_LIMIT_BYTES:
        raise InvalidTemplate(f"Template may not exceed {URL_LIMIT_BYTES} bytes in size.")
    return data.decode()


def locate_object(url: str) -> tuple[str, str]:
    """Read bucket and key from an S3 address, path style or virtual-host style."""
    parts = urlsplit(url)
    path = unquote(parts.path).lstrip("/")
    host = _VIRTUAL_HOST.fullmatch(parts.hostname or "")
    if host is not None:
        return host["bucket"], path
    bucket, slash, key = path.partition("/")
    if not slash or not key or parts.scheme not in ("http", "https"):
        raise InvalidTemplate("TemplateURL must be a supported URL.")
    return bucket, key


def _read_ssm(clients: Clients, name: str) -> str:
    try:
        return str(clients.get("ssm").get_parameter(Name=name)["Parameter"]["Value"])
    except ClientError as error:
        raise InvalidTemplate(
            f"Unable to fetch parameters [{name}] from parameter store for this account."
        ) from error
