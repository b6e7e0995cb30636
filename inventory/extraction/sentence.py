"""One sentence as the rules see it: mentions without overlap, words between them, a shape string and a masked line.

The shape has one letter an element. Upper-case letters and `cPeM` are mentions (see :mod:`inventory.rulebook.kinds`), `V`
a verb that carries a frame, `R` a verb of saying, `Z` a noun, adjective or predicate that carries a status; lower-case
letters are classes of words: d determiner, a article, y possessive, r pronoun, p preposition, i *to*, o *of*, b be, h have, f do,
m modal, n negation, k conjunction, s subordinator, w relative, t *that*, v adverb, g partitive noun (*batch of*), x any other word;
punctuation stands for itself.
"""

from __future__ import annotations

import re
from typing import Any

from inventory.extraction.elements import NOMINAL, Element, Sentence
from inventory.extraction.forms import is_inverted, settle_forms
from inventory.extraction.state import CueHit, Mention, Quantity
from inventory.rulebook import book as flags
from inventory.rulebook.book import Rulebook
from inventory.rulebook.kinds import CONT, START
from inventory.text.fold import Folded

_WORD = re.compile(r"[^\W_]+(?:['.&/-][^\W_]+)*|[^\w\s]")

__all__ = ["NOMINAL", "Element", "Sentence", "build_elements", "is_weak", "mask", "settle"]


def settle(mentions: list[Mention]) -> list[Mention]:
    """Mentions without overlap: the longer wins, then the higher priority; low priorities only fill gaps."""
    strong = sorted((m for m in mentions if m.priority >= 30), key=lambda m: (m.start, m.start - m.end, -m.priority))
    kept: list[Mention] = []
    for mention in strong:
        while kept and mention.start < kept[-1].end:
            last = kept[-1]
            size, last_size = mention.end - mention.start, last.end - last.start
            if size > last_size or (size == last_size and mention.priority > last.priority):
                kept.pop()
            else:
                break
        else:
            kept.append(mention)
    for mention in mentions:
        if mention.priority < 30:
            clash = [k for k in kept if k.start < mention.end and mention.start < k.end]
            if all(
                k.kind == "L" and k.start >= mention.start and k.end <= mention.end and k.end - k.start < mention.end - mention.start
                for k in clash
            ):
                for k in clash:
                    kept.remove(k)
                kept.append(mention)
    kept.sort(key=lambda m: m.start)
    return kept


def build_elements(sentence: Sentence, folded: Folded, book: Rulebook) -> None:
    """Fill `elements` and `shape` from the sentence's mentions, cues and words."""
    text = folded.text
    words = book.words
    letters = book.letters
    mentions = sentence.mentions
    verbal = _verbal_hits(sentence.cues, mentions)
    elements: list[Element] = []
    add = elements.append
    at = 0
    total = len(mentions)
    skip_to = sentence.start
    for match in _WORD.finditer(text, sentence.start, sentence.end):
        start, stop = match.span()
        if start < skip_to:
            continue
        while at < total and mentions[at].end <= start:
            at += 1
        if at < total and mentions[at].start < stop:
            mention = mentions[at]
            if mention.start < skip_to <= start and isinstance(mention.value, Quantity):
                # *inquired about six*: the word before the number belongs to the verb.
                mention.start = start
                if mention.value.basis == "approximate":
                    mention.value.basis = "exact"
            if mention.start > start:
                # A word glued to the mention by a hyphen, as *ex-Soviet*: the mention stands for both.
                start = mention.start
            sentence.index_of[mention.start] = len(elements)
            add(Element(mention.kind, start, mention.end, mention=mention))
            skip_to = mention.end
            at += 1
            continue
        word = match[0]
        hit = verbal.get(start)
        if hit is not None and hit.end < stop and text[hit.end] == "-":
            hit = None  # *go-fast boats*: half a word is no verb
        if hit is not None and not (hit.end == stop and _function_word(words.get(word, ""))):
            add(_verb_element(hit, text, words))
            skip_to = hit.end
            continue
        kind = letters[word]
        if kind == "s" and word == "so" and text.startswith(" far", stop):
            kind = "v"  # *has so far supplied*
        elif word == "far" and elements and elements[-1].word == "so":
            kind = "v"
        elif kind == "t" and elements and elements[-1].kind in "poi":
            kind = "d"  # *of that name*
        add(Element(kind, start, stop, word))
    inverted = is_inverted(elements, book.values.get("inverted_opening", ()))
    if inverted:
        elements[0].kind = "s"  # *Should Manila ask, …* is *If Manila should ask*
    settle_forms(elements, text, book.values.get("noun_after_people", ()), inverted)
    sentence.elements = elements
    sentence.shape = "".join([element.kind for element in elements])


def _function_word(group: str) -> bool:
    """Whether a word class outranks a one-word cue: *including* is a preposition before it is a form of *include*."""
    return group not in ("", "have", "adverb", "abbreviation", "partitive")


def _verbal_hits(cues: list[CueHit], mentions: list[Mention]) -> dict[int, CueHit]:
    """Cue hits that stand for verbs, status nouns and predicates, by start; the longest at each place."""
    verbal: dict[int, CueHit] = {}
    taken = [(m.start, m.end) for m in mentions if m.kind not in "QX"]
    for hit in sorted([hit for hit in cues if hit.phrase.verbal], key=lambda h: h.start - h.end):
        if any(start < hit.end and hit.start < end for start, end in taken):
            continue
        taken.append((hit.start, hit.end))
        verbal[hit.start] = hit
    return verbal


def _verb_element(hit: CueHit, text: str, words: Any) -> Element:
    word = text[hit.start : hit.end]
    phrase = hit.phrase
    kind = "R" if phrase.saying else "V"
    if phrase.predicate:
        first = word.split(" ", 1)[0]
        group = words.get(first)
        if group in ("preposition", "to", "of", "determiner") or (first not in words and not _looks_verbal(word)):
            kind = "Z"
    return Element(kind, hit.start, hit.end, word, cue=hit, forms=phrase.tags)


def _looks_verbal(phrase: str) -> bool:
    first = phrase.split(" ", 1)[0]
    return first.endswith(
        ("ed", "s", "ing", "took", "came", "went", "put", "fell", "lost", "left", "agree", "enter", "take", "found", "saw", "come")
    )


def mask(sentence: Sentence, folded: Folded) -> str:
    """The sentence with each mention and each verb replaced by one private-use character a kind, of the same length."""
    pieces: list[str] = []
    text = folded.text
    at = sentence.start
    for element in sentence.elements:
        mention = element.mention
        if mention is not None:
            kind, start, end = mention.kind, mention.start, mention.end
        elif element.kind in "VR":
            kind, start, end = "V", element.start, element.end
        else:
            continue
        if start < at:
            continue
        pieces.append(text[at:start])
        pieces.append(START[kind] + CONT[kind] * (end - start - 1))
        at = end
    pieces.append(text[at : sentence.end])
    return "".join(pieces)


def is_weak(mention: Mention) -> bool:
    """Whether the mention counts only with a guard's consent."""
    return bool(mention.flags & flags.WEAK)
