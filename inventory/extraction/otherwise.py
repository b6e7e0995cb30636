"""Hits in the text that are no names: a noun that is an adjective, verb or pronoun here, an acronym that the text defines, noise."""

from __future__ import annotations

import re
from collections.abc import Mapping

from inventory.extraction.state import Mention
from inventory.rulebook import book as flags
from inventory.rulebook.book import Rulebook
from inventory.text.fold import Folded

_NONE: Mapping[str, str] = {}
_LISTS = ("noun_or_adjective", "noun_or_preposition", "noun_or_verb", "noun_or_pronoun", "needs_determiner")
_BEFORE = re.compile(r"([^\W\d_]+(?:'[a-z]+)?) $")
_NEXT = re.compile(r" ([^\W\d_]+)")
_LOOK = 48
# Fingerprints and encoded attachments: groups of hexadecimal digits in a row, lines full of signs that prose does not use.
_HEX = re.compile(r"[0-9A-Fa-f]{4,}")
_HEX_BEFORE = re.compile(r"(?<![\w-])[0-9A-Fa-f]{4,}[ :]{1,3}$")
_HEX_AFTER = re.compile(r"[ :]{1,3}[0-9A-Fa-f]{4,}(?![\w-])")
_SIGNS = re.compile(r"[%\\^~{}@=$&+!?`]")
_MANY_SIGNS = 6
# *(APC)* behind what it stands for, or before it: *APC (Association for Progressive Communications)*.
_SMALL = frozenset({"of", "and", "the", "for", "in", "to", "on", "de", "a", "an", "with"})
# Characters from which a text is long: some two hundred words.
_LONG = 1200
_WORD = re.compile(r"[^\W\d_]+")


def is_noise(cased: str, start: int, end: int) -> bool:
    """Whether a designator stands in a run of hexadecimal groups or in an encoded line, where letters and digits mean nothing."""
    if _HEX.fullmatch(cased, start, end) and (_HEX_BEFORE.search(cased, max(0, start - 40), start) or _HEX_AFTER.match(cased, end)):
        return True
    return len(_SIGNS.findall(cased, max(0, start - _LOOK), end + _LOOK)) >= _MANY_SIGNS


def is_no_type(mention: Mention, cased: str, book: Rulebook) -> bool:
    """Whether the name of a type is a person's first name (*Iskander Karimov, 24, won*) or part of a place's (*the H5 base*) here."""
    if mention.kind != "E":
        return False
    if mention.flags & flags.DESIGNATOR:
        return book.patterns["lettered_place"].match(cased, mention.start) is not None
    if mention.flags & flags.WEAK and book.patterns["named_forces"].match(cased, mention.end):
        return True  # *the Tiger and White Horse divisions*
    return book.patterns["aged_person"].match(cased, mention.end) is not None or (
        book.patterns["apposed_body"].match(cased, mention.end) is not None
    )


def is_other_word(text: str, cased: str, start: int, end: int, book: Rulebook) -> bool:
    """Whether a class noun is another part of speech here: *a mercenary marriage*, *one arm round her neck*, *to force them*.

    Asked of the words in the lists `noun_or_adjective`, `noun_or_preposition`, `noun_or_verb`, `noun_or_pronoun` and `needs_determiner`
    of rules/words.yaml.
    """
    word, values = text[start:end], book.values
    if not any(word in values.get(name, _NONE) for name in _LISTS):
        return False
    if word in values.get("needs_determiner", _NONE) and cased[start].islower():
        before = text[max(0, start - _LOOK) : start]
        patterns = book.patterns
        told = patterns["closely_determined"].search(before) or patterns["small_number_before"].search(before)
        if not (told or (word == "men" and patterns["armed_men"].search(before))):
            return True
    if word in values.get("noun_or_adjective", _NONE):
        return _is_adjective(text, cased, start, end, book)
    following = _NEXT.match(text, end)
    after = book.words.get(following[1], "") if following else ""
    if word in values.get("noun_or_preposition", _NONE) and after in ("possessive", "article", "determiner", "pronoun"):
        return True
    preceding = _BEFORE.search(text, max(0, start - _LOOK), start)
    lead = preceding[1] if preceding else ""
    if word in values.get("noun_or_verb", _NONE):
        behind = book.words.get(lead, "")
        if following is not None and following[1] == "against" and word.startswith("rebel"):
            return True  # *whoever rebels against it*
        return behind in ("to", "modal") or (
            behind in ("conjunction", "adverb") and after in ("article", "determiner", "pronoun", "possessive")
        )
    # A noun in the singular has something before it that tells which one; a pronoun has not.
    return word in values.get("noun_or_pronoun", _NONE) and lead in ("of", "than", "and", "or", "is", "was", "be", "to", "like", "as")


