"""How much of anything is read: guards against input that is hostile or merely wrong."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """Sizes in bytes, but `max_chars` in Unicode code points and `max_seconds` in seconds.

    A news article holds some 5,000 characters and a long report 500,000; the limits leave room for forty and
    for four of them. What is larger is nearly always a mistake (a dump, a log, an archive of many documents).
    """

    max_bytes: int = 20_000_000
    """A text file, or plain text on standard input."""
    max_stream_bytes: int = 50_000_000
    """A file of many documents (`.jsonl`, `.csv`, `.tsv`)."""
    max_record_bytes: int = 5_000_000
    """One document of such a file."""
    max_chars: int = 2_000_000
    """The text of one document; what goes beyond is cut off."""
    max_container_bytes: int = 4_000_000_000
    """An archive, web archive or Parquet file: it is read piece by piece, so that its size costs time and no memory."""
    max_unpacked_bytes: int = 4_000_000_000
    """All that is unpacked from one such file, archives inside it included."""
    max_ratio: int = 200
    """How many times larger than packed a member may be, from a megabyte on. Prose packs 3 times, markup 20 times, a bomb 1,000 times."""
    max_members: int = 100_000
    """Members of one archive and the archives inside it."""
    max_depth: int = 3
    """Archives inside one another: a file in a mail in a ZIP file lies two deep."""
    max_seconds: float = 60.0
    """How long a reader that runs apart may take for one document: a hundred times what a long report needs."""
    max_worker_bytes: int = 2_000_000_000
    """Address space of the process that such a reader runs in."""


DEFAULT_LIMITS = Limits()
