"""Whole jobs that are killed, and two at once, in processes of their own. Larger: INVENTORY_KILLS, INVENTORY_KILL_DOCUMENTS,
INVENTORY_TWICE."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).with_name("killed_jobs.py")
KILLS = int(os.environ.get("INVENTORY_KILLS", "3"))
DOCUMENTS = int(os.environ.get("INVENTORY_KILL_DOCUMENTS", "20"))
TWICE = int(os.environ.get("INVENTORY_TWICE", "2"))

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the program forks")


def run_program(*arguments: object) -> dict[str, Any]:
    done = subprocess.run([sys.executable, str(PROGRAM), *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_killed_job_ends_like_an_undisturbed_one(tmp_path: Path) -> None:
    """Store, workbook, CSV, GeoJSON and the log of decisions are the same, whenever the runs before were killed."""
    told = run_program("kill", tmp_path, DOCUMENTS, KILLS, max(1, KILLS // 6), 7)  # a trial's later kills find the reading done
    assert told["killed"] + told["ended before"] == KILLS
    assert told["facts"] > 0
    assert not told["different"]
    assert not told["faults"]


def test_of_two_at_once_one_waits_or_is_told_so_in_a_second(tmp_path: Path) -> None:
    told = run_program("twice", tmp_path, DOCUMENTS, TWICE, 7)
    assert not told["codes"]
    assert not told["faults"]
    assert not told["twice"]
    assert told["locked out"] + told["both done"] == TWICE
    assert told["both done"] >= TWICE // 2
    assert told["slowest refusal"] < 1 if "INVENTORY_TWICE" in os.environ else told["slowest refusal"] < 10
