"""Runs of a real store, compared: exactly what changed, and nothing when nothing did."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.model import Document
from inventory.reconcile.changes import compare_runs, pick_versions
from inventory.rulebook.load import load_rulebook
from inventory.store import open_store
from inventory.store.update import update_store

TANKS = "Venezuela has deployed {} T-72 tanks near Tumeremo. The road is closed."
JETS = "Brazil has deployed 6 F-16 fighters at Boa Vista."
GUNS = "Guyana has deployed 9 howitzers near Bartica."
SHIPS = "Colombia has based two frigates at Cartagena."


def documents(**texts: str) -> list[Document]:
    return [Document(text, key, source="Desk", source_key=key) for key, text in texts.items()]


def test_two_new_one_changed_one_withdrawn_and_one_that_comes_back(tmp_path: Path) -> None:
    book = load_rulebook()
    days = [
        documents(a=TANKS.format(12), b=JETS),
        documents(a=TANKS.format(14), c=GUNS, d=SHIPS),
        documents(a=TANKS.format(14), c=GUNS, d=SHIPS),
        documents(a=TANKS.format(14), b=JETS, c=GUNS, d=SHIPS),
    ]
    with open_store(f"sqlite:///{tmp_path}/store.sqlite") as store:
        for number, day in enumerate(days, 1):
            update_store(store, day, book, "daily", f"2027-05-0{number}T05:00:00+00:00")
        order = [run.run_id for run in store.runs("daily")]
        versions = store.versions("daily")

    def told(before: int, now: int) -> list[tuple[str, str, str | None, str | None, str | None]]:
        changes = compare_runs(versions, order, order[before - 1], order[now - 1])
        return [(one.change, one.item, one.field, one.old, one.new) for one in changes]

    assert told(1, 2) == [
        ("new", "howitzer", None, None, None),
        ("new", "frigate", None, None, None),
        ("updated", "T-72", "count_max", "12", "14"),
        ("updated", "T-72", "count_min", "12", "14"),
        ("withdrawn", "F-16 Fighting Falcon", None, None, None),
    ]
    assert told(2, 3) == []
    assert told(3, 4) == [("reappeared", "F-16 Fighting Falcon", None, None, None)]
    assert [change for change in told(1, 4) if change[0] in ("withdrawn", "reappeared")] == []
    assert {change.cause for change in compare_runs(versions, order, order[0])} == {"source"}
    held, gone = pick_versions(versions, order, order[2])
    assert sorted({version.source_key for version in held}) == ["a", "c", "d"]
    assert gone == {version.fact.fact_id for version in versions if version.source_key == "b" or version.fact.count_min == 12}
    with pytest.raises(ValueError, match="no finished run 'r9'"):
        compare_runs(versions, order, "r9")
