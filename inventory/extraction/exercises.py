"""Exercises: told of as rows of their own only where a sentence tells of nothing else, and named from elsewhere in the text."""

from __future__ import annotations

import itertools

from inventory.extraction.assemble import Assembler
from inventory.extraction.dates import resolve_date
from inventory.extraction.passage import Reading
from inventory.extraction.sentence import Sentence
from inventory.extraction.state import Item
from inventory.model import Fact
from inventory.text.fold import Folded

CATEGORY = "unit/exercise"
_UNTIL = ("through ", "until ", "till ", "to ")


def thin_exercises(facts: list[tuple[Item, Fact]]) -> list[tuple[Item, Fact]]:
    """Drop the exercise as such where something takes part in it, and where nobody is told to hold it."""
    others = [pair for pair in facts if pair[1].category != CATEGORY]
    if others:
        return others
    return [pair for pair in facts if pair[1].status == "exercising" and pair[1].actor_id is not None]


def extend_periods(reading: Reading, assembler: Assembler) -> None:
    """A second date behind *through* or *until* ends the period that the first begins: *began on Thursday … until 20 February*."""
    sentence, analysis = reading.sentence, assembler.analysis
    text = analysis.folded.text
    ends = []
    for mention in sentence.mentions:
        if mention.kind == "D" and text[max(sentence.start, mention.start - 8) : mention.start].endswith(_UNTIL[:3]):
            token, groups = mention.value
            period = resolve_date(token.resolve or "", groups, assembler.book.values, analysis.anchor, True)
            if period is not None:
                ends.append(period.end)
    if len(ends) != 1:
        return
    for number, (item, fact) in enumerate(reading.facts):
        if fact.date_start is not None and fact.date_start == fact.date_end and fact.date_start < ends[0]:
            reading.facts[number] = (item, fact._replace(date_end=ends[0]))


def name_exercises(readings: list[Reading], folded: Folded) -> None:
    """Give an exercise without a name the only one that the text names for the same side: *Russia's Allied Resolve training*."""
    names: dict[str, set[str]] = {}
    for reading in readings:
        for side, name in _named(reading.sentence, folded):
            names.setdefault(side, set()).add(name)
    if not names:
        return
    for reading in readings:
        for number, (item, fact) in enumerate(reading.facts):
            known = names.get(fact.actor_id or "", set())
            if fact.category == CATEGORY and fact.operation is None and len(known) == 1:
                reading.facts[number] = (
                    item,
                    fact._replace(operation=next(iter(known)), flags=f"{fact.flags or ''} named-elsewhere".strip()),
                )


def _named(sentence: Sentence, folded: Folded) -> list[tuple[str, str]]:
    found = []
    mentions = sentence.mentions
    for before, mention in itertools.pairwise(mentions):
        if mention.kind == "O" and mention.entry is not None and before.kind in "CAG" and before.actor is not None:
            gap = folded.text[before.end : mention.start]
            if gap.strip() in ("", "'s", "'", "'s annual", "'s own", "'s joint"):
                found.append((before.actor.id, mention.entry.name))
    return found
