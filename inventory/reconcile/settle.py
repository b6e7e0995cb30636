"""Many reports of one number → one pair of bounds: the latest for what is there, a tally for what happened.

`settle_stock` answers *how many are there*: the latest report wins, what contradicts it on the same day opens an envelope.
`tally_events` answers *how many came or went*: reports of one event count once, events with dates of their own add up,
a running total already holds its parts.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from inventory.model import Fact
from inventory.reconcile.bounds import (
    NOTHING,
    Bounds,
    add_up,
    can_both_hold,
    envelop,
    find_bounds,
    intersect,
    keep_largest,
    overlay,
)
from inventory.reconcile.terms import RETELLING_DAYS, Period, Sources, find_aspect, find_day, find_other, find_period, sort_facts

_VAGUE = frozenset({"vague", "at_least", "at_most"})


class Settled(NamedTuple):
    """A number and what it rests on. `whole`: it holds its parts (a stock, a running total); else others may come on top."""

    bounds: Bounds
    day: dt.date | None
    facts: tuple[Fact, ...]
    conflict: bool
    whole: bool

    @property
    def told(self) -> bool:
        """Whether there is a number at all."""
        return self.bounds != NOTHING


UNTOLD = Settled(NOTHING, None, (), False, True)


class _Word(NamedTuple):
    """What one document says of one number."""

    bounds: Bounds
    facts: tuple[Fact, ...]
    published: dt.date


def settle_stock(facts: Iterable[Fact], sources: Sources) -> Settled:
    """The number of things there, after the latest day that is told of.

    Reports of one day are merged (see :func:`merge_reports`). A latest report with both bounds stands alone. One that sets a single
    bound, or only *dozens*, is made sharper by earlier reports as long as all of them can be true.
    """
    days: defaultdict[dt.date, list[Fact]] = defaultdict(list)
    for fact in facts:
        days[find_day(fact) or dt.date.min].append(fact)
    result = UNTOLD
    for day in sorted(days, reverse=True):
        earlier = merge_reports(days[day], sources)
        if not result.told:
            result = earlier._replace(day=None if day == dt.date.min else day)
            continue
        both = intersect([result.bounds, earlier.bounds])
        if both is None or result.conflict or not _is_loose(result):
            break
        result = result._replace(bounds=both, facts=result.facts + earlier.facts)
    return result


def merge_reports(facts: Sequence[Fact], sources: Sources) -> Settled:
    """Several reports of one number at one time.

    A document's figures for different units are added and held against its total; a publisher's later word replaces its earlier one.
    What remains holds together if it can: all bounds are true at once. If not, the bounds run from the lowest to the highest (conflict).
    """
    words: defaultdict[str, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in sort_facts(facts):
        words[sources.publisher(fact)][fact.doc_id].append(fact)
    standing: list[_Word] = []
    for documents in words.values():
        said = [_read_document(of_document) for of_document in documents.values()]
        last = max(word.published for word in said)
        standing += [word for word in said if word.published == last]
    merged = _hold_together([word.bounds for word in standing])
    used = tuple(fact for word in standing for fact in word.facts)
    return Settled(merged, None, used, _disagree(standing), whole=True)


def tally_events(facts: Iterable[Fact], sources: Sources, *, adds: bool) -> Settled:
    """How many were lost or delivered (`adds`), or promised and ordered (not `adds`: a promise is told many times).

    Outcomes (destroyed, damaged, captured …) and counterparties are tallied apart and added. See :func:`_tally` for events.
    """
    groups: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[(find_aspect(fact).removesuffix(" cumulative"), find_other(fact))].append(fact)
    named: defaultdict[str, list[Settled]] = defaultdict(list)
    unnamed: dict[str, Settled] = {}
    for (aspect, other), group in sorted(groups.items()):
        settled = _with_totals(group, sources, adds=adds)
        if other:
            named[aspect].append(settled)
        else:
            unnamed[aspect] = settled
    parts: list[Settled] = []
    for aspect in sorted({*named, *unnamed}):
        sum_of_named = add_settled(named[aspect])
        rest = unnamed.get(aspect, UNTOLD)
        # Without a counterparty it may be the same act as one with: at least the larger, at most both.
        parts.append(cover(sum_of_named, rest))
    return add_settled(parts)


def add_settled(parts: Sequence[Settled]) -> Settled:
    """The sum of numbers about surely different things; untold ones add nothing."""
    told = [part for part in parts if part.told]
    if not told:
        return UNTOLD
    day = max((part.day for part in told if part.day is not None), default=None)
    facts = tuple(fact for part in told for fact in part.facts)
    return Settled(
        add_up([part.bounds for part in told]), day, facts, any(part.conflict for part in told), all(part.whole for part in told)
    )


def cover(one: Settled, two: Settled) -> Settled:
    """Two tallies that may or may not tell the same: at least the larger, at most both."""
    if not one.told or not two.told:
        return one if one.told else two
    bounds = one.bounds if _may_retell(one.bounds, two.bounds) else overlay(one.bounds, two.bounds)
    return Settled(bounds, _later(one.day, two.day), one.facts + two.facts, one.conflict or two.conflict, one.whole and two.whole)


def contain(whole: Settled, parts: Settled) -> Settled:
    """A number for the whole and the sum of known parts of it.

    Parts within the whole's bounds can only raise its low. Parts that exceed it: the later word wins; of one day, both stand and
    conflict. A whole that is no whole (a count of events) may tell other events than the parts: then as :func:`cover`.
    """
    if not whole.told or not parts.told:
        return whole if whole.told else parts
    if not whole.whole:
        return cover(whole, parts)
    day, facts = _later(whole.day, parts.day), whole.facts + parts.facts
    conflict = whole.conflict or parts.conflict
    if whole.bounds.high is None or parts.bounds.floor <= whole.bounds.high:
        low = None if whole.bounds.low is None and parts.bounds.low is None else max(whole.bounds.floor, parts.bounds.floor)
        return Settled(Bounds(low, whole.bounds.high), day, facts, conflict, whole=True)
    days = [find_day(fact) or dt.date.min for fact in parts.facts]
    own = whole.day or dt.date.min
    if own > max(days):
        return whole
    if own < min(days):
        return parts._replace(whole=True)
    return Settled(envelop([whole.bounds, parts.bounds]), day, facts, True, whole=True)


def _read_document(facts: list[Fact]) -> _Word:
    by_unit: defaultdict[str, list[Bounds]] = defaultdict(list)
    for fact in facts:
        bounds = find_bounds(fact)
        if bounds is not None:
            by_unit[fact.unit or ""].append(bounds)
    total = by_unit.pop("", [])
    parts = [keep_largest(bounds) for bounds in by_unit.values()]
    # One unit's number and one without a unit are one thing told twice; several units' are parts.
    bounds = keep_largest([*(parts if len(parts) < 2 else [add_up(parts)]), *total])
    return _Word(bounds, tuple(facts), facts[0].published or dt.date.min)


def _hold_together(bounds: Sequence[Bounds]) -> Bounds:
    both = intersect(bounds)
    return envelop(bounds) if both is None else both


def _disagree(words: Sequence[_Word]) -> bool:
    """Whether two documents cannot both be right, rounding of approximate numbers allowed for."""
    if intersect([word.bounds for word in words]) is not None:
        return False
    for index, one in enumerate(words):
        for two in words[:index]:
            # Sums over units have no fact of their own; then the bounds decide.
            single = len(one.facts) == len(two.facts) == 1
            if not can_both_hold(one.facts[0], two.facts[0]) if single else intersect([one.bounds, two.bounds]) is None:
                return True
    return False


def _is_loose(settled: Settled) -> bool:
    return not settled.bounds.closed or all(fact.count_basis in _VAGUE for fact in settled.facts)


def _with_totals(facts: Sequence[Fact], sources: Sources, *, adds: bool) -> Settled:
    """Events, held against the latest running total, which contains every event up to its day."""
    running = [fact for fact in facts if fact.measure == "cumulative"]
    total = settle_stock(running, sources)
    told = [fact for fact in facts if fact.measure != "cumulative"]
    if not running:
        return _tally(told, sources, adds=adds)
    later = []
    for fact in told:
        period = find_period(fact)
        if period is not None and period.stated and total.day is not None and period.start > total.day:
            later.append(fact)
    tallied, after = _tally(told, sources, adds=adds), _tally(later, sources, adds=adds)
    low = None if total.bounds.low is None and tallied.bounds.low is None else max(total.bounds.floor, tallied.bounds.floor)
    high = add_up([total.bounds, after.bounds]).high if after.told else total.bounds.high
    if high is not None and low is not None and high < low:
        high = low
    facts_used = total.facts + tallied.facts
    return Settled(Bounds(low, high), _later(total.day, tallied.day), facts_used, total.conflict or tallied.conflict, whole=True)


def _tally(facts: Sequence[Fact], sources: Sources, *, adds: bool) -> Settled:
    """Add events up.

    Facts whose periods share a day tell one event. An event with a date of its own is firm: it adds to low and high. One that is known
    only from a day of publication may retell another: the same number adds nothing, another number raises the high alone.
    """
    own: list[tuple[Period, Fact]] = []
    loose: list[tuple[Period | None, Fact]] = []
    for fact in facts:
        period = find_period(fact, trailing=RETELLING_DAYS)
        if period is not None and period.stated:
            own.append((period, fact))
        else:
            loose.append((period, fact))
    firm = _join([(period, [fact]) for period, fact in own])
    dated: list[tuple[Period, list[Fact]]] = []
    undated: list[Fact] = []
    for spell, fact in loose:
        home = next((members for period, members in firm if spell is not None and period.overlaps(spell)), None)
        if home is not None:
            home.append(fact)
        elif spell is not None:
            dated.append((spell, [fact]))
        else:
            undated.append(fact)
    events = [_settle_event(members, sources) for _, members in firm]
    unsure = [_settle_event(members, sources) for _, members in _join(dated)] + ([merge_reports(undated, sources)] if undated else [])
    if not adds:
        unsure, events = events + unsure, []
    result = add_settled(events)
    # Largest first: what comes later can only be a retelling of something as large or raise the high.
    for event in sorted(unsure, key=lambda one: (-one.bounds.floor, -(one.bounds.high or 0), one.day or dt.date.min)):
        seen = [*events, event]
        retold = any(_may_retell(known.bounds, event.bounds) for known in events)
        events = seen
        if retold:
            result = result._replace(facts=result.facts + event.facts, conflict=result.conflict or event.conflict)
        else:
            result = Settled(
                overlay(result.bounds, event.bounds) if result.told else event.bounds,
                _later(result.day, event.day),
                result.facts + event.facts,
                result.conflict or event.conflict,
                whole=False,
            )
    return result._replace(whole=False)


def _settle_event(facts: Sequence[Fact], sources: Sources) -> Settled:
    """One event: a report of a longer period (*in March*) holds the days that other reports tell of."""
    spells = {period for fact in facts if (period := find_period(fact)) is not None and period.stated}
    day = max((find_day(fact) or dt.date.min for fact in facts), default=None)
    longest = max(spells, key=lambda period: (period.end - period.start, period.start), default=None)
    inner = [] if longest is None else [fact for fact in facts if (period := find_period(fact)) and longest.holds(period)]
    if not inner or longest is None:
        return merge_reports(facts, sources)._replace(day=day)
    outer = merge_reports([fact for fact in facts if fact not in inner], sources)._replace(day=day)
    return contain(outer, _tally(inner, sources, adds=True))._replace(day=day)


def _join(spells: list[tuple[Period, list[Fact]]]) -> list[tuple[Period, list[Fact]]]:
    """Facts by connected stretches of time."""
    joined: list[tuple[Period, list[Fact]]] = []
    for period, members in sorted(spells, key=lambda spell: (spell[0], [fact.fact_id for fact in spell[1]])):
        if joined and joined[-1][0].overlaps(period):
            before, facts = joined[-1]
            joined[-1] = (Period(before.start, max(before.end, period.end), before.stated), facts + members)
        else:
            joined.append((period, list(members)))
    return joined


def _may_retell(known: Bounds, told: Bounds) -> bool:
    # Only the same number: 3 and later 5 may be five with the three among them or not.
    return known == told


def _later(one: dt.date | None, two: dt.date | None) -> dt.date | None:
    return max((day for day in (one, two) if day is not None), default=None)
