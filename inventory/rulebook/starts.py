"""With what a pattern can begin: found by trying, so that matching is attempted only where it can succeed.

A pattern scanned over a sentence is tried at every character. Most patterns can begin only at few words, though: a
date rule at a digit or the name of a month. `regex` tells with partial matching whether a text could be the beginning of a match; so each
pattern is asked, once, at compile time, about every pair of letters, every digit and some signs.
"""

from __future__ import annotations

import re
import re._parser as _parser  # type: ignore[import-not-found]
from string import ascii_lowercase, ascii_uppercase
from typing import Any

import regex

DIGIT = "0"
SIGNS = "$£€¥.-/(\"'#[*+~°|"
AFTER = (" ", ".", "-", "'", "&", "/", ",")
ASCII = "".join(map(chr, range(9, 127)))
_CATEGORIES = {"DIGIT": re.compile(r"\d"), "SPACE": re.compile(r"\s"), "WORD": re.compile(r"\w")}


# What may stand before a match, for patterns that look behind.
_BEFORE = ("", "in ", "and ", "the ", "(", ", ", "T-72", "won ", "of the ")
# The same for patterns that must find something before them.
_LED_BY = ("for ", "rose ")


def start_keys(compiled: Any, exact: bool, extra: tuple[str, ...] = (), *, few: int = 0) -> tuple[str, ...] | None:
    """The keys at which a match can begin: two letters (or a letter and what follows it), `0` for a digit, a sign and what follows it,
    or one of `extra`; three letters where no more than `few` pairs begin a match.

    `None` when no key is found: the pattern must be scanned.
    """

    known = _BEFORE + _LED_BY if "(?<=" in compiled.pattern else _BEFORE

    def can(text: str, befores: tuple[str, ...] = known) -> bool:
        return any(compiled.match(before + text, pos=len(before), partial=True) is not None for before in befores)

    keys: list[str] = []
    for sign in SIGNS:
        if can(sign) or can(sign + " "):
            keys += [sign + second for second in ASCII if can(sign + second)]
    if any(can(text) for text in ("1", "2", "3", "0", "12", "1.", "1,", "19", "20", "1-")):
        keys.append(DIGIT)
    letters = ascii_lowercase + (ascii_uppercase if exact else "")
    pairs: list[str] = []
    for first in letters:
        if not can(first):
            continue
        pairs += [first + second for second in letters if can(first + second)]
        keys += [first + second for second in AFTER if can(first + second) or can(first + second + "x")]
        if any(can(first + digit) for digit in "123"):
            keys.append(first + DIGIT)
    if len(pairs) > few:
        keys += pairs
    else:
        for pair in pairs:
            befores = tuple(before for before in known if can(pair, (before,)))
            keys += [pair + third for third in (*letters, *AFTER) if can(pair + third, befores)]
            if any(can(pair + digit, befores) for digit in "0123456789"):
                keys.append(pair + DIGIT)
    keys += [char for char in extra if can(char)]
    return tuple(keys) or None


def parse_pattern(pattern: str) -> Any:
    """The pattern as `re` reads it, `None` where it cannot; names may stand twice in a pattern for `regex`, so they are left out."""
    if "(?P=" not in pattern:
        pattern = re.sub(r"\(\?P<\w+>", "(?:", pattern)
    try:
        return _parser.parse(pattern)
    except (re.error, RecursionError):
        return None


def chars_of(op: str, value: Any) -> str:
    """The ASCII characters that one element of a parsed pattern matches."""
    if op == "ANY":
        return ASCII
    if op in ("LITERAL", "NOT_LITERAL"):
        return "".join(char for char in ASCII if (ord(char) == value) == (op == "LITERAL"))
    negated = str(value[0][0]) == "NEGATE"
    return "".join(char for char in ASCII if any(_holds(item, char) for item in value) != negated)


def _holds(item: Any, char: str) -> bool:
    op, value = str(item[0]), item[1]
    if op == "LITERAL":
        return bool(ord(char) == value)
    if op == "RANGE":
        return bool(value[0] <= ord(char) <= value[1])
    if op == "CATEGORY":
        name = str(value)
        held = _CATEGORIES[name.removeprefix("CATEGORY_").removeprefix("NOT_")].match(char) is not None
        return held != ("NOT_" in name)
    return False


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


def mention_sets(pattern: str, marks: str) -> tuple[str | None, str | None]:
    """Of the characters `marks` (each begins a mention in the masked line), which the first and the second in a match can be.

    `None`: any, or the match may end without one. Read from the pattern as follows.py does.
    """
    parsed = parse_pattern(pattern)
    if parsed is None:
        return None, None
    found: tuple[set[str], set[str]] = (set(), set())
    ends = _count_marks(parsed, {0}, marks, found)
    firsts = None if 0 in ends else "".join(sorted(found[0]))
    return firsts, None if ends & {0, 1} else "".join(sorted(found[1]))


def _count_marks(nodes: Any, counts: set[int], marks: str, found: tuple[set[str], set[str]]) -> set[int]:
    """How many marks (2: two or more) can be behind us after these parts, given how many could be before them."""
    for name, value in nodes:
        op = str(name)
        if op in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            held, other = _marks_of(op, value, marks)
            after = set(counts) if other else set()
            for count in counts:
                if held and count < 2:
                    found[count].update(held)
                    after.add(count + 1)
                elif held:
                    after.add(2)
            counts = after
        elif op == "BRANCH":
            ends = [_count_marks(branch, counts, marks, found) for branch in value[1]]
            counts = set().union(*ends)
        elif op == "SUBPATTERN":
            counts = _count_marks(value[3], counts, marks, found)
        elif op == "ATOMIC_GROUP":
            counts = _count_marks(value, counts, marks, found)
        elif op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, body = value
            seen: set[int] = set(counts) if least == 0 else set()
            # Three rounds reach every count that more would.
            for turn in range(1, min(int(most), max(int(least), 1) + 3) + 1):
                counts = _count_marks(body, counts, marks, found)
                if turn >= least:
                    seen |= counts
            counts = seen
        elif op not in ("AT", "ASSERT", "ASSERT_NOT"):
            for some in found:
                some.update(marks)
            counts = {0, 1, 2}
    return counts


def _marks_of(op: str, value: Any, marks: str) -> tuple[str, bool]:
    """The marks that one element of a parsed pattern matches, and whether it matches anything else."""
    if op in ("ANY", "NOT_LITERAL"):
        return "".join(mark for mark in marks if op == "ANY" or ord(mark) != value), True
    if op == "LITERAL":
        return (chr(value), False) if chr(value) in marks else ("", True)
    negated = str(value[0][0]) == "NEGATE"
    held = "".join(mark for mark in marks if any(_holds(item, mark) for item in value) != negated)
    alone = not negated and all(str(item[0]) == "LITERAL" and chr(item[1]) in marks for item in value)
    return held, not alone
