"""The check of a row: what it catches, and what it must survive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.model import Fact
from inventory.report.cells import Rich, shown_text
from inventory.report.rowcheck import (
    CHECKED_COLUMNS,
    SHOWN_FIELDS,
    find_torn_cells,
    hash_fact,
    hash_shown,
    make_row_check,
    normal_text,
    read_shown_hash,
)

Make = Callable[..., Fact]
VALUES = st.none() | st.text(max_size=20) | st.integers() | st.floats(allow_nan=False) | st.dates()
CELLS = st.fixed_dictionaries(dict.fromkeys(CHECKED_COLUMNS, VALUES))


@given(cells=CELLS, fact_id=st.text(min_size=1, max_size=12))
def test_a_row_agrees_with_its_check_whatever_columns_are_gone(cells: dict[str, Any], fact_id: str) -> None:
    check = make_row_check(fact_id, cells)
    assert find_torn_cells(fact_id, cells, check) == ()
    assert find_torn_cells(fact_id, {name: cells[name] for name in CHECKED_COLUMNS[::2]}, f" {check}\n") == ()
    assert read_shown_hash(check) == hash_shown(cells)


@given(cells=CELLS, other=st.text(min_size=1, max_size=12))
def test_another_id_or_check_does_not_agree(cells: dict[str, Any], other: str) -> None:
    check = make_row_check("FAAAA", cells)
    if other != "FAAAA":
        assert find_torn_cells(other, cells, check) == ("row_check",)
    assert find_torn_cells("FAAAA", cells, check[:-1] + ("a" if check[-1] != "a" else "b")) == ("row_check",)
    assert find_torn_cells("FAAAA", cells, other) == ("row_check",)


@pytest.mark.parametrize("name", CHECKED_COLUMNS)
def test_a_typed_over_cell_is_named(make_fact: Make, name: str) -> None:
    cells = {column: getattr(make_fact(), column, None) for column in CHECKED_COLUMNS}
    check = make_row_check("FAAAA", cells)
    assert find_torn_cells("FAAAA", cells | {name: "typed over"}, check) == (name,)


@given(text=st.text())
def test_text_has_one_form_before_and_after_a_file(text: str) -> None:
    shown = shown_text(text)
    assert normal_text(shown) == normal_text(text)
    # Readers that do not decode an escaped underscore, and programs that write line ends their own way.
    assert normal_text(shown.replace("_x", "_x005F_x")) == normal_text(text.replace("_x", "_x005F_x"))
    assert normal_text(shown.replace("\r", "\n")) == normal_text(text)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (12, 12.0), (12, "12"), (None, ""), (dt.date(2022, 2, 7), dt.datetime(2022, 2, 7)), (dt.date(2022, 2, 7), "2022-02-07"),
        (0.1 + 0.2, 0.3), (Rich("a ", "b", " c"), "a b c"), ("a\r\nb", "a_x000D_\nb"), ("_x0041_", "_x005F_x0041_"), (10**18, str(10**18)),
    ],
)  # fmt: skip
def test_what_programs_make_of_a_value_is_the_same(written: Any, read: Any) -> None:
    assert normal_text(written) == normal_text(read)


def test_the_shown_hash_follows_what_the_fact_says_and_nothing_else(make_fact: Make) -> None:
    fact = make_fact()
    assert hash_fact(fact) == hash_fact(make_fact(confidence=0.1, rules="other", flags="generic", title="x", published=None))
    for name in SHOWN_FIELDS:
        assert hash_fact(fact) != hash_fact(make_fact(**{name: "other"}))
