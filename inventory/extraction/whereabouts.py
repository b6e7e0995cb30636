"""The place columns of a row: the item's own place, its heading's, or where the text last was."""

from __future__ import annotations

from typing import Any

from inventory.extraction.clauses import Clause, clause_at, read_clauses
from inventory.extraction.draft import Draft
from inventory.extraction.sentence import Element, Sentence
from inventory.extraction.state import Item, Mention
from inventory.extraction.where import Place, beside_of, find_places, place_for
from inventory.model import LOSSES, STATUS_GROUPS
from inventory.places.resolve import precision
from inventory.rulebook.book import Entry
from inventory.rulebook.kinds import ITEM_KINDS

# What is so where a thing is.
WHEREABOUTS = frozenset(
    status for group in ("presence", "movement", "readiness") for status in STATUS_GROUPS[group] if status != "in_service"
)


def says_there(elements: list[Element], clauses: list[Clause], clause: int) -> bool:
    """Whether a clause says *there* of a place named before: *it had kept a hundred men there*."""
    if not clauses or clause < 0 or clause >= len(clauses):
        return False
    own = elements[clauses[clause].lo : clauses[clause].hi]
    found = [n for n, e in enumerate(own) if e.word == "there"]
    if not found:
        return False
    return any(n and own[n - 1].kind != "b" for n in found) and not any(own[n + 1].kind == "b" for n in found if n + 1 < len(own))


def _named_before(item: Item, elements: list[Element]) -> Place | None:
    """The place that *there* goes back to in its own sentence."""
    for index in range(len(elements) - 1, -1, -1):
        element = elements[index]
        if element.mention is not None and element.kind in "LCT" and element.end <= item.mention.start:
            return Place(index, element.mention, "there", "in", -1)
    return None


# Clauses that go on with what the one before tells.
_LEANS = frozenset({"inf", "chain", "part", "ger", "coord", "resume", "rel", "comma", "semi"})
# What joins a clause that tells of the same event: *were wounded when a drone hit their barracks at …*.
_SAME_EVENT = ("when", "after")


def choose_place(
    item: Item, index: int, clause: int, places: list[Place], elements: list[Element], clauses: list[Clause], lost: bool = False
) -> Place | None:
    """The place of an item: of its status's clause, its own, the clause it completes, then a fronted or completing one.

    `lost`: the item is told to be lost; losses on both sides of a semicolon are of one event.
    """
    taken = item.slots.get("counterparty")
    if taken is not None:
        # Who gives or gets the thing is a side; *from Italy* is then no place.
        places = [p for p in places if p.mention.start != taken[0] or p.relation != "from"]
    places = [p for p in places if p.clause == clause or not _tells_origin(elements, clauses, p.clause)]
    if says_there(elements, clauses, item.clause) and not any(p.clause == item.clause for p in places):
        return _named_before(item, elements)
    places = _of_its_share(places, item.clause, clauses)
    if not places:
        return None
    related: list[int] = []
    if item.clause != clause:
        related.append(item.clause)
    walk = clause
    while clauses and walk > 0 and (clauses[walk].kind in _LEANS or (clauses[walk].kind == "sub" and clauses[walk].voice == "gerund")):
        subject = clauses[walk].subject
        if clauses[walk].kind == "semi" and subject is not None and subject[0] >= clauses[walk].lo and not lost:
            break  # a subject of its own begins another story
        walk -= 1
        related.append(walk)
    if clauses and clauses[clause].kind == "part" and clause + 1 < len(clauses) and clauses[clause + 1].kind == "resume":
        related.append(clause + 1)  # *two bombers, escorted by four jets, flew along the coast of Alaska*
    ahead = clause + 1
    while clauses and ahead < len(clauses) and clauses[ahead].kind in ("inf", "chain", "ger", "part", "coord", "sub"):
        subject = clauses[ahead].subject
        other = subject is not None and subject[0] >= clauses[ahead].lo and not _pronoun(elements, subject)
        if clauses[ahead].kind == "sub" and other and elements[clauses[ahead].lo].word not in _SAME_EVENT:
            break
        if (
            clauses[ahead].kind == "coord"
            and subject is not None
            and other
            and any(elements[i].kind in ITEM_KINDS for i in range(*subject))
        ):
            # *four soldiers died, and two were flown to Niamey*: where others went is not where it was
            places = [
                place for place in places if place.clause != ahead or place.relation != "to"
            ]  # *while 36 are based at …*: a subject of its own is somewhere else
        related.append(ahead)
        ahead += 1
    behind = index + 1
    while behind < len(elements) and elements[behind].kind in ITEM_KINDS:
        behind += 1
    told_of = clause_at(clauses, behind) if behind < len(elements) else 0
    gerund = bool(clauses) and clauses[told_of].voice == "gerund"
    if clauses and (clauses[told_of].kind in ("rel", "ger") or gerund) and clauses[told_of].lo == behind:
        related.insert(0, told_of)  # *towed away tanks that were left outside Izium*, *shadowed bombers nearing Shetland*
    if clauses and clauses[0].verb < 0:
        related.append(0)
    return place_for(index, clause, places, elements, clauses, related)


