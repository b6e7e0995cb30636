"""Coordinates: decimal, signed, degrees and minutes, MGRS; none where there is no such point."""

from __future__ import annotations

import mgrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.extraction.coordinates import read_coordinates
from inventory.extraction.rows import list_mentions
from inventory.model import Document
from inventory.rulebook.load import load_rulebook

BOOK = load_rulebook()


def points(text: str) -> list[tuple[float, float]]:
    rows = [row for row in list_mentions(Document(text), BOOK) if row.type == "coordinate"]
    return [(float(row.value.split(",")[0]), float(row.value.split(",")[1])) for row in rows if row.value]


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("Seen at 68.97N 33.08E, moored.", (68.97, 33.08)),
        ("Seen at 33.5\u00b0 S, 70.6\u00b0 W today.", (-33.5, -70.6)),
        ("Geolocated to 48.0491, 37.8091 by us.", (48.0491, 37.8091)),
        ("Geolocated to -33.8688, 151.2093 by us.", (-33.8688, 151.2093)),
        ("Geolocated to \u221233.8688, 151.2093 by us.", (-33.8688, 151.2093)),
        ("Seen at 48\u00b030'00\"N 37\u00b015'00\"E now.", (48.5, 37.25)),
        ("Seen at 48\u00b030\u203200\u2033N, 37\u00b015\u203200\u2033E now.", (48.5, 37.25)),
        ("Seen at 33\u00b030'S 70\u00b030'W now.", (-33.5, -70.5)),
        ("Wrecks at 37U DP 11250 22440 and more.", (48.04907, 37.80912)),
        ("Wrecks at 37UDP1125022440 and more.", (48.04907, 37.80912)),
    ],
)
def test_reads(text: str, point: tuple[float, float]) -> None:
    assert points(text) == [pytest.approx(point, abs=1e-4)]


@pytest.mark.parametrize(
    "text",
    [
        "Seen at 95.97N 33.08E, moored.",
        "Geolocated to 95.1234, 37.8091 by us.",
        "Geolocated to 48.0491, 187.8091 by us.",
        "From 3.5, 4.25 points on.",
        "Seen at 48\u00b075'00\"N 37\u00b015'00\"E now.",
        "Seen at 48\u00b030'61\"N 37\u00b015'00\"E now.",
        "Turned 48\u00b0 to port.",
        "The 37U team met.",
        "Wrecks at 37U AA 00000 00000 and more.",
        "Wrecks at 32X MH 1234 1234 and more.",
        "Wrecks at 37U ZZ 1111 1111 and more.",
        "Wrecks at 61U DP 1111 1111.",
    ],
)
def test_no_such_point(text: str) -> None:
    assert points(text) == []


def test_empty_groups_are_no_point() -> None:
    assert read_coordinates("decimal", {}) is None
    assert read_coordinates("mgrs", {"mgrs": "37U"}) is None
    assert read_coordinates("mgrs", {"mgrs": ""}) is None


@given(st.floats(-90, 90), st.floats(-180, 180))
@settings(max_examples=50, deadline=None)
def test_signed_degrees_are_read_back(lat: float, lon: float) -> None:
    assert points(f"Geolocated to {lat:.5f}, {lon:.5f} by us.") == [pytest.approx((round(lat, 5), round(lon, 5)), abs=1e-9)]


# Off the lines between zones and bands, where the writer rounds a point into the neighbour.
@given(st.integers(-79, 83), st.integers(-180, 179), st.floats(0.1, 0.9))
@settings(max_examples=100, deadline=None)
def test_mgrs_is_read_back(south: int, west: int, inside: float) -> None:
    lat, lon = south + inside, west + inside
    reference = mgrs.MGRS().toMGRS(lat, lon)
    point = read_coordinates("mgrs", {"mgrs": reference})
    assert point is not None
    assert point == pytest.approx((lat, lon), abs=2e-3 if abs(lat) > 80 else 1e-3)
