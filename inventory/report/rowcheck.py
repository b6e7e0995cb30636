"""What ties a row of a reviewed workbook to its fact: the check of a row and the hash of what was shown.

A workbook comes back sorted, cut, pasted over and saved by other programs. Two figures tell what a reviewer saw:

* `row_check`, written into every row of the Review sheet, is made from the fact's id and every read-only cell. A column that was sorted
  alone, a fill that was dragged over read-only cells or an id that was typed over no longer agrees with it. It guards against accidents,
  not against forgery: its key is no secret.
* `shown_hash` is made from what the fact says (:data:`SHOWN_FIELDS`). When it differs from that of the current fact, the fact has changed
  since it was reviewed. Confidence, flags and rules are not part of it, or each new rule pack would ask for every review again.

Both are made from values in a normal form (:func:`normal_text`) that survives openpyxl, calamine and a save by LibreOffice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import re
import zlib
from base64 import b32encode
from collections.abc import Iterable, Mapping
from typing import Any

from inventory.model import Fact
from inventory.report.cells import shown_text

FORMAT = "1"  # version of the layout of the Review sheet and of the figures below
REVIEW_SHEET = "Review"
BASE_SHEET = "ReviewBase"  # very hidden: what the workbook was made from, as key and value (columns A and B)
EMPTY_WORD = "(empty)"  # in a corrected_* column: the cell of the fact has to be empty
BLANK_ROWS = 25  # rows at the end of the Review sheet for facts that the analyst adds

# What a reviewer judges. Its hash tells whether a fact is still the one that was reviewed. The evidence is part of the fact's id.
SHOWN_FIELDS = (
    "kind", "item", "count_min", "count_max", "count_basis", "counted_as", "measure", "actor", "actor_id", "counterparty",
    "counterparty_id", "counterparty_role", "unit", "place", "country", "date_start", "date_end", "status", "modality", "claimant",
)  # fmt: skip
# Read-only columns of the Review sheet, in order; `fact_id` and `row_check` are checked as the key of the others.
CHECKED_COLUMNS = (
    "why", "changed", "review", "kind", "item", "category", "count_min", "count_max", "count_basis", "counted_as", "measure", "actor",
    "actor_id", "counterparty", "counterparty_id", "counterparty_role", "unit", "place", "country", "date_start", "date_end", "status",
    "modality", "claimant", "evidence", "confidence", "flags", "source", "published", "url",
)  # fmt: skip
CORRECTABLE = (
    "item", "count_min", "count_max", "actor_id", "counterparty_id", "place", "country", "date_start", "date_end", "status", "modality",
    "claimant",
)  # fmt: skip
CORRECTED_PREFIX = "corrected_"
REVIEWER_COLUMNS = ("decision", *(CORRECTED_PREFIX + name for name in CORRECTABLE), "comment", "reviewer", "reviewed_at")

_KEY = b"inventory review row " + FORMAT.encode()
_DIGITS = "abcdefghijklmnopqrstuvwxyz234567"
_ESCAPED = re.compile("_x005[Ff]_")
_LINE_END = re.compile("_x000[9AaDd]_")
_MAC, _SHOWN, _CODE = 8, 16, 3  # characters of five bits each
_MOST_KEPT = 4_096  # values of a column that are kept while many rows are made


def normal_text(value: Any) -> str:
    """A cell's value as text that is the same before it is written and after it was read, whichever program saved it.

    Whole numbers have no point, other numbers ten digits, dates are ISO 8601 without a time of midnight, `None` is empty; runs of white
    space in a text are one space (programs disagree about line ends), characters that a cell cannot hold are their visible escapes.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if math.isfinite(value) and value.is_integer() else f"{value:.10g}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):  # a Rich text
        return _plain("".join(map(str, value)))
    return _plain(str(value))


def _plain(text: str) -> str:
    text = shown_text(text)
    if "_x" in text:
        # Programs do not agree when to write and to read "_x005F_" (an escaped underscore) and "_x000D_" (a line end).
        while (shorter := _ESCAPED.sub("_", text)) != text:
            text = shorter
        text = _LINE_END.sub(" ", text)
    return " ".join(text.split())


def hash_shown(cells: Mapping[str, Any]) -> str:
    """The `shown_hash`: 16 characters over the cells named in :data:`SHOWN_FIELDS`, as far as they are given; others do not enter."""
    text = "\x1f".join([normal_text(cells.get(name)) for name in SHOWN_FIELDS])
    return _digest(text, _SHOWN)


def hash_fact(fact: Fact) -> str:
    """The `shown_hash` of a fact as it is now, to compare with that of a :class:`inventory.records.Decision`."""
    return hash_shown({name: getattr(fact, name) for name in SHOWN_FIELDS})


