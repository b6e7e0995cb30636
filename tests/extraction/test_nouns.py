"""Names that only describe another noun, nouns that tell a status, and places that own a stretch of land, sea or air."""

import datetime as dt

import pytest

from inventory.api import extract
from inventory.rulebook.book import Rulebook
from inventory.rulebook.load import load_rulebook

DAY = dt.date(2026, 3, 12)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook()


@pytest.mark.parametrize(
    "text",
    [
        "The workers left the tank factory at noon.",
        "Inspectors visited a drone assembly plant and a missile storage facility near Yazd.",
        "The order went to the Heavy Vehicles Factory in Avadi.",
        "A terrorist attack closed the road to the village.",
    ],
)
def test_a_name_that_only_describes_makes_no_row(book: Rulebook, text: str) -> None:
    assert [fact.item for fact in extract(text, book, published=DAY)] == []


def test_pilots_of_a_type_are_counted_and_the_type_is_not(book: Rulebook) -> None:
    facts = extract("Two F-16 pilots were trained in Romania.", book, published=DAY)
    assert [(fact.item, fact.count_min, fact.place) for fact in facts] == [("pilot", 2, "Romania")]


def test_a_class_noun_may_be_the_verb(book: Rulebook) -> None:
    facts = extract("Norway will ship 8 howitzers to Ukraine.", book, published=DAY)
    assert [(f.item, f.count_min, f.actor_id, f.counterparty_id, f.status) for f in facts] == [("howitzer", 8, "NOR", "UKR", "pledged")]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The losses of the brigade amounted to three tanks and a howitzer.", "destroyed"),
        ("This package included three tanks and a howitzer.", "pledged"),
        ("The contract covers three tanks and a howitzer.", "ordered"),
    ],
)
def test_what_the_subject_tells_is_told_of_its_contents(book: Rulebook, text: str, status: str) -> None:
    told = {fact.item: fact.status for fact in extract(text, book, published=DAY) if fact.kind == "equipment"}
    assert told == {"tank": status, "howitzer": status}


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Three Russian jets violated Estonian airspace on Friday.", "EST"),
        ("A military drone crashed on Polish soil.", "POL"),
        ("Four missile boats were seen in Finland's territorial waters.", "FIN"),
    ],
)
def test_land_sea_and_air_belong_to_their_country(book: Rulebook, text: str, country: str) -> None:
    assert [fact.country for fact in extract(text, book, published=DAY)] == [country]


def test_the_army_tells_of_its_own_dead(book: Rulebook) -> None:
    (fact,) = extract("The Malian army said that eight soldiers were killed near Nara.", book, published=DAY)
    assert (fact.actor_id, fact.count_min, fact.status) == ("MLI", 8, "killed")
    assert "inherited-actor" in (fact.flags or "")


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("The carrier Shandong sailed past Luzon, accompanied by three destroyers.", {"CHN"}),
        ("The carrier Shandong met three destroyers near Japan's Okinawa and the Japanese navy watched.", set()),
    ],
)
def test_ships_beside_a_named_ship_are_of_its_side_where_no_other_is_named(book: Rulebook, text: str, sides: set[str]) -> None:
    (fact,) = (fact for fact in extract(text, book, published=DAY) if fact.count_min == 3)
    assert not sides or fact.actor_id in sides
    assert sides or fact.actor_id != "CHN"


def test_a_unit_of_the_marines_is_written_as_only_one_army_writes_it(book: Rulebook) -> None:
    facts = extract("Four soldiers of the 3rd Battalion, 6th Marines, were injured.", book, published=DAY)
    assert {fact.actor_id for fact in facts} == {"USA"}


def test_a_semicolon_keeps_the_place_of_a_subject_that_goes_on(book: Rulebook) -> None:
    facts = extract("Near Mosul, four strikes engaged two tanks; destroyed six vehicles; and damaged a mortar.", book, published=DAY)
    assert {fact.place for fact in facts} == {"Mosul"}
    assert [fact.status for fact in facts] == ["struck", "destroyed", "damaged"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The battalion left Tapa, and 300 Kenyans stayed.", [("troops", 300, "KEN")]),
        ("The battalion met 300 Kenyan villagers.", []),
        ("Some 12 Germans died in the bus crash.", []),
    ],
)
def test_counted_nationals_are_people_beside_forces(book: Rulebook, text: str, told: list[tuple[str, int, str]]) -> None:
    facts = [fact for fact in extract(text, book, published=DAY) if fact.kind == "personnel"]
    assert [(fact.item, fact.count_min, fact.actor_id) for fact in facts] == told


def test_a_ship_that_no_gazetteer_knows_is_named_beside_its_kind(book: Rulebook) -> None:
    (fact,) = extract("The Greek frigate Xanthippe entered Limassol on Sunday.", book, published=DAY)
    assert (fact.item, fact.item_id, fact.category, fact.status) == ("Xanthippe", "?xanthippe", "ship/frigate", "arrived")


def test_a_count_may_leave_its_noun_to_the_sentence_before(book: Rulebook) -> None:
    facts = extract("Russia launched 58 Shahed drones at Kyiv. Thirty-nine were shot down.", book, published=DAY)
    assert [(fact.item, fact.count_min, fact.status) for fact in facts] == [("Shahed-136", 58, "used"), ("Shahed-136", 39, "shot_down")]
    assert facts[1].item_text == "Thirty-nine"


def test_what_is_quoted_behind_a_speaker_is_his(book: Rulebook) -> None:
    facts = extract('"We lost two tanks," Colonel Adamu said. "Three howitzers are still missing."', book, published=DAY)
    assert {fact.claimant for fact in facts} == {"Adamu"} or {fact.claimant for fact in facts} == {"Colonel Adamu"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The general staff put Russian losses at 1,120 soldiers and nine tanks.", [(1120, "RUS", "killed"), (9, "RUS", "destroyed")]),
        ("Two frigates and 200 marines were deployed to Palawan.", [(2, None, "deployed"), (200, None, "deployed")]),
        ("Germany has so far supplied 34 Gepard guns to Ukraine.", [(34, "DEU", "delivered")]),
        ("India is considering the purchase of 114 Rafale jets.", [(114, "IND", "ordered")]),
    ],
)
def test_whose_and_in_which_status(book: Rulebook, text: str, told: list[tuple[int, str | None, str]]) -> None:
    assert [(fact.count_min, fact.actor_id, fact.status) for fact in extract(text, book, published=DAY)] == told


def test_what_the_sentence_before_names_keeps_its_side(book: Rulebook) -> None:
    facts = extract("Taiwan detected 23 Chinese military aircraft. Eleven of the aircraft crossed the median line.", book, published=DAY)
    assert [(fact.count_min, fact.actor_id) for fact in facts] == [(23, "CHN"), (11, "CHN")]
