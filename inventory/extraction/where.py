"""Where and when: bind the place and the date that belong to an item."""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Mapping

from inventory.extraction.clauses import Clause, clause_at, governed
from inventory.extraction.ellipsis import Elided
from inventory.extraction.sentence import Element
from inventory.extraction.state import Item, Mention
from inventory.model import STATUS_GROUPS
from inventory.rulebook.kinds import ITEM_KINDS

# Tables and lists of rules/words.yaml by name.
Tables = Mapping[str, Mapping[str, str]]
_NONE: Mapping[str, str] = {}
_PLACE_KINDS = "LCT"
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)$")
_GOING = frozenset(STATUS_GROUPS["movement"])
# What leads to a clause about something earlier, later or besides.
_OTHER_TIMES = frozenset({"since", "before", "until", "till", "because", "although", "though", "whereas", "unless", "if"})
# Clause number of a place that heads the whole sentence.
EVERYWHERE = -1


class Place:
    """A place mention in a sentence with the preposition that governs it."""

    __slots__ = ("clause", "index", "mention", "preposition", "relation")

    def __init__(self, index: int, mention: Mention, preposition: str, relation: str | None, clause: int) -> None:
        self.index = index
        self.mention = mention
        self.preposition = preposition
        self.relation = relation
        self.clause = clause


def _describes(elements: list[Element], index: int) -> bool:
    """Whether a nominal only says whose or which the thing behind it is: *Australia's last Hornets were withdrawn*."""
    for element in elements[index + 1 : index + 6]:
        if element.kind in ITEM_KINDS:
            return True
        if element.kind not in "xAQKvZ":
            return False
    return False


def find_places(elements: list[Element], clauses: list[Clause], skip_clauses: set[int], tables: Tables) -> list[Place]:
    """The places of a sentence at which something can be: under a locative preposition, or the object of a verb of going."""
    places: list[Place] = []
    relations = tables.get("place_relation", _NONE)
    for index, element in enumerate(elements):
        if element.mention is None:
            continue
        area = 0
        if element.kind in "ACL":
            area = _area_noun(elements, index, tables.get("area_noun", _NONE))
        if element.kind not in _PLACE_KINDS and not (area and element.mention.actor is not None and element.mention.dropped != "origin"):
            continue
        first = index == 0 or (index == 1 and elements[0].kind == "-")
        if first and element.kind != "C" and len(elements) > index + 3 and elements[index + 1].kind == ":":
            places.append(Place(index, element.mention, "heading", "at", EVERYWHERE))  # *Tartus: three landing ships …*
            continue
        number = clause_at(clauses, index)
        if number in skip_clauses and not _told_there(elements, clauses[number], index):
            continue
        previous = places[-1] if places else None
        if previous is not None and _nested(elements, previous.index, index):
            continue
        preposition = governed(elements, index, clauses[number].lo if clauses else 0)
        clause = clauses[number] if clauses else None
        relation = relations.get(preposition) if preposition else None
        if preposition == "of" and _is_outward(elements, index):
            # *pulled out of Kherson*, but *are policing the skies out of Siauliai*
            relation = relations.get("from" if clause is not None and _goes(elements, clause) else "at")
        elif preposition == "of" and element.kind != "T":
            relation = _direction(elements, index, tables)
        if preposition == "to" and index > 1 and elements[index - 2].word in tables.get("visit_noun", _NONE):
            relation = None  # *during his visit to Washington*
        if preposition == "with" and index > 1 and elements[index - 2].word in tables.get("border_noun", _NONE):
            preposition = governed(elements, index - 2, clauses[number].lo if clauses else 0)
            relation = relations.get(preposition)  # *near the border with Chad*
        if not area and index + 1 < len(elements) and elements[index + 1].start - element.end >= 3 and element.kind != "T":
            relation = None  # *in Tito's day*, *in Russia's west*: a possessor is no place (the gap is its 's)
        if (
            not area
            and element.kind == "C"
            and preposition
            and (index + 1 < len(elements) and elements[index + 1].kind in ITEM_KINDS + "A")
        ):
            relation = None  # *in US trucks*: the side, not the place
        if (
            not preposition
            and index
            and elements[index - 1].kind == "Z"
            and (ended := relations.get(elements[index - 1].word.rpartition(" ")[2]))
        ):
            relation, preposition = ended, elements[index - 1].word.rpartition(" ")[2]  # *alongside at Pearl Harbor*: the phrase took it
        if not preposition and clause is not None and clause.verb >= 0 and index > clause.verb:
            particle = elements[clause.verb].word.rpartition(" ")[2]
            if particle != elements[clause.verb].word and _first_object(elements, clause, index) and relations.get(particle):
                relation, preposition = relations.get(particle), particle  # *moved into Belarus*: the verb took the preposition
            cue = elements[clause.verb].cue
            if (
                cue is not None
                and not (area and _named_behind(elements, area))
                and any(any(r.startswith("place") for r in c.frame.get("object", ())) for c, _ in cue.forms)
                and _first_object(elements, clause, index)
            ):
                relation = "to" if any(c.value in ("arrived", "in_transit") for c, _ in cue.forms) else "in"
                preposition = "object"
                if any(c.value == "withdrawn" for c, _ in cue.forms):
                    relation = "from"
        if not preposition and clause is not None and clause.voice == "passive" and index < clause.verb and not _describes(elements, index):
            cue = elements[clause.verb].cue
            if cue is not None and any(any(r.startswith("place") for r in c.frame.get("object", ())) for c, _ in cue.forms):
                relation, preposition = "at", "object"  # *the crossing is guarded by a battalion*
        if relation is not None and _is_usual(elements, index, tables.get("usual_word", _NONE)):
            continue  # *the four jets, normally at Kecskemét, reached Šiauliai*
        if relation is None:
            host = next((n for n, c in enumerate(clauses) if _hosts(elements, c, index)), -1)
            if host >= 0:
                # *Keflavík housed six jets*
                relation, preposition, number = ("in" if element.kind == "C" else "at"), "subject", host
        if element.kind == "L" and preposition in ("on", "with") and index + 1 < len(elements) and elements[index + 1].kind in "cEP":
            relation = None  # *on Toyota pick-ups*: a make named like a town
        if element.kind == "C" and index + 1 < len(elements) and _ORDINAL.match(elements[index + 1].word):
            relation = None  # *to the US 6th and 5th Fleet areas*
        if element.kind == "T":
            relation = relation or "at"
        if relation is None:
            continue
        mention = element.mention
        if element.kind == "A":
            mention = Mention(mention.start, elements[area].end, "C", mention.actor)
            mention.actor = element.mention.actor
        places.append(Place(index, mention, preposition, relation, number))
    for number, clause in enumerate(clauses):
        if number and _tells_of_place(elements, clause) and not any(place.clause == number for place in places):
            # *to Sabina Shoal, where two tugs are anchored*: the clause is about the place before it.
            before = [i for i in range(max(0, clause.lo - 2), clause.lo) if elements[i].kind in "LC"]
            named = elements[before[-1]].mention if before else None
            if named is not None:
                places.append(Place(before[-1], named, "where", "in", number))
    return places


