"""Facts as an Excel workbook: the same facts give the same bytes.

Two steps: openpyxl makes a skeleton of everything but cells, then the cells are streamed into its sheets while the
zip is written anew with fixed dates. So 100,000 facts need neither minutes nor gigabytes, and no text of
a document ever passes through a formula-guessing setter.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.utils import get_column_letter
from openpyxl.workbook.workbook import Workbook
from openpyxl.writer.excel import ExcelWriter

from inventory.records import Known
from inventory.report.atomic import atomic_path
from inventory.report.cells import CellStyle, Link, Value, cell_xml
from inventory.report.links import LinkList
from inventory.report.sheets import Audience, build_sheets
from inventory.report.skeleton import MAX_ROWS, Part, build_skeleton, row_height, split_sheets
from inventory.report.style import FormatKey, Formats
from inventory.table import Facts

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can hold
_ZIP64_ROWS = 100_000  # from here on a sheet may pass the 2 GiB that a plain zip entry holds
_NO_DATE = dt.datetime(2000, 1, 1)
_HEADING_POINTS = 24.0
_SHEET_DATA = re.compile(rb"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.DOTALL)
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"\s*/>')


def write_workbook(
    facts: Facts,
    path: Path | str,
    *,
    known: Known | None = None,
    columns: Audience = "full",
    sheets: Sequence[str] | None = None,
    rejected: bool = False,
    created: dt.datetime | None = None,
    max_rows: int = MAX_ROWS,
) -> None:
    """Write the report: all sheets of :data:`inventory.report.sheets.SHEETS`.

    Text is written as text, whatever it begins with (:mod:`inventory.report.cells`); holdings follow the rules of
    docs/reconcile.md: repeated reports are not added up, and losses, orders and pledges never feed stock.

    Args:
        facts: what to write.
        path: where; replaced at once when the file is complete, untouched on failure.
        known: what is known over runs and documents: changes, conflicts, holdings, reviews. Nothing when `None`.
        columns: `full`, or `analyst` without the columns that are folded in a full workbook.
        sheets: the sheets that are shown, in this order; the others are there, but hidden. All are shown when `None`.
        rejected: also show the facts that a review has rejected.
        created: time in the file's properties, UTC if it has no zone. By default midnight of the
            latest publication date, else of 2000-01-01: the clock is not asked, so equal input gives equal bytes.
        max_rows: rows of a sheet, heading included; what is beyond continues on a sheet `Facts 2`.

    Raises:
        OutputError: the file cannot be written.
        ValueError: `sheets` names a sheet that there is not, or none.
    """
    built = build_sheets(facts, known or Known(), columns=columns, order=sheets, rejected=rejected, max_rows=max_rows)
    parts = split_sheets(built, max_rows)
    workbook = build_skeleton(parts, _naive_utc(created) if created else _latest_published(facts))
    formats = Formats(workbook)
    styles = [_column_styles(part, formats) for part in parts]
    skeleton = _save_skeleton(workbook)
    bodies = {f"xl/worksheets/sheet{index + 1}.xml": index for index in range(len(parts))}
    links: dict[str, LinkList] = {}
    with atomic_path(path) as temporary, ZipFile(temporary, "w", ZIP_DEFLATED) as target, ZipFile(skeleton) as source:
        for name in source.namelist():
            entry = ZipInfo(name, _ZIP_DATE)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3  # or the bytes would tell the operating system
            entry.external_attr = 0o644 << 16
            content = source.read(name)
            if (index := bodies.get(name)) is not None:
                part = parts[index]
                # openpyxl writes the relationships of a sheet after the sheet, so the links are known by then.
                found = links[f"xl/worksheets/_rels/sheet{index + 1}.xml.rels"] = LinkList()
                with target.open(entry, "w", force_zip64=part.last_row > _ZIP64_ROWS) as stream:
                    for chunk in _sheet_xml(content, part, styles[index], found):
                        stream.write(chunk)
                continue
            if (collected := links.pop(name, None)) is not None:
                content = content.replace(b"</Relationships>", collected.relationships() + b"</Relationships>")
            target.writestr(entry, content)
        if any(collected.relationships() for collected in links.values()):
            raise AssertionError("a sheet with links has no relationships; check the pinned version of openpyxl")


def _latest_published(facts: Facts) -> dt.datetime:
    published = [row.published for row in facts.documents] + [fact.published for fact in facts]
    days = [day for day in published if day is not None]
    return dt.datetime.combine(max(days), dt.time()) if days else _NO_DATE


def _naive_utc(moment: dt.datetime) -> dt.datetime:
    # openpyxl writes naive times as UTC and cannot write others; parts of a second it drops on its own.
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _save_skeleton(workbook: Workbook) -> BytesIO:
    buffer = BytesIO()
    # Not Workbook.save, which sets `modified` to the present time.
    ExcelWriter(workbook, ZipFile(buffer, "w", ZIP_DEFLATED)).save()
    return buffer


class PartStyles(NamedTuple):
    """The cell formats of a sheet's columns: of the heading, of rows, and of blank rows that can be typed into."""

    headings: list[CellStyle]
    rows: list[CellStyle]
    blanks: list[CellStyle]


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


def _sheet_xml(skeleton: bytes, part: Part, styles: PartStyles, links: LinkList) -> Iterator[bytes]:
    found = _SHEET_DATA.search(skeleton)
    if found is None:
        raise AssertionError("openpyxl wrote a sheet without sheetData; check the pinned version")
    yield _DIMENSION.sub(b'<dimension ref="%s"/>' % part.reference.encode(), skeleton[: found.start()])
    yield b"<sheetData>"
    titles = "".join(cell_xml(1, column.name, style) for column, style in zip(part.sheet.columns, styles.headings, strict=True))
    yield f'<row r="1" ht="{_HEADING_POINTS}" customHeight="1">{titles}</row>'.encode()
    # An empty sheet gets one empty row: a table cannot do without.
    rows = part.sheet.rows(part.first, part.last) if part.sheet.count else iter([[None] * len(styles.rows)])
    for number, row in enumerate(rows, 2):
        cells = "".join([_cell(number, value, style, links) for value, style in zip(row, styles.rows, strict=True)])
        yield f'<row r="{number}" ht="{row_height(row, part)}" customHeight="1">{cells}</row>'.encode()
    for number in range(part.filled_row + 1, part.last_row + 1):
        yield f'<row r="{number}">{"".join([cell_xml(number, None, style) for style in styles.blanks])}</row>'.encode()
    yield b"</sheetData>"
    # Ids such as "524901" are text on purpose: no green triangle in each of them.
    quiet = b'<ignoredErrors><ignoredError sqref="%s" numberStoredAsText="1"/></ignoredErrors>' % part.reference.encode()
    tail = skeleton[found.end() :].replace(b"<legacyDrawing", quiet + b"<legacyDrawing", 1)
    before, margins, after = tail.partition(b"<pageMargins")  # what the schema wants next after the links
    yield before + links.element() + margins + after


def _cell(row: int, value: Value, style: CellStyle, links: LinkList) -> str:
    if isinstance(value, Link) and not links.add(f"{style.letter}{row}", value):
        value = value.text
    return cell_xml(row, value, style)
