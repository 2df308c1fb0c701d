"""Every resource type the local lake provides, by name; its module is imported when first asked for."""

from __future__ import annotations

import functools
import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local_lake.providers.contract import Provider

_CLASSES = {
    "AWS::S3::Bucket": "s3_bucket.Bucket",
    "AWS::S3::BucketPolicy": "s3_bucket_policy.BucketPolicy",
    "AWS::IAM::Role": "iam_role.Role",
    "AWS::IAM::Policy": "iam_policy.InlinePolicy",
    "AWS::IAM::ManagedPolicy": "iam_policy.ManagedPolicy",
    "AWS::IAM::InstanceProfile": "iam_instance_profile.InstanceProfile",
    "AWS::IAM::ServiceLinkedRole": "iam_role.ServiceLinkedRole",
    "AWS::Glue::Database": "glue_catalog.Database",
    "AWS::Glue::Table": "glue_catalog.Table",
    "AWS::Glue::Crawler": "glue_crawler.Crawler",
    "AWS::LakeFormation::DataLakeSettings": "lake_formation.DataLakeSettings",
    "AWS::LakeFormation::Resource": "lake_formation.RegisteredLocation",
    "AWS::LakeFormation::PrincipalPermissions": "lake_formation_permissions.PrincipalPermissions",
    "AWS::EMR::Cluster": "emr_cluster.Cluster",
    "AWS::EC2::VPC": "ec2_network.Vpc",
    "AWS::EC2::Subnet": "ec2_network.Subnet",
    "AWS::EC2::RouteTable": "ec2_routes.RouteTable",
    "AWS::EC2::SubnetRouteTableAssociation": "ec2_routes.SubnetRouteTableAssociation",
    "AWS::EC2::SecurityGroup": "ec2_security_group.SecurityGroup",
    "AWS::EC2::SecurityGroupIngress": "ec2_security_group.SecurityGroupIngress",
    "AWS::EC2::SecurityGroupEgress": "ec2_security_group.SecurityGroupEgress",
    "AWS::EC2::VPCEndpoint": "ec2_endpoint.VpcEndpoint",
    "AWS::SNS::Topic": "sns.Topic",
    "AWS::SNS::TopicPolicy": "sns.TopicPolicy",
    "AWS::SNS::Subscription": "sns.Subscription",
    "AWS::Budgets::Budget": "budgets.Budget",
    "AWS::CloudWatch::Alarm": "cloudwatch.Alarm",
    "AWS::CloudWatch::Dashboard": "cloudwatch.Dashboard",
    "AWS::CloudTrail::Trail": "cloudtrail.Trail",
    "AWS::Logs::LogGroup": "logs.LogGroup",
    "AWS::Logs::MetricFilter": "logs.MetricFilter",
    "AWS::Athena::WorkGroup": "athena.WorkGroup",
    "AWS::KMS::Key": "kms.Key",
    "AWS::KMS::Alias": "kms.Alias",
    "AWS::SSM::Parameter": "ssm.Parameter",
    "AWS::Glue::Job": "glue_job.Job",
    "AWS::Glue::Trigger": "glue_job.Trigger",
    "AWS::Glue::Partition": "glue_partition.Partition",
    "AWS::Glue::SecurityConfiguration": "glue_partition.SecurityConfiguration",
    "AWS::IAM::OIDCProvider": "iam_oidc_provider.OidcProvider",
    "AWS::LakeFormation::Permissions": "lake_formation_grants.Permissions",
    "AWS::LakeFormation::Tag": "lake_formation_grants.Tag",
    "AWS::EMR::SecurityConfiguration": "emr_settings.SecurityConfiguration",
    "AWS::EMRServerless::Application": "emr_settings.ServerlessApplication",
    "AWS::Athena::NamedQuery": "athena.NamedQuery",
    "AWS::CE::AnomalyMonitor": "cost_anomalies.AnomalyMonitor",
    "AWS::CE::AnomalySubscription": "cost_anomalies.AnomalySubscription",
    "AWS::CloudFormation::Stack": "nested_stack.NestedStack",
    "AWS::CloudFormation::WaitConditionHandle": "wait_condition.WaitConditionHandle",
}

TYPES = frozenset(_CLASSES)
"""The names of all resource types there are."""


@functools.cache
def find_provider(type_name: str) -> Provider:
    """Return the provider of a resource type in TYPES."""
    module_name, class_name = _CLASSES[type_name].split(".")
    module = importlib.import_module(f"local_lake.providers.{module_name}")
    provider: Provider = getattr(module, class_name)()
    return provider
