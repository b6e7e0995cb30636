"""Numbers in running text: what they bound, and which of them count nothing."""

from __future__ import annotations

import pytest

from inventory.extraction.quantities import carry, parse_number, vague_bounds
from inventory.extraction.rows import list_mentions
from inventory.model import Document
from inventory.rulebook.book import Rulebook
from inventory.rulebook.load import load_rulebook


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook()


def counts(text: str, book: Rulebook) -> list[tuple[str, str | None, str | None]]:
    return [(row.text, row.value, row.category) for row in list_mentions(Document(text), book) if row.type == "quantity"]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("14", 14),
        ("1,200", 1200),
        ("12 000", 12_000),
        ("1 200 000", 1_200_000),
        ("12\u00a0000", 12_000),
        ("1,20,000", 120_000),
        ("120k", 120_000),
        ("1.5 million", 1_500_000),
        ("1.5 mln", 1_500_000),
        ("2 lakh", 200_000),
        ("2.5 thousand", 2500),
        ("3 hundred", 300),
        ("2 dozen", 24),
        ("seven", 7),
        ("sixteen", 16),
        ("twenty-one", 21),
        ("ninety nine", 99),
        ("a hundred", 100),
        ("one hundred and ten", 110),
        ("a hundred and twenty thousand", 120_000),
        ("two hundred thousand", 200_000),
        ("one million two hundred thousand", 1_200_000),
        ("two thousand, five hundred", 2500),
        ("two and a half thousand", 2500),
        ("a million and a half", 1_500_000),
        ("half a million", 500_000),
        ("half a dozen", 6),
        ("a dozen", 12),
        ("two dozen", 24),
        ("three score", 60),
        ("a thousand and one", 1001),
        ("both", 2),
        ("2014,", None),
    ],
)
def test_numbers(words: str, number: int | None, book: Rulebook) -> None:
    found = counts(f"They sent {words} tanks.", book)
    if number is not None:
        assert found == [(words, f"{number}..{number}", "exact")]


@pytest.mark.parametrize(
    ("words", "value", "basis"),
    [
        ("at least 300", "300..", "at_least"),
        ("no fewer than six", "6..", "at_least"),
        ("more than 2,000", "2000..", "at_least"),
        ("well over a hundred", "100..", "at_least"),
        ("upwards of 40", "40..", "at_least"),
        ("40 or more", "40..", "at_least"),
        ("30+", "30..", "at_least"),
        ("500-plus", "500..", "at_least"),
        ("up to 18", "..18", "at_most"),
        ("as many as 40", "..40", "at_most"),
        ("fewer than ten", "..10", "at_most"),
        ("no more than 6", "..6", "at_most"),
        ("about 300", "300..300", "approximate"),
        ("some 40", "40..40", "approximate"),
        ("nearly half a dozen", "6..6", "approximate"),
        ("an estimated 1,000", "1000..1000", "approximate"),
        ("40-odd", "40..40", "approximate"),
        ("60 or so", "60..60", "approximate"),
        ("a couple of hundred", "200..200", "approximate"),
        ("between 700 and 1,000", "700..1000", "range"),
        ("between 500 and a thousand", "500..1000", "range"),
        ("from 20 to 30", "20..30", "range"),
        ("12-14", "12..14", "range"),
        ("three or four", "3..4", "range"),
        ("five to a dozen", "5..12", "range"),
        ("100\u2013150,000", "100000..150000", "range"),
        ("20-25,000", "20000..25000", "range"),
        ("1.2 to 1.5 million", "1200000..1500000", "range"),
        ("between 1.2 and 1.5 million", "1200000..1500000", "range"),
        ("20 to 25 thousand", "20000..25000", "range"),
        ("two to three hundred", "200..300", "range"),
        ("two or three dozen", "24..36", "range"),
        ("169,000 to 190,000", "169000..190000", "range"),
        ("dozens", "24..100", "vague"),
        ("several hundred", "300..1000", "vague"),
        ("a handful", "3..6", "vague"),
        ("tens of thousands", "20000..100000", "vague"),
    ],
)
def test_bounds(words: str, value: str, basis: str, book: Rulebook) -> None:
    link = " of" if words in ("dozens", "a handful", "tens of thousands") else ""
    assert counts(f"They sent {words}{link} tanks.", book) == [(words, value, basis)]


