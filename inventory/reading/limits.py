"""How much of anything is read: guards against input that is hostile or merely wrong."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """Sizes in bytes, but `max_chars` in Unicode code points.

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


DEFAULT_LIMITS = Limits()
