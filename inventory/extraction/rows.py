"""Mentions → rows of `inventory mentions`."""

from __future__ import annotations

from inventory.extraction.analyse import analyse, read_sentence
from inventory.extraction.assemble import Assembler
from inventory.extraction.dateline import find_published
from inventory.extraction.dates import resolve_date
from inventory.extraction.ellipsis import Elided
from inventory.extraction.scan import find_heads
from inventory.extraction.sentence import Sentence
from inventory.extraction.state import Mention, Quantity
from inventory.model import Document, MentionRow
from inventory.rulebook import book as flags
from inventory.rulebook.book import Rulebook
from inventory.rulebook.kinds import ITEM_KINDS
from inventory.text.fold import fold
from inventory.text.split import split_blocks, split_sentences

_TYPES = {
    "E": "equipment", "c": "equipment", "M": "equipment", "P": "personnel", "U": "unit", "e": "unit",
    "A": "actor", "C": "place", "G": "actor", "L": "place",
    "Q": "quantity", "D": "date", "O": "operation", "N": "person", "T": "coordinate",
}  # fmt: skip


def list_mentions(document: Document, book: Rulebook) -> list[MentionRow]:
    """Every mention of a document, in the order of the text; unlike extraction this reads every sentence."""
    folded = fold(document.text)
    published = document.published or find_published(folded, book)
    analysis = analyse(folded, book, published)
    read = {sentence.start: sentence for sentence in analysis.sentences}
    for heading in analysis.headings.values():
        read.setdefault(heading.start, heading)
    heads = find_heads(folded, book)
    at = 0
    for block in split_blocks(folded.cased, book.words):
        for start, end in split_sentences(folded.cased, block.start, block.end, book.words):
            if start in read:
                continue
            while at < len(heads) and heads[at].end <= start:
                at += 1
            own = []
            probe = at
            while probe < len(heads) and heads[probe].start < end:
                own.append(heads[probe])
                probe += 1
            sentence = Sentence(start, end)
            read_sentence(sentence, own, None, folded, book, False)
            read[start] = sentence
    analysis.sentences = sorted(read.values(), key=lambda s: s.start)
    assembler = Assembler(document, book, analysis)
    rows: list[MentionRow] = []
    for sentence in analysis.sentences:
        for mention in sentence.mentions:
            rows += mention_rows(mention, assembler, sentence)
    return rows


def _told(mention: Mention, sentence: Sentence) -> bool:
    """Whether a designator that no gazetteer knows is military: it completes a list, or its sentence names what is (not *UTF-8*)."""
    if isinstance(mention.value, Elided):
        return True
    return any(other.kind in ITEM_KINDS and other.entry is not None for other in sentence.mentions)


def mention_rows(mention: Mention, assembler: Assembler, sentence: Sentence) -> list[MentionRow]:
    """The rows of one mention: none for its helpers (calibres, hulls), two for a country."""
    document, folded, book = assembler.document, assembler.analysis.folded, assembler.book
    named = mention.entry
    # A name that only describes another noun (*F-16 pilots*) is an attribute in the sentence, but a name all the same.
    kind = _TYPES.get(named.kind if mention.kind == "K" and named is not None else mention.kind)
    if kind is None or (mention.kind == "E" and mention.entry is None and not _told(mention, sentence)):
        return []
    start, end = folded.span(mention.start, mention.end)
    text = document.text[start:end]
    entry = mention.entry
    marks = ["weak-name"] if mention.flags & flags.WEAK else []
    if mention.start in folded.obfuscated:
        marks.append("obfuscated-text")

    def row(
        type_: str, ident: str | None, name: str | None, category: str | None, value: str | None = None, country: str | None = None
    ) -> MentionRow:
        return MentionRow(document.doc_id, start, end, text, type_, ident, name, category, value, country, " ".join(marks) or None)

    if mention.kind == "Q" and isinstance(mention.value, Quantity):
        quantity = mention.value
        bounds = f"{'' if quantity.low is None else quantity.low}..{'' if quantity.high is None else quantity.high}"
        return [row(kind, None, None, quantity.basis, bounds)]
    if mention.kind == "D":
        token, groups = mention.value
        around = f" {folded.text[sentence.start : sentence.end]} "
        future = any(f" {word} " in around for word in book.values.get("future_word", ()))
        period = resolve_date(token.resolve or "", groups, book.values, assembler.analysis.anchor, future)
        return [row(kind, token.id, None, None, period.iso() if period else None)]
    if mention.kind == "T":
        return [row(kind, None, None, None, f"{mention.value[0]},{mention.value[1]}")]
    if mention.kind == "N":
        return [row(kind, None, mention.value, None)]
    if kind == "place":
        place, ambiguous = assembler.resolve(mention, [])
        if ambiguous:
            marks.append("ambiguous-place")
        rows = []
        if place is not None:
            value = f"{place.lat},{place.lon}" if place.lat is not None else None
            country = place.country or (place.id if place.type == "actor" else None)
            rows.append(row("place", place.id, place.name, place.feature, value, country))
        else:
            rows.append(row("place", None, text, None))
        if mention.actor is not None:
            rows.append(row("actor", mention.actor.id, mention.actor.name, mention.actor.feature, None, mention.actor.country))
        return rows
    if mention.kind in "AG" and mention.actor is not None:
        return [row("actor", mention.actor.id, mention.actor.name, mention.actor.feature, None, mention.actor.country)]
    if entry is None:
        return [row(kind, "?" + text.casefold(), text, None)]
    if entry.id.startswith("?"):
        marks.append("unresolved")
    side = entry.actor if entry.type != "actor" else entry.id
    return [row(kind, entry.id, entry.name, entry.category, None, side if side and len(side) == 3 and side.isupper() else None)]
