"""The Timeline: what is told of each day, by status and side."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from inventory.model import LOSSES, STATUS_GROUPS, Column, Fact
from inventory.report.facts_sheet import FactRows
from inventory.report.layout import Highlight, Row, Sheet, list_sheet

_MAX_NAMES = 12
_GROUPS = {status: group for group, statuses in STATUS_GROUPS.items() for status in statuses}

TIMELINE_COLUMNS: tuple[Column, ...] = (
    Column("date", "date", "First day that the facts speak of; their day of publication where they give none."),
    Column("date_end", "date", "Last day, where they speak of a period."),
    Column("group", "str", "Group of the status: presence, movement, transfer, loss …"),
    Column("status", "str", "What is told."),
    Column("modality", "str", "How surely it is put."),
    Column("actor", "str", "Whose it is."),
    Column("items", "str", "What, with its number as printed."),
    Column("places", "str", "Where."),
    Column("facts", "int", "Number of facts."),
    Column("sources", "int", "Number of different publishers."),
    Column("fact_ids", "str", "The first fact; the link leads to its row on Facts."),
)
_ANY_LOSS = 'AND({modality}="asserted",OR(' + ",".join(f'{{status}}="{word}"' for word in sorted(LOSSES)) + "))"
_LOOKS = (
    Highlight("loss", ("status", "items"), _ANY_LOSS),
    Highlight("unsure", ("status", "modality", "items"), 'AND({modality}<>"",{modality}<>"asserted")'),
)


def timeline_sheet(shown: FactRows) -> Sheet:
    """Facts by day, status and side, the latest day first; facts without any day come last."""
    groups: defaultdict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in shown.facts:
        start, end = find_days(fact)
        groups[start, end, fact.status, fact.modality, fact.actor or ""].append(fact)
    ordered = sorted(groups.items(), key=lambda entry: _order(entry[1][0]))
    rows = [_row(facts, shown) for _, facts in ordered]
    sheet = list_sheet("Timeline", "What is told of each day, the latest first", TIMELINE_COLUMNS, rows, _LOOKS, frozen=2)
    return sheet


def find_days(fact: Fact) -> tuple[dt.date | None, dt.date | None]:
    """The first day that a fact speaks of and, if it is another, the last."""
    start = fact.date_start or fact.date_end or fact.published
    end = fact.date_end if fact.date_start else None
    return start, end if end != start else None


def _order(fact: Fact) -> tuple[object, ...]:
    start, end = find_days(fact)
    day = (end or start or dt.date.min).toordinal()
    return (-day, -(start or dt.date.min).toordinal(), list(_GROUPS).index(fact.status) if fact.status in _GROUPS else 99,
            not fact.actor, fact.actor or "", fact.modality)  # fmt: skip


def _row(facts: list[Fact], shown: FactRows) -> Row:
    first = facts[0]
    start, end = find_days(first)
    ids = [fact.fact_id for fact in facts]
    return [
        start, end, _GROUPS.get(first.status), first.status, first.modality, first.actor,
        join_names(f"{fact.count_text} {fact.item}" if fact.count_text else fact.item for fact in facts),
        join_names(fact.place for fact in facts if fact.place) or None, len(facts),
        len({fact.source or fact.doc_id for fact in facts}), shown.link_to(ids[0], ids[0] + (f" … {len(ids) - 1} more" if ids[1:] else "")),
    ]  # fmt: skip


def join_names(names: Iterable[str | None], most: int = _MAX_NAMES) -> str:
    """Each name once, in the order of their first appearance, and how many more there are."""
    kept = list(dict.fromkeys(name for name in names if name))
    return "; ".join(kept[:most]) + (f"; … {len(kept) - most} more" if len(kept) > most else "")
