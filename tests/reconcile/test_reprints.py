"""Near-copies of one text are found whatever an editor did to them; what only tells of the same event, or a later day, is not."""

from __future__ import annotations

import datetime as dt
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.model import Document
from inventory.reading import read_documents
from inventory.reconcile.reprints import find_reprints
from inventory.records import Reprint

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
DISPATCH = """Kyiv, 4 May (Northline) - A column of 40 trucks and 12 howitzers left the depot at Bila Tserkva on Thursday and was seen
an hour later on the road to the river, three people who live along it said.

The general staff confirmed that guns were on the move but gave neither their number nor where they were going. A spokeswoman said that
"those who need to know have been told", and that roads in two districts would stay closed until the weekend.

Residents counted the vehicles from a bridge. One of them, a retired surveyor, said that each howitzer was towed by a six-wheeled truck and
that 6 further trucks carried crates. He had last seen such a convoy in the autumn, when 18 guns of the same make went the other way and
did not come back for seven weeks.

Two foreign instructors who worked with the brigade in March said that its crews had finished their course with 3 live firings, and that
the brigade had been promised 24 guns by the summer, of which half had come. Neither wished to be named.

The depot was hit twice last year. Since then, according to a municipal engineer, most of the stock has been kept in 5 smaller places, and
what leaves the town leaves it in daylight, because the drivers say that they would rather see than be unseen.
"""
RETOLD = """At least a dozen guns have been taken out of store south of the capital. People in villages beside the highway watched them go
by on Thursday afternoon behind lorries, about forty of which made up the convoy.

Military officials would say only that artillery was being shifted. They did not tell how much of it, or to which part of the front. Traffic
is banned from several roads up to Sunday.

A pensioner who used to measure land for a living kept a tally as they drove under him. In his memory the last transport of this size was
half a year ago. Trainers from abroad had told earlier that the unit had only received some 50 per cent of the pieces it was to get.
"""
FOOTER = "\n\nYou have read 1 of 3 free articles this week. Subscribe to go on reading, or sign in if you have an account with us.\n"


def doc(name: str, text: str, day: int | None = 4, **options: object) -> Document:
    return Document(text, doc_id=name, published=None if day is None else dt.date(2023, 5, day), **options)  # type: ignore[arg-type]


def pairs(*documents: Document) -> list[tuple[str, str]]:
    return [(one.doc_id, one.original) for one in find_reprints(documents)]


def test_a_copy_is_found_and_is_wholly_like_its_original() -> None:
    assert find_reprints([doc("copy", DISPATCH, 5), doc("first", DISPATCH)]) == [Reprint("copy", "first", 1.0)]


def edit(text: str) -> str:
    """What a second newsroom does: other dateline, British quotes, a word here and there, one paragraph less, its own footer."""
    paragraphs = text.replace("Kyiv, 4 May (Northline)", "5 May 2023, 07:40 GMT").replace('"', "”").split("\n\n")
    del paragraphs[3]
    return "\n\n".join(paragraphs).replace("The general staff", "The Staff").replace("a retired surveyor", "a former surveyor") + FOOTER


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(edit(DISPATCH), id="edited"),
        pytest.param("\n\n".join(DISPATCH.split("\n\n")[:3]), id="first paragraphs only"),
        pytest.param("Our reporters write:\n\n" + DISPATCH + 3 * FOOTER, id="framed"),
        pytest.param(DISPATCH.upper(), id="in capitals"),
        pytest.param(DISPATCH.replace("\n", " ").replace(" ", "\u00a0"), id="other white space"),
    ],
)
def test_what_editors_do_does_not_hide_a_reprint(text: str) -> None:
    assert pairs(doc("first", DISPATCH), doc("second", text, 5)) == [("second", "first")]


def test_the_same_event_in_other_words_is_another_report() -> None:
    assert not pairs(doc("first", DISPATCH), doc("other", RETOLD, 5))


def test_seeds_are_all_originals() -> None:
    documents = [one for one in read_documents([SEEDS]) if isinstance(one, Document)]
    assert len(documents) > 5
    assert not pairs(*documents)


def test_an_update_with_other_figures_is_kept_apart() -> None:
    update = DISPATCH.replace("40 trucks and 12 howitzers", "55 trucks and 16 howitzers")
    assert not pairs(doc("first", DISPATCH), doc("update", update, 5))
    assert pairs(doc("first", DISPATCH), doc("update", update, 5), doc("copy of the update", update, 6)) == [
        ("copy of the update", "update")
    ]


