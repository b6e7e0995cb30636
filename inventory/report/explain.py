"""How a document was read, sentence by sentence: what was found, which rules fired or nearly did, and where each cell came from."""

from __future__ import annotations

from collections.abc import Iterable

from inventory.extraction.analyse import Analysis
from inventory.extraction.assemble import Assembler
from inventory.extraction.passage import Reading
from inventory.extraction.pipeline import number_facts, read_document
from inventory.extraction.sentence import Element, Sentence
from inventory.extraction.state import Item
from inventory.model import Document, Fact
from inventory.report.explain_cells import explain_cells
from inventory.report.explain_model import (
    BidView,
    ClaimView,
    ClauseView,
    CueView,
    Dropped,
    Explanation,
    FactView,
    Fired,
    Named,
    SentenceView,
)
from inventory.report.explain_near import find_near_misses
from inventory.report.explain_why import find_dropped, find_possible, find_silent, name_values, why_skipped
from inventory.rulebook.book import Rulebook
from inventory.rulebook.kinds import KIND_NAMES
from inventory.text.split import split_blocks, split_sentences

# What the form of a cue is called; the letters are those of the compiled phrases.
_FORMS = {
    "w": "words",
    "-": "blocks",
    "a": "adjective",
    "o": "noun",
    "b": "base form",
    "s": "third person",
    "p": "past",
    "n": "participle",
    "g": "gerund",
}


def explain_document(document: Document, book: Rulebook) -> Explanation:
    """Read a document as extraction does and tell how; every sentence of it is in the result, also those that were not read."""
    analysis, readings = read_document(document, book, explain=True)
    if not analysis.blocks:
        analysis.blocks = list(split_blocks(analysis.folded.cased))
    teller = _Teller(document, book, analysis, readings)
    sentences = [teller.read(reading) for reading in readings]
    sentences += teller.rest()
    sentences.sort(key=lambda view: view.start)
    return Explanation(document.doc_id, document.title, document.source, document.published, book.stamp, tuple(sentences))


