"""Towns that war news names: found in its spellings, where they lie, and not where the word means something else."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from inventory import Document, load_rulebook
from inventory.extraction.rows import list_mentions
from inventory.model import MentionRow
from inventory.places.resolve import distance

PLACES = Path(__file__).resolve().parents[2] / "rules" / "gazetteers" / "places"
FILES = sorted(PLACES.glob("towns-*.yaml"))


def places(text: str) -> dict[str, MentionRow]:
    rows = list_mentions(Document(doc_id="t", text=text), load_rulebook())
    return {row.text: row for row in rows if row.type == "place"}


@pytest.mark.parametrize(
    ("text", "name", "country", "lat", "lon"),
    [
        ("Turkish armour massed near al-Bab on Friday.", "al-Bab", "SYR", 36.37, 37.52),
        ("A convoy crossed at Al Qaim in western Iraq.", "Al Qaim", "IRQ", 34.39, 41.0),
        ("Rockets were fired at Ein al-Asad.", "Ein al-Asad", "IRQ", 33.79, 42.44),
        ("Clashes went on in Khiam and Odaisseh, Lebanon said.", "Odaisseh", "LBN", 33.25, 35.54),
        ("Tanks entered Deir al-Balah at dawn.", "Deir al-Balah", "PSE", 31.42, 34.35),
        ("The army shelled Ma'rib from the west.", "Ma'rib", "YEM", 15.46, 45.33),
        ("Two drones hit al-Obeid overnight.", "al-Obeid", "SDN", 13.18, 30.22),
        ("Rebels took Bunagana, then Kitshanga.", "Kitshanga", "COD", -1.23, 29.05),
        ("A column reached Sévaré after two days.", "Sévaré", "MLI", 14.53, -4.1),
        ("The junta bombed Hsipaw again.", "Hsipaw", "MMR", 22.62, 97.3),
        ("Six Su-34 jets returned to Machulishchi.", "Machulishchi", "BLR", 53.78, 27.58),
        ("A patrol was ambushed near Miran Shah.", "Miran Shah", "PAK", 33.0, 70.07),
        ("Fighting reached Ryazan and Arkhangelsk.", "Arkhangelsk", "RUS", 64.54, 40.54),
        ("Marines drilled at Futenma.", "Futenma", "JPN", 26.27, 127.76),
        ("Iraqi police hold the town of Hit in Anbar.", "Hit", "IRQ", 33.64, 42.83),
    ],
)
def test_a_town_is_found_where_it_lies(text: str, name: str, country: str, lat: float, lon: float) -> None:
    row = places(text)[name]
    assert row.country == country
    assert [float(part) for part in (row.value or "").split(",")] == pytest.approx([lat, lon], abs=0.15)


@pytest.mark.parametrize(
    "text", ["Hit the brakes.", "Rask led the talks.", "Swat the fly.", "Sour milk was thrown away.", "Chai was served."]
)
def test_a_town_named_like_a_word_needs_a_preposition(text: str) -> None:
    assert text.split()[0] not in places(text)


@pytest.mark.parametrize(
    ("country", "name"), [("Libya", "Al-Bayda"), ("Yemen", "Al-Bayda"), ("Iraq", "Al-Aziziyah"), ("Libya", "Al-Aziziyah")]
)
def test_namesakes_are_told_apart_by_the_country(country: str, name: str) -> None:
    codes = {"Libya": "LBY", "Yemen": "YEM", "Iraq": "IRQ"}
    assert places(f"Troops left {name}, {country}, on Monday.")[name].country == codes[country]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_town_lies_in_a_division_of_its_country(path: Path) -> None:
    divisions: dict[tuple[str, str], tuple[float, float]] = {}
    for entry in yaml.safe_load((PLACES / "admin1.yaml").read_text("utf-8"))["entries"]:
        if "country" in entry:
            divisions[entry["country"], entry["name"]] = entry["lat"], entry["lon"]
    for entry in yaml.safe_load(path.read_text("utf-8"))["entries"]:
        assert {"lat", "lon"} <= set(entry), entry["id"]
        if "admin" in entry:
            point = divisions[entry["country"], entry["admin"]]
            # The largest divisions (Alaska, Tibet) and those with far islands (Tokyo) reach this far from their centre.
            reach = 2_500 if entry["country"] in ("JPN", "RUS", "USA") else 900
            assert distance(entry["lat"], entry["lon"], *point) < reach, entry["id"]
