"""Which of several namesakes a text means, told from the words around."""

from __future__ import annotations

import pytest

from inventory import Document, load_rulebook
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
