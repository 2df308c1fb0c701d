"""Which calls a rule hits, how often, and how rules are added, listed and removed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, resources, topic

if TYPE_CHECKING:
    from fault_driver import FaultDriver


def is_hit(faults: FaultDriver, service: str, operation: str, **arguments: object) -> bool:
    """Whether a call fails by throttling; its other errors do not matter here."""
    try:
        getattr(faults.client(service), operation)(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"] in ("ThrottlingException", "Throttling", "SlowDown")
    return False


def test_a_rule_with_a_count_hits_exactly_so_often(faults: FaultDriver) -> None:
    number = faults.add(service="glue", operation="StartCrawler", kind="throttling", count=3)
    told = [is_hit(faults, "glue", "start_crawler", Name="raw") for _ in range(5)]
    assert told == [True, True, True, False, False]
    assert faults.hits(number) == (3, 3)


def test_a_rate_hits_the_same_calls_for_the_same_seed(faults: FaultDriver) -> None:
    def told(seed: int) -> list[bool]:
        number = faults.add(service="sts", kind="throttling", rate=0.4, seed=seed)
        hits = [is_hit(faults, "sts", "get_caller_identity") for _ in range(40)]
        assert faults.hits(number) == (40, sum(hits))
        faults.ask("DELETE")
        return hits

    first = told(7)
    assert told(7) == first
    assert told(8) != first
    assert 5 < sum(first) < 27


def test_a_count_with_a_rate_counts_hits(faults: FaultDriver) -> None:
    faults.add(service="sts", kind="throttling", rate=0.5, seed=1, count=2)
    assert sum(is_hit(faults, "sts", "get_caller_identity") for _ in range(20)) == 2


def test_a_glob_chooses_operations_and_a_star_all_services(faults: FaultDriver) -> None:
    faults.add(service="glue", operation="Get*", kind="throttling")
    assert is_hit(faults, "glue", "get_databases")
    assert not is_hit(faults, "glue", "start_crawler", Name="raw")
    assert not is_hit(faults, "sts", "get_caller_identity")
    faults.ask("DELETE")
    faults.add(service="*", kind="throttling")
    assert is_hit(faults, "sts", "get_caller_identity")
    assert is_hit(faults, "emr", "list_clusters")


@pytest.mark.parametrize(
    ("service", "resource", "hit", "missed"),
    [
        (
            "s3",
            "raw/landing",
            ("get_object", {"Bucket": "x-raw", "Key": "landing/a"}),
            ("get_object", {"Bucket": "x-raw", "Key": "a/landing"}),
        ),
        (
            "glue",
            "clean",
            ("start_crawler", {"Name": "dl-clean-crawler"}),
            ("start_crawler", {"Name": "raw"}),
        ),
        ("glue", "raw", ("start_crawler", {"Name": "raw"}), ("get_databases", {})),
        (
            "glue",
            "db/orders",
            ("get_table", {"DatabaseName": "db", "Name": "orders"}),
            ("get_table", {"DatabaseName": "db", "Name": "items"}),
        ),
        (
            "glue",
            "new",
            ("create_database", {"DatabaseInput": {"Name": "new"}}),
            ("create_database", {"DatabaseInput": {"Name": "old", "Description": "new"}}),
        ),
        (
            "s3",
            "*/landing/*.csv",
            ("get_object", {"Bucket": "raw", "Key": "landing/a/b.csv"}),
            ("get_object", {"Bucket": "raw", "Key": "landing/a/b.txt"}),
        ),
        (
            "cloudformation",
            "storage",
            ("describe_stacks", {"StackName": "dl-storage-dev"}),
            ("create_stack", {"StackName": "roles", "TemplateBody": '{"Resources": "storage"}'}),
        ),
        (
            "iam",
            "glue",
            ("get_role", {"RoleName": "glue-role"}),
            ("get_role", {"RoleName": "emr-role"}),
        ),
        (
            "cloudformation",
            "deployer",
            ("delete_stack", {"StackName": "deployer"}),
            ("delete_stack", {"StackName": "x", "RoleARN": "arn:aws:iam::123456789012:role/deployer"}),
        ),
        (
            "emr",
            "j-2",
            ("terminate_job_flows", {"JobFlowIds": ["j-1", "j-2"]}),
            ("terminate_job_flows", {"JobFlowIds": ["j-1"]}),
        ),
    ],
)
def test_a_resource_chooses_calls_by_names_and_ids(
    faults: FaultDriver,
    service: str,
    resource: str,
    hit: tuple[str, dict[str, Any]],
    missed: tuple[str, dict[str, Any]],
) -> None:
    faults.add(service=service, resource=resource, kind="throttling")
    assert is_hit(faults, service, hit[0], **hit[1])
    assert not is_hit(faults, service, missed[0], **missed[1])


def test_the_first_rule_that_hits_decides_and_the_others_are_not_counted(faults: FaultDriver) -> None:
    first = faults.add(service="sts", kind="throttling", count=1)
    second = faults.add(service="*", kind="expired-token")
    assert is_hit(faults, "sts", "get_caller_identity")
    assert not is_hit(faults, "sts", "get_caller_identity")
    assert (faults.hits(first), faults.hits(second)) == ((1, 1), (1, 1))


def test_delay_answers_late_and_rightly(faults: FaultDriver) -> None:
    faults.add(service="sts", kind="delay", delay=150, count=1)
    begun = time.monotonic()
    assert faults.client("sts").get_caller_identity()["Account"] == "123456789012"
    # Sooner would be no delay; how much later it comes is the machine's affair.
    assert time.monotonic() - begun >= 0.15


def test_the_lakes_own_calls_are_spared_unless_the_rule_says_internal(
    faults: FaultDriver, unique: str
) -> None:
    stacks = StackDriver(faults.client("cloudformation"))
    database = {"CatalogId": "123456789012", "DatabaseInput": {"Name": unique}}
    template = resources(Data={"Type": "AWS::Glue::Database", "Properties": database})

    faults.add(service="glue", operation="CreateDatabase", kind="access-denied")
    assert stacks.create(unique, template)["StackStatus"] == "CREATE_COMPLETE"
    stacks.delete(unique)
    number = faults.add(service="glue", operation="CreateDatabase", kind="access-denied", internal=True)
    assert stacks.create(unique, template)["StackStatus"] == "ROLLBACK_COMPLETE"
    reasons = [reason for _, status, reason in stacks.events(unique) if status == "CREATE_FAILED"]
    assert "is not authorized to perform: glue:CreateDatabase on resource: " in reasons[0]
    assert faults.hits(number) == (1, 1)


@pytest.mark.parametrize("kind", ["reset", "lost-answer", "truncated", "internal-error"])
def test_a_stack_ends_whatever_befalls_its_calls(faults: FaultDriver, unique: str, kind: str) -> None:
    stacks = StackDriver(faults.client("cloudformation"))
    faults.add(service="sns", operation="CreateTopic", kind=kind, internal=True)
    assert stacks.create(unique, resources(Alerts=topic(unique)))["StackStatus"] == "ROLLBACK_COMPLETE"


def test_rules_are_listed_and_removed(faults: FaultDriver) -> None:
    first = faults.add(service="elasticmapreduce", kind="reset")
    second = faults.add(service="s3", operation="Put*", resource="raw", kind="throttling", count=2, delay=5)
    status, answer = faults.ask("GET")
    assert status == 200
    usual = {"operation": "*", "resource": None, "count": None, "rate": 1.0, "seed": 0, "delay": 0}
    rest = {"internal": False, "matched": 0, "hits": 0}
    assert answer["faults"] == [
        {"id": first, "service": "emr", "kind": "reset", **usual, **rest},
        {
            "id": second,
            "service": "s3",
            "kind": "throttling",
            **usual,
            "operation": "Put*",
            "resource": "raw",
            "count": 2,
            "delay": 5,
            **rest,
        },
    ]
    assert faults.ask("DELETE", f"/_local-lake/faults?id={first}")[1]["faults"][0]["id"] == first
    assert [rule["id"] for rule in faults.ask("GET")[1]["faults"]] == [second]
    assert faults.ask("DELETE", "/_local-lake/faults?id=0") == (404, {"error": "there is no rule 0"})
    assert faults.ask("DELETE", "/_local-lake/faults?id=x")[0] == 400
    assert faults.ask("PUT")[0] == 405
    assert [rule["id"] for rule in faults.ask("DELETE")[1]["faults"]] == [second]
    assert faults.ask("GET") == (200, {"faults": []})


def bad(**changes: object) -> dict[str, object]:
    return {"service": "glue", "kind": "reset", **changes}


@pytest.mark.parametrize(
    ("rule", "number", "field", "message"),
    [
        ({"kind": "reset"}, 0, None, "service is missing: the name of a service, such as glue, or *"),
        (bad(kind="slow"), 0, "kind", "kind is 'slow', but must be one of throttling, internal-error,"),
        (bad(service="glu"), 0, "service", "there is no service 'glu'; the names are those of the AWS CLI"),
        (
            bad(operation="StartCrawlr"),
            0,
            "operation",
            "glue has no operation 'StartCrawlr'; did you mean StartCrawler?",
        ),
        (bad(resource=""), 0, "resource", "resource is '', but must be a part of the resource's name"),
        (bad(count=0), 0, "count", "count is 0, but must be a whole number from 1"),
        (bad(count=True), 0, "count", "count is True, but must be a whole number"),
        (bad(rate=1.5), 0, "rate", "rate is 1.5, but must be a number from 0 to 1"),
        (bad(seed="x"), 0, "seed", "seed is 'x', but must be a whole number"),
        (
            bad(delay=-1),
            0,
            "delay",
            "delay is -1, but must be a whole number of milliseconds from 0 to 600000",
        ),
        (bad(kind="delay"), 0, "kind", "a rule of kind delay needs delay, in milliseconds"),
        (bad(times=3), 0, "times", "times is not a field of a rule; they are service,"),
        (bad(internal=1), 0, "internal", "internal is 1, but must be true or false"),
        ("glue", 0, None, "a rule is an object with service and kind, not 'glue'"),
        ([], 0, None, "there is no rule in the list"),
        ([bad(), bad(kind="x")], 1, "kind", "kind is 'x'"),
    ],
)
def test_a_bad_rule_is_refused_by_name_and_nothing_is_added(
    faults: FaultDriver, rule: object, number: int, field: str | None, message: str
) -> None:
    status, answer = faults.ask("POST", body=rule)
    assert status == 400
    (mistake,) = answer["mistakes"]
    assert (mistake["rule"], mistake["field"]) == (number, field)
    assert mistake["message"].startswith(message)
    assert answer["error"] == mistake["message"]
    assert faults.ask("GET") == (200, {"faults": []})


def test_every_mistake_is_told_at_once(faults: FaultDriver) -> None:
    status, answer = faults.ask("POST", body=[{"service": 1, "rate": 2}, {"kind": "reset", "x": 1}])
    told = [(mistake["rule"], mistake["field"]) for mistake in answer["mistakes"]]
    assert (status, told) == (400, [(0, "service"), (0, None), (0, "rate"), (1, "x"), (1, None)])
    status, answer = faults.ask("POST", body=b"{not json")
    assert status == 400
    assert answer["error"].startswith("the body is not JSON: ")
