"""Where a count stands without its noun: each way of leaving it out is a test of its own; one that holds is enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from inventory.extraction.sentence import Element
from inventory.extraction.state import CueHit, Quantity
from inventory.rulebook.kinds import ITEM_KINDS

# What can stand before a verb whose object is a bare count; an imperative or a label (*Berth 33*) has nothing before it.
_SUBJECTS = frozenset("CGALNUPecErhmikvxb")
_NOUN_REACH = 4  # elements from a count back to the *number* or *figure* that it is
_REACH = 9  # elements back to what a count goes on from


class Spot:
    """A count in its sentence: the elements beside it, and the word lists of the rules (`bare_count_…` in rules/words.yaml)."""

    __slots__ = ("after", "before", "elements", "flows", "index", "lists", "totals", "word")

    def __init__(self, elements: list[Element], index: int, lists: Mapping[str, Any], totals: list[CueHit], flows: list[CueHit]) -> None:
        self.elements = elements
        self.index = index
        self.lists = lists
        self.totals = totals
        self.flows = flows
        self.before = self.kind_at(-1)
        self.after = self.kind_at(1) or "."
        if self.after in "VZ" and self.word_at(1).split(" ", 1)[0] in lists.get("be_or_have", ()):
            self.after = "b"  # a phrase that begins with its helper verb: *three are still missing*
        self.word = self.word_at(1)

    def kind_at(self, step: int) -> str:
        """The kind of the element so many steps away; empty where there is none."""
        index = self.index + step
        return self.elements[index].kind if 0 <= index < len(self.elements) else ""

    def word_at(self, step: int) -> str:
        """The word so many steps away; empty where there is none."""
        index = self.index + step
        return self.elements[index].word if 0 <= index < len(self.elements) else ""

    def listed(self, name: str, word: str) -> bool:
        """Whether a word stands in a list of the rules."""
        return word in self.lists.get(name, ())

    @property
    def start(self) -> int:
        """Where the count begins."""
        return self.elements[self.index].start

    @property
    def end(self) -> int:
        """Where the count ends."""
        return self.elements[self.index].end


def is_bare(spot: Spot) -> bool:
    """Whether the count of a spot has left its noun out."""
    return spot.after not in ITEM_KINDS and any(test(spot) for test in WAYS)


def _participle(spot: Spot) -> bool:
    """*eight burnt, three abandoned*."""
    following = spot.elements[spot.index + 1] if spot.kind_at(1) else None
    return following is not None and spot.after in "VZ" and "n" in following.forms


def _others(spot: Spot) -> bool:
    """*hurt four others*; not *five more than in August*, nor *12 more tanks*."""
    return spot.listed("bare_count_more", spot.word) and spot.word_at(2) != "than" and spot.kind_at(2) not in ITEM_KINDS + "xACEKQ"


def _subject(spot: Spot) -> bool:
    """*Thirty-nine were shot down*, *the last two are at Gao*, *of which 12 have been delivered*."""
    opens = spot.before in ("", ",", "v", "k", "d", ";", ":", "s", "w")
    ranked = spot.listed("bare_count_rank", spot.word_at(-1))
    of_others = spot.after == "o" and spot.kind_at(2) in ("d", "y") and spot.kind_at(3) == "Q"  # *the remaining two of the five it ordered*
    return (spot.after in "bhm" and (opens or ranked)) or (ranked and (spot.after == "V" or of_others))


def _of_all(spot: Spot) -> bool:
    """*Of the 24 jets, 18 fly from Coningsby*."""
    return (
        spot.elements[0].kind == "o" and spot.before == "," and spot.after == "V" and spot.kind_at(-2) != "" and spot.kind_at(-2) in "EcPUe"
    )


def _lot(spot: Spot) -> bool:
    """*a first lot of 37 has reached the country*."""
    measured = spot.kind_at(-2) in ("g", "X") or spot.listed("bare_count_lot", spot.word_at(-2))
    return spot.after in "bhmV" and spot.before == "o" and measured


def _of_which_object(spot: Spot) -> bool:
    """*of which Poland has received 12 so far*."""
    return spot.after in "v.,;" and spot.before == "V" and stands_in_of_which(spot.elements, spot.index)


def _of_them(spot: Spot) -> bool:
    """*eight of them*."""
    return spot.after == "o" and spot.listed("bare_count_them", spot.word_at(2))


def _at_their(spot: Spot) -> bool:
    """*the 90 in their depots*."""
    return spot.after == "p" and spot.before in ("d", "k", "p") and spot.kind_at(2) == "y"


def _elsewhere(spot: Spot) -> bool:
    """*900 troops in Syria and 2,500 in Iraq*."""
    mention = spot.elements[spot.index].mention
    part = mention is None or not spot.listed("bare_count_all", mention.rule)  # *two launchers, both near Tokmak* are the same two
    rest = spot.listed("bare_count_rank", spot.word_at(-1))  # *the remaining eight at Henderson*
    return part and spot.after == "p" and (spot.before in ("k", ",") or rest) and spot.kind_at(2) in ("L", "C")


def _now(spot: Spot) -> bool:
    """*19,000 soldiers before the war and only 4,000 now*."""
    joined = spot.before == "k" or (spot.before == "v" and spot.kind_at(-2) == "k")
    return spot.after in "vD" and joined and spot.listed("bare_count_now", spot.word)


def _relative(spot: Spot) -> bool:
    """*the 90 it gave*."""
    return spot.after == "r" and spot.before == "d"


def _increment(spot: Spot) -> bool:
    """*sent another 12 in May*."""
    begun = any(hit.start <= spot.start <= hit.end + 1 for hit in spot.flows)
    return spot.after in "D.,p" and spot.before in ("V", "R", "h") and begun


def _total(spot: Spot) -> bool:
    """*for a total of 17*."""
    return any(0 <= spot.start - hit.end <= 2 or hit.end == spot.end or hit.start <= spot.start < hit.end for hit in spot.totals)


def _object(spot: Spot) -> bool:
    """*has given three to Ukraine; Spain has three*, *has shrunk to 1,300*."""
    if spot.after not in ".,;piDvk" or spot.before not in ("V", "Z"):
        return False
    verb = spot.elements[spot.index - 1]
    if verb.cue is None or not verb.cue.phrase.takes_things:
        return False
    if verb.kind == "Z":  # a phrase that ends in its preposition
        return verb.word.endswith(" to")
    return spot.kind_at(-2) in _SUBJECTS and spot.kind_at(-2) != "" and not _is_year(spot.elements[spot.index])


def _gapped(spot: Spot) -> bool:
    """*Spain has three, Greece six and Romania one*: the verb is that of the side before."""
    if spot.after not in ".,;piDvk" or spot.before not in ("C", "G"):
        return False
    for element in reversed(spot.elements[max(0, spot.index - _REACH) : spot.index - 1]):
        if element.kind in ".;:":
            return False
        if stands_for_noun(element):
            return True
    return False


def _figure(spot: Spot) -> bool:
    """*put their number at 3,000*, *the figure was 18*."""
    reach = [spot.word_at(step) for step in range(-_NOUN_REACH, -1)]
    tells = spot.word_at(-1) == "at" or (spot.before == "b" and spot.listed("bare_count_figure", spot.word_at(-2)))
    return tells and spot.after in ".,;okD" and any(spot.listed("bare_count_figure", word) for word in reach)


WAYS: tuple[Callable[[Spot], bool], ...] = (
    _participle, _others, _subject, _of_all, _lot, _of_which_object, _object, _gapped, _now, _of_them, _at_their, _elsewhere, _relative,
    _increment, _total, _figure,
)  # fmt: skip


def stands_in_of_which(elements: list[Element], index: int) -> bool:
    """Whether the count is the object of a clause that begins with *of which*: *of which Poland has received 12*."""
    for position in range(index - 2, max(0, index - _REACH), -1):
        if elements[position].kind == "w":
            return elements[position - 1].kind == "o"
        if elements[position].kind in ",;:.V":
            return False
    return False


def stands_for_noun(element: Element) -> bool:
    """Whether an element is a count that was found to have left its noun out."""
    return element.mention is not None and element.mention.rule == ELLIPSIS


ELLIPSIS = "ellipsis"  # the rule of a mention that stands for the noun which its count left out


def _is_year(element: Element) -> bool:
    value = element.mention.value if element.mention is not None else None
    return isinstance(value, Quantity) and value.low == value.high and 1900 <= (value.low or 0) <= 2100
