"""Sides that no word beside the thing names, and counts that stand for what the text named before."""

import pytest
from told_support import read, told


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Russia said that its forces had destroyed two Bradleys near Kupiansk. The Ukrainian army denied it.", "UKR"),
        ("Russia said that its forces had destroyed two Bradleys near Kupiansk.", None),
        ("JNIM fighters destroyed two BRDM-2s near Mopti.", "MLI"),
        ("Israel destroyed two rocket launchers in Lebanon. Hezbollah said nothing.", None),
        ("Two of the Bradleys given to Ukraine by America were destroyed.", "UKR"),
        ("Ukraine said that six drones had sunk a Russian corvette.", "UKR"),
        ("Three Rafales escorted two Russian Tu-95s over the Baltic Sea.", None),
    ],
)
def test_a_side_follows_only_from_what_is_told(text: str, side: str | None) -> None:
    facts = [fact for fact in read(text) if fact.count_min]
    assert facts[0].actor_id == side
    assert ("inferred-actor" in (facts[0].flags or "")) == (side is not None)


@pytest.mark.parametrize(
    ("text", "buyer", "firm"),
    [
        ("Rheinmetall has received an order from Hungary for 44 Leopard 2A7 tanks.", "HUN", "rheinmetall"),
        ("BAE Systems was awarded a contract for 48 M109A7 howitzers.", None, "bae-systems"),
        (
            "Romania signed a contract on Wednesday for 54 K9 howitzers and 36 K10 ammunition resupply vehicles from South Korea.",
            "ROU",
            "KOR",
        ),
    ],
)
def test_a_firm_supplies_what_it_gets_an_order_for(text: str, buyer: str | None, firm: str) -> None:
    facts = read(text)
    assert facts
    assert {(fact.actor_id, fact.counterparty_id, fact.counterparty_role, fact.status) for fact in facts} == {
        (buyer, firm, "supplier", "ordered"),
    }


def test_what_is_received_by_way_of_another_is_the_receivers() -> None:
    assert told("Serbia received 66 Humvees in a donation by the United States.", "actor_id", "counterparty_id", "counterparty_role") == [
        ("Humvee", 66, "SRB", "USA", "supplier"),
    ]


def test_counts_go_back_to_what_was_named() -> None:
    assert told("South Korea exported 48 FA-50s to Poland, of which 12 have been delivered.", "status") == [
        ("FA-50", 48, "delivered"),
        ("FA-50", 12, "delivered"),
    ]
    text = "Crews train on the FA-50, of which Poland has received 12 so far."
    assert ("FA-50", 12, "POL", "delivered") in told(text, "actor_id", "status")
    text = "Denmark delivered 19 CAESARs to Ukraine. A first lot of eight has reached the country and the remaining 11 will follow."
    assert told(text, "status", "modality") == [
        ("CAESAR", 19, "delivered", "asserted"),
        ("CAESAR", 8, "arrived", "asserted"),
        ("CAESAR", 11, "arrived", "planned"),
    ]


def test_a_participle_behind_an_object_does_not_outdo_its_verb() -> None:
    assert told("The Netherlands handed over six F-16s promised to Romania.", "actor_id", "status") == [
        ("F-16 Fighting Falcon", 6, "NLD", "delivered"),
    ]


def test_who_speaks_and_who_retires_ships_is_not_counted() -> None:
    assert told("Russia has landed 40 tanks at Tobruk, two Libyan officers said.") == [("tank", 40)]
    assert {fact.kind for fact in read("The Royal Navy retired HMS Argyll and HMS Westminster.")} == {"equipment"}


def test_what_describes_a_formation_is_no_thing() -> None:
    assert told("A tank squadron arrived at Tapa.", "kind") == [("squadron", 1, "unit")]


def test_the_name_of_a_state_is_no_person() -> None:
    (fact,) = read("Taiwan received 18 HIMARS launchers from the United States, an army official said.")
    assert (fact.counterparty_id, fact.claimant) == ("USA", "army official")


