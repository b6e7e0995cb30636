"""Drop texts that are no longer to be kept. Hashes, facts and versions stay."""

from __future__ import annotations

import datetime as dt
from contextlib import closing

import sqlalchemy as sa

from inventory.store.errors import explained
from inventory.store.schema import document_versions, runs, texts
from inventory.store.store import Store


def prune_texts(store: Store, *, now: str, days: int, current: bool = False, wait: float = 0.0) -> int:
    """Drop texts; gives the number of those that were dropped.

    Args:
        now: moment from which days are counted back, ISO 8601 with a time zone.
        days: a text goes when the last document that had it has had another text, or has been gone, for more than so many days.
        current: drop also texts of current documents that were first stored more than `days` ago.
        wait: seconds to wait for the lock.

    Raises:
        StoreLocked: a run holds the store.
    """
    if days < 0:
        raise ValueError("days may not be negative")
    limit = dt.datetime.fromisoformat(now) - dt.timedelta(days=days)
    table = document_versions
    with store.lock(wait):
        with store.writing() as connection:
            ended = runs.alias()
            query = (
                sa.select(texts.c.text_sha256, texts.c.stored, table.c.document, table.c.until, ended.c.started)
                .join(table, table.c.text_sha256 == texts.c.text_sha256, isouter=True)
                .join(ended, ended.c.seq == table.c.until, isouter=True)
            )
            kept, seen = set(), set()
            for digest, stored, document, until, moment in connection.execute(query):
                seen.add(digest)
                used = document is not None and until is None
                last = stored if moment is None else moment
                if (used and not current) or _is_younger(stored if used else last, limit):
                    kept.add(digest)
            gone = sorted(seen - kept)
            for digest in gone:
                connection.execute(texts.delete().where(texts.c.text_sha256 == digest))
        if gone and store.address.path is not None:
            # Deleted rows stay readable in the file until it is written anew.
            with explained(store.label), closing(store.engine.raw_connection()) as connection:
                connection.cursor().execute("VACUUM")
    return len(gone)


def _is_younger(moment: str, limit: dt.datetime) -> bool:
    return dt.datetime.fromisoformat(moment) >= limit
