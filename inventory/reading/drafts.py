"""From a text and what is said of it to the finished :class:`Document` with an id of its own."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from inventory.model import Document, Issue
from inventory.reading.errors import ReadError, Remark, note, say
from inventory.reading.limits import Limits
from inventory.reading.metadata import Metadata

# How far before the limit a cut looks for white space: longer than any word or printed number.
_BACK = 1_000
_LAST_SPACE = re.compile(r"\s(?=\S*\Z)")


class DocIds:
    """The ids given out in one run: a second equal one gets `~2`, the next `~3`."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def claim(self, doc_id: str) -> str:
        """`doc_id` itself if it is still free, else the next one after it that is."""
        unique = doc_id
        while unique in self._given:
            self._given[doc_id] += 1
            unique = f"{doc_id}~{self._given[doc_id]}"
        self._given[unique] = 1
        return unique


@dataclass(frozen=True, slots=True)
class Run:
    """What holds for every document of one call."""

    limits: Limits
    published: dt.date | None = None
    ids: DocIds = field(default_factory=DocIds)


class Draft(NamedTuple):
    """A text that was read. `key` is its id unless the metadata give one; `raw` is what is hashed, as it was read.

    Where the bytes are not at hand any more, `digest` is their SHA-256. `cut` says what the reader had to leave out, if anything.
    """

    text: str
    key: str
    label: str
    line: int
    reader: str
    raw: bytes
    metadata: Metadata
    notes: tuple[Remark, ...]
    digest: str | None = None
    cut: Remark | None = None


class Failure(NamedTuple):
    """What stands where a document should: the id that it would have had, and why it could not be read."""

    key: str
    remark: Remark


def finish_all(items: Iterable[Draft | Failure], run: Run) -> Iterator[Document | Issue]:
    """The documents and issues that readers' results come to, one after the other."""
    for item in items:
        if isinstance(item, Failure):
            yield item.remark.issue(run.ids.claim(item.key))
        else:
            yield from finish_document(item, run)


def finish_document(draft: Draft, run: Run) -> Iterator[Document | Issue]:
    """The notes on a document, then the document; or, if it is empty, the one issue that says so."""
    metadata = draft.metadata
    doc_id = run.ids.claim(metadata.id or draft.key)
    for remark in draft.notes:
        yield remark.issue(doc_id)
    if not draft.text or draft.text.isspace():
        what = "holds no text" if draft.text or draft.raw or draft.digest else "is empty"
        yield ReadError("empty", say(draft.label, draft.line, what, "remove it, or supply its text")).remark.issue(doc_id)
        return
    text, error, limit = draft.text, None, run.limits.max_chars
    if draft.cut is not None:
        error = draft.cut.message
        yield draft.cut.issue(doc_id)
    if len(text) > limit:
        text = cut_text(text, limit)
        what = f"text of {len(draft.text):,} characters is cut after {len(text):,}"
        error = say(draft.label, draft.line, what, "split it, or read it with a higher limit")
        yield note("cut", error, f"max_chars={limit}").issue(doc_id)
    yield Document(
        text=text,
        doc_id=doc_id,
        title=metadata.title,
        source=metadata.source,
        url=metadata.url,
        published=metadata.published or run.published,
        retrieved=metadata.retrieved,
        language=metadata.language,
        reader=draft.reader,
        source_key=metadata.url or doc_id,
        raw_sha256=draft.digest or hashlib.sha256(draft.raw).hexdigest(),
        status="read" if error is None else "cut",
        error=error,
        origin=draft.key,
    )


def cut_text(text: str, limit: int) -> str:
    """The first `limit` characters, or less: a cut through `169,000` would leave the false number 169."""
    if text[limit].isspace():
        return text[:limit]
    tail = max(0, limit - _BACK)
    space = _LAST_SPACE.search(text[tail:limit])
    # White space at the very beginning would leave nothing.
    return text[: tail + space.start()] if space and tail + space.start() else text[:limit]
