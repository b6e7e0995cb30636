"""What holds for every input: text comes back as it went in, and no bytes make reading raise."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from inventory.model import Document, Issue
from inventory.reading import NOTE, Limits, read_documents

# NUL marks binary files, a leading U+FEFF is a byte order mark, and white space alone is no text.
plain = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).filter(lambda text: text.strip() and text[0] != "\ufeff")
any_text = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: text.strip())
with_surrogates = st.text(st.characters()).filter(lambda text: text.strip())
# Bytes that look like something get further than mere noise.
SCRAPS = (
    b'{"text": "', b'"}', b"\n", b"\r", b'"', b",", b"\t", b"text", b"id", b"---\n", b"title: ", b"published: 2022-02-", b"- ", b"{",
    b"[[[", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\\ud800", b"&a *a", b"<<: ", b"!!python/object:os", b"\xe9", b"\0", b"9" * 50,
)  # fmt: skip
scraps = st.sampled_from(SCRAPS)
hostile = st.lists(st.one_of(scraps, st.binary(max_size=20)), max_size=30).map(b"".join)


def read_bytes(name: str, raw: bytes, sidecar: bytes | None = None, limits: Limits | None = None) -> list[Document | Issue]:
    # Not the tmp_path fixture: hypothesis runs many examples in one test.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(raw)
        if sidecar is not None:
            path.with_suffix(".meta.yaml").write_bytes(sidecar)
        return list(read_documents([path], limits=limits or Limits()))


def only_text(found: list[Document | Issue]) -> str:
    [document] = found
    assert isinstance(document, Document), document
    return document.text


@given(plain)
def test_utf8_text_comes_back_unchanged(text):
    assert only_text(read_bytes("a.txt", text.encode())) == text


@given(plain.filter(lambda text: not text.startswith("---")))
def test_markdown_comes_back_unchanged(text):
    assert only_text(read_bytes("a.md", text.encode())) == text


@given(plain)
def test_what_follows_front_matter_comes_back_unchanged(text):
    assert only_text(read_bytes("a.md", b"---\ntitle: x\n---\n" + text.encode())) == text


@given(any_text, st.booleans())
def test_json_text_comes_back_unchanged(text, ascii_only):
    record = json.dumps({"text": text}, ensure_ascii=ascii_only).encode()
    assert only_text(read_bytes("a.jsonl", record + b"\n")) == text


@given(with_surrogates)
def test_surrogates_are_the_only_characters_that_change(text):
    # Halves that stand side by side in order are one character to JSON.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    document = read_bytes("a.jsonl", json.dumps({"text": text}).encode())[-1]
    assert isinstance(document, Document)
    assert document.text == whole
    document.text.encode()


@given(plain)
def test_table_cells_come_back_unchanged(text):
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([["id", "text"], ["7", text]])
    assert only_text(read_bytes("a.csv", out.getvalue().encode())) == text


@given(
    st.sampled_from(["a.txt", "a.md", "a.jsonl", "a.csv", "a.tsv"]),
    hostile,
    st.none() | hostile,
    st.sampled_from([Limits(), Limits(40, 60, 20, 10)]),
)
def test_no_bytes_make_reading_raise(name, raw, sidecar, limits):
    found = read_bytes(name, raw, sidecar, limits)
    assert found, "nothing is silent"
    ids = [one.doc_id for one in found if isinstance(one, Document) or not one.kind.startswith(NOTE)]
    assert len(ids) == len(set(ids))
    for one in found:
        if isinstance(one, Document):
            assert one.text.strip() or one.status == "cut"
            assert len(one.text) <= limits.max_chars
            assert one.raw_sha256
            json.dumps([one.text, one.doc_id, one.title], ensure_ascii=False).encode()
        else:
            json.dumps(one.row(), ensure_ascii=False).encode()


@given(hostile)
def test_no_bytes_on_standard_input_make_reading_raise(raw):
    assert list(read_documents(["-"], stdin=io.BytesIO(raw)))
