"""Blocks and sentences: where they end, and that nothing of the text is lost or told twice."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inventory.rulebook.load import load_rulebook
from inventory.text.fold import fold
from inventory.text.split import split_blocks, split_sentences


@pytest.fixture(scope="module")
def words() -> Mapping[str, str]:
    return load_rulebook().words


def blocks(text: str, words: Mapping[str, str] | None = None) -> list[str]:
    return [" ".join(text[block.start : block.end].split()) for block in split_blocks(text, words)]


def sentences(text: str, words: Mapping[str, str]) -> list[str]:
    cased = fold(text).cased
    return [
        " ".join(cased[s:e].split())
        for block in split_blocks(cased, words)
        for s, e in split_sentences(cased, block.start, block.end, words)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "He met Gen. Brown and Lt. Col. Green there. | They left.",
        "The U.S. Army left. | It went to the U.S. | The others stayed in the U.S. Embassy.",
        "No. 5 Squadron flew. | He said no. | Russia agreed.",
        "Nos. 5 and 6 flew. | See Fig. 3 there.",
        "It is 3.5 km away. | 12 tanks stood there. | 40 more came.",
        "J. R. Brown and A. A. Green spoke. | Theresa M. May left.",
        "This was World War II. | The end came.",
        '"We go." | "They stay!" he said. | Why? | Because!',
        "He said \u201cWe go.\u201d | Then he went.",
        "Wait... | Then they left. | And\u2026 | Nothing came.",
        "They waited... and left.",
        "It cost $4. | $400 million was gone. | \u20ac3 million more went.",
        "KYIV, Ukraine (AP) \u2014 Russia sent 5 tanks. | Kyiv said so.",
        "MOSCOW, February 7. /TASS/. | Russia sent tanks.",
        "They left at 5 p.m. | The tanks stayed until 6 p.m. Friday.",
        "In Sept. 2014 it began. | It ended in Oct. | The war went on.",
        "They had tanks, guns, etc. | Russia had more.",
        "Raytheon Co. Patriot missiles came from Lockheed Corp. | The price rose.",
        "They left.[3] | Then others came.[4][5] | All left.[6]",
        "He asked (why?) and left. | She stayed (she said so.) | Then he came.",
        "Sgt. 1st Class Brown spoke. | St. Petersburg slept.",
        "The site example.com went down. | Version 2.0.1 came.",
        "What?! | No way.",
    ],
)
def test_sentences_end_at(text: str, words: Mapping[str, str]) -> None:
    expected = [" ".join(fold(part).cased.split()) for part in text.split(" | ")]
    assert sentences(text.replace(" | ", " "), words) == expected


def test_footnote_mark_without_space(words: Mapping[str, str]) -> None:
    assert sentences("All left.[6]Then night fell.[a] It was dark.", words) == ["All left.[6]", "Then night fell.[a]", "It was dark."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Heading\nThe tanks left.", ["Heading", "The tanks left."]),
        ("One\n\nTwo", ["One", "Two"]),
        ("One.\n   \n\t\nTwo.", ["One.", "Two."]),
        ("One.\r\n\r\nTwo.\r\n", ["One.", "Two."]),
        ("One.\rTwo.", ["One.", "Two."]),
        ("One.\fTwo.", ["One.", "Two."]),
        ("One.\u2028Two.", ["One.", "Two."]),
        ("the tanks\nleft the town", ["the tanks left the town"]),
        ("The tanks left:\n- 5 T-72\n- 6 T-80\n* 7 guns", ["The tanks left:", "- 5 T-72", "- 6 T-80", "* 7 guns"]),
        ("1. one tank\n2. two tanks\n(3) three", ["1. one tank", "2. two tanks", "(3) three"]),
        ("a) one tank\nb) two tanks", ["a) one tank", "b) two tanks"]),
        ("\u2022 one tank\n\u2022 two tanks", ["\u2022 one tank", "\u2022 two tanks"]),
        ("| a | b |\n| 1 | 2 |", ["| a | b |", "| 1 | 2 |"]),
        ("", []),
        (" \n\t\n", []),
        ("One", ["One"]),
    ],
)
def test_blocks_end_at(text: str, expected: list[str]) -> None:
    assert blocks(text) == expected


WRAPPED = (
    "The armoured column that had left the border town on Monday at dawn\n"
    "Reached the river on Tuesday and crossed it by two pontoon bridges of\n"
    "Wood and steel."
)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028"])
def test_hard_wrapped_lines_join(newline: str) -> None:
    assert blocks(WRAPPED.replace("\n", newline)) == [" ".join(WRAPPED.split())]


def test_a_long_heading_does_not_run_into_its_paragraph() -> None:
    heading = "Defence Ministry Says Armoured Brigade Has Crossed the Northern River"
    text = (
        heading + "\nKYIV (AP) - The brigade, which left its barracks on Monday, has crossed the river with forty tanks, the ministry said."
    )
    assert blocks(text)[0] == heading


def test_an_abbreviation_at_a_wrapped_line_does_not_end_it(words: Mapping[str, str]) -> None:
    text = "The column was led through the valley and over the pass by Gen.\nBrown and his staff."
    assert blocks(text, words) == [text.replace("\n", " ")]


@pytest.mark.parametrize(
    ("line", "bullet"), [("- 5 tanks", True), ("12) 5 tanks", True), ("## 5 tanks", True), ("5 tanks", False), ("A tank", False)]
)
def test_bullets_are_marked(line: str, bullet: bool) -> None:
    assert [block.bullet for block in split_blocks(line)] == [bullet]


PIECES = st.one_of(
    st.sampled_from(
        [
            "Gen.",
            "U.S.",
            "No.",
            "tanks",
            "The",
            "5",
            "3.5",
            "p.m.",
            ".",
            "!",
            "?",
            "...",
            "'",
            "(",
            ")",
            "[3]",
            "- ",
            "* ",
            "1. ",
            "a) ",
            "# ",
            '"',
            "ABC",
            "Ж",
            "漢",
        ]
    ),
    st.sampled_from(["|", " ", "  ", "\n", "\n\n", "\r\n", "\r", "\t", "\f", "\u2028", "\x85", "\x1c", "\u00a0", "x" * 61, "\U0001f600"]),
)


@given(st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=60)))
@example("A. \n \nB.\r\rC")
def test_all_is_covered_once_and_in_order(text: str) -> None:
    words = {"gen.": "abbreviation", "no.": "abbreviation_number", "p.m.": "abbreviation_either", "the": "determiner"}
    at = 0
    for block in split_blocks(text, words):
        assert at <= block.start < block.end <= len(text)
        assert not text[at : block.start].strip()
        inner = block.start
        for start, end in split_sentences(text, block.start, block.end, words):
            assert inner <= start < end <= block.end
            assert not text[inner:start].strip()
            inner = end
        assert not text[inner : block.end].strip()
        at = block.end
    assert not text[at:].strip()
