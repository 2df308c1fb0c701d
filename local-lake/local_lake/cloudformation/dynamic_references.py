"""Dynamic references: `{{resolve:ssm:…}}` and `{{resolve:secretsmanager:…}}` in the properties of resources.

A stack keeps the reference; its value exists only in what a provider is given (CloudFormation user guide, Get
values stored in other services using dynamic references). So no event, change set or template shows it, a
value that changed by itself changes no stack, and drift is not looked for there.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from local_lake.cloudformation.parameters import MASK
from local_lake.cloudformation.template import InvalidTemplate
from local_lake.providers.contract import ResourceFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_lake.providers.clients import Clients

_REFERENCE = re.compile(r"\{\{resolve:([^:{}]+):([^{}]+)\}\}")
_OPENING = "{{resolve:"
_SECRET_ARN = re.compile(r"arn:[^:]+:secretsmanager:[^:]*:\d*:secret:[^:]+")

_Value = TypeVar("_Value")


def has_reference(value: object) -> bool:
    """Tell whether there is a dynamic reference somewhere in a value."""
    return any(_OPENING in text for _, text in _texts("", value))


def refuse_secure_references(type_name: str, properties: dict[str, Any]) -> None:
    """Refuse `ssm-secure`, before or after functions are resolved. Raises InvalidTemplate.

    AWS allows it in a few properties of directories, databases and users, none of them a type here.
    """
    for path, text in _texts("Properties", properties):
        if f"{_OPENING}ssm-secure:" in text:
            raise InvalidTemplate(f"SSM Secure reference is not supported in: [{type_name}/{path}]")


def check_dynamic_references(type_name: str, properties: dict[str, Any]) -> None:
    """Check the form of every reference in resolved properties. Raises InvalidTemplate."""
    refuse_secure_references(type_name, properties)
    for path, text in _texts("Properties", properties):
        if _OPENING not in text:
            continue
        services = [service for service, _ in _REFERENCE.findall(text)]
        if len(services) != text.count(_OPENING) or not {"ssm", "secretsmanager"}.issuperset(services):
            raise InvalidTemplate(
                f"Invalid dynamic reference in {type_name}/{path}: write {{{{resolve:ssm:name:version}}}} or "
                "{{resolve:secretsmanager:secret:SecretString:key:stage:version}}."
            )


def _texts(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield every text in a value with the path of names to it; places in lists do not count."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(path, entry)
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _texts(f"{path}/{name}", member)


class DynamicReferences:
    """Puts values in the place of references, and remembers the secret ones to keep them out of messages."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._secrets: set[str] = set()

    def expand(self, value: _Value) -> _Value:
        """Return a copy of a value with every reference resolved. Raises ResourceFailure."""
        expanded: _Value = self._expand(value)
        return expanded

    def _expand(self, value: Any) -> Any:  # noqa: ANN401 - any part of a template
        if isinstance(value, str):
            return _REFERENCE.sub(lambda found: self._read(found[1], found[2]), value)
        if isinstance(value, list):
            return [self._expand(entry) for entry in value]
        if isinstance(value, dict):
            return {name: self._expand(member) for name, member in value.items()}
        return value

    def expand_public(self, text: str) -> str:
        """Resolve the references to plain parameters, as in an output, and leave secrets as they stand."""
        return _REFERENCE.sub(
            lambda found: self._read_parameter(found[2]) if found[1] == "ssm" else found[0], text
        )

    @property
    def hold_secrets(self) -> bool:
        """Whether a secret was read."""
        return bool(self._secrets)

    def mask(self, text: str) -> str:
        """Blot out the secrets that were read from a text that people will see."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return text

    def _read(self, service: str, rest: str) -> str:
        if service == "ssm":
            return self._read_parameter(rest)
        secret = self._read_secret(rest)
        if secret:
            self._secrets.add(secret)
        return secret

    def _read_parameter(self, name_and_version: str) -> str:
        try:
            parameter = self._clients.get("ssm").get_parameter(Name=name_and_version)["Parameter"]
        except ClientError as error:
            message = (
                f"Unable to fetch parameters [{name_and_version}] from parameter store for this account."
            )
            raise ResourceFailure(message, "NotFound") from error
        if parameter["Type"] == "SecureString":
            raise ResourceFailure(
                f"Non-secure ssm prefix was used for secure parameter: [{name_and_version}]"
            )
        return str(parameter["Value"])

    def _read_secret(self, rest: str) -> str:
        arn = _SECRET_ARN.match(rest)
        name, _, tail = (arn[0], "", rest[arn.end() + 1 :]) if arn else rest.partition(":")
        kind, key, stage, version = [*tail.split(":"), "", "", "", ""][:4]
        if kind not in ("", "SecretString"):
            raise ResourceFailure(f"{kind} is no part of a secret that a dynamic reference can name.")
        chosen = {"VersionStage": stage, "VersionId": version}
        try:
            answer = self._clients.get("secretsmanager").get_secret_value(
                SecretId=name, **{option: value for option, value in chosen.items() if value}
            )
        except ClientError as error:
            details = error.response["Error"]
            raise ResourceFailure(f"{details.get('Message', '')} ({details.get('Code')})") from error
        text = str(answer.get("SecretString", ""))
        return _pick(text, key) if key else text


def _pick(text: str, key: str) -> str:
    try:
        members = json.loads(text)
    except ValueError as error:
        raise ResourceFailure("Could not parse SecretString JSON") from error
    if not isinstance(members, dict) or key not in members:
        raise ResourceFailure("Could not find a value associated with JSONKey in SecretString")
    value = members[key]
    return value if isinstance(value, str) else json.dumps(value)
