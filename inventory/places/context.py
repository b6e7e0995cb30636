"""What a document tells about which of several namesakes a place is: words beside it, and everything else named in the text.

:class:`Locator` reads a document's mentions once. Names that can only mean one place, and names told apart by a hint beside
them, make up the surroundings in which the others are resolved; a name told apart once keeps that sense in the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from inventory.places.resolve import KINDS, Resolved, Surroundings, distance, resolve_place
from inventory.rulebook.book import Entry

_TYPE = "|".join(sorted(KINDS, key=len, reverse=True))
_ADJECTIVES = (
    r"(?:(?:U\.?S\.?|north|south|east|west|(?:north|south)(?:east|west)|(?:north|south|east|west|(?:north|south)-?(?:east|west))ern|central|coastal|rural|"
    r"remote|neighbou?ring|nearby|same|capital|federal|autonomous|disputed|greater|country's|nation's)\s+)*"
)
# `X, Y`, `X (Y)`, `X in the northern province of Y`, `X refugee camp in Y`: Y says where X is.
_AFTER = re.compile(
    rf"(?:\s+(?:(?:refugee|displacement|internment|prison|labour|labor)\s+)?(?:camp|hospital|neighbou?rhood|prison|airport|airfield|crossing|quarter|market)"
    r"(?=\s+(?:in|of|near|outside|inside|within)\s))?"
    rf"(?:\s*,\s*|\s*\(|\s+(?=(?:(?:located|situated|area|part|suburb)\s+)?(?:in|of|near|outside|inside|within)\s))"
    r"(?:(?:located|situated|area|part|suburb)\s+)?"
    rf"(?:(?:in|of|near|outside|inside|within)\s+)?(?:the\s+)?{_ADJECTIVES}(?:(?:{_TYPE})\s+of\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
# The same with an adjective of nationality between: `X, in the [Canadian] province of Y`.
_OF = re.compile(rf"\s+{_ADJECTIVES}(?:{_TYPE})\s+of\s+(?:the\s+)?", re.IGNORECASE)
# `Y's X`, `the Y town of X`, `Y city X`: Y says where X is.
_BEFORE = re.compile(rf"(?:'s)?\s+{_ADJECTIVES}(?:\w+\s+)?(?:{_TYPE}|capital)(?:\s+(?:of|called|named))?\s+|'s\s+", re.IGNORECASE)
_LIST = re.compile(r"\s*,\s*|\s*\(")
# Members of a list of places: *Iowa, Ohio and Utah*; *two in Alberta, one in Manitoba and one in Quebec*.
_COORDINATED = re.compile(r"(?:\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+)(?:(?:(?:\w+\s+){0,2})in\s+)?")
# Words between a place and the next that put it at or near, not into, it.
_APART = re.compile(r"\b(?:near|outside)\b", re.IGNORECASE)
_KIND_AFTER = re.compile(rf"\s+({_TYPE})\b", re.IGNORECASE)
_KIND_BEFORE = re.compile(rf"\b({_TYPE})\s+of\s+(?:the\s+)?$", re.IGNORECASE)
_LAST_WORD = re.compile(rf"\s({_TYPE})$", re.IGNORECASE)
# Features that a place can lie in; behind a comma a town is rather the next of a list.
# A place that opens a sentence, and a state behind its comma that is the subject.
_FRONTED = re.compile(r"(?:^|[.!?\"\n] ?)(?:At|In|Near|Off|Outside|Around|Over|From) $")
_ACTS = re.compile(
    r" (?:[a-z]+ly )?(?:still|now|also|once|has|had|have|is|are|was|were|will|would|could|can|may|kept?|keeps|lost|sent|built|[a-z]+ed)\b"
)
_CONTAINERS = frozenset({"admin1", "county", "district", "region", "country-part", "island", "islands", "peninsula", "valley"})
# No gap between a place and its hint is longer than this many characters.
_GAP = 60
# How much one mention adds to the surroundings: a sure place is the unit; a side named may act anywhere, a division is wide,
# a place resolved from the surroundings must not prove itself.
_SURE, _SIDE, _WIDE, _INFERRED = 1.5, 1.0, 0.4, 0.5
_SETTLEMENTS = frozenset({"city", "suburb"})
# A town of so many people may stand before a side that only acts next (*in Vienna, Iran said*); a smaller one lies where the text puts it.
_WELL_KNOWN = 100_000
# A place with fewer people, the only one of its name in the tables, is not meant where all else in the document lies farther off
# (km): villages are written about by those near them, and most of the world's are in no table. Half of Russia's width and more.
_HAMLET, _REMOTE = 5_000, 5_000.0
# The first place of a text is most often where it plays: the dateline or the heading.
_FIRST = 2.0


class Hints(NamedTuple):
    """What stands right beside a place name."""

    beside: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()
    holds: frozenset[str] = frozenset()
    kind: str = ""
    states: frozenset[str] = frozenset()
    """Countries (ISO 3166-1 alpha-3) in which the text puts the place, told by a state or a division."""
    inside: Any = None
    """The nearest mention that the text puts the place into."""

    def evidence(self) -> dict[str, Any]:
        """What `resolve_place` takes."""
        return {"beside": self.beside, "admins": self.admins, "holds": self.holds, "kind": self.kind}

    def point(self) -> bool:
        """Whether they say where the place is, not only of what kind."""
        return bool(self.beside or self.admins or self.holds)


_NO_HINTS = Hints()


def containers(mentions: Iterable[Any], *, listed: bool = False) -> tuple[set[str], set[str]]:
    """Countries and folded division names of mentions as places that hold others; `listed`: towns do not count."""
    countries: set[str] = set()
    names: set[str] = set()
    for mention in mentions:
        if mention.kind in "CA" and mention.actor is not None:
            countries.add(mention.actor.id)
        wide = [entry for entry in mention.entries if entry.type == "place" and entry.feature in _CONTAINERS]
        towns = [] if wide or listed or mention.kind != "L" else [entry for entry in mention.entries[:1] if entry.type == "place"]
        for entry in (*wide, *towns):
            if entry.country:
                countries.add(entry.country)
            names.add(entry.name.casefold())
            if entry.admin and entry in towns:
                names.add(entry.admin.casefold())
    return countries, names


def _wide(mention: Any) -> bool:
    """Whether a mention can be a country or a division."""
    return mention.kind == "C" or any(entry.feature in _CONTAINERS for entry in mention.entries)


def _peers(cased: str, mentions: Sequence[Any], index: int) -> list[Any]:
    """The others of a list of divisions or countries, in which none says where another is: *Iowa, Ohio and Utah*; else none."""
    if not _wide(mentions[index]):
        return []
    first = last = index
    while first and _linked(cased, mentions[first - 1], mentions[first]):
        first -= 1
    while last + 1 < len(mentions) and _linked(cased, mentions[last], mentions[last + 1]):
        last += 1
    return [mentions[at] for at in range(first, last + 1) if at != index] if last - first > 1 else []


def _linked(cased: str, one: Any, other: Any) -> bool:
    return _wide(one) and _wide(other) and _COORDINATED.fullmatch(cased[one.end : other.start]) is not None


def read_hints(cased: str, mentions: Sequence[Any], index: int) -> Hints:
    """The hints beside the place at `index` among the mentions of a sentence that are places or sides."""
    mention = mentions[index]
    beside: set[str] = set()
    admins: set[str] = set()
    states: set[str] = set()
    inside: Any = None
    peers = _peers(cased, mentions, index)
    at, end = index + 1, mention.end
    while at < len(mentions) and at <= index + 3:
        other = mentions[at]
        gap = cased[end : other.start]
        if len(gap) > _GAP or not _AFTER.fullmatch(gap):
            break
        listed = _LIST.fullmatch(gap) is not None
        if listed and peers:
            break
        if listed and other.kind == "L" and at + 1 < len(mentions) and _wide(mentions[at + 1]):
            # *Greenlane, Auckland, New Zealand*: a town that is said to lie somewhere may be where the first lies.
            listed = _LIST.fullmatch(cased[other.end : mentions[at + 1].start]) is None
        if (
            other.kind == "C"
            and at == index + 1
            and _FRONTED.search(cased, max(0, mention.start - 12), mention.start)
            and _ACTS.match(cased, other.end)
        ):
            break  # *At Hmeimim, Russia still has …*: the state acts
        countries, names = containers([other], listed=listed)
        if other.kind == "A":
            follower = mentions[at + 1] if at + 1 < len(mentions) else None
            if follower is None or not _OF.fullmatch(cased[other.end : follower.start]):
                break
            at += 1
            other = follower
            more, further = containers([other])
            countries, names = countries | more, names | further
        if not countries and not names:
            break
        if inside is None and not _APART.search(gap):
            inside = other
        if _wide(other) and not _APART.search(gap):
            states |= countries
        beside |= countries
        admins |= names
        end = other.end
        at += 1
    holds: set[str] = set()
    if index:
        other = mentions[index - 1]
        gap = cased[other.end : mention.start]
        if len(gap) <= _GAP:
            if _BEFORE.fullmatch(gap) and (other.kind in "CA" or any(e.feature in _CONTAINERS for e in other.entries)):
                countries, names = containers([other])
                beside |= countries
                admins |= names
                inside = inside or other
            elif other.kind == "L" and _AFTER.fullmatch(gap) and not peers:
                for entry in other.entries:
                    if entry.feature not in _CONTAINERS or entry.feature == "county":
                        holds |= {part.casefold() if part is entry.admin else part for part in (entry.admin, entry.country) if part}
    word = _kind_beside(cased, mention)
    if not word and any(peer.entries and all(entry.feature == "admin1" for entry in peer.entries) for peer in peers):
        word = "state"
    if not (beside or admins or holds or word or states or inside):
        return _NO_HINTS
    return Hints(frozenset(beside), frozenset(admins), frozenset(holds), word, frozenset(states), inside)


def _kind_beside(cased: str, mention: Any) -> str:
    """The word for a kind of place that ends a name or stands beside it (*Suffolk County*, *the state of Kansas*), or `""`."""
    name, before = cased[mention.start : mention.end], cased[max(0, mention.start - 30) : mention.start]
    kind = (
        (_LAST_WORD.search(name) if not name.isalpha() else None)
        or _KIND_AFTER.match(cased, mention.end)
        or (_KIND_BEFORE.search(before) if "of" in before.lower() else None)
    )
    return kind[1].lower() if kind else ""


def _elsewhere(entry: Entry, hints: Hints) -> bool:
    """Whether the text puts the place into another country than the entry's, which is too small to be named without regard to it."""
    if not hints.states or entry.feature not in _SETTLEMENTS or entry.population >= _WELL_KNOWN or not entry.country:
        return False
    return not {entry.country, entry.controller or entry.country} & hints.states


