"""The analytics tables of a handful of orders, computed by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from ecommerce_analytics import (
    basket_pairs,
    customer_lifetime_value,
    monthly_revenue,
    product_performance,
    select_sales,
    sum_sold_orders,
)

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

AS_OF = date(2024, 4, 30)
# order_id, customer_id, day, status; then order_id, product_id, quantity, line_total.
ORDERS = [
    (1, 1, date(2024, 1, 10), "delivered"),
    (2, 1, date(2024, 1, 20), "paid"),
    (3, 2, date(2024, 1, 31), "shipped"),
    (4, 2, date(2024, 3, 1), "delivered"),
    (5, 2, date(2024, 4, 30), "cancelled"),
    (6, 3, date(2024, 4, 30), "returned"),
    (7, 1, date(2024, 4, 1), "delivered"),
    (8, 4, date(2024, 4, 2), "delivered"),
]
ITEMS = [
    (1, 10, 1, "10.00"),
    (1, 20, 2, "20.01"),
    (2, 10, 1, "10.00"),
    (2, 10, 1, "10.00"),
    (2, 20, 1, "10.00"),
    (3, 30, 1, "0.02"),
    (4, 10, 1, "100.00"),
    (5, 10, 9, "900.00"),
    (6, 10, 4, "40.00"),
    (7, 20, 1, "9.99"),
    (7, 30, 1, "0.01"),
]
SOLD = Decimal("170.03")


@pytest.fixture(scope="module")
def sales(spark: SparkSession) -> DataFrame:
    """The order lines with what their orders say; order 8 has none."""
    revenue = ("paid", "shipped", "delivered")
    orders = spark.createDataFrame(
        [(*order, order[3] in revenue, f"{order[2]:%Y-%m}") for order in ORDERS],
        "order_id bigint, customer_id bigint, order_date date, status string, counts_as_revenue boolean, "
        "order_month string",
    )
    items = spark.createDataFrame(
        [(order, product, quantity, Decimal(total)) for order, product, quantity, total in ITEMS],
        "order_id bigint, product_id bigint, quantity int, line_total decimal(18,2)",
    )
    return select_sales(orders, items).persist()


@pytest.fixture(scope="module")
def sold(sales: DataFrame) -> DataFrame:
    """The orders that count."""
    return sum_sold_orders(sales).persist()


def rows_of(table: DataFrame, key: str) -> dict[Any, dict[str, Any]]:
    """The table's rows by a column that has each value once."""
    rows = [row.asDict() for row in table.collect()]
    assert len({row[key] for row in rows}) == len(rows)
    return {row[key]: row for row in rows}


def test_monthly_revenue(sold: DataFrame) -> None:
    """Cancelled and returned orders bring nothing; a month without sales is a row, growth is against it."""
    months = rows_of(monthly_revenue(sold), "order_month")
    assert {month: str(row["revenue"]) for month, row in months.items()} == {
        "2024-01": "60.03",
        "2024-02": "0.00",
        "2024-03": "100.00",
        "2024-04": "10.00",
    }
    assert sum(row["revenue"] for row in months.values()) == SOLD
    january, april = months["2024-01"], months["2024-04"]
    assert (january["orders"], january["customers"], january["units"]) == (3, 2, 7)
    assert january["average_order_value"] == Decimal("20.01")
    assert months["2024-02"]["average_order_value"] is None
    growth = [months[month]["growth_percent"] for month in sorted(months)]
    assert growth == [None, Decimal("-100.00"), None, Decimal("-90.00")]
    assert april["previous_revenue"] == Decimal("100.00")


def test_customer_lifetime_value(spark: SparkSession, sold: DataFrame) -> None:
    """Every customer has a row; money is theirs to the cent, and recency is counted to as_of."""
    people = [(customer, "JP", date(2024, 1, 1)) for customer in (1, 2, 3, 4)]
    customers = spark.createDataFrame(people, "customer_id bigint, country string, signup_date date")
    rows = rows_of(customer_lifetime_value(customers, sold, AS_OF), "customer_id")
    assert {key: str(row["lifetime_value"]) for key, row in rows.items()} == {
        1: "70.01",
        2: "100.02",
        3: "0.00",
        4: "0.00",
    }
    assert (rows[1]["orders"], rows[1]["units"], rows[1]["recency_days"]) == (3, 8, 29)
    assert rows[1]["average_order_value"] == Decimal("23.34")
    assert rows[2]["last_order_date"] == date(2024, 3, 1)
    assert [rows[1][f"{name}_score"] for name in ("recency", "frequency", "monetary")] == [5, 5, 1]
    assert [rows[2][f"{name}_score"] for name in ("recency", "frequency", "monetary")] == [1, 1, 5]
    assert (rows[1]["segment"], rows[2]["segment"], rows[3]["segment"]) == ("loyal", "lapsed", "no_orders")
    assert rows[3]["recency_score"] is None
    assert {row["as_of"] for row in rows.values()} == {AS_OF}


def test_equal_buyers_score_equally(spark: SparkSession) -> None:
    """Whatever the order of rows: quintiles are of values, not of places."""
    columns = "customer_id bigint, order_date date, units bigint, revenue decimal(18,2)"
    buyers = [(customer, date(2024, 1, 1), 1, Decimal("5.00")) for customer in range(1, 8)]
    customers = spark.createDataFrame(
        [(customer, "JP", date(2024, 1, 1)) for customer in range(1, 8)],
        "customer_id bigint, country string, signup_date date",
    )
    table = customer_lifetime_value(customers, spark.createDataFrame(buyers, columns), AS_OF)
    scores = {
        (row["recency_score"], row["frequency_score"], row["monetary_score"]) for row in table.collect()
    }
    assert len(scores) == 1


def test_product_performance(spark: SparkSession, sales: DataFrame) -> None:
    """Every product has a row; an order counts once however many of its lines name the product."""
    products = spark.createDataFrame(
        [(key, f"product {key}", "kitchen", Decimal("4.50")) for key in (10, 20, 30, 40)],
        "product_id bigint, product_name string, category string, unit_cost decimal(10,2)",
    )
    rows = rows_of(product_performance(products, sales), "product_id")
    assert sum(row["revenue"] for row in rows.values()) == SOLD
    columns = ("orders", "units_sold", "units_returned", "revenue", "gross_profit", "category_rank")
    assert {key: tuple(str(row[column]) for column in columns) for key, row in rows.items()} == {
        10: ("3", "4", "4", "130.00", "112.00", "1"),
        20: ("3", "4", "0", "40.00", "22.00", "2"),
        30: ("2", "2", "0", "0.03", "-8.97", "3"),
        40: ("0", "0", "0", "0.00", "0.00", "4"),
    }


def test_basket_pairs(sold: DataFrame) -> None:
    """Pairs of one order are chance; two lines with the same product are no pair."""
    pairs = [row.asDict() for row in basket_pairs(sold).collect()]
    assert pairs == [
        {
            "product_a": 10,
            "product_b": 20,
            "orders_together": 2,
            "orders_a": 3,
            "orders_b": 3,
            "orders_in_all": 5,
            "support": 0.4,
            "confidence_a_to_b": 0.666667,
            "confidence_b_to_a": 0.666667,
            "lift": 1.111111,
        }
    ]