@pytest.mark.parametrize(
    ("words", "value"), [("a pair of", "2..2"), ("a couple of", "2..2"), ("a trio of", "3..3"), ("a quartet of", "4..4")]
)
def test_small_groups(words: str, value: str, book: Rulebook) -> None:
    assert [row[1] for row in counts(f"They sent {words} frigates.", book)] == [value]


def test_pairs_set_no_bound(book: Rulebook) -> None:
    assert [row[1:] for row in counts("Pairs of frigates left.", book)] == [("..", "vague")]


def test_undisclosed(book: Rulebook) -> None:
    assert [row[1:] for row in counts("They sent an undisclosed number of tanks.", book)] == [("..", "undisclosed")]


@pytest.mark.parametrize(
    "text",
    [
        "It began in 2014.",
        "The 2014 annexation was short.",
        "On 12-14 May they met.",
        "It took ten days.",
        "At 05:30 they left.",
        "At 5 p.m. they left.",
        "A 55-year-old man spoke.",
        "Men aged 18 to 60 stayed.",
        "It cost $400 million.",
        "It cost 300 euros.",
        "About 30% left.",
        "Ten percent left.",
        "The 155mm shells fell.",
        "The 155-mm gun fired.",
        "The 7.62x39mm rounds fell.",
        "It lies 500 km away.",
        "It has a range of 300 kilometres.",
        "It carried 10,000 tonnes.",
        "It flies at 900 km/h.",
        "USS Higgins (DDG-76) left.",
        "The 3rd Brigade left.",
        "On the third day it ended.",
        "UN resolution 2231 passed.",
        "Highway M-60 is closed.",
        "Highway 5 is closed.",
        "Call 555-0199-22 now.",
        "Dial +1 555-0199 now.",
        "They voted 141 to 5.",
        "They won 3-1 at home.",
        "The T-72 left.",
        "They drove 8x8 carriers.",
        "Three-quarters of it fell.",
        "Agent 007 left.",
        "It rose by 2.5 on Monday.",
        "No. 12 left.",
        "It works 24/7 there.",
        "A third of the crews left.",
        "The crew of five left.",
        "At scale 1:200 it fits.",
    ],
)
def test_what_is_no_count(text: str, book: Rulebook) -> None:
    assert counts(text, book) == []


def test_a_dash_between_words_hides_no_count(book: Rulebook) -> None:
    assert [row[0] for row in counts("The convoy\u201412 trucks\u2014left.", book)] == ["12"]


@pytest.mark.parametrize(
    ("text", "number", "magnitude"),
    [
        ("40", 40, 1),
        ("two hundred", 200, 100),
        ("1.5 million", 1_500_000, 1e6),
        ("two thousand million", 2e9, 1e6),
        ("many", None, 1),
        ("", None, 1),
    ],
)
def test_parse_number(text: str, number: float | None, magnitude: float, book: Rulebook) -> None:
    assert parse_number(text, book.values) == (number, magnitude)


@pytest.mark.parametrize(
    ("low", "low_magnitude", "high", "high_magnitude", "carried"),
    [
        (20, 1, 25_000, 1, 20_000),
        (1.2, 1, 1_500_000, 1e6, 1_200_000),
        (500, 1, 1000, 1000, 500),
        (700, 1, 1000, 1, 700),
        (900, 1, 1_000_000, 1e6, 900),
    ],
)
def test_carry(low: float, low_magnitude: float, high: float, high_magnitude: float, carried: float) -> None:
    assert carry(low, low_magnitude, high, high_magnitude) == carried


def test_vague_bounds_come_from_the_table() -> None:
    assert vague_bounds("dozens", {"dozens": "24..100"}) == (24, 100)
    assert vague_bounds("multiple", {"multiple": "2.."}) == (2, None)
    assert vague_bounds("many", {}) == (None, None)
