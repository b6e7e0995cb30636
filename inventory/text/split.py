"""Split text into blocks (paragraph lines) and sentences; knows abbreviations, initials, headings and wrapped lines.

Works on the cased fold, whose offsets are those of the folded text. Nothing here knows about weapons; which words are
abbreviations, and which words open a sentence, the rule pack's word classes say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

# A footnote mark belongs to the sentence before it.
_NOTES = r"(?:\[(?:\d{1,3}|[a-z]|note \d+|citation needed)\])"
_END = re.compile(rf"[.!?]+[\"')\]]*{_NOTES}*(?=\s)|[.!?]+[\"')\]]*{_NOTES}+(?=[A-Z\"'])")
_LAST_TOKEN = re.compile(r"(?:[A-Za-z]\.)+$|[A-Za-z]+\.$")
_INITIALS = re.compile(r"(?:[A-Z]\.)+$")
_NEXT = re.compile(r"\s*(?:[-\u2022*] )?[\"'(\[$\u20ac\u00a3#]*(\w+)")
_BULLET = re.compile(r"\s*(?:[-*\u2022\u25aa\u25cf\u2023o]\s|\(?\d{1,2}[.)]\s|\(?[a-z]\)\s|#+\s|\|)")
_OTHER_BREAKS = re.compile("[\r\v\f\x85\u2028\u2029]")
# A line this long that ends without a full stop was wrapped by a program, not ended by a writer.
_WRAPPED = 60
# Classes of abbreviations: titles and the like never end a sentence; some may, before a word that opens one; some always
# do before a capital; `No.` goes on before a figure. They are told in `_goes_on`.
# Classes of words that open a sentence; a modal may be a name (*Theresa M. May*).
_OPENERS = frozenset(
    {"determiner", "article", "possessive", "pronoun", "preposition", "to", "complementizer", "conjunction", "subordinator", "adverb"}
    | {"partitive", "opener"}
)


class Block(NamedTuple):
    """A stretch of text between line breaks that end something; `bullet` when it is an item of a list."""

    start: int
    end: int
    bullet: bool


def split_blocks(text: str, words: Mapping[str, str] | None = None) -> Iterator[Block]:
    """Yield the blocks of a text, wrapped lines joined; with `words`, also after an abbreviation at a line's end."""
    if _OTHER_BREAKS.search(text):
        # Only offsets leave this function, so any break of the same length will do.
        text = _OTHER_BREAKS.sub("\n", text.replace("\r\n", " \n"))
    length = len(text)
    position = 0
    start = -1
    end = text.find("\n")
    if end < 0:
        end = length
    while position <= length:
        after = text.find("\n", end + 1) if end < length else length
        if after < 0:
            after = length
        line = text[position:end].strip()
        if not line:
            if start >= 0:
                yield _block(text, start, position)
                start = -1
        else:
            if start < 0:
                start = position
            if end >= length or not _continues(line, text[end + 1 : after], words):
                yield _block(text, start, end)
                start = -1
        position = end + 1
        end = after
    if start >= 0:
        yield _block(text, start, length)


def _block(text: str, start: int, end: int) -> Block:
    while end > start and text[end - 1].isspace():
        end -= 1
    return Block(start, end, _BULLET.match(text, start, end) is not None)


def _continues(line: str, following: str, words: Mapping[str, str] | None) -> bool:
    """Whether a line goes on in the one that follows it."""
    rest = following.strip()
    if not rest:
        return False
    last = line[-1]
    if last in '.!?:;"':
        return (
            last == "."
            and words is not None
            and len(line) >= _WRAPPED
            and words.get(line[line.rfind(" ") + 1 :].lower()) == "abbreviation"
            and not _BULLET.match(following)
        )
    if _BULLET.match(following):
        return False
    if rest[0].islower():
        return True
    if len(line) < _WRAPPED or line.isupper():
        return False
    # Had the next line's first word fitted here, no program would have broken the line: this is a heading.
    first = rest.find(" ")
    return len(line) + 1 + (first if first >= 0 else len(rest)) > len(rest)


def split_sentences(text: str, start: int, end: int, words: Mapping[str, str]) -> list[tuple[int, int]]:
    """The sentences of `text[start:end]` as spans; `words` gives word classes, abbreviations among them (`gen.`)."""
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
        if match[0] == "." and _goes_on(text, begin, match.start(), following, words):
            continue
        spans.append((begin, stop))
        begin = stop
        while begin < end and text[begin].isspace():
            begin += 1
    if begin < end:
        spans.append((begin, end))
    return spans


def _goes_on(text: str, begin: int, dot: int, following: re.Match[str], words: Mapping[str, str]) -> bool:
    """Whether the full stop at `dot` only ends an abbreviation or an initial."""
    found = _LAST_TOKEN.search(text, max(begin, dot - 24), dot + 1)
    if found is None:
        return False
    token, word = found[0], following[1]
    kind = words.get(token.lower())
    if kind == "abbreviation_number":
        return word[0].isdigit()
    if kind == "abbreviation_last":
        return False
    if kind == "abbreviation":
        return True
    opens = _opens(word, text[following.end() : following.end() + 1], words)
    if _INITIALS.match(token):
        return not opens
    return kind == "abbreviation_either" and not opens


def _opens(word: str, after: str, words: Mapping[str, str]) -> bool:
    """Whether a capitalised word opens a sentence: a word of a closed class that is no initial and no part of a name."""
    if after in (".", "-") or (len(word) == 1 and word != "A"):
        return False
    return words.get(word.lower()) in _OPENERS
