"""The library's functions: read documents, extract facts from them, list their mentions."""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from inventory.extraction.candidates import CandidateTally
from inventory.extraction.pipeline import number_facts, read_document
from inventory.extraction.rows import list_mentions
from inventory.model import Document, Fact, Issue, MentionRow, RunInfo
from inventory.rulebook.book import Rulebook
from inventory.rulebook.load import load_rulebook
from inventory.table import DocumentRow, Facts

VERSION = "0.1.0"
# Records between two searches for cyclic garbage: more than a usual document makes, so that none is searched while it is read.
# Python's own 700 are met in every sentence.
_COLLECT_AFTER = 500_000
# Kind of an issue that is only a remark: the document was read all the same.
NOTE = "note: "


def extract(
    documents: Document | str | Iterable[Document | Issue | str],
    rulebook: Rulebook | None = None,
    *,
    published: dt.date | None = None,
    progress: Callable[[], None] | None = None,
    command: str = "",
) -> Facts:
    """Extract the facts of one or more documents.

    Args:
        documents: texts or :class:`Document` records, or what `read_documents` yields (issues are kept).
        rulebook: the rule pack; the shipped one when `None`.
        published: publication date of texts given as plain strings, which relative dates count from.
        progress: called after each document.
        command: what the Run sheet says was run.

    Returns:
        :class:`Facts`, a sequence of :class:`Fact` in document and text order with `.to_frame()`,
        `.documents`, `.issues` and `.candidates`. The same input gives the same facts.

    Raises:
        RuleError: no `rulebook` was given and the shipped pack (changed by hand) has faults.
    """
    book = rulebook or load_rulebook()
    if isinstance(documents, Document | str):
        documents = [documents]
    facts: list[Fact] = []
    rows: list[DocumentRow] = []
    issues: list[Issue] = []
    tally = CandidateTally()
    with _rare_collections():
        for number, given in enumerate(documents):
            if isinstance(given, Issue):
                issues.append(given)
                if not given.kind.startswith(NOTE):
                    rows.append(_failed(given))
                continue
            document = given if isinstance(given, Document) else Document(given, doc_id=f"text-{number + 1}", published=published)
            found, trouble = _extract_one(document, book, tally)
            facts += found
            if trouble is not None:
                issues.append(trouble)
            rows.append(_row(document, len(found), trouble))
            if progress is not None:
                progress()
    run = RunInfo(VERSION, book.stamp, command, {}, len(rows), len(facts), len([i for i in issues if not i.kind.startswith(NOTE)]))
    return Facts(facts, rows, issues, tally.ranked(), run)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Let cyclic garbage wait: extraction makes none, and looking for it among so many small records takes a tenth of the time."""
    before = gc.get_threshold()
    if before[0]:
        gc.set_threshold(max(before[0], _COLLECT_AFTER), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _extract_one(document: Document, book: Rulebook, tally: CandidateTally) -> tuple[list[Fact], Issue | None]:
    """The facts of one document; what goes wrong inside it must not end the run."""
    try:
        analysis, readings = read_document(document, book)
        tally.add(document, analysis.folded, readings)
        found = sorted((fact for reading in readings for _, fact in reading.facts), key=lambda fact: (fact.start, fact.end))
        return number_facts(found), None
    except TimeoutError as error:
        return [], Issue(
            document.doc_id,
            "extract",
            "rule timeout",
            f"{document.doc_id}: a rule ran too long ({error}) — report the document",
            "5 s a rule",
        )
    except RecursionError:
        return [], Issue(document.doc_id, "extract", "too deep", f"{document.doc_id}: the text nests too deep — split it")


def mentions(documents: Document | str | Iterable[Document | Issue | str], rulebook: Rulebook | None = None) -> Iterator[MentionRow]:
    """Yield every mention (names, numbers, dates, places, actors …) of the documents, in the order of the text."""
    book = rulebook or load_rulebook()
    if isinstance(documents, Document | str):
        documents = [documents]
    for number, given in enumerate(documents):
        if isinstance(given, Issue):
            continue
        document = given if isinstance(given, Document) else Document(given, doc_id=f"text-{number + 1}")
        yield from list_mentions(document, book)


def with_published(document: Document, published: dt.date | None) -> Document:
    """The document with a publication date, unless it has one of its own."""
    return document if document.published is not None or published is None else replace(document, published=published)


def _row(document: Document, facts: int, trouble: Issue | None) -> DocumentRow:
    digest = hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
    status, error = ("failed", trouble.message) if trouble is not None else (document.status, document.error)
    return DocumentRow(
        document.doc_id, document.source_key or document.url or document.doc_id, document.title, document.source, document.url,
        document.published, document.retrieved, document.language, document.reader, document.raw_sha256, digest,
        len(document.text), facts, status, error,
    )  # fmt: skip


def _failed(issue: Issue) -> DocumentRow:
    return DocumentRow(issue.doc_id, issue.doc_id, None, None, None, None, None, None, None, None, None, None, 0, "failed", issue.message)
