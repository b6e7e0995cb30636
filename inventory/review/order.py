"""A reviewer's column that was sorted by itself: its cells are in order while the rows still stand as they were written.

`row_check` ties the cells of the report to their fact, but not what a reviewer typed. Sheet protection keeps a spreadsheet program from
sorting those columns alone; a file that was unprotected, or changed by another program, is caught here where chance cannot explain it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from math import factorial, prod

from inventory.report.rowcheck import CORRECTABLE, CORRECTED_PREFIX, read_position
from inventory.review.read import ReviewRow

# Facts stand in the order of their documents, so days may well ascend; and a reviewer works from the top down.
_BY_NATURE = ("date_start", "date_end")
_COLUMNS = ("decision", *(CORRECTED_PREFIX + name for name in CORRECTABLE if name not in _BY_NATURE), "comment")
_ODDS = 1_000  # orders of the same cells, of which one is the sorted one, that are too many for chance


def find_sorted_column(rows: Iterable[ReviewRow]) -> str | None:
    """The reviewer's column of a sheet whose cells were, by all odds, sorted without their rows; `None` when there is none.

    Of the rows that fill a column: they stand as they were written, their cells ascend or descend, and of the orders that these cells
    could have within rows of one cause (`why`: conflicts come first and may all be rejected) more than a thousand are not sorted.
    """
    held = [(position, row) for row in rows if (position := read_position(row.cell("row_check").text)) is not None]
    if any(one[0] >= two[0] for one, two in pairwise(held)):
        return None  # whole rows were sorted
    return next((name for name in _COLUMNS if _is_sorted(name, [row for _, row in held])), None)


def _is_sorted(name: str, rows: Sequence[ReviewRow]) -> bool:
    filled = [row for row in rows if row.cell(name).kind != "blank"]
    keys = [_sort_key(row, name) for row in filled]
    ascending = all(one <= two for one, two in pairwise(keys))
    if not (ascending or all(one >= two for one, two in pairwise(keys))):
        return False
    groups = [[key for key, _ in group] for _, group in groupby(zip(keys, filled, strict=True), lambda pair: pair[1].cell("why").text)]
    return prod(map(_count_orders, groups)) > _ODDS


def _sort_key(row: ReviewRow, name: str) -> tuple[int, float, str]:
    # As spreadsheet programs sort: numbers first, text without regard to case.
    cell = row.cell(name)
    return (0, float(cell.value), "") if cell.kind == "number" else (1, 0.0, cell.text.casefold())


def _count_orders(keys: Sequence[tuple[int, float, str]]) -> int:
    return factorial(len(keys)) // prod(map(factorial, Counter(keys).values()))
