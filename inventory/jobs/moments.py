"""Which run a report shows, and which it is compared with.

A report shows the last run that changed something, not the run that happens to write it: so a run with nothing new writes the same bytes,
and a run that was killed after its work was done, but before its report was written, costs nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from inventory.records import FactVersion, RunRecord
from inventory.store.store import Store


class SinceError(ValueError):
    """`--since` names no run and no day that there is something to compare with."""


class Moment(NamedTuple):
    """A finished run that changed something, and the number of decisions that it saw."""

    run: RunRecord
    decisions: int

    @property
    def day(self) -> dt.date:
        """The day on which the run began, UTC."""
        return moment_of(self.run).date()


class Span(NamedTuple):
    """The run that is shown, and the one that it is compared with, if there is one."""

    shown: Moment
    base: Moment | None


def moment_of(run: RunRecord) -> dt.datetime:
    """When a run began, UTC."""
    return dt.datetime.fromisoformat(run.started).astimezone(dt.UTC)


def find_span(store: Store, job: str, *, since: str | None = None, days: int | None = None) -> Span:
    """The last run that changed something, and what it is compared with: by default the one before it.

    Args:
        store: with at least one finished run of the job.
        job: the job's name.
        since: the id of a run, a day (the state before it began) or a moment (ISO 8601).
        days: compare with the state of so many days before the run that is shown.

    Raises:
        SinceError: `since` names nothing that can be compared with.
    """
    moved = [Moment(*pair) for pair in store.moved_runs(job)]
    shown = moved[-1]
    if since is not None:
        return Span(shown, _find_since(store, job, moved, since))
    if days is not None:
        limit = moment_of(shown.run) - dt.timedelta(days=days)
        return Span(shown, _last([one for one in moved[:-1] if moment_of(one.run) <= limit]))
    return Span(shown, _last(moved[:-1]))


def _find_since(store: Store, job: str, moved: list[Moment], since: str) -> Moment:
    order = [run.run_id for run in store.runs(job) if run.status in ("done", "partial")]
    if since in order:
        earlier = set(order[: order.index(since) + 1])
        found = _last([one for one in moved if one.run.run_id in earlier])
        assert found is not None  # the first finished run always counts as one that changed something
        return found
    try:
        limit = dt.datetime.fromisoformat(since)
    except ValueError:
        some = ", ".join(order[-3:])
        raise SinceError(f"--since {since!r} is no run of job {job} and no day — the last runs are {some}") from None
    limit = limit.replace(tzinfo=limit.tzinfo or dt.UTC)
    found = _last([one for one in moved if moment_of(one.run) < limit])
    if found is None:
        raise SinceError(f"--since {since}: job {job} has no run before that — its first is {moved[0].run.run_id}")
    return found


def _last(moments: list[Moment]) -> Moment | None:
    return moments[-1] if moments else None


class Versions(NamedTuple):
    """The versions that were current at a run, those that are now, and the ids of all facts known up to that run."""

    before: list[FactVersion]
    now: list[FactVersion]
    known: frozenset[str]


def split_versions(store: Store, job: str, span: Span, versions: Iterable[FactVersion]) -> Versions:
    """The versions of a job's facts as of the two runs of a span."""
    order = {run.run_id: number for number, run in enumerate(store.runs(job))}
    base = -1 if span.base is None else order[span.base.run.run_id]
    before, now, known = [], [], set()
    for version in versions:
        if version.until is None:
            now.append(version)
        if order[version.since] <= base:
            known.add(version.fact.fact_id)
            if version.until is None or order.get(version.until, base) > base:
                before.append(version)
    return Versions(before, now, frozenset(known))


def list_pending(store: Store, job: str, span: Span, versions: Iterable[FactVersion], days: int) -> dict[str, str]:
    """The current facts that began, or changed, not more than so many days before the run that is shown: id → `new` or `changed`."""
    began = {run.run_id: moment_of(run) for run in store.runs(job)}
    limit = moment_of(span.shown.run) - dt.timedelta(days=days)
    first: dict[str, dt.datetime] = {}
    last: dict[str, dt.datetime] = {}
    for version in versions:  # oldest first for each fact
        moment = began[version.since]
        first.setdefault(version.fact.fact_id, moment)
        if version.until is None:
            last[version.fact.fact_id] = moment
    return {key: "new" if first[key] >= limit else "changed" for key, moment in sorted(last.items()) if moment >= limit}
