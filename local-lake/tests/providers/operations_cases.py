"""Cases of the resource types for watching a lake: SNS, Budgets, CloudWatch, CloudTrail, Logs and SSM."""

from __future__ import annotations

import json

from looks import BUCKET, LOG_GROUP, TOPIC, Case, budget_properties, only, pairs, policy, ref, see_budget


def _alarm(threshold: int) -> dict[str, object]:
    return {
        "AlarmName": "NAME-alarm",
        "Namespace": "n",
        "MetricName": "m",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": "1",
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": threshold,
    }


def _filter(pattern: str) -> dict[str, object]:
    transformation = {"MetricName": "m", "MetricNamespace": "n", "MetricValue": "1", "DefaultValue": 0}
    return {
        "LogGroupName": ref("Group"),
        "FilterPattern": pattern,
        "MetricTransformations": [transformation],
    }


def _trail(*, validation: bool, logging: bool) -> dict[str, object]:
    return {
        "TrailName": "NAME-trail",
        "S3BucketName": ref("Bucket"),
        "EnableLogFileValidation": validation,
        "IsLogging": logging,
    }


OPERATIONS_CASES = (
    Case(
        "AWS::SNS::Topic",
        {"TopicName": "NAME-topic", "DisplayName": "one"},
        {"TopicName": "NAME-topic", "DisplayName": "two"},
        lambda client, made, _: client("sns").get_topic_attributes(TopicArn=made)["Attributes"][
            "DisplayName"
        ],
        "one",
        "two",
    ),
    Case(
        "AWS::SNS::TopicPolicy",
        {"Topics": [ref("Topic")], "PolicyDocument": policy("sns:Publish")},
        {"Topics": [ref("Topic")], "PolicyDocument": policy("sns:Subscribe")},
        lambda client, _, name: json.loads(
            client("sns").get_topic_attributes(
                TopicArn=f"arn:aws:sns:ap-northeast-1:123456789012:{name}-topic"
            )["Attributes"]["Policy"]
        )["Statement"][0]["Action"],
        "sns:Publish",
        "sns:Subscribe",
        {"Topic": {**TOPIC, "Properties": {"TopicName": "NAME-topic"}}},
    ),
    Case(
        "AWS::SNS::Subscription",
        {"TopicArn": ref("Topic"), "Protocol": "email", "Endpoint": "a@example.com"},
        {
            "TopicArn": ref("Topic"),
            "Protocol": "email",
            "Endpoint": "a@example.com",
            "FilterPolicy": {"kind": ["x"]},
        },
        lambda client, made, _: (
            client("sns").get_subscription_attributes(SubscriptionArn=made)["Attributes"].get("FilterPolicy")
        ),
        None,
        '{"kind": ["x"]}',
        {"Topic": TOPIC},
    ),
    Case(
        "AWS::Budgets::Budget",
        budget_properties(10, 80),
        budget_properties(20, 90),
        see_budget,
        (10.0, [80]),
        (20.0, [90]),
    ),
    Case(
        "AWS::CloudWatch::Alarm",
        _alarm(1),
        _alarm(2),
        lambda client, made, _: only(client("cloudwatch").describe_alarms(AlarmNames=[made])["MetricAlarms"])[
            "Threshold"
        ],
        1.0,
        2.0,
    ),
    Case(
        "AWS::CloudWatch::Dashboard",
        {"DashboardBody": '{"widgets": []}', "DashboardName": "NAME-board"},
        {"DashboardBody": '{"widgets": [], "start": "-P1D"}', "DashboardName": "NAME-board"},
        lambda client, made, _: json.loads(
            client("cloudwatch").get_dashboard(DashboardName=made)["DashboardBody"]
        ),
        {"widgets": []},
        {"widgets": [], "start": "-P1D"},
    ),
    Case(
        "AWS::CloudTrail::Trail",
        _trail(validation=False, logging=True),
        _trail(validation=True, logging=False),
        lambda client, made, _: (
            client("cloudtrail").get_trail(Name=made)["Trail"]["LogFileValidationEnabled"],
            client("cloudtrail").get_trail_status(Name=made)["IsLogging"],
        ),
        (False, True),
        (True, False),
        {"Bucket": BUCKET},
    ),
    Case(
        "AWS::Logs::LogGroup",
        {"LogGroupName": "/NAME/group", "RetentionInDays": 7},
        {"LogGroupName": "/NAME/group", "RetentionInDays": 14},
        lambda client, made, _: only(
            client("logs").describe_log_groups(logGroupNamePrefix=made)["logGroups"]
        )["retentionInDays"],
        7,
        14,
    ),
    Case(
        "AWS::Logs::MetricFilter",
        _filter("ERROR"),
        _filter("WARN"),
        lambda client, made, _: only(
            client("logs").describe_metric_filters(filterNamePrefix=made)["metricFilters"]
        )["filterPattern"],
        "ERROR",
        "WARN",
        {"Group": LOG_GROUP},
    ),
    Case(
        "AWS::SSM::Parameter",
        {"Name": "/NAME", "Type": "String", "Value": "one", "Tags": {"own": "a"}},
        {"Name": "/NAME", "Type": "String", "Value": "two", "Tags": {}},
        lambda client, made, _: (
            client("ssm").get_parameter(Name=made)["Parameter"]["Value"],
            client("ssm").get_parameter(Name=made)["Parameter"]["Version"],
            pairs(client("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId=made)["TagList"]),
        ),
        ("one", 1, {"own": "a", "t": "1"}),
        ("two", 2, {"t": "2"}),
    ),
)
