"""When a job last ran, and whether that is good enough; for people and for monitoring."""

from __future__ import annotations

import datetime as dt
from typing import Any

from inventory.jobs.load import Job
from inventory.jobs.outputs import read_run_file
from inventory.records import RunRecord
from inventory.store import StoreError, open_store
from inventory.store.errors import EXIT_SETTING


def describe_job(job: Job, now: dt.datetime, max_age: float | None, number: int) -> tuple[list[str], bool]:
    """What to print of a job, and whether all is well: there is a report, the last run wrote it, of every document, not too long ago.

    Args:
        job: the job.
        now: the present moment, with a time zone.
        max_age: seconds that the last report may be old; `None`: any age.
        number: how many of the last runs to list.

    Raises:
        StoreError: the store cannot be used; a store that does not exist yet is no fault, but not well either.
    """
    try:
        with open_store(job.store, imports=job.imports, create=False) as store:
            runs = store.runs(job.name)
    except StoreError as error:
        if error.exit_code != EXIT_SETTING or "there is no store" not in str(error):
            raise
        runs = []
    last = _find_report(job)
    wrong = []
    if not runs:
        wrong.append("it has never run")
    elif runs[-1].status not in ("done", "partial"):
        wrong.append(f"its last run is {runs[-1].status}" + (f": {runs[-1].note}" if runs[-1].note else ""))
    elif runs[-1].status == "partial":
        wrong.append("its last run could not read every document")
    age = None
    if last is None:
        wrong.append("there is no report")
    else:
        age = (now - dt.datetime.fromisoformat(last["finished"])).total_seconds()
        if max_age is not None and age > max_age:
            wrong.append(f"its last report is older than {_say(max_age)}")
        if last.get("run_id") not in {run.run_id for run in runs}:
            wrong.append("its last report is of a run that the store does not know")
    told = f"last report {last['run_id']}, {_say(age or 0)} ago" if last is not None else "no report"
    lines = [f"{job.name}: {'ok' if not wrong else '; '.join(wrong)} ({told})"]
    lines += [_describe_run(run) for run in runs[::-1][:number]]
    return lines, not wrong


def _find_report(job: Job) -> dict[str, Any] | None:
    """The last report as run.json tells of it; `None` if there is none, or the file was damaged."""
    last: Any = read_run_file(job.out).get("last_report")
    try:
        dt.datetime.fromisoformat(last["finished"]), last["run_id"]
    except (TypeError, KeyError, ValueError):
        return None
    return last if isinstance(last, dict) else None


def _describe_run(run: RunRecord) -> str:
    figures = f"{run.documents} documents ({run.read} read, {run.withdrawn} withdrawn), {run.facts} facts, {run.issues} issues"
    return f"  {run.run_id}  {run.status:<8}  {figures}" + (f"; {run.note}" if run.note else "")


def _say(seconds: float) -> str:
    seconds = max(0, int(seconds))
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    return f"{hours // 24} d {hours % 24} h" if hours >= 48 else f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