def make_row_check(fact_id: str, cells: Mapping[str, Any], position: int = 0) -> str:
    """The `row_check` of a row whose read-only cells are `cells`, by column name: `mac.shown_hash.codes.position`.

    Each column of :data:`CHECKED_COLUMNS` has a code of its own, so that a row can be checked even when the analyst has deleted columns.
    `position` counts the rows of the work list, from 0: whether rows still stand as they were written can be told from it.
    """
    return RowChecks().make(fact_id, cells, position)


class RowChecks:
    """Makes the `row_check` of many rows; what repeats from row to row is reckoned once."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[Any, tuple[str, str]]] = {name: {} for name in CHECKED_COLUMNS}

    def make(self, fact_id: str, cells: Mapping[str, Any], position: int = 0) -> str:
        """As :func:`make_row_check`."""
        told = {name: self._tell(name, cells.get(name)) for name in CHECKED_COLUMNS}
        codes = "".join([code for _, code in told.values()])
        shown = _digest("\x1f".join([told[name][0] for name in SHOWN_FIELDS]), _SHOWN)
        told_all = f"{shown}.{codes}.{position}"
        return f"{_digest(f'{fact_id}.{told_all}', _MAC)}.{told_all}"

    def _tell(self, name: str, value: Any) -> tuple[str, str]:
        """The normal form of a value, and its code."""
        kept = self._kept[name]
        key = (value.__class__, value)
        if (found := kept.get(key)) is None:
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            text = normal_text(value)
            found = kept[key] = (text, _code(name, text))
        return found


def find_torn_cells(fact_id: str, cells: Mapping[str, Any], row_check: str) -> tuple[str, ...]:
    """The columns of a row that no longer agree with its `row_check`; empty when all is well.

    Args:
        fact_id: as it stands in the row.
        cells: the read-only cells that the sheet still has, by column name; a deleted column is simply absent.
        row_check: as it stands in the row.

    Returns:
        names of :data:`CHECKED_COLUMNS`, or `("row_check",)` when id and check do not belong together or the check is unreadable.
    """
    mac, _, rest = row_check.strip().partition(".")
    shown, codes, _ = _split_rest(rest)
    if len(codes) != _CODE * len(CHECKED_COLUMNS) or _digest(f"{fact_id}.{rest}", _MAC) != mac or len(shown) != _SHOWN:
        return ("row_check",)
    return tuple(
        name
        for index, name in enumerate(CHECKED_COLUMNS)
        if name in cells and _code(name, normal_text(cells[name])) != codes[_CODE * index : _CODE * (index + 1)]
    )


def read_shown_hash(row_check: str) -> str:
    """The `shown_hash` that a `row_check` carries; only worth something when :func:`find_torn_cells` finds nothing."""
    return row_check.strip().partition(".")[2].partition(".")[0]


def read_position(row_check: str) -> int | None:
    """Which row of the work list a `row_check` was made for, from 0; `None` where it does not say."""
    position = _split_rest(row_check.strip().partition(".")[2])[2]
    return int(position) if position.isascii() and position.isdecimal() else None


def _split_rest(rest: str) -> tuple[str, str, str]:
    """What follows the mac: the hash of what is shown, the codes, the position (empty in a workbook of an older program)."""
    shown, _, more = rest.partition(".")
    codes, _, position = more.partition(".")
    return shown, codes, position


def list_headings() -> tuple[str, ...]:
    """The headings of the Review sheet in the order in which they are written."""
    return ("fact_id", "row_check", *CHECKED_COLUMNS, *REVIEWER_COLUMNS)


def describe_base(run_id: str | None, job: str | None, rulebook: str | None) -> list[tuple[str, str]]:
    """The keys and values of the base sheet: which layout, which run the workbook shows (empty without a store), which rules."""
    return [("format", FORMAT), ("run_id", run_id or ""), ("job", job or ""), ("rulebook", rulebook or "")]


def read_base(rows: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    """The base sheet's rows (columns A and B) as a dict of text."""
    return {str(key): "" if value is None else str(value) for key, value in rows if key is not None}


def _digest(text: str, length: int) -> str:
    raw = hashlib.blake2s(text.encode("utf-8", "surrogatepass"), key=_KEY, digest_size=10).digest()
    return b32encode(raw).decode("ascii").lower()[:length]


def _code(name: str, text: str) -> str:
    # A checksum is enough here, and twenty times as fast as a digest: the mac binds the codes to the id.
    bits = zlib.crc32(f"{name}\x1f{text}".encode("utf-8", "surrogatepass"))
    return _DIGITS[bits & 31] + _DIGITS[(bits >> 5) & 31] + _DIGITS[(bits >> 10) & 31]
