"""The scorer and the reader of expectations: what counts as right, missed, invented and wrong."""

from __future__ import annotations

import datetime as dt
import json
import random
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from inventory.assign import assign
from inventory.cli import app
from inventory.evaluate import Tally, check_fields, compare, evaluate, is_candidate
from inventory.gold import GoldError, GoldFact, read_gold
from inventory.model import Fact

TEXT = "Moscow has stationed 12 Su-35s at Tartus."
BLANK: dict[str, Any] = dict.fromkeys(Fact._fields)
PLAIN: dict[str, Any] = BLANK | {
    "fact_id": "FAAAA", "kind": "equipment", "item": "Su-35", "item_id": "su-35", "item_text": "Su-35s", "count_min": 12, "count_max": 12,
    "count_basis": "exact", "actor": "Russia", "actor_id": "RUS", "place": "Tartus", "place_text": "Tartus", "country": "SYR",
    "date_start": dt.date(2022, 3, 1), "status": "deployed", "modality": "asserted", "confidence": 0.9, "rules": "r", "evidence": TEXT,
    "start": 24, "end": 30, "slots": {}, "doc_id": "a", "text_sha256": "", "rulebook": "",
}  # fmt: skip
EXPECTED: dict[str, tuple[Any, ...]] = {
    "count_min": (12,), "count_max": (12,), "actor_id": ("RUS",), "place": ("Tartus",), "country": ("SYR",), "date_start": ("2022-03-01",),
    "status": ("based", "deployed"), "modality": ("asserted",),
}  # fmt: skip
WANTED: dict[str, Any] = {
    "doc_id": "a", "start": 24, "end": 30, "words": "Su-35s", "kinds": ("equipment",), "names": ("Su-35",), "expected": EXPECTED,
}  # fmt: skip


def fact(**changes: Any) -> Fact:
    return Fact(**(PLAIN | changes))


def gold(**changes: Any) -> GoldFact:
    return GoldFact(**(WANTED | changes))


def test_a_perfect_result_scores_one() -> None:
    scores = evaluate([gold()], [fact()])
    assert (scores.f1, scores.core_share, scores.errors) == (1.0, 1.0, ())
    assert all(tally.f1 == 1.0 for tally in (*scores.kinds.values(), *scores.fields.values()))


def test_nothing_expected_and_nothing_found_scores_one() -> None:
    assert evaluate([], []).f1 == 1.0


def test_a_wrong_field_is_counted_and_breaks_the_core() -> None:
    scores = evaluate([gold()], [fact(place="Latakia", place_text="Latakia")])
    assert scores.f1 == 1.0
    assert scores.core_share == 0.0
    assert scores.fields["place"] == Tally(0, 1, 1)
    assert [(error.cause, error.field, error.expected, error.got) for error in scores.errors] == [("wrong", "place", "Tartus", "Latakia")]


def test_a_wrong_field_outside_the_core_leaves_the_core_right() -> None:
    scores = evaluate([gold()], [fact(date_start=None)])
    assert scores.core_share == 1.0
    assert scores.fields["date_start"] == Tally(0, 1, 0)


def test_a_missed_fact_lowers_recall_and_counts_in_each_of_its_fields() -> None:
    scores = evaluate([gold(), gold(start=0, end=6, words="Moscow")], [fact()])
    assert (scores.facts.precision, scores.facts.recall) == (1.0, 0.5)
    assert scores.core_share == 0.5
    assert scores.fields["place"] == Tally(1, 2, 1)
    assert [error.words for error in scores.errors_of("missed")] == ["Moscow"]


def test_an_invented_fact_lowers_precision() -> None:
    scores = evaluate([gold()], [fact(), fact(start=0, end=6, item_text="Moscow", item="Moscow", kind="unit")])
    assert (scores.facts.precision, scores.facts.recall) == (0.5, 1.0)
    assert [error.got for error in scores.errors_of("invented")] == ["unit Moscow"]
    assert scores.kinds["unit"] == Tally(0, 0, 1)


