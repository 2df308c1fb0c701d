"""Makes the e-commerce export this lake ingests: four CSV tables with the dirt of real exports, from a seed.

    python scripts/generate-sample-data.py --order-items 4000 --out sample-data --seed 7

The same arguments give the same bytes. Rows are streamed: memory holds the products (6,000 of them at ten
million order items) and a handful of delayed lines, whatever the size. No value holds a comma or a quote,
because the SerDe a Glue crawler gives to CSV (LazySimpleSerDe) does not honour quotes.
"""

from __future__ import annotations

import argparse
import random
from bisect import bisect
from collections import deque
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from math import isqrt
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_SIGNUP, FIRST_DAY, LAST_DAY = date(2023, 1, 1), date(2024, 1, 1), date(2025, 6, 30)
DIRTY_SHARE, DELAYED_LINES = 0.04, 40

FIRST_NAMES = ("Ana", "Aiko", "Björn", "Carlos", "Chloé", "Fatima", "Haruto", "Inès", "José", "Léa", "Yui")
LAST_NAMES = ("Almeida", "Berg", "Castro", "Endo", "Garcia", "Jensen", "Müller", "Sato", "Weiß")
COUNTRIES = ("JP", "US", "DE", "FR", "GB", "BR")
ADJECTIVES = ("Classic", "Compact", "Foldable", "Light", "Quiet", "Smart", "Steel", "Warm")
GOODS = {"kitchen": "Kettle", "outdoor": "Tent", "office": "Lamp", "sports": "Racket", "garden": "Hose"}
STATUSES = {"delivered": 74, "shipped": 8, "paid": 6, "pending": 2, "cancelled": 6, "returned": 4}
PAYMENTS = ("card", "transfer", "wallet", "cash")
IMPOSSIBLE_DAYS = ("2024-02-30", "2024-13-01", "31/04/2024", "0000-00-00", "unknown")
NO_SUCH_IDS = tuple(str(900_000_000 + number) for number in range(100))

Row = dict[str, str]
Dirt = Callable[[random.Random, Row], bytes]


class TableWriter:
    """Writes one table's lines in order, keeping some back so that a second copy of a row arrives later."""

    def __init__(self, folder: Path, table: str) -> None:
        (folder / table).mkdir(parents=True, exist_ok=True)
        self.file = (folder / table / f"{table}.csv").open("wb")
        self.table = table
        self.delayed: deque[bytes] = deque()

    def write(self, line: bytes) -> None:
        """Writes one line (given without its line end), and the oldest delayed one once enough wait."""
        self.file.write(line + b"\n")
        if len(self.delayed) > DELAYED_LINES:
            self.file.write(self.delayed.popleft() + b"\n")

    def close(self) -> None:
        """Writes what still waits and closes the file."""
        self.file.writelines(line + b"\n" for line in self.delayed)
        self.file.close()


def money(cents: int) -> str:
    """A decimal number with two places, as `12.05`."""
    return f"{cents // 100}.{cents % 100:02d}"


def moment(rng: random.Random, day: date) -> str:
    """A time on that day, as `2024-05-01 13:37:42`."""
    return str(datetime.combine(day, time(rng.randrange(24), rng.randrange(60), rng.randrange(60))))


def encode(row: Row) -> bytes:
    """The row as one line of UTF-8 without its line end."""
    return ",".join(row.values()).encode()


def broken(rng: random.Random, row: Row) -> bytes:
    """A line that lost its last columns, or has some the header does not have."""
    fields = encode(row).split(b",")
    return b",".join(rng.choice([fields[:-1], fields[:-2], [*fields, b""], [*fields, b"", b"n/a"]]))


def put(column: str, *values: str) -> Dirt:
    """Dirt that puts one of the values into the column."""
    return lambda rng, row: encode({**row, column: rng.choice(values)})


def restyle(column: str, style: Callable[[random.Random, str], str]) -> Dirt:
    """Dirt that writes the column's value in another way."""
    return lambda rng, row: encode({**row, column: style(rng, row[column])})


def stray(rng: random.Random, text: str) -> str:
    """The same text as careless hands type it: another case, spaces around it."""
    return rng.choice([text.upper(), text.title(), f" {text}", f"{text}  ", f" {text.lower()} "])


