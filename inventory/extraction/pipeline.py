"""Documents + Rulebook → Mentions → Facts: pure functions, no I/O, no clock, no globals."""

from __future__ import annotations

import datetime as dt

from inventory.extraction.analyse import Analysis, analyse, heading_of, title_of
from inventory.extraction.assemble import Assembler, plain_id, plain_words
from inventory.extraction.bids import value_for
from inventory.extraction.bridges import bridge_phrases
from inventory.extraction.claims import Claim, find_claims, find_speaker
from inventory.extraction.clauses import Clause, read_clauses
from inventory.extraction.dateline import find_published
from inventory.extraction.ellipsis import Elided, bind_numbering, restore_nouns
from inventory.extraction.exercises import extend_periods, name_exercises, thin_exercises
from inventory.extraction.frames import Bid, bind_clauses, choose, subject_actor
from inventory.extraction.links import is_individual, link_items, make_items
from inventory.extraction.passage import Carry, Listed, Reading
from inventory.extraction.roles import standing
from inventory.extraction.sentence import Sentence
from inventory.extraction.sides import named_target
from inventory.extraction.state import Item
from inventory.extraction.tables import Row, fill_row, find_rows
from inventory.extraction.titles import HANDED, LABEL, list_place
from inventory.extraction.where import beside_of, find_places
from inventory.extraction.who import GONE_ON
from inventory.model import Document, Fact
from inventory.rulebook.book import Cue, Entry, Rulebook
from inventory.text.fold import Folded, fold

# Elements of a sentence by which the next may be understood: names of sides and places, pronouns, verbs of saying.
_NAMING = frozenset("ACGLTRr")


def read_document(document: Document, book: Rulebook, *, everywhere: bool = False, explain: bool = False) -> tuple[Analysis, list[Reading]]:
    """Read a document sentence by sentence; `everywhere` is the reference path without gates."""
    folded = fold(document.text)
    analysis = analyse(folded, book, document.published or find_published(folded, book), everywhere=everywhere)
    readings = [Reading(sentence) for sentence in analysis.sentences]
    if not readings:
        return analysis, readings
    assembler = Assembler(document, book, analysis)
    rows = find_rows(folded, document.text, analysis.blocks, book)
    carry = Carry()
    for reading in readings:
        reading.items = make_items(reading.sentence)
        link_items(reading.sentence, reading.items, folded, book, reading.tries if explain else None, everywhere=everywhere)
    for reading in readings:
        sentence = reading.sentence
        heading = heading_of(analysis, sentence) if sentence.hot else None
        row = rows.get(sentence.block)
        if row is not None and sentence.hot:
            heading = title_of(analysis, row.header)
        read_one(reading, assembler, carry, heading, explain, row, everywhere=everywhere)
    name_exercises(readings, folded)
    return analysis, readings


def read_one(
    reading: Reading,
    assembler: Assembler,
    carry: Carry,
    heading: Sentence | None,
    explain: bool,
    row: Row | None = None,
    *,
    everywhere: bool = False,
) -> None:
    """Read one sentence whose items are linked: clauses, frames, claims, then its facts."""
    sentence = reading.sentence
    analysis, book = assembler.analysis, assembler.book
    folded = analysis.folded
    if carry.block >= 0 and sentence.block - carry.block > 1:
        carry.actor = carry.place = None
        carry.items = []
        carry.date = None
    items = reading.items
    if row is not None:
        reading.row = row
        fill_row(row, sentence, items, heading, folded, book)
    bridge_phrases(sentence, book)
    bind_numbering(sentence, items)
    restore_nouns(sentence, items, carry.items, book.values)
    if not (items or heading is not None or explain or everywhere) and hands_on_nothing(sentence):
        carry.pass_over(sentence)
        carry.actor = None
        return
    for item in items:
        _own_side(item, assembler)
    for item in items:
        _part_of_force(item, sentence, items)
        if item.absorbed_by is not None and item.group >= 0 and item.top().group < 0:
            item.top().group = item.group
    clauses = reading.clauses = read_clauses(sentence)
    claims = find_claims(sentence, clauses, folded, assembler.document.text, book.values)
    reading.claims = _known_speakers([_with_side(claim, sentence, folded, book) for claim in claims], carry)
    if not reading.claims:
        quoted = folded.text[sentence.start] == '"'
        if quoted and carry.claim is not None and sentence.block == carry.block:
            # *"…," the marshal said. "Two did cross."*: who spoke goes on.
            reading.claims = [carry.claim._replace(lo=sentence.start, hi=sentence.end, clause=-1)]
        carry.claim = find_speaker(sentence, clauses, folded, assembler.document.text) or carry.claim
    if items or heading is not None:
        reading.bids = bind_clauses(sentence, clauses, items, carry.actor, book)
        share_lists(items, reading.bids)
        tell_elided(items, reading.bids)
        reading.tells = row is None and tells(sentence, clauses)
        if not reading.tells and heading is not None:
            if row is None and (listed := _read_list(heading, assembler, carry, everywhere)) is not None:
                take_from_list(reading, listed)
            hand_down(heading, items, reading.bids, book.noun_cues())
        for item in items:
            reading.chosen[item.index] = choose(reading.bids.get(item.index, []))
        if sentence.hot and items:
            reading.facts = thin_exercises(assembler.facts(reading, carry, heading))
            extend_periods(reading, assembler)
    hand_on(reading, carry, book)


