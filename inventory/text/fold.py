"""Fold a text for matching while every offset still leads back to the original.

The fold is lower case without accents; Unicode dashes, spaces and quotes become their ASCII forms; zero-width
characters and soft hyphens vanish; Cyrillic and Greek letters that look Latin become Latin, but only inside
designator-shaped tokens (`Т-72`, `С-300`). All replacements but the vanishing ones keep length, so most
texts need no offset map at all.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cache
from typing import NamedTuple

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u2043"
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"
_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u02bc\u00b4\u0060\u2032"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033"
# Characters with no width of their own: they are dropped, and only they need the offset map.
_VANISHING = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u180e\u202a\u202b\u202c\u202d\u202e"
_VANISH = re.compile(f"[{_VANISHING}]")
# Pairs of Unicode's confusables data (UTS 39) for the letters that designators use.
_LOOK_ALIKES = str.maketrans(
    "авсенікмортхуѕјԁԛԝАВСЕНІКМОРТХУЅЈαβενικμορτχυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "abcehikmoptxysjdqwabcehikmoptxysjabevikmoptxuabezhikmnoptyx",
)
_NON_LATIN_DESIGNATOR = re.compile(
    r"(?<![^\W\d_])(?=[^\s]*[\u0370-\u04ff])(?:[A-Za-z\u0370-\u04ff]{1,4}[-\s\u2010-\u2015\u2212]?\d+[A-Za-z\u0370-\u04ff]{0,3}|\d+[A-Za-z\u0370-\u04ff]{1,2}\d+)(?![^\W\d_])"
)


def _char_map(lower: bool) -> dict[int, str]:
    table: dict[int, str] = {}
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00), *range(0x391, 0x500)):
        char = chr(code)
        base = unicodedata.normalize("NFD", char)[0] if code < 0x370 or 0x1E00 <= code else char
        low = base.lower() if lower else base
        table[code] = low if len(low) == 1 else char
    # Letters that no decomposition leads to a base letter.
    for char, base in zip("øØđĐłŁħĦıſðÐþÞßæÆœŒ", "ooddllhhisddppsaaoo", strict=True):
        table[ord(char)] = base
    for chars, base in ((_DASHES, "-"), (_SPACES, " "), (_SINGLE_QUOTES, "'"), (_DOUBLE_QUOTES, '"')):
        for char in chars:
            table[ord(char)] = base
    table[ord("\u2026")] = "."
    table[ord("\u00d7")] = "x"
    for offset in range(94):  # full-width forms
        wide = chr(0x21 + offset)
        table[0xFF01 + offset] = wide.lower() if lower else wide
    if lower:
        table |= {code: chr(code + 32) for code in range(0x41, 0x5B)}
    else:
        for code in range(0x41, 0x5B):
            table.pop(code, None)
        for low, upper in zip("øđłæœðþ", "ODLAODP", strict=True):
            table[ord(low.upper())] = upper
    return table


@cache
def _table(lower: bool) -> dict[int, str]:
    return _char_map(lower)


class Folded(NamedTuple):
    """The folded text in lower case and, of the same length, in its own case.

    `drops` holds the folded offsets at which characters vanished, `lost` how many up to there; `obfuscated` the
    offsets of tokens that were written with look-alike letters.
    """

    text: str
    cased: str
    drops: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()
    obfuscated: frozenset[int] = frozenset()

    def original(self, offset: int) -> int:
        """The offset in the original text of the folded offset `offset`."""
        if not self.drops:
            return offset
        index = bisect_right(self.drops, offset)
        return offset + (self.lost[index - 1] if index else 0)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of a folded span; a character that vanished after its end stays outside."""
        return self.original(start), self.original(end - 1) + 1 if end > start else self.original(end)


def fold(text: str) -> Folded:
    """Fold `text`; see the module's docstring for what changes."""
    if text.isascii():
        cased = text.replace("\t", " ").replace("`", "'")
        return Folded(cased.lower(), cased)
    drops: list[int] = []
    lost: list[int] = []
    if _VANISH.search(text):
        gone = 0
        for match in _VANISH.finditer(text):
            folded_at = match.start() - gone
            gone += 1
            if drops and drops[-1] == folded_at:
                lost[-1] = gone
            else:
                drops.append(folded_at)
                lost.append(gone)
        text = _VANISH.sub("", text)
    obfuscated: set[int] = set()
    if any("\u0370" <= char <= "\u04ff" for char in text):

        def latin(match: re.Match[str]) -> str:
            token = match[0].translate(_LOOK_ALIKES)
            if any("\u0370" <= char <= "\u04ff" for char in token):
                return match[0]
            obfuscated.add(match.start())
            return "".join(new.upper() if old.isupper() else new for new, old in zip(token, match[0], strict=True))

        text = _NON_LATIN_DESIGNATOR.sub(latin, text)
    folded, cased = text.translate(_table(True)), text.translate(_table(False))
    return Folded(folded, cased, tuple(drops), tuple(lost), frozenset(obfuscated))


def fold_name(name: str) -> str:
    """Fold a gazetteer name: as :func:`fold`, with white space collapsed."""
    return " ".join(fold(name).text.split())
