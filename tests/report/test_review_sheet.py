"""The Review sheet: who is on the work list and why, what can be typed in, and that a row comes back whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from inventory.model import Fact
from inventory.records import DECISIONS, Change, Conflict, Known, ReviewState, RunRecord
from inventory.report import rowcheck
from inventory.report.review_sheet import list_work
from inventory.report.workbook import write_workbook
from inventory.table import Facts

Make = Callable[..., Fact]
RUN = RunRecord("20260301T060000Z-ab12", "daily", "2026-03-01T06:00:00Z", None, "done", "1.0+ab", "0.1.0", 3, 9, 0, 3, 0)


def change(
    fact_id: str, kind: str, cause: str = "source", field: str | None = None, old: str | None = None, new: str | None = None
) -> Change:
    return Change(kind, cause, fact_id, "equipment", "Su-35", "Russia", "Tartus", "deployed", field, old, new, "Gazette", "…")


def conflict(left: str, right: str) -> Conflict:
    return Conflict("C1", "count", "Russia", "Su-35", "Tartus", None, None, left, "12", "A", "…", right, "30", "B", "…")


def state(fact_id: str, name: str, **corrections: str | None) -> ReviewState:
    return ReviewState(fact_id, name, corrections, ("Ana",), "tail number legible", ())


@pytest.fixture(scope="module")
def facts(make_fact: Make) -> Facts:
    return Facts([make_fact(fact_id=f"F{number}", url=f"https://example.org/{number}") for number in range(9)])


@pytest.fixture(scope="module")
def known() -> Known:
    return Known(
        run=RUN,
        previous=RUN,
        changes=(change("F8", "new"), change("F1", "updated", "source", "count_min", "10", "12"), change("F2", "updated", "review"),
                 change("F0", "withdrawn"), change("F7", "new"), change("F4", "new")),
        conflicts=(conflict("F3", "F4"),),
        reviews={"F4": state("F4", "accepted"), "F5": state("F5", "second look"), "F6": state("F6", "held"),
                 "F7": state("F7", "corrected", count_min="12"), "F2": state("F2", "confirm", place=None)},
    )  # fmt: skip


def read_rows(path: Path) -> list[dict[str, Any]]:
    rows = load_workbook(path)["Review"].iter_rows(values_only=True)
    headings = next(rows)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_the_work_list_has_what_needs_a_look_most_urgent_first(facts: Facts, known: Known) -> None:
    assert [(item.fact.fact_id, item.why) for item in list_work(facts, known)] == [
        ("F6", "reviewers disagree"), ("F3", "conflict"), ("F4", "conflict"), ("F5", "second look"), ("F2", "changed since review"),
        ("F1", "changed"), ("F8", "new"),
    ]  # fmt: skip
    told = {item.fact.fact_id: (item.changed, item.review) for item in list_work(facts, known)}
    assert told["F1"] == ("count_min: 10 → 12", None)
    assert told["F2"] == (None, "confirm by Ana: place = (empty); tail number legible")


def test_without_a_previous_run_every_unsettled_fact_is_new(facts: Facts) -> None:
    work = list_work(facts, Known(reviews={"F1": state("F1", "accepted"), "F2": state("F2", "second look")}))
    assert [item.fact.fact_id for item in work] == ["F2", "F0", "F3", "F4", "F5", "F6", "F7", "F8"]


def test_rows_agree_with_their_checks_and_lead_to_the_fact(facts: Facts, known: Known, tmp_path: Path) -> None:
    write_workbook(facts, tmp_path / "a.xlsx", known=known)
    rows = [row for row in read_rows(tmp_path / "a.xlsx") if row["fact_id"]]
    assert tuple(rows[0]) == rowcheck.list_headings()
    assert len(rows) == 7
    by_id = {fact.fact_id: fact for fact in facts}
    for row in rows:
        cells = {name: row[name] for name in rowcheck.CHECKED_COLUMNS}
        assert rowcheck.find_torn_cells(row["fact_id"], cells, row["row_check"]) == ()
        assert rowcheck.read_shown_hash(row["row_check"]) == rowcheck.hash_fact(by_id[row["fact_id"]])
        assert all(row[name] is None for name in rowcheck.REVIEWER_COLUMNS)
    workbook = load_workbook(tmp_path / "a.xlsx")
    sheet = workbook["Review"]
    assert sheet["A2"].hyperlink.location == "'Facts'!A8"
    assert workbook["Facts"]["A8"].value == sheet["A2"].value == "F6"
    source = rowcheck.list_headings().index("source") + 1
    assert sheet.cell(2, source).hyperlink.target == "https://example.org/6"


def test_only_the_review_columns_and_the_blank_rows_can_be_typed_into(facts: Facts, known: Known, tmp_path: Path) -> None:
    write_workbook(facts, tmp_path / "a.xlsx", known=known)
    sheet = load_workbook(tmp_path / "a.xlsx")["Review"]
    assert sheet.protection.sheet
    assert sheet.protection.sort is True  # True: not allowed, or Excel would sort the unlocked cells alone
    assert sheet.protection.autoFilter is False
    headings = rowcheck.list_headings()
    assert {headings[cell.column - 1] for cell in sheet[2] if not cell.protection.locked} == set(rowcheck.REVIEWER_COLUMNS)
    assert not any(cell.protection.locked for cell in sheet[9])
    assert sheet.max_row == 1 + 7 + rowcheck.BLANK_ROWS
    formats = {name: sheet.cell(2, headings.index(name) + 1).number_format for name in rowcheck.REVIEWER_COLUMNS}
    assert {name for name, code in formats.items() if code == "@"} == {
        *(name for name in headings if name.startswith("corrected_")), "comment", "reviewer",
    }  # fmt: skip


def test_choices_come_from_the_base_sheet_which_also_names_the_run(facts: Facts, known: Known, tmp_path: Path) -> None:
    write_workbook(facts, tmp_path / "a.xlsx", known=known)
    workbook = load_workbook(tmp_path / "a.xlsx")
    base = workbook[rowcheck.BASE_SHEET]
    assert base.sheet_state == "veryHidden"
    assert rowcheck.read_base(base.iter_rows(min_row=2, max_col=2, values_only=True)) == {
        "format": rowcheck.FORMAT, "run_id": RUN.run_id, "job": "daily", "rulebook": "1.0+ab",
    }  # fmt: skip
    rules = {str(rule.sqref).rstrip("0123456789"): rule for rule in workbook["Review"].data_validations.dataValidation}
    assert len(rules) == 3
    words = [[cell.value for (cell,) in base[rule.formula1.split("!")[1].replace("$", "")]] for rule in rules.values()]
    assert list(DECISIONS) in words
    assert all(rule.showErrorMessage for rule in rules.values())


def test_corrections_show_beside_the_extraction_and_rejected_facts_only_on_request(facts: Facts, tmp_path: Path) -> None:
    known = Known(reviews={"F1": state("F1", "corrected", count_min="14", place=None), "F2": state("F2", "rejected")})
    write_workbook(facts, tmp_path / "a.xlsx", known=known)
    rows = list(load_workbook(tmp_path / "a.xlsx")["Facts"].iter_rows(values_only=True))
    assert len(rows) == 1 + 8
    headings = rows[0]
    assert headings[headings.index("count_min") + 1] == "count_min_corrected"
    one = dict(zip(headings, rows[2], strict=True))
    assert (one["count_min"], one["count_min_corrected"], one["place_corrected"], one["review_state"]) == (12, "14", "(empty)", "corrected")
    write_workbook(facts, tmp_path / "b.xlsx", known=known, rejected=True)
    rows = list(load_workbook(tmp_path / "b.xlsx")["Facts"].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == [fact.fact_id for fact in facts]
    assert rows[3][headings.index("review_state")] == "rejected"


def test_an_empty_work_list_says_none(facts: Facts, tmp_path: Path) -> None:
    write_workbook(facts, tmp_path / "a.xlsx", known=Known(run=RUN, previous=RUN))
    assert read_rows(tmp_path / "a.xlsx")[0]["fact_id"] == "none"


def test_sheets_are_ordered_and_hidden_as_asked(facts: Facts, tmp_path: Path) -> None:
    write_workbook(facts, tmp_path / "a.xlsx", sheets=["Errors", "Facts"])
    workbook = load_workbook(tmp_path / "a.xlsx")
    assert workbook.sheetnames[:2] == ["Errors", "Facts"]
    assert [sheet.title for sheet in workbook if sheet.sheet_state == "visible"] == ["Errors", "Facts"]
    with pytest.raises(ValueError, match="Fats — name one or more of"):
        write_workbook(facts, tmp_path / "a.xlsx", sheets=["Fats"])


def test_an_analyst_gets_fewer_columns_but_those_that_an_import_needs(facts: Facts, tmp_path: Path) -> None:
    write_workbook(facts, tmp_path / "a.xlsx", columns="analyst", created=dt.datetime(2026, 1, 1))
    workbook = load_workbook(tmp_path / "a.xlsx")
    headings = [cell.value for cell in workbook["Facts"][1]]
    assert "slots" not in headings
    assert {"fact_id", "evidence", "count_min"} <= set(headings)
    review = [cell.value for cell in workbook["Review"][1]]
    assert {"fact_id", "row_check", *rowcheck.REVIEWER_COLUMNS} <= set(review)
    assert "actor_id" not in review
