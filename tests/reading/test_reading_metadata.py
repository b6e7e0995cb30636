"""Front matter and sidecars: what they set, what is remarked on, and that the document is read all the same."""

from __future__ import annotations

import datetime as dt

import pytest

from inventory.reading.metadata import parse_date

DAY = dt.date(2022, 2, 10)
ALL = """title: 'Talks: round two'
published: 2022-02-10
source: Example Wire
url: https://example.org/1
language: en
retrieved: 2022-02-11T08:00:00Z
id: wire-1
"""


def check_all(doc):
    assert (doc.title, doc.published, doc.source, doc.url) == ("Talks: round two", DAY, "Example Wire", "https://example.org/1")
    assert (doc.language, doc.retrieved, doc.doc_id) == ("en", dt.date(2022, 2, 11), "wire-1")
    assert doc.source_key == "https://example.org/1"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_front_matter(write, read, newline):
    text = f"---\n{ALL}---\n\n# Head\nText.\n".replace("\n", newline)
    result = read(write("a.md", text))
    check_all(result.doc())
    assert result.doc().text == "\n# Head\nText.\n".replace("\n", newline)
    assert not result.notes


@pytest.mark.parametrize("sidecar", ["a.meta.yaml", "a.txt.meta.yaml"])
def test_sidecar(write, read, sidecar):
    path = write("a.txt", "Text.\n")
    write(sidecar, ALL)
    result = read(path)
    check_all(result.doc())
    assert not result.notes


def test_sidecar_of_the_full_name_is_nearer(write, read):
    path = write("a.txt", "Text.")
    write("a.meta.yaml", "title: far")
    write("a.txt.meta.yaml", "title: near")
    assert read(path).doc().title == "near"


def test_sidecar_wins_key_by_key(write, read):
    path = write("a.md", "---\ntitle: front\nsource: front\npublished: 2022-02-10\n---\nText.")
    write("a.meta.yaml", "title: side\npublished: soon\nurl: null\nlanguage:\n")
    result = read(path)
    doc = result.doc()
    assert (doc.title, doc.source, doc.published, doc.url, doc.language) == ("side", "front", DAY, None, None)
    assert "a.meta.yaml:2: published 'soon' is not a date" in result.note().message


def test_text_files_have_no_front_matter(write, read):
    text = "---\ntitle: x\n---\nText."
    doc = read(write("a.txt", text)).doc()
    assert (doc.text, doc.title) == (text, None)


def test_unknown_keys_and_bad_dates_are_remarked_on_with_their_line(write, read):
    result = read(write("a.md", "---\nauthor: me\npublished: 10/02/2022\nretrieved: 2022-02-30\ntitle: [a, b]\n---\nText."))
    doc = result.doc()
    assert (doc.text, doc.status, doc.published, doc.title) == ("Text.", "read", None, None)
    assert [note.kind for note in result.notes] == ["note: metadata"] * 4
    for line, (note, word) in enumerate(zip(result.notes, ["author", "10/02/2022", "2022-02-30", "title"], strict=True), 2):
        assert f"a.md:{line}: " in note.message
        assert word in note.message
        assert note.doc_id == "a.md"


@pytest.mark.parametrize("bad", ["title: a: b", "title: *x", "title: x\ntitle: y", "a: &b c", "{[", "title: \x01", "\tx: 1"])
def test_bad_yaml_is_remarked_on(write, read, bad):
    path = write("a.txt", "Text.")
    write("a.meta.yaml", bad)
    result = read(path)
    assert result.doc().text == "Text."
    assert {note.kind for note in result.notes} == {"note: metadata"}
    assert "a.meta.yaml:" in result.notes[0].message


def test_bad_front_matter_is_not_text_either(write, read):
    result = read(write("a.md", "---\nsource: x\ntitle: a: b\n---\nText."))
    assert result.doc().text == "Text."
    assert "a.md:3: " in result.note().message


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nProse between two rules.\n\n---\nMore.",
        "---",
        "----\ntitle: x\n----\nText",
        "Text\n---\ntitle: x\n---\n",
        " ---\ntitle: x\n---\n",
    ],
)
def test_rules_are_not_front_matter(write, read, text):
    result = read(write("a.md", text))
    assert result.doc().text == text
    assert not result.notes


def test_front_matter_that_is_not_closed_counts_as_text(write, read):
    text = "---\ntitle: x\nText."
    result = read(write("a.md", text))
    assert result.doc().text == text
    assert "not closed" in result.note().message


@pytest.mark.parametrize("text", ["---\n---\nText.", "---\n# nothing\n---\nText."])
def test_empty_front_matter(write, read, text):
    result = read(write("a.md", text))
    assert result.doc().text == "Text."
    assert not result.notes


def test_front_matter_without_text_is_empty(write, read):
    assert read(write("a.md", "---\ntitle: x\n---\n")).failure().kind == "empty"


@pytest.mark.parametrize("content", ["", "# nothing\n", "---\n"])
def test_empty_sidecar(write, read, content):
    path = write("a.txt", "Text.")
    write("a.meta.yaml", content)
    result = read(path)
    assert result.doc().title is None
    assert not result.notes


@pytest.mark.parametrize("content", ["- a\n- b\n", "only words", b"\0\0", b"\xff\xfe\0", "title: " + "x" * 70_000, "[" * 5_000])
def test_sidecars_that_are_none(write, read, content):
    path = write("a.txt", "Text.")
    write("a.meta.yaml", content)
    result = read(path)
    assert result.doc().text == "Text."
    assert result.note().kind == "note: metadata"


def test_sidecar_that_is_a_folder(write, read, tmp_path):
    path = write("a.txt", "Text.")
    (tmp_path / "a.meta.yaml").mkdir()
    assert read(path).note().kind == "note: metadata"


def test_sidecar_in_windows_1252(write, read):
    path = write("a.txt", "Text.")
    write("a.meta.yaml", b"title: Caf\xe9")
    result = read(path)
    assert result.doc().title == "Café"
    assert result.note().kind == "note: encoding"


def test_longest_file_name_has_no_sidecar(write, read):
    result = read(write("x" * 251 + ".txt", "Text."))
    assert result.doc().text == "Text."
    assert not result.notes


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2022-02-10", DAY),
        (" 2022-02-10 ", DAY),
        ("2022-02-10T23:59:59-05:00", DAY),
        ("2022-02-10 08:00", DAY),
        ("2022-02-10t08", DAY),
        ("2022-2-10", None),
        ("2022-02-30", None),
        ("0000-01-01", None),
        ("20220210", None),
        ("2022-02-10x", None),
        ("2022-02-10 or so", None),
        ("٢٠٢٢-٠٢-١٠", None),
        ("", None),
    ],
)
def test_dates(text, date):
    assert parse_date(text) == date
