"""An analyst who does at random what analysts do to a workbook, and a plain account of what must come of it.

The account is made from the cells as they stand in the end, without the code under test: it knows which fact each id belongs to and what
was written for it, so a row is torn when any cell that is left says something else.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from inventory.report import rowcheck


class Formula(str):
    """A formula that somebody typed; a text that begins with `=` is none."""

    __slots__ = ()


CORRECTED = {f"corrected_{name}": name for name in rowcheck.CORRECTABLE}
REVIEWER = rowcheck.REVIEWER_COLUMNS
# For each column of the reviewer: what may be typed, with the text that must come of it (None: the cell has to be empty); and what may not.
GOOD: dict[str, list[tuple[Any, str | None]]] = {
    "corrected_item": [("T-64", "T-64"), ("001", "001"), ("NA", "NA"), (7, "7")],
    "corrected_count_min": [("(empty)", None)],
    "corrected_count_max": [(5_000_000, "5000000"), ("5,000,000", "5000000"), (5e6, "5000000"), ("(empty)", None)],
    "corrected_actor_id": [("UKR", "UKR"), ("wagner", "wagner")],
    "corrected_counterparty_id": [("POL", "POL"), ("(empty)", None)],
    "corrected_place": [("-5 km north", "-5 km north"), ("None", "None"), ("null", "null")],
    "corrected_country": [("UKR", "UKR")],
    "corrected_date_start": [("1999-05-01", "1999-05-01"), (dt.datetime(1999, 5, 1), "1999-05-01"), (dt.date(1999, 5, 1), "1999-05-01")],
    "corrected_date_end": [("2033-05-01", "2033-05-01"), (dt.datetime(2033, 5, 1), "2033-05-01")],
    "corrected_status": [("Shot down", "shot_down"), ("sunk", "sunk")],
    "corrected_modality": [("DENIED", "denied")],
    "corrected_claimant": [("N/A", "N/A"), ("the 'ministry'", "the 'ministry'")],
}
BAD: dict[str, list[Any]] = {
    "corrected_item": [Formula("=A1&B1"), dt.datetime(2022, 10, 3), "(empty)"],
    "corrected_count_min": ["a dozen", -1, 2.5, True],
    "corrected_count_max": ["12 tanks", Formula("=1+1"), 10**13],
    "corrected_actor_id": ["Ruritania!", dt.datetime(2022, 1, 1)],
    "corrected_counterparty_id": ["the other side"],
    "corrected_place": [Formula('=HYPERLINK("x")')],
    "corrected_country": ["uk", "Poland"],
    "corrected_date_start": ["3/4/2022", "2022-02-30", "soon", 44600],
    "corrected_date_end": ["31.12.2022", True],
    "corrected_status": ["burnt", Formula("=")],
    "corrected_modality": ["maybe"],
    "corrected_claimant": [Formula("=cmd|' /C calc'!A0")],
}
# What :func:`type_over` leaves, where it is a value that may be typed.
TYPED = ("typed over", 3)
TEXTS = ("corrected_item", "corrected_place", "corrected_claimant")
NUMBERS = ("corrected_count_min", "corrected_count_max")
WORDS = {"accept": "accept", "Reject ": "reject", "second-look": "second look", "clear": "clear", "CORRECT": "correct"}
WRONG_WORDS = ["yes", "ok", Formula("=TRUE"), "accepted?", 1, True]


@dataclass
class Grid:
    """A sheet as the analyst sees it: headings and rows of cells, what each fact's row was, and how many rows stand above the heading."""

    headings: list[str]
    rows: list[list[Any]]
    written: dict[str, dict[str, Any]]
    above: int = 0
    hidden: set[int] = field(default_factory=set)
    log: list[str] = field(default_factory=list)

    def column(self, name: str) -> int | None:
        return self.headings.index(name) if name in self.headings else None


def open_grid(path: Path) -> Grid:
    """The Review sheet of a report."""
    sheet = load_workbook(path)["Review"]
    values = [list(row) for row in sheet.iter_rows(values_only=True)]
    headings = [str(name) for name in values[0]]
    rows = [row for row in values[1:] if row[0] is not None]
    return Grid(headings, rows, {str(row[0]): dict(zip(headings, row, strict=True)) for row in rows})


