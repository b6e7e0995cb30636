"""The voice of a verb: whether it is passive, an infinitive, or a participle that only describes."""

from __future__ import annotations

import re

from inventory.extraction.ellipsis import Elided
from inventory.extraction.sentence import Element
from inventory.rulebook.kinds import ITEM_KINDS

_PASSIVE_PHRASE = re.compile(r"\b(?:be|been|is|are|was|were|being) \w+(?:ed|en|nt|wn|st|old|ade|ound|uck|it)(?: \w+)?$")
# A phrase whose first word may be a participle.
_PARTICIPLE = re.compile(r"^\S+(?:ed|wn|nt|en)(?: |$)")
_GROUP = "bhfmnv"
_PHRASE = 6  # elements from a participle to its *by*


def read_voice(elements: list[Element], index: int) -> tuple[int, int, str]:
    """A verb's index, where its group of helpers begins, and its voice: `active`, `passive`, `infinitive`, `gerund` or `participle`."""
    element = elements[index]
    start = index
    while start and (
        elements[start - 1].kind in _GROUP
        or (elements[start - 1].kind == '"' and start > 1 and elements[start - 2].kind in "bh")  # *were "neutralised"*
        or (elements[start - 1].kind == "i" and start == index)
        or (elements[start - 1].kind == "i" and elements[start].kind in "bh")
    ):
        start -= 1
    if start == index and (jumped := _past_insertion(elements, index)) < index:
        start = jumped
    aux = "".join(e.kind for e in elements[start:index] if e.kind in "bhfmnvi")
    tags = element.forms
    helpers = aux.replace("v", "").replace("n", "")
    if "w" in tags:
        if _PASSIVE_PHRASE.search(element.word) or (helpers.endswith("b") and _PARTICIPLE.search(element.word)):
            voice = "passive"
        elif "i" in helpers:
            voice = "infinitive"
        elif not helpers and _PARTICIPLE.search(element.word) and elements[index - 1].kind in ITEM_KINDS and _finite_later(elements, index):
            voice = "participle"
        else:
            voice = "active"
    elif tags.endswith("g") and "n" not in tags and "p" not in tags and tags != "bg":
        voice = "active" if helpers.endswith("b") else "gerund"
    elif "n" in tags and helpers.endswith("b"):
        voice = "passive"
    elif "i" in helpers:
        voice = "infinitive"
    elif "h" in helpers or "m" in helpers or "f" in helpers or helpers.endswith("b"):
        voice = "active"
    elif "n" in tags and "p" not in tags:
        voice = "participle"
    elif "n" in tags:
        after = elements[index + 1].word if index + 1 < len(elements) else ""
        behind = index - 1
        while behind > 0 and elements[behind].kind == "v":
            behind -= 1  # *rifles still held there*
        before = elements[behind].kind if index else ""
        voice = (
            "participle"
            if after == "by"
            or before == "Q"
            or (element.kind == "V" and _fronted(elements, index))
            or (index > 0 and stands_in(elements[index - 1]))
            or (
                before in ITEM_KINDS
                and before
                and (element.kind == "V" or after == "to")  # *tanks said to be there*; but *soldiers said tanks had come*
                and (_finite_later(elements, index) or _has_governor(elements, index) or _under_preposition(elements, index))
            )
            or (before == "x" and _agent_follows(elements, index))
            or (before == "," and element.kind == "V" and _between_commas(elements, index))
            else "active"
        )
    else:
        voice = "active"
    element.voice = voice
    return index, start, voice


def _between_commas(elements: list[Element], index: int) -> bool:
    """Whether a phrase between commas behind a thing only describes it: *the jets, built in Turin, touched down*."""
    if (
        index < 2
        or elements[index - 2].kind not in ITEM_KINDS + ")"
        or index + 1 >= len(elements)
        or elements[index + 1].kind not in "piDv"
    ):
        return False
    comma = next((i for i in range(index + 1, len(elements)) if elements[i].kind in ",;:kVRbhm"), 0)
    if not comma or elements[comma].kind != ",":
        return False
    after = next((e for e in elements[comma + 1 :] if e.kind != "v"), None)
    return after is not None and after.kind in "VRbhm"


def _past_insertion(elements: list[Element], index: int) -> int:
    """The helper verb before a phrase between commas: *could, within a week, have two carriers*; else the index itself."""
    if index < 3 or elements[index - 1].kind != ",":
        return index
    for position in range(index - 2, max(0, index - 9), -1):
        kind = elements[position].kind
        if kind == ",":
            return position - 1 if position and elements[position - 1].kind in "mhbf" else index
        if kind in "VRbhmtws;:":
            return index
    return index


def _fronted(elements: list[Element], index: int) -> bool:
    """Whether a participle opens the sentence: *Withdrawn from Goma were two companies*, *Lost in one night: five tanks*."""
    return all(e.kind in "v" for e in elements[:index]) and index + 1 < len(elements) and elements[index + 1].kind in "pvDib"


def stands_in(element: Element) -> bool:
    """Whether the element is a count that stands for its noun (*eight burnt*): a participle behind it is its clause."""
    return element.mention is not None and isinstance(element.mention.value, Elided)


def _finite_later(elements: list[Element], index: int) -> bool:
    """Whether a finite verb follows in the same stretch, so that this one is a reduced relative (*tanks seized there were shown*)."""
    for position in range(index + 1, len(elements)):
        kind = elements[position].kind
        if kind in ",;:ktswr-":
            return False
        if kind == "b" or kind == "m" or (kind == "h"):
            return True
        if kind in "VR" and set(elements[position].forms) & set("ps") and _is_finite(elements, position):
            return True
    return False


def _is_finite(elements: list[Element], index: int) -> bool:
    """Whether a form is no participle; one that may be both is finite behind a proper place or date (*jets sent to Romania returned*)."""
    if "n" not in elements[index].forms:
        return True
    by = index + 1 < len(elements) and elements[index + 1].word == "by"
    return elements[index - 1].kind in "LCD" and not by


def _agent_follows(elements: list[Element], index: int) -> bool:
    """Whether who did it stands behind *by* in the same phrase: *a cache left near the river by rebels*."""
    for element in elements[index + 1 : index + _PHRASE]:
        if element.word == "by":
            return True
        if element.kind not in "pdxLCaA":
            return False
    return False


def _under_preposition(elements: list[Element], index: int) -> bool:
    """Whether the thing before a verb without an object stands under a preposition: *put its losses at six soldiers killed*."""
    if index + 1 < len(elements) and elements[index + 1].kind not in ",k.;)":
        return False
    position = index - 1
    while position > 0 and elements[position].kind in "QAKEcPUeM":
        position -= 1
    return position > 0 and elements[position].kind in "po" and position < index - 1


def _has_governor(elements: list[Element], index: int) -> bool:
    """Whether the thing before a participle is the object of a verb already: *handed over six jets promised to Kyiv*."""
    position = index - 1
    while position > 0 and elements[position].kind in "daxyAQKELcPUeMgov":
        position -= 1
    verb = elements[position]
    told = verb.kind == "R" and elements[position + 1].kind == "o"  # *boasts of nine jets downed there*
    return (verb.kind == "V" or told) and verb.voice in ("active", "infinitive") and position < index - 1
