"""A row that an analyst added (no `fact_id`, no `row_check`) → the fact that it states.

Such a fact lives in the log of decisions, as a decision `correct` whose corrections hold the whole fact: so it is exported, undone and
superseded like every other word. Its id begins with `A` and is made from what identifies it, so that the same row handed in twice, or
with another number, is the same fact.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Iterator
from functools import partial

from inventory.model import FACT_COLUMNS
from inventory.records import ANALYST_PREFIX
from inventory.report.rowcheck import CORRECTED_PREFIX, EMPTY_WORD
from inventory.review.read import Cell, ReviewRow
from inventory.review.values import COLUMNS, RowFault, Vocabulary, attempt, check_together, parse_value

# Columns of a fact that only a reader of text can fill.
_NOT_STATED = frozenset({"fact_id", "confidence", "flags", "rules", "start", "end", "slots", "doc_id", "text_sha256", "rulebook"})
STATED = tuple(column.name for column in FACT_COLUMNS if column.name not in _NOT_STATED)
# What makes two added rows the same fact; numbers are left out, so that a mended number replaces the first.
IDENTITY = (
    "source", "url", "published", "evidence", "kind", "item", "actor_id", "actor", "counterparty_id", "place", "date_start", "date_end",
    "status", "modality",
)  # fmt: skip
_ID_BYTES = 10  # as in the ids that extraction makes: 80 bits, 16 characters of base32


def read_added(row: ReviewRow, vocabulary: Vocabulary) -> tuple[str, dict[str, str | None]]:
    """The id of an added fact and its cells in canonical text, by fact column; empty cells are left out.

    A value may stand in the fact's own column or in the `corrected_` one; the latter wins.

    Raises:
        RowFault: a value cannot be used, or what a fact needs (item, kind, source) is missing.
    """
    cells: dict[str, str] = {}
    for name, heading, cell in _stated(row):
        cells[name] = attempt(heading, partial(parse_value, name, vocabulary=vocabulary), cell)
    for name, mend in (("item", "say what it is"), ("kind", "write equipment, personnel, unit or materiel")):
        if name not in cells:
            raise RowFault(name, f"an added row needs {name}; {mend}")
    if "source" not in cells and "url" not in cells:
        raise RowFault("source", "an added row needs a source; name it in source or give its address in url")
    cells.setdefault("status", "mentioned")
    cells.setdefault("modality", "asserted")
    cells.setdefault("count_basis", _basis(cells.get("count_min"), cells.get("count_max")))
    fault = check_together(cells)
    if fault is not None:
        raise RowFault("count_min" if fault.startswith("count") else "date_start", fault)
    return make_id(cells), dict(cells)


def make_id(cells: dict[str, str]) -> str:
    """`A` and 16 characters of base32 over the cells named in :data:`IDENTITY`."""
    text = "\x1f".join(" ".join(cells.get(name, "").split()).casefold() for name in IDENTITY)
    raw = hashlib.blake2s(text.encode("utf-8", "surrogatepass"), digest_size=_ID_BYTES, person=b"analyst").digest()
    return ANALYST_PREFIX + b32encode(raw).decode("ascii")


def _stated(row: ReviewRow) -> Iterator[tuple[str, str, Cell]]:
    for name in STATED:
        for heading in (CORRECTED_PREFIX + name, name):
            cell = row.cell(heading)
            if cell.kind != "blank" and name in COLUMNS and cell.text.casefold() != EMPTY_WORD:
                yield name, heading, cell
                break


def _basis(low: str | None, high: str | None) -> str:
    if low is None:
        return "unstated" if high is None else "at_most"
    return "at_least" if high is None else "exact" if int(low) == int(high) else "range"
