"""Parquet files: one document a row, with the columns of a CSV table."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from inventory.reading.decode import scrub_surrogates
from inventory.reading.drafts import Draft, Failure
from inventory.reading.errors import ReadError, say
from inventory.reading.extras import load_extra, name_reader
from inventory.reading.files import too_large
from inventory.reading.limits import Limits
from inventory.reading.metadata import RECORD_KEYS, Entry, parse_metadata

# Rows that are in memory at a time; each may be as large as a record may be.
_ROWS = 64
_COLUMNS = ("text", *RECORD_KEYS)


def read_parquet(stream: BinaryIO, name: str, label: str, limits: Limits) -> Iterator[Draft | Failure]:
    """The documents of a seekable stream, with keys `name#row` (the first row is 1); other columns are not even read.

    Raises :class:`ReadError` ('wrong columns', 'empty') and what pyarrow raises.
    """
    parquet = load_extra("pyarrow.parquet", "pyarrow", label)
    file = parquet.ParquetFile(stream, memory_map=False, pre_buffer=False)
    columns = _find_columns(file.schema_arrow.names, label)
    row = 0
    for batch in file.iter_batches(batch_size=_ROWS, columns=list(columns), use_threads=False):
        for cells in batch.to_pylist():
            row += 1
            key = f"{name}#{row}"
            try:
                yield _read_row({columns[column]: cell for column, cell in cells.items()}, row, key, label, limits)
            except ReadError as error:
                yield Failure(key, error.remark)
    if row == 0:
        raise ReadError("empty", say(label, 1, "has no row", "remove it, or supply rows"))


def _find_columns(names: list[str], label: str) -> dict[str, str]:
    """The columns to read, by their own names, with the names that are known. Raises :class:`ReadError` 'wrong columns'."""
    found = {name: name.strip().lower() for name in names if name.strip().lower() in _COLUMNS}
    known = list(found.values())
    twice = next((name for name in known if known.count(name) > 1), None)
    if twice is not None or "text" not in known:
        what = f"column {twice!r} stands twice" if twice else f"no column 'text'; there are {', '.join(map(repr, names[:12]))}"
        mend = "keep one of them" if twice else "name the column of the texts 'text'"
        raise ReadError("wrong columns", say(label, 1, f"wrong columns: {what}", mend))
    return found


def _read_row(cells: dict[str, Any], row: int, key: str, label: str, limits: Limits) -> Draft:
    """The document in a row. Raises :class:`ReadError` ('bad record', 'too large')."""
    text = cells.get("text")
    if text is not None and not isinstance(text, str):
        what = f"text is of type {type(text).__name__}, not a string"
        raise ReadError("bad record", say(label, row, what, "store the column 'text' as strings"))
    size = len((text or "").encode("utf-8", "surrogatepass"))
    if size > limits.max_record_bytes:
        what = f"record of {size:,} bytes, more than {limits.max_record_bytes:,}"
        raise too_large(label, row, what, "max_record_bytes", limits.max_record_bytes)
    values = {name: cell.isoformat() if isinstance(cell, dt.date) else cell for name, cell in cells.items()}
    metadata, faults = parse_metadata((Entry(name, values[name], row) for name in RECORD_KEYS if name in values), label)
    # A row has no bytes of its own that a reader could hash: its values, as JSON, stand for them.
    raw = json.dumps([values.get(name) for name in _COLUMNS], default=str).encode()
    return Draft(scrub_surrogates(text or ""), key, label, row, name_reader("pyarrow"), raw, metadata, tuple(faults))
