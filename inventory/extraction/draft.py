"""A row in the making, and the finished fact that it becomes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from inventory.extraction.claims import Claim
from inventory.extraction.colour import find_modality
from inventory.extraction.confidence import reckon_level
from inventory.extraction.ellipsis import Elided
from inventory.extraction.frames import Bid
from inventory.extraction.sentence import Sentence
from inventory.extraction.state import Item, Mention, Quantity
from inventory.extraction.strength import derive_people
from inventory.model import Fact

if TYPE_CHECKING:
    from inventory.extraction.assemble import Assembler

_KINDS = {"E": "equipment", "c": "equipment", "P": "personnel", "U": "unit", "e": "unit", "M": "materiel"}
# What a row says of a column that nothing was told of.
_BLANK = {**dict.fromkeys(Fact._fields), "status": "mentioned", "modality": "asserted"}


class Draft:
    """One row in the making: the item, the status that it won, the columns told so far and the flags they earned."""

    __slots__ = ("assembler", "attributes", "bid", "clause", "flags", "folded", "item", "modality", "reading", "row", "sentence")

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
        self.modality = "asserted"

    def mark(self, slot: str, mention: Mention) -> None:
        """Remember which words filled a slot."""
        self.item.slots[slot] = (mention.start, mention.end)

    def text(self, start: int, end: int) -> str:
        """The document's own words at a stretch of the folded text."""
        start, end = self.folded.span(start, end)
        return self.assembler.document.text[start:end]

    def listed(self) -> bool:
        """Whether the sentence is a line of a list: a bullet, whose heading tells who, not where."""
        return self.assembler.analysis.blocks[self.sentence.block].bullet and not self.reading.tells

    def owner(self, heading: Sentence) -> bool:
        """Whether a heading names whose things the lines below are: a bare state above lines without a clause of their own."""
        words = [e for e in heading.elements if e.kind not in "d.:#-()"]
        return len(words) == 1 and words[0].kind in "CGA" and not self.reading.tells

    def modality_told(self) -> str | None:
        """The modality of what is told, before it is written."""
        verb = self.bid.element if self.bid is not None else None
        found = find_modality(self.sentence, self.reading.clauses, self.item, self.clause, verb, self.folded, self.assembler.book)
        return found[0].value if found is not None else None


def finish(draft: Draft, claims: list[Claim]) -> Fact:
    """The finished row."""
    item, row = draft.item, draft.row
    assembler, mention = draft.assembler, item.mention
    document, book = assembler.document, assembler.book
    elided = mention.value if isinstance(mention.value, Elided) else None
    near = elided is not None and not elided.across and not isinstance(elided.antecedent.value, Elided)
    named = elided.antecedent if elided is not None and near else mention
    start, end = draft.folded.span(named.start, named.end)
    item_text = document.text[start:end]
    entry = mention.entry
    name, ident, category = _identity(draft, item_text)
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
        draft.flags.append("generic")
    if mention.flags & 1:
        draft.flags.append("weak-name")
    if mention.start in draft.folded.obfuscated:
        draft.flags.append("obfuscated-text")
    if mention.variant:
        draft.attributes["variant"] = mention.variant
    _gather_attributes(draft)
    _derive_people(draft, counted_as or echelon, quantity)
    evidence = assembler.evidence(draft.sentence)
    domain = book.categories[category].domain if category in book.categories else None
    basis = quantity.basis if quantity is not None else "unstated"
    if quantity is None and _undisclosed(draft.sentence):
        basis = "undisclosed"
    rules = list(dict.fromkeys(step[1] for step in item.steps if step[1]))
    slots = {"item": [start, end]}
    for slot, (lo, hi) in item.slots.items():
        if hi > lo:
            slots[slot] = list(draft.folded.span(lo, hi))
    if claim is not None:
        slots["claimant"] = [claim.start, claim.end]
        rules.append(claim.rule)
    count_text = None
    if quantity is not None and "count" in slots:
        count_text = document.text[slice(*slots["count"])]
    if row.get("status", "mentioned") == "mentioned":
        draft.flags.append("no-status")
    columns = {
        **_BLANK,
        **row,
        "fact_id": assembler.source_key,
        "kind": "personnel" if _is_people(draft) else _KINDS[mention.kind],
        "item": name,
        "item_id": ident,
        "item_text": item_text,
        "category": category,
        "domain": domain,
        "count_min": quantity.low if quantity is not None else None,
        "count_max": quantity.high if quantity is not None else None,
        "count_text": count_text,
        "count_basis": basis,
        "counted_as": counted_as or ("item" if quantity is not None else None),
        "echelon": echelon,
        "claimant": claim.name if claim is not None else None,
        "claimant_text": document.text[claim.start : claim.end] if claim is not None else None,
        "claimant_actor_id": claim.actor.id if claim is not None and claim.actor is not None else None,
        "attributes": "; ".join(f"{k}={v}" for k, v in sorted(draft.attributes.items())) or None,
        "flags": " ".join(dict.fromkeys(draft.flags)) or None,
        "rules": " ".join(rules),
        "evidence": evidence,
        "start": start,
        "end": end,
        "slots": slots,
        "doc_id": document.doc_id,
        "title": document.title,
        "source": document.source,
        "url": document.url,
        "published": document.published,
        "text_sha256": assembler.text_sha256,
        "rulebook": book.stamp,
    }
    columns["confidence"] = reckon_level(item.score, columns, assembler.levels)
    return Fact._make(columns.values())  # `_BLANK` put them into order


