"""Cleans the e-commerce export and computes its analytics tables: raw CSV in, Parquet out.

    spark-submit jobs/ecommerce_analytics.py --raw s3://RAW/ --clean s3://CLEAN/ --analytics s3://ANALYTICS/

Reads `<raw>/<source>/<table>/` for customers, products, orders and order_items. Writes the clean tables and
the rejected rows (`quarantine`) below `<clean>/ecommerce/`, and four tables below `<analytics>/ecommerce/`.
Every table is overwritten whole: a second run on the same data gives the same rows. See docs/data.md.

Runs unchanged on Spark 3.5 (EMR 7) and Spark 4, and parses on Python 3.9. Text is cast by pattern and
try_cast, so ANSI mode, the default of Spark 4, changes nothing. Prints the run's counts as one line of JSON.
Exit codes: 0 done, 1 error, 2 a table has more rejected rows than `--max-rejected` allows.
"""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import reduce
from typing import Any

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as fn

# How each column's text is read (a key of READERS), `!` where it must be there; the first column is the key.
LAYOUTS = {
    "customers": "customer_id:id! name:text email:email country:country signup_date:date! updated_at:time!",
    "products": "product_id:id! product_name:text! category:lower! unit_price:money! unit_cost:money! "
    "updated_at:time!",
    "orders": "order_id:id! customer_id:id! order_date:date! status:status! payment_method:lower "
    "updated_at:time!",
    "order_items": "order_item_id:id! order_id:id! product_id:id! quantity:count! unit_price:money! "
    "discount:amount updated_at:time!",
}
COLUMNS = {table: dict(pair.split(":") for pair in layout.split()) for table, layout in LAYOUTS.items()}
ISO_DAY, EUROPEAN_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "([0-9]{2})-([0-9]{2})-([0-9]{4})"
MONEY = "CASE WHEN ~ RLIKE '^-?[0-9]{1,8}([.][0-9]{1,2})?$' THEN try_cast(~ AS DECIMAL(10,2)) END"
# SQL from a column's trimmed text, `~`, to its value: null where it cannot be read.
READERS = {
    "text": "~",
    "lower": "lower(~)",
    "status": "replace(replace(lower(~), 'canceled', 'cancelled'), 'refunded', 'returned')",
    "email": "CASE WHEN ~ RLIKE '^[^@ ]+@[^@ ]+[.][^@ ]+$' THEN lower(~) END",
    "country": "CASE WHEN ~ RLIKE '^[A-Za-z]{2}$' THEN upper(~) END",
    "id": "CASE WHEN ~ RLIKE '^[0-9]{1,18}$' THEN try_cast(~ AS BIGINT) END",
    "count": "CASE WHEN ~ RLIKE '^-?[0-9]{1,6}$' THEN try_cast(~ AS INT) END",
    "money": MONEY,
    "amount": f"CASE WHEN ~ IS NULL THEN CAST(0 AS DECIMAL(10,2)) ELSE {MONEY} END",
    "date": f"CASE WHEN translate(~, '/.', '--') RLIKE '^({ISO_DAY}|{EUROPEAN_DAY})$' THEN try_cast("
    f"regexp_replace(translate(~, '/.', '--'), '^{EUROPEAN_DAY}$', '$3-$2-$1') AS DATE) END",
    "time": f"CASE WHEN ~ RLIKE '^{ISO_DAY}[ T][0-9:]{{8}}$' THEN try_cast(~ AS TIMESTAMP) END",
}
NUMBERS, DATES = ("id", "count", "money", "amount"), ("date", "time")
STATUSES = ("pending", "paid", "shipped", "delivered", "cancelled", "returned")
REVENUE_STATUSES = ("paid", "shipped", "delivered")
# What a row must not be, beyond what its layout says: reason, column at fault, condition.
RULES = {
    "products": [
        ("not_positive", "unit_price", "unit_price <= 0"),
        ("negative", "unit_cost", "unit_cost < 0"),
    ],
    "orders": [("unknown_status", "status", f"status NOT IN {STATUSES}")],
    "order_items": [
        *[("not_positive", name, f"{name} <= 0") for name in ("quantity", "unit_price")],
        ("negative", "discount", "discount < 0"),
        ("excessive_discount", "discount", "discount > quantity * unit_price"),
    ],
}
# Columns of the clean tables that the export does not have. The month is the partition, so it comes last.
REVENUE, MONTH = f"status IN {REVENUE_STATUSES} AS counts_as_revenue", "date_format(order_date, 'yyyy-MM')"
LINE_TOTAL = "CAST(quantity * unit_price - discount AS DECIMAL(18,2)) AS line_total"
DERIVED = {"orders": [REVENUE, f"{MONTH} AS order_month"], "order_items": [LINE_TOTAL, "order_month"]}


