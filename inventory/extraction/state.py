"""The working records of extraction: mentions, words of a sentence, items on their way to facts."""

from __future__ import annotations

from typing import Any

from inventory.rulebook.book import Entry, Phrase


class Mention:
    """One thing found in the text, in offsets of the folded text. `kind` is its letter in the masked line."""

    __slots__ = (
        "actor", "dropped", "end", "entries", "entry", "flags", "kind", "priority", "rule", "start", "value", "variant",
    )  # fmt: skip

    def __init__(
        self,
        start: int,
        end: int,
        kind: str,
        entry: Entry | None = None,
        flags: int = 0,
        rule: str = "",
        value: Any = None,
        priority: int = 50,
    ) -> None:
        self.start = start
        self.end = end
        self.kind = kind
        self.entry = entry
        self.entries: tuple[Entry, ...] = (entry,) if entry is not None else ()
        self.flags = flags
        self.rule = rule
        self.value = value
        self.priority = priority
        self.actor: Entry | None = None
        self.variant: str | None = None
        self.dropped = ""

    def __repr__(self) -> str:
        name = self.entry.id if self.entry else self.rule
        return f"<{self.kind} {self.start}-{self.end} {name}>"


class CueHit:
    """A cue phrase found in the text: `forms` pairs each cue with the form that it was found in."""

    __slots__ = ("end", "forms", "phrase", "start")

    def __init__(self, start: int, end: int, phrase: Phrase) -> None:
        self.start = start
        self.end = end
        self.phrase = phrase
        self.forms = phrase.forms

    def __repr__(self) -> str:
        return f"<cue {self.start}-{self.end} {[(c.id, f) for c, f in self.forms]}>"


class Item:
    """An item on its way to a fact: what has been bound to it so far, each slot with its characters and its rule."""

    __slots__ = (
        "absorbed_by", "actor", "bound", "clause", "group", "heads", "index", "mention", "mentions", "position", "reason",
        "score", "slots", "steps", "subset_of", "values",
    )  # fmt: skip

    def __init__(self, mention: Mention, index: int, position: int) -> None:
        self.mention = mention
        self.index = index
        self.position = position
        """Its element in the sentence; -1 if none stands for it."""
        self.values: dict[str, Any] = {}
        self.slots: dict[str, tuple[int, int]] = {}
        self.steps: list[tuple[str, str, int, int, str]] = []
        self.bound: set[str] = set()
        self.mentions: dict[str, Mention] = {}
        self.absorbed_by: Item | None = None
        self.heads: list[Mention] = []
        self.group = -1
        self.subset_of: Item | None = None
        self.clause = -1
        self.actor: Entry | None = None
        self.score = 1.0
        self.reason = ""

    def refuse(self, reason: str) -> bool:
        """Note why the item makes no row, for `explain`; always false."""
        self.reason = reason
        return False

    def top(self) -> Item:
        """The item that stands for this one: itself, or the name that absorbed its class noun."""
        item = self
        for _ in range(5):
            if item.absorbed_by is None:
                break
            item = item.absorbed_by
        return item

    def set(self, slot: str, value: Any, rule: str, start: int, end: int, note: str = "") -> bool:
        """Fill a slot unless it is filled; tells whether it did."""
        if slot in self.bound:
            return False
        self.bound.add(slot)
        self.values[slot] = value
        if end > start:
            self.slots[slot] = (start, end)
        self.steps.append((slot, rule, start, end, note))
        return True


class Quantity:
    """A number as printed and as meant."""

    __slots__ = ("basis", "high", "low")

    def __init__(self, low: int | None, high: int | None, basis: str) -> None:
        self.low = low
        self.high = high
        self.basis = basis


def unlisted(text: str, kind: str, letter: str, category: str | None = None, echelon: str | None = None) -> Entry:
    """An entry for what the grammar finds and no gazetteer lists: its id is `?` and the folded words."""
    return Entry(
        id="?" + text.lower(), name=text, type=kind, kind=letter, category=category, actor=None, origin=None, family=None, echelon=echelon,
        country=None, admin=None, lat=None, lon=None, feature=None, population=0, controller=None, attributes=(), cues=(), head=None,
    )  # fmt: skip
