"""Cases of the resource types for the network of a cluster: EC2."""

from __future__ import annotations

from looks import GROUP, SUBNET, TABLE, VPC, Case, pairs, ref, see_association, see_endpoint, see_rule

NETWORK_CASES = (
    Case(
        "AWS::EC2::VPC",
        {"CidrBlock": "10.2.0.0/16", "EnableDnsHostnames": False},
        {"CidrBlock": "10.2.0.0/16", "EnableDnsHostnames": True},
        lambda client, made, _: client("ec2").describe_vpc_attribute(
            VpcId=made, Attribute="enableDnsHostnames"
        )["EnableDnsHostnames"]["Value"],
        False,
        True,
    ),
    Case(
        "AWS::EC2::Subnet",
        {"VpcId": ref("Vpc"), "CidrBlock": "10.1.1.0/24", "MapPublicIpOnLaunch": False},
        {"VpcId": ref("Vpc"), "CidrBlock": "10.1.1.0/24", "MapPublicIpOnLaunch": "true"},
        lambda client, made, _: client("ec2").describe_subnets(SubnetIds=[made])["Subnets"][0][
            "MapPublicIpOnLaunch"
        ],
        False,
        True,
        {"Vpc": VPC},
    ),
    Case(
        "AWS::EC2::RouteTable",
        {"VpcId": ref("Vpc"), "Tags": [{"Key": "own", "Value": "a"}]},
        {"VpcId": ref("Vpc")},
        lambda client, made, _: pairs(
            client("ec2").describe_route_tables(RouteTableIds=[made])["RouteTables"][0]["Tags"]
        ),
        {"own": "a", "t": "1"},
        {"t": "2"},
        {"Vpc": VPC},
    ),
    Case(
        "AWS::EC2::SubnetRouteTableAssociation",
        {"SubnetId": ref("Subnet"), "RouteTableId": ref("Table")},
        None,
        see_association,
        "associated",
        support={"Vpc": VPC, "Subnet": SUBNET, "Table": TABLE},
    ),
    Case(
        "AWS::EC2::SecurityGroup",
        {
            "GroupDescription": "g",
            "VpcId": ref("Vpc"),
            "SecurityGroupIngress": [
                {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8"}
            ],
        },
        {
            "GroupDescription": "g",
            "VpcId": ref("Vpc"),
            "SecurityGroupIngress": [
                {"IpProtocol": "tcp", "FromPort": "80", "ToPort": "80", "CidrIp": "10.0.0.0/8"}
            ],
        },
        lambda client, made, _: [
            rule["FromPort"]
            for rule in client("ec2").describe_security_groups(GroupIds=[made])["SecurityGroups"][0][
                "IpPermissions"
            ]
        ],
        [22],
        [80],
        {"Vpc": VPC},
    ),
    Case(
        "AWS::EC2::SecurityGroupIngress",
        {
            "GroupId": ref("Group"),
            "IpProtocol": "tcp",
            "FromPort": 1,
            "ToPort": 2,
            "SourceSecurityGroupId": ref("Group"),
        },
        None,
        see_rule("ingress"),
        1,
        support={"Vpc": VPC, "Group": GROUP},
    ),
    Case(
        "AWS::EC2::SecurityGroupEgress",
        {
            "GroupId": ref("Group"),
            "IpProtocol": "tcp",
            "FromPort": 3,
            "ToPort": 4,
            "CidrIp": "10.0.0.0/8",
        },
        None,
        see_rule("egress"),
        3,
        support={"Vpc": VPC, "Group": GROUP},
    ),
    Case(
        "AWS::EC2::VPCEndpoint",
        {"VpcId": ref("Vpc"), "ServiceName": "com.amazonaws.ap-northeast-1.s3", "RouteTableIds": []},
        {
            "VpcId": ref("Vpc"),
            "ServiceName": "com.amazonaws.ap-northeast-1.s3",
            "RouteTableIds": [ref("Table")],
        },
        see_endpoint,
        ("com.amazonaws.ap-northeast-1.s3", 0),
        ("com.amazonaws.ap-northeast-1.s3", 1),
        {"Vpc": VPC, "Table": TABLE},
    ),
)
