"""Sides that the text does not put beside a thing but that follow from what it tells; every row that takes one is flagged."""

from __future__ import annotations

from collections.abc import Container

from inventory.extraction.claims import Claim
from inventory.extraction.clauses import governed
from inventory.extraction.draft import Draft
from inventory.extraction.roles import subject_actor
from inventory.extraction.sentence import Sentence
from inventory.extraction.whereabouts import WHEREABOUTS
from inventory.model import LOSSES, STATUS_GROUPS
from inventory.rulebook.book import Entry

FLAG = "inferred-actor"
_HELD = frozenset(LOSSES) | frozenset(
    status for group in ("presence", "readiness", "employment") for status in STATUS_GROUPS.get(group, ())
)


def infer_side(draft: Draft, claims: list[Claim], target: Entry | None) -> Entry | None:
    """The side of a row that names none: who was given the thing, who uses it, who lost it. The place must be known.

    `target` is the side that the text said is hit.
    """
    told = _of_the_speaker(draft, claims) or _given_to(draft) or _who_bought(draft) or _who_uses(draft, claims)
    told = told or _who_gives(draft, claims) or _whose_troops(draft, claims)
    return told or _who_lost(draft, claims) or _who_is_hit(draft, claims, target)


def _of_the_speaker(draft: Draft, claims: list[Claim]) -> Entry | None:
    """*his country would give six*: whose country, force or government it is that acts, is the speaker's."""
    bid, elements, clauses = draft.bid, draft.sentence.elements, draft.reading.clauses
    if bid is None or "actor" not in bid.cue.frame.get("subject", ()) or not 0 <= bid.clause < len(clauses):
        return None
    clause = clauses[bid.clause]
    if clause.voice in ("passive", "participle") or clause.subject is None:
        return None
    subject = [e for e in elements[slice(*clause.subject)] if e.kind not in "vst"]
    claim = next((c for c in reversed(claims) if c.lo <= draft.item.mention.start < c.hi and c.actor is not None), None)
    if (
        claim is None
        or len(subject) != 2
        or not (
            subject[0].kind == "y" or (subject[0].word == "the" and subject[1].word in draft.assembler.book.values.get("own_country", ()))
        )
        or subject[1].word not in draft.assembler.book.values.get("own_noun", ())
    ):
        return None
    return _note(draft, claim.actor, "whose country the speaker speaks for") if claim.actor is not None else None


def _given_to(draft: Draft) -> Entry | None:
    """Who was given a thing holds it when something befalls it: *four of the CV90s given to Ukraine have been destroyed*."""
    item = draft.item
    if draft.bid is None or draft.bid.value not in _HELD or item.values.get("counterparty_role") != "recipient":
        return None
    holder: Entry = item.values["counterparty"]
    for column in ("counterparty", "counterparty_id", "counterparty_role"):
        draft.row.pop(column, None)
    return _note(draft, holder, "it was given to them")


def _who_bought(draft: Draft) -> Entry | None:
    """Who shows what was bought bought it: *Serbia's president inspected four Mi-35s that were bought from Cyprus*."""
    bid, clauses = draft.bid, draft.reading.clauses
    if bid is None or bid.value not in ("ordered", "delivered") or draft.item.values.get("counterparty_role") != "supplier":
        return None
    if not 0 < bid.clause < len(clauses) or clauses[bid.clause].kind not in ("rel", "part") or clauses[bid.clause].voice == "active":
        return None
    elements = draft.sentence.elements
    at = {i: item for i, e in enumerate(elements) for item in draft.reading.items if e.mention is item.mention}
    side, _, _ = subject_actor(elements, clauses, 0, at, None)
    supplier: Entry = draft.item.values["counterparty"]
    if side is None or side.feature != "state" or side.id == supplier.id:
        return None
    return _note(draft, side, "the side of the sentence's subject")


def _who_gives(draft: Draft, claims: list[Claim]) -> Entry | None:
    """Who tells what a package for another state holds gives it: *the new package for Ukraine contains ten guns, Berlin said*."""
    bid, item = draft.bid, draft.item
    if bid is None or bid.value not in ("pledged", "delivered") or item.values.get("counterparty_role") != "recipient":
        return None
    if bid.element.cue is None or not any(rule.by_subject for rule, _ in bid.element.cue.forms):
        return None
    receiver: Entry = item.values["counterparty"]
    foes = draft.assembler.book.values.get("aid_state", {}).get(receiver.id, "").split()
    giver = _speaking_state(draft, claims)
    if giver is None or giver.id == receiver.id or giver.id in foes:
        return None
    return _note(draft, giver, "who tells of it gives it")


def _whose_troops(draft: Draft, claims: list[Claim]) -> Entry | None:
    """Soldiers of no named side in the country of the state that tells of them are its own: *1,000 more were flown in, Mexico said*."""
    bid, entry, book = draft.bid, draft.item.mention.entry, draft.assembler.book
    side = _speaking_state(draft, claims)
    if bid is not None and bid.value == "mobilised" and side is not None:
        return _note(draft, side, "who calls them up says so")
    if (
        bid is None
        or bid.agent
        or bid.value not in WHEREABOUTS
        or entry is None
        or entry.category not in book.values.get("regular_people", ())
    ):
        return None
    country = draft.row.get("country")
    if side is None:
        voices = set(book.values.get("state_voice", ()))
        heard = next((c for c in reversed(claims) if c.lo <= draft.item.mention.start < c.hi), None)
        side = (
            book.actors.get(country or "")
            if heard is not None and heard.actor is None and set(heard.name.lower().split()) & voices
            else None
        )
    if side is None or side.id != country:
        return None
    return _note(draft, side, "who tells of it is at home there")


