"""Items at a place → family → category, and a category over all places, without counting anything twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

from inventory.model import Fact
from inventory.reconcile.bounds import NOTHING, Bounds, has_flag
from inventory.reconcile.settle import UNTOLD, Settled, add_settled, contain, cover, settle_stock, tally_events
from inventory.reconcile.terms import Sources, find_day, find_item, find_place, lies_within

FEEDS = ("stock", "lost", "pledged", "ordered", "delivered")


class Roll(NamedTuple):
    """One row to be: its level, the names it stands under, its facts, and a number for each of :data:`FEEDS`."""

    level: str
    family: str | None
    facts: tuple[Fact, ...]
    numbers: dict[str, Settled]


def settle_feeds(fed: Mapping[str, Sequence[Fact]], sources: Sources) -> dict[str, Settled]:
    """The number of each feed from the facts that feed it."""
    # Promises and orders are told again and again: their dates are those of the telling.
    return {
        feed: settle_stock(fed.get(feed, ()), sources)
        if feed == "stock"
        else tally_events(fed.get(feed, ()), sources, adds=feed in ("lost", "delivered"))
        for feed in FEEDS
    }


def roll_up_place(
    facts: Iterable[Fact], feed_of: Callable[[Fact], str | None], sources: Sources, families: Mapping[str, str]
) -> list[Roll]:
    """The rolls of one actor, category and place: the category first, then families, then items."""
    items: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        items[find_item(fact)].append(fact)
    leaves = {item: Roll("item", families.get(item), tuple(told), _settle(told, feed_of, sources)) for item, told in sorted(items.items())}
    by_family: defaultdict[str, list[Roll]] = defaultdict(list)
    single: list[Roll] = []
    class_words: list[Fact] = []
    for roll in leaves.values():
        if any(has_flag(fact, "generic") for fact in roll.facts):
            class_words += roll.facts
        elif roll.family is not None:
            by_family[roll.family].append(roll)
        else:
            single.append(roll)
    grown = [_grow_family(name, rolls) for name, rolls in sorted(by_family.items())]
    # *Tanks*, *armoured vehicles* of one category are words for the whole of it: reports of one number, never parts of each other.
    own = _settle(class_words, feed_of, sources)
    top = Roll(
        "category",
        None,
        tuple(fact for roll in leaves.values() for fact in roll.facts),
        {feed: contain(own[feed], add_settled([roll.numbers[feed] for roll in (*grown, *single)])) for feed in FEEDS},
    )
    return [top, *grown, *leaves.values()]


def roll_up_total(places: Mapping[str, Roll]) -> Roll:
    """One category of one actor over all places (key `""`: place not told), from its rolls at each place."""
    facts = tuple(fact for _, roll in sorted(places.items()) for fact in roll.facts)
    numbers = {feed: _over_places({place: roll.numbers[feed] for place, roll in places.items()}, places, feed) for feed in FEEDS}
    return Roll("total", None, facts, numbers)


def _settle(facts: Sequence[Fact], feed_of: Callable[[Fact], str | None], sources: Sources) -> dict[str, Settled]:
    fed: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        feed = feed_of(fact)
        if feed is not None:
            fed[feed].append(fact)
    return settle_feeds(fed, sources)


def _grow_family(name: str, rolls: Sequence[Roll]) -> Roll:
    base = next((roll for roll in rolls if any(fact.item == name for fact in roll.facts)), None)
    variants = [roll for roll in rolls if roll is not base]
    numbers = {
        feed: contain(base.numbers[feed] if base else UNTOLD, add_settled([roll.numbers[feed] for roll in variants])) for feed in FEEDS
    }
    return Roll("family", name, tuple(fact for roll in rolls for fact in roll.facts), numbers)


def _over_places(numbers: Mapping[str, Settled], rolls: Mapping[str, Roll], feed: str) -> Settled:
    stock = feed == "stock"
    told = {place: number for place, number in sorted(numbers.items()) if place and number.told}
    where = {place: next(fact for fact in rolls[place].facts if find_place(fact) == place) for place in told}
    nowhere = numbers.get("", UNTOLD)
    homes = {place: _find_home(place, where) for place in told}
    below: defaultdict[str, list[str]] = defaultdict(list)
    for place, home in homes.items():
        below[home].append(place)

    def gather(place: str) -> Settled:
        inner = _sum_places([gather(child) for child in below[place]], {child: told[child] for child in below[place]}, stock)
        return _hold_places(told[place], inner) if stock else cover(told[place], inner)

    placed = _sum_places([gather(place) for place in below[""]], told, stock)
    if not placed.told or not nowhere.told:
        return placed if placed.told else nowhere
    if not nowhere.whole:
        return cover(nowhere, placed)
    # A number without a place may be the whole or a part: the larger of the two, and no contradiction.
    highs = (nowhere.bounds.high, placed.bounds.high if stock else placed.bounds.floor)
    low = None if nowhere.bounds.low is None and placed.bounds.low is None else max(nowhere.bounds.floor, placed.bounds.floor)
    high = None if highs[0] is None or highs[1] is None else max(highs[0], highs[1])
    return _merge(nowhere, placed, Bounds(low, high))


def _find_home(place: str, where: Mapping[str, Fact]) -> str:
    """The smallest other place told of that this one lies in; `""` if in none."""
    homes = [other for other, fact in where.items() if other != place and lies_within(where[place], fact)]
    return min(homes, key=lambda other: (where[other].geo_precision == "country", other), default="")


def _sum_places(parts: Sequence[Settled], told: Mapping[str, Settled], stock: bool) -> Settled:
    """Several places. Events at different places are different; what stands at one today may have stood at another yesterday.

    So a stock's high is the sum, its low the most that one document tells of on one day.
    """
    total = add_settled(parts)
    if not stock or len(parts) < 2 or total.bounds == NOTHING:
        return total
    seen: defaultdict[Hashable, dict[str, int]] = defaultdict(dict)
    facts_at = {place: number.facts[0] for place, number in told.items() if number.facts}
    for place, number in told.items():
        for fact in number.facts:
            seen[(fact.doc_id, find_day(fact))][place] = number.bounds.floor
    at_once = [sum(floor for place, floor in spots.items() if not _holds_another(place, spots, facts_at)) for spots in seen.values()]
    low = max([*at_once, *(part.bounds.floor for part in parts)])
    return total._replace(bounds=Bounds(None if total.bounds.low is None else low, total.bounds.high))


def _holds_another(place: str, spots: Mapping[str, int], facts_at: Mapping[str, Fact]) -> bool:
    return any(other != place and lies_within(facts_at[other], facts_at[place]) for other in spots)


def _hold_places(own: Settled, inner: Settled) -> Settled:
    """A country's or division's number with those of places in it; if these exceed it, they are others: at most both."""
    if not inner.told or own.bounds.high is None or inner.bounds.floor <= own.bounds.high:
        return contain(own, inner)
    return cover(own, inner)


def _merge(one: Settled, two: Settled, bounds: Bounds) -> Settled:
    day = max((settled.day for settled in (one, two) if settled.day is not None), default=None)
    return Settled(bounds, day, one.facts + two.facts, one.conflict or two.conflict, whole=True)
