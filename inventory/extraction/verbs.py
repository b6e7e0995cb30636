"""What a verb tells here: of the statuses that its word can stand for, the one that fits what stands beside it."""

from __future__ import annotations

from inventory.extraction.clauses import Clause, governed
from inventory.extraction.sentence import Element
from inventory.extraction.state import Item, Mention
from inventory.rulebook.book import Cue, Entry, Rulebook
from inventory.rulebook.kinds import ARMED_GROUPS, ITEM_KINDS

# What tells of a fight.
_FOUGHT = frozenset({"captured", "struck", "destroyed", "killed", "used"})
# What tells of a fight.
_FOUGHT = frozenset({"captured", "struck", "destroyed", "killed", "used"})
# Prepositions that end a verb of three words or more (*went down over*): no object stands behind it.
_TO_PLACE = frozenset(
    {"of", "over", "near", "off", "into", "onto", "on", "at", "in", "to", "from", "through", "across", "along", "around", "past"}
)


def cue_in_setting(elements: list[Element], clauses: list[Clause], number: int, cue: Cue, book: Rulebook) -> Cue:
    """The cue that a verb stands for beside what is flown (*flew 300 sorties*) or after a fight (*overran the base, taking nine tanks*)."""
    clause, word = clauses[number], elements[clauses[number].verb].word
    flights = book.values.get("flight_noun", {})
    if cue.value in ("in_transit", "used"):
        flown = next((flights[e.word] for e in elements[clause.verb + 1 : clause.hi] if e.word in flights), None)
        return (book.cue(flown) if flown is not None else None) or cue
    if cue.value == "delivered" and word in book.values.get("taking_verb", ()):
        following = next((e for e in elements[clause.verb + 1 : clause.hi] if e.kind not in "dxv"), None)
        if following is not None and following.kind == "L":
            return book.cue("capture") or cue  # *took Paletwa and with it two howitzers*
        before = [elements[one.verb].cue for one in clauses[:number] if one.verb >= 0]
        fought = any(
            hit is not None and any(c.only is None and _FOUGHT & {c.value, c.agent} for c in hit.phrase.statuses) for hit in before
        )
        return (book.cue("capture") if fought else None) or cue
    return cue


def cue_of(elements: list[Element], near: list[Item], objects: list[Item], subjects: bool, clause: Clause) -> Cue | None:
    """The status cue that a verb stands for here: of those whose frame can hold what is there, the one of highest priority."""
    element = elements[clause.verb]
    cues = [
        cue
        for cue in (element.cue.phrase.statuses if element.cue else ())
        if cue.only is None
        or any(
            category_of(item).startswith(tuple(cue.only.split(" | ")))
            # *rebels hold a town with mortars*: those who hold are not held
            for item in (objects if "item" not in cue.frame.get("subject", ()) and clause.voice in ("active", "infinitive") else near)
        )
    ]
    if not cues:
        return None
    following = next((e for e in elements[clause.verb + 1 : clause.hi] if e.kind not in "dav"), None)
    if len(cues) > 1 and following is not None and following.kind in "LT":
        # *passed the Bosporus with eight trucks*: what takes a place, not what is passed on
        cues = [cue for cue in cues if any(role.startswith("place") for role in cue.frame.get("object", ()))] or cues
    elif len(cues) > 1 and objects and preposition_of(elements, objects[0], clause) == "":
        # *observers watched three tanks*: what takes things, not what takes a place
        cues = [cue for cue in cues if "item" in cue.frame.get("object", ()) or "object" not in cue.frame] or cues
    if len(cues) > 1 and subjects and not objects and clause.voice in ("active", "infinitive", "gerund"):
        # *two boats passed the cape*: not what was passed on.
        cues = [cue for cue in cues if "item" in cue.frame.get("subject", ()) or cue.agent is not None] or cues
        if not has_object(elements, clause):
            cues = [cue for cue in cues if "object" not in cue.frame] or cues  # *12 more will follow*: nothing is followed
    return max(cues, key=lambda c: c.priority)


def has_object(elements: list[Element], clause: Clause) -> bool:
    """Whether something stands right behind the verb as its object."""
    following = elements[clause.verb + 1].kind if clause.verb + 1 < clause.hi else ""
    words = elements[clause.verb].word.split()
    if len(words) > 2 and words[-1] in _TO_PLACE:  # but *took over the sector*
        return False  # *went down over Idlib*: the preposition is in the verb
    if following == "Z":
        noun = elements[clause.verb + 1].word
        return noun.endswith("s") and " " not in noun  # *bombed camps*
    return following != "" and following in "daQxyAXCGLPEcUeMNr"


def preposition_of(elements: list[Element], item: Item, clause: Clause) -> str:
    return governed(elements, item.position, clause.lo)


def category_of(item: Item) -> str:
    entry = item.mention.entry
    return (entry.category or "") if entry is not None else ""


def takes_prisoners(
    elements: list[Element], clause: Clause, actor: Entry | None, subjects: list[Item], objects: list[Item], book: Rulebook
) -> bool:
    """Whether people are held against their will: *FARC rebels are holding 29 officers*, *300 peacekeepers are held by the rebels*."""
    verb = elements[clause.verb]
    if verb.word not in book.values.get("holding_verb", ()):
        return False
    if clause.voice == "passive":
        by = clause.verb + 1 < len(elements) and elements[clause.verb + 1].word == "by"
        return by and any(item.mention.kind == "P" for item in subjects)
    armed = actor is not None and actor.feature in ARMED_GROUPS
    return (armed or (verb.word == "holding" and elements[clause.group].kind == "b")) and any(
        item.mention.kind == "P" and preposition_of(elements, item, clause) == "" for item in objects
    )


def moves_to(elements: list[Element], clause: Clause) -> Mention | None:
    """The number to which a number moved: *fell from 1,100 to 650*, *rose by 120 to 1,630*; none in *fell to six shells*."""
    if clause.voice != "active":
        return None
    found, moved = None, False
    for index in range(clause.verb + 1, min(clause.hi, clause.verb + 6)):
        element = elements[index]
        if element.kind == "Q" and (index + 1 == len(elements) or elements[index + 1].kind not in ITEM_KINDS + "x"):
            found = element.mention
            moved = moved or (found is not None and found.rule == "change")
        elif element.word in ("to", "from", "by"):
            moved = True
        elif element.kind not in "vx":
            break
    return found if moved else None
