"""JSON Lines: one document a line, and no line that spoils the others."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest

from inventory.reading import Limits


def test_records(write, read):
    record = {"text": "A\r\nB", "id": "n1", "title": "T", "url": "https://example.org", "source": "S", "published": "2022-02-10T01:00Z"}
    first = json.dumps(record | {"language": "en", "retrieved": "x", "score": 1.5, "tags": ["a"]})
    raw = f'{first}\r\n\n   \n{{"text": "second", "id": null}}'
    docs = read(write("a.jsonl", raw)).docs
    doc = docs[0]
    assert (doc.text, doc.doc_id, doc.title, doc.url, doc.source) == ("A\r\nB", "n1", "T", "https://example.org", "S")
    assert (doc.published, doc.language, doc.retrieved, doc.reader) == (dt.date(2022, 2, 10), "en", None, "jsonl")
    assert doc.source_key == "https://example.org"
    assert doc.raw_sha256 == hashlib.sha256(first.encode()).hexdigest()
    assert (docs[1].doc_id, docs[1].source_key, docs[1].text) == ("a.jsonl#4", "a.jsonl#4", "second")


def test_other_keys_are_ignored_without_a_word(write, read):
    result = read(write("a.jsonl", '{"text": "x", "author": {"a": [1e999]}, "retrieved": 7}'))
    assert result.doc().text == "x"
    assert not result.notes


BAD = [
    "not json",
    '{"text": "cut',
    '["text"]',
    '"text"',
    "12",
    "null",
    '{"title": "no text"}',
    '{"text": null}',
    '{"text": ["a"]}',
    '{"text": "a", "x": NaN}',
    '{"text": "a", "x": -Infinity}',
    '{"text": "a", "x": ' + "9" * 5_000 + "}",
    '{"text": "a", "x": ' + "[" * 200_000 + "]" * 200_000 + "}",
    "[" * 200_000,
    '{"a":' * 100_000,
    '{"text": "a"} {"text": "b"}',
    '{"text": "raw \x01 control"}',
    "\ufeff{}",
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad[:24])
def test_a_bad_line_does_not_spoil_the_rest(write, read, bad):
    result = read(write("a.jsonl", f'{{"text": "one"}}\n{bad}\n{{"text": "three"}}\n'))
    assert [doc.doc_id for doc in result.docs] == ["a.jsonl#1", "a.jsonl#3"]
    [issue] = result.failures
    assert (issue.kind, issue.doc_id) == ("bad record", "a.jsonl#2")
    assert "a.jsonl:2: " in issue.message
    assert len(issue.message) < 500


def test_a_line_with_nul_bytes(write, read):
    result = read(write("a.jsonl", b'{"text": "one"}\n\x00\x01\n{"text": "three"}'))
    assert len(result.docs) == 2
    assert result.failures[0].kind == "not text"


def test_empty_text_is_an_issue_of_that_record(write, read):
    result = read(write("a.jsonl", '{"text": " \\n", "id": "e"}\n{"text": "x"}'))
    assert [(issue.kind, issue.doc_id) for issue in result.failures] == [("empty", "e")]
    assert len(result.docs) == 1


@pytest.mark.parametrize("raw", ["", "\n\n", "\ufeff"])
def test_file_without_records(write, read, raw):
    assert read(write("a.jsonl", raw)).failure().kind == "empty"


def test_lone_surrogates_are_replaced_and_told(write, read):
    result = read(write("a.jsonl", r'{"text": "a\ud800b \ud83d\ude00 \udfff", "title": "\udc00"}'))
    doc = result.doc()
    assert doc.text == "a\ufffdb 😀 \ufffd"
    assert doc.title == "\ufffd"
    assert result.note().kind == "note: encoding"


def test_ids(write, read):
    lines = ['{"text": "a", "id": 7}', '{"text": "b", "id": "7"}', '{"text": "c", "id": true}', '{"text": "d", "id": " "}']
    result = read(write("a.jsonl", "\n".join(lines)))
    assert [doc.doc_id for doc in result.docs] == ["7", "7~2", "a.jsonl#3", "a.jsonl#4"]
    assert result.note().kind == "note: metadata"


def test_bad_metadata_is_remarked_on(write, read):
    result = read(write("a.jsonl", '\n{"text": "a", "published": 20220210, "title": ["x"]}\n{"text": "b", "published": "yesterday"}'))
    assert [doc.published for doc in result.docs] == [None, None]
    assert [note.doc_id for note in result.notes] == ["a.jsonl#2", "a.jsonl#2", "a.jsonl#3"]
    assert "a.jsonl:2: " in result.notes[0].message


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks(write, read, encoding):
    raw = '{"text": "Öl ਊ"}\n{"text": "Т-72"}\n'.encode(encoding)  # U+0A0A holds two line feeds in UTF-16
    assert [doc.text for doc in read(write("a.jsonl", raw)).docs] == ["Öl ਊ", "Т-72"]


def test_windows_1252_lines_are_told(write, read):
    result = read(write("a.jsonl", b'{"text": "Caf\xe9"}\n{"text": "caf\xc3\xa9"}\n'))
    assert [doc.text for doc in result.docs] == ["Café", "café"]
    assert result.note().doc_id == "a.jsonl#1"


def test_line_separators_inside_a_text_are_text(write, read):
    assert read(write("a.jsonl", '{"text": "a\u2028b\x85c"}\n')).doc().text == "a\u2028b\x85c"


def test_too_long_records_are_passed_over(write, read):
    limits = Limits(max_record_bytes=40)
    long = json.dumps({"text": "x" * 200})
    result = read(write("a.jsonl", f'{{"text": "one"}}\n{long}\n{{"text": "three"}}\n{long}'), limits=limits)
    assert [doc.doc_id for doc in result.docs] == ["a.jsonl#1", "a.jsonl#3"]
    assert [(issue.kind, issue.doc_id, issue.limit) for issue in result.failures] == [
        ("too large", "a.jsonl#2", "max_record_bytes=40"),
        ("too large", "a.jsonl#4", "max_record_bytes=40"),
    ]


@pytest.mark.parametrize("extra", range(-3, 4))
def test_record_limit_is_exact(write, read, extra):
    line = json.dumps({"text": "x"})
    limits = Limits(max_record_bytes=len(line) + 1 + extra)
    result = read(write("a.jsonl", f"{line}\n{line}\n"), limits=limits)
    assert (len(result.docs), len(result.failures)) == ((2, 0) if extra >= 0 else (0, 2))


def test_too_large_a_file_is_not_read(write, read):
    issue = read(write("a.jsonl", '{"text": "x"}\n' * 10), limits=Limits(max_stream_bytes=100)).failure()
    assert (issue.kind, issue.limit) == ("too large", "max_stream_bytes=100")


def test_larger_than_a_text_file_may_be(write, read):
    assert len(read(write("a.jsonl", '{"text": "x"}\n' * 10), limits=Limits(max_bytes=10)).docs) == 10


def test_long_text_is_cut(write, read):
    result = read(write("a.jsonl", '{"text": "xxxxxxxxxxx"}'), limits=Limits(max_chars=10))
    assert (result.doc().status, len(result.doc().text)) == ("cut", 10)
    assert "a.jsonl:1: " in result.note().message
