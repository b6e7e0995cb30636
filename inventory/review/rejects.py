"""The rows of a review that could not be taken, as a workbook that can be mended and handed in itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from inventory.records import Known, RunRecord
from inventory.report.facts_sheet import FactRows
from inventory.report.layout import Row, Sheet, SheetColumn
from inventory.report.review_sheet import base_sheet, review_sheet
from inventory.report.skeleton import MAX_ROWS
from inventory.report.workbook import write_sheets
from inventory.review.imports import ImportReport
from inventory.review.rows import Reject

# Ahead of the columns of the Review sheet. An import does not know these headings and leaves them alone.
REASON_COLUMNS = (
    SheetColumn("why_rejected", "str", "Why the row could not be taken, and what to do.", 60),
    SheetColumn("rejected_column", "str", "The column at fault."),
    SheetColumn("rejected_row", "str", "Sheet and row of the workbook that was handed in.", 22),
)
OTHER_CELLS = SheetColumn("other_cells", "str", "What stood under headings that nobody knows.", 40)
_CREATED = dt.datetime(2000, 1, 1)  # the clock is not asked: the same rejects give the same bytes


def rejects_path(path: Path, sha256: str) -> Path:
    """Where the rejects of a workbook are written by default: beside it, under its name and the beginning of its hash."""
    return path.with_name(f"{path.stem}-rejects-{sha256[:8]}.xlsx")


def write_rejects(report: ImportReport, path: Path) -> None:
    """Write the rejected rows with their reasons, in the layout of the Review sheet: mend them there, hand the file in.

    Raises:
        OutputError: the file cannot be written.
    """
    blank = review_sheet(FactRows([], MAX_ROWS), Known())
    headings = [column.name for column in blank.columns]
    rows = [_row(reject, headings) for reject in report.rejects]
    sheet = replace(
        blank,
        purpose="Rows that could not be taken: mend them, save, hand in this file",
        columns=(*REASON_COLUMNS, *blank.columns, OTHER_CELLS),
        count=len(rows),
        rows=lambda first, last: iter(rows[first:last]),
        frozen=len(REASON_COLUMNS),
        highlights=(),
        protected=False,
        blank_rows=0,
    )
    write_sheets([sheet, _base(report)], path, _CREATED)


def _row(reject: Reject, headings: Sequence[str]) -> Row:
    known = set(headings)
    other = "; ".join(f"{heading}: {text}" for heading, text in reject.cells.items() if heading not in known)
    cells = (reject.cells.get(heading) for heading in headings)
    return [reject.reason, reject.column, f"{reject.sheet} row {reject.row}", *cells, other or None]


def _base(report: ImportReport) -> Sheet:
    run = RunRecord(report.base_run or "", "", "", None, "", "", "", 0, 0, 0, 0, 0)
    return base_sheet(Known(run=run), None)
