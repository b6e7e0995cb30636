"""A file appears under its name only when it is complete."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from inventory.store.disk import flush


class OutputError(Exception):
    """A file that could not be written. `path` is the file asked for; the text names it and the mend."""

    def __init__(self, path: Path | str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = Path(path)
        self.message = message


@contextmanager
def atomic_path(path: Path | str) -> Iterator[Path]:
    """Yield a temporary path in the folder of `path`; when the block ends well, it takes the place of `path` at once.

    The content is on the disk (fsync) before it is renamed. Mode 0644 less the umask. If the block or the
    renaming fails, the temporary file is removed and whatever stood at `path` is untouched.

    Raises:
        OutputError: the folder is missing, not writable or full, or `path` is not a regular file.
    """
    target = Path(path)
    if target.exists() and not target.is_file():
        # os.replace would put a file in the place of a device such as /dev/null.
        raise OutputError(target, "exists and is not a regular file; name a file, or '-' for standard output")
    # A short name of its own: target.name may already be as long as the file system allows.
    temporary = target.parent / f".{secrets.token_hex(8)}.tmp"
    try:
        # Not mkstemp, which makes 0600: os.open lets the kernel apply the umask, and reading the umask is not thread-safe.
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        yield temporary
        flush(temporary)
        temporary.replace(target)
    except OSError as fault:
        raise OutputError(target, f"cannot be written: {fault.strerror or fault}; {_mend(fault, target)}") from fault
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    with suppress(OSError):  # some file systems cannot flush a folder; the file itself is safe by now
        flush(target.parent)


def _mend(fault: OSError, target: Path) -> str:
    if isinstance(fault, FileNotFoundError | NotADirectoryError):
        return f"create the folder {target.parent} or choose another with -o"
    if isinstance(fault, PermissionError):
        return "close the file in other programs, or choose a folder you may write to with -o"
    return "free some space or choose another place with -o"
