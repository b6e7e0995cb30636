"""Facts go to a DataFrame and come back; the dtypes do not depend on the values."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.model import DOCUMENT_COLUMNS, FACT_COLUMNS, FACT_FIELDS, STATUSES, Column, Fact, Issue
from inventory.table import REQUIRED, DocumentRow, Facts, TableError, read_frame

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
DAYS = st.dates(dt.date(1800, 1, 1), dt.date(2200, 1, 1))


def values_of(column: Column) -> st.SearchStrategy[Any]:
    by_type: dict[str, st.SearchStrategy[Any]] = {
        "str": TEXT,
        "int": st.integers(-(2**63), 2**63 - 1),
        "float": st.floats(allow_nan=False, allow_infinity=False),
        "date": DAYS,
        "enum": st.sampled_from(column.values or ("x",)),
        "json": st.dictionaries(TEXT, st.lists(st.integers(0, 10**6), min_size=2, max_size=2), max_size=3),
    }
    values = by_type[column.type]
    return values if column.name in REQUIRED else st.none() | values


FACTS = st.builds(lambda cells: Fact(*cells), st.tuples(*map(values_of, FACT_COLUMNS)))


def plain_fact(**changes: Any) -> Fact:
    cells = {
        column.name: {"str": "x", "int": 1, "float": 0.5, "enum": (column.values or ("x",))[0], "json": {}}.get(column.type)
        for column in FACT_COLUMNS
    }
    return Fact(**{**cells, **changes})


def test_required_columns_are_those_that_the_fact_declares() -> None:
    assert {"fact_id", "evidence", "start", "slots", "confidence"} <= REQUIRED
    assert not {"actor", "lat", "published", "count_min"} & REQUIRED


def test_document_row_has_the_declared_columns() -> None:
    assert DocumentRow._fields == tuple(column.name for column in DOCUMENT_COLUMNS)


def test_facts_are_a_sequence_that_keeps_its_company() -> None:
    issue = Issue("a", "read", "empty", "There is no text.")
    facts = Facts([plain_fact(fact_id=name) for name in "abc"], issues=[issue])
    assert len(facts) == 3
    assert facts[1].fact_id == "b"
    assert [fact.fact_id for fact in facts[1:]] == ["b", "c"]
    assert facts[1:].issues == (issue,)
    assert facts.run is None


def test_importing_the_table_does_not_import_pandas() -> None:
    code = "import sys, inventory.table; sys.exit(bool({'pandas', 'pyarrow', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@settings(max_examples=40, deadline=None)
@given(facts=st.lists(FACTS, max_size=4))
def test_frame_round_trip(facts: list[Fact]) -> None:
    assert read_frame(Facts(facts).to_frame()) == facts


def test_dtypes_are_the_same_for_none_and_for_many() -> None:
    empty, full = Facts([]).to_frame(), Facts([plain_fact(), plain_fact(count_min=None, lat=None, place=None)]).to_frame()
    assert tuple(empty.columns) == FACT_FIELDS
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()
    assert str(full["count_min"].dtype) == "Int64"
    assert str(full["lat"].dtype) == "float64"
    assert str(full["published"].dtype) == "datetime64[ms]"
    assert isinstance(full["item"].dtype, pd.StringDtype)
    assert list(full["status"].cat.categories) == list(STATUSES)
    assert len(pd.concat([empty, full])) == 2


def test_a_word_outside_its_enumeration_is_kept() -> None:
    frame = Facts([plain_fact(status="teleported")]).to_frame()
    assert frame["status"].tolist() == ["teleported"]
    assert list(frame["status"].cat.categories) == [*STATUSES, "teleported"]


def test_what_arrow_cannot_hold_does_not_cost_the_export() -> None:
    frame = Facts([plain_fact(count_min=10**30, lat=float("inf"), title="\ud800")]).to_frame()
    assert frame["count_min"].isna().all()
    assert frame["lat"].isna().all()
    assert frame["title"].tolist() == [r"\ud800"]


def test_records_are_json_ready_in_column_order() -> None:
    (record,) = Facts([plain_fact(published=dt.date(2022, 3, 1), title="")]).to_records()
    assert tuple(record) == FACT_FIELDS
    assert record["published"] == "2022-03-01"
    assert record["title"] is None


def test_read_frame_takes_a_csv_and_any_order_of_columns() -> None:
    fact = plain_fact(published=dt.date(2022, 3, 1), count_min=3, slots={"item": [1, 2]}, place=None)
    text = Facts([fact]).to_frame()[list(reversed(FACT_FIELDS))].assign(extra=1).to_csv(index=False)
    assert read_frame(pd.read_csv(io.StringIO(text))) == [fact]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda frame: frame.drop(columns="evidence"), "no column evidence"),
        (lambda frame: frame.assign(start="many"), "row 1: start holds 'many'"),
        (lambda frame: frame.assign(start=1.5), "row 1: start holds 1.5"),
        (lambda frame: frame.assign(confidence=None), "row 1: confidence is empty"),
        (lambda frame: frame.assign(slots="{"), "row 1: slots holds"),
    ],
)
def test_a_faulty_table_is_refused_with_row_and_column(change: Any, told: str) -> None:
    with pytest.raises(TableError, match=told):
        read_frame(change(Facts([plain_fact()]).to_frame()))
