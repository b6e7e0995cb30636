"""The log of review decisions: append-only, each entry bound to the one before it by a hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from inventory.records import Decision
from inventory.store.ask import MOST_IDS
from inventory.store.cells import dump_json
from inventory.store.schema import decisions

# What the first entry is bound to.
START = "0" * 64


class LogEntry(NamedTuple):
    """One entry: its number (from 1), the decision, the hash of the entry before and its own."""

    seq: int
    decision: Decision
    previous: str
    hash: str


def hash_entry(seq: int, decision: Decision, previous: str) -> str:
    """SHA-256 over the number, the hash before and every cell, as JSON."""
    content = dump_json([seq, previous, *decision])
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def append_entries(connection: sa.Connection, given: Sequence[Decision]) -> list[LogEntry]:
    """Append decisions in the order given; all or, when the transaction fails, none."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("LOCK TABLE decisions IN EXCLUSIVE MODE"))
    last = connection.execute(sa.select(decisions.c.seq, decisions.c.hash).order_by(decisions.c.seq.desc()).limit(1)).first()
    seq, previous = (0, START) if last is None else (last.seq, last.hash)
    entries = []
    for decision in given:
        seq += 1
        entry = LogEntry(seq, decision, previous, hash_entry(seq, decision, previous))
        entries.append(entry)
        previous = entry.hash
    if entries:
        connection.execute(decisions.insert(), [_encode(entry) for entry in entries])
    return entries


def read_entries(connection: sa.Connection, fact_ids: Sequence[str] | None = None) -> Iterator[LogEntry]:
    """The entries in order; of some facts, or all."""
    query = sa.select(decisions).order_by(decisions.c.seq)
    if fact_ids is not None and len(fact_ids) <= MOST_IDS:
        query = query.where(decisions.c.fact_id.in_(fact_ids))
    wanted = None if fact_ids is None else set(fact_ids)
    for row in connection.execute(query):
        if wanted is not None and row.fact_id not in wanted:
            continue
        cells = [row._mapping[name] for name in Decision._fields]
        decision = Decision(*cells)._replace(corrections=json.loads(row._mapping["corrections"]))
        yield LogEntry(row.seq, decision, row.previous, row._mapping["hash"])


def find_breaks(connection: sa.Connection) -> list[str]:
    """What is wrong with the chain, one line each; empty if every entry is as it was written and none is missing before the last."""
    found, previous, number = [], START, 0
    for entry in read_entries(connection):
        number += 1
        if entry.seq != number:
            found.append(f"decisions: entry {number} is missing (the next is {entry.seq})")
            number = entry.seq
        if entry.previous != previous:
            found.append(f"decisions: entry {entry.seq} does not follow the one before it")
        if hash_entry(entry.seq, entry.decision, entry.previous) != entry.hash:
            found.append(f"decisions: entry {entry.seq} was changed after it was written")
        previous = entry.hash
    return found


def _encode(entry: LogEntry) -> dict[str, Any]:
    cells = {**entry.decision._asdict(), "corrections": dump_json(entry.decision.corrections)}
    return {"seq": entry.seq, **cells, "previous": entry.previous, "hash": entry.hash}
