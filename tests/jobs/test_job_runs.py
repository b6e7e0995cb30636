"""Expectations, retention, exit codes, logs, status: how a job behaves when mornings are not all alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from job_support import TEXTS, Desk, call, drop_text, rows, write_texts

from inventory.store import open_store


def test_a_broken_minimum_fails_the_run_and_the_last_report_stays(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write("expectations: {documents: {min: 2, max: 2}, facts: {min: 1}, freshness: {Example Wire: {max: 3d}, Other: {max: 1d}}}\n")
    assert desk.run(1) == 0
    told = capsys.readouterr().err
    assert "warning: documents (daily) is 3, must be <= 2" in told
    assert "warning: freshness (Other) must be <= 1 days — no document" in told
    checks = {(row["check"], row["threshold"]): row["status"] for row in rows(desk.latest, "Quality")}
    assert checks["documents", ">= 2"] == "ok"
    assert checks["documents", "<= 2"] == "warn"
    assert checks["freshness", "<= 3 days"] == "ok"
    before = desk.latest.read_bytes()
    drop_text(desk.news, "one")
    drop_text(desk.news, "two")
    assert desk.run(2) == 65
    assert "documents (daily) is 1, must be >= 2" in capsys.readouterr().err
    assert desk.latest.read_bytes() == before
    assert desk.told()["status"] == "failed"
    assert 'inventory_run_success{job="daily"} 0\n' in (desk.out / "metrics.prom").read_text()
    with open_store(desk.store) as store:
        assert len(store.facts("daily")) == 3
    write_texts(desk.news, {"two": TEXTS["two"]})
    assert desk.run(3) == 0
    assert {row["change"] for row in rows(desk.latest, "Changes")} == {"withdrawn"}
    assert desk.told()["last_report"]["run_id"] == "20220303T050000Z"
    # Silence is noticed although nothing else is new.
    desk.run(20)
    assert "freshness (Example Wire) is 20, must be <= 3 days" in capsys.readouterr().err
    assert {row["status"] for row in rows(desk.latest, "Quality") if row["scope"] == "Example Wire"} == {"warn"}


def test_unreadable_documents_end_with_3_and_keep_their_facts(desk: Desk) -> None:
    assert desk.run(1) == 0
    (desk.news / "five.docx").write_bytes(b"no zip")
    assert desk.run(2) == 3
    assert [row["doc_id"] for row in rows(desk.latest, "Errors")] == ["five.docx"]
    assert len(rows(desk.latest, "Facts")) == 3
    assert desk.told()["exit_code"] == 3
    once = desk.latest.read_bytes()
    assert desk.run(3) == 3
    assert desk.latest.read_bytes() == once


def test_other_exit_codes(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.run(1) == 0
    # 75: another run holds the store; told within a second
    with open_store(desk.store) as store, store.lock():
        began = time.monotonic()
        assert desk.run(2) == 75
        assert time.monotonic() - began < 5  # the rule pack is loaded first
    # 73: a report of that name is there, of a run that the store does not know
    (desk.out / "20220303T050000Z.xlsx").write_text("not ours")
    assert desk.run(3) == 73
    assert (desk.out / "20220303T050000Z.xlsx").read_text() == "not ours"
    # 70: a fault in the program is one line
    monkeypatch.setattr("inventory.jobs.run.reckon_report", lambda *_: 1 / 0)
    assert desk.run(4) == 70
    assert "fault in the program" in capsys.readouterr().err
    monkeypatch.undo()
    # 65: a damaged store
    path = desk.root / "out/store.sqlite"
    whole = path.read_bytes()
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    assert desk.run(5) == 65
    path.write_bytes(whole)
    # 78: a store of another version
    desk.write("store: mysql://host/db\n")
    assert desk.run(6) == 78
    # 73: the output folder cannot be made
    (desk.root / "file").write_text("")
    desk.write("store: out/store.sqlite\noutput: file/out\n")
    assert desk.run(7) == 73
    desk.write("")
    assert desk.run(8) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_a_full_disk_ends_with_73_or_74_and_costs_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    from inventory.jobs import outputs
    from inventory.store.store import Store

    assert desk.run(1) == 0
    before = desk.latest.read_bytes()

    def fill(*_: object, **__: object) -> None:
        with open("/dev/full", "wb", buffering=0) as stream:
            stream.write(b"x")

    write_texts(desk.news, {"four": "Russia has deployed 5 T-72 tanks in Kherson."})
    monkeypatch.setattr(outputs, "write_workbook", lambda _, path, **__: _write_to(path, fill))
    assert desk.run(2) == 73
    monkeypatch.undo()
    assert desk.latest.read_bytes() == before

    def refuse(*_: object, **__: object) -> None:
        from inventory.store.errors import explained

        with explained("store"):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Store, "save_document", refuse)
    write_texts(desk.news, {"five": "Russia has deployed 6 T-72 tanks in Kherson."})
    assert desk.run(3) == 74
    monkeypatch.undo()
    assert desk.run(4) == 0
    assert len(rows(desk.latest, "Facts")) == 5
    assert not list(desk.out.glob(".*.tmp"))


def _write_to(path: Path, fill: object) -> None:
    from inventory.report.atomic import atomic_path

    with atomic_path(path):
        fill()  # type: ignore[operator]


def test_a_run_waits_for_another_one(desk: Desk) -> None:
    assert desk.run(1) == 0
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with open_store(desk.store) as store, store.lock():
            held.set()
            done.wait(20)

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(20)
    threading.Timer(1.0, done.set).start()
    began = time.monotonic()
    assert desk.run(2, "--wait", "1m") == 0
    assert time.monotonic() - began > 0.5
    other.join()


def test_the_first_of_all_runs_is_not_waited_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two find no store; one makes it and holds it for its run: the other is told so at once."""
    from inventory.store import store as module

    find = module.find_revision
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with open_store(desk.store) as store, store.lock():
            held.set()
            done.wait(20)

    other = threading.Thread(target=hold)
    asked: list[str | None] = []

    def find_nothing(connection: object) -> str | None:
        if threading.current_thread() is other:
            return find(connection)  # type: ignore[arg-type]
        asked.append(None if not asked else find(connection))  # type: ignore[arg-type]
        if len(asked) == 1:
            other.start()
            assert held.wait(20)
        return asked[-1]

    monkeypatch.setattr(module, "find_revision", find_nothing)
    began = time.monotonic()
    assert desk.run(1) == 75
    assert time.monotonic() - began < 10
    done.set()
    other.join()


