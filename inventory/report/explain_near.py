"""Link rules that nearly matched: how many of their parts, where they stopped, and which part failed."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import regex

from inventory.extraction.sentence import Sentence, mask
from inventory.report.explain_model import NearMiss
from inventory.rulebook.book import Link, Rulebook
from inventory.rulebook.kinds import KIND_LETTERS, KIND_SETS, START
from inventory.rulebook.parts import PLACEHOLDER
from inventory.text.fold import Folded

MOST = 5  # near misses to a sentence: more would bury the telling ones
LEAST = 0.5  # share of its parts that a rule must have matched to be called near
_SECONDS = 1.0  # a rule that takes longer is left out: this is a remark, not a result
_CLOSE = 40  # characters within which an item makes a single mention before it worth telling
_SHOWN = 40  # characters shown from where a rule stopped


def find_near_misses(sentence: Sentence, fired: set[str], folded: Folded, book: Rulebook, text: str) -> tuple[NearMiss, ...]:
    """The rules whose item is there but which did not match, nearest first; `text` is the document's."""
    kinds = {mention.kind for mention in sentence.mentions}
    line = mask(sentence, folded)
    found: list[tuple[tuple[float, int, int], NearMiss]] = []
    for link in book.links:
        letters = _item_letters(link)
        if link.id in fired or not kinds & set(letters):
            continue
        try:
            near = _try(link, line, sentence, folded, text)
        except TimeoutError:
            continue
        if near is not None:
            found.append(((near.matched / near.total, near.matched, link.priority), near))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(near for _, near in found[:MOST])


def _item_letters(link: Link) -> str:
    """The kinds of mention that the rule takes as its item."""
    for written, _ in link.source:
        for match in PLACEHOLDER.finditer(written):
            if (match[2] or match[1]) == "item":
                return KIND_SETS.get(match[1]) or KIND_LETTERS.get(match[1], "")
    return ""


def _try(link: Link, line: str, sentence: Sentence, folded: Folded, text: str) -> NearMiss | None:
    counted = [_counts(written, filled) for written, filled in link.source]
    total = sum(counted)
    best: Any = None
    reached = 0
    for number in range(1, len(link.source) + 1):
        match = _furthest(link.source, number, line)
        if match is None:
            break
        best, reached = match, number
    if best is None or reached == len(link.source) or not total:
        return None
    matched = sum(counted[:reached])
    if matched / total < LEAST or not _tells(link, reached, counted, best, line):
        return None
    start, end = folded.span(sentence.start + best.start(), sentence.start + best.end())
    _, stop = folded.span(sentence.start, sentence.end)
    rest = " ".join(text[end:stop].split())
    failed = link.source[reached][0]
    if not failed.strip() and reached + 1 < len(link.source):
        failed += link.source[reached + 1][0]
    return NearMiss(
        link.id, matched, total, start, end, text[start:end], rest if len(rest) <= _SHOWN else rest[:_SHOWN].rstrip() + "…", failed,
        tuple(written for written, _ in link.source), reached,
    )  # fmt: skip


def _counts(written: str, filled: str) -> bool:
    """Whether a part is worth counting: not a space, not a condition, nothing that may be left out."""
    return bool(written.strip()) and not written.startswith(("(?=", "(?!", "(?<")) and not _compiled(filled, False).fullmatch("")


def _tells(link: Link, reached: int, counted: list[bool], match: Any, line: str) -> bool:
    """Whether what matched is more than what every sentence has: an article, an item, or one mention far from any item."""
    held = [number for number, counts in enumerate(counted[:reached]) if counts]
    written = [link.source[number][0] for number in held]
    if not any(PLACEHOLDER.search(one) for one in written) or all(_is_item(one) for one in written):
        return False
    if len(held) > 1:
        return True
    first = _compiled("".join(filled for _, filled in link.source[: held[0] + 1]), True).match(line, match.start())
    if first is None or line[first.end() : match.end()].strip():
        return True
    starts = {START[letter] for letter in _item_letters(link)}
    return any(char in starts for char in line[match.end() : match.end() + _CLOSE])


def _is_item(written: str) -> bool:
    match = PLACEHOLDER.fullmatch(written)
    return match is not None and (match[2] or match[1]) == "item"


def _furthest(source: tuple[tuple[str, str], ...], number: int, line: str) -> Any:
    """The longest match of the first `number` parts, the earliest of equals."""
    prefix = "".join(filled for _, filled in source[:number])
    best: Any = None
    for match in _compiled(prefix, True).finditer(line, timeout=_SECONDS):
        if best is None or match.end() - match.start() > best.end() - best.start():
            best = match
    return best


@lru_cache(maxsize=1024)
def _compiled(pattern: str, longest: bool) -> Any:
    """The pattern; `longest` makes lazy parts take all they can, so that the stop is where nothing fits any more."""
    return regex.compile(pattern, regex.POSIX if longest else 0)