class JobError(Exception):
    """The run cannot or must not go on: the message says why and what to do next."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def read_lines(spark: SparkSession, path: str) -> DataFrame:
    """Every physical line below the path, as LazySimpleSerDe counts them: value, source_file."""
    try:
        lines = spark.read.option("recursiveFileLookup", "true").text(path)
        is_empty = not lines.inputFiles()
    except AnalysisException as error:
        is_empty = "PATH_NOT_FOUND" in str(error)
        if not is_empty:
            raise
    if is_empty:
        raise JobError(
            f"landing is empty: no file in {path}. Upload the export there, then run the job again."
        )
    return lines.selectExpr("value", "_metadata.file_path AS source_file")


def parse(lines: DataFrame, table: str) -> DataFrame:
    """Reads lines into typed columns, their text as `<column>_text`, width, is_header, raw_line, source_file.

    Spark keeps the bytes of a text file as they are. A regular expression decodes them as Java does, with
    U+FFFD for what is not UTF-8; replacing that by itself writes it down, for Parquet must hold valid text.
    """
    columns = COLUMNS[table]
    trimmed = "trim(BOTH ' \t\u00a0\ufeff' FROM {})".format
    texts = [f"nullif({trimmed(f'get(fields, {n})')}, '') AS {name}_text" for n, name in enumerate(columns)]
    readers = {name: READERS[kind.rstrip("!")].replace("~", f"{name}_text") for name, kind in columns.items()}
    is_header = f"lower({trimmed('raw_line')}) = '{','.join(columns)}' AS is_header"
    return (
        lines.selectExpr("regexp_replace(value, '\ufffd', '\ufffd') AS raw_line", "source_file")
        .selectExpr("*", "split(raw_line, ',', -1) AS fields")
        .selectExpr("raw_line", "source_file", "size(fields) AS width", is_header, *texts)
        .selectExpr("*", *[f"{reader} AS {name}" for name, reader in readers.items()])
    )


def find_rejection(table: str, as_of: date | None = None) -> str:
    """SQL for the first rule a row breaks, as `<reason> <column>`; else null; headers are `header `.

    With `as_of`, orders placed after it are out of range. Other days may be one later than the row's update,
    because shops write local days and UTC times.
    """
    kinds = {name: kind.rstrip("!") for name, kind in COLUMNS[table].items()}
    required = [name for name, kind in COLUMNS[table].items() if kind.endswith("!")]
    numbers = [name for name, kind in kinds.items() if kind in NUMBERS]
    dates = [name for name, kind in kinds.items() if kind in DATES]
    unreadable = "{0}_text IS NOT NULL AND {0} IS NULL"
    out_of_range = "{0} < DATE'2000-01-01' OR to_date({0}) > date_add(to_date(updated_at), 1)"
    checks = [
        ("header", "", "is_header"),
        ("broken_line", "", f"width <> {len(kinds)}"),
        ("bad_encoding", "", "contains(raw_line, '\ufffd')"),
        *[("missing_value", name, f"{name}_text IS NULL") for name in required],
        *[("unreadable_number", name, unreadable.format(name)) for name in numbers],
        *[("unreadable_date", name, unreadable.format(name)) for name in dates],
        *[("date_out_of_range", name, out_of_range.format(name)) for name in dates],
        *RULES.get(table, []),
    ]
    if as_of and table == "orders":
        checks.append(("date_out_of_range", "order_date", f"order_date > DATE'{as_of}'"))
    cases = [f"WHEN {condition} THEN '{reason} {name}'" for reason, name, condition in checks]
    return f"CASE {' '.join(cases)} END"


def require_known(rows: DataFrame, known: DataFrame, key: str, reason: str) -> DataFrame:
    """Rejects rows whose key is not in `known`, gives the others its columns; `known` has each key once."""
    joined = rows.join(known.selectExpr("*", "true AS is_known"), key, "left")
    orphan = f"CASE WHEN is_known IS NULL THEN '{reason} {key}' END"
    return joined.withColumn("rejection", fn.expr(f"coalesce(rejection, {orphan})")).drop("is_known")


def keep_latest(rows: DataFrame, table: str) -> DataFrame:
    """Of the good rows with one key keeps the one updated last, and rejects the others.

    Returns the clean columns, rejection, and for rejected rows key, raw_line and source_file. Bad rows stand
    apart, so that a bad version never replaces a good one. Ties go to the greater line, so that the order of
    files and tasks does not matter. A second header of a file is a rejected row.
    """
    key = next(iter(COLUMNS[table]))
    alone = "CASE WHEN is_header THEN source_file ELSE raw_line END"
    group = f"rejection, CASE WHEN rejection IS NULL THEN CAST({key} AS STRING) ELSE {alone} END"
    window = f"OVER (PARTITION BY {group} ORDER BY updated_at DESC, raw_line DESC)"
    rejection = """CASE WHEN is_header AND place > 1 THEN 'repeated_header '
        WHEN rejection IS NOT NULL OR place = 1 THEN rejection
        WHEN is_copy THEN 'duplicate_row ' ELSE 'superseded ' END AS rejection"""
    evidence = "CASE WHEN rejection IS NOT NULL OR place > 1 THEN {} END AS {}".format
    ranked = rows.selectExpr(
        "*", f"row_number() {window} place", f"lag(raw_line) {window} = raw_line is_copy"
    )
    return ranked.selectExpr(
        *[*COLUMNS[table], *DERIVED.get(table, []), rejection, evidence(f"{key}_text", "key")],
        *[evidence("raw_line", "raw_line"), evidence("source_file", "source_file")],
    )


def accept(judged: DataFrame, *columns: str) -> DataFrame:
    """The rows that no rule rejected, with these columns; all but the evidence if none are given."""
    good = judged.filter("rejection IS NULL")
    return good.select(*columns) if columns else good.drop("rejection", "key", "raw_line", "source_file")


def judge(lines: dict[str, DataFrame], as_of: date | None = None) -> dict[str, DataFrame]:
    """Every line of the four tables as `keep_latest` returns them, cached: each is used several times."""
    rows = {
        table: parse(lines[table], table).selectExpr("*", f"{find_rejection(table, as_of)} AS rejection")
        for table in COLUMNS
    }
    judged = {table: keep_latest(rows[table], table).persist() for table in ("customers", "products")}
    customers, products = accept(judged["customers"], "customer_id"), accept(judged["products"], "product_id")
    orders = require_known(rows["orders"], customers, "customer_id", "unknown_customer")
    judged["orders"] = keep_latest(orders, "orders").persist()
    orders = accept(judged["orders"], "order_id", "order_month")
    items = require_known(rows["order_items"], orders, "order_id", "unknown_order")
    items = require_known(items, products, "product_id", "unknown_product")
    judged["order_items"] = keep_latest(items, "order_items").persist()
    return judged


def list_judgements(judged: dict[str, DataFrame]) -> DataFrame:
    """All lines: source_table, reason (null = clean), column_name, key, raw_line, source_file, order_date."""
    reason = "substring_index(rejection, ' ', 1) AS reason"
    column_name = "nullif(substring_index(rejection, ' ', -1), '') AS column_name"
    parts = []
    for table, rows in judged.items():
        day = "order_date" if table == "orders" else "CAST(NULL AS DATE) AS order_date"
        name = f"'{table}' AS source_table"
        parts.append(rows.selectExpr(name, reason, column_name, "key", "raw_line", "source_file", day))
    return reduce(lambda one, other: one.unionAll(other), parts)


def query(text: str, **tables: DataFrame) -> DataFrame:
    """The SQL over the given tables, named as `{name}` in it."""
    return next(iter(tables.values())).sparkSession.sql(text, **tables)


def select_sales(orders: DataFrame, items: DataFrame) -> DataFrame:
    """One row per clean order line, with what its order says of customer, day, status and revenue."""
    sql = """SELECT order_id, o.order_month, o.order_date, o.customer_id, o.status, o.counts_as_revenue,
        i.product_id, i.quantity, i.line_total
    FROM {items} i JOIN {orders} o USING (order_id)"""
    return query(sql, orders=orders, items=items)


def sum_sold_orders(sales: DataFrame) -> DataFrame:
    """One row per order that counts as revenue: units, revenue, and its different products in order."""
    sql = """SELECT order_id, customer_id, order_date, order_month, sum(quantity) AS units,
        CAST(sum(line_total) AS DECIMAL(18,2)) AS revenue, sort_array(collect_set(product_id)) AS products
    FROM {sales} WHERE counts_as_revenue GROUP BY order_id, customer_id, order_date, order_month"""
    return query(sql, sales=sales)


def customer_lifetime_value(customers: DataFrame, sold: DataFrame, as_of: date) -> DataFrame:
    """One row per clean customer: what they bought, and RFM scores 1 (worst) to 5 by quintile of the buyers.

    Equal measures score equally. Without a sold order the value is 0, the scores are null.
    """
    sql = f"""WITH buyers AS (
        SELECT customer_id, count(*) AS orders, sum(units) AS units, sum(revenue) AS lifetime_value,
            min(order_date) AS first_order_date, max(order_date) AS last_order_date,
            datediff(DATE'{as_of}', max(order_date)) AS recency_days
        FROM {{sold}} GROUP BY customer_id),
    cuts AS (
        SELECT percentile(recency_days, array(0.2, 0.4, 0.6, 0.8)) AS recency_cuts,
            percentile(orders, array(0.2, 0.4, 0.6, 0.8)) AS order_cuts,
            percentile(lifetime_value, array(0.2, 0.4, 0.6, 0.8)) AS value_cuts
        FROM buyers),
    scored AS (
        SELECT buyers.*, 5 - size(filter(recency_cuts, cut -> cut < recency_days)) AS recency_score,
            1 + size(filter(order_cuts, cut -> cut < orders)) AS frequency_score,
            1 + size(filter(value_cuts, cut -> cut < CAST(lifetime_value AS DOUBLE))) AS monetary_score
        FROM buyers CROSS JOIN cuts)
    SELECT customer_id, country, signup_date, first_order_date, last_order_date, recency_days,
        coalesce(orders, 0) AS orders, coalesce(units, 0) AS units,
        CAST(coalesce(lifetime_value, 0) AS DECIMAL(18,2)) AS lifetime_value,
        CAST(lifetime_value / orders AS DECIMAL(18,2)) AS average_order_value,
        recency_score, frequency_score, monetary_score,
        CASE WHEN orders IS NULL THEN 'no_orders'
            WHEN least(recency_score, frequency_score, monetary_score) >= 4 THEN 'champions'
            WHEN frequency_score >= 4 AND recency_score >= 3 THEN 'loyal'
            WHEN frequency_score >= 4 THEN 'at_risk'
            WHEN recency_score >= 4 THEN 'recent'
            WHEN recency_score <= 2 THEN 'lapsed' ELSE 'potential' END AS segment,
        DATE'{as_of}' AS as_of
    FROM {{customers}} LEFT JOIN scored USING (customer_id)"""
    return query(sql, customers=customers, sold=sold)


def product_performance(products: DataFrame, sales: DataFrame) -> DataFrame:
    """One row per clean product: orders, units, revenue, profit, returned units, rank in its category."""
    sql = """WITH totals AS (
        SELECT product_id, count(DISTINCT CASE WHEN counts_as_revenue THEN order_id END) AS orders,
            sum(CASE WHEN counts_as_revenue THEN quantity END) AS units_sold,
            sum(CASE WHEN status = 'returned' THEN quantity END) AS units_returned,
            sum(CASE WHEN counts_as_revenue THEN line_total END) AS revenue
        FROM {sales} GROUP BY product_id)
    SELECT product_id, product_name, category, coalesce(orders, 0) AS orders,
        coalesce(units_sold, 0) AS units_sold, coalesce(units_returned, 0) AS units_returned,
        CAST(coalesce(revenue, 0) AS DECIMAL(18,2)) AS revenue,
        CAST(coalesce(revenue - units_sold * unit_cost, 0) AS DECIMAL(18,2)) AS gross_profit,
        row_number() OVER (PARTITION BY category ORDER BY revenue DESC, product_id) AS category_rank
    FROM {products} LEFT JOIN totals USING (product_id)"""
    return query(sql, products=products, sales=sales)


def monthly_revenue(sold: DataFrame) -> DataFrame:
    """One row per calendar month from the first sale to the last, empty months too; growth in percent."""
    sql = """WITH months AS (
        SELECT order_month, count(*) AS orders, count(DISTINCT customer_id) AS customers, sum(units) AS units,
            sum(revenue) AS revenue
        FROM {sold} GROUP BY order_month),
    calendar AS (
        SELECT explode(sequence(to_date(min(order_month) || '-01'), to_date(max(order_month) || '-01'),
            INTERVAL 1 MONTH)) AS first_day
        FROM months),
    filled AS (
        SELECT date_format(first_day, 'yyyy-MM') AS order_month, coalesce(orders, 0) AS orders,
            coalesce(customers, 0) AS customers, coalesce(units, 0) AS units,
            CAST(coalesce(revenue, 0) AS DECIMAL(18,2)) AS revenue
        FROM calendar LEFT JOIN months ON order_month = date_format(first_day, 'yyyy-MM')),
    compared AS (SELECT *, lag(revenue) OVER (ORDER BY order_month) AS previous_revenue FROM filled)
    SELECT order_month, orders, customers, units, revenue,
        CAST(revenue / nullif(orders, 0) AS DECIMAL(18,2)) AS average_order_value, previous_revenue,
        CAST((revenue - previous_revenue) * 100 / nullif(previous_revenue, 0) AS DECIMAL(18,2))
            AS growth_percent
    FROM compared"""
    return query(sql, sold=sold)


def basket_pairs(sold: DataFrame) -> DataFrame:
    """Products (product_a < product_b) sold together in two orders or more: support, confidence, lift."""
    sql = """WITH single AS (
        SELECT product_id, count(*) AS orders FROM (SELECT explode(products) AS product_id FROM {sold})
        GROUP BY product_id),
    pairs AS (
        SELECT product_a, product_b, count(*) AS orders_together
        FROM (SELECT product_a, explode(slice(products, place + 2, size(products))) AS product_b
            FROM (SELECT products, posexplode(products) AS (place, product_a) FROM {sold}))
        GROUP BY product_a, product_b HAVING count(*) >= 2)
    SELECT product_a, product_b, orders_together, a.orders AS orders_a, b.orders AS orders_b, orders_in_all,
        round(orders_together / orders_in_all, 6) AS support,
        round(orders_together / a.orders, 6) AS confidence_a_to_b,
        round(orders_together / b.orders, 6) AS confidence_b_to_a,
        round(orders_together / a.orders * orders_in_all / b.orders, 6) AS lift
    FROM pairs JOIN single a ON a.product_id = product_a JOIN single b ON b.product_id = product_b
    CROSS JOIN (SELECT count(*) AS orders_in_all FROM {sold})"""
    return query(sql, sold=sold)


def write(rows: DataFrame, path: str) -> None:
    """Replaces the table at the path, in few files; by month where its last column is the month of orders."""
    partition = ["order_month"] if rows.columns[-1] == "order_month" else []
    spread = rows.repartition(*partition) if partition else rows.hint("rebalance")
    # Static, because a cluster may be set to keep partitions that this run does not write.
    writer = spread.write.mode("overwrite").option("partitionOverwriteMode", "static")
    writer.partitionBy(*partition).parquet(path)


def write_all(zone: str, tables: dict[str, DataFrame]) -> None:
    """Writes each table into its folder of the zone, four at a time."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(lambda table: write(tables[table], f"{zone}/{table}"), tables))


