"""Read the value of a quantity from the words that a token rule captured."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from inventory.extraction.state import Quantity

_FIGURE = re.compile(r"(\d[\d, ]*(?:\.\d+)?)([a-z]*)|([a-z]+)")


def parse_number(text: str, values: Mapping[str, Mapping[str, str]]) -> tuple[float | None, float]:
    """The number that `text` writes, and the magnitude its last word gives (1 when none).

    `values` holds the tables `numbers` and `magnitudes` of the rule pack; words in neither (*a*, *and*, *of*) say nothing.
    """
    numbers, magnitudes = values["numbers"], values["magnitudes"]
    total = 0.0
    current: float | None = None
    last = 1.0
    for figure, suffix, word in _FIGURE.findall(text.replace("-", " ")):
        if figure:
            current = float(figure.replace(",", "").replace(" ", ""))
            last = 1.0
        word = suffix or word
        if word in magnitudes:
            last = float(magnitudes[word])
            if last < 1000:
                current = (1.0 if current is None else current) * last
            elif current is not None or not total:
                # What is open is so many of these: *one hundred* thousand.
                total += (1.0 if current is None else current) * last
                current = None
            else:
                total *= last  # *two thousand million*
        elif word in numbers:
            value = float(numbers[word])
            if value < 1 and current is None and total:
                total += value * last  # *a million and a half*
            else:
                current = value if current is None else current + value
                last = 1.0
    if current is None and not total:
        return None, 1.0
    return total + (current or 0.0), last


def _whole(text: str | None, values: Mapping[str, Mapping[str, str]]) -> tuple[float | None, float]:
    """As :func:`parse_number`, but only what can be a count: no code (*007*); parts of one are told by the caller."""
    if not text or (text[0] == "0" and text[1:2].isdigit()):
        return None, 1.0
    return parse_number(text, values)


def read_quantity(match: Any, basis: str, values: Mapping[str, Mapping[str, str]]) -> Quantity | None:
    """The quantity of a token match, `None` if it is none.

    By its groups `number`, `share` (of a number), `less` (than a number), `low`, `high`, `vague`, `pair`, `undisclosed`.
    """
    groups = match.groupdict()
    if groups.get("vague"):
        return Quantity(*vague_bounds(groups["vague"], values["vague"]), "vague")
    if groups.get("undisclosed"):
        return Quantity(None, None, "undisclosed")
    if groups.get("pair"):
        size = int(values["pairs"][groups["pair"]])
        return Quantity(size, size, basis)
    if groups.get("number"):
        value, _ = _whole(groups["number"], values)
        if groups.get("less") and value is not None:
            less, _ = _whole(groups["less"], values)
            value = value - less if less is not None and less < value else None
        if groups.get("share") and value is not None:
            return _share(value, values["shares"][groups["share"]], groups.get("over") is not None, basis)
        return None if value is None or value % 1 else Quantity(int(value), int(value), basis)
    low, low_magnitude = _whole(groups.get("low"), values)
    high, high_magnitude = _whole(groups.get("high"), values)
    if low is not None and high is not None:
        low = carry(low, low_magnitude, high, high_magnitude)
        if low > high:
            return None
    elif (low is None) == (high is None) or (groups.get("low") and groups.get("high")):
        return None
    # What has a part of one is a measure, not a count.
    if (low or 0) % 1 or (high or 0) % 1:
        return None
    return Quantity(None if low is None else int(low), None if high is None else int(high), basis)


def _share(whole: float, bounds: str, over: bool, basis: str) -> Quantity:
    """A share of a number: `bounds` are its least and most part (`0.5..1`); *more than* it is up to all."""
    least, _, most = bounds.partition("..")
    low, high = math.ceil(whole * float(least) - 0.05), whole if over else math.ceil(whole * float(most) - 0.05)
    return Quantity(low, int(high), "range" if low != int(high) else basis)


def carry(low: float, low_magnitude: float, high: float, high_magnitude: float) -> float:
    """The lower bound with the magnitude that is printed only once: *20-25,000* is 20,000 to 25,000."""
    if low_magnitude == 1 and high_magnitude > 1 and low * high_magnitude <= high:
        return low * high_magnitude
    if low_magnitude == high_magnitude == 1 and low < 1000 <= high and high % 1000 == 0 and low < high / 1000:
        return low * 1000
    return low


def vague_bounds(text: str, table: Mapping[str, str]) -> tuple[int | None, int | None]:
    """The bounds that the pack's table gives a vague word (`24..100`; an empty side is no bound)."""
    low, _, high = table.get(text, table.get(text.rstrip("s") + "s", "")).partition("..")
    return int(low) if low else None, int(high) if high else None