def test_log_lines_for_machines(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write("expectations: {facts: {max: 1}}\n")
    assert desk.run(1, "--log-format", "json", "--quiet") == 0
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["level"]) for line in lines] == [
        ("start", "info"), ("updated", "info"), ("expectation", "warning"), ("done", "info"),
    ]  # fmt: skip
    assert all(line["job"] == "daily" and line["time"] == "2022-03-01T05:00:00+00:00" for line in lines)
    assert lines[-1]["run_id"] == "20220301T050000Z"
    assert desk.run(2, "--quiet") == 0
    assert len(capsys.readouterr().err.splitlines()) == 1
    capsys.readouterr()
    for more, code in (("columns: wide\n", 78), ("store: out\n", 73)):
        desk.write(more)
        assert desk.run(3, "--log-format", "json") == code
        (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
        assert (line["event"], line["level"], line["exit_code"]) == ("failed", "error", code)


def test_retention_of_reports_and_texts(desk: Desk) -> None:
    desk.write("retention: {reports: 2, text: 3}\n")
    for number in (1, 2, 3):
        write_texts(desk.news, {"one": f"Russia has massed {number + 10} T-72 tanks near Kupiansk."})
        assert desk.run(number) == 0
    assert sorted(path.stem for path in desk.out.glob("2*.xlsx")) == ["20220302T050000Z", "20220303T050000Z"]
    assert not list(desk.out.glob("20220301T050000Z*"))
    with open_store(desk.store) as store:
        old = next(v for v in store.versions("daily") if v.until == "20220302T050000Z").fact.text_sha256
        assert store.text(old) is not None
    assert desk.run(9) == 0
    with open_store(desk.store) as store:
        assert store.text(old) is None
        assert all(store.text(row.text_sha256 or "") for row in store.documents("daily"))
    desk.write("retention: {text: none}\nstore: other.sqlite\n")
    assert desk.run(10) == 0
    with open_store(f"sqlite:///{desk.root / 'other.sqlite'}") as store:
        assert not any(store.text(row.text_sha256 or "") for row in store.documents("daily"))
    assert "reprints" in {row["check"] for row in rows(desk.latest, "Quality")}


def test_status_for_monitoring(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("status", str(desk.job)) == 3
    assert "it has never run; there is no report" in capsys.readouterr().out
    assert desk.run(1) == 0
    later = ("--now", "2022-03-02T06:30:00+00:00")
    assert call("status", str(desk.job), "--max-age", "26h", *later) == 0
    assert "daily: ok (last report 20220301T050000Z, 25 h 30 min ago)" in capsys.readouterr().out
    assert call("status", str(desk.job), "--max-age", "25h", *later) == 3
    assert "its last report is older than 25 h 00 min" in capsys.readouterr().out
    (desk.news / "five.docx").write_bytes(b"no zip")
    assert desk.run(2) == 3
    assert call("status", str(desk.job)) == 3
    assert "could not read every document" in capsys.readouterr().out
    (desk.news / "five.docx").unlink()
    desk.write("expectations: {documents: {min: 9}}\n")
    assert desk.run(3) == 65
    assert call("status", str(desk.job)) == 3
    assert "its last run is failed: documents (daily) is 3" in capsys.readouterr().out
    assert call("status", str(desk.job), "--max-age", "soon") == 64
    (desk.out / "run.json").write_text('{"last_report": {"finished": 3}}')
    capsys.readouterr()
    assert call("status", str(desk.job)) == 3
    assert "there is no report" in capsys.readouterr().out


def test_metrics_are_in_the_format_of_prometheus(desk: Desk) -> None:
    """Parsed by the grammar of prometheus.io/docs/instrumenting/exposition_formats: a type before each family, one line a sample."""
    import re

    assert desk.run(1) == 0
    sample = re.compile(r'([a-zA-Z_:][\w:]*)\{(\w+="[^"\\\n]*"(?:,\w+="[^"\\\n]*")*)\} (-?\d+(?:\.\d+)?(?:e[+-]\d+)?)')
    typed, seen = set(), {}
    for line in (desk.out / "metrics.prom").read_text().splitlines():
        if line.startswith("# TYPE "):
            typed.add(line.split()[2])
        elif not line.startswith("# HELP "):
            match = sample.fullmatch(line)
            assert match, line
            assert match[1] in typed
            assert (match[1], match[2]) not in seen
            seen[match[1], match[2]] = float(match[3])
    assert seen["inventory_facts", 'job="daily"'] == 3
    assert seen["inventory_run_success", 'job="daily"'] == 1
    assert seen["inventory_run_documents", 'job="daily",outcome="new"'] == 3
    assert seen["inventory_run_finished_timestamp_seconds", 'job="daily"'] == 1646110800


def test_two_jobs_share_a_store_and_its_reviews(desk: Desk) -> None:
    other = desk.root / "other.yaml"
    other.write_text("sources: [news/one.txt]\n", "utf-8")
    assert desk.run(1) == 0
    assert desk.run(1, job=other) == 0
    assert len(rows(desk.root / "out/other/latest.xlsx", "Facts")) == 1
    assert len(rows(desk.latest, "Facts")) == 3
    once = desk.latest.read_bytes()
    assert desk.run(2) == 0
    assert desk.latest.read_bytes() == once


def test_the_command_as_a_timer_calls_it(desk: Desk) -> None:
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "inventory", "report", str(desk.job), "--wait", "10m", "--log-format", "json"]
    done = subprocess.run(command, cwd="/", env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stdout
    assert json.loads(done.stderr.splitlines()[-1])["event"] == "done"