def summarise(counted: list[Row], files: dict[str, int]) -> dict[str, dict[str, Any]]:
    """The counted judgements as table -> raw, clean, quarantined by reason; `files` is the files per table.

    Raises JobError where a file has no header (Athena would skip its first row), or a table has no row.
    """
    tables: dict[str, dict[str, Any]] = {}
    for table, columns in COLUMNS.items():
        counts = {row["reason"]: row["rows"] for row in counted if row["source_table"] == table}
        if counts.pop("header", 0) < files[table]:
            raise JobError(f"a file of {table} does not begin with {','.join(columns)}. Mend it, run again.")
        if not counts:
            raise JobError(f"landing is empty: {table} has a header and no row. Upload it whole, run again.")
        clean = counts.pop(None, 0)
        raw = clean + sum(counts.values())
        tables[table] = {"raw": raw, "clean": clean, "quarantined": dict(sorted(counts.items()))}
    return tables


def describe_excess(tables: dict[str, dict[str, Any]], limit: float) -> str:
    """What was rejected of the tables whose share of rejected rows is above the limit; empty if of none."""
    too_many = []
    for table, counts in tables.items():
        share = (counts["raw"] - counts["clean"]) / counts["raw"]
        if share > limit:
            reasons = ", ".join(f"{rows} {reason}" for reason, rows in counts["quarantined"].items())
            too_many.append(f"{share:.1%} of {counts['raw']} {table} ({reasons})")
    return "; ".join(too_many)


