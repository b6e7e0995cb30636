"""Choosing among namesakes: evidence beats size, size needs a lead, and without either the place stays open."""

from __future__ import annotations

import pytest

from inventory.places.resolve import precision, resolve_place, weight
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
