"""What the job accepts, what it rejects and why, line by line."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from ecommerce_analytics import COLUMNS, judge

if TYPE_CHECKING:
    from conftest import ToLines

TIME = "2024-05-03 10:00:00"
Judged = dict[str, list[dict[str, Any]]]
# A line of each table, and what becomes of it: None if it is accepted. The first value is never repeated.
CASES: dict[str, list[tuple[str, str | None]]] = {
    "customers": [
        (f"1,José Weiß,Ana@Example.ORG , jp,2024-05-01,{TIME}", None),
        (f"2,,, ,01/05/2024,{TIME}", None),
        (f"3,,no address,Japan,01.05.2024,{TIME}", None),
        (f"4,,,,2024/05/01,{TIME}", None),
        (f"\t5\u00a0,,,,2024-05-01,{TIME}", None),
        (f"6,,,,2024-02-29,{TIME}", None),
        (f"7,,,,2024-02-30,{TIME}", "unreadable_date signup_date"),
        (f"8,,,,2023-02-29,{TIME}", "unreadable_date signup_date"),
        (f"9,,,,05/31/2024,{TIME}", "unreadable_date signup_date"),
        (f"10,,,,2024-05,{TIME}", "unreadable_date signup_date"),
        (f"11,,,,0000-00-00,{TIME}", "unreadable_date signup_date"),
        (f"12,,,,1999-12-31,{TIME}", "date_out_of_range signup_date"),
        (f"13,,,,2024-05-04,{TIME}", None),
        (f"14,,,,2024-05-05,{TIME}", "date_out_of_range signup_date"),
        ("15,,,,2024-05-01,2024-05-03", "unreadable_date updated_at"),
        ("16,,,,2024-05-01,2024-05-03 25:00:00", "unreadable_date updated_at"),
        ("17,,,,2024-05-01,", "missing_value updated_at"),
        (f"18,,,, ,{TIME}", "missing_value signup_date"),
        ("19,,,,2024-05-01", "broken_line "),
        (f"20,,,,2024-05-01,{TIME},", "broken_line "),
        (f"21,Jos\ufffd,,,2024-05-01,{TIME}", "bad_encoding "),
        (f"22x,,,,2024-05-01,{TIME}", "unreadable_number customer_id"),
        (f"-23,,,,2024-05-01,{TIME}", "unreadable_number customer_id"),
        (f"9999999999999999999,,,,2024-05-01,{TIME}", "unreadable_number customer_id"),
        (f",,,,2024-05-01,{TIME}", "missing_value customer_id"),
    ],
    "products": [
        (f"1,Pan,Kitchen,12,0,{TIME}", None),
        (f"2,Pan,kitchen,12.5,6.25,{TIME}", None),
        (f"3,Pan,kitchen,12.505,6.25,{TIME}", "unreadable_number unit_price"),
        (f"4,Pan,kitchen,1e3,6.25,{TIME}", "unreadable_number unit_price"),
        (f"5,Pan,kitchen,0.00,6.25,{TIME}", "not_positive unit_price"),
        (f"6,Pan,kitchen,12.50,-6.25,{TIME}", "negative unit_cost"),
        (f"7,Pan,kitchen,12.50,,{TIME}", "missing_value unit_cost"),
    ],
    "orders": [
        (f"1,1,2024-05-01,delivered,card,{TIME}", None),
        (f"2,1,2024-05-01, CANCELED ,,{TIME}", None),
        (f"3,1,2024-05-01,Refunded,Card,{TIME}", None),
        (f"4,1,2024-05-01,lost,card,{TIME}", "unknown_status status"),
        (f"5,999,2024-05-01,paid,card,{TIME}", "unknown_customer customer_id"),
        (f"6,7,2024-05-01,paid,card,{TIME}", "unknown_customer customer_id"),
        (f"7,,2024-05-01,paid,card,{TIME}", "missing_value customer_id"),
        (f"8,1,2052-05-01,paid,card,{TIME}", "date_out_of_range order_date"),
    ],
    "order_items": [
        (f"1,1,1,2,10.50,1.00,{TIME}", None),
        (f"2,1,1,1,10.00,,{TIME}", None),
        (f"3,1,1,1,10.00,10.00,{TIME}", None),
        (f"4,1,1,1,10.00,10.01,{TIME}", "excessive_discount discount"),
        (f"5,1,1,0,10.00,0,{TIME}", "not_positive quantity"),
        (f"6,1,1,-1,10.00,0,{TIME}", "not_positive quantity"),
        (f"7,1,1,1.5,10.00,0,{TIME}", "unreadable_number quantity"),
        (f"8,1,1,1,10.00,none,{TIME}", "unreadable_number discount"),
        (f"9,1,1,1,10.00,-1,{TIME}", "negative discount"),
        (f"10,1,1,1,0,0,{TIME}", "not_positive unit_price"),
        (f"11,999,1,1,10.00,0,{TIME}", "unknown_order order_id"),
        (f"12,8,1,1,10.00,0,{TIME}", "unknown_order order_id"),
        (f"13,1,3,1,10.00,0,{TIME}", "unknown_product product_id"),
        (f"14,999,3,1,10.00,0,{TIME}", "unknown_order order_id"),
    ],
}
# Lines that share a key, and what becomes of each.
VERSIONS: dict[str, list[tuple[str, str | None]]] = {
    "customers": [
        ("101,old,,,2024-05-01,2024-05-03 10:00:00", "superseded "),
        ("101,new,,,2024-05-01,2024-05-03 10:00:01", None),
        ("102,same,,,2024-05-01,2024-05-03 10:00:00", None),
        ("102,same,,,2024-05-01,2024-05-03 10:00:00", "duplicate_row "),
        ("103,tie a,,,2024-05-01,2024-05-03 10:00:00", "superseded "),
        ("103,tie b,,,2024-05-01,2024-05-03 10:00:00", None),
        ("104,good,,,2024-05-01,2024-05-03 10:00:00", None),
        ("104,newer but bad,,,2024-02-30,2024-05-03 11:00:00", "unreadable_date signup_date"),
        ("0105,leading zero,,,2024-05-01,2024-05-03 10:00:00", "superseded "),
        ("105,newer,,,2024-05-01,2024-05-03 11:00:00", None),
        (",".join(COLUMNS["customers"]), "header "),
        (" \ufeff" + ",".join(COLUMNS["customers"]).upper(), "repeated_header "),
    ],
    "orders": [
        ("101,101,2024-05-01,paid,,2024-05-03 10:00:00", None),
        ("101,999,2024-05-01,paid,,2024-05-03 11:00:00", "unknown_customer customer_id"),
    ],
}


@pytest.fixture(scope="module")
def judged(to_lines: ToLines) -> Judged:
    """All lines above in one run of the judge: the rows of each table."""
    lines = {
        table: [line for line, _ in [*cases, *VERSIONS.get(table, [])]] for table, cases in CASES.items()
    }
    return {table: [row.asDict() for row in rows.collect()] for table, rows in judge(to_lines(lines)).items()}


def test_every_line_is_a_row(judged: Judged) -> None:
    """No line gets lost, and none is counted twice."""
    for table, rows in judged.items():
        assert len(rows) == len(CASES[table]) + len(VERSIONS.get(table, []))


@pytest.mark.parametrize(
    ("table", "line", "expected"),
    [
        (table, line, expected)
        for cases in (CASES, VERSIONS)
        for table in cases
        for line, expected in cases[table]
    ],
)
def test_line_is_judged(judged: Judged, table: str, line: str, expected: str | None) -> None:
    """A rejected line keeps its text beside its reason; an accepted one leaves none."""
    reasons = sorted(row["rejection"] for row in judged[table] if row["raw_line"] == line)
    expectations = [*CASES[table], *VERSIONS.get(table, [])]
    assert reasons == sorted(reason for text, reason in expectations if text == line and reason)
    assert expected is None or expected in reasons


def test_accepted_keys(judged: Judged) -> None:
    """The accepted rows are those expected, each key once."""
    for table, columns in COLUMNS.items():
        keys = sorted(row[next(iter(columns))] for row in judged[table] if row["rejection"] is None)
        expectations = [*CASES[table], *VERSIONS.get(table, [])]
        assert keys == sorted(
            int(line.split(",")[0].strip("\t\u00a0")) for line, why in expectations if why is None
        )


def test_values_are_mended(judged: Judged) -> None:
    """Case, spaces, spellings and formats are made one; what is unreadable in an optional column is null."""
    customers = {row["customer_id"]: row for row in judged["customers"] if row["rejection"] is None}
    assert (customers[1]["name"], customers[1]["email"], customers[1]["country"]) == (
        "José Weiß",
        "ana@example.org",
        "JP",
    )
    assert (customers[3]["email"], customers[3]["country"], customers[2]["name"]) == (None, None, None)
    assert {customers[key]["signup_date"] for key in (1, 2, 3, 4, 5)} == {date(2024, 5, 1)}
    assert customers[1]["updated_at"] == datetime(2024, 5, 3, 10)
    assert customers[101]["name"] == "new"
    orders = {row["order_id"]: row for row in judged["orders"] if row["rejection"] is None}
    assert [(orders[key]["status"], orders[key]["counts_as_revenue"]) for key in (1, 2, 3)] == [
        ("delivered", True),
        ("cancelled", False),
        ("returned", False),
    ]
    assert orders[1]["order_month"] == "2024-05"
    assert orders[3]["payment_method"] == "card"
    items = {row["order_item_id"]: row for row in judged["order_items"] if row["rejection"] is None}
    assert [items[key]["line_total"] for key in (1, 2, 3)] == [
        Decimal("20.00"),
        Decimal("10.00"),
        Decimal("0.00"),
    ]
    assert items[2]["discount"] == Decimal("0.00")
    assert items[1]["order_month"] == "2024-05"


def test_rejected_rows_keep_their_key_and_file(judged: Judged) -> None:
    """So that somebody can find them in the export; accepted rows carry no evidence."""
    broken = next(row for row in judged["customers"] if row["rejection"] == "broken_line ")
    assert (broken["key"], broken["source_file"]) == (broken["raw_line"].split(",")[0], "customers.csv")
    for rows in judged.values():
        assert all((row["rejection"] is None) == (row["source_file"] is None) for row in rows)


def test_orders_after_as_of_are_out_of_range(to_lines: ToLines) -> None:
    """With --as-of, the tables are as of that day."""
    lines: dict[str, list[str]] = {table: [] for table in COLUMNS} | {
        "customers": [f"1,,,,2024-05-01,{TIME}"],
        "orders": [f"1,1,2024-05-01,paid,,{TIME}", f"2,1,2024-05-02,paid,,{TIME}"],
    }
    rows = judge(to_lines(lines), date(2024, 5, 1))["orders"].collect()
    assert {row["order_id"]: row["rejection"] for row in rows} == {1: None, 2: "date_out_of_range order_date"}
