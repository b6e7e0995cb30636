"""Which of several namesakes a text means, told from the words around."""

from __future__ import annotations

import pytest

from inventory import Document, extract, load_rulebook
from inventory.extraction.rows import list_mentions
from inventory.model import MentionRow


def places(text: str) -> dict[str, MentionRow]:
    found: dict[str, MentionRow] = {}
    for row in list_mentions(Document(doc_id="t", text=text), load_rulebook()):
        if row.type == "place":
            found.setdefault(row.text, row)
    return found


def point(row: MentionRow) -> tuple[float, float]:
    lat, lon = (row.value or "").split(",")
    return float(lat), float(lon)


@pytest.mark.parametrize(
    ("text", "name", "country", "lat", "lon"),
    [
        ("The convoy left Seattle, Washington, on Monday.", "Washington", "USA", 47.5, -120.5),
        ("Troops paraded in Atlanta, Georgia, on Monday.", "Georgia", "USA", 33, -83.5),
        ("Troops paraded in Tbilisi, Georgia, on Monday.", "Georgia", "GEO", 42, 43.5),
        ("They live in Perth, in the Canadian province of Ontario.", "Perth", "CAN", 44.9, -76.2),
        ("They live in the Ontario town of Perth.", "Perth", "CAN", 44.9, -76.2),
        ("They live in Perth, Western Australia.", "Perth", "AUS", -31.95, 115.9),
        ("Fires spread in Orange County, Florida.", "Orange County", "USA", 28.5, -81.4),
        ("Cases rose in Idaho, Iowa, Louisiana, Maryland and Missouri.", "Louisiana", "USA", 31, -92),
        ("Rain fell in Lahore and Multan. Farmers in Punjab rejoiced in Pakistan.", "Punjab", "PAK", 30.9, 72.3),
    ],
)
def test_words_beside_a_place(text: str, name: str, country: str, lat: float, lon: float) -> None:
    row = places(text)[name]
    assert row.country == country
    assert point(row) == pytest.approx((lat, lon), abs=0.8)


def test_a_sense_holds_in_the_whole_document() -> None:
    rows = list_mentions(Document(doc_id="t", text="Perth was calm. Perth, Ontario, saw rain. In Perth it snowed."), load_rulebook())
    assert {row.country for row in rows if row.type == "place" and row.text == "Perth"} == {"CAN"}


@pytest.mark.parametrize("name", ["Asia", "Africa", "Europe", "Canada", "China", "South America", "Middle East"])
def test_continents_and_countries_have_points(name: str) -> None:
    assert places(f"They flew to {name} in May.")[name].value


def test_a_list_of_towns_does_not_nest() -> None:
    rows = places("Shells fell in Kharkiv, Sumy and Odesa.")
    assert {row.country for row in rows.values()} == {"UKR"}


@pytest.mark.parametrize(
    ("text", "name", "country", "lat", "lon"),
    [
        ("Clashes broke out in Zhurivets, Kharkiv Oblast, overnight.", "Zhurivets", "UKR", 49.6, 36.3),
        ("Rebels dug in near Dar Qemta, located in the Hasakah governorate of Syria.", "Dar Qemta", "SYR", 36.5, 40.7),
        ("Aid reached Gorun refugee camp in El Fasher on Friday.", "Gorun", "SDN", 13.6, 25.3),
        ("Two soldiers were treated in Orlan hospital in Grozny.", "Orlan", "RUS", 43.3, 45.7),
    ],
)
def test_an_unlisted_place_lies_where_the_text_puts_it(text: str, name: str, country: str, lat: float, lon: float) -> None:
    row = places(text)[name]
    assert row.id is not None
    assert row.id.startswith("?")
    assert row.country == country
    assert point(row) == pytest.approx((lat, lon), abs=0.8)


def test_a_whole_state_gives_no_point() -> None:
    row = places("Troops arrived in Zhurivets, Ukraine, on Monday.")["Zhurivets"]
    assert (row.country, row.value) == ("UKR", None)


def test_a_small_town_is_not_meant_where_the_text_puts_the_name_elsewhere() -> None:
    row = places("Troops camped in Kalam in the Swat Valley, Pakistan.")["Kalam"]
    assert row.country == "PAK"
    assert row.id is not None
    assert row.id.startswith("?")


def test_a_side_that_acts_next_says_nothing_of_a_city() -> None:
    assert places("In Vienna, Iran agreed to more inspections.")["Vienna"].country == "AUT"


@pytest.mark.parametrize("text", ["New York Governor Ann Lee called up the guard.", "One fell in Ohio, two in Utah and one in New York."])
def test_a_word_for_the_kind_or_a_list_of_states_settles_a_namesake(text: str) -> None:
    assert point(places(text)["New York"]) == pytest.approx((43, -75), abs=0.8)


def test_a_bay_named_like_a_suburb_is_not_the_suburb() -> None:
    row = places("She was found in Islington Bay.")["Islington Bay"]
    assert row.value is None


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Four Chinooks were deployed to Ämari.", "EST"),
        ("Six F-16s are based at Incirlik.", "TUR"),
        ("Norwegian F-35s have arrived at Ørland.", "NOR"),
    ],
)
def test_sites_go_by_their_short_names(text: str, country: str) -> None:
    (fact,) = [fact for fact in extract(text, load_rulebook()) if fact.kind == "equipment"]
    assert fact.country == country
