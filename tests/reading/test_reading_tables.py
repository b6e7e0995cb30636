"""CSV and TSV: one document a row, however the cells are quoted, and no row that spoils the others in silence."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib

import pytest

from inventory.reading import Limits


def test_rows(write, read):
    raw = 'id,Title , text,published,url,extra\nn1,T,"A, ""B""\r\nC",2022-02-10,https://example.org,e\r\n\n,,second,,,\n,,,,,\n'
    docs = read(write("a.csv", raw)).docs
    doc = docs[0]
    assert (doc.doc_id, doc.title, doc.text, doc.published) == ("n1", "T", 'A, "B"\r\nC', dt.date(2022, 2, 10))
    assert (doc.url, doc.source_key, doc.reader) == ("https://example.org", "https://example.org", "csv")
    assert doc.raw_sha256 == hashlib.sha256(b'n1,T,"A, ""B""\r\nC",2022-02-10,https://example.org,e').hexdigest()
    assert (docs[1].doc_id, docs[1].text, docs[1].title) == ("a.csv#5", "second", None)
    assert len(docs) == 2


def test_tabs(write, read):
    doc = read(write("a.tsv", "title\ttext\nT\tone, two\n")).doc()
    assert (doc.title, doc.text) == ("T", "one, two")


@pytest.mark.parametrize(
    ("header", "seen"), [("id,body", "'id', 'body'"), ("id;text", "'id;text'"), ("text,text", "twice"), ("text,id,id", "twice")]
)
def test_wrong_columns(write, read, header, seen):
    issue = read(write("a.csv", f"\n{header}\n1,2\n")).failure()
    assert issue.kind == "wrong columns"
    assert seen in issue.message
    assert "a.csv:2: wrong columns" in issue.message


@pytest.mark.parametrize("raw", ["", "\n\n", "text\n", "text,id\n,\n\n", "\ufeff"])
def test_table_without_rows(write, read, raw):
    assert read(write("a.csv", raw)).failure().kind == "empty"


def test_row_without_text(write, read):
    result = read(write("a.csv", "id,text\n1,\n2\n3,x\n"))
    assert [(issue.kind, issue.doc_id) for issue in result.failures] == [("empty", "1"), ("empty", "2")]
    assert result.docs[0].doc_id == "3"


def test_text_with_an_unquoted_comma_is_not_read_by_half(write, read):
    result = read(write("a.csv", "id,text\n1,sent 12 tanks, and 3 guns\n2,x\n3,y,,\n"))
    assert [doc.doc_id for doc in result.docs] == ["2", "3"]
    assert [(issue.kind, issue.doc_id) for issue in result.failures] == [("bad record", "a.csv#2")]


def test_bad_quotes(write, read):
    result = read(write("a.csv", 'text\nfirst\n"bad"quote\nthird\n'))
    assert [doc.text for doc in result.docs] == ["first", "third"]
    assert "a.csv:3: " in result.failures[0].message


def test_a_quote_never_closed_is_told(write, read):
    result = read(write("a.csv", 'text\nfirst\n"open\nthird\nfourth\n'))
    assert [doc.text for doc in result.docs] == ["first"]
    assert result.failures[0].kind == "bad record"
    assert "ends in line 5" in result.failures[0].message


def test_a_quote_never_closed_takes_no_more_than_a_record(write, read):
    rows = "".join(f"row {number}\n" for number in range(100))
    result = read(write("a.csv", f'text\n"open\n{rows}'), limits=Limits(max_record_bytes=100))
    assert [(issue.kind, issue.limit) for issue in result.failures] == [("too large", "max_record_bytes=100")]
    assert result.docs[-1].text == "row 99"


def test_too_long_a_line(write, read):
    result = read(write("a.csv", "text\n" + "x" * 200 + "\nok\n"), limits=Limits(max_record_bytes=100))
    assert [doc.text for doc in result.docs] == ["ok"]
    assert result.failures[0].kind == "too large"
    assert result.failures[0].doc_id == "a.csv#2"


def test_cells_longer_than_the_module_allows_by_default(write, read):
    before = csv.field_size_limit()
    assert len(read(write("a.csv", "text\n" + "x" * 500_000 + "\n")).doc().text) == 500_000
    assert csv.field_size_limit() == before


def test_lone_carriage_returns_end_lines(write, read):
    docs = read(write("a.csv", 'id,text\r,one\r,"two\rlines"\r')).docs
    assert [(doc.doc_id, doc.text) for doc in docs] == [("a.csv#2", "one"), ("a.csv#3", "two\rlines")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks(write, read, encoding):
    doc = read(write("a.tsv", "text\tid\nÖl\t7\n".encode(encoding))).doc()
    assert (doc.text, doc.doc_id) == ("Öl", "7")


def test_windows_1252_rows_are_told(write, read):
    result = read(write("a.csv", b"id,text\n1,Caf\xe9\n2,x\n"))
    assert [doc.text for doc in result.docs] == ["Café", "x"]
    assert (result.note().kind, result.note().doc_id) == ("note: encoding", "1")


def test_binary(write, read):
    result = read(write("a.csv", b"text\nok\n\0\0\nfine\n"))
    assert [doc.text for doc in result.docs] == ["ok", "fine"]
    assert result.failures[0].kind == "not text"
    assert read(write("b.csv", b"\0\1\2\3")).failure().kind == "not text"


def test_bad_date_is_remarked_on(write, read):
    result = read(write("a.csv", "text,published\nx,soon\n"))
    assert result.doc().published is None
    assert "a.csv:2: published 'soon'" in result.note().message


def test_too_large_a_file_is_not_read(write, read):
    assert read(write("a.csv", "text\n" + "x\n" * 100), limits=Limits(max_stream_bytes=100)).failure().kind == "too large"
