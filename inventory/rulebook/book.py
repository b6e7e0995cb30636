"""The compiled rule pack: plain, frozen data that extraction works from.

A :class:`Rulebook` is made by :mod:`inventory.rulebook.compile` from YAML, or read back from the cache. Everything
in :class:`Payload` is marshal-able (tuples, strings, numbers, dicts), so that a cached pack loads in milliseconds;
automata and patterns are built from it when first needed.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import ahocorasick_rs
import regex

from inventory.rulebook.kinds import KIND_NAMES

# Flags of a name in the lexicon.
WEAK = 1
NEED_CAPITAL = 2
NEED_UPPER = 4
ADJECTIVE = 8
METONYM = 16
DEMONYM = 32
DESIGNATOR = 64
FLAG_BITS = 7
# Among the cues of a class noun: a count before it and a status beside it are context enough.
LEANS = "@lean"
# What counts as a word where proper names are looked up word by word.
WORD = re.compile(r"[^\W_]+")


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
    """A token rule."""

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


class Link(NamedTuple):
    """A link rule over the masked line.

    `needs`: sets of kinds each of which must be present; `starts`: see starts.py; `source`: see parts.py.
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
    military: bool
    people: str | None
    placed: str | None
    forces: str | None
    towards: str | None
    only: str | None
    priority: int
    probability: tuple[float, float] | None
    stops: tuple[str, ...]


class Payload(NamedTuple):
    """Everything a rule pack compiles to, as marshal-able data."""

    version: str
    digest: str
    entries: tuple[tuple[Any, ...], ...]
    head_names: tuple[str, ...]
    head_refs: tuple[tuple[int, ...], ...]
    proper: dict[str, int | tuple[int, ...]]
    proper_words: dict[str, int]
    phrases: tuple[str, ...]
    phrase_refs: tuple[tuple[tuple[int, str], ...], ...]
    tokens: tuple[tuple[Any, ...], ...]
    links: tuple[tuple[Any, ...], ...]
    cues: tuple[tuple[Any, ...], ...]
    categories: tuple[tuple[Any, ...], ...]
    words: dict[str, str]
    values: dict[str, dict[str, str]]
    counts: dict[str, int]


def compile_pattern(pattern: str) -> Any:
    """The pattern compiled by `re` where that can, else by `regex`: a match call of `re` costs a third.

    Both were tried on attack strings when the pack was compiled; a time limit on each of the short calls would double their cost.
    """
    try:
        return re.compile(pattern)
    except re.error:
        return regex.compile(pattern)


class TokenIndex(NamedTuple):
    """The token rules with compiled patterns, by where they can begin."""

    rules: tuple[Token, ...]
    matchers: tuple[Any, ...]
    by_key: dict[str, tuple[int, ...]]
    scanned: tuple[int, ...]
    finders: tuple[Any, ...]
    literals: Any
    literal_masks: tuple[int, ...]
    always: int

    def possible(self, piece: str) -> int:
        """The rules (as bits) whose needed literals stand in a stretch of folded text, or that need none."""
        mask = self.always
        masks = self.literal_masks
        for index, _, _ in self.literals.find_matches_as_indexes(piece, overlapping=True):
            mask |= masks[index]
        return mask


class LinkPattern(NamedTuple):
    """A compiled link pattern: how to match and scan, its roles, and whether a role can be captured more than once."""

    match: Any
    finditer: Any
    roles: frozenset[str]
    repeats: bool


