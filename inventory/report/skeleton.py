"""The workbook without its cells: sheets, tables, widths, comments, looks, print set-up, properties.

openpyxl makes these parts; the cells are streamed into them afterwards (:mod:`inventory.report.workbook`).
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from inventory.report.cells import Link, Rich, Value, plain_text
from inventory.report.charts import add_charts
from inventory.report.layout import Sheet, SheetColumn, State
from inventory.report.page import Page
from inventory.report.review_sheet import choice_range
from inventory.report.style import LINE_POINTS, look_rule, table_style

MAX_ROWS = 1_048_576  # of a sheet, heading included (Excel specifications and limits)
# LibreOffice 7.4 loads a sheet whose XML has 1.9 GB and refuses the whole workbook when it has 2.2: it counts in 31 bits.
MAX_BYTES = 2**31 - 2**26
_SAMPLE = 1_000  # rows that decide the widths: more would hardly change them
_MIN_WIDTH = 7.0
_FILTER_ROOM = 3.2  # the button of the filter covers the end of a heading
_MAX_LINES = 14
_CHARS = 1.15  # characters of prose to a unit of width; the unit is a digit of the larger default font
_A4, _A3 = 9, 8


class Part(NamedTuple):
    """One sheet of the file: rows `first` to `last` of a :class:`Sheet`, the widths of its columns, and its links."""

    title: str
    sheet: Sheet
    first: int
    last: int
    widths: tuple[float, ...]

    @property
    def last_row(self) -> int:
        """The last row of the table, blank ones included; an Excel table needs at least one under its heading."""
        return self.filled_row + self.blank_rows

    @property
    def filled_row(self) -> int:
        """The last row that is not one of the blank ones."""
        return max(self.last - self.first, 1) + 1

    @property
    def blank_rows(self) -> int:
        """Empty rows at the end, to be typed into: on the last part of the sheet only."""
        return self.sheet.blank_rows if self.last == self.sheet.count else 0

    @property
    def reference(self) -> str:
        """The range of the table, heading included."""
        return f"A1:{get_column_letter(len(self.sheet.columns))}{self.last_row}"


def split_sheets(sheets: Iterable[Sheet | Page], max_rows: int = MAX_ROWS) -> list[Part | Page]:
    """The sheets of the file: what does not fit one continues on the next, `Facts`, `Facts 2`, …"""
    parts: list[Part | Page] = []
    for sheet in sheets:
        if isinstance(sheet, Page):
            parts.append(sheet)
            continue
        widths = _fit_widths(sheet)
        if max_rows <= 2 * sheet.blank_rows:
            sheet = replace(sheet, blank_rows=0)
        room = max_rows - 1 - sheet.blank_rows
        for number, first in enumerate(range(0, max(sheet.count, 1), room), 1):
            title = sheet.name if number == 1 else f"{sheet.name} {number}"
            parts.append(Part(title, sheet, first, min(first + room, sheet.count), widths))
    return parts


def build_skeleton(parts: Sequence[Part | Page], created: dt.datetime) -> Workbook:
    """The workbook with everything but cells. `created` is a naive UTC time."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for number, part in enumerate(parts, 1):
        if isinstance(part, Page):
            _build_page(workbook.create_sheet(part.name), part)
            continue
        worksheet = workbook.create_sheet(part.title)
        worksheet.sheet_state = _state(part)
        _set_columns(worksheet, part)
        if part.sheet.table:
            _add_table(worksheet, part, number)
            _add_comments(worksheet, part.sheet.columns)
        _add_looks(worksheet, part)
        _add_choices(worksheet, part)
        _set_print(worksheet, part)
        if part.sheet.protected:
            _protect(worksheet)
    workbook.active = next(index for index, part in enumerate(parts) if _state(part) == "visible")
    properties = workbook.properties
    properties.title = "Military inventory: facts and holdings"
    properties.subject = "Equipment, personnel and units in open-source texts"
    properties.creator = properties.lastModifiedBy = "inventory"
    properties.description = "Every row of Facts points at the sentence that says it. Losses, pledges and orders never feed stock."
    properties.created = properties.modified = created
    return workbook


