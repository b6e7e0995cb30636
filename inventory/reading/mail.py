"""Mails (`.eml`) with what is attached to them, and pages that a browser saved in the form of a mail (`.mhtml`)."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import email.utils
import io
import platform
import re
from collections.abc import Iterator
from email.message import EmailMessage

from inventory.reading.blobs import Blob
from inventory.reading.declared import read_language
from inventory.reading.decode import decode_markup, scrub_surrogates
from inventory.reading.drafts import Draft, Failure
from inventory.reading.errors import ReadError, Remark, note, say
from inventory.reading.folders import is_ignored
from inventory.reading.inputs import show_path
from inventory.reading.kinds import kind_of_name, kind_of_type
from inventory.reading.markup import flatten_html
from inventory.reading.metadata import Metadata

# A plain part of less than this share of the words of the HTML part only says "your program cannot show this mail".
_STUB = 0.25
_ADDRESS = re.compile(r"<?(https?://[^\s<>]+)>?")
_SIGN = re.compile(r"^-- $")


def read_mail(raw: bytes, blob: Blob) -> Iterator[Draft | Failure | Blob]:
    """The mail's text as a document, then each attached file of a known kind.

    Raises :class:`ReadError` 'damaged' for what has no header, 'missing extra' for HTML without the library that reads it.
    """
    message = _parse(raw, blob)
    text = _find_text(message, blob)
    attached = list(_list_attached(message))
    # A mail that only carries files says nothing itself.
    if text.strip() or not attached:
        left = [name for name, _, known in attached if not known]
        notes = (note_left(left, blob.label),) if left else ()
        yield Draft(text, blob.key, blob.label, 1, name_mail_reader(), raw, read_header(message), notes)
    for number, (name, part, known) in enumerate(attached, 1):
        if known:
            yield _attachment(name or f"part-{number}", part, blob)


def read_mhtml(raw: bytes, blob: Blob) -> Draft:
    """The page in a page archive. Raises :class:`ReadError` ('damaged', 'missing extra')."""
    from inventory.reading.pages import read_page

    message = _parse(raw, blob)
    page = next((part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")), None)
    if page is None:
        raise ReadError("damaged", say(blob.label, 1, "holds no page", "save the page again"))
    url = _header(message, "Snapshot-Content-Location") or _header(page, "Content-Location")
    known = Metadata(
        url=url if url and url.startswith(("http://", "https://")) else None, retrieved=read_mail_day(_header(message, "Date"))
    )
    body = page.get_payload(decode=True)
    inner = blob._replace(charset=page.get_content_charset(), metadata=blob.metadata.over(known))
    draft = read_page(body if isinstance(body, bytes) else b"", inner)
    return draft._replace(raw=raw, metadata=draft.metadata.over(known))


def name_mail_reader() -> str:
    """The standard library's parser, by the version of Python, since it has none of its own."""
    return f"email (Python {'.'.join(platform.python_version_tuple()[:2])})"


def read_header(message: EmailMessage) -> Metadata:
    """Title, day, sender, address and language of a mail; the day as its sender's clock showed it."""
    sender = email.utils.parseaddr(_header(message, "From") or "")
    archived = _ADDRESS.search(_header(message, "Archived-At") or "")
    return Metadata(
        title=_header(message, "Subject") or None,
        published=read_mail_day(_header(message, "Date")),
        source=sender[0] or sender[1].rpartition("@")[2] or None,
        url=archived[1] if archived else None,
        language=read_language(_header(message, "Content-Language")),
    )


def read_mail_day(text: str | None) -> dt.date | None:
    """The day of a date as mails and feeds write it (RFC 5322), as written, without regard to its zone."""
    try:
        return email.utils.parsedate_to_datetime(text).date() if text else None
    except (ValueError, TypeError, IndexError):
        return None


def note_left(names: list[str], label: str) -> Remark:
    """The note on attached files that are not read."""
    what = f"carries files of no known kind, which are not read: {', '.join(names[:5])}"
    return note("skipped", say(label, 1, what, "save them in another form if they matter"))


def choose_body(plain: str, html: str) -> str:
    """The text of a mail that may have it twice: the plain one, unless it is only a stub."""
    return html if not plain.strip() or len(plain.split()) < _STUB * len(html.split()) else plain


def unwrap_flowed(text: str) -> str:
    """Text of `format=flowed` (RFC 3676) with its soft line ends taken out: a line that ends with a space goes on."""
    lines: list[str] = []
    flows = False
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:].removeprefix(" ")
        if flows and not depth:
            lines[-1] += body
        else:
            lines.append(line[:depth] + " " * bool(depth) + body)
        flows = body.endswith(" ") and not _SIGN.match(body) and not depth
    return "\n".join(line.rstrip() for line in lines)


def _parse(raw: bytes, blob: Blob) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    # The parser takes anything; what has none of these is no mail.
    if not any(name in message for name in ("From", "Date", "Subject", "Message-ID", "MIME-Version", "Received")):
        raise ReadError("damaged", say(blob.label, 1, "has no header of a mail", "save it from the mail program again, or rename it"))
    return message


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        value = message[name]
        text = None if value is None else " ".join(scrub_surrogates(str(value)).split())
    except Exception:  # the standard library raises various errors on malformed headers of some kinds
        return None
    return text or None


def _find_text(message: EmailMessage, blob: Blob) -> str:
    plain = _read_part(message, "plain", blob)
    try:
        html = _read_part(message, "html", blob)
    except ReadError:  # without the library that reads HTML, plain text is text enough
        if not plain.strip():
            raise
        html = ""
    return choose_body(plain, html)


def _read_part(message: EmailMessage, kind: str, blob: Blob) -> str:
    try:
        part = message.get_body(preferencelist=(kind,))
    except Exception:  # as in `_header`
        part = None
    if part is None or part.get_content_type() != f"text/{kind}":
        return ""
    payload = part.get_payload(decode=True)
    text, _ = decode_markup(payload if isinstance(payload, bytes) else b"", blob.label, part.get_content_charset())
    if kind == "html":
        return flatten_html(text, blob.label)
    text = scrub_surrogates(text.replace("\r\n", "\n"))
    return unwrap_flowed(text) if part.get_param("format") == "flowed" else text


def _list_attached(message: EmailMessage) -> Iterator[tuple[str, EmailMessage, bool]]:
    """Name, part, and whether its kind is known; pictures that belong to the text are left out."""
    try:
        parts = list(message.iter_attachments())
    except Exception:  # as in `_header`; a mail of one part has none
        return
    for part in parts:
        if not isinstance(part, EmailMessage) or part.get_content_maintype() in ("image", "multipart"):
            continue
        is_mail = part.get_content_type() == "message/rfc822"
        try:
            name = show_path((part.get_filename() or "").replace("\\", "/").rpartition("/")[2])
        except Exception:
            name = ""
        if not name and not is_mail and not part.is_attachment():
            continue
        known = is_mail or (bool(name) and not is_ignored(name)) or kind_of_type(part.get_content_type()) is not None
        yield name or ("attached.eml" if is_mail else ""), part, known


def _attachment(name: str, part: EmailMessage, blob: Blob) -> Blob:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0)
        content, kind = inner.as_bytes() if isinstance(inner, EmailMessage) else b"", "mail"
    else:
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        kind = kind_of_name(name) or kind_of_type(part.get_content_type()) or ""
    return Blob(name, f"{blob.key}/{name}", f"{blob.label}/{name}", lambda: io.BytesIO(content), kind or None, part.get_content_charset())
