"""What no gazetteer knows: designator-shaped names and counted nouns, ranked, with the YAML line that would add them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from inventory.extraction.passage import Reading
from inventory.model import Candidate, Document
from inventory.text.fold import Folded

_NOT_SLUG = re.compile(r"[^a-z0-9]+")


class CandidateTally:
    """Collects candidates over documents."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], tuple[int, set[str], str, str]] = {}

    def add(self, document: Document, folded: Folded, readings: Iterable[Reading]) -> None:
        """Count the unknown designators of a document; `readings` as the pipeline gives them."""
        for reading in readings:
            sentence = reading.sentence
            elements = sentence.elements
            for mention in sentence.mentions:
                if mention.kind != "E" or mention.entry is not None or mention.value != "unknown" or mention.start not in sentence.index_of:
                    continue
                index = sentence.index_of[mention.start]
                text = document.text[slice(*folded.span(mention.start, mention.end))]
                following = elements[index + 1].mention if index + 1 < len(elements) else None
                category = (
                    following.entry.category if following is not None and following.entry is not None and following.kind == "c" else None
                )
                evidence = " ".join(document.text[slice(*folded.span(sentence.start, sentence.end))].split())
                self._count("designator", text, document.doc_id, evidence, category or "")

    def _count(self, kind: str, text: str, doc_id: str, evidence: str, category: str) -> None:
        count, documents, example, known = self._seen.get((kind, text), (0, set(), evidence, category))
        documents.add(doc_id)
        self._seen[kind, text] = (count + 1, documents, example, known or category)

    def ranked(self) -> list[Candidate]:
        """The candidates, most documents first, then most mentions, then by name."""
        rows = []
        for (kind, text), (count, documents, example, category) in self._seen.items():
            slug = _NOT_SLUG.sub("-", text.lower()).strip("-")
            line = f"- {{id: {slug}, name: {text}, category: {category or 'equipment/equipment'}, source: seen in text}}"
            rows.append(Candidate(text, kind, count, len(documents), example[:300], line))
        return sorted(rows, key=lambda c: (-c.documents, -c.count, c.text))
