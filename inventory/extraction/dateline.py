"""The day on which a document was published, read from its own head where no metadata says it.

A day counts as that of publication where it stands as datelines and headings write it: in brackets behind a place, alone on
its line, behind the agency's city, before a colon at the head of a heading, or with its year at a heading's end. A day
without a year takes the year that the head gives elsewhere (another date, the number of the release), if it gives just one.
"""

from __future__ import annotations

import datetime as dt
import re

from inventory.extraction.dates import resolve_date
from inventory.extraction.scan import find_tokens
from inventory.rulebook.book import Rulebook
from inventory.text.fold import Folded

# How much of a text can be its head.
_HEAD = 1200
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d,]|\.\d)")
_LINE_END = re.compile(r"[ )\]]*(?:$|[-|]|\d{1,2}:\d\d)")
# `KYIV, Ukraine (`, `MOSCOW, `, `Published: `: short, no sentence, and it begins like a name.
_PLACE = re.compile(r"[^a-z\W][\w' -]{1,30}(?:, ?[^a-z\W][\w' .-]{1,30})?,? ?\(?$")
_LABEL = re.compile(r"[\W_]*(?:[^\W\d_]+(?: (?:on|at|date))?: ?|[^\W\d_]+ on |\W*)$", re.IGNORECASE)


def find_published(folded: Folded, book: Rulebook) -> dt.date | None:
    """The day of publication that the head of a text tells, or `None`."""
    cased = folded.cased
    end = min(len(cased), _HEAD)
    at = 0
    years: set[str] = set()
    waiting: dict[str, str] | None = None
    while at < end:
        stop = cased.find("\n", at, len(cased))
        stop = len(cased) if stop < 0 else stop
        found = _published_on(folded, book, at, min(stop, at + 200)) if any(char.isdigit() for char in cased[at : at + 200]) else None
        if found is not None:
            if "y" in found:
                return _resolve(found, book)
            waiting = waiting or found
        line = cased[at:stop].rstrip()
        if found is None and line[-1:] == ".":
            break  # the prose has begun
        if line and len(line) <= 120:
            years.update(year[0] for year in _YEAR.finditer(line))
        at = stop + 1
    if waiting is None or len(years) != 1:
        return None
    return _resolve({**waiting, "y": years.pop()}, book)


def _resolve(groups: dict[str, str], book: Rulebook) -> dt.date | None:
    period = resolve_date("day", groups, book.values, None)
    return period.start if period is not None and period.precision == "day" else None


def _published_on(folded: Folded, book: Rulebook, start: int, end: int) -> dict[str, str] | None:
    """The groups of the date on a line that stands as a date of publication does."""
    cased = folded.cased
    best: tuple[int, dict[str, str]] | None = None
    for rule, match in find_tokens(folded, book, start, end):
        if rule.type != "date" or rule.resolve != "day":
            continue
        groups = {name: text for name, text in match.groupdict().items() if text is not None}
        if "d2" in groups:
            continue
        if _stands_as_dateline(cased[start : match.start()].lstrip(), cased[match.end() : end], "y" in groups):
            size = match.end() - match.start()
            if best is None or size > best[0]:
                best = (size, groups)
    return best[1] if best else None


def _stands_as_dateline(before: str, after: str, dated: bool) -> bool:
    closing = _LINE_END.match(after) is not None
    if before.endswith("("):
        return after.startswith(")") and _PLACE.match(before) is not None
    if _LABEL.match(before):
        return closing or (not before and after.startswith(":"))
    if dated and closing and not after.strip(" )]") and len(before) <= 100:
        return True  # a heading's end
    return _PLACE.match(before) is not None and before.rstrip().endswith(",") and re.match(r"\.? ?(?:\(|/|-)", after) is not None
