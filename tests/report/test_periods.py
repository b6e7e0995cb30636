"""Days are counted by a unit that gives a readable picture, and none is lost."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.report.periods import MOST_PERIODS, count_periods


@given(days=st.lists(st.none() | st.dates(), max_size=60))
def test_every_day_is_counted_once_in_few_periods(days: list[dt.date | None]) -> None:
    periods = count_periods(days)
    assert sum(number for _, number in periods) == len(days)
    assert len(periods) <= MOST_PERIODS
    assert len({name for name, _ in periods}) == len(periods)


@pytest.mark.parametrize(
    ("step", "names"),
    [(1, ["2022-01-01", "2022-01-02", "2022-01-03"]), (14, ["2021-W52", "2022-W01", "2022-W02"]), (80, ["2022-01", "2022-02", "2022-03"]),
     (900, ["2022", "2023", "2024"])],
)  # fmt: skip
def test_the_finest_unit_that_fits_is_taken(step: int, names: list[str]) -> None:
    days = [dt.date(2022, 1, 1) + dt.timedelta(days=step * index) for index in range(8)]
    assert [name for name, _ in count_periods(days)][:3] == names


def test_one_old_day_does_not_flatten_the_picture() -> None:
    days = [dt.date(1963, 10, 8), *(dt.date(2022, 3, 1 + index % 20) for index in range(40))]
    periods = count_periods(days)
    assert periods[0] == ("older", 1)
    assert periods[1][0] == "2022-03-01"