def _state(part: Part | Page) -> State:
    return part.state if isinstance(part, Page) else part.sheet.state


def _build_page(worksheet: Worksheet, page: Page) -> None:
    worksheet.sheet_state = _state(page)
    worksheet.sheet_view.showGridLines = False
    for index, width in enumerate(page.widths, 1):
        worksheet.column_dimensions[get_column_letter(index)].width = width
    worksheet.print_area = f"A1:{get_column_letter(len(page.widths))}{page.last_row}"
    _set_paper(worksheet, page.purpose, _A4)
    add_charts(worksheet, page)


def row_height(lines: int) -> float:
    """The height of a row in points for that many lines of text, within a limit."""
    return round(min(lines, _MAX_LINES) * LINE_POINTS + 2.4, 1)


def column_width(column: SheetColumn, width: float) -> float:
    """The width in which the text of a column has to fit; without end for a folded column, whose text nobody sees."""
    return float("inf") if column.folded else width


def count_lines(value: Value, width: float) -> int:
    """The lines that a text needs when it is wrapped at a width; numbers and dates need one."""
    if not isinstance(value, str | Rich | Link) or width == float("inf"):
        return 1
    text = plain_text(value)
    if len(text) < width - 1 and "\n" not in text and text.isascii():
        return 1
    return sum(max(1, -(-_measure(line) // max(1, int(width * _CHARS)))) for line in text[:20_000].split("\n"))


def _measure(text: str) -> int:
    # East Asian wide and full-width characters take two places.
    return len(text) if text.isascii() else sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _fit_widths(sheet: Sheet) -> tuple[float, ...]:
    widths = [len(column.name) + _FILTER_ROOM for column in sheet.columns]
    for row in sheet.rows(0, min(sheet.count, _SAMPLE)):
        for index, (value, column) in enumerate(zip(row, sheet.columns, strict=True)):
            if value is not None and widths[index] < column.limit:
                widths[index] = max(widths[index], _shown_width(value, column) + 1.5)
    return tuple(
        max(_MIN_WIDTH, min(width, max(column.limit, _heading_width(column.name))))
        for width, column in zip(widths, sheet.columns, strict=True)
    )


def _heading_width(name: str) -> float:
    # A heading may break at its underscores only by chance, so the longest must fit whole.
    return len(name) + _FILTER_ROOM


def _shown_width(value: Value, column: SheetColumn) -> float:
    if isinstance(value, int):
        return len(f"{value:,}")
    if isinstance(value, float):
        return 9
    if isinstance(value, dt.date):
        return 10.5
    text = plain_text(value)[: 4 * column.limit]
    # Capitals are wider than the digit that widths are told in; ids are made of them.
    return max(map(_measure, text.split("\n"))) + 0.2 * sum(map(str.isupper, text[: column.limit]))


def _add_table(worksheet: Worksheet, part: Part, number: int) -> None:
    table = Table(displayName=f"{part.title.replace(' ', '')}Table", ref=part.reference, id=number)
    table.tableStyleInfo = table_style()
    # Given here: openpyxl would look for the headings in cells, and make every cell of the range to do so.
    table.tableColumns = [TableColumn(id=index, name=column.name) for index, column in enumerate(part.sheet.columns, 1)]
    table.autoFilter = AutoFilter(ref=part.reference)
    worksheet.add_table(table)


def _set_columns(worksheet: Worksheet, part: Part) -> None:
    for index, (column, width) in enumerate(zip(part.sheet.columns, part.widths, strict=True), 1):
        dimension = worksheet.column_dimensions[get_column_letter(index)]
        dimension.width = width
        if column.folded:
            dimension.outlineLevel = 1
            dimension.hidden = True
        elif index > 1 and part.sheet.columns[index - 2].folded:
            dimension.collapsed = True
    worksheet.freeze_panes = f"{get_column_letter(part.sheet.frozen + 1)}2"


def _add_comments(worksheet: Worksheet, columns: Sequence[SheetColumn]) -> None:
    for index, column in enumerate(columns, 1):
        lines = sum(1 + len(line) // 42 for line in column.comment.split("\n"))
        worksheet.cell(1, index).comment = Comment(column.comment, "inventory", height=22 + 18 * lines, width=300)


def _add_looks(worksheet: Worksheet, part: Part) -> None:
    letters = {column.name: get_column_letter(index) for index, column in enumerate(part.sheet.columns, 1)}
    for highlight in part.sheet.highlights:
        formula = highlight.formula.format_map({name: f"${letter}2" for name, letter in letters.items()})
        ranges = " ".join(f"{first}2:{last}{part.last_row}" for first, last in _column_runs(part.sheet.columns, highlight.columns))
        worksheet.conditional_formatting.add(ranges, look_rule(highlight.look, formula))


def _column_runs(columns: Sequence[SheetColumn], names: Sequence[str]) -> list[tuple[str, str]]:
    # Neighbours as one range: fifty ranges in one rule make a sheet slow to scroll.
    runs: list[tuple[int, int]] = []
    for index, column in enumerate(columns, 1):
        if column.name in names:
            runs = [*runs[:-1], (runs[-1][0], index)] if runs and runs[-1][1] == index - 1 else [*runs, (index, index)]
    return [(get_column_letter(first), get_column_letter(last)) for first, last in runs]


def _add_choices(worksheet: Worksheet, part: Part) -> None:
    for index, column in enumerate(part.sheet.columns, 1):
        if not column.choices:
            continue
        rule = DataValidation(type="list", formula1=choice_range(column.choices), allow_blank=True, showErrorMessage=True)
        rule.errorTitle, rule.error = column.name, f"Choose from the list: {', '.join(column.choices)}"[:220]
        letter = get_column_letter(index)
        rule.add(f"{letter}2:{letter}{part.last_row}")
        worksheet.add_data_validation(rule)


def _protect(worksheet: Worksheet) -> None:
    # Against slips, so without a password. In these attributes `False` means allowed. Not `sort`: on a protected sheet Excel sorts
    # unlocked cells only, so just the reviewer's column could be sorted, each decision ending beside another fact.
    protection = worksheet.protection
    protection.sheet = True
    for allowed in ("autoFilter", "formatColumns", "formatRows", "insertRows", "deleteRows"):
        setattr(protection, allowed, False)


def _set_print(worksheet: Worksheet, part: Part) -> None:
    worksheet.print_title_rows = "1:1"
    if part.sheet.state == "visible":  # a sheet without a print area is not printed when others have one
        last = next((index for index, column in enumerate(part.sheet.columns) if column.unlocked), len(part.sheet.columns) - 1)
        worksheet.print_area = f"A1:{get_column_letter(last + 1)}{part.filled_row}"
    _set_paper(worksheet, part.sheet.purpose, _A3 if part.sheet.wide else _A4)


def _set_paper(worksheet: Worksheet, purpose: str, paper: int) -> None:
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = paper
    worksheet.page_setup.fitToWidth = 1
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = worksheet.page_margins
    margins.left = margins.right = 0.4
    margins.top = margins.bottom = 0.6
    margins.header = margins.footer = 0.3
    purpose = purpose.replace("&", "&&")  # "&" begins a code in headers and footers
    worksheet.oddHeader = HeaderFooterItem(left=_HeaderFooterPart(text="&B&A&B"), right=_HeaderFooterPart(text=purpose))
    worksheet.oddFooter = HeaderFooterItem(right=_HeaderFooterPart(text="Page &P of &N"))
