"""Is the store whole? Everything that can be told from what is in it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import sqlalchemy as sa

from inventory.store import ask, log
from inventory.store.disk import hash_file
from inventory.store.imports import import_path, list_imports
from inventory.store.record import hash_text
from inventory.store.runs import FINISHED
from inventory.store.schema import VERSIONED, document_versions, documents, fact_versions, runs, texts
from inventory.store.store import Store


def check_store(store: Store) -> list[str]:
    """What is wrong with a store, one line each; empty if nothing is.

    The pages of a SQLite file, references, versions that overlap or hang in the air, the chain of decisions, texts against their hashes,
    facts against their texts, imported workbooks against their hashes.

    Raises:
        StoreError: the store is so damaged that it cannot be read.
    """
    found: list[str] = []
    with store.reading() as connection:
        found += _check_pages(connection)
        for table in VERSIONED:
            found += _check_intervals(connection, table)
        found += _check_owners(connection)
        found += _check_counts(connection)
        found += _check_texts(connection)
        found += log.find_breaks(connection)
        records = list_imports(connection)
    folder = store.address.imports
    for record in records:
        path = None if folder is None else import_path(folder, record.sha256)
        if path is None or not path.is_file():
            found.append(f"imports: {record.sha256} ({record.name}) is missing{'' if path is None else f' at {path}'}")
        elif hash_file(path) != record.sha256:
            found.append(f"imports: {path} ({record.name}) was changed")
    return found


def _check_pages(connection: sa.Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return  # PostgreSQL has checksums of its own and refuses broken references
    for (message,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if message != "ok":
            yield f"file: {message}"
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"{row[0]}: row {row[1]} refers to a row of {row[2]} that is not there"


def _check_intervals(connection: sa.Connection, table: sa.Table) -> Iterator[str]:
    """Versions of one thing follow one another: each begins before it ends, and not before the last one has ended."""
    keys = [column for column in table.primary_key if column.name != "since"]
    ends = sa.func.lag(table.c.until).over(partition_by=keys, order_by=table.c.since).label("former")
    place = sa.func.row_number().over(partition_by=keys, order_by=table.c.since).label("place")
    rows = sa.select(*keys, table.c.since, table.c.until, ends, place).subquery()
    overlap = sa.and_(rows.c.place > 1, sa.or_(rows.c.former.is_(None), rows.c.former > rows.c.since))
    for row in connection.execute(sa.select(rows).where(sa.or_(rows.c.until <= rows.c.since, overlap))):
        name = " ".join(str(row._mapping[column.name]) for column in keys)
        yield f"{table.name}: versions of {name} overlap at run {row.since}"


def _check_owners(connection: sa.Connection) -> Iterator[str]:
    """What belongs to a run that did not finish may only be there until the next run of its job has."""
    last = sa.select(runs.c.job, sa.func.max(runs.c.seq).label("seq")).where(runs.c.status.in_(FINISHED)).group_by(runs.c.job).subquery()
    left = sa.select(runs.c.seq).join(last, last.c.job == runs.c.job).where(runs.c.status.not_in(FINISHED), runs.c.seq < last.c.seq)
    for table in VERSIONED:
        query = sa.select(sa.func.count()).select_from(table).where(sa.or_(table.c.since.in_(left), table.c.until.in_(left)))
        if number := connection.execute(query).scalar():
            yield f"{table.name}: {number} rows belong to runs that failed"


def _check_counts(connection: sa.Connection) -> Iterator[str]:
    """A document that is there has as many facts as it says; one that is not has none."""
    fact, told = fact_versions, document_versions
    counted = sa.select(fact.c.document, sa.func.count().label("number")).where(fact.c.until.is_(None)).group_by(fact.c.document).subquery()
    current = sa.select(told.c.document, told.c.facts).where(told.c.until.is_(None)).subquery()
    joined = documents.join(current, current.c.document == documents.c.id, isouter=True).join(
        counted, counted.c.document == documents.c.id, isouter=True
    )
    number = sa.func.coalesce(counted.c.number, 0)
    query = sa.select(documents.c.job, documents.c.source_key, current.c.facts, number).select_from(joined)
    for job, key, said, there in connection.execute(query.where(sa.func.coalesce(current.c.facts, 0) != number)):
        yield f"documents: {key} of {job} has {there} current facts, not {said or 0}"


def _check_texts(connection: sa.Connection) -> Iterator[str]:
    fact, told = fact_versions, document_versions
    for (digest,) in connection.execute(sa.select(texts.c.text_sha256).order_by(texts.c.text_sha256)).all():
        try:
            text = ask.ask_text(connection, digest)
        except (zlib.error, UnicodeDecodeError):
            text = None
        if text is None or hash_text(text) != digest:
            yield f"texts: {digest} does not hold the text that it names"
            continue
        query = sa.select(fact.c.fact_id, fact.c.start, fact.c.end, fact.c.item_text).join(told, told.c.document == fact.c.document)
        query = query.where(fact.c.until.is_(None), told.c.until.is_(None), told.c.text_sha256 == digest)
        for row in connection.execute(query):
            if text[row.start : row.end] != row.item_text:
                yield f"facts: {row.fact_id} says {row.item_text!r}, its text {text[row.start : row.end]!r}"
