"""The workbook is valid OOXML, and nothing of it is lost when another program saves it."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from inventory.model import Candidate, Fact, Issue, RunInfo
from inventory.records import Change, Conflict, Known, QualityRow, Reprint, ReviewState, RunRecord, SourceGrade
from inventory.report import rowcheck
from inventory.report.sheets import SHEETS
from inventory.report.workbook import write_workbook
from inventory.table import DocumentRow, Facts

Make = Callable[..., Fact]
SOFFICE = shutil.which("soffice")
RUN = RunRecord("R2", "daily", "2022-03-04T06:00:00Z", None, "partial", "1.0", "0.1.0", 9, 40, 1, 3, 0)


@pytest.fixture(scope="module")
def book(make_fact: Make, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook with something on every sheet."""
    facts = [
        make_fact(fact_id=f"F{n}", count_min=n, count_max=n, kind=("equipment", "personnel", "unit")[n % 3], url=f"https://example.org/{n}",
                  actor=("Russia", "Syria", None)[n % 3], date_start=dt.date(2022, 1, 1 + n % 28), status=("deployed", "destroyed")[n % 2],
                  modality=("asserted", "possible")[n % 5 == 4])
        for n in range(40)
    ]  # fmt: skip
    documents = [DocumentRow(f"d{n}", f"d{n}", "T", "S", f"https://example.org/{n}", dt.date(2022, 3, n + 1), None, "en", "text", None,
                             "ab", 99, 4, "read", None) for n in range(9)]  # fmt: skip
    given = Facts(facts, documents, [Issue("b.pdf", "read", "encrypted", "b.pdf: is encrypted", "1 MB")],
                  [Candidate("R-9", "designator", 3, 2, "An R-9.", "- {id: r-9}")], RunInfo("0.1", "1.0", "inventory extract"))  # fmt: skip
    told = ("equipment", "Su-35", "Russia", "Tartus", "deployed")
    known = Known(
        RUN, RUN._replace(run_id="R1"), reprints=(Reprint("d2", "d1", 0.91),), grades=(SourceGrade("S", "B", None),),
        conflicts=(Conflict("C", "count", "Russia", "Su-35", "Tartus", None, None, "F1", "1", "S", "…", "F2", "2", "S", "…"),),
        changes=(Change("new", "source", "F3", *told, None, None, None, "S", "…"),
                 Change("updated", "source", "F4", *told, "count_min", "2", "4", "S", "…")),
        reviews={"F5": ReviewState("F5", "corrected", {"count_min": "14"}, ("Ana",), "typo", ())},
        quality=(QualityRow("precision", "frame.lose", 0.5, 0.3, 0.7, 20, "0.8", "fail", "see log"),),
    )  # fmt: skip
    path = tmp_path_factory.mktemp("valid") / "report.xlsx"
    write_workbook(given, path, known=known)
    return path


def test_it_is_valid_by_the_schema(book: Path) -> None:
    validator = pytest.importorskip("openxml_audit", reason="comes with the extra dev")
    result = validator.OpenXmlValidator().validate(book)
    assert [error for error in result.errors if error.severity == validator.ValidationSeverity.ERROR] == []


def test_charts_are_made_from_cells_that_hold_numbers(book: Path) -> None:
    sheet = load_workbook(book)["Summary"]
    with zipfile.ZipFile(book) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 3
    for chart in charts:
        labels, values = (part.split("</f>")[0].split("</c:f>")[0].removeprefix("'Summary'!").replace("$", "")
                          for part in chart.replace("<c:f>", "<f>").split("<f>")[1:])  # fmt: skip
        numbers = [cell.value for row in sheet[values] for cell in row]
        names = [cell.value for row in sheet[labels] for cell in row]
        assert numbers
        assert all(isinstance(number, int) for number in numbers)
        assert len(names) == len(numbers)
        assert all(names)
        assert 'delete val="1"' not in chart


def test_the_summary_adds_up(book: Path) -> None:
    rows = list(load_workbook(book)["Summary"].iter_rows(values_only=True))
    figures = dict(zip(rows[4], rows[5], strict=True))
    assert (figures["Facts"], figures["Documents"], figures["New"], figures["Changed"]) == (40, 9, 1, 1)
    assert (figures["Conflicts"], figures["To review"], figures["Failed"]) == (1, 4, 1)
    start = next(index for index, row in enumerate(rows) if row[0] == "side")
    end = next(index for index in range(start, len(rows)) if rows[index][0] == "all")
    width = rows[start].index("all")
    for index in range(start + 1, end + 1):
        assert sum(number or 0 for number in rows[index][1:width]) == rows[index][width]
    assert sum(rows[index][width] for index in range(start + 1, end)) == rows[end][width] == 40
    flat = [str(value) for row in rows for value in row if value is not None]
    assert {"Largest changes", "Open conflicts", "Freshness of sources", "Failed documents", "b.pdf: is encrypted"} <= set(flat)
    assert any("Run R2 of job daily" in text and "compared with run R1" in text for text in flat)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_a_save_by_libreoffice_loses_nothing(book: Path, tmp_path: Path) -> None:
    command = [str(SOFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx", "--outdir"]
    subprocess.run([*command, str(tmp_path), str(book)], check=True, capture_output=True, timeout=240)
    ours, theirs = load_workbook(book), load_workbook(tmp_path / "report.xlsx")
    assert theirs.sheetnames == ours.sheetnames == [*SHEETS, rowcheck.BASE_SHEET]
    assert theirs[rowcheck.BASE_SHEET].sheet_state != "visible"
    for name in ours.sheetnames:
        told, read = (
            [[rowcheck.normal_text(cell) for cell in row] for row in one[name].iter_rows(values_only=True)] for one in (ours, theirs)
        )
        for row, again in zip(told, read, strict=False):
            assert row == [*again, *[""] * (len(row) - len(again))][: len(row)], name
        assert not any(text for row in told[len(read) :] for text in row)  # only blank rows may be left off
    review = theirs["Review"]
    assert review.protection.sheet
    assert len(review.data_validations.dataValidation) >= 3
    assert [cell.protection.locked for cell in review[2]] == [cell.protection.locked for cell in ours["Review"][2]]
    assert len(theirs["Summary"]._charts) == 3
    assert all(theirs[name].auto_filter.ref or theirs[name].tables for name in SHEETS[1:])
    links = {cell.hyperlink.location for cell in theirs["Conflicts"][2] if cell.hyperlink}
    assert {str(place).replace("'", "").replace("$", "") for place in links} == {"Facts!A3", "Facts!A4"}
