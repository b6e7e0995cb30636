"""The commands from the analyst's side: what is printed, which exit code, which files appear."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from review_support import make_fact, row_of, save_run, write_review
from typer.testing import CliRunner

from inventory.review import values
from inventory.review.values import Vocabulary
from inventory.store import Store


@pytest.fixture(autouse=True)
def desk(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    save_run(store, [make_fact(number) for number in (1, 2, 3)], "2022-02-08T05:00:00+00:00")
    monkeypatch.setenv("INVENTORY_STORE", store.label)
    # Compiling the pack takes seconds and is not what is asked here.
    monkeypatch.setattr(values, "make_vocabulary", lambda book: Vocabulary())
    monkeypatch.setattr("inventory.rulebook.load.load_rulebook", lambda rules=None: None)


def run(*arguments: str | Path) -> Any:
    from inventory.cli import app

    return CliRunner().invoke(app, ["review", *map(str, arguments)])


def say(number: int, decision: str, **cells: Any) -> dict[str, Any]:
    return {**row_of(make_fact(number)), "decision": decision, **cells}


def test_a_morning_with_the_review(tmp_path: Path) -> None:
    path = write_review(tmp_path / "monday.xlsx", [say(1, "accept"), say(2, "rejct"), say(3, "correct", corrected_count_max="20")])
    dry = run("import", path, "--reviewer", "Ana", "--dry-run")
    assert dry.exit_code == 3
    assert "2 would be taken, 0 known already, 1 rejected" in dry.output
    assert [file.name for file in tmp_path.glob("*.xlsx")] == ["monday.xlsx"]
    told = run("import", path, "--reviewer", "Ana")
    assert told.exit_code == 3
    assert "Review row 3: decision 'rejct' is none of the words" in told.output
    (rejects,) = tmp_path.glob("monday-rejects-*.xlsx")
    assert run("import", path, "--reviewer", "Ana").output.startswith(f"{path}: 0 taken, 2 known already")

    # The rejects are mended where they are, and handed in.
    book = load_workbook(rejects)
    sheet = book["Review"]
    headings = {cell.value: cell.column for cell in sheet[1]}
    assert (
        sheet.cell(2, headings["why_rejected"]).value
        == "decision 'rejct' is none of the words; choose one of: accept, reject, correct, second look, clear"
    )
    assert sheet.cell(2, headings["rejected_row"]).value == "Review row 3"
    sheet.cell(2, headings["decision"]).value = "reject"
    book.save(rejects)
    mended = run("import", rejects, "--reviewer", "Ana")
    assert (mended.exit_code, mended.output) == (0, f"{rejects}: 1 taken, 0 known already, 0 rejected, 0 say nothing\n")

    other = write_review(tmp_path / "ben.xlsx", [say(1, "reject", reviewer="Ben")])
    held = run("import", other)
    assert held.exit_code == 0
    assert f"{make_fact(1).fact_id}: reviewers disagree, held" in held.output
    status = run("status").output
    assert "3 workbooks imported, 4 decisions by 2 reviewers" in status
    assert re.search(r"^ +1  held$", status, re.MULTILINE)
    assert "held: F0000000000000001: Ana accept; Ben reject" in status
    assert "precision by rule counted-item 0.00 (0.00 to 0.66), n 2: 1 rejected, 1 corrected (count_max 1)" in status
    assert run("adjudicate", make_fact(1).fact_id, "accept", "--reviewer", "Chief", "--comment", "seen twice").exit_code == 0
    assert "held" not in run("status").output

    assert run("undo", "ben.xlsx").output == "1 words undone\n"
    assert run("undo", "ben.xlsx").output.startswith("nothing to undo")
    assert "ben.xlsx  0 decisions, undone" in run("log", "--files").output
    lines = run("log").output.splitlines()
    assert len(lines) == 6
    assert "Chief  accept  F0000000000000001  [(adjudicated)]  seen twice" in lines[4]
    assert len(run("log", "--fact", make_fact(1).fact_id).output.splitlines()) == 4
    exported = [json.loads(line) for line in run("export").output.splitlines()]
    assert [line["seq"] for line in exported] == [1, 2, 3, 4, 5, 6]
    assert run("export", "-o", tmp_path / "log.jsonl").exit_code == 0
    assert [json.loads(line) for line in (tmp_path / "log.jsonl").read_text("utf-8").splitlines()] == exported


def test_one_damaged_workbook_does_not_keep_the_others_out(tmp_path: Path, store: Store) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04 broken")
    good = write_review(tmp_path / "good.xlsx", [say(1, "accept")])
    told = run("import", bad, good, "--reviewer", "Ana")
    assert told.exit_code == 65
    assert "bad.xlsx: is damaged" in told.output
    assert len(store.decisions()) == 1


def test_an_altered_log_is_told(store: Store, tmp_path: Path) -> None:
    import sqlite3

    run("import", write_review(tmp_path / "r.xlsx", [say(1, "accept")]), "--reviewer", "Ana")
    assert store.address.path is not None
    with sqlite3.connect(store.address.path) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE decisions SET decision = 'reject'")
    told = run("status")
    assert told.exit_code == 65
    assert "the log is damaged" in told.output


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["review", "import", "nowhere.xlsx"], 64, "there is no such file"),
        (["review", "import", "{good}", "--conflict", "loudest"], 64, "hold|lead|latest"),
        (["review", "import", "{good}", "--conflict", "lead"], 64, "--lead NAME"),
        (["review", "adjudicate", "F9", "accept", "--reviewer", "A"], 64, "no fact and no decision"),
        (["review", "undo", "zzzzzz"], 64, "no import is called"),
        (["review", "status", "--store", "sqlite:///{folder}/none.sqlite"], 78, "there is no store"),
        (["review", "status", "--store", ""], 64, "--store"),
    ],
)
def test_faults_end_with_a_line_and_a_code(
    tmp_path: Path,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    says: str,
) -> None:
    from inventory.cli import main

    good = write_review(tmp_path / "good.xlsx", [say(1, "accept")])
    with pytest.raises(SystemExit) as ended:
        main([argument.format(good=good, folder=tmp_path) for argument in arguments])
    told = capsys.readouterr().err
    assert (ended.value.code, says in told) == (code, True), told
    assert told.startswith("inventory: ")


def test_a_held_store_is_told_as_locked(tmp_path: Path, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    from inventory.cli import main

    good = write_review(tmp_path / "good.xlsx", [say(1, "accept")])
    with store.lock(), pytest.raises(SystemExit) as ended:
        main(["review", "import", str(good)])
    assert ended.value.code == 75
    assert "another run holds the store" in capsys.readouterr().err


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom inventory.cli import main\ntry:\n    main(['review', '--help'])\nexcept SystemExit:\n"
        "    print(*[name for name in ('openpyxl', 'sqlalchemy', 'pandas') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "adjudicate" in shown
    assert shown.splitlines()[-1] == ""
