"""The holdings sheets: rows of :func:`inventory.reconcile.holdings.list_holdings`, one an item at a place, as cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from inventory.model import Column, Fact
from inventory.reconcile.holdings import list_holdings as reckon_holdings
from inventory.records import Holding

_MAX_IDS = 12

HOLDING_COLUMNS: tuple[Column, ...] = (
    Column("actor", "str", "Operator; of losses the former owner; of transfers the side whose act is told."),
    Column("actor_id", "str", "ISO 3166-1 alpha-3 code, or a slug for an organisation or armed group."),
    Column("category", "str", "Path in rules/taxonomy.yaml."),
    Column("item", "str", "Canonical name of the item."),
    Column("counted_as", "str", "What the numbers count. Two batteries and two launchers are two rows."),
    Column("place", "str", "Where. Places may lie within each other: rows must not be added up."),
    Column("country", "str", "Country of the place, ISO 3166-1 alpha-3."),
    Column("low", "int", "Stock, at least: the latest report. Asserted presence or readiness only; no losses, transfers, flows, totals."),
    Column("high", "int", "Stock, at most; reports of one day that disagree give the lowest and the highest. Empty: no upper bound."),
    Column(
        "lost_low", "int", "Asserted losses, at least: events with a date of their own added up, or the running total; never off stock."
    ),
    Column("lost_high", "int", "Asserted losses, at most: reports that may tell the same event counted as different ones."),
    Column("pledged_low", "int", "Pledged, at least; never part of stock or deliveries."),
    Column("pledged_high", "int", "Pledged, at most."),
    Column("ordered_low", "int", "Ordered, at least; never part of stock or deliveries."),
    Column("ordered_high", "int", "Ordered, at most."),
    Column("delivered_low", "int", "Delivered by or to the actor, at least; never part of stock."),
    Column("delivered_high", "int", "Delivered, at most."),
    Column("reports", "int", "Number of facts in the row, whether or not they feed a number."),
    Column("sources", "int", "Number of independent sources: one a publisher, reprints counted with their original."),
    Column("latest", "date", "Latest date that a fact of the row is about; its publication date where it gives none."),
    Column("flags", "str", "What to look at: reports that disagree, open bounds, and the facts that fed no number, with the reason."),
    Column("fact_ids", "str", f"The first {_MAX_IDS} facts of the row, those that feed a number first; look them up on the Facts sheet."),
)


class HoldingCells(NamedTuple):
    """One row of a holdings sheet; the fields are those of :data:`HOLDING_COLUMNS`."""

    actor: str | None
    actor_id: str | None
    category: str | None
    item: str
    counted_as: str
    place: str | None
    country: str | None
    low: int | None
    high: int | None
    lost_low: int | None
    lost_high: int | None
    pledged_low: int | None
    pledged_high: int | None
    ordered_low: int | None
    ordered_high: int | None
    delivered_low: int | None
    delivered_high: int | None
    reports: int
    sources: int
    latest: dt.date | None
    flags: str
    fact_ids: str


def list_holdings(facts: Iterable[Fact], kinds: Iterable[str]) -> list[HoldingCells]:
    """Every actor by category by item by place of facts of these kinds, whatever their age."""
    wanted = frozenset(kinds)
    rows = reckon_holdings([fact for fact in facts if fact.kind in wanted])
    return [_make_cells(row) for row in rows if row.level == "item"]


def _make_cells(row: Holding) -> HoldingCells:
    ids = (*row.fact_ids, *row.other_ids)
    return HoldingCells(
        row.actor, row.actor_id, row.category, row.item or "", row.counted_as, row.place, row.country, row.low, row.high,
        row.lost_low, row.lost_high, row.pledged_low, row.pledged_high, row.ordered_low, row.ordered_high,
        row.delivered_low, row.delivered_high, row.reports, row.independent, row.latest, row.flags,
        " ".join(ids[:_MAX_IDS]) + (f" … {len(ids) - _MAX_IDS} more" if len(ids) > _MAX_IDS else ""),
    )  # fmt: skip
