"""A reviewed workbook as rows of typed cells. Nothing is judged here but whether the file can be read at all.

What analysts do to a workbook is no fault: sorted, filtered, hidden and moved rows and columns, sheets renamed or copied, rows above the
heading, saved from another program. Columns are found by heading. python-calamine would be six times as fast but does not tell a formula
from its result, and a formula must be refused, so openpyxl reads, row by row.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from inventory.report.rowcheck import BASE_SHEET, read_base
from inventory.review.archive import check_archive
from inventory.review.errors import WorkbookError

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

MAX_SHEET_ROWS = 1_048_576  # of an Excel sheet; row numbers beyond are an attack
_HEADING_WITHIN = 40  # rows in which the heading is looked for: an analyst may put a title above
_BASE_ROWS = 1_000  # rows of the base sheet that are read

# SpreadsheetML writes a character that XML cannot hold as _xHHHH_ (22.9.2.19 ST_Xstring); which of the two a reader returns depends
# on how the writing program stored the text.
_XSTRING = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Cell(NamedTuple):
    """One cell. `kind` is blank, text, number, date, bool, duration, formula or error; `value` is what stands there."""

    kind: str
    value: Any

    @property
    def text(self) -> str:
        """The cell as text, white space at the ends removed."""
        return show_value(self.value).strip()

    @property
    def plain(self) -> Any:
        """The value, a text with Excel's escapes decoded."""
        return decode_escapes(self.value) if isinstance(self.value, str) else self.value


BLANK = Cell("blank", None)


class ReviewRow(NamedTuple):
    """One row below the heading: its sheet, its number there, and its cells by heading. Blank cells are left out."""

    sheet: str
    row: int
    cells: dict[str, Cell]
    strange: dict[str, Cell]

    def cell(self, heading: str) -> Cell:
        """The cell under a heading; blank where there is none."""
        return self.cells.get(heading, BLANK)


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """A sheet that holds statements: its name, the headings that are known and those that are not, the rows that may say something, and
    how many rows stand as they were written."""

    name: str
    headings: frozenset[str]
    strange: tuple[str, ...]
    rows: tuple[ReviewRow, ...]
    untouched: int = 0


@dataclass(frozen=True, slots=True)
class ReviewBook:
    """A reviewed workbook. `base` is its hidden sheet that says what it was made from, key and value; empty where it is gone."""

    path: Path
    sha256: str
    sheets: tuple[ReviewSheet, ...]
    base: dict[str, str]


def read_review(path: Path, data: bytes, known: Iterable[str], input_: Iterable[str] = ()) -> ReviewBook:
    """Read every sheet that holds statements, and the hidden sheet that says what the workbook was made from.

    Args:
        path: names the workbook in messages.
        data: its bytes, `.xlsx`.
        known: the headings that mean something; compared without regard to case, spaces and underscores.
        input_: those of them that the reviewer fills; a row of the report without a cell there is counted and not kept.

    Raises:
        WorkbookError: the file is no workbook, is damaged, unsafe, or has no sheet to review.
    """
    check_archive(path, data)
    names, filled = {fold_heading(name): name for name in known}, frozenset(input_)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of what it does not carry over; nothing is written back
            book = _open(path, data)
            try:
                sheets = tuple(sheet for title in book.sheetnames if (sheet := _read_sheet(path, book, title, names, filled)) is not None)
                base = _read_base(book)
            finally:
                book.close()
    except WorkbookError:
        raise
    except MemoryError:
        raise
    except Exception as fault:  # a parser fed with what anyone may have sent: whatever it raises, the file is at fault
        told = f"{type(fault).__name__}: {fault}"[:200]
        raise WorkbookError(path, f"is damaged ({told}); open it in a spreadsheet program and save it as .xlsx again") from fault
    if not sheets:
        raise WorkbookError(
            path, "has no sheet with the headings fact_id, row_check and decision; hand in the report whose sheet Review you filled"
        )
    return ReviewBook(path, hashlib.sha256(data).hexdigest(), sheets, base)


def _open(path: Path, data: bytes) -> Workbook:
    from openpyxl import DEFUSEDXML, load_workbook

    if not DEFUSEDXML:
        raise WorkbookError(path, "cannot be opened safely without defusedxml; install it")
    return load_workbook(BytesIO(data), read_only=True, keep_links=False)


def fold_heading(text: str) -> str:
    """A heading without regard to case, spaces, hyphens and underscores: `Reviewed At` is `reviewed_at`."""
    return re.sub(r"[\s_\u00a0-]+", "", text).casefold()


