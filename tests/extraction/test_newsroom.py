"""Sentence shapes of newsrooms: what describes, adds or stands aside must not take what the main clause tells."""

import pytest
from told_support import BOOK, read, told

from inventory.api import mentions


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Five Chinese corvettes sailing around Taiping Island were tracked on Tuesday.", ("corvette", 5, "present", "Taiping Island")),
        ("Nine soldiers guarding the airport at Timbuktu were killed.", ("soldier", 9, "killed", "Timbuktu")),
        ("The 12 F-16s that Chile ordered will land at Iquique.", ("F-16 Fighting Falcon", 12, "arrived", "Iquique")),
        ("The drones that Iran sent to Sudan were shot down over Kassala.", ("drone", None, "shot_down", "Kassala")),
        ("A Dutch frigate docked in Toulon on Monday, a week after leaving Tartus.", ("frigate", 1, "arrived", "Toulon")),
    ],
)
def test_what_only_describes_leaves_the_verb_to_the_main_clause(text: str, row: tuple[object, ...]) -> None:
    assert told(text, "status", "place")[0] == row


@pytest.mark.parametrize(
    ("text", "whole", "part"),
    [
        (
            "Italy has about 2,000 troops abroad, a third of them in Kosovo, the defence ministry said.",
            ("troops", 2000, "deployed", None),
            None,
        ),
        (
            "Kenya's army lost six trucks in the battle, two of them near Mandera.",
            ("truck", 6, "destroyed", None),
            ("truck", 2, "destroyed", "Mandera"),
        ),
        (
            "Niger's army has towed away seven BTR-70 carriers that Libyan fighters left behind near Agadez, two of them without wheels.",
            ("BTR-70", 7, "captured", "Agadez"),
            ("BTR-70", 2, "captured", None),
        ),
    ],
)
def test_a_part_without_a_verb_shares_what_is_told_of_the_whole(
    text: str, whole: tuple[object, ...], part: tuple[object, ...] | None
) -> None:
    rows = told(text, "status", "place")
    assert rows[0] == whole
    assert rows[1:2] == ([part] if part else [])


@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        ("Two peacekeepers were wounded when a shell hit them, the UN force known as UNIFIL said.", "UN force known as UNIFIL"),
        ("Only nine of the navy's frigates were ready in May, the defence ministry in Lisbon has told parliament.", "defence ministry"),
        ("Rebels captured four T-55 tanks when they overran the camp, a spokesman for the operation said.", "spokesman"),
        ("Indian officials put the number of Chinese troops massed on the far side of the pass at about 9,000.", "Indian officials"),
    ],
)  # fmt: skip
def test_the_last_words_name_who_speaks(text: str, claimant: str) -> None:
    facts = [fact for fact in read(text) if fact.count_min]
    assert facts
    assert claimant in (facts[0].claimant or "")


def test_a_figure_is_the_number_of_what_was_named() -> None:
    assert ("troops", 9000, "massed") in told(
        "Indian officials put the number of Chinese troops massed near the pass at about 9,000.", "status"
    )
    assert ("NH90", 18) in told("Twelve Tiger helicopters can fly. For the NH90 helicopter the figure was 18 in May.")
    assert ("soldier", 900) in told("Rwandan soldiers are in eastern Congo. A report put their number at 900.")


def test_weapons_of_an_attack_are_used_and_counted() -> None:
    rows = told(
        "The Houthis said they had attacked the frigate in the Red Sea with nine ballistic and cruise missiles and two drones.",
        "status",
        "actor_id",
    )
    assert ("cruise missile", 9, "used", "houthi") in rows
    assert ("drone", 2, "used", "houthi") in rows
    rows = told("Russia attacked Odesa with 12 Shahed drones and two Iskander missiles.", "status", "place")
    assert [row[1:] for row in rows] == [(12, "used", "Odesa"), (2, "used", "Odesa")]


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("The latest drawdown of arms for Ukraine includes 20 Bradley vehicles, the US Department of Defense said.", "USA"),
        ("The latest package of arms for Ukraine includes 20 Bradley vehicles, Moscow said.", None),
        ("Another 800 soldiers were flown to Culiacán, Mexico's defence secretary said.", "MEX"),
        ("Another 800 soldiers were flown to Culiacán, Guatemala's defence minister said.", None),
    ],
)
def test_who_tells_of_gifts_and_of_soldiers_at_home(text: str, side: str | None) -> None:
    assert [fact.actor_id for fact in read(text) if fact.count_min] == [side]


