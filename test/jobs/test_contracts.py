"""The contracts describe the tables that the job reads and writes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from conftest import ROOT
from ecommerce_analytics import (
    COLUMNS,
    accept,
    basket_pairs,
    customer_lifetime_value,
    find_rejection,
    judge,
    list_judgements,
    monthly_revenue,
    product_performance,
    select_sales,
    sum_sold_orders,
)

if TYPE_CHECKING:
    from conftest import ToLines
    from pyspark.sql import DataFrame

DAY = date(2024, 5, 1)


@pytest.fixture(scope="module")
def tables(to_lines: ToLines) -> dict[str, DataFrame]:
    """The job's tables by zone and name, planned and not computed: only their columns are looked at."""
    judged = judge(to_lines({table: [] for table in COLUMNS}))
    clean = {table: accept(rows) for table, rows in judged.items()}
    sales = select_sales(clean["orders"], clean["order_items"])
    sold = sum_sold_orders(sales)
    analytics = {
        "customer_lifetime_value": customer_lifetime_value(clean["customers"], sold, DAY),
        "product_performance": product_performance(clean["products"], sales),
        "monthly_revenue": monthly_revenue(sold),
        "basket_pairs": basket_pairs(sold),
    }
    quarantine = list_judgements(judged).drop("order_date").selectExpr("*", "DATE'2024-05-01' AS as_of")
    return {
        **{f"clean/{name}": rows for name, rows in {**clean, "quarantine": quarantine}.items()},
        **{f"analytics/{name}": rows for name, rows in analytics.items()},
    }


def read_table(name: str) -> dict[str, Any]:
    """The one table of a contract."""
    contract = yaml.safe_load((ROOT / "contracts" / f"{name}.yaml").read_text())
    [table] = contract["schema"]
    assert isinstance(table, dict)
    return table


def test_every_table_has_a_contract(tables: dict[str, DataFrame]) -> None:
    """And every contract its table."""
    files = (ROOT / "contracts").glob("*/*.yaml")
    names = {f"{path.parent.name}/{path.stem}" for path in files}
    assert names == {*tables, *(f"raw/{table}" for table in COLUMNS)}
    assert all(read_table(name)["name"] == name.split("/")[1] for name in names)


def test_columns_and_types(tables: dict[str, DataFrame]) -> None:
    """The same columns in the same order, of the types that Spark writes."""
    for name, rows in tables.items():
        promised = [(column["name"], column["physicalType"]) for column in read_table(name)["properties"]]
        assert promised == rows.dtypes, name


@pytest.mark.parametrize("table", COLUMNS)
def test_raw_columns(table: str) -> None:
    """The columns of the export's header."""
    assert [column["name"] for column in read_table(f"raw/{table}")["properties"]] == list(COLUMNS[table])


def test_reasons() -> None:
    """The contract of the quarantine lists the reasons that the job gives."""
    [reason] = [
        column for column in read_table("clean/quarantine")["properties"] if column["name"] == "reason"
    ]
    listed = set(reason["quality"][0]["arguments"]["validValues"])
    by_rule = {text.split(" ")[0] for table in COLUMNS for text in find_rejection(table).split("THEN '")[1:]}
    others = {"unknown_customer", "unknown_order", "unknown_product"}
    assert listed == by_rule - {"header"} | others | {"repeated_header", "duplicate_row", "superseded"}
