"""Extraction over all dispatches of seeds/ at once, against what a careful reader put down, and the floors in floors.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from inventory.api import extract
from inventory.evaluate import Scores, evaluate
from inventory.gold import Gold, read_gold
from inventory.reading import read_documents
from inventory.rulebook.book import Rulebook
from inventory.rulebook.load import load_rulebook
from inventory.table import Facts

SEEDS = Path(__file__).parents[1] / "seeds"
FLOORS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "floors.yaml").read_text(encoding="utf-8"))["seeds"]


class Reading(NamedTuple):
    book: Rulebook
    gold: Gold
    facts: Facts
    scores: Scores


@pytest.fixture(scope="module")
def reading() -> Reading:
    book, gold = load_rulebook(), read_gold([SEEDS])
    facts = extract(gold.documents, book)
    return Reading(book, gold, facts, evaluate(gold.facts, list(facts)))


def test_enough_is_expected_in_enough_registers(reading: Reading) -> None:
    assert len(list(SEEDS.glob("*.expected.yaml"))) >= 18
    assert sum(not fact.optional for fact in reading.gold.facts) >= 170
    assert len(reading.gold.empty) >= 3


def test_every_document_is_read_without_an_issue(reading: Reading) -> None:
    assert list(reading.facts.issues) == []
    folder = [one.doc_id for one in read_documents([SEEDS])]  # type: ignore[union-attr]
    assert sorted(folder) == sorted(document.doc_id for document in reading.gold.documents)


def test_every_document_says_where_it_comes_from(reading: Reading) -> None:
    for document in reading.gold.documents:
        assert all((document.title, document.source, document.published)), document.doc_id
        assert (document.url or "").startswith("https://example.org/"), document.doc_id


def test_f1_holds(reading: Reading) -> None:
    assert reading.scores.f1 >= FLOORS["f1"], "\n".join(map(str, reading.scores.errors))


def test_core_share_holds(reading: Reading) -> None:
    assert reading.scores.core_share >= FLOORS["core"], "\n".join(map(str, reading.scores.errors_of("wrong")))


def test_documents_without_facts_stay_clean(reading: Reading) -> None:
    assert [(fact.doc_id, fact.item_text) for fact in reading.facts if fact.doc_id in reading.gold.empty] == []


def test_spans_hold_the_printed_words(reading: Reading) -> None:
    texts = {document.doc_id: document.text for document in reading.gold.documents}
    for fact in reading.facts:
        text = texts[fact.doc_id]
        assert text[fact.start : fact.end] == fact.item_text
        assert all(0 <= start < end <= len(text) for start, end in fact.slots.values()), fact.slots


def test_the_same_input_gives_the_same_facts(reading: Reading) -> None:
    again = extract(reading.gold.documents, reading.book)
    assert list(again) == list(reading.facts)
