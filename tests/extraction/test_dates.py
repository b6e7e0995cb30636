"""Dates: as printed, against the day of publication and the tense, and none where none can be known."""

from __future__ import annotations

import calendar
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.extraction.dateline import find_published
from inventory.extraction.dates import resolve_date
from inventory.extraction.rows import list_mentions
from inventory.model import Document
from inventory.rulebook.book import Rulebook
from inventory.rulebook.load import load_rulebook
from inventory.text.fold import fold

BOOK = load_rulebook()
WEDNESDAY = dt.date(2022, 3, 16)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return BOOK


def values(text: str, published: dt.date | None = WEDNESDAY) -> list[str | None]:
    return [row.value for row in list_mentions(Document(text, published=published), BOOK) if row.type == "date"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It fell on 3 February 2024.", "2024-02-03"),
        ("It fell on February 3, 2024.", "2024-02-03"),
        ("It fell on Feb. 3, 2024.", "2024-02-03"),
        ("It fell on the 3rd of February, 2024.", "2024-02-03"),
        ("It fell on Saturday, 3 February 2024.", "2024-02-03"),
        ("Logged 2024-02-03 at noon.", "2024-02-03"),
        ("It fell on 03.02.2024.", "2024-02-03"),
        ("It fell on 25/04/2022.", "2022-04-25"),
        ("It fell on 04/25/2022.", "2022-04-25"),
        ("It fell on 29 February 2024.", "2024-02-29"),
        ("They met 12-14 May 2021.", "2021-05-12/2021-05-14"),
        ("They met May 5-7, 2021.", "2021-05-05/2021-05-07"),
        ("From 28 May to 3 June 2021 they met.", "2021-05-28/2021-06-03"),
        ("From 28 December to 3 January 2022 they met.", "2021-12-28/2022-01-03"),
        ("It fell in March 2021.", "2021-03"),
        ("They met between May and June 2021.", "2021-05/2021-06"),
        ("From November 2021 to January 2022 they met.", "2021-11/2022-01"),
        ("Between 2014 and 2016 they met.", "2014-01-01/2016-12-31"),
        ("It fell in 2014.", "2014"),
        ("Bought in the 1990s, it fell.", "1990-01-01/1999-12-31"),
        ("In the spring of 2021 it fell.", "2021-03-01/2021-05-31"),
        ("In the winter of 2021-22 it fell.", "2021-12-01/2022-02-28"),
        ("In the first quarter of 2023 it fell.", "2023-01-01/2023-03-31"),
        ("In Q3 2021 it fell.", "2021-07-01/2021-09-30"),
        ("In the second half of 2021 it fell.", "2021-07-01/2021-12-31"),
    ],
)
def test_stated(text: str, value: str) -> None:
    assert values(text, None) == [value]
    assert values(text) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It fell today.", "2022-03-16"),
        ("It fell yesterday.", "2022-03-15"),
        ("It fell the day before yesterday.", "2022-03-14"),
        ("They leave tomorrow.", "2022-03-17"),
        ("It fell last night.", "2022-03-15"),
        ("It fell overnight.", "2022-03-15"),
        ("It fell on Friday.", "2022-03-11"),
        ("It fell in Helmand province Thursday while they slept.", "2022-03-10"),
        ("He had planned attacks before his arrest in Logar province Sunday.", "2022-03-13"),
        ("A drill is planned for Sunday.", "2022-03-20"),
        ("It fell on Wednesday.", "2022-03-16"),
        ("It fell last Wednesday.", "2022-03-09"),
        ("It fell on Tuesday night.", "2022-03-15"),
        ("They will leave on Friday.", "2022-03-18"),
        ("They meet next Friday.", "2022-03-18"),
        ("They stay until Friday.", "2022-03-18"),
        ("It fell in March.", "2022-03"),
        ("It fell in May.", "2021-05"),
        ("They will leave in May.", "2022-05"),
        ("It fell last March.", "2021-03"),
        ("They meet next March.", "2023-03"),
        ("They meet this May.", "2022-05"),
        ("It fell by February.", "2022-02"),
        ("Between November and January it fell.", "2021-11/2022-01"),
        ("It fell on 28 December.", "2021-12-28"),
        ("They meet on 10 April.", "2022-04-10"),
        ("From 28 December to 3 January they met.", "2021-12-28/2022-01-03"),
        ("It fell on 29 February.", "2020-02-29"),
        ("In the past 24 hours it fell.", "2022-03-15/2022-03-16"),
        ("Over the last two weeks it fell.", "2022-03-02/2022-03-16"),
        ("Two weeks ago it fell.", "2022-03-02"),
        ("A week ago it fell.", "2022-03-09"),
        ("Three months ago it fell.", "2021-12"),
        ("A decade ago it fell.", "2012"),
        ("It fell last week.", "2022-03-07/2022-03-13"),
        ("It fell last month.", "2022-02"),
        ("They meet next month.", "2022-04"),
        ("It fell last year.", "2021"),
        ("It fell last weekend.", "2022-03-12/2022-03-13"),
        ("They meet this weekend.", "2022-03-19/2022-03-20"),
        ("It fell last summer.", "2021-06-01/2021-08-31"),
        ("It fell last winter.", "2021-12-01/2022-02-28"),
        ("It fell this winter.", "2021-12-01/2022-02-28"),
        ("It fell last quarter.", "2021-10-01/2021-12-31"),
    ],
)
def test_relative_to_publication(text: str, value: str) -> None:
    assert values(text) == [value]
    assert values(text, None) == [None]