def _is_people(draft: Draft) -> bool:
    """Whether a service is counted by heads: *2,000 US Marines*."""
    mention = draft.item.mention
    entry = mention.entry
    counted = "count" in draft.item.bound and draft.item.values.get("counted_as") in (None, "person")
    return mention.kind == "U" and counted and entry is not None and entry.category == "unit/branch" and (
        draft.folded.text[mention.end - 1] == "s"
    )  # fmt: skip


def _identity(draft: Draft, item_text: str) -> tuple[str, str, str | None]:
    """Canonical name, id and category of the item."""
    mention = draft.item.mention
    entry = mention.entry
    if entry is not None:
        return entry.name, entry.id, entry.category
    text = item_text
    if mention.value == "elided":
        text = _elided(draft, item_text)
    draft.flags.append("unknown-designator")
    return text, "?" + text.casefold(), None


def _elided(draft: Draft, item_text: str) -> str:
    """The full designator that *-160* after *Tu-22M3* stands for."""
    before = [m for m in draft.sentence.mentions if m.kind == "E" and m.end <= draft.item.mention.start]
    if not before:
        return item_text
    prefix = re.match(r"[A-Za-z]+", draft.folded.cased[before[-1].start : before[-1].end])
    number = re.sub(r"^[-/ ]+", "", item_text)
    return f"{prefix[0]}-{number}" if prefix else item_text


def _derive_people(draft: Draft, echelon: str | None, quantity: Quantity | None) -> None:
    """Note how many people counted formations have on paper, flagged: the text does not say it."""
    if draft.item.mention.kind not in "Ue" or (quantity is not None and quantity.basis == "vague"):
        return
    low, high = (quantity.low, quantity.high) if quantity is not None else (None, None)
    entry = draft.item.mention.entry
    if echelon in (None, "item") and entry is not None:
        echelon = (entry.category or "").rpartition("/")[2]  # a battalion tactical group is no echelon of the taxonomy
    people = derive_people(draft.row.get("actor_id"), echelon, low, high, draft.assembler.book.values.get("echelon_strength", {}))
    if people is not None:
        draft.attributes["derived_people"] = "..".join("" if bound is None else str(bound) for bound in people)
        draft.flags.append("derived-strength")


def _gather_attributes(draft: Draft) -> None:
    """Attributes told beside the item: hull number, calibre, nuclear capability."""
    item = draft.item
    entry = item.mention.entry
    sentence = draft.sentence
    text = draft.folded.text
    if entry is not None:
        for key, value in entry.attributes:
            draft.attributes.setdefault(key, value)
    for mention in sentence.mentions:
        if mention.kind == "H" and 0 <= mention.start - item.mention.end <= 3:
            draft.attributes["hull"] = draft.folded.cased[mention.start : mention.end]
        elif (
            mention.kind == "K"
            and not mention.dropped
            and (0 <= item.mention.start - mention.end <= 24)
            and text.find(",", mention.end, item.mention.start) < 0
        ):
            figure = re.match(r"[\d.x ]+", text[mention.start : mention.end])
            draft.attributes["calibre"] = f"{figure[0].strip(' ')} mm" if figure else text[mention.start : mention.end]
    if draft.assembler.book.patterns["nuclear_before"].search(text, max(sentence.start, item.mention.start - 30), item.mention.start):
        draft.attributes["nuclear_capable"] = "true"


def _undisclosed(sentence: Sentence) -> bool:
    """Whether the sentence says that the numbers are not known."""
    return any(hit.phrase.undisclosed for hit in sentence.cues)