class Rulebook:
    """A loaded rule pack; create with :func:`inventory.load_rulebook`, then only read.

    `version` and `digest` (SHA-256 over the YAML, first 12 hex digits) stand in every fact as `stamp`.
    """

    __slots__ = (
        "_automata",
        "_links_for",
        "_tokens",
        "actors",
        "categories",
        "counts",
        "cues",
        "digest",
        "entries",
        "head_names",
        "head_refs",
        "link_patterns",
        "links",
        "phrase_refs",
        "phrases",
        "proper",
        "proper_words",
        "stamp",
        "tokens",
        "values",
        "version",
        "words",
    )

    def __init__(self, payload: Payload) -> None:
        self.version = payload.version
        self.digest = payload.digest
        self.stamp = f"{payload.version}+{payload.digest}"
        self.entries = payload.entries
        self.head_names = payload.head_names
        self.head_refs = payload.head_refs
        self.proper = payload.proper
        self.proper_words = payload.proper_words
        self.phrases = payload.phrases
        self.phrase_refs = payload.phrase_refs
        self.tokens = tuple(Token(*row) for row in payload.tokens)
        self.links = tuple(Link(*row) for row in payload.links)
        self.cues = tuple(Cue(*row) for row in payload.cues)
        self.categories = {row[0]: Category(*row) for row in payload.categories}
        self.words = payload.words
        self.values = payload.values
        self.counts = payload.counts
        self.actors: dict[str, Entry] = {}
        for row in self.entries:
            if row[2] == "actor" or (row[2] == "unit" and row[5]):
                self.actors.setdefault(row[0], Entry(*row))
        self._automata: dict[str, Any] = {}
        self._tokens: TokenIndex | None = None
        self._links_for: dict[str, tuple[Link, ...]] = {}
        self.link_patterns: dict[str, LinkPattern] = {}

    def entry(self, index: int) -> Entry:
        """The gazetteer entry at `index`."""
        return Entry(*self.entries[index])

    def automaton(self, which: str) -> Any:
        """The automaton over `heads` or `phrases` (both folded); built on first use.

        A DFA of the 80,000 head names scans no faster on real text and takes 1.8 s to build; this takes 0.2 s.
        """
        built = self._automata.get(which)
        if built is None:
            names = {"heads": self.head_names, "phrases": self.phrases}[which]
            built = ahocorasick_rs.AhoCorasick(names or ("\x00",), implementation=ahocorasick_rs.Implementation.ContiguousNFA)
            self._automata[which] = built
        return built

    def token_index(self) -> TokenIndex:
        """The token rules with their patterns and where each can begin; compiled on first use."""
        if self._tokens is None:
            compiled = [compile_pattern(rule.pattern) for rule in self.tokens]
            by_key: dict[str, list[int]] = {}
            for number, rule in enumerate(self.tokens):
                for key in rule.starts or ():
                    by_key.setdefault(key, []).append(number)
            literals: dict[str, int] = {}
            always = 0
            for number, rule in enumerate(self.tokens):
                for need in rule.needs:
                    literals[need] = literals.get(need, 0) | 1 << number
                if not rule.needs:
                    always |= 1 << number
            self._tokens = TokenIndex(
                self.tokens,
                tuple(pattern.match for pattern in compiled),
                {key: tuple(numbers) for key, numbers in by_key.items()},
                tuple(number for number, rule in enumerate(self.tokens) if rule.starts is None),
                tuple(pattern.finditer for pattern in compiled),
                ahocorasick_rs.AhoCorasick(tuple(literals) or ("\x00",), implementation=ahocorasick_rs.Implementation.DFA),
                tuple(literals.values()) or (0,),
                always,
            )
        return self._tokens

    def links_for(self, kinds: str) -> tuple[Link, ...]:
        """The link rules that can match where just these kinds of mention (letters, sorted) are present."""
        chosen = self._links_for.get(kinds)
        if chosen is None:
            chosen = tuple(link for link in self.links if all(any(letter in kinds for letter in need) for need in link.needs))
            self._links_for[kinds] = chosen
        return chosen

    def link_pattern(self, link: Link) -> LinkPattern:
        """The compiled pattern of a link rule; `regex` where a repeated group must keep all that it captured."""
        compiled = self.link_patterns.get(link.id)
        if compiled is None:
            pattern: Any = None
            if not link.repeats:
                try:
                    pattern = re.compile(link.pattern)
                except re.error:
                    pattern = None
            repeats = pattern is None
            pattern = pattern or regex.compile(link.pattern)
            compiled = LinkPattern(pattern.match, pattern.finditer, frozenset(pattern.groupindex), repeats)
            self.link_patterns[link.id] = compiled
        return compiled

    def cue(self, ident: str) -> Cue | None:
        """The cue rule with an id."""
        return next((cue for cue in self.cues if cue.id == ident), None)

    def stats(self) -> dict[str, int]:
        """Counts by kind of rule and by gazetteer."""
        return dict(sorted(self.counts.items()))

    def kind_name(self, letter: str) -> str:
        """The name of a masked kind."""
        return KIND_NAMES.get(letter, letter)
