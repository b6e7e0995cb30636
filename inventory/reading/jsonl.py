"""JSON Lines: one document a line.

Keys: `text` is required; `id`, `title`, `url`, `source`, `published`, `language` are read; all others are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO, NoReturn

from inventory.reading.decode import decode_part, scrub_surrogates
from inventory.reading.drafts import Draft, Failure
from inventory.reading.errors import ReadError, note, say
from inventory.reading.limits import Limits
from inventory.reading.lines import Line, read_lines
from inventory.reading.metadata import RECORD_KEYS, Entry, parse_metadata

# As many as Python itself converts by default: beyond that the time grows with the square of the length.
_MAX_DIGITS = 4_300


def read_jsonl(stream: BinaryIO, name: str, label: str, limits: Limits) -> Iterator[Draft | Failure]:
    """The documents of a seekable stream, with keys `name#line`; a line that is none becomes a failure, and the next one is read.

    Raises :class:`ReadError` where the stream as a whole cannot be read, and :class:`OSError`.
    """
    empty = True
    for line in read_lines(stream, label, limits):
        if not line.raw.strip() and line.error is None:
            continue
        empty = False
        key = f"{name}#{line.number}"
        try:
            yield parse_line(line, key, label)
        except ReadError as error:
            yield Failure(key, error.remark)
    if empty:
        raise ReadError("empty", say(label, 1, "holds no record", "remove it, or supply one JSON object a line"))


def parse_line(line: Line, key: str, label: str) -> Draft:
    """The document in one line. Raises :class:`ReadError` ('bad record', 'too large', 'not text', 'encoding')."""
    if line.error is not None:
        raise line.error
    raw = line.raw.rstrip(b"\r\n")
    decoded, remark = decode_part(raw, label, line.number)
    record = parse_object(decoded, label, line.number)
    text = record.get("text")
    if not isinstance(text, str):
        what = f"text is of type {type(text).__name__}, not a string" if "text" in record else "record has no text"
        raise ReadError("bad record", say(label, line.number, what, 'give the document\'s text as {"text": "…"}'))
    notes = [remark] if remark else []
    clean = scrub_surrogates(text)
    if clean != text:
        what = "text holds halves of surrogate pairs; each was replaced by U+FFFD"
        notes.append(note("encoding", say(label, line.number, what, "write the file as UTF-8, not cut inside a pair")))
    entries = (Entry(name, record[name], line.number) for name in RECORD_KEYS if name in record)
    metadata, faults = parse_metadata(entries, label)
    return Draft(clean, key, label, line.number, "jsonl", raw, metadata, (*notes, *faults))


def parse_object(text: str, label: str, line: int) -> dict[str, object]:
    """The JSON object that `text` is. Raises :class:`ReadError` 'bad record'."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_int=_parse_int)
    except RecursionError:
        what, mend = "JSON is nested too deeply", "flatten the record"
    except json.JSONDecodeError as error:
        what, mend = f"not valid JSON: {error.msg}, column {error.colno}", "write one JSON object a line"
    except ValueError as error:
        what, mend = str(error), "write null or a string instead"
    else:
        if isinstance(value, dict):
            return value
        what, mend = f"record is of type {type(value).__name__}, not an object", "write one JSON object a line"
    raise ReadError("bad record", say(label, line, what, mend))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _parse_int(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError(f"number of {len(digits):,} digits")
    return int(digits)
