"""What a careful reader takes from a sentence, phenomenon by phenomenon; every sentence is the project's own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import inventory
from inventory.rulebook.load import load_rulebook

BOOK = load_rulebook()
DAY = dt.date(2024, 5, 17)  # a Friday

CASES: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "count bound": (
        "At least 40 T-72 tanks crossed into Belarus.",
        [{"item_id": "t-72", "count_min": 40, "count_max": None, "count_basis": "at_least"}],
    ),
    "upper bound": (
        "Up to 18 Su-27 fighters stood at Engels.",
        [{"item_id": "su-27", "count_min": None, "count_max": 18, "count_basis": "at_most"}],
    ),
    "range carries": ("Between 8 and 10,000 soldiers were sent to Gao.", [{"count_min": 8000, "count_max": 10000, "count_basis": "range"}]),
    "vague": ("Dozens of T-80 tanks burnt near Izium.", [{"count_basis": "vague", "count_min": 24, "status": "destroyed"}]),
    "undisclosed": (
        "Oslo pledged an unspecified number of NLAW launchers to Kyiv.",
        [{"count_basis": "undisclosed", "count_min": None, "status": "pledged"}],
    ),
    "article is one": ("Rebels shot down a Su-25 near Kolda.", [{"count_min": 1, "count_max": 1, "status": "shot_down"}]),
    "echelon": ("Two S-400 battalions moved to Belarus.", [{"item_id": "s-400", "count_min": 2, "counted_as": "battalion"}]),
    "strong suffix": ("A 300-strong Dutch battalion arrived at Rukla.", [{"count_min": 300, "counted_as": "person", "actor_id": "NLD"}]),
    "list": (
        "Poland gave Ukraine 14 Leopard 2 tanks, six MiG-29 jets and a Buk launcher.",
        [
            {"item_id": "leopard-2", "count_min": 14, "actor_id": "POL", "counterparty_id": "UKR", "counterparty_role": "recipient"},
            {"item_id": "mig-29", "count_min": 6, "actor_id": "POL"},
            {"count_min": 1, "actor_id": "POL"},
        ],
    ),
    "ellipsis": (
        "Nine trucks of the army were found: five burnt and four abandoned.",
        [{"count_min": 9}, {"count_min": 5, "status": "destroyed"}, {"count_min": 4, "status": "abandoned"}],
    ),
    "elided designator": ("Tu-95 and -160 bombers left Engels.", [{"item": "Tu-95"}, {"item": "Tu-160"}]),
    "passive giver": (
        "Six Gepard guns were delivered to Ukraine by Germany.",
        [{"actor_id": "DEU", "counterparty_id": "UKR", "status": "delivered"}],
    ),
    "receiver": (
        "Egypt received 24 Rafale jets from France.",
        [{"actor_id": "EGY", "counterparty_id": "FRA", "counterparty_role": "supplier"}],
    ),
    "maker is no operator": ("Syrian troops used Russian-made Kornet missiles.", [{"actor_id": "SYR"}]),
    "captor": (
        "Ukrainian troops captured a T-90M near Kupiansk.",
        [{"counterparty_id": "UKR", "counterparty_role": "captor", "status": "captured"}],
    ),
    "metonym acts": ("Warsaw deployed 500 soldiers to Latvia.", [{"actor_id": "POL", "country": "LVA"}]),
    "negation": ("Minsk did not send any Polonez launchers to Russia.", [{"modality": "negated", "actor_id": "BLR"}]),
    "denial": ("Moscow denied that it had lost 12 Su-34 bombers.", [{"modality": "denied", "count_min": 12}]),
    "estimative word": ("Iran will very likely send 200 Shahed-136 drones to Russia.", [{"probability_min": 0.8, "probability_max": 0.95}]),
    "condition": ("If talks fail, Rome would send 300 soldiers to Niger.", [{"modality": "conditional", "count_min": 300}]),
    "plan": ("Berlin plans to station a brigade in Lithuania.", [{"modality": "planned", "actor_id": "DEU", "place": "Lithuania"}]),
    "claim before": (
        "Kyiv said that it had destroyed four S-300 launchers.",
        [{"claimant": "Kyiv", "status": "destroyed", "count_min": 4}],
    ),
    "claim behind": ("Four S-300 launchers were destroyed, two Danish analysts said.", [{"status": "destroyed", "count_min": 4}]),
    "according to": (
        "Russia massed 90 T-90 tanks near Sumy, according to a Ukrainian officer.",
        [{"claimant": "Ukrainian officer", "actor_id": "RUS"}],
    ),
    "weekday": ("On Tuesday USS Cole left Rota.", [{"date_start": dt.date(2024, 5, 14), "date_basis": "relative"}]),
    "future weekday": ("HMS Trent will arrive at Georgetown on Monday.", [{"date_start": dt.date(2024, 5, 20), "modality": "planned"}]),
    "from … to": ("Two Ropucha-class ships sailed from Tartus to Sevastopol.", [{"place": "Sevastopol", "count_min": 2}]),
    "speaker's city": ("Poland deployed 90 K2 tanks near Orzysz, an officer said in Warsaw.", [{"place": "Orzysz"}]),
    "coordinates": ("A T-62 was seen at 48.0491, 37.8091.", [{"geo_precision": "exact", "lat": 48.0491, "lon": 37.8091}]),
    "heading owner": (
        "Russia\n\n4 T-72B3: destroyed\n2 BMP-2: captured",
        [{"actor_id": "RUS", "status": "destroyed", "count_min": 4}, {"actor_id": "RUS", "status": "captured", "count_min": 2}],
    ),
    "list header": (
        "Norway will donate:\n- 10 Leopard 2 tanks\n- 54 M113 carriers",
        [{"actor_id": "NOR", "status": "pledged", "count_min": 10}, {"actor_id": "NOR", "status": "pledged", "count_min": 54}],
    ),
    "look-alike letters": ("Four \u0421-300 launchers stood at Hostomel.", [{"item_id": "s-300", "flags": "obfuscated-text"}]),
    "exercise": ("Ships met for Exercise Northern Anchor: the frigate HMS Kent left Plymouth.", [{"operation": "Northern Anchor"}]),
    "fronted phrase ends before the name": (
        "Since the start of the war Russia has lost 3,200 tanks.",
        [{"actor_id": "RUS", "count_min": 3200, "measure": "cumulative", "status": "destroyed"}],
    ),
    "verb that took its preposition": (
        "Troops moved into neighbouring Belarus with 12 T-72 tanks.",
        [{"item_id": "t-72", "place": "Belarus"}],
    ),
    "reduced relative": (
        "A Bayraktar TB2 drone operated by Ethiopia crashed near Mekelle.",
        [{"actor_id": "ETH", "status": "destroyed", "country": "ETH"}],
    ),
    "captor of a list": (
        "Russian troops captured three Bradleys, a Marder and two M113s.",
        [{"item_id": "marder", "actor_id": None, "counterparty_id": "RUS"}],
    ),
    "killer is not killed": (
        "Russian warplanes dropped 40 glide bombs on Kharkiv, killing nine civilians.",
        [{"count_min": 40, "status": "used"}],
    ),
    "private army": ("About 1,200 Wagner fighters remain in Mali.", [{"actor_id": "wagner", "count_min": 1200, "place": "Mali"}]),
    "hull number": ("USS Higgins (DDG-76) docked at Busan.", [{"attributes": "hull=DDG-76"}]),
}


def differs(fact: inventory.Fact, wanted: dict[str, Any]) -> dict[str, Any]:
    """The fields in which a fact is not what was wanted; flags and attributes need only hold what is named."""
    wrong = {}
    for field, value in wanted.items():
        got = getattr(fact, field)
        ok = value in (got or "") if field in ("flags", "attributes") else got == value
        if not ok:
            wrong[field] = got
    return wrong


@pytest.mark.parametrize("name", CASES)
def test_reading(name: str) -> None:
    text, wanted = CASES[name]
    facts = list(inventory.extract(text, BOOK, published=DAY))
    for one in wanted:
        best = min((differs(fact, one) for fact in facts), key=len, default=one)
        assert not best, f"{text!r}: wanted {one}, nearest misses {best}; got {[(f.item, f.count_min, f.status) for f in facts]}"


NO_FACTS = (
    "The Leopards beat the Tigers 3-1 in front of 20,000 people.",
    "Think tanks and water tanks are different things, said the plumber.",
    "A company of dancers with two stars left for Paris.",
    "Nice is nice, and Reading is in England.",
    "The court heard that 40 people had asked for 12 million euros in 2019.",
    "He was shot in the leg by a photographer with a long lens.",
    "The ship of state needs a captain, the columnist wrote.",
    "Her division sold 300 mortar boards and 40 think pieces.",
)


@pytest.mark.parametrize("text", NO_FACTS)
def test_everyday_text_gives_nothing(text: str) -> None:
    assert [(f.item, f.item_text) for f in inventory.extract(text, BOOK, published=DAY)] == []
