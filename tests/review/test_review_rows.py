"""What a reviewer typed, row by row: what is taken, what is refused and why."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from review_support import make_fact, row_of, write_review

from inventory.report import rowcheck
from inventory.review.archive import read_bytes
from inventory.review.errors import WorkbookError
from inventory.review.read import read_review
from inventory.review.rows import Judged, judge_book, known_headings
from inventory.review.values import Vocabulary

VOCABULARY = Vocabulary({"rus": "RUS", "russia": "RUS", "blr": "BLR", "nato": "nato"}, frozenset({"armour/tank"}))


def judge(path: Path, reviewer: str | None = "Ana") -> Judged:
    return judge_book(read_review(path, read_bytes(path), known_headings()), reviewer, dt.datetime(2022, 2, 10), VOCABULARY)


def judge_one(folder: Path, **cells: Any) -> Judged:
    return judge(write_review(folder / "r.xlsx", [{**row_of(make_fact(1)), **cells}, row_of(make_fact(2))]))


def test_decisions_are_taken_as_typed(tmp_path: Path) -> None:
    said = judge_one(tmp_path, decision=" Second-Look ", comment="is it 12?", reviewer="Ben", reviewed_at="2022-02-09T10:00")
    (one,) = said.statements
    assert (one.fact_id, one.decision, one.comment, one.reviewer, one.decided_at) == (
        make_fact(1).fact_id, "second look", "is it 12?", "Ben", "2022-02-09T10:00",
    )  # fmt: skip
    assert one.shown_hash == rowcheck.hash_fact(make_fact(1))
    assert (one.sheet, one.row, said.rejects, said.silent) == ("Review", 2, (), 1)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"corrected_count_min": 9, "corrected_count_max": 9.0}, {"count_min": "9", "count_max": "9"}),
        ({"corrected_count_min": "1,200", "corrected_count_max": "(empty)"}, {"count_min": "1200", "count_max": None}),
        ({"corrected_count_max": "12\u202f000"}, {"count_max": "12000"}),
        ({"corrected_date_end": dt.datetime(2022, 2, 9)}, {"date_end": "2022-02-09"}),
        ({"corrected_date_end": "2022-02-09"}, {"date_end": "2022-02-09"}),
        ({"corrected_actor_id": "Russia"}, {"actor_id": "RUS"}),
        ({"corrected_actor_id": "nato"}, {"actor_id": "nato"}),
        ({"corrected_status": "In transit"}, {"status": "in_transit"}),
        ({"corrected_place": "NA"}, {"place": "NA"}),
        ({"corrected_place": "001"}, {"place": "001"}),
        ({"corrected_place": 7}, {"place": "7"}),
        ({"corrected_item": "=T-72"}, None),
    ],
    ids=str,
)
def test_corrections_become_canonical_text(tmp_path: Path, cells: dict[str, Any], expected: dict[str, str] | None) -> None:
    said = judge_one(tmp_path, decision="correct", **cells)
    if expected is None:
        assert "formula" in said.rejects[0].reason
    else:
        assert said.statements[0].corrections == expected, said.rejects


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"decision": "yes"}, "decision", "none of the words"),
    ({"decision": "=A1"}, "decision", "formula"),
    ({"decision": "accept", "corrected_status": "sunk"}, "decision", "beside a corrected value"),
    ({"decision": "correct"}, "decision", "without a corrected value"),
    ({"comment": "hm"}, "decision", "a comment without a decision"),
    ({"corrected_item": "T-64"}, "decision", "without a decision"),
    ({"decision": "correct", "corrected_count_min": "a dozen"}, "corrected_count_min", "no whole number"),
    ({"decision": "correct", "corrected_count_min": -3}, "corrected_count_min", "no whole number|not between"),
    ({"decision": "correct", "corrected_count_min": 2.5}, "corrected_count_min", "no whole number"),
    ({"decision": "correct", "corrected_count_min": True}, "corrected_count_min", "no value of"),
    ({"decision": "correct", "corrected_count_min": 99}, "corrected_count_min", "above count_max"),
    ({"decision": "correct", "corrected_count_min": "9" * 5000}, "corrected_count_min", "not between"),
    ({"decision": "correct", "corrected_date_end": "3/4/2022"}, "corrected_date_end", "no day"),
    ({"decision": "correct", "corrected_date_end": "2022-02-30"}, "corrected_date_end", "no day"),
    ({"decision": "correct", "corrected_date_end": "1022-02-03"}, "corrected_date_end", "between the years"),
    ({"decision": "correct", "corrected_date_start": "2022-02-09"}, "corrected_date_start", "after date_end"),
    ({"decision": "correct", "corrected_status": "burnt"}, "corrected_status", "use one of"),
    ({"decision": "correct", "corrected_status": "(empty)"}, "corrected_status", "cannot be empty"),
    ({"decision": "correct", "corrected_country": "Ruritania"}, "corrected_country", "no code of a country"),
    ({"decision": "correct", "corrected_actor_id": "URK"}, "corrected_actor_id", "no code of a country"),
    ({"decision": "correct", "corrected_item": dt.datetime(2022, 10, 3)}, "corrected_item", "became the date"),
    ({"decision": "accept", "reviewed_at": "soon"}, "reviewed_at", "no day or time"),
    ({"decision": "accept", "reviewed_at": dt.datetime(2062, 1, 1)}, "reviewed_at", "cannot be when"),
    ({"decision": "accept", "item": "T-64"}, "item", "item changed since"),
    ({"decision": "accept", "evidence": None}, "evidence", "evidence changed since"),
    ({"decision": "accept", "item": "=B2"}, "item", "item changed since"),
    ({"decision": "accept", "fact_id": make_fact(3).fact_id}, "row_check", "do not belong together"),
    ({"decision": "accept", "row_check": row_of(make_fact(3))["row_check"]}, "row_check", "do not belong together"),
    ({"decision": "accept", "row_check": None}, "row_check", "is empty"),
    ({"decision": "accept", "fact_id": None}, "fact_id", "is empty"),
]


@pytest.mark.parametrize(("cells", "column", "reason"), REFUSED, ids=str)
def test_what_cannot_be_taken_is_explained(tmp_path: Path, cells: dict[str, Any], column: str, reason: str) -> None:
    import re

    said = judge_one(tmp_path, **cells)
    assert not said.statements
    (reject,) = said.rejects
    assert reject.column == column
    assert re.search(reason, reject.reason), reject.reason
    assert (reject.sheet, reject.row) == ("Review", 2)


def test_a_reviewer_has_to_be_named(tmp_path: Path) -> None:
    path = write_review(tmp_path / "r.xlsx", [{**row_of(make_fact(1)), "decision": "accept"}])
    assert "--reviewer" in judge(path, None).rejects[0].reason
    assert judge(path, "Ana").statements[0].reviewer == "Ana"


def test_one_reviewer_who_disagrees_with_himself(tmp_path: Path) -> None:
    row = row_of(make_fact(1))
    twice = [{**row, "decision": "accept"}, {**row, "decision": "reject"}]
    said = judge(write_review(tmp_path / "a.xlsx", twice))
    assert not said.statements
    assert [reject.row for reject in said.rejects] == [2, 3]
    assert "Review row 2, Review row 3" in said.rejects[0].reason
    dated = [{**one, "reviewed_at": day} for one, day in zip(twice, ("2022-02-09", "2022-02-08"), strict=True)]
    assert [one.decision for one in judge(write_review(tmp_path / "b.xlsx", dated)).statements] == ["reject", "accept"]
    same = judge(write_review(tmp_path / "c.xlsx", [twice[0], twice[0]]))
    assert len(same.statements) == 1
    assert not same.rejects
    two = [{**one, "reviewer": name} for one, name in zip(twice, ("Ana", "Ben"), strict=True)]
    assert len(judge(write_review(tmp_path / "d.xlsx", two)).statements) == 2


def test_columns_are_found_by_heading(tmp_path: Path) -> None:
    names = list(rowcheck.list_headings())
    row = {**row_of(make_fact(1)), "decision": "correct", "corrected_count_max": "20"}
    moved = [*reversed(names)]
    cut = [name for name in names if name not in ("evidence", "why", "item", "corrected_place", "comment")]
    for headings in (moved, cut):
        (one,) = judge(write_review(tmp_path / "r.xlsx", [row], headings)).statements
        assert one.corrections == {"count_max": "20"}
    spelled = {name: name.replace("_", " ").title() for name in names}
    shown = [{spelled[name]: value for name, value in row.items()}]
    assert judge(write_review(tmp_path / "r.xlsx", shown, spelled.values())).statements[0].corrections == {"count_max": "20"}


@pytest.mark.parametrize(
    ("renamed", "column"),
    [("decision", "decision"), ("fact_id", "fact_id"), ("row_check", "row_check"), ("corrected_count_max", "corrected_count_max")],
)
def test_a_needed_column_that_was_renamed_loses_nothing_in_silence(tmp_path: Path, renamed: str, column: str) -> None:
    names = ["my own" if name == renamed else name for name in rowcheck.list_headings()]
    cells = {**row_of(make_fact(1)), "decision": "correct", "corrected_count_max": "20", "corrected_item": "T-64"}
    cells["my own"] = cells.pop(renamed)
    said = judge(write_review(tmp_path / "r.xlsx", [cells, {**row_of(make_fact(2)), "my own": None}], names))
    assert not said.statements
    assert [(reject.row, reject.column) for reject in said.rejects] == [(2, column)]
    assert "my own" in said.rejects[0].reason


def test_without_both_columns_of_identity_no_row_becomes_a_fact(tmp_path: Path) -> None:
    names = [name for name in rowcheck.list_headings() if name not in ("fact_id", "row_check")]
    said = judge(write_review(tmp_path / "r.xlsx", [row_of(make_fact(1)), {**row_of(make_fact(2)), "decision": "accept"}], names))
    assert not said.statements
    assert [reject.column for reject in said.rejects] == ["fact_id"]


def test_own_columns_of_the_analyst_are_left_alone(tmp_path: Path) -> None:
    cells = {**row_of(make_fact(1)), "decision": "accept", "my notes": "ask Ben"}
    said = judge(
        write_review(tmp_path / "r.xlsx", [cells, {**row_of(make_fact(2)), "my notes": "later"}], [*rowcheck.list_headings(), "my notes"])
    )
    assert len(said.statements) == 1
    assert not said.rejects


def test_two_columns_with_one_heading_are_refused(tmp_path: Path) -> None:
    path = write_review(tmp_path / "r.xlsx", [], [*rowcheck.list_headings(), "Decision"])
    with pytest.raises(WorkbookError, match="two columns headed decision"):
        judge(path)


def test_added_rows_become_facts_with_a_source(tmp_path: Path) -> None:
    row = {
        "item": "Su-35",
        "kind": "equipment",
        "corrected_count_min": "4",
        "actor_id": "Russia",
        "place": "Minsk",
        "source": "own sighting",
    }
    path = write_review(tmp_path / "r.xlsx", [{"fact_id": "none"}, row])
    (one,) = judge(path).statements
    assert one.added
    assert one.fact_id.startswith("A")
    assert one.corrections == {
        "kind": "equipment", "item": "Su-35", "count_min": "4", "count_basis": "at_least", "actor_id": "RUS", "place": "Minsk",
        "status": "mentioned", "modality": "asserted", "source": "own sighting",
    }  # fmt: skip
    again = judge(write_review(tmp_path / "r.xlsx", [row | {"count_min": 5, "corrected_count_min": None}])).statements[0]
    assert again.fact_id == one.fact_id, "a mended number is the same fact"


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"item": "Su-35", "kind": "equipment"}, "source"),
        ({"kind": "equipment", "source": "x"}, "item"),
        ({"item": "Su-35", "source": "x"}, "kind"),
        ({"item": "Su-35", "kind": "plane", "source": "x"}, "kind"),
        ({"item": "Su-35", "kind": "equipment", "source": "x", "decision": "reject"}, "decision"),
        ({"item": "Su-35", "kind": "equipment", "source": "x", "count_min": 5, "count_max": 3}, "count_min"),
        ({"comment": "something is missing here"}, "item"),
    ],
    ids=str,
)
def test_added_rows_that_lack_something(tmp_path: Path, cells: dict[str, Any], column: str) -> None:
    said = judge(write_review(tmp_path / "r.xlsx", [cells]))
    assert [reject.column for reject in said.rejects] == [column]


# ---------------------------------------------------------------- files
def test_texts_that_look_like_escapes_survive(tmp_path: Path) -> None:
    fact = make_fact(1, item="_x0041_ =cmd", place="a\r\nb  c", evidence="tab\tand _x000D_ end")
    path = write_review(tmp_path / "r.xlsx", [])
    book = load_workbook(path)
    sheet = book["Review"]
    cells = {**row_of(fact), "decision": "accept"}
    for index, name in enumerate(rowcheck.list_headings(), 1):
        value = cells.get(name)
        cell = sheet.cell(2, index)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    book.save(path)
    assert len(judge(path).statements) == 1


def test_the_cell_in_the_far_corner_costs_nothing(tmp_path: Path) -> None:
    path = write_review(tmp_path / "r.xlsx", [{**row_of(make_fact(1)), "decision": "accept"}])
    book = load_workbook(path)
    book["Review"]["XFD1048576"] = "trap"
    book.save(path)
    said = judge(path)
    assert len(said.statements) == 1
    assert not said.rejects


def test_a_wrong_extent_hides_no_row(tmp_path: Path) -> None:
    path = write_review(tmp_path / "r.xlsx", [{**row_of(make_fact(number)), "decision": "accept"} for number in range(5)])
    wrong = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(wrong, "w") as target:
        for name in source.namelist():
            raw = source.read(name)
            if name.endswith("sheet1.xml"):
                import re

                raw = re.sub(rb'<dimension ref="[^"]+"', b'<dimension ref="A1:A1"', raw)
                assert b'"A1:A1"' in raw
            target.writestr(name, raw)
    assert len(judge(wrong).statements) == 5


def _zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, raw in members.items():
            target.writestr(name, raw)
    return path


@pytest.mark.parametrize("kind", ["empty", "text", "ole", "ods", "zip", "cut", "missing", "bomb", "folder", "entities", "no review"])
def test_files_that_are_no_review_are_refused_with_a_mend(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "f.xlsx"
    good = write_review(tmp_path / "good.xlsx", [{**row_of(make_fact(1)), "decision": "accept"}]).read_bytes()
    if kind == "folder":
        path.mkdir()
    elif kind == "ods":
        _zip(path, {"mimetype": b"x", "content.xml": b"<x/>"})
    elif kind == "zip":
        _zip(path, {"a.txt": b"x"})
    elif kind == "bomb":
        with zipfile.ZipFile(tmp_path / "good.xlsx") as source:
            members = {name: source.read(name) for name in source.namelist()}
        _zip(path, {**members, "xl/worksheets/sheet1.xml": b" " * (40 * 2**20)})
    elif kind == "entities":
        with zipfile.ZipFile(tmp_path / "good.xlsx") as source:
            members = {name: source.read(name) for name in source.namelist()}
        sheet = members["xl/worksheets/sheet1.xml"]
        bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
        _zip(
            path, {**members, "xl/worksheets/sheet1.xml": bomb + sheet.partition(b"?>")[2] if sheet.startswith(b"<?xml") else bomb + sheet}
        )
    elif kind == "no review":
        book = Workbook()
        book.save(path)
    elif kind != "missing":
        path.write_bytes({"empty": b"", "text": b"fact_id,decision", "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "cut": good[:-200]}[kind])
    with pytest.raises(WorkbookError) as caught:
        judge(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "save" in str(caught.value) or "check" in str(caught.value) or "hand in" in str(caught.value) or "copy" in str(caught.value)


def test_damaged_bytes_end_in_one_clear_line_and_in_no_wrong_fact(tmp_path: Path) -> None:
    import random

    ids = {make_fact(number).fact_id for number in range(4)}
    path = write_review(tmp_path / "r.xlsx", [{**row_of(make_fact(number)), "decision": "accept"} for number in range(4)])
    with zipfile.ZipFile(path) as source:
        members = {name: source.read(name) for name in source.namelist()}
    odd = (b'<row r="9999999999">', b'r="ZZZZZZ1"', b"<v>1e999</v>", b't="s"', b's="99999"', b"\x00", b"-1", b"9" * 300)
    refused = 0
    for seed in range(60):
        rng = random.Random(seed)
        name = rng.choice(list(members))
        torn = bytearray(members[name])
        for _ in range(rng.randint(1, 6)):
            at = rng.randrange(len(torn))
            if rng.random() < 0.5:
                torn[at] = rng.randrange(256)
            else:
                torn[at : at + rng.choice((0, 0, 12))] = rng.choice(odd)
        _zip(path, {**members, name: bytes(torn)})
        try:
            said = judge(path)
        except WorkbookError:
            refused += 1
            continue
        assert {one.fact_id for one in said.statements} <= ids, seed
    assert 0 < refused < 60


# ---------------------------------------------------------------- a column sorted by itself
MIXED = ["accept", "reject", "accept", "second look", "reject", "accept", "accept", "reject", "accept", "accept", "reject", "accept"]


def fill_list(column: str, typed: Sequence[Any], why: Sequence[str] = (), **cells: Any) -> list[dict[str, Any]]:
    causes = why or ["new"] * len(typed)
    return [
        {**row_of(make_fact(number), cause, number), **cells, column: value}
        for number, (cause, value) in enumerate(zip(causes, typed, strict=True))
    ]


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(
    ("column", "typed", "cells"),
    [
        ("decision", MIXED, {}),
        ("comment", [f"Seen by {name}" for name in "gDbafeC"], {"decision": "accept"}),
        ("corrected_count_min", [9, 3, 1, 8, 7, 2, 4], {"decision": "correct"}),
        ("corrected_place", list("gdbafec"), {"decision": "correct"}),
    ],
)
def test_a_column_of_the_reviewer_sorted_by_itself_is_refused(
    tmp_path: Path, column: str, typed: list[Any], cells: dict[str, Any], reverse: bool
) -> None:
    taken = judge(write_review(tmp_path / "as-filled.xlsx", fill_list(column, typed, **cells)))
    assert (len(taken.statements), taken.rejects) == (len(typed), ())
    torn = sorted(typed, key=lambda value: value.casefold() if isinstance(value, str) else value, reverse=reverse)
    path = write_review(tmp_path / "torn.xlsx", fill_list(column, torn, **cells))
    said = judge(path)
    assert not said.statements
    assert {(one.column, "--trust-order" in one.reason) for one in said.rejects} == {(column, True)}
    assert len(said.rejects) == len(typed)
    book = read_review(path, read_bytes(path), known_headings())
    assert len(judge_book(book, "Ana", dt.datetime(2022, 2, 10), VOCABULARY, trust_order=True).statements) == len(typed)


def test_whole_rows_may_be_sorted_by_decision(tmp_path: Path) -> None:
    rows = sorted(fill_list("decision", MIXED), key=lambda row: row["decision"])
    assert len(judge(write_review(tmp_path / "sorted.xlsx", rows)).statements) == len(MIXED)


def test_work_from_the_top_down_is_no_sorted_column(tmp_path: Path) -> None:
    """One word for all, a few rows, and conflicts rejected before the new rows are accepted: nobody sorted these."""
    rejected = fill_list("decision", ["reject"] * 9 + ["accept"] * 20, ["conflict"] * 9 + ["new"] * 20)
    for name, rows in (("same", fill_list("decision", ["accept"] * 40)), ("few", fill_list("decision", MIXED[:3])), ("why", rejected)):
        assert len(judge(write_review(tmp_path / f"{name}.xlsx", rows)).statements) == len(rows)


def test_a_workbook_without_positions_is_still_read(tmp_path: Path) -> None:
    """Reports of the version before had a check of three parts."""
    rows = fill_list("decision", sorted(MIXED))
    for row in rows:
        told = row["row_check"].partition(".")[2].rpartition(".")[0]
        row["row_check"] = rowcheck._digest(row["fact_id"] + "." + told, 8) + "." + told
    assert len(judge(write_review(tmp_path / "old.xlsx", rows)).statements) == len(MIXED)
