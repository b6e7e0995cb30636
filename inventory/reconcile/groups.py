"""Facts that can all tell one thing: the common ground of clusters and conflicts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from inventory.model import Fact
from inventory.reconcile.bounds import find_bounds, find_slack
from inventory.reconcile.terms import (
    RETELLING_DAYS,
    find_actor,
    find_aspect,
    find_counted,
    find_item,
    find_other,
    find_period,
    find_place,
    lies_within,
    sort_facts,
)

Key = tuple[str, ...]
_OPEN = float("inf")


class Group:
    """Facts of which every two can tell one thing. Periods and bounds are ranges on a line: if every two meet, all meet in one place."""

    __slots__ = ("end", "facts", "high", "low", "other", "places", "start", "unit")

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.start, self.end = dt.date.min, dt.date.max
        self.low, self.high = 0.0, _OPEN
        self.places: dict[str, Fact] = {}
        self.unit: str | None = None
        self.other = ""

    def takes(self, fact: Fact) -> bool:
        """Whether a fact can tell what all these tell."""
        start, end, low, high = _find_ranges(fact)
        return (
            start <= self.end
            and self.start <= end
            and low <= self.high
            and self.low <= high
            and (not fact.unit or not self.unit or fact.unit == self.unit)
            and (not self.other or find_other(fact) in ("", self.other))
            and all(_same_place(fact, other) for other in self.places.values())
        )

    def add(self, fact: Fact) -> None:
        """Take a fact in; what all its facts share becomes smaller."""
        start, end, low, high = _find_ranges(fact)
        self.facts.append(fact)
        self.start, self.end = max(self.start, start), min(self.end, end)
        self.low, self.high = max(self.low, low), min(self.high, high)
        self.unit = self.unit or fact.unit
        self.other = self.other or find_other(fact)
        self.places.setdefault(find_place(fact), fact)


def group_facts(facts: Iterable[Fact]) -> dict[Key, list[Group]]:
    """Facts by what they must share, and within that in groups of facts that can tell one thing.

    What they must share: kind, item, actor, way of counting, status group (of losses the outcome), modality. What must agree: place (the
    same, one within the other, or not told), unit, counterparty, period, number. Groups are made in the order of the periods, so that
    the order of `facts` does not matter.
    """
    buckets: defaultdict[Key, list[Fact]] = defaultdict(list)
    for fact in sort_facts(facts):
        buckets[find_key(fact)].append(fact)
    return {key: _group_bucket(bucket) for key, bucket in sorted(buckets.items())}


def find_key(fact: Fact) -> Key:
    """What two facts must share to tell one thing."""
    return (fact.kind, find_item(fact), find_actor(fact), find_counted(fact), find_aspect(fact), fact.modality)


def _group_bucket(facts: list[Fact]) -> list[Group]:
    ranges = {id(fact): _find_ranges(fact) for fact in facts}
    groups: list[Group] = []
    active: list[Group] = []
    for fact in sorted(facts, key=lambda fact: ranges[id(fact)][0]):  # stable
        start = ranges[id(fact)][0]
        active = [group for group in active if group.end >= start]
        home = next((group for group in active if group.takes(fact)), None)
        if home is None:
            home = Group()
            groups.append(home)
            active.append(home)
        home.add(fact)
    return groups


def _find_ranges(fact: Fact) -> tuple[dt.date, dt.date, float, float]:
    """Period and number as closed ranges, open where nothing is told; rounding widens the number."""
    period, bounds, slack = find_period(fact, trailing=RETELLING_DAYS), find_bounds(fact), find_slack(fact)
    start, end = (period.start, period.end) if period is not None else (dt.date.min, dt.date.max)
    if bounds is None:
        return start, end, 0.0, _OPEN
    return start, end, float(bounds.floor - slack), _OPEN if bounds.high is None else float(bounds.high + slack)


def _same_place(one: Fact, two: Fact) -> bool:
    left, right = find_place(one), find_place(two)
    if not find_actor(one):
        # Of nobody in particular: only a place that is told makes it one thing.
        return left == right and left != ""
    return left == right or not left or not right or lies_within(one, two) or lies_within(two, one)