def test_things_in_quotation_marks_are_counted() -> None:
    assert ("terrorist", 30) in told("The army said it had killed about 30 “terrorists” near Djibo.")


def test_a_base_goes_by_its_whole_name() -> None:
    places = [m.id for m in mentions("Two jets landed at Clark air base.", BOOK) if m.type == "place"]
    assert places == ["clark-air-base"]


def test_a_lot_and_the_rest_stand_for_their_noun() -> None:
    text = "Japan's F-35As get the Joint Strike Missile. A first batch of 40 was ordered from Kongsberg in May."
    assert 40 in [fact.count_min for fact in read(text)]
    rows = told("Qatar's navy has ordered corvettes. The first two are built in Trieste and the remaining three at Genoa.", "place")
    assert ("corvette", 3, "Genoa") in rows


def test_a_class_word_with_a_small_letter_names_a_ship() -> None:
    assert [fact.item_id for fact in read("The frigate Parramatta left Darwin on Monday.")] == ["hmas-parramatta"]


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("Three Polish border guards were killed near Brest.", "personnel", "border guard"),
        ("About 300 soldiers took part in the Baltic Sentry exercise.", "operation", "baltic-sentry"),
    ],
)
def test_names_and_what_only_looks_like_one(text: str, kind: str, name: str) -> None:
    assert name in [m.id if kind == "operation" else m.canonical for m in mentions(text, BOOK) if m.type == kind]


def test_joined_sides_leave_a_row_without_one() -> None:
    assert [fact.actor_id for fact in read("British and French frigates sailed into the Baltic Sea on Monday.")] == [None]
    assert [
        fact.actor_id for fact in read("More than 9,000 troops, among them Indian and Nepali companies, will take part.") if fact.count_min
    ] == [None]


def test_a_package_provides_for_what_it_names() -> None:
    rows = told("Norway presented its plan. A second package provides for two frigates and 12 drones for the navy.", "status")
    assert rows == [("frigate", 2, "pledged"), ("drone", 12, "pledged")]


def test_what_a_phrase_behind_the_thing_says_of_where_it_is() -> None:
    rows = told("Two Typhoons took off from Coningsby to shadow a Russian Tu-142 approaching the Shetland Islands.", "place")
    assert ("Tu-142", 1, "Shetland Islands") in rows
    rows = told("About 200 US soldiers may stay to guard oil fields in Deir ez-Zor.", "place")
    assert rows == [("soldier", 200, "Deir ez-Zor")]


def test_who_is_approached_does_not_move() -> None:
    rows = {fact.item: fact.status for fact in read("The frigate HMS Lancaster was approached by three Iranian boats near Muscat.")}
    assert rows["HMS Lancaster"] != "in_transit"
    assert rows["boat"] == "in_transit"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Two CH-4 were shot down near Tabuk.", "CH-4"),
        ("The army has 12 K2 in service.", "K2"),
        ("He wrote in chapter 3 Rapier and other words.", None),
        ("The Moskva sank off Odesa in the night.", "Moskva"),
        ("Sailors of the Ladny had gone ashore.", "Ladny"),
        ("The Yamal is a peninsula with much gas.", None),
        ("Crews from the Kronshtadt works went on strike.", None),
    ],
)
def test_guarded_names_open_where_several_are_and_where_ships_are_told_of(text: str, found: str | None) -> None:
    names = [m.text for m in mentions(text, BOOK) if m.type == "equipment"]
    assert names == ([found] if found else [])


