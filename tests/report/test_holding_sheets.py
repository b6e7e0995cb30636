"""The holdings sheets show the reckoned rows, one an item at a place."""

from __future__ import annotations

from collections.abc import Callable

from inventory.model import Fact
from inventory.report.holdings import HOLDING_COLUMNS, HoldingCells, list_holdings

Make = Callable[..., Fact]


def test_columns_are_those_of_the_row() -> None:
    assert HoldingCells._fields == tuple(column.name for column in HOLDING_COLUMNS)


def test_rows_are_items_at_places_with_their_facts(make_fact: Make) -> None:
    facts = [make_fact(fact_id="F1"), make_fact(fact_id="F2", status="destroyed", measure="flow"), make_fact(fact_id="F3", kind="unit")]
    (row,) = list_holdings(facts, ["equipment"])
    assert (row.item, row.low, row.high, row.lost_low, row.lost_high) == ("Su-35", 12, 12, 12, 12)
    assert row.fact_ids == "F1 F2"
