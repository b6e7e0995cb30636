"""Reports of one thing are one cluster; sources count once; numbers that cannot both be true are told, corrections are not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from inventory.model import Fact
from inventory.reconcile.clusters import cluster_facts
from inventory.reconcile.conflicts import find_conflicts, find_review_conflicts
from inventory.records import Decision, Reprint, ReviewState

Make = Callable[..., Fact]


def on(day: int) -> dt.date:
    return dt.date(2022, 3, day)


def stated(day: int, last: int | None = None) -> dict[str, Any]:
    return {"date_start": on(day), "date_end": on(last or day), "date_basis": "stated"}


def sizes(*facts: Fact, **more: Any) -> list[int]:
    return sorted(len(cluster.fact_ids) for cluster in cluster_facts(facts, **more))


@pytest.mark.parametrize(
    ("changes", "together"),
    [
        ({}, True),
        ({"count_min": 10, "count_max": None}, True),
        ({"count_min": None, "count_max": None}, True),
        ({"count_min": 14, "count_max": 14}, False),
        ({"count_min": 13, "count_max": 13, "count_basis": "approximate"}, True),
        ({"published": on(3)}, True),
        ({"published": on(20)}, False),
        ({"place": None, "place_id": None}, True),
        ({"place": "Syria", "place_id": "SYR", "geo_precision": "country"}, True),
        ({"place": "Latakia", "place_id": "173576"}, False),
        ({"status": "based"}, True),
        ({"status": "destroyed"}, False),
        ({"modality": "possible"}, False),
        ({"actor": "Syria", "actor_id": "SYR"}, False),
        ({"item": "Su-34", "item_id": "su-34"}, False),
        ({"counted_as": "squadron"}, False),
        ({"unit": "3rd Wing"}, True),
    ],
)
def test_what_two_reports_must_share(make_fact: Make, changes: dict[str, Any], together: bool) -> None:
    facts = make_fact(), make_fact(doc_id="b", source="two", **changes)
    assert sizes(*facts) == ([2] if together else [1, 1])


def test_nobody_in_particular_is_the_same_only_in_one_place(make_fact: Make) -> None:
    nobody, nowhere = {"actor": None, "actor_id": None}, {"place": None, "place_id": None}
    assert sizes(make_fact(**nobody), make_fact(doc_id="b", **nobody)) == [2]
    assert sizes(make_fact(**nobody, **nowhere), make_fact(doc_id="b", **nobody, **nowhere)) == [1, 1]
    assert find_conflicts([make_fact(12, **nobody), make_fact(40, doc_id="b", source="two", **nobody)]) == []


def test_every_two_of_a_cluster_agree(make_fact: Make) -> None:
    # "At least 4" agrees with 12 and with 14, which do not agree with each other.
    facts = make_fact(12), make_fact(14, doc_id="b"), make_fact(count_min=4, count_max=None, doc_id="c")
    assert sizes(*facts) == [1, 2]


def test_sources_count_once(make_fact: Make) -> None:
    facts = [
        make_fact(doc_id="a", source="one"),
        make_fact(doc_id="b", source="one", published=on(2)),
        make_fact(doc_id="copy", source="three", published=on(12)),
        make_fact(doc_id="d", source=None),
    ]
    (cluster,) = cluster_facts(facts, [Reprint("copy", "a", 0.9)])
    assert (cluster.reports, cluster.independent, cluster.lead) == (4, 2, facts[0].fact_id)


@pytest.mark.parametrize(
    ("sources", "against", "credibility"),
    [(1, 0, 6), (2, 0, 3), (3, 0, 2), (5, 0, 2), (3, 1, 3), (2, 2, 4), (1, 1, 4), (1, 3, 5)],
)
def test_credibility_is_proposed_from_corroboration_and_never_1(make_fact: Make, sources: int, against: int, credibility: int) -> None:
    facts = [make_fact(12, doc_id=f"a{number}", source=f"a{number}") for number in range(sources)]
    facts += [make_fact(40, doc_id=f"b{number}", source=f"b{number}") for number in range(against)]
    clusters = cluster_facts(facts, (), find_conflicts(facts))
    assert [cluster.credibility for cluster in clusters if facts[0].fact_id in cluster.fact_ids] == [credibility]


def test_papers_that_quote_one_speaker_do_not_corroborate_each_other(make_fact: Make) -> None:
    quoted = [make_fact(doc_id=f"d{n}", source=f"s{n}", claimant="the ministry of defence") for n in range(3)]
    (cluster,) = cluster_facts(quoted)
    assert (cluster.independent, cluster.credibility) == (3, 6)
    (cluster,) = cluster_facts([make_fact(modality="denied"), make_fact(modality="denied", doc_id="b", source="two")])
    assert cluster.credibility is None


def test_a_contradiction_tells_both_sides(make_fact: Make) -> None:
    one, two = make_fact(12), make_fact(count_min=40, count_max=None, doc_id="b", source="two", evidence="More than 40.")
    (conflict,) = find_conflicts([two, one])
    assert (conflict.kind, conflict.left, conflict.right) == ("count", one.fact_id, two.fact_id)
    assert (conflict.left_says, conflict.right_says) == ("12 deployed", "at least 40 deployed")
    assert (conflict.right_source, conflict.right_evidence, conflict.period_start) == ("two", "More than 40.", on(1))


@pytest.mark.parametrize(
    "changes",
    [
        {"count_min": 10, "count_max": 20},
        {"published": on(2)},
        {"doc_id": "a"},
        {"counted_as": "squadron"},
        {"place": "Latakia", "place_id": "173576"},
        {"place": None, "place_id": None},
        {"measure": "flow"},
        {"status": "destroyed"},
        {"modality": "predicted"},
        {"source": "Harbour Gazette", "published": on(4), **stated(1)},
    ],
)
def test_what_is_no_conflict(make_fact: Make, changes: dict[str, Any]) -> None:
    assert find_conflicts([make_fact(12), make_fact(**{"count": 40, "doc_id": "b", "source": "two", **changes})]) == []


def test_units_and_reprints_do_not_contradict(make_fact: Make) -> None:
    assert find_conflicts([make_fact(12, unit="1st Wing"), make_fact(40, unit="2nd Wing", doc_id="b", source="two")]) == []
    assert find_conflicts([make_fact(12), make_fact(40, doc_id="b", source="two")], [Reprint("b", "a", 0.95)]) == []


def test_ten_reports_that_contradict_ten_are_one_conflict(make_fact: Make) -> None:
    facts = [make_fact(12 + 28 * (n % 2), doc_id=f"d{n}", source=f"s{n}") for n in range(20)]
    assert len(find_conflicts(facts)) == 1


def test_events_need_a_place_to_contradict(make_fact: Make) -> None:
    def lost(count: int, **more: Any) -> Fact:
        return make_fact(count, status="destroyed", measure="flow", doc_id=f"d{count}", source=f"s{count}", **stated(1), **more)

    nowhere = {"place": None, "place_id": None}
    assert len(find_conflicts([lost(2), lost(5)])) == 1
    assert find_conflicts([lost(2, **nowhere), lost(5, **nowhere)]) == []


def test_held_facts_are_conflicts_of_reviewers(make_fact: Make) -> None:
    fact = make_fact()

    def word(decision: str, reviewer: str, **cells: str | None) -> Decision:
        return Decision(fact.fact_id, decision, cells, None, reviewer, None, "2022", "0", "Review", 2, None, None)

    words = (word("accept", "ana"), word("correct", "ben", unit=None, count_min="14"))
    (conflict,) = find_review_conflicts({fact.fact_id: ReviewState(fact.fact_id, "held", {}, ("ana", "ben"), None, words)}, [fact])
    assert (conflict.kind, conflict.left, conflict.right) == ("review", fact.fact_id, fact.fact_id)
    assert (conflict.left_says, conflict.right_says) == ("accept", "correct: count_min = 14, unit = empty")
    assert (conflict.left_source, conflict.right_source) == ("ana", "ben")