def _hamlet(entry: Entry) -> bool:
    """Whether a settlement is a small one of the tables; those listed by hand are there because news names them."""
    return entry.feature in _SETTLEMENTS and entry.population < _HAMLET and entry.id[:1].isdigit()


def _doubtful(entry: Entry, hints: Hints) -> bool:
    """Whether an only entry may still be another place than the one meant."""
    return entry.id.startswith("?") or _elsewhere(entry, hints) or (_hamlet(entry) and not hints.point())


def _state_of(mention: Any) -> str:
    """The state whose government a town's name also means."""
    return mention.actor.id if mention.kind == "L" and mention.actor is not None else ""


class Locator:
    """Resolves the places of one document. `sentences`: all that was read, in any order; `cased`: the folded text in its case."""

    def __init__(self, sentences: Sequence[Any], cased: str) -> None:
        self.hints: dict[int, Hints] = {}
        self.senses: dict[str, Entry] = {}
        self.unlisted: dict[str, Hints] = {}
        self.cased = cased
        self.countries: dict[str, float] = {}
        self.divisions: dict[tuple[str, str], float] = {}
        self.spots: dict[tuple[float, float], float] = {}
        self.sides: dict[str, tuple[float, float]] = {}
        self.surroundings = Surroundings()
        self._read(sentences)

    def _read(self, sentences: Sequence[Any]) -> None:
        open_: list[Any] = []
        first = True
        for sentence in sorted(sentences, key=lambda s: int(s.start)):
            named = [m for m in sentence.mentions if m.kind in "LCA"]
            for index, mention in enumerate(named):
                if mention.kind == "A":
                    self._side(mention)
                    continue
                candidates = self.candidates(mention)
                if not candidates:
                    continue
                if mention.kind == "C" and len(candidates) == 1:
                    self._side(mention)
                    continue
                hints = self.hints[mention.start] = read_hints(self.cased, named, index)
                sole = (
                    candidates[0] if len(candidates) == 1 and mention.rule != "named-area" and not _doubtful(candidates[0], hints) else None
                )
                if candidates[0].id.startswith("?") and hints.inside is not None:
                    self.unlisted.setdefault(self._name(mention), hints)
                if sole is None and hints.point():
                    found = resolve_place(candidates, **hints.evidence(), capital=_state_of(mention))
                    if found.entry is not None and not found.ambiguous:
                        sole = found.entry
                        self.senses.setdefault(self._name(mention), sole)
                if sole is not None:
                    self._place(sole, _SURE * (_FIRST if first else 1.0))
                    first = False
                else:
                    open_.append(mention)
        self._sum()
        for mention in open_:
            found = self.resolve(mention)
            if found.entry is not None and not found.ambiguous:
                self._place(found.entry, _INFERRED)
        self._sum()

    def candidates(self, mention: Any) -> tuple[Entry, ...]:
        """The entries that a mention can be: a state's name stands for a division or, with a hint, for a town only at need."""
        if mention.kind != "C" or mention.actor is None:
            return tuple([entry for entry in mention.entries if entry.type in ("place", "actor")])
        return (mention.actor, *(entry for entry in mention.entries if entry.type == "place" and entry.feature == "admin1"))

    def resolve(self, mention: Any) -> Resolved:
        """The entry of a place mention of the document."""
        candidates = self.candidates(mention)
        hints = self.hints.get(mention.start, _NO_HINTS)
        if mention.kind == "L" and candidates and (hints.states or candidates[0].id.startswith("?")):
            fitting = [entry for entry in candidates if not _elsewhere(entry, hints)]
            if not fitting or fitting[0].id.startswith("?"):
                return Resolved(self._part(mention, (fitting or candidates)[0], hints), False)
            candidates = tuple(fitting)
        if len(candidates) < 2:
            sole = candidates[0] if candidates else mention.actor if mention.kind == "C" else None
            if sole is not None and mention.kind == "L" and not hints.point() and _hamlet(sole) and self._remote(sole):
                return Resolved(None, True)
            return Resolved(sole, False)
        return self._choose(mention, candidates, hints)

    def _choose(self, mention: Any, candidates: tuple[Entry, ...], hints: Hints) -> Resolved:
        """The entry among several candidates."""
        if not hints.point():
            sense = self.senses.get(self._name(mention))
            if sense is not None and sense in candidates:
                return Resolved(sense, False)
        return resolve_place(candidates, **hints.evidence(), capital=_state_of(mention), context=self.surroundings)

    def _part(self, mention: Any, entry: Entry, hints: Hints) -> Entry:
        """A place that no table has, with the country, and the point where it is finer than a country's, of what the text puts it into."""
        name = self.cased[mention.start : mention.end]
        unlisted = entry._replace(
            id="?" + name.lower(), name=name, country=None, admin=None, lat=None, lon=None, feature=None, population=0
        )
        if hints.inside is None:
            hints = self.unlisted.get(self._name(mention), hints)  # what is said of it once holds in the whole document
        if hints.inside is None:
            return unlisted
        wider = tuple(entry for entry in self.candidates(hints.inside) if not entry.id.startswith("?"))
        outer = self._choose(hints.inside, wider, self.hints.get(hints.inside.start, _NO_HINTS)).entry
        if outer is None:
            return unlisted
        if outer.type == "actor":
            return unlisted._replace(country=outer.id)
        if outer.feature == "continent" or outer.lat is None:
            return unlisted
        admin = outer.name if outer.feature == "admin1" else outer.admin
        return unlisted._replace(country=outer.country, admin=admin, lat=outer.lat, lon=outer.lon, feature=outer.feature)

    def _remote(self, entry: Entry) -> bool:
        """Whether a place lies far from every other place and side of the document."""
        if entry.lat is None or entry.lon is None or not (self.spots or self.sides):
            return False
        points = [*self.spots, *self.sides.values()]
        return all(distance(entry.lat, entry.lon, lat, lon) > _REMOTE for lat, lon in points)

    def _name(self, mention: Any) -> str:
        return self.cased[mention.start : mention.end].casefold()

    def _side(self, mention: Any) -> None:
        if mention.actor is not None and len(mention.actor.id) == 3:
            self.countries[mention.actor.id] = self.countries.get(mention.actor.id, 0.0) + _SIDE
            if mention.actor.lat is not None:
                self.sides[mention.actor.id] = (mention.actor.lat, mention.actor.lon)

    def _place(self, entry: Entry, share: float) -> None:
        country = entry.country or ""
        if country:
            self.countries[country] = self.countries.get(country, 0.0) + share
        division = entry.name if entry.feature == "admin1" else entry.admin
        if division and country:
            key = (country, division.casefold())
            self.divisions[key] = self.divisions.get(key, 0.0) + (share if entry.feature == "admin1" else share * _INFERRED)
        if entry.lat is not None and entry.lon is not None and entry.type == "place":
            spot = (entry.lat, entry.lon)
            self.spots[spot] = self.spots.get(spot, 0.0) + share * (_WIDE if entry.feature in _CONTAINERS else 1.0)

    def _sum(self) -> None:
        total = sum(self.countries.values()) or 1.0
        parts = sum(self.divisions.values()) or 1.0
        spots = sum(self.spots.values()) or 1.0
        self.surroundings = Surroundings(
            {country: share / total for country, share in self.countries.items()},
            {key: share / parts for key, share in self.divisions.items()},
            sorted((lat, lon, share / spots) for (lat, lon), share in self.spots.items()),
        )
