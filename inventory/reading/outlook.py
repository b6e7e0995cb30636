"""Outlook's own mail files (`.msg`)."""

from __future__ import annotations

import email.utils
import io
from collections.abc import Iterator
from typing import Any

from inventory.reading.blobs import Blob
from inventory.reading.decode import scrub_surrogates
from inventory.reading.drafts import Draft, Failure
from inventory.reading.extras import load_extra, name_reader
from inventory.reading.folders import is_ignored
from inventory.reading.inputs import show_path
from inventory.reading.mail import choose_body, note_left, read_mail_day
from inventory.reading.markup import flatten_html
from inventory.reading.metadata import Metadata


def read_outlook(raw: bytes, blob: Blob) -> Iterator[Draft | Failure | Blob]:
    """The mail's text as a document, then each attached file of a known kind.

    The day is that of the header `Date` as its sender's clock showed it, else that of the time of sending, which Outlook keeps in UTC.
    Raises :class:`ReadError` 'missing extra' and what python-oxmsg raises.
    """
    oxmsg = load_extra("oxmsg", "python-oxmsg", blob.label)
    message = oxmsg.Message.load(raw)
    plain = (message.body or "").replace("\r\n", "\n")
    html = flatten_html(message.html_body, blob.label) if message.html_body else ""
    text = choose_body(plain, html)
    attached = [one for one in message.attachments if _is_known(one)]
    if text.strip() or not attached:
        left = [show_path(one.file_name or "without a name") for one in message.attachments if not _is_known(one)]
        notes = (note_left(left, blob.label),) if left else ()
        yield Draft(scrub_surrogates(text), blob.key, blob.label, 1, name_reader("python-oxmsg"), raw, _read_metadata(message), notes)
    for one in attached:
        content, name = one.file_bytes or b"", show_path(one.file_name.replace("\\", "/").rpartition("/")[2])
        yield Blob(name, f"{blob.key}/{name}", f"{blob.label}/{name}", lambda content=content: io.BytesIO(content))  # type: ignore[misc]


def _is_known(attachment: Any) -> bool:
    return bool(attachment.file_name) and not is_ignored(attachment.file_name.rpartition("/")[2])


def _read_metadata(message: Any) -> Metadata:
    name, address = email.utils.parseaddr(message.sender or "")
    sent = message.sent_date
    published = read_mail_day(message.message_headers.get("Date")) or (sent.date() if sent is not None else None)
    return Metadata(title=" ".join(message.subject.split()) or None, published=published, source=name or address.rpartition("@")[2] or None)
