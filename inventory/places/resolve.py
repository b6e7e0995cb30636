"""Choose among the gazetteer entries of one printed place name.

Evidence, strongest first: a country or division named beside it (*Brest, Belarus*), the country of the fact or of the
other places around it, the size of the place. A choice needs a clear lead (`_LEAD`); with a small one (`_SLIGHT`) the place
is chosen and flagged, without any it stays unresolved.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from inventory.rulebook.book import Entry

# A namesake must have this many times the people of the next to be meant without any other evidence
# (the lead at which the largest namesake is the intended one in nine of ten news mentions).
_LEAD = 4.0
# The least lead that is worth a guess; inside one country, where the namesakes are seldom far apart in kind, it is enough.
_SLIGHT = 1.5
_WATER = frozenset({"sea", "strait", "gulf", "river", "lake", "ocean", "bay", "channel", "canal"})
_SITES = frozenset(
    {"airbase", "naval-base", "port", "barracks", "range", "training-area", "missile-site", "nuclear-site", "headquarters", "checkpoint"}
    | {"base", "airport"}
)
_REGIONS = frozenset(
    {"admin1", "region", "country-part", "mountains", "island", "peninsula", "desert", "border", "front", "continent", "district"}
    | {"islands", "valley"}
)
# What a hand-made entry counts for beside a town of so many people: sites and waters are named in news for themselves.
_WEIGHTS = {"admin1": 400_000, "site": 150_000, "region": 300_000, "water": 2_000_000}


class Resolved(NamedTuple):
    """The entry chosen, or `None`, and whether several could be meant."""

    entry: Entry | None
    ambiguous: bool


def precision(entry: Entry) -> str:
    """How exactly the coordinates of an entry are known, as the column `geo_precision` says it."""
    feature = entry.feature or ""
    if entry.type == "actor":
        return "country"
    if feature in _WATER:
        return "water"
    if feature in _SITES:
        return "site"
    if feature in _REGIONS:
        return "region"
    return "city"


def weight(entry: Entry) -> float:
    """How likely the entry is meant before any evidence: its people, or what its kind counts for."""
    if entry.population:
        return float(entry.population)
    if entry.type == "actor":
        return 3_000_000.0
    kind = precision(entry)
    if kind in ("site", "water"):
        return float(_WEIGHTS[kind])
    return float(_WEIGHTS.get(entry.feature or "", _WEIGHTS["region"] if kind == "region" else 30_000))


def resolve_place(
    entries: Sequence[Entry], *, beside: Collection[str] = (), admins: Collection[str] = (), context: Mapping[str, float] | None = None
) -> Resolved:
    """Choose among `entries`.

    `beside`: countries (ISO 3166-1 alpha-3) named next to the place; `admins`: divisions named next to it (folded);
    `context`: weight of each country in the surroundings.
    """
    places = [entry for entry in entries if entry.type in ("place", "actor")]
    if not places:
        return Resolved(None, False)
    if len(places) == 1:
        return Resolved(places[0], False)
    scored = []
    for order, entry in enumerate(places):
        score = weight(entry)
        # Disputed ground counts for either side: *Crimea* in a text on Russia as in one on Ukraine.
        sides = [side for side in (entry.country, entry.controller) if side]
        if any(side in beside for side in sides):
            score *= 1000
        if entry.admin and entry.admin.casefold() in admins:
            score *= 1000
        if context and sides:
            score *= 1 + 60 * max(context.get(side, 0.0) for side in sides)
        scored.append((score, -order, entry))
    scored.sort(key=lambda row: (-row[0], -row[1]))
    best, second = scored[0], scored[1]
    same = best[2].country == second[2].country and _near(best[2], second[2])
    if best[0] >= _LEAD * second[0] or same:
        return Resolved(best[2], False)
    if best[2].country == second[2].country and best[0] >= _SLIGHT * second[0]:
        return Resolved(best[2], False)
    return Resolved(best[2] if best[0] >= _SLIGHT * second[0] else None, True)


def _near(one: Entry, other: Entry) -> bool:
    if one.lat is None or other.lat is None or one.lon is None or other.lon is None:
        return False
    return abs(one.lat - other.lat) < 1.5 and abs(one.lon - other.lon) < 2.0
