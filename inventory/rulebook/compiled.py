"""The records that a rule pack compiles to: plain, frozen, marshal-able."""

from __future__ import annotations

from typing import Any, NamedTuple


class Entry(NamedTuple):
    """One gazetteer entry, compiled. `kind` is its letter in the masked line (see :mod:`inventory.rulebook.kinds`)."""

    id: str
    name: str
    type: str
    kind: str
    category: str | None
    actor: str | None
    origin: str | None
    family: str | None
    echelon: str | None
    country: str | None
    admin: str | None
    lat: float | None
    lon: float | None
    feature: str | None
    population: int
    controller: str | None
    attributes: tuple[tuple[str, str], ...]
    cues: frozenset[str] | tuple[str, ...]
    head: str | None
    behind: str | None = None
    institution: bool = False
    becomes: int = -1


class Category(NamedTuple):
    """One category of the taxonomy."""

    id: str
    domain: str
    oryx: str
    iiss: str
    app6: str
    cues: tuple[str, ...]


class Token(NamedTuple):
    """A token rule. `starts`, `follows`: where it can match, see the modules of these names; `literals`: what a match holds."""

    id: str
    type: str
    pattern: str
    exact: bool
    needs: tuple[str, ...]
    priority: int
    basis: str | None
    resolve: str | None
    set: dict[str, str]
    starts: tuple[str, ...] | None
    follows: tuple[dict[str, str | None] | None, dict[str, str | None] | None] = (None, None)
    literals: tuple[str, ...] = ()


class Link(NamedTuple):
    """A link rule over the masked line.

    `needs`: sets of kinds each of which must be present; `starts`, `firsts`, `seconds`: where it can match and which kinds its first
    and second mention can be, see starts.py; `literals`: what a match holds, see literals.py; `source`: see parts.py.
    """

    id: str
    pattern: str
    priority: int
    set: dict[str, str]
    distribute: tuple[str, ...]
    absorb: tuple[str, ...]
    score: float
    needs: tuple[str, ...]
    starts: tuple[str, ...] | None
    source: tuple[tuple[str, str], ...] = ()
    repeats: bool = True
    firsts: str | None = None
    seconds: str | None = None
    literals: tuple[str, ...] = ()


class Cue(NamedTuple):
    """A cue rule."""

    id: str
    type: str
    value: str
    direction: str
    reach: str
    pseudo: tuple[str, ...]
    frame: dict[str, tuple[str, ...]]
    measure: str | None
    agent: str | None
    means: str | None
    military: bool
    people: str | None
    placed: str | None
    forces: str | None
    towards: str | None
    only: str | None
    by_subject: bool
    priority: int
    probability: tuple[float, float] | None
    stops: tuple[str, ...]


class Payload(NamedTuple):
    """Everything a rule pack compiles to, as marshal-able data. `place_rows`, `place_ends`: see entries.py."""

    version: str
    digest: str
    entries: tuple[tuple[Any, ...], ...]
    place_rows: bytes
    place_ends: bytes
    head_names: tuple[str, ...]
    head_refs: tuple[tuple[int, ...], ...]
    proper: dict[str, int | tuple[int, ...]]
    proper_words: dict[str, int]
    proper_small: frozenset[str]
    phrases: tuple[str, ...]
    phrase_refs: tuple[tuple[tuple[int, str], ...], ...]
    tokens: tuple[tuple[Any, ...], ...]
    links: tuple[tuple[Any, ...], ...]
    cues: tuple[tuple[Any, ...], ...]
    categories: tuple[tuple[Any, ...], ...]
    words: dict[str, str]
    values: dict[str, dict[str, str]]
    patterns: dict[str, str]
    counts: dict[str, int]


class LinkPattern(NamedTuple):
    """A compiled link pattern: how to match and scan, its roles, and whether a role can be captured more than once.

    `probe` tells as `match` does whether there is a match, but at a third of the cost of `regex` where there is none.
    """

    match: Any
    finditer: Any
    roles: frozenset[str]
    repeats: bool
    probe: Any
