"""Bytes of a text file to text: encodings, limits, and every character kept."""

from __future__ import annotations

import hashlib

import pytest

from inventory.reading import Limits


def test_text_and_hash_are_those_of_the_file(write, read):
    raw = "One\r\nTwo\rThree\n\n  Four\t\u00a0é \u2028".encode()
    doc = read(write("a.txt", raw)).doc()
    assert doc.text.encode() == raw
    assert doc.raw_sha256 == hashlib.sha256(raw).hexdigest()
    assert doc.error is None


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_byte_order_marks(write, read, mark):
    raw = "Т-72 und Öl\r\n".encode(mark)
    result = read(write("a.txt", raw))
    assert result.doc().text == "Т-72 und Öl\r\n"
    assert not result.notes
    assert result.doc().raw_sha256 == hashlib.sha256(raw).hexdigest()


def test_utf16_big_endian(write, read):
    assert read(write("a.txt", b"\xfe\xff" + "Öl".encode("utf-16-be"))).doc().text == "Öl"


def test_windows_1252_is_read_and_told(write, read):
    result = read(write("a.txt", b"First line\nCaf\xe9 \x93quoted\x94\n"))
    assert result.doc().text == "First line\nCafé “quoted”\n"
    assert result.doc().status == "read"
    note = result.note()
    assert note.kind == "note: encoding"
    assert "a.txt:2: byte 0xE9" in note.message
    assert note.doc_id == "a.txt"


@pytest.mark.parametrize("raw", [b"caf\xe9 \x81", b"caf\xe9 \x01", b"caf\xe9 \x7f"])
def test_neither_utf8_nor_windows_1252(write, read, raw):
    assert read(write("a.txt", raw)).failure().kind == "encoding"


@pytest.mark.parametrize(
    "raw", [b"PK\x03\x04\0\0", b"ok\0", b"caf\xe9\0", b"\xff\xfe\0", b"\xff\xfe\0\0a\0\0\0", b"\xff\xfea\0\0\0", b"\xff\xfe\0\xd8a\0"]
)
def test_binary(write, read, raw):
    issue = read(write("a.txt", raw)).failure()
    assert issue.kind == "not text"
    assert issue.doc_id == "a.txt"


def test_binary_names_the_line(write, read):
    assert "a.txt:3: " in read(write("a.txt", b"1\n2\n3\0")).failure().message


@pytest.mark.parametrize("raw", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n", b"\xff\xfe", "\u00a0\u2003".encode()])
@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_empty(write, read, raw, suffix):
    assert read(write("a" + suffix, raw)).failure().kind == "empty"


def test_too_large_is_not_read(write, read):
    limits = Limits(max_bytes=10)
    assert read(write("a.txt", "x" * 10), limits=limits).doc().text == "x" * 10
    issue = read(write("a.txt", "x" * 11), limits=limits).failure()
    assert (issue.kind, issue.limit) == ("too large", "max_bytes=10")


def test_default_limits():
    assert Limits()[:4] == (20_000_000, 50_000_000, 5_000_000, 2_000_000)


def test_a_huge_sparse_file_costs_nothing(read, tmp_path):
    path = tmp_path / "a.txt"
    with path.open("wb") as stream:
        stream.truncate(50_000_000_000)
    assert read(path).failure().limit == "max_bytes=20000000"


def test_long_text_is_cut(write, read):
    result = read(write("a.txt", "x" * 101), limits=Limits(max_chars=100))
    doc, note = result.doc(), result.note()
    assert (doc.text, doc.status, doc.error) == ("x" * 100, "cut", note.message)
    assert (note.kind, note.limit) == ("note: cut", "max_chars=100")
    assert read(write("a.txt", "x" * 100), limits=Limits(max_chars=100)).doc().status == "read"


@pytest.mark.parametrize(
    ("limit", "kept"), [(10, "sent "), (12, "sent 169,000"), (13, "sent 169,000 "), (5, "sent "), (4, "sent"), (3, "sen")]
)
def test_a_cut_invents_no_number(write, read, limit, kept):
    text = read(write("a.txt", "sent 169,000 troops"), limits=Limits(max_chars=limit)).doc().text
    assert text.rstrip() == kept.rstrip()
    assert "sent 169,000 troops".startswith(text)


def test_markdown_marks_stay(write, read):
    text = "# Head\n\n* **12** [tanks](http://example.org/a_b)\n\n---\n\nEnd\n"
    doc = read(write("a.md", text)).doc()
    assert (doc.text, doc.reader) == (text, "markdown")