@pytest.mark.parametrize(
    "text",
    [
        "It fell on 30 February 2022.",
        "It fell on 29 February 2023.",
        "Logged 2022-02-30 at noon.",
        "It fell on 31.04.2022.",
        "They met 14-12 May.",
        "It fell on 03/04/2022.",
        "Several days ago it fell.",
        "Two days earlier it fell.",
        "It fell the previous night.",
        "It fell the following week.",
    ],
)
def test_what_cannot_be_known_has_no_value(text: str) -> None:
    assert values(text) == [None]


@pytest.mark.parametrize(
    "text", ["They may march on.", "The 12 mayors met.", "At 12,000 May stopped.", "He met 3 marching men.", "The month ended."]
)
def test_no_dates(text: str) -> None:
    assert values(text) == []


def test_unknown_resolver_and_missing_tables_give_nothing() -> None:
    assert resolve_date("no-such", {}, {}, WEDNESDAY) is None
    assert resolve_date("weekday", {"wd": "monday"}, {}, WEDNESDAY) is None
    assert resolve_date("day", {"d": "3"}, {}, WEDNESDAY) is None


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2099, 12, 31)))
@settings(max_examples=60, deadline=None)
def test_every_date_is_read_back_in_five_formats(day: dt.date) -> None:
    month = calendar.month_name[day.month]
    for printed in (
        f"{day.day} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        day.isoformat(),
        f"{day:%d.%m.%Y}",
        f"{day.day} {month[:3]} {day.year}",
    ):
        assert values(f"They saw it on {printed} there.", None) == [day.isoformat()], printed


@given(st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2090, 12, 31)), st.sampled_from(list(calendar.day_name)), st.booleans())
@settings(max_examples=60, deadline=None)
def test_weekdays_lie_within_a_week_of_publication(published: dt.date, name: str, future: bool) -> None:
    period = resolve_date("weekday", {"wd": name.lower()}, BOOK.values, published, future)
    assert period is not None
    assert calendar.day_name[period.start.weekday()] == name
    assert 0 <= (period.start - published).days < 7 if future else -7 < (period.start - published).days <= 0


@given(st.dates(), st.sampled_from(["weekday", "month", "period", "past", "ago", "fixed", "day"]), st.booleans())
@settings(deadline=None)
def test_no_anchor_breaks_a_resolver(published: dt.date, how: str, future: bool) -> None:
    groups = {
        "wd": "monday",
        "month": "february",
        "d": "29",
        "rel": "last",
        "period": "winter",
        "n": "60",
        "unit": "decades",
        "fixed": "yesterday",
    }
    period = resolve_date(how, groups, BOOK.values, published, future)
    assert period is None or period.start <= period.end


# ---------------------------------------------------------------- the document's own date
@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("RIVERTON, Norland (Sept. 1, 2021) - Two tanks left on Monday.", "2021-09-01"),
        ("Tanks Leave Norland\nRelease 2021-09-014\n\nRIVERTON, Norland (Sept. 1) \u2014 Two tanks left.", "2021-09-01"),
        ("Tanks Leave Norland\n7 February 2022\n\nTwo tanks left.", "2022-02-07"),
        ("Tanks Leave Norland\nPublished: 7 February 2022\n\nTwo tanks left.", "2022-02-07"),
        ("RIVERTON, February 7, 2022 (Agency) - Two tanks left.", "2022-02-07"),
        ("Evening Update, March 9, 2011\n\nTwo tanks left.", "2011-03-09"),
        ("June 20: Tanks Leave Norland\nRelease 2010-06-CA-074\nTwo tanks left.", "2010-06-20"),
        ("RIVERTON, Norland (Sept. 1) - Two tanks left.", None),
        ("On February 7, 2022, two tanks left the town.", None),
        ("Two tanks (built on 7 February 2022) left the town.", None),
        ("Two tanks left.\n7 February 2022", None),
        ("", None),
    ],
)
def test_published_is_read_from_the_head(text: str, published: str | None, book: Rulebook) -> None:
    found = find_published(fold(text), book)
    assert (found and found.isoformat()) == published


def test_relative_dates_count_from_the_dateline() -> None:
    assert values("RIVERTON, Norland (Sept. 1, 2021) - Two tanks left yesterday.", None)[-1] == "2021-08-31"