def _hosts(elements: list[Element], clause: Clause, index: int) -> bool:
    """Whether a place is the subject of a verb whose subject is where things are: *Keflavík housed six jets*."""
    if clause.verb < 0 or clause.voice not in ("active", "infinitive") or clause.subject is None:
        return False
    cue = elements[clause.verb].cue
    if cue is None or not any(any(role.startswith("place") for role in rule.frame.get("subject", ())) for rule, _ in cue.forms):
        return False
    lo, hi = clause.subject
    return lo <= index < hi and not governed(elements, index, lo)


def _area_noun(elements: list[Element], index: int, nouns: Mapping[str, str]) -> int:
    """The element of the noun for a stretch of land, sea or air that a name right before it owns (*Polish airspace*), or 0."""
    possessor = elements[index].kind == "A" or (index + 1 < len(elements) and elements[index + 1].start - elements[index].end >= 3)
    if not possessor:
        return 0
    for position in range(index + 1, min(index + 6, len(elements))):
        element = elements[position]
        if element.kind not in "xZk,Kc":
            return 0
        if element.word in nouns or (element.word.endswith("s") and element.word[:-1] in nouns):
            return position
    return 0


def _direction(elements: list[Element], index: int, tables: Tables) -> str | None:
    """*north of Marib* and *outskirts of Kyiv* are near; *the city of Kyiv* is in."""
    position = index - 1
    while position >= 0 and elements[position].kind in "dao":
        position -= 1
    if position < 0:
        return None
    word = elements[position].word
    if word.rstrip("s") in tables.get("beside_of", _NONE):
        return "near"
    if word in tables.get("inside_of", _NONE):
        outer = governed(elements, position, 0)
        return tables.get("place_relation", _NONE).get(outer) or "in"
    return None


