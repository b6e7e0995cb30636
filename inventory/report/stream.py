"""The XML of a sheet: its skeleton, as openpyxl made it, with rows and links streamed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from openpyxl.utils import get_column_letter

from inventory.report.cells import CellStyle, Link, Value, cell_tail, cell_xml
from inventory.report.layout import Sheet
from inventory.report.links import LinkList
from inventory.report.page import Page
from inventory.report.skeleton import MAX_ROWS, Part, column_width, count_lines, row_height
from inventory.report.style import FormatKey, Formats

SheetWriter = Callable[[bytes, LinkList], Iterator[bytes]]
_HEADING_POINTS = 24.0
_MOST_KEPT = 2_048  # cells of a column that are kept
_SAMPLE = 1_000  # rows that tell how long a sheet will be
_LEAST_CELL = 20  # bytes of an empty cell
_MOST_ODDS = 40  # times as long as an empty cell: where rows would have to be longer than that to matter, none is looked at
_SAFETY = 1.02
_LEAST_ROWS = 100  # of a sheet, however long they are
_LINK_BYTES = 60  # of a hyperlink element, its target aside
_SHEET_DATA = re.compile(rb"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.DOTALL)
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"\s*/>')
_FONT = re.compile(rb"<font>(.*?)</font>", re.DOTALL)
_PROPERTY = re.compile(rb"<[a-zA-Z]+(?:\s[^>]*)?/>")
_NAME = re.compile(rb"<([a-zA-Z]+)")
_FONT_ORDER = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family", "charset", "scheme",
)  # fmt: skip


class PartStyles(NamedTuple):
    """The cell formats of a sheet's columns: of the heading, of rows, and of blank rows that can be typed into."""

    headings: list[CellStyle]
    rows: list[CellStyle]
    blanks: list[CellStyle]


def part_writer(part: Part, formats: Formats) -> SheetWriter:
    """What makes the XML of a table's sheet from its skeleton; its formats are registered at once."""
    styles = _column_styles(part, formats)
    return lambda skeleton, links: _part_xml(skeleton, part, styles, links)


def page_writer(page: Page, formats: Formats) -> SheetWriter:
    """What makes the XML of a page from its skeleton; its formats are registered at once."""
    styles: dict[tuple[int, int], CellStyle] = {}
    for row, cells in page.cells.items():
        for column, cell in cells.items():
            kind = "link" if isinstance(cell.value, Link) else cell.type
            plain, quoted = (formats.index(FormatKey(kind, quoted, role=cell.role)) for quoted in (False, True))
            styles[row, column] = CellStyle(get_column_letter(column), plain, quoted, plain)
    return lambda skeleton, links: _page_xml(skeleton, page, styles, links)


def fit_rows(sheets: Iterable[Sheet | Page], max_rows: int, max_bytes: int) -> int:
    """How many rows a sheet of the file may have, at most `max_rows`, so that the XML of none is longer than `max_bytes`.

    Reckoned from rows taken evenly over each sheet; rows that are much unlike these can make a sheet longer all the same.
    """
    for sheet in sheets:
        if isinstance(sheet, Sheet) and min(sheet.count, max_rows) * _LEAST_CELL * len(sheet.columns) > max_bytes // _MOST_ODDS:
            max_rows = min(max_rows, max(int(max_bytes / (_mean_bytes(sheet) * _SAFETY)), _LEAST_ROWS + sheet.blank_rows))
    return max_rows


