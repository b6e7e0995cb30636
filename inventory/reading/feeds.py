"""RSS and Atom feeds: one document an entry."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from inventory.reading.blobs import Blob
from inventory.reading.declared import read_day, read_language
from inventory.reading.decode import scrub_surrogates
from inventory.reading.drafts import Draft, Failure
from inventory.reading.errors import ReadError, Remark, note, say
from inventory.reading.extras import load_extra, name_reader
from inventory.reading.mail import read_mail_day
from inventory.reading.markup import flatten_html
from inventory.reading.metadata import Metadata

_MARKUP = ("text/html", "application/xhtml+xml")


def read_feed(raw: bytes, blob: Blob) -> Iterator[Draft | Failure]:
    """The entries of a feed in its order, each with its own id and address; the text is the content, else the summary, else the title.

    A feed that breaks off gives the entries before the break, and a failure for the rest.
    Raises :class:`ReadError` ('missing extra', 'damaged', 'empty').
    """
    feedparser = load_extra("feedparser", "feedparser", blob.label)
    # Its own cleaning of markup is slow on hostile input, and not needed: nothing but text is taken.
    headers = {"content-type": f"application/xml; charset={blob.charset}"} if blob.charset else {}
    feed = feedparser.parse(io.BytesIO(raw), sanitize_html=False, resolve_relative_uris=False, response_headers=headers)
    fault = feed.get("bozo_exception") if feed.get("bozo") else None
    broken = fault is not None and not isinstance(fault, feedparser.CharacterEncodingOverride)
    if not feed.entries:
        if broken or not feed.version:
            what = f"is damaged or no feed ({_explain(fault)})" if broken else "is no feed"
            raise ReadError("damaged", say(blob.label, 1, what, "fetch it again"))
        raise ReadError("empty", say(blob.label, 1, "holds no entry", "leave it out, or fetch it again later"))
    for number, entry in enumerate(feed.entries, 1):
        yield _read_entry(entry, feed.feed, number, raw, blob)
    if broken:
        what = f"breaks off or is damaged ({_explain(fault)}); entries after that are lost"
        yield Failure(
            blob.key, Remark("damaged", say(blob.label, getattr(fault, "getLineNumber", lambda: 1)() or 1, what, "fetch it again"))
        )


def _read_entry(entry: Any, feed: Any, number: int, raw: bytes, blob: Blob) -> Draft:
    notes = []
    # Not `entry.get`: it gives the day of the last change under this name, too, and does not tell.
    published = read_feed_day(dict.get(entry, "published"))
    if published is None and (changed := read_feed_day(dict.get(entry, "updated"))) is not None:
        published = changed
        what = f"entry {number} gives no day of publication; that of its last change, {changed.isoformat()}, is taken"
        notes.append(note("date", say(blob.label, 1, what, "check the rows")))
    title = entry.get("title", "")
    title = flatten_html(title, blob.label) if "<" in title or "&" in title else title
    title = " ".join(scrub_surrogates(title).split())
    text, language = _read_content(entry, blob)
    metadata = Metadata(
        title=title or None,
        published=published,
        source=_line(entry.get("source", {}).get("title")) or _line(feed.get("title")),
        url=_line(entry.get("link")),
        language=read_language(language or entry.get("language") or feed.get("language")),
        id=_line(entry.get("id")),
    )
    return Draft(text or title, f"{blob.key}#{number}", blob.label, 1, name_reader("feedparser"), raw, metadata, tuple(notes))


def _read_content(entry: Any, blob: Blob) -> tuple[str, str | None]:
    """The longest of an entry's contents as text, else its summary; and the language that it is said to be in."""
    texts = [(_flatten(one, blob), one.get("language")) for one in entry.get("content", ())]
    if not any(text for text, _ in texts):
        texts = [(_flatten(entry.get("summary_detail") or {"value": entry.get("summary", "")}, blob), None)]
    return max(texts, key=lambda pair: len(pair[0]))


def _flatten(content: Any, blob: Blob) -> str:
    value = scrub_surrogates(content.get("value") or "")
    return flatten_html(value, blob.label) if content.get("type") in _MARKUP or "</" in value or "<br" in value else value.strip()


def read_feed_day(text: str | None) -> dt.date | None:
    """The day of a date in a feed (RFC 5322 in RSS, RFC 3339 in Atom), as written, without regard to its zone."""
    return None if not text else read_day(text) or read_mail_day(text)


def _line(text: object) -> str | None:
    return " ".join(scrub_surrogates(text).split()) or None if isinstance(text, str) else None


def _explain(fault: Any) -> str:
    return " ".join(str(getattr(fault, "getMessage", lambda: fault)()).split())[:120]
