"""Cases of the resource types for jobs and their settings: Glue, EMR, EMR Serverless, Athena and costs."""

from __future__ import annotations

import json

from looks import DATABASE, Case, att, only, ref, role

_ENCRYPTION = {"S3Encryptions": [{"S3EncryptionMode": "SSE-S3"}]}


def _job(version: str, workers: int) -> dict[str, object]:
    return {
        "Name": "NAME-job",
        "Role": att("Role", "Arn"),
        "Command": {"Name": "glueetl", "ScriptLocation": "s3://code/job.py", "PythonVersion": "3"},
        "GlueVersion": version,
        "NumberOfWorkers": str(workers),
        "WorkerType": "G.1X",
        "Tags": {"own": version},
    }


def _trigger(schedule: str) -> dict[str, object]:
    return {
        "Name": "NAME-trigger",
        "Type": "SCHEDULED",
        "Schedule": schedule,
        "Actions": [{"JobName": "NAME-job"}],
        "StartOnCreation": True,
    }


def _partition(location: str) -> dict[str, object]:
    return {
        "CatalogId": ref("AWS::AccountId"),
        "DatabaseName": ref("Database"),
        "TableName": ref("Table"),
        "PartitionInput": {"Values": ["2024"], "StorageDescriptor": {"Location": location}},
    }


def _application(release: str, minutes: int) -> dict[str, object]:
    return {
        "Name": "NAME-app",
        "Type": "SPARK",
        "ReleaseLabel": release,
        "AutoStopConfiguration": {"Enabled": True, "IdleTimeoutMinutes": minutes},
        "InitialCapacity": [
            {
                "Key": "Driver",
                "Value": {"WorkerCount": 1, "WorkerConfiguration": {"Cpu": "2 vCPU", "Memory": "4 GB"}},
            }
        ],
        "Tags": [{"Key": "own", "Value": release}],
    }


def _subscription(frequency: str, threshold: str) -> dict[str, object]:
    limit = {"Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE", "Values": [threshold]}
    return {
        "SubscriptionName": "NAME-subscription",
        "Frequency": frequency,
        "MonitorArnList": [ref("Monitor")],
        "Subscribers": [{"Type": "EMAIL", "Address": "a@example.com"}],
        "ThresholdExpression": json.dumps({"Dimensions": limit}),
    }


TABLE = {
    "Type": "AWS::Glue::Table",
    "Properties": {
        "CatalogId": ref("AWS::AccountId"),
        "DatabaseName": ref("Database"),
        "TableInput": {"Name": "table", "PartitionKeys": [{"Name": "year", "Type": "string"}]},
    },
}
MONITOR = {
    "Type": "AWS::CE::AnomalyMonitor",
    "Properties": {"MonitorName": "m", "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"},
}

PROCESSING_CASES = (
    Case(
        "AWS::Glue::Job",
        _job("4.0", 2),
        _job("5.0", 3),
        lambda client, made, _: (
            client("glue").get_job(JobName=made)["Job"]["GlueVersion"],
            client("glue").get_job(JobName=made)["Job"]["NumberOfWorkers"],
            client("glue").get_tags(ResourceArn=f"arn:aws:glue:ap-northeast-1:123456789012:job/{made}")[
                "Tags"
            ]["own"],
        ),
        ("4.0", 2, "4.0"),
        ("5.0", 3, "5.0"),
        {"Role": role()},
    ),
    Case(
        "AWS::Glue::Trigger",
        _trigger("cron(0 1 * * ? *)"),
        _trigger("cron(0 2 * * ? *)"),
        lambda client, made, _: (
            client("glue").get_trigger(Name=made)["Trigger"]["Schedule"],
            client("glue").get_trigger(Name=made)["Trigger"]["State"],
        ),
        ("cron(0 1 * * ? *)", "ACTIVATED"),
        ("cron(0 2 * * ? *)", "ACTIVATED"),
    ),
    Case(
        "AWS::Glue::Partition",
        _partition("s3://a/"),
        _partition("s3://b/"),
        lambda client, _, name: client("glue").get_partition(
            DatabaseName=f"{name}_db", TableName="table", PartitionValues=["2024"]
        )["Partition"]["StorageDescriptor"]["Location"],
        "s3://a/",
        "s3://b/",
        {"Database": DATABASE, "Table": TABLE},
    ),
    Case(
        "AWS::Glue::SecurityConfiguration",
        {"Name": "NAME-security", "EncryptionConfiguration": _ENCRYPTION},
        None,
        lambda client, made, _: client("glue").get_security_configuration(Name=made)["SecurityConfiguration"][
            "EncryptionConfiguration"
        ]["S3Encryption"],
        [{"S3EncryptionMode": "SSE-S3"}],
    ),
    Case(
        "AWS::EMR::SecurityConfiguration",
        {"Name": "NAME-security", "SecurityConfiguration": {"EncryptionConfiguration": {}}},
        None,
        lambda client, made, _: json.loads(
            client("emr").describe_security_configuration(Name=made)["SecurityConfiguration"]
        ),
        {"EncryptionConfiguration": {}},
    ),
    Case(
        "AWS::EMRServerless::Application",
        _application("emr-7.1.0", 15),
        _application("emr-7.2.0", 30),
        lambda client, made, _: only(
            [
                (
                    application["releaseLabel"],
                    application["autoStopConfiguration"]["idleTimeoutMinutes"],
                    application["initialCapacity"]["Driver"]["workerConfiguration"]["cpu"],
                    application["tags"]["own"],
                )
                for application in [
                    client("emr-serverless").get_application(applicationId=made)["application"]
                ]
                if application["state"] != "TERMINATED"
            ]
        ),
        ("emr-7.1.0", 15, "2 vCPU", "emr-7.1.0"),
        ("emr-7.2.0", 30, "2 vCPU", "emr-7.2.0"),
    ),
    Case(
        "AWS::Athena::NamedQuery",
        {"Name": "NAME-query", "Database": "d", "QueryString": "SELECT 1"},
        None,
        lambda client, made, _: client("athena").get_named_query(NamedQueryId=made)["NamedQuery"][
            "QueryString"
        ],
        "SELECT 1",
    ),
    Case(
        "AWS::CE::AnomalyMonitor",
        {**MONITOR["Properties"], "MonitorName": "NAME-one"},  # type: ignore[dict-item]
        {**MONITOR["Properties"], "MonitorName": "NAME-two"},  # type: ignore[dict-item]
        lambda client, made, _: (
            client("ce")
            .get_anomaly_monitors(MonitorArnList=[made])["AnomalyMonitors"][0]["MonitorName"]
            .rpartition("-")[2]
        ),
        "one",
        "two",
    ),
    Case(
        "AWS::CE::AnomalySubscription",
        _subscription("DAILY", "100"),
        _subscription("WEEKLY", "200"),
        lambda client, made, _: [
            (found["Frequency"], only(found["ThresholdExpression"]["Dimensions"]["Values"]))
            for found in client("ce").get_anomaly_subscriptions(SubscriptionArnList=[made])[
                "AnomalySubscriptions"
            ]
        ],
        [("DAILY", "100")],
        [("WEEKLY", "200")],
        {"Monitor": MONITOR},
    ),
)
