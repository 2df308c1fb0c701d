"""Cases of the resource types for where data lies and what works on it: S3, Glue, Athena and EMR."""

from __future__ import annotations

import json

from looks import (
    BUCKET,
    DATABASE,
    EMR_SUPPORT,
    Case,
    att,
    bucket_properties,
    policy,
    ref,
    role,
    see_bucket,
    see_cluster,
)


def _cluster(*, tag: str, idle: int) -> dict[str, object]:
    group = {"InstanceCount": 1, "InstanceType": "m5.xlarge"}
    return {
        "Name": "NAME-cluster",
        "ReleaseLabel": "emr-7.1.0",
        "Applications": [{"Name": "Spark"}],
        "ServiceRole": ref("ServiceRole"),
        "JobFlowRole": ref("Profile"),
        "LogUri": "s3://NAME-logs/emr",
        "AutoTerminationPolicy": {"IdleTimeout": idle},
        "Instances": {
            "Ec2SubnetId": ref("Subnet"),
            "MasterInstanceGroup": group,
            "CoreInstanceGroup": {**group, "InstanceCount": 2},
        },
        "Tags": [{"Key": "own", "Value": tag}],
    }


def _crawler(path: str) -> dict[str, object]:
    return {
        "Name": "NAME-crawler",
        "Role": att("Role", "Arn"),
        "DatabaseName": ref("Database"),
        "Targets": {"S3Targets": [{"Path": path}]},
        "Tags": {"own": path},
    }


def _work_group(limit: int) -> dict[str, object]:
    return {
        "Name": "NAME-group",
        "Description": f"at most {limit}",
        "WorkGroupConfiguration": {"BytesScannedCutoffPerQuery": limit},
        "RecursiveDeleteOption": True,
    }


DATA_CASES = (
    Case(
        "AWS::S3::Bucket",
        bucket_properties(1, block=True, own_tag="a"),
        bucket_properties(2, block=False, own_tag="b"),
        see_bucket,
        ("Enabled", "AES256", [("r", {"Days": 1}, {"NoncurrentDays": 7})], True, {"own": "a", "t": "1"}),
        ("Enabled", "AES256", [("r", {"Days": 2}, {"NoncurrentDays": 7})], False, {"own": "b", "t": "2"}),
    ),
    Case(
        "AWS::S3::BucketPolicy",
        {"Bucket": ref("Bucket"), "PolicyDocument": policy("s3:GetObject")},
        {"Bucket": ref("Bucket"), "PolicyDocument": policy("s3:PutObject")},
        lambda client, made, _: json.loads(client("s3").get_bucket_policy(Bucket=made)["Policy"])[
            "Statement"
        ][0]["Action"],
        "s3:GetObject",
        "s3:PutObject",
        {"Bucket": BUCKET},
    ),
    Case(
        "AWS::Glue::Database",
        {"CatalogId": ref("AWS::AccountId"), "DatabaseInput": {"Name": "NAME_base", "Description": "one"}},
        {"CatalogId": ref("AWS::AccountId"), "DatabaseInput": {"Name": "NAME_base", "Description": "two"}},
        lambda client, made, _: client("glue").get_database(Name=made)["Database"]["Description"],
        "one",
        "two",
    ),
    Case(
        "AWS::Glue::Table",
        {
            "CatalogId": ref("AWS::AccountId"),
            "DatabaseName": ref("Database"),
            "TableInput": {"Name": "table", "Description": "one"},
        },
        {
            "CatalogId": ref("AWS::AccountId"),
            "DatabaseName": ref("Database"),
            "TableInput": {"Name": "table", "Description": "two"},
        },
        lambda client, _, name: client("glue").get_table(DatabaseName=f"{name}_db", Name="table")["Table"][
            "Description"
        ],
        "one",
        "two",
        {"Database": DATABASE},
    ),
    Case(
        "AWS::Glue::Crawler",
        _crawler("s3://a/"),
        _crawler("s3://b/"),
        lambda client, made, _: (
            client("glue").get_crawler(Name=made)["Crawler"]["Targets"]["S3Targets"][0]["Path"],
            client("glue").get_crawler(Name=made)["Crawler"]["State"],
        ),
        ("s3://a/", "READY"),
        ("s3://b/", "READY"),
        {"Role": role(), "Database": DATABASE},
    ),
    Case(
        "AWS::EMR::Cluster",
        _cluster(tag="a", idle=3600),
        _cluster(tag="b", idle=7200),
        see_cluster,
        ("WAITING", "cluster", {"own": "a", "t": "1"}),
        ("WAITING", "cluster", {"own": "b", "t": "2"}),
        EMR_SUPPORT,
    ),
    Case(
        "AWS::Athena::WorkGroup",
        _work_group(10_000_000),
        _work_group(20_000_000),
        lambda client, made, _: (
            client("athena").get_work_group(WorkGroup=made)["WorkGroup"]["Description"],
            client("athena").get_work_group(WorkGroup=made)["WorkGroup"]["Configuration"][
                "BytesScannedCutoffPerQuery"
            ],
        ),
        ("at most 10000000", 10_000_000),
        ("at most 20000000", 20_000_000),
    ),
)
