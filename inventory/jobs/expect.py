"""What a run must hold: a broken minimum fails it, a broken maximum is a warning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from inventory.jobs.schema import Expectations, Limits
from inventory.records import QualityRow, RunRecord
from inventory.store.tally import Tally
from inventory.table import DocumentRow

_COUNTS = ("documents", "facts", "failed", "withdrawn")
_MENDS = {
    "documents": "look at the sources: did something not arrive?",
    "facts": "look at the sources and the rules",
    "failed": "look at the sheet Errors",
    "withdrawn": "look at the sources: did files go missing?",
}


def judge_counts(expected: Expectations, run: RunRecord, tally: Tally) -> list[QualityRow]:
    """One row for each limit of a number: its value, the limit, and ok, warn (a maximum) or fail (a minimum)."""
    values = {"documents": run.documents, "facts": run.facts, "failed": tally.failed, "withdrawn": tally.withdrawn}
    rows = []
    for name in _COUNTS:
        limits: Limits = getattr(expected, name)
        for bound, sign, broken in (
            (limits.min, ">=", limits.min is not None and values[name] < limits.min),
            (limits.max, "<=", limits.max is not None and values[name] > limits.max),
        ):
            if bound is not None:
                status = ("fail" if sign == ">=" else "warn") if broken else "ok"
                note = _MENDS[name] if broken else ""
                rows.append(QualityRow(name, run.job, float(values[name]), None, None, None, f"{sign} {bound}", status, note))
    return rows


def judge_freshness(expected: Expectations, documents: Iterable[DocumentRow], today: dt.date, *, ages: bool) -> list[QualityRow]:
    """One row for each publisher that must be heard of: ok, or warn if its latest document is older than allowed or there is none.

    Without `ages` the row tells the day and not how long ago that was, so that it stays the same from day to day.
    """
    latest: dict[str, dt.date | None] = {}
    for row in documents:
        if row.source is not None:
            days = [day for day in (latest.get(row.source), row.published) if day is not None]
            latest[row.source] = max(days, default=None)
    rows = []
    for source, limit in sorted(expected.freshness.items()):
        last = latest.get(source)
        age = (today - last).days if last is not None else None
        status = "ok" if age is not None and age <= limit.max else "warn"
        heard = f"latest {last}" if last is not None else "no dated document" if source in latest else "no document"
        note = heard if status == "ok" else f"{heard}: look at how its documents arrive"
        shown = float(age) if ages and age is not None else None
        rows.append(QualityRow("freshness", source, shown, None, None, None, f"<= {limit.max} days", status, note))
    return rows


def say_broken(rows: Sequence[QualityRow], status: str) -> list[str]:
    """The broken expectations of one status, a line each."""
    return [
        f"{row.check} ({row.scope}) {'is ' + format(row.value, 'g') + ', ' if row.value is not None else ''}"
        f"must be {row.threshold} — {row.note}"
        for row in rows
        if row.status == status
    ]
