"""AWS::SNS::Topic, AWS::SNS::TopicPolicy and AWS::SNS::Subscription."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local_lake.providers.contract import (
    Context,
    Properties,
    Provider,
    ResourceFailure,
    apply_tags,
    list_tags,
    select,
    update_rules,
    write_json,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOPIC_ATTRIBUTES = ("DisplayName", "KmsMasterKeyId", "SignatureVersion", "TracingConfig")
_SUBSCRIPTION_ATTRIBUTES = (
    "DeliveryPolicy",
    "FilterPolicy",
    "FilterPolicyScope",
    "RawMessageDelivery",
    "RedrivePolicy",
)


class Topic(Provider):
    """A topic; its physical id is its ARN."""

    type_name = "AWS::SNS::Topic"
    updates = update_rules(always="TopicName", never=" ".join((*_TOPIC_ATTRIBUTES, "Subscription", "Tags")))
    attributes = frozenset({"TopicArn", "TopicName"})
    tag_property = "Tags"
    name_property = "TopicName"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the topic; one of that name is a failure, though SNS would give its ARN."""
        sns = context.client("sns")
        name = str(properties.get("TopicName") or context.generate_name(256))
        arn = f"arn:aws:sns:{context.region}:{context.account}:{name}"
        if _topic_exists(sns, arn):
            raise ResourceFailure(f"{name} already exists", "AlreadyExists")
        settings = {key: _text(value) for key, value in select(properties, *_TOPIC_ATTRIBUTES).items()}
        arn = sns.create_topic(Name=name, Attributes=settings, **select(properties, "Tags"))["TopicArn"]
        context.announce(arn)
        for subscription in properties.get("Subscription") or []:
            sns.subscribe(TopicArn=arn, **select(subscription, "Endpoint", "Protocol"))
        return str(arn)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change settings, subscriptions and tags."""
        sns = context.client("sns")
        for name in _TOPIC_ATTRIBUTES:
            if before.get(name) != after.get(name):
                value = _text(after.get(name, ""))
                sns.set_topic_attributes(TopicArn=physical_id, AttributeName=name, AttributeValue=value)
        _exchange_subscriptions(sns, physical_id, before, after)
        apply_tags(
            before,
            after,
            put=lambda tags: sns.tag_resource(ResourceArn=physical_id, Tags=list_tags(tags)),
            remove=lambda keys: sns.untag_resource(ResourceArn=physical_id, TagKeys=keys),
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetTopicAttributes's Attributes."""
        answer = context.client("sns").get_topic_attributes(TopicArn=physical_id)
        attributes: dict[str, Any] = answer["Attributes"]
        return attributes

    def describe_attributes(self, _: Context, physical_id: str, __: Mapping[str, Any]) -> Properties:
        """Give ARN and name."""
        return {"TopicArn": physical_id, "TopicName": physical_id.rpartition(":")[2]}

    def observe(self, context: Context, physical_id: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the settings, subscriptions and tags."""
        sns = context.client("sns")
        subscriptions = sns.list_subscriptions_by_topic(TopicArn=physical_id)["Subscriptions"]
        return {
            "DisplayName": live.get("DisplayName"),
            "KmsMasterKeyId": live.get("KmsMasterKeyId"),
            "Tags": sns.list_tags_for_resource(ResourceArn=physical_id)["Tags"],
            "Subscription": [select(entry, "Endpoint", "Protocol") for entry in subscriptions],
        }

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the topic, and with it its subscriptions."""
        self.read(context, physical_id)
        context.client("sns").delete_topic(TopicArn=physical_id)


def _topic_exists(sns: Any, arn: str) -> bool:  # noqa: ANN401
    try:
        sns.get_topic_attributes(TopicArn=arn)
    except sns.exceptions.NotFoundException:
        return False
    return True


def _exchange_subscriptions(sns: Any, topic: str, before: Properties, after: Properties) -> None:  # noqa: ANN401
    old, new = before.get("Subscription") or [], after.get("Subscription") or []
    for subscription in [entry for entry in new if entry not in old]:
        sns.subscribe(TopicArn=topic, **select(subscription, "Endpoint", "Protocol"))
    gone = [(entry["Protocol"], entry["Endpoint"]) for entry in old if entry not in new]
    for standing in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]:
        if (standing["Protocol"], standing["Endpoint"]) in gone:
            sns.unsubscribe(SubscriptionArn=standing["SubscriptionArn"])


