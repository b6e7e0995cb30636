"""The lines of a file of many documents, one at a time, none longer than a record may be."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from inventory.reading.decode import UTF16_MARKS, decode_utf16
from inventory.reading.errors import ReadError
from inventory.reading.files import read_stream, too_large
from inventory.reading.limits import Limits


class Line(NamedTuple):
    """A line with its ending; `error` is set, and `raw` cut, where it is too long. `number` counts from 1."""

    number: int
    raw: bytes
    error: ReadError | None = None


def read_lines(stream: BinaryIO, label: str, limits: Limits) -> Iterator[Line]:
    r"""The lines of a seekable stream, split after `\n`, without a byte order mark; UTF-16 is turned into UTF-8.

    Raises :class:`ReadError` ('too large' for the stream as a whole, 'not text') and :class:`OSError`.
    """
    stream = _without_mark(stream, label, limits)
    longest, total, number = limits.max_record_bytes, 0, 0
    while raw := stream.readline(longest + 1):
        number += 1
        size, piece = len(raw), raw
        overlong = size > longest
        # The rest of an overlong line is read over in pieces, so that it never is in memory as a whole.
        while overlong and piece and not piece.endswith(b"\n"):
            piece = stream.readline(longest + 1)
            size += len(piece)
        total += size
        if total > limits.max_stream_bytes:
            # A file of this size is refused before it is opened; this one has grown meanwhile.
            what = f"holds more than {limits.max_stream_bytes:,} bytes; what stands from here on is not read"
            raise too_large(label, number, what, "max_stream_bytes", limits.max_stream_bytes)
        error = None
        if overlong:
            error = too_large(label, number, f"record of {size:,} bytes, more than {longest:,}", "max_record_bytes", longest)
        yield Line(number, raw, error)


def _without_mark(stream: BinaryIO, label: str, limits: Limits) -> BinaryIO:
    """The stream as UTF-8, placed after a byte order mark."""
    head = stream.read(len(codecs.BOM_UTF8))
    stream.seek(0)
    if head.startswith(UTF16_MARKS):
        # In UTF-16 a line feed is two bytes, and its second is half of other characters: such a file is read whole.
        raw = read_stream(stream, label, "max_stream_bytes", limits.max_stream_bytes)
        return io.BytesIO(decode_utf16(raw, label).encode())
    if head == codecs.BOM_UTF8:
        stream.seek(len(head))
    return stream
