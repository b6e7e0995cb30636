"""Word documents (`.docx`): their text with tables and notes, tracked insertions in, tracked deletions out."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from xml.etree.ElementTree import Element

from inventory.reading.blobs import Blob, check_ratio
from inventory.reading.declared import read_day, read_language
from inventory.reading.drafts import Draft
from inventory.reading.errors import ReadError, note, say
from inventory.reading.extras import load_extra, name_reader
from inventory.reading.files import too_large
from inventory.reading.limits import Limits
from inventory.reading.markup import flatten_html
from inventory.reading.metadata import Metadata

_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
# What an office file may unpack to, beside the limit on its own size: ten times that, which no report with its pictures reaches.
_UNPACKED = 10


def read_docx(raw: bytes, blob: Blob, limits: Limits) -> Draft:
    """The text of a Word document and its title.

    The days on which it was made and changed are not the day of publication and are only told in a note; `dcterms:issued` is.
    Raises :class:`ReadError` ('missing extra', 'packed too tightly', 'too large', 'encrypted', 'damaged') and what mammoth raises.
    """
    mammoth = load_extra("mammoth", "mammoth", blob.label)
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadError("encrypted", say(blob.label, 1, "is encrypted, or a .doc of old", "save it as .docx without a password"))
    metadata, made = _check_parts(raw, blob, limits)
    # Pictures would come as Base64; their words are asked for, not their bytes.
    result = mammoth.convert_to_html(io.BytesIO(raw), convert_image=mammoth.images.img_element(lambda _: {"src": ""}))
    text = flatten_html(result.value, blob.label)
    notes = []
    if metadata.published is None and made is not None:
        what = f"gives no day of publication; the file was made on {made.isoformat()}, which may be another day"
        notes.append(note("date", say(blob.label, 1, what, "give it with --published or in a .meta.yaml beside the file")))
    return Draft(text, blob.key, blob.label, 1, name_reader("mammoth"), raw, metadata, tuple(notes))


def _check_parts(raw: bytes, blob: Blob, limits: Limits) -> tuple[Metadata, dt.date | None]:
    """The metadata, once all parts are seen to be of a sane size: mammoth itself unpacks whatever it is given."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        total = 0
        for info in archive.infolist():
            check_ratio(f"{blob.label}/{info.filename}", info.file_size, info.compress_size, limits)
            total += info.file_size
            if total > _UNPACKED * limits.max_bytes:
                most = _UNPACKED * limits.max_bytes
                raise too_large(blob.label, 1, f"unpacks to more than {most:,} bytes", "max_bytes", limits.max_bytes)
        names = set(archive.namelist())
        if "word/document.xml" not in names and not any(name.endswith("document.xml") for name in names):
            raise ReadError("damaged", say(blob.label, 1, "holds no Word document", "open it in its own program and save it as .docx"))
        core = archive.read("docProps/core.xml") if "docProps/core.xml" in names else b""
    return _read_core(core)


def _read_core(core: bytes) -> tuple[Metadata, dt.date | None]:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root: Element = fromstring(core)
    except (ParseError, DefusedXmlException, ValueError):
        return Metadata(), None
    title = " ".join((root.findtext(f"{_DC}title") or "").split()) or None
    source = " ".join((root.findtext(f"{_DC}publisher") or "").split()) or None
    language = read_language((root.findtext(f"{_DC}language") or "").strip() or None)
    issued = read_day(root.findtext(f"{_TERMS}issued") or "")
    return Metadata(title=title, published=issued, source=source, language=language), read_day(root.findtext(f"{_TERMS}created") or "")
