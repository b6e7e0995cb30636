"""Fold a text for matching while every offset still leads back to the original.

The fold is lower case without accents; Unicode dashes, spaces, quotes and line breaks become their ASCII forms;
zero-width characters, soft hyphens and combining accents vanish; ligatures and *ß* are spelled out; a dash that is
glued between two words gets spaces; Cyrillic and Greek letters that look Latin become Latin, but only inside
designator-shaped tokens (`Т-72`, `С-300`). Most replacements keep the length, so most texts need no offset map at all.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cache
from typing import NamedTuple

_PLAIN = (
    ("-", "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u2043\u2e3a\u2e3b"),
    (" ", "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"),
    ("'", "\u2018\u2019\u201a\u201b\u02bc\u02b9\u02bb\u00b4\u0060\u2032\u2035"),
    ('"', "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u2036"),
    ("\n", "\u0085\u2028\u2029"),
    (".", "\u2026"),
    ("x", "\u00d7"),
)
# Letters that no canonical decomposition leads to their base; final sigma is sigma.
_BASES = str.maketrans("øØđĐłŁħĦıſðÐςŧŦ", "oOdDlLhHisdDσtT")
_SPELLED = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "TH", "ĳ": "ij", "Ĳ": "IJ",
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
    "ǽ": "ae", "Ǽ": "AE", "ǣ": "ae", "Ǣ": "AE",
}  # fmt: skip
# Characters with no width of their own (Unicode's default ignorables that texts hold), and marks that only dress a letter.
_VANISHING = "\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u180e"
_MARKS = "\u0300-\u034e\u0350-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
_GLUED = "\u2014\u2015\u2e3a\u2e3b"
_SPECIAL = re.compile(f"[{_VANISHING}{_MARKS}]+|[{''.join(_SPELLED)}]|(?<=\\S)[{_GLUED}](?=\\S)")
_LAST_MARK = re.compile(f"[{_MARKS}](?=[^{_MARKS}]*$)")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
# A dash behind this and before a digit joins the parts of a designator.
_DESIGNATOR_LETTERS = re.compile(r"(?:^|[^\w-])[^\W\d_a-z]\w{0,3}$")
# Pairs of Unicode's confusables data (UTS 39) for the letters that designators use.
_LOOK_ALIKES = str.maketrans(
    "авсенікмортхуѕјАВСЕНІКМОРТХУЅЈαβενικμορτχυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "abcehikmoptxysjABCEHIKMOPTXYSJabevikmoptxuABEZHIKMNOPTYX",
)
_OTHER_SCRIPT = re.compile("[\u0370-\u04ff]")
_LETTER = "[A-Za-z\u0370-\u04ff]"
_DESIGNATOR = re.compile(
    rf"(?<![^\W_])(?:{_LETTER}{{1,4}}-?[0-9]{{1,4}}{_LETTER}{{0,3}}|[0-9]{{1,3}}{_LETTER}{{1,2}}[0-9]{{1,4}})(?![^\W_])"
)


class _Table(dict[int, str]):
    """One character's fold in its own case, for `str.translate`; worked out when first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        base = char.translate(_BASES)
        parts = unicodedata.normalize("NFD", base)
        if all("\u0300" <= mark <= "\u036f" for mark in parts[1:]):
            base = parts[0].translate(_BASES)
            base = self.get(ord(base), base)
        if 0xFF01 <= code <= 0xFF5E:
            base = chr(code - 0xFEE0)
            base = self.get(ord(base), base)
        self[code] = base
        return base


@cache
def _resizing() -> frozenset[str]:
    """The characters that `_SPECIAL` can find: a look at which ones a text holds is ten times as fast as the pattern."""
    ranges = re.findall("(.)-(.)", _VANISHING + _MARKS)
    inside = (chr(code) for low, high in ranges for code in range(ord(low), ord(high) + 1))
    return frozenset((*inside, *_VANISHING, *_SPELLED, *_GLUED)) - {"-"}


@cache
def _table() -> _Table:
    return _Table({ord(char): plain for plain, chars in _PLAIN for char in chars})


