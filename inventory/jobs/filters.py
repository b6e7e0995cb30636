"""Which facts a job reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from inventory.jobs.schema import Filters, Period
from inventory.model import Fact

Test = Callable[[Fact], bool]


def make_filter(filters: Filters, day: dt.date) -> Test | None:
    """The test that a fact must pass; `None` if every fact does. `day` is what `period: last` counts back from."""
    tests: list[Test] = []
    if filters.actor is not None:
        tests.append(_one_of(filters.actor, lambda fact: (fact.actor, fact.actor_id)))
    if filters.place is not None:
        tests.append(_one_of(filters.place, lambda fact: (fact.place, fact.place_id, fact.admin)))
    if filters.category is not None:
        tests.append(_below(filters.category))
    for name in ("kind", "country", "status", "modality"):
        wanted: Any = getattr(filters, name)
        if wanted is not None:
            tests.append(_one_of(wanted, _cell(name)))
    if filters.period is not None:
        tests.append(_within(filters.period, day))
    if filters.confidence is not None:
        least = filters.confidence
        tests.append(lambda fact: fact.confidence >= least)
    if not tests:
        return None
    return lambda fact: all(test(fact) for test in tests)


def describe_filters(filters: Filters) -> dict[str, str]:
    """The filters as the sheet Run shows them."""
    told = filters.model_dump(mode="json", exclude_none=True)
    return {f"filter {name}": _say(value) for name, value in told.items()}


def _say(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _one_of(wanted: Iterable[str], cells: Callable[[Fact], tuple[str | None, ...]]) -> Test:
    names = {name.casefold() for name in wanted}
    return lambda fact: any(cell is not None and cell.casefold() in names for cell in cells(fact))


def _cell(name: str) -> Callable[[Fact], tuple[str | None, ...]]:
    return lambda fact: (getattr(fact, name),)


def _below(paths: Iterable[str]) -> Test:
    wanted = tuple(paths)

    def test(fact: Fact) -> bool:
        return any(fact.category == path or (fact.category or "").startswith(f"{path}/") for path in wanted)

    return test


def _within(period: Period, day: dt.date) -> Test:
    first = day - dt.timedelta(days=period.last) if period.last is not None else period.since
    last = day if period.last is not None else period.until

    def test(fact: Fact) -> bool:
        begin = fact.date_start or fact.date_end or fact.published
        end = fact.date_end or fact.date_start or fact.published
        if begin is None or end is None:
            return False
        return (first is None or end >= first) and (last is None or begin <= last)

    return test
