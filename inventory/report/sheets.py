"""Which sheets the workbook has, in which order; each is described in a module of its own or, where it is a plain list, here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from inventory.model import DOCUMENT_COLUMNS, ISSUE_COLUMNS, Column, Fact
from inventory.records import Known
from inventory.report.evidence import mark_items, show_evidence
from inventory.report.facts_sheet import FactRows, facts_sheet
from inventory.report.holdings import HOLDING_COLUMNS, list_holdings
from inventory.report.layout import Highlight, Row, Sheet, drop_folded, list_sheet
from inventory.report.places import PLACE_COLUMNS, list_places
from inventory.report.review_sheet import base_sheet, review_sheet
from inventory.table import DocumentRow, Facts

Audience = Literal["full", "analyst"]
SHEETS = ("Review", "Facts", "Equipment", "Personnel", "Units", "Places", "Sources", "Candidates", "Errors", "Run")
_HOLDINGS = {"Equipment": ("equipment", "materiel"), "Personnel": ("personnel",), "Units": ("unit",)}


def build_sheets(
    facts: Facts, known: Known, *, columns: Audience = "full", order: Sequence[str] | None = None, rejected: bool = False, max_rows: int
) -> list[Sheet]:
    """The sheets of the workbook in their order.

    Args:
        facts: what the run found.
        known: what is known over runs and documents.
        columns: `analyst` leaves out the columns that are folded for everybody else.
        order: the sheets that are shown, in this order; the others follow hidden. All are shown when `None`.
        rejected: also show facts that a review has rejected.
        max_rows: rows that a sheet of the file has room for, heading included.

    Raises:
        ValueError: `order` names no sheet, or one that there is not.
    """
    shown = [fact for fact in facts if rejected or not _is_rejected(fact, known)]
    rows = FactRows(shown, max_rows)
    marks = mark_items(shown)
    sheets = [
        review_sheet(shown, known, rows.locate, lambda index, fact: show_evidence(fact.evidence, marks.get(index))),
        facts_sheet(shown, known, marks),
        *(_holdings_sheet(name, shown, kinds) for name, kinds in _HOLDINGS.items()),
        list_sheet("Places", "Every place, what is there, and a link to a map", PLACE_COLUMNS, list_places(shown)),
        list_sheet("Sources", "Every document", DOCUMENT_COLUMNS, facts.documents or _documents_of(facts.facts), _DOCUMENT_LOOKS),
        list_sheet(
            "Candidates", "Names that no gazetteer knows, with the line that would add them", _CANDIDATE_COLUMNS, _candidates(facts)
        ),
        list_sheet("Errors", "Every document that was refused, cut or failed, and why", ISSUE_COLUMNS, _errors(facts)),
        list_sheet("Run", "What made this workbook", _RUN_COLUMNS, _run(facts)),
    ]
    if columns == "analyst":
        sheets = [drop_folded(sheet) for sheet in sheets]
    return [*_in_order(sheets, order), base_sheet(known, facts.run.rulebook if facts.run else None)]


def _is_rejected(fact: Fact, known: Known) -> bool:
    state = known.reviews.get(fact.fact_id)
    return state is not None and state.state == "rejected"


def _in_order(sheets: list[Sheet], order: Sequence[str] | None) -> list[Sheet]:
    if order is None:
        return sheets
    wrong = [name for name in order if name not in SHEETS]
    if wrong or not order:
        raise ValueError(f"sheets: {', '.join(wrong) or 'none named'} — name one or more of {', '.join(SHEETS)}")
    by_name = {sheet.name: sheet for sheet in sheets}
    chosen = list(dict.fromkeys(order))
    return [by_name[name] for name in chosen] + [replace(sheet, state="hidden") for sheet in sheets if sheet.name not in chosen]


_HOLDING_LOOKS = (
    Highlight("loss", ("lost_low", "lost_high"), "LEN({lost_low}&{lost_high})>0"),
    Highlight("alert", ("low", "high", "flags"), 'OR(ISNUMBER(SEARCH("disagree",{flags})),ISNUMBER(SEARCH("differ",{flags})))'),
)
_DOCUMENT_LOOKS = (Highlight("alert", ("status", "error"), 'AND({status}<>"",{status}<>"read")'),)

_CANDIDATE_COLUMNS = (
    Column("text", "str", "The name as printed."),
    Column("kind", "str", "Designator or counted noun."),
    Column("count", "int", "How often it was found."),
    Column("documents", "int", "In how many documents."),
    Column("example", "str", "A sentence that holds it."),
    Column("yaml", "str", "The line for a gazetteer file that would add it; check it before you merge it."),
)
_RUN_COLUMNS = (Column("key", "str", "What is told."), Column("value", "str", "Its value, as printed."))
_LEGEND = (
    ("bold on a light fill", "on Facts and the holdings sheets: a loss"),
    ("italic on grey", "on Facts: not asserted (possible, planned, denied, negated …)"),
    ("folded columns", "on Facts: press 2 or + above the column letters to unfold; every column is there"),
)


def _holdings_sheet(name: str, facts: Sequence[Fact], kinds: tuple[str, ...]) -> Sheet:
    holdings = list_holdings(facts, kinds)
    purpose = "Who holds what where; rows and reports are not added up"
    return list_sheet(name, purpose, HOLDING_COLUMNS, holdings, _HOLDING_LOOKS, wide=True, frozen=4)


def _documents_of(facts: Iterable[Fact]) -> list[DocumentRow]:
    # A caller that has facts only still gets its sources, as far as the facts know them.
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


def _candidates(facts: Facts) -> list[Row]:
    return [(one.text, one.kind, one.count, one.documents, one.example, one.yaml) for one in facts.candidates]


def _errors(facts: Facts) -> list[Row]:
    # "none" rather than an empty sheet: an empty one could also mean that nobody looked.
    return [issue.row() for issue in facts.issues] or [("none", None, None, None, None)]


def _run(facts: Facts) -> list[Row]:
    rows: list[Row] = []
    if facts.run is not None:
        run = facts.run
        rows += [("version", run.version), ("rulebook", run.rulebook), ("command", run.command)]
        rows += [(f"parameter {name}", value) for name, value in run.parameters.items()]
        rows += [("documents", run.documents), ("facts", run.facts), ("issues", run.issues)]
    else:
        rows += [("documents", len(facts.documents)), ("facts", len(facts)), ("issues", len(facts.issues))]
    return [*rows, *_LEGEND]
