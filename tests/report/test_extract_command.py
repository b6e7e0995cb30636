"""`inventory extract` writes the kinds of file that it names, with the columns that were asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from inventory.cli import EXIT_USAGE, main
from inventory.report.sheets import SHEETS


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text("Russia has massed 100 tanks near Kupiansk. Ukraine lost two Su-25 jets on 3 March 2022.", encoding="utf-8")
    return path


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["extract", "--quiet", *map(str, arguments)])
    return int(caught.value.code or 0)


def test_columns_of_a_workbook(article: Path, tmp_path: Path) -> None:
    headings = {}
    for audience in ("full", "analyst"):
        assert run(article, "-o", tmp_path / f"{audience}.xlsx", "--columns", audience) == 0
        book = load_workbook(tmp_path / f"{audience}.xlsx")
        assert tuple(book.sheetnames[:-1]) == SHEETS
        headings[audience] = [cell.value for cell in book["Facts"][1]]
    assert set(headings["analyst"]) < set(headings["full"])
    assert run(article, "-o", tmp_path / "x.xlsx", "--columns", "some") == EXIT_USAGE


def test_geojson(article: Path, tmp_path: Path) -> None:
    assert run(article, "-o", tmp_path / "map.geojson") == 0
    features = json.loads((tmp_path / "map.geojson").read_text(encoding="utf-8"))["features"]
    assert {feature["properties"]["item"] for feature in features} >= {"tank", "Su-25"}
    assert any(feature["geometry"] for feature in features)
