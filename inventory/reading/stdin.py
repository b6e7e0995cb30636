"""Standard input: one plain text, or JSON Lines if it begins with a record that has a text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from inventory.model import Document, Issue
from inventory.reading.decode import decode_text
from inventory.reading.drafts import Draft, Run, finish_all, finish_document
from inventory.reading.errors import ReadError
from inventory.reading.files import read_stream, too_large
from inventory.reading.inputs import Source
from inventory.reading.jsonl import parse_line, read_jsonl
from inventory.reading.lines import read_lines
from inventory.reading.metadata import Metadata


def read_stdin(stream: BinaryIO, source: Source, run: Run) -> Iterator[Document | Issue]:
    """The documents on `stream`, which is read to its end first.

    Raises :class:`ReadError` ('too large', 'not text', 'encoding') and :class:`OSError`.
    """
    limits = run.limits
    raw = read_stream(stream, source.label, "max_stream_bytes", max(limits.max_stream_bytes, limits.max_bytes))
    if _is_jsonl(raw, source, run):
        yield from finish_all(read_jsonl(io.BytesIO(raw), source.key, source.label, limits), run)
        return
    if len(raw) > limits.max_bytes:
        raise too_large(source.label, 1, f"holds {len(raw):,} bytes, more than {limits.max_bytes:,}", "max_bytes", limits.max_bytes)
    text, remark = decode_text(raw, source.label)
    draft = Draft(text, source.key, source.label, 1, "text", raw, Metadata(), (remark,) if remark else ())
    yield from finish_document(draft, run)


def _is_jsonl(raw: bytes, source: Source, run: Run) -> bool:
    """Whether the first line that is not blank is a record with a text."""
    try:
        first = next((line for line in read_lines(io.BytesIO(raw), source.label, run.limits) if line.raw.strip()), None)
        return first is not None and parse_line(first, source.key, source.label).reader == "jsonl"
    except ReadError:
        return False
