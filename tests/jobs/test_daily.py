"""Days at a desk: what the report shows of each."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from job_support import Desk, call, day, drop_text, rows, write_texts
from openpyxl import load_workbook

from inventory.records import Decision
from inventory.report.rowcheck import hash_fact
from inventory.store import open_store

ROOT = Path(__file__).parents[2]


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def changes(path: Path) -> list[tuple[Any, ...]]:
    return sorted((row["change"], row["cause"], row["item"], row["field"] or "", row["old"] or "", row["new"] or "")
                  for row in rows(path, "Changes"))  # fmt: skip


def test_shipped_jobs_on_the_seeds_day_by_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two new documents, one changed, one withdrawn: exactly that is told; a third run changes nothing, bytes included."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    shutil.copytree(ROOT / "reports", tmp_path / "reports", ignore=shutil.ignore_patterns("out"))
    job, out, seeds = tmp_path / "reports/daily.yaml", tmp_path / "reports/out/daily", tmp_path / "seeds"
    held = {name: (seeds / f"{name}.txt").read_text("utf-8") for name in ("ministry-air-policing", "wire-sahel-ambush")}
    for name in held:
        drop_text(seeds, name)
    assert call("report", str(job), "--now", day(1)) == 0
    first = read_csv(out / "latest.csv")
    assert len(first) > 200
    assert not rows(out / "latest.xlsx", "Changes")

    write_texts(seeds, held, source="Harbour Wire Service")
    gone = {row["fact_id"] for row in first if row["doc_id"] == "wire-baltic-brigade.txt"}
    drop_text(seeds, "wire-baltic-brigade")
    tanks = seeds / "parliamentary-answer-tanks.txt"
    text = tanks.read_text("utf-8")
    old = next(row for row in first if row["doc_id"] == tanks.name and row["count_text"] and text.count(row["count_text"]) == 1)
    tanks.write_text(text.replace(old["count_text"], "77"), "utf-8")
    assert gone
    assert call("report", str(job), "--now", day(2)) == 0
    told = json.loads((out / "run.json").read_text("utf-8"))
    assert {key: told["tally"][key] for key in ("new", "changed", "withdrawn", "reread", "failed")} == {
        "new": 2, "changed": 1, "withdrawn": 1, "reread": 0, "failed": 0,
    }  # fmt: skip
    shown = rows(out / "latest.xlsx", "Changes")
    second = read_csv(out / "latest.csv")
    added = {row["fact_id"] for row in second if row["doc_id"] in {f"{name}.txt" for name in held}}
    assert {row["fact_id"] for row in shown if row["change"] == "new"} == added
    assert {row["fact_id"] for row in shown if row["change"] == "withdrawn"} == gone
    updated = [row for row in shown if row["change"] == "updated"]
    assert {(row["field"], row["old"], row["new"]) for row in updated} >= {("count_min", str(old["count_min"]), "77")}
    assert {row["fact_id"] for row in updated} <= {row["fact_id"] for row in second if row["doc_id"] == tanks.name}
    assert {row["cause"] for row in shown} == {"source"}

    before = {path.suffix: path.read_bytes() for path in out.glob("latest.*")}
    assert call("report", str(job), "--now", day(3)) == 0
    assert {path.suffix: path.read_bytes() for path in out.glob("latest.*")} == before
    assert (out / "20220303T050000Z.xlsx").read_bytes() == (out / "20220302T050000Z.xlsx").read_bytes()
    assert json.loads((out / "run.json").read_text("utf-8"))["changed"] is False

    assert call("report", str(tmp_path / "reports/weekly.yaml"), "--now", day(3)) == 0
    weekly = tmp_path / "reports/out/weekly"
    states = {name: load_workbook(weekly / "latest.xlsx")[name].sheet_state for name in ("Summary", "Review")}
    assert states == {"Summary": "visible", "Review": "hidden"}
    assert min(row["confidence"] for row in rows(weekly / "latest.xlsx", "Facts")) >= 0.4
    assert (weekly / "latest.parquet").is_file()
    assert "warning" not in capsys.readouterr().err


def test_corrections_are_in_the_next_report(desk: Desk) -> None:
    assert desk.run(1) == 0
    book = load_workbook(desk.latest)
    sheet = book["Review"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    by_item = {sheet.cell(row, heads["item"]).value: row for row in range(2, 6) if sheet.cell(row, heads["item"]).value}
    for item, decision, column, value in (
        ("T-72", "correct", "corrected_count_min", "13"), ("Leopard 2", "reject", None, None), ("troops", "accept", None, None),
    ):  # fmt: skip
        sheet.cell(by_item[item], heads["decision"]).value = decision
        if column:
            sheet.cell(by_item[item], heads[column]).value = value
            sheet.cell(by_item[item], heads["corrected_count_max"]).value = value
    mine = desk.root / "monday.xlsx"
    book.save(mine)
    assert call("review", "import", str(mine), "--store", desk.store, "--reviewer", "Ana") == 0
    before = desk.latest.read_bytes()
    assert desk.run(2) == 0
    assert desk.latest.read_bytes() != before
    facts = {row["item"]: row for row in rows(desk.latest, "Facts")}
    assert facts["T-72"]["count_min"] == 12
    assert facts["T-72"]["count_min_corrected"] == "13"
    assert "Leopard 2" not in facts
    assert ("updated", "review", "T-72", "count_min", "12", "13") in changes(desk.latest)
    assert ("withdrawn", "review", "Leopard 2", "", "", "") in changes(desk.latest)
    held = {(row["item"], row["level"]): row for row in rows(desk.latest, "Equipment")}
    assert held["T-72", "item"]["low"] == 13
    assert ("Leopard 2", "item") not in held
    assert not rows(desk.latest, "Review")
    assert [row["value"] for row in rows(desk.latest, "Quality") if row["check"] == "precision"] == [pytest.approx(1 / 3, abs=1e-3)]
    log = [json.loads(line) for line in (desk.out / "20220302T050000Z.reviews.jsonl").read_text("utf-8").splitlines()]
    assert sorted(line["decision"] for line in log) == ["accept", "correct", "reject"]
    assert desk.told()["reviews"] == {"accepted": 1, "corrected": 1, "rejected": 1}

    once = desk.latest.read_bytes()
    assert desk.run(3) == 0
    assert desk.latest.read_bytes() == once


def test_what_nobody_has_settled_waits_on_the_list(desk: Desk) -> None:
    def listed() -> dict[str, str]:
        return {row["item"]: row["why"] for row in rows(desk.latest, "Review") if row["fact_id"]}

    desk.write("reviews: {waiting: 3d}\n")
    assert desk.run(1) == 0
    assert listed() == {"T-72": "new", "Leopard 2": "new", "troops": "new"}
    with open_store(desk.store) as store:
        fact = next(fact for fact in store.facts("daily") if fact.item == "T-72")
        store.append_decisions([
            Decision(fact.fact_id, "accept", {}, None, "Ana", None, "2022-03-01T12:00:00+00:00", "0" * 64, "Review", 2, None,
                     hash_fact(fact))
        ])  # fmt: skip
    assert desk.run(2) == 0
    assert listed() == {"Leopard 2": "new", "troops": "new"}
    write_texts(desk.news, {"two": "Poland has delivered 16 Leopard 2 tanks to Ukraine."})
    assert desk.run(4) == 0
    assert listed() == {"Leopard 2": "changed", "troops": "new"}
    write_texts(desk.news, {"four": "Russia has deployed 5 BMP-2 vehicles in Kherson."})
    assert desk.run(6) == 0
    assert listed() == {"BMP-2": "new", "Leopard 2": "new"}


def test_an_edited_latest_report_is_kept(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.run(1) == 0
    book = load_workbook(desk.latest)
    book["Review"]["A1"].comment = None
    book.save(desk.latest)
    edited = desk.latest.read_bytes()
    assert desk.run(2) == 0
    (aside,) = desk.out.glob("latest-edited-*.xlsx")
    assert aside.read_bytes() == edited
    assert aside.name in capsys.readouterr().err
    assert desk.latest.read_bytes() == (desk.out / "20220302T050000Z.xlsx").read_bytes()
    assert desk.run(3) == 0
    assert len(list(desk.out.glob("latest-edited-*.xlsx"))) == 1
    # What was handed in is kept by the store, and need not be moved aside.
    book = load_workbook(desk.latest)
    book["Review"].cell(2, 3).comment = None
    book.save(desk.latest)
    assert call("review", "import", str(desk.latest), "--store", desk.store, "--reviewer", "Ana") == 0
    capsys.readouterr()
    assert desk.run(4) == 0
    assert "warning" not in capsys.readouterr().err
    assert len(list(desk.out.glob("latest-edited-*.xlsx"))) == 1


def test_since_compares_with_a_run_a_day_or_days_ago(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    for number, count in ((1, 12), (2, 15), (4, 20)):
        write_texts(desk.news, {"one": f"Russia has massed {count} T-72 tanks near Kupiansk."})
        assert desk.run(number) == 0
    assert ("updated", "source", "T-72", "count_min", "15", "20") in changes(desk.latest)
    for since, old in (("20220301T050000Z", "12"), ("2022-03-02", "12"), ("2022-03-04", "15"), ("20220302T050000Z", "15")):
        assert desk.run(5, "--since", since) == 0
        assert ("updated", "source", "T-72", "count_min", old, "20") in changes(desk.latest), since
    desk.write("changes: {since: 3d}\n")
    assert desk.run(6) == 0
    assert ("updated", "source", "T-72", "count_min", "12", "20") in changes(desk.latest)
    assert desk.run(7, "--since", "2022-03-01") == 64
    assert "its first is 20220301T050000Z" in capsys.readouterr().err
    assert desk.run(7, "--since", "yesterday") == 64


def test_filters_decide_after_review(desk: Desk) -> None:
    desk.write("filters: {actor: russia, category: armour, period: {since: 2022-02-01}}\noutputs: [workbook, csv]\n")
    assert desk.run(1) == 0
    assert [row["item"] for row in rows(desk.latest, "Facts")] == ["T-72"]
    assert len((desk.out / "latest.csv").read_text("utf-8-sig").splitlines()) == 2
    desk.write("filters: {status: [massed, deployed], country: [UKR], confidence: 0.2}\n")
    assert desk.run(2) == 0
    assert {row["item"] for row in rows(desk.latest, "Facts")} == {"T-72", "troops"}


def test_dry_run_tells_and_writes_nothing(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.run(1, "--dry-run") == 0
    assert not (desk.root / "out").exists()
    assert desk.run(1) == 0
    before = {path: path.read_bytes() for path in (desk.root / "out").rglob("*") if path.is_file()}
    write_texts(desk.news, {"four": "Russia has deployed 5 T-72 tanks in Kherson."})
    capsys.readouterr()
    assert desk.run(2, "--dry-run") == 0
    told = capsys.readouterr().err
    assert "4 documents (1 new)" in told
    assert "facts: 1 new" in told
    assert {path: path.read_bytes() for path in (desk.root / "out").rglob("*") if path.is_file()} == before
