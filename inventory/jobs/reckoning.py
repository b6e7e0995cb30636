"""From the store to what a report shows: facts, reviews, holdings, conflicts, changes, quality."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from inventory.jobs.filters import Test, describe_filters, make_filter
from inventory.jobs.load import Job
from inventory.jobs.moments import Moment, Span, list_pending, split_versions
from inventory.model import Document, Fact, RunInfo
from inventory.reconcile.added import list_added
from inventory.reconcile.families import list_families
from inventory.reconcile.grades import read_grades
from inventory.reconcile.holdings import list_holdings
from inventory.reconcile.known import Earlier, reckon
from inventory.reconcile.reprints import find_reprints
from inventory.reconcile.reviews import Reviewed, apply_reviews
from inventory.records import Change, Decision, Holding, Known, QualityRow, Reprint
from inventory.report.rowcheck import hash_fact
from inventory.review.imports import read_decided
from inventory.review.precision import list_judgements, measure_precision
from inventory.rulebook.book import Rulebook
from inventory.store.store import Store
from inventory.table import DocumentRow, Facts


class Report(NamedTuple):
    """What is written: `shown` are the facts as extracted, which the workbook sets corrections beside; `counted` those that count after
    review; both after the job's filters. `known` is what is known over documents and runs."""

    shown: Facts
    counted: Facts
    known: Known
    faults: tuple[str, ...]


class _State(NamedTuple):
    """What was so at a run."""

    reviewed: Reviewed
    reprints: list[Reprint]
    as_of: dt.date


def reckon_report(store: Store, job: Job, span: Span, book: Rulebook, expected: Sequence[QualityRow] = ()) -> Report:
    """Reckon the report of a job.

    Args:
        store: after the update; the lock is held, or decisions could come in between.
        job: the job.
        span: which run is shown, and what it is compared with.
        book: the rule pack, for families.
        expected: what the run had to hold, for the sheet Quality.
    """
    decisions = store.decisions()
    history = store.versions(job.name)
    versions = split_versions(store, job.name, span, history)
    keeps = make_filter(job.file.filters, span.shown.day)
    facts, rows = store.facts(job.name), store.documents(job.name)
    state = _review(store, job, span.shown, facts, rows, decisions, keeps)
    ids = {fact.fact_id for fact in (*state.reviewed.facts, *state.reviewed.rejected)}
    earlier = None
    if span.base is not None:
        # Versions hold extracted cells: a fact that a correction moved into the filter, or out of it, is told by its id.
        old = [version.fact for version in versions.before]
        was = _review(store, job, span.base, old, store.documents(job.name, run=span.base.run.run_id), decisions, keeps)
        ids_then = {fact.fact_id for fact in (*was.reviewed.facts, *was.reviewed.rejected)}
        holdings = _hold(job, was, book)
        before = [version for version in versions.before if keeps is None or version.fact.fact_id in ids_then]
        earlier = Earlier(before, was.reviewed.states, holdings, versions.known)
    known = reckon(
        state.reviewed, reprints=state.reprints, as_of=state.as_of, window=_window(job), families=list_families(book),
        grades=read_grades(job.grades) if job.grades is not None else (),
        versions=[version for version in versions.now if keeps is None or version.fact.fact_id in ids], earlier=earlier,
    )  # fmt: skip
    added = list_added(decisions)
    changes = known.changes
    if span.base is not None:
        changes += tuple(_tell_added(added, list_added(decisions[: span.base.decisions]), keeps))
    parameters = {
        "as of": str(state.as_of), "window": str(job.file.holdings.window), **describe_filters(job.file.filters),
        "review conflicts": job.file.reviews.conflict, "job file": job.digest[:16],
    }  # fmt: skip
    quality = (*expected, *measure_precision(list_judgements(decisions, read_decided(store, decisions))))
    if job.file.retention.text == "none":
        quality += (QualityRow("reprints", job.name, None, None, None, None, None, "warn", "not looked for: texts are not kept"),)
    known = replace(
        known, run=span.shown.run, previous=span.base.run if span.base is not None else None, changes=changes,
        quality=quality, parameters=parameters, pending=list_pending(store, job.name, span, history, job.file.reviews.waiting),
    )  # fmt: skip
    shown = [*facts, *(fact for fact in added if fact.fact_id not in {one.fact_id for one in facts})]
    issues = store.issues(job.name)
    info = RunInfo(
        span.shown.run.version, span.shown.run.rulebook, f"inventory report {job.path.name}", {}, len(rows), len(ids), span.shown.run.issues
    )
    return Report(
        Facts([fact for fact in shown if fact.fact_id in ids], rows, issues, store.candidates(job.name), info),
        Facts(state.reviewed.facts, rows, issues, (), info), known, tuple(state.reviewed.faults),
    )  # fmt: skip


