"""Runs: begin, finish, fail, list. A run that never finished hands what it had done to the next run of its job."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from inventory.records import RunRecord
from inventory.store.errors import EXIT_SETTING, StoreError, StoreLocked
from inventory.store.schema import VERSIONED, decisions, document_versions, documents, insert_new, runs, settings

FINISHED = ("done", "partial")


def make_run_id(now: str) -> str:
    """The id of a run that starts at `now` (ISO 8601 with time zone): `20220207T050000Z`; sorts by time, fits a file name.

    Raises:
        ValueError: `now` is no time or has no time zone.
    """
    moment = dt.datetime.fromisoformat(now)
    if moment.tzinfo is None:
        raise ValueError(f"{now!r} has no time zone; write 2022-02-07T05:00:00+00:00")
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def begin_run(connection: sa.Connection, job: str, now: str, rulebook: str, version: str) -> RunRecord:
    """Insert a run in status `running`; whoever calls holds the store's lock, so any other running run was interrupted."""
    interrupted = runs.c.status == "running"
    connection.execute(
        runs.update().where(interrupted).values(status="failed", finished=now, note="interrupted before it was finished; taken over")
    )
    seq = (connection.execute(sa.select(sa.func.max(runs.c.seq))).scalar() or 0) + 1
    base = ident = make_run_id(now)
    taken = 1
    while connection.execute(sa.select(runs.c.seq).where(runs.c.run_id == ident)).first() is not None:
        taken += 1
        ident = f"{base}-{taken}"
    record = RunRecord(ident, job, now, None, "running", rulebook, version, 0, 0, 0, 0, 0)
    connection.execute(runs.insert().values(seq=seq, **record._asdict()))
    # Decisions enter the log only while no run holds the store, so their number now tells which ones the run saw.
    number = connection.execute(sa.select(sa.func.count()).select_from(decisions)).scalar_one()
    insert_new(connection, settings, {"name": f"log:{ident}", "value": str(number)})
    _take_over(connection, job, seq)
    return record


def _take_over(connection: sa.Connection, job: str, seq: int) -> None:
    """Make what failed runs of the job have written the work of run `seq`. No reader has seen it: they look at finished runs only."""
    failed = sa.select(runs.c.seq).where(runs.c.job == job, runs.c.status == "failed").scalar_subquery()
    for table in VERSIONED:
        for name in ("since", "until"):
            connection.execute(table.update().where(table.c[name].in_(failed)).values({name: seq}))
    connection.execute(document_versions.update().where(document_versions.c.read_in.in_(failed)).values(read_in=seq))


def find_run(connection: sa.Connection, run_id: str) -> tuple[int, RunRecord]:
    """The number and the record of a run.

    Raises:
        StoreError: there is no such run (exit code 78).
    """
    row = connection.execute(sa.select(runs).where(runs.c.run_id == run_id)).first()
    if row is None:
        raise StoreError(f"the store has no run {run_id!r} — inventory status lists the runs", EXIT_SETTING)
    return row.seq, _record(row)


def hold_run(connection: sa.Connection, run_id: str) -> tuple[int, RunRecord]:
    """The number and the record of a run that is about to write, kept from being given up until the transaction ends.

    A lock can be lost unnoticed (a server that was restarted, a network disk). Whoever takes the run over marks it `failed` first; then it
    may write no more.

    Raises:
        StoreError: the run is no longer `running` (exit code 75).
    """
    row = connection.execute(sa.select(runs).where(runs.c.run_id == run_id).with_for_update()).first()
    if row is None or row.status != "running":
        raise StoreLocked(f"run {run_id} was given up meanwhile, another one has the store — let that one finish, then run again")
    return row.seq, _record(row)


def close_run(connection: sa.Connection, seq: int, **values: Any) -> RunRecord:
    """Write the last word on a run."""
    connection.execute(runs.update().where(runs.c.seq == seq).values(**values))
    return _record(connection.execute(sa.select(runs).where(runs.c.seq == seq)).one())


def list_runs(connection: sa.Connection, job: str | None) -> list[tuple[int, RunRecord]]:
    """All runs in the order in which they began."""
    query = sa.select(runs).order_by(runs.c.seq)
    if job is not None:
        query = query.where(runs.c.job == job)
    return [(row.seq, _record(row)) for row in connection.execute(query)]


def list_moved(connection: sa.Connection, job: str) -> list[tuple[RunRecord, int]]:
    """The finished runs of a job that changed something, oldest first, each with the length of the log of decisions that it saw.

    A run counts when a row of a document, fact, issue or candidate begins or ends with it, when decisions have come in since the run
    before, and when it is the first.
    """
    touched: set[int] = set()
    for table in VERSIONED:
        for column in (table.c.since, table.c.until):
            touched |= set(connection.execute(sa.select(column).join(documents).where(documents.c.job == job).distinct()).scalars())
    query = sa.select(settings.c.name, settings.c.value).where(settings.c.name.like("log:%"))
    lengths = {row.name: int(row.value) for row in connection.execute(query)}
    moved: list[tuple[RunRecord, int]] = []
    for seq, run in list_runs(connection, job):
        if run.status in FINISHED:
            length = lengths.get(f"log:{run.run_id}", 0)
            if not moved or seq in touched or length != moved[-1][1]:
                moved.append((run, length))
    return moved


def latest_finished(connection: sa.Connection, job: str | None) -> list[tuple[str, int]]:
    """Job and number of the last finished run of each job (or of one), latest first."""
    query = sa.select(runs.c.job, sa.func.max(runs.c.seq)).where(runs.c.status.in_(FINISHED)).group_by(runs.c.job)
    if job is not None:
        query = query.where(runs.c.job == job)
    return sorted(((name, seq) for name, seq in connection.execute(query)), key=lambda pair: -pair[1])


def count_read(connection: sa.Connection, job: str, seq: int) -> int:
    """How many documents run `seq` has read, what it took over included."""
    table = document_versions
    query = sa.select(sa.func.count()).select_from(table.join(documents)).where(documents.c.job == job)
    return int(connection.execute(query.where(table.c.since == seq, table.c.read_in == seq)).scalar() or 0)


def _record(row: Any) -> RunRecord:
    return RunRecord(*(getattr(row, name) for name in RunRecord._fields))
