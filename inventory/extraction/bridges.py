"""Phrases that a date or a place cuts in two: *refused on Wednesday to send*, *agreed at a meeting in Sofia to supply*."""

from __future__ import annotations

from inventory.extraction.sentence import Element, Sentence
from inventory.extraction.state import CueHit
from inventory.rulebook.book import Rulebook

# Kinds of what can stand within: a date, an adverb, or a phrase with a preposition; never a thing or people, which could be told to.
_WITHIN = "DLCGNxadyZvpo"
_OPENS = "Dpv"
_REACH = 8  # elements from *to* back to its verb: *agreed at a meeting of ministers in Brussels to*


def bridge_phrases(sentence: Sentence, book: Rulebook) -> None:
    """Give a sentence the cues of its phrases in *to* as if nothing stood within them.

    A phrase of modality (*refused to*) joins the sentence's cues where its verb stands; one that tells a status together with the
    infinitive (*agreed to send*) becomes what that verb stands for.
    """
    elements = sentence.elements
    for index in range(2, len(elements) - 1):
        verb = elements[index + 1]
        if elements[index].kind != "i" or verb.kind != "V":
            continue
        head = _head(elements, index)
        if head is None:
            continue
        before = elements[head - 1].word if head and elements[head - 1].kind in "bhn" else ""
        words = f"{before} {elements[head].word}"
        joined = f"{words} to {verb.word}"
        for number, begin, stop in book.automaton("phrases").find_matches_as_indexes(joined, overlapping=True):
            whole = (not begin or joined[begin - 1] == " ") and joined[stop : stop + 1] in ("", " ")
            if not whole or not begin < len(words) < stop:
                continue
            phrase = book.phrase(number)
            if phrase.modalities:
                # A list of its own: the lines of a list share that of their heading.
                sentence.cues = [*sentence.cues, CueHit(elements[head].start, elements[head].end, phrase)]
            elif phrase.statuses and stop == len(joined):
                verb.cue = CueHit(verb.start, verb.end, phrase)
                verb.forms = phrase.tags


def _head(elements: list[Element], to: int) -> int | None:
    """The verb that a *to* goes back to past what stands within; none where nothing does."""
    position = to - 1
    while position > 0 and to - position <= _REACH and elements[position].kind in _WITHIN:
        position -= 1
    if elements[position].kind not in "VR" or position == to - 1 or elements[position + 1].kind not in _OPENS:
        return None
    return position
