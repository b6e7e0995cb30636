"""Bytes to text: UTF-8, UTF-16 with a byte order mark, and Windows-1252 as a last resort that is always told."""

from __future__ import annotations

import codecs
import re

from inventory.reading.errors import ReadError, Remark, note, say

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Every control character but tab, line feed, form feed and carriage return: no Windows-1252 prose holds them, but
# binary files and other encodings soon do.
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode_text(raw: bytes, label: str) -> tuple[str, Remark | None]:
    """The text of a whole file without its byte order mark, and a note if the encoding had to be guessed.

    Line endings are kept. Raises :class:`ReadError` ('not text' or 'encoding').
    """
    if raw.startswith(UTF16_MARKS):
        return decode_utf16(raw, label), None
    return decode_part(raw.removeprefix(codecs.BOM_UTF8), label, 1)


def decode_utf16(raw: bytes, label: str) -> str:
    """Text that begins with a UTF-16 byte order mark. Raises :class:`ReadError` 'not text'."""
    try:
        text = raw.decode("utf-16")
    except UnicodeDecodeError as error:
        message = say(label, 1, f"begins like UTF-16 but is not, from byte {error.start + 1} on", "save the file as UTF-8")
        raise ReadError("not text", message) from None
    if "\0" in text:
        raise ReadError("not text", say(label, text[: text.index("\0")].count("\n") + 1, *_BINARY))
    return text


def decode_part(raw: bytes, label: str, line: int) -> tuple[str, Remark | None]:
    """Decode some lines of a file, the first of which is `line`; a byte order mark is not looked for.

    Returns the text and a note if it is not UTF-8. Raises :class:`ReadError` ('not text' or 'encoding').
    """
    nul = raw.find(b"\0")
    if nul >= 0:
        raise ReadError("not text", say(label, line + raw.count(b"\n", 0, nul), *_BINARY))
    try:
        return raw.decode("utf-8"), None
    except UnicodeDecodeError as error:
        start = error.start
    at = line + raw.count(b"\n", 0, start)
    what = f"byte 0x{raw[start]:02X} is not UTF-8"
    try:
        # Python's cp1252 leaves five bytes undefined, so strict decoding is a test as well.
        text = raw.decode("cp1252") if not _CONTROLS.search(raw) else None
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise ReadError("encoding", say(label, at, f"{what}, and the text is not Windows-1252 either", "save the file as UTF-8"))
    return text, note("encoding", say(label, at, f"{what}; read as Windows-1252", "save the file as UTF-8"))


_BINARY = ("holds NUL bytes, so it is not text", "convert it to text in UTF-8")


def scrub_surrogates(text: str) -> str:
    """`text` with every lone surrogate replaced by U+FFFD: same length, but it can be written as UTF-8."""
    return _SURROGATES.sub("\ufffd", text)
