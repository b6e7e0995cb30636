"""Split text into blocks (paragraph lines) and sentences; knows abbreviations, initials, headings and wrapped lines.

Works on the cased fold, whose offsets are those of the folded text. Nothing here knows about weapons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_END = re.compile(r"[.!?]+[\"')\]]*(?:\[\d+\])*(?=\s)|[.!?]+[\"')\]]*(?:\[\d+\])+(?=[A-Z])")
_LAST_TOKEN = re.compile(r"(?:[A-Za-z]\.)+$|[A-Za-z]+\.$")
_INITIALS = re.compile(r"(?:[A-Z]\.)+$")
_NEXT = re.compile(r"\s*[\"'(\[]*(\w+)")
_BULLET = re.compile(r"\s*(?:[-*\u2022\u25aa\u25cf\u2023o]\s|\(?\d{1,2}[.)]\s|[a-z]\)\s|#+\s|\|)")
# A line this long that ends without a full stop was wrapped by a program, not ended by a writer.
_WRAPPED = 60
_SENTENCE_OPENERS = frozenset(
    "the a an in on at it he she they we this that these those but and however meanwhile according after before when while as by for from its his her there one".split()
)


class Block(NamedTuple):
    """A stretch of text between line breaks that end something; `bullet` when it is an item of a list."""

    start: int
    end: int
    bullet: bool


def split_blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a text, wrapped lines joined."""
    position = 0
    start: int | None = None
    length = len(text)
    while position <= length:
        newline = text.find("\n", position)
        end = length if newline < 0 else newline
        line = text[position:end]
        stripped = line.strip()
        if not stripped:
            if start is not None:
                yield _block(text, start, position)
                start = None
        else:
            if start is None:
                start = position
            following = text[end + 1 : text.find("\n", end + 1) if text.find("\n", end + 1) >= 0 else length] if newline >= 0 else ""
            if not _continues(stripped, following):
                yield _block(text, start, end)
                start = None
        position = end + 1
    if start is not None:
        yield _block(text, start, length)


def _block(text: str, start: int, end: int) -> Block:
    while end > start and text[end - 1].isspace():
        end -= 1
    return Block(start, end, _BULLET.match(text, start, end) is not None)


def _continues(line: str, following: str) -> bool:
    rest = following.strip()
    if not rest or _BULLET.match(following):
        return False
    if line[-1] in ".!?:;\"":
        return False
    if rest[0].islower():
        return True
    return len(line) >= _WRAPPED and not line.isupper()


def split_sentences(text: str, start: int, end: int, words: Mapping[str, str]) -> list[tuple[int, int]]:
    """The sentences of `text[start:end]` as spans; `words` tells abbreviations (`gen.` → `abbreviation`)."""
    spans: list[tuple[int, int]] = []
    begin = start
    for match in _END.finditer(text, start, end):
        stop = match.end()
        if stop >= end:
            break
        following = _NEXT.match(text, stop, end)
        if following is None:
            continue
        word = following[1]
        if word[0].islower():
            continue
        if text[match.start()] == "." and match.end() - match.start() == 1:
            token = _LAST_TOKEN.search(text, max(begin, match.start() - 24), match.start() + 1)
            if token is not None:
                if _INITIALS.match(token[0]):
                    if len(token[0]) == 2 or word.lower() not in _SENTENCE_OPENERS:
                        continue
                elif words.get(token[0].lower()) == "abbreviation" and (
                    token[0].lower() not in ("no.", "etc.", "co.", "inc.", "corp.", "ltd.", "al.") or (token[0] in ("No.", "no.") and word[0].isdigit())
                ):
                    continue
        spans.append((begin, stop))
        begin = stop
        while begin < end and text[begin].isspace():
            begin += 1
    if begin < end:
        spans.append((begin, end))
    return spans
