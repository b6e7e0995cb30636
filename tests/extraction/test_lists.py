"""Lists and titles: the line above a list, and the noun before a colon, tell of what follows."""

import datetime as dt
from collections.abc import Iterable

import pytest

from inventory.api import extract
from inventory.model import Fact
from inventory.rulebook.load import load_rulebook

BOOK = load_rulebook()
DAY = dt.date(2026, 3, 12)


def read(text: str) -> list[Fact]:
    return list(extract(text, BOOK, published=DAY))


def tell(facts: Iterable[Fact], *columns: str) -> list[tuple[object, ...]]:
    return [tuple(getattr(fact, name) for name in ("item", "count_min", *columns)) for fact in facts]


@pytest.mark.parametrize("bullet", ["- ", "• ", "1. ", ""])
def test_a_line_takes_sides_and_status_of_the_line_above(bullet: str) -> None:
    text = f"Norway is to send Ukraine the following by the end of May:\n{bullet}12 Leopard 2 tanks\n{bullet}NASAMS: 2\n"
    assert tell(read(text), "actor_id", "counterparty_id", "counterparty_role", "status", "modality") == [
        ("Leopard 2", 12, "NOR", "UKR", "recipient", "pledged", "planned"),
        ("NASAMS", 2, "NOR", "UKR", "recipient", "pledged", "planned"),
    ]


def test_what_the_list_says_of_whose_and_how_stands() -> None:
    text = "Norway lost, its ministry said:\n- 12 Leopard 2 tanks\n- one CV90 (damaged)\n- two Swedish Archer howitzers"
    facts = read(text)
    assert tell(facts, "actor_id", "status") == [
        ("Leopard 2", 12, "NOR", "destroyed"),
        ("CV90", 1, "NOR", "damaged"),
        ("Archer", 2, "SWE", "destroyed"),
    ]
    assert {fact.claimant for fact in facts} == {"its ministry"}


@pytest.mark.parametrize("joint", [" - ", ": "])
def test_everyday_nouns_count_in_a_list_of_losses(joint: str) -> None:
    above = "Total combat losses of Iranian forces from 24 February 2026 to 1 March 2026:"
    facts = read(f"{above}\nTanks{joint}3,700 (+2)\nHelicopters{joint}294\nBoats{joint}18")
    assert tell(facts, "actor_id", "status") == [
        ("tank", 3700, "IRN", "destroyed"),
        ("helicopter", 294, "IRN", "destroyed"),
        ("boat", 18, "IRN", "destroyed"),
    ]
    assert {(fact.date_start, fact.date_end) for fact in facts} == {(dt.date(2026, 2, 24), dt.date(2026, 3, 1))}


def test_everyday_nouns_do_not_count_in_a_list_of_other_things() -> None:
    assert read("The aquarium needs:\n- Tanks: 3\n- Boats for children: 18\n- filters\n") == []


def test_the_side_before_the_colon_has_or_gets_what_follows() -> None:
    assert tell(read("Taking part:\n- Poland: 24 F-16s\n- Pakistan: 5 JF-17s"), "actor_id") == [
        ("F-16 Fighting Falcon", 24, "POL"),
        ("JF-17 Thunder", 5, "PAK"),
    ]
    assert tell(read("US deliveries to date:\n- Poland: 28 M1A1 Abrams"), "actor_id", "counterparty_id", "counterparty_role") == [
        ("M1A1 Abrams", 28, "USA", "POL", "recipient"),
    ]


@pytest.mark.parametrize("verb", [" were ", " stand at ", " amounted to ", ": "])
def test_a_noun_tells_of_what_it_is_said_to_be(verb: str) -> None:
    assert tell(read(f"Iranian losses{verb}12 tanks and three T-72s."), "actor_id", "status") == [
        ("tank", 12, "IRN", "destroyed"),
        ("T-72", 3, "IRN", "destroyed"),
    ]


def test_who_gets_is_not_who_gives() -> None:
    facts = read("The new Danish package for Ukraine includes 19 CAESAR howitzers.")
    assert tell(facts, "actor_id", "counterparty_id", "counterparty_role") == [("CAESAR", 19, "DNK", "UKR", "recipient")]
    assert [fact.actor_id for fact in read("A package for Ukraine includes 19 CAESAR howitzers.")] == [None]


def test_a_country_code_in_a_column_of_sides() -> None:
    assert tell(read("side | item | lost\nRUS | T-62M | 2\nUKR | M113 | 1"), "actor_id") == [("T-62M", 2, "RUS"), ("M113", 1, "UKR")]


def test_a_tally_is_cumulative_and_may_be_approximate() -> None:
    text = "Losses of the enemy as of 24.03.24:\n👥 personnel ≈ 437 390 (+770)\n🔥 tanks ‒ 6 879 (+14)"
    assert tell(read(text), "status", "measure", "count_basis") == [
        ("personnel", 437390, "killed", "cumulative", "approximate"),
        ("tank", 6879, "destroyed", "cumulative", "exact"),
    ]
