"""Whatever a hostile article holds: in xlsx and csv it is text with its characters, never a formula, a link or a date."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from inventory.model import FACT_COLUMNS, FACT_FIELDS, Candidate, Fact, Issue, RunInfo
from inventory.records import Change, Conflict, Known, QualityRow, Reprint, ReviewState, RunRecord, SourceGrade
from inventory.report import rowcheck
from inventory.report.cells import MAX_TEXT, cut_text, show_forbidden
from inventory.report.files import read_csv_text, write_csv
from inventory.report.links import check_address, make_link
from inventory.report.rowcheck import normal_text
from inventory.report.workbook import write_workbook
from inventory.table import DocumentRow, Facts
from tests.report.hostile import COUNT, HUGE, list_hostile

Make = Callable[..., Fact]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TEXTS = list_hostile()
TEXT_COLUMNS = tuple(column.name for column in FACT_COLUMNS if column.type in ("str", "enum") and column.name != "fact_id")
SOFFICE = shutil.which("soffice")


class Cell(NamedTuple):
    """A cell as it stands in the file: its type, its text as SpreadsheetML means it, and whether it has a formula."""

    reference: str
    type: str
    text: str
    formula: bool


def read_cells(archive: zipfile.ZipFile, name: str) -> Iterator[list[Cell]]:
    with archive.open(name) as stream:
        for _, element in ElementTree.iterparse(stream):
            if element.tag == f"{MAIN}row":
                yield [_read_cell(cell) for cell in element.iter(f"{MAIN}c")]
                element.clear()


def _read_cell(cell: ElementTree.Element) -> Cell:
    text = "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))
    meant = re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)
    return Cell(cell.get("r", ""), cell.get("t", "n"), meant, cell.find(f"{MAIN}f") is not None)


def sheet_files(archive: zipfile.ZipFile) -> dict[str, str]:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    names = [sheet.get("name", "") for sheet in book.iter(f"{MAIN}sheet")]
    return {name: f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(names, 1)}


def shown(text: str) -> str:
    return cut_text(show_forbidden(text))


@pytest.fixture(scope="module")
def facts(make_fact: Make) -> Facts:
    """One fact a text, which stands in every text column; documents, issues and candidates hold the texts too."""
    # Those with characters that XML forbids get the largest numbers, so that the Summary tells of them.
    given = [
        make_fact(fact_id=f"F{index:04d}", count_min=99 if show_forbidden(text) != text else 1, **dict.fromkeys(TEXT_COLUMNS, text))
        for index, text in enumerate(TEXTS)
    ]
    documents = [DocumentRow(text, text, text, text, text, None, None, text, text, text, text, 1, 1, "read", text) for text in TEXTS]
    issues = [Issue(text, text, text, text, text) for text in TEXTS]
    candidates = [Candidate(text, text, 1, 1, text, text) for text in TEXTS]
    return Facts(given, documents, issues, candidates, RunInfo("1", "1", TEXTS[1], {text[:50]: text for text in TEXTS[:90]}))


@pytest.fixture(scope="module")
def known(facts: Facts) -> Known:
    run = RunRecord("R", TEXTS[3], "x", None, "done", TEXTS[4], "1", 1, 1, 0, 0, 0)
    pairs = list(zip(facts, TEXTS, strict=True))
    changes = [Change("updated", "source", fact.fact_id, *[text] * 10) for fact, text in pairs]
    changes += [Change("new", "source", fact.fact_id, *[text] * 5, None, None, None, text, text) for fact, text in pairs]
    conflicts = [Conflict(text, text, text, text, text, None, None, "F0001", *[text] * 3, "F0002", *[text] * 3) for text in TEXTS]
    reviews = {fact.fact_id: ReviewState(fact.fact_id, "second look", {"item": text}, (text,), text, ())
               for fact, text in pairs}  # fmt: skip
    quality = [QualityRow(text, text, None, None, None, None, text, text, text) for text in TEXTS]
    return Known(run, run, (), tuple(Reprint(text, text, 0.9) for text in TEXTS), (), tuple(conflicts), tuple(changes), reviews,
                 tuple(quality), tuple(SourceGrade(text, text, text) for text in TEXTS), {"x": "=1"})  # fmt: skip


@pytest.fixture(scope="module")
def book(facts: Facts, known: Known, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "report.xlsx"
    write_workbook(facts, path, known=known)
    return path


def test_there_are_five_hundred() -> None:
    assert len(set(TEXTS)) == COUNT == 500


def test_no_cell_of_any_sheet_is_a_formula_or_of_another_type_than_text_or_number(book: Path) -> None:
    with zipfile.ZipFile(book) as archive:
        for name in sheet_files(archive).values():
            for row in read_cells(archive, name):
                assert not [cell for cell in row if cell.formula or cell.type not in ("inlineStr", "n")]


def test_every_text_column_of_facts_has_its_characters(book: Path) -> None:
    with zipfile.ZipFile(book) as archive:
        rows = read_cells(archive, sheet_files(archive)["Facts"])
        headings = [cell.text for cell in next(rows)]
        for text, row in zip(TEXTS, rows, strict=True):
            cells = dict(zip(headings, row, strict=True))
            for name in TEXT_COLUMNS:
                assert (cells[name].type, cells[name].text) == ("inlineStr", shown(text)), name
            assert cells["item_corrected"].text == shown(text)


def test_review_rows_agree_with_their_checks(book: Path) -> None:
    rows = load_workbook(book, read_only=True)["Review"].iter_rows(values_only=True)
    headings = next(rows)
    seen = 0
    for row in rows:
        cells = dict(zip(headings, row, strict=True))
        if cells["fact_id"]:
            read_only = {name: cells[name] for name in rowcheck.CHECKED_COLUMNS}
            assert rowcheck.find_torn_cells(cells["fact_id"], read_only, cells["row_check"]) == ()
            seen += 1
    assert seen == COUNT


def test_links_lead_inside_or_to_an_address_of_a_source_that_is_safe(book: Path) -> None:
    safe = {address for text in TEXTS if (address := check_address(text))}
    found = set()
    with zipfile.ZipFile(book) as archive:
        names = [name for name in archive.namelist() if name.endswith(".rels")]
        for name in names:
            for relation in ElementTree.fromstring(archive.read(name)):
                if relation.get("TargetMode") == "External":
                    found.add(relation.get("Target"))
        inside = re.findall(r'location="([^"]*)"', "".join(archive.read(name).decode() for name in sheet_files(archive).values()))
    assert inside
    assert all(re.fullmatch(r"'[A-Z][a-z]+( \d+)?'!A\d+", place) for place in inside)
    maps = {address for address in found if str(address).startswith("https://www.openstreetmap.org/?mlat=34.889&mlon=35.8866")}
    assert found - maps == safe
    assert len(safe) < 10


@given(text=st.text(max_size=60) | st.builds("https://{}".format, st.text(max_size=60)) | st.sampled_from(TEXTS))
def test_an_address_is_safe_or_it_is_none(text: str) -> None:
    address = check_address(text)
    if address is None:
        assert make_link(text) == text
        return
    parts = urlsplit(address)
    assert parts.scheme in ("http", "https")
    assert parts.hostname
    assert address.isascii()
    assert not re.search(r"[\s<>\"{}|\\^`\x00-\x20]", address)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"), ("HTTP://Example.org", "http://example.org"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"), ("https://example.org:8080/x%20y", "https://example.org:8080/x%20y"),
        ("javascript:alert(1)", None), ("https://user@example.org/", None), ("https://example.org/a b", None), ("//example.org", None),
        ("https://example.org/" + "a" * 3000, None), ("https://example.org/%zz", None), (None, None), ("", None),
    ],
)  # fmt: skip
def test_addresses(text: str | None, address: str | None) -> None:
    assert check_address(text) == address


def test_csv_keeps_every_text_and_starts_no_field_like_a_formula(facts: Facts, tmp_path: Path) -> None:
    write_csv(facts, tmp_path / "facts.csv")
    with (tmp_path / "facts.csv").open(encoding="utf-8-sig", newline="") as stream:
        csv.field_size_limit(1_000_000)
        rows = list(csv.reader(stream))
    assert rows[0] == list(FACT_FIELDS)
    for text, row in zip(TEXTS, rows[1:], strict=True):
        for name in TEXT_COLUMNS:
            field = row[FACT_FIELDS.index(name)]
            assert not field.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
            assert read_csv_text(field) == show_forbidden(text)


@given(text=st.text(st.sampled_from("'=+-@a\t\r\n"), max_size=8))
def test_a_csv_guard_can_always_be_told(make_fact: Make, tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "guard.csv"
    write_csv([make_fact(title=text)], path)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert read_csv_text(row["title"]) == text


def test_over_long_texts_are_cut_where_it_can_be_seen(make_fact: Make, tmp_path: Path) -> None:
    given = [make_fact(fact_id=f"F{index}", evidence=text, title=text, item_text=text[:9]) for index, text in enumerate(HUGE)]
    write_workbook(Facts(given), tmp_path / "huge.xlsx")
    with zipfile.ZipFile(tmp_path / "huge.xlsx") as archive:
        rows = read_cells(archive, sheet_files(archive)["Facts"])
        headings = [cell.text for cell in next(rows)]
        for text, row in zip(HUGE, rows, strict=True):
            for name in ("evidence", "title"):
                cell = row[headings.index(name)]
                assert (cell.type, cell.text) == ("inlineStr", shown(text))
                assert len(cell.text.encode("utf-16-le")) // 2 <= MAX_TEXT
                assert cell.text == show_forbidden(text) or re.search(r" …\[cut, \d+ more characters\]$", cell.text)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_both_and_sees_text(make_fact: Make, tmp_path: Path) -> None:
    names = ("item", "actor", "title", "evidence", "url")
    given = Facts([make_fact(fact_id=f"F{index:04d}", **dict.fromkeys(names, text)) for index, text in enumerate(TEXTS)])
    write_workbook(given, tmp_path / "book.xlsx")
    write_csv(given, tmp_path / "table.csv")
    # "44,34,76" is comma, double quote, UTF-8: what a person chooses who opens the table.
    for name, more in (("book.xlsx", []), ("table.csv", ["--infilter=CSV:44,34,76,1"])):
        command = [str(SOFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", *more, "--convert-to", "xlsx"]
        command += ["--outdir", str(tmp_path / "out"), str(tmp_path / name)]
        subprocess.run(command, check=True, capture_output=True, timeout=240)
    for name, sheet in (("book", "Facts"), ("table", "table")):
        rows = load_workbook(tmp_path / "out" / f"{name}.xlsx", read_only=True)[sheet].iter_rows()
        headings = [cell.value for cell in next(rows)]
        for text, row in zip(TEXTS, rows, strict=True):
            assert not [cell for cell in row if cell.data_type == "f"]
            if name == "book":
                value = row[headings.index("actor")].value
                # LibreOffice writes line ends its own way; no other text may differ.
                assert normal_text(value) == normal_text(text)