def _text(value: object) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


class TopicPolicy(Provider):
    """The policy of one or more topics; without it a topic has the policy it was made with."""

    type_name = "AWS::SNS::TopicPolicy"
    updates = update_rules(never="PolicyDocument Topics")
    required = ("PolicyDocument", "Topics")
    attributes = frozenset({"Id"})

    def create(self, context: Context, properties: Properties) -> str:
        """Put the policy on the topics."""
        physical_id = context.generate_name(128)
        context.announce(physical_id)
        _set_policy(context, properties["Topics"], write_json(properties["PolicyDocument"]))
        return physical_id

    def update(self, context: Context, _: str, before: Properties, after: Properties) -> None:
        """Put the new policy, and take it off topics that are gone from the list."""
        _set_policy(context, after["Topics"], write_json(after["PolicyDocument"]))
        gone = [topic for topic in before["Topics"] if topic not in after["Topics"]]
        self._reset(context, gone)

    def read(self, _: Context, physical_id: str) -> Mapping[str, Any]:
        """Return the id alone: the policy lives on its topics."""
        return {"Id": physical_id}

    def delete(self, context: Context, _: str, properties: Properties) -> None:
        """Give the topics back the policy that SNS makes a topic with."""
        self._reset(context, properties["Topics"])

    def _reset(self, context: Context, topics: list[str]) -> None:
        for topic in topics:
            try:
                _set_policy(context, [topic], json.dumps(_default_policy(context.account, topic)))
            except ClientError as error:
                if error.response["Error"]["Code"] != "NotFound":
                    raise


def _set_policy(context: Context, topics: list[str], policy: str) -> None:
    for topic in topics:
        context.client("sns").set_topic_attributes(
            TopicArn=topic, AttributeName="Policy", AttributeValue=policy
        )


def _default_policy(account: str, topic: str) -> dict[str, Any]:
    """Write the policy of a new topic: its owner may do everything (SNS access control)."""
    actions = "GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic Subscribe"
    actions += " ListSubscriptionsByTopic Publish"
    return {
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [
            {
                "Sid": "__default_statement_ID",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": [f"SNS:{action}" for action in actions.split()],
                "Resource": topic,
                "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
            }
        ],
    }


class Subscription(Provider):
    """A subscription; its physical id is its ARN."""

    type_name = "AWS::SNS::Subscription"
    updates = update_rules(always="Endpoint Protocol TopicArn", never=" ".join(_SUBSCRIPTION_ATTRIBUTES))
    required = ("Protocol", "TopicArn")
    attributes = frozenset({"Arn"})
    mirrored = "Endpoint Protocol TopicArn"

    def create(self, context: Context, properties: Properties) -> str:
        """Subscribe."""
        settings = {key: _text(value) for key, value in select(properties, *_SUBSCRIPTION_ATTRIBUTES).items()}
        answer = context.client("sns").subscribe(
            **select(properties, "TopicArn", "Protocol", "Endpoint"),
            Attributes=settings,
            ReturnSubscriptionArn=True,
        )
        return str(answer["SubscriptionArn"])

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change the settings."""
        for name in _SUBSCRIPTION_ATTRIBUTES:
            if before.get(name) != after.get(name):
                context.client("sns").set_subscription_attributes(
                    SubscriptionArn=physical_id,
                    AttributeName=name,
                    AttributeValue=_text(after.get(name, "")),
                )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetSubscriptionAttributes's Attributes."""
        answer = context.client("sns").get_subscription_attributes(SubscriptionArn=physical_id)
        return {**answer["Attributes"], "Arn": physical_id}

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Unsubscribe."""
        context.client("sns").unsubscribe(SubscriptionArn=physical_id)
