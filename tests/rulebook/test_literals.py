"""Literals that a pattern needs: every match holds one of them, whatever else it holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.rulebook.literals import needed_literals
from inventory.rulebook.load import load_rulebook

PATTERNS = (
    r"\d+ (?:mm|cal(?:ibre)?)",
    r"(?:the )?(?:early |late )?ma(?:y|rch) \d\d",
    r"(?:a|an|one) (?:tank|truck)s?(?! of)",
    r"[A-Z]\w+ (?:Brigade|Corps)(?:'s)?",
    r"\d(?: [x-z]+){1,2} of\b",
    r"(?:ab|cd)*ef|gh+i",
)


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"\d+ (?:sorties|flights)", (" flights", " sorties")),
        (r"in the (?:hands|possession) of", ("in the hands of", "in the possession of")),
        (r"exercises? [A-Z]\w+", ("exercise ", "exercises ")),
        (r"Brigade|Corps", ("brigade", "corps")),
        (r"\d+(?: tanks)?", ()),
        (r"tanks|\d+", ()),
        (r"a+b", ()),
        (r"(?<=near )\d+", ()),
    ],
)
def test_literals_of_a_pattern(pattern: str, literals: tuple[str, ...]) -> None:
    assert needed_literals(pattern) == literals


def test_marks_are_no_literals() -> None:
    assert needed_literals("XXY of Z", marks="XYZ") == (" of ",)


PIECES = (
    *("12 ", "mm", "cal", "ibre", "the ", "early ", "may ", "march ", "a ", "an ", "tank", "truck", "s", " of"),
    *("A", "b", "Brigade", "Corps", "x", "yz", "ef", "ab", "cd", "gh", "i", "1"),
)


@given(st.sampled_from(PATTERNS), st.lists(st.sampled_from(PIECES)))
def test_a_match_holds_one(pattern: str, pieces: list[str]) -> None:
    literals = needed_literals(pattern)
    for match in re.finditer(pattern, "".join(pieces)):
        assert not literals or any(literal in match[0].lower() for literal in literals)


def test_most_rules_of_the_pack_tell_some() -> None:
    book = load_rulebook()
    told = [rule for rule in (*book.tokens, *book.links) if rule.literals]
    assert len(told) * 2 > len(book.tokens) + len(book.links)
