"""What is written to JSONL, CSV and Parquet can be read back, and a file is there whole or not at all."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.model import FACT_FIELDS, MENTION_COLUMNS, Fact, MentionRow
from inventory.report.atomic import OutputError, atomic_path
from inventory.report.files import write_csv, write_jsonl, write_mentions, write_parquet
from inventory.table import read_frame

Make = Callable[..., Fact]
# Every character, lone surrogates and line ends of all kinds among them.
ANY_TEXT = st.text(st.characters(), max_size=40) | st.sampled_from(
    ["=1+1", "\u2028", "\x85", "\x00", "\ud800", "\r\n", "a\ttab", "\u0422-72", "😀"]
)


def jsonl(facts: list[Fact]) -> str:
    stream = io.StringIO()
    write_jsonl(facts, stream)
    return stream.getvalue()


def test_jsonl_has_every_column_in_order_and_null_for_empty(make_fact: Make) -> None:
    record = json.loads(jsonl([make_fact(title="", date_start=dt.date(2022, 2, 7))]))
    assert tuple(record) == FACT_FIELDS
    assert record["title"] is None
    assert record["counterparty"] is None
    assert record["date_start"] == "2022-02-07"
    assert record["slots"] == {"item": [24, 30]}


def test_jsonl_keeps_letters_as_they_are(make_fact: Make) -> None:
    assert "\u0422-72 “Rzeszów”" in jsonl([make_fact(item="\u0422-72 “Rzeszów”")])


def test_jsonl_never_writes_nan(make_fact: Make) -> None:
    assert json.loads(jsonl([make_fact(lat=float("nan"), lon=float("inf"))]))["lat"] is None


@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=4))
def test_jsonl_round_trip_of_any_text(make_fact: Make, texts: list[str]) -> None:
    facts = [make_fact(evidence=text, item_text=text, actor=text or None) for text in texts]
    lines = jsonl(facts).encode("utf-8").decode("utf-8").splitlines()  # lone surrogates would fail to encode
    assert len(lines) == len(facts)
    for line, fact in zip(lines, facts, strict=True):
        record = json.loads(line)
        # Two escaped halves of a pair are read as the one character that they make; nothing else may change.
        assert record["evidence"].encode("utf-16", "surrogatepass") == fact.evidence.encode("utf-16", "surrogatepass")


def test_mentions_have_their_columns_in_order() -> None:
    stream = io.StringIO()
    write_mentions([MentionRow("a", 3, 8, "Su-35", "equipment", "su-35", "Su-35", "aircraft/fighter", None, None, "")], stream)
    record = json.loads(stream.getvalue())
    assert list(record) == [column.name for column in MENTION_COLUMNS]
    assert record["flags"] is None
    assert stream.getvalue().endswith("\n")


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_csv_is_what_spreadsheets_expect(make_fact: Make, tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    write_csv([make_fact(evidence="two\nlines")], path)
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbffact_id,kind,item")
    assert raw.endswith(b"\r\n")
    (row,) = read_csv(path)
    assert tuple(row) == FACT_FIELDS
    assert row["evidence"] == "two\nlines"
    assert row["slots"] == '{"item":[24,30]}'
    assert row["counterparty"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_guards_text_that_would_run_and_leaves_numbers_alone(make_fact: Make, tmp_path: Path, start: str) -> None:
    write_csv([make_fact(item=f"{start}1+1", actor="plain = text", lat=-33.9)], tmp_path / "facts.csv")
    (row,) = read_csv(tmp_path / "facts.csv")
    assert row["item"] == f"'{start}1+1"
    assert row["actor"] == "plain = text"
    assert row["lat"] == "-33.9"


def test_csv_and_parquet_show_lone_surrogates(make_fact: Make, tmp_path: Path) -> None:
    facts = [make_fact(title="odd \ud800 title")]
    write_csv(facts, tmp_path / "facts.csv")
    write_parquet(facts, tmp_path / "facts.parquet")
    assert read_csv(tmp_path / "facts.csv")[0]["title"] == r"odd \ud800 title"
    assert pd.read_parquet(tmp_path / "facts.parquet")["title"].tolist() == [r"odd \ud800 title"]


def test_parquet_round_trip(make_fact: Make, tmp_path: Path) -> None:
    facts = [make_fact(), make_fact(count_min=None, date_start=dt.date(1941, 6, 22), lat=None, counted_as=None)]
    write_parquet(facts, tmp_path / "facts.parquet")
    assert read_frame(pd.read_parquet(tmp_path / "facts.parquet")) == facts


def test_parquet_of_no_facts_has_the_columns(tmp_path: Path) -> None:
    write_parquet([], tmp_path / "facts.parquet")
    assert tuple(pd.read_parquet(tmp_path / "facts.parquet").columns) == FACT_FIELDS


def test_atomic_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("old")
    with pytest.raises(KeyError), atomic_path(path) as temporary:  # noqa: PT012
        temporary.write_text("half")
        raise KeyError
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.csv"]


def test_atomic_file_is_readable_by_others_as_the_umask_allows(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        with atomic_path(tmp_path / "report.csv") as temporary:
            temporary.write_text("new")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "report.csv").stat().st_mode) == 0o640


def test_output_error_names_path_and_mend(make_fact: Make, tmp_path: Path) -> None:
    path = tmp_path / "missing" / "facts.csv"
    with pytest.raises(OutputError, match="create the folder") as caught:
        write_csv([make_fact()], path)
    assert str(path) in str(caught.value)
    assert caught.value.path == path


def test_a_device_or_folder_is_never_replaced(make_fact: Make, tmp_path: Path) -> None:
    for path in (Path(os.devnull), tmp_path):
        with pytest.raises(OutputError, match="not a regular file"):
            write_csv([make_fact()], path)
    assert Path(os.devnull).is_char_device()


def test_a_full_disk_is_told_as_such(make_fact: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="free some space"):
        write_csv([make_fact()], tmp_path / "facts.csv")
    assert not list(tmp_path.iterdir())