def _speaking_state(draft: Draft, claims: list[Claim]) -> Entry | None:
    """The state that says what a row tells, or whose ministry does."""
    claim = next((c for c in reversed(claims) if c.lo <= draft.item.mention.start < c.hi), None)
    side = claim.actor if claim is not None else None
    if side is not None and side.feature == "ministry":
        side = draft.assembler.book.actors.get(side.actor or "")
    return side if side is not None and side.feature == "state" else None


def _who_uses(draft: Draft, claims: list[Claim]) -> Entry | None:
    """Who tells of what a weapon did to another side used it: *Kyiv said that six drones had sunk the Russian corvette*."""
    bid = draft.bid
    claim = next((c for c in reversed(claims) if c.lo <= draft.item.mention.start < c.hi and c.actor is not None), None)
    if bid is None or not bid.agent or bid.value != "used" or claim is None or claim.actor is None:
        return None
    struck = [
        item.values.get("actor") or item.actor
        for item in draft.reading.items
        if any(other.clause == bid.clause and not other.agent for other in draft.reading.bids.get(item.index, ()))
    ]
    sides = {side.id for side in struck if side is not None}
    if not sides or claim.actor.id in sides or claim.actor.feature == "company":
        return None
    return _note(draft, claim.actor, "who tells of it did it to another side")


def _who_lost(draft: Draft, claims: list[Claim]) -> Entry | None:
    """What one side destroyed in the country of another was the other's, where that one takes part in the text."""
    bid = draft.bid
    if bid is None or bid.agent or bid.value not in LOSSES or draft.item.mention.kind not in "EcP":
        return None
    country: str | None = draft.row.get("country")
    host = draft.assembler.book.actors.get(country or "")
    attacker = _attacker(draft, claims)
    if (
        host is None
        or attacker is None
        or attacker.id == host.id
        or host.feature != "state"
        or attacker.feature in ("company", "organisation")
    ):
        return None
    if attacker.feature == "state" and not _takes_part(draft, host.id):
        return None
    return _note(draft, host, f"{attacker.name} did it in the country of the other side")


def named_target(sentence: Sentence, nouns: Container[str]) -> Entry | None:
    """The side whose targets a sentence speaks of: *19 targets of the Islamic State*, *Houthi positions*, *strikes against ISIL*."""
    elements = sentence.elements
    for index, element in enumerate(elements):
        side = element.mention.actor if element.kind in "ACG" and element.mention is not None else None
        if side is None:
            continue
        if index + 1 < len(elements) and elements[index + 1].word in nouns:
            return side
        behind = [e for e in elements[max(0, index - 3) : index] if e.kind != "d"]
        if len(behind) > 1 and behind[-1].kind == "o" and behind[-2].word in nouns:
            return side
        if behind and behind[-1].word == "against" and any(hit.phrase.strikes for hit in sentence.cues):
            return side
    return None


def _who_is_hit(draft: Draft, claims: list[Claim], target: Entry | None) -> Entry | None:
    """What is destroyed in a text about the targets of one side is that side's: *nine strikes destroyed two mortars*."""
    bid = draft.bid
    if (
        target is None
        or target.feature == "state"
        or bid is None
        or bid.agent
        or (bid.value not in LOSSES and bid.value != "struck")
        or draft.item.mention.kind not in "EcP"
    ):
        return None
    attacker = _attacker(draft, claims)
    if attacker is not None and attacker.id == target.id:
        return None
    return _note(draft, target, "the side whose targets the text says are hit")


def _attacker(draft: Draft, claims: list[Claim]) -> Entry | None:
    """The side that did it: the captor, the subject of the clause, who stands behind *by*; *its forces* are the speaker's."""
    captor: Entry | None = draft.item.values.get("counterparty")
    if captor is not None:
        return captor if draft.item.values.get("counterparty_role") == "captor" else None
    bid, elements, clauses = draft.bid, draft.sentence.elements, draft.reading.clauses
    if bid is None or bid.element.start < draft.sentence.start or not 0 <= bid.clause < len(clauses):
        return None
    clause = clauses[bid.clause]
    if clause.voice in ("passive", "participle"):
        for index in range(clause.lo, clause.hi):
            mention = elements[index].mention
            if (
                mention is not None
                and mention.actor is not None
                and elements[index].kind in "CGA"
                and governed(elements, index, clause.lo) == "by"
            ):
                return mention.actor
        return None
    at = {i: item for i, e in enumerate(elements) for item in draft.reading.items if e.mention is item.mention}
    side, _, _ = subject_actor(elements, clauses, bid.clause, at, None)
    if side is None and clause.subject is not None and any(e.kind in "yr" for e in elements[slice(*clause.subject)]):
        claim = next((c for c in reversed(claims) if c.lo <= draft.item.mention.start < c.hi), None)
        side = claim.actor if claim is not None else None
    return side


def _takes_part(draft: Draft, state: str) -> bool:
    """Whether a state is named as a side somewhere in the text, not only as the country where things happen."""
    return any(
        mention.kind in "AGU"
        and mention.dropped != "origin"
        and (mention.actor.id if mention.actor is not None else mention.entry.actor if mention.entry else None) == state
        for sentence in draft.assembler.analysis.sentences
        for mention in sentence.mentions
    )


def _note(draft: Draft, side: Entry, why: str) -> Entry:
    draft.flags.append(FLAG)
    draft.item.steps.append(("actor", "infer-side", 0, 0, why))
    return side
