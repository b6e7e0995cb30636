"""Whose: the actor and the counterparty of a row – bound in the text, given in the gazetteer, or inherited where that is careful."""

from __future__ import annotations

from typing import Any

from inventory.extraction.claims import Claim
from inventory.extraction.draft import Draft
from inventory.extraction.links import is_individual
from inventory.extraction.sentence import Element, Sentence
from inventory.extraction.sides import infer_side
from inventory.model import LOSSES, STATUS_GROUPS
from inventory.rulebook.book import Entry

# How a side is carried on from sentence to sentence, as `explain` says it.
GONE_ON = ("the thing that the sentence before names", "subject of the sentence before")


def set_actor(draft: Draft, claims: list[Claim], carry: Any, heading: Sentence | None) -> None:
    """Fill the actor columns: bound in the text, the gazetteer's, or inherited with a flag."""
    item, row = draft.item, draft.row
    actor: Entry | None = item.values.get("actor")
    if actor is not None and (others := _of_several(draft, actor)):
        actor = None
        item.steps.append(("actor", "several-sides", *others, "joined with another side: a row has one"))
        item.values.pop("actor")
    if actor is None and "actor" not in item.bound:
        actor = _possessive(draft, carry)
    if actor is None and item.actor is not None:
        actor = _gazetteer_side(draft, item.actor)
    if (
        actor is None
        and (draft.bid is None or (draft.bid.value not in LOSSES and draft.bid.value != "struck"))
        and (draft.bid is not None or "count" in item.bound)
    ) or (actor is None and draft.bid is not None and draft.modality_told() == "denied"):
        actor = _inherited(draft, claims, carry)
    if actor is None:
        actor = _fleet_side(draft)
    if (
        actor is None
        and heading is not None
        and (draft.owner(heading) or (draft.listed() and any(e.kind in "VZ" for e in heading.elements)))
    ):
        sides = {m.actor.id: m.actor for m in heading.mentions if m.kind in "CGA" and m.actor is not None}
        if len(sides) == 1:
            actor = next(iter(sides.values()))
            draft.flags.append("inherited-actor")
    if actor is None and draft.bid is not None and draft.bid.value in LOSSES and not (_names_side(draft) or _done_by(draft)):
        actor = draft.assembler.side_above(draft.sentence.block)
        if actor is not None:
            draft.flags.append("inherited-actor")
            item.steps.append(("actor", "inherit", 0, 0, "the side that the part of the text is headed with"))
    if actor is not None:
        _write_actor(draft, actor)
    other: Entry | None = item.values.get("counterparty")
    if actor is not None and actor.feature == "company" and other is None and draft.bid is not None and draft.bid.value == "ordered":
        # The firm of an order supplies; who buys is not said.
        row["counterparty"], row["counterparty_id"], row["counterparty_role"] = actor.name, actor.id, "supplier"
        for column in ("actor", "actor_id", "actor_text"):
            row.pop(column, None)
    if other is not None and (actor is None or other.id != actor.id):
        row["counterparty"], row["counterparty_id"] = other.name, other.actor or other.id
        row["counterparty_role"] = item.values.get("counterparty_role")
    origin: Entry | None = item.values.get("origin")
    if origin is not None:
        draft.attributes["origin"] = origin.id
        if other is None and actor is not None and origin.id != actor.id:
            row["counterparty"], row["counterparty_id"], row["counterparty_role"] = origin.name, origin.id, "supplier"


def _done_by(draft: Draft) -> bool:
    """Whether the sentence says what did it: below *Syria*, *nine strikes destroyed two mortars* are not Syria's."""
    clauses = draft.reading.clauses
    clause = clauses[draft.clause] if 0 <= draft.clause < len(clauses) else None
    return clause is not None and clause.verb >= 0 and clause.voice == "active"


def _names_side(draft: Draft) -> bool:
    """Whether the sentence itself names a side."""
    return any(m.kind in "CGA" and m.actor is not None and m.dropped != "origin" for m in draft.sentence.mentions)


def _write_actor(draft: Draft, actor: Entry) -> None:
    """Write the actor columns."""
    row = draft.row
    row["actor"], row["actor_id"] = actor.name, actor.id if actor.type == "actor" else actor.actor
    if actor.type == "actor" and actor.actor and actor.actor != actor.id:
        row["actor_id"] = actor.actor
        side = draft.assembler.book.actors.get(actor.actor)
        row["actor"] = side.name if side is not None else actor.name
    if "actor" in draft.item.slots:
        row["actor_text"] = draft.text(*draft.item.slots["actor"])


