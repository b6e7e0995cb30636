"""Write what a run has found in one document, that it could not be read, or that it is no longer there."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from inventory.model import Candidate, Fact, Issue
from inventory.store.ask import decode_document
from inventory.store.cells import dump_json, split_wide
from inventory.store.schema import (
    DOCUMENT_FIELDS,
    OWN_FIELDS,
    VERSIONED,
    candidates,
    document_versions,
    documents,
    fact_versions,
    issues,
    texts,
)
from inventory.store.versions import Row, close_rows, replace_rows, rows_before, undo_run
from inventory.table import DocumentRow, dump_slots

# Not compared: `retrieved` is when this form of the document was first fetched (to fetch the same again is no change), `origin` moves with
# every line put into a file before it, `read_in` says when, not what.
_COMPARED = (*(name for name in DOCUMENT_FIELDS if name not in ("source_key", "retrieved")), "rulebook", "version")
# What a reading depends on: where all of it is the same, a document is not read again.
_READ = ("text_sha256", "published", "rulebook", "version")
_ISSUE_FIELDS = ("doc_id", "stage", "class", "message", "limit")
# Source key of the row that stands for the job itself.
JOB_ITSELF = ""


class Found(NamedTuple):
    """What reading a document gave: its facts, and the candidates of this document alone."""

    facts: Sequence[Fact]
    candidates: Sequence[Candidate]


class Reading(NamedTuple):
    """With what a document was read: rule pack and version of the program; and where it lay."""

    rulebook: str
    version: str
    origin: str | None = None


class Held(NamedTuple):
    """What the store holds of a document, this run's work included. `issues` are the keys of :func:`key_issues`."""

    row: DocumentRow
    reading: Reading
    read_in: int
    issues: frozenset[str]


