"""What `explain` tells: plain records. Every `start` and `end` counts characters of the document's text."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from inventory.model import Fact


@dataclass(frozen=True, slots=True)
class Named:
    """A mention: `kind` is its letter in the masked line, `type` that letter's name in rule files."""

    start: int
    end: int
    text: str
    kind: str
    type: str
    rule: str
    id: str | None
    name: str | None
    value: str | None
    flags: str | None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A name that was found and not counted, with the reason."""

    start: int
    end: int
    text: str
    type: str
    id: str
    why: str


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause with its verb, voice and subject, empty where there is none."""

    start: int
    end: int
    text: str
    kind: str
    verb: str
    voice: str
    subject: str


@dataclass(frozen=True, slots=True)
class CueView:
    """A cue phrase and one cue that it stands for; `form` says as what: a word class, or that it only blocks."""

    start: int
    end: int
    text: str
    rule: str
    type: str
    value: str
    form: str


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A speaker and the stretch spoken for."""

    start: int
    end: int
    text: str
    name: str
    actor: str | None
    rule: str
    said: str


@dataclass(frozen=True, slots=True)
class Fired:
    """A link rule that matched, and the slots that it filled; none when others had filled them."""

    rule: str
    start: int
    end: int
    text: str
    filled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A link rule that stopped short: `matched` of its `total` parts, where, and the part that failed."""

    rule: str
    matched: int
    total: int
    start: int
    end: int
    text: str
    stopped_at: str
    failed: str
    parts: tuple[str, ...]
    failed_index: int


@dataclass(frozen=True, slots=True)
class BidView:
    """A status offered to an item; one bid of an item wins."""

    item: str
    item_start: int
    rule: str
    value: str
    rank: int
    text: str
    start: int
    end: int
    agent: bool
    won: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled cell of a fact: its value, the rule behind it, the characters it came from (or `-1`), and a remark."""

    column: str
    value: str
    rule: str
    start: int = -1
    end: int = -1
    text: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FactView:
    """A fact with the origin of its cells."""

    fact: Fact
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Silent:
    """An item that made no row, with the reason."""

    start: int
    end: int
    text: str
    type: str
    id: str | None
    why: str


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence; `role` is `read`, `context` (read for its neighbours only), `heading` or `skipped`, `why` the reason for the latter.

    `possible` holds, of a skipped sentence, what is counted or shaped like a designator and in no gazetteer.
    """

    start: int
    end: int
    text: str
    role: str
    why: str
    masked: str = ""
    mentions: tuple[Named, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    clauses: tuple[ClauseView, ...] = ()
    cues: tuple[CueView, ...] = ()
    claims: tuple[ClaimView, ...] = ()
    fired: tuple[Fired, ...] = ()
    near: tuple[NearMiss, ...] = ()
    bids: tuple[BidView, ...] = ()
    facts: tuple[FactView, ...] = ()
    silent: tuple[Silent, ...] = ()
    possible: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a document was read."""

    doc_id: str
    title: str | None
    source: str | None
    published: dt.date | None
    rulebook: str
    sentences: tuple[SentenceView, ...]

    @property
    def facts(self) -> tuple[FactView, ...]:
        """All facts, in the order of the sentences."""
        return tuple(fact for sentence in self.sentences for fact in sentence.facts)

    @property
    def verdict(self) -> str:
        """Why the whole document makes no row, in one line; empty if it makes one."""
        if self.facts:
            return ""
        if any(sentence.silent for sentence in self.sentences):
            return "no row: what was found is not told of as anything; the reason stands with each"
        if any(sentence.dropped for sentence in self.sentences):
            return "no row: the names found are everyday words or weak, and nothing beside them says that they count"
        return "no row: no name of equipment, people, a unit or materiel that the rules know stands in the text"
