"""Resolve the groups of a date rule into a first and a last day.

Relative dates count from `anchor`, the publication date. `future` tells that the clause looks ahead, so that
*in March* and *on Friday* mean the next one; otherwise they mean the latest.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Mapping
from typing import NamedTuple

Groups = Mapping[str, str | None]
Tables = Mapping[str, Mapping[str, str]]
_DAY = dt.timedelta(days=1)


class Period(NamedTuple):
    """First and last day, how precisely the text puts it (`day`, `month`, `year`, `span`), and whether it is relative."""

    start: dt.date
    end: dt.date
    precision: str
    relative: bool

    def iso(self) -> str:
        """ISO 8601: a day, a month, a year, or an interval."""
        if self.precision == "month":
            return f"{self.start:%Y-%m}"
        if self.precision == "year":
            return f"{self.start:%Y}"
        if self.precision == "months":
            return f"{self.start:%Y-%m}/{self.end:%Y-%m}"
        if self.start == self.end:
            return self.start.isoformat()
        return f"{self.start.isoformat()}/{self.end.isoformat()}"


def resolve_date(how: str, groups: Groups, tables: Tables, anchor: dt.date | None, future: bool = False) -> Period | None:
    """The period that a date rule's groups mean, or `None` when it cannot be known.

    That is: without an anchor for a relative date, for a day that no calendar has, for figures that could be read both
    day first and month first, and for what counts from a day that only the story tells (*two days earlier*).
    """
    resolver = _RESOLVERS.get(how)
    if resolver is None:
        return None
    try:
        return resolver(groups, tables, anchor, future)
    except (ValueError, OverflowError, KeyError):
        return None


def _month(groups: Groups, tables: Tables, name: str = "month", numeric: str = "m") -> int | None:
    text = groups.get(name)
    if text:
        return int(tables["months"][text.rstrip(".")])
    number = groups.get(numeric)
    return int(number) if number else None


def _near(month: int, day: int, anchor: dt.date, future: bool) -> int:
    """The year of a day given without one: the nearest that fits the tense, within the half-years around the anchor."""
    # Eight years hold a 29 February, even about 1900.
    candidates = [year for year in range(max(1, anchor.year - 8), anchor.year + 2) if _valid(year, month, day)]
    if future:
        ahead = [year for year in candidates if dt.date(year, month, day) >= anchor]
        if ahead:
            return ahead[0]
    # A day up to three months ahead is a plan even without a future verb; beyond that it is last year's.
    behind = [year for year in candidates if dt.date(year, month, day) <= anchor + dt.timedelta(days=92)]
    return behind[-1] if behind else anchor.year


def _valid(year: int, month: int, day: int) -> bool:
    return 1 <= day <= calendar.monthrange(year, month)[1]


def _day(groups: Groups, tables: Tables, anchor: dt.date | None, future: bool) -> Period | None:
    month = _month(groups, tables)
    if month is None or groups.get("d") is None:
        return None
    day = int(groups["d"] or 0)
    if groups.get("slash") and day <= 12 and month != day:
        return None
    month2 = _month(groups, tables, "month2", "m2") or month
    day2 = int(groups.get("d2") or 0)
    year_text, year2_text = groups.get("y"), groups.get("y2")
    if year_text or year2_text:
        year2 = int(year2_text or year_text or 0)
        year = int(year_text or year2 - (1 if month > month2 else 0))
    elif anchor is not None:
        year = _near(month, day, anchor, future)
        year2 = year
    else:
        return None
    start = dt.date(year, month, day)
    end = dt.date(year2 if year2 >= year else year, month2, day2) if day2 else start
    if end < start:
        if month2 >= month or year2_text:
            return None
        end = dt.date(end.year + 1, end.month, end.day)
    return Period(start, end, "day" if start == end else "span", not (year_text or year2_text))


def _month_period(year: int, month: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def _month_rule(groups: Groups, tables: Tables, anchor: dt.date | None, future: bool) -> Period | None:
    month = _month(groups, tables)
    if month is None:
        return None
    month2 = _month(groups, tables, "month2", "m2")
    year_text = groups.get("y") or groups.get("y2")
    if year_text:
        year = int(groups.get("y") or int(year_text) - (1 if month2 and month > month2 else 0))
    elif anchor is not None:
        rel = groups.get("rel")
        year = anchor.year
        # *by March* tells nothing of the tense: *had lost 40 by March*.
        ahead = rel in ("next", "until") or future
        if rel == "last":
            year -= month >= anchor.month
        elif rel == "next":
            year += month <= anchor.month
        elif ahead and month < anchor.month:
            year += 1
        elif not ahead and month > anchor.month and rel != "this":
            year -= 1
    else:
        return None
    start, end = _month_period(year, month)
    if month2:
        year2 = int(groups.get("y2") or year) + (1 if month2 < month and not groups.get("y2") else 0)
        end = _month_period(year2, month2)[1]
        return Period(start, end, "months", not year_text)
    return Period(start, end, "month", not year_text)


def _weekday(groups: Groups, tables: Tables, anchor: dt.date | None, future: bool) -> Period | None:
    if anchor is None:
        return None
    number = int(tables["weekdays"][groups["wd"] or ""])
    rel = groups.get("rel")
    back = (anchor.weekday() - number) % 7
    if rel == "last" and back == 0:
        back = 7
    day = anchor - back * _DAY
    ahead = (future or rel == "until") and rel not in ("last", "this past")
    if (ahead and day < anchor) or rel in ("next", "this coming"):
        day += 7 * _DAY
    return Period(day, day, "day", True)


def _weekdays(groups: Groups, tables: Tables, anchor: dt.date | None, future: bool) -> Period | None:
    """*Between Friday and Sunday*: the last day as a weekday alone is read, the first before it."""
    last = _weekday({**groups, "wd": groups.get("wd2")}, tables, anchor, future)
    if last is None or last.start is None:
        return None
    back = (last.start.weekday() - int(tables["weekdays"][groups["wd"] or ""])) % 7
    return Period(last.start - back * _DAY, last.start, "span", True)


def _fixed(groups: Groups, tables: Tables, anchor: dt.date | None, future: bool) -> Period | None:
    first, _, last = tables["fixed"].get(groups["fixed"] or "", "").partition("..")
    if anchor is None or not first:
        return None
    start, end = anchor + int(first) * _DAY, anchor + int(last) * _DAY
    return Period(start, end, "day" if start == end else "span", True)


def _count(text: str | None, tables: Tables) -> int:
    """How many units; `ValueError` for *several* and the like."""
    if not text:
        return 1
    if text.isdigit():
        return int(text)
    return int(tables["counts"].get(text) or tables["numbers"].get(text, ""))


def _shift_months(day: dt.date, months: int) -> dt.date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _ago(groups: Groups, tables: Tables, anchor: dt.date | None, future: bool) -> Period | None:
    if anchor is None:
        return None
    if groups.get("narrative"):
        return None
    count, unit = _count(groups.get("n"), tables), (groups["unit"] or "").rstrip("s")
    if unit == "hour":
        day = anchor - (count // 24) * _DAY
        return Period(day, day, "day", True)
    if unit in ("day", "week"):
        day = anchor - count * (7 if unit == "week" else 1) * _DAY
        return Period(day, day, "day", True)
    if unit == "month":
        moved = _shift_months(anchor, -count)
        return Period(*_month_period(moved.year, moved.month), "month", True)
    year = anchor.year - count * (10 if unit == "decade" else 1)
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31), "year", True)


def _past(groups: Groups, tables: Tables, anchor: dt.date | None, future: bool) -> Period | None:
    if anchor is None or groups.get("narrative"):
        return None
    count, unit = _count(groups.get("n"), tables), (groups["unit"] or "").rstrip("s")
    if unit in ("month", "year"):
        start = _shift_months(anchor, -count * (12 if unit == "year" else 1))
    else:
        days = {"hour": max(1, count // 24), "day": count, "week": 7 * count}[unit]
        start = anchor - days * _DAY
    return Period(start, anchor, "span", True)


def _period(groups: Groups, tables: Tables, anchor: dt.date | None, future: bool) -> Period | None:
    if anchor is None:
        return None
    step, unit = int(tables["steps"][groups["rel"] or ""]), groups["period"] or ""
    if unit == "week":
        monday = anchor - anchor.weekday() * _DAY + 7 * step * _DAY
        return Period(monday, monday + 6 * _DAY, "span", True)
    if unit == "weekend":
        saturday = anchor + (5 - anchor.weekday()) * _DAY + 7 * step * _DAY
        return Period(saturday, saturday + _DAY, "span", True)
    if unit == "month":
        moved = _shift_months(anchor.replace(day=1), step)
        return Period(*_month_period(moved.year, moved.month), "month", True)
    if unit == "year":
        year = anchor.year + step
        return Period(dt.date(year, 1, 1), dt.date(year, 12, 31), "year", True)
    if unit == "quarter":
        first = (anchor.month - 1) // 3 * 3 + 1
        start = _shift_months(dt.date(anchor.year, first, 1), 3 * step)
        return Period(start, _shift_months(start, 3) - _DAY, "span", True)
    start = dt.date(anchor.year, int(tables["seasons"][unit]), 1)
    if step < 0:
        while _shift_months(start, 3) > anchor:
            start = _shift_months(start, -12)
    elif step > 0 or (future and _shift_months(start, 3) <= anchor):
        while start <= anchor:
            start = _shift_months(start, 12)
    elif start.month > 10 and anchor.month < 6 and not future:
        # In January, and in spring still, *this winter* began last year.
        start = _shift_months(start, -12)
    return Period(start, _shift_months(start, 3) - _DAY, "span", True)


def _season(groups: Groups, tables: Tables, anchor: dt.date | None, future: bool) -> Period | None:
    start = dt.date(int(groups["y"] or 0), int(tables["seasons"][groups["season"] or ""]), 1)
    return Period(start, _shift_months(start, 3) - _DAY, "span", False)


def _quarter(groups: Groups, tables: Tables, anchor: dt.date | None, future: bool) -> Period | None:
    number = int(tables["quarters"][groups["quarter"] or ""]) - 1
    months = 6 if groups.get("kind") == "half" else 3
    if number * months >= 12:
        return None
    start = dt.date(int(groups["y"] or 0), 1 + number * months, 1)
    return Period(start, _shift_months(start, months) - _DAY, "span", False)


def _year(groups: Groups, tables: Tables, anchor: dt.date | None, future: bool) -> Period | None:
    year = int(groups["y"] or 0)
    last = groups.get("y2")
    end = year if not last else int(last) if len(last) == 4 else year // 100 * 100 + int(last)
    if end < year:
        return None
    return Period(dt.date(year, 1, 1), dt.date(end, 12, 31), "year" if end == year else "span", False)


def _decade(groups: Groups, tables: Tables, anchor: dt.date | None, future: bool) -> Period | None:
    year = int(groups["y"] or 0)
    return Period(dt.date(year, 1, 1), dt.date(year + 9, 12, 31), "span", False)


_RESOLVERS: dict[str, Callable[[Groups, Tables, dt.date | None, bool], Period | None]] = {
    "day": _day, "month": _month_rule, "weekday": _weekday, "weekdays": _weekdays, "fixed": _fixed, "ago": _ago,
    "past": _past, "period": _period, "season": _season, "quarter": _quarter, "year": _year, "decade": _decade,
}  # fmt: skip
