"""Items with what was bound to them → rows: which items make one, and in which order its columns are filled."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from inventory.extraction.analyse import Analysis
from inventory.extraction.claims import Claim
from inventory.extraction.confidence import TABLE, read_points
from inventory.extraction.draft import Draft, finish
from inventory.extraction.ellipsis import Elided
from inventory.extraction.frames import Bid
from inventory.extraction.sentence import Sentence
from inventory.extraction.state import Item, Mention
from inventory.extraction.told import set_told
from inventory.extraction.where import beside_of, find_places
from inventory.extraction.whereabouts import WHEREABOUTS, choose_place, set_place
from inventory.extraction.who import set_actor, set_recipient, set_side
from inventory.model import LOSSES, STATUS_GROUPS, Document, Fact
from inventory.places.context import Locator, containers
from inventory.places.resolve import Resolved, resolve_place
from inventory.rulebook import book as flags
from inventory.rulebook.book import Entry, Rulebook

__all__ = ["Assembler", "fact_id"]

_WORDS = re.compile(r"\w+")
_SIDE_LINE = 40  # characters of a line that is nothing but the name of a side
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # RFC 4648


def fact_id(source: str, evidence: str, kind: str, item: str, ordinal: int) -> str:
    """`F` and 13 base32 characters of a hash over what identifies the statement, never over its position in the file."""
    return plain_id(source, plain_words(evidence), kind, item, ordinal)


def plain_words(evidence: str) -> str:
    """The words of a sentence in lower case, as they enter an id."""
    return " ".join(_WORDS.findall(evidence.lower()))


def plain_id(source: str, plain: str, kind: str, item: str, ordinal: int) -> str:
    """As :func:`fact_id`, from the evidence's plain words."""
    digest = hashlib.sha256("\x1f".join((source, plain, kind, item, str(ordinal))).encode("utf-8", "surrogatepass")).digest()
    number = int.from_bytes(digest[:9], "big")
    return "F" + "".join([_BASE32[number >> shift & 31] for shift in range(67, 6, -5)])


