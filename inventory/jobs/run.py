"""One run of a job: lock, update, review, reckon, write."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from inventory.jobs.deliver import deliver_report
from inventory.jobs.errors import EXIT_DAMAGED, EXIT_PARTIAL
from inventory.jobs.expect import judge_counts, judge_freshness, say_broken
from inventory.jobs.load import Job, check_filters, check_sources
from inventory.jobs.logs import Log
from inventory.jobs.moments import SinceError, Span, find_span, moment_of
from inventory.jobs.outputs import (
    METRICS_FILE,
    RUN_FILE,
    Written,
    drop_old_reports,
    prepare_folder,
    read_run_file,
    replace_latest,
    write_outputs,
    write_text,
)
from inventory.jobs.reckoning import Report, reckon_report
from inventory.jobs.record import describe_run, print_json, print_metrics
from inventory.reading import read_documents
from inventory.records import QualityRow, RunRecord
from inventory.rulebook.book import Rulebook
from inventory.rulebook.load import load_rulebook
from inventory.store import StoreError, open_store
from inventory.store.backup import restore_backup, write_backup
from inventory.store.engine import parse_address
from inventory.store.prune import prune_texts
from inventory.store.store import Store
from inventory.store.tally import Tally
from inventory.store.update import Update, update_store
from inventory.table import DocumentRow

Clock = Callable[[], str]


class Outcome(NamedTuple):
    """What came of a run: the exit code, and what run.json says."""

    exit_code: int
    told: dict[str, Any]


def run_job(job: Job, *, clock: Clock, log: Log, wait: float = 0.0, since: str | None = None, deliver: bool = True) -> Outcome:
    """Run a job: update the store, and write the report.

    Killed at any moment, the next run ends as if nothing had happened: what was read stays read, and the report shows the last run that
    changed something, whichever run writes it.

    Args:
        job: the job.
        clock: gives the present moment, ISO 8601 with a time zone.
        log: is told what happens.
        wait: seconds to wait for the store's lock.
        since: what to compare with instead of what the job says: a run, a day, a moment.
        deliver: send what the job asks for.

    Raises:
        JobError: a source, filter or folder that the job names is not there (78).
        RuleError: rules or grades have faults (78).
        SinceError: `since` names nothing (64).
        StoreLocked: another run holds the store (75).
        StoreError: the store cannot be used (65, 73, 74, 78).
        OutputError: a file cannot be written (73).
    """
    check_sources(job)
    book = load_rulebook(job.rules)
    check_filters(job, book)
    with open_store(job.store, imports=job.imports) as store, store.lock(wait):
        return _Run(store, job, book, clock, log, since).work(deliver)


def try_job(job: Job, *, clock: Clock, log: Log, since: str | None = None) -> Outcome:
    """What a run would do, tried on a copy of the store: nothing is written, deleted or sent. Raises as :func:`run_job`."""
    with tempfile.TemporaryDirectory(prefix="inventory-dry-run-") as name:
        folder = Path(name)
        copy = f"sqlite:///{folder / 'store.sqlite'}"
        try:
            with open_store(job.store, imports=job.imports, create=False) as store:
                write_backup(store, folder / "copy.zip", now=clock(), force=True)
            restore_backup(folder / "copy.zip", parse_address(copy))
        except StoreError:
            if parse_address(job.store, job.imports).path is None or Path(job.store.removeprefix("sqlite:///")).exists():
                raise
        keep = job.file.model_copy(update={"retention": job.file.retention.model_copy(update={"reports": None})})
        return run_job(
            replace(job, file=keep, store=copy, imports=None, out=folder / "out"), clock=clock, log=log, since=since, deliver=False
        )


class _Run:
    """A run that holds the store's lock."""

    def __init__(self, store: Store, job: Job, book: Rulebook, clock: Clock, log: Log, since: str | None) -> None:
        self.store, self.job, self.book, self.clock, self.log, self.since = store, job, book, clock, log, since
        self.began = time.monotonic()
        self.warnings: list[str] = []
        self.judged: list[QualityRow] = []

    def work(self, deliver: bool) -> Outcome:
        job, store = self.job, self.store
        if self.since is not None:
            if not store.moved_runs(job.name):
                raise SinceError(f"--since {self.since}: job {job.name} has no run yet — run it without --since first")
            find_span(store, job.name, since=self.since)  # a slip of the pen must be told before an hour's work
        prepare_folder(job.out)
        before = read_run_file(job.out)
        self.log.say("start", f"job {job.name}: reading {', '.join(job.file.sources)}", sources=list(job.sources), store=store.label)
        update = self._update()
        run = update.run
        self.log.say("updated", _tell_update(run, update.tally), run=run.run_id, status=run.status, **update.tally._asdict())
        rows = store.documents(job.name) if run.status != "failed" else []
        today = moment_of(run).date()
        if run.status == "failed":
            return self._refuse(update, before)
        expected = [*self.judged, *judge_freshness(job.file.expectations, rows, today, ages=True)]
        for line in say_broken(expected, "warn"):
            self._warn("expectation", line)
        span = self._find_span()
        report = reckon_report(store, job, span, self.book, self._expected_then(span, rows, update))
        for line in report.faults:
            self._warn("correction", line)
        written = write_outputs(job, run.run_id, report, store.log())
        changed = _digests(written) != _digests_before(before)
        imported = {one.sha256 for one in store.imports()}
        for path in replace_latest(job, written, before.get("last_report", {}), imported):
            self._warn(
                "edited", f"{path.name}: latest.xlsx had been edited and was moved aside — hand it in: inventory review import {path}"
            )
        exit_code = EXIT_PARTIAL if run.status == "partial" else 0
        told = self._describe(update, span, report, written, expected, changed, exit_code)
        if deliver:
            for line in deliver_report(job.file.deliver, told, written, changed=changed):
                self._warn("delivery", line)
        self._retain(run)
        told["warnings"] = list(self.warnings)
        told["last_report"] = {"run_id": run.run_id, "finished": run.finished, "outputs": told["outputs"]}
        self._leave(told, run)
        self.log.say(
            "done", _tell_report(told, job), **{key: told[key] for key in ("run_id", "changes", "changed", "exit_code", "seconds")}
        )
        return Outcome(exit_code, told)

    def _update(self) -> Update:
        job, file = self.job, self.job.file
        documents = read_documents(job.sources, published=file.published, network=file.network, private_addresses=file.private_addresses)

        def absent(row: DocumentRow, origin: str | None) -> bool:
            # A feed shows its last items only: what has dropped out of it is not withdrawn while the job still reads the feed.
            return not (origin or row.source_key).startswith(job.web) if job.web else True

        def refuse(run: RunRecord, tally: Tally) -> str | None:
            self.judged = judge_counts(file.expectations, run, tally)
            return "; ".join(say_broken(self.judged, "fail")) or None

        return update_store(
            self.store, documents, self.book, job.name, self.clock(), clock=self.clock, keep_text=file.retention.text != "none",
            absent=absent, refuse=refuse,
        )  # fmt: skip

    def _find_span(self) -> Span:
        days = self.job.file.changes.since
        return find_span(self.store, self.job.name, since=self.since, days=None if days == "previous" else int(days))

    def _expected_then(self, span: Span, rows: list[DocumentRow], update: Update) -> list[QualityRow]:
        """The expectations as the workbook shows them: with counts of the run that is shown, so that they stay until something changes."""
        shown = span.shown.run
        tally = update.tally if shown.run_id == update.run.run_id else self.store.tally(shown.run_id)
        expected = self.job.file.expectations
        return [*judge_counts(expected, shown, tally), *judge_freshness(expected, rows, moment_of(update.run).date(), ages=False)]

    def _refuse(self, update: Update, before: dict[str, Any]) -> Outcome:
        """The job expected more than there was: nothing of the run is shown, the last report stays."""
        told = self._describe(update, None, None, [], self.judged, False, EXIT_DAMAGED)
        if "last_report" in before:
            told["last_report"] = before["last_report"]
        self._leave(told, update.run)
        for line in say_broken(self.judged, "fail"):
            self.log.say("refused", f"{line}; the last report stays as it is", level="error", run=update.run.run_id)
        return Outcome(EXIT_DAMAGED, told)

    def _describe(
        self, update: Update, span: Span | None, report: Report | None, written: list[Written], expected: list[QualityRow], changed: bool,
        exit_code: int,
    ) -> dict[str, Any]:  # fmt: skip
        return describe_run(
            update.run, update.tally, span=span, report=report, written=written, expected=expected, warnings=self.warnings,
            changed=changed, seconds=time.monotonic() - self.began, digest=self.job.digest, exit_code=exit_code,
        )  # fmt: skip

    def _leave(self, told: dict[str, Any], run: RunRecord) -> None:
        write_text(self.job.out / f"{run.run_id}.json", print_json(told))
        write_text(self.job.out / RUN_FILE, print_json(told))
        write_text(self.job.out / METRICS_FILE, print_metrics(told, told.get("last_report", {}).get("finished")))

    def _retain(self, run: RunRecord) -> None:
        keep, days = self.job.file.retention.reports, self.job.file.retention.text
        if keep is not None and (gone := drop_old_reports(self.job, keep, run)):
            self.log.say("dropped reports", f"dropped {len(gone)} old reports", runs=gone)
        if isinstance(days, int) and (number := prune_texts(self.store, now=run.started, days=days)):
            self.log.say("dropped texts", f"dropped {number} old texts", texts=number)

    def _warn(self, event: str, line: str) -> None:
        self.warnings.append(line)
        self.log.warn(event, line)


def _tell_update(run: RunRecord, tally: Tally) -> str:
    told = [f"{number} {kind}" for kind, number in tally._asdict().items() if number and kind != "unchanged"]
    return f"run {run.run_id}: {run.documents} documents ({', '.join(told) or 'nothing new'}), {run.facts} facts"


def _tell_report(told: dict[str, Any], job: Job) -> str:
    changes = [f"{number} {kind}" for kind, number in told["changes"].items() if number]
    since = f" since run {told['compared_with']}" if told["compared_with"] else ""
    same = "" if told["changed"] else "; the same as the last report"
    what = f"facts: {', '.join(changes)}" if changes else "no changes" if since else "no earlier run to compare with"
    return f"{what}{since}{same}; wrote {job.out / told['outputs'][0]['file']}"


def _digests(written: list[Written]) -> dict[str, str]:
    return {one.kind: one.sha256 for one in written if one.kind != "reviews"}


def _digests_before(before: dict[str, Any]) -> dict[str, str]:
    return {one["kind"]: one["sha256"] for one in before.get("last_report", {}).get("outputs", ()) if one["kind"] != "reviews"}
