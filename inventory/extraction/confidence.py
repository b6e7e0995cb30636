"""How surely a row is right: a product of factors, mapped to the share of such rows that were right in the project's gold."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

# Factors of the product; documented in docs/facts.md. Set by judgement: they order the rows, the table gives the level.
SCORES = {
    "weak": 0.85,
    "generic": 0.95,
    "unknown-designator": 0.6,
    "inherited-actor": 0.8,
    "inferred-actor": 0.75,
    "inherited-place": 0.75,
    "ambiguous-place": 0.8,
    "no-status": 0.3,
    "unresolved-place": 0.9,
    "empty-actor": 0.6,
    "empty-place": 0.8,
    "empty-count": 0.8,
    "formation": 0.6,
}
_FLAGS = {"weak-name": "weak"}
Points = tuple[tuple[float, float], ...]
# The table of a words file (rules/confidence.yaml) that maps the product; without it the product is the confidence.
TABLE = "confidence"


def list_factors(columns: Mapping[str, Any]) -> list[tuple[str, float]]:
    """The factors that are not 1, by name, of a row given as column → value."""
    flags = columns["flags"]
    names = [_FLAGS.get(flag, flag) for flag in dict.fromkeys(flags.split())] if flags else []
    if columns["actor"] is None and columns["actor_text"] is None:
        names.append("empty-actor")
    if columns["place"] is None and columns["place_text"] is None:
        names.append("empty-place")
    if columns["count_min"] is None and columns["count_max"] is None:
        names.append("empty-count")
    if columns["kind"] == "unit":
        names.append("formation")
    return [(name, SCORES[name]) for name in names if name in SCORES]


def reckon_confidence(score: float, columns: Mapping[str, Any], table: Mapping[str, str]) -> float:
    """The confidence, 0–1, of a row: its lowest link score times its factors, mapped through `table` (product → confidence)."""
    return reckon_level(score, columns, read_points(table.items()))


def reckon_level(score: float, columns: Mapping[str, Any], points: Points) -> float:
    """As :func:`reckon_confidence`, with the table's points read before."""
    for _, factor in list_factors(columns):
        score *= factor
    return round(_level_at(score, points), 3)


def read_points(table: Iterable[tuple[str, str]]) -> Points:
    """The points of a table, from low to high. That they rise is checked where the rules are read."""
    return tuple(sorted((float(at), float(value)) for at, value in table))


def map_product(product: float, table: Iterable[tuple[str, str]]) -> float:
    """The value of a table of points at `product`, straight between points and level outside them; `product` itself without points."""
    return _level_at(product, read_points(table))


def _level_at(product: float, points: Points) -> float:
    if not points:
        return product
    index = bisect_right(points, (product, 1.0))
    if index in (0, len(points)):
        return points[max(index - 1, 0)][1]
    (left, low), (right, high) = points[index - 1], points[index]
    return low + (high - low) * (product - left) / (right - left)