def test_people_who_left_with_others_left() -> None:
    (fact,) = read("Burundi's last 500 soldiers with the African Union force left Somalia on Sunday.")
    assert (fact.status, fact.country) == ("withdrawn", "SOM")


def test_a_verb_may_leave_its_object_out() -> None:
    text = (
        "Germany operates nine Patriot batteries and has given three to Ukraine; Spain has three, Greece six and Romania one in operation."
    )
    assert told(text, "actor_id", "status") == [
        ("MIM-104 Patriot", 9, "DEU", "in_service"),
        ("MIM-104 Patriot", 3, "DEU", "delivered"),
        ("MIM-104 Patriot", 3, "ESP", "in_service"),
        ("MIM-104 Patriot", 6, "GRC", "in_service"),
        ("MIM-104 Patriot", 1, "ROU", "in_service"),
    ]


@pytest.mark.parametrize("text", ["Finland bought C-27J aircraft; ordered 2020, paid in 2021.", "USS Shoup came in. Berth 33 is free."])
def test_a_year_or_a_label_is_no_object(text: str) -> None:
    assert all(fact.count_min is None for fact in read(text))


def test_a_sides_verb_of_adding_is_no_claim() -> None:
    facts = read("China has added about 100 nuclear warheads in a year and now has 600.")
    assert [(fact.count_min, fact.claimant) for fact in facts] == [(100, None), (600, None)]


@pytest.mark.parametrize(("flag", "side"), [("🇷🇺", "RUS"), ("🇺🇦", "UKR")])
def test_flags_are_adjectives(flag: str, side: str) -> None:
    (fact,) = read(f"3 {flag} T-80BVM burned near Vovchansk.")
    assert (fact.count_min, fact.actor_id) == (3, side)
    assert fact.actor_text == flag


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("It is unclear whether the three MiG-29s were damaged.", "possible"),
        ("The three MiG-29s were damaged.", "asserted"),
    ],
)
def test_what_is_unclear_is_possible(text: str, modality: str) -> None:
    assert [fact.modality for fact in read(text)] == [modality]


def test_the_figure_of_last_year_dates_itself_only() -> None:
    (fact,) = read("About 1,000 US troops will remain in Syria, down from 2,000 last year.")
    assert (fact.count_min, fact.date_start) == (1000, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Israel shot down most of the 300 drones that Iran fired on Saturday.", (300, "IRN", "shot_down")),
        ("Some 200 of the 1,000 T-72s Russia has lost were captured intact.", (200, "RUS", "captured")),
        ("The T-72s Poland gave were destroyed.", (None, "POL", "destroyed")),
    ],
)
def test_a_relative_clause_with_a_side_of_its_own(text: str, expected: tuple[object, ...]) -> None:
    facts = read(text)
    assert (facts[0].count_min, facts[0].actor_id, facts[0].status) == expected


def test_which_goes_back_to_the_noun_that_tells() -> None:
    text = "Sweden announced its 16th package of military support for Ukraine, worth 13 billion kronor, which contains 50 CV90s."
    assert ("CV90", 50, "SWE", "UKR", "pledged") in told(text, "actor_id", "counterparty_id", "status")


def test_a_price_does_not_part_a_deal_from_its_things() -> None:
    assert told("Finland signed a deal worth 8.4 billion euros for 64 F-35s.", "actor_id", "status") == [
        ("F-35 Lightning II", 64, "FIN", "ordered"),
    ]


def test_soldiers_let_in_stay_their_countrys() -> None:
    assert told("Argentina authorised the entry of 21 US soldiers.", "actor_id") == [("soldier", 21, "USA")]


def test_where_a_thing_was_built_is_not_where_it_is() -> None:
    (fact,) = read("The Philippines took delivery of two corvettes built in South Korea.")
    assert (fact.actor_id, fact.place) == ("PHL", None)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Hit: Stryker x4, Marder x1.", [4, 1]),
        ("The frigate 571 Yuncheng entered the Singapore Strait.", [None]),
        ("~60 Russian soldiers arrived in Tartus.", [60]),
    ],
)
def test_numbers_of_posts_and_bows(text: str, counts: list[int | None]) -> None:
    assert [fact.count_min for fact in read(text)] == counts