def _mean_bytes(sheet: Sheet) -> float:
    """The mean length of a row's XML, a little too long: row numbers and formats count as the longest."""
    styles = [CellStyle(get_column_letter(index), 999, 999, 999) for index in range(1, len(sheet.columns) + 1)]
    picked = range(0, sheet.count, max(sheet.count // _SAMPLE, 1))
    total = 0
    for index in picked:
        row = next(sheet.rows(index, index + 1))
        cells = "".join(cell_xml(MAX_ROWS, value, style) for value, style in zip(row, styles, strict=True))
        total += len(f'<row r="{MAX_ROWS}" ht="999.9" customHeight="1">{cells}</row>'.encode())
        total += sum(_LINK_BYTES + len(value.target) for value in row if isinstance(value, Link))
    return total / len(picked)


def sort_fonts(styles: bytes) -> bytes:
    """The styles part with the properties of each font in the order of the schema (CT_Font), which openpyxl does not keep."""
    return _FONT.sub(lambda font: b"<font>" + b"".join(sorted(_PROPERTY.findall(font[1]), key=_font_rank)) + b"</font>", styles)


def _font_rank(element: Any) -> int:
    name = _NAME.match(element)
    return _FONT_ORDER.index(name[1].decode()) if name else len(_FONT_ORDER)


def _column_styles(part: Part, formats: Formats) -> PartStyles:
    styles = PartStyles([], [], [])
    for index, column in enumerate(part.sheet.columns, 1):
        letter, kind = get_column_letter(index), column.type
        heading = formats.index(FormatKey(kind, heading=True, unlocked=column.unlocked))
        plain, quoted = (formats.index(FormatKey(kind, quoted, unlocked=column.unlocked)) for quoted in (False, True))
        styles.headings.append(CellStyle(letter, heading, heading))
        styles.rows.append(CellStyle(letter, plain, quoted, formats.index(FormatKey("link"))))
        if part.sheet.blank_rows:
            blank = formats.index(FormatKey(kind, unlocked=True))
            styles.blanks.append(CellStyle(letter, blank, blank))
    return styles


def _page_xml(skeleton: bytes, page: Page, styles: dict[tuple[int, int], CellStyle], links: LinkList) -> Iterator[bytes]:
    head, tail = _split_skeleton(skeleton, f"A1:{get_column_letter(len(page.widths))}{page.last_row}")
    yield head
    for row in sorted({*page.cells, *page.heights}):
        here = sorted(page.cells.get(row, {}).items())
        cells = "".join(_cell(row, cell.value, styles[row, column], links) for column, cell in here)
        size = f' ht="{page.heights[row]}" customHeight="1"' if row in page.heights else ""
        yield f'<row r="{row}"{size}>{cells}</row>'.encode()
    yield b"</sheetData>"
    yield _with_links(tail, links)


def _part_xml(skeleton: bytes, part: Part, styles: PartStyles, links: LinkList) -> Iterator[bytes]:
    head, tail = _split_skeleton(skeleton, part.reference)
    yield head
    titles = "".join(cell_xml(1, column.name, style) for column, style in zip(part.sheet.columns, styles.headings, strict=True))
    yield f'<row r="1" ht="{_HEADING_POINTS}" customHeight="1">{titles}</row>'.encode()
    # An empty sheet gets one empty row: a table cannot do without.
    rows = part.sheet.rows(part.first, part.last) if part.sheet.count else iter([[None] * len(styles.rows)])
    widths = map(column_width, part.sheet.columns, part.widths)
    columns = [_ColumnWriter(style, width) for style, width in zip(styles.rows, widths, strict=True)]
    for number, row in enumerate(rows, 2):
        lines, cells = 1, []
        for column, value in zip(columns, row, strict=True):
            if value is None:
                cells.append(f"{column.open}{number}{column.empty}")
                continue
            if value.__class__ is Link:
                value = _admit(number, value, column.style, links)
            written, high = column.known.get(value) or column.write(value)
            cells.append(f"{column.open}{number}{written}")
            if high > lines:
                lines = high
        yield f'<row r="{number}" ht="{row_height(lines)}" customHeight="1">{"".join(cells)}</row>'.encode()
    for number in range(part.filled_row + 1, part.last_row + 1):
        yield f'<row r="{number}">{"".join([cell_xml(number, None, style) for style in styles.blanks])}</row>'.encode()
    yield b"</sheetData>"
    # Ids such as "524901" are text on purpose: no green triangle in each of them.
    quiet = b'<ignoredErrors><ignoredError sqref="%s" numberStoredAsText="1"/></ignoredErrors>' % part.reference.encode()
    yield _with_links(tail.replace(b"<legacyDrawing", quiet + b"<legacyDrawing", 1), links)


def _split_skeleton(skeleton: bytes, dimension: str) -> tuple[bytes, bytes]:
    """What comes before the rows, with the true dimension, and what comes after them."""
    found = _SHEET_DATA.search(skeleton)
    if found is None:
        raise AssertionError("openpyxl wrote a sheet without sheetData; check the pinned version")
    head = _DIMENSION.sub(b'<dimension ref="%s"/>' % dimension.encode(), skeleton[: found.start()])
    return head + b"<sheetData>", skeleton[found.end() :]


def _with_links(tail: bytes, links: LinkList) -> bytes:
    before, margins, after = tail.partition(b"<pageMargins")  # what the schema wants next after the links
    return before + links.element() + margins + after


def _cell(row: int, value: Value, style: CellStyle, links: LinkList) -> str:
    return cell_xml(row, _admit(row, value, style, links), style)


def _admit(row: int, value: Value, style: CellStyle, links: LinkList) -> Value:
    """The value; of a link for which a sheet has no more room its text."""
    if isinstance(value, Link) and not links.add(f"{style.letter}{row}", value):
        return value.text
    return value


class _ColumnWriter:
    """The cells of a column. Most columns say the same few things again and again: what was written once is kept."""

    __slots__ = ("empty", "known", "open", "style", "width")

    def __init__(self, style: CellStyle, width: float) -> None:
        self.style = style
        self.width = width
        self.open = f'<c r="{style.letter}'
        self.empty = cell_tail(None, style)
        self.known: dict[Value, tuple[str, int]] = {}

    def write(self, value: Value) -> tuple[str, int]:
        """What follows the reference in the cell, and the lines that its text needs."""
        if len(self.known) >= _MOST_KEPT:
            self.known.clear()
        written = self.known[value] = cell_tail(value, self.style), count_lines(value, self.width)
        return written
