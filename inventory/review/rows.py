"""One row of a reviewed sheet → a statement, a reject with its reason, or nothing said. Pure: knows neither store nor clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import partial
from typing import NamedTuple

from inventory.report.rowcheck import (
    CHECKED_COLUMNS,
    CORRECTABLE,
    CORRECTED_PREFIX,
    EMPTY_WORD,
    SHOWN_FIELDS,
    find_torn_cells,
    hash_shown,
    list_headings,
    read_shown_hash,
)  # fmt: skip
from inventory.review.added import read_added
from inventory.review.order import find_sorted_column
from inventory.review.read import ReviewBook, ReviewRow, ReviewSheet, show_value
from inventory.review.values import RowFault, Vocabulary, attempt, check_together, parse_decision, parse_moment, parse_value, parse_words


class Statement(NamedTuple):
    """What one reviewer says of one fact in one row. `cells` are the row's as text, for messages; `added` marks an analyst's own fact."""

    fact_id: str
    decision: str
    corrections: dict[str, str | None]
    comment: str | None
    reviewer: str
    decided_at: str | None
    sheet: str
    row: int
    shown_hash: str | None
    added: bool
    cells: dict[str, str]

    @property
    def said(self) -> tuple[object, ...]:
        """What makes two statements on one fact the same."""
        return (self.decision, tuple(sorted(self.corrections.items(), key=lambda item: item[0])), self.comment)


class Reject(NamedTuple):
    """A row that cannot be taken: where it stands, which column is at fault (may be empty), why and what to do, and the row as text."""

    sheet: str
    row: int
    fact_id: str | None
    column: str | None
    reason: str
    cells: dict[str, str]


class Judged(NamedTuple):
    """The rows of a workbook: what was said, what cannot be taken, and how many rows say nothing."""

    statements: tuple[Statement, ...]
    rejects: tuple[Reject, ...]
    silent: int


NO_FACT = "none"  # stands under fact_id when the work list is empty
_CORRECTED = {CORRECTED_PREFIX + name: name for name in CORRECTABLE}
_SPOKEN = ("decision", *_CORRECTED, "comment")  # a reviewer's name or date alone, filled down a column, says nothing


def known_headings() -> tuple[str, ...]:
    """Every heading of the Review sheet."""
    return list_headings()


def input_headings() -> tuple[str, ...]:
    """The headings under which a row says something."""
    return _SPOKEN


def judge_book(
    book: ReviewBook, reviewer: str | None, latest: dt.datetime | None, vocabulary: Vocabulary, trust_order: bool = False
) -> Judged:
    """Every row of every reviewed sheet.

    Args:
        book: the workbook as read.
        reviewer: who decided where a row does not say.
        latest: the last moment at which a review can have been made, naive UTC.
        vocabulary: words that the rule pack knows.
        trust_order: take a column of the reviewer's that stands in alphabetical order as meant so (:mod:`inventory.review.order`).
    """
    statements: list[Statement] = []
    rejects: list[Reject] = []
    silent = 0
    for sheet in book.sheets:
        silent += sheet.untouched
        sorted_column = None if trust_order else find_sorted_column(sheet.rows)
        for row in sheet.rows:
            try:
                said = _judge_row(sheet, row, reviewer, latest, vocabulary)
            except RowFault as fault:
                shown = show_cells(row)
                rejects.append(Reject(row.sheet, row.row, shown.get("fact_id"), fault.column, fault.reason, shown))
                continue
            if said is None:
                silent += 1
            elif sorted_column is not None and not said.added:
                rejects.append(Reject(row.sheet, row.row, said.fact_id, sorted_column, _tell_sorted(sorted_column), said.cells))
            else:
                statements.append(said)
    kept, clashes = _split_clashes(statements)
    return Judged(tuple(kept), tuple(sorted([*rejects, *clashes], key=lambda reject: (reject.sheet, reject.row))), silent)


def _tell_sorted(column: str) -> str:
    return (
        f"{column} is in alphabetical order down the sheet while the rows stand as they were written: it seems to have been sorted by"
        " itself, so its cells may stand beside other facts; look at them, and import with --trust-order if they are right"
    )


def show_cells(row: ReviewRow) -> dict[str, str]:
    """The cells of a row as text, strange headings last."""
    return {heading: cell.text for heading, cell in (*row.cells.items(), *row.strange.items())}


def _judge_row(
    sheet: ReviewSheet, row: ReviewRow, reviewer: str | None, latest: dt.datetime | None, vocabulary: Vocabulary
) -> Statement | None:
    spoken = [name for name in _SPOKEN if row.cell(name).kind != "blank"]
    bare = _lacks_identity(sheet, row) and any(row.cell(name).kind != "blank" for name in (*CHECKED_COLUMNS, *_SPOKEN))
    _check_columns(sheet, row, spoken, bare)
    if bare:
        return _judge_added(row, reviewer, latest, vocabulary)
    if not spoken:
        return None
    fact_id = _check_identity(sheet, row)
    if "decision" not in spoken:
        what = "a comment" if spoken == ["comment"] else f"{spoken[0]} is filled"
        raise RowFault("decision", f"{what} without a decision; choose one ('second look' keeps the fact on the list)")
    decision = attempt("decision", parse_decision, row.cell("decision"))
    corrections = _read_corrections(row, vocabulary)
    if corrections and decision != "correct":
        raise RowFault(
            "decision", f"{decision!r} beside a corrected value ({', '.join(corrections)}); choose 'correct' or empty those cells"
        )
    if decision == "correct" and not corrections:
        raise RowFault("decision", "'correct' without a corrected value; fill a corrected_ column or choose another decision")
    _check_corrections(row, corrections)
    return Statement(
        fact_id, decision, corrections, *_read_signature(row, reviewer, latest), row.sheet, row.row,
        read_shown_hash(row.cell("row_check").text), False, show_cells(row),
    )  # fmt: skip


def _judge_added(row: ReviewRow, reviewer: str | None, latest: dt.datetime | None, vocabulary: Vocabulary) -> Statement:
    if row.cell("decision").kind != "blank":
        decision = attempt("decision", parse_decision, row.cell("decision"))
        if decision not in ("accept", "correct", "second look"):
            raise RowFault("decision", f"{decision!r} on a row without fact_id; copy the row of the fact that you mean, with its fact_id")
    fact_id, cells = read_added(row, vocabulary)
    signature = _read_signature(row, reviewer, latest)
    return Statement(fact_id, "correct", cells, *signature, row.sheet, row.row, None, True, show_cells(row))


# ---------------------------------------------------------------- columns and identity
def _lacks_identity(sheet: ReviewSheet, row: ReviewRow) -> bool:
    """Whether the row has neither id nor check, as far as the sheet has columns for them: a row that the analyst added."""
    empty = {"fact_id": ("", NO_FACT), "row_check": ("",)}
    present = [name for name in empty if name in sheet.headings]
    return bool(present) and all(row.cell(name).text in empty[name] for name in present)


def _check_columns(sheet: ReviewSheet, row: ReviewRow, spoken: list[str], bare: bool) -> None:
    """Refuse a row that says something while a column that it needs was deleted or renamed."""
    if "decision" not in sheet.headings and (spoken or row.strange):
        raise RowFault("decision", f"sheet {sheet.name} has no column decision{_perhaps(row)}; name it back")
    if not spoken and not bare:
        return
    for name in ("fact_id", "row_check"):
        if name not in sheet.headings:
            raise RowFault(name, f"sheet {sheet.name} has no column {name}{_perhaps(row)}; name it back, or copy it from the report")
    missing = [name for name in (*_CORRECTED, "comment", "reviewer", "reviewed_at") if name not in sheet.headings]
    if missing and row.strange:
        # A value under a heading that nobody knows, while one that is known is gone: probably a column that was renamed.
        named = ", ".join(row.strange)
        raise RowFault(missing[0], f"column {missing[0]} is gone and {named} is unknown; name it back, or empty {named} in this row")


def _perhaps(row: ReviewRow) -> str:
    return f" (is it {', '.join(row.strange)}?)" if row.strange else ""


def _check_identity(sheet: ReviewSheet, row: ReviewRow) -> str:
    """The fact id of a row that is still as it was written."""
    for name in ("fact_id", "row_check"):
        cell = row.cell(name)
        if cell.kind == "blank":
            raise RowFault(name, f"{name} is empty; copy it back from the report")
        attempt(name, lambda cell: parse_words(cell, ""), cell)
    fact_id, check = row.cell("fact_id").text, row.cell("row_check").text
    torn = _find_torn(sheet, row, fact_id, check)
    if torn == ("row_check",):
        raise RowFault(
            "row_check", "fact_id and row_check do not belong together: a column was sorted or filled by itself; copy both from the report"
        )
    if torn:
        listed = ", ".join(torn)
        raise RowFault(
            torn[0],
            f"{listed} changed since it was written, or was sorted or filled by itself; put corrections into corrected_ columns",
        )
    return fact_id


def _find_torn(sheet: ReviewSheet, row: ReviewRow, fact_id: str, check: str) -> tuple[str, ...]:
    """The read-only columns whose cell is not the one that was written. A column that was deleted is not asked for."""
    present = [name for name in CHECKED_COLUMNS if name in sheet.headings]
    unreadable = tuple(name for name in present if row.cell(name).kind in ("formula", "error"))
    if unreadable:
        return unreadable
    cells = {name: row.cell(name).plain for name in present}
    torn = find_torn_cells(fact_id, cells, check)
    if torn and torn != ("row_check",):
        # A text that itself looks like an escape comes back decoded or not, depending on who saved the file.
        cells |= {name: row.cell(name).value for name in torn}
        torn = find_torn_cells(fact_id, cells, check)
    if not torn and all(name in cells for name in SHOWN_FIELDS) and hash_shown(cells) != read_shown_hash(check):
        # The code of a single cell is short, and one swap in a thousand passes it; this digest is not.
        return tuple(name for name in SHOWN_FIELDS if name in CHECKED_COLUMNS)
    return torn


def _read_signature(row: ReviewRow, reviewer: str | None, latest: dt.datetime | None) -> tuple[str | None, str, str | None]:
    comment = attempt("comment", lambda cell: parse_words(cell, "the comment"), row.cell("comment"))
    who = attempt("reviewer", lambda cell: parse_words(cell, "the name"), row.cell("reviewer")) or reviewer
    if not who:
        raise RowFault("reviewer", "nobody is named as reviewer; fill the column, or import with --reviewer NAME")
    return comment, who, attempt("reviewed_at", lambda cell: parse_moment(cell, latest), row.cell("reviewed_at"))


# ---------------------------------------------------------------- corrections
def _read_corrections(row: ReviewRow, vocabulary: Vocabulary) -> dict[str, str | None]:
    corrections: dict[str, str | None] = {}
    for heading, name in _CORRECTED.items():
        cell = row.cell(heading)
        if cell.kind == "blank":
            continue
        if cell.kind == "text" and cell.text.casefold() == EMPTY_WORD:
            if name in ("item", "status", "modality"):
                raise RowFault(heading, f"{name} cannot be empty; reject the fact or give another value")
            corrections[name] = None
        else:
            corrections[name] = attempt(heading, partial(parse_value, name, vocabulary=vocabulary), cell)
    return corrections


def _check_corrections(row: ReviewRow, corrections: Mapping[str, str | None]) -> None:
    shown = {name: show_value(row.cell(name).value) or None for name in ("count_min", "count_max", "date_start", "date_end")}
    fault = check_together({**shown, **corrections}) if corrections.keys() & shown.keys() else None
    if fault is not None:
        first = next(name for name in corrections if name in shown)
        raise RowFault(CORRECTED_PREFIX + first, fault)


# ---------------------------------------------------------------- one fact twice
def _split_clashes(statements: Iterable[Statement]) -> tuple[list[Statement], list[Reject]]:
    """Of one reviewer's rows on one fact all in order of time; all of them are rejects when nothing tells which is the last."""
    groups: dict[tuple[str, str], list[Statement]] = {}
    for one in statements:
        groups.setdefault((one.fact_id, one.reviewer), []).append(one)
    kept: list[Statement] = []
    clashes: list[Reject] = []
    for group in groups.values():
        ordered = _order(group)
        kept += ordered
        if not ordered:
            where = ", ".join(f"{one.sheet} row {one.row}" for one in group)
            reason = f"one fact, one reviewer, and rows that disagree ({where}); keep one of them, or fill reviewed_at in each"
            clashes += [Reject(one.sheet, one.row, one.fact_id, "decision", reason, one.cells) for one in group]
    return kept, clashes


def _order(group: list[Statement]) -> list[Statement]:
    if len({one.said for one in group}) == 1:
        return [max(group, key=lambda one: one.decided_at or "")]
    moments = [moment_key(one.decided_at) for one in group]
    if None in moments or len(set(moments)) != len(moments):
        return []
    return sorted(group, key=lambda one: moment_key(one.decided_at) or "")


def moment_key(moment: str | None) -> str | None:
    """A moment as text that sorts by time: naive times as they are, others in UTC."""
    if moment is None:
        return None
    at = dt.datetime.fromisoformat(moment)
    return (at.astimezone(dt.UTC).replace(tzinfo=None) if at.tzinfo else at).isoformat()
