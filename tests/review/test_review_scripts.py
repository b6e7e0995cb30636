"""Random analysts: no decision is lost, none lands on another fact, every row that is refused is explained.

By default a few scripts; INVENTORY_STRESS=1 runs all 500, and 50 more that save through LibreOffice where it is installed.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from analyst import Grid, Outcome, edit, expect_rows, open_grid, save_grid
from review_support import make_fact, save_run

from inventory.model import STATUSES, Fact
from inventory.reconcile.reviews import apply_reviews
from inventory.reconcile.words import fold_words
from inventory.records import Known
from inventory.report.rowcheck import BASE_SHEET, hash_fact
from inventory.report.workbook import write_workbook
from inventory.review.imports import ImportReport, import_review
from inventory.store import Store, open_store
from inventory.table import Facts

STRESS = "INVENTORY_STRESS" in os.environ
SCRIPTS = 500 if STRESS else 5
OFFICE_SEEDS = range(10_000, 10_050)
NOW = dt.datetime(2022, 2, 9, 12, tzinfo=dt.UTC)


def make_facts() -> list[Fact]:
    facts = []
    for number in range(14):
        facts.append(
            make_fact(
                number,
                item=("T-72", "Su-35", "=SUM(A1)", "Leopard 2")[number % 4],
                status=STATUSES[number % 9],
                count_max=None if number % 5 == 0 else 10 + number,
                actor_id=("RUS", "BLR")[number % 2],
                actor=("Russia", "Belarus")[number % 2],
                date_start=None if number % 7 == 0 else dt.date(2022, 1, 1 + number),
                date_end=None if number % 7 == 0 else dt.date(2022, 2, 1 + number),
                confidence=0.5 + number / 29,
                url=None if number % 6 == 0 else f"https://news.example/{number}",
            )
        )
    return facts


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of one finished run and the report of it."""
    folder = tmp_path_factory.mktemp("desk")
    facts = make_facts()
    with open_store(f"sqlite:///{folder / 'store.sqlite'}") as store:
        run_id = save_run(store, facts, "2022-02-08T05:00:00+00:00")
        write_workbook(Facts(facts), folder / "report.xlsx", known=Known(run=store.run(run_id)))
    return folder


def open_copy(desk: Path, folder: Path) -> Store:
    shutil.copy(desk / "store.sqlite", folder / "store.sqlite")
    return open_store(f"sqlite:///{folder / 'store.sqlite'}")


def save_base(desk: Path) -> dict[str, str]:
    from openpyxl import load_workbook

    rows = load_workbook(desk / "report.xlsx")[BASE_SHEET].iter_rows(min_row=2, max_col=2, values_only=True)
    return {str(key): str(value or "") for key, value in rows if key is not None}


def check(grid: Grid, told: ImportReport, store: Store, reviewer: str, seed: int) -> None:
    """Hold what the import did against the account of the rows."""
    where = f"seed {seed}, {reviewer}: {' → '.join(grid.log)}"
    outcomes = expect_rows(grid)
    taken = {word.row: word for word in told.taken}
    rejects = {reject.row: reject for reject in told.rejects}
    assert len(rejects) == len(told.rejects), where
    assert not taken.keys() & rejects.keys(), where
    groups: dict[tuple[str, str], list[int]] = {}
    for number, outcome in outcomes.items():
        if outcome.kind == "take":
            groups.setdefault((outcome.fact_id, _who(grid, number, reviewer)), []).append(number)
    for number, outcome in outcomes.items():
        line = f"{where}\nrow {number}: {outcome}, taken {taken.get(number)}, reject {rejects.get(number)}"
        if outcome.kind == "none":
            assert number not in taken, line
            assert number not in rejects, line
        elif outcome.kind == "reject":
            assert number in rejects, line
            assert len(rejects[number].reason) > 10, line
        elif outcome.kind == "added":
            assert number in rejects or taken[number].fact_id.startswith("A") if number in taken else True, line
            assert number in taken or number in rejects or _same_added(told), line
        else:
            group = groups[outcome.fact_id, _who(grid, number, reviewer)]
            word = taken.get(number)
            if word is not None:
                assert (word.fact_id, word.decision, word.corrections) == (outcome.fact_id, outcome.decision, outcome.corrections), line
                assert word.reviewer == _who(grid, number, reviewer), line
            elif number in rejects:
                assert len(group) > 1, line
                assert "rows that disagree" in rejects[number].reason, line
            else:  # the same word twice: one of the rows stands for both
                assert any(_says(taken.get(other), outcome) for other in group), line
    assert store.verify_chain() == []
    log = store.decisions()
    assert all(word in log for word in told.taken), where


def _who(grid: Grid, number: int, reviewer: str) -> str:
    at = grid.column("reviewer")
    named = grid.rows[number - grid.above - 2][at] if at is not None else None
    return str(named) if named is not None else reviewer


