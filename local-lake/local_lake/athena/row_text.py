"""Values as the text that Athena's results show."""

from __future__ import annotations

import math
import struct
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def to_text(value: object) -> str | None:
    """Return a value's text, or None for NULL: the empty field of a CSV result."""
    if value is None:
        return None
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    return str(value)


def float_to_text(value: float) -> str:
    """Write a 32-bit float with the fewest digits that give it back, in Java's form."""
    for digits in range(1, 10):
        short = float(f"{value:.{digits}g}")
        if struct.pack("f", short) == struct.pack("f", value):
            return double_to_text(short)
    return double_to_text(value)


def double_to_text(value: float) -> str:
    """Write a double as Java does: ``10.5``, ``1.0E7``, ``1.0E-4``, ``NaN``, ``Infinity``."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        text = repr(value)
        return text if "e" not in text else format(Decimal(text), "f")
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    significant = "".join(map(str, digits)).rstrip("0") or "0"
    power = int(exponent) + len(digits) - 1
    return f"{'-' if sign else ''}{significant[0]}.{significant[1:] or '0'}E{power}"


def _nested(value: object) -> str:
    text = to_text(value)
    return "null" if text is None else text


def _write_interval(value: timedelta) -> str:
    sign = "-" if value < timedelta(0) else ""
    value = abs(value)
    hours, rest = divmod(value.seconds, 3600)
    return f"{sign}{value.days} {hours:02d}:{rest // 60:02d}:{rest % 60:02d}.{value.microseconds // 1000:03d}"


def _write_timestamp(value: datetime) -> str:
    text = f"{value:%Y-%m-%d %H:%M:%S}.{value.microsecond // 1000:03d}"
    return text if value.tzinfo is None else f"{text} UTC"


_WRITERS: list[tuple[type, Callable[..., str]]] = [
    (str, str),
    (bool, lambda value: "true" if value else "false"),
    (int, str),
    (float, double_to_text),
    (Decimal, lambda value: format(value, "f")),
    (datetime, _write_timestamp),
    (date, lambda value: value.isoformat()),
    (time, lambda value: f"{value:%H:%M:%S}.{value.microsecond // 1000:03d}"),
    (timedelta, _write_interval),
    (bytes, lambda value: value.hex(" ")),
    (list, lambda value: f"[{', '.join(map(_nested, value))}]"),
    (tuple, lambda value: f"[{', '.join(map(_nested, value))}]"),
    (dict, lambda value: "{" + ", ".join(f"{_nested(k)}={_nested(v)}" for k, v in value.items()) + "}"),
]