def show_value(value: Any) -> str:
    """A cell's value as text: dates in ISO 8601, whole numbers without a decimal point, Excel's escapes decoded."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return decode_escapes(str(value)).replace("\r\n", "\n").replace("\r", "\n")


def decode_escapes(text: str) -> str:
    """Excel's `_xHHHH_` as the character that it stands for."""
    return _XSTRING.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


# ---------------------------------------------------------------- sheets
def _read_sheet(path: Path, book: Workbook, title: str, names: dict[str, str], filled: frozenset[str]) -> ReviewSheet | None:
    worksheet: Any = book[title]
    if title == BASE_SHEET or not hasattr(worksheet, "reset_dimensions"):  # the latter: a chart sheet
        return None
    worksheet.reset_dimensions()  # some programs state a wrong extent, and rows beyond it would be passed over in silence
    found = _find_heading(path, worksheet, title, names)
    if found is None:
        return None
    at, columns, strange = found
    last = max([*columns, *strange])
    rows = []
    untouched = 0
    for number, cells in enumerate(worksheet.iter_rows(min_row=at + 1, max_row=MAX_SHEET_ROWS, max_col=last), at + 1):
        held = [(index, cell) for index, cell in enumerate(cells, 1) if cell.value is not None]
        if held:
            row = ReviewRow(title, number, _take(held, columns), _take(held, strange))
            if filled and "row_check" in row.cells and not row.strange and filled.isdisjoint(row.cells):
                untouched += 1  # nine rows in ten of a long list; kept, they would fill the memory
            elif row.cells or row.strange:
                rows.append(row)
    return ReviewSheet(title, frozenset(columns.values()), tuple(strange.values()), tuple(rows), untouched)


def _take(held: list[tuple[int, Any]], columns: dict[int, str]) -> dict[str, Cell]:
    taken = ((columns[index], read_cell(cell.value, cell.data_type)) for index, cell in held if index in columns)
    return {heading: cell for heading, cell in taken if cell.kind != "blank"}


def _find_heading(path: Path, worksheet: Any, title: str, names: dict[str, str]) -> tuple[int, dict[int, str], dict[int, str]] | None:
    for number, cells in enumerate(worksheet.iter_rows(min_row=1, max_row=_HEADING_WITHIN), 1):
        columns: dict[int, str] = {}
        strange: dict[int, str] = {}
        twice: list[tuple[str, int, int]] = []
        for index, cell in enumerate(cells, 1):
            text = show_value(cell.value).strip()
            if text and (name := names.get(fold_heading(text))) is not None:
                if name in columns.values():
                    twice.append((name, next(other for other, held in columns.items() if held == name), index))
                    continue
                columns[index] = name
            elif text:
                strange[index] = text
        if _is_heading(title, frozenset(columns.values())):
            # Only now: rows of other sheets hold such words as values (the sheet Equipment has `item` in two columns).
            for name, one, other in twice:
                raise WorkbookError(
                    path, f"sheet {title} has two columns headed {name} ({_letter(one)} and {_letter(other)}); delete or rename one"
                )
            return number, columns, strange
    return None


def _is_heading(title: str, headings: frozenset[str]) -> bool:
    # Any two of the three tell the sheet; where one was renamed or deleted, its rows are explained one by one.
    marks = headings & {"fact_id", "row_check", "decision"}
    return len(marks) >= 2 or (bool(marks) and len(headings) >= 3 and fold_heading(title).startswith("review"))


def _letter(index: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(index)


def read_cell(value: Any, data_type: str) -> Cell:
    """A cell of openpyxl by kind; text of nothing but white space is blank."""
    if value is None:
        return BLANK
    if data_type == "f":
        shown = getattr(value, "text", value)  # array formulas are objects
        return Cell("formula", str(shown))
    if data_type == "e":
        return Cell("error", str(value))
    if isinstance(value, bool):
        return Cell("bool", value)
    if isinstance(value, int | float):
        return Cell("number", value)
    if isinstance(value, dt.datetime | dt.date):
        return Cell("date", value)
    if isinstance(value, dt.time | dt.timedelta):
        return Cell("duration", value)
    return Cell("text", str(value)) if str(value).strip() else BLANK


def _read_base(book: Workbook) -> dict[str, str]:
    if BASE_SHEET not in book.sheetnames:
        return {}
    worksheet: Any = book[BASE_SHEET]
    worksheet.reset_dimensions()
    pairs = worksheet.iter_rows(min_row=1, max_row=_BASE_ROWS, max_col=2, values_only=True)
    return read_base((key, None if value is None else show_value(value)) for key, value in pairs)
