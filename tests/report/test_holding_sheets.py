"""The holdings sheets show the reckoned rows with their facts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from inventory.model import Fact
from inventory.records import Conflict, Known
from inventory.report.holdings_sheet import HOLDING_COLUMNS
from inventory.report.workbook import write_workbook
from inventory.table import Facts

Make = Callable[..., Fact]


def read(facts: list[Fact], path: Path, sheet: str, known: Known | None = None) -> list[dict[str, Any]]:
    write_workbook(Facts(facts), path, known=known)
    rows = load_workbook(path)[sheet].iter_rows(values_only=True)
    headings = next(rows)
    assert headings == tuple(column.name for column in HOLDING_COLUMNS)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_rows_are_items_at_places_with_their_facts(make_fact: Make, tmp_path: Path) -> None:
    facts = [make_fact(fact_id="F1"), make_fact(fact_id="F2", status="destroyed", measure="flow"), make_fact(fact_id="F3", kind="unit")]
    rows = read(facts, tmp_path / "a.xlsx", "Equipment")
    (row,) = [row for row in rows if row["level"] == "item"]
    assert (row["item"], row["low"], row["high"], row["lost_low"], row["lost_high"]) == ("Su-35", 12, 12, 12, 12)
    assert (row["fact"], row["fact_ids"]) == ("F1 … 1 more", "F1 F2")
    assert [row["level"] for row in rows] == ["total", "item"]  # a category of one item would say its row again
    index = [column.name for column in HOLDING_COLUMNS].index("fact")
    cells = load_workbook(tmp_path / "a.xlsx")["Equipment"][2]
    assert cells[index].hyperlink.location == "'Facts'!A2"


def test_kinds_have_their_sheet_and_conflicts_their_mark(make_fact: Make, tmp_path: Path) -> None:
    facts = [make_fact(fact_id="F1"), make_fact(fact_id="F3", kind="unit", item="1st Brigade", item_id="b1", category="unit/brigade")]
    known = Known(conflicts=(Conflict("C", "count", "Russia", "Su-35", None, None, None, "F1", "1", "a", "…", "F9", "2", "b", "…"),))
    assert {row["conflict"] for row in read(facts, tmp_path / "a.xlsx", "Equipment", known) if row["level"] == "item"} == {"yes"}
    assert {row["item"] for row in read(facts, tmp_path / "b.xlsx", "Units")} >= {"1st Brigade"}
    assert [row["actor"] for row in read(facts, tmp_path / "c.xlsx", "Personnel")] == ["none"]
