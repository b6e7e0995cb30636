"""Facts as an Excel workbook: the same facts give the same bytes.

Two steps: openpyxl makes a skeleton of everything but cells, then the cells are streamed into its sheets while the
zip is written anew with fixed dates. So 100,000 facts need neither minutes nor gigabytes, and no text of
a document ever passes through a formula-guessing setter.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.utils import get_column_letter
from openpyxl.workbook.workbook import Workbook
from openpyxl.writer.excel import ExcelWriter

from inventory.report.atomic import atomic_path
from inventory.report.cells import CellStyle, cell_xml
from inventory.report.sheets import build_sheets
from inventory.report.skeleton import MAX_ROWS, Part, build_skeleton, row_height, split_sheets
from inventory.report.style import FormatKey, Formats
from inventory.table import Facts

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can hold
_ZIP64_ROWS = 100_000  # from here on a sheet may pass the 2 GiB that a plain zip entry holds
_NO_DATE = dt.datetime(2000, 1, 1)
_HEADING_POINTS = 24.0
_SHEET_DATA = re.compile(rb"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.DOTALL)
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"\s*/>')


def write_workbook(facts: Facts, path: Path | str, *, created: dt.datetime | None = None, max_rows: int = MAX_ROWS) -> None:
    """Write the report: Facts, Equipment, Personnel, Units, Places, Sources, Candidates, Errors, Run.

    Text is written as text, whatever it begins with (:mod:`inventory.report.cells`); holdings follow the rule of
    :mod:`inventory.report.holdings`: nothing is added up, and losses, orders and pledges never feed stock.

    Args:
        facts: what to write.
        path: where; replaced at once when the file is complete, untouched on failure.
        created: time in the file's properties, UTC if it has no zone. By default midnight of the
            latest publication date, else of 2000-01-01: the clock is not asked, so equal input gives equal bytes.
        max_rows: rows of a sheet, heading included; what is beyond continues on a sheet `Facts 2`.

    Raises:
        OutputError: the file cannot be written.
    """
    parts = split_sheets(build_sheets(facts), max_rows)
    workbook = build_skeleton(parts, _naive_utc(created) if created else _latest_published(facts))
    formats = Formats(workbook)
    styles = [_column_styles(part, formats) for part in parts]
    skeleton = _save_skeleton(workbook)
    bodies = {f"xl/worksheets/sheet{index + 1}.xml": index for index in range(len(parts))}
    with atomic_path(path) as temporary, ZipFile(temporary, "w", ZIP_DEFLATED) as target, ZipFile(skeleton) as source:
        for name in source.namelist():
            entry = ZipInfo(name, _ZIP_DATE)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3  # or the bytes would tell the operating system
            entry.external_attr = 0o644 << 16
            content = source.read(name)
            if (index := bodies.get(name)) is None:
                target.writestr(entry, content)
                continue
            part = parts[index]
            with target.open(entry, "w", force_zip64=part.last_row > _ZIP64_ROWS) as stream:
                for chunk in _sheet_xml(content, part, *styles[index]):
                    stream.write(chunk)


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


def _column_styles(part: Part, formats: Formats) -> tuple[list[CellStyle], list[CellStyle]]:
    headings, columns = [], []
    for index, column in enumerate(part.sheet.columns, 1):
        plain, quoted = (formats.index(FormatKey(_format(column.type), quoted)) for quoted in (False, True))
        heading = formats.index(FormatKey(_format(column.type), heading=True))
        headings.append(CellStyle(get_column_letter(index), heading, heading))
        columns.append(CellStyle(get_column_letter(index), plain, quoted))
    return headings, columns


def _format(kind: str) -> str:
    return kind if kind in ("int", "float", "coordinate", "date", "link", "plain") else "str"


def _sheet_xml(skeleton: bytes, part: Part, headings: list[CellStyle], columns: list[CellStyle]) -> Iterator[bytes]:
    found = _SHEET_DATA.search(skeleton)
    if found is None:
        raise AssertionError("openpyxl wrote a sheet without sheetData; check the pinned version")
    yield _DIMENSION.sub(b'<dimension ref="%s"/>' % part.reference.encode(), skeleton[: found.start()])
    yield b"<sheetData>"
    titles = "".join(cell_xml(1, column.name, style) for column, style in zip(part.sheet.columns, headings, strict=True))
    yield f'<row r="1" ht="{_HEADING_POINTS}" customHeight="1">{titles}</row>'.encode()
    # An empty sheet gets one empty row: a table cannot do without.
    rows = part.sheet.rows(part.first, part.last) if part.sheet.count else iter([[None] * len(columns)])
    for number, row in enumerate(rows, 2):
        cells = "".join([cell_xml(number, value, style) for value, style in zip(row, columns, strict=True)])
        yield f'<row r="{number}" ht="{row_height(row, part)}" customHeight="1">{cells}</row>'.encode()
    yield b"</sheetData>"
    # Ids such as "524901" are text on purpose: no green triangle in each of them.
    quiet = b'<ignoredErrors><ignoredError sqref="%s" numberStoredAsText="1"/></ignoredErrors>' % part.reference.encode()
    yield skeleton[found.end() :].replace(b"<legacyDrawing", quiet + b"<legacyDrawing", 1)