def set_side(draft: Draft, claims: list[Claim], target: Entry | None) -> None:
    """Where no side is named, the one that tells of its own dead (*the Malian army said that eight soldiers were killed*) or follows."""
    if "actor" not in draft.row and (side := _own_dead(draft, claims) or infer_side(draft, claims, target)) is not None:
        _write_actor(draft, side)


def _own_dead(draft: Draft, claims: list[Claim]) -> Entry | None:
    item, bid = draft.item, draft.bid
    entry = item.mention.entry
    if bid is None or bid.agent or bid.value not in STATUS_GROUPS["personnel loss"] or entry is None:
        return None
    if entry.category not in draft.assembler.book.values.get("regular_people", ()):
        return None
    for claim in reversed([c for c in claims if c.lo <= item.mention.start < c.hi]):
        side = claim.actor
        if side is None and set(claim.name.lower().split()) & set(draft.assembler.book.values.get("state_voice", ())):
            side = draft.assembler.book.actors.get(_country_of(draft) or "")  # *the army said*: that of the country where they fell
        if side is not None and side.feature == "state":
            draft.flags.append("inherited-actor")
            item.steps.append(("actor", "inherit", 0, 0, "who speaks tells of its own dead"))
            return side
    return None


def _country_of(draft: Draft) -> str | None:
    country: str | None = draft.row.get("country")
    return country


def set_recipient(draft: Draft) -> None:
    """Aid that comes to a country is for it, where the text names no other receiver."""
    row = draft.row
    if (
        draft.item.mention.kind != "M"
        or "counterparty" in row
        or draft.bid is None
        or draft.bid.value not in ("arrived", "delivered", "pledged", "in_transit")
    ):
        return
    country = row.get("country")
    side = draft.assembler.book.actors.get(country or "")
    if side is None or country == row.get("actor_id") or row.get("place_relation") == "from":
        return
    row["counterparty"], row["counterparty_id"], row["counterparty_role"] = side.name, side.id, "recipient"
    draft.flags.append("inferred-recipient")
    draft.item.steps.append(("counterparty", "recipient", 0, 0, "the country that the aid comes to"))


def _gazetteer_side(draft: Draft, side: Entry) -> Entry:
    """Note that the side of a named ship or unit comes from the gazetteer."""
    draft.flags.append("gazetteer-actor")
    entry = draft.item.mention.entry
    rule = entry.id if entry is not None and not entry.id.startswith("?") else "gazetteer"
    draft.item.steps.append(("actor", rule, draft.item.mention.start, draft.item.mention.end, "side given in the gazetteer"))
    return side


def _possessive(draft: Draft, carry: Any) -> Entry | None:
    """*its*, *their* before the item: the nearest side named before it in the sentence, else the carried one."""
    elements = draft.sentence.elements
    index = max(draft.item.position, 0)
    position = index - 1
    while position >= 0 and elements[position].kind in "xQACKdvEceogZ" and index - position < 7:
        position -= 1
    if position < 0 or elements[position].kind != "y":
        return None
    named = [side for e in elements[:position] if (side := _side_of(draft, e)) is not None]
    sides = [
        i.values.get("actor")
        for i in draft.reading.items
        if i.mention.start < elements[position].start and i.values.get("actor") is not None
    ]
    found: Entry | None = named[0] if named else (sides[0] if sides else carry.actor)
    if found is not None:
        draft.item.steps.append(
            ("actor", "possessive", elements[position].start, elements[position].end, "its/their → nearest side before it")
        )
        draft.item.slots["actor"] = (elements[position].start, elements[position].end)
    return found


def _side_of(draft: Draft, element: Element) -> Entry | None:
    """The side that a word names, or whose force it names: *Uganda's army*."""
    mention = element.mention
    if mention is None or mention.dropped == "origin":
        return None
    if element.kind in "CGAL":
        return mention.actor
    if element.kind == "U" and mention.entry is not None and mention.entry.category == "unit/branch" and mention.entry.actor:
        return draft.assembler.book.actors.get(mention.entry.actor)
    return None


