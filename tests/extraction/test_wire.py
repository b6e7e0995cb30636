"""Turns of the wire: who gives way to what, what is denied or asked, counts that are told sideways, and names that are something else."""

import datetime as dt

import pytest
from told_support import BOOK, read, told

from inventory.api import mentions


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Spain plans to replace 40 F-18s with 25 Eurofighters.", [("withdrawn", 40), ("in_service", 25)]),
        ("Germany will equip the brigade with 46 Leopard 2A8 tanks.", [("in_service", 46)]),
        ("The raid cost Russia two Mi-17s and a D-30.", [("destroyed", 2), ("destroyed", 1)]),
        ("Ten Caracals belong to the Kuwaiti air force.", [("in_service", 10)]),
        ("The mission in Kosovo was topped up by 400 soldiers.", [("deployed", 400)]),
        ("Turkish commandos, 60 of them, flew into Misrata aboard an A400M.", [("in_transit", 60), ("in_transit", 1)]),
        ("Syria's air arm mounted 30 sorties over Idlib, mostly with Su-22s and MiG-23s.", [("used", None), ("used", None)]),
        ("Sudanese columns overran Babanusa on Monday, taking nine T-55s.", [("captured", 9)]),
        ("Indonesia will take nine T-55s from Qatar.", [("delivered", 9)]),
        ("UN observers watched three M-84s near Sarajevo.", [("present", 3)]),
        ("Rebels turned in 60 AK-47 rifles at Goma.", [("captured", 60)]),
        ("Mali holds 20 jihadists, rounded up at Gao with a PKM.", [("detained", 20), ("captured", 1)]),
        ("JNIM fighters hold Ber with 300 men and two BTR-60s.", [("present", None), ("present", 300), ("present", 2)]),
        ("Algeria still flies more than thirty of its MiG-25s.", [("in_service", 30)]),
        ("Croatia has received 12 Rafales, half of what it wanted, with 24 more on order.", [("delivered", 12), ("ordered", 24)]),
        ("Hanoi boasts of nine American jets downed over Haiphong.", [("shot_down", 9)]),
        ("Two Syrian aircraft, a MiG-21 and a Su-22, went down over Idlib.", [("destroyed", 2), ("destroyed", 1), ("destroyed", 1)]),
        ("22 wagons of BMP-3s rattled through Kharkiv.", [("in_transit", None)]),
    ],
)
def test_a_turn_of_phrase_tells_the_status(text: str, rows: list[tuple[object, ...]]) -> None:
    assert [(status, count) for _, count, status in told(text, "status")] == rows


@pytest.mark.parametrize(
    ("text", "modality", "claimant"),
    [
        ("Nothing in the pictures supports the claim that S-300s were sent to Latakia.", "negated", None),
        ("The pictures support the claim that S-300s were sent to Latakia.", "asserted", None),
        ("Belgrade called the report of six Rafales in Nis a lie.", "denied", "Belgrade"),
        ("Belgrade called the report of six Rafales in Nis credible.", "asserted", None),
        ("Should Manila ask, Tokyo would send two destroyers to Subic Bay.", "conditional", None),
        ("Moscow refused to say how many Iskanders it had moved to Belarus.", "asserted", None),
        ("Manila would like six Bell 412s from Canada.", "requested", None),
        ("Iran has, by London's reckoning, no more than 20 F-14s left.", "asserted", "London"),
        ("Forty T-80s have been massed near Kupiansk, say Western officials.", "asserted", "Western officials"),
    ],
)
def test_what_is_denied_asked_or_only_reckoned(text: str, modality: str, claimant: str | None) -> None:
    (fact,) = read(text)
    assert (fact.modality, fact.claimant) == (modality, claimant)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("All but three of the 18 Su-25s were lost.", [(15, 15)]),
        ("Forty MiG-29s, all but six of them airworthy, are based at Baranavichy.", [(40, 40)]),
        ("Of the 24 Typhoons, 18 fly from Coningsby.", [(24, 24), (18, 18)]),
        ("Probably four, possibly five, Kilo-class boats are based at Kronstadt.", [(4, 5)]),
        ("Two frigates watched Chinese patrol vessels, thought to number six, off Scarborough Shoal.", [(2, 2), (6, 6)]),
        ("Cairo's Rafales flew 300 of the 900 sorties over Yemen.", [(300, 300)]),
        ("The navy's corvette was hit off Beirut and four of her sailors are missing.", [(4, 4)]),
        ("The patrol seized a brace of PKM machine guns.", [(2, 2)]),
        ("Two soldiers were killed near Gao and eleven were hurt.", [(2, 2), (11, 11)]),
    ],
)
def test_counts_that_are_told_sideways(text: str, counts: list[tuple[int | None, int | None]]) -> None:
    assert [(fact.count_min, fact.count_max) for fact in read(text) if fact.count_min or fact.count_max] == counts


