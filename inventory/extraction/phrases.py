"""Phrases that stand aside in a sentence: who said it all, a part without a verb, what only describes its subject."""

from __future__ import annotations

from collections.abc import Container, Mapping

from inventory.extraction.sentence import Element
from inventory.rulebook.kinds import ITEM_KINDS

SPEAKER = "daxyAQCKELcPUeMGNOZXvgoprk"
# What may follow a verb of saying whose words stood before: its hearer, the day, the place, the means; and how many elements at most.
_HEARER = 'dxrDpLCvyaZ.")'
_TAIL = 9
_OBJECT = 4  # elements behind a verb among which its object's noun stands
_PARTS = frozenset({"them", "whom", "which"})


def find_speakers(elements: list[Element], verbs: list[tuple[int, int, str]]) -> list[tuple[int, int, int]]:
    """The words between commas on who said all that: where they begin, where their verb stands, and where they end.

    They stand at the end of a sentence (*…, the ministry in Berlin has told parliament*), or before a clause that goes on (*…, two people
    with knowledge of the matter said, and a second is expected*).
    """
    found: list[tuple[int, int, int]] = []
    for index, group, voice in verbs:
        if elements[index].kind != "R" or voice != "active" or not (group < index or set(elements[index].forms) & set("psw")):
            continue
        end = index + 1
        while end < len(elements) and elements[end].kind in _HEARER and end - index < _TAIL:
            end += 1
        following = elements[end + 1].kind if end + 1 < len(elements) else ""
        last = end >= len(elements) or elements[end].kind == ";" or (elements[end].kind == "," and following == "k")
        if not last or (end > index + 1 and elements[index + 1].kind in "aZ"):
            continue
        start = group
        while start and (elements[start - 1].kind in SPEAKER or (elements[start - 1].kind == "V" and "n" in elements[start - 1].forms)):
            start -= 1
        while start < group and elements[start].kind == "k":
            start += 1
        told = any(e.kind in "VRbQ" or e.kind in ITEM_KINDS for e in elements[:start])
        if 0 < start < group and elements[start - 1].kind == "," and told:
            found.append((start, index, end))
    return found


def is_verdict(elements: list[Element], verb: int, values: Mapping[str, Container[str]]) -> bool:
    """Whether a verb calls a report behind it false: *called reports of ten launchers a fairy tale*; not where it calls it credible."""
    if elements[verb].word not in values.get("verdict_verb", ()):
        return False
    nouns, objects = values.get("report_noun", ()), elements[verb + 1 :]
    head = next((e for e in objects[:_OBJECT] if e.word in nouns or e.kind not in "dayAxv"), None)
    if head is None or head.word not in nouns:
        return False
    return not any(e.word in values.get("credible_word", ()) for e in objects)


def share_end(elements: list[Element], start: int) -> int:
    """Where a phrase without a verb on a part of what stands before ends (*…, two of them near Gao*); 0 if there is none."""
    shared = start < len(elements) and elements[start].kind == "X"  # *a quarter of* is one element
    them = start + (1 if shared else 2)
    if them >= len(elements) or elements[them].word not in _PARTS or not (shared or elements[them - 1].word == "of"):
        return 0
    for index in range(them + 1, len(elements)):
        kind = elements[index].kind
        if kind in "VRbmh":
            return 0
        if kind in ",;.:":
            following = elements[index + 1].kind if index + 1 < len(elements) else ""
            # Neither a list that goes on is cut, nor a subject from its verb (*fighters, some 900 of them, have left*).
            return 0 if following and following in "kVRbmh" else index
    return len(elements) - 1


def only_describes(elements: list[Element], bounds: dict[int, str], verbs: list[tuple[int, int, str]], verb: int, group: int) -> bool:
    """Whether a verb is that of a relative clause within a subject, whose own verb begins at `group`: nothing before it has one."""
    lo = max(b for b in bounds if b <= verb)
    if bounds[lo] != "rel" or any(e.kind in ",k" for e in elements[verb + 1 : group]):
        return False
    outer = max((b for b in bounds if b < lo), default=0)
    return not any(outer <= other < lo for other, _, _ in verbs)


def unknown_verb(elements: list[Element], index: int) -> bool:
    """Whether a thing and a word that looks like a past follow: *after the pilot parachuted to safety*."""
    position = index + 1
    while position < len(elements) and elements[position].kind in "dayAQK":
        position += 1
    if position + 1 >= len(elements) or elements[position].kind not in ITEM_KINDS:
        return False
    return elements[position + 1].kind == "x" and elements[position + 1].word.endswith("ed")
