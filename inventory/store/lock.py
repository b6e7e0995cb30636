"""One run at a time: a lock beside the SQLite file, an advisory lock in PostgreSQL. Both end with the process that holds them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

from inventory.store.errors import StoreLocked, explained

# Seconds between two tries for the advisory lock; well below the second within which a run must know that it is locked out.
_PAUSE = 0.1


@contextmanager
def hold_lock(engine: sa.Engine | None, path: Path | None, label: str, wait: float) -> Iterator[None]:
    """Hold the store's lock, of the file at `path` or else in the data base of `engine`; wait for it up to `wait` seconds.

    Raises:
        StoreLocked: it was not free in time (exit code 75).
    """
    if path is not None:
        with _hold_file(path, label, wait):
            yield
    elif engine is not None:
        with _hold_advisory(engine, label, wait):
            yield


def _refuse(label: str, wait: float) -> StoreLocked:
    waited = f" (waited {wait:g} s)" if wait > 0 else ""
    return StoreLocked(f"{label}: another run holds the store{waited} — try again when it is done, or wait longer with --wait")


@contextmanager
def _hold_file(path: Path, label: str, wait: float) -> Iterator[None]:
    from filelock import FileLock, Timeout

    # Threads share the process, so the lock must not be per thread; the mode lets a team share the file.
    lock = FileLock(f"{path}.lock", timeout=max(0.0, wait), poll_interval=_PAUSE, thread_local=False, mode=0o664)
    with explained(label):
        try:
            lock.acquire()
        except Timeout:  # an OSError: asked for first, or it would be told as a fault of the folder
            raise _refuse(label, wait) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _hold_advisory(engine: sa.Engine, label: str, wait: float) -> Iterator[None]:
    end = time.monotonic() + wait
    # A connection of its own, outside any transaction: the lock belongs to the session and must outlive every commit.
    with explained(label):
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        with explained(label):
            key = _lock_key(str(connection.execute(sa.text("SELECT current_schema()")).scalar()))
            while not connection.execute(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar():
                if time.monotonic() >= end:
                    raise _refuse(label, wait)
                time.sleep(min(_PAUSE, max(0.0, end - time.monotonic())))
        try:
            yield
        finally:
            with suppress(sa.exc.DBAPIError):  # gone with its connection: then the lock is free already
                connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": key})
    finally:
        connection.invalidate()
        connection.close()


def _lock_key(schema: str) -> int:
    """A signed 64-bit number of ours for a schema; advisory locks are numbers, and per database."""
    return int.from_bytes(hashlib.sha256(f"inventory store {schema}".encode()).digest()[:8], "big", signed=True)
