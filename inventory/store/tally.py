"""What a run did, counted from what it left: the same however often it was interrupted and taken up again."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import sqlalchemy as sa

from inventory.store.schema import document_versions, documents, fact_versions, issues


class Tally(NamedTuple):
    """Documents of a run. Each that is there is `new`, `reappeared`, `changed` (text or date), `reread` (rules or program), `noted`
    (only its description changed) or `unchanged`; `failed` of them could not be read; `withdrawn` ones could once and are there no more."""

    new: int = 0
    reappeared: int = 0
    changed: int = 0
    reread: int = 0
    noted: int = 0
    unchanged: int = 0
    failed: int = 0
    withdrawn: int = 0


def tally_run(connection: sa.Connection, job: str, seq: int) -> Tally:
    """Count what run `seq` of a job did with its documents."""
    table = document_versions
    columns = (table.c.document, table.c.since, table.c.until, table.c.cause, table.c.read_in, table.c.status, table.c.text_sha256)
    query = sa.select(*columns).join(documents).where(documents.c.job == job, table.c.since <= seq)
    history: dict[int, list[Any]] = {}
    for row in connection.execute(query.order_by(table.c.document, table.c.since)):
        history.setdefault(row.document, []).append(row)
    kinds: Counter[str] = Counter()
    for rows in history.values():
        last = rows[-1]
        if last.until is not None and last.until <= seq:
            kinds["withdrawn"] += last.until == seq and last.text_sha256 is not None
            continue
        kinds["failed"] += last.status == "failed"
        before = rows[-2] if len(rows) > 1 else None
        if last.since < seq:
            kinds["unchanged"] += 1
        elif before is None:
            kinds["new"] += 1
        elif before.until != seq:
            kinds["reappeared"] += 1
        elif last.read_in == seq:
            kinds["reread" if last.cause == "rules" else "changed"] += 1
        else:
            kinds["noted"] += 1
    return Tally(**{name: kinds[name] for name in Tally._fields})


def count_current(connection: sa.Connection, job: str) -> dict[str, int]:
    """Documents, facts and issues (without mere notes) of a job that have no end."""
    counts = {}
    for name, table in (("documents", document_versions), ("facts", fact_versions), ("issues", issues)):
        query = sa.select(sa.func.count()).select_from(table.join(documents)).where(documents.c.job == job, table.c.until.is_(None))
        if table is issues:
            query = query.where(~issues.c["class"].startswith("note: "))
        counts[name] = int(connection.execute(query).scalar() or 0)
    return counts
