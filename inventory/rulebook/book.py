"""The compiled rule pack: plain, frozen data that extraction works from.

A :class:`Rulebook` is made by :mod:`inventory.rulebook.compile` from YAML, or read back from the cache. Everything
in :class:`Payload` is marshal-able (tuples, strings, numbers, dicts), so that a cached pack loads in milliseconds;
automata and patterns are built from it when first needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import ahocorasick_rs
import regex

from inventory.rulebook.kinds import CLASS_LETTERS, KIND_NAMES
from inventory.rulebook.starts import AFTER, DIGIT, SIGNS

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


# The name of a group, which `re` takes only once in a pattern.
_NAMED = re.compile(r"\(\?P<\w+>")


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
    """A token rule. `starts`, `follows`: where it can match, see starts.py."""

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
    follows: tuple[str | None, str | None] = (None, None)


class Link(NamedTuple):
    """A link rule over the masked line.

    `needs`: sets of kinds each of which must be present; `starts`, `firsts`, `seconds`: where it can match and which kinds its first
    and second mention can be, see starts.py; `source`: see parts.py.
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
    by_subject: bool
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
    proper_small: frozenset[str]
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


class TokenIndex:
    """The token rules with compiled patterns, by where they can begin. Sets of rules are bits: rule 5 is `1 << 5`."""

    __slots__ = (
        "_masks", "_tries", "after_digits", "after_letters", "all", "always", "by_key", "finders", "literal_masks", "literals",
        "matchers", "rules", "scanned", "signs",
    )  # fmt: skip

    def __init__(self, rules: tuple[Token, ...]) -> None:
        compiled = [compile_pattern(rule.pattern) for rule in rules]
        self.rules = rules
        self.matchers = tuple(pattern.match for pattern in compiled)
        self.finders = tuple(pattern.finditer for pattern in compiled)
        self.scanned = tuple(number for number, rule in enumerate(rules) if rule.starts is None)
        self.all = (1 << len(rules)) - 1
        self.always = 0
        self.by_key: dict[str, int] = {}
        literals: dict[str, int] = {}
        for number, rule in enumerate(rules):
            bit = 1 << number
            for key in rule.starts or ():
                self.by_key[key] = self.by_key.get(key, 0) | bit
            for need in rule.needs:
                literals[need] = literals.get(need, 0) | bit
            if not rule.needs:
                self.always |= bit
        self.literals = ahocorasick_rs.AhoCorasick(tuple(literals) or ("\x00",), implementation=ahocorasick_rs.Implementation.DFA)
        self.literal_masks = tuple(literals.values()) or (0,)
        self.after_letters = self._following(0)
        self.after_digits = self._following(1)
        signs: dict[str, dict[str, int]] = {}
        for key, mask in self.by_key.items():
            if key[0] in SIGNS:
                signs.setdefault(key[0], {})[key[1]] = mask
        self.signs = tuple((sign, sum_bits(signs[sign].values()), signs[sign]) for sign in SIGNS if sign in signs)
        self._masks: dict[str, tuple[int, int]] = {}
        self._tries: dict[int, tuple[tuple[int, bool, Any, Token], ...]] = {}

    def possible(self, piece: str) -> int:
        """The rules whose needed literals stand in a stretch of folded text, or that need none."""
        mask = self.always
        masks = self.literal_masks
        for index, _, _ in self.literals.find_matches_as_indexes(piece, overlapping=True):
            mask |= masks[index]
        return mask

    def beginning(self, head: str) -> tuple[int, int]:
        """The rules that can begin at a word with these first three characters (fewer at the text's end), and the rules that
        can because of its capital.
        """
        found = self._masks.get(head)
        if found is None:
            low = self._at(head.lower())
            own = self._at(head) if head.lower() != head else 0
            exact = sum_bits(1 << number for number, rule in enumerate(self.rules) if rule.exact)
            found = self._masks[head] = (low, own & exact & ~low)
        return found

    def tries(self, mask: int) -> tuple[tuple[int, bool, Any, Token], ...]:
        """A set of rules as number, whether it reads the cased text, match function and rule."""
        found = self._tries.get(mask)
        if found is None:
            found = self._tries[mask] = tuple(
                (number, rule.exact, self.matchers[number], rule) for number, rule in enumerate(self.rules) if mask >> number & 1
            )
        return found

    def _at(self, head: str) -> int:
        if head[0].isdigit():
            return self.by_key.get(DIGIT, 0)
        key = head[0] + "".join(DIGIT if char.isdigit() else char for char in head[1:])
        mask = self.by_key.get(key[:2], 0)
        if len(key) == 3 and (key[2].isascii() and (key[2].isalnum() or key[2] in AFTER)):
            return mask | self.by_key.get(key, 0)
        # Nothing, or something that was not tried, stands behind the first two letters.
        return mask | sum_bits(bits for other, bits in self.by_key.items() if len(other) == 3 and other.startswith(key[:2]))

    def _following(self, run: int) -> dict[str, int]:
        """For each ASCII character behind a run of letters (0) or digits (1), the rules that allow it."""
        masks: dict[str, int] = {}
        for code in range(9, 127):
            char = chr(code)
            mask = 0
            for number, rule in enumerate(self.rules):
                allowed = rule.follows[run]
                if allowed is None or (char if rule.exact else char.lower()) in allowed:
                    mask |= 1 << number
            masks[char] = mask
        return masks


