"""What facts say of holdings: actor by category by item by place, with bounds that never add what must not be added.

The rule, for every pair of bounds:

* **Nothing is added up.** Two reports of twelve fighters at a base are one dozen told twice. A row's low is the
  largest lower bound among the reports that qualify, its high the largest upper bound; when a report says "at
  least" more than any upper bound, the high stays open (empty).
* **Stock** (`low`, `high`) takes asserted facts whose measure is `stock` or not given and whose status is presence
  or readiness, or `patrolling`. Flows, cumulative totals and sorties never enter.
* **Losses, pledges, orders and deliveries** have bounds of their own, by the same rule, and never feed stock. A
  cumulative total may be the largest report of a loss or a transfer, since nothing is added to it.
* Facts that are negated, denied, conditional, possible, predicted, requested or historical feed no bound at all;
  `planned` ones only pledges and orders, which are plans by nature.
* What fed no bound is still counted in `reports` and named in `flags`, so that no fact goes missing silently.

Rows for different places are not parts of each other (a city lies in a country): do not add rows up either.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from inventory.model import LOSSES, STATUS_GROUPS, Column, Fact

STOCK_STATUSES = frozenset((*STATUS_GROUPS["presence"], *STATUS_GROUPS["readiness"], "patrolling"))
_PLANS = frozenset({"pledged", "ordered"})
_FEEDS = {**dict.fromkeys(STOCK_STATUSES, "stock"), **dict.fromkeys(LOSSES, "lost")} | {
    status: status for status in ("pledged", "ordered", "delivered")
}
_MAX_IDS = 12
_OPEN = float("inf")

_LOW = "The largest lower bound among qualifying reports: repeated reports are never added."
_HIGH = "The largest upper bound among qualifying reports; empty when a report sets none above the low ('at least')."
HOLDING_COLUMNS: tuple[Column, ...] = (
    Column("actor", "str", "Operator; of losses the former owner; of transfers the side whose act is told."),
    Column("actor_id", "str", "ISO 3166-1 alpha-3 code, or a slug for an organisation or armed group."),
    Column("category", "str", "Path in rules/taxonomy.yaml."),
    Column("item", "str", "Canonical name of the item."),
    Column("counted_as", "str", "What the numbers count. Two batteries and two launchers are two rows."),
    Column("place", "str", "Where. Places may lie within each other: rows must not be added up."),
    Column("country", "str", "Country of the place, ISO 3166-1 alpha-3."),
    Column("low", "int", f"Stock, at least. Asserted presence or readiness only; no losses, transfers, flows, cumulative totals. {_LOW}"),
    Column("high", "int", f"Stock, at most. {_HIGH}"),
    Column("lost_low", "int", f"Asserted losses, at least; never subtracted from stock. {_LOW}"),
    Column("lost_high", "int", f"Asserted losses, at most. {_HIGH}"),
    Column("pledged_low", "int", f"Pledged, at least; never part of stock or deliveries. {_LOW}"),
    Column("pledged_high", "int", f"Pledged, at most. {_HIGH}"),
    Column("ordered_low", "int", f"Ordered, at least; never part of stock or deliveries. {_LOW}"),
    Column("ordered_high", "int", f"Ordered, at most. {_HIGH}"),
    Column("delivered_low", "int", f"Delivered by or to the actor, at least; never part of stock. {_LOW}"),
    Column("delivered_high", "int", f"Delivered, at most. {_HIGH}"),
    Column("reports", "int", "Number of facts in the row, whether or not they feed a number."),
    Column("sources", "int", "Number of different publishers (documents, where no publisher is known)."),
    Column("latest", "date", "Latest date that a fact of the row is about; its publication date where it gives none."),
    Column("flags", "str", "What to look at: reports that disagree, open bounds, and the facts that fed no number, with the reason."),
    Column("fact_ids", "str", f"The first {_MAX_IDS} facts of the row; look them up on the Facts sheet."),
)


class Holding(NamedTuple):
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


def list_holdings(facts: Iterable[Fact], kinds: Iterable[str]) -> list[Holding]:
    """Every actor by category by item by place of facts of these kinds, ordered by these; see the module for the rule."""
    wanted = frozenset(kinds)
    groups: defaultdict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.kind in wanted:
            groups[_key(fact)].append(fact)
    rows = [_holding(group) for group in groups.values()]
    # Rows without an actor or place come last, not first: they say least.
    return sorted(rows, key=lambda row: [(not part, part or "") for part in (row.actor, row.category, row.item, row.place, row.counted_as)])


def fed_bounds(fact: Fact) -> str | None:
    """The bounds that a fact feeds: `stock`, `lost`, `pledged`, `ordered`, `delivered`, or `None`."""
    feeds = _FEEDS.get(fact.status)
    if fact.modality != "asserted" and not (fact.modality == "planned" and fact.status in _PLANS):
        return None
    if feeds == "stock" and (fact.measure not in (None, "stock") or fact.counted_as == "sortie"):
        return None
    return feeds if (fact.count_min, fact.count_max) != (None, None) else None


def merge_bounds(facts: Sequence[Fact]) -> tuple[int | None, int | None]:
    """Low and high of repeated reports of one thing: the largest of each; high is `None` where it lies below the low."""
    low = max((fact.count_min for fact in facts if fact.count_min is not None), default=None)
    high = max((fact.count_max for fact in facts if fact.count_max is not None), default=None)
    return low, None if high is None or (low is not None and high < low) else high


def _key(fact: Fact) -> tuple[str, ...]:
    place = fact.place_id or fact.place or ""
    return (fact.actor_id or fact.actor or "", fact.category or "", fact.item_id or fact.item, _counted_as(fact), place)


def _counted_as(fact: Fact) -> str:
    return fact.counted_as or ("person" if fact.kind == "personnel" else "item")


def _holding(facts: list[Fact]) -> Holding:
    fed: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        fed[fed_bounds(fact) or ""].append(fact)
    first = facts[0]
    stock, lost, pledged, ordered, delivered = (merge_bounds(fed[name]) for name in ("stock", "lost", "pledged", "ordered", "delivered"))
    ids = [fact.fact_id for fact in facts]
    return Holding(
        next((fact.actor for fact in facts if fact.actor), first.actor_id),
        first.actor_id,
        first.category,
        first.item,
        _counted_as(first),
        next((fact.place for fact in facts if fact.place), first.place_id),
        next((fact.country for fact in facts if fact.country), None),
        *stock,
        *lost,
        *pledged,
        *ordered,
        *delivered,
        len(facts),
        len({fact.source or fact.doc_id for fact in facts}),
        max((day for fact in facts if (day := fact_date(fact))), default=None),
        "; ".join(_flags(fed)),
        " ".join(ids[:_MAX_IDS]) + (f" … {len(ids) - _MAX_IDS} more" if len(ids) > _MAX_IDS else ""),
    )


def fact_date(fact: Fact) -> dt.date | None:
    """The last day that a fact is about, else its publication date."""
    return fact.date_end or fact.date_start or fact.published


def _flags(fed: dict[str, list[Fact]]) -> list[str]:
    flags = []
    stock = fed["stock"]
    if stock and max(fact.count_min or 0 for fact in stock) > min(_upper(fact) for fact in stock):
        # Another number on another day may be a change; on the same day it cannot be.
        flags.append("numbers differ between dates" if len({fact_date(fact) for fact in stock}) > 1 else "reports disagree")
    if stock and merge_bounds(stock)[1] is None:
        flags.append("no upper bound")
    if len({fact.unit for fact in stock if fact.unit}) > 1:
        flags.append("several units named: the largest is shown, not their sum")
    reasons = Counter(_reason(fact) for fact in fed[""])
    if reasons:
        flags.append("not counted: " + ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items())))
    return flags


def _upper(fact: Fact) -> float:
    return _OPEN if fact.count_max is None else fact.count_max


def _reason(fact: Fact) -> str:
    if fact.modality != "asserted":
        return fact.modality
    if (fact.count_min, fact.count_max) == (None, None):
        return "without a number"
    if fact.status in STOCK_STATUSES:
        return "sortie" if fact.counted_as == "sortie" else fact.measure or fact.status
    return fact.status
