"""Questions to the store: facts, documents, issues, candidates as of a run, and the versions of facts over time."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from inventory.model import FACT_FIELDS, Candidate, Fact, Issue
from inventory.records import FactVersion
from inventory.store.cells import join_wide
from inventory.store.runs import FINISHED, find_run, latest_finished
from inventory.store.schema import (
    DOCUMENT_FIELDS,
    OF_DOCUMENT,
    OWN_FIELDS,
    candidates,
    document_versions,
    documents,
    fact_versions,
    issues,
    runs,
    texts,
)
from inventory.table import DocumentRow

Moment = tuple[str, int]
# More ids than this are looked for here, not in the data base: SQLite takes 32,766 values in a statement, PostgreSQL 65,535.
MOST_IDS = 5_000


def find_moments(connection: sa.Connection, job: str | None, run: str | None) -> list[Moment]:
    """The job and run number that a question is asked of; several when it is asked of all jobs, the job that ran last first."""
    if run is None:
        return latest_finished(connection, job)
    seq, record = find_run(connection, run)
    # A failed run shows nothing of its own: what was so before it is still so.
    return [(record.job, seq if record.status in FINISHED else seq - 1)]


def _valid(table: sa.Table, seq: int) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.since <= seq, sa.or_(table.c.until.is_(None), table.c.until > seq))


def _first_by_source(batches: Iterable[Sequence[tuple[str, Any]]]) -> list[tuple[str, Any]]:
    """One source may be read by several jobs; what the first batch says of it counts."""
    taken: set[str] = set()
    rows: list[tuple[str, Any]] = []
    for batch in batches:
        rows += [pair for pair in batch if pair[0] not in taken]
        taken.update(source for source, _ in batch)
    return rows


def ask_documents(connection: sa.Connection, moments: Iterable[Moment]) -> list[DocumentRow]:
    """The documents, in the order of their source keys."""
    batches = []
    for job, seq in moments:
        query = sa.select(documents.c.source_key, document_versions).join(documents)
        query = query.where(documents.c.job == job, _valid(document_versions, seq))
        batches.append([(row.source_key, decode_document(row)) for row in connection.execute(query)])
    return [row for _, row in sorted(_first_by_source(batches), key=lambda pair: pair[0])]


def decode_document(row: Any) -> DocumentRow:
    """A row with the columns of a document as its record."""
    return DocumentRow(*(row._mapping[name] for name in DOCUMENT_FIELDS))


def ask_facts(connection: sa.Connection, moments: Iterable[Moment]) -> list[Fact]:
    """The facts, in the order of source key and place in the text."""
    batches = []
    for job, seq in moments:
        query = _join_facts().where(documents.c.job == job, _valid(fact_versions, seq), _valid(document_versions, seq))
        batches.append([(row.source_key, decode_fact(row)) for row in connection.execute(query)])
    found = _first_by_source(batches)
    return [fact for _, fact in sorted(found, key=lambda pair: (pair[0], pair[1].start, pair[1].end, pair[1].fact_id))]


def _join_facts(*more: Any) -> sa.Select[Any]:
    own = [fact_versions.c[name] for name in (*OWN_FIELDS, "wide")]
    told = [document_versions.c[name] for name in OF_DOCUMENT]
    joined = documents.join(fact_versions, fact_versions.c.document == documents.c.id)
    joined = joined.join(document_versions, document_versions.c.document == documents.c.id)
    return sa.select(documents.c.source_key, *own, *told, *more).select_from(joined)


def decode_fact(row: Any) -> Fact:
    """A row of `_join_facts` as the fact that was stored."""
    cells = join_wide({name: row._mapping[name] for name in FACT_FIELDS}, row.wide)
    cells["slots"] = json.loads(cells["slots"])
    return Fact(**cells)


def ask_versions(connection: sa.Connection, job: str | None, fact_ids: Sequence[str] | None) -> list[FactVersion]:
    """Every version of the facts, by source key, fact and time, with the document as of the last run in which the version held."""
    begin, end = runs.alias("begin"), runs.alias("finish")
    table, told = fact_versions, document_versions
    query = _join_facts(begin.c.run_id.label("since_run"), end.c.run_id.label("until_run"), table.c.cause, table.c.ended, table.c.since)
    query = query.join(begin, begin.c.seq == table.c.since).join(end, end.c.seq == table.c.until, isouter=True)
    query = query.where(begin.c.status.in_(FINISHED))
    current = sa.and_(table.c.until.is_(None), told.c.until.is_(None))
    past = sa.and_(told.c.since < table.c.until, sa.or_(told.c.until.is_(None), told.c.until >= table.c.until))
    query = query.where(sa.or_(current, past))
    if job is not None:
        query = query.where(documents.c.job == job)
    if fact_ids is not None and len(fact_ids) <= MOST_IDS:
        query = query.where(table.c.fact_id.in_(fact_ids))
    wanted = None if fact_ids is None else set(fact_ids)
    found = (row for row in connection.execute(query) if wanted is None or row.fact_id in wanted)
    rows = sorted(found, key=lambda row: (row.source_key, row.fact_id, row.since))
    return [
        FactVersion(decode_fact(row), row.source_key, row.since_run, row.until_run, row.cause, row.ended) for row in rows
    ]  # fmt: skip


def ask_issues(connection: sa.Connection, moments: Iterable[Moment]) -> list[Issue]:
    """The issues, in the order of source key, document and stage."""
    batches = []
    for job, seq in moments:
        query = sa.select(documents.c.source_key, issues).join(documents).where(documents.c.job == job, _valid(issues, seq))
        rows = [row._mapping for row in connection.execute(query)]
        batches.append(
            [(m["source_key"], Issue(m["doc_id"], m["stage"], m["class"], m["message"], m["limit"])) for m in rows]
        )  # fmt: skip
    # The job's own rows have no source key; those of every job count.
    own = [pair for batch in batches for pair in batch if not pair[0]]
    found = own + _first_by_source([[pair for pair in batch if pair[0]] for batch in batches])
    return [issue for _, issue in sorted(found, key=lambda pair: (pair[0], *pair[1].row()[:4]))]


def ask_candidates(connection: sa.Connection, moments: Iterable[Moment]) -> list[Candidate]:
    """The candidates of all documents together, most documents first, then most mentions, then by name."""
    batches = []
    for job, seq in moments:
        query = sa.select(documents.c.source_key, candidates).join(documents).where(documents.c.job == job, _valid(candidates, seq))
        batches.append([(row.source_key, row._mapping) for row in connection.execute(query)])
    groups: dict[tuple[str, str], list[Any]] = {}
    for _, row in sorted(_first_by_source(batches), key=lambda pair: pair[0]):
        groups.setdefault((row["kind"], row["text"]), []).append(row)
    merged = [
        Candidate(
            text, kind, sum(row["count"] for row in rows), len(rows), rows[0]["example"],
            Counter(row["yaml"] for row in rows).most_common(1)[0][0],
        )
        for (kind, text), rows in groups.items()
    ]  # fmt: skip
    return sorted(merged, key=lambda c: (-c.documents, -c.count, c.text, c.kind))


def ask_text(connection: sa.Connection, text_sha256: str) -> str | None:
    """A text by its hash; `None` if it was not kept."""
    content = connection.execute(sa.select(texts.c.content).where(texts.c.text_sha256 == text_sha256)).scalar()
    return None if content is None else zlib.decompress(content).decode("utf-8", "surrogatepass")
