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
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text, remark = decode_part(raw, label, 1)
    except ReadError as error:
        guess = guess_encoding(raw) if error.remark.kind == "encoding" and not _CONTROLS.search(raw) else None
        if guess is None:
            raise
    else:
        # English in Windows-1252 has a quotation mark here and there; a text in another alphabet is made of such bytes.
        high = len(raw) - len(raw.translate(None, _HIGH)) if remark else 0
        guess = guess_encoding(raw) if remark and high > _FOREIGN * len(raw) else None
        if guess is None:
            return text, remark
    return raw.decode(guess, "replace"), note("encoding", say(label, 1, f"is not UTF-8; read as {guess}, which is a guess", _SAVE))


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


def decode_markup(raw: bytes, label: str, charset: str | None = None) -> tuple[str, Remark | None]:
    """The text of a page, and a note if its encoding had to be guessed: byte order mark, else UTF-8 if it is, else what is declared.

    `charset` is what the server or mail declared. Raises :class:`ReadError` ('not text' or 'encoding').
    """
    if raw.startswith(UTF16_MARKS):
        return decode_utf16(raw, label), None
    if raw.count(b"\0") > len(raw) * _STRAY:
        raise ReadError("not text", say(label, 1, *_BINARY))
    raw = raw.removeprefix(codecs.BOM_UTF8)
    declared = charset or _find_charset(raw)
    # Text in another encoding is hardly ever valid UTF-8 by accident, while pages in UTF-8 that declare another one are common.
    for name in ("utf-8", declared):
        try:
            if name is not None and not (name == "utf-8" and _is_escaped(declared)):
                return raw.decode(_ALIASES.get(name.lower(), name)), None
        except (UnicodeDecodeError, LookupError):
            continue
    guess = guess_encoding(raw)
    if guess is None:
        return raw.decode("cp1252", "replace"), note(
            "encoding", say(label, 1, "declares no encoding that fits; read as Windows-1252", _SAVE)
        )
    return raw.decode(guess, "replace"), note("encoding", say(label, 1, f"declares no encoding that fits; read as {guess}", _SAVE))


def guess_encoding(raw: bytes) -> str | None:
    """The most likely encoding of bytes that declare none, by the letters and words that come of it; `None` where none is likely.

    Needs charset-normalizer and a paragraph of text; without them, nothing is guessed.
    """
    if len(raw) < _TELLING:
        return None
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        return None
    # Its time grows with the length; a few pages of text tell as much as a book. Cut at a line, not inside a character.
    head = raw[:_GUESSED]
    best = from_bytes(head[: head.rfind(b"\n")] if len(raw) > _GUESSED and b"\n" in head else head).best()
    return None if best is None else best.encoding


def _find_charset(raw: bytes) -> str | None:
    """The encoding that the head of a page declares (HTML Living Standard, 13.2.3.2: within the first 1,024 bytes; pages do it later)."""
    match = _CHARSET.search(raw[:4_096])
    return match[1].decode("ascii") if match else None


def _is_escaped(declared: str | None) -> bool:
    """Whether an encoding writes everything in seven bits, so that it looks like UTF-8."""
    return declared is not None and declared.lower().startswith(("iso-2022", "hz", "utf-7"))


_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
# Browsers read these as Windows-1252 (WHATWG Encoding, 4.2), since the pages that declare them use its quotation marks.
_ALIASES = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
# Share of NUL bytes that a page may have by mistake.
_STRAY = 0.01
_TELLING = 100
_GUESSED = 200_000
_HIGH = bytes(range(0x80, 0x100))
_FOREIGN = 0.15
_SAVE = "save it as UTF-8"
_BINARY = ("holds NUL bytes, so it is not text", "convert it to text in UTF-8")


def scrub_surrogates(text: str) -> str:
    """`text` with every lone surrogate replaced by U+FFFD: same length, but it can be written as UTF-8."""
    return _SURROGATES.sub("\ufffd", text)