class Assembler:
    """Makes the facts of one document."""

    def __init__(self, document: Document, book: Rulebook, analysis: Analysis) -> None:
        self.document = document
        self.book = book
        self.analysis = analysis
        self.source_key = document.source_key or document.url or document.doc_id
        self.text_sha256 = hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
        self.levels = read_points(book.values.get(TABLE, {}).items())
        self.country_weights: dict[str, float] | None = None
        self.located: Locator | None = None
        self.sides: dict[int, Entry] | None = None
        self.evidences: dict[int, str] = {}
        self.resolved: dict[tuple[str, int, tuple[int, ...]], tuple[Entry | None, bool]] = {}

    def evidence(self, sentence: Sentence) -> str:
        """A sentence as printed, white space folded."""
        found = self.evidences.get(sentence.start)
        if found is None:
            start, end = self.analysis.folded.span(sentence.start, sentence.end)
            found = self.evidences[sentence.start] = " ".join(self.document.text[start:end].split())
        return found

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

    def side_above(self, block: int) -> Entry | None:
        """The side that a part of the text is headed with, by a line that holds nothing else (*Russia*, above the parts of a tally)."""
        if self.sides is None:
            self.sides = {}
            for number, held in enumerate(self.analysis.blocks):
                if held.end - held.start <= _SIDE_LINE:
                    refs = self.book.proper.get(self.analysis.folded.cased[held.start : held.end].strip(" :#*"), ())
                    rows = [self.book.entry(ref >> flags.FLAG_BITS) for ref in ((refs,) if isinstance(refs, int) else refs)]
                    found = next((row for row in rows if row.type == "actor"), None)
                    if found is not None:
                        self.sides[number] = found
        above = max((number for number in self.sides if number < block), default=-1)
        return self.sides.get(above)

    def unname(self, item: Item) -> None:
        """Take a numbered unit as printed: the gazetteer's namesake belongs to an army that the text does not name."""
        mention = item.mention
        start, end = self.analysis.folded.span(mention.start, mention.end)
        text = self.document.text[start:end]
        if mention.entry is not None:
            mention.entry = mention.entry._replace(id="?" + text.casefold(), name=text, actor=None, attributes=())

    def dateline(self) -> Mention | None:
        """The place that the text is dated from: *SOCOTRA, October 1 - …*; capitals at its very beginning."""
        first = next(iter(self.analysis.sentences), None)
        if first is None or first.block != 0:
            return None
        found = next((m for m in first.mentions if m.kind in "LC"), None)
        if found is None or found.start > first.start + 2 or found.end - found.start < 4:
            return None
        return found if self.analysis.folded.cased[found.start : found.end].isupper() else None

    def locator(self) -> Locator:
        """What the document's names tell about its places; read when first needed."""
        if self.located is None:
            self.located = Locator([*self.analysis.sentences, *self.analysis.headings.values()], self.analysis.folded.cased)
        return self.located

    def resolve(self, mention: Mention, beside: list[Mention]) -> tuple[Entry | None, bool]:
        """The gazetteer entry of a place mention; `beside`: places that say where it is, besides what the text shows."""
        if mention.kind == "C" and len(mention.entries) < 2:
            return mention.actor, False
        key = (mention.kind, mention.start, tuple(m.start for m in beside))
        known = self.resolved.get(key)
        if known is None:
            known = self.resolved[key] = self._resolve(mention, beside)
        return known

    def _resolve(self, mention: Mention, beside: list[Mention]) -> tuple[Entry | None, bool]:
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
        places = find_places(elements, clauses, speaking, self.book.values)
        if claims:
            # *the general staff in Kyiv put the losses at …*: where a speaker sits is not where the thing is.
            folded = self.analysis.folded
            places = [p for p in places if not any(_speaks(claim, *folded.span(p.mention.start, p.mention.end)) for claim in claims)]
        result: list[tuple[Item, Fact]] = []
        last_place: Any = None
        live = [item for item in reading.items if item.absorbed_by is None]
        for item in live:
            bid: Bid | None = reading.chosen.get(item.index)
            if not self.worth(item, bid, live):
                continue
            if "count" not in item.bound and _told_by_parts(item, bid, live, reading.chosen):
                item.refuse("its parts tell all that is told")  # *Leopard 2A6: 3 destroyed, 2 damaged*
                continue
            span = self.analysis.folded.span(item.mention.start, item.mention.end)
            alone = "count" not in item.bound or item.values.get("article")
            people = item.mention.kind == "P"  # *two officers said* are no two officers told of
            if any(_speaks(claim, *span) and (alone or (people and claim.end == span[1])) for claim in claims):
                item.refuse("it stands in the words that name who says so")
                continue
            clause = bid.clause if bid is not None else item.clause
            lost = bid is not None and (bid.value in LOSSES or bid.value in STATUS_GROUPS["personnel loss"])
            place = choose_place(item, max(item.position, 0), clause, places, elements, clauses, lost)
            if place is not None and place.relation == "from" and (bid is None or bid.value in ("arrived", "mentioned")):
                place = None  # what has come from Moscow is not there
            if place is not None and place.relation == "from" and bid is not None and bid.value in STATUS_GROUPS["transfer"]:
                place = None  # nor is what is bought from there
            draft = Draft(self, reading, item, bid, clause)
            set_actor(draft, claims, carry, heading)
            set_place(draft, place, elements, carry, heading)
            set_side(draft, claims, carry.target)
            if place is not None:
                last_place = (place, beside_of(elements, place.index))
            set_recipient(draft)
            set_told(draft, heading, carry.date)
            result.append((item, finish(draft, claims)))
        carry.place = last_place or (carry.place if not places else None)
        if last_place is not None:
            carry.place_block = sentence.block
        carry.event = False
        return result

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
        if entry.institution and not counted and "echelon" not in item.bound:
            return item.refuse("an institution without a number or size acts, it is not told of")
        if mention.kind in "eU" and self.possessor(mention) and (counted or (mention.kind == "e" and "echelon" not in item.bound)):
            return item.refuse("it only owns what is told of")  # *the brigade's eight Gazelles*
        if mention.kind == "U" and entry.category == "unit/branch" and self.possessor(mention):
            return item.refuse("a service that owns what is told of")  # *the Ground Self-Defense Force's 12th Brigade*
        named_service = entry.category == "unit/branch" and mention.kind == "U" and not counted
        if named_service and (bid is None or bid.agent or bid.value not in WHEREABOUTS):
            # A service acts far more often than it is told of: *the navy has ordered two ships*.
            return item.refuse("a service that only acts")
        if entry.type == "class" or mention.kind in "eP":
            if counted:
                return True
            if bid is None or bid.agent:
                what = "no status is told of it" if bid is None else "it only acts on others"
                return item.refuse(f"a class noun without a number, and {what}")
            everyday = entry.type == "class" and mention.kind == "c" and mention.flags & flags.WEAK
            if everyday and not ("actor" in item.bound or item.values.get("article")) and bid.value not in LOSSES:
                told = self.plural(mention)
                return told or item.refuse("an everyday noun in the singular, with neither number nor side")
        return True

    def possessor(self, mention: Mention) -> bool:
        """Whether a possessive ending follows a mention."""
        after = self.analysis.folded.text[mention.end : mention.end + 2]
        return after[:1] == "'" and after[1:] in ("s", " ")

    def plural(self, mention: Mention) -> bool:
        """Whether a class noun is printed in the plural."""
        text = self.analysis.folded.text[mention.start : mention.end]
        return text.endswith(("s", *self.book.values.get("plural_ending", ())))


def _told_by_parts(item: Item, bid: Bid | None, live: list[Item], chosen: dict[int, Bid | None]) -> bool:
    """Whether counts that go back to an item tell all that is told of it: *Leopard 2A6: 3 destroyed*; not where a word of its own does."""
    parts = [other for other in live if isinstance(other.mention.value, Elided) and other.mention.value.antecedent is item.mention]
    theirs = [found.element for part in parts if (found := chosen.get(part.index)) is not None]
    own = bid is not None and bid.element.kind == "V" and all(bid.element is not element for element in theirs)
    return bool(parts) and not own


def _speaks(claim: Claim, start: int, end: int) -> bool:
    """Whether the claimant's own words hold the item: it speaks, it is not spoken of."""
    return claim.start <= start and end <= claim.end
