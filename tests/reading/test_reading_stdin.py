"""Standard input: plain text, or JSON Lines where it begins like them."""

from __future__ import annotations

import io
import sys

import pytest

from inventory.reading import Limits, UsageError, read_documents


def test_plain_text(read):
    doc = read("-", stdin=io.BytesIO(b"12 tanks.\r\nMore.")).doc()
    assert (doc.text, doc.doc_id, doc.source_key, doc.reader) == ("12 tanks.\r\nMore.", "stdin", "stdin", "text")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_lines(read, encoding):
    raw = '\n{"text": "one"}\nbad\n{"text": "Öl", "id": "2"}'.encode(encoding)
    result = read("-", stdin=io.BytesIO(raw))
    assert [(doc.doc_id, doc.text, doc.reader) for doc in result.docs] == [("stdin#2", "one", "jsonl"), ("2", "Öl", "jsonl")]
    assert result.failures[0].doc_id == "stdin#3"


@pytest.mark.parametrize("raw", ['{"title": "x"}', '["text"]', '{"text": "x"', '{"text": 1}', "{curly} prose"])
def test_what_only_looks_like_json_lines(read, raw):
    assert read("-", stdin=io.BytesIO(raw.encode())).doc().text == raw


@pytest.mark.parametrize(
    ("raw", "kind"), [(b"", "empty"), (b" \n", "empty"), (b"a\0b", "not text"), (b"\xff\xfe\0", "not text"), (b"x" * 21, "too large")]
)
def test_failures(read, raw, kind):
    issue = read("-", stdin=io.BytesIO(raw), limits=Limits(max_bytes=20)).failure()
    assert (issue.kind, issue.doc_id) == (kind, "stdin")


def test_windows_1252(read):
    assert read("-", stdin=io.BytesIO(b"Caf\xe9")).note().kind == "note: encoding"


def test_no_more_is_read_than_allowed(read):
    class Endless(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, buffer):
            buffer[:] = b"x" * len(buffer)
            return len(buffer)

    limits = Limits(max_bytes=1_000, max_stream_bytes=2_000)
    assert read("-", stdin=io.BufferedReader(Endless()), limits=limits).failure().kind == "too large"


def test_an_error_of_the_stream_is_an_issue(read):
    class Broken(io.BytesIO):
        def read(self, *args):
            raise OSError(5, "Input/output error")

    assert read("-", stdin=Broken()).failure().kind == "cannot be read"


def test_default_is_the_own_standard_input(read, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Text.")))
    assert read("-").doc().text == "Text."


def test_usage(write, monkeypatch):
    with pytest.raises(UsageError, match="twice"):
        read_documents(["-", "-"], stdin=io.BytesIO(b""))
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UsageError, match="standard input"):
        read_documents(["-"])
    closed = io.BytesIO()
    closed.close()
    with pytest.raises(UsageError, match="standard input"):
        read_documents(["-"], stdin=closed)


def test_beside_files(write, read):
    docs = read(write("a.txt", "file"), "-", stdin=io.BytesIO(b"stream")).docs
    assert [doc.text for doc in docs] == ["file", "stream"]
