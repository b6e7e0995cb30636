"""Nothing a reviewer said is lost, and no word counts that was said of something else."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.model import Fact
from inventory.reconcile.corrections import CORRECTABLE, check_corrections, parse_correction
from inventory.reconcile.holdings import list_holdings
from inventory.reconcile.reviews import Reviewed, apply_reviews, review_states
from inventory.records import ADJUDICATED, DECISIONS, Decision

Make = Callable[..., Fact]
Say = Callable[..., Decision]


def hash_shown(fact: Fact) -> str:
    return f"{fact.count_min} {fact.count_max} {fact.status}"


def review(facts: list[Fact], decisions: list[Decision], **more: Any) -> Reviewed:
    return apply_reviews(facts, decisions, hash_shown, **more)


@pytest.fixture
def say() -> Say:
    rows = itertools.count(2)

    def word(fact: Fact | str, decision: str, reviewer: str = "ana", **more: Any) -> Decision:
        row = next(rows)
        fact_id, shown = (fact, None) if isinstance(fact, str) else (fact.fact_id, hash_shown(fact))
        told = {"shown_hash": shown, "corrections": {}, "comment": None, "imported_at": f"2022-03-{row:02}T08:00:00Z", "sheet": "Review"}
        told |= more
        return Decision(
            fact_id=fact_id, decision=decision, reviewer=reviewer, decided_at=None, workbook_sha256="0" * 64, row=row, base_run="r1",
            **told,
        )  # fmt: skip

    return word


def state_of(fact: Fact, *words: Decision, **more: Any) -> str | None:
    states = review_states(words, {fact.fact_id: hash_shown(fact)}, **more)
    return states[fact.fact_id].state if fact.fact_id in states else None


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ([("ana", "accept")], "accepted"),
        ([("ana", "reject")], "rejected"),
        ([("ana", "reject"), ("ana", "accept")], "accepted"),
        ([("ana", "reject"), ("ana", "clear")], None),
        ([("ana", "reject"), ("ben", "clear")], "rejected"),
        ([("ana", "accept"), ("ben", "reject")], "held"),
        ([("ana", "accept"), ("ben", "reject"), ("ben", "accept")], "accepted"),
        ([("ana", "accept"), ("ben", "second look")], "second look"),
        ([("ana", "accept"), ("ben", "reject"), ("eve", "second look")], "held"),
        ([("ana", "second look")], "second look"),
    ],
)
def test_states_after_words(make_fact: Make, say: Say, words: list[tuple[str, str]], state: str | None) -> None:
    fact = make_fact()
    assert state_of(fact, *(say(fact, decision, reviewer) for reviewer, decision in words)) == state


def test_policies_settle_disagreement(make_fact: Make, say: Say) -> None:
    fact = make_fact()
    words = [say(fact, "reject", "ben"), say(fact, "accept", "ana")]
    assert state_of(fact, *words) == "held"
    assert state_of(fact, *words, policy="latest") == "accepted"
    assert state_of(fact, *words, policy="lead", lead="ben") == "rejected"
    assert state_of(fact, *words, policy="lead", lead="eve") == "held"
    with pytest.raises(ValueError, match="lead reviewer"):
        state_of(fact, policy="lead")
    with pytest.raises(ValueError, match="hold, lead, latest"):
        state_of(fact, policy="loudest")


def test_an_adjudication_speaks_above_the_reviewers(make_fact: Make, say: Say) -> None:
    fact = make_fact()
    words = [say(fact, "accept", "ana"), say(fact, "reject", "ben"), say(fact, "reject", "ana", sheet=ADJUDICATED)]
    assert state_of(fact, *words) == "rejected"
    words.append(say(fact, "accept", "ben"))
    assert state_of(fact, *words) == "held"  # a word that comes later and says otherwise reopens the question
    words.append(say(fact, "clear", "eve", sheet=ADJUDICATED))
    assert state_of(fact, *words) == "accepted"


def test_a_changed_fact_keeps_its_decision_for_confirmation(make_fact: Make, say: Say) -> None:
    fact = make_fact(12)
    word = say(fact, "reject")
    changed = fact._replace(count_min=14, count_max=14)
    reviewed = review([changed], [word])
    assert reviewed.facts == [changed]
    assert reviewed.states[fact.fact_id].state == "confirm"
    assert state_of(changed, word, say(changed, "accept", "ben")) == "accepted"


def test_a_fact_that_vanished_keeps_its_decision(make_fact: Make, say: Say) -> None:
    fact = make_fact()
    word = say(fact, "reject", comment="twice the same")
    gone = review([], [word])
    assert (gone.states[fact.fact_id].state, gone.states[fact.fact_id].comment) == ("orphan", "twice the same")
    assert review([fact], [word]).rejected == [fact]


def test_rejected_facts_leave_the_holdings_unless_kept(make_fact: Make, say: Say) -> None:
    wrong, right = make_fact(90), make_fact(12, doc_id="b", source="two")
    words = [say(wrong, "reject")]
    reviewed = review([wrong, right], words)
    (row,) = [row for row in list_holdings(reviewed.facts) if row.level == "item"]
    assert (row.low, row.high, row.reports) == (12, 12, 1)
    assert review([wrong, right], words, keep_rejected=True).facts == [wrong, right]


def test_corrections_change_the_cells_and_keep_the_extraction(make_fact: Make, say: Say) -> None:
    fact, other = make_fact(12), make_fact(place="Latakia", place_id="173576", lat=35.5, lon=35.8, doc_id="b")
    word = say(fact, "correct", corrections={"count_min": "14", "count_max": "16", "place": "Latakia", "unit": " 3rd Wing "})
    reviewed = review([fact, other], [word])
    fixed = reviewed.facts[0]
    assert (fixed.count_min, fixed.count_max, fixed.count_basis, fixed.unit) == (14, 16, "range", "3rd Wing")
    assert (fixed.place_id, fixed.lat) == ("173576", 35.5)
    assert fixed.flags == "corrected"
    assert reviewed.extracted == {fact.fact_id: fact}
    assert reviewed.faults == []


def test_an_unknown_name_loses_the_old_id(make_fact: Make, say: Say) -> None:
    fact = make_fact()
    fixed = review([fact], [say(fact, "correct", corrections={"actor": "Ruritania", "operation": None})]).facts[0]
    assert (fixed.actor, fixed.actor_id) == ("Ruritania", None)


def test_a_corrected_code_brings_its_name(make_fact: Make, say: Say) -> None:
    fact, other = make_fact(), make_fact(actor="Syria", actor_id="SYR", doc_id="b")
    words = [say(fact, "correct", corrections={"actor_id": "SYR"})]
    fixed = review([fact, other], words).facts[0]
    assert (fixed.actor, fixed.actor_id) == ("Syria", "SYR")
    assert review([fact], words).facts[0].actor == "SYR"


def test_reviewers_who_correct_different_cells_agree(make_fact: Make, say: Say) -> None:
    fact = make_fact()
    one = say(fact, "correct", "ana", corrections={"count_min": "14", "count_max": "14"})
    two = say(fact, "correct", "ben", corrections={"status": "based"})
    three = say(fact, "correct", "eve", corrections={"status": "exercising"})
    fixed = review([fact], [one, two]).facts[0]
    assert (fixed.count_min, fixed.status) == (14, "based")
    assert state_of(fact, one, two, three) == "held"


def test_words_on_the_corrected_form_count_for_it(make_fact: Make, say: Say) -> None:
    fact = make_fact(12)
    first = say(fact, "correct", "ana", corrections={"count_min": "14", "count_max": "14"})
    shown = review([fact], [first]).facts[0]
    assert shown.count_min == 14

    def after(*words: Decision) -> tuple[str, int | None, str]:
        reviewed = review([fact], [first, *words])
        return reviewed.states[fact.fact_id].state, reviewed.facts[0].count_min if reviewed.facts else None, reviewed.facts[0].status

    # To accept what was corrected is to agree, also with oneself; to correct more adds; to reject it is to disagree.
    assert after(say(shown, "accept", "ben")) == ("corrected", 14, "deployed")
    assert after(say(shown, "accept", "ana")) == ("corrected", 14, "deployed")
    more = say(shown, "correct", "ben", corrections={"status": "based"})
    assert after(more) == ("corrected", 14, "based")
    both = review([fact], [first, more]).facts[0]
    assert after(more, say(both, "accept", "eve")) == ("corrected", 14, "based")
    assert after(say(shown, "reject", "ben")) == ("held", 12, "deployed")
    assert after(say(fact, "accept", "ana")) == ("accepted", 12, "deployed")
    # What was said is kept as it was said.
    (_, word) = review([fact], [first, said := say(shown, "accept", "ben")]).states[fact.fact_id].decisions
    assert word == said
    # A form that nobody made is another fact.
    other = fact._replace(count_min=20, count_max=20)
    assert review([other], [first, said]).states[fact.fact_id].state == "confirm"


@pytest.mark.parametrize(
    ("column", "text", "says"),
    [
        ("evidence", "x", "cannot be corrected"),
        ("count_min", "a dozen", "whole number"),
        ("count_min", "-3", "whole number"),
        ("date_start", "31.3.2022", "2022-03-31"),
        ("status", "gone", "use one of deployed"),
        ("lat", "91", "between -90 and 90"),
        ("lon", "east", "decimal degrees"),
        ("item", "", "must not be empty"),
    ],
)
def test_impossible_corrections_say_how_to_mend_them(column: str, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_correction(column, text)


def test_corrections_that_cross_are_faults_and_change_nothing(make_fact: Make, say: Say) -> None:
    fact = make_fact(12)
    assert check_corrections(fact, {"count_min": "14"}) == ["count_min 14 is above count_max 12; correct both"]
    assert check_corrections(fact, {"count_min": "1,400", "count_max": "1400.0"}) == []
    reviewed = review([fact], [say(fact, "correct", corrections={"count_min": "14", "unit": "3rd Wing"})])
    assert (reviewed.facts[0].count_min, reviewed.facts[0].unit) == (12, "3rd Wing")
    assert "correct both" in reviewed.faults[0]


@pytest.mark.parametrize("column", CORRECTABLE)
def test_the_value_that_stands_is_always_a_legal_correction(make_fact: Make, column: str) -> None:
    fact = make_fact()
    value = getattr(fact, column)
    if value is not None:
        assert parse_correction(column, str(value)) == value


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(["ana", "ben", "eve"]), st.sampled_from(DECISIONS)), max_size=8))
def test_only_the_last_word_of_each_reviewer_counts(make_fact: Make, words: list[tuple[str, str]]) -> None:
    fact = make_fact()

    def decide(said: list[tuple[int, str, str]]) -> str | None:
        log = [
            Decision(fact.fact_id, decision, {}, None, reviewer, None, f"{row:04}", "0", "Review", row, None, hash_shown(fact))
            for row, reviewer, decision in said
        ]
        return state_of(fact, *log)

    said = [(row, *word) for row, word in enumerate(words)]
    last = {reviewer: (row, reviewer, decision) for row, reviewer, decision in said}
    assert decide(said) == decide(list(last.values()))
    assert decide(said) == decide(said[::-1])