def other_format(rng: random.Random, iso_day: str) -> str:
    """The same day as other programs write it."""
    year, month, day = iso_day.split("-")
    return rng.choice([f"{day}/{month}/{year}", f"{day}.{month}.{year}", f"{year}/{month}/{day}"])


def as_latin_1(_: random.Random, row: Row) -> bytes:
    """A row whose accented letters (the name gets some if it has none) are not UTF-8."""
    name = f"{row['name']} Brandão" if row["name"].isascii() else row["name"]
    return encode({**row, "name": name}).decode().encode("latin-1")


# What a careful reader can mend, and what makes the row useless.
HARMLESS: dict[str, tuple[Dirt, ...]] = {
    "customers": (
        restyle("email", stray),
        restyle("country", stray),
        restyle("signup_date", other_format),
        put("email", ""),
        put("country", "", "n/a"),
    ),
    "products": (restyle("category", stray), restyle("product_name", stray)),
    "orders": (
        restyle("status", stray),
        put("status", "Canceled", "refunded "),
        restyle("payment_method", stray),
        put("payment_method", ""),
        restyle("order_date", other_format),
    ),
    "order_items": (restyle("updated_at", stray), put("discount", "")),
}
HARMFUL: dict[str, tuple[Dirt, ...]] = {
    "customers": (put("signup_date", "", *IMPOSSIBLE_DAYS), as_latin_1, as_latin_1, as_latin_1),
    "products": (put("unit_cost", ""), put("unit_price", "0.00")),
    "orders": (
        put("customer_id", "", *NO_SUCH_IDS[:2]),
        put("status", "", "???"),
        put("order_date", "2052-03-04", *IMPOSSIBLE_DAYS),
    ),
    "order_items": (
        put("quantity", "", "0", "-1", "-2"),
        put("order_id", *NO_SUCH_IDS),
        put("product_id", *NO_SUCH_IDS),
        put("discount", "99000.00"),
    ),
}


def newer_version(rng: random.Random, row: Row) -> Row:
    """The same key, with another value and changed some days later."""
    day = datetime.fromisoformat(row["updated_at"]).date() + timedelta(days=rng.randrange(1, 10))
    newer = {**row, "updated_at": moment(rng, min(day, LAST_DAY + timedelta(days=2)))}
    if "status" in row:
        newer["status"] = "returned" if row["status"] == "delivered" else "delivered"
    elif "quantity" in row:
        newer["quantity"] = str(int(row["quantity"]) + 1)
    elif "email" in row:
        newer["email"] = f"new.{row['email']}"
    else:
        newer["product_name"] = f"{row['product_name']} II"
    return newer


def emit(rng: random.Random, writer: TableWriter, row: Row) -> None:
    """Writes the row: mostly clean, sometimes twice, sometimes dirty."""
    if writer.file.tell() == 0:
        writer.write(",".join(row).encode())
    draw = rng.random() / DIRTY_SHARE
    if draw < 0.2:
        writer.delayed.append(encode(row if draw < 0.1 else newer_version(rng, row)))
    if 0.2 <= draw < 0.25:
        writer.write(broken(rng, row))
    elif 0.25 <= draw < 0.45:
        writer.write(rng.choice(HARMFUL[writer.table])(rng, row))
    elif 0.45 <= draw < 1:
        writer.write(rng.choice(HARMLESS[writer.table])(rng, row))
    else:
        writer.write(encode(row))


def make_customers(rng: random.Random, count: int) -> Iterator[Row]:
    """Customers in the order of their sign-up, evenly over the time before the last day."""
    days = (LAST_DAY - FIRST_SIGNUP).days
    for number in range(count):
        signup = FIRST_SIGNUP + timedelta(days=days * number // count)
        yield {
            "customer_id": str(number + 1),
            "name": f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}",
            "email": f"customer{number + 1}@example.{rng.choice(['com', 'org', 'net'])}",
            "country": rng.choice(COUNTRIES),
            "signup_date": str(signup),
            "updated_at": moment(rng, signup),
        }