def _review(
    store: Store, job: Job, moment: Moment, facts: Sequence[Fact], rows: Sequence[DocumentRow], decisions: Sequence[Decision],
    keeps: Test | None,
) -> _State:  # fmt: skip
    policy = job.file.reviews
    reviewed = apply_reviews(facts, decisions[: moment.decisions], hash_fact, policy=policy.conflict, lead=policy.lead)
    reprints = [] if job.file.retention.text == "none" else find_reprints(_texts(store, rows))
    return _State(reviewed if keeps is None else _filter(reviewed, keeps), reprints, _as_of(job, moment, rows))


def _filter(reviewed: Reviewed, keeps: Test) -> Reviewed:
    """After review, so that a corrected side or place decides."""
    facts = [fact for fact in reviewed.facts if keeps(fact)]
    rejected = [fact for fact in reviewed.rejected if keeps(fact)]
    ids = {fact.fact_id for fact in (*facts, *rejected)}
    gone = {fact.fact_id for fact in (*reviewed.facts, *reviewed.rejected)} - ids
    return Reviewed(
        facts, {key: state for key, state in reviewed.states.items() if key not in gone},
        {key: fact for key, fact in reviewed.extracted.items() if key in ids}, rejected, reviewed.faults,
    )  # fmt: skip


def _hold(job: Job, state: _State, book: Rulebook) -> list[Holding]:
    return list_holdings(
        state.reviewed.facts, reprints=state.reprints, as_of=state.as_of, window=_window(job), families=list_families(book)
    )


def _window(job: Job) -> int | None:
    return None if job.file.holdings.window == "none" else int(job.file.holdings.window)


def _as_of(job: Job, moment: Moment, rows: Iterable[DocumentRow]) -> dt.date:
    """The day that holdings are told for. `latest` asks the documents, but no day that the run had not seen yet."""
    chosen = job.file.holdings.as_of
    if isinstance(chosen, dt.date):
        return chosen
    days = [row.published for row in rows if row.published is not None and row.published <= moment.day]
    return max(days) if chosen == "latest" and days else moment.day


def _texts(store: Store, rows: Iterable[DocumentRow]) -> Iterable[Document]:
    for row in rows:
        text = store.text(row.text_sha256) if row.text_sha256 else None
        if text:
            yield Document(
                text, row.doc_id, row.title, row.source, row.url, row.published, row.retrieved, row.language, source_key=row.source_key
            )


def _tell_added(now: Iterable[Fact], then: Iterable[Fact], keeps: Test | None) -> Iterable[Change]:
    """Facts that analysts added or took back: they are in no document, so no version tells of them."""
    new, old = ({fact.fact_id: fact for fact in facts if keeps is None or keeps(fact)} for facts in (now, then))
    for change, here, there in (("new", new, old), ("withdrawn", old, new)):
        for fact_id in sorted(here.keys() - there.keys()):
            fact = here[fact_id]
            yield Change(
                change, "review", fact_id, fact.kind, fact.item, fact.actor, fact.place, fact.status, None, None, None, fact.source,
                fact.evidence,
            )  # fmt: skip