class LinkIndex:
    """The link rules by where they can begin. Sets of rules are bits, as in :class:`TokenIndex`."""

    __slots__ = ("_able", "_at", "_rules", "by_start", "rules")

    def __init__(self, rules: tuple[Link, ...]) -> None:
        self.rules = rules
        self.by_start: dict[str, int] = {}
        for number, rule in enumerate(rules):
            for key in rule.starts or ():
                self.by_start[key] = self.by_start.get(key, 0) | 1 << number
        self._able: dict[str, int] = {}
        self._at: dict[str, int] = {}
        self._rules: dict[int, tuple[int, ...]] = {}

    def able(self, kinds: str) -> int:
        """The rules that can match where just these kinds of mention (letters, sorted) are present."""
        found = self._able.get(kinds)
        if found is None:
            found = self._able[kinds] = sum_bits(
                1 << number for number, rule in enumerate(self.rules) if all(any(letter in kinds for letter in need) for need in rule.needs)
            )
        return found

    def beginning(self, start: str, kinds: str) -> int:
        """The rules that can begin with `start` (a kind's first character in the masked line, or two letters of a word) where the
        kinds of the mentions from there on are these two letters (`-` for none).
        """
        key = start + kinds
        found = self._at.get(key)
        if found is None:
            found = self._at[key] = sum_bits(
                1 << number
                for number, rule in enumerate(self.rules)
                if start in (rule.starts or ())
                and (rule.firsts is None or kinds[0] in rule.firsts)
                and (rule.seconds is None or kinds[1] in rule.seconds)
            )
        return found

    def numbers(self, mask: int) -> tuple[int, ...]:
        """The numbers of a set of rules, in order."""
        found = self._rules.get(mask)
        if found is None:
            found = self._rules[mask] = tuple(number for number in range(len(self.rules)) if mask >> number & 1)
        return found


def sum_bits(masks: Iterable[int]) -> int:
    """All the bits of some sets."""
    total = 0
    for mask in masks:
        total |= mask
    return total


class LinkPattern(NamedTuple):
    """A compiled link pattern: how to match and scan, its roles, and whether a role can be captured more than once.

    `probe` tells as `match` does whether there is a match, but at a third of the cost of `regex` where there is none.
    """

    match: Any
    finditer: Any
    roles: frozenset[str]
    repeats: bool
    probe: Any


class Rulebook:
    """A loaded rule pack; create with :func:`inventory.load_rulebook`, then only read.

    `version` and `digest` (SHA-256 over the YAML, first 12 hex digits) stand in every fact as `stamp`.
    """

    __slots__ = (
        "_automata",
        "_entries",
        "_forms",
        "_letters",
        "_links",
        "_noun_cues",
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
        "proper_small",
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
        self.proper_small = payload.proper_small
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
        self._noun_cues: dict[str, Cue] | None = None
        self._entries: dict[int, Entry] = {}
        self._forms: dict[int, list[tuple[Cue, str]]] = {}
        self._letters: dict[str, str] | None = None
        self._tokens: TokenIndex | None = None
        self._links: LinkIndex | None = None
        self.link_patterns: dict[str, LinkPattern] = {}

    def entry(self, index: int) -> Entry:
        """The gazetteer entry at `index`; the same object at each call, but for sides, whose mentions are told apart by it."""
        found = self._entries.get(index)
        if found is None:
            found = Entry(*self.entries[index])
            if found.type != "actor":
                self._entries[index] = found
        return found

    def cue_forms(self, index: int) -> list[tuple[Cue, str]]:
        """The cues that a phrase stands for, each with the form that it is; not to be changed."""
        found = self._forms.get(index)
        if found is None:
            found = self._forms[index] = [(self.cues[cue], form) for cue, form in self.phrase_refs[index]]
        return found

    def word_letters(self) -> dict[str, str]:
        """Words of the closed classes with the letter that stands for their class."""
        if self._letters is None:
            self._letters = {word: CLASS_LETTERS[group] for word, group in self.words.items() if group in CLASS_LETTERS}
        return self._letters

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
            self._tokens = TokenIndex(self.tokens)
        return self._tokens

    def link_index(self) -> LinkIndex:
        """The link rules by where each can begin; made on first use."""
        if self._links is None:
            self._links = LinkIndex(self.links)
        return self._links

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
            probe = pattern.match
            if repeats:
                try:
                    probe = re.compile(_NAMED.sub("(?:", link.pattern)).match
                except re.error:
                    pass
            compiled = LinkPattern(pattern.match, pattern.finditer, frozenset(pattern.groupindex), repeats, probe)
            self.link_patterns[link.id] = compiled
        return compiled

    def cue(self, ident: str) -> Cue | None:
        """The cue rule with an id."""
        return next((cue for cue in self.cues if cue.id == ident), None)

    def noun_cues(self) -> dict[str, Cue]:
        """The cue that a noun without a cue of its own stands for (table `noun_status` of rules/words.yaml), by noun."""
        if self._noun_cues is None:
            found = {noun: self.cue(ident) for noun, ident in self.values.get("noun_status", {}).items()}
            self._noun_cues = {noun: cue for noun, cue in found.items() if cue is not None}
        return self._noun_cues

    def stats(self) -> dict[str, int]:
        """Counts by kind of rule and by gazetteer."""
        return dict(sorted(self.counts.items()))

    def kind_name(self, letter: str) -> str:
        """The name of a masked kind."""
        return KIND_NAMES.get(letter, letter)
