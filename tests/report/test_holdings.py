"""Strength is never made of what is not there: losses, orders, plans, running totals, or one report told twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.model import COUNTED_AS, LOSSES, MEASURES, MODALITIES, STATUSES, Fact
from inventory.report.holdings import HOLDING_COLUMNS, Holding, list_holdings

Make = Callable[..., Fact]


def only_row(facts: list[Fact]) -> Holding:
    (row,) = list_holdings(facts, ["equipment"])
    return row


def test_columns_are_those_of_the_row() -> None:
    assert Holding._fields == tuple(column.name for column in HOLDING_COLUMNS)


def test_repeated_reports_are_not_added(make_fact: Make) -> None:
    row = only_row([make_fact(source="one"), make_fact(source="two"), make_fact(source="two", count_min=10, count_max=14)])
    assert (row.low, row.high, row.reports, row.sources) == (12, 14, 3, 2)


def test_a_larger_at_least_leaves_the_high_open(make_fact: Make) -> None:
    row = only_row([make_fact(), make_fact(count_min=20, count_max=None)])
    assert (row.low, row.high) == (20, None)
    assert "no upper bound" in row.flags


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
    rows = list_holdings([make_fact(), make_fact(counted_as="battalion", count_min=2, count_max=2)], ["equipment"])
    assert {(row.counted_as, row.low) for row in rows} == {("item", 12), ("battalion", 2)}


def test_reports_that_cannot_both_be_true_are_flagged(make_fact: Make) -> None:
    same_day = [make_fact(), make_fact(count_min=40, count_max=50)]
    assert "reports disagree" in only_row(same_day).flags
    later = [make_fact(), make_fact(count_min=40, count_max=50, date_start=dt.date(2022, 4, 1))]
    row = only_row(later)
    assert "numbers differ between dates" in row.flags
    assert row.latest == dt.date(2022, 4, 1)


def test_rows_without_actor_come_last(make_fact: Make) -> None:
    rows = list_holdings([make_fact(actor=None, actor_id=None), make_fact()], ["equipment"])
    assert [row.actor for row in rows] == ["Russia", None]


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
    rows = list_holdings(facts, ["equipment"])
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