def test_people_and_the_clause_about_a_place() -> None:
    rows = {
        fact.item: fact for fact in read("A MiG-21 crashed near Jaisalmer on Monday after the pilot ejected, the Indian air force said.")
    }
    assert rows["MiG-21"].status == "destroyed"
    assert "pilot" not in rows
    tugs = [
        fact
        for fact in read("Manila sent a frigate to Sabina Shoal, where two Chinese tugs have been anchored since April.")
        if fact.item == "tug"
    ]
    assert [(fact.count_min, fact.place, str(fact.date_start)) for fact in tugs] == [(2, "Sabina Shoal", "2025-04-01")]
    frigate = next(
        fact
        for fact in read("Manila sent a frigate to Sabina Shoal, where two tugs have been anchored since April.")
        if fact.item == "frigate"
    )
    assert frigate.date_start is None


def test_a_station_of_police_is_attacked_by_gunmen() -> None:
    rows = {fact.item: fact.status for fact in read("About 20 gunmen attacked the police station in Tillabéri, killing four gendarmes.")}
    assert rows == {"gunman": "used", "gendarme": "killed"}


def test_what_belongs_to_a_service_is_its_sides() -> None:
    assert ("Su-30", 6, "VEN") in told("Six Su-30 fighters belonging to the Venezuelan air force flew over the Caribbean.", "actor_id")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Clashes between the army and the Rapid Support Forces have left 90 soldiers dead.", [("soldier", 90, "killed", None)]),
        ("Two Turkish F-16s took part in NATO's air policing mission in Romania.", [("F-16 Fighting Falcon", 2, "deployed", "TUR")]),
        ("Two Turkish F-16s took part in NATO's air policing exercise in Romania.", [("F-16 Fighting Falcon", 2, "exercising", "TUR")]),
        ("Croatia now has 12 second-hand Rafales.", [("Dassault Rafale", 12, "in_service", "HRV")]),
        ("The Taliban have handed 40 captured Humvees over to Iran.", [("Humvee", 40, "delivered", "taliban")]),
        ("Washington moved three destroyers close to the coast of Yemen.", [("destroyer", 3, "in_transit", "USA")]),
        ("Venezuela's president said 90,000 militiamen would be mobilised.", [("militiaman", 90000, "mobilised", "VEN")]),
        ("Israeli tanks advanced on Khan Younis on Sunday.", [("tank", None, "in_transit", "ISR")]),
    ],
)  # fmt: skip
def test_what_a_clause_tells_as_a_whole(text: str, rows: list[tuple[object, ...]]) -> None:
    assert told(text, "status", "actor_id") == rows


def test_places_that_are_none_of_the_things() -> None:
    (jets,) = read("Saudi Arabia's crown prince said the kingdom would buy 48 F-35s during his visit to Washington.")
    assert (jets.actor_id, jets.place) == ("SAU", None)
    (soldiers,) = read("Twelve Malian soldiers were killed in an attack on a post near the border with Burkina Faso.")
    assert (soldiers.place, soldiers.place_relation) == ("Burkina Faso", "near")
    places = [m.id for m in mentions("At Hmeimim, Russia still has 20 aircraft.", BOOK) if m.type == "place"]
    assert places[0] == "town-hmeimim-syr"
    places = [m.id for m in mentions("At Brest, Belarus, soldiers met.", BOOK) if m.type == "place"]
    assert not places[0].startswith("?")


def test_days_of_another_clause_stay_there() -> None:
    first = read("Sweden's army will get 44 new Leopard 2A8s, and its 66 existing Strv 122s will be upgraded by 2035.")
    assert [(fact.count_min, fact.actor_id, fact.date_start is None) for fact in first] == [(44, "SWE", True), (66, "SWE", False)]
    rows = read(
        "The Myanmar navy's submarine, a Kilo-class boat it received from India in 2020, took part in the drill alongside two frigates."
    )
    assert {(fact.item, fact.date_start, fact.place) for fact in rows if fact.item == "frigate"} == {("frigate", None, None)}
    (jets,) = (
        f
        for f in read("Two F-16s landed at Graf Ignatievo on Monday; the other six F-16s are due by the end of the year.")
        if f.count_min == 6
    )
    assert str(jets.date_start) == "2026-01-01"


