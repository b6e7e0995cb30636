"""Where a pattern can begin: the gates may let too much through, never too little."""

from __future__ import annotations

import re

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from inventory.rulebook.follows import follow_pairs
from inventory.rulebook.starts import mention_sets, start_keys

PATTERNS = (
    r"[A-Z]{1,3}-\d+[a-z]?",
    r"\d+(?:\.\d+)? ?km",
    r"(?:the |a )?[a-z]+ ago",
    r"(?<=\()[A-Z]{2}\d*(?=\))",
    r"[^\W\d]+'s",
    r"(?:x|\d)*+-y",
    r"\d{1,2}(?:st|nd)|[IVX]+ Corps",
    r"(?P<one>[a-c])(?P=one)!",
)


@pytest.mark.parametrize(
    ("pattern", "letters", "digits"),
    [
        (r"[A-Z]{1,3}-\d", {"-": "0123456789"}, {}),
        (r"[a-z]+", None, {}),
        (r"\d+ (?:km|miles)", {}, {" ": "km"}),
        (r"\d\d?[.,]\d|\d+-x", {}, {",": "0123456789", "-": "x", ".": "0123456789"}),
        (r"\d+-(?:x?)", {}, {"-": None}),
        (r"\d(?: of){0,2} y", {}, {" ": "oy"}),
        (r"(?:\d )+(?=x)", {}, {" ": None}),
        (r"(?i)ab-", None, None),
    ],
)
def test_what_follows_a_run(pattern: str, letters: dict[str, str | None] | None, digits: dict[str, str | None] | None) -> None:
    found = follow_pairs(pattern)
    assert found[0] == letters
    assert found[1] == digits


@given(st.sampled_from(PATTERNS), st.text("abkmx yST'IVC-.1290()!", max_size=12))
def test_a_match_follows_its_pairs(pattern: str, text: str) -> None:
    letters, digits = follow_pairs(pattern)
    for match in re.finditer(pattern, text):
        if not match[0]:
            continue
        run = re.compile(r"[^\W\d_]+|\d+").match(text, match.start())
        if run is None or run.end() >= len(text):
            continue
        allowed = digits if run[0][0].isdigit() else letters
        if allowed is None:
            continue
        assert text[run.end()] in allowed
        following = allowed[text[run.end()]]
        assert following is None or run.end() + 1 == len(text) or text[run.end() + 1] in following


@given(st.sampled_from((r"(?:about|around) \d", r"(?:in|on) [a-z]+", r"ten\b", r"a|an")), st.text("abdeinortu 1", max_size=10))
def test_a_match_begins_with_one_of_its_keys(pattern: str, text: str) -> None:
    keys = start_keys(regex.compile(pattern), False, few=60) or ()
    for match in re.finditer(rf"\b(?:{pattern})", text):
        head = text[match.start() : match.start() + 3].replace("1", "0")
        # Behind fewer than three characters the text ends: any key that goes on from there will do.
        assert head[:2] in keys or head in keys or any(key.startswith(head[:2]) for key in keys)


@pytest.mark.parametrize(
    ("pattern", "firsts", "seconds"),
    [
        (r"Xx* of Yy*", "X", "Y"),
        (r"an? (?:[a-z]+ ){0,2}?[XY][xy]*", "XY", None),
        (r"(?:X|Y)(?:, Z)*", "XY", None),
        (r"(?:X|Y)(?:, Z)+", "XY", "Z"),
        (r"X[^,]*Y", "X", "XYZ"),
        (r"X(?: Y)? Z", "X", "YZ"),
        (r"(?P<a>X)-|(?P<a>Z) Y", "XZ", None),
        (r"(?:X ){2,}", "X", "X"),
    ],
)
def test_first_and_second_mention(pattern: str, firsts: str | None, seconds: str | None) -> None:
    assert mention_sets(pattern, "XYZ") == (firsts, seconds)


@given(
    st.sampled_from((r"X(?: (?:Y|of|Z))*? Z", r"(?:X|an) [^Y]{0,4}Y", r"[^x]?(?:X|Y)+(?! Z)", r"(?:X, )*+(?:Y|Z)(?: \w)?")),
    st.text("XYZ ofan,x", max_size=12),
)
def test_a_match_holds_its_mentions(pattern: str, text: str) -> None:
    allowed = mention_sets(pattern, "XYZ")
    for match in re.finditer(pattern, text):
        marks = [char for char in match[0] if char in "XYZ"]
        for place in (0, 1):
            held = allowed[place]
            assert held is None or (len(marks) > place and marks[place] in held)
