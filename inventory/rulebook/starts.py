"""With what a pattern can begin: found by trying, so that matching is attempted only where it can succeed.

A pattern scanned over a sentence is tried at every character. Most patterns can begin only at few words, though: a
date rule at a digit or the name of a month. `regex` tells with partial matching whether a text could be the beginning of a match; so each
pattern is asked, once, at compile time, about every pair of letters, every digit and some signs.
"""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase
from typing import Any

import regex

DIGIT = "0"
SIGNS = "$£€¥.-/(\"'#[*+~°|"
_AFTER = (" ", ".", "-", "'", "&", "/", ",")


# What may stand before a match, for patterns that look behind.
_BEFORE = ("", "in ", "and ", "the ", "(", ", ", "T-72", "won ", "of the ")


def start_keys(compiled: Any, exact: bool, extra: tuple[str, ...] = ()) -> tuple[str, ...] | None:
    """The keys at which a match can begin: two letters (or a letter and what follows it), `0` for a digit, a sign, or one of `extra`.

    `None` when none is found: the pattern must be scanned.
    """

    def can(text: str) -> bool:
        return any(compiled.match(before + text, pos=len(before), partial=True) is not None for before in _BEFORE)

    keys = [sign for sign in SIGNS if can(sign) or can(sign + " ")]
    if any(can(text) for text in ("1", "2", "3", "0", "12", "1.", "1,", "19", "20", "1-")):
        keys.append(DIGIT)
    letters = ascii_lowercase + (ascii_uppercase if exact else "")
    for first in letters:
        if not can(first):
            continue
        keys += [first + second for second in letters if can(first + second)]
        keys += [first + second for second in _AFTER if can(first + second) or can(first + second + "x")]
        if any(can(first + digit) for digit in "123"):
            keys.append(first + DIGIT)
    keys += [char for char in extra if can(char)]
    return tuple(keys) or None


def top_level_needs(pattern: str, kinds: dict[str, str]) -> tuple[str, ...]:
    """The sets of kinds that every match must hold: placeholders that stand outside every group and are not optional."""
    needs: list[str] = []
    depth = 0
    index = 0
    while index < len(pattern):
        char = pattern[index]
        if char == "\\":
            index += 2
            continue
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        elif char == "{" and depth == 0:
            found = regex.match(r"\{([a-z]+)(?::[a-z_]+)?\}([?*]|\{0)?", pattern, pos=index)
            if found is not None and found[1] in kinds:
                if not found[2]:
                    needs.append(kinds[found[1]])
                index = found.end(0)
                continue
        elif char == "|" and depth == 0:
            return ()
        index += 1
    return tuple(dict.fromkeys(needs))
