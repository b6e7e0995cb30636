"""Runs that are killed, and two at once. Full counts:

INVENTORY_KILLS=200 INVENTORY_KILL_DOCUMENTS=2000 INVENTORY_TWICE=50 python -m pytest tests/faults
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).with_name("disturbed_runs.py")
KILLS = int(os.environ.get("INVENTORY_KILLS", "6"))
DOCUMENTS = int(os.environ.get("INVENTORY_KILL_DOCUMENTS", "30"))
TWICE = int(os.environ.get("INVENTORY_TWICE", "2"))


@pytest.fixture(params=["sqlite", "postgresql"])
def template(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/{{}}.sqlite"
    import psycopg

    base: str = request.getfixturevalue("server")
    name = f"f{abs(hash(request.node.nodeid)):x}"
    with psycopg.connect(base.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return base.replace("/postgres?", f"/{name}?") + "&options=-csearch_path%3D{}"


def call(*args: object) -> dict[str, Any]:
    done = subprocess.run([sys.executable, PROGRAM, *map(str, args)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    print(told)
    return told


def test_a_killed_run_leaves_nothing_behind_when_the_next_is_done(template: str) -> None:
    told = call("kill", template, DOCUMENTS, KILLS, max(1, KILLS // 30), 11)
    assert (told["different"], told["faults"], told["killed"]) == ([], [], KILLS)
    if KILLS >= 50:  # a few random moments may all fall between the runs
        assert told["interrupted"] > 0


def test_of_two_runs_at_once_one_waits_or_is_sent_away(template: str) -> None:
    told = call("twice", template, 20, TWICE, 12)
    assert (told["faults"], told["duplicates"], told["codes"], told["same facts"]) == ([], 0, [], True)
    assert told["locked out"] + told["both done"] == TWICE
    # A second is the aim; a machine that does other work beside it gets more room than the full count, run by itself.
    assert told["slowest refusal"] < (1 if "INVENTORY_TWICE" in os.environ else 10)
