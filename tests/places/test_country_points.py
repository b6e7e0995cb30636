"""The points of states: centres of area where that says something, the mapping agency's elsewhere."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from inventory import load_rulebook

SCRIPT = Path(__file__).resolve().parents[2] / "rules" / "places" / "compile_countries.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("compile_countries", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def square(west: float, south: float, side: float) -> list[tuple[float, float]]:
    return [(west, south), (west + side, south), (west + side, south + side), (west, south + side), (west, south)]


def test_centre_of_a_square(script: ModuleType) -> None:
    area, (lat, lon) = script.centre(square(10, -1, 2))
    assert (lat, lon) == pytest.approx((0, 11), abs=1e-6)
    assert area == pytest.approx((3.14159 / 90) ** 2, rel=1e-3)


def test_a_ring_may_cross_the_date_line(script: ModuleType) -> None:
    ring = [(x if x <= 180 else x - 360, y) for x, y in square(178, -1, 4)]
    lat, lon = script.centre(ring)[1]
    assert (lat, abs(lon)) == pytest.approx((1, 180), abs=0.01)


def test_one_piece_takes_its_own_centre(script: ModuleType) -> None:
    assert script.choose_point([square(0, 0, 10), square(20, 0, 1)], (1.0, 1.0)) == pytest.approx((5, 5), abs=0.1)


def test_scattered_land_takes_the_agencys_point(script: ModuleType) -> None:
    assert script.choose_point([square(0, 0, 10), square(20, 0, 9)], (1.0, 1.0)) == (1.0, 1.0)
    assert script.choose_point([square(0, 0, 10), square(20, 0, 9)], None) is None


def test_a_centre_outside_the_land_is_not_taken(script: ModuleType) -> None:
    horseshoe = [(0.0, 0.0), (10.0, 0.0), (10.0, 1.0), (1.0, 1.0), (1.0, 9.0), (10.0, 9.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]
    assert script.choose_point([horseshoe], (0.5, 0.5)) == (0.5, 0.5)


def test_the_shipped_points_follow_the_agency_where_land_is_scattered(script: ModuleType) -> None:
    agency = script.read_points(SCRIPT.parent / "country-points.tsv")
    actors = load_rulebook().actors
    for iso2, ident in (("US", "USA"), ("ID", "IDN"), ("CA", "CAN"), ("VN", "VNM")):
        assert (actors[ident].lat, actors[ident].lon) == pytest.approx(agency[iso2], abs=0.01)
