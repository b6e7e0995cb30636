"""What facts are compared by: which number they feed, which day, place and source they belong to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from inventory.model import LOSSES, STATUS_GROUPS, Fact
from inventory.reconcile.bounds import find_bounds
from inventory.records import Reprint

STOCK_STATUSES = frozenset((*STATUS_GROUPS["presence"], *STATUS_GROUPS["readiness"], "patrolling"))
_PLANS = frozenset({"pledged", "ordered"})
_FEEDS = {**dict.fromkeys(STOCK_STATUSES, "stock"), **dict.fromkeys(LOSSES, "lost")} | {
    status: status for status in ("pledged", "ordered", "delivered")
}
# Words of loss that say the same of a thing, so that two reports of one wreck are one loss.
_OUTCOMES = {"shot_down": "destroyed", "sunk": "destroyed"}
_GROUPS = {status: group for group, statuses in STATUS_GROUPS.items() for status in statuses}
# Retellings trail the first report by a day or two; a week-end makes it three.
RETELLING_DAYS = 3
DAY = dt.timedelta(days=1)


class Period(NamedTuple):
    """First and last day; `stated` where the text gives a date of its own."""

    start: dt.date
    end: dt.date
    stated: bool

    def overlaps(self, other: Period) -> bool:
        """Whether they share a day."""
        return self.start <= other.end and other.start <= self.end

    def holds(self, other: Period) -> bool:
        """Whether the other lies within it and is shorter."""
        return self.start <= other.start and other.end <= self.end and self[:2] != other[:2]


def find_feed(fact: Fact) -> str | None:
    """The bounds that a fact feeds: `stock`, `lost`, `pledged`, `ordered`, `delivered`, or `None`."""
    feeds = _FEEDS.get(fact.status)
    if fact.modality != "asserted" and not (fact.modality == "planned" and fact.status in _PLANS):
        return None
    if feeds == "stock" and (fact.measure not in (None, "stock") or fact.counted_as == "sortie"):
        return None
    return feeds if find_bounds(fact) is not None else None


def tell_reason(fact: Fact) -> str:
    """Why a fact feeds no number, in a word or two."""
    if fact.modality != "asserted":
        return fact.modality
    if find_bounds(fact) is None:
        return "without a number"
    if fact.status in STOCK_STATUSES:
        return "sortie" if fact.counted_as == "sortie" else fact.measure or fact.status
    return fact.status


def find_aspect(fact: Fact) -> str:
    """What two facts must share to tell one thing: the status group, of losses the outcome, of transfers the status itself."""
    if fact.status in STOCK_STATUSES:
        # What came is not what is there: 500 arrived and 500 stationed are two statements.
        return "stock" if fact.measure in (None, "stock") else f"presence {fact.measure}"
    if fact.status in LOSSES:
        return f"{_OUTCOMES.get(fact.status, fact.status)}{' cumulative' if fact.measure == 'cumulative' else ''}"
    group = _GROUPS.get(fact.status, fact.status)
    word = fact.status if group in ("transfer", "movement") else group
    return f"{word}{' cumulative' if fact.measure == 'cumulative' else ''}"


def find_counted(fact: Fact) -> str:
    """What the number counts: people are persons, formations counted by their own name are items."""
    counted = fact.counted_as or "item"
    if fact.kind == "personnel" and counted == "item":
        return "person"
    if fact.kind == "unit" and counted == (fact.category or "").rpartition("/")[2]:
        return "item"
    return counted


def find_day(fact: Fact) -> dt.date | None:
    """The day a fact is about: the last of its period, but none after its publication; that of its publication where it gives none.

    A period that reaches beyond the publication (*until the end of June*) tells how things stood when it was written.
    """
    last = fact.date_end or fact.date_start
    if last is None:
        return fact.published
    if fact.published is not None and last > fact.published:
        return max(fact.published, fact.date_start or fact.published)
    return last


def find_period(fact: Fact, trailing: int = 0) -> Period | None:
    """The period a fact is about; without a date of its own the day of publication and `trailing` days before it."""
    start, end = fact.date_start or fact.date_end, fact.date_end or fact.date_start
    if start is not None and end is not None and fact.date_basis != "publication":
        return Period(min(start, end), max(start, end), True)
    day = end or fact.published
    return None if day is None else Period(day - trailing * DAY, day, False)


def find_actor(fact: Fact) -> str:
    """The key of the actor, `""` where none is given."""
    return fact.actor_id or fact.actor or ""


def find_other(fact: Fact) -> str:
    """The key of the counterparty, `""` where none is given."""
    return fact.counterparty_id or fact.counterparty or ""


def find_place(fact: Fact) -> str:
    """The key of the place, `""` where none is given."""
    return fact.place_id or fact.place or ""


def find_item(fact: Fact) -> str:
    """The key of the item."""
    return fact.item_id or fact.item


def lies_within(inner: Fact, outer: Fact) -> bool:
    """Whether the place of `inner` lies in that of `outer`: a town in its division or country, a division in its country."""
    if not find_place(inner) or find_place(inner) == find_place(outer) or not outer.country or inner.country != outer.country:
        return False
    if outer.geo_precision == "country":
        return inner.geo_precision != "country"
    return outer.geo_precision == "region" and inner.geo_precision != "country" and bool(inner.admin) and inner.admin == outer.place


def sort_facts(facts: Iterable[Fact]) -> list[Fact]:
    """Facts in an order that depends on nothing but themselves."""
    return sorted(facts, key=lambda fact: (fact.published or dt.date.min, fact.fact_id, fact.doc_id, fact.start))


class Sources:
    """Who really speaks: reprints folded into their original, documents of one publisher into one source."""

    __slots__ = ("_originals", "_publishers", "_told")

    def __init__(self, facts: Iterable[Fact], reprints: Iterable[Reprint] = ()) -> None:
        self._originals: Mapping[str, str] = {one.doc_id: one.original for one in reprints}
        self._publishers: dict[str, str] = {}
        self._told: dict[tuple[object, ...], Fact] = {}
        for fact in facts:
            if fact.source:
                self._publishers.setdefault(fact.doc_id, fact.source)
            self._told.setdefault((fact.doc_id, *_signature(fact)), fact)

    def original(self, doc_id: str) -> str:
        """The document that a document reprints, itself if it reprints none."""
        seen = {doc_id}
        while (before := self._originals.get(doc_id)) is not None and before not in seen:
            seen.add(before)
            doc_id = before
        return doc_id

    def publisher(self, fact: Fact) -> str:
        """The source that counts: the publisher of the original, the document itself where no publisher is known."""
        root = self.original(fact.doc_id)
        return self._publishers.get(root, f"document {root}")

    def find_first(self, fact: Fact) -> Fact | None:
        """What the original says, where a reprint says here only the same; `None` for everything else."""
        root = self.original(fact.doc_id)
        return None if root == fact.doc_id else self._told.get((root, *_signature(fact)))

    def count(self, facts: Iterable[Fact]) -> int:
        """How many sources stand behind facts."""
        return len({self.publisher(fact) for fact in facts})


def _signature(fact: Fact) -> tuple[object, ...]:
    # Dates are left out: "on Thursday" counts from another day in a reprint.
    return (
        fact.kind, find_item(fact), find_actor(fact), find_other(fact), find_place(fact), find_aspect(fact), fact.modality,
        fact.count_min, fact.count_max, fact.counted_as, fact.unit,
    )  # fmt: skip