def _named_behind(elements: list[Element], index: int) -> bool:
    """Whether a name says where the stretch of land at `index` is: *the Libyan airfield at Ouadi Doum*."""
    return index + 2 < len(elements) and elements[index + 1].kind == "p" and elements[index + 2].kind in "LCT"


def _is_usual(elements: list[Element], index: int, words: Mapping[str, str]) -> bool:
    """Whether a place is where something usually is: *normally at Kecskemét*."""
    position = index - 1
    while position > 0 and elements[position].kind in "dapi":
        position -= 1
    return position >= 0 and elements[position].word in words


def _told_there(elements: list[Element], clause: Clause, index: int) -> bool:
    """Whether a place stands behind the object of a verb of saying: *reported the loss of four launchers near Kramatorsk*."""
    return clause.verb >= 0 and any(element.kind in ITEM_KINDS for element in elements[clause.verb + 1 : index])


def _goes(elements: list[Element], clause: Clause) -> bool:
    """Whether the verb of a clause tells of going or being taken somewhere."""
    cue = elements[clause.verb].cue if clause.verb >= 0 else None
    return cue is not None and any(status.value in _GOING for status in cue.phrase.statuses)


def _is_outward(elements: list[Element], index: int) -> bool:
    """Whether the *of* before a place belongs to *out of*."""
    joint = next((i for i in range(index - 1, 0, -1) if elements[i].word == "of"), 0)
    return joint > 0 and elements[joint - 1].word.rpartition(" ")[2] == "out"


def _first_object(elements: list[Element], clause: Clause, index: int) -> bool:
    return all(e.kind in "daxyAQv" for e in elements[clause.verb + 1 : index])


def _nested(elements: list[Element], first: int, second: int) -> bool:
    """Whether the second place only says where the first is: *Sevastopol, Crimea*; *Dukhan in Qatar*."""
    between = elements[first + 1 : second]
    kinds = "".join(e.kind for e in between)
    if kinds in (",", "", "(", ",d"):
        return True
    return (
        kinds in ("p", "pd", ",pd", "pxd", "px", "pdx")
        and between[-1 if kinds[0] == "p" else 1].kind in "pdx"
        and any(e.word in ("in", "of") for e in between)
        and not any(e.word in ("to", "from", "near") for e in between)
    )


# Kinds of clause that only complete another: an origin in them is the other's too (*withdrew, pulling back from Kherson*).
_COMPLETES = frozenset({"inf", "ger", "part", "chain", "start"})


def place_for(
    item_index: int, clause: int, places: list[Place], elements: list[Element], clauses: list[Clause], related: list[int]
) -> Place | None:
    """The place of the item at element `item_index`: the first behind it in its clause, else the nearest before it.

    An origin (*from*) counts only where nothing else does. `related` are further clauses whose places may serve.
    """
    for scope in (clause, *related):
        own = [p for p in places if p.clause == scope]
        if not own:
            continue
        after = [p for p in own if p.index > item_index]
        good = [p for p in after if p.relation not in ("from", "via")]
        if good:
            return good[0]
        before = [p for p in own if p.index < item_index and p.relation not in ("from", "via")]
        if before:
            near = [p for p in before if p.preposition == "object"] or before
            return near[-1]
        if scope == clause or clauses[scope].kind in _COMPLETES:
            heading = next((p for p in places if p.clause == EVERYWHERE), None)  # *Kidal: two BRDM-2s came up from Gao*
            return heading or (after[0] if after else own[-1])
    return next((p for p in places if p.clause == EVERYWHERE), None)


def beside_of(elements: list[Element], index: int) -> list[Mention]:
    """The places named right behind a place, which say where it is."""
    found: list[Mention] = []
    position = index + 1
    while position < len(elements) and len(found) < 3:
        mention = elements[position].mention
        if mention is not None and elements[position].kind in "LC" and _nested(elements, index, position):
            found.append(mention)
            index = position
        elif elements[position].kind not in ",pdx(":
            break
        position += 1
    return found


def statement_date(elements: list[Element], clauses: list[Clause], skip_clauses: set[int]) -> Mention | None:
    """The date of the statement itself, where the sentence dates nothing else."""
    dates = [(i, e.mention) for i, e in enumerate(elements) if e.kind == "D" and e.mention is not None]
    if len(dates) != 1:
        return None
    index, mention = dates[0]
    number = clause_at(clauses, index)
    return mention if number in skip_clauses else None


