"""Records of what is known over many documents and runs: runs, stored versions, decisions, clusters, holdings, conflicts, changes.

`model.py` says what one document tells; these say what a desk knows. `store` keeps them, `reconcile` makes them, `report` shows
them, `review` brings decisions back. Field names are column headings; `Column` tables beside a record describe them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from inventory.model import Column, Fact

DECISIONS = ("accept", "reject", "correct", "second look", "clear")
CONFLICT_POLICIES = ("hold", "lead", "latest")
CHANGE_KINDS = ("new", "updated", "withdrawn", "reappeared")
CHANGE_CAUSES = ("source", "rules", "review")
REVIEW_STATES = ("accepted", "rejected", "corrected", "second look", "held", "confirm", "orphan")
# Admiralty scale (NATO AJP-2.1): reliability of the source A–F, credibility of the information 1–6. No machine writes 1.
RELIABILITIES = ("A", "B", "C", "D", "E", "F")
HOLDING_LEVELS = ("total", "category", "family", "item")
TRENDS = ("up", "down", "same", "new")

# What stands as `sheet` in a decision that comes from no row of a workbook. An adjudication speaks above the reviewers and ends a
# disagreement (`clear` lifts it). An undo voids what the same workbook said before of the same fact.
ADJUDICATED = "(adjudicated)"
UNDONE = "(undone)"
# Facts that an analyst added in a review live in the log alone: their id begins so, their corrections hold the whole fact.
ANALYST_PREFIX = "A"

DECISION_COLUMNS: tuple[Column, ...] = (
    Column("fact_id", "str", "The fact that was reviewed."),
    Column("decision", "enum", "What the reviewer said; clear retracts the reviewer's earlier word.", DECISIONS),
    Column("corrections", "json", "Column and corrected value, for `correct`; a value of null empties the cell."),
    Column("comment", "str", "What the reviewer wrote."),
    Column("reviewer", "str", "Who decided."),
    Column("decided_at", "str", "When the reviewer says that it was decided, ISO 8601; empty where the workbook says nothing."),
    Column("imported_at", "str", "When the decision entered the log, ISO 8601, UTC."),
    Column("workbook_sha256", "str", "SHA-256 of the workbook that brought it."),
    Column("sheet", "str", "Sheet of that workbook."),
    Column("row", "int", "Row of that sheet."),
    Column("base_run", "str", "Run whose report was reviewed."),
    Column(
        "shown_hash", "str", "Hash of the fact's cells as the reviewer saw them; another hash now means that the fact has changed since."
    ),
)


class Decision(NamedTuple):
    """One word of one reviewer on one fact, append-only; the fields are those of :data:`DECISION_COLUMNS`."""

    fact_id: str
    decision: str
    corrections: dict[str, str | None]
    comment: str | None
    reviewer: str
    decided_at: str | None
    imported_at: str
    workbook_sha256: str
    sheet: str
    row: int
    base_run: str | None
    shown_hash: str | None


class ReviewState(NamedTuple):
    """Where the review of one fact stands, after all decisions: one of :data:`REVIEW_STATES`.

    `held`: reviewers disagree and nobody has adjudicated. `confirm`: decided on an earlier form of the fact, which has changed since.
    `orphan`: decided, but the fact is in no current document. `decisions` are the words that stand (one a reviewer).
    """

    fact_id: str
    state: str
    corrections: dict[str, str | None]
    reviewers: tuple[str, ...]
    comment: str | None
    decisions: tuple[Decision, ...]


class RunRecord(NamedTuple):
    """One run of a job. Times ISO 8601, UTC; `status` is running, done, partial or failed; counts are of current documents and facts.

    `read` counts documents that had to be read, `withdrawn` those that were there before and are no longer; `note` says why a run failed.
    """

    run_id: str
    job: str
    started: str
    finished: str | None
    status: str
    rulebook: str
    version: str
    documents: int
    facts: int
    issues: int
    read: int
    withdrawn: int
    note: str | None = None


class FactVersion(NamedTuple):
    """A stored version of a fact: valid from the run `since` until the run `until` (empty: current), and why it began.

    `ended` is why it ended: `source` (the text changed or is no longer there) or `rules`; empty while it is current.
    """

    fact: Fact
    source_key: str
    since: str
    until: str | None
    cause: str
    ended: str | None = None


class Cluster(NamedTuple):
    """Facts of several documents that tell one thing. `independent` counts sources after reprints are folded into their original."""

    cluster_id: str
    fact_ids: tuple[str, ...]
    lead: str
    reports: int
    independent: int
    credibility: int | None


class Reprint(NamedTuple):
    """A document whose text is a near-copy of an earlier one; `similarity` is the Jaccard index of their shingles, 0–1."""

    doc_id: str
    original: str
    similarity: float


class Holding(NamedTuple):
    """What one side holds of one thing at one place as of a day; every number is traceable to `fact_ids`.

    `low` and `high` are bounds (`high` empty: open), `lost_low` and `lost_high` losses, tallied apart. `level` says what the row rolls
    up: item, family, category or total. `trend` compares with the previous run: up, down, same, new or empty. `fact_ids` are the facts
    that the numbers rest on, `other_ids` those of the row that feed none; `reports` counts both.
    """

    kind: str
    actor: str | None
    actor_id: str | None
    level: str
    category: str | None
    family: str | None
    item: str | None
    counted_as: str
    place: str | None
    place_id: str | None
    country: str | None
    lat: float | None
    lon: float | None
    as_of: dt.date | None
    low: int | None
    high: int | None
    lost_low: int | None
    lost_high: int | None
    pledged_low: int | None
    pledged_high: int | None
    ordered_low: int | None
    ordered_high: int | None
    delivered_low: int | None
    delivered_high: int | None
    reports: int
    independent: int
    latest: dt.date | None
    trend: str | None
    conflict: bool
    flags: str
    fact_ids: tuple[str, ...]
    other_ids: tuple[str, ...] = ()


class Conflict(NamedTuple):
    """Two sides of a contradiction: intervals of one actor, item, place and period that cannot both be true, or reviewers who disagree.

    `kind` is `count` or `review`; `left` and `right` are fact ids (of a review conflict the same fact).
    """

    conflict_id: str
    kind: str
    actor: str | None
    item: str
    place: str | None
    period_start: dt.date | None
    period_end: dt.date | None
    left: str
    left_says: str
    left_source: str | None
    left_evidence: str
    right: str
    right_says: str
    right_source: str | None
    right_evidence: str


class Change(NamedTuple):
    """One cell that differs from the earlier run, or (`field` empty) a whole fact that came or went."""

    change: str
    cause: str
    fact_id: str
    kind: str
    item: str
    actor: str | None
    place: str | None
    status: str
    field: str | None
    old: str | None
    new: str | None
    source: str | None
    evidence: str


class QualityRow(NamedTuple):
    """A check with its threshold, or a precision from past reviews with its Wilson interval. `status` is ok, warn or fail."""

    check: str
    scope: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    threshold: str | None
    status: str
    note: str


class SourceGrade(NamedTuple):
    """Admiralty reliability of a source (A–F) from `sources.yaml`, and when it was last heard from."""

    source: str
    reliability: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """All that a report shows beside the facts themselves; made by `reconcile`, drawn by `report`.

    `pending` are facts that wait for a review although nothing about them is new since `previous`: id → `new` or `changed`.
    """

    run: RunRecord | None = None
    previous: RunRecord | None = None
    clusters: tuple[Cluster, ...] = ()
    reprints: tuple[Reprint, ...] = ()
    holdings: tuple[Holding, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    changes: tuple[Change, ...] = ()
    reviews: dict[str, ReviewState] = field(default_factory=dict)
    quality: tuple[QualityRow, ...] = ()
    grades: tuple[SourceGrade, ...] = ()
    parameters: dict[str, str] = field(default_factory=dict)
    pending: dict[str, str] = field(default_factory=dict)