def _of_its_share(places: list[Place], clause: int, clauses: list[Clause]) -> list[Place]:
    """The places without those of another part: *3,000 troops abroad, a quarter of them in Lebanon*; a part's own go before all."""
    shares = {number for number, one in enumerate(clauses) if one.kind == "share"}
    if not shares:
        return places
    own = [place for place in places if place.clause == clause]
    return own if clause in shares and own else [place for place in places if place.clause not in shares]


def _tells_origin(elements: list[Element], clauses: list[Clause], number: int) -> bool:
    """Whether a clause only says where the thing was made: *corvettes built in South Korea*."""
    if not 0 <= number < len(clauses) or clauses[number].kind not in ("part", "rel", "inf") or clauses[number].verb < 0:
        return False
    cue = elements[clauses[number].verb].cue
    return cue is not None and any(status.value == "produced" for status in cue.phrase.statuses)


def _pronoun(elements: list[Element], span: tuple[int, int]) -> bool:
    """Whether a subject only goes back to one before: *when they took the barracks at …*."""
    words = [e for e in elements[span[0] : span[1]] if e.kind not in "sv"]
    return len(words) == 1 and words[0].kind == "r"


def set_place(draft: Draft, place: Place | None, elements: list[Element], carry: Any, heading: Sentence | None) -> None:
    """Fill the place columns; inherits from the sentence before or the heading, flagged."""
    row, item = draft.row, draft.item
    beside: list[Mention] = []
    mention: Mention | None = None
    if place is not None:
        mention, beside = place.mention, beside_of(elements, place.index)
        row["place_relation"] = place.relation
    elif (
        heading is not None
        and not draft.owner(heading)
        and any(m.kind in "LC" for m in heading.mentions)
        and not _tells_items(heading)
        and not draft.listed()
        and draft.reading.row is None
    ):
        mention = next(m for m in heading.mentions if m.kind in "LC")
        row["place_relation"] = "in"
        draft.flags.append("inherited-place")
    elif heading is not None and draft.listed() and (held := _list_place(draft, heading)) is not None:
        mention, beside = held.mention, beside_of(heading.elements, held.index)
        row["place_relation"] = held.relation
        draft.flags.append("inherited-place")
    elif (dated := draft.assembler.dateline()) is not None and _says_here(draft):
        mention = dated
        row["place_relation"] = "in"
        draft.flags.append("inherited-place")
    elif carry.place is not None and (
        (carry.place_block == draft.sentence.block and continues(draft)) or _stays(draft, carry) or _of_event(draft, carry)
    ):
        held, beside = carry.place
        mention = held.mention
        row["place_relation"] = held.relation
        draft.flags.append("inherited-place")
    if mention is None:
        return
    if "inherited-place" not in draft.flags:
        draft.mark("place", mention)
    if place is not None and heading is not None:
        beside = [*beside, *(m for m in heading.mentions if m.kind in "LC")]
    rule = "inherit" if "inherited-place" in draft.flags else "place-near"
    item.steps.append(("place", rule, mention.start, mention.end, ""))
    _write_place(draft, mention, beside)


def _says_here(draft: Draft) -> bool:
    """Whether a sentence speaks of where its text is dated from: *here*, *through town*."""
    listed = draft.assembler.book.values.get("dateline_word", {})
    return any(element.word in listed for element in draft.sentence.elements)


def _list_place(draft: Draft, heading: Sentence) -> Place | None:
    """Where the line above a list says that its things are: *Taking part at Gando from Monday:*; not where they are sent."""
    places = find_places(heading.elements, read_clauses(heading), set(), draft.assembler.book.values)
    here = [place for place in places if place.relation in ("in", "at", "near", "off", "over", "along")]
    return here[0] if len(here) == 1 else None


