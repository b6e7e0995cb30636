"""What goes into a store comes out of it: facts, runs, decisions, imports."""

from __future__ import annotations

from pathlib import Path

import pytest

import inventory
from inventory.model import Document
from inventory.records import Decision
from inventory.store import StoreError, open_store
from inventory.store.record import Found, Reading

NOW = "2022-02-07T05:00:00+00:00"


def test_facts_come_out_as_they_went_in_and_only_when_the_run_is_finished(tmp_path: Path) -> None:
    given = inventory.extract(
        [Document("Russia has massed 100 tanks and 12 Su-35 jets near Kupiansk.", doc_id="a\0\ud800", source_key="k")]
    )
    with open_store(f"sqlite:///{tmp_path}/store.sqlite") as store, store.lock():
        run = store.begin_run("daily", now=NOW, rulebook="r", version="v")
        row = given.documents[0]
        store.save_document(run.run_id, row, reading=Reading(given[0].rulebook, "v"), found=Found(given.facts, ()), text="text \ud800")
        assert store.facts() == []
        finished = store.finish_run(run.run_id, now=NOW)
        assert (finished.documents, finished.facts, finished.read, finished.status) == (1, 2, 1, "done")
        assert store.facts() == list(given.facts)
        assert store.documents("daily") == [row]
        assert [version.cause for version in store.versions()] == ["source", "source"]


def test_decisions_are_chained_and_cannot_be_changed(tmp_path: Path) -> None:
    decision = Decision("F1", "correct", {"item": None}, "x", "ann", None, NOW, "ab", "Review", 3, None, None)
    with open_store(f"sqlite:///{tmp_path}/store.sqlite") as store:
        store.append_decisions([decision, decision._replace(row=4)])
        assert store.decisions() == [decision, decision._replace(row=4)]
        assert store.verify_chain() == []
        with pytest.raises(StoreError, match="append-only"), store.writing() as connection:
            connection.exec_driver_sql("UPDATE decisions SET reviewer = 'bob'")


def test_imports_are_kept_under_their_hash(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/store.sqlite") as store:
        first = store.add_import(b"bytes", name="a.xlsx", now=NOW)
        assert store.add_import(b"bytes", name="b.xlsx", now=NOW) == first
        assert store.read_import(first.sha256) == b"bytes"
        (tmp_path / "imports" / f"{first.sha256}.xlsx").write_bytes(b"other")
        with pytest.raises(StoreError, match="was changed"):
            store.read_import(first.sha256)