def test_who_reckons_speaks_and_sits_elsewhere() -> None:
    facts = read("The general staff in Kyiv put Russia's losses over the past day at 1,130 soldiers and eight tanks.")
    assert [(fact.count_min, fact.actor_id, fact.claimant, fact.place) for fact in facts] == [
        (1130, "RUS", "general staff in Kyiv", None),
        (8, "RUS", "general staff in Kyiv", None),
    ]


def test_a_force_of_a_country_acts_itself() -> None:
    (fact,) = [fact for fact in read("Sudan's RSF captured four T-55s.") if fact.count_min]
    assert (fact.counterparty_id, fact.counterparty_role) == ("rsf-sudan", "captor")


def test_once_begins_a_clause() -> None:
    text = "Taiwan will disband two battalions of M60A3 tanks once 108 Abrams have arrived."
    assert [(fact.item, fact.status) for fact in read(text)] == [("M60A3", "withdrawn"), ("M1 Abrams", "arrived")]


def test_the_first_since_a_year_is_of_today() -> None:
    facts = read("The German brigade, with its 90 Leopard 2 tanks, will be the first such unit abroad since 1945.")
    assert {fact.date_start for fact in facts} == {None}


def test_what_nobody_comments_on_is_not_denied() -> None:
    (fact,) = read("Vietnam's defence ministry declined to comment on reports that it wants 24 F-16s.")
    assert fact.modality == "requested"


def test_what_a_force_has_between_commas() -> None:
    (fact,) = read("Lebanon's army, with 80,000 soldiers but few modern weapons, has kept out of the fighting.")
    assert (fact.count_min, fact.actor_id, fact.status) == (80000, "LBN", "in_service")


def test_its_companies_are_the_armys() -> None:
    (fact,) = [fact for fact in read("Uganda's army said two of its companies had crossed into Congo.") if fact.count_min]
    assert (fact.actor_id, fact.claimant) == ("UGA", "Uganda's army")


def test_fighters_of_a_named_group_count() -> None:
    (fact,) = read("Wagner fighters, about 1,000 of them, have left Bangui.")
    assert (fact.count_min, fact.actor_id, fact.status) == (1000, "wagner", "withdrawn")


def test_strikes_on_things_strike_them() -> None:
    facts = read("US forces conducted strikes on five Houthi drones and a missile launcher on Thursday.")
    assert [(fact.count_min, fact.actor_id, fact.status) for fact in facts] == [(5, "houthi", "struck"), (1, "houthi", "struck")]


def test_who_is_told_and_where_is_neither_side_nor_place() -> None:
    (fact,) = read("The minister told reporters in Oslo that Norway would buy 54 Leopard 2A7s.")
    assert (fact.actor_id, fact.place, fact.claimant, fact.modality) == ("NOR", None, "minister", "planned")


def test_how_many_more_than_before_is_no_count() -> None:
    (fact,) = read("New pictures show 15 Tu-22M3 bombers at Olenya, five more than in August.")
    assert (fact.count_min, fact.date_start) == (15, None)


def test_what_is_destroyed_among_the_targets_of_a_group_is_the_groups() -> None:
    text = "F-16s hit 19 targets of the Islamic State.\n\n* Near Hajin, nine strikes destroyed two mortars and an armed pickup."
    assert [(fact.item, fact.actor_id) for fact in read(text) if fact.status == "destroyed"] == [("mortar", "isil"), ("technical", "isil")]


def test_a_state_that_is_hit_gives_no_side_to_the_rest() -> None:
    text = "Ukraine struck Russian positions. Near Tokmak, a strike destroyed two mortars."
    assert {fact.actor_id for fact in read(text) if fact.item == "mortar"} <= {None, "RUS"}


