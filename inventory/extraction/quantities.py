"""Read the value of a quantity from the words that a token rule captured."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from inventory.extraction.state import Quantity

_FIGURE = re.compile(r"(\d[\d, ]*(?:\.\d+)?)(k|m)?\b|([a-z]+)")


def parse_number(text: str, values: Mapping[str, Mapping[str, str]]) -> tuple[float | None, float]:
    """The number that `text` writes, and the magnitude its last word gives (1 when none).

    `values` holds the tables `numbers` and `magnitudes` of the rule pack.
    """
    numbers, magnitudes = values["numbers"], values["magnitudes"]
    total = 0.0
    current: float | None = None
    last = 1.0
    for figure, suffix, word in _FIGURE.findall(text.replace("-", " ")):
        if figure:
            current = float(figure.replace(",", "").replace(" ", ""))
            if suffix:
                last = float(magnitudes[suffix])
                current *= last
        elif word in ("k", "m") and current is not None:
            last = float(magnitudes[word])
            current *= last
        elif word in numbers:
            value = float(numbers[word])
            current = value if current is None else (current + value if current % 100 == 0 or current >= 20 else current * 1 + value)
        elif word in magnitudes:
            last = float(magnitudes[word])
            current = (1.0 if current is None else current) * last
            if last >= 1000:
                total += current
                current = None
        elif word != "and" and current is None and not total:
            continue
    if current is None and not total:
        return None, 1.0
    return total + (current or 0.0), last


def read_quantity(match: Any, basis: str, values: Mapping[str, Mapping[str, str]]) -> Quantity | None:
    """The quantity of a token match by its groups `number`, `low`, `high`, `vague`, `pair`, `undisclosed`; `None` if it is none."""
    groups = match.groupdict()
    if groups.get("vague"):
        low, high = vague_bounds(groups["vague"], values["vague"])
        return Quantity(low, high, "vague")
    if groups.get("undisclosed"):
        return Quantity(None, None, "undisclosed")
    if groups.get("pair"):
        size = {"a trio": 3, "a quartet": 4}.get(groups["pair"], 2)
        return Quantity(size, size, basis)
    if groups.get("number"):
        value, _ = parse_number(groups["number"], values)
        return None if value is None else Quantity(round(value), round(value), basis)
    low_text, high_text = groups.get("low"), groups.get("high")
    low, low_mag = parse_number(low_text, values) if low_text else (None, 1.0)  # type: ignore[assignment]
    high, high_mag = parse_number(high_text, values) if high_text else (None, 1.0)  # type: ignore[assignment]
    if low is not None and high is not None:
        low = carry(low, low_mag, high, high_mag)
        if low > high:
            return None
    if low is None and high is None:
        return None
    return Quantity(None if low is None else round(low), None if high is None else round(high), basis)


def carry(low: float, low_magnitude: float, high: float, high_magnitude: float) -> float:
    """The lower bound with the magnitude that is printed only once: *20-25,000* is 20,000 to 25,000."""
    if low_magnitude == 1 and high_magnitude > 1 and low < 1000:
        return low * high_magnitude
    if low < 1000 <= high and high % 1000 == 0 and low < high / 1000:
        return low * 1000
    return low


def vague_bounds(text: str, table: Mapping[str, str]) -> tuple[int | None, int | None]:
    """The bounds that the pack's table gives a vague word (`24..100`; an empty side is no bound)."""
    low, _, high = table.get(text, table.get(text.rstrip("s") + "s", "")).partition("..")
    return int(low) if low else None, int(high) if high else None
