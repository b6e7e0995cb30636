"""What can go wrong with a store, and how a driver's fault becomes one line that names the store and the mend."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

EXIT_DAMAGED = 65
EXIT_BUG = 70
EXIT_CREATE = 73
EXIT_DISK = 74
EXIT_LOCKED = 75
EXIT_SETTING = 78


class StoreError(Exception):
    """The store cannot be used; the text names it and the mend. `exit_code` (BSD sysexits) is what the command ends with:
    65 damaged, 73 cannot be created or written to, 74 disk or connection, 75 locked, 78 wrongly named or of another version."""

    def __init__(self, message: str, exit_code: int = EXIT_DAMAGED) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class StoreLocked(StoreError):  # noqa: N818 - reads as what it says
    """Another run holds the store."""

    def __init__(self, message: str) -> None:
        super().__init__(message, EXIT_LOCKED)


# (part of the driver's message, exit code, what it means, mend); the first that fits is taken. Messages of SQLite 3 (sqlite.org/rescode)
# and libpq; codes alone do not do, because SQLAlchemy hands on libpq's connection faults without one.
_MEANINGS: tuple[tuple[str, int, str, str], ...] = (
    ("database or disk is full", EXIT_DISK, "the disk is full", "free some space and run again; nothing is lost"),
    ("No space left on device", EXIT_DISK, "the disk is full", "free some space and run again; nothing is lost"),
    ("DiskFull", EXIT_DISK, "the disk of the server is full", "free some space and run again; nothing is lost"),
    ("disk I/O error", EXIT_DISK, "the disk reports an error", "check the disk, then run: inventory store check"),
    ("file is not a database", EXIT_DAMAGED, "the file is no store or is damaged", "restore a backup: inventory store restore"),
    ("malformed", EXIT_DAMAGED, "the file is damaged", "restore a backup: inventory store restore"),
    ("DataCorrupted", EXIT_DAMAGED, "the server reports damaged data", "restore a backup: inventory store restore"),
    ("database is locked", EXIT_LOCKED, "another program is writing", "try again when it is done"),
    ("could not serialize", EXIT_LOCKED, "another program was writing", "try again"),
    ("deadlock detected", EXIT_LOCKED, "another program was writing", "try again"),
    ("readonly database", EXIT_CREATE, "may not be written to", "give this user write permission to the file and its folder"),
    ("unable to open database file", EXIT_CREATE, "cannot be opened", "check the path and its permissions"),
    ("password authentication failed", EXIT_SETTING, "the server refuses the user or password", "check `store:`"),
    ("does not exist", EXIT_SETTING, "the database, user or table is not there", "check `store:`, or create the database first"),
    ("onnection", EXIT_DISK, "the server cannot be reached or went away", "check that it runs and that `store:` names it"),
)  # fmt: skip


def explain_fault(label: str, fault: BaseException) -> StoreError | None:
    """The :class:`StoreError` that a fault of SQLAlchemy or of the operating system stands for; `None` if it is neither."""
    from sqlalchemy.exc import DBAPIError

    if isinstance(fault, DBAPIError):
        cause = fault.orig if fault.orig is not None else fault
        said = f"{type(cause).__name__}: {cause}"
        for part, code, what, mend in _MEANINGS:
            if part in said:
                message = f"{label}: {what} — {mend}"
                return StoreLocked(message) if code == EXIT_LOCKED else StoreError(message, code)
        return StoreError(f"{label}: {' '.join(said.split())} — run: inventory store check", EXIT_DAMAGED)
    if isinstance(fault, OSError):
        full = fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO)
        mend = "free some space and run again" if full else "check the folder and its permissions"
        where = f"{fault.filename}: " if fault.filename else ""
        return StoreError(f"{label}: {where}{fault.strerror or fault} — {mend}", EXIT_DISK if full else EXIT_CREATE)
    return None


@contextmanager
def explained(label: str) -> Iterator[None]:
    """Faults of the database and the disk inside the block leave it as :class:`StoreError`; `label` names the store, without a password."""
    try:
        yield
    except StoreError:
        raise
    except Exception as fault:
        told = explain_fault(label, fault)
        if told is None:
            raise
        raise told from fault
