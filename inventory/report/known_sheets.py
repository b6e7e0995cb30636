"""Changes, Conflicts, Sources and Quality: what is known over documents and runs, as lists."""

from __future__ import annotations

from collections.abc import Iterable

from inventory.model import DOCUMENT_COLUMNS, Column, Fact
from inventory.records import CHANGE_CAUSES, CHANGE_KINDS, Known
from inventory.report.facts_sheet import FactRows
from inventory.report.layout import Highlight, Row, Sheet, list_sheet
from inventory.report.links import make_link
from inventory.table import DocumentRow, Facts

CHANGE_COLUMNS: tuple[Column, ...] = (
    Column("change", "str", "What happened since the report before.", CHANGE_KINDS),
    Column("cause", "str", "Why: a document (source), the rule pack (rules) or a reviewer (review).", CHANGE_CAUSES),
    Column("fact_id", "str", "The fact; the link leads to its row on Facts."),
    Column("kind", "str", "Equipment, personnel, a unit, or materiel."),
    Column("item", "str", "Canonical name of the item."),
    Column("actor", "str", "Whose it is."),
    Column("place", "str", "Where it is."),
    Column("status", "str", "What is told of it."),
    Column("field", "str", "The column that differs; empty for a whole fact that came or went."),
    Column("old", "str", "What it said before."),
    Column("new", "str", "What it says now."),
    Column("source", "str", "Publisher of the document."),
    Column("evidence", "str", "The sentence."),
)
_CHANGE_LOOKS = (
    Highlight("rejected", ("change", "item", "actor", "place", "status"), '{change}="withdrawn"'),
    Highlight("alert", ("field", "old", "new"), '{field}<>""'),
)

CONFLICT_COLUMNS: tuple[Column, ...] = (
    Column("kind", "str", "count: numbers of one period that cannot both be true. review: reviewers who disagree."),
    Column("item", "str", "Canonical name of the item."),
    Column("actor", "str", "Whose it is."),
    Column("place", "str", "Where it is."),
    Column("period_start", "date", "First day that both sides speak of."),
    Column("period_end", "date", "Last day that both sides speak of."),
    Column("left_says", "str", "What one side says."),
    Column("left_source", "str", "Who says so."),
    Column("left_evidence", "str", "In which words."),
    Column("right_says", "str", "What the other side says."),
    Column("right_source", "str", "Who says so."),
    Column("right_evidence", "str", "In which words."),
    Column("left", "str", "The fact of the one side; the link leads to its row on Facts."),
    Column("right", "str", "The fact of the other side."),
    Column("conflict_id", "str", "Id of the conflict, the same in each report."),
)
_CONFLICT_LOOKS = (Highlight("alert", ("left_says", "right_says"), '{left_says}<>""'),)

SOURCE_COLUMNS: tuple[Column, ...] = (
    *DOCUMENT_COLUMNS[:4],
    Column("grade", "str", "Reliability of the publisher, A to F (Admiralty scale), as a person has graded it; empty: not graded."),
    *DOCUMENT_COLUMNS[4:],
    Column("reprint_of", "str", "The earlier document that this one repeats."),
    Column("similarity", "float", "How much of the text they share: Jaccard index of their shingles, 0–1."),
)
_SOURCE_LOOKS = (
    Highlight("alert", ("status", "error"), 'AND({status}<>"",{status}<>"read")'),
    Highlight("unsure", ("doc_id", "title", "source", "reprint_of"), '{reprint_of}<>""'),
)

QUALITY_COLUMNS: tuple[Column, ...] = (
    Column("check", "str", "What was checked: a limit that the report must keep, or a precision that past reviews give."),
    Column("scope", "str", "Of which rule, source or report."),
    Column("value", "float", "What was found."),
    Column("low", "float", "Lower end of the 95 % interval (Wilson)."),
    Column("high", "float", "Upper end of the interval."),
    Column("n", "int", "From how many cases."),
    Column("threshold", "str", "What it has to keep."),
    Column("status", "str", "Whether it does.", ("ok", "warn", "fail")),
    Column("note", "str", "What to do."),
)
_QUALITY_LOOKS = (
    Highlight("loss", ("check", "value", "status"), '{status}="fail"'),
    Highlight("alert", ("check", "value", "status"), '{status}="warn"'),
)


def changes_sheet(known: Known, shown: FactRows) -> Sheet:
    """What is new since the report before; says `none` where nothing is, or where there was none before."""
    rows: list[Row] = [
        [one.change, one.cause, shown.link_to(one.fact_id), one.kind, one.item, one.actor, one.place, one.status, one.field, one.old,
         one.new, one.source, shown.show(one.fact_id, one.evidence)]
        for one in known.changes
    ]  # fmt: skip
    return list_sheet("Changes", "What is new since the last report", CHANGE_COLUMNS, rows, _CHANGE_LOOKS, wide=True, frozen=3)


def conflicts_sheet(known: Known, shown: FactRows) -> Sheet:
    """Statements that cannot both be true, both sides with their words."""
    rows: list[Row] = [
        [one.kind, one.item, one.actor, one.place, one.period_start, one.period_end, one.left_says, one.left_source,
         shown.show(one.left, one.left_evidence), one.right_says, one.right_source, shown.show(one.right, one.right_evidence),
         shown.link_to(one.left), shown.link_to(one.right), one.conflict_id]
        for one in known.conflicts
    ]  # fmt: skip
    return list_sheet("Conflicts", "What cannot both be true", CONFLICT_COLUMNS, rows, _CONFLICT_LOOKS, wide=True, frozen=2)


def sources_sheet(facts: Facts, known: Known) -> Sheet:
    """Every document, its grade, and which one it repeats."""
    grades = {grade.source: grade.reliability for grade in known.grades}
    reprints = {reprint.doc_id: reprint for reprint in known.reprints}
    rows: list[Row] = []
    for document in list_documents(facts):
        reprint = reprints.get(document.doc_id)
        row: list[object] = [
            *document[:4], grades.get(document.source or ""), make_link(document.url), *document[5:],
            reprint.original if reprint else None, reprint.similarity if reprint else None,
        ]  # fmt: skip
        rows.append(row)  # type: ignore[arg-type]
    return list_sheet("Sources", "Every document", SOURCE_COLUMNS, rows, _SOURCE_LOOKS)


def quality_sheet(known: Known) -> Sheet:
    """Checks with their thresholds, and precision from past reviews."""
    return list_sheet("Quality", "Checks, and how often reviewers agreed", QUALITY_COLUMNS, known.quality, _QUALITY_LOOKS)


def list_documents(facts: Facts) -> list[DocumentRow]:
    """The documents of a run; of facts alone, as far as they know them."""
    return list(facts.documents) or _documents_of(facts.facts)


def _documents_of(facts: Iterable[Fact]) -> list[DocumentRow]:
    counts: dict[tuple[str, str], int] = {}
    firsts: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        key = (fact.doc_id, fact.text_sha256)
        counts[key] = counts.get(key, 0) + 1
        firsts.setdefault(key, fact)
    return [
        DocumentRow(
            fact.doc_id, fact.url or fact.doc_id, fact.title, fact.source, fact.url, fact.published,
            None, None, None, None, fact.text_sha256, None, counts[key], "read", None,
        )
        for key, fact in firsts.items()
    ]  # fmt: skip