def test_a_second_row_for_the_same_item_is_invented() -> None:
    assert len(evaluate([gold()], [fact(), fact(count_min=1)]).errors_of("invented")) == 1


@pytest.mark.parametrize("facts", [[], [fact(place=None, place_text=None)]])
def test_an_optional_fact_counts_for_neither(facts: list[Fact]) -> None:
    scores = evaluate([gold(optional=True)], facts)
    assert (scores.facts, scores.errors) == (Tally(0, 0, 0), ())


def test_a_required_fact_is_paired_before_an_optional_one() -> None:
    loose = gold(expected={}, optional=False)
    scores = evaluate([gold(optional=True), loose], [fact()])
    assert scores.facts == Tally(1, 1, 1)


@pytest.mark.parametrize(
    ("changes", "possible"),
    [
        ({}, True),
        ({"start": 29, "end": 35}, True),
        ({"start": 30, "end": 36}, False),
        ({"kind": "unit"}, False),
        ({"item": "Su-34", "item_text": "Su-34s"}, False),
        ({"item": "fighter aircraft", "item_text": "Su-35s"}, True),
    ],
)
def test_what_can_stand_for_an_expectation(changes: dict[str, Any], possible: bool) -> None:
    assert is_candidate(gold(), fact(**changes)) is possible


def test_other_words_may_name_the_item() -> None:
    assert is_candidate(gold(other_spans=((21, 23),)), fact(start=21, end=23, item_text="12"))


def test_a_class_noun_does_not_stand_for_a_type() -> None:
    assert check_fields(gold(), fact(item="fighter aircraft"))["item"] is False


def test_pairing_takes_the_most_fields_right() -> None:
    three, four = gold(expected={"count_min": (3,)}), gold(expected={"count_min": (4,)})
    scores = evaluate([three, four], [fact(count_min=4), fact(count_min=3)])
    assert scores.errors == ()


@pytest.mark.parametrize(
    ("field", "accepted", "changes", "right"),
    [
        ("place", ("Idlib",), {"place": "Idlib Governorate"}, True),
        ("place", ("Guinea",), {"place": "Equatorial Guinea", "place_text": None}, False),
        ("place", (None,), {"place": None, "place_text": "the country"}, True),
        ("place", (None,), {}, False),
        ("place", ("Tartus",), {"place": None, "place_text": None}, False),
        ("claimant", ("Western diplomat",), {"claimant": None, "claimant_text": "a Western diplomat"}, True),
        ("claimant", ("diplomat",), {}, False),
        ("unit", ("45 Commando",), {"unit": "45 Commando Royal Marines"}, True),
        ("status", ("sunk", "destroyed"), {"status": "sunk"}, True),
        ("count_max", (None,), {"count_max": 0}, False),
        ("count_max", (0,), {"count_max": 0}, True),
        ("probability_min", (0.55,), {"probability_min": 0.55}, True),
        ("date_start", ("2022-03-01",), {}, True),
    ],
)
def test_when_a_field_is_right(field: str, accepted: tuple[Any, ...], changes: dict[str, Any], right: bool) -> None:
    name = "count" if field.startswith("count_m") else field
    assert check_fields(gold(expected={field: accepted}), fact(**changes))[name] is right


def test_a_field_that_may_be_empty_is_only_judged_when_filled() -> None:
    either = gold(expected={"place": ("Tartus", None)})
    assert evaluate([either], [fact(place=None, place_text=None)]).fields["place"] == Tally(0, 0, 0)
    assert evaluate([either], [fact()]).fields["place"] == Tally(1, 1, 1)
    assert evaluate([either], [fact(place="Homs", place_text="Homs")]).fields["place"] == Tally(0, 0, 1)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=1, max_size=4)))
def test_pairing_is_the_best_there_is(weights: list[list[int]]) -> None:
    rows, columns = len(weights), len(weights[0])
    pairs = assign(weights)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(weights[row][column] for row, column in pairs)
    size = max(rows, columns)
    square = [[weights[row][column] if row < rows and column < columns else 0 for column in range(size)] for row in range(size)]
    best = max(sum(square[row][column] for row, column in enumerate(order)) for order in permutations(range(size)))
    assert sum(weights[row][column] for row, column in pairs) == best