def hands_on_nothing(sentence: Sentence) -> bool:
    """Whether a sentence without items names and says nothing that the next could take from it: no side, place, pronoun or speaker."""
    return _NAMING.isdisjoint(sentence.shape) and not any(hit.phrase.according for hit in sentence.cues)


def _with_side(claim: Claim, sentence: Sentence, folded: Folded, book: Rulebook) -> Claim:
    """A claim with the side of the service that speaks: *the Burundian army said*."""
    if claim.actor is not None or "U" not in sentence.kinds:
        return claim
    for mention in sentence.mentions:
        side = mention.entry.actor if mention.kind == "U" and mention.entry is not None else None
        if side and claim.start <= folded.span(mention.start, mention.end)[0] < claim.end:
            return claim._replace(actor=book.actors.get(side))
    return claim


def _known_speakers(claims: list[Claim], carry: Carry) -> list[Claim]:
    """Speakers that are only a pronoun (*He added that …*) are who spoke last; without one they say nothing."""
    known: list[Claim] = []
    for claim in claims:
        if not claim.name:
            before = known[-1] if known else carry.claim
            if before is None:
                continue
            claim = claim._replace(name=before.name, actor=before.actor)
        known.append(claim)
    if known:
        carry.claim = known[-1]
    return known


def _own_side(item: Item, assembler: Assembler) -> None:
    """The side that the gazetteer gives a named ship or unit, unless the text names one.

    A number is no proof (there is a 12th brigade in many armies): it needs its state named in the document.
    """
    if "actor" in item.bound:
        side, entry = item.values["actor"], item.mention.entry
        foreign = side.feature == "state" and entry is not None and entry.type == "unit" and entry.actor not in (None, side.id)
        if foreign and assembler.numbered(item.mention):
            assembler.unname(item)  # *Poland's 12th Mechanised Brigade*: the gazetteer's is another army's
        return
    unit = item.values.get("unit")
    for mention in (unit, item.mention):
        entry = mention.entry if mention is not None else None
        if mention is None or entry is None or entry.actor is None or not (entry.type == "unit" or is_individual(mention)):
            continue
        if entry.type == "unit" and not entry.id.startswith("?") and assembler.numbered(mention) and entry.actor not in assembler.context():
            if mention is item.mention:
                assembler.unname(item)
            continue
        item.actor = assembler.book.actors.get(entry.actor)
        return


def _part_of_force(item: Item, sentence: Sentence, items: list[Item]) -> None:
    """A unit that is part of a force is on its side: *the Polish Army's 12th Brigade*, *the 12th Brigade of the Polish Army*."""
    position = item.position
    if item.mention.kind not in "Ue" or "actor" in item.bound or item.actor is not None or position < 0:
        return
    places = [position - 1]
    elements = sentence.elements
    if position + 2 < len(elements) and elements[position + 1].kind == "o":
        places.append(position + 2 + (elements[position + 2].kind == "d"))
    whole = next((one for one in items if one.position in places and one.mention.kind == "U"), None)
    if whole is not None:
        item.actor = whole.values.get("actor") or whole.actor


def tells(sentence: Sentence, clauses: list[Clause]) -> bool:
    """Whether a sentence has a clause of its own, so that it is no mere line of a list (*4 T-72B3: destroyed*)."""
    elements = sentence.elements
    if any(e.kind in "bhm" for e in elements):
        return True
    for clause in clauses:
        if clause.verb >= 0 and clause.voice in ("active", "passive", "infinitive") and clause.kind not in ("colon", "dash"):
            after = elements[clause.verb + 1].kind if clause.verb + 1 < len(elements) else ""
            if after not in ("", ",", ":", ";", ")", "(", "."):
                return True
    return False


