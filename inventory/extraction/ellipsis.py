"""Counts without their noun: *eight burnt, three abandoned*; *hurt four others*; *for a total of 17*; *the 90 it gave*."""

from __future__ import annotations

from inventory.extraction.sentence import Element, Sentence
from inventory.extraction.state import Item, Mention, Quantity
from inventory.rulebook.kinds import ITEM_KINDS

_RANKS = frozenset({"first", "last", "other", "remaining"})
_OF_THEM = frozenset({"them", "these", "those", "which", "whom"})
_SUBJECTS = frozenset("CGALNUPerhmikvx")
_NOW = frozenset({"now", "today", "currently"})
_GROUPS = frozenset({"group", "lot", "contingent", "detachment", "instalment", "party"})
_PEOPLE_WORDS = frozenset({"others", "more"})


class Elided:
    """What stands for the noun that a count leaves out: the mention it goes back to, and the verb of its own relative clause."""

    __slots__ = ("across", "antecedent", "verb")

    def __init__(self, antecedent: Mention, verb: Element | None = None, across: bool = False) -> None:
        self.antecedent = antecedent
        self.verb = verb
        self.across = across


def restore_nouns(sentence: Sentence, items: list[Item], earlier: list[Item]) -> None:
    """Add an item for each count that goes back to a noun before it; the count's element becomes that item.

    `earlier` are the items of the sentence before, for a count that finds no noun in its own: *Thirty-nine were shot down*.
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
        after = elements[index + 1] if index + 1 < len(elements) else None
        kind = after.kind if after is not None else "."
        word = after.word if after is not None else ""
        before = elements[index - 1].kind if index else ""
        elliptic = (
            (kind in "VZ" and after is not None and set(after.forms) & set("n"))
            or (
                word in _PEOPLE_WORDS
                and not _compared(elements, index + 2)
                and (index + 2 >= len(elements) or elements[index + 2].kind not in ITEM_KINDS + "xACEKQ")
            )
            or (
                kind in "bhm" and (before in ("", ",", "v", "k", "d", ";", ":", "s", "w") or (index and elements[index - 1].word in _RANKS))
            )
            or (kind in "bhmV" and before == "o" and index > 1 and (elements[index - 2].kind == "g" or elements[index - 2].word in _GROUPS))
            or (kind in "v.,;" and before == "V" and _of_which(elements, index))
            or _left_out(elements, index)
            or (kind in "vD" and word in _NOW and (before == "k" or (before == "v" and index > 1 and elements[index - 2].kind == "k")))
            or (kind == "o" and index + 2 < len(elements) and elements[index + 2].word in _OF_THEM)
            or (kind == "p" and before in ("d", "k", "p") and index + 2 < len(elements) and elements[index + 2].kind == "y")
            or (kind == "p" and before in ("k", ",") and index + 2 < len(elements) and elements[index + 2].kind in "LC")
            or (kind == "r" and before == "d")
            or (kind in "D.,p" and index and before in "VRh" and any(hit.start <= mention.start <= hit.end + 1 for hit in increments))
            or any(0 <= mention.start - hit.end <= 2 for hit in total_cues)
            or (any(hit.end == mention.end or hit.start <= mention.start < hit.end for hit in total_cues))
        )
        if not elliptic or (after is not None and after.kind in ITEM_KINDS):
            continue
        held = [item for item in items if item.mention.end <= mention.start and item.absorbed_by is None and item.mention.kind in "EcP"]
        across = not held
        if across:
            held = [item for item in earlier if item.absorbed_by is None and item.mention.kind in "EcP"]
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
            "ellipsis",
            Elided(source.mention, _told_by(elements, index), across),
        )
        item = Item(stand_in, len(items), index)
        item.heads = list(source.heads)
        item.set("count", mention.value, "ellipsis", mention.start, mention.end, "the noun stands before")
        gapped = elements[index - 1].mention if index and elements[index - 1].kind in "CG" else None
        if gapped is not None and gapped.actor is not None:
            item.set("actor", gapped.actor, "ellipsis", gapped.start, gapped.end, "the side before the count")
        elif "actor" in source.bound and not _has_side(elements, index):
            start, end = source.slots.get("actor", (0, 0))
            item.set("actor", source.values["actor"], "ellipsis", start, end, "as for the noun")
        item.actor = source.actor if not _has_side(elements, index) else None
        mention.dropped = "count"
        element.kind = stand_in.kind
        element.mention = stand_in
        items.append(item)
        sentence.shape = sentence.shape[:index] + element.kind + sentence.shape[index + 1 :]


def _compared(elements: list[Element], index: int) -> bool:
    """Whether a figure only says how much more: *five more than in August*."""
    return index < len(elements) and elements[index].word == "than"


def _left_out(elements: list[Element], index: int) -> bool:
    """Whether a count is the whole object of a verb that takes things: *has given three to Ukraine; Spain has three, Greece six*."""
    after = elements[index + 1].kind if index + 1 < len(elements) else "."
    if after not in ".,;piDvk" or index == 0:
        return False
    before = elements[index - 1]
    if before.kind in "CG":  # the verb is that of the side before: *Spain has three, Greece six and Romania one*
        for element in reversed(elements[max(0, index - 9) : index - 1]):
            if element.kind in ".;:":
                return False
            if _stands_for(element):
                return True
        return False
    if before.kind not in "VZ" or before.cue is None or not before.cue.phrase.takes_things:
        return False
    if before.kind == "Z":  # *has shrunk to 1,300*: a phrase that ends in its preposition
        return before.word.endswith(" to")
    subject = elements[index - 2].kind if index > 1 else ""  # an imperative or a label (*Berth 33*) has none; *was given three* is passive
    return subject in _SUBJECTS and subject != "" and not _is_year(elements[index])


def _is_year(element: Element) -> bool:
    """Whether a number looks like a year."""
    value = element.mention.value if element.mention is not None else None
    return isinstance(value, Quantity) and value.low == value.high and 1900 <= (value.low or 0) <= 2100


def _stands_for(element: Element) -> bool:
    return element.mention is not None and isinstance(element.mention.value, Elided)


def _has_side(elements: list[Element], index: int) -> bool:
    """Whether a count without its noun has a side of its own before it in its stretch: *Spain has three*."""
    for element in reversed(elements[:index]):
        if element.kind in ".,;:k" or _stands_for(element):
            return False
        if element.kind in "CGA":
            return True
    return False


def _of_which(elements: list[Element], index: int) -> bool:
    """Whether the count is the object of a clause that begins with *of which*: *of which Poland has received 12*."""
    for position in range(index - 2, max(0, index - 9), -1):
        if elements[position].kind == "w":
            return elements[position - 1].kind == "o"
        if elements[position].kind in ",;:.V":
            return False
    return False


def _told_by(elements: list[Element], index: int) -> Element | None:
    """The verb of the count's own relative clause: *the 90 it delivered*, *of which 12 have been delivered*, *of which it has lost 12*."""
    before = elements[index - 1] if index else None
    after = elements[index + 1] if index + 1 < len(elements) else None
    if before is not None and before.kind == "V" and _of_which(elements, index):
        return before
    if (after is not None and after.kind == "r") or (before is not None and before.kind == "w"):
        return next((element for element in elements[index + 1 : index + 5] if element.kind == "V"), None)
    return None
