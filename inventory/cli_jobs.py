"""The commands `inventory report`, `schedule` and `status`: parse, call one function, print.

Exit codes: 0 done, 3 done but some documents failed (status: nothing good for too long), 64 wrong usage, 65 a minimum of the job or the
store is broken, 70 fault in the program, 73 output cannot be written, 74 disk, 75 another run holds the store, 78 job or rules wrong.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from inventory.cli_shared import EXIT_OUTPUT, EXIT_PARTIAL, EXIT_RULES, UsageFault

JobPath = Annotated[Path, typer.Argument(metavar="JOB.yaml", help="The job file.")]
Now = Annotated[str | None, typer.Option("--now", metavar="MOMENT", hidden=True, help="For tests: the present moment, ISO 8601.")]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="RUN|DATE", help="What to compare with, instead of what the job says: a run, a day, a moment."),
]


def _clock(now: str | None) -> Callable[[], str]:
    if now is None:
        return lambda: dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    try:
        moment = dt.datetime.fromisoformat(now)
    except ValueError:
        raise UsageFault(f"--now {now!r} is no moment — write 2022-02-07T05:00:00+00:00") from None
    text = moment.replace(tzinfo=moment.tzinfo or dt.UTC).isoformat(timespec="seconds")
    return lambda: text


def _length(option: str, text: str) -> float:
    from inventory.jobs.values import parse_length

    try:
        return parse_length(text)
    except ValueError as error:
        raise UsageFault(f"{option} {error}") from None


def _code_of(error: Exception) -> int | None:
    """The exit code of a fault that is known; `None` for any other."""
    from inventory.jobs.errors import JobError
    from inventory.report.atomic import OutputError
    from inventory.rulebook.faults import RuleError
    from inventory.store.errors import StoreError

    if isinstance(error, JobError | StoreError):
        return error.exit_code
    return EXIT_RULES if isinstance(error, RuleError) else EXIT_OUTPUT if isinstance(error, OutputError) else None


def report(
    job: JobPath,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, on a copy of the store; write and send nothing.")
    ] = False,
    since: Since = None,
    wait: Annotated[str, typer.Option("--wait", metavar="LENGTH", help="How long to wait while another run holds the store: 10m.")] = "0",
    log_format: Annotated[
        str, typer.Option("--log-format", metavar="text|json", help="Lines for people, or a JSON object an event.")
    ] = "text",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings and errors.")] = False,
    now: Now = None,
) -> None:
    """Run a job: read what is new, apply reviews, write the report."""
    from inventory.jobs.load import read_job
    from inventory.jobs.logs import Log
    from inventory.jobs.moments import SinceError
    from inventory.jobs.run import run_job, try_job

    if log_format not in ("text", "json"):
        raise UsageFault(f"--log-format {log_format!r} is not known — use text or json")
    seconds = _length("--wait", wait)
    clock = _clock(now)
    log = Log(sys.stderr, clock, as_json=log_format == "json", quiet=quiet, job=job.stem)
    try:
        read = read_job(job)
        log.job = read.name
        if dry_run:
            outcome = try_job(read, clock=clock, log=log, since=since)
            typer.echo("inventory: dry run, nothing was written", err=True)
        else:
            outcome = run_job(read, clock=clock, log=log, wait=seconds, since=since)
    except SinceError as error:
        raise UsageFault(str(error)) from None
    except Exception as error:
        code = _code_of(error)
        if log_format != "json" or code is None:
            raise
        log.say("failed", str(error), level="error", kind=type(error).__name__, exit_code=code)
        raise typer.Exit(code) from None
    if outcome.exit_code:
        raise typer.Exit(outcome.exit_code)


def schedule(
    job: JobPath,
    systemd: Annotated[bool, typer.Option("--systemd", help="A service and a timer.")] = False,
    cron: Annotated[bool, typer.Option("--cron", help="A line for a crontab.")] = False,
    airflow: Annotated[bool, typer.Option("--airflow", help="A file for Airflow's folder of DAGs.")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Write files to this folder; else all is printed.")
    ] = None,
    user: Annotated[str | None, typer.Option("--user", metavar="NAME", help="Who the service runs as; by default you.")] = None,
) -> None:
    """Print what runs the job by the clock: systemd units, a line of cron, or an Airflow DAG."""
    from inventory.jobs.load import read_job
    from inventory.jobs.schedule import make_files, plan_job
    from inventory.report.atomic import atomic_path

    chosen = [name for name, wanted in (("systemd", systemd), ("cron", cron), ("airflow", airflow)) if wanted]
    if len(chosen) != 1:
        raise UsageFault("choose one of --systemd, --cron and --airflow")
    files = make_files(plan_job(read_job(job), user), chosen[0])
    for name, text in files.items():
        if output is None:
            typer.echo(text, nl=False)
            continue
        output.mkdir(parents=True, exist_ok=True)
        with atomic_path(output / name) as temporary:
            temporary.write_text(text, "utf-8", newline="\n")
        typer.echo(str(output / name))


def status(
    jobs: Annotated[list[Path], typer.Argument(metavar="JOB.yaml...", help="Job files.")],
    max_age: Annotated[
        str | None, typer.Option("--max-age", metavar="LENGTH", help="How old the last good report may be, e.g. 26h; older ends with 3.")
    ] = None,
    runs: Annotated[int, typer.Option("--runs", metavar="N", min=0, help="How many of the last runs to list.")] = 3,
    now: Now = None,
) -> None:
    """Tell when jobs last ran, what came of it, and whether that is recent enough; for monitoring."""
    from inventory.jobs.load import read_job
    from inventory.jobs.status import describe_job

    limit = None if max_age is None else _length("--max-age", max_age)
    moment = dt.datetime.fromisoformat(_clock(now)())
    good = True
    for path in jobs:
        lines, fine = describe_job(read_job(path), moment, limit, runs)
        good &= fine
        for line in lines:
            typer.echo(line)
    if not good:
        raise typer.Exit(EXIT_PARTIAL)