def test_figures_in_the_dateline_and_grouping_of_digits_do_not_matter() -> None:
    longer = DISPATCH.replace("40 trucks", "4000 trucks")
    assert pairs(doc("first", longer), doc("second", longer.replace("4 May", "5 May").replace("4000", "4,000"), 5)) == [("second", "first")]


def test_the_original_is_the_earliest_and_of_one_day_the_longest() -> None:
    part = "\n\n".join(DISPATCH.split("\n\n")[:4])
    assert pairs(doc("a", DISPATCH, 5), doc("b", DISPATCH, 3), doc("c", DISPATCH, None)) == [("a", "b"), ("c", "b")]
    assert pairs(doc("a", part), doc("b", DISPATCH)) == [("a", "b")]
    retrieved = doc("kept", DISPATCH, None, retrieved=dt.date(2023, 5, 1))
    assert pairs(doc("a", DISPATCH), retrieved) == [("a", "kept")]


def test_a_copy_of_a_copy_counts_as_a_copy_of_the_first() -> None:
    paragraphs = DISPATCH.split("\n\n")
    added = "\n\n".join(RETOLD.split("\n\n"))
    middle = "\n\n".join(paragraphs) + "\n\n" + added
    last = paragraphs[-1] + "\n\n" + added
    assert pairs(doc("1", DISPATCH, 1), doc("2", middle, 2), doc("3", last, 3)) == [("2", "1"), ("3", "1")]


def test_a_quoted_paragraph_makes_no_reprint() -> None:
    quote = DISPATCH.split("\n\n")[1]
    assert not pairs(doc("first", DISPATCH), doc("second", RETOLD + "\n" + quote, 5))
    assert not pairs(doc("first", DISPATCH), doc("second", quote[:120], 5))


def test_short_texts() -> None:
    assert pairs(doc("a", "Twelve tanks."), doc("b", "Twelve tanks."), doc("c", "Twelve ships."), doc("d", "  "), doc("e", "")) == [
        ("b", "a")
    ]


def test_boilerplate_of_a_site_links_nothing() -> None:
    words = [f"word{number}" for number in range(3000)]
    draw = random.Random(7)
    bodies = [" ".join(draw.choices(words, k=120)) for _ in range(150)]
    documents = [doc(f"{number:03}", f"{body}\n{FOOTER * 2}") for number, body in enumerate(bodies)]
    assert not pairs(*documents)
    assert pairs(*documents, doc("copy", f"{bodies[149]}\n{FOOTER * 2}", 9)) == [("copy", "149")]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4), st.integers(0, 3), st.none() | st.integers(1, 3)), max_size=12), st.randoms()
)
def test_links_lead_to_originals_whatever_the_order(parts: list[tuple[int, int, int, int | None]], shuffle: random.Random) -> None:
    paragraphs = [*DISPATCH.split("\n\n"), *RETOLD.split("\n\n")]
    documents = [
        doc(f"{number:02}", "\n".join(paragraphs[first : first + count] + paragraphs[last : last + 1]), day)
        for number, (first, count, last, day) in enumerate(parts)
    ]
    found = find_reprints(documents)
    mixed = list(documents)
    shuffle.shuffle(mixed)
    assert find_reprints(mixed) == found
    copies = {one.doc_id for one in found}
    assert len(copies) == len(found)
    assert not copies & {one.original for one in found}
    assert all(0 <= one.similarity <= 1 for one in found)
    days = {one.doc_id: one.published or dt.date.max for one in documents}
    assert all(days[one.original] <= days[one.doc_id] for one in found)
    exact = {one.doc_id for one in documents if any(other.text == one.text and other.doc_id != one.doc_id for other in documents)}
    linked = copies | {one.original for one in found}
    assert exact <= linked


def test_the_same_in_every_process() -> None:
    code = (
        "import sys; from inventory.model import Document; from inventory.reconcile.reprints import find_reprints; "
        "text = sys.stdin.read(); print(find_reprints([Document(text, 'a'), Document(text[:900], 'b'), Document(text[200:], 'c')]))"
    )
    told = {
        subprocess.run([sys.executable, "-c", code], input=DISPATCH, env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
                       capture_output=True, text=True, check=True).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(told) == 1


def test_documents_are_not_changed() -> None:
    one = doc("a", DISPATCH)
    same = replace(one)
    find_reprints([one, doc("b", DISPATCH)])
    assert one == same