def test_a_side_goes_on_over_several_sentences() -> None:
    text = (
        "In the 24 hours to 6 a.m. 49 PLA aircraft were detected around Taiwan. Of the aircraft, 35 crossed the median line. "
        "Among them were 16 J-16s."
    )
    assert {fact.actor_id for fact in read(text) if fact.count_min in (35, 16)} == {"CHN"}


def test_a_part_headed_with_a_side_tells_of_its_losses() -> None:
    text = "Russia\n\nArtillery\nThree 2S19 Msta-S were burnt out north of Tokmak.\n\nUkraine\n\n2 Mi-24 helicopters: shot down"
    assert [(fact.item, fact.actor_id) for fact in read(text)] == [("2S19 Msta-S", "RUS"), ("Mi-24", "UKR")]


def test_a_part_headed_with_the_country_of_strikes_does_not() -> None:
    (fact,) = read("Syria\n\n* Near Hajin, nine strikes destroyed two mortars.")
    assert (fact.actor_id, fact.country) == (None, "SYR")


def test_where_the_next_thing_comes_from_is_no_place() -> None:
    first = read("Algeria operates some 600 T-90 tanks and has ordered 14 Su-57 fighters from Russia.")[0]
    assert (first.item, first.place, first.counterparty_id) == ("T-90", None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Slovenia has sent 28 T-55s to Ukraine.", ("SVN", "UKR", "delivered")),
        ("Russia has sent 28 T-55s to Ukraine.", ("RUS", None, "deployed")),
        ("Germany has sent 2 Patriot launchers to Poland.", ("DEU", None, "deployed")),
        ("Estonia gives Ukraine all of its nine D-30s.", ("EST", "UKR", "delivered")),
        ("Tokyo rejected a request for Patriot missiles from Kyiv.", ("UKR", None, "requested")),
    ],
)
def test_what_is_sent_given_and_asked_for(text: str, expected: tuple[object, ...]) -> None:
    (fact,) = read(text)
    assert (fact.actor_id, fact.counterparty_id, fact.status) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sweden to send eight Archer guns to Ukraine", ("SWE", "delivered", "planned", "Ukraine")),
        ("The Kremlin said on Tuesday Russia would station three S-400s in Kaliningrad.", ("RUS", "deployed", "planned", "Kaliningrad")),
        ("Norway's prime minister said his country would give six F-16s.", ("NOR", "pledged", "planned", None)),
        ("Some 1,800 Russian soldiers are now in the east and south of Libya.", ("RUS", "present", "asserted", "Libya")),
    ],
)
def test_headlines_weekdays_and_the_speakers_country(text: str, expected: tuple[object, ...]) -> None:
    (fact,) = read(text)
    assert (fact.actor_id, fact.status, fact.modality, fact.place) == expected


def test_a_list_between_dashes_leaves_port_as_ships_do() -> None:
    text = "Britain's carrier strike group - HMS Queen Elizabeth, two destroyers and a submarine - left Portsmouth on Monday."
    assert {fact.status for fact in read(text) if fact.kind == "equipment"} == {"in_transit"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Estonia sent Ukraine nine D-30s.", ("EST", "UKR", "delivered")),
        ("Spain sent Romania two Patriot launchers.", ("ESP", "ROU", "delivered")),
        ("Spain sent Romania 400 soldiers.", ("ESP", None, "deployed")),
        ("Two frigates put into Djibouti on Monday.", (None, None, "arrived")),
    ],
)
def test_what_has_two_objects_gives(text: str, expected: tuple[object, ...]) -> None:
    (fact,) = read(text)
    assert (fact.actor_id, fact.counterparty_id, fact.status) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kenyan troops, numbering 400, arrived in Port-au-Prince.", ("troops", 400, "KEN", "arrived")),
        ("Russian troops in Syria number about 5,000.", ("troops", 5000, "RUS", "present")),
        ("Russian losses of T-72 tanks amounted to 40 near Vuhledar.", ("T-72", 40, "RUS", "destroyed")),
        ("Russia's losses came to 12 T-72 tanks.", ("T-72", 12, "RUS", "destroyed")),
        ("Azerbaijani losses in the war include 12 T-72 tanks.", ("T-72", 12, "AZE", "destroyed")),
        ("Chile received the first of four Type 23 frigates.", ("Type 23 frigate", 1, "CHL", "delivered")),
        ("North Korea shipped a million shells to Russia.", ("artillery shell", 1_000_000, "PRK", "delivered")),
    ],
)
def test_a_verb_that_counts_its_subject(text: str, expected: tuple[object, ...]) -> None:
    assert told(text, "actor_id", "status") == [expected]


