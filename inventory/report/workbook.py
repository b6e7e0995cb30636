"""Facts as an Excel workbook: the same facts give the same bytes.

Two steps: openpyxl makes a skeleton of everything but cells, then the cells are streamed into its sheets while the
zip is written anew with fixed dates. So 100,000 facts need neither minutes nor gigabytes, and no text of
a document ever passes through a formula-guessing setter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from itertools import islice
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.workbook.workbook import Workbook
from openpyxl.writer.excel import ExcelWriter

from inventory.records import Known
from inventory.report.atomic import OutputError, atomic_path
from inventory.report.layout import Sheet
from inventory.report.links import LinkList
from inventory.report.page import Page
from inventory.report.sheets import Audience, build_sheets
from inventory.report.skeleton import MAX_BYTES, MAX_ROWS, Part, build_skeleton, split_sheets
from inventory.report.stream import fit_rows, page_writer, part_writer, sort_fonts
from inventory.report.style import Formats
from inventory.table import Facts

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can hold
_BATCH = 200  # rows that are compressed at once
_ZIP64_ROWS = 100_000  # from here on a sheet may pass the 2 GiB that a plain zip entry holds
_FEWEST_ROWS = 100  # a sheet of so few rows is written however long they are
_NO_DATE = dt.datetime(2000, 1, 1)


class LongSheetError(OutputError):
    """The XML of a sheet is longer than LibreOffice opens. `fewer_rows` may fit."""

    def __init__(self, path: Path | str, title: str, rows: int) -> None:
        super().__init__(path, f"sheet {title} is too long at {rows} rows; let a sheet have fewer")
        self.fewer_rows = max(rows * 3 // 4, _FEWEST_ROWS)


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
    max_bytes: int = MAX_BYTES,
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
        max_bytes: of the XML of a sheet; where it would be longer, sheets continue after fewer rows.

    Raises:
        OutputError: the file cannot be written.
        ValueError: `sheets` names a sheet that there is not, or none.
    """
    moment = _naive_utc(created) if created else _latest_published(facts)
    while True:
        # Links name the row and sheet of a fact, so the sheets are built anew when fewer rows fit one.
        built = build_sheets(facts, known or Known(), columns=columns, order=sheets, rejected=rejected, max_rows=max_rows)
        if (fitting := fit_rows(built, max_rows, max_bytes)) < max_rows:
            max_rows = fitting
            continue
        try:
            return write_sheets(built, path, moment, max_rows, max_bytes)
        except LongSheetError as long:
            max_rows = long.fewer_rows


def write_sheets(
    sheets: Sequence[Sheet | Page], path: Path | str, created: dt.datetime, max_rows: int = MAX_ROWS, max_bytes: int = MAX_BYTES
) -> None:
    """Write a workbook of these sheets; `created` is a naive UTC time.

    Raises:
        OutputError: as :func:`write_workbook` does; `LongSheetError` when the XML of a sheet is longer than `max_bytes`.
    """
    parts = split_sheets(sheets, max_rows)
    workbook = build_skeleton(parts, created)
    formats = Formats(workbook)
    # Formats are registered before the skeleton is saved, so the chunks of a sheet are prepared here and made later.
    writers = [page_writer(part, formats) if isinstance(part, Page) else part_writer(part, formats) for part in parts]
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
                # openpyxl writes the relationships of a sheet after the sheet, so the links are known by then.
                found = links[f"xl/worksheets/_rels/sheet{index + 1}.xml.rels"] = LinkList()
                part, length = parts[index], 0
                with target.open(entry, "w", force_zip64=part.last_row > _ZIP64_ROWS) as stream:
                    chunks = writers[index](content, found)
                    while batch := b"".join(islice(chunks, _BATCH)):
                        length += len(batch)
                        if length > max_bytes and isinstance(part, Part) and part.last_row > _FEWEST_ROWS:
                            raise LongSheetError(path, part.title, part.last_row)
                        stream.write(batch)
                continue
            if name == "xl/styles.xml":
                content = sort_fonts(content)
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
