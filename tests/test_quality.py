"""Views of a result: phenomena, causes, reliability; the table of confidence; floors."""

from __future__ import annotations

import runpy
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from inventory.api import extract
from inventory.cli import app
from inventory.evaluate import Error, evaluate
from inventory.extraction.confidence import list_factors, map_product, reckon_confidence
from inventory.gold import read_gold
from inventory.quality import (
    Judged,
    check_floors,
    fit_table,
    group_errors,
    judge_facts,
    measure_figures,
    measure_reliability,
    raise_floors,
    score_phenomena,
)
from inventory.rulebook.book import Rulebook
from inventory.rulebook.files import read_file
from inventory.rulebook.load import load_rulebook

ROOT = Path(__file__).parents[1]
DOCUMENTS = """\
{"id": "a", "text": "Poland deployed 12 Leopard 2 tanks to Orzysz."}
{"id": "b", "text": "Estonia sent 5 howitzers to Tapa."}
{"id": "c", "text": "Russia moved 3 T-72 tanks to Luga."}
{"id": "d", "text": "The minister spoke about Hamlet."}
"""
EXPECTED = """\
facts:
  - {doc: a, words: Leopard 2 tanks, kind: equipment, item: Leopard 2, count_min: 12, count_max: 12, actor_id: POL}
  - {doc: b, words: howitzers, kind: equipment, item: howitzer, count_min: 7, count_max: 7}
  - {doc: c, words: T-72 tanks, kind: equipment, item: T-72, optional: true}
  - {doc: a, words: Orzysz, kind: unit, item: Orzysz}
phenomena: {a: [plain, shared], b: [shared], d: [trap]}
"""
BLANK: dict[str, Any] = {
    "flags": None,
    "actor": "x",
    "actor_text": None,
    "place": "y",
    "place_text": None,
    "count_min": 1,
    "count_max": 1,
    "kind": "equipment",
}


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.jsonl").write_text(DOCUMENTS, encoding="utf-8")
    (tmp_path / "one.expected.yaml").write_text(EXPECTED, encoding="utf-8")
    return tmp_path


def test_a_document_counts_under_each_of_its_phenomena(folder: Path, book: Rulebook) -> None:
    gold = read_gold([folder])
    facts = list(extract(gold.documents, book))
    found = score_phenomena(gold, facts)
    assert list(found) == ["plain", "shared", "trap"]
    assert [(one.facts.right, one.facts.expected) for one in found.values()] == [(1, 2), (2, 3), (0, 0)]
    assert measure_figures(gold, facts, evaluate(gold.facts, facts))["traps"] == 1.0


def test_rows_for_optional_expectations_are_not_judged(folder: Path, book: Rulebook) -> None:
    gold = read_gold([folder])
    judged = {one.doc_id: (one.matched, one.right) for one in judge_facts(gold, extract(gold.documents, book))}
    assert judged == {"a": (True, True), "b": (True, False)}


def test_errors_are_grouped_by_cause_and_field() -> None:
    errors = [Error("a", 1, 2, "x", "wrong", "place"), Error("a", 3, 4, "y", "invented"), Error("b", 1, 2, "z", "wrong", "actor")]
    errors += [Error("c", 1, 2, "w", "wrong", "place"), Error("c", 5, 6, "v", "missed")]
    assert [(one.name, len(one.errors)) for one in group_errors(errors)] == [
        ("missed", 1),
        ("invented", 1),
        ("wrong place", 2),
        ("wrong actor", 1),
    ]


def test_command_prints_phenomena_causes_and_confidence(folder: Path) -> None:
    result = CliRunner().invoke(app, ["evaluate", str(folder), "--by", "--calibration", "--examples", "1"])
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    shared = next(line.split() for line in lines if line.startswith("shared "))
    assert shared[1:] == ["1.000", "0.667", "0.800", "0.333", "2", "3", "2", "2"]
    assert next(line.split() for line in lines if line.startswith("trap "))[1:5] == ["–"] * 4
    assert lines[lines.index(next(line for line in lines if line.startswith("wrong count "))) + 1].startswith("  b:")
    header = next(index for index, line in enumerate(lines) if line.startswith("confidence "))
    bins = [line.split() for line in lines[header + 1 :] if "–" in line]
    assert sum(int(one[1]) for one in bins) == 2
    assert lines[-1].startswith("mean distance from the share right")