def test_both_counts_nothing_anew() -> None:
    assert told("Two missile launchers were destroyed, both near Vuhledar.", "place") == [("missile launcher", 2, "Vuhledar")]
    assert told("Two Su-34s took off; both were shot down.", "status")[-1] == ("Su-34", 2, "shot_down")


def test_the_first_of_an_order_are_still_to_come() -> None:
    rows = told("Germany ordered 18 Leopard 2A8 tanks; the first four will be handed over in 2027.", "status", "date_text")
    assert rows == [("Leopard 2A8", 18, "ordered", None), ("Leopard 2A8", 4, "pledged", "in 2027")]


@pytest.mark.parametrize(
    "text",
    [
        "Poland bought 96 AH-64E helicopters, with deliveries to begin in 2028.",
        "Norway signed for 54 Leopard 2A8 tanks, expected to be in service by 2027.",
        "Serbia has received 12 Rafale jets it ordered in August 2024.",
        "Norway signed for 54 Leopard 2A8 tanks, and the crews will begin training in 2027.",
    ],
)
def test_what_comes_later_or_came_before_does_not_date_it(text: str) -> None:
    assert read(text)[0].date_text is None


@pytest.mark.parametrize(
    ("text", "claimant", "day"),
    [
        ("Sweden will hand Ukraine eight Archer guns, its minister, Pal Jonson, said on Monday.", "Pal Jonson", 9),
        ("Russia lost three Su-34s, Yurii Ihnat, a spokesman for the air force, told Reuters.", "Yurii Ihnat", None),
        ("Russia lost 12 T-72 tanks, the Ukrainian General Staff said.", "Ukrainian General Staff", None),
    ],
)
def test_who_says_so_between_commas(text: str, claimant: str, day: int | None) -> None:
    (fact,) = read(text)
    assert (fact.claimant, fact.date_start and fact.date_start.day) == (claimant, day)


@pytest.mark.parametrize(
    ("text", "unit", "side"),
    [
        ("The British Army's 4th Light Brigade sent 500 soldiers to Estonia.", "4th Light Brigade", "GBR"),
        ("The Polish Army's 12th Mechanised Brigade lost two tanks.", "12th Mechanised Brigade", "POL"),
        ("Poland's 12th Mechanised Brigade lost two tanks.", "12th Mechanised Brigade", "POL"),
    ],
)
def test_a_part_of_a_force_is_on_its_side(text: str, unit: str, side: str) -> None:
    part, other = read(text)
    assert [part.item, part.actor_id, other.unit, other.actor_id] == [unit, side, unit, side]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two of the four Typhoons deployed to Romania returned to RAF Lossiemouth.", ("in_transit", "RAF Lossiemouth")),
        ("Three warships based in Sevastopol moved to Novorossiysk.", ("in_transit", "Novorossiysk")),
        ("Two Horizon destroyers are operating off Cyprus.", ("present", "Cyprus")),
        ("Italy operates two Horizon destroyers.", ("in_service", None)),
    ],
)
def test_the_verb_of_the_sentence_tells(text: str, expected: tuple[object, ...]) -> None:
    (fact,) = read(text)
    assert (fact.status, fact.place) == expected


