"""The first schema. Frozen: a change of the tables is a new file here, with the number of this one as `down_revision`."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table, and what keeps the log of decisions append-only."""
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("started", sa.Text(), nullable=False),
        sa.Column("finished", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("rulebook", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.Column("issues", sa.Integer(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.UniqueConstraint("run_id"),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.UniqueConstraint("job", "source_key", name="documents_job_source_key"),
    )
    op.create_table(
        "document_versions",
        sa.Column("document", sa.Integer(), sa.ForeignKey("documents.id"), primary_key=True, autoincrement=False),
        sa.Column("since", sa.Integer(), sa.ForeignKey("runs.seq"), primary_key=True, autoincrement=False),
        sa.Column("until", sa.Integer(), sa.ForeignKey("runs.seq")),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("read_in", sa.Integer(), sa.ForeignKey("runs.seq"), nullable=False),
        sa.Column("rulebook", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text()),
        sa.Column("doc_id", sa.Text()),
        sa.Column("title", sa.Text()),
        sa.Column("source", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("published", sa.Date()),
        sa.Column("retrieved", sa.Date()),
        sa.Column("language", sa.Text()),
        sa.Column("reader", sa.Text()),
        sa.Column("raw_sha256", sa.Text()),
        sa.Column("text_sha256", sa.Text()),
        sa.Column("chars", sa.BigInteger()),
        sa.Column("facts", sa.BigInteger()),
        sa.Column("status", sa.Text()),
        sa.Column("error", sa.Text()),
    )
    op.create_index("document_versions_until", "document_versions", ["until"])
    op.create_table(
        "texts",
        sa.Column("text_sha256", sa.Text(), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
    )
    op.create_table(
        "fact_versions",
        sa.Column("document", sa.Integer(), sa.ForeignKey("documents.id"), primary_key=True, autoincrement=False),
        sa.Column("fact_id", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text()),
        sa.Column("item", sa.Text()),
        sa.Column("item_id", sa.Text()),
        sa.Column("item_text", sa.Text()),
        sa.Column("category", sa.Text()),
        sa.Column("domain", sa.Text()),
        sa.Column("count_min", sa.BigInteger()),
        sa.Column("count_max", sa.BigInteger()),
        sa.Column("count_text", sa.Text()),
        sa.Column("count_basis", sa.Text()),
        sa.Column("counted_as", sa.Text()),
        sa.Column("measure", sa.Text()),
        sa.Column("actor", sa.Text()),
        sa.Column("actor_id", sa.Text()),
        sa.Column("actor_text", sa.Text()),
        sa.Column("counterparty", sa.Text()),
        sa.Column("counterparty_id", sa.Text()),
        sa.Column("counterparty_role", sa.Text()),
        sa.Column("unit", sa.Text()),
        sa.Column("echelon", sa.Text()),
        sa.Column("place", sa.Text()),
        sa.Column("place_id", sa.Text()),
        sa.Column("place_text", sa.Text()),
        sa.Column("place_relation", sa.Text()),
        sa.Column("admin", sa.Text()),
        sa.Column("country", sa.Text()),
        sa.Column("lat", sa.Double()),
        sa.Column("lon", sa.Double()),
        sa.Column("geo_precision", sa.Text()),
        sa.Column("date_start", sa.Date()),
        sa.Column("date_end", sa.Date()),
        sa.Column("date_text", sa.Text()),
        sa.Column("date_basis", sa.Text()),
        sa.Column("status", sa.Text()),
        sa.Column("status_text", sa.Text()),
        sa.Column("operation", sa.Text()),
        sa.Column("modality", sa.Text()),
        sa.Column("modality_text", sa.Text()),
        sa.Column("probability_min", sa.Double()),
        sa.Column("probability_max", sa.Double()),
        sa.Column("claimant", sa.Text()),
        sa.Column("claimant_text", sa.Text()),
        sa.Column("claimant_actor_id", sa.Text()),
        sa.Column("attributes", sa.Text()),
        sa.Column("confidence", sa.Double()),
        sa.Column("flags", sa.Text()),
        sa.Column("rules", sa.Text()),
        sa.Column("evidence", sa.Text()),
        sa.Column("start", sa.BigInteger()),
        sa.Column("end", sa.BigInteger()),
        sa.Column("slots", sa.Text()),
        sa.Column("since", sa.Integer(), sa.ForeignKey("runs.seq"), primary_key=True, autoincrement=False),
        sa.Column("until", sa.Integer(), sa.ForeignKey("runs.seq")),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("ended", sa.Text()),
        sa.Column("wide", sa.Text()),
    )
    op.create_index("fact_versions_fact_id", "fact_versions", ["fact_id"])
    op.create_index("fact_versions_since", "fact_versions", ["since"])
    op.create_index("fact_versions_until", "fact_versions", ["until"])
    op.create_table(
        "issues",
        sa.Column("document", sa.Integer(), sa.ForeignKey("documents.id"), primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("since", sa.Integer(), sa.ForeignKey("runs.seq"), primary_key=True, autoincrement=False),
        sa.Column("until", sa.Integer(), sa.ForeignKey("runs.seq")),
        sa.Column("doc_id", sa.Text()),
        sa.Column("stage", sa.Text()),
        sa.Column("class", sa.Text()),
        sa.Column("message", sa.Text()),
        sa.Column("limit", sa.Text()),
    )
    op.create_index("issues_until", "issues", ["until"])
    op.create_table(
        "candidates",
        sa.Column("document", sa.Integer(), sa.ForeignKey("documents.id"), primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("text", sa.Text(), primary_key=True),
        sa.Column("since", sa.Integer(), sa.ForeignKey("runs.seq"), primary_key=True, autoincrement=False),
        sa.Column("until", sa.Integer(), sa.ForeignKey("runs.seq")),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("example", sa.Text(), nullable=False),
        sa.Column("yaml", sa.Text(), nullable=False),
    )
    op.create_index("candidates_until", "candidates", ["until"])
    op.create_table(
        "imports",
        sa.Column("sha256", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.Text(), nullable=False),
    )
    op.create_table(
        "decisions",
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("fact_id", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("corrections", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text()),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text()),
        sa.Column("imported_at", sa.Text(), nullable=False),
        sa.Column("workbook_sha256", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("base_run", sa.Text()),
        sa.Column("shown_hash", sa.Text()),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
    )
    op.create_index("decisions_fact_id", "decisions", ["fact_id"])
    _guard_decisions(op.get_bind())


def _guard_decisions(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER decisions_no_{verb.lower()} BEFORE {verb} ON decisions "
                "BEGIN SELECT RAISE(ABORT, 'the log of decisions is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION inventory_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the log of decisions is append-only'; END $$"
    )
    for verb in ("UPDATE", "DELETE", "TRUNCATE"):
        each = "STATEMENT" if verb == "TRUNCATE" else "ROW"
        op.execute(
            f"CREATE TRIGGER decisions_no_{verb.lower()} BEFORE {verb} ON decisions "
            f"FOR EACH {each} EXECUTE FUNCTION inventory_refuse_change()"
        )
