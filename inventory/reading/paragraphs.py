"""Lines of printed pages, put together to paragraphs: no running heads, no line ends inside sentences, no split words."""

from __future__ import annotations

import re
from collections import Counter

# A line shorter than this share of the page's usual full line ends its paragraph.
_FULL = 0.72
# The same for a line that ends with a stop.
_STOPPED = 0.9
# Which line counts as full: longer than all but a tenth, so that one overlong line does not decide.
_USUAL = 0.9
# A page whose usual line is shorter is a table, a list or a poster: its lines are left alone.
_NARROW = 25
_BULLET = re.compile(r"(?:[-*•▪●‣–—]|\(?[0-9]{1,2}[.)]|\(?[a-z][.)])\s")
_STOP = re.compile(r"[.!?:;][\"'”’)\]]*$")
_HYPHEN = re.compile(r"\w-$")
_SPLIT = re.compile(r"([^\W\d_]{2,})-$")
# Share of lines that end with a hyphen from which on words are taken to be split to fill lines. Without hyphenation only words with a
# hyphen of their own break there: one line in 70 of our own sample report; hyphenated columns break far more often than one line in 25.
_HYPHENATES = 0.04
_FIGURES = re.compile(r"[0-9]+")
# A running head stands on at least so many pages, and on more than half of them.
_PAGES = 3
_EDGE = 2


def join_pages(pages: list[str]) -> str:
    """One text of many pages' lines; paragraphs are separated by blank lines. Nothing but running heads and line ends is left out."""
    lines_of = _without_heads([[" ".join(line.split()) for line in page.splitlines()] for page in pages])
    known = Counter(word.lower() for lines in lines_of for line in lines for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line))
    broken = sum(bool(_SPLIT.search(line)) for lines in lines_of for line in lines)
    hyphenates = broken > _HYPHENATES * sum(map(len, lines_of))
    paragraphs: list[str] = []
    is_open = False
    for lines in lines_of:
        filled = [line for line in lines if line]
        usual = sorted(map(len, filled))[int(_USUAL * (len(filled) - 1))] if filled else 0
        for line in lines:
            if not line:
                is_open = is_open and not _STOP.search(paragraphs[-1])
                continue
            if is_open and not _BULLET.match(line):
                paragraphs[-1] = _join(paragraphs[-1], line, known, hyphenates)
            else:
                paragraphs.append(line)
            full = (_STOPPED if _STOP.search(line) else _FULL) * usual
            is_open = usual >= _NARROW and (len(line) >= full or bool(_HYPHEN.search(line)))
        # A sentence that goes on overleaf begins there with a small letter, and a paragraph that ends does so with a stop.
        is_open = bool(paragraphs) and not _STOP.search(paragraphs[-1]) and is_open
    return "\n\n".join(paragraphs)


def _join(before: str, line: str, known: Counter[str], hyphenates: bool) -> str:
    """Two lines as one; a word that was split at the end of the first is put together again."""
    split = _SPLIT.search(before)
    after = re.match(r"[^\W\d_]+", line)
    if split is None or after is None or not after[0].islower():
        # `T-` and `72` at a line's end and beginning belong together as well, but their hyphen stays.
        return before + line if _HYPHEN.search(before) else f"{before} {line}"
    whole, hyphened = (split[1] + after[0]).lower(), f"{split[1]}-{after[0]}".lower()
    # Written with the hyphen elsewhere, it is one that the word has anyway; without any sign, it is what most are in such a text.
    own = known[hyphened] > known[whole] or (known[hyphened] == known[whole] and not hyphenates)
    return before + line if own else before[:-1] + line


def _without_heads(pages: list[list[str]]) -> list[list[str]]:
    """Pages without the lines that stand at the top or bottom of most of them, differing in figures at most."""
    if len(pages) < _PAGES:
        return pages
    seen: Counter[tuple[bool, str]] = Counter()
    for lines in pages:
        filled = [line for line in lines if line]
        seen.update(
            {(True, _FIGURES.sub("#", line)) for line in filled[:_EDGE]} | {(False, _FIGURES.sub("#", line)) for line in filled[-_EDGE:]}
        )
    running = {key for key, count in seen.items() if count >= _PAGES and count > len(pages) / 2}
    return [_strip_edges(lines, running) for lines in pages]


def _strip_edges(lines: list[str], running: set[tuple[bool, str]]) -> list[str]:
    filled = [number for number, line in enumerate(lines) if line]
    heads = {number for number in filled[:_EDGE] if (True, _FIGURES.sub("#", lines[number])) in running}
    feet = {number for number in filled[-_EDGE:] if (False, _FIGURES.sub("#", lines[number])) in running}
    return [line for number, line in enumerate(lines) if number not in heads | feet]
