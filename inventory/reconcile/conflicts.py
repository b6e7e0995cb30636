"""What cannot both be true: numbers of two sources for one thing, and words of two reviewers on one fact."""

from __future__ import annotations

import datetime as dt
import hashlib
from base64 import b32encode
from collections.abc import Iterable, Mapping

from inventory.model import Fact
from inventory.reconcile.bounds import can_both_hold, find_bounds
from inventory.reconcile.groups import Group, group_facts
from inventory.reconcile.terms import Period, Sources, find_actor, find_feed, find_other, find_period, find_place
from inventory.records import Conflict, Decision, Reprint, ReviewState

_ID_BYTES = 10


def find_conflicts(facts: Iterable[Fact], reprints: Iterable[Reprint] = ()) -> list[Conflict]:
    """Pairs of numbers that cannot both be true, one pair for any two groups of agreeing reports.

    Both are asserted and told by different publishers, of the same known actor, item, way of counting, place, counterparty, status group
    and unit, for periods that share a day (without a date of its own a fact is about the day of its publication). Reports of stock and
    running totals need no place, events do. A publisher's later word is a correction, a reprint nothing of its own.

    Returns:
        Conflicts of kind `count`, ordered by actor, item, place and period; the earlier report is `left`.
    """
    told = list(facts)
    sources = Sources(told, reprints)
    found = []
    numbers = (fact for fact in told if fact.modality == "asserted" and find_actor(fact) and find_bounds(fact))
    for groups in group_facts(fact for fact in numbers if sources.find_first(fact) is None).values():
        active: list[Group] = []
        for group in groups:
            # Groups come in the order in which their first periods begin.
            active = [other for other in active if _last_day(other) >= _first_day(group)]
            pairs = (_find_pair(other, group, sources) for other in active)
            found += [pair for pair in pairs if pair is not None]
            active.append(group)
    conflicts = [_make_conflict(*pair) for pair in found]
    return sorted(conflicts, key=lambda one: (one.actor or "~", one.item, one.place or "~", str(one.period_start), one.conflict_id))


def find_review_conflicts(states: Mapping[str, ReviewState], facts: Iterable[Fact]) -> list[Conflict]:
    """Facts that are held because reviewers disagree, each with the first two words that differ; kind `review`."""
    current = {fact.fact_id: fact for fact in facts}
    found = []
    for fact_id, state in sorted(states.items()):
        fact = current.get(fact_id)
        if state.state != "held" or fact is None:
            continue
        left = state.decisions[0]
        right = next((word for word in state.decisions if (word.decision, word.corrections) != (left.decision, left.corrections)), left)
        period = find_period(fact)
        start, end = (period.start, period.end) if period is not None else (None, None)
        found.append(
            Conflict(
                _make_id("review", fact_id, fact_id), "review", fact.actor, fact.item, fact.place, start, end,
                fact_id, _say_word(left), left.reviewer, left.comment or fact.evidence,
                fact_id, _say_word(right), right.reviewer, right.comment or fact.evidence,
            )
        )  # fmt: skip
    return found


def say_number(fact: Fact) -> str:
    """The number and status of a fact as a phrase: *at least 300 killed*."""
    bounds = find_bounds(fact)
    if bounds is None:
        number = "no number"
    elif bounds.low is None:
        number = f"up to {bounds.high:,}"
    elif bounds.high is None:
        number = f"at least {bounds.low:,}"
    else:
        number = f"{bounds.low:,}" if bounds.low == bounds.high else f"{bounds.low:,}–{bounds.high:,}"
    return f"{number} {fact.status.replace('_', ' ')}"


def _say_word(word: Decision) -> str:
    cells = ", ".join(f"{column} = {'empty' if value is None else value}" for column, value in sorted(word.corrections.items()))
    return f"{word.decision}: {cells}" if cells else word.decision


def _first_day(group: Group) -> dt.date:
    period = find_period(group.facts[0])
    return dt.date.min if period is None else period.start


def _last_day(group: Group) -> dt.date:
    return max((period.end for fact in group.facts if (period := find_period(fact)) is not None), default=dt.date.max)


def _find_pair(one: Group, two: Group, sources: Sources) -> tuple[Fact, Fact, Period | None] | None:
    for left in one.facts:
        for right in two.facts:
            if can_both_hold(left, right) or not _is_comparable(left, right, sources):
                continue
            pair = sorted((left, right), key=lambda fact: (str(fact.published), fact.fact_id))
            return pair[0], pair[1], _share_days(left, right)
    return None


def _share_days(left: Fact, right: Fact) -> Period | None:
    """The days that both are about; `None` where they share none or neither has a date."""
    one, two = find_period(left), find_period(right)
    if one is None or two is None or not one.overlaps(two):
        return None
    return Period(max(one.start, two.start), min(one.end, two.end), one.stated and two.stated)


def _is_comparable(left: Fact, right: Fact, sources: Sources) -> bool:
    if find_place(left) != find_place(right) or find_other(left) != find_other(right):
        return False
    dated = find_period(left) is not None or find_period(right) is not None
    if dated and _share_days(left, right) is None:
        return False
    if sources.original(left.doc_id) == sources.original(right.doc_id):
        return False
    if sources.publisher(left) == sources.publisher(right) and left.published != right.published:
        return False
    if left.unit and right.unit and left.unit != right.unit:
        return False
    return bool(find_place(left)) or find_feed(left) == "stock" or left.measure == "cumulative"


def _make_conflict(left: Fact, right: Fact, shared: Period | None) -> Conflict:
    return Conflict(
        _make_id("count", left.fact_id, right.fact_id), "count", left.actor, left.item, left.place,
        shared.start if shared else None, shared.end if shared else None,
        left.fact_id, say_number(left), left.source, left.evidence, right.fact_id, say_number(right), right.source, right.evidence,
    )  # fmt: skip


def _make_id(kind: str, left: str, right: str) -> str:
    digest = hashlib.blake2s(f"{kind} {left} {right}".encode(), digest_size=_ID_BYTES, person=b"conflict").digest()
    return "X" + b32encode(digest).decode("ascii")