def _read_list(heading: Sentence, assembler: Assembler, carry: Carry, everywhere: bool) -> Listed | None:
    """The line above a list, read as if the list's line followed its colon; `None` for a heading of another kind."""
    folded, book = assembler.analysis.folded, assembler.book
    if not folded.text.endswith(":", heading.start, heading.end) or heading.end >= len(folded.text):
        return None
    if heading.start not in carry.listed:
        whole = (s for s in assembler.analysis.sentences if s.start == heading.start and s.end == heading.end)
        sentence, item = list_place(next(whole, heading))
        items = [item, *(one for one in make_items(sentence) if one.mention is not item.mention)]
        for index, one in enumerate(items):
            one.index = index
        link_items(sentence, items, folded, book, None, everywhere=everywhere)
        clauses = read_clauses(sentence)
        bids = bind_clauses(sentence, clauses, items, carry.actor, book)
        claims = find_claims(sentence, clauses, folded, assembler.document.text, book.values)
        carry.listed[heading.start] = Listed(item, choose(bids[item.index]), [c for c in claims if c.name and c.hi >= heading.end])
    return carry.listed[heading.start]


def take_from_list(reading: Reading, listed: Listed) -> None:
    """Give the things of a list's line what the line above tells of them: status, sides, who says so."""
    bid = listed.bid
    for item in reading.items:
        if bid is not None and not reading.bids.get(item.index):
            reading.bids[item.index] = [Bid(5, bid.cue, value_for(bid.cue, item), bid.element, 0, False)]
        if item.absorbed_by is not None or item.actor is not None:
            continue
        if "actor" in listed.item.bound and "counterparty" not in item.bound and any(step[:2] == ("actor", LABEL) for step in item.steps):
            _turn_label(item, bid)
        for slots in HANDED:
            if slots[0] in item.bound:
                continue
            for slot in slots:
                if slot in listed.item.bound:
                    start, end = listed.item.slots.get(slot, (0, 0))
                    item.set(slot, listed.item.values[slot], "list-heading", start, end, "told in the line above the list")
    if not reading.claims:
        reading.claims = [c._replace(lo=reading.sentence.start, hi=reading.sentence.end, clause=-1) for c in listed.claims]


def _turn_label(item: Item, bid: Bid | None) -> None:
    """Where the line above the list names who gives, the side before a line's colon gets: *US deliveries: / Poland: 28 M1A1*."""
    roles = {role for names in bid.cue.frame.values() for role in names} if bid is not None else set()
    if "counterparty.recipient" not in roles:
        return
    start, end = item.slots.pop("actor")
    item.bound.discard("actor")
    item.steps = [step for step in item.steps if step[:2] != ("actor", LABEL)]
    item.set("counterparty", item.values.pop("actor"), LABEL, start, end, "the side before the colon")
    item.set("counterparty_role", "recipient", LABEL, 0, 0)


def hand_down(heading: Sentence, items: list[Item], bids: dict[int, list[Bid]], nouns: dict[str, Cue]) -> None:
    """The lines of a list are told of by the line above it: *Finland will donate:*, *Delivered since December:*."""
    for element in heading.elements:
        if element.kind not in "VZ" or element.cue is None:
            continue
        cues = element.cue.phrase.statuses
        if cues:
            cue = max(cues, key=lambda c: c.priority)
            if any(c.by_subject for c in cues):
                cue = next((nouns[e.word] for e in heading.elements if e.word in nouns and e.start < element.start), cue)
            for item in items:
                if not bids.get(item.index):
                    bids[item.index] = [Bid(5, cue, cue.value, element, 0, False)]
            return


def tell_elided(items: list[Item], bids: dict[int, list[Bid]]) -> None:
    """A count without its noun is told of by its own relative clause, else as the noun is."""
    for item in items:
        elided = item.mention.value
        if not isinstance(elided, Elided):
            continue
        if elided.verb is not None and elided.verb.cue is not None:
            cues = elided.verb.cue.phrase.statuses
            if cues:
                cue = max(cues, key=lambda c: c.priority)
                bids[item.index] = [Bid(100, cue, cue.value, elided.verb, item.clause, False)]
                continue
        if not bids.get(item.index):
            source = next((other for other in items if other.mention is elided.antecedent), None)
            if source is not None:
                bids[item.index] = list(bids.get(source.index, []))