def write_clean(
    spark: SparkSession, arguments: argparse.Namespace
) -> tuple[dict[str, Any], dict[str, DataFrame]]:
    """Reads and judges the landing, writes the clean zone: its counts, and the clean tables as written.

    Raises JobError; with too many rejected rows only after writing the quarantine, where one sees them.
    """
    landing = f"{arguments.raw.rstrip('/')}/{arguments.source.strip('/')}"
    zone = f"{arguments.clean.rstrip('/')}/ecommerce"
    lines = {table: read_lines(spark, f"{landing}/{table}/") for table in COLUMNS}
    judged = judge(lines, arguments.as_of)
    judgements = list_judgements(judged)
    totals = [fn.count(fn.lit(1)).alias("rows"), fn.max("order_date").alias("day")]
    counted = judgements.groupBy("source_table", "reason").agg(*totals).collect()
    tables = summarise(counted, {table: len(rows.inputFiles()) for table, rows in lines.items()})
    last_day = max((row["day"] for row in counted if row["day"] and not row["reason"]), default=None)
    as_of = fn.lit(arguments.as_of or last_day).cast("date")
    rejected = judgements.filter("reason <> 'header'").drop("order_date").withColumn("as_of", as_of)
    excess = describe_excess(tables, arguments.max_rejected)
    if excess or not last_day:
        write(rejected, f"{zone}/quarantine")
        why = (
            f"--max-rejected {arguments.max_rejected:g} allows less: {excess}"
            if excess
            else "no order is clean"
        )
        raise JobError(f"too many rejected rows, {why}. Only {zone}/quarantine was written; see there.", 2)
    good = {table: accept(rows) for table, rows in judged.items()}
    write_all(zone, {"quarantine": rejected, **good})
    for rows in judged.values():
        rows.unpersist()
    clean = {table: spark.read.schema(rows.schema).parquet(f"{zone}/{table}") for table, rows in good.items()}
    return {"as_of": arguments.as_of or last_day, "tables": tables}, clean