@pytest.mark.parametrize(
    ("text", "item", "actor"),
    [
        ("Moscow refused to say how many Iskanders it had moved to Belarus.", "Iskander", "RUS"),
        ("Ghana lent a company to the mission, and Togo a 60-man platoon.", "platoon", "TGO"),
        ("Hanoi put its losses at one corvette and nine sailors wounded.", "corvette", "VNM"),
        ("The mission in Kosovo was reinforced by 400 soldiers from Turkey.", "soldier", "TUR"),
        ("At its height the Bundeswehr had 2,125 Leopard 2s.", "Leopard 2", "DEU"),
        ("Russia sent 300 AK-47 rifles from Syria to Libya.", "AK-47", "RUS"),
    ],
)
def test_whose_it_is(text: str, item: str, actor: str) -> None:
    assert [fact.actor_id for fact in read(text) if fact.item == item] == [actor]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("On the pier at Tartus: two Kilo submarines.", "Ţarţūs"),
        ("Alongside at Pearl Harbor: USS Chafee.", "Pearl Harbor"),
        ("Two submarines pulled out of Guam on Tuesday.", "Guam"),
        ("Rebels on Toyota pickups attacked Agadez with two mortars.", "Agadez"),
        ("Bulgaria's four F-16s, built in South Carolina, touched down at Graf Ignatievo.", "Graf Ignatievo Air Base"),
        ("In the year to March the army took delivery of nine Abrams tanks.", None),
        ("Six C-17s had come from Dover.", None),
    ],
)
def test_where_it_is(text: str, place: str | None) -> None:
    assert {fact.place for fact in read(text)} == {place}


def test_a_date_cuts_a_verb_that_ends_in_its_preposition() -> None:
    assert told("The drones that Iran fired on Saturday were shot down.", "actor_id", "status", "date_start")[0][2:4] == (
        "IRN", "shot_down"
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "The soldiers left when Iskander Karimov, 24, won silver in Tashkent.",
        "The army said that Harpoon, a Wellington ska band, would play.",
        "The army camp opened as Frigate Books cut jobs.",
        "The soldiers left the H5 base in Jordan.",
        "The Tiger and White Horse divisions held Qui Nhon.",
        "Troops read of a sniper of a film critic.",
    ],
)
def test_names_that_are_something_else_here(text: str) -> None:
    found = {row.text for row in mentions(text, BOOK) if row.type in ("equipment", "class")}
    assert not found & {"Iskander", "Harpoon", "Books", "H5", "Tiger", "sniper"}


def test_each_ship_of_a_list_is_a_name() -> None:
    text = "The corvettes Datong (580) and Ganzhou (737) and the minehunters Primula and Crocus are moored at Ream."
    assert [row[0] for row in told(text)] == ["Datong", "Ganzhou", "Primula", "Crocus"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("The Arakan Army took Paletwa and with it two 105 mm howitzers.", [("captured", "Paletwa")]),
        ("FARC rebels are holding 29 soldiers in Guaviare.", [("detained", "Guaviare Department")]),
        ("The base at Ansongo was attacked at dawn. Two Chadian peacekeepers were killed.", [("killed", "Ansongo")]),
        ("Gunners shelled posts near Gao; two soldiers died.", [("killed", "Gao")]),
        ("Kidal: two BRDM-2s came up from Gao.", [("arrived", "Kidal")]),
        ("Paris plans to leave a platoon of soldiers in Gao.", [("deployed", "Gao")]),
        ("The convoy carried 30 Fateh-110 missiles to Gao.", [("in_transit", "Gao")]),
        ("Four Belgian F-16s from Florennes are policing the skies out of Kaunas.", [("patrolling", "Kaunas")]),
        ("Belgrade reported the loss of four HIMARS near Gao.", [("destroyed", "Gao")]),
        ("The four Gripens, normally at Kecskemet, reached Kaunas on 1 May.", [("arrived", "Kaunas")]),
        ("NATO pilots reported hits on two T-72 tanks near Gao.", [("struck", "Gao")]),
        ("Photographs taken at Gao show five T-72s.", [("present", "Gao")]),
        ("A ship passed the Bosporus with eight Ural trucks on deck.", [("in_transit", "Bosporus")]),
    ],
)
def test_what_happened_and_where(text: str, rows: list[tuple[object, ...]]) -> None:
    found = [(status, place) for _, _, status, place in told(text, "status", "place")]
    assert [row for row in rows if row not in found] == []


