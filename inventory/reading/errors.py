"""What can go wrong at the door, and how it is said: `FILE:LINE: what — mend`."""

from __future__ import annotations

import errno
from typing import NamedTuple

from inventory.model import Issue

NOTE = "note: "


class Remark(NamedTuple):
    """An issue before it is known which document it belongs to; `limit` is the limit that was met, if one was."""

    kind: str
    message: str
    limit: str | None = None

    def issue(self, doc_id: str) -> Issue:
        """The remark as a row of the issues table."""
        return Issue(doc_id, "read", self.kind, self.message, self.limit)


class ReadError(Exception):
    """A document or file that cannot be read; `remark` is what its :class:`Issue` will say."""

    def __init__(self, kind: str, message: str, limit: str | None = None) -> None:
        self.remark = Remark(kind, message, limit)
        super().__init__(message)


class UsageError(ReadError):
    """The call itself is wrong: a path that does not exist, a pattern without a match (exit status 64)."""

    def __init__(self, message: str) -> None:
        super().__init__("usage", message)


def say(label: str, line: int | None, what: str, mend: str) -> str:
    """The one form of every message; `line` counts from 1 and is `None` for a folder."""
    return f"{label}: {what} — {mend}" if line is None else f"{label}:{line}: {what} — {mend}"


def note(kind: str, message: str, limit: str | None = None) -> Remark:
    """A remark on a document that is read all the same: its kind begins with `note: `."""
    return Remark(NOTE + kind, message, limit)


def refuse_access(error: OSError, label: str, line: int | None = 1) -> ReadError:
    """What the operating system's refusal means to whoever called the program."""
    if error.errno in (errno.EACCES, errno.EPERM):
        kind, what, mend = "no permission", "may not be read", "give this user read permission"
    elif error.errno == errno.ELOOP:
        kind, what, mend = "symlink loop", "is a symbolic link that leads back to itself", "remove or repair the link"
    elif error.errno in (errno.ENOENT, errno.ENOTDIR):
        kind, what, mend = "vanished", "was listed but is no longer there", "restore it, or repair the link that names it"
    else:
        kind, what, mend = "cannot be read", f"cannot be read ({error.strerror or error})", "check the file and its disk"
    return ReadError(kind, say(label, line, what, mend))
