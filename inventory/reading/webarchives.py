"""Web archives (`.warc`, `.warc.gz`): each page in them, with the address and the day that the crawler put down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inventory.reading.archives import spool
from inventory.reading.blobs import Blob, Budget
from inventory.reading.declared import read_day, read_language
from inventory.reading.drafts import Failure
from inventory.reading.errors import ReadError, Remark, say
from inventory.reading.extras import load_extra
from inventory.reading.kinds import CONTAINERS, kind_of_type
from inventory.reading.limits import Limits
from inventory.reading.metadata import Metadata


def read_warc(blob: Blob, limits: Limits, budget: Budget) -> Iterator[Blob | Failure]:
    """The answers of servers in a web archive that are documents; requests, redirects, pictures and scripts are passed over.

    A file that breaks off gives the pages before the break and a failure for the rest.
    Raises :class:`ReadError` ('missing extra', 'damaged', 'no documents', 'too large').
    """
    iterator = load_extra("warcio.archiveiterator", "warcio", blob.label)
    exceptions = load_extra("warcio.exceptions", "warcio", blob.label)
    found = number = 0
    with blob.open() as stream:
        if not stream.read(1):
            raise ReadError("empty", say(blob.label, 1, "is empty", "remove it, or supply a web archive"))
        stream.seek(0)
        records = iterator.ArchiveIterator(stream, arc2warc=True)
        try:
            for record in records:
                number += 1
                if number > limits.max_members:
                    what = f"holds more than {limits.max_members:,} records; what comes from here on is not read"
                    raise ReadError("too large", say(blob.label, 1, what, "split it"), f"max_members={limits.max_members}")
                page = _read_record(record, number, blob, limits, budget)
                if page is not None:
                    found += 1
                    yield page
                if _breaks_off(record):
                    what = f"breaks off in record {number:,}; what came after it is lost"
                    yield Failure(blob.key, Remark("damaged", say(blob.label, 1, what, "fetch it again")))
                    return
        except exceptions.ArchiveLoadFailed as error:
            reason = " ".join(str(error).split())[:120]
            if not number:
                raise ReadError("damaged", say(blob.label, 1, f"is no web archive ({reason})", "fetch it again")) from None
            what = f"is damaged after record {number:,} ({reason}); what comes after it is not read"
            yield Failure(blob.key, Remark("damaged", say(blob.label, 1, what, "fetch it again")))
            return
    if number == 0:
        raise ReadError("damaged", say(blob.label, 1, "is no web archive", "fetch it again"))
    if found == 0:
        raise ReadError("no documents", say(blob.label, 1, f"holds no page among its {number:,} records", "check what was crawled"))


def _read_record(record: Any, number: int, blob: Blob, limits: Limits, budget: Budget) -> Blob | None:
    """The document in a record, if there is one."""
    headers = record.http_headers
    if record.rec_type == "response" and headers is not None:
        if headers.get_statuscode() != "200":
            return None
        media_type = headers.get_header("Content-Type")
    elif record.rec_type in ("resource", "conversion"):
        media_type = record.rec_headers.get_header("Content-Type")
    else:
        return None
    kind = kind_of_type(media_type)
    if kind is None or kind in CONTAINERS:
        return None
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    day = read_day(record.rec_headers.get_header("WARC-Date") or "")
    language = read_language(headers.get_header("Content-Language")) if headers is not None else None
    url = address.strip("<>") if address.strip("<>").startswith(("http://", "https://")) else None
    label = f"{blob.label}#{number}"

    def unpack() -> Any:
        content = spool(record.content_stream(), label, None, limits, budget, limits.max_bytes)
        if _breaks_off(record):
            raise ReadError("damaged", say(label, 1, "breaks off with the archive", "fetch it again"))
        return content

    known = Metadata(url=url, retrieved=day, language=language)
    return Blob(str(number), f"{blob.key}#{number}", label, unpack, kind, find_charset(media_type), known)


def _breaks_off(record: Any) -> bool:
    """Whether the file ends before the record does, which warcio does not tell: it then has bytes to come that do not come."""
    while record.raw_stream.read(65_536):
        pass
    return bool(record.raw_stream.limit > 0)


def find_charset(media_type: str | None) -> str | None:
    """The parameter `charset` of a media type."""
    from email.message import Message

    if not media_type:
        return None
    message = Message()
    message["Content-Type"] = " ".join(media_type.split())
    charset = message.get_content_charset()
    return charset or None
