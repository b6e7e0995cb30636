"""Sixty dispatches, read by the real pipeline, against what was made of them by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

import inventory
from inventory.model import Document, Fact
from inventory.reconcile.families import list_families
from inventory.reconcile.known import reckon
from inventory.reconcile.reprints import find_reprints
from inventory.reconcile.reviews import apply_reviews
from inventory.records import Holding, Known
from inventory.rulebook.load import load_rulebook

HERE = Path(__file__).parent / "scenario"
FEEDS = {"stock": ("low", "high")} | {name: (f"{name}_low", f"{name}_high") for name in ("lost", "pledged", "ordered", "delivered")}


@pytest.fixture(scope="module")
def answer() -> dict[str, Any]:
    return yaml.safe_load((HERE / "answer.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    entries = yaml.safe_load((HERE / "dispatches.yaml").read_text(encoding="utf-8"))
    return [Document(entry["text"], entry["id"], source=entry["source"], published=entry["published"]) for entry in entries]


@pytest.fixture(scope="module")
def facts(documents: list[Document]) -> list[Fact]:
    return list(inventory.extract(documents))


@pytest.fixture(scope="module")
def known(documents: list[Document], facts: list[Fact], answer: dict[str, Any]) -> Known:
    reviewed = apply_reviews(facts, [], lambda fact: "")
    as_of, window = answer["as_of"], answer["window"]
    assert isinstance(as_of, dt.date)
    return reckon(reviewed, reprints=find_reprints(documents), as_of=as_of, window=window, families=list_families(load_rulebook()))


def key_of(row: Holding) -> tuple[str, ...]:
    usual = "person" if row.kind == "personnel" else "item"
    counted = "" if row.counted_as == usual else row.counted_as
    return (row.actor_id or "-", row.category or "-", row.level, row.item or row.family or "", row.place or "-", counted)


def key_in(row: dict[str, Any]) -> tuple[str, ...]:
    return (row["actor"], row["category"], row["level"], row.get("what", ""), row["place"], row.get("counted", ""))


def say(low: int | None, high: int | None) -> str:
    return f"{'' if low is None else low}..{'' if high is None else high}"


def test_there_are_sixty_dispatches(documents: list[Document]) -> None:
    assert len({document.doc_id for document in documents}) == 60


def test_holdings_equal_the_answer_made_by_hand(known: Known, answer: dict[str, Any]) -> None:
    found = {
        key_of(row): {
            feed: say(getattr(row, low), getattr(row, high))
            for feed, (low, high) in FEEDS.items()
            if (getattr(row, low), getattr(row, high)) != (None, None)
        }
        | ({"disagree": True} if row.conflict else {})
        for row in known.holdings
    }
    expected = {
        key_in(row): {name: row[name] for name in (*FEEDS, "disagree") if name in row}
        for row in answer["rows"]
    }  # fmt: skip
    assert {key: cells for key, cells in found.items() if cells} == expected


def test_sources_reprints_and_conflicts_equal_the_answer(known: Known, facts: list[Fact], answer: dict[str, Any]) -> None:
    documents = {fact.fact_id: fact.doc_id for fact in facts}
    assert {reprint.doc_id: reprint.original for reprint in known.reprints} == answer["reprints"]
    pairs = sorted(sorted((documents[one.left], documents[one.right])) for one in known.conflicts)
    assert pairs == answer["conflicts"]
    for wanted in answer["independent"]:
        (row,) = [
            row
            for row in known.holdings
            if (row.actor_id, row.level, row.item, row.place) == (wanted["actor"], wanted["level"], wanted["what"], wanted["place"])
        ]
        assert row.independent == wanted["sources"], wanted


def test_numbers_are_traceable_and_nothing_is_dropped(known: Known, facts: list[Fact]) -> None:
    told = {fact.fact_id for fact in facts}
    items = [row for row in known.holdings if row.level == "item"]
    assert {fact_id for row in items for fact_id in (*row.fact_ids, *row.other_ids)} == told
    assert sum(row.reports for row in items) == len(facts)