@pytest.mark.parametrize(
    ("text", "modality", "start"),
    [
        ("Poland receives 20 K2 tanks in May.", "planned", dt.date(2026, 5, 1)),
        ("Poland received 20 K2 tanks in May.", "asserted", dt.date(2025, 5, 1)),
        ("Poland receives 20 K2 tanks every year.", "asserted", None),
    ],
)
def test_a_plain_present_with_a_month_to_come_is_a_plan(text: str, modality: str, start: dt.date | None) -> None:
    (fact,) = read(text)
    assert (fact.modality, fact.date_start) == (modality, start)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("T-72 tanks (12) and D-30 guns (18) were counted at Cobasna.", [("T-72", 12), ("D-30", 18)]),
        ("Two Chinese-built Type 92 carriers stood at Gao.", [("Type 92", 2)]),
        ("Images show 14 Su-24s and five -34s at Gao.", [("Su-24", 14), ("Su-34", 5)]),
        ("Greece sent seven C-47s to Korea.", [("C-47 Skytrain", 7)]),
        ("The frigate INS Kolkata (63) sailed.", [("INS Kolkata", None)]),
    ],
)
def test_numbers_in_brackets_and_in_names(text: str, rows: list[tuple[object, ...]]) -> None:
    assert told(text) == rows


def test_who_rebels_and_who_is_a_terrorist_is_the_text_s_word() -> None:
    assert [row[0] for row in told("The army killed nine rebels and six terrorists near Gao, the ministry said.")] == ["rebel", "terrorist"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("The mission at Bangui rose by 120 to 1,630 soldiers.", [("soldier", 1630)]),
        ("The garrison at Gao, 640 strong, has no tanks.", [("garrison", 640)]),
    ],
)
def test_counts_told_sideways(text: str, rows: list[tuple[object, ...]]) -> None:
    assert [row for row in rows if row not in [(item, count) for item, count, *_ in told(text)]] == []


def test_a_range_of_weekdays_lies_before_the_report() -> None:
    (fact,) = read("Gunners at Gao fired 48 Grad rockets between Friday and Sunday.")
    assert (fact.date_start, fact.date_end) == (dt.date(2026, 3, 6), dt.date(2026, 3, 8))


def test_a_town_with_the_name_of_a_vehicle_stays_a_town() -> None:
    assert read("The army broke the siege of Nyala on Friday.") == []
    assert [row[0] for row in told("Four Nyala vehicles reached Juba.")] == ["RG-31 Nyala"]


@pytest.mark.parametrize(
    ("written", "place"),
    [("South-Kivu", "South Kivu"), ("Tel-Aviv", "Tel Aviv"), ("Mid-Jutland", "Jutland"), ("North-Darfur", "North Darfur")],
)
def test_a_hyphen_in_a_place_s_name_makes_no_other_place(written: str, place: str) -> None:
    (fact,) = read(f"Four T-72 tanks were seen in {written} on Monday.")
    assert fact.place == place
    assert fact.lat is not None


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("HAL has delivered 83 Tejas fighters to the Indian Air Force.", [("HAL Tejas", 83, "IND")]),
        ("Rheinmetall handed over five Boxers to the Bundeswehr.", [("Boxer", 5, "DEU")]),
        ("Berlin handed 12 tanks to the Lithuanian military.", [("tank", 12, "LTU")]),
        ("Spain sent 12 tanks to the Lithuanian border.", [("tank", 12, None)]),
    ],
)
def test_a_force_that_gets_things_stands_for_its_state(text: str, rows: list[tuple[object, ...]]) -> None:
    assert told(text, "counterparty_id") == rows


@pytest.mark.parametrize(
    ("text", "actor", "modality"),
    [
        ("Berlin asked Poland to send 12 MiG-29s to Kyiv.", "POL", "requested"),
        ("Washington told France to withdraw its 1,500 soldiers.", "FRA", "requested"),
        ("Washington persuaded Oman to lend it six Jaguars.", "OMN", "asserted"),
    ],
)
def test_what_somebody_is_asked_to_do_is_not_done(text: str, actor: str, modality: str) -> None:
    (fact,) = read(text)
    assert (fact.actor_id, fact.modality) == (actor, modality)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("The number of US soldiers in Niger fell from 1,100 to 650.", [("soldier", 650, "present")]),
        ("The number of T-62s in storage dropped from 900 to 300.", [("T-62", 300, "in_store")]),
        ("Three soldiers fell at Gao.", [("soldier", 3, "killed")]),
    ],
)
def test_a_number_that_falls_kills_nobody(text: str, rows: list[tuple[object, ...]]) -> None:
    assert told(text, "status") == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Islamabad said five Indian jets had been downed, three Rafales included.", [(5, "shot_down", "IND"), (3, "shot_down", "IND")]),
        (
            "Kyiv wrote of 41 aircraft hit at four airfields, A-50s and Tu-95s among them.",
            [(41, "struck", None), (None, "struck", None), (None, "struck", None)],
        ),
        ("Some 300 Zambian peacekeepers are held by the Revolutionary United Front at Makeni.", [(300, "detained", "ZMB")]),
        ("The navy took four jets off its books.", [(4, "withdrawn", None)]),
        ("Rebels set two tanks ablaze near Gao.", [(2, "damaged", None)]),
        ("In the board game, each player starts with two Shermans.", []),
    ],
)
def test_parts_prisoners_and_what_is_set_ablaze(text: str, rows: list[tuple[object, ...]]) -> None:
    assert [row[1:] for row in told(text, "status", "actor_id")] == rows
