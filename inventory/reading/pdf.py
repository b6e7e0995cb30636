"""PDF files: the text of each page, put together to paragraphs."""

from __future__ import annotations

import datetime as dt
import io
import re
import time
from typing import Any

from inventory.reading.blobs import Blob
from inventory.reading.declared import read_day, read_language
from inventory.reading.decode import scrub_surrogates
from inventory.reading.drafts import Draft
from inventory.reading.errors import ReadError, Remark, note, say
from inventory.reading.extras import load_extra, name_reader
from inventory.reading.limits import Limits
from inventory.reading.metadata import Metadata
from inventory.reading.paragraphs import join_pages

# Share of the time limit after which no further page is begun, so that what was read is not lost with the process.
_ENOUGH = 0.7
_MADE = re.compile(r"D:([0-9]{4})([0-9]{2})([0-9]{2})")
_FILE_NAME = re.compile(r"(?:Microsoft Word|Microsoft PowerPoint) - |\.(?:docx?|odt|rtf|indd|pptx?|pdf|html?)\s*$", re.IGNORECASE)
_NAMELESS = frozenset({"untitled", "untitled document", "document", "document1"})


def read_pdf(raw: bytes, blob: Blob, limits: Limits) -> Draft:
    """The text of a PDF file and what it says of itself.

    The day on which the file was made is not the day of publication and is only told in a note; `prism:publicationDate` in its XMP
    metadata is. Raises :class:`ReadError` ('missing extra', 'encrypted', 'empty') and what pypdf raises.
    """
    pypdf = load_extra("pypdf", "pypdf", blob.label)
    reader = pypdf.PdfReader(io.BytesIO(raw), strict=False)
    # Many files are encrypted with the empty password, only to forbid printing.
    if reader.is_encrypted and not _open_with_empty_password(reader):
        raise ReadError("encrypted", say(blob.label, 1, "is encrypted", "save it without a password"))
    pages, lost, cut = _read_pages(reader, blob, limits)
    text = scrub_surrogates(join_pages(pages))
    if not text.strip():
        what = f"holds no text on its {len(reader.pages):,} page(s), which may be pictures"
        raise ReadError("empty", say(blob.label, 1, what, "run a text recognition (OCR) over it"))
    metadata, made, damaged = _read_metadata(reader)
    notes = []
    if lost:
        holes = note("cut", say(blob.label, 1, f"page(s) {', '.join(map(str, lost[:10]))} cannot be read", "save it anew"))
        if cut is None:
            cut = holes
        else:  # both are told: what was not tried, and what was and could not be read
            notes.append(holes)
    if damaged:
        what = "says of itself what cannot be read: title, day or publisher may be missing"
        notes.append(note("metadata", say(blob.label, 1, what, "give them in a .meta.yaml beside the file")))
    if metadata.published is None and made is not None:
        what = f"gives no day of publication; the file was made on {made.isoformat()}, which may be another day"
        notes.append(note("date", say(blob.label, 1, what, "give it with --published or in a .meta.yaml beside the file")))
    return Draft(text, blob.key, blob.label, 1, name_reader("pypdf"), raw, metadata, tuple(notes), cut=cut)


def _open_with_empty_password(reader: Any) -> bool:
    try:
        return bool(reader.decrypt(""))
    except Exception:  # pypdf raises various errors where the cipher needs a library that is not there
        return False


def _read_pages(reader: Any, blob: Blob, limits: Limits) -> tuple[list[str], list[int], Remark | None]:
    """The text of each page, the numbers of those that cannot be read, and a remark if not all were tried."""
    pages: list[str] = []
    lost: list[int] = []
    began, size, total = time.monotonic(), 0, len(reader.pages)
    for number in range(total):
        late = time.monotonic() - began > _ENOUGH * limits.max_seconds
        if late or size > limits.max_chars:
            limit = f"max_seconds={limits.max_seconds:g}" if late else f"max_chars={limits.max_chars}"
            message = say(blob.label, 1, f"only {number:,} of {total:,} pages are read", "split it, or read it with a higher limit")
            return pages, lost, Remark("note: cut", message, limit)
        try:
            pages.append(reader.pages[number].extract_text())
        except MemoryError:
            raise
        except Exception:  # one page with a damaged font or stream is no reason to lose the others
            lost.append(number + 1)
            pages.append("")
        size += len(pages[-1])
    if lost and len(lost) == total:
        raise ReadError("damaged", say(blob.label, 1, "none of its pages can be read", "open it in a PDF program and save it anew"))
    return pages, lost, None


def _read_metadata(reader: Any) -> tuple[Metadata, dt.date | None, bool]:
    """What the file says of itself, the day on which it was made, and whether part of that is damaged."""
    title = published = source = language = made = None
    damaged = False
    try:
        info = reader.metadata
        title = info.title if info is not None else None
        # Not `creation_date`: LibreOffice ends its dates in a way that pypdf cannot read.
        made = _read_made(str(info.creation_date_raw or "")) if info is not None else None
    except MemoryError:
        raise
    except Exception:  # pypdf raises whatever the damage leads to; it takes nothing from the text
        damaged = True
    try:
        language = read_language(str(reader.trailer["/Root"].get("/Lang") or ""))
        xmp = reader.xmp_metadata
        if xmp is not None:
            published = _find_published(xmp)
            title = title or next(iter((xmp.dc_title or {}).values()), None)
            source = next((str(one) for one in xmp.dc_publisher or ()), None)
    except MemoryError:
        raise
    except Exception:  # the same of the XML part
        damaged = True
    return Metadata(title=_clean_title(title), published=published, source=source or None, language=language), made, damaged


def _read_made(text: str) -> dt.date | None:
    match = _MADE.match(text)
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _find_published(xmp: Any) -> dt.date | None:
    for node in xmp.get_element("", "http://prismstandard.org/namespaces/basic/2.0/", "publicationDate"):
        text = node.nodeValue or "".join(child.data for child in node.childNodes if hasattr(child, "data"))
        if (day := read_day(text)) is not None:
            return day
    return None  # `dc:date` is the day of anything that befell the file


def _clean_title(title: object) -> str | None:
    """The title, unless a program made it from the name of a file."""
    text = " ".join(scrub_surrogates(str(title or "")).split())
    return None if not text or _FILE_NAME.search(text) or text.lower() in _NAMELESS else text
