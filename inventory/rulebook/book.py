"""The compiled rule pack: plain, frozen data that extraction works from.

A :class:`Rulebook` is made by :mod:`inventory.rulebook.compile` from YAML, or read back from the cache. Everything
in :class:`Payload` is marshal-able (tuples, strings, numbers, dicts), so that a cached pack loads in milliseconds;
automata and patterns are built from it when first needed.
"""

from __future__ import annotations

import re
from typing import Any

import ahocorasick_rs
import regex

from inventory.rulebook.compiled import Category, Cue, Entry, Link, LinkPattern, Payload, Token
from inventory.rulebook.entries import Entries
from inventory.rulebook.indexes import NAMED, LinkIndex, TokenIndex
from inventory.rulebook.kinds import CLASS_LETTERS, KIND_NAMES
from inventory.rulebook.memo import Memo
from inventory.rulebook.phrases import Phrase

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
# Signs that stand for themselves in a sentence's shape.
_PUNCTUATION = frozenset(',;:()"-.!?[]/')
_NOWHERE = "(?!)"
# What counts as a word where proper names are looked up word by word.
WORD = re.compile(r"[^\W_]+")

__all__ = ["Category", "Cue", "Entry", "Link", "LinkIndex", "LinkPattern", "Payload", "Phrase", "Rulebook", "Token", "TokenIndex"]


class Rulebook:
    """A loaded rule pack; create with :func:`inventory.load_rulebook`, then only read.

    `version` and `digest` (SHA-256 over the YAML, first 12 hex digits) stand in every fact as `stamp`.
    """

    __slots__ = (
        "_automata",
        "_cues",
        "_entries",
        "_links",
        "_noun_cues",
        "_phrases",
        "_tokens",
        "actors",
        "categories",
        "counts",
        "cues",
        "digest",
        "entries",
        "head_names",
        "head_refs",
        "letters",
        "link_patterns",
        "links",
        "pattern_texts",
        "patterns",
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
        self.entries = Entries(payload.entries, payload.place_rows, payload.place_ends)
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
        self.pattern_texts = payload.patterns
        self.patterns = Memo(self._pattern)
        """The patterns of the words files, compiled when one is first asked for; an unknown name matches nowhere."""
        self.letters = Memo(self._letter)
        """The letter that stands for a word or sign in a sentence's shape."""
        self.actors: dict[str, Entry] = {}
        for row in self.entries.written:
            if row[2] == "actor" or (row[2] == "unit" and row[5]):
                self.actors.setdefault(row[0], Entry(*row))
        self._automata: dict[str, Any] = {}
        self._cues: dict[str, Cue] | None = None
        self._noun_cues: dict[str, Cue] | None = None
        self._entries: dict[int, Entry] = {}
        self._phrases: dict[int, Phrase] = {}
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

    def phrase(self, index: int) -> Phrase:
        """What a cue phrase stands for; not to be changed."""
        found = self._phrases.get(index)
        if found is None:
            found = self._phrases[index] = Phrase([(self.cues[cue], form) for cue, form in self.phrase_refs[index]])
        return found

    def _letter(self, word: str) -> str:
        known = CLASS_LETTERS.get(self.words.get(word, ""))
        if known is not None:
            return known
        return word if word in _PUNCTUATION else "v" if word.endswith("ly") and len(word) > 4 else "x"

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
                    probe = re.compile(NAMED.sub("(?:", link.pattern)).match
                except re.error:
                    pass
            compiled = LinkPattern(pattern.match, pattern.finditer, frozenset(pattern.groupindex), repeats, probe)
            self.link_patterns[link.id] = compiled
        return compiled

    def _pattern(self, name: str) -> re.Pattern[str]:
        return re.compile(self.pattern_texts.get(name, _NOWHERE))

    def cue(self, ident: str) -> Cue | None:
        """The cue rule with an id."""
        if self._cues is None:
            self._cues = {cue.id: cue for cue in reversed(self.cues)}
        return self._cues.get(ident)

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
