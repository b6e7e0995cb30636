"""What is known of a document before its text is read: from front matter, a sidecar, a JSON record or a table row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import NamedTuple

from inventory.reading.decode import scrub_surrogates
from inventory.reading.errors import Remark, note, say

# Keys of front matter and sidecars; records and rows know the second set (the command contract).
FILE_KEYS = ("title", "published", "source", "url", "language", "retrieved", "id")
RECORD_KEYS = ("id", "title", "url", "source", "published", "language")
_DATES = ("published", "retrieved")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt ] *[0-9].*)?", re.DOTALL)
# The strict YAML reader hands every scalar on as text, so that an explicit null arrives as one of these.
_NOTHING = frozenset(("", "~", "null"))
_SHOWN = 40


class Metadata(NamedTuple):
    """Each field is `None` where nothing (or nothing usable) is said."""

    title: str | None = None
    published: dt.date | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    retrieved: dt.date | None = None
    id: str | None = None

    def over(self, other: Metadata) -> Metadata:
        """These values, and where there is none the other's."""
        return other._replace(**{key: value for key, value in self._asdict().items() if value is not None})


class Entry(NamedTuple):
    """One `key: value` with the line it stands in; `value` is whatever the format holds (text, number, list, …)."""

    key: str
    value: object
    line: int


def parse_metadata(entries: Iterable[Entry], label: str) -> tuple[Metadata, list[Remark]]:
    """The metadata that `entries` state, and a note for each one that cannot be used. Never raises."""
    values: dict[str, str | dt.date] = {}
    notes: list[Remark] = []
    for key, value, line in entries:
        if key not in FILE_KEYS:
            mend = f"use one of {', '.join(FILE_KEYS)}, or remove it"
            notes.append(note("metadata", say(label, line, f"unknown key {_show(key)}", mend)))
            continue
        text = _as_text(key, value)
        if text is None:
            what = f"{key} is a {type(value).__name__}, not text"
            notes.append(note("metadata", say(label, line, what, "write one value in quotes")))
        elif text in _NOTHING:
            continue
        elif key not in _DATES:
            values[key] = text
        elif (date := parse_date(text)) is not None:
            values[key] = date
        else:
            what = f"{key} {_show(text)} is not a date"
            notes.append(note("metadata", say(label, line, what, "write it as YYYY-MM-DD, such as 2022-02-07")))
    return Metadata(**values), notes  # type: ignore[arg-type]  # the loop puts a date where a date belongs


def parse_date(text: str) -> dt.date | None:
    """An ISO 8601 calendar date; a time after it is cut off, as written and without regard to its zone."""
    match = _ISO_DATE.fullmatch(text.strip())
    if match is None:
        return None
    try:
        return dt.date(*map(int, match.groups()))
    except ValueError:
        return None


def _as_text(key: str, value: object) -> str | None:
    """The value as trimmed text, `""` for none, or `None` if it is of a kind that has no text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return scrub_surrogates(value.strip())
    # Data bases hand out numbers as ids; nothing else may be a number.
    if key == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def _show(text: str) -> str:
    """A value as messages quote it: on one line and short."""
    return repr(scrub_surrogates(text[:_SHOWN]) + ("…" if len(text) > _SHOWN else ""))