def test_reliability_of_a_known_result() -> None:
    rows = [Judged("a", 0.25, True, True), Judged("a", 0.25, True, False), Judged("b", 1.0, True, True), Judged("b", 0.95, False, False)]
    found = measure_reliability(rows)
    assert [(one.low, one.rows, one.confidence, one.right, one.matched) for one in found.bins] == [
        (0.2, 2, 0.25, 0.5, 1.0),
        (0.9, 2, 0.975, 0.5, 0.5),
    ]
    assert found.error == pytest.approx((2 * 0.25 + 2 * 0.475) / 4)
    assert found.brier_constant == 0.25


def test_reliability_of_nothing() -> None:
    assert measure_reliability([]).bins == ()


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.35, 0.5, 0.8, 1.0]), st.booleans()), max_size=80), st.integers(1, 30))
def test_a_fitted_table_rises_and_stays_within_zero_and_one(products: list[tuple[float, bool]], least: int) -> None:
    points = sorted(fit_table(products, least).items())
    assert all(low[1] < high[1] for low, high in pairwise(points))
    assert all(0 < value < 1 for _, value in points)
    assert len(points) <= max(1, len(products) // least)
    assert bool(points) == bool(products)


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_shipped_table_keeps_the_order(one: float, other: float) -> None:
    table = tuple(yaml.safe_load((ROOT / "rules/confidence.yaml").read_text(encoding="utf-8"))["tables"]["confidence"].items())
    low, high = sorted((one, other))
    assert 0 <= map_product(low, table) <= map_product(high, table) <= 1


def test_points_are_joined_by_straight_lines_and_level_outside() -> None:
    table = (("0.2", "0.1"), ("0.6", "0.5"))
    assert [map_product(at, table) for at in (0.0, 0.2, 0.4, 0.6, 1.0)] == pytest.approx([0.1, 0.1, 0.3, 0.5, 0.5])
    assert map_product(0.7, ()) == 0.7


def test_what_is_empty_or_doubtful_lowers_the_product() -> None:
    assert list_factors(BLANK) == []
    row = BLANK | {"flags": "weak-name generic gazetteer-actor", "actor": None, "place": None, "count_max": None, "kind": "unit"}
    assert [name for name, _ in list_factors(row)] == ["weak", "generic", "empty-actor", "empty-place", "formation"]
    assert reckon_confidence(0.9, BLANK | {"flags": "generic"}, {}) == 0.855
    assert reckon_confidence(0.9, BLANK | {"flags": "generic"}, {"0.5": "0.2", "0.9": "0.6"}) == 0.555


@pytest.mark.parametrize(
    ("points", "wanted"), [('"0.2": "0.5", "0.6": "0.4"', "must rise"), ('"0.2": "high"', "no number"), ('"0.2": "1.2"', "must rise")]
)
def test_a_table_that_falls_is_a_fault_of_the_rules(tmp_path: Path, points: str, wanted: str) -> None:
    (tmp_path / "mine.yaml").write_text(f"words: confidence\ntables:\n  confidence: {{{points}}}\n", encoding="utf-8")
    _, faults = read_file(tmp_path / "mine.yaml", "mine.yaml", "mine")
    assert [wanted in str(fault) for fault in faults] == [True]
    assert str(faults[0]).startswith("mine.yaml:3:")


def test_floors_are_held_and_only_go_up() -> None:
    assert check_floors({"f1": 0.79}, {"f1": 0.8, "core": 0.1}) == [
        "f1 is 0.790, below its floor 0.8",
        "core is 0.000, below its floor 0.1",
    ]
    assert check_floors({"f1": 0.8}, {"f1": 0.8}) == []
    assert raise_floors({"f1": 0.9, "core": 0.3}, {"f1": 0.7, "core": 0.4}, 0.005) == {"f1": 0.895, "core": 0.4}


def test_every_set_of_the_script_has_its_floors() -> None:
    script = runpy.run_path(str(ROOT / "scripts/quality.py"))
    floors = yaml.safe_load((ROOT / "tests/floors.yaml").read_text(encoding="utf-8"))
    assert floors.keys() == script["SETS"].keys()
    assert all(one.keys() == {"f1", "core", "traps"} for one in floors.values())
