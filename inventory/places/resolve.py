"""Choose among the gazetteer entries of one printed place name.

Evidence, strongest first: a country or division named beside it (*Brest, Belarus*; *Innisfail, Queensland*) or a place that
lies in it (*Seattle, Washington*), a word for its kind (*Suffolk County*), the countries and divisions of the document, the
distance to the document's other places, the size of the place. A choice needs a clear lead (`_LEAD`); with a small one
(`_SLIGHT`) the place is chosen and flagged, without any it stays unresolved.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
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
    | {"islands", "valley", "county"}
)
# What a hand-made entry counts for beside a town of so many people: sites and waters are named in news for themselves.
_WEIGHTS = {
    "admin1": 1_000_000,
    "county": 120_000,
    "district": 120_000,
    "suburb": 400_000,
    "site": 150_000,
    "region": 300_000,
    "water": 2_000_000,
}


# Words behind a name that tell its kind, and the features that they fit.
KINDS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("province", "state", "oblast", "governorate", "region", "prefecture", "territory"),
        frozenset({"admin1", "county", "region", "country-part"}),
    ),
    **dict.fromkeys(("governor", "lawmakers", "legislature"), frozenset({"admin1"})),
    **dict.fromkeys(("county", "district", "department", "raion", "parish"), frozenset({"county", "district", "admin1"})),
    **dict.fromkeys(("river", "lake", "bay", "sea", "strait", "gulf", "canal", "channel", "reservoir"), _WATER),
    **dict.fromkeys(
        ("island", "islands", "peninsula", "valley", "mountains", "desert", "forest"),
        frozenset({"island", "islands", "peninsula", "valley", "mountains", "desert", "region"}),
    ),
    **dict.fromkeys(("city", "town", "village", "suburb", "settlement", "municipality", "port"), frozenset({"city"})),
}
# Kinds of which a town of the name is none: *Islington Bay* does not lie in Islington.
LANDFORMS = frozenset({"bay", "strait", "gulf", "sea", "lake", "reservoir", "canal", "channel", "island", "islands", "peninsula"})
# What evidence multiplies a weight by. A country, a division or a word for its kind beside a place all but settles it; the rest were set so
# that a village in the document's own division or within an hour's drive of its places beats a namesake a thousand times its
# size elsewhere, while a capital (millions) is not lost to a hamlet that merely shares the document's country.
_BESIDE = 1000.0
_KIND = 1000.0
_COUNTRY = 60.0
_DIVISION = 60.0
_NEARBY = 60.0
# The seat of a government is named for the state as well as for itself.
_CAPITAL = 8.0
# How fast nearness fades: half of a document's places lie within about this distance (km) of another one.
_REACH = 120.0
# A division that shares its bare name with a big town is the lesser sense of that name: *New York*, *Washington*.
_BIG_TOWN = 150_000
_OVERSHADOWED = 0.1
_KM_A_DEGREE = 111.2
# Degrees of latitude beyond which a point is too far to count: five and a half times the reach.
_FAR = 6.0


class Surroundings(NamedTuple):
    """What a document tells about where it plays: shares (0-1) of countries and of divisions
    `(country, folded name)`, and points `(lat, lon, share)` from south to north, whose shares make up 1 at most.
    """

    countries: Mapping[str, float] = {}
    divisions: Mapping[tuple[str, str], float] = {}
    points: Sequence[tuple[float, float, float]] = ()


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
    entries: Sequence[Entry], *, beside: Collection[str] = (), admins: Collection[str] = (), holds: Collection[str] = (),
    kind: str = "", capital: str = "", context: Mapping[str, float] | Surroundings | None = None,
) -> Resolved:  # fmt: skip
    """Choose among `entries`.

    `beside`: countries (ISO 3166-1 alpha-3) named next to the place; `admins`: divisions named next to it (folded); `holds`:
    divisions (folded) and countries in which the place named just before it can lie; `kind`: a word for its kind beside it (see `KINDS`);
    `capital`: the state for whose government the name also stands; `context`: weight of each country in the surroundings,
    or all that they tell.
    """
    places = [entry for entry in entries if entry.type in ("place", "actor")]
    if not places:
        return Resolved(None, False)
    if len(places) == 1:
        return Resolved(places[0], False)
    around = context if isinstance(context, Surroundings) else Surroundings(context or {})
    fitting = KINDS.get(kind, frozenset())
    big = {entry.country for entry in places if entry.population >= _BIG_TOWN and entry.feature == "city"}
    scored = []
    for order, entry in enumerate(places):
        score = weight(entry)
        # Disputed ground counts for either side: *Crimea* in a text on Russia as in one on Ukraine.
        sides = [side for side in (entry.country, entry.controller) if side]
        division = entry.feature == "admin1"
        if beside and any(side in beside for side in sides):
            score *= _BESIDE
        if capital and entry.country == capital and entry.feature == "city" and entry.population >= _BIG_TOWN:
            score *= _CAPITAL
        if admins and entry.admin and entry.admin.casefold() in admins:
            score *= _BESIDE
        if holds and ((division and entry.name.casefold() in holds) or (entry.type == "actor" and entry.id in holds)):
            score *= _BESIDE
        elif division and entry.country in big and (entry.feature or "") not in fitting:
            score *= _OVERSHADOWED
        if fitting and (entry.feature or "") in fitting:
            score *= _KIND
        if sides:
            score *= 1 + _COUNTRY * max([around.countries.get(side, 0.0) for side in sides])
        if entry.country:
            named = (entry.name if division else entry.admin or "").casefold()
            score *= 1 + _DIVISION * around.divisions.get((entry.country, named), 0.0)
        scored.append((score, -order, entry))
    scored.sort(reverse=True, key=_rank)
    if around.points and scored[0][0] < _LEAD * (1 + _NEARBY) * scored[1][0]:
        # Otherwise no distance could change the choice; nor can it lift one that stays below the second without any.
        least = scored[1][0]
        scored = [
            row
            if row[2].type == "actor" or row[2].feature == "admin1"
            else (row[0] * (1 + _NEARBY * nearness(row[2], around.points)), row[1], row[2])
            for row in scored
            if row[0] * (2 + _NEARBY) >= least
        ]
        scored.sort(reverse=True, key=_rank)
    best, second = scored[0], scored[1]
    same = best[2].country == second[2].country and _near(best[2], second[2])
    if best[0] >= _LEAD * second[0] or same:
        return Resolved(best[2], False)
    if best[2].country == second[2].country and best[0] >= _SLIGHT * second[0]:
        return Resolved(best[2], False)
    return Resolved(best[2] if best[0] >= _SLIGHT * second[0] else None, True)


def _rank(row: tuple[float, int, Entry]) -> tuple[float, int]:
    return row[0], row[1]


def nearness(entry: Entry, points: Sequence[tuple[float, float, float]]) -> float:
    """How near an entry lies to the points of a document (from south to north), from 0 to the sum of their shares."""
    here, there = entry.lat, entry.lon
    if here is None or there is None:
        return 0.0
    total = 0.0
    # Most points are too far to count: what they would add is under half a hundredth of their share.
    narrow = math.cos(math.radians(min(abs(here) + _FAR / 2, 90.0)))
    for at in range(bisect_left(points, (here - _FAR,)), bisect_right(points, (here + _FAR,))):
        lat, lon, share = points[at]
        across = abs(there - lon)
        if across > 180:
            across = 360 - across
        if across * narrow < _FAR:
            total += share * math.exp(-distance(here, there, lat, lon) / _REACH)
    return total


def distance(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Kilometres between two points, on a flat map of their mean latitude: exact enough to compare, and cheap."""
    across = abs(lon - other_lon)
    across = min(across, 360 - across) * math.cos(math.radians((lat + other_lat) / 2))
    return _KM_A_DEGREE * math.hypot(lat - other_lat, across)


def _near(one: Entry, other: Entry) -> bool:
    if one.lat is None or other.lat is None or one.lon is None or other.lon is None:
        return False
    return abs(one.lat - other.lat) < 1.5 and abs(one.lon - other.lon) < 2.0