def share_lists(items: list[Item], bids: dict[int, list[Bid]]) -> None:
    """Members of a list share actor, status and origin; parts share with their total, and it with them."""
    for item in items:
        total = item.subset_of
        if total is not None:
            if not bids.get(item.index) and bids.get(total.index):
                bids[item.index] = list(bids[total.index])
            elif bids.get(item.index) and not bids.get(total.index):
                bids[total.index] = list(bids[item.index])
            if total.actor is not None and "actor" not in total.bound and "actor" not in item.bound and item.actor is None:
                item.actor = total.actor
            if "actor" in total.bound and "actor" not in item.bound and item.actor is None:
                start, end = total.slots.get("actor", (0, 0))
                item.set("actor", total.values["actor"], "including", start, end, "shared with the total")
    groups: dict[int, list[Item]] = {}
    for item in items:
        if item.group >= 0 and item.absorbed_by is None:
            groups.setdefault(item.group, []).append(item)
    for members in groups.values():
        actors = [m for m in members if "actor" in m.bound]
        if actors:
            first = actors[0]
            for member in members:
                # The adjective before a list serves the members behind it, not those before it.
                if "actor" not in member.bound and member.index > first.index and member.actor is None:
                    start, end = first.slots.get("actor", (0, 0))
                    member.set("actor", first.values["actor"], "list", start, end, "shared over the list")
        side = next((m.actor for m in members if m.actor is not None and not is_individual(m.mention) and m.mention.kind != "U"), None)
        if side is not None and not actors:
            for member in members:
                if member.actor is None and member.mention.kind in "EcP" and not is_individual(member.mention):
                    member.actor = side
        status = next((bids[m.index] for m in members if bids.get(m.index)), None)
        if status:
            for member in members:
                if not bids.get(member.index):
                    bids[member.index] = list(status)


def hand_on(reading: Reading, carry: Carry, book: Rulebook) -> None:
    """Keep the subject's side for the next sentence of the block."""
    sentence = reading.sentence
    carry.pass_over(sentence)
    carry.items = [item for item in reading.items if item.absorbed_by is None] or carry.items
    elements = sentence.elements
    at = standing(reading.items)
    speaking = {claim.clause for claim in reading.claims}
    found: Entry | None = None
    for number, clause in enumerate(reading.clauses):
        if number in speaking or clause.verb < 0 or clause.kind in ("rel", "part"):
            continue
        actor, _, _ = subject_actor(elements, reading.clauses, number, at, carry.actor)
        if actor is not None:
            found = actor
            break
    if found is None and elements and not reading.facts:
        # *Denmark is stepping up its support.*: the side that opens a sentence is what it speaks of.
        first = next((e for e in elements[:3] if e.kind not in 'dv"'), elements[0])
        if first.kind in "CGL" and first.mention is not None:
            found = first.mention.actor
    if found is None and not any(c.verb >= 0 for c in reading.clauses):
        named = [e.mention.actor for e in elements if e.kind in "CG" and e.mention is not None]
        found = named[0] if len(named) == 1 else None
    if found is None:
        told = {fact.actor_id for _, fact in reading.facts if fact.actor_id}
        if len(told) == 1:
            found = next((item.values.get("actor") or item.actor for item, fact in reading.facts if fact.actor_id), None)
    carry.actor = found
    for item, fact in reading.facts:
        if fact.actor_id and item.actor is None and "actor" not in item.bound and any(step[4] in GONE_ON for step in item.steps):
            item.actor = book.actors.get(fact.actor_id)  # whose it turned out to be, for the next sentence to go on about
    carry.target = named_target(sentence, book.values.get("target_noun", ())) or carry.target
    if not reading.facts and elements:
        places = [p for p in find_places(elements, reading.clauses, speaking, book.values) if p.relation not in ("from", "via")]
        if len(places) == 1:
            carry.place = (places[0], beside_of(elements, places[0].index))
            carry.place_block = sentence.block
            carry.event = True


def extract_document(document: Document, book: Rulebook, *, everywhere: bool = False) -> list[Fact]:
    """All facts of one document, in the order of the text."""
    _, readings = read_document(document, book, everywhere=everywhere)
    facts = [fact for reading in readings for _, fact in reading.facts]
    facts.sort(key=lambda fact: (fact.start, fact.end))
    return number_facts(facts)


def number_facts(facts: list[Fact]) -> list[Fact]:
    """Give each fact its id; equals are told apart by their ordinal."""
    seen: dict[tuple[str, str, str, str], int] = {}
    result = []
    evidence = plain = ""
    for fact in facts:
        source = fact.fact_id
        if fact.evidence != evidence:
            evidence = fact.evidence
            plain = plain_words(evidence)
        key = (source, evidence, fact.kind, fact.item_id)
        ordinal = seen.get(key, 0)
        seen[key] = ordinal + 1
        result.append(Fact._make((plain_id(source, plain, fact.kind, fact.item_id, ordinal), *fact[1:])))
    return result


def anchor_date(document: Document) -> dt.date | None:
    """The date that relative dates count from."""
    return document.published
