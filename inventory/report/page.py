"""A sheet that is laid out freely instead of being one table: cells at their places, and charts over ranges of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from inventory.report.cells import Value
from inventory.report.layout import State


class PageCell(NamedTuple):
    """A value, the type of its cell, and its role on the page (`title`, `lead`, `label`, `figure`, `block`, `head`, `body`, `total`)."""

    value: Value
    type: str
    role: str


class Range(NamedTuple):
    """Cells in one row or column, both ends included, counted from 1."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def cells(self) -> list[tuple[int, int]]:
        """Row and column of each cell, in order."""
        rows, columns = range(self.first_row, self.last_row + 1), range(self.first_column, self.last_column + 1)
        return [(row, column) for row in rows for column in columns]


class ChartPlan(NamedTuple):
    """A chart: `bar` (horizontal) or `column`, over ranges of the page; it covers the cells of `frame`."""

    title: str
    kind: str
    labels: Range
    values: Range
    frame: Range


@dataclass(frozen=True, slots=True)
class Page:
    """The page: `cells[row][column]`, counted from 1, `heights` of rows in points, `widths` of columns in characters."""

    name: str
    purpose: str
    widths: tuple[float, ...]
    cells: Mapping[int, Mapping[int, PageCell]]
    heights: Mapping[int, float]
    charts: tuple[ChartPlan, ...]
    state: State = "visible"

    def value(self, row: int, column: int) -> Value:
        """The value of a cell, `None` if it is empty."""
        cell = self.cells.get(row, {}).get(column)
        return cell.value if cell else None

    @property
    def last_row(self) -> int:
        """The last row that has a cell."""
        return max(self.cells, default=1)
