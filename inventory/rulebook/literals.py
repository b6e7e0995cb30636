"""Which words a pattern cannot do without: read from its parse, so that a rule is left out where none of them stands.

Assertions are taken to hold, so too little is never said: every match holds one of the literals found.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from inventory.rulebook.starts import parse_pattern

# More alternatives than this are not told one by one.
_MOST = 64
# Shorter literals stand in nearly every sentence.
_LEAST = 2


def needed_literals(pattern: str, marks: str = "") -> tuple[str, ...]:
    """Literals in lower case of which every match, in lower case, holds at least one; none where the pattern tells none.

    `marks` are characters that stand for something else than themselves and make no literal.
    """
    parsed = parse_pattern(pattern)
    best = _best(parsed, marks) if parsed is not None else None
    return tuple(sorted(best)) if best is not None else ()


def _best(nodes: Any, marks: str) -> frozenset[str] | None:
    """The most telling set of literals of which one stands in whatever a sequence matches."""
    found: list[frozenset[str]] = []
    run = frozenset({""})
    for node in nodes:
        words = _words(node, marks)
        joined = None if words is None else _joined(run, words)
        if joined is None:
            found += _telling(run)
            run = words or frozenset({""})
            if words is None and (inner := _inside(node, marks)) is not None:
                found.append(inner)
        else:
            run = joined
    found += _telling(run)
    return max(found, key=lambda words: (min(map(len, words)), -len(words)), default=None)


def _inside(node: Any, marks: str) -> frozenset[str] | None:
    """The most telling set inside a part that cannot be told word by word."""
    op, value = str(node[0]), node[1]
    if op == "SUBPATTERN":
        return _best(value[3], marks)
    if op == "ATOMIC_GROUP":
        return _best(value, marks)
    if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and value[0]:
        return _best(value[2], marks)
    if op == "BRANCH":
        branches = [_best(branch, marks) for branch in value[1]]
        known = [branch for branch in branches if branch is not None]
        if len(known) == len(branches):
            return next(iter(_telling(frozenset().union(*known))), None)
    return None


def _words(node: Any, marks: str) -> frozenset[str] | None:
    """Everything that one part can match, in lower case, where that is a handful of words."""
    op, value = str(node[0]), node[1]
    if op in ("AT", "ASSERT", "ASSERT_NOT"):
        return frozenset({""})
    if op == "LITERAL":
        char = chr(value)
        return frozenset({char.lower()}) if char.isascii() and char not in marks else None
    if op == "IN":
        if any(str(name) != "LITERAL" for name, _ in value):
            return None
        return _union([_words(item, marks) for item in value])
    if op == "SUBPATTERN":
        return _sequence(value[3], marks)
    if op == "ATOMIC_GROUP":
        return _sequence(value, marks)
    if op == "BRANCH":
        return _union([_sequence(branch, marks) for branch in value[1]])
    if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and int(value[1]) == 1:
        inner = _sequence(value[2], marks)
        return inner if inner is None or value[0] else inner | {""}
    return None


def _sequence(nodes: Any, marks: str) -> frozenset[str] | None:
    words: frozenset[str] | None = frozenset({""})
    for node in nodes:
        more = _words(node, marks)
        words = None if words is None or more is None else _joined(words, more)
    return words


def _union(parts: list[frozenset[str] | None]) -> frozenset[str] | None:
    known = [part for part in parts if part is not None]
    words: frozenset[str] = frozenset().union(*known)
    return words if len(known) == len(parts) and len(words) <= _MOST else None


def _joined(first: frozenset[str], second: frozenset[str]) -> frozenset[str] | None:
    return frozenset(one + other for one in first for other in second) if len(first) * len(second) <= _MOST else None


def _telling(words: frozenset[str]) -> Iterable[frozenset[str]]:
    """The set without words that hold another of it, if all are long enough to tell anything."""
    if min(map(len, words)) < _LEAST:
        return ()
    return (frozenset(word for word in words if not any(other in word for other in words if other != word)),)