def test_what_crashes_while_it_carries_people() -> None:
    rows = {
        fact.item: fact.status
        for fact in read("Two people died after a Black Hawk helicopter carrying seven soldiers crashed off San Diego.")
    }
    assert rows["UH-60 Black Hawk"] == "destroyed"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Iraqi forces discovered a cache of 120 mortar shells and 30 rockets near Hamrin.",
            [("mortar bomb", 120, "captured"), ("rocket", 30, "captured")],
        ),
        ("The Pentagon ordered the carrier USS Carl Vinson to the Middle East.", [("USS Carl Vinson", None, "deployed")]),
        ("The Pentagon ordered 12 Black Hawk helicopters in May.", [("UH-60 Black Hawk", 12, "ordered")]),
    ],
)
def test_caches_and_what_is_ordered_somewhere(text: str, rows: list[tuple[object, ...]]) -> None:
    assert told(text, "status") == rows


def test_a_clause_of_another_time_keeps_its_day() -> None:
    rows = read("The Netherlands will buy 46 Leopard 2A8s, its first since it sold the last Leopard 2A6s in 2011.")
    assert {fact.item: fact.date_start is None for fact in rows} == {"Leopard 2A8": True, "Leopard 2A6": False}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "The Government of Tunisia has requested to buy eight (8) UH-60M helicopters and sixteen (16) M240H machine guns.",
            [("UH-60M", 8, "requested"), ("M240", 16, "requested")],
        ),
        ("Switzerland is ready to sell 25 of its 96 mothballed Leopard 2 tanks back to Germany.", [("Leopard 2", 25, "pledged")]),
        ("Portugal took delivery of its third KC-390 transport at Beja on Friday.", [("C-390 Millennium", 1, "delivered")]),
        ("The frigate Carlo Bergamini found 315 Kalashnikov rifles on a dhow.", [("AK-47", 315, "captured")]),
        ("Croatia will pass 24 M-84 tanks to Ukraine.", [("M-84", 24, "pledged")]),
        ("About 900 US soldiers are taking over from a brigade in Poland.", [("soldier", 900, "rotated")]),
    ],
)
def test_verbs_and_what_only_looks_like_one(text: str, rows: list[tuple[object, ...]]) -> None:
    assert [row for row in told(text, "status") if row in rows] == rows


def test_library_books_order_nothing() -> None:
    assert "ordered" not in {fact.status for fact in read("HMS Forth brought 1,100 library books to Fox Bay.")}


def test_a_second_subject_ends_what_describes() -> None:
    text = "Turkish F-16s hit caves used by the PKK in northern Iraq on Monday and nine militants were “neutralised”, the ministry said."
    rows = {fact.item: fact.status for fact in read(text)}
    assert rows["militant"] == "killed"
    assert rows.get("F-16 Fighting Falcon") in (None, "used")


def test_an_article_before_the_service_counts_its_plane() -> None:
    assert ("JL-9", 1) in told("Rebels shot down a Myanmar air force FTC-2000G jet near Namtu.")


@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        (
            "Cyprus has put two Barak MX launchers outside Paphos, two people with knowledge of the matter said, and a third is expected.",
            "people",
        ),
        (
            "Eritrean soldiers have been leaving Axum since Friday, two aid workers and a diplomat said, but it was not clear why.",
            "aid workers",
        ),
        ("More than 5,000 soldiers sealed off Apopa, El Salvador's president wrote on social media.", "president"),
        ("The army beat off an assault by 30 Russian tanks, the brigade said on its Telegram channel.", "brigade"),
    ],
)
def test_speakers_in_the_middle_of_a_sentence(text: str, claimant: str) -> None:
    facts = read(text)
    assert facts
    assert all(claimant in (fact.claimant or "") for fact in facts)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Two frigates patrolled the Gulf of Aden in May.", ("frigate", 2, "patrolling")),
        ("A P-8A that was patrolling near the Paracel Islands crashed.", ("P-8A Poseidon", 1, "destroyed")),
        ("The soldiers fled and left five T-72s behind.", ("T-72", 5, "abandoned")),
        ("Drone footage showed 11 T-90M tanks ablaze.", ("T-90M", 11, "damaged")),
        ("Bishkek sent a Bayraktar drone against the town.", ("Bayraktar TB2", 1, "used")),
    ],
)
def test_doubled_letters_and_states_behind_the_object(text: str, row: tuple[object, ...]) -> None:
    assert row in told(text, "status")
