"""Split a link pattern, as it is written, into the parts it asks for one after the other; `explain` shows how far they got."""

from __future__ import annotations

import re

from inventory.rulebook.fragments import expand
from inventory.rulebook.kinds import placeholder

PLACEHOLDER = re.compile(r"\{([a-z]+)(?::([a-z_]+))?\}")
_NAMED = re.compile(r"\{[a-z]+(?::[a-z_]+)?\}|<[a-z][a-z0-9_]*>")
_ESCAPE = re.compile(r"\\(?:[pPN]\{[^}]*\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|g<[^>]*>|.)", re.S)
_CLASS = re.compile(r"\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]", re.S)
_QUANTIFIER = re.compile(r"(?:[*+?]|\{\d*,?\d*\})[?+]?")


def split_parts(pattern: str) -> list[str]:
    """The top-level parts of a pattern whose fragments and placeholders are not filled in; joined they are the pattern.

    A part is a placeholder, a fragment, a group or a set of characters, each with its quantifier, or a run of plain
    characters. A pattern with an alternative at the top level is one part.
    """
    parts: list[str] = []
    plain = ""
    at = 0
    while at < len(pattern):
        if pattern[at] == "|":
            return [pattern]
        end, is_plain = _element(pattern, at)
        quantifier = _QUANTIFIER.match(pattern, end)
        if quantifier is not None:
            end, is_plain = quantifier.end(), False
        if is_plain:
            plain += pattern[at:end]
        else:
            parts += [plain, pattern[at:end]] if plain else [pattern[at:end]]
            plain = ""
        at = end
    return [*parts, plain] if plain else parts


def link_parts(pattern: str, fragments: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The parts of a link pattern as written, each with the regex that it stands for; those joined are the compiled pattern."""
    return tuple((part, PLACEHOLDER.sub(_fill, expand(part, fragments))) for part in split_parts(pattern))


def _fill(match: re.Match[str]) -> str:
    inner = placeholder(match[1]) or ""
    role = match[2] or match[1]
    return inner if role == "_" else f"(?P<{role}>{inner})"


def _element(pattern: str, at: int) -> tuple[int, bool]:
    """Where the element at `at` ends, its quantifier left out, and whether it is one plain character."""
    char = pattern[at]
    if char == "(":
        return _group_end(pattern, at), False
    if char == "[" and (found := _CLASS.match(pattern, at)):
        return found.end(), False
    if char == "\\" and (found := _ESCAPE.match(pattern, at)):
        return found.end(), not found[0][1].isalnum() or found[0][1] in "xuUN"
    if char in "{<" and (found := _NAMED.match(pattern, at)):
        return found.end(), False
    return at + 1, char not in "^$."


def _group_end(pattern: str, at: int) -> int:
    depth = 0
    while at < len(pattern):
        found = _ESCAPE.match(pattern, at) or _CLASS.match(pattern, at)
        if found is not None:
            at = found.end()
            continue
        depth += {"(": 1, ")": -1}.get(pattern[at], 0)
        at += 1
        if depth == 0:
            break
    return at
