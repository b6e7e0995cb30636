"""CSV and TSV: one document a row, named columns in the first.

Columns: `text` is required; `id`, `title`, `url`, `source`, `published`, `language` are read; all others are ignored.
The case of a column's name does not matter.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import BinaryIO

from inventory.reading.decode import decode_part
from inventory.reading.drafts import Draft, Failure
from inventory.reading.errors import ReadError, Remark, say
from inventory.reading.files import too_large
from inventory.reading.limits import Limits
from inventory.reading.lines import Line, read_lines
from inventory.reading.metadata import RECORD_KEYS, Entry, parse_metadata

_COLUMNS = ("text", *RECORD_KEYS)
# Old spreadsheets end lines with a carriage return alone; the csv module wants to be given one line at a time.
_AFTER_RETURN = re.compile(rb"(?<=\r)(?!\n)")
_SHOWN = 12


class Table:
    """The rows of a table, each with the lines it stands in; quoted cells may run over many lines.

    `first` and `last` are the line numbers of the latest row, `raw` its bytes, `remark` the note on its encoding.
    """

    def __init__(self, stream: BinaryIO, label: str, limits: Limits, delimiter: str) -> None:
        self.label = label
        self.limit = limits.max_record_bytes
        self.first = self.last = 0
        self.raw = b""
        self.remark: Remark | None = None
        self._parts: list[bytes] = []
        self._size = 0
        self._lines = self._split(read_lines(stream, label, limits))
        # Strict, because otherwise an unclosed quotation mark makes the rest of the file one text, and nobody is told.
        self._rows = csv.reader(self._feed(), delimiter=delimiter, strict=True)

    def read_row(self) -> list[str] | None:
        """The next row, or `None` at the end; `[]` for a blank line.

        Raises :class:`ReadError` ('bad record', 'too large', 'not text', 'encoding'), after which one may go on.
        """
        self.first, self.remark, self._parts, self._size = self.last + 1, None, [], 0
        # The module's own limit is 131,072 characters for all of the process: changed for as long as a row takes.
        usual = csv.field_size_limit(self.limit)
        try:
            row = next(self._rows, None)
        except csv.Error as error:
            what = f"row that ends in line {self.last} is not valid: {error}"
            mend = 'put a cell that holds separators or line breaks in "…", and write " in it as ""'
            raise ReadError("bad record", say(self.label, self.first, what, mend)) from None
        finally:
            csv.field_size_limit(usual)
        self.raw = b"".join(self._parts).rstrip(b"\r\n")
        return row

    def _feed(self) -> Iterator[str]:
        """Not a generator, which an exception would end: each call of `next` stands alone."""
        return iter(self._next_line, None)

    def _next_line(self) -> str | None:
        line = next(self._lines, None)
        if line is None:
            return None
        self.last = line.number
        if line.error is not None:
            raise line.error
        self._size += len(line.raw)
        if self._size > self.limit:
            what = f"row of more than {self.limit:,} bytes (up to line {line.number}); a quotation mark may not be closed"
            raise too_large(self.label, self.first, what, "max_record_bytes", self.limit)
        self._parts.append(line.raw)
        text, remark = decode_part(line.raw, self.label, line.number)
        self.remark = self.remark or remark
        return text

    @staticmethod
    def _split(lines: Iterator[Line]) -> Iterator[Line]:
        """Lines that end at a lone carriage return, too; they are counted anew."""
        number = 0
        for line in lines:
            for piece in filter(None, _AFTER_RETURN.split(line.raw)):
                number += 1
                yield Line(number, piece, line.error)
                if line.error is not None:
                    break


def read_table(stream: BinaryIO, name: str, label: str, limits: Limits, delimiter: str) -> Iterator[Draft | Failure]:
    """The documents of a seekable stream, with keys `name#line`; a row that is none becomes a failure, and the next one is read.

    Raises :class:`ReadError` where the table as a whole cannot be read ('wrong columns', 'empty', …), :class:`OSError`.
    """
    table = Table(stream, label, limits, delimiter)
    header = _read_header(table)
    empty = True
    while True:
        try:
            row = table.read_row()
            if row is None:
                break
            if not any(map(str.strip, row)):
                continue
            yield _parse_row(row, header, table, f"{name}#{table.first}")
        except ReadError as error:
            yield Failure(f"{name}#{table.first}", error.remark)
        empty = False
    if empty:
        raise ReadError("empty", say(label, table.first, "has no row below its header", "remove it, or supply rows"))


def _read_header(table: Table) -> list[str]:
    """The names of the columns, trimmed and in lower case. Raises :class:`ReadError` ('empty', 'wrong columns', …)."""
    row: list[str] | None = []
    while row is not None and not any(map(str.strip, row)):
        row = table.read_row()
    if row is None:
        raise ReadError("empty", say(table.label, 1, "is empty", "remove it, or supply a header and rows"))
    header = [name.strip().lower() for name in row]
    twice = [name for name in _COLUMNS if header.count(name) > 1]
    if "text" in header and not twice:
        return header
    seen = ", ".join(repr(name[:40]) for name in row[:_SHOWN]) + (", …" if len(row) > _SHOWN else "")
    if twice:
        what, mend = f"column {twice[0]!r} stands twice", "keep one of them"
    else:
        what, mend = "no column 'text'", "name the column of the texts 'text'"
        if len(row) == 1:
            mend += ", and separate columns with commas (.csv) or tabs (.tsv)"
    raise ReadError("wrong columns", say(table.label, table.first, f"wrong columns: {what}; there are {seen}", mend))


def _parse_row(row: list[str], header: list[str], table: Table, key: str) -> Draft:
    """The document in a row. Raises :class:`ReadError` 'bad record'."""
    # A cell too many is most often a text with a comma and no quotation marks; to read its half would be worse than nothing.
    if len(row) > len(header) and any(map(str.strip, row[len(header) :])):
        what = f"row has {len(row)} cells, but there are {len(header)} columns"
        raise ReadError("bad record", say(table.label, table.first, what, 'put a cell that holds the separator in "…"'))
    cells = dict(zip(header, row, strict=False))
    entries = (Entry(name, cells[name], table.first) for name in RECORD_KEYS if name in cells)
    metadata, faults = parse_metadata(entries, table.label)
    notes = (table.remark, *faults) if table.remark else tuple(faults)
    return Draft(cells.get("text", ""), key, table.label, table.first, "csv", table.raw, metadata, notes)
