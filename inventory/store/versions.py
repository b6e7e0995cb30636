"""Rows that hold over time: bring the versions of one document to what this run has found, and touch nothing that stayed the same.

The rule that makes a killed run harmless: a run compares with what was so *before* it. What it, or a failed run that it took over, has
already written for the document is undone first; so the end does not depend on how often or how far it was tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

Row = Mapping[Any, Any]


def undo_run(connection: sa.Connection, table: sa.Table, document: int, seq: int) -> None:
    """Take back what run `seq` has written into `table` for the document."""
    mine = table.c.document == document
    connection.execute(table.delete().where(mine, table.c.since == seq))
    reopened = {"until": None, "ended": None} if "ended" in table.c else {"until": None}
    connection.execute(table.update().where(mine, table.c.until == seq).values(reopened))


def open_rows(connection: sa.Connection, table: sa.Table, document: int) -> list[Row]:
    """The rows of the document that have no end."""
    found = connection.execute(sa.select(table).where(table.c.document == document, table.c.until.is_(None)))
    return [row._mapping for row in found]


def rows_before(connection: sa.Connection, table: sa.Table, document: int, seq: int) -> list[Row]:
    """The rows of the document that were current before run `seq`; what the run has written is undone."""
    touched = sa.or_(table.c.until.is_(None), table.c.until == seq, table.c.since == seq)
    found: list[Row] = [row._mapping for row in connection.execute(sa.select(table).where(table.c.document == document, touched))]
    if not any(seq in (row["since"], row["until"]) for row in found):
        return found
    undo_run(connection, table, document, seq)
    return open_rows(connection, table, document)


def close_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[Row], keys: tuple[str, ...], seq: int, ended: str) -> None:
    """End rows with run `seq`."""
    if not rows:
        return
    names = ("document", *keys)
    same = [table.c[name] == sa.bindparam(f"of_{name}") for name in names]
    closed = {"until": seq, "ended": ended} if "ended" in table.c else {"until": seq}
    statement = table.update().where(*same, table.c.until.is_(None)).values(closed)
    connection.execute(statement, [{f"of_{name}": row[name] for name in names} for row in rows])


def replace_rows(
    connection: sa.Connection,
    table: sa.Table,
    document: int,
    seq: int,
    cause: str,
    *,
    keys: tuple[str, ...],
    fields: tuple[str, ...],
    rows: Iterable[Row],
) -> bool:
    """Make `rows` the current rows of the document: new or different ones begin with run `seq`, missing ones end with it.

    `keys` tell which row is which, `fields` are the cells that are compared. Tells whether anything differs from before the run.
    """
    before = {tuple(row[name] for name in keys): row for row in rows_before(connection, table, document, seq)}
    now = {tuple(row[name] for name in keys): row for row in rows}
    gone = [row for key, row in before.items() if key not in now or any(now[key][name] != row[name] for name in fields)]
    stayed = set(before) - {tuple(row[name] for name in keys) for row in gone}
    begun = [{**row, "document": document, "since": seq, "until": None} for key, row in now.items() if key not in stayed]
    if "cause" in table.c:
        begun = [{**row, "cause": cause} for row in begun]
    close_rows(connection, table, gone, keys, seq, cause)
    if begun:
        connection.execute(table.insert(), begun)
    return bool(gone or begun)
