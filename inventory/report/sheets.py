"""Which sheets the workbook has, in which order; each is described in a module of its own or, where it is a plain list, here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from inventory.model import ISSUE_COLUMNS, Column, Fact
from inventory.reconcile.holdings import list_holdings
from inventory.records import Known
from inventory.report.facts_sheet import FactRows, facts_sheet
from inventory.report.holdings_sheet import KINDS, holdings_sheet
from inventory.report.known_sheets import changes_sheet, conflicts_sheet, quality_sheet, sources_sheet
from inventory.report.layout import Highlight, Row, Sheet, drop_folded, list_sheet
from inventory.report.page import Page
from inventory.report.places import PLACE_COLUMNS, list_places
from inventory.report.review_sheet import base_sheet, list_work, review_sheet
from inventory.report.summary import summary_page
from inventory.report.timeline import timeline_sheet
from inventory.table import Facts

Audience = Literal["full", "analyst"]
SHEETS = (
    "Summary", "Changes", "Review", "Facts", "Equipment", "Personnel", "Units", "Places", "Timeline", "Conflicts", "Candidates", "Sources",
    "Errors", "Quality", "Run",
)  # fmt: skip

_CANDIDATE_COLUMNS = (
    Column("text", "str", "The name as printed."),
    Column("kind", "str", "Designator or counted noun."),
    Column("count", "int", "How often it was found."),
    Column("documents", "int", "In how many documents."),
    Column("example", "str", "A sentence that holds it."),
    Column("yaml", "str", "The line for a gazetteer file that would add it; check it before you merge it."),
)
_RUN_COLUMNS = (Column("key", "str", "What is told."), Column("value", "str", "Its value, as printed."))
_ERROR_LOOKS = (Highlight("alert", ("class", "message"), 'AND({class}<>"",LEFT({class},5)<>"note:")'),)
_LEGEND = (
    ("bold on a light fill", "Facts, Timeline and the holdings sheets: a loss; the holdings sheets also: a row that rolls up others"),
    ("italic on grey", "not asserted (possible, planned, denied, negated …); on Sources: a reprint"),
    ("bold on yellow", "look here: a conflict, a changed value, a document that was cut or failed"),
    ("struck through", "rejected by a reviewer, or withdrawn"),
    ("folded columns", "press 2 or + above the column letters to unfold; every column is there"),
)


def build_sheets(
    facts: Facts, known: Known, *, columns: Audience = "full", order: Sequence[str] | None = None, rejected: bool = False, max_rows: int
) -> list[Sheet | Page]:
    """The sheets of the workbook in their order.

    Args:
        facts: what the run found.
        known: what is known over runs and documents; without holdings they are reckoned from the facts.
        columns: `analyst` leaves out the columns that are folded for everybody else.
        order: the sheets that are shown, in this order; the others follow hidden. All are shown when `None`.
        rejected: also show facts that a review has rejected.
        max_rows: rows that a sheet of the file has room for, heading included.

    Raises:
        ValueError: `order` names no sheet, or one that there is not.
    """
    told = [fact for fact in facts if not _is_rejected(fact, known)]
    shown = FactRows(list(facts) if rejected else told, max_rows)
    holdings = known.holdings or list_holdings(told, reprints=known.reprints, conflicts=known.conflicts)
    sheets = [
        changes_sheet(known, shown),
        review_sheet(shown, known),
        facts_sheet(shown, known),
        *(holdings_sheet(name, holdings, shown) for name in KINDS),
        list_sheet("Places", "Every place, what is there, and a link to a map", PLACE_COLUMNS, list_places(told)),
        timeline_sheet(shown),
        conflicts_sheet(known, shown),
        list_sheet("Candidates", "Names in no gazetteer, with the line that would add them", _CANDIDATE_COLUMNS, _candidates(facts)),
        sources_sheet(facts, known),
        list_sheet("Errors", "Every document that was refused, cut or failed, and why", ISSUE_COLUMNS, _errors(facts), _ERROR_LOOKS),
        quality_sheet(known),
        list_sheet("Run", "What made this workbook", _RUN_COLUMNS, _run(facts, known)),
    ]
    if columns == "analyst":
        sheets = [drop_folded(sheet) for sheet in sheets]
    summary = summary_page(facts, known, shown, len(list_work(shown.facts, known)))
    return [*_in_order([summary, *sheets], order), base_sheet(known, facts.run.rulebook if facts.run else None)]


def _is_rejected(fact: Fact, known: Known) -> bool:
    state = known.reviews.get(fact.fact_id)
    return state is not None and state.state == "rejected"


def _in_order(sheets: list[Sheet | Page], order: Sequence[str] | None) -> list[Sheet | Page]:
    if order is None:
        return sheets
    wrong = [name for name in order if name not in SHEETS]
    if wrong or not order:
        raise ValueError(f"sheets: {', '.join(wrong) or 'none named'} — name one or more of {', '.join(SHEETS)}")
    by_name = {sheet.name: sheet for sheet in sheets}
    chosen = list(dict.fromkeys(order))
    return [by_name[name] for name in chosen] + [replace(sheet, state="hidden") for sheet in sheets if sheet.name not in chosen]


def _candidates(facts: Facts) -> list[Row]:
    return [(one.text, one.kind, one.count, one.documents, one.example, one.yaml) for one in facts.candidates]


def _errors(facts: Facts) -> list[Row]:
    return [issue.row() for issue in facts.issues]


def _run(facts: Facts, known: Known) -> list[Row]:
    rows: list[Row] = []
    for name, record in (("run", known.run), ("previous run", known.previous)):
        if record is not None:
            rows += [(f"{name}: {key}", value) for key, value in record._asdict().items() if value is not None]
    if facts.run is not None:
        run = facts.run
        rows += [("version", run.version), ("rulebook", run.rulebook), ("command", run.command)]
        rows += [(f"parameter {name}", value) for name, value in {**run.parameters, **known.parameters}.items()]
        rows += [("documents", run.documents), ("facts", run.facts), ("issues", run.issues)]
    else:
        rows += [(f"parameter {name}", value) for name, value in known.parameters.items()]
        rows += [("documents", len(facts.documents)), ("facts", len(facts)), ("issues", len(facts.issues))]
    return [*rows, *_LEGEND]