def _fleet_side(draft: Draft) -> Entry | None:
    """The side of the ships named in the same sentence: *the Shandong, accompanied by three destroyers*; only where they are of one."""
    item = draft.item
    category = (item.mention.entry.category or "") if item.mention.entry is not None else ""
    if not category.startswith("ship/") or is_individual(item.mention):
        return None
    sides: dict[str, Entry] = {i.actor.id: i.actor for i in draft.reading.items if is_individual(i.mention) and i.actor is not None}
    named = {m.actor.id for m in draft.sentence.mentions if m.kind in "CGA" and m.actor is not None and m.dropped != "origin"}
    if len(sides) != 1 or named - set(sides):
        return None
    draft.flags.append("inherited-actor")
    item.steps.append(("actor", "inherit", 0, 0, "the side of the ships beside it"))
    return next(iter(sides.values()))


def _named_again(draft: Draft, carry: Any) -> Entry | None:
    """The side of a thing that the sentence before names and this one goes on about: *Eleven of the aircraft crossed*."""
    entry = draft.item.mention.entry
    sides = {}
    for other in carry.items:
        theirs = other.mention.entry
        side = other.values.get("actor") or other.actor
        if side is None or entry is None or theirs is None or theirs.category is None:
            continue
        if theirs.id == entry.id or theirs.category.split("/")[0] == (entry.category or "").split("/")[0]:
            sides[side.id] = side
    return next(iter(sides.values())) if len(sides) == 1 else None


def _of_several(draft: Draft, actor: Entry) -> tuple[int, int] | None:
    """The adjective of another side that is joined to the item's own: *Indian, Chinese and Mongolian contingents*."""
    elements = draft.sentence.elements
    index = next((i for i, e in enumerate(elements) if e.kind == "A" and e.start == draft.item.slots.get("actor", (-1, -1))[0]), 0)
    if index < 2 or elements[index - 1].kind != "k" or elements[index - 2].kind != "A":
        return None
    other = elements[index - 2].mention
    different = other is not None and other.actor is not None and other.actor.id != actor.id and other.dropped != "origin"
    return (elements[index - 2].start, elements[index - 2].end) if different else None


def _of_many_nations(draft: Draft) -> bool:
    """Whether a clause joins adjectives of several sides: *40,000 troops, among them Indian and Chinese contingents*."""
    elements = draft.sentence.elements
    for index, element in enumerate(elements[:-2]):
        joint, other = elements[index + 1], elements[index + 2]
        if element.kind == other.kind == "A" and joint.kind in ",k" and element.mention is not None and other.mention is not None:
            return element.mention.actor is not other.mention.actor
    return False


def _inherited(draft: Draft, claims: list[Claim], carry: Any) -> Entry | None:
    """The side of the list or clause the item stands in, else the previous sentence's subject, when no other is in play."""
    item = draft.item
    acts = {bid.clause for bid in draft.reading.bids.get(item.index, ()) if bid.agent}
    here = {
        i.values["actor"].id: i.values["actor"]
        for i in draft.reading.items
        if i.values.get("actor") is not None
        # *Three Rafales escorted the Russian bombers*: who does it to another is of another side.
        and not any(bid.clause in acts and not bid.agent for bid in draft.reading.bids.get(i.index, ()))
        and (
            i.clause == item.clause
            or (draft.reading.chosen.get(i.index) is not None and draft.reading.chosen[i.index].clause == draft.clause)
        )
    }
    if len(here) == 1 and item.mention.kind in "EcPeM" and not is_individual(item.mention) and not _of_many_nations(draft):
        bid = draft.bid
        if bid is not None and not bid.agent and bid.value not in ("present", "struck", "used", "in_transit", "arrived"):
            draft.flags.append("inherited-actor")
            item.steps.append(("actor", "inherit", 0, 0, "the only side in the clause"))
            only: Entry = next(iter(here.values()))
            return only
    if draft.modality_told() == "denied":
        for claim in reversed([c for c in claims if c.lo <= item.mention.start < c.hi]):
            if claim.actor is not None:
                draft.flags.append("inherited-actor")
                item.steps.append(("actor", "inherit", 0, 0, "who denies speaks for itself"))
                return claim.actor
    spoken = any(
        (m.kind in "CGA" and m.actor is not None and m.dropped != "origin")
        or (m.kind == "U" and m.entry is not None and m.entry.actor and (carry.actor is None or m.entry.actor != carry.actor.id))
        for m in draft.sentence.mentions
    )
    same = _named_again(draft, carry)
    if same is not None and not spoken and not here:
        draft.flags.append("inherited-actor")
        item.steps.append(("actor", "inherit", 0, 0, GONE_ON[0]))
        return same
    if carry.actor is not None and not spoken and not here:
        draft.flags.append("inherited-actor")
        item.steps.append(("actor", "inherit", 0, 0, GONE_ON[1]))
        found: Entry = carry.actor
        return found
    return None
