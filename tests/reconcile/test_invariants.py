"""What holds for any facts: order does not matter, reprints and losses move no stock, low never passes high, the same again is the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.model import Fact
from inventory.reconcile.changes import find_changes
from inventory.reconcile.clusters import cluster_facts
from inventory.reconcile.conflicts import find_conflicts
from inventory.reconcile.holdings import list_holdings
from inventory.reconcile.known import Earlier, reckon
from inventory.reconcile.reviews import apply_reviews
from inventory.records import Decision, FactVersion, Holding, Reprint

Make = Callable[..., Fact]
# A busy machine is no fault of the code.
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
AS_OF = dt.date(2022, 3, 20)
FAMILIES = {"t-72": "T-72", "t-72b3": "T-72"}

ITEMS = st.sampled_from([
    {"item": "T-72", "item_id": "t-72"}, {"item": "T-72B3", "item_id": "t-72b3"}, {"item": "T-90", "item_id": "t-90"},
    {"item": "tank", "item_id": "tank", "flags": "generic"},
])  # fmt: skip
PLACES = st.sampled_from([
    {"place": "Yelsk", "place_id": "1", "country": "BLR", "admin": "Gomel", "geo_precision": "city"},
    {"place": "Mazyr", "place_id": "2", "country": "BLR", "admin": "Gomel", "geo_precision": "city"},
    {"place": "Gomel", "place_id": "3", "country": "BLR", "admin": "Gomel", "geo_precision": "region"},
    {"place": "Belarus", "place_id": "BLR", "country": "BLR", "admin": None, "geo_precision": "country"},
    {"place": None, "place_id": None, "country": None, "admin": None, "geo_precision": None},
])  # fmt: skip
STATUSES = st.sampled_from(["deployed", "based", "massed", "destroyed", "captured", "pledged", "ordered", "delivered", "withdrawn"])
DAYS = st.dates(dt.date(2022, 2, 20), dt.date(2022, 3, 25))


@st.composite
def counts(draw: st.DrawFn) -> dict[str, Any]:
    low = draw(st.integers(0, 40))
    basis, high = draw(st.sampled_from([("exact", low), ("approximate", low), ("at_least", None), ("range", low + 5), ("at_most", low)]))
    return {"count_min": None if basis == "at_most" else low, "count_max": high, "count_basis": basis}


@st.composite
def drawn_facts(draw: st.DrawFn, make: Make) -> list[Fact]:
    documents = [(name, draw(st.sampled_from(["one", "two", "three"])), draw(DAYS)) for name in "abcd"]
    facts = []
    for number in range(draw(st.integers(1, 9))):
        doc_id, source, published = draw(st.sampled_from(documents))
        cells = draw(ITEMS) | draw(PLACES) | draw(counts())
        if draw(st.integers(0, 4)) == 0:
            cells |= {"actor": None, "actor_id": None}
        if draw(st.booleans()):
            day = draw(DAYS)
            cells |= {"date_start": day, "date_end": day + dt.timedelta(days=draw(st.sampled_from([0, 0, 3, 20]))), "date_basis": "stated"}
        status = draw(STATUSES)
        facts.append(
            make(
                fact_id=f"F{number}", doc_id=doc_id, source=source, published=published, category="armour/tank", status=status,
                measure=draw(st.sampled_from([None, "stock", "flow", "cumulative"])), unit=draw(st.sampled_from([None, None, "A", "B"])),
                modality=draw(st.sampled_from(["asserted", "asserted", "asserted", "possible"])), start=number,
                counterparty_id=draw(st.sampled_from([None, "UKR", "MDA"])) if status in ("pledged", "delivered") else None, **cells,
            )
        )  # fmt: skip
    return facts


def reckoned(facts: list[Fact], **more: Any) -> list[Holding]:
    return list_holdings(facts, as_of=AS_OF, families=FAMILIES, **more)


def bounds(row: Holding) -> tuple[int | None, ...]:
    return (
        row.low, row.high, row.lost_low, row.lost_high, row.pledged_low, row.pledged_high, row.ordered_low, row.ordered_high,
        row.delivered_low, row.delivered_high,
    )  # fmt: skip


def key(row: Holding) -> tuple[Any, ...]:
    return row.actor_id, row.level, row.family, row.item, row.place_id


@calm
@given(data=st.data())
def test_the_order_of_facts_does_not_matter(make_fact: Make, data: st.DataObject) -> None:
    facts = data.draw(drawn_facts(make_fact))
    mixed = data.draw(st.permutations(facts))
    conflicts = find_conflicts(facts)
    assert find_conflicts(mixed) == conflicts
    assert cluster_facts(mixed, (), conflicts) == cluster_facts(facts, (), conflicts)
    assert reckoned(mixed, conflicts=conflicts) == reckoned(facts, conflicts=conflicts)


@calm
@given(data=st.data())
def test_low_never_passes_high_and_numbers_have_facts(make_fact: Make, data: st.DataObject) -> None:
    facts = data.draw(drawn_facts(make_fact))
    known = {fact.fact_id for fact in facts}
    for row in reckoned(facts):
        numbers = bounds(row)
        for low, high in zip(numbers[::2], numbers[1::2], strict=True):
            assert high is None or (low or 0) <= high
        assert bool(row.fact_ids) == any(number is not None for number in numbers)
        assert set(row.fact_ids) | set(row.other_ids) <= known
        assert not set(row.fact_ids) & set(row.other_ids)


@calm
@given(data=st.data())
def test_a_reprint_changes_no_number(make_fact: Make, data: st.DataObject) -> None:
    facts = data.draw(drawn_facts(make_fact))
    original = data.draw(st.sampled_from(facts)).doc_id
    later = data.draw(DAYS)
    copies = [
        fact._replace(fact_id=f"R{fact.fact_id}", doc_id="copy", source="four", published=max(later, fact.published or later))
        for fact in facts
        if fact.doc_id == original
    ]
    reprints = [Reprint("copy", original, 0.95)]
    before = {
        key(row): (bounds(row), row.independent, row.latest, row.conflict) for row in reckoned(facts, conflicts=find_conflicts(facts))
    }
    both = [*facts, *copies]
    rows = reckoned(both, reprints=reprints, conflicts=find_conflicts(both, reprints))
    assert {key(row): (bounds(row), row.independent, row.latest, row.conflict) for row in rows} == before
    assert find_conflicts(both, reprints) == find_conflicts(facts)
    grown = cluster_facts(both, reprints)
    assert [(one.independent, one.credibility) for one in grown] == [(one.independent, one.credibility) for one in cluster_facts(facts)]


@calm
@given(data=st.data())
def test_a_loss_moves_no_stock(make_fact: Make, data: st.DataObject) -> None:
    facts = data.draw(drawn_facts(make_fact))
    model = data.draw(st.sampled_from(facts))
    measure = data.draw(st.sampled_from([None, "flow", "cumulative"]))
    loss = model._replace(fact_id="LOSS", status="destroyed", measure=measure, modality="asserted", count_min=7, count_max=7)
    before = {key(row): bounds(row)[:2] + bounds(row)[4:] for row in reckoned(facts)}
    after = {key(row): bounds(row)[:2] + bounds(row)[4:] for row in reckoned([*facts, loss])}
    assert after == before


@calm
@given(data=st.data())
def test_rolled_up_numbers_hold_their_parts(make_fact: Make, data: st.DataObject) -> None:
    facts = data.draw(drawn_facts(make_fact))
    rows = reckoned(facts)
    for top in rows:
        if top.level != "total":
            continue
        # What is lost, delivered or promised somewhere is so in all.
        for place in (row for row in rows if row.level == "category" and row.actor_id == top.actor_id):
            for name in ("lost_low", "delivered_low", "pledged_low", "ordered_low"):
                assert (getattr(top, name) or 0) >= (getattr(place, name) or 0)
    assert sum(row.reports for row in rows if row.level == "item") == len(facts)
    assert sum(row.reports for row in rows if row.level == "total") == len([fact for fact in facts if fact.actor])


@calm
@given(data=st.data())
def test_every_fact_is_in_one_cluster(make_fact: Make, data: st.DataObject) -> None:
    facts = data.draw(drawn_facts(make_fact))
    clusters = cluster_facts(facts, (), find_conflicts(facts))
    assert sorted(fact_id for cluster in clusters for fact_id in cluster.fact_ids) == sorted(fact.fact_id for fact in facts)
    assert all(cluster.credibility in (None, 2, 3, 4, 5, 6) for cluster in clusters)


@calm
@given(data=st.data())
def test_what_came_can_be_told_back(make_fact: Make, data: st.DataObject) -> None:
    facts = data.draw(drawn_facts(make_fact))
    cut = data.draw(st.integers(0, len(facts)))
    before = [FactVersion(fact, fact.doc_id, "r1", None, "source") for fact in facts[:cut]]
    after = [FactVersion(fact, fact.doc_id, "r2", None, "source") for fact in facts[cut:]]
    assert find_changes(before, before) == []
    changes = find_changes(before, after)
    # Each fact that came or went is told once: alone, or as one side of an update.
    alone = [change for change in changes if change.change != "updated"]
    assert len({(change.change, change.fact_id) for change in alone}) == len(alone)
    came = {change.fact_id for change in changes if change.change == "new"}
    assert came <= {version.fact.fact_id for version in after}
    assert {change.fact_id for change in changes if change.change == "withdrawn"} <= {version.fact.fact_id for version in before}


@pytest.mark.parametrize("kept", [False, True])
def test_all_at_once(make_fact: Make, kept: bool) -> None:
    one, two = make_fact(12), make_fact(40, doc_id="b", source="two")
    log = [Decision(two.fact_id, "reject", {}, None, "ana", None, "2022", "0", "Review", 2, None, None)]

    def versions(*facts: Fact) -> list[FactVersion]:
        return [FactVersion(fact, fact.doc_id, "r1", None, "source") for fact in facts]

    first = reckon(apply_reviews([one, two], [], lambda fact: ""), versions=versions(one, two))
    assert len(first.conflicts) == 1
    assert first.changes == ()
    reviewed = apply_reviews([one, two], log, lambda fact: "", keep_rejected=kept)
    then = reckon(reviewed, versions=versions(one, two), earlier=Earlier(versions(one), {}, first.holdings), families=FAMILIES, as_of=AS_OF)
    assert [(change.change, change.cause, change.fact_id) for change in then.changes] == [
        ("new", "source", two.fact_id),
        ("withdrawn", "review", two.fact_id),
    ]
    assert len(then.conflicts) == int(kept)
    assert {row.trend for row in then.holdings} == {"same" if kept else "down"}
    assert [grade.reliability for grade in then.grades] == ["F"] * (2 if kept else 1)
