"""Equipment, Personnel and Units: who holds what where, losses and transfers apart."""

from __future__ import annotations

from collections.abc import Iterable

from inventory.model import Column
from inventory.records import Holding
from inventory.report.facts_sheet import FactRows
from inventory.report.layout import Highlight, Row, Sheet, list_sheet

KINDS = {"Equipment": ("equipment", "materiel"), "Personnel": ("personnel",), "Units": ("unit",)}

HOLDING_COLUMNS: tuple[Column, ...] = (
    Column("actor", "str", "Operator; of losses the former owner; of transfers the side whose act is told."),
    Column("level", "str", "What the row rolls up: one item at one place, a family, a category, or the total over all places. Rows of "
           "different levels hold each other: do not add them up."),
    Column("category", "str", "Path in rules/taxonomy.yaml."),
    Column("family", "str", "The family of the item: T-72 of T-72B3."),
    Column("item", "str", "Canonical name of the item."),
    Column("counted_as", "str", "What the numbers count. Two batteries and two launchers are two rows."),
    Column("place", "str", "Where. Places may lie within each other: do not add rows up."),
    Column("country", "str", "Country of the place, ISO 3166-1 alpha-3."),
    Column("low", "int", "Stock, at least: the latest report. Asserted presence or readiness only: no losses, transfers, flows or totals."),
    Column("high", "int", "Stock, at most; reports of one day that disagree give the lowest and the highest. Empty: no upper bound."),
    Column("trend", "str", "Against the report before: up, down, same, new."),
    Column("conflict", "str", "yes: reports that cannot both be true; see Conflicts."),
    Column("lost_low", "int", "Asserted losses, at least: events with a day of their own added up, or the running total; never off stock."),
    Column("lost_high", "int", "Asserted losses, at most: reports that may tell the same event counted as different ones."),
    Column("pledged_low", "int", "Pledged, at least; never part of stock or deliveries."),
    Column("pledged_high", "int", "Pledged, at most."),
    Column("ordered_low", "int", "Ordered, at least; never part of stock or deliveries."),
    Column("ordered_high", "int", "Ordered, at most."),
    Column("delivered_low", "int", "Delivered by or to the actor, at least; never part of stock."),
    Column("delivered_high", "int", "Delivered, at most."),
    Column("reports", "int", "Number of facts in the row, whether or not they feed a number."),
    Column("independent", "int", "Number of independent sources: one a publisher, reprints counted with their original."),
    Column("latest", "date", "Latest day that a fact of the row is about; its day of publication where it gives none."),
    Column("as_of", "date", "The day that the numbers hold for."),
    Column("flags", "str", "What to look at: reports that disagree, open bounds, and the facts that fed no number, with the reason."),
    Column("fact", "str", "The first fact of the row, one that feeds a number if any does; the link leads to its row on Facts."),
    Column("fact_ids", "str", "All facts of the row, those that feed a number first."),
    Column("actor_id", "str", "ISO 3166-1 alpha-3 code, or a slug for an organisation or armed group."),
    Column("place_id", "str", "GeoNames id or rule-pack id of the place."),
    Column("lat", "float", "Latitude, decimal degrees, WGS 84."),
    Column("lon", "float", "Longitude, decimal degrees, WGS 84."),
)  # fmt: skip
_LOOKS = (
    Highlight("loss", ("lost_low", "lost_high"), "LEN({lost_low}&{lost_high})>0"),
    Highlight("alert", ("low", "high", "conflict"), '{conflict}="yes"'),
    Highlight("whole", ("level", "category", "family", "item", "low", "high"), 'OR({level}="total",{level}="category")'),
)
# Columns that are folded where no row has a value: pledges and orders are rare in most reports.
_RARE = (
    "family",
    "trend",
    "conflict",
    "as_of",
    *(f"{name}_{end}" for name in ("pledged", "ordered", "delivered") for end in ("low", "high")),
)


def holdings_sheet(name: str, holdings: Iterable[Holding], shown: FactRows) -> Sheet:
    """The sheet `Equipment`, `Personnel` or `Units` of the holdings of its kinds."""
    kinds = KINDS[name]
    rows = [_row(row, shown) for row in _drop_echoes([row for row in holdings if row.kind in kinds])]
    names = [column.name for column in HOLDING_COLUMNS]
    unused = frozenset(rare for rare in _RARE if all(row[names.index(rare)] is None for row in rows))
    purpose = "Who holds what where; rows are not to be added up"
    return list_sheet(name, purpose, HOLDING_COLUMNS, rows, _LOOKS, wide=True, frozen=5, folded=unused)


def _drop_echoes(holdings: list[Holding]) -> list[Holding]:
    """Without the families and categories that hold one item only: they would say its row again. Totals stay, to be filtered by."""
    items = {_ids(row) for row in holdings if row.level == "item"}
    return [row for row in holdings if row.level in ("item", "total") or _ids(row) not in items]


def _ids(row: Holding) -> frozenset[str]:
    return frozenset((*row.fact_ids, *row.other_ids))


def _row(row: Holding, shown: FactRows) -> Row:
    ids = [*row.fact_ids, *row.other_ids]
    first = shown.link_to(ids[0], f"{ids[0]} … {len(ids) - 1} more" if len(ids) > 1 else None) if ids else None
    cells = row._asdict() | {"conflict": "yes" if row.conflict else None, "fact": first, "fact_ids": " ".join(ids)}
    return [cells[column.name] for column in HOLDING_COLUMNS]
