"""Which token and link rules are worth a try where: what a rule can begin with, read from its pattern."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import ahocorasick_rs
import regex

from inventory.rulebook.compiled import Link, Token
from inventory.rulebook.memo import Memo
from inventory.rulebook.starts import AFTER, DIGIT, SIGNS

# The name of a group, which `re` takes only once in a pattern.
NAMED = re.compile(r"\(\?P<\w+>")


def compile_pattern(pattern: str) -> Any:
    """The pattern compiled by `re` where that can, else by `regex`: a match call of `re` costs a third.

    Both were tried on attack strings when the pack was compiled; a time limit on each of the short calls would double their cost.
    """
    try:
        return re.compile(pattern)
    except re.error:
        return regex.compile(pattern)


class LiteralGate:
    """Which rules can match at all in a text, by the literals that they need: one of each of a rule's two sets (empty: none needed)."""

    __slots__ = ("_automaton", "_first", "_first_free", "_second", "_second_free")

    def __init__(self, needs: list[tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
        self._first_free = sum_bits(1 << number for number, (first, _) in enumerate(needs) if not first)
        self._second_free = sum_bits(1 << number for number, (_, second) in enumerate(needs) if not second)
        literals = sorted({literal for pair in needs for some in pair for literal in some}) or ["\x00"]
        self._first = [sum_bits(1 << n for n, (first, _) in enumerate(needs) if literal in first) for literal in literals]
        self._second = [sum_bits(1 << n for n, (_, second) in enumerate(needs) if literal in second) for literal in literals]
        self._automaton = ahocorasick_rs.AhoCorasick(literals, implementation=ahocorasick_rs.Implementation.DFA)

    def possible(self, piece: str) -> int:
        """The rules, as bits, of whose literals enough stand in a text."""
        first, second = self._first_free, self._second_free
        firsts, seconds = self._first, self._second
        for index, _, _ in self._automaton.find_matches_as_indexes(piece, overlapping=True):
            first |= firsts[index]
            second |= seconds[index]
        return first & second


class TokenIndex:
    """The token rules with compiled patterns, by where they can begin. Sets of rules are bits: rule 5 is `1 << 5`."""

    __slots__ = (
        "_literals", "after_digits", "after_letters", "beginning", "by_key", "finders", "matchers", "rules", "scanned", "signs",
        "tries",
    )  # fmt: skip

    def __init__(self, rules: tuple[Token, ...]) -> None:
        compiled = [compile_pattern(rule.pattern) for rule in rules]
        self.rules = rules
        self.matchers = tuple(pattern.match for pattern in compiled)
        self.finders = tuple(pattern.finditer for pattern in compiled)
        self.scanned = tuple(number for number, rule in enumerate(rules) if rule.starts is None)
        self.by_key: dict[str, int] = {}
        for number, rule in enumerate(rules):
            bit = 1 << number
            for key in rule.starts or ():
                self.by_key[key] = self.by_key.get(key, 0) | bit
        self._literals = LiteralGate([(rule.needs, rule.literals) for rule in rules])
        self.after_letters = Memo(lambda behind: self._following(0, behind))
        self.after_digits = Memo(lambda behind: self._following(1, behind))
        """By the two characters behind a word's first run of letters or figures: the rules that allow them."""
        signs: dict[str, dict[str, int]] = {}
        for key, mask in self.by_key.items():
            if key[0] in SIGNS:
                signs.setdefault(key[0], {})[key[1]] = mask
        self.signs = tuple((sign, sum_bits(signs[sign].values()), signs[sign]) for sign in SIGNS if sign in signs)
        self.beginning = Memo(self._beginning)
        """By the first three characters of a word (fewer at the text's end): the rules that can begin at it, those that can
        because of its capital, and both."""
        self.tries = Memo(self._tried)
        """A set of rules as number, whether it reads the cased text, match function and rule."""

    def possible(self, piece: str) -> int:
        """The rules whose needed literals stand in a stretch of folded text, or that need none."""
        return self._literals.possible(piece)

    def _beginning(self, head: str) -> tuple[int, int, int]:
        low = self._at(head.lower())
        own = self._at(head) if head.lower() != head else 0
        exact = sum_bits(1 << number for number, rule in enumerate(self.rules) if rule.exact)
        capital = own & exact & ~low
        return low, capital, low | capital

    def _tried(self, mask: int) -> tuple[tuple[int, bool, Any, Token], ...]:
        return tuple((number, rule.exact, self.matchers[number], rule) for number, rule in enumerate(self.rules) if mask >> number & 1)

    def _at(self, head: str) -> int:
        if head[0].isdigit():
            return self.by_key.get(DIGIT, 0)
        key = head[0] + "".join(DIGIT if char.isdigit() else char for char in head[1:])
        mask = self.by_key.get(key[:2], 0)
        if len(key) == 3 and (key[2].isascii() and (key[2].isalnum() or key[2] in AFTER)):
            return mask | self.by_key.get(key, 0)
        # Nothing, or something that was not tried, stands behind the first two letters.
        return mask | sum_bits(bits for other, bits in self.by_key.items() if len(other) == 3 and other.startswith(key[:2]))

    def _following(self, run: int, behind: str) -> int:
        return sum_bits(1 << number for number, rule in enumerate(self.rules) if _allows(rule, run, behind))


def _allows(rule: Token, run: int, behind: str) -> bool:
    pairs = rule.follows[run]
    if pairs is None or not behind[:1].isascii():
        return True
    if not rule.exact:
        behind = behind.lower()
    if behind[0] not in pairs:
        return False
    following = pairs[behind[0]]
    return following is None or not behind[1:].isascii() or behind[1:] in following


class LinkIndex:
    """The link rules by where they can begin. Sets of rules are bits, as in :class:`TokenIndex`."""

    __slots__ = ("_literals", "able", "beginning", "by_start", "numbers", "rules")

    def __init__(self, rules: tuple[Link, ...]) -> None:
        self.rules = rules
        self.by_start: dict[str, int] = {}
        for number, rule in enumerate(rules):
            for key in rule.starts or ():
                self.by_start[key] = self.by_start.get(key, 0) | 1 << number
        self._literals = LiteralGate([((), rule.literals) for rule in rules])
        self.able = Memo(self._able)
        """By the kinds of mention (letters, sorted) that are present: the rules that can match there."""
        self.beginning = Memo(self._beginning)
        """By `start` (a kind's first character in the masked line, or two letters of a word) and the kinds of the mentions from
        there on (two letters, `-` for none): the rules that can begin there."""
        self.numbers = Memo(self._numbers)
        """The numbers of a set of rules, in order."""

    def possible(self, line: str) -> int:
        """The rules whose needed literals stand in a masked line, or that need none."""
        return self._literals.possible(line)

    def _able(self, kinds: str) -> int:
        return sum_bits(
            1 << number for number, rule in enumerate(self.rules) if all(any(letter in kinds for letter in need) for need in rule.needs)
        )

    def _beginning(self, key: str) -> int:
        start, first, second = key[:-2], key[-2], key[-1]
        return sum_bits(
            1 << number
            for number, rule in enumerate(self.rules)
            if start in (rule.starts or ())
            and (rule.firsts is None or first in rule.firsts)
            and (rule.seconds is None or second in rule.seconds)
        )

    def _numbers(self, mask: int) -> tuple[int, ...]:
        return tuple(number for number in range(len(self.rules)) if mask >> number & 1)


def sum_bits(masks: Iterable[int]) -> int:
    """All the bits of some sets."""
    total = 0
    for mask in masks:
        total |= mask
    return total
