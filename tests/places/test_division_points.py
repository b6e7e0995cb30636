"""The points of first-level divisions: from their outlines, where the outlines can be trusted."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from inventory import load_rulebook, mentions

FOLDER = Path(__file__).resolve().parents[2] / "rules" / "places"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    sys.path.insert(0, str(FOLDER))
    try:
        spec = importlib.util.spec_from_file_location("compile_divisions", FOLDER / "compile_divisions.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(FOLDER))
    return module


def write_outlines(path: Path, shapes: dict[str, list[tuple[int, int, int]]]) -> Path:
    """A TopoJSON file of squares (west, south, side)."""
    arcs: list[list[list[int]]] = []
    geometries = []
    for name, squares in shapes.items():
        polygons = []
        for west, south, side in squares:
            polygons.append([[len(arcs)]])
            arcs.append([[west, south], [side, 0], [0, side], [-side, 0], [0, -side]])
        geometries.append({"type": "MultiPolygon", "arcs": polygons, "properties": {"name": name}})
    data = {
        "type": "Topology",
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": arcs,
        "objects": {"xxx": {"type": "GeometryCollection", "geometries": geometries}},
    }
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_a_division_stands_at_the_centre_of_its_land(script: ModuleType, tmp_path: Path) -> None:
    found = script.read_divisions(write_outlines(tmp_path / "swe.topo.json", {"Östra Län": [(10, 0, 2), (20, 0, 8)], "Väst": [(0, 0, 2)]}))
    assert script.find_point("Vast Province", "SWE", {"SWE": found}) == pytest.approx((1, 1), abs=0.01)
    assert script.find_point("Östra län", "SWE", {"SWE": found}) == pytest.approx((4, 24), abs=0.05)


def test_scattered_redrawn_and_unknown_ones_keep_their_points(script: ModuleType, tmp_path: Path) -> None:
    found = script.read_divisions(
        write_outlines(tmp_path / "x.topo.json", {"Isles": [(0, 0, 2), (9, 0, 2)], "Plain": [(0, 0, 2)], "Other Plain": [(5, 5, 2)]})
    )
    assert script.find_point("Isles", "SWE", {"SWE": found}) is None
    assert script.find_point("Hills", "SWE", {"SWE": found}) is None
    assert script.find_point("Plain", "COD", {"COD": found}) is None
    assert script.find_point("Upper Plain", "SWE", {"SWE": found}) is None


def test_a_name_that_stands_twice_is_not_trusted(script: ModuleType, tmp_path: Path) -> None:
    found = script.read_divisions(write_outlines(tmp_path / "x.topo.json", {"Punta": [(0, 0, 2)], "Púnta": [(5, 5, 2)]}))
    assert not found


def test_a_kind_of_division_may_have_a_small_letter() -> None:
    book = load_rulebook()
    for text in ("Two soldiers died in Zaire Province in Angola.", "Two soldiers died in Zaire province in Angola."):
        assert next((m.id, m.country) for m in mentions(text, book) if m.type == "place") == ("adm1-AO.16", "AGO")
