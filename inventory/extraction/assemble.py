"""Items with what was bound to them → rows. Here slots are resolved, inherited where that is careful, and scored."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from inventory.extraction.analyse import Analysis
from inventory.extraction.claims import Claim
from inventory.extraction.colour import find_measure, find_modality
from inventory.extraction.dates import Period, resolve_date
from inventory.extraction.ellipsis import Elided
from inventory.extraction.frames import Bid
from inventory.extraction.links import is_individual
from inventory.extraction.sentence import Sentence
from inventory.extraction.state import Item, Mention, Quantity
from inventory.extraction.where import Place, beside_of, date_for, find_places, place_for, statement_date
from inventory.model import LOSSES, STATUS_GROUPS, Document, Fact
from inventory.places.context import Locator, containers
from inventory.places.resolve import Resolved, precision, resolve_place
from inventory.rulebook.book import Entry, Rulebook
from inventory.rulebook.kinds import ITEM_KINDS

_KINDS = {"E": "equipment", "c": "equipment", "P": "personnel", "U": "unit", "e": "unit", "M": "materiel"}
_WHEREABOUTS = frozenset(
    status for group in ("presence", "movement", "readiness") for status in STATUS_GROUPS[group] if status != "in_service"
)
_FUTURE = frozenset({"planned", "predicted", "conditional", "possible", "requested"})
_SPACE = re.compile(r"\s+")
# Institutions act far more often than they are counted: *the army said*.
_INSTITUTIONS = frozenset(
    {
        "army-unit",
        "navy-unit",
        "air-force-unit",
        "forces-people",
        "militia",
        "police",
        "unit-any",
        "fleet-unit",
        "force-unit",
        "corps-unit",
        "weapon",
        "personnel",
        "men",
        "crew",
        "casualty",
        "commander",
    }
)
_DEFINITE = re.compile(r"(?:^|[^\w])(?:the|these|those|both|its|their|they|it)\s", re.I)
# Factors of `confidence`; documented in docs/facts.md.
SCORES = {
    "weak": 0.85,
    "generic": 0.95,
    "unknown-designator": 0.6,
    "inherited-actor": 0.8,
    "inherited-place": 0.75,
    "ambiguous-place": 0.8,
    "no-status": 0.8,
    "unresolved-place": 0.9,
}


def fact_id(source: str, evidence: str, kind: str, item: str, ordinal: int) -> str:
    """`F` and 13 base32 characters of a hash over what identifies the statement, never over its position in the file."""
    plain = " ".join(re.findall(r"\w+", evidence.lower()))
    digest = hashlib.sha256("\x1f".join((source, plain, kind, item, str(ordinal))).encode("utf-8", "surrogatepass")).digest()
    return "F" + base64.b32encode(digest[:9]).decode("ascii").rstrip("=")[:13]


class Assembler:
    """Makes the facts of one document."""

    def __init__(self, document: Document, book: Rulebook, analysis: Analysis) -> None:
        self.document = document
        self.book = book
        self.analysis = analysis
        self.source_key = document.source_key or document.url or document.doc_id
        self.text_sha256 = hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
        self.country_weights: dict[str, float] | None = None
        self.located: Locator | None = None

    # ---------------------------------------------------------------- places
    def context(self) -> dict[str, float]:
        """How much of the document's unambiguous places and sides each country makes up (0–1)."""
        if self.country_weights is None:
            counts: dict[str, float] = {}
            sentences = [*self.analysis.sentences, *self.analysis.headings.values()]
            for sentence in sentences:
                for mention in sentence.mentions:
                    if mention.kind in "CA" and mention.actor is not None and len(mention.actor.id) == 3:
                        counts[mention.actor.id] = counts.get(mention.actor.id, 0.0) + 1.0
                    elif mention.kind == "L":
                        countries = {e.country for e in mention.entries if e.country}
                        if len(countries) == 1:
                            country = countries.pop()
                            counts[country] = counts.get(country, 0.0) + 1.5
            total = sum(counts.values()) or 1.0
            self.country_weights = {country: count / total for country, count in counts.items()}
        return self.country_weights

    def numbered(self, mention: Mention) -> bool:
        """Whether a unit is printed with its number, not by a name of its own."""
        return self.analysis.folded.text[mention.start : mention.start + 1].isdigit()

    def unname(self, item: Item) -> None:
        """Take a numbered unit as printed: the gazetteer's namesake belongs to an army that the text does not name."""
        mention = item.mention
        start, end = self.analysis.folded.span(mention.start, mention.end)
        text = self.document.text[start:end]
        if mention.entry is not None:
            mention.entry = mention.entry._replace(id="?" + text.casefold(), name=text, actor=None, attributes=())

    def locator(self) -> Locator:
        """What the document's names tell about its places; read when first needed."""
        if self.located is None:
            self.located = Locator([*self.analysis.sentences, *self.analysis.headings.values()], self.analysis.folded.cased)
        return self.located

    def resolve(self, mention: Mention, beside: list[Mention]) -> tuple[Entry | None, bool]:
        """The gazetteer entry of a place mention; `beside`: places that say where it is, besides what the text shows."""
        if mention.kind == "C" and len(mention.entries) < 2:
            return mention.actor, False
        if len(mention.entries) < 2 and mention.rule != "named-area":
            return next((e for e in mention.entries if e.type in ("place", "actor")), None), False
        locator = self.locator()
        hints = locator.hints.get(mention.start)
        if beside and mention.kind == "L" and (hints is None or not hints.point()):
            countries, admins = containers(beside)
            resolved: Resolved = resolve_place(
                mention.entries, beside=countries, admins=admins, kind=hints.kind if hints else "", context=locator.surroundings
            )
        else:
            resolved = locator.resolve(mention)
        return resolved.entry, resolved.ambiguous

    # ---------------------------------------------------------------- facts
    def facts(self, reading: Any, carry: Any, heading: Sentence | None) -> list[tuple[Item, Fact]]:
        """The facts of a sentence; `carry` hands on from the one before and takes what the next may need."""
        sentence: Sentence = reading.sentence
        elements, clauses = sentence.elements, reading.clauses
        claims: list[Claim] = reading.claims
        speaking = {claim.clause for claim in claims if claim.clause >= 0}
        places = find_places(elements, clauses, speaking)
        index_of = {e.mention.start: i for i, e in enumerate(elements) if e.mention is not None}
        result: list[tuple[Item, Fact]] = []
        last_place: Any = None
        live = [item for item in reading.items if item.absorbed_by is None]
        for item in live:
            bid: Bid | None = reading.chosen.get(item.index)
            if not self.worth(item, bid, live):
                continue
            if "count" not in item.bound and any(
                isinstance(other.mention.value, Elided) and other.mention.value.antecedent is item.mention for other in live
            ):
                continue  # *Leopard 2A6: 3 destroyed, 2 damaged*: the parts tell all that is told
            span = self.analysis.folded.span(item.mention.start, item.mention.end)
            if ("count" not in item.bound or item.values.get("article")) and any(c_is_item(claim, *span) for claim in claims):
                item.refuse("it stands in the words that name who says so")
                continue
            clause = bid.clause if bid is not None else item.clause
            place = self.choose_place(item, index_of.get(item.mention.start, 0), clause, places, elements, clauses)
            draft = _Draft(self, reading, item, bid, clause)
            draft.actor(claims, carry, heading)
            draft.place(place, elements, carry, heading)
            if place is not None:
                last_place = (place, self.sentence_beside(elements, place))
            draft.recipient()
            draft.colours(heading)
            fact = draft.fact(claims)
            if fact is not None:
                result.append((item, fact))
        carry.place = last_place or (carry.place if not places else None)
        if last_place is not None:
            carry.place_block = sentence.block
        return result

    @staticmethod
    def sentence_beside(elements: Any, place: Place) -> list[Mention]:
        """The places named right behind a place."""
        return beside_of(elements, place.index)

    @staticmethod
    def choose_place(item: Item, index: int, clause: int, places: list[Place], elements: Any, clauses: Any) -> Place | None:
        """The place of an item: of its status's clause, its own, the clause it completes, then a fronted or completing one."""
        taken = item.slots.get("counterparty")
        if taken is not None:
            # Who gives or gets the thing is a side; *from Italy* is then no place.
            places = [p for p in places if p.mention.start != taken[0] or p.relation != "from"]
        if not places:
            return None
        related: list[int] = []
        if item.clause != clause:
            related.append(item.clause)
        walk = clause
        while clauses and walk > 0 and clauses[walk].kind in ("inf", "chain", "part", "ger", "coord", "resume", "rel", "comma"):
            walk -= 1
            related.append(walk)
        ahead = clause + 1
        while clauses and ahead < len(clauses) and clauses[ahead].kind in ("inf", "chain", "ger", "part", "coord"):
            related.append(ahead)
            ahead += 1
        if clauses and clauses[0].verb < 0:
            related.append(0)
        return place_for(index, clause, places, elements, clauses, related)

    def worth(self, item: Item, bid: Bid | None, live: list[Item]) -> bool:
        """Whether an item makes a row: a name, a number, or something told of it."""
        mention = item.mention
        entry = mention.entry
        counted = "count" in item.bound and not (item.values.get("article") and mention.kind in "e")
        if mention.kind == "E" and mention.value in ("unknown", "elided") and entry is None:
            known = counted or bool(item.heads) or mention.value == "elided"
            return known or item.refuse("no gazetteer knows the designator, and it has neither a number nor a class noun")
        if entry is None:
            return item.refuse("it names nothing")
        if entry.id in _INSTITUTIONS and not counted and "echelon" not in item.bound:
            return item.refuse("an institution without a number or size acts, it is not told of")
        if entry.category == "unit/branch" and mention.kind == "U" and not counted:
            # A service acts far more often than it is told of: *the navy has ordered two ships*.
            if bid is None or bid.agent or bid.value not in _WHEREABOUTS:
                return item.refuse("a service that only acts")
        if entry.type == "class" or mention.kind in "eP":
            if counted:
                return True
            if bid is None or bid.agent:
                what = "no status is told of it" if bid is None else "it only acts on others"
                return item.refuse(f"a class noun without a number, and {what}")
            if (
                entry.type == "class"
                and mention.kind == "c"
                and item.mention.flags & 1
                and not ("actor" in item.bound or item.values.get("article"))
            ):
                told = text_plural(self.analysis.folded.text, mention) or bid.value in LOSSES
                return told or item.refuse("an everyday noun in the singular, with neither number nor side")
            return True
        return True