def _write_place(draft: Draft, mention: Mention, beside: list[Mention]) -> None:
    """Write the place columns from a mention."""
    row = draft.row
    row["place_text"] = draft.text(mention.start, mention.end)
    if mention.kind == "T":
        row["place"] = row["place_text"]
        row["lat"], row["lon"] = mention.value
        row["geo_precision"] = "exact"
        row["country"] = None
        return
    if mention.rule == "the-country":
        side = _the_country(draft, mention)
        if side is None:
            for key in ("place_text", "place_relation"):
                row.pop(key, None)
            return
        row["place"], row["place_id"], row["country"] = side.name, side.id, side.id
        row["lat"], row["lon"], row["geo_precision"] = side.lat, side.lon, "country"
        return
    entry, ambiguous = draft.assembler.resolve(mention, beside)
    if ambiguous:
        draft.flags.append("ambiguous-place")
    if entry is None:
        row["place"] = row["place_text"]
        return
    row["place"] = entry.name
    if entry.id.startswith("?"):
        draft.flags.append("unresolved-place")
        row["place"] = row["place_text"]
        countries = {m.actor.id for m in beside if m.kind == "C" and m.actor is not None}
        row["country"] = entry.country or (countries.pop() if len(countries) == 1 else None)
        if entry.lat is not None:
            row["admin"], row["lat"], row["lon"], row["geo_precision"] = entry.admin, entry.lat, entry.lon, precision(entry)
        return
    row["place_id"] = entry.id
    row["admin"] = entry.admin
    row["country"] = entry.country or (entry.id if entry.type == "actor" else None)
    row["lat"], row["lon"] = entry.lat, entry.lon
    row["geo_precision"] = precision(entry)
    if entry.controller:
        draft.attributes["controller"] = entry.controller


def _the_country(draft: Draft, mention: Mention) -> Entry | None:
    """*the country*, *the country's borders*: the last state named before it that is not the actor."""
    sentences = [s for s in draft.assembler.analysis.sentences if s.start <= draft.sentence.start][-6:]
    for sentence in reversed(sentences):
        for other in reversed(sentence.mentions):
            if other.start >= mention.start or other.dropped == "origin":
                continue
            if other.kind == "C" and other.actor is not None and other.actor.id != draft.row.get("actor_id"):
                return other.actor
            if other.kind == "L" and other.rule != "the-country" and sentence.block < draft.sentence.block:
                place, _ = draft.assembler.resolve(other, [])
                side = draft.assembler.book.actors.get((place.country or "") if place is not None else "")
                if side is not None and side.id != draft.row.get("actor_id"):
                    return side
    return None


def _stays(draft: Draft, carry: Any) -> bool:
    """Whether a sentence without a place of its own tells of what is where the text last was."""
    if any(e.kind in "LT" for e in draft.sentence.elements) or carry.place_block != draft.sentence.block:
        return says_there(draft.sentence.elements, draft.reading.clauses, draft.item.clause)
    return (
        draft.bid is not None
        and draft.bid.value in WHEREABOUTS
        and draft.bid.value not in ("mobilised", "on_alert")
        and draft.modality_told() in (None, "asserted")
    )


def _of_event(draft: Draft, carry: Any) -> bool:
    """Whether a sentence tells of the losses of the event before it: *The base at Ansongo was attacked. Two soldiers were killed.*"""
    if not carry.event or carry.place_block != draft.sentence.block or any(e.kind in "LCT" for e in draft.sentence.elements):
        return False
    return draft.bid is not None and (draft.bid.value in LOSSES or draft.bid.value in STATUS_GROUPS["personnel loss"])


def continues(draft: Draft) -> bool:
    """Whether the sentence goes on about what stands before: a definite or pronoun subject."""
    text = draft.folded.text[draft.sentence.start : draft.sentence.end]
    opening = draft.assembler.book.values.get("definite_opening", {})
    if draft.reading.clauses and draft.reading.clauses[0].kind == "start":
        words = text[:14].split(" ", 2)
        return len(words) > 1 and (words[0] in opening or " ".join(words[:2]) in opening)
    return False


def _tells_items(heading: Sentence) -> bool:
    """Whether a heading is a sentence that tells something else (it holds items of its own)."""
    return any(m.kind in ITEM_KINDS for m in heading.mentions)
