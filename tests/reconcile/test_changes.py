"""A changed number is one update, not a fact lost and another found; every change says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from inventory.model import Fact
from inventory.reconcile.changes import find_changes, find_review_changes
from inventory.records import Change, FactVersion, ReviewState

Make = Callable[..., Fact]


def version(fact: Fact, cause: str = "source", source_key: str = "doc", ended: str | None = None) -> FactVersion:
    return FactVersion(fact, source_key, "r1", None, cause, ended)


def told(changes: list[Change]) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(change.change, change.field, change.old, change.new) for change in changes]


def test_nothing_changed_is_nothing_told(make_fact: Make) -> None:
    facts = [version(make_fact()), version(make_fact())]
    assert find_changes(facts, facts[::-1]) == []


def test_a_rewritten_number_is_one_update(make_fact: Make) -> None:
    was = make_fact(12, evidence="Moscow has stationed 12 Su-35s at Tartus.", text_sha256="1" * 64)
    now = make_fact(14, evidence="Moscow has stationed 14 Su-35s at Tartus.", text_sha256="2" * 64, start=30)
    changes = find_changes([version(was)], [version(now)])
    assert told(changes) == [("updated", "count_max", "12", "14"), ("updated", "count_min", "12", "14")]
    assert {change.fact_id for change in changes} == {now.fact_id}
    assert {change.cause for change in changes} == {"source"}


def test_a_sentence_put_in_front_does_not_confuse_pairs(make_fact: Make) -> None:
    was = make_fact(12, evidence="There are 12 Su-35s at Tartus.", start=10)
    latakia = {"place": "Latakia", "place_id": "173576"}
    front = make_fact(5, evidence="Another 5 Su-35s stand at Latakia now.", start=4, **latakia)
    now = make_fact(14, evidence="There are 14 Su-35s at Tartus.", start=50)
    changes = find_changes([version(was)], [version(front), version(now)])
    assert [(change.change, change.fact_id, change.field) for change in changes] == [
        ("new", front.fact_id, None),
        ("updated", now.fact_id, "count_max"),
        ("updated", now.fact_id, "count_min"),
    ]


def test_equal_sentences_pair_in_their_order(make_fact: Make) -> None:
    before = [make_fact(count, start=count) for count in (10, 20, 30)]
    after = [make_fact(count, start=count) for count in (11, 21, 31)]
    changes = find_changes(map(version, before), map(version, after))
    assert {(change.old, change.new) for change in changes} == {("10", "11"), ("20", "21"), ("30", "31")}


def test_another_item_in_the_same_words_is_an_update_of_the_item(make_fact: Make) -> None:
    was = make_fact(evidence="Moscow has stationed 12 Su-35s at Tartus.")
    now = make_fact(evidence="Moscow has stationed 12 Su-34s at Tartus.", item="Su-34", item_id="su-34")
    assert told(find_changes([version(was)], [version(now)])) == [("updated", "item", "Su-35", "Su-34")]
    other = make_fact(evidence="Nobody knows what became of the missing Su-34.", item="Su-34", item_id="su-34", status="mentioned")
    assert [change.change for change in find_changes([version(was)], [version(other)])] == ["new", "withdrawn"]


def test_facts_of_different_sources_are_never_paired(make_fact: Make) -> None:
    changes = find_changes([version(make_fact(12))], [version(make_fact(14), source_key="other")])
    assert [change.change for change in changes] == ["new", "withdrawn"]


def test_what_was_known_once_reappears(make_fact: Make) -> None:
    fact = make_fact()
    (change,) = find_changes([], [version(fact)], earlier={fact.fact_id})
    assert (change.change, change.field, change.fact_id) == ("reappeared", None, fact.fact_id)


def test_only_the_wording_changed(make_fact: Make) -> None:
    was, now = (
        make_fact(evidence="Moscow has stationed 12 Su-35s at Tartus."),
        make_fact(evidence="Moscow has 12 Su-35s stationed at Tartus."),
    )
    assert [change.field for change in find_changes([version(was)], [version(now)])] == ["evidence"]


def test_a_name_that_now_means_another_place_tells_its_id(make_fact: Make) -> None:
    fact = make_fact()
    (change,) = find_changes([version(fact)], [version(fact._replace(place_id="999", country="TUR"), cause="rules")])
    assert (change.field, change.old, change.new, change.cause) == ("place", "Tartus (170063)", "Tartus (999)", "rules")


@pytest.mark.parametrize(
    ("changes", "ended", "given", "cause"),
    [
        ({"rulebook": "2+b"}, None, None, "rules"),
        ({"rulebook": "2+b", "text_sha256": "9" * 64}, None, None, "source"),
        ({"text_sha256": "9" * 64}, "source", None, "source"),
        ({"rulebook": "2+b"}, None, {"doc": "source"}, "source"),
    ],
)
def test_causes_of_updates(make_fact: Make, changes: dict[str, Any], ended: str | None, given: dict[str, str] | None, cause: str) -> None:
    was = make_fact(12)
    now = was._replace(count_min=14, count_max=14, **changes)
    found = find_changes([version(was, ended=ended)], [version(now)], causes=given)
    assert {change.cause for change in found} == {cause}


def test_causes_of_withdrawals(make_fact: Make) -> None:
    gone, stays = make_fact(12), make_fact(3, item="tank", item_id="tank")
    assert [change.cause for change in find_changes([version(gone)], [])] == ["source"]
    assert [change.cause for change in find_changes([version(gone), version(stays)], [version(stays)])] == ["rules"]
    assert [change.cause for change in find_changes([version(gone, ended="rules")], [])] == ["rules"]


def test_reviews_change_what_is_shown(make_fact: Make) -> None:
    out, fixed, back = make_fact(), make_fact(12), make_fact()

    def state(fact: Fact, word: str, **cells: str | None) -> dict[str, ReviewState]:
        return {fact.fact_id: ReviewState(fact.fact_id, word, cells, ("ana",), None, ())}

    before = state(back, "rejected") | state(fixed, "corrected", unit="1st Wing")
    after = state(out, "rejected") | state(fixed, "corrected", count_min="14")
    changes = find_review_changes([out, fixed, back], before, after)
    assert {(change.change, change.fact_id, change.field, change.old, change.new) for change in changes} == {
        ("withdrawn", out.fact_id, None, None, None),
        ("reappeared", back.fact_id, None, None, None),
        ("updated", fixed.fact_id, "count_min", "12", "14"),
        ("updated", fixed.fact_id, "unit", "1st Wing", None),
    }
    assert {change.cause for change in changes} == {"review"}
    assert find_review_changes([out, fixed, back], after, after) == []
