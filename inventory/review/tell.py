"""Lines that the commands print about the log: entries, imports, where reviews stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from inventory.reconcile.reviews import apply_reviews
from inventory.reconcile.words import drop_undone
from inventory.records import ReviewState
from inventory.report.review_sheet import tell_review
from inventory.report.rowcheck import EMPTY_WORD, hash_fact
from inventory.review.imports import read_decided
from inventory.review.precision import list_judgements, measure_precision
from inventory.store.imports import ImportRecord
from inventory.store.log import LogEntry
from inventory.store.store import Store

_WORST = 10  # rules named in the status


def describe_entry(entry: LogEntry) -> str:
    """One line: number, when, who, what, which fact, and where it was said."""
    word = entry.decision
    cells = ", ".join(f"{name} = {EMPTY_WORD if value is None else value}" for name, value in word.corrections.items())
    where = f"{word.workbook_sha256[:8]} {word.sheet}" + (f" row {word.row}" if word.row else "") if word.workbook_sha256 else word.sheet
    told = "; ".join(part for part in (cells, " ".join((word.comment or "").split())) if part)
    return f"{entry.seq:>6}  {word.imported_at}  {word.reviewer}  {word.decision}  {word.fact_id}  [{where}]" + (
        f"  {told}" if told else ""
    )


def describe_imports(imports: Iterable[ImportRecord], entries: Sequence[LogEntry]) -> Iterator[str]:
    """One line an imported workbook: beginning of its hash, when, name, decisions that it brought, and those that count."""
    brought = Counter(entry.decision.workbook_sha256 for entry in entries)
    counting = Counter(word.workbook_sha256 for word in drop_undone(entry.decision for entry in entries))
    for one in imports:
        undone = ", undone" if brought[one.sha256] and not counting[one.sha256] else ""
        yield f"{one.sha256[:12]}  {one.imported_at}  {one.name}  {counting[one.sha256]} decisions{undone}"


def describe_status(store: Store) -> tuple[list[str], bool]:
    """The lines of `inventory review status`, and whether the log is whole."""
    decisions = store.decisions()
    facts = store.facts()
    reviewed = apply_reviews(facts, decisions, hash_fact)
    states = reviewed.states
    counts = Counter(state.state for state in states.values())
    known = {fact.fact_id for fact in (*facts, *reviewed.facts)}
    lines = [
        f"{len(store.imports())} workbooks imported, {len(decisions)} decisions by {len({word.reviewer for word in decisions})} reviewers"
    ]
    lines.append(f"{len(known) - sum(fact_id in known for fact_id in states)} of {len(known)} current facts not reviewed")
    lines += [f"{number:>6}  {state}" for state, number in sorted(counts.items())]
    lines += [f"held: {_describe_state(state)}" for state in states.values() if state.state == "held"]
    lines += [f"cannot be applied: {fault}" for fault in reviewed.faults]
    judged = list_judgements(decisions, read_decided(store, decisions))
    rows = [row for row in measure_precision(judged) if row.check in ("precision", "precision by rule")]
    for row in rows[: _WORST + 1]:
        share = f"{row.value:.2f} ({row.low:.2f} to {row.high:.2f})"
        lines.append(f"{row.check} {'' if row.check == 'precision' else row.scope + ' '}{share}, n {row.n}: {row.note}")
    breaks = store.verify_chain()
    lines += [f"the log is damaged: {fault}" for fault in breaks]
    return lines, not breaks


def _describe_state(state: ReviewState) -> str:
    words = "; ".join(f"{word.reviewer} {word.decision}" for word in state.decisions)
    return f"{state.fact_id}: {words} ({tell_review(state)})"
