"""The short items of tests/corpus are whole: read without faults, tagged, spread over the language. What is found is measured elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from inventory.gold import Gold, read_gold

CORPUS = Path(__file__).parent / "corpus"
# What the set holds now; the figures only go up.
FEWEST_ITEMS, FEWEST_FACTS = 8, 820
NAMES = frozenset(re.findall(r"^\| `([a-z-]+)` \|", (CORPUS / "README.md").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.fixture(scope="module")
def gold() -> Gold:
    return read_gold([CORPUS])


def test_every_item_is_dated_and_tagged_with_known_names(gold: Gold) -> None:
    assert all(document.published for document in gold.documents)
    assert {document.doc_id for document in gold.documents} == gold.phenomena.keys()
    assert {name for names in gold.phenomena.values() for name in names} <= NAMES


def test_a_trap_is_what_holds_no_required_fact(gold: Gold) -> None:
    assert {doc_id for doc_id, names in gold.phenomena.items() if "trap" in names} == set(gold.empty)


def test_no_two_items_or_expectations_are_the_same(gold: Gold) -> None:
    texts = Counter(document.text for document in gold.documents)
    facts = Counter((fact.doc_id, fact.start, fact.end, fact.kinds, repr(sorted(fact.expected.items()))) for fact in gold.facts)
    assert [one for one, times in (texts + facts).items() if times > 1] == []


def test_each_phenomenon_and_the_traps_have_their_share(gold: Gold) -> None:
    shown = Counter(name for names in gold.phenomena.values() for name in names)
    assert {name: shown[name] for name in NAMES if shown[name] < FEWEST_ITEMS} == {}
    assert sum(not fact.optional for fact in gold.facts) >= FEWEST_FACTS
    assert 3 * (shown["trap"] + shown["near-miss"]) >= len(gold.documents)
