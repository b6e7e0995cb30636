"""Choosing among namesakes: evidence beats size, size needs a lead, and without either the place stays open."""

from __future__ import annotations

import pytest

from inventory.places.resolve import Surroundings, distance, precision, resolve_place, weight
from inventory.rulebook.book import Entry


def place(ident: str, country: str | None, population: int = 0, **more: object) -> Entry:
    values: dict[str, object] = dict.fromkeys(Entry._fields)
    values |= {"id": ident, "name": ident, "type": "place", "kind": "L", "country": country, "population": population, "feature": "city"}
    values |= {"attributes": (), "cues": (), **more}
    return Entry(**values)  # type: ignore[arg-type]


BREST_BY = place("brest-by", "BLR", 340_000, lat=52.1, lon=23.7, admin="Brest")
BREST_FR = place("brest-fr", "FRA", 140_000, lat=48.4, lon=-4.5, admin="Brittany")
TRIPOLI_LY = place("tripoli-ly", "LBY", 1_150_000, lat=32.9, lon=13.2)
TRIPOLI_LB = place("tripoli-lb", "LBN", 230_000, lat=34.4, lon=35.8)


def test_nothing_to_choose() -> None:
    assert resolve_place([]) == (None, False)
    assert resolve_place([BREST_FR]) == (BREST_FR, False)


def test_what_is_no_place_is_not_chosen() -> None:
    exercise = place("brest-drill", None, type="operation")
    assert resolve_place([exercise]) == (None, False)
    assert resolve_place([exercise, BREST_FR]) == (BREST_FR, False)


@pytest.mark.parametrize(("country", "chosen"), [("FRA", BREST_FR), ("BLR", BREST_BY)])
def test_country_named_beside(country: str, chosen: Entry) -> None:
    assert resolve_place([BREST_BY, BREST_FR], beside={country}) == (chosen, False)


def test_division_named_beside() -> None:
    assert resolve_place([BREST_BY, BREST_FR], admins={"brittany"}) == (BREST_FR, False)


def test_named_beside_outweighs_the_context() -> None:
    assert resolve_place([BREST_BY, BREST_FR], beside={"FRA"}, context={"BLR": 1.0}).entry == BREST_FR


def test_country_of_the_surroundings() -> None:
    assert resolve_place([TRIPOLI_LY, TRIPOLI_LB], context={"LBN": 0.8, "SYR": 0.2}) == (TRIPOLI_LB, False)


def test_a_clear_lead_in_size_is_enough() -> None:
    assert resolve_place([TRIPOLI_LB, TRIPOLI_LY]) == (TRIPOLI_LY, False)


def test_a_slight_lead_is_flagged() -> None:
    assert resolve_place([BREST_FR, BREST_BY]) == (BREST_BY, True)


def test_equals_stay_unresolved() -> None:
    one, other = place("a", "USA", 50_000, lat=35.0, lon=-90.0), place("b", "GBR", 48_000, lat=52.0, lon=0.0)
    assert resolve_place([one, other]) == (None, True)
    assert resolve_place([other, one]) == (None, True)


def test_two_entries_of_one_spot_are_no_ambiguity() -> None:
    city, division = (
        place("zahle", "LBN", 120_000, lat=33.8, lon=35.9),
        place("zahle-adm", "LBN", 118_000, lat=33.9, lon=36.0, feature="admin1"),
    )
    assert resolve_place([city, division]).ambiguous is False


@pytest.mark.parametrize("side", ["UKR", "RUS"])
def test_disputed_ground_counts_for_either_side(side: str) -> None:
    disputed = place("simferopol", "UKR", 90_000, controller="RUS", lat=44.9, lon=34.1)
    namesake = place("namesake", "KAZ", 80_000, lat=50.0, lon=70.0)
    assert resolve_place([namesake, disputed], context={side: 1.0}) == (disputed, False)
    assert resolve_place([namesake, disputed], beside={side}) == (disputed, False)


@pytest.mark.parametrize(
    ("feature", "kind"),
    [("sea", "water"), ("airbase", "site"), ("admin1", "region"), ("city", "city"), (None, "city"), ("island", "region")],
)
def test_precision_follows_the_feature(feature: str | None, kind: str) -> None:
    assert precision(place("x", "NOR", feature=feature)) == kind


def test_a_country_is_known_to_the_country() -> None:
    assert precision(place("NOR", None, type="actor")) == "country"


def test_waters_and_sites_outweigh_villages() -> None:
    village, sea, base = place("v", "X", 900), place("s", None, feature="sea"), place("b", "X", feature="airbase")
    assert weight(sea) > weight(base) > weight(village)


def test_a_place_in_it_makes_a_name_the_division() -> None:
    city = place("nyc", "USA", 8_000_000, lat=40.7, lon=-74.0, admin="New York State")
    state = place("New York State", "USA", feature="admin1", lat=43.0, lon=-75.0)
    assert resolve_place([city, state]).entry == city
    assert resolve_place([city, state], holds={"new york state", "USA"}).entry == state
    assert resolve_place([city, state], kind="governor").entry == state


def test_nearness_to_the_document_s_places() -> None:
    near, far = place("near", "USA", 6_000, lat=32.2, lon=-96.0), place("far", "USA", 25_000, lat=48.8, lon=-120.3)
    around = Surroundings({"USA": 1.0}, {}, [(32.3, -95.3, 0.6), (32.5, -94.7, 0.4)])
    assert resolve_place([far, near], context=around).entry == near
    assert resolve_place([far, near], context=Surroundings({"USA": 1.0})).entry == far


def test_the_document_s_division() -> None:
    one = place("a", "USA", 12_000, admin="Texas", lat=31.7, lon=-96.2)
    other = place("b", "USA", 60_000, admin="California", lat=38.2, lon=-122.0)
    assert resolve_place([one, other], context=Surroundings({"USA": 1.0}, {("USA", "texas"): 1.0})).entry == one


def test_a_word_for_its_kind() -> None:
    town = place("town", "USA", 240_000, lat=36.8, lon=-76.3)
    county = place("county", "GBR", feature="county", lat=52.6, lon=1.0)
    assert resolve_place([town, county], kind="county").entry == county


def test_the_capital_is_named_for_its_state_too() -> None:
    capital, namesake = place("capital", "USA", 690_000, lat=38.9, lon=-77.0), place("namesake", "GBR", 67_000, lat=54.9, lon=-1.5)
    assert resolve_place([capital, namesake], capital="USA", context={"GBR": 0.5, "USA": 0.1}).entry == capital


def test_distance_crosses_the_date_line() -> None:
    assert distance(0.0, 179.5, 0.0, -179.5) == pytest.approx(111.2, abs=1)
