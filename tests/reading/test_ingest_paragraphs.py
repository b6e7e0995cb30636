"""Printed lines become paragraphs again: words, hyphens, bullets, running heads."""

from __future__ import annotations

import re
import textwrap

from hypothesis import given, settings
from hypothesis import strategies as st
from made_files import BLOCKS

from inventory.reading.paragraphs import join_pages

PROSE = [block for block in BLOCKS if " | " not in block and len(block) > 60]


def wrap(paragraphs: list[str], width: int) -> str:
    return "\n".join("\n".join(textwrap.wrap(paragraph, width, break_on_hyphens=False)) for paragraph in paragraphs)


def test_wrapped_lines_are_one_paragraph_again() -> None:
    for width in (45, 60, 90):
        joined = join_pages([wrap(PROSE, width)])
        assert next(block for block in PROSE if len(block) > 3 * width) in joined
        assert not re.search(r"[a-z,]\n\n[a-z]", joined), width


def test_a_paragraph_goes_on_overleaf() -> None:
    lines = wrap(PROSE[:2], 60).splitlines()
    assert PROSE[0] in join_pages(["\n".join(lines[:3]), "\n".join(lines[3:])])


def test_running_heads_and_page_numbers_go() -> None:
    pages = [f"The Courier, report {number}\n{wrap([block], 60)}\nPage {number} of 5" for number, block in enumerate(PROSE[:5], 1)]
    joined = join_pages(pages)
    assert "Courier, report" not in joined
    assert "Page 3" not in joined
    assert all(block in joined for block in PROSE[:5])
    assert "The Courier" in join_pages(pages[:2]), "two alike are no running head yet"


def test_words_split_by_hyphens() -> None:
    lines = ["The bat-", "talion of the east-", "ern command moved from the bri-", "gade's base, as its com-", "mander had said before it"]
    assert "battalion of the eastern command moved from the brigade's base, as its commander had" in join_pages(["\n".join(lines)])
    # Without hyphenation, a hyphen at a line's end is the word's own; so is one that the word has elsewhere.
    plain = [
        *wrap(PROSE, 60).splitlines(),
        "they had fired a long-",
        "range missile and seen a T-",
        "72 beside the road to the harbour of the town",
    ]
    assert "a long-range missile and seen a T-72 beside" in join_pages(["\n".join(plain)])
    own = [
        "A long-range gun and the bat-",
        "tery of the bri-",
        "gade fired a long-",
        "range shell at the tar-",
        "get beyond the hills there",
    ]
    assert "fired a long-range shell at the target" in join_pages(["\n".join(own)])


def test_lists_and_tables_keep_their_lines() -> None:
    page = (
        "The brigade that was counted in the spring has\n- 18 howitzers of the kind that is now made here\n- 6 launchers\n(1) 44 vehicles"
    )
    items = join_pages([page]).split("\n\n")[1:]
    assert items == ["- 18 howitzers of the kind that is now made here", "- 6 launchers", "(1) 44 vehicles"]
    assert join_pages(["T-72\n12\nT-80\n4"]) == "T-72\n\n12\n\nT-80\n\n4"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text("aB1-. \n", max_size=80), max_size=6).map("\n".join), max_size=2))
def test_nothing_but_line_ends_and_hyphens_is_lost(pages: list[str]) -> None:
    def letters(text: str) -> str:
        return re.sub(r"[\s-]", "", text)

    assert letters(join_pages(pages)) == letters("".join(pages))