def hash_text(text: str) -> str:
    """SHA-256 of a text in UTF-8, as the column `text_sha256` has it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def claim_document(connection: sa.Connection, job: str, source_key: str) -> int:
    """The number of a document of a job; a new one where it is not known."""
    here = sa.select(documents.c.id).where(documents.c.job == job, documents.c.source_key == source_key)
    known = connection.execute(here).scalar()
    if known is not None:
        return int(known)
    ident = int(connection.execute(sa.select(sa.func.max(documents.c.id))).scalar() or 0) + 1
    connection.execute(documents.insert().values(id=ident, job=job, source_key=source_key))
    return ident


def keep_text(connection: sa.Connection, text: str, stored: str) -> None:
    """Keep a text under its hash; once is enough."""
    digest = hash_text(text)
    if connection.execute(sa.select(texts.c.stored).where(texts.c.text_sha256 == digest)).first() is None:
        content = zlib.compress(text.encode("utf-8", "surrogatepass"))
        connection.execute(texts.insert().values(text_sha256=digest, content=content, stored=stored))


def write_document(
    connection: sa.Connection,
    seq: int,
    document: int,
    row: DocumentRow,
    reading: Reading,
    *,
    found: Found | None,
    told: Iterable[Issue],
    read_in: int,
) -> None:
    """Bring the versions of a document to `row`, `found` (`None`: facts and candidates stay as they are) and `told`."""
    cells = {name: cell for name, cell in zip(DOCUMENT_FIELDS, row, strict=True) if name != "source_key"}
    version = {**cells, **reading._asdict(), "read_in": read_in}
    before = rows_before(connection, document_versions, document, seq)
    cause = _find_cause(before, version)
    for former in before:
        # Read only because an interrupted run had met another text or other rules: but for that it would not have been.
        if former["status"] != "failed" and all(former[name] == version[name] for name in _READ):
            version["read_in"] = former["read_in"]
    replace_rows(connection, document_versions, document, seq, cause, keys=(), fields=_COMPARED, rows=[version])
    if found is not None:
        facts = [_encode_fact(fact) for fact in found.facts]
        fields = (*OWN_FIELDS, "wide")
        replace_rows(connection, fact_versions, document, seq, cause, keys=("fact_id",), fields=fields, rows=facts)
        fields = ("count", "example", "yaml")
        names = [{name: getattr(one, name) for name in ("kind", "text", *fields)} for one in found.candidates]
        replace_rows(connection, candidates, document, seq, cause, keys=("kind", "text"), fields=fields, rows=names)
    write_issues(connection, seq, document, told)


def _find_cause(before: Sequence[Row], now: Row) -> str:
    """Why what differs from before the run does: `rules` if the text and its date are the same and the rules or the program are not."""
    for row in before:
        same_text = all(row[name] == now[name] for name in ("text_sha256", "published"))
        same_rules = all(row[name] == now[name] for name in ("rulebook", "version"))
        return "rules" if same_text and not same_rules else "source"
    return "source"


def write_failure(connection: sa.Connection, seq: int, document: int, row: DocumentRow, reading: Reading, told: Iterable[Issue]) -> None:
    """A document that could not be read: what is known of it, its text and its facts stay as they were, its status becomes `failed`."""
    for table in VERSIONED:
        undo_run(connection, table, document, seq)
    before = connection.execute(
        sa.select(document_versions, documents.c.source_key)
        .join(documents)
        .where(document_versions.c.document == document, document_versions.c.until.is_(None))
    ).first()
    if before is None:
        nothing = Found((), ())
        write_document(connection, seq, document, row, reading, found=nothing, told=told, read_in=seq)
        return
    former = decode_document(before)._replace(status=row.status, error=row.error)
    read_with = Reading(before.rulebook, before.version, before.origin)
    write_document(connection, seq, document, former, read_with, found=None, told=told, read_in=before.read_in)


def write_issues(connection: sa.Connection, seq: int, document: int, told: Iterable[Issue]) -> None:
    """Bring the issues of a document to `told`."""
    rows = [dict(zip(("key", *_ISSUE_FIELDS), (key, *issue.row()), strict=True)) for key, issue in key_issues(told).items()]
    replace_rows(connection, issues, document, seq, "source", keys=("key",), fields=_ISSUE_FIELDS, rows=rows)


def key_issues(told: Iterable[Issue]) -> dict[str, Issue]:
    """Each issue under a hash of its words; equal ones are numbered."""
    keyed: dict[str, Issue] = {}
    for issue in told:
        digest = hashlib.sha256(dump_json(issue.row()).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        number = 1
        while (key := f"{digest}-{number}") in keyed:
            number += 1
        keyed[key] = issue
    return keyed


def withdraw_document(connection: sa.Connection, seq: int, document: int) -> bool:
    """End everything that is current of a document with run `seq`. Tells whether it was there before the run, and not only as a failure."""
    was_there = False
    for table in VERSIONED:
        rows = rows_before(connection, table, document, seq)
        keys = tuple(column.name for column in table.primary_key if column.name not in ("document", "since"))
        close_rows(connection, table, rows, keys, seq, "source")
        was_there |= table is document_versions and any(row["text_sha256"] is not None for row in rows)
    return was_there


def list_held(connection: sa.Connection, job: str) -> dict[str, Held]:
    """What the store holds of each current document of a job, by source key."""
    told: dict[int, set[str]] = {}
    query = sa.select(issues.c.document, issues.c.key).join(documents).where(documents.c.job == job, issues.c.until.is_(None))
    for document, key in connection.execute(query):
        told.setdefault(document, set()).add(key)
    table = document_versions
    current = sa.select(table, documents.c.source_key).join(documents).where(documents.c.job == job, table.c.until.is_(None))
    held = {}
    for row in connection.execute(current):
        reading = Reading(row.rulebook, row.version, row.origin)
        held[row.source_key] = Held(decode_document(row), reading, row.read_in, frozenset(told.get(row.document, ())))
    return held


def is_noted(held: Held, row: DocumentRow, told: Iterable[Issue]) -> bool:
    """Is everything that would be recorded of a document, which is not read again, already there?"""
    names = [name for name in DOCUMENT_FIELDS if name in _COMPARED]
    same = all(getattr(held.row, name) == getattr(row, name) for name in names)
    return same and held.issues == frozenset(key_issues(told))


def _encode_fact(fact: Fact) -> dict[str, Any]:
    own = {name: getattr(fact, name) for name in OWN_FIELDS}
    cells, wide = split_wide({**own, "slots": dump_slots(fact.slots)})
    return {**cells, "wide": wide}
