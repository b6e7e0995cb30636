"""Days counted by day, week, month or year, whichever gives a picture that can be read."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator

MOST_PERIODS = 24
EARLIER, UNDATED = "older", "undated"
_SHARE = 20  # one date in twenty may lie before the first period: a single old date must not flatten the picture


def count_periods(days: Iterable[dt.date | None], most: int = MOST_PERIODS) -> list[tuple[str, int]]:
    """Name and number of each period from the first to the last, empty ones included, at most `most`.

    The finest unit that fits is taken. What lies before the periods is counted as `older`, days that are missing as `undated`.
    """
    given = list(days)
    known = sorted(day for day in given if day is not None)
    if not known:
        return [(UNDATED, len(given))] if given else []
    start = known[len(known) // _SHARE]
    span = (known[-1] - start).days
    name, step = next(((unit, days) for unit, days in _UNITS if span // days <= most - 4), (_year, 365))
    periods = list(dict.fromkeys(map(name, _walk(start, known[-1], step))))[-(most - 2) :]
    counts = Counter(map(name, known))
    rows = [(period, counts.pop(period, 0)) for period in periods]
    earlier = sum(counts.values())
    undated = len(given) - len(known)
    return [*([(EARLIER, earlier)] if earlier else []), *rows, *([(UNDATED, undated)] if undated else [])]


def _walk(first: dt.date, last: dt.date, step: int) -> Iterator[dt.date]:
    day = first
    while day < last:
        yield day
        if (dt.date.max - day).days < step:
            break
        day += dt.timedelta(days=step)
    yield last


def _day(day: dt.date) -> str:
    return day.isoformat()


def _week(day: dt.date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _month(day: dt.date) -> str:
    return f"{day:%Y-%m}"


def _year(day: dt.date) -> str:
    return f"{day.year:04d}"


_UNITS = ((_day, 1), (_week, 7), (_month, 28))
