"""What a sheet is made of: columns, rows, highlights, links; how they are drawn is told elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from inventory.model import Column
from inventory.report.cells import Value
from inventory.report.style import Look

Row = Sequence[Value]
State = Literal["visible", "hidden", "veryHidden"]
_LIMITS = {
    "fact_id": 17, "evidence": 72, "example": 60, "yaml": 60, "message": 70, "error": 44, "items": 52, "flags": 38,
    "fact_ids": 34, "fact": 27, "value": 90, "title": 40, "url": 44, "map": 80, "item": 20, "raw_sha256": 72, "text_sha256": 72,
    "source_key": 30, "slots": 40, "rules": 30, "place": 16, "claimant": 16, "counterparty": 16, "category": 24,
    "left_evidence": 50, "right_evidence": 50, "left_says": 24, "right_says": 24, "old": 26, "new": 26, "note": 60, "key": 30, "check": 34,
    "scope": 30, "why": 16, "changed": 26, "review": 26, "comment": 34, "row_check": 12, "places": 34, "reprint_of": 26,
}  # fmt: skip
_DEFAULT_LIMIT = 19
# Folded away: what only machines compare, or another column says better.
FOLDED = frozenset({
    "actor_id", "place_id", "counterparty_id", "fact_ids", "source_key", "raw_sha256", "text_sha256", "row_check", "lat", "lon",
    "conflict_id", "reader", "retrieved", "language", "chars",
})  # fmt: skip
_TYPES = {"lat": "coordinate", "lon": "coordinate", "start": "plain", "end": "plain"}


class SheetColumn(NamedTuple):
    """A column of a sheet.

    `type` is that of its cells (`str`, `text` for cells whose format is text, `int`, `float`, `coordinate`, `plain`, `date`); `limit` the
    widest it gets, in characters. `folded`: in an outline group. `needed`: kept when the audience gets fewer columns. `unlocked`: may be
    typed into although the sheet is protected, `choices` being offered as a drop-down.
    """

    name: str
    type: str
    comment: str
    limit: int = _DEFAULT_LIMIT
    folded: bool = False
    needed: bool = False
    unlocked: bool = False
    choices: tuple[str, ...] = ()


class Highlight(NamedTuple):
    """A look that cells of the columns take where the formula holds; `{name}` in it stands for the cell of that column."""

    look: Look
    columns: tuple[str, ...]
    formula: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: `rows(first, last)` yields the rows of that half-open range, `count` in all. `frozen` columns stay in view.

    `protected`: only unlocked columns, and `blank_rows` empty rows at the end, can be typed into. `state` is visible, hidden or
    veryHidden; a sheet without `table` has plain headings only.
    """

    name: str
    purpose: str
    columns: tuple[SheetColumn, ...]
    count: int
    rows: Callable[[int, int], Iterator[Row]]
    frozen: int = 1
    wide: bool = False
    highlights: tuple[Highlight, ...] = field(default=())
    protected: bool = False
    blank_rows: int = 0
    state: State = "visible"
    table: bool = True


def list_sheet(
    name: str, purpose: str, columns: Iterable[Column], rows: Sequence[Row], highlights: tuple[Highlight, ...] = (), *, wide: bool = False,
    frozen: int = 1, folded: frozenset[str] = frozenset(),
) -> Sheet:  # fmt: skip
    """A sheet of rows that are there already; without any it says `none`, or an empty one could also mean that nobody looked."""
    shown = tuple(show_column(column, folded=column.name in FOLDED | folded) for column in columns)
    rows = rows or [("none", *[None] * (len(shown) - 1))]
    return Sheet(name, purpose, shown, len(rows), lambda first, last: iter(rows[first:last]), frozen, wide, highlights)


def show_column(column: Column, folded: bool = False) -> SheetColumn:
    """The sheet column of a declared one: its description, and the words it may hold, become the heading's comment."""
    comment = column.description + (f"\nOne of: {', '.join(column.values)}." if column.values else "")
    kind = "str" if column.type in ("enum", "json") else column.type
    return SheetColumn(column.name, _TYPES.get(column.name, kind), comment, _LIMITS.get(column.name, _DEFAULT_LIMIT), folded)


def drop_folded(sheet: Sheet) -> Sheet:
    """The sheet for readers who want the main columns only: no folded ones, but for those that an import needs."""
    kept = [index for index, column in enumerate(sheet.columns) if column.needed or not column.folded]
    if len(kept) == len(sheet.columns):
        return sheet
    names = {sheet.columns[index].name for index in kept}

    def rows(first: int, last: int) -> Iterator[Row]:
        for row in sheet.rows(first, last):
            yield [row[index] for index in kept]

    highlights = tuple(
        Highlight(one.look, tuple(name for name in one.columns if name in names), one.formula)
        for one in sheet.highlights
        if all(name in names for name in _named(one.formula, sheet))
    )
    return Sheet(
        sheet.name, sheet.purpose, tuple(sheet.columns[index] for index in kept), sheet.count, rows,
        sum(index < sheet.frozen for index in kept), sheet.wide, highlights, sheet.protected, sheet.blank_rows, sheet.state, sheet.table,
    )  # fmt: skip


def _named(formula: str, sheet: Sheet) -> list[str]:
    return [column.name for column in sheet.columns if f"{{{column.name}}}" in formula]