class _Teller:
    """Turns what was read into views whose offsets count characters of the document's text."""

    def __init__(self, document: Document, book: Rulebook, analysis: Analysis, readings: list[Reading]) -> None:
        self.document = document
        self.book = book
        self.analysis = analysis
        self.readings = readings
        self.folded = analysis.folded
        self.assembler = Assembler(document, book, analysis)
        pairs = sorted(
            ((item, fact) for reading in readings for item, fact in reading.facts), key=lambda pair: (pair[1].start, pair[1].end)
        )
        numbered = number_facts([fact for _, fact in pairs])
        self.facts: dict[int, Fact] = {id(item): fact for (item, _), fact in zip(pairs, numbered, strict=True)}

    def span(self, start: int, end: int) -> tuple[int, int, str]:
        """A folded span in the document's text, with its characters."""
        lo, hi = self.folded.span(start, end)
        return lo, hi, self.document.text[lo:hi]

    def words(self, elements: list[Element], lo: int, hi: int) -> str:
        """The characters of elements `lo` to `hi`."""
        return self.span(elements[lo].start, elements[hi - 1].end)[2] if lo < hi <= len(elements) else ""

    # ---------------------------------------------------------------- sentences
    def read(self, reading: Reading) -> SentenceView:
        """A sentence that was read, for its facts or for its neighbours."""
        sentence = reading.sentence
        start, end, text = self.span(sentence.start, sentence.end)
        role = "read" if sentence.hot else "context"
        why = "" if sentence.hot else "read only for what it hands on: a side, a place"
        fired = tuple(self.fired(reading))
        near = find_near_misses(sentence, {one.rule for one in fired}, self.folded, self.book, self.document.text) if reading.items else ()
        return SentenceView(
            start, end, text, role, why,
            masked=self.masked(sentence), mentions=tuple(self.names(sentence)), dropped=self.dropped(sentence),
            clauses=tuple(self.clauses(reading)),
            cues=tuple(self.cues(sentence)), claims=tuple(self.claims(reading)), fired=fired, near=near, bids=tuple(self.bids(reading)),
            facts=tuple(self.tell_facts(reading)), silent=find_silent(reading, self.assembler),
        )  # fmt: skip

    def rest(self) -> Iterable[SentenceView]:
        """The sentences that were not read, and the headings that were."""
        seen = {reading.sentence.start for reading in self.readings}
        possible = find_possible(self.folded, self.book, self.document.text)
        for block in self.analysis.blocks:
            heading = self.analysis.headings.get(block.start)
            for begin, stop in split_sentences(self.folded.cased, block.start, block.end, self.book.words):
                if begin in seen:
                    continue
                start, end, text = self.span(begin, stop)
                if heading is not None and heading.start <= begin and stop <= heading.end:
                    why = "read for what it hands down: a side, a place, a date"
                    names = tuple(name for name in self.names(heading) if start <= name.start < end)
                    masked = self.masked(heading, begin, stop)
                    yield SentenceView(start, end, text, "heading", why, masked, names, self.dropped(heading))
                    continue
                why = why_skipped(begin, stop, self.analysis, self.book)
                yield SentenceView(
                    start,
                    end,
                    text,
                    "skipped",
                    why,
                    dropped=find_dropped(begin, stop, [], self.folded, self.book, self.document.text, read=False),
                    possible=possible.get(begin, ()),
                )

    # ---------------------------------------------------------------- what was found
    def names(self, sentence: Sentence) -> Iterable[Named]:
        for mention in sentence.mentions:
            ident, name, value, marks = name_values(mention, sentence, self.assembler)
            start, end, text = self.span(mention.start, mention.end)
            yield Named(start, end, text, mention.kind, KIND_NAMES.get(mention.kind, mention.kind), mention.rule, ident, name, value, marks)

    def dropped(self, sentence: Sentence) -> tuple[Dropped, ...]:
        return find_dropped(sentence.start, sentence.end, sentence.mentions, self.folded, self.book, self.document.text)

    def masked(self, sentence: Sentence, start: int = -1, end: int = -1) -> str:
        """The sentence with the name of its kind, in brackets, in the place of each mention."""
        at, stop = (sentence.start, sentence.end) if start < 0 else (start, end)
        pieces = []
        for mention in sentence.mentions:
            if at <= mention.start and mention.end <= stop:
                pieces += [self.folded.text[at : mention.start], f"[{KIND_NAMES.get(mention.kind, mention.kind)}]"]
                at = mention.end
        return " ".join("".join([*pieces, self.folded.text[at:stop]]).split())

    def clauses(self, reading: Reading) -> Iterable[ClauseView]:
        elements = reading.sentence.elements
        for clause in reading.clauses:
            start, end, text = self.span(elements[clause.lo].start, elements[clause.hi - 1].end)
            verb = self.words(elements, clause.group if clause.group >= 0 else clause.verb, clause.verb + 1) if clause.verb >= 0 else ""
            subject = self.words(elements, *clause.subject) if clause.subject is not None else ""
            yield ClauseView(start, end, text, clause.kind, verb, clause.voice, subject)

    def cues(self, sentence: Sentence) -> Iterable[CueView]:
        for hit in sentence.cues:
            start, end, text = self.span(hit.start, hit.end)
            forms: dict[str, list[str]] = {}
            for cue, form in hit.forms:
                forms.setdefault(cue.id, []).extend(_FORMS.get(letter, letter) for letter in form)
            for cue in {cue.id: cue for cue, _ in hit.forms}.values():
                yield CueView(start, end, text, cue.id, cue.type, cue.value, ", ".join(dict.fromkeys(forms[cue.id])))

    def claims(self, reading: Reading) -> Iterable[ClaimView]:
        for claim in reading.claims:
            said = self.span(claim.lo, claim.hi)[2]
            words = self.document.text[claim.start : claim.end]
            yield ClaimView(
                claim.start, claim.end, words, claim.name, claim.actor.id if claim.actor is not None else None, claim.rule, said
            )

    # ---------------------------------------------------------------- what was made of it
    def fired(self, reading: Reading) -> Iterable[Fired]:
        for rule, lo, hi in reading.tries:
            inside = [item for item in reading.items if lo <= item.mention.start and item.mention.end <= hi]
            filled = [self.filled(slot, item) for item in inside for slot, name, *_ in item.steps if name == rule]
            groups = {item.group for item in inside if item.group >= 0}
            if rule == "list" and groups:
                filled.append("one list: " + ", ".join(self.printed(item) for item in inside if item.group in groups))
            yield Fired(rule, *self.span(lo, hi), tuple(dict.fromkeys(filled)))

    def filled(self, slot: str, item: Item) -> str:
        return f"{slot or 'part of a total'} of {self.printed(item)}" if slot != "item" else f"class joined to {self.printed(item)}"

    def printed(self, item: Item) -> str:
        return self.span(item.mention.start, item.mention.end)[2]

    def bids(self, reading: Reading) -> Iterable[BidView]:
        for item in reading.items:
            won = reading.chosen.get(item.index)
            if item.absorbed_by is not None:
                continue
            for bid in sorted(reading.bids.get(item.index, []), key=lambda bid: -bid.rank):
                start, end, text = self.span(bid.element.start, bid.element.end)
                where = self.span(item.mention.start, item.mention.end)
                yield BidView(where[2], where[0], bid.cue.id, bid.value, bid.rank, text, start, end, bid.agent, bid is won)

    def tell_facts(self, reading: Reading) -> Iterable[FactView]:
        if not reading.facts:
            return
        operations = {}
        for sentence in (*self.analysis.headings.values(), reading.sentence):
            for mention in reversed(sentence.mentions):
                if mention.kind == "O" and mention.entry is not None:
                    operations[mention.entry.name] = (mention.rule, *self.folded.span(mention.start, mention.end))
        for item, _ in sorted(reading.facts, key=lambda pair: (pair[1].start, pair[1].end)):
            fact = self.facts[id(item)]
            yield FactView(fact, explain_cells(fact, item, self.folded, self.book, self.document.text, operations))