def save_grid(grid: Grid, path: Path, base: dict[str, str]) -> None:
    """The grid as a spreadsheet program saves it, with the hidden sheet of the report."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Review"
    for number in range(grid.above):
        sheet.append([f"Checked by the desk, part {number + 1}"])
    sheet.append(grid.headings)
    for number, row in enumerate(grid.rows, grid.above + 2):
        for column, value in enumerate(row, 1):
            if value is not None:
                cell = sheet.cell(number, column, value)
                if isinstance(value, str) and not isinstance(value, Formula):
                    cell.data_type = "s"
    for number in grid.hidden:
        sheet.row_dimensions[grid.above + 2 + number].hidden = True
    hidden = book.create_sheet(rowcheck.BASE_SHEET)
    hidden.sheet_state = "veryHidden"
    for pair in [("key", "value"), *base.items()]:
        hidden.append(pair)
    book.save(path)


# ---------------------------------------------------------------- what an analyst does
def decide(grid: Grid, rng: random.Random, reviewer: str | None) -> None:
    """Fill some rows, now and then with what cannot be taken."""
    for row in grid.rows:
        if rng.random() < 0.35:
            continue
        word = rng.choice(list(WORDS)) if rng.random() < 0.9 else rng.choice(WRONG_WORDS)
        _put(grid, row, "decision", word)
        if WORDS.get(str(word)) == "correct" or rng.random() < 0.05:
            for heading in rng.sample(list(CORRECTED), rng.randint(1, 3)):
                typed = rng.choice(GOOD[heading])[0] if rng.random() < 0.9 else rng.choice(BAD[heading])
                _put(grid, row, heading, typed)
        if rng.random() < 0.3:
            _put(grid, row, "comment", rng.choice(["seen twice", "=not a formula", "ünïcode 坦克", "line\nbreak", 12]))
        if reviewer is not None:
            _put(grid, row, "reviewer", reviewer)
        if rng.random() < 0.4:
            _put(grid, row, "reviewed_at", rng.choice([dt.datetime(2022, 2, 9, 10), dt.date(2022, 2, 8), "2022-02-09", "2022-02-09T11:30"]))
    grid.log.append("decide")


def _put(grid: Grid, row: list[Any], name: str, value: Any) -> None:
    at = grid.column(name)
    if at is not None:
        row[at] = value


def sort_rows(grid: Grid, rng: random.Random) -> None:
    at = rng.randrange(len(grid.headings))
    grid.rows.sort(key=lambda row: str(row[at] or ""), reverse=rng.random() < 0.5)


def hide_rows(grid: Grid, rng: random.Random) -> None:
    grid.hidden |= {number for number in range(len(grid.rows)) if rng.random() < 0.4}


def move_column(grid: Grid, rng: random.Random) -> None:
    old, new = rng.randrange(len(grid.headings)), rng.randrange(len(grid.headings))
    for line in (grid.headings, *grid.rows):
        line.insert(new, line.pop(old))


def delete_column(grid: Grid, rng: random.Random) -> None:
    at = rng.randrange(len(grid.headings))
    for line in (grid.headings, *grid.rows):
        line.pop(at)


def rename_column(grid: Grid, rng: random.Random) -> None:
    at = rng.randrange(len(grid.headings))
    grid.headings[at] = f"old {grid.headings[at]}"


def delete_rows(grid: Grid, rng: random.Random) -> None:
    grid.rows[:] = [row for row in grid.rows if rng.random() < 0.8] or grid.rows[:1]


def fill_down(grid: Grid, rng: random.Random) -> None:
    at, first = rng.randrange(len(grid.headings)), rng.randrange(len(grid.rows))
    for row in grid.rows[first : first + rng.randint(2, 6)]:
        row[at] = grid.rows[first][at]


def sort_one_column(grid: Grid, rng: random.Random) -> None:
    # Of the columns that the report wrote; those of the reviewer have tests of their own, as few cells in order may be chance.
    names = [name for name in grid.headings if name not in REVIEWER and name in rowcheck.list_headings()]
    if names:
        at = grid.headings.index(rng.choice(names))
        for row, value in zip(grid.rows, sorted((row[at] for row in grid.rows), key=lambda value: str(value or "")), strict=True):
            row[at] = value


def paste_dates(grid: Grid, rng: random.Random) -> None:
    for name in ("date_start", "date_end", "published"):
        if (at := grid.column(name)) is not None:
            for row in grid.rows:
                if isinstance(row[at], dt.datetime) and rng.random() < 0.5:
                    row[at] = row[at].date().isoformat()
                elif isinstance(row[at], str) and rng.random() < 0.5:
                    row[at] = dt.datetime.fromisoformat(row[at])


def type_over(grid: Grid, rng: random.Random) -> None:
    row = rng.choice(grid.rows)
    row[rng.randrange(len(row))] = rng.choice([*TYPED, None, Formula("=A1")])


def copy_row(grid: Grid, rng: random.Random) -> None:
    grid.rows.insert(rng.randrange(len(grid.rows) + 1), list(rng.choice(grid.rows)))


def add_blank_rows(grid: Grid, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 40)):
        grid.rows.insert(rng.randrange(len(grid.rows) + 1), [None] * len(grid.headings))


def add_fact(grid: Grid, rng: random.Random) -> None:
    row: list[Any] = [None] * len(grid.headings)
    cells = {"item": f"Lapwing-{rng.randrange(9)}", "kind": "equipment", "source": "own sighting", "corrected_place": "Minsk"}
    for name in rng.sample(list(cells), rng.randint(2, 4)):
        _put(grid, row, name, cells[name])
    grid.rows.append(row)


def add_notes(grid: Grid, rng: random.Random) -> None:
    grid.headings.append(f"my notes {len(grid.headings)}")
    for row in grid.rows:
        row.append("ask the desk" if rng.random() < 0.2 else None)


def put_title(grid: Grid, rng: random.Random) -> None:
    grid.above += rng.randint(1, 3)


EDITS = (
    sort_rows, sort_rows, hide_rows, move_column, move_column, delete_column, rename_column, delete_rows, fill_down, sort_one_column,
    sort_one_column, paste_dates, type_over, copy_row, add_blank_rows, add_fact, add_notes, put_title,
)  # fmt: skip


def edit(grid: Grid, rng: random.Random, reviewer: str | None = None) -> None:
    """A script: some edits, the decisions, some more edits."""
    before, after = rng.randint(0, 3), rng.randint(0, 4)
    for number in range(before + after + 1):
        if number == before:
            decide(grid, rng, reviewer)
        else:
            act = rng.choice(EDITS)
            act(grid, rng)
            grid.log.append(act.__name__)


# ---------------------------------------------------------------- what must come of it
@dataclass
class Outcome:
    """What a row must become: `none`, `reject`, `added`, or `take` with the statement."""

    kind: str
    fact_id: str = ""
    decision: str = ""
    corrections: dict[str, str | None] = field(default_factory=dict)
    why: str = ""


def expect_rows(grid: Grid) -> dict[int, Outcome]:
    """Row number of the sheet → what must become of it. Rows of one reviewer on one fact are not held against each other here."""
    known = [name for name in grid.headings if name in rowcheck.list_headings()]
    strange = [at for at, name in enumerate(grid.headings) if name not in rowcheck.list_headings()]
    outcomes = {}
    for number, row in enumerate(grid.rows, grid.above + 2):
        cells = {name: row[grid.headings.index(name)] for name in known}
        noted = any(row[at] is not None for at in strange)
        outcomes[number] = _expect(cells, noted, grid.written)
    return outcomes


def _expect(cells: dict[str, Any], noted: bool, written: dict[str, dict[str, Any]]) -> Outcome:
    said = [name for name in ("decision", *CORRECTED, "comment") if cells.get(name) is not None]
    identity = [name for name in ("fact_id", "row_check") if name in cells]
    content = any(value is not None for name, value in cells.items() if name not in ("reviewer", "reviewed_at"))
    bare = bool(identity) and all(cells[name] is None for name in identity) and content
    if "decision" not in cells and (said or noted):
        return Outcome("reject", why="no decision column")
    if not said and not bare:
        return Outcome("none")
    if len(identity) < 2:
        return Outcome("reject", why="no column of identity")
    if noted and any(name not in cells for name in REVIEWER):
        return Outcome("reject", why="a renamed column")
    if bare:
        return _expect_added(cells)
    fact_id = cells["fact_id"]
    own = written.get(str(fact_id))
    if own is None or cells["row_check"] != own["row_check"]:
        return Outcome("reject", why="identity torn")
    for name in rowcheck.CHECKED_COLUMNS:
        if name in cells and _plain(cells[name]) != _plain(own[name]):
            return Outcome("reject", why=f"{name} torn")
    if "decision" not in said:
        return Outcome("reject", why="no decision")
    return _expect_statement(str(fact_id), cells)


def _plain(value: Any) -> str:
    return f"formula {value}" if isinstance(value, Formula) else rowcheck.normal_text(value)


def _expect_statement(fact_id: str, cells: dict[str, Any]) -> Outcome:
    word = WORDS.get(cells["decision"]) if isinstance(cells["decision"], str) else None
    if word is None:
        return Outcome("reject", why="unknown word")
    corrections: dict[str, str | None] = {}
    for heading, name in CORRECTED.items():
        if cells.get(heading) is not None:
            found = [text for typed, text in GOOD[heading] if typed == cells[heading] and type(typed) is type(cells[heading])]
            if not found and not isinstance(cells[heading], bool):  # a date comes back from the file as a time of midnight
                found = [text for typed, text in GOOD[heading] if _plain(typed) == _plain(cells[heading]) and not isinstance(typed, str)]
            if not found and cells[heading] in TYPED and not isinstance(cells[heading], bool):
                found = [str(cells[heading])] if heading in TEXTS or (heading in NUMBERS and cells[heading] == 3) else []
            if not found:
                return Outcome("reject", why=f"{heading} {cells[heading]!r}")
            corrections[name] = found[0]
    if (word == "correct") != bool(corrections):
        return Outcome("reject", why="corrections and decision")
    for low, high in (("count_min", "count_max"), ("date_start", "date_end")):
        if low in corrections or high in corrections:
            first, last = (corrections.get(name, _plain(cells.get(name)) or None) for name in (low, high))
            if first is not None and last is not None and (int(first) > int(last) if low == "count_min" else first > last):
                return Outcome("reject", why="crossed")
    for name in ("comment", "reviewer", "reviewed_at"):
        value = cells.get(name)
        if isinstance(value, Formula):
            return Outcome("reject", why=f"formula in {name}")
        if name == "reviewed_at" and value in TYPED:
            return Outcome("reject", why="no moment")
    return Outcome("take", fact_id, word, corrections)


def _expect_added(cells: dict[str, Any]) -> Outcome:
    return (
        Outcome("added")
        if all(cells.get(name) or cells.get(f"corrected_{name}") for name in ("item", "kind", "source"))
        else Outcome("reject")
    )