def test_each_supplier_and_receiver_has_its_own_things() -> None:
    sold = read("Israel sold 12 Barak MX systems to Morocco and 200 Spike missiles to Slovakia.")
    assert [(fact.count_min, fact.counterparty_id) for fact in sold] == [(12, "MAR"), (200, "SVK")]
    got = read("Ukraine received 12 Mirage 2000 jets from France and 30 T-72s from Poland.")
    assert [(fact.count_min, fact.counterparty_id) for fact in got] == [(12, "FRA"), (30, "POL")]


def test_the_third_ship_is_one() -> None:
    assert told("Lithuania's navy received its third Hunt-class minehunter.", "status")[0][1:] == (1, "delivered")


def test_the_owner_is_no_part_of_a_units_name() -> None:
    assert told("The US Navy's Carrier Strike Group 3 is in the Arabian Sea.", "actor_id")[0] == ("Carrier Strike Group 3", None, "USA")


def test_what_is_taken_along_with_a_town_is_captured() -> None:
    (fact,) = read("Ethiopian troops captured the town of Shire along with six tanks.")
    assert (fact.item, fact.count_min, fact.status, fact.counterparty_id) == ("tank", 6, "captured", "ETH")


def test_a_clause_with_when_tells_where() -> None:
    first = read("Fourteen soldiers were wounded when a drone hit their barracks at Marjayoun.")[0]
    assert (first.count_min, first.status, first.place) == (14, "wounded", "Marjayoun")


def test_who_is_expelled_leaves() -> None:
    assert told("Niger's junta expelled 1,000 American soldiers from Agadez.", "actor_id", "status") == [
        ("soldier", 1000, "USA", "withdrawn")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bulgaria refused on Wednesday to send 100 armoured vehicles to Ukraine.", ("delivered", "negated", 11)),
        ("Bulgaria decided on Monday to buy 100 armoured vehicles.", ("ordered", "planned", 9)),
        ("Bulgaria promised at a meeting in Sofia to supply 100 armoured vehicles.", ("pledged", "asserted", None)),
        ("Bulgaria's parliament voted on Wednesday to send 100 armoured vehicles to Ukraine.", ("pledged", "asserted", 11)),
        ("Finland said on Friday it would send six Leopard 2R tanks.", ("pledged", "planned", 6)),
    ],
)
def test_a_day_or_place_does_not_cut_a_phrase_in_two(text: str, expected: tuple[object, ...]) -> None:
    (fact,) = read(text)
    assert (fact.status, fact.modality, fact.date_start and fact.date_start.day) == expected


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("A third of the 90 Leopard 1s have arrived.", 30, 30),
        ("More than half of its 31 Abrams tanks were destroyed.", 16, 31),
        ("Half of the Abrams tanks were destroyed.", None, None),
    ],
)
def test_a_share_of_a_number_is_counted(text: str, low: int | None, high: int | None) -> None:
    (fact,) = read(text)
    assert (fact.count_min, fact.count_max) == (low, high)


@pytest.mark.parametrize(
    "text",
    [
        "Hezbollah launched more than 200 rockets and 20 drones at several Israeli military positions on Thursday.",
        "Russian forces used two Iskander-M missiles and 20 drones in an overnight attack.",
    ],
)
def test_a_noun_behind_a_list_leaves_its_last_member_alone(text: str) -> None:
    assert {fact.status for fact in read(text) if fact.count_min} == {"used"}


def test_who_stands_behind_a_fronted_phrase_acts() -> None:
    assert told("At the height of the war the United States had 100,000 troops in Afghanistan.", "actor_id")[0] == (
        "troops",
        100_000,
        "USA",
    )


def test_what_follows_the_last_receiver_goes_with_it() -> None:
    given = read("Poland gave 12 Krab howitzers to Ukraine and 20 trucks to Moldova, along with five BMP-2s.")
    assert [(fact.count_min, fact.counterparty_id) for fact in given] == [(12, "UKR"), (20, "MDA"), (5, "MDA")]
