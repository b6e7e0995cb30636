"""A reviewed workbook enters the log once, whole or not at all, and can be undone."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from review_support import make_fact, row_of, save_run, write_review

from inventory.reconcile.words import fold_words
from inventory.review.errors import ReviewError, WorkbookError
from inventory.review.imports import ImportReport, import_review
from inventory.review.log import adjudicate, undo_import, write_log
from inventory.store import Store, StoreLocked

NOW = dt.datetime(2022, 2, 9, 8, 0, tzinfo=dt.UTC)
ONE, TWO, THREE = (make_fact(number) for number in (1, 2, 3))


def hand_in(store: Store, path: Path, rows: list[dict[str, Any]], after: int = 0, **options: Any) -> ImportReport:
    """Import a workbook of these rows `after` minutes after the first."""
    options.setdefault("reviewer", "Ana")
    return import_review(store, write_review(path, rows), now=NOW + dt.timedelta(minutes=after), **options)


def say(number: int, decision: str, **cells: Any) -> dict[str, Any]:
    return {**row_of(make_fact(number)), "decision": decision, **cells}


def verdict(store: Store, number: int) -> str | None:
    standing = fold_words(store.decisions()).get(make_fact(number).fact_id)
    return standing.verdict if standing is not None else None


@pytest.fixture(autouse=True)
def desk(store: Store) -> None:
    save_run(store, [ONE, TWO, THREE], "2022-02-08T05:00:00+00:00")


def test_good_rows_enter_the_log_and_the_workbook_is_kept(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    told = hand_in(store, path, [say(1, "accept"), say(2, "no"), say(3, "correct", corrected_count_max="20", comment="seen")])
    assert [word.decision for word in told.taken] == ["accept", "correct"]
    assert [(reject.row, reject.column) for reject in told.rejects] == [(3, "decision")]
    assert store.read_import(told.sha256) == path.read_bytes()
    assert store.decisions() == list(told.taken)
    last = store.decisions()[-1]
    assert (last.corrections, last.comment, last.reviewer, last.base_run, last.row) == (
        {"count_max": "20"},
        "seen",
        "Ana",
        "20220208T050000Z",
        4,
    )
    assert store.verify_chain() == []


def test_the_same_file_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    rows = [say(1, "accept"), say(2, "reject"), say(3, "clear")]
    hand_in(store, tmp_path / "r.xlsx", rows)
    before = store.log()
    again = import_review(store, tmp_path / "r.xlsx", now=NOW + dt.timedelta(days=1), reviewer="Ana")
    assert (again.taken, again.unchanged) == ((), 3)
    assert store.log() == before
    # Saved by another program: other bytes, the same words.
    other = hand_in(store, tmp_path / "other.xlsx", [*rows[:2], row_of(make_fact(3))], 5)
    assert other.sha256 != again.sha256
    assert (other.taken, other.unchanged) == ((), 2)


def test_an_old_file_does_not_bring_an_old_word_back(store: Store, tmp_path: Path) -> None:
    hand_in(store, tmp_path / "a.xlsx", [say(1, "accept")])
    hand_in(store, tmp_path / "b.xlsx", [say(1, "reject")], 1)
    import_review(store, tmp_path / "a.xlsx", now=NOW + dt.timedelta(minutes=2), reviewer="Ana")
    assert verdict(store, 1) == "rejected"
    # Of words that say when, the later stands, in whichever order they come.
    hand_in(store, tmp_path / "c.xlsx", [say(2, "accept", reviewed_at="2022-02-09")], 3)
    late = hand_in(store, tmp_path / "d.xlsx", [say(2, "reject", reviewed_at="2022-02-08")], 4)
    assert late.outdated == 1
    assert verdict(store, 2) == "accepted"


def test_a_dry_run_writes_nothing(store: Store, tmp_path: Path) -> None:
    told = hand_in(store, tmp_path / "r.xlsx", [say(1, "accept"), say(2, "no")], dry_run=True)
    assert (len(told.taken), len(told.rejects)) == (1, 1)
    assert store.log() == []
    assert store.imports() == []


def test_a_damaged_workbook_is_kept_and_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    path.write_bytes(b"PK\x03\x04 nonsense")
    with pytest.raises(WorkbookError, match="damaged"):
        import_review(store, path, now=NOW, reviewer="Ana")
    assert [one.name for one in store.imports()] == ["r.xlsx"]
    assert store.log() == []


def test_an_import_waits_for_no_run_unless_told(store: Store, tmp_path: Path) -> None:
    from inventory.store import open_store

    path = write_review(tmp_path / "r.xlsx", [say(1, "accept")])
    with open_store(store.label) as other, other.lock(), pytest.raises(StoreLocked):
        import_review(store, path, now=NOW, reviewer="Ana")
    assert store.imports() == []


def test_reviewers_who_disagree_are_both_kept_and_the_fact_is_held(store: Store, tmp_path: Path) -> None:
    hand_in(store, tmp_path / "a.xlsx", [say(1, "accept"), say(2, "accept")])
    told = hand_in(store, tmp_path / "b.xlsx", [say(1, "reject"), say(2, "accept")], 1, reviewer="Ben")
    assert told.held == (ONE.fact_id,)
    assert (verdict(store, 1), verdict(store, 2)) == ("held", "accepted")
    assert len(store.decisions(fact_ids=[ONE.fact_id])) == 2
    adjudicate(store, ONE.fact_id, "reject", reviewer="Chief", now=NOW + dt.timedelta(minutes=2))
    assert verdict(store, 1) == "rejected"
    hand_in(store, tmp_path / "c.xlsx", [say(1, "correct", corrected_count_max="9", corrected_count_min="9")], 3)
    assert verdict(store, 1) == "held", "a later word that says otherwise reopens the question"


@pytest.mark.parametrize(
    ("policy", "lead", "expected"), [("latest", None, "rejected"), ("lead", "Ana", "accepted"), ("lead", "Eve", "held")]
)
def test_a_policy_rules_on_disagreement_and_is_written_down(
    store: Store, tmp_path: Path, policy: str, lead: str | None, expected: str
) -> None:
    hand_in(store, tmp_path / "a.xlsx", [say(1, "accept")])
    hand_in(store, tmp_path / "b.xlsx", [say(1, "reject")], 1, reviewer="Ben", policy=policy, lead=lead)
    assert verdict(store, 1) == expected
    assert {word.reviewer for word in fold_words(store.decisions())[ONE.fact_id].words} == {"Ana", "Ben"}
    undo_import(store, "b.xlsx", now=NOW + dt.timedelta(minutes=2))
    assert verdict(store, 1) == "accepted"


def test_undo_brings_back_what_stood_and_the_file_may_come_again(store: Store, tmp_path: Path) -> None:
    hand_in(store, tmp_path / "a.xlsx", [say(1, "accept", comment="first")])
    hand_in(store, tmp_path / "b.xlsx", [say(1, "reject"), say(2, "reject"), {"item": "Su-35", "kind": "equipment", "source": "own"}], 1)
    made = undo_import(store, "b.xlsx", now=NOW + dt.timedelta(minutes=2))
    assert [word.decision for word in made] == ["clear", "clear", "clear"]
    assert (verdict(store, 1), verdict(store, 2)) == ("accepted", None)
    assert fold_words(store.decisions())[ONE.fact_id].words[0].comment == "first"
    assert undo_import(store, "b.xlsx", now=NOW + dt.timedelta(minutes=3)) == []
    again = import_review(store, tmp_path / "b.xlsx", now=NOW + dt.timedelta(minutes=4), reviewer="Ana")
    assert len(again.taken) == 3
    assert (verdict(store, 1), verdict(store, 2)) == ("rejected", "rejected")
    assert store.verify_chain() == []
    assert len(store.log()) == 10


def test_undo_leaves_later_words_and_rulings_alone(store: Store, tmp_path: Path) -> None:
    hand_in(store, tmp_path / "a.xlsx", [say(1, "accept"), say(2, "accept")])
    hand_in(store, tmp_path / "b.xlsx", [say(1, "reject"), say(2, "accept")], 1, reviewer="Ben")
    adjudicate(store, ONE.fact_id, "accept", reviewer="Chief", now=NOW + dt.timedelta(minutes=2))
    hand_in(store, tmp_path / "c.xlsx", [say(1, "reject", comment="still not")], 3, reviewer="Ben")
    assert verdict(store, 1) == "held"
    undo_import(store, "c.xlsx", now=NOW + dt.timedelta(minutes=4))
    assert verdict(store, 1) == "accepted", "Ben's first word is older than the ruling and does not reopen it"
    hand_in(store, tmp_path / "d.xlsx", [say(2, "reject")], 5)
    assert undo_import(store, "a.xlsx", now=NOW + dt.timedelta(minutes=6))
    assert [word.decision for word in fold_words(store.decisions())[TWO.fact_id].words] == ["accept", "reject"]
    undo_import(store, "d.xlsx", now=NOW + dt.timedelta(minutes=7))
    assert [word.reviewer for word in fold_words(store.decisions())[TWO.fact_id].words] == ["Ben"], "a.xlsx does not come back"


def test_stale_workbooks_vanished_facts_and_their_return(store: Store, tmp_path: Path) -> None:
    changed = make_fact(2, count_min=50, count_max=50)
    save_run(store, [ONE, changed], "2022-02-09T05:00:00+00:00")
    told = hand_in(store, tmp_path / "stale.xlsx", [say(1, "accept"), say(2, "accept"), say(3, "reject"), say(9, "reject")])
    assert (len(told.taken), told.changed, told.gone) == (4, 1, 2)
    assert {word.fact_id for word in store.decisions()} == {make_fact(number).fact_id for number in (1, 2, 3, 9)}


def test_a_sentence_of_another_fact_is_noticed_by_the_store(store: Store, tmp_path: Path) -> None:
    from inventory.report import rowcheck

    row = say(1, "accept", evidence=TWO.evidence)
    cells = {name: row[name] for name in rowcheck.CHECKED_COLUMNS}
    row["row_check"] = rowcheck.make_row_check(ONE.fact_id, cells)  # as if the short code had not noticed
    told = hand_in(store, tmp_path / "r.xlsx", [row])
    assert not told.taken
    assert told.rejects[0].column == "evidence"


def test_adjudicate_asks_for_what_it_needs(store: Store, tmp_path: Path) -> None:
    later = NOW + dt.timedelta(hours=1)
    hand_in(store, tmp_path / "a.xlsx", [say(1, "correct", corrected_count_max="20")])
    hand_in(store, tmp_path / "b.xlsx", [say(1, "accept"), say(2, "accept")], 1, reviewer="Ben")
    for fact_id, decision, values, fault in (
        ("F0", "accept", (), "no fact and no decision"),
        (ONE.fact_id, "fine", (), "none of the words"),
        (ONE.fact_id, "accept", ("count_max=3",), "takes no values"),
        (ONE.fact_id, "correct", ("size=3",), "sets nothing"),
        (ONE.fact_id, "correct", ("count_max=x",), "no whole number"),
        (ONE.fact_id, "correct", ("count_max=3", "count_min=4"), "above"),
        (TWO.fact_id, "correct", (), "0 reviewers correct"),
    ):
        with pytest.raises(ReviewError, match=fault):
            adjudicate(store, fact_id, decision, values=values, reviewer="Chief", now=later)
    assert adjudicate(store, ONE.fact_id, "correct", reviewer="Chief", now=later).corrections == {"count_max": "20"}
    assert verdict(store, 1) == "corrected"
    adjudicate(store, ONE.fact_id, "clear", reviewer="Chief", now=later)
    assert verdict(store, 1) == "held"
    with pytest.raises(ReviewError, match="no import is called"):
        undo_import(store, "zzz", now=later)


def test_the_log_leaves_as_json_lines(store: Store, tmp_path: Path) -> None:
    hand_in(store, tmp_path / "a.xlsx", [say(1, "accept", comment="ünï =1+1\nzwei"), say(2, "reject")])
    stream = io.StringIO()
    assert write_log(store.log(), stream) == 2
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["seq"] for line in lines] == [1, 2]
    assert lines[0]["comment"] == "ünï =1+1\nzwei"
    assert lines[1]["previous"] == lines[0]["hash"]


# ---------------------------------------------------------------- from the log to the facts of the next report
def apply(store: Store) -> Any:
    from inventory.reconcile.reviews import apply_reviews
    from inventory.report.rowcheck import hash_fact

    return apply_reviews(store.facts(), store.decisions(), hash_fact)


def test_decisions_change_the_facts_that_count(store: Store, tmp_path: Path) -> None:
    rows = [say(1, "reject"), say(2, "correct", corrected_count_min="7", corrected_count_max="7"), say(3, "second look")]
    hand_in(store, tmp_path / "r.xlsx", rows)
    reviewed = apply(store)
    assert {fact.fact_id: fact.count_max for fact in reviewed.facts} == {TWO.fact_id: 7, THREE.fact_id: 13}
    assert [state.state for state in reviewed.states.values()] == ["rejected", "corrected", "second look"]
    assert reviewed.faults == []
    assert reviewed.extracted[TWO.fact_id].count_max == 12


def test_a_corrected_fact_comes_back_corrected_and_may_be_accepted_so(store: Store, tmp_path: Path) -> None:
    hand_in(store, tmp_path / "a.xlsx", [say(1, "correct", corrected_actor_id="UKR", corrected_count_max="20")])
    (shown,) = [fact for fact in apply(store).facts if fact.fact_id == ONE.fact_id]
    assert (shown.actor_id, shown.count_max) == ("UKR", 20)
    told = hand_in(store, tmp_path / "b.xlsx", [{**row_of(shown), "decision": "accept"}], 1, reviewer="Ben")
    assert (len(told.taken), told.held, told.changed) == (1, (), 0)
    assert apply(store).states[ONE.fact_id].state == "corrected"
    told = hand_in(store, tmp_path / "c.xlsx", [{**row_of(shown), "decision": "reject"}], 2, reviewer="Eve")
    assert told.held == (ONE.fact_id,)


def test_states_of_stale_and_vanished_facts(store: Store, tmp_path: Path) -> None:
    hand_in(store, tmp_path / "r.xlsx", [say(1, "reject"), say(2, "reject"), say(3, "reject")])
    save_run(store, [ONE, make_fact(2, count_max=50)], "2022-02-09T05:00:00+00:00")
    assert [state.state for state in apply(store).states.values()] == ["rejected", "confirm", "orphan"]
    save_run(store, [ONE, TWO, THREE], "2022-02-10T05:00:00+00:00")
    assert [state.state for state in apply(store).states.values()] == ["rejected", "rejected", "rejected"]


def test_an_added_fact_lives_until_it_is_taken_back(store: Store, tmp_path: Path) -> None:
    added = {"item": "Su-35", "kind": "equipment", "source": "own sighting", "count_min": 4, "count_max": 4, "status": "arrived"}
    hand_in(store, tmp_path / "a.xlsx", [added])
    (fact,) = apply(store).facts[3:]
    assert (fact.item, fact.count_min, fact.status, fact.source, fact.flags) == ("Su-35", 4, "arrived", "own sighting", "analyst")
    assert apply(store).states[fact.fact_id].state == "accepted"
    hand_in(store, tmp_path / "b.xlsx", [added | {"count_min": 5, "count_max": 5}], 1)
    assert apply(store).facts[3].count_max == 5
    # The next report shows it, and it is reviewed like any other fact.
    hand_in(store, tmp_path / "c.xlsx", [{**row_of(apply(store).facts[3]), "decision": "accept"}], 2, reviewer="Ben")
    assert apply(store).states[fact.fact_id].state == "accepted"
    hand_in(store, tmp_path / "d.xlsx", [{**row_of(apply(store).facts[3]), "decision": "correct", "corrected_count_max": "6"}], 3)
    assert apply(store).states[fact.fact_id].state == "held"
    hand_in(store, tmp_path / "e.xlsx", [{**row_of(apply(store).facts[3]), "decision": "clear"}], 4, reviewer="Ben")
    assert (apply(store).facts[3].count_min, apply(store).facts[3].count_max) == (5, 6)
    undo_import(store, "d.xlsx", now=NOW + dt.timedelta(minutes=5))
    undo_import(store, "b.xlsx", now=NOW + dt.timedelta(minutes=6))
    assert apply(store).facts[3].count_max == 4
    undo_import(store, "a.xlsx", now=NOW + dt.timedelta(minutes=7))
    assert len(apply(store).facts) == 3
