"""Changes, Timeline, Conflicts, Sources, Quality and GeoJSON: what is told of, and `none` where there is nothing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.workbook.workbook import Workbook

from inventory.model import Fact
from inventory.records import Change, Conflict, Known, Reprint, RunRecord, SourceGrade
from inventory.report.geojson import write_geojson
from inventory.report.summary import summary_page
from inventory.report.workbook import write_workbook
from inventory.table import DocumentRow, Facts

Make = Callable[..., Fact]
RUN = RunRecord("R2", "daily", "2022-03-04T06:00:00Z", None, "done", "1.0", "0.1.0", 9, 40, 1, 3, 0)


def write(facts: list[Fact], path: Path, **more: Any) -> Workbook:
    write_workbook(Facts(facts, more.pop("documents", ())), path, **more)
    return load_workbook(path, rich_text=True)


def rows_of(workbook: Workbook, sheet: str) -> list[dict[str, Any]]:
    rows = workbook[sheet].iter_rows(values_only=True)
    headings = next(rows)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_lists_without_rows_say_none(make_fact: Make, tmp_path: Path) -> None:
    workbook = write([make_fact(place=None, place_id=None, lat=None)], tmp_path / "a.xlsx")
    for sheet in ("Changes", "Conflicts", "Quality", "Candidates", "Errors", "Places", "Personnel"):
        assert [row[0] for row in workbook[sheet].iter_rows(min_row=2, values_only=True)] == ["none"], sheet
    assert rows_of(write([], tmp_path / "b.xlsx"), "Timeline")[0]["date"] == "none"


def test_changes_and_conflicts_lead_to_the_fact_with_its_item_in_bold(make_fact: Make, tmp_path: Path) -> None:
    facts = [make_fact(fact_id="F1"), make_fact(fact_id="F2", count_min=40, source="Other")]
    evidence = facts[0].evidence
    told = ("equipment", "Su-35", "Russia", "Tartus", "deployed")
    known = Known(
        changes=(Change("new", "source", "F2", *told, None, None, None, "Other", evidence),
                 Change("withdrawn", "rules", "FGONE", *told, None, None, None, "Other", "Gone.")),
        conflicts=(Conflict("C", "count", "Russia", "Su-35", "Tartus", None, None, "F1", "12", "A", evidence, "F2", "40", "B", evidence),),
    )  # fmt: skip
    workbook = write(facts, tmp_path / "a.xlsx", known=known)
    new, gone = rows_of(workbook, "Changes")
    assert (new["change"], gone["cause"], str(gone["evidence"])) == ("new", "rules", "Gone.")
    assert isinstance(new["evidence"], CellRichText)
    assert [part.text for part in new["evidence"] if isinstance(part, TextBlock) and part.font.b] == ["Su-35s"]
    assert workbook["Changes"]["C2"].hyperlink.location == "'Facts'!A3"
    assert workbook["Changes"]["C3"].hyperlink is None
    (conflict,) = rows_of(workbook, "Conflicts")
    assert (conflict["left_says"], conflict["right_says"], conflict["left"], conflict["right"]) == ("12", "40", "F1", "F2")


def test_the_timeline_counts_every_fact_the_latest_day_first(make_fact: Make, tmp_path: Path) -> None:
    march, may = dt.date(2022, 3, 1), dt.date(2022, 5, 2)
    facts = [
        make_fact(fact_id="F1"), make_fact(fact_id="F2", item="T-72", count_text="nine"),
        make_fact(fact_id="F3", date_start=may, date_end=may),
        make_fact(fact_id="F4", date_start=march, date_end=may, status="destroyed"), make_fact(fact_id="F5", published=None),
    ]  # fmt: skip
    rows = rows_of(write(facts, tmp_path / "a.xlsx"), "Timeline")
    assert [(row["date"], row["date_end"], row["status"], row["facts"]) for row in rows] == [
        (dt.datetime(2022, 5, 2), None, "deployed", 1), (dt.datetime(2022, 3, 1), dt.datetime(2022, 5, 2), "destroyed", 1),
        (dt.datetime(2022, 3, 1), None, "deployed", 2), (None, None, "deployed", 1),
    ]  # fmt: skip
    assert rows[2]["items"] == "12 Su-35; nine T-72"
    assert rows[2]["fact_ids"] == "F1 … 1 more"


def test_sources_have_grade_and_original(make_fact: Make, tmp_path: Path) -> None:
    documents = [DocumentRow(name, name, None, "Gazette", f"https://example.org/{name}", *[None] * 6, 9, 1, "read", None)
                 for name in "ab"]  # fmt: skip
    known = Known(reprints=(Reprint("b", "a", 0.93),), grades=(SourceGrade("Gazette", "B", None),))
    workbook = write([make_fact()], tmp_path / "a.xlsx", known=known, documents=documents)
    rows = rows_of(workbook, "Sources")
    assert [(row["doc_id"], row["grade"], row["reprint_of"], row["similarity"]) for row in rows] == [
        ("a", "B", None, None), ("b", "B", "a", 0.93),
    ]  # fmt: skip
    url = [cell for cell in workbook["Sources"][2] if cell.value == "https://example.org/a"]
    assert url[0].hyperlink.target == "https://example.org/a"


def test_largest_changes_come_first_and_both_bounds_are_one(make_fact: Make) -> None:
    from inventory.report.facts_sheet import FactRows

    told = ("equipment", "Su-35", "Russia", "Tartus", "deployed")
    facts = [make_fact(fact_id=f"F{n}", count_min=n, count_max=n) for n in range(1, 30)]
    rows = [("F4", "count_min", "2", "4"), ("F4", "count_max", "2", "4"), ("F9", "count_max", "50", "9"), ("F8", "place", "A", "B")]
    changes = [Change("updated", "source", fact_id, *told, *cells, "S", "…") for fact_id, *cells in rows]
    known = Known(RUN, RUN, changes=(*changes, Change("new", "source", "F29", *told, None, None, None, "S", "…")))
    page = summary_page(Facts(facts), known, FactRows(facts, 1000), 0)
    start = next(row for row, cells in page.cells.items() if str(getattr(cells.get(1), "value", "")).startswith("Link(text='Largest"))
    assert [[page.value(row, column) for column in (4, 5, 6, 7)] for row in range(start + 2, start + 5)] == [
        ["count_max", 50, 9, -41], ["new", None, 29, 29], ["count_min", 2, 4, 2],
    ]  # fmt: skip
    assert page.value(start + 5, 1) is None


@pytest.mark.parametrize("features", ["facts", "places"])
def test_geojson_has_every_fact_or_place(make_fact: Make, tmp_path: Path, features: Any) -> None:
    facts = [
        make_fact(),
        make_fact(fact_id="F2", lat=None, place="Nowhere", place_id=None),
        make_fact(fact_id="F3", lat=91.0, title="\ud800"),
    ]
    write_geojson(facts, tmp_path / "a.geojson", features=features)
    told = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    assert told["type"] == "FeatureCollection"
    points = [feature["geometry"] and feature["geometry"]["coordinates"] for feature in told["features"]]
    if features == "facts":
        assert points == [[35.8866, 34.889], None, None]
        assert [feature["id"] for feature in told["features"]] == ["FAAAA", "F2", "F3"]
        assert told["features"][0]["properties"]["item"] == "Su-35"
        assert told["features"][2]["properties"]["title"] == "\ud800"  # a JSON escape, as in JSON Lines
    else:
        assert sorted(feature["properties"]["place"] for feature in told["features"]) == ["Nowhere", "Tartus"]
        assert points.count(None) == 1


def test_geojson_of_nothing_is_an_empty_collection(tmp_path: Path) -> None:
    write_geojson([], tmp_path / "a.geojson")
    assert json.loads((tmp_path / "a.geojson").read_text()) == {"type": "FeatureCollection", "features": []}