def _is_adjective(text: str, cased: str, start: int, end: int, book: Rulebook) -> bool:
    following = _NEXT.match(text, end)
    if following is not None:
        word = following[1]
        if word in book.values.get("compound_head", _NONE) or word[:-1] in book.values.get("compound_head", _NONE):
            return False
        if cased[following.start(1)].isupper():
            return False  # *the militant Abu Nur*
        if word not in book.words and not word.endswith("ed") and word not in book.values.get("short_past", _NONE):
            return True
    before = text[max(0, start - _LOOK) : start]
    if not before or before[-1:] == "\n" or before.rstrip(" \"'")[-1:] in "\n.:;!?(":
        return False  # a headline leaves its articles out
    return book.patterns["determined"].search(before) is None


def drop_redefined(mentions: list[Mention], folded: Folded) -> list[Mention]:
    """The mentions without acronyms that the text itself spells out as something else: *Approximate Retail Value (ARV)*."""
    cased = folded.cased
    other: set[str] = set()
    for mention in mentions:
        entry = mention.entry
        if (
            not mention.flags & flags.NEED_UPPER
            or mention.flags & flags.DESIGNATOR
            or entry is None
            or entry.type not in ("class", "equipment")
        ):
            continue
        letters = cased[mention.start : mention.end].rstrip("s")
        if letters in other or not letters.isalpha():
            continue
        span = _spelled_out(cased, mention.start, mention.end, letters.lower())
        if span is None or any(m is not mention and m.start < span[1] and span[0] < m.end for m in mentions):
            continue
        names = set(_WORD.findall(entry.name.lower()))
        if not names & {word for word in _WORD.findall(folded.text, *span) if len(word) > 3}:
            other.add(letters)
    if not other:
        return mentions
    return [m for m in mentions if not (m.flags & flags.NEED_UPPER and cased[m.start : m.end].rstrip("s") in other)]


def doubt_lone(mentions: list[Mention], folded: Folded, book: Rulebook) -> None:
    """Make sure names weak that have a civil second sense, where nothing else in a long text is sure: acronyms, and `second_sense`.

    *The destroyer of her peace* in a chapter of a novel needs a word of context as *ship* does; *two destroyers* does not.
    """
    text = folded.text
    if len(text) < _LONG:
        return
    senses = book.values.get("second_sense", _NONE)
    doubtful = []
    for mention in mentions:
        if mention.flags & flags.WEAK or mention.kind not in "EcPUe":
            continue
        acronym = bool(mention.flags & flags.NEED_UPPER) and not mention.flags & flags.DESIGNATOR
        if not acronym and text[mention.start : mention.end] not in senses:
            return
        if not book.patterns["small_number_before"].search(text, max(0, mention.start - 40), mention.start):
            doubtful.append(mention)
    for mention in doubtful:
        mention.flags |= flags.WEAK


def _spelled_out(cased: str, start: int, end: int, letters: str) -> tuple[int, int] | None:
    """Where the words stand that an acronym in brackets, or before a bracket, is made of."""
    opening = cased[max(0, start - 2) : start].rstrip("\"'")[-1:] == "("
    words: list[re.Match[str]]
    if opening and cased[end : end + 2].lstrip("s\"'")[:1] == ")":
        words = list(_WORD.finditer(cased, max(0, start - 120), start))[::-1]
        picked = _match_initials(words, letters[::-1])
        return (picked[-1].start(), picked[0].end()) if picked else None
    if cased[end : end + 2] == " (":
        words = list(_WORD.finditer(cased, end + 2, min(len(cased), end + 120)))
        picked = _match_initials(words, letters)
        if picked and cased[picked[-1].end() : picked[-1].end() + 1] == ")":
            return picked[0].start(), picked[-1].end()
    return None


def _match_initials(words: list[re.Match[str]], letters: str) -> list[re.Match[str]]:
    """The first of the words as far as their initials are the letters, small words passed over; empty when they are not."""
    picked: list[re.Match[str]] = []
    at = 0
    for word in words:
        if at == len(letters):
            break
        if word[0][0].lower() == letters[at]:
            at += 1
        elif word[0].lower() not in _SMALL or not picked:
            return []
        picked.append(word)
    return picked if at == len(letters) else []
