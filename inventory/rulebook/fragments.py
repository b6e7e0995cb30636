"""Named pieces of regex: `<name>` in a pattern stands for a fragment, which may hold further ones."""

from __future__ import annotations

import re

import regex

# A fragment in a fragment in a fragment is readable; deeper is not, and a doubling chain would explode.
MAX_DEPTH = 8
MAX_LENGTH = 20_000
_NAME = re.compile(r"(?<!\(\?)(?<!\(\?P)(?<!\\g)(?<!\\p)<([a-z][a-z0-9_]*)>")

# Strings that make nested quantifiers try exponentially many ways (the last character cannot match).
_ATTACKS = tuple(unit * count + "\x00" for unit in ("a", "1", "a ", "1,", "a-", "Aa ", "one ", "12 ") for count in (40, 400))
_ATTACK_SECONDS = 0.25


class FragmentError(ValueError):
    """A fragment cannot be expanded; the message says which and why."""


def expand(pattern: str, fragments: dict[str, str], chain: tuple[str, ...] = ()) -> str:
    """`pattern` with every `<name>` replaced by its fragment, in a group of its own."""
    if len(chain) > MAX_DEPTH:
        raise FragmentError(f"fragments nest deeper than {MAX_DEPTH}: {' → '.join(chain)}")

    def one(match: re.Match[str]) -> str:
        name = match[1]
        if name in chain:
            raise FragmentError(f"fragments form a cycle: {' → '.join((*chain, name))}")
        if name not in fragments:
            raise FragmentError(f"fragment <{name}> is not defined")
        return f"(?:{expand(fragments[name], fragments, (*chain, name))})"

    expanded = _NAME.sub(one, pattern)
    if len(expanded) > MAX_LENGTH:
        raise FragmentError(f"the pattern grows past {MAX_LENGTH:,} characters when its fragments are put in")
    return expanded


def check_pattern(pattern: str, *, empty: bool = False) -> str | None:
    """Why `pattern` cannot be used, or `None`: it does not compile, matches the empty text (unless `empty`), or backtracks without end."""
    try:
        compiled = regex.compile(pattern)
    except regex.error as error:
        return f"is not a regular expression: {error}"
    if not empty and compiled.match(""):
        return "matches the empty text"
    try:
        for attack in _ATTACKS:
            for _ in compiled.finditer(attack, timeout=_ATTACK_SECONDS):
                continue
    except TimeoutError:
        return "backtracks without end on a repeated text"
    return None
