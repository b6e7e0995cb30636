"""Incremental runs over real files with the real reader and rules."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from store_support import day, dump

import inventory
from inventory.reading import read_documents
from inventory.rulebook.book import Rulebook
from inventory.store import Store
from inventory.store.check import check_store
from inventory.store.update import Update, update_store

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six of the sample documents, with what is known of them."""
    target = tmp_path / "news"
    target.mkdir()
    for path in sorted((ROOT / "seeds").glob("*.txt"))[:6]:
        for one in (path, path.with_suffix(".meta.yaml")):
            shutil.copy(one, target)
    return target


def run(store: Store, book: Rulebook, folder: Path, number: int) -> Update:
    return update_store(store, read_documents([folder]), book, "daily", day(number))


def told(update: Update) -> dict[str, int]:
    return {name: count for name, count in update.tally._asdict().items() if count}


def test_three_days_of_files(store: Store, book: Rulebook, folder: Path) -> None:
    first, second, *rest = sorted(folder.glob("*.txt"))
    later = [(path, path.read_bytes()) for path in rest[-2:]]
    for path, _ in later:
        path.unlink()
    assert told(run(store, book, folder, 1)) == {"new": 4}
    before = {version.fact.fact_id for version in store.versions()}

    for path, content in later:
        path.write_bytes(content)
    text = first.read_text(encoding="utf-8")
    first.write_text(f"{text}\n\nIran has sent 41 Shahed-136 drones to Syria.\n", encoding="utf-8")
    second.unlink()
    update = run(store, book, folder, 2)
    assert told(update) == {"new": 2, "changed": 1, "unchanged": 2, "withdrawn": 1}
    expected = inventory.extract(read_documents([folder]), book)
    assert sorted(store.facts()) == sorted(expected)
    assert sorted(store.documents()) == sorted(expected.documents)
    # Nothing but what was added is new in the changed document: its other facts are where they were.
    begun = [version for version in store.versions() if version.since == update.run.run_id and version.fact.doc_id.endswith(first.name)]
    assert [(one.fact.count_min, one.fact.fact_id in before) for one in begun] == [(41, False)]
    assert {version.ended for version in store.versions() if version.until} == {"source"}
    assert check_store(store) == []

    content = dump(store)
    assert told(run(store, book, folder, 3)) == {"unchanged": 5}
    again = dump(store)
    assert again.pop("runs")[:-1] == content.pop("runs")
    assert again == content


def test_a_broken_line_of_a_file_of_many_costs_only_itself(store: Store, book: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "dump.jsonl"
    lines = [json.dumps({"id": f"n{number}", "text": f"Russia has massed {number} tanks near Kupiansk."}) for number in range(2, 6)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    run(store, book, path, 1)
    path.write_text("\n".join([lines[0], lines[1][:-9], lines[2]]) + "\n", encoding="utf-8")  # the second is cut, the fourth is gone
    update = run(store, book, path, 2)
    assert (update.run.status, update.run.issues) == ("partial", 1)
    assert [(row.doc_id, row.status) for row in store.documents()] == [("n2", "read"), ("n3", "failed"), ("n4", "read")]
    assert [fact.count_min for fact in store.facts()] == [2, 3, 4]
    path.write_bytes(b"\x00\xff\x00" * 500)  # nothing of it can be read
    run(store, book, path, 3)
    assert [fact.count_min for fact in store.facts()] == [2, 3, 4]
    path.write_text("\n".join([lines[0], lines[1][:-9]]), encoding="utf-8")  # cut in the second line, with all behind it
    assert run(store, book, path, 3).run.withdrawn == 0
    assert [fact.count_min for fact in store.facts()] == [2, 3, 4]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    update = run(store, book, path, 4)
    assert (update.run.status, [fact.count_min for fact in store.facts()]) == ("done", [2, 3, 4, 5])
