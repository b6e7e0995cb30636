"""The tables. Rows that hold over time carry `since` and `until`, the runs between which they were so (`until` empty: still).

A run is known by its number (`seq`) inside the store and by its `run_id` outside. Versioned rows of an unfinished or failed run are
there, but no reader sees them: every question is answered as of a finished run.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from inventory.model import DOCUMENT_COLUMNS, FACT_COLUMNS, Column
from inventory.store.cells import SafeText

# Columns of a fact that tell of its document: kept once, with the version of the document, not with every fact.
OF_DOCUMENT = ("doc_id", "title", "source", "url", "published", "text_sha256", "rulebook")
OWN_COLUMNS = tuple(column for column in FACT_COLUMNS if column.name not in OF_DOCUMENT)
OWN_FIELDS = tuple(column.name for column in OWN_COLUMNS)
DOCUMENT_FIELDS = tuple(column.name for column in DOCUMENT_COLUMNS)

_TYPES: dict[str, Any] = {"str": SafeText, "enum": SafeText, "json": SafeText, "int": sa.BigInteger, "float": sa.Double, "date": sa.Date}

metadata = sa.MetaData()


def _number(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, **options)


def _text(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, SafeText, **options)


def _column(column: Column) -> sa.Column[Any]:
    return sa.Column(column.name, _TYPES[column.type])


def _run(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, sa.ForeignKey("runs.seq"), **options)


def _document() -> sa.Column[Any]:
    return sa.Column("document", sa.Integer, sa.ForeignKey("documents.id"), primary_key=True, autoincrement=False)


settings = sa.Table("settings", metadata, _text("name", primary_key=True), _text("value", nullable=False))

runs = sa.Table(
    "runs",
    metadata,
    _number("seq", primary_key=True, autoincrement=False),
    _text("run_id", nullable=False, unique=True),
    _text("job", nullable=False),
    _text("started", nullable=False),
    _text("finished"),
    _text("status", nullable=False),
    _text("rulebook", nullable=False),
    _text("version", nullable=False),
    *(_number(name, nullable=False) for name in ("documents", "facts", "issues", "read", "withdrawn")),
    _text("note"),
)

# What a job saw under one source key. The row with the empty key stands for the job itself: issues that belong to no document hang on it.
documents = sa.Table(
    "documents",
    metadata,
    _number("id", primary_key=True, autoincrement=False),
    _text("job", nullable=False),
    _text("source_key", nullable=False),
    sa.UniqueConstraint("job", "source_key", name="documents_job_source_key"),
)

document_versions = sa.Table(
    "document_versions",
    metadata,
    _document(),
    _run("since", primary_key=True, autoincrement=False),
    _run("until"),
    _text("cause", nullable=False),
    _run("read_in", nullable=False),
    _text("rulebook", nullable=False),
    _text("version", nullable=False),
    _text("origin"),
    *(_column(column) for column in DOCUMENT_COLUMNS if column.name != "source_key"),
    sa.Index("document_versions_until", "until"),
)

texts = sa.Table(
    "texts",
    metadata,
    _text("text_sha256", primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
    _text("stored", nullable=False),
)

fact_versions = sa.Table(
    "fact_versions",
    metadata,
    _document(),
    *(sa.Column(c.name, _TYPES[c.type], primary_key=c.name == "fact_id") for c in OWN_COLUMNS),
    _run("since", primary_key=True, autoincrement=False),
    _run("until"),
    _text("cause", nullable=False),
    _text("ended"),
    _text("wide"),
    sa.Index("fact_versions_fact_id", "fact_id"),
    sa.Index("fact_versions_since", "since"),
    sa.Index("fact_versions_until", "until"),
)

issues = sa.Table(
    "issues",
    metadata,
    _document(),
    _text("key", primary_key=True),
    _run("since", primary_key=True, autoincrement=False),
    _run("until"),
    *(_text(name) for name in ("doc_id", "stage", "class", "message", "limit")),
    sa.Index("issues_until", "until"),
)

candidates = sa.Table(
    "candidates",
    metadata,
    _document(),
    _text("kind", primary_key=True),
    _text("text", primary_key=True),
    _run("since", primary_key=True, autoincrement=False),
    _run("until"),
    _number("count", nullable=False),
    _text("example", nullable=False),
    _text("yaml", nullable=False),
    sa.Index("candidates_until", "until"),
)

imports = sa.Table(
    "imports",
    metadata,
    _text("sha256", primary_key=True),
    _text("name", nullable=False),
    _number("size", nullable=False),
    _text("imported_at", nullable=False),
)

decisions = sa.Table(
    "decisions",
    metadata,
    _number("seq", primary_key=True, autoincrement=False),
    _text("fact_id", nullable=False),
    _text("decision", nullable=False),
    _text("corrections", nullable=False),
    _text("comment"),
    _text("reviewer", nullable=False),
    _text("decided_at"),
    _text("imported_at", nullable=False),
    _text("workbook_sha256", nullable=False),
    _text("sheet", nullable=False),
    _number("row", nullable=False),
    _text("base_run"),
    _text("shown_hash"),
    _text("previous", nullable=False),
    _text("hash", nullable=False),
    sa.Index("decisions_fact_id", "fact_id"),
)

# In an order in which every row finds what it refers to.
TABLES = (settings, runs, documents, document_versions, texts, fact_versions, issues, candidates, imports, decisions)
VERSIONED = (document_versions, fact_versions, issues, candidates)


def insert_new(connection: sa.Connection, table: sa.Table, row: dict[str, Any]) -> None:
    """Insert a row, unless one with its key is there."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(insert(table).values(row).on_conflict_do_nothing())
