"""Strength is never made of what is not there: losses, orders, plans, running totals, or one report told twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.model import COUNTED_AS, LOSSES, MEASURES, MODALITIES, STATUSES, Fact
from inventory.reconcile.families import list_families
from inventory.reconcile.holdings import list_holdings
from inventory.records import Holding, Reprint
from inventory.rulebook.load import load_rulebook

Make = Callable[..., Fact]
MARCH = dt.date(2022, 3, 1)


def only_row(facts: list[Fact], level: str = "item", **more: Any) -> Holding:
    (row,) = [row for row in list_holdings(facts, **more) if row.level == level]
    return row


def stock(row: Holding) -> tuple[int | None, int | None]:
    return row.low, row.high


@pytest.mark.parametrize(
    ("status", "prefix"),
    [("destroyed", "lost"), ("killed", "lost"), ("pledged", "pledged"), ("ordered", "ordered"), ("delivered", "delivered")],
)
def test_losses_and_transfers_stand_apart(make_fact: Make, status: str, prefix: str) -> None:
    row = only_row([make_fact(), make_fact(status=status, measure="flow", count_min=3, count_max=4)])
    assert (row.low, row.high) == (12, 12)
    assert (getattr(row, f"{prefix}_low"), getattr(row, f"{prefix}_high")) == (3, 4)


@pytest.mark.parametrize("modality", [word for word in MODALITIES if word != "asserted"])
def test_what_is_not_asserted_feeds_nothing_but_is_told(make_fact: Make, modality: str) -> None:
    row = only_row([make_fact(modality=modality)])
    assert (row.low, row.high) == (None, None)
    assert row.flags == f"not counted: 1 {modality}"


@pytest.mark.parametrize("measure", ["flow", "cumulative"])
def test_flows_and_totals_are_not_stock(make_fact: Make, measure: str) -> None:
    row = only_row([make_fact(), make_fact(measure=measure, count_min=900, count_max=900)])
    assert (row.low, row.high) == (12, 12)
    assert row.flags == f"not counted: 1 {measure}"


def test_planned_pledges_are_pledges(make_fact: Make) -> None:
    row = only_row(
        [make_fact(status="pledged", modality="planned"), make_fact(status="pledged", modality="denied", count_min=99, count_max=99)]
    )
    assert (row.pledged_low, row.pledged_high) == (12, 12)


def test_what_is_counted_differently_is_another_row(make_fact: Make) -> None:
    rows = list_holdings([make_fact(), make_fact(counted_as="battalion", count_min=2, count_max=2)])
    assert {(row.counted_as, row.low) for row in rows} == {("item", 12), ("battalion", 2)}


def test_rows_without_actor_come_last(make_fact: Make) -> None:
    rows = list_holdings([make_fact(actor=None, actor_id=None), make_fact()])
    assert [row.actor for row in rows if row.level == "item"] == ["Russia", None]
    assert [row.actor for row in rows if row.level == "total"] == ["Russia"]


def test_repeated_reports_are_not_added(make_fact: Make) -> None:
    row = only_row([make_fact(source="one", doc_id="a"), make_fact(source="two", doc_id="b"), make_fact(source="two", doc_id="c")])
    assert (*stock(row), row.reports, row.independent) == (12, 12, 3, 2)


def test_the_latest_day_wins(make_fact: Make) -> None:
    row = only_row([make_fact(20), make_fact(14, doc_id="b", source="two", published=dt.date(2022, 3, 5))])
    assert stock(row) == (14, 14)
    assert not row.conflict
    assert "superseded" in row.flags


def test_reports_of_one_day_that_disagree_open_an_envelope(make_fact: Make) -> None:
    row = only_row([make_fact(12), make_fact(40, doc_id="b", source="two")])
    assert (*stock(row), row.conflict) == (12, 40, True)
    assert "reports disagree" in row.flags


def test_rounded_numbers_are_no_disagreement(make_fact: Make) -> None:
    row = only_row([make_fact(300, count_basis="approximate"), make_fact(310, doc_id="b", source="two")])
    assert (*stock(row), row.conflict) == (300, 310, False)


def test_bounds_of_one_day_sharpen_each_other(make_fact: Make) -> None:
    row = only_row([
        make_fact(count_min=10, count_max=None, count_basis="at_least"),
        make_fact(count_min=None, count_max=14, count_basis="at_most", doc_id="b", source="two"),
    ])  # fmt: skip
    assert (*stock(row), row.conflict) == (10, 14, False)


def test_a_later_lower_bound_does_not_hide_an_earlier_number_it_agrees_with(make_fact: Make) -> None:
    later = {"doc_id": "b", "source": "two", "published": dt.date(2022, 3, 5), "count_max": None, "count_basis": "at_least"}
    assert stock(only_row([make_fact(12), make_fact(**later, count_min=4)])) == (12, 12)
    row = only_row([make_fact(12), make_fact(**later, count_min=20)])
    assert stock(row) == (20, None)
    assert "no upper bound" in row.flags


def test_a_later_range_stands_alone(make_fact: Make) -> None:
    later = {"doc_id": "b", "source": "two", "published": dt.date(2022, 3, 5)}
    assert stock(only_row([make_fact(12), make_fact(count_min=10, count_max=14, count_basis="range", **later)])) == (10, 14)


def test_a_publisher_corrects_itself(make_fact: Make) -> None:
    told = {"date_start": MARCH, "date_end": MARCH, "date_basis": "stated"}
    row = only_row([make_fact(21, **told), make_fact(12, **told, doc_id="b", published=dt.date(2022, 3, 4))])
    assert (*stock(row), row.conflict) == (12, 12, False)


def test_units_told_of_together_are_added_and_their_total_is_not(make_fact: Make) -> None:
    parts = [make_fact(12, unit="1st Wing"), make_fact(10, unit="2nd Wing")]
    assert stock(only_row(parts)) == (22, 22)
    assert stock(only_row([*parts, make_fact(22)])) == (22, 22)
    assert stock(only_row([*parts, make_fact(30)])) == (30, 30)


def test_old_reports_of_stock_count_no_more_but_losses_stay(make_fact: Make) -> None:
    facts = [make_fact(12), make_fact(2, status="shot_down", measure="flow")]
    row = only_row(facts, as_of=dt.date(2022, 9, 1), window=90)
    assert (row.low, row.lost_low) == (None, 2)
    assert "1 older than 90 days" in row.flags
    assert only_row(facts, as_of=dt.date(2022, 9, 1), window=None).low == 12


def test_a_period_that_goes_on_is_told_of_the_day_of_writing(make_fact: Make) -> None:
    until_june = {"date_start": dt.date(2022, 2, 1), "date_end": dt.date(2022, 6, 30), "date_basis": "stated"}
    row = only_row([make_fact(20, **until_june), make_fact(14, doc_id="b", source="two", published=dt.date(2022, 3, 5))])
    assert (*stock(row), row.latest) == (14, 14, dt.date(2022, 3, 5))


def test_what_is_about_a_later_day_counts_not_yet(make_fact: Make) -> None:
    row = only_row([make_fact(12), make_fact(20, doc_id="b", published=dt.date(2022, 3, 5))], as_of=MARCH)
    assert stock(row) == (12, 12)
    assert "1 after 2022-03-01" in row.flags


def test_a_reprint_counts_with_its_original(make_fact: Make) -> None:
    facts = [
        make_fact(12),
        make_fact(15, doc_id="b", source="two", published=dt.date(2022, 3, 5)),
        make_fact(12, doc_id="copy", source="three", published=dt.date(2022, 3, 9)),
    ]
    row = only_row(facts, reprints=[Reprint("copy", "a", 0.97)])
    assert (*stock(row), row.independent) == (15, 15, 1)
    assert row.latest == dt.date(2022, 3, 5)


def test_losses_with_dates_of_their_own_add_up(make_fact: Make) -> None:
    def lost(count: int, day: int | None, **more: Any) -> Fact:
        own = {} if day is None else {"date_start": MARCH.replace(day=day), "date_end": MARCH.replace(day=day), "date_basis": "stated"}
        return make_fact(count, status="destroyed", measure="flow", doc_id=f"d{day}{count}", published=dt.date(2022, 3, 20), **own, **more)

    def tally(*facts: Fact) -> tuple[int | None, int | None]:
        row = only_row(list(facts))
        return row.lost_low, row.lost_high

    assert tally(lost(3, 2), lost(5, 9)) == (8, 8)
    assert tally(lost(3, 2), lost(3, 2, source="two")) == (3, 3)
    assert tally(lost(3, 2), lost(5, 2, source="two")) == (3, 5)
    # Without a day of its own a report may retell an event; the same number surely may.
    assert tally(lost(3, 2), lost(3, None)) == (3, 3)
    assert tally(lost(3, 2), lost(5, None)) == (5, 8)
    # A running total holds the events up to its day.
    total = lost(10, 6)._replace(measure="cumulative")
    assert tally(lost(3, 2), total) == (10, 10)
    assert tally(lost(3, 2), lost(4, 9), total) == (10, 14)
    # A wreck is a wreck, whichever word is used; what was destroyed was not captured.
    assert tally(lost(3, 2), lost(3, 2, source="two")._replace(status="shot_down")) == (3, 3)
    assert tally(lost(3, 2), lost(2, 2)._replace(status="captured")) == (5, 5)


def test_a_promise_told_again_is_one_promise(make_fact: Make) -> None:
    def pledged(count: int, day: int, **more: Any) -> Fact:
        return make_fact(count, status="pledged", measure="flow", doc_id=f"p{day}", published=MARCH.replace(day=day), **more)

    row = only_row([pledged(14, 1), pledged(14, 20)])
    assert (row.pledged_low, row.pledged_high) == (14, 14)
    row = only_row([pledged(14, 1), pledged(18, 20)])
    assert (row.pledged_low, row.pledged_high) == (18, 32)
    row = only_row([pledged(14, 1, counterparty_id="UKR"), pledged(6, 1, counterparty_id="MDA")])
    assert (row.pledged_low, row.pledged_high) == (20, 20)


TANK = {"item": "tank", "item_id": "tank", "category": "armour/tank", "flags": "generic"}
T72 = {"item": "T-72", "item_id": "t-72", "category": "armour/tank"}
T72B3 = {"item": "T-72B3", "item_id": "t-72b3", "category": "armour/tank"}
T90 = {"item": "T-90", "item_id": "t-90", "category": "armour/tank"}
FAMILIES = {"t-72": "T-72", "t-72b3": "T-72"}


@pytest.mark.parametrize(
    ("generic", "base", "variant", "other", "family", "category"),
    [
        (30, None, 12, 18, (12, 12), (30, 30)),
        (None, 20, 12, 18, (20, 20), (38, 38)),
        (50, 20, 12, 18, (20, 20), (50, 50)),
        (None, None, 12, 18, (12, 12), (30, 30)),
    ],
)
def test_wholes_hold_their_parts(
    make_fact: Make, generic: int | None, base: int | None, variant: int, other: int, family: tuple[int, int], category: tuple[int, int]
) -> None:
    named = ((TANK, generic), (T72, base), (T72B3, variant), (T90, other))
    rows = list_holdings([make_fact(count, **item) for item, count in named if count], families=FAMILIES)
    assert [stock(row) for row in rows if row.level == "family" and row.family == "T-72"] == [family]
    assert [stock(row) for row in rows if row.level == "category"] == [category]
    assert [stock(row) for row in rows if row.level == "total"] == [category]


def test_parts_that_exceed_their_whole_conflict_unless_one_is_newer(make_fact: Make) -> None:
    newer = {"doc_id": "b", "published": dt.date(2022, 3, 9)}
    row = only_row([make_fact(8, **TANK), make_fact(12, **T90)], "category")
    assert (*stock(row), row.conflict) == (8, 12, True)
    row = only_row([make_fact(8, **TANK, **newer), make_fact(12, **T90)], "category")
    assert (*stock(row), row.conflict) == (8, 8, False)
    row = only_row([make_fact(8, **TANK), make_fact(12, **T90, **newer)], "category")
    assert (*stock(row), row.conflict) == (12, 12, False)


def test_losses_of_tanks_and_of_a_type_may_be_the_same_or_others(make_fact: Make) -> None:
    lost = {"status": "destroyed", "measure": "flow"}
    row = only_row([make_fact(5, **TANK, **lost), make_fact(3, **T90, **lost, doc_id="b", source="two")], "category")
    assert (row.lost_low, row.lost_high) == (5, 8)
    total = {"status": "destroyed", "measure": "cumulative"}
    row = only_row([make_fact(50, **TANK, **total), make_fact(3, **T90, **lost, doc_id="b", source="two")], "category")
    assert (row.lost_low, row.lost_high) == (50, 50)


ELSEWHERE = {"place": "Latakia", "place_id": "173576"}


def test_places_of_one_document_are_added_those_of_two_may_be_one_force(make_fact: Make) -> None:
    assert stock(only_row([make_fact(12), make_fact(8, **ELSEWHERE)], "total")) == (20, 20)
    assert stock(only_row([make_fact(12), make_fact(8, **ELSEWHERE, doc_id="b", source="two")], "total")) == (12, 20)


def test_a_country_holds_its_places_and_so_does_no_place_at_all(make_fact: Make) -> None:
    country = {"place": "Syria", "place_id": "SYR", "geo_precision": "country", "admin": None}
    nowhere = {"place": None, "place_id": None, "geo_precision": None, "admin": None, "country": None}
    parts = [make_fact(12), make_fact(8, **ELSEWHERE)]
    assert stock(only_row([*parts, make_fact(24, **country)], "total")) == (24, 24)
    assert stock(only_row([*parts, make_fact(24, **nowhere)], "total")) == (24, 24)
    assert stock(only_row([*parts, make_fact(5, **nowhere)], "total")) == (20, 20)
    # More than the country's number: then that is told of others, and they may come on top.
    assert stock(only_row([*parts, make_fact(5, **country)], "total")) == (20, 25)


def test_a_named_ship_is_one_and_in_one_place(make_fact: Make) -> None:
    ship = {
        "item": "Moskva", "item_id": "moskva", "category": "ship/cruiser", "count_min": None, "count_max": None, "count_basis": "unstated",
        "attributes": "hull=121",
    }  # fmt: skip
    facts = [make_fact(**ship), make_fact(**ship, **ELSEWHERE, doc_id="b", published=dt.date(2022, 3, 9))]
    rows = {(row.level, row.place): stock(row) for row in list_holdings(facts)}
    assert rows[("item", "Latakia")] == (1, 1)
    assert rows[("item", "Tartus")] == (None, None)
    assert rows[("total", None)] == (1, 1)


def test_a_numbered_unit_is_one_and_a_service_is_no_number(make_fact: Make) -> None:
    plain = {"kind": "unit", "count_min": None, "count_max": None, "count_basis": "unstated", "counted_as": None}
    assert stock(only_row([make_fact(**plain, item="76th Division", item_id="?76th division", category="unit/division")])) == (1, 1)
    row = only_row([make_fact(**plain, item="Russian Navy", item_id="russian-navy", category="unit/branch")])
    assert (*stock(row), row.flags) == (None, None, "not counted: 1 without a number")


def test_a_later_withdrawal_is_told_but_not_taken_off(make_fact: Make) -> None:
    row = only_row([make_fact(12), make_fact(4, status="withdrawn", measure="flow", doc_id="b", published=dt.date(2022, 3, 9))])
    assert stock(row) == (12, 12)
    assert "withdrawals told of since" in row.flags


def test_every_number_names_its_facts(make_fact: Make) -> None:
    old, new, gone = (
        make_fact(20),
        make_fact(14, published=dt.date(2022, 3, 5), doc_id="b"),
        make_fact(2, status="destroyed", measure="flow"),
    )
    row = only_row([old, new, gone])
    assert set(row.fact_ids) == {new.fact_id, gone.fact_id}
    assert row.other_ids == (old.fact_id,)


def test_trend_compares_with_the_run_before(make_fact: Make) -> None:
    before = list_holdings([make_fact(12)])
    assert {row.trend for row in before} == {None}
    assert {row.trend for row in list_holdings([make_fact(14)], previous=before)} == {"up"}
    assert {row.trend for row in list_holdings([make_fact(12)], previous=before)} == {"same"}
    assert "new" in {row.trend for row in list_holdings([make_fact(12, **T90)], previous=before)}


def test_families_come_from_the_rule_pack() -> None:
    families = list_families(load_rulebook())
    assert families["t-72b3"] == families["t-72"] == "T-72"
    # Developed from the Su-27, but with variants of its own: else a Su-30 and the Su-30MK2 that it may be would be added.
    assert families["su-30mk2"] == families["su-30"] == "Su-30"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_number_outside_asserted_stock_reports_ever_appears_as_stock(make_fact: Make, data: st.DataObject) -> None:
    draws = st.tuples(
        st.sampled_from(STATUSES), st.sampled_from(MODALITIES), st.none() | st.sampled_from(MEASURES), st.sampled_from(COUNTED_AS)
    )
    cells = data.draw(st.lists(st.tuples(draws, st.integers(0, 50)), min_size=1, max_size=12))
    facts = [
        make_fact(
            fact_id=str(index), status=status, modality=modality, measure=measure, counted_as=counted, count_min=number, count_max=number
        )
        for index, ((status, modality, measure, counted), number) in enumerate(cells)
    ]
    rows = [row for row in list_holdings(facts) if row.level == "item"]
    assert sum(row.reports for row in rows) == len(facts)
    for row in rows:
        allowed = [
            fact.count_min
            for fact in facts
            if fact.counted_as == row.counted_as
            and fact.modality == "asserted"
            and fact.measure not in ("flow", "cumulative")
            and fact.status not in LOSSES | {"pledged", "ordered", "delivered", "requested", "produced"}
        ]
        assert row.low is None or row.low in allowed
        assert row.low is None or row.low <= max(number for number in allowed if number is not None)
