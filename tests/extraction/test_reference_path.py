"""The gated path must find what the plain path finds: every sentence analysed, every rule scanned."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.extraction.pipeline import extract_document
from inventory.model import Document
from inventory.reading import read_documents
from inventory.rulebook.load import load_rulebook

BOOK = load_rulebook()
DAY = dt.date(2024, 5, 17)


def both(text: str) -> tuple[list[object], list[object]]:
    document = Document(text, published=DAY)
    return list(extract_document(document, BOOK)), list(extract_document(document, BOOK, everywhere=True))


@pytest.mark.parametrize("document", [d for d in read_documents(["seeds"]) if isinstance(d, Document)], ids=lambda d: d.doc_id)
def test_seeds_read_alike_on_both_paths(document: Document) -> None:
    assert extract_document(document, BOOK) == extract_document(document, BOOK, everywhere=True)


PIECES = (
    "Poland sent 14 Leopard 2A4 tanks to Ukraine on Monday",
    "the council opened a new library",
    "about 300 Danish soldiers arrived at Adazi",
    "two Su-34 bombers were shot down near Kursk, officials said",
    "she planted tulips in March",
    "USS Cole (DDG-67) left Rota",
    "the 12th Mechanised Brigade exercises in Poland",
    "it rained for three days",
    "up to 40 BTR-80s and a T-72B3 were seen at 48.123, 37.456",
    "Iran denied that it keeps 20 drones in Syria",
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6), st.sampled_from([". ", ".\n\n", "; ", ", and "]))
def test_mixed_text_reads_alike_on_both_paths(pieces: list[str], joint: str) -> None:
    text = joint.join(pieces) + "."
    gated, plain = both(text[0].upper() + text[1:])
    assert gated == plain


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_survived_and_spans_hold(noise: str) -> None:
    text = noise + " Six T-72 tanks reached Kyiv. " + noise
    for fact in extract_document(Document(text, published=DAY), BOOK):
        assert text[fact.start : fact.end] == fact.item_text
        assert all(0 <= start <= end <= len(text) for start, end in fact.slots.values())


def test_same_text_gives_same_facts_twice() -> None:
    first, _ = both("Russia moved 30 T-90M tanks and 400 soldiers to Belarus on Friday, Kyiv said.")
    second, _ = both("Russia moved 30 T-90M tanks and 400 soldiers to Belarus on Friday, Kyiv said.")
    assert first == second
    assert first


def test_fact_ids_do_not_depend_on_where_the_sentence_stands() -> None:
    sentence = "Russia moved 30 T-90M tanks to Belarus on Friday."
    alone, _ = both(sentence)
    later, _ = both("The weather was fine. Nobody complained.\n\n" + sentence)
    assert [f.fact_id for f in alone] == [f.fact_id for f in later]  # type: ignore[attr-defined]


def test_equal_statements_have_ids_of_their_own() -> None:
    found, _ = both("They saw 3 T-72 tanks. They saw 3 T-72 tanks.")
    assert len({f.fact_id for f in found}) == len(found) == 2  # type: ignore[attr-defined]
