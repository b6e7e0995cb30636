"""Colour: modality, probability and measure from cues in reach. Never decides whether a fact is found."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.extraction.clauses import Clause
from inventory.extraction.phrases import is_verdict
from inventory.extraction.sentence import Element, Sentence
from inventory.extraction.state import CueHit, Item
from inventory.rulebook.book import Cue, Rulebook
from inventory.text.fold import Folded

# Kinds of clause that complete the one before, so that its modality carries over: *intends to*, *denied that*.
# Clauses that go on with what the one before asks for.
_GOES_ON = frozenset({"coord", "chain", "inf", "part", "ger"})
_COMPLEMENTS = frozenset({"that", "inf", "chain", "coord"})


def clause_of(elements: list[Element], clauses: list[Clause], offset: int) -> int:
    """The number of the clause that holds a character offset."""
    number = 0
    for index, clause in enumerate(clauses):
        if clause.lo < len(elements) and elements[clause.lo].start <= offset:
            number = index
    return number


def find_modality(
    sentence: Sentence, clauses: list[Clause], item: Item, clause: int, verb: Element | None, folded: Folded, book: Rulebook
) -> tuple[Cue, CueHit | Element] | None:
    """The modality cue that covers an item told of by `verb` in `clause`, and its words; the highest priority wins, then the nearest."""
    elements = sentence.elements
    anchor = verb.start if verb is not None else item.mention.start
    limit = verb.end if verb is not None else item.mention.start
    best: tuple[int, int, Cue, CueHit | Element] | None = None
    for ident, element in _unsaid(elements, clauses, anchor, book):
        if (unsaid := book.cue(ident)) is not None and (best is None or unsaid.priority > best[0]):
            best = (unsaid.priority, 0, unsaid, element)
    for hit in sentence.cues:
        for cue in hit.phrase.modalities:
            home = clause_of(elements, clauses, hit.start)
            if cue.direction == "after" and hit.start > max(limit, anchor):
                continue
            if hit.start > anchor and _opens_clause(elements, hit):
                continue  # *…, and highly unlikely that …*: it speaks of what follows
            if cue.reach == "clause" and not _covers(clauses, home, clause, hit, elements):
                continue
            if cue.reach == "sentence" and cue.direction == "after" and home > clause:
                continue
            if (
                cue.reach == "sentence"
                and clauses
                and any(c.kind == "semi" for c in clauses[min(home, clause) + 1 : max(home, clause) + 1])
            ):
                continue
            if cue.stops and _stopped(folded.text, hit, anchor, cue.stops):
                continue
            key = (cue.priority, -abs(hit.start - anchor))
            if best is None or key > best[:2]:
                best = (*key, cue, hit)
    return None if best is None else (best[2], best[3])


def _unsaid(elements: list[Element], clauses: list[Clause], anchor: int, book: Rulebook) -> Iterator[tuple[str, Element]]:
    """Modalities that no phrase tells but how the sentence is built, as the id of a cue and the element that shows it.

    *Nothing in the pictures supports the claim that …*, *called reports of … a lie*, *Were the town to fall, two brigades could …*.
    """
    values = book.values
    for number, clause in enumerate(clauses):
        if clause.verb < 0 or elements[clause.verb].start >= anchor or clause.subject is None:
            continue
        verb = elements[clause.verb]
        if verb.word in values.get("asking_verb", ()) and _asks(elements, clauses, number, anchor):
            yield "requested", verb
        if clause.voice in ("active", "infinitive") and is_verdict(elements, clause.verb, values):
            yield "denied", verb
        elif verb.word in values.get("evidence_verb", ()):
            first = next((e for e in elements[slice(*clause.subject)] if e.kind != "v"), None)
            if first is not None and first.word in values.get("negative_subject", ()):
                yield "negated", first
    if elements and elements[0].kind == "s" and elements[0].word in values.get("inverted_opening", ()):
        comma = next((e for e in elements if e.kind == ","), None)
        if comma is not None and comma.start < anchor:
            yield "conditional", elements[0]


def _asks(elements: list[Element], clauses: list[Clause], number: int, anchor: int) -> bool:
    """Whether the verb at `anchor` is what somebody is asked to do: *asked Poland to send 12 jets*, *told the army to stay*."""
    asking = clauses[number]
    if asking.voice != "active" or number + 1 == len(clauses):
        return False
    asked = clauses[number + 1]
    if asked.kind != "inf" or asked.verb < 0 or asked.lo - asking.verb < 2 or elements[asked.verb].start > anchor:
        return False
    return all(one.kind in _GOES_ON for one in clauses[number + 2 :] if elements[one.lo].start <= anchor)


def _opens_clause(elements: list[Element], hit: CueHit) -> bool:
    return any(e.kind == "t" for e in elements if hit.end <= e.start <= hit.end + 2)


def _covers(clauses: list[Clause], home: int, clause: int, hit: CueHit, elements: list[Element]) -> bool:
    if home == clause or not clauses:
        return True
    if home > clause:
        return False
    subject = clauses[clause].subject
    if subject is not None and elements[subject[0]].start <= hit.start < elements[subject[1] - 1].end:
        return True  # *not one of the 14 tanks given by Britain has been lost*
    return all(
        clauses[n].kind in _COMPLEMENTS and (clauses[n].kind != "coord" or clauses[n].subject == clauses[home].subject)
        for n in range(home + 1, clause + 1)
    )


def _stopped(text: str, hit: CueHit, anchor: int, stops: tuple[str, ...]) -> bool:
    between = text[hit.end : anchor] if hit.end <= anchor else text[anchor : hit.start]
    words = set(between.replace(",", " ").split())
    return any((stop in words) if stop.isalpha() else (stop in between) for stop in stops)


def find_measure(sentence: Sentence, item: Item) -> tuple[Cue, CueHit] | None:
    """The measure cue near the item's count, if any."""
    start, end = item.slots.get("count", (item.mention.start, item.mention.end))
    best: tuple[int, Cue, CueHit] | None = None
    for hit in sentence.cues:
        for cue in hit.phrase.measures:
            gap = start - hit.end if hit.end <= start else hit.start - max(end, item.mention.end)
            if cue.direction == "after" and hit.end > start:
                continue
            if gap > 25 and cue.reach != "sentence":
                continue
            if best is None or cue.priority > best[0]:
                best = (cue.priority, cue, hit)
    return None if best is None else (best[1], best[2])