some_gold = st.builds(
    lambda doc, at, count, optional: gold(doc_id=doc, start=at, end=at + 6, expected={"count_min": (count,)}, optional=optional),
    st.sampled_from("ab"), st.sampled_from([24, 27, 40]), st.integers(1, 3), st.booleans(),
)  # fmt: skip
some_fact = st.builds(
    lambda doc, at, count: fact(doc_id=doc, start=at, end=at + 6, count_min=count),
    st.sampled_from("ab"), st.sampled_from([24, 27, 40]), st.integers(1, 3),
)  # fmt: skip


@given(st.lists(some_gold, max_size=7), st.lists(some_fact, max_size=7), st.randoms(use_true_random=False))
def test_order_does_not_matter(wanted: list[GoldFact], found: list[Fact], chance: random.Random) -> None:
    scores = evaluate(wanted, found)
    assert evaluate(chance.sample(wanted, len(wanted)), chance.sample(found, len(found))) == scores
    assert scores.facts.right <= min(scores.facts.expected, scores.facts.given)
    assert scores.facts.expected == sum(not one.optional for one in wanted)


def test_comparing_shows_what_is_gone_and_what_is_new() -> None:
    before = evaluate([gold()], [fact(status="mentioned")]).to_json()
    now = evaluate([gold()], [fact(actor=None, actor_id=None)])
    change = compare(now.errors, json.loads(json.dumps(before))["errors"])
    assert [error.field for error in change.gains] == ["status"]
    assert [error.field for error in change.losses] == ["actor"]


# ---------------------------------------------------------------------------------------------- expectations


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.txt").write_text(TEXT + " The Su-35s arrived on Monday.", encoding="utf-8")
    return tmp_path


def expect(folder: Path, body: str, name: str = "base") -> Path:
    path = folder / f"{name}.expected.yaml"
    path.write_text(body, encoding="utf-8")
    return path


def test_expectations_are_typed_and_found_in_the_text(folder: Path) -> None:
    columns = "count_min: 12, place: [Tartus, null], date_start: 2022-03-01"
    expect(folder, f"facts:\n  - {{words: [Su-35s, '12'], nth: 2, kind: equipment, item: Su-35, {columns}}}\n")
    [one] = read_gold([folder]).facts
    assert (one.doc_id, one.start, one.other_spans) == ("base.txt", 46, ((21, 23),))
    assert one.expected == {"count_min": (12,), "place": ("Tartus", None), "date_start": ("2022-03-01",)}


def test_a_document_without_facts_is_listed(folder: Path) -> None:
    gold_set = read_gold([expect(folder, "no_fact: true\n")])
    assert (gold_set.facts, gold_set.empty) == ([], ["base.txt"])


def test_documents_are_named_by_what_they_show(folder: Path) -> None:
    (folder / "two.jsonl").write_text('{"id": "base.txt", "text": "Rain."}\n{"id": "b", "text": "Snow."}\n', encoding="utf-8")
    expect(folder, "no_fact: true\nphenomena: {base.txt: [trap]}\n")
    expect(folder, "no_fact: true\nphenomena: {base.txt: [weather, trap, weather]}\n", "two")
    gold_set = read_gold([folder])
    assert gold_set.phenomena == {"base.txt": ("trap",), "base.txt~2": ("weather", "trap")}
    assert gold_set.empty == ["base.txt", "base.txt~2", "b"]