def text_plural(text: str, mention: Mention) -> bool:
    """Whether a class noun is printed in the plural."""
    return text[mention.end - 1] == "s" or text[mention.start : mention.end].endswith(("men", "aircraft", "personnel"))


class _Draft:
    """One row in the making."""

    def __init__(self, assembler: Assembler, reading: Any, item: Item, bid: Bid | None, clause: int) -> None:
        self.assembler = assembler
        self.reading = reading
        self.sentence: Sentence = reading.sentence
        self.item = item
        self.bid = bid
        self.clause = clause
        self.flags: list[str] = []
        self.row: dict[str, Any] = {}
        self.attributes: dict[str, str] = {}
        self.folded = assembler.analysis.folded
        self.modality_name = "asserted"

    def mark(self, slot: str, mention: Any) -> None:
        self.item.slots[slot] = (mention.start, mention.end)

    # ---------------------------------------------------------------- where
    def place(self, place: Place | None, elements: Any, carry: Any, heading: Sentence | None) -> None:
        """Fill the place columns; inherits from the sentence before or the heading, flagged."""
        row, item = self.row, self.item
        beside: list[Mention] = []
        mention: Mention | None = None
        if place is not None:
            mention, beside = place.mention, beside_of(elements, place.index)
            row["place_relation"] = place.relation
        elif (
            heading is not None
            and not self.owner(heading)
            and any(m.kind in "LC" for m in heading.mentions)
            and not carry_text(heading)
            and not self.listed()
        ):
            mention = next(m for m in heading.mentions if m.kind in "LC")
            row["place_relation"] = "in"
            self.flags.append("inherited-place")
        elif carry.place is not None and ((carry.place_block == self.sentence.block and self.continues()) or self.stays(carry)):
            held, beside = carry.place
            mention = held.mention
            row["place_relation"] = held.relation
            self.flags.append("inherited-place")
        if mention is None:
            return
        if "inherited-place" not in self.flags:
            self.mark("place", mention)
        if place is not None and heading is not None:
            beside = [*beside, *(m for m in heading.mentions if m.kind in "LC")]
        rule = "inherit" if "inherited-place" in self.flags else "place-near"
        item.steps.append(("place", rule, mention.start, mention.end, ""))
        self.write_place(mention, beside)

    def write_place(self, mention: Mention, beside: list[Mention]) -> None:
        """Write the place columns from a mention."""
        row = self.row
        start, end = self.folded.span(mention.start, mention.end)
        row["place_text"] = self.assembler.document.text[start:end]
        if mention.kind == "T":
            row["place"] = row["place_text"]
            row["lat"], row["lon"] = mention.value
            row["geo_precision"] = "exact"
            row["country"] = None
            return
        if mention.rule == "the-country":
            side = self.the_country(mention)
            if side is None:
                for key in ("place_text", "place_relation"):
                    row.pop(key, None)
                return
            row["place"], row["place_id"], row["country"], row["lat"], row["lon"], row["geo_precision"] = (
                side.name,
                side.id,
                side.id,
                side.lat,
                side.lon,
                "country",
            )
            return
        entry, ambiguous = self.assembler.resolve(mention, beside)
        if ambiguous:
            self.flags.append("ambiguous-place")
        if entry is None:
            row["place"] = row["place_text"]
            return
        row["place"] = entry.name
        if entry.id.startswith("?"):
            self.flags.append("unresolved-place")
            row["place"] = row["place_text"]
            countries = {m.actor.id for m in beside if m.kind == "C" and m.actor is not None}
            if len(countries) == 1:
                row["country"] = countries.pop()
            return
        row["place_id"] = entry.id
        row["admin"] = entry.admin
        row["country"] = entry.country or (entry.id if entry.type == "actor" else None)
        row["lat"], row["lon"] = entry.lat, entry.lon
        row["geo_precision"] = precision(entry)
        if entry.controller:
            self.attributes["controller"] = entry.controller

    def the_country(self, mention: Mention) -> Entry | None:
        """*the country*, *the country's borders*: the last state named before it that is not the actor."""
        sentences = [s for s in self.assembler.analysis.sentences if s.start <= self.sentence.start][-6:]
        for sentence in reversed(sentences):
            for other in reversed(sentence.mentions):
                if other.start >= mention.start or other.dropped == "origin":
                    continue
                if other.kind == "C" and other.actor is not None and other.actor.id != self.row.get("actor_id"):
                    return other.actor
                if other.kind == "L" and other.rule != "the-country" and sentence.block < self.sentence.block:
                    place, _ = self.assembler.resolve(other, [])
                    side = self.assembler.book.actors.get((place.country or "") if place is not None else "")
                    if side is not None and side.id != self.row.get("actor_id"):
                        return side
        return None

    def stays(self, carry: Any) -> bool:
        """Whether a sentence without a place of its own tells of what is where the text last was."""
        if any(e.kind in "LT" for e in self.sentence.elements) or carry.place_block != self.sentence.block:
            return any(e.word == "there" for e in self.sentence.elements) and not any(e.kind in "LT" for e in self.sentence.elements)
        return (
            self.bid is not None
            and self.bid.value in _WHEREABOUTS
            and self.bid.value not in ("mobilised", "on_alert")
            and self.modality_of() in (None, "asserted")
        )

    def modality_of(self) -> str | None:
        """The modality of what is told, before it is written."""
        verb = self.bid.element if self.bid is not None else None
        found = find_modality(self.sentence, self.reading.clauses, self.item, self.clause, verb, self.folded)
        return found[0].value if found is not None else None

    def continues(self) -> bool:
        """Whether the sentence goes on about what stands before: a definite or pronoun subject."""
        text = self.folded.text[self.sentence.start : self.sentence.end]
        if self.reading.clauses and self.reading.clauses[0].kind == "start":
            first = text[:14]
            return first.startswith(
                ("the ", "they ", "it ", "both ", "these ", "those ", "their ", "its ", "another ", "a further", "all ")
            )
        return False

    # ---------------------------------------------------------------- who
    def actor(self, claims: list[Claim], carry: Any, heading: Sentence | None) -> None:
        """Fill the actor columns: bound in the text, the gazetteer's, or inherited with a flag."""
        item, row = self.item, self.row
        actor: Entry | None = item.values.get("actor")
        if actor is None and "actor" not in item.bound:
            actor = self.possessive(carry)
        if actor is None and item.actor is not None:
            actor = self.gazetteer_side(item.actor)
        if (
            actor is None
            and (self.bid is None or (self.bid.value not in LOSSES and self.bid.value != "struck"))
            and (self.bid is not None or "count" in item.bound)
        ) or (actor is None and self.bid is not None and self.denied()):
            actor = self.inherited(claims, carry)
        if (
            actor is None
            and heading is not None
            and (self.owner(heading) or (self.listed() and any(e.kind in "VZ" for e in heading.elements)))
        ):
            sides = {m.actor.id: m.actor for m in heading.mentions if m.kind in "CGA" and m.actor is not None}
            if len(sides) == 1:
                actor = next(iter(sides.values()))
                self.flags.append("inherited-actor")
        if actor is not None:
            row["actor"], row["actor_id"] = actor.name, actor.id if actor.type == "actor" else actor.actor
            if actor.type == "actor" and actor.actor and actor.actor != actor.id:
                row["actor_id"] = actor.actor
                side = self.assembler.book.actors.get(actor.actor)
                row["actor"] = side.name if side is not None else actor.name
            if "actor" in item.slots:
                start, end = self.folded.span(*item.slots["actor"])
                row["actor_text"] = self.assembler.document.text[start:end]
        other: Entry | None = item.values.get("counterparty")
        if other is not None and (actor is None or other.id != actor.id):
            row["counterparty"], row["counterparty_id"] = other.name, other.actor or other.id
            row["counterparty_role"] = item.values.get("counterparty_role")
        origin: Entry | None = item.values.get("origin")
        if origin is not None:
            self.attributes["origin"] = origin.id
            if other is None and actor is not None and origin.id != actor.id:
                row["counterparty"], row["counterparty_id"], row["counterparty_role"] = origin.name, origin.id, "supplier"

    def recipient(self) -> None:
        """Aid that comes to a country is for it, where the text names no other receiver."""
        row = self.row
        if (
            self.item.mention.kind != "M"
            or "counterparty" in row
            or self.bid is None
            or self.bid.value not in ("arrived", "delivered", "pledged", "in_transit")
        ):
            return
        country = row.get("country")
        side = self.assembler.book.actors.get(country or "")
        if side is None or country == row.get("actor_id") or row.get("place_relation") == "from":
            return
        row["counterparty"], row["counterparty_id"], row["counterparty_role"] = side.name, side.id, "recipient"
        self.flags.append("inferred-recipient")
        self.item.steps.append(("counterparty", "recipient", 0, 0, "the country that the aid comes to"))

    def listed(self) -> bool:
        """Whether the sentence is a line of a list: a bullet, whose heading tells who, not where."""
        return self.assembler.analysis.blocks[self.sentence.block].bullet and not self.reading.tells

    def owner(self, heading: Sentence) -> bool:
        """Whether a heading names whose things the lines below are: a bare state above lines without a clause of their own."""
        words = [e for e in heading.elements if e.kind not in "d.:#-()"]
        return len(words) == 1 and words[0].kind in "CGA" and not self.reading.tells

    def gazetteer_side(self, side: Entry) -> Entry:
        """Note that the side of a named ship or unit comes from the gazetteer."""
        self.flags.append("gazetteer-actor")
        entry = self.item.mention.entry
        rule = entry.id if entry is not None and not entry.id.startswith("?") else "gazetteer"
        self.item.steps.append(("actor", rule, self.item.mention.start, self.item.mention.end, "side given in the gazetteer"))
        return side

    def denied(self) -> bool:
        """Whether what is told of the item is denied."""
        verb = self.bid.element if self.bid is not None else None
        found = find_modality(self.sentence, self.reading.clauses, self.item, self.clause, verb, self.folded)
        return found is not None and found[0].value == "denied"

    def possessive(self, carry: Any) -> Entry | None:
        """*its*, *their* before the item: the nearest side named before it in the sentence, else the carried one."""
        elements = self.sentence.elements
        index = next((i for i, e in enumerate(elements) if e.mention is self.item.mention), 0)
        position = index - 1
        while position >= 0 and elements[position].kind in "xQACKdvEce" and index - position < 7:
            position -= 1
        if position < 0 or elements[position].kind != "y":
            return None
        named = [
            e.mention
            for e in elements[:position]
            if e.kind in "CGAL" and e.mention is not None and e.mention.actor is not None and e.mention.dropped != "origin"
        ]
        sides = [
            i.values.get("actor")
            for i in self.reading.items
            if i.mention.start < elements[position].start and i.values.get("actor") is not None
        ]
        found = named[0].actor if named else (sides[0] if sides else carry.actor)
        if found is not None:
            self.item.steps.append(
                ("actor", "possessive", elements[position].start, elements[position].end, "its/their → nearest side before it")
            )
            self.item.slots["actor"] = (elements[position].start, elements[position].end)
        return found

    def inherited(self, claims: list[Claim], carry: Any) -> Entry | None:
        """The side of the list or clause the item stands in, else the previous sentence's subject, when no other is in play."""
        item = self.item
        here = {
            i.values["actor"].id: i.values["actor"]
            for i in self.reading.items
            if i.values.get("actor") is not None
            and (
                i.clause == item.clause
                or (self.reading.chosen.get(i.index) is not None and self.reading.chosen[i.index].clause == self.clause)
            )
        }
        if len(here) == 1 and item.mention.kind in "EcPeM" and not is_individual(item.mention):
            bid = self.bid
            if bid is not None and not bid.agent and bid.value not in ("present", "struck", "used", "in_transit", "arrived"):
                self.flags.append("inherited-actor")
                item.steps.append(("actor", "inherit", 0, 0, "the only side in the clause"))
                return next(iter(here.values()))
        if self.denied():
            for claim in reversed([c for c in claims if c.lo <= item.mention.start < c.hi]):
                if claim.actor is not None:
                    self.flags.append("inherited-actor")
                    item.steps.append(("actor", "inherit", 0, 0, "who denies speaks for itself"))
                    return claim.actor
        spoken = any(m.kind in "CGA" and m.actor is not None and m.dropped != "origin" for m in self.sentence.mentions)
        if carry.actor is not None and not spoken and not here:
            self.flags.append("inherited-actor")
            item.steps.append(("actor", "inherit", 0, 0, "subject of the sentence before"))
            found: Entry = carry.actor
            return found
        return None

    # ---------------------------------------------------------------- how
    def colours(self, heading: Sentence | None) -> None:
        """Status, modality, measure, dates, operation."""
        row, item, bid = self.row, self.item, self.bid
        clauses = self.reading.clauses
        elements = self.sentence.elements
        if bid is not None:
            row["status"] = bid.value
            if (
                bid.cue.placed
                and bid.value == bid.cue.value
                and row.get("place_relation") in ("in", "at", "near", "off", "along", "over")
                and "inherited-place" not in self.flags
            ):
                row["status"] = bid.cue.placed
            start, end = self.folded.span(bid.element.start, bid.element.end)
            row["status_text"] = self.assembler.document.text[start:end]
            item.slots["status"] = (bid.element.start, bid.element.end)
            item.steps.append(("status", bid.cue.id, bid.element.start, bid.element.end, ""))
            if bid.cue.towards and row.get("place_relation") == "to":
                row["status"] = bid.cue.towards
            row["measure"] = bid.cue.measure
        verb = bid.element if bid is not None else None
        modality = find_modality(self.sentence, clauses, item, self.clause, verb, self.folded)
        if modality is None and heading is not None and bid is not None and bid.element.end <= self.sentence.start:
            modality = find_modality(heading, [], item, 0, bid.element, self.folded)
        if modality is not None:
            cue, hit = modality
            told = (
                cue.id == "would"
                and bool(clauses)
                and clauses[self.clause].kind in ("that", "coord", "chain")
                and bool(self.reading.claims)
            )
            # *told allies that the jets would stay*: the future of a report, not a condition.
            self.modality_name = row["modality"] = "planned" if told else cue.value
            start, end = self.folded.span(hit.start, hit.end)
            row["modality_text"] = self.assembler.document.text[start:end]
            item.steps.append(("modality", cue.id, hit.start, hit.end, ""))
            if cue.probability is not None:
                row["probability_min"], row["probability_max"] = cue.probability
        elif bid is not None and bid.value == "requested":
            self.modality_name = row["modality"] = "requested"
        elif bid is not None and bid.value in ("planned_use",):
            self.modality_name = row["modality"] = "planned"
        if (
            row.get("status") == "delivered"
            and self.modality_name == "planned"
            and bid is not None
            and "counterparty.recipient" in bid.cue.frame.get("to", ())
        ):
            row["status"] = "pledged"  # what is yet to be handed over is a pledge
        self.negated_count()
        measure = find_measure(self.sentence, item)
        if measure is not None and "count" in item.bound:
            row["measure"] = measure[0].value
            item.steps.append(("measure", measure[0].id, measure[1].start, measure[1].end, ""))
        mention = date_for(item, item.clause, elements, clauses, {c.clause for c in self.reading.claims if c.clause >= 0}, self.clause)
        inherited = False
        if mention is None:
            mention = statement_date(elements, clauses, {c.clause for c in self.reading.claims if c.clause >= 0})
            if mention is not None:
                self.flags.append("statement-date")
        if mention is None and heading is not None:
            mention = next((m for m in heading.mentions if m.kind == "D"), None)
            inherited = mention is not None
        if mention is not None:
            self.date(mention, inherited)
        operation = next((m for m in self.sentence.mentions if m.kind == "O"), None) or (
            next((m for m in heading.mentions if m.kind == "O"), None) if heading is not None else None
        )
        if operation is not None and operation.entry is not None:
            row["operation"] = operation.entry.name
            if (
                bid is None
                or (bid.value in ("mentioned", "present", "used", "deployed", "in_transit", "arrived")
                and operation.entry.feature != "operation")
            ):
                if bid is None or self.drill(operation):
                    row["status"] = "exercising"
                    item.steps.append(("status", operation.rule, operation.start, operation.end, "named exercise"))

    def drill(self, operation: Mention) -> bool:
        """Whether the words beside a named operation call it an exercise."""
        around = self.folded.text[max(self.sentence.start, operation.start - 24) : operation.end + 34]
        return any(word in around for word in ("exercise", "drill", "war game", "manoeuvre", "maneuver", "training"))

    def negated_count(self) -> None:
        """What is negated is not there: a bare *no tanks* counts nothing."""
        elements = self.sentence.elements
        index = next((i for i, e in enumerate(elements) if e.mention is self.item.mention), 0)
        position = index - 1
        while position >= 0 and elements[position].kind in "xAKC" and index - position < 4:
            position -= 1
        if position >= 0 and elements[position].word in ("no", "neither"):
            self.row["modality"] = self.modality_name = "negated"
            self.row["modality_text"] = elements[position].word
            self.item.steps.append(("modality", "negated", elements[position].start, elements[position].end, ""))

    def ahead(self) -> bool:
        """Whether the clause looks ahead: not when its verb is a plain past (*left on Friday, probably for …*)."""
        element = self.bid.element if self.bid is not None else None
        if element is None or element.start < self.sentence.start or "p" not in element.forms or element.voice != "active":
            return True
        elements = self.sentence.elements
        index = next((i for i, e in enumerate(elements) if e is element), 0)
        return index > 0 and elements[index - 1].kind in "mibhv" and any(e.kind in "mi" for e in elements[max(0, index - 3) : index])

    def date(self, mention: Mention, inherited: bool) -> None:
        """Write the date columns from a date mention."""
        token, groups = mention.value
        analysis = self.assembler.analysis
        period: Period | None = resolve_date(
            token.resolve or "", groups, self.assembler.book.values, analysis.anchor, self.modality_name in _FUTURE and self.ahead()
        )
        if period is None:
            return
        row = self.row
        row["date_start"], row["date_end"] = period.start, period.end
        start, end = self.folded.span(mention.start, mention.end)
        row["date_text"] = self.assembler.document.text[start:end]
        row["date_basis"] = "inherited" if inherited else "relative" if period.relative else "stated"
        if not inherited:
            self.mark("date", mention)
        self.item.steps.append(("date", token.id, mention.start, mention.end, period.iso()))

    # ---------------------------------------------------------------- the row
    def fact(self, claims: list[Claim]) -> Fact | None:
        """The finished row."""
        item, row = self.item, self.row
        assembler, mention = self.assembler, item.mention
        document, book = assembler.document, assembler.book
        named = mention.value.antecedent if isinstance(mention.value, Elided) else mention
        start, end = self.folded.span(named.start, named.end)
        item_text = document.text[start:end]
        entry = mention.entry
        name, ident, category = self.identity(item_text)
        if category is None and item.heads and item.heads[0].entry is not None:
            category = item.heads[0].entry.category
        quantity: Quantity | None = item.values.get("count")
        counted_as = item.values.get("counted_as")
        echelon = item.values.get("echelon") or (entry.echelon if entry is not None and mention.kind in "Ue" else None)
        covering = [c for c in claims if c.lo <= mention.start < c.hi]
        # Who speaks last before the item speaks for it; one who follows the statement speaks for all of it.
        claim = max(covering, key=lambda c: (c.lo if c.start <= mention.start else -1, -c.start)) if covering else None
        unit_mention: Mention | None = item.values.get("unit")
        if unit_mention is not None and unit_mention.entry is not None:
            row["unit"] = unit_mention.entry.name
            echelon = echelon or unit_mention.entry.echelon
        if mention.kind == "c" or (entry is not None and entry.type == "class"):
            self.flags.append("generic")
        if mention.flags & 1:
            self.flags.append("weak-name")
        if mention.start in self.folded.obfuscated:
            self.flags.append("obfuscated-text")
        if mention.variant:
            self.attributes["variant"] = mention.variant
        self.gather_attributes()
        evidence_start, evidence_end = self.folded.span(self.sentence.start, self.sentence.end)
        evidence = _SPACE.sub(" ", document.text[evidence_start:evidence_end]).strip()
        domain = book.categories[category].domain if category in book.categories else None
        basis = quantity.basis if quantity is not None else "unstated"
        if quantity is None and self.undisclosed():
            basis = "undisclosed"
        rules = list(dict.fromkeys(step[1] for step in item.steps if step[1]))
        slots = {"item": [start, end]}
        for slot, (lo, hi) in item.slots.items():
            if hi > lo:
                slots[slot] = list(self.folded.span(lo, hi))
        if claim is not None:
            slots["claimant"] = [claim.start, claim.end]
            rules.append(claim.rule)
        count_text = None
        if quantity is not None and "count" in slots:
            count_text = document.text[slice(*slots["count"])]
        status = row.get("status", "mentioned")
        if status == "mentioned":
            self.flags.append("no-status")
        confidence = item.score
        for flag in dict.fromkeys(self.flags):
            confidence *= SCORES.get(flag, SCORES["weak"] if flag == "weak-name" else 1.0)
        probability = (row.get("probability_min"), row.get("probability_max"))
        return Fact(
            fact_id=assembler.source_key, kind=_KINDS[mention.kind], item=name, item_id=ident, item_text=item_text, category=category, domain=domain,
            count_min=quantity.low if quantity is not None else None, count_max=quantity.high if quantity is not None else None, count_text=count_text,
            count_basis=basis, counted_as=counted_as or ("item" if quantity is not None else None), measure=row.get("measure"), actor=row.get("actor"),
            actor_id=row.get("actor_id"), actor_text=row.get("actor_text"), counterparty=row.get("counterparty"), counterparty_id=row.get("counterparty_id"),
            counterparty_role=row.get("counterparty_role"), unit=row.get("unit"), echelon=echelon, place=row.get("place"), place_id=row.get("place_id"),
            place_text=row.get("place_text"), place_relation=row.get("place_relation"), admin=row.get("admin"), country=row.get("country"), lat=row.get("lat"),
            lon=row.get("lon"), geo_precision=row.get("geo_precision"), date_start=row.get("date_start"), date_end=row.get("date_end"), date_text=row.get("date_text"),
            date_basis=row.get("date_basis"), status=status, status_text=row.get("status_text"), operation=row.get("operation"), modality=row.get("modality", "asserted"),
            modality_text=row.get("modality_text"), probability_min=probability[0], probability_max=probability[1], claimant=claim.name if claim is not None else None,
            claimant_text=document.text[claim.start : claim.end] if claim is not None else None, claimant_actor_id=claim.actor.id if claim is not None and claim.actor is not None else None,
            attributes="; ".join(f"{k}={v}" for k, v in sorted(self.attributes.items())) or None, confidence=round(confidence, 3),
            flags=" ".join(dict.fromkeys(self.flags)) or None, rules=" ".join(rules), evidence=evidence, start=start, end=end, slots=slots, doc_id=document.doc_id,
            title=document.title, source=document.source, url=document.url, published=document.published, text_sha256=assembler.text_sha256, rulebook=book.stamp,
        )  # fmt: skip

    def identity(self, item_text: str) -> tuple[str, str, str | None]:
        """Canonical name, id and category of the item."""
        mention = self.item.mention
        entry = mention.entry
        if entry is not None:
            if entry.head == "people" and self.item.heads:
                return entry.name, entry.id, entry.category
            return entry.name, entry.id, entry.category
        text = item_text
        if mention.value == "elided":
            text = self.elided(item_text)
            known = self.assembler.book_lookup(text) if hasattr(self.assembler, "book_lookup") else None
            if known is not None:
                return known.name, known.id, known.category
        self.flags.append("unknown-designator")
        return text, "?" + text.casefold(), None

    def elided(self, item_text: str) -> str:
        """The full designator that *-160* after *Tu-22M3* stands for."""
        before = [m for m in self.sentence.mentions if m.kind == "E" and m.end <= self.item.mention.start]
        if not before:
            return item_text
        prefix = re.match(r"[A-Za-z]+", self.folded.cased[before[-1].start : before[-1].end])
        number = re.sub(r"^[-/ ]+", "", item_text)
        return f"{prefix[0]}-{number}" if prefix else item_text

    def gather_attributes(self) -> None:
        """Attributes told beside the item: hull number, calibre, nuclear capability."""
        item = self.item
        entry = item.mention.entry
        sentence = self.sentence
        text = self.folded.text
        if entry is not None:
            for key, value in entry.attributes:
                self.attributes.setdefault(key, value)
        for mention in sentence.mentions:
            if mention.kind == "H" and 0 <= mention.start - item.mention.end <= 3:
                self.attributes["hull"] = self.folded.cased[mention.start : mention.end]
            elif (
                mention.kind == "K"
                and (0 <= item.mention.start - mention.end <= 24)
                and text.find(",", mention.end, item.mention.start) < 0
            ):
                figure = re.match(r"[\d.x ]+", text[mention.start : mention.end])
                self.attributes["calibre"] = f"{figure[0].strip(' ')} mm" if figure else text[mention.start : mention.end]
        before = text[max(sentence.start, item.mention.start - 30) : item.mention.start]
        if re.search(r"nuclear-(?:capable|armed|tipped)(?: [\w-]+){0,2} $", before):
            self.attributes["nuclear_capable"] = "true"

    def undisclosed(self) -> bool:
        """Whether the sentence says that the numbers are not known."""
        return any(cue.id == "undisclosed-number" for hit in self.sentence.cues for cue, form in hit.forms if form != "-")


def c_is_item(claim: Claim, start: int, end: int) -> bool:
    """Whether the claimant's own words hold the item: it speaks, it is not spoken of."""
    return claim.start <= start and end <= claim.end


def carry_text(heading: Sentence) -> bool:
    """Whether a heading is a sentence that tells something else (it holds items of its own)."""
    return any(m.kind in ITEM_KINDS for m in heading.mentions)