def make_products(rng: random.Random, count: int) -> Iterator[Row]:
    """Products of five categories; the cost is 40 to 75 % of the price."""
    for number in range(1, count + 1):
        category = rng.choice(list(GOODS))
        price = rng.randrange(300, 15_000) // 10 * 10 + 9
        yield {
            "product_id": str(number),
            "product_name": f"{rng.choice(ADJECTIVES)} {GOODS[category]} {number}",
            "category": category,
            "unit_price": money(price),
            "unit_cost": money(price * rng.randrange(40, 76) // 100),
            "updated_at": moment(rng, FIRST_DAY),
        }


def days_by_weight() -> tuple[list[date], list[float]]:
    """Every day of business, and the share of all lines sold until then: growing, with a peak in December."""
    days = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
    season = {2: 0.8, 11: 1.4, 12: 1.7}
    weights = [(1 + n / len(days)) * season.get(day.month, 1.0) for n, day in enumerate(days)]
    total = sum(weights)
    return days, [share / total for share in accumulate(weights)]


def make_order(rng: random.Random, number: int, day: date, customers: int) -> Row:
    """An order of a customer who had signed up by then; one in two hundred reaches the export months late."""
    known = customers * (day - FIRST_SIGNUP).days // (LAST_DAY - FIRST_SIGNUP).days
    late = timedelta(days=rng.randrange(30, 90) if rng.random() < 0.005 else 0)
    return {
        "order_id": str(number),
        "customer_id": str(1 + int(max(known - 1, 1) * rng.random() ** 1.5)),
        "order_date": str(max(day - late, FIRST_DAY)),
        "status": rng.choices(list(STATUSES), list(STATUSES.values()))[0],
        "payment_method": rng.choice(PAYMENTS),
        "updated_at": moment(rng, day + timedelta(days=1)),
    }


def make_items(rng: random.Random, order: Row, numbers: range, prices: list[int]) -> Iterator[Row]:
    """The order's lines: different products, popular ones first, often the companion of the one before."""
    chosen: list[int] = []
    while len(chosen) < len(numbers):
        companion = rng.random() < 0.3 and chosen
        place = (chosen[-1] * 7 + 7) % len(prices) if companion else int(len(prices) * rng.random() ** 1.8)
        if place not in chosen:
            chosen.append(place)
    for number, place in zip(numbers, chosen, strict=True):
        quantity = rng.choices([1, 2, 3, 4], [70, 20, 7, 3])[0]
        percent_off = rng.choice([5, 10, 15, 20]) if rng.random() < 0.2 else 0
        yield {
            "order_item_id": str(number),
            "order_id": order["order_id"],
            "product_id": str(place + 1),
            "quantity": str(quantity),
            "unit_price": money(prices[place]),
            "discount": money(quantity * prices[place] * percent_off // 100),
            "updated_at": order["updated_at"],
        }


def write_sales(rng: random.Random, folder: Path, total: int, customers: int, prices: list[int]) -> None:
    """Writes orders and their lines, in the order of time, until there are `total` lines."""
    orders, items = TableWriter(folder, "orders"), TableWriter(folder, "order_items")
    days, shares = days_by_weight()
    order_number, written = 0, 0
    while written < total:
        order_number += 1
        day = days[min(bisect(shares, written / total), len(days) - 1)]
        order = make_order(rng, order_number, day, customers)
        emit(rng, orders, order)
        count = min(rng.choices([1, 2, 3, 4, 5, 6], [24, 28, 22, 14, 8, 4])[0], total - written)
        for item in make_items(rng, order, range(written + 1, written + count + 1), prices):
            emit(rng, items, item)
        written += count
    orders.close()
    items.close()


def generate(folder: Path, order_items: int, seed: int) -> None:
    """Writes `<folder>/<table>/<table>.csv` for the four tables, replacing what is there."""
    rng, customer_count, prices = random.Random(seed), max(order_items // 8, 20), []
    customers, products = TableWriter(folder, "customers"), TableWriter(folder, "products")
    for customer in make_customers(rng, customer_count):
        emit(rng, customers, customer)
    for product in make_products(rng, max(isqrt(order_items * 18 // 5), 12)):
        emit(rng, products, product)
        prices.append(int(product["unit_price"].replace(".", "")))
    customers.close()
    products.close()
    write_sales(rng, folder, order_items, customer_count, prices)


def main() -> None:
    """Reads the arguments and generates."""
    parser = argparse.ArgumentParser(description="Generates the e-commerce sample data.")
    parser.add_argument("--order-items", type=int, default=4000, help="order lines, repeats not counted")
    parser.add_argument("--out", type=Path, default=Path("sample-data"), help="gets <table>/<table>.csv")
    parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same bytes")
    arguments = parser.parse_args()
    generate(arguments.out, arguments.order_items, arguments.seed)


if __name__ == "__main__":
    main()
