"""Words that look like names and are none: adjectives, verbs, pronouns, defined acronyms, codes, and lone nouns in long civil texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory import Document, load_rulebook
from inventory.extraction.otherwise import is_noise
from inventory.extraction.rows import list_mentions
from inventory.rulebook.book import Rulebook

# Nothing in it is of the field; long enough for a text in which a lone noun is doubted.
CIVIL = (
    "The parish met in the old hall, and the talk was of hay, of the price of butter and of the bridge that the frost had cracked. "
    "Miss Orme kept the minutes, as she had for nineteen years, in a hand that nobody else could read. "
) * 8


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook()


def found(text: str, book: Rulebook) -> list[str]:
    rows = list_mentions(Document(doc_id="t", text=text), book)
    return [row.text for row in rows if row.type in ("equipment", "unit", "personnel")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Soldiers spoke of a purely mercenary marriage.", ["Soldiers"]),
        ("Soldiers hired a mercenary to drive.", ["Soldiers", "mercenary"]),
        ("The soldiers kept a militant tone in their songs.", ["soldiers"]),
        ("Soldiers shot the militant Abu Nur.", ["Soldiers", "militant"]),
        ("A militant shot two soldiers.", ["militant", "soldiers"]),
        ("The soldier put one arm round her neck.", ["soldier"]),
        ("The soldier fired a mortar round at the gate.", ["soldier", "mortar round"]),
        ("The soldiers turned round and fell into company with a pedlar.", ["soldiers"]),
        ("The soldiers are the best set of men.", ["soldiers"]),
        ("The soldiers met 40 men.", ["soldiers", "men"]),
        ("The soldier knew the worst day of her life and mine.", ["soldier"]),
        ("Soldiers cleared a mine from the road.", ["Soldiers", "mine"]),
        ("The soldiers will force the gate.", ["soldiers"]),
        ("Soldiers effectively force their cooks to march.", ["Soldiers"]),
        ("They had no choice but to rebel, and whoever rebels against a soldier is lost.", ["soldier"]),
        ("Soldiers shot at rebels near the ford.", ["Soldiers", "rebels"]),
        ("A trade union militant spoke to the soldiers.", ["soldiers"]),
        ("The army ordered more troops, and force them it did.", ["army", "troops"]),
        ("Troops under Sherman burnt the depot.", ["Troops"]),
        ("Troops in a Sherman tank burnt the depot.", ["Troops", "Sherman tank"]),
        ("A thousand soldiers were a battalion of ants.", ["soldiers"]),
        ("Soldiers came from a battalion of the guards.", ["Soldiers", "battalion"]),
    ],
)
def test_another_part_of_speech(text: str, names: list[str], book: Rulebook) -> None:
    assert found(text, book) == names


def test_an_acronym_that_the_text_defines_is_its_own(book: Rulebook) -> None:
    prize = 'The Approximate Retail Value ("ARV") is $100. Second prize: one hat. ARV: $30.'
    assert found(prize, book) == []
    assert found("ARV (Approximate Retail Value): $30.", book) == []
    assert found("An armoured recovery vehicle (ARV) burnt. Another ARV towed it.", book) == ["armoured recovery vehicle", "ARV", "ARV"]
    assert found("The army lost an ARV and a BMP-2.", book) == ["army", "ARV", "BMP-2"]


@pytest.mark.parametrize(
    "text",
    [
        "PGP fingerprint: 7A2E 0407 C9A6 CAF6 2B9F 8422 C063 5EBB FE1D 66D1",
        "M<F5A9%]S=7!E<BMF-B\\R-# ^\"E1R86-E.R!C,#$T,&1D8R \\9V5T7W-B7V)D\nM978K],C)C+S)B,#X*5')A8V4[(&,P,30P9F5C(#QD;U]K97)N7VUO=6",
        "Debian GIS takes care of maps.",
        "Write to advisor@example.org about the army surplus.",
        "High 21.5°C 27°C at noon.",
        "A Dell Latitude C400 is for sale.",
        "8.6. Shell Environment",
        "Choose the First Group page.",
        "11 Division by zero",
        "It was underwritten by First Colony Life Insurance Company.",
        "The meeting is between the 10th and the 20th.",
        "A Cayman-born clerk spoke.",
    ],
)
def test_codes_and_headings(text: str, book: Rulebook) -> None:
    assert found(text, book) == []


def test_codes_that_are_designators_stay(book: Rulebook) -> None:
    assert found("GIs rode on two T-72B3s, an M1A2 and an S-400 launcher of the 101st.", book)[:4] == ["GIs", "T-72B3s", "M1A2", "S-400"]
    assert found("T-72 | 4 | T-80BV | 2 | BTR-70/80/90 | 9", book)[:3] == ["T-72", "T-80BV", "BTR-70"]


def test_a_lone_noun_with_a_second_sense_needs_context_in_a_long_text(book: Rulebook) -> None:
    assert found(CIVIL + "He had been the destroyer of her peace.", book) == []
    assert found("He had been the destroyer of her peace.", book) == ["destroyer"]
    assert found(CIVIL + "Two destroyers lay off the harbour.", book) == ["destroyers"]
    assert found(CIVIL + "The navy sent a destroyer.", book) == ["destroyer"]
    assert found(CIVIL + "The destroyer put a hundred soldiers ashore.", book) == ["destroyer", "soldiers"]


def test_a_word_of_the_field_does_not_make_a_whole_letter_military(book: Rulebook) -> None:
    letter = (
        "A soldier lodged with us. "
        + "We had rain on most days of that week. " * 12
        + "The guns of autumn are the geese, and the unit of joy is the pie."
    )
    assert found(letter, book) == ["soldier"]
    assert found("A soldier lodged with us. He left a gun behind.", book) == ["soldier", "gun"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Troops came. Then our company at the fair was better than last year.", False),
        ("Troops of one company came.", True),
    ],
)
def test_a_civil_noun_needs_more_than_the_sentence_before(text: str, kept: bool, book: Rulebook) -> None:
    assert ("company" in found(text, book)) is kept


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200), st.integers(0, 200), st.integers(0, 20))
def test_noise_is_told_of_any_text(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    assert is_noise(text, start, min(len(text), start + length)) in (True, False)
