"""What each side holds of what where, as of a day: :func:`list_holdings`. The rules stand in docs/reconcile.md."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from inventory.model import Fact
from inventory.reconcile.bounds import is_individual
from inventory.reconcile.rollup import FEEDS, Roll, roll_up_place, roll_up_total
from inventory.reconcile.terms import (
    Sources,
    find_actor,
    find_counted,
    find_day,
    find_feed,
    find_item,
    find_place,
    sort_facts,
    tell_reason,
)
from inventory.records import HOLDING_LEVELS, Conflict, Holding, Reprint

# A quarter: presence reported once and never again is history by then, yet monthly surveys still carry over.
DEFAULT_WINDOW = 90
_LEVELS = {level: rank for rank, level in enumerate(HOLDING_LEVELS)}
_Key = tuple[str, ...]


def list_holdings(
    facts: Iterable[Fact],
    *,
    reprints: Iterable[Reprint] = (),
    conflicts: Iterable[Conflict] = (),
    as_of: dt.date | None = None,
    window: int | None = DEFAULT_WINDOW,
    families: Mapping[str, str] | None = None,
    previous: Iterable[Holding] = (),
) -> list[Holding]:
    """Actor by item by place as of a day, rolled up by family, category and over all places.

    Args:
        facts: effective facts, rejected ones left out.
        reprints: documents that repeat others; they change no number.
        conflicts: rows that rest on one of their facts are marked.
        as_of: facts about later days feed nothing. `None`: all facts count, whatever their age.
        window: how many days before `as_of` a report of stock still counts; `None`: any number.
        families: item id → family name (:func:`inventory.reconcile.families.list_families`).
        previous: holdings of the run before, for `trend`.

    Returns:
        Rows ordered by actor, kind, category, level, place and item; rows without an actor come last. The order of facts does not matter.
    """
    told = sort_facts(facts)
    sources = Sources(told, reprints)
    moved = _find_moved(told, as_of)
    reasons = {id(fact): _find_reason(fact, sources, as_of, window, moved) for fact in told}

    def feed_of(fact: Fact) -> str | None:
        return None if reasons[id(fact)] is not None else find_feed(fact)

    torn = {fact_id for conflict in conflicts for fact_id in (conflict.left, conflict.right)}
    groups: defaultdict[tuple[str, str, str, str], defaultdict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in told:
        groups[(fact.kind, find_actor(fact), find_counted(fact), fact.category or "")][find_place(fact)].append(fact)
    rows: list[Holding] = []
    for (_, actor, _, _), places in groups.items():
        tops: dict[str, Roll] = {}
        for place, here in sorted(places.items()):
            rolls = roll_up_place(here, feed_of, sources, families or {})
            tops[place] = rolls[0]
            rows += [_make_row(roll, sources, reasons, torn, as_of) for roll in rolls]
        if actor:  # what unknown sides hold in all is nobody's number
            rows.append(_make_row(roll_up_total(tops), sources, reasons, torn, as_of))
    return sorted(compare_trends(rows, previous), key=_order)


def compare_trends(holdings: Iterable[Holding], previous: Iterable[Holding]) -> list[Holding]:
    """The holdings with `trend` set against those of an earlier run; empty where there was no earlier run."""
    before = {identify_holding(row): row for row in previous}
    if not before:
        return list(holdings)
    return [row._replace(trend=_compare(before.get(identify_holding(row)), row)) for row in holdings]


def identify_holding(row: Holding) -> _Key:
    """What makes a row the same row in another run."""
    parts = (
        row.level, row.kind, row.actor_id or row.actor, row.category, row.family, row.item, row.counted_as, row.place_id or row.place,
    )  # fmt: skip
    return tuple(part or "" for part in parts)


def _compare(old: Holding | None, row: Holding) -> str | None:
    if row.low is None and row.high is None:
        return None
    if old is None or (old.low is None and old.high is None):
        return "new"
    was, now = (old.low, old.high), (row.low, row.high)
    if was == now:
        return "same"
    middles = [(low or 0) + (high if high is not None else (low or 0)) for low, high in (was, now)]
    return "up" if middles[1] > middles[0] else "down" if middles[1] < middles[0] else "same"


def _find_moved(facts: Sequence[Fact], as_of: dt.date | None) -> dict[tuple[str, str], tuple[dt.date, set[str]]]:
    """For each named ship or unit the last day that it was placed, and where: it cannot be in two places."""
    last: dict[tuple[str, str], tuple[dt.date, set[str]]] = {}
    for fact in facts:
        day = find_day(fact)
        if not is_individual(fact) or find_feed(fact) != "stock" or not find_place(fact) or day is None or (as_of and day > as_of):
            continue
        key = (find_actor(fact), find_item(fact))
        known = last.get(key)
        if known is None or day > known[0]:
            last[key] = (day, {find_place(fact)})
        elif day == known[0]:
            known[1].add(find_place(fact))
    return last


def _find_reason(
    fact: Fact,
    sources: Sources,
    as_of: dt.date | None,
    window: int | None,
    moved: Mapping[tuple[str, str], tuple[dt.date, set[str]]],
) -> str | None:
    """Why a fact feeds no number; `None` if it feeds one."""
    feed = find_feed(fact)
    if feed is None:
        return tell_reason(fact)
    if sources.find_first(fact) is not None:
        return "reprint"
    day = find_day(fact)
    if as_of is not None and day is not None and (fact.date_start or day) > as_of:
        return f"after {as_of.isoformat()}"
    if feed != "stock":
        return None
    if as_of is not None and window is not None and day is not None and day < as_of - dt.timedelta(days=window):
        return f"older than {window} days"
    if is_individual(fact):
        seen = moved.get((find_actor(fact), find_item(fact)))
        if seen is not None and find_place(fact) not in seen[1]:
            return "seen elsewhere later"
    return None


def _make_row(roll: Roll, sources: Sources, reasons: Mapping[int, str | None], torn: set[str], as_of: dt.date | None) -> Holding:
    used = sort_facts({id(fact): fact for feed in FEEDS for fact in roll.numbers[feed].facts}.values())
    using = {id(fact) for fact in used}
    others = [fact for fact in roll.facts if id(fact) not in using]
    first = roll.facts[0]
    item_level, placed = roll.level == "item", roll.level != "total"
    stock, lost, pledged, ordered, delivered = (roll.numbers[feed].bounds for feed in FEEDS)
    conflict = any(roll.numbers[feed].conflict for feed in FEEDS) or any(fact.fact_id in torn for fact in used)
    fresh = [fact for fact in roll.facts if sources.find_first(fact) is None]
    return Holding(
        first.kind,
        next((fact.actor for fact in roll.facts if fact.actor), first.actor_id),
        first.actor_id,
        roll.level,
        first.category,
        roll.family,
        first.item if item_level else None,
        find_counted(first),
        next((fact.place for fact in roll.facts if fact.place), first.place_id) if placed else None,
        first.place_id if placed else None,
        next((fact.country for fact in roll.facts if fact.country), None) if placed else None,
        next((fact.lat for fact in roll.facts if fact.lat is not None), None) if placed else None,
        next((fact.lon for fact in roll.facts if fact.lon is not None), None) if placed else None,
        as_of,
        *stock,
        *lost,
        *pledged,
        *ordered,
        *delivered,
        len(roll.facts),
        sources.count(used or roll.facts),
        max((day for fact in (fresh or roll.facts) if (day := find_day(fact))), default=None),
        None,
        conflict,
        "; ".join(_list_flags(roll, others, reasons)),
        tuple(dict.fromkeys(fact.fact_id for fact in used)),
        tuple(dict.fromkeys(fact.fact_id for fact in others)),
    )


def _list_flags(roll: Roll, others: Sequence[Fact], reasons: Mapping[int, str | None]) -> list[str]:
    flags = []
    stock = roll.numbers["stock"]
    if any(roll.numbers[feed].conflict for feed in FEEDS):
        flags.append("reports disagree")
    if stock.told and stock.bounds.high is None:
        flags.append("no upper bound")
    if stock.told and stock.day is not None:
        left = [
            fact
            for fact in others
            if fact.status == "withdrawn" and fact.modality == "asserted" and (find_day(fact) or stock.day) > stock.day
        ]
        if left:
            flags.append("withdrawals told of since")
    skipped = Counter(reasons[id(fact)] or "superseded" for fact in others)
    if skipped:
        flags.append("not counted: " + ", ".join(f"{count} {reason}" for reason, count in sorted(skipped.items())))
    return flags


def _order(row: Holding) -> tuple[object, ...]:
    # Rows without an actor or place come last, not first: they say least.
    parts = (row.actor, row.kind, row.category, row.place, row.family, row.item, row.counted_as)
    actor, kind, category, *rest = ((not part, part or "") for part in parts)
    return (actor, kind, category, _LEVELS[row.level], *rest)
