"""Counts without their noun: *eight burnt, three abandoned*; *hurt four others*; *for a total of 17*; *the 90 it gave*."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.extraction.bare_counts import ELLIPSIS, Spot, is_bare, stands_for_noun, stands_in_of_which
from inventory.extraction.links import bind_count
from inventory.extraction.sentence import Element, Sentence
from inventory.extraction.state import Item, Mention, Quantity
from inventory.model import STATUS_GROUPS
from inventory.rulebook.kinds import ITEM_KINDS


class Elided:
    """What stands for the noun that a count leaves out: the mention it goes back to, and the verb of its own relative clause."""

    __slots__ = ("across", "antecedent", "verb")

    def __init__(self, antecedent: Mention, verb: Element | None = None, across: bool = False) -> None:
        self.antecedent = antecedent
        self.verb = verb
        self.across = across


# Kinds that show a count to have its noun behind it, and those that may stand between a subject and the verb that numbers it.
_COUNTED = ITEM_KINDS + "xACEKQo"
_BETWEEN = ",(wvhpLCd"


def restore_nouns(sentence: Sentence, items: list[Item], earlier: list[Item], lists: Mapping[str, Any]) -> None:
    """Add an item for each count that goes back to a noun before it; the count's element becomes that item.

    `earlier` are the items of the sentence before, for a count that finds no noun in its own: *Thirty-nine were shot down*. `lists` are
    the word lists of the rules.
    """
    if "Q" not in sentence.shape:
        return
    elements = sentence.elements
    total_cues = [hit for hit in sentence.cues if hit.phrase.cumulative]
    increments = [hit for hit in sentence.cues if hit.phrase.flow]
    for index, element in enumerate(elements):
        mention = element.mention
        if element.kind != "Q" or mention is None or mention.dropped or not isinstance(mention.value, Quantity):
            continue
        if not is_bare(Spot(elements, index, lists, total_cues, increments)):
            continue
        held = [item for item in items if item.mention.end <= mention.start and item.absorbed_by is None and item.mention.kind in "EcP"]
        across = not held
        if across:
            held = [item for item in earlier if item.absorbed_by is None and item.mention.kind in "EcP"]
        if _of_people(elements, index):
            held = [item for item in held if item.mention.kind == "P"]
        if not held:
            continue
        counted = [item for item in held if "count" in item.bound]
        # Across sentences what was counted last, else what the sentence was about; within one the nearest.
        source = held[-1] if held[-1] in counted else counted[-1] if counted else held[0] if across else held[-1]
        stand_in = Mention(
            mention.start,
            mention.end,
            source.mention.kind,
            source.mention.entry,
            source.mention.flags,
            ELLIPSIS,
            Elided(source.mention, _told_by(elements, index), across),
        )
        item = Item(stand_in, len(items), index)
        item.heads = list(source.heads)
        item.set("count", mention.value, ELLIPSIS, mention.start, mention.end, "the noun stands before")
        gapped = elements[index - 1].mention if index and elements[index - 1].kind in "CG" else None
        if gapped is not None and gapped.actor is not None:
            item.set("actor", gapped.actor, ELLIPSIS, gapped.start, gapped.end, "the side before the count")
        elif "actor" in source.bound and not _has_side(elements, index):
            start, end = source.slots.get("actor", (0, 0))
            item.set("actor", source.values["actor"], ELLIPSIS, start, end, "as for the noun")
        item.actor = source.actor if not _has_side(elements, index) else None
        mention.dropped = "count"
        element.kind = stand_in.kind
        element.mention = stand_in
        items.append(item)
        sentence.shape = sentence.shape[:index] + element.kind + sentence.shape[index + 1 :]


def _of_people(elements: list[Element], index: int) -> bool:
    """Whether what follows a count is only told of people: *eleven were hurt*."""
    verb = next((e for e in elements[index + 1 : index + 4] if e.kind in "VZ" and e.cue is not None), None)
    told = verb.cue.phrase.statuses if verb is not None and verb.cue is not None else ()
    return bool(told) and all(cue.value in STATUS_GROUPS["personnel loss"] for cue in told)


def bind_numbering(sentence: Sentence, items: list[Item]) -> None:
    """Bind the count behind a verb that tells the size of its subject: *Kenyan troops, numbering 400, arrived*, *the force numbers 400*."""
    elements = sentence.elements
    for index in range(1, len(elements) - 1):
        element, verb = elements[index], elements[index - 1]
        mention = element.mention
        if element.kind != "Q" or mention is None or mention.dropped or elements[index + 1].kind in _COUNTED:
            continue
        if verb.kind != "V" or verb.cue is None or not any(cue.by_subject for cue, _ in verb.cue.forms):
            continue
        position = index - 2
        while position >= 0 and elements[position].kind in _BETWEEN:
            position -= 1
        item = next((one.top() for one in items if one.position == position), None)
        if item is None or "count" in item.bound or not bind_count(item, mention, verb.cue.forms[0][0].id):
            continue
        if verb.word.endswith("ing"):
            verb.kind = "v"  # the verb of the sentence is still to come
            sentence.shape = sentence.shape[: index - 1] + "v" + sentence.shape[index:]


def _has_side(elements: list[Element], index: int) -> bool:
    """Whether a count without its noun has a side of its own before it in its stretch: *Spain has three*."""
    for element in reversed(elements[:index]):
        if element.kind in ".,;:k" or stands_for_noun(element):
            return False
        if element.kind in "CGA":
            return True
    return False


def _told_by(elements: list[Element], index: int) -> Element | None:
    """The verb of the count's own relative clause: *the 90 it delivered*, *of which 12 have been delivered*, *of which it has lost 12*."""
    before = elements[index - 1] if index else None
    after = elements[index + 1] if index + 1 < len(elements) else None
    if before is not None and before.kind == "V" and stands_in_of_which(elements, index):
        return before
    if (after is not None and after.kind == "r") or (before is not None and before.kind == "w"):
        return next((element for element in elements[index + 1 : index + 5] if element.kind == "V"), None)
    return None
