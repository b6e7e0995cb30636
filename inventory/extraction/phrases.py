"""Phrases that stand aside in a sentence: who said it all, a part without a verb, what only describes its subject."""

from __future__ import annotations

from inventory.extraction.sentence import Element
from inventory.rulebook.kinds import ITEM_KINDS

SPEAKER = "daxyAQCKELcPUeMGNOZvgopr"
# What may follow the last verb of saying: its hearer, the day, the place; and how many elements at most, the full stop among them.
_HEARER = 'dxrDpLCv.")'
_TAIL = 7
_PARTS = frozenset({"them", "whom", "which"})


def last_speaker(elements: list[Element], verbs: list[tuple[int, int, str]]) -> int:
    """Where the words on who said all that begin, at the end of a sentence: *…, the ministry in Berlin has told parliament*; 0: nowhere."""
    if len(verbs) < 1 or elements[verbs[-1][0]].kind != "R" or verbs[-1][2] != "active":
        return 0
    index, group, _ = verbs[-1]
    if any(e.kind not in _HEARER for e in elements[index + 1 :]) or len(elements) - index > _TAIL:
        return 0
    start = group
    while start and (elements[start - 1].kind in SPEAKER or (elements[start - 1].kind == "V" and "n" in elements[start - 1].forms)):
        start -= 1
    told = any(e.kind in "VRb" for e in elements[:start])
    return start if 0 < start < group and elements[start - 1].kind == "," and told else 0


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