def run(spark: SparkSession, arguments: argparse.Namespace) -> dict[str, Any]:
    """The whole job: writes every table and returns its counts. Raises JobError."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    counts, clean = write_clean(spark, arguments)
    sales = select_sales(clean["orders"], clean["order_items"]).persist()
    sold = sum_sold_orders(sales).persist()
    results = {
        "customer_lifetime_value": customer_lifetime_value(clean["customers"], sold, counts["as_of"]),
        "product_performance": product_performance(clean["products"], sales),
        "monthly_revenue": monthly_revenue(sold),
        "basket_pairs": basket_pairs(sold),
    }
    write_all(f"{arguments.analytics.rstrip('/')}/ecommerce", results)
    return {**counts, "revenue": sold.agg(fn.sum("revenue")).collect()[0][0]}


def parse_arguments(words: list[str] | None = None) -> argparse.Namespace:
    """The command line; `words` default to the process's own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for zone in ("raw", "clean", "analytics"):
        parser.add_argument(f"--{zone}", required=True, help=f"root of the {zone} zone, as s3://bucket/")
    parser.add_argument("--source", default="landing/ecommerce", help="folder of the tables in the raw zone")
    parser.add_argument("--max-rejected", type=float, default=0.05, help="share of a table's rows, 0 to 1")
    parser.add_argument("--as-of", type=date.fromisoformat, help="default: the day of the last order")
    return parser.parse_args(words)


def main() -> None:
    """Runs the job on this process's arguments, prints its counts, sets the exit code."""
    arguments = parse_arguments()
    spark = SparkSession.builder.appName("ecommerce-analytics").getOrCreate()
    try:
        print(json.dumps(run(spark, arguments), default=str), flush=True)
    except JobError as error:
        print(f"JobError: {error}", file=sys.stderr, flush=True)
        sys.exit(error.exit_code)
    finally:
        spark.stop()


if __name__ == "__main__":
    main()
