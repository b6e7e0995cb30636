"""Low–high bounds of a number: when two can both be true, and how reports, parts and wholes combine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from inventory.model import Fact


class Bounds(NamedTuple):
    """At least `low`, at most `high`; `None` on either side: the text sets none."""

    low: int | None
    high: int | None

    @property
    def floor(self) -> int:
        """The lower bound, 0 where none is given."""
        return self.low or 0

    @property
    def closed(self) -> bool:
        """Whether both sides are set."""
        return self.low is not None and self.high is not None


NOTHING = Bounds(None, None)


def find_bounds(fact: Fact) -> Bounds | None:
    """The bounds that a fact states, or `None`; a named ship or unit without a number is one."""
    low, high = fact.count_min, fact.count_max
    if low is None and high is None:
        return Bounds(1, 1) if is_individual(fact) else None
    if low is not None and high is not None and low > high:  # a correction by hand may have crossed them
        low, high = high, low
    return Bounds(low, high)


def is_individual(fact: Fact) -> bool:
    """Whether the fact is about one named thing (a ship with her hull number or class, a numbered unit) and states no number.

    A whole service (*the Royal Navy*) is no thing that anybody counts.
    """
    if fact.count_basis != "unstated" or has_flag(fact, "generic"):
        return False
    if fact.kind == "unit":
        return fact.category != "unit/branch"
    keys = {part.partition("=")[0].strip() for part in (fact.attributes or "").split(";")}
    return fact.kind == "equipment" and bool(keys & {"hull", "class"})


def has_flag(fact: Fact, flag: str) -> bool:
    """Whether a fact carries a flag."""
    return flag in (fact.flags or "").split()


def find_slack(fact: Fact) -> int:
    """How far an approximate number may be off: half a unit of its last significant digit, at least 1; 0 for others.

    *About 300* is 250 to 350, *about 8,500* is 8,450 to 8,550: whoever rounds to a hundred means the nearest hundred.
    """
    number = fact.count_min if fact.count_min is not None else fact.count_max
    if fact.count_basis != "approximate" or not number:
        return 0
    unit = 1
    while number % (unit * 10) == 0:
        unit *= 10
    return max(1, unit // 2)


def can_both_hold(left: Fact, right: Fact) -> bool:
    """Whether the numbers of two facts can both be true; facts without a number contradict nothing."""
    one, two = find_bounds(left), find_bounds(right)
    if one is None or two is None:
        return True
    slack = find_slack(left) + find_slack(right)
    return not ((one.high is not None and one.high + slack < two.floor) or (two.high is not None and two.high + slack < one.floor))


def intersect(bounds: Iterable[Bounds]) -> Bounds | None:
    """What is left when all are true at once; `None` where they cannot be."""
    given = list(bounds)
    low = max((one.low for one in given if one.low is not None), default=None)
    high = min((one.high for one in given if one.high is not None), default=None)
    return None if low is not None and high is not None and low > high else Bounds(low, high)


def envelop(bounds: Sequence[Bounds]) -> Bounds:
    """From the smallest lower to the largest upper bound: one of the reports is right, nobody knows which."""
    lows = [one.low for one in bounds]
    return Bounds(None if None in lows else min(one.floor for one in bounds), _highest(bounds))


def keep_largest(bounds: Sequence[Bounds]) -> Bounds:
    """One document's several numbers for one thing: all at once if they can be, else the largest, for the rest are its parts."""
    both = intersect(bounds)
    if both is not None:
        return both
    low = max((one.low for one in bounds if one.low is not None), default=None)
    high = max((one.high for one in bounds if one.high is not None), default=None)
    return Bounds(low, None if high is None or (low is not None and high < low) else high)


def add_up(bounds: Sequence[Bounds]) -> Bounds:
    """The sum of things that are surely different."""
    if not bounds:
        return NOTHING
    low = None if all(one.low is None for one in bounds) else sum(one.floor for one in bounds)
    highs = [one.high for one in bounds if one.high is not None]
    return Bounds(low, sum(highs) if len(highs) == len(bounds) else None)


def overlay(one: Bounds, two: Bounds) -> Bounds:
    """Two tallies that may tell the same events or others: at least the larger, at most both."""
    low = None if one.low is None and two.low is None else max(one.floor, two.floor)
    return Bounds(low, None if one.high is None or two.high is None else one.high + two.high)


def _highest(bounds: Sequence[Bounds]) -> int | None:
    highs = [one.high for one in bounds if one.high is not None]
    return max(highs) if len(highs) == len(bounds) else None