def test_documents_of_the_same_name_keep_apart(folder: Path) -> None:
    (folder / "below").mkdir()
    (folder / "below" / "base.txt").write_text(TEXT, encoding="utf-8")
    expect(folder, "no_fact: true\n")
    expect(folder / "below", "facts:\n  - {words: Su-35s, kind: equipment, item: Su-35}\n")
    gold_set = read_gold([folder])
    assert [document.doc_id for document in gold_set.documents] == ["base.txt", "base.txt~2"]
    assert {fact.doc_id for fact in gold_set.facts} | set(gold_set.empty) == {"base.txt", "base.txt~2"}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "write facts: or no_fact: true"),
        ("facts: []\nno_fact: true\n", "either facts or no_fact"),
        ("fact: []\n", "unknown key 'fact'"),
        ("no_fact: true\nphenomena: [trap]\n", "write phenomena: {ID"),
        ("no_fact: true\nphenomena: {other: [trap]}\n", "phenomena of 'other', which is no document here"),
        ("no_fact: true\nphenomena: {base.txt: trap}\n", "phenomena of 'base.txt' is no list of names"),
        ("facts: text\n", "facts is no list"),
        ("facts: [text]\n", "a fact is no list"),
        ("facts: [{words: Su-35s, kind: equipment}]\n", "without 'item'"),
        ("facts: [{words: Su-35s, kind: plane, item: Su-35}]\n", "unknown kind plane"),
        ("facts: [{words: Su-57s, kind: equipment, item: Su-57}]\n", "'Su-57s' stands 0 times"),
        ("facts: [{words: Su-35s, nth: 3, kind: equipment, item: Su-35}]\n", "'Su-35s' stands 2 times"),
        ("facts: [{words: Su-35s, nth: no, kind: equipment, item: Su-35}]\n", "nth is no number"),
        ("facts: [{words: Su-35s, kind: equipment, item: Su-35, colour: red}]\n", "unknown key 'colour'"),
        ("facts: [{words: Su-35s, kind: equipment, item: Su-35, status: parked}]\n", "status cannot be 'parked'"),
        ("facts: [{words: Su-35s, kind: equipment, item: Su-35, count_min: dozen}]\n", "count_min is no int"),
        ("facts: [{words: Su-35s, kind: equipment, item: Su-35, optional: maybe}]\n", "neither true nor false"),
        ("facts: [{words: Su-35s, doc: other, kind: equipment, item: Su-35}]\n", "doc 'other' is no document here"),
        ("facts: [{words: [], kind: equipment, item: Su-35}]\n", "an empty list"),
        ("facts: [\n", "not valid YAML"),
    ],
)
def test_a_fault_names_the_file_and_the_mend(folder: Path, body: str, message: str) -> None:
    with pytest.raises(GoldError, match=r"base\.expected\.yaml:\d+:\d+: .* — ") as caught:
        read_gold([expect(folder, body)])
    assert message in str(caught.value)


def test_expectations_need_their_document(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="no document of this name"):
        read_gold([expect(tmp_path, "no_fact: true\n")])
    with pytest.raises(GoldError, match="there is no such file"):
        read_gold([tmp_path / "gone.expected.yaml"])


def test_the_command_prints_saves_and_compares(folder: Path) -> None:
    expect(folder, "facts:\n  - {words: Su-35s, kind: equipment, item: Su-35, count_min: 12}\n")
    saved = folder / "before.json"
    first = CliRunner().invoke(app, ["evaluate", str(folder), "-o", str(saved)])
    assert first.exit_code == 0, first.output
    assert "core (count, actor, place, status, modality all right)" in first.output
    assert json.loads(saved.read_text(encoding="utf-8"))["facts"]["expected"] == 1
    second = CliRunner().invoke(app, ["evaluate", str(folder), "--against", str(saved), "--errors"])
    assert second.exit_code == 0
    assert "F1 +0.000, core +0.000, 0 errors gone, 0 new" in second.output


@pytest.mark.parametrize("content", ["{}", "[]", "text", '{"errors": [], "facts": {}, "core_share": 1}'])
def test_the_command_refuses_a_baseline_that_is_none(folder: Path, content: str) -> None:
    expect(folder, "no_fact: true\n")
    bad = folder / "bad.json"
    bad.write_text(content, encoding="utf-8")
    result = CliRunner().invoke(app, ["evaluate", str(folder), "--against", str(bad)])
    assert "is no saved result" in str(result.exception)