def _says(word: object, outcome: Outcome) -> bool:
    return word is not None and (word.decision, word.corrections) == (outcome.decision, outcome.corrections)  # type: ignore[attr-defined]


def _same_added(told: ImportReport) -> bool:
    return any(word.fact_id.startswith("A") for word in told.taken)


def run_script(desk: Path, folder: Path, seed: int, base: dict[str, str], office: bool = False) -> None:
    """One script; every third has a second reviewer, every fourth a stale copy."""
    rng = random.Random(seed)
    with open_copy(desk, folder) as store:
        if seed % 4 == 0:  # the report is a day old by now: some facts changed, some are gone, one is new
            facts = make_facts()
            save_run(
                store,
                [*(fact._replace(count_min=1, count_max=2) for fact in facts[:4]), *facts[6:], make_fact(99)],
                "2022-02-09T05:00:00+00:00",
            )
        told: list[ImportReport] = []
        for reviewer in ("Ana", "Ben")[: 2 if seed % 3 == 0 else 1]:
            grid = open_grid(desk / "report.xlsx")
            edit(grid, rng, reviewer if rng.random() < 0.7 else None)
            path = folder / f"{reviewer}.xlsx"
            save_grid(grid, path, base)
            if office:
                path = save_through_office(path, folder / "office")
            try:
                report = import_review(store, path, now=NOW + dt.timedelta(minutes=len(told)), reviewer=reviewer)
            except Exception as fault:
                raise AssertionError(f"seed {seed}: {' → '.join(grid.log)}") from fault
            told.append(report)
            check(grid, report, store, reviewer, seed)
            before = store.log()
            again = import_review(store, path, now=NOW + dt.timedelta(hours=1), reviewer=reviewer)
            assert (again.taken, store.log()) == ((), before), f"seed {seed}: the same file again"
        hold_states(store, seed)


def hold_states(store: Store, seed: int) -> None:
    """Of the log, every word stands with its fact, and nothing else decides."""
    facts = store.facts()
    reviewed = apply_reviews(facts, store.decisions(), hash_fact)
    now = {fact.fact_id: hash_fact(fact) for fact in facts}
    for fact_id, standing in fold_words(store.decisions()).items():
        state = reviewed.states.get(fact_id)
        if not standing.counted:
            assert state is None, seed
        elif fact_id in now and all(word.shown_hash == now[fact_id] for word in standing.counted):
            assert state is not None, seed
            assert state.state == standing.verdict, seed
        elif fact_id not in now and not fact_id.startswith("A"):
            assert state is not None, seed
            assert state.state == "orphan", seed
    assert {fact.fact_id for fact in reviewed.rejected} == {key for key, state in reviewed.states.items() if state.state == "rejected"}, (
        seed
    )


def save_through_office(path: Path, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{folder}/profile",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(folder),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / path.name


@pytest.mark.parametrize(
    "office", [False, pytest.param(True, marks=pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice"))]
)
def test_a_whole_report_edited_in_place(desk: Path, tmp_path: Path, office: bool) -> None:
    from openpyxl import load_workbook

    book = load_workbook(desk / "report.xlsx")
    sheet = book["Review"]
    at = {cell.value: cell.column for cell in sheet[1]}
    for number in range(2, 14):
        sheet.cell(number, at["decision"]).value = ("accept", "reject", "correct")[number % 3]
        if number % 3 == 2:
            sheet.cell(number, at["corrected_place"]).value = "Gomel"
    path = tmp_path / "report.xlsx"
    book.save(path)
    if office:
        path = save_through_office(path, tmp_path / "office")
    with open_copy(desk, tmp_path) as store:
        told = import_review(store, path, now=NOW, reviewer="Ana")
        assert (len(told.taken), told.rejects, told.base_run) == (12, (), store.runs()[0].run_id)
        ids = [sheet.cell(number, at["fact_id"]).value for number in range(2, 14)]
        assert [word.fact_id for word in told.taken] == ids


def test_random_analysts(desk: Path, tmp_path: Path) -> None:
    base = save_base(desk)
    for seed in range(SCRIPTS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        run_script(desk, folder, seed, base)
        shutil.rmtree(folder)


@pytest.mark.skipif(not STRESS or shutil.which("soffice") is None, reason="starts LibreOffice a hundred times; set INVENTORY_STRESS=1")
def test_random_analysts_who_save_from_libreoffice(desk: Path, tmp_path: Path) -> None:
    base = save_base(desk)
    for seed in OFFICE_SEEDS:
        folder = tmp_path / str(seed)
        folder.mkdir()
        run_script(desk, folder, seed, base, office=True)
        shutil.rmtree(folder)
