"""Open and read files, never more than a limit allows."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import BinaryIO

from inventory.reading.errors import ReadError, say


def open_file(path: Path, label: str, limit_name: str, limit: int) -> BinaryIO:
    """Open a regular file of at most `limit` bytes.

    Raises :class:`ReadError` ('too large', 'not a file') and :class:`OSError`.
    """
    # Asked before opening: to open a named pipe that nobody writes to would wait for ever.
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ReadError("not a file", say(label, 1, "is a pipe or a device, not a file", "send its content to standard input: PATH -"))
    if status.st_size > limit:
        raise too_large(label, 1, f"holds {status.st_size:,} bytes, more than {limit:,}", limit_name, limit)
    return path.open("rb")


def read_whole(path: Path, label: str, limit_name: str, limit: int) -> bytes:
    """All bytes of a file. Raises as :func:`open_file` does."""
    with open_file(path, label, limit_name, limit) as stream:
        return read_stream(stream, label, limit_name, limit)


def read_stream(stream: BinaryIO, label: str, limit_name: str, limit: int) -> bytes:
    """All bytes of a stream. Raises :class:`ReadError` 'too large', :class:`OSError`."""
    # One more than allowed: a stream, a growing file and those under /proc do not tell their size beforehand.
    raw = stream.read(limit + 1) or b""
    if len(raw) > limit:
        raise too_large(label, 1, f"holds more than {limit:,} bytes", limit_name, limit)
    return raw


def too_large(label: str, line: int, what: str, limit_name: str, limit: int) -> ReadError:
    """The refusal of what exceeds a limit."""
    return ReadError("too large", say(label, line, what, "split it, or read it with a higher limit"), f"{limit_name}={limit}")