def _of_comparison(elements: list[Element], index: int, ranks: Container[str]) -> bool:
    """Whether a date belongs to what a figure or rank is held against: *down from 2,000 last year*, *the first since 1945*."""
    if index < 3:
        return False
    if any(element.word == "than" for element in elements[index - 2 : index]):
        return True
    if elements[index - 1].kind == "Q" and elements[index - 2].kind in "pi":
        return elements[index - 3].word in ("down", "up", "compared", "against")
    for element in reversed(elements[max(0, index - 8) : index]):
        if element.kind in "VR,;:k" or (element.mention is not None and element.kind == "D"):
            return False
        if element.word in ranks:
            return any(e.kind in "b," for e in elements[max(0, index - 12) : index])
    return False


def _looks_ahead(elements: list[Element], clauses: list[Clause], number: int) -> bool:
    """Whether a clause tells what is to come: *will begin training*, *expected to be in service*, *deliveries to begin*."""
    clause = clauses[number]
    if clause.kind == "ger" and number and _looks_ahead(elements, clauses, number - 1):
        return True
    words = elements[clause.lo : clause.hi]
    return clause.kind == "inf" or any(
        one.kind == "m" or (one.kind == "i" and two.kind in "bhV") or one.voice == "infinitive" for one, two in itertools.pairwise(words)
    )


def _of_another(elements: list[Element], clauses: list[Clause], number: int, ahead: bool) -> bool:
    """Whether a later clause dates its own event alone.

    One behind a semicolon, one that looks ahead where the status does not, or one that describes a thing (*12 jets it ordered in May*).
    """
    clause = clauses[number]
    apart = clause.kind == "semi" and any(e.kind in "VZ" for e in elements[clause.lo : clause.hi])
    if clause.kind == "coord" and clause.verb >= 0 and clause.subject is not None and clause.subject[0] >= clause.lo:
        apart = not any(e.kind == "r" for e in elements[slice(*clause.subject)])  # *will get 44, and its old ones will be sold by 2035*
    who = clause.lo - (clause.lo > 0 and elements[clause.lo - 1].kind == "r")
    describes = clause.kind == "chain" and who > 0 and elements[who].kind == "r" and elements[who - 1].kind in ITEM_KINDS
    return apart or describes or (not ahead and _looks_ahead(elements, clauses, number))


def _of_another_time(elements: list[Element], clause: Clause) -> bool:
    """Whether a clause tells of another time than the one it hangs on: *… since it sold its last tanks in 2011*."""
    return clause.kind == "sub" and clause.verb >= 0 and elements[clause.lo].word in _OTHER_TIMES


def _tells_of_place(elements: list[Element], clause: Clause) -> bool:
    """Whether a clause only tells of the place before it: *…, where two tugs have been anchored since April*."""
    return clause.kind == "sub" and elements[clause.lo].word == "where"


def date_for(
    item: Item, clause: int, elements: list[Element], clauses: list[Clause], skip_clauses: set[int], verb_clause: int,
    ranks: Container[str] = (),
) -> Mention | None:  # fmt: skip
    """The date of an item: in the clause of its status, in its own clause, fronted, else anywhere in the sentence but in attributions."""
    dates = [
        (i, e.mention) for i, e in enumerate(elements) if e.kind == "D" and e.mention is not None and not _of_comparison(elements, i, ranks)
    ]
    if not dates:
        return None
    number_of = {i: clause_at(clauses, i) for i, _ in dates}
    for scope in (verb_clause, clause):
        own = [(i, m) for i, m in dates if number_of[i] == scope]
        if own:
            verb = clauses[scope].verb if clauses else -1
            after = [pair for pair in own if pair[0] > verb]
            return (after or own)[0][1]
    if isinstance(item.mention.value, Elided) and clauses and clauses[verb_clause].kind == "rel":
        return None  # *will supply 500 by December, of which 100 have been shipped*: the part has a day of its own or none
    ahead = bool(clauses) and _looks_ahead(elements, clauses, verb_clause)
    rest = [
        (i, m)
        for i, m in dates
        if number_of[i] not in skip_clauses
        and clauses[number_of[i]].kind not in ("rel", "part")
        and not _tells_of_place(elements, clauses[number_of[i]])
        and (number_of[i] <= verb_clause or not _of_another_time(elements, clauses[number_of[i]]))
        and (number_of[i] <= verb_clause or not _of_another(elements, clauses, number_of[i], ahead))
    ]
    if len(rest) == 1 or (rest and rest[0][0] < 2):
        return rest[0][1]
    if len(dates) == 1 and clauses[number_of[dates[0][0]]].kind == "part" and number_of[dates[0][0]] + 1 == verb_clause:
        return dates[0][1]  # *Images taken on 11 January show 14 fighters*
    return None
