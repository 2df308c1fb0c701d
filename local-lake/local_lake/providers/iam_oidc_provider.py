"""AWS::IAM::OIDCProvider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local_lake.providers.contract import (
    Context,
    Properties,
    Provider,
    ResourceFailure,
    apply_tags,
    list_tags,
    update_rules,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_THUMBPRINT = "0" * 40
"""IAM fetches the thumbprint itself where none is given; nothing is fetched here."""


class OidcProvider(Provider):
    """An OpenID Connect provider; its physical id is its ARN."""

    type_name = "AWS::IAM::OIDCProvider"
    updates = update_rules(always="Url", never="ClientIdList Tags ThumbprintList")
    required = ("Url",)
    attributes = frozenset({"Arn"})
    tag_property = "Tags"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the provider; an account has one for each address."""
        iam = context.client("iam")
        url = str(properties["Url"])
        try:
            answer = iam.create_open_id_connect_provider(
                Url=url,
                ClientIDList=properties.get("ClientIdList") or [],
                ThumbprintList=properties.get("ThumbprintList") or [_NO_THUMBPRINT],
                Tags=properties.get("Tags") or [],
            )
        except iam.exceptions.EntityAlreadyExistsException as error:
            raise ResourceFailure(f"Provider with url {url} already exists.", "AlreadyExists") from error
        return str(answer["OpenIDConnectProviderArn"])

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change thumbprints, client ids and tags."""
        iam, provider = context.client("iam"), {"OpenIDConnectProviderArn": physical_id}
        if before.get("ThumbprintList") != after.get("ThumbprintList"):
            thumbprints = after.get("ThumbprintList") or [_NO_THUMBPRINT]
            iam.update_open_id_connect_provider_thumbprint(**provider, ThumbprintList=thumbprints)
        old, new = before.get("ClientIdList") or [], after.get("ClientIdList") or []
        for client_id in [client_id for client_id in new if client_id not in old]:
            iam.add_client_id_to_open_id_connect_provider(**provider, ClientID=client_id)
        for client_id in [client_id for client_id in old if client_id not in new]:
            iam.remove_client_id_from_open_id_connect_provider(**provider, ClientID=client_id)
        apply_tags(
            before,
            after,
            put=lambda tags: iam.tag_open_id_connect_provider(**provider, Tags=list_tags(tags)),
            remove=lambda keys: iam.untag_open_id_connect_provider(**provider, TagKeys=keys),
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetOpenIDConnectProvider's answer."""
        try:
            answer: dict[str, Any] = context.client("iam").get_open_id_connect_provider(
                OpenIDConnectProviderArn=physical_id
            )
        except ClientError as error:
            # Moto lacks the prefix in `NoSuchEntity` here and says NotFound.
            raise ResourceFailure(f"Provider {physical_id} does not exist", "NotFound") from error
        return answer

    def describe_attributes(self, _: Context, physical_id: str, __: Mapping[str, Any]) -> Properties:
        """Give the ARN."""
        return {"Arn": physical_id}

    def observe(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties | None:
        """Give client ids, thumbprints and tags; the address comes back without its scheme."""
        return {
            "ClientIdList": live.get("ClientIDList"),
            "ThumbprintList": live.get("ThumbprintList"),
            "Tags": live.get("Tags"),
        }

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the provider."""
        self.read(context, physical_id)
        context.client("iam").delete_open_id_connect_provider(OpenIDConnectProviderArn=physical_id)