class Folded(NamedTuple):
    """The folded text in lower case and, of the same length, in its own case.

    Where lengths differ from the original, `drops` holds the folded offsets from which another shift holds, `lost`
    the shift, and `marks` how many of the characters that vanished there belong to the one before.
    `obfuscated`: the offsets of tokens that were written with look-alike letters.
    """

    text: str
    cased: str
    drops: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()
    obfuscated: frozenset[int] = frozenset()
    marks: tuple[int, ...] = ()

    def original(self, offset: int) -> int:
        """The offset in the original text of the folded offset `offset`."""
        if not self.drops:
            return offset
        index = bisect_right(self.drops, offset)
        return offset + (self.lost[index - 1] if index else 0)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of a folded span; what vanished after its end stays outside, but for accents of its last letter."""
        if not self.drops:
            return start, end
        if end <= start:
            return self.original(start), self.original(end)
        stop = self.original(end - 1) + 1
        index = bisect_right(self.drops, end) - 1
        if index >= 0 and self.drops[index] == end:
            stop += self.marks[index]
        return self.original(start), stop


def fold(text: str) -> Folded:
    """Fold `text`; see the module's docstring for what changes."""
    if text.isascii():
        cased = text.replace("\t", " ").replace("`", "'")
        return Folded(cased.lower(), cased)
    drops: list[int] = []
    lost: list[int] = []
    marks: list[int] = []
    if not _resizing().isdisjoint("".join(_NON_ASCII.findall(text))):
        text = _resize(text, drops, lost, marks)
    table = _table()
    cased = _NON_ASCII.sub(lambda run: run[0].translate(table), text.replace("\t", " ").replace("`", "'"))
    obfuscated: set[int] = set()
    if _OTHER_SCRIPT.search(cased):

        def latin(match: re.Match[str]) -> str:
            if match[0].isascii():
                return match[0]
            token = match[0].translate(_LOOK_ALIKES)
            if not token.isascii():
                return match[0]
            obfuscated.add(match.start())
            return token

        cased = _DESIGNATOR.sub(latin, cased)
    # `str.lower` writes a sigma at a word's end as a final one, and nothing else by its place.
    return Folded(cased.lower().replace("ς", "σ"), cased, tuple(drops), tuple(lost), frozenset(obfuscated), tuple(marks))


def _resize(text: str, drops: list[int], lost: list[int], marks: list[int]) -> str:
    """Take out what vanishes and spell out what is longer, noting each shift of the offsets."""
    pieces: list[str] = []
    at = size = shift = 0
    for match in _SPECIAL.finditer(text):
        start, end = match.span()
        pieces.append(text[at:start])
        size += start - at
        at = end
        found = match[0]
        new = _SPELLED.get(found)
        if new is not None:
            if new.isupper() and text[end : end + 1].islower():
                new = new.capitalize()
        elif found in _GLUED:
            new = _dash(text, start)
        else:
            shift += end - start
            mark = _LAST_MARK.search(found)
            if drops and drops[-1] == size:
                lost[-1] = shift
            else:
                drops.append(size)
                lost.append(shift)
                marks.append(0)
            # At the very beginning there is no letter to dress.
            marks[-1] = mark.end() if mark and size else 0
            continue
        for extra in range(1, len(new)):
            shift -= 1
            drops.append(size + extra)
            lost.append(shift)
            marks.append(0)
        pieces.append(new)
        size += len(new)
    pieces.append(text[at:])
    return "".join(pieces)


def _dash(text: str, at: int) -> str:
    """A long dash between two words, as the fold writes it: with spaces unless it joins figures or a designator."""
    before, after = text[at - 1], text[at + 1]
    if after.isdigit() and (before.isdigit() or _DESIGNATOR_LETTERS.search(text, max(0, at - 6), at)):
        return "-"
    return " - " if before.isalnum() and after.isalnum() else "-"


def fold_name(name: str) -> str:
    """Fold a gazetteer name: as :func:`fold`, with white space collapsed."""
    return " ".join(fold(name).text.split())
