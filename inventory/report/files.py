r"""Facts and mentions as JSON Lines, CSV and Parquet.

JSON Lines holds every value as it is. CSV and Parquet cannot: see :func:`write_csv` and :meth:`Facts.to_arrow`.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

from inventory.model import FACT_FIELDS, Fact, MentionRow
from inventory.report.atomic import atomic_path
from inventory.report.cells import show_forbidden
from inventory.table import build_arrow, dump_slots, record_of

# Lone surrogates cannot be encoded; the other three are line ends to str.splitlines and some readers, and would
# break "one record a line". As JSON escapes all of them come back unchanged.
_ESCAPED = re.compile("[\ud800-\udfff\x85\u2028\u2029]")
# What spreadsheet programs take for a formula at the start of a CSV field (OWASP, "CSV Injection"), full-width forms included; and
# the guard before one of them, so that every guard that was set can be told from an apostrophe of the text.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_MENTION_REQUIRED = frozenset({"doc_id", "text", "type"})


def write_jsonl(facts: Iterable[Fact], stream: TextIO) -> None:
    """Write one JSON object a line: keys in column order, `null` for empty, dates ISO 8601, `slots` as an object.

    Non-ASCII text is written as itself, so `stream` must encode as UTF-8 and should be opened with
    `newline="\\n"`. Lone surrogates and the Unicode line ends are written as JSON escapes.
    """
    for fact in facts:
        stream.write(_line(record_of(fact)))


def write_mentions(rows: Iterable[MentionRow], stream: TextIO) -> None:
    """Write one mention a line, as :func:`write_jsonl` does facts, keys in the order of `MENTION_COLUMNS`."""
    for row in rows:
        stream.write(_line(record_of(row, _MENTION_REQUIRED)))


def write_csv(facts: Iterable[Fact], path: Path | str) -> None:
    r"""Write a CSV file for spreadsheet programs: UTF-8 with a byte order mark, `\r\n`, a heading row, `slots` as JSON text.

    A *text* that begins with `=`, `+`, `-`, `@` (also full-width), TAB, CR or LF is prefixed with `'`, or the program would run it as
    a formula; numbers are not. :func:`read_csv_text` gives the text back. Lone surrogates and control characters become visible
    escapes (`\ud800`, `\x00`). Written atomically.

    Raises:
        OutputError: the file cannot be written.
    """
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(FACT_FIELDS)
        for fact in facts:
            writer.writerow([_csv_cell(value) for value in fact._replace(slots=dump_slots(fact.slots))])  # type: ignore[arg-type]


def write_parquet(facts: Iterable[Fact], path: Path | str) -> None:
    """Write a Parquet file of every fact column, typed as :mod:`inventory.table` says. Written atomically.

    Raises:
        OutputError: the file cannot be written.
    """
    pq: Any = import_module("pyarrow.parquet")  # by name: pyarrow has no stubs
    table = build_arrow(facts)
    with atomic_path(path) as temporary, temporary.open("wb") as stream:
        pq.write_table(table, stream, compression="zstd")


def _line(record: dict[str, Any]) -> str:
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def _csv_cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = show_forbidden(value)
    return "'" + text if _FORMULA.match(text) else text


def read_csv_text(field: str) -> str:
    """The text of a field that :func:`write_csv` has written: without its guard, if it has one."""
    return field[1:] if field.startswith("'") and _FORMULA.match(field) else field
