"""The workbook: every sheet, text that stays text, equal bytes for equal facts, nothing lost past a sheet's end."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.workbook.workbook import Workbook

from inventory.model import FACT_COLUMNS, FACT_FIELDS, Candidate, Fact, Issue, RunInfo
from inventory.report import links
from inventory.report.atomic import OutputError
from inventory.report.cells import MAX_TEXT, CellStyle, cell_xml, cut_text, show_forbidden
from inventory.report.evidence import find_item, mark_items
from inventory.report.places import map_link
from inventory.report.rowcheck import BASE_SHEET
from inventory.report.sheets import SHEETS
from inventory.report.workbook import write_workbook
from inventory.table import DocumentRow, Facts

Make = Callable[..., Fact]
HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "a\r\nb", "#N/A", "#DIV/0!", "001", "2022-02-07", "TRUE", " padded ", "<b>&amp;",
    '=HYPERLINK("x")', "{=1}", "\u2028", "😀" * 9,
]  # fmt: skip
STYLE = CellStyle("A", 1, 2)


def write(facts: Facts, tmp_path: Path, **options: Any) -> Workbook:
    write_workbook(facts, tmp_path / "report.xlsx", **options)
    return load_workbook(tmp_path / "report.xlsx", rich_text=True)


def column(workbook: Workbook, sheet: str, name: str) -> list[Any]:
    rows = workbook[sheet].iter_rows(values_only=True)
    index = next(rows).index(name)
    return [row[index] for row in rows]


def cell_text(value: Any) -> str:
    """What a reader of SpreadsheetML sees in the cell."""
    element = ElementTree.fromstring(cell_xml(1, value, STYLE))
    assert element.get("t") == "inlineStr"
    assert element.find("f") is None
    text = "".join(part.text or "" for part in element.iter("t"))
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def test_sheets_headings_and_comments(make_fact: Make, tmp_path: Path) -> None:
    workbook = write(Facts([make_fact()]), tmp_path)
    assert workbook.sheetnames == [*SHEETS, BASE_SHEET]
    headings = workbook["Facts"][1]
    assert tuple(cell.value for cell in headings) == FACT_FIELDS
    assert [cell.comment.text.split("\n")[0] for cell in headings if cell.comment] == [column.description for column in FACT_COLUMNS]
    for sheet in workbook.worksheets[1:-1]:
        (table,) = sheet.tables.values()
        assert table.ref == sheet.dimensions
        assert [heading.name for heading in table.tableColumns] == [cell.value for cell in sheet[1]]
        assert str(sheet.freeze_panes).endswith("2")
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
        assert not sheet.merged_cells.ranges
        assert all(cell.comment for cell in sheet[1])


def test_an_empty_run_still_makes_every_sheet_and_says_none(tmp_path: Path) -> None:
    workbook = write(Facts([]), tmp_path)
    assert workbook.sheetnames == [*SHEETS, BASE_SHEET]
    assert workbook["Errors"]["A2"].value == "none"
    assert workbook["Facts"].tables["FactsTable"].ref.endswith("2")  # a table needs a row under its heading


def test_values_have_their_types(make_fact: Make, tmp_path: Path) -> None:
    fact = make_fact(date_start=dt.date(2022, 2, 7), date_end=dt.date(1890, 1, 1), count_max=10**18)
    workbook = write(Facts([fact]), tmp_path)
    assert column(workbook, "Facts", "date_start") == [dt.datetime(2022, 2, 7)]
    assert column(workbook, "Facts", "date_end") == ["1890-01-01"]  # before Excel's calendar: text, not another day
    assert column(workbook, "Facts", "count_min") == [12]
    assert column(workbook, "Facts", "count_max") == ["1000000000000000000"]
    assert column(workbook, "Facts", "lat") == [34.889]
    assert column(workbook, "Facts", "slots") == ['{"item":[24,30]}']


def test_evidence_shows_the_item_in_bold(make_fact: Make, tmp_path: Path) -> None:
    workbook = write(Facts([make_fact()]), tmp_path)
    (evidence,) = column(workbook, "Facts", "evidence")
    assert isinstance(evidence, CellRichText)
    bold = [block.text for block in evidence if isinstance(block, TextBlock) and block.font.b]
    assert bold == ["Su-35s"]
    assert str(evidence) == "Moscow has stationed 12 Su-35s at Tartus."


def test_repeated_names_are_marked_in_their_order(make_fact: Make) -> None:
    evidence = "Four tanks, then five tanks and 6 tankettes."
    facts = [make_fact(evidence=evidence, item_text="tanks", start=start) for start in (205, 221, 205)]
    assert mark_items(facts) == {0: (5, 10), 1: (22, 27), 2: (5, 10)}
    assert find_item("a T-72\u00a0B3 here", "T-72  B3") == [(2, 9)]
    assert find_item("nothing", "tank") == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_with_its_characters(make_fact: Make, tmp_path: Path, text: str) -> None:
    workbook = write(Facts([make_fact(actor=text, evidence=text, place=text)]), tmp_path)
    sheet = workbook["Facts"]
    for name in ("actor", "evidence", "place"):
        cell = sheet.cell(2, FACT_FIELDS.index(name) + 1)
        assert cell.value == text
        assert cell.data_type == "s"
        assert cell.hyperlink is None
        assert bool(cell.quotePrefix) == text.startswith(("=", "+", "-", "@", "\t", "\r", "#"))


@given(text=st.text(st.characters(), min_size=1) | st.sampled_from(["_x0041_", "\x00", "\ud800", "\ufffe", "=\x0b"]))
def test_any_text_keeps_its_characters_and_is_never_a_formula(text: str) -> None:
    assert cell_text(text) == show_forbidden(text)
    if not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", text):
        assert cell_text(text) == text


def test_forbidden_characters_are_shown() -> None:
    assert show_forbidden("a\x0bb\x00\ud800\uffff\t\n\r") == "a\\x0bb\\x00\\ud800\\uffff\t\n\r"


@given(text=st.text(st.sampled_from("ab😀"), min_size=10, max_size=90), limit=st.integers(45, 60))
def test_long_text_is_cut_visibly_within_the_limit(text: str, limit: int) -> None:
    cut = cut_text(text, limit)
    assert len(cut.encode("utf-16-le")) // 2 <= limit
    if cut != text:
        found = re.fullmatch(r"(.*) …\[cut, (\d+) more characters\]", cut)
        assert found
        assert text == found[1] + text[len(found[1]) :]
        assert int(found[2]) == len(text) - len(found[1])


def test_over_long_evidence_fits_a_cell(make_fact: Make, tmp_path: Path) -> None:
    workbook = write(Facts([make_fact(evidence="Su-35s " * 9_000)]), tmp_path)
    (evidence,) = column(workbook, "Facts", "evidence")
    assert len(evidence) <= MAX_TEXT
    assert evidence.endswith("more characters]")


def test_equal_facts_give_equal_bytes(make_fact: Make, tmp_path: Path) -> None:
    facts = Facts([make_fact(), make_fact(status="destroyed", place=None)], run=RunInfo("0.1", "1.0", "inventory extract"))
    for name in ("one", "two"):
        write_workbook(facts, tmp_path / f"{name}.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(), max_size=30), min_size=1, max_size=3))
def test_equal_bytes_and_readable_whatever_the_text(make_fact: Make, tmp_path: Path, texts: list[str]) -> None:
    facts = Facts(
        [make_fact(actor=text, evidence=f"x {text} y", item_text=text, title=text, fact_id=str(index)) for index, text in enumerate(texts)]
    )
    write_workbook(facts, tmp_path / "one.xlsx")
    write_workbook(facts, tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    sheet = load_workbook(tmp_path / "one.xlsx")["Facts"]
    assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type in "fe"]
    assert sheet.max_row == len(texts) + 1


def test_times_come_from_the_facts_or_the_caller(make_fact: Make, tmp_path: Path) -> None:
    facts = Facts([make_fact()])
    assert write(facts, tmp_path).properties.modified == dt.datetime(2022, 3, 1)
    assert write(Facts([]), tmp_path).properties.created == dt.datetime(2000, 1, 1)
    later = dt.datetime(2023, 5, 6, 7, 8, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert write(facts, tmp_path, created=later).properties.created == dt.datetime(2023, 5, 6, 5, 8)


def test_a_full_sheet_continues_on_the_next(make_fact: Make, tmp_path: Path) -> None:
    facts = Facts([make_fact(fact_id=str(index)) for index in range(7)])
    workbook = write(facts, tmp_path, max_rows=4)
    names = [name for name in workbook.sheetnames if name.startswith("Facts")]
    assert names == ["Facts", "Facts 2", "Facts 3"]
    ids = [value for name in names for value in column(workbook, name, "fact_id")]
    assert ids == [fact.fact_id for fact in facts]
    assert [list(workbook[name].tables) for name in names[:2]] == [["FactsTable"], ["Facts2Table"]]


@pytest.mark.parametrize("long_ones", [(), range(380, 400)])
def test_a_sheet_is_no_longer_than_programs_open(make_fact: Make, tmp_path: Path, long_ones: Sequence[int]) -> None:
    facts = Facts([make_fact(fact_id=str(index), evidence="long " * (6_000 if index in long_ones else 40)) for index in range(400)])
    limit = 1_000_000
    workbook = write(facts, tmp_path, max_bytes=limit)
    names = [name for name in workbook.sheetnames if name.startswith("Facts")]
    assert len(names) > 1
    assert [value for name in names for value in column(workbook, name, "fact_id")] == [fact.fact_id for fact in facts]
    with zipfile.ZipFile(tmp_path / "report.xlsx") as file:
        assert max(entry.file_size for entry in file.infolist()) <= limit
    last = workbook[next(name for name in reversed(workbook.sheetnames) if name.startswith("Review") and name != BASE_SHEET)]
    found = [link.location for link in (cell.hyperlink for row in last.iter_rows(max_col=1) for cell in row) if link is not None]
    sheet, _, cell = found[-1].rpartition("!")
    assert workbook[sheet.strip("'")][cell].value == "399"


def test_losses_never_feed_stock_on_the_sheet(make_fact: Make, tmp_path: Path) -> None:
    workbook = write(Facts([make_fact(), make_fact(status="destroyed", measure="flow", count_min=5, count_max=5)]), tmp_path)
    rows = zip(*(column(workbook, "Equipment", name) for name in ("level", "low", "high", "lost_low", "lost_high")), strict=True)
    assert list(rows) == [("total", 12, 12, 5, 5), ("item", 12, 12, 5, 5)]
    assert column(workbook, "Personnel", "low") == [None]


def test_places_have_a_link_and_what_is_there(make_fact: Make, tmp_path: Path) -> None:
    facts = [
        make_fact(),
        make_fact(item="T-72", status="destroyed"),
        make_fact(item="S-400", modality="negated"),
        make_fact(place=None, place_id=None, lat=None),
    ]
    workbook = write(Facts(facts), tmp_path)
    assert column(workbook, "Places", "place") == ["Tartus"]
    assert column(workbook, "Places", "items") == ["Su-35; T-72 (lost)"]
    cell = workbook["Places"].cell(2, 12)
    assert cell.value == "https://www.openstreetmap.org/?mlat=34.889&mlon=35.8866#map=11/34.889/35.8866"
    assert cell.hyperlink is not None
    assert cell.hyperlink.target == cell.value


def test_no_link_without_valid_coordinates() -> None:
    assert map_link(None, 1.0, "city") is None
    assert map_link(float("nan"), 1.0, "city") is None
    assert map_link(91.0, 1.0, "city") is None


def test_links_stay_below_what_excel_repairs(make_fact: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "MAX_LINKS", 1)
    facts = Facts([make_fact(place_id=name, place=name) for name in "abc"])
    sheet = write(facts, tmp_path)["Places"]
    assert [bool(sheet.cell(row, 12).hyperlink) for row in (2, 3, 4)] == [True, False, False]
    assert str(sheet.cell(4, 12).value).startswith("https://")


def test_documents_candidates_errors_and_run_are_told(make_fact: Make, tmp_path: Path) -> None:
    facts = Facts(
        [make_fact()],
        [DocumentRow("a", "a.txt", "T", "S", None, dt.date(2022, 3, 2), None, "en", "text", None, "ab", 99, 1, "read", None)],
        [Issue("b.pdf", "read", "encrypted", "Save it without a password.")],
        [Candidate("R-9", "designator", 3, 2, "An R-9.", "- {id: r-9}")],
        RunInfo("0.1", "1.0+ab", "inventory extract", {"format": "xlsx"}, 2, 1, 1),
    )
    workbook = write(facts, tmp_path)
    assert column(workbook, "Sources", "published") == [dt.datetime(2022, 3, 2)]
    assert column(workbook, "Candidates", "yaml") == ["- {id: r-9}"]
    assert column(workbook, "Errors", "class") == ["encrypted"]
    assert ("parameter format", "xlsx") in set(workbook["Run"].iter_rows(values_only=True, max_col=2))


def test_sources_are_known_from_facts_alone(make_fact: Make, tmp_path: Path) -> None:
    workbook = write(Facts([make_fact(), make_fact(), make_fact(doc_id="b")]), tmp_path)
    assert list(zip(column(workbook, "Sources", "doc_id"), column(workbook, "Sources", "facts"), strict=True)) == [("a", 2), ("b", 1)]


def test_secondary_columns_are_folded_not_gone(make_fact: Make, tmp_path: Path) -> None:
    sheet = write(Facts([make_fact()]), tmp_path)["Facts"]
    assert sheet.column_dimensions["D"].hidden
    assert sheet.column_dimensions["D"].outlineLevel == 1
    assert not sheet.column_dimensions["C"].hidden
    assert sheet["D2"].value == "su-35"


def test_a_failed_write_keeps_the_old_report(make_fact: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> float:
        raise RuntimeError("in the middle of the rows")

    monkeypatch.setattr("inventory.report.stream.row_height", fail)
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError):
        write_workbook(Facts([make_fact()]), path)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.xlsx"]
    with pytest.raises(OutputError, match="create the folder"):
        write_workbook(Facts([]), tmp_path / "missing" / "report.xlsx")
