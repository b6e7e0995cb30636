"""Which files a call reads, in which order, under which ids; and what happens where it cannot."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest

from inventory.model import Document
from inventory.reading import ReadError, UsageError, read_documents


def test_import_is_light():
    code = "import sys, inventory.reading; print([m for m in ('yaml', 'pandas', 'pydantic', 'openpyxl') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_yaml_is_not_imported_for_plain_text(tmp_path):
    (tmp_path / "a.txt").write_text("Text.")
    code = f"import sys, inventory.reading as r; list(r.read_documents([{str(tmp_path)!r}])); print('yaml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"


def test_missing_paths_are_a_usage_error_before_anything_is_read(write, tmp_path):
    write("a.txt", "Text.")
    with pytest.raises(UsageError) as caught:
        read_documents([tmp_path / "a.txt", tmp_path / "no.txt", tmp_path / "*.md", tmp_path / "a.txt" / "b.txt", "nul\0.txt", "x" * 5000])
    lines = str(caught.value).splitlines()
    assert len(lines) == 5, "every fault at once"
    assert "no.txt" in lines[0]
    assert "*.md" in lines[1]
    assert "pattern" in lines[1]
    assert all(" — " in line for line in lines)
    assert isinstance(caught.value, ReadError)


def test_one_path_need_not_stand_in_a_list(write):
    path = write("a.txt", "Text.")
    assert [one.doc_id for one in read_documents(str(path))] == ["a.txt"]
    assert [one.doc_id for one in read_documents(path)] == ["a.txt"]  # type: ignore[arg-type]


def test_file_id_is_its_name_and_source_key_the_same(write, read):
    doc = read(write("deep/down/A.TXT", "Text.")).doc()
    assert (doc.doc_id, doc.source_key, doc.reader, doc.status) == ("A.TXT", "A.TXT", "text", "read")


def test_folder_is_read_sorted_and_selectively(write, read, tmp_path):
    for name in ("b/2.txt", "b/1.md", "a.txt", "c.txt", "b.txt", "b/c/d.jsonl", "t.csv", "t.tsv"):
        content = {".jsonl": '{"text": "x"}\n', ".csv": "text\nx\n", ".tsv": "text\nx\n"}.get(Path(name).suffix, "x")
        write("in/" + name, content)
    for name in ("a.expected.yaml", ".hidden.txt", ".git/x.txt", "README.md", "b/readme.txt", "photo.png", "notes.yaml"):
        write("in/" + name, "no document")
    write("in/c.meta.yaml", "title: C")
    result = read(tmp_path / "in")
    assert [doc.doc_id for doc in result.docs] == ["a.txt", "b/1.md", "b/2.txt", "b/c/d.jsonl#1", "b.txt", "c.txt", "t.csv#2", "t.tsv#2"]
    assert [doc.source_key for doc in result.docs] == [doc.doc_id for doc in result.docs]
    assert not result.failures
    assert not result.notes


def test_folder_as_the_current_one(write, read, tmp_path, monkeypatch):
    write("sub/a.txt", "x")
    monkeypatch.chdir(tmp_path)
    assert read(".").doc().doc_id == "sub/a.txt"
    assert read("sub/").doc().doc_id == "a.txt"


def test_folder_without_documents_is_told(write, read, tmp_path):
    write("in/photo.png", b"\0")
    issue = read(tmp_path / "in").failure()
    assert issue.kind == "no documents"
    assert ".jsonl" in issue.message


def test_equal_ids_are_told_apart(write, read):
    one, two, three = write("1/a.txt", "one"), write("2/a.txt", "two"), write("3/a.txt", "three")
    claimed = write("4/b.jsonl", '{"id": "a.txt~2", "text": "x"}\n')
    assert [doc.doc_id for doc in read(claimed, one, two, three).docs] == ["a.txt~2", "a.txt", "a.txt~3", "a.txt~4"]
    assert [doc.doc_id for doc in read(one, two, three).docs] == ["a.txt", "a.txt~2", "a.txt~3"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", ["a.txt", "b.txt"]),
        ("[ab].txt", ["a.txt", "b.txt"]),
        ("?.md", ["c.md"]),
        ("**/*.txt", ["a.txt", "b.txt", "sub/a.txt", "sub/deep/d.txt"]),
        ("sub/**/d.txt", ["deep/d.txt"]),
        ("s*", ["sub/a.txt", "sub/deep/d.txt"]),
        ("**", ["a.txt", "b.txt", "c.md", "sub/a.txt", "sub/deep/d.txt"]),
        ("**/*", ["a.txt", "b.txt", "c.md", "sub/a.txt", "sub/deep/d.txt"]),
        (".h*", [".h.txt"]),
    ],
)
def test_patterns(write, read, tmp_path, pattern, expected):
    for name in ("a.txt", "b.txt", "c.md", "sub/a.txt", "sub/deep/d.txt", ".h.txt"):
        write("in/" + name, "x")
    result = read(f"{tmp_path}/in/{pattern}")
    assert [doc.doc_id for doc in result.docs] == expected
    assert not result.failures


def test_a_name_that_looks_like_a_pattern_is_a_name(write, read):
    assert read(write("a[1].txt", "x")).doc().doc_id == "a[1].txt"


def test_unknown_kind_and_companions_named_outright(write, read):
    issue = read(write("a.xyz", "x")).failure()
    assert issue.kind == "unknown kind"
    assert "a.xyz:1: " in issue.message
    assert ".txt" in issue.message
    assert read(write("bare", "x")).failure().kind == "unknown kind"
    assert read(write("a.meta.yaml", "title: x")).note().kind == "note: skipped"


def test_links(write, read, tmp_path):
    target = write("outside/x.txt", "outside")
    write("in/a.txt", "inside")
    (tmp_path / "in/file.txt").symlink_to(target)
    (tmp_path / "in/folder").symlink_to(tmp_path / "outside")
    (tmp_path / "in/loop").symlink_to(tmp_path / "in")
    (tmp_path / "in/self.txt").symlink_to("self.txt")
    (tmp_path / "in/gone.txt").symlink_to("nowhere.txt")
    result = read(tmp_path / "in")
    assert [doc.doc_id for doc in result.docs] == ["a.txt", "file.txt"]
    kinds = {issue.doc_id.rsplit("/", 1)[-1]: issue.kind for issue in result.failures}
    assert kinds == {"folder": "link not followed", "loop": "symlink loop", "self.txt": "symlink loop", "gone.txt": "vanished"}
    assert read(tmp_path / "in/gone.txt").failure().kind == "vanished", "a broken link exists: an issue, no usage error"
    assert [doc.doc_id for doc in read(f"{tmp_path}/in/**/*.txt").docs] == ["a.txt", "file.txt"], "patterns do not run in circles"


def test_two_links_to_their_own_folder_end(write, read, tmp_path):
    write("in/a.txt", "x")
    for name in ("l1", "l2"):
        (tmp_path / "in" / name).symlink_to(".")
    assert len(read(f"{tmp_path}/in/**/a.txt").docs) == 1
    assert {issue.kind for issue in read(tmp_path / "in").failures} == {"symlink loop"}


def test_permission_errors(write, read, tmp_path, monkeypatch):
    write("in/a.txt", "x")
    write("in/b.txt", "x")
    write("in/shut/c.txt", "x")
    path_open, scandir = Path.open, os.scandir

    def refuse_open(self, *args, **options):
        if self.name == "b.txt":
            raise PermissionError(13, "Permission denied")
        return path_open(self, *args, **options)

    def refuse_list(path):
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(Path, "open", refuse_open)
    monkeypatch.setattr(os, "scandir", refuse_list)
    result = read(tmp_path / "in")
    assert result.doc().doc_id == "a.txt"
    assert [issue.kind for issue in result.failures] == ["no permission", "no permission"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_permission_errors_of_the_system(write, read, tmp_path):
    write("in/a.txt", "x").chmod(0)
    assert read(tmp_path / "in").failure().kind == "no permission"


def test_what_vanishes_while_reading_goes_on_is_told(write, tmp_path):
    write("in/a.txt", "x")
    gone = write("in/b.txt", "x")
    write("in/z/c.txt", "x")
    found = read_documents([tmp_path / "in", tmp_path / "in/a.txt", tmp_path / "in/z"])
    assert isinstance(next(found), Document)
    gone.unlink()
    (tmp_path / "in/z/c.txt").unlink()
    (tmp_path / "in/z").rmdir()
    rest = list(found)
    assert [one.kind for one in rest if not isinstance(one, Document)] == ["vanished", "vanished", "vanished"]
    assert [one.doc_id for one in rest if isinstance(one, Document)] == ["a.txt~2"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_does_not_block(read, tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    assert read(tmp_path / "a.txt").failure().kind == "not a file"


@pytest.mark.skipif(sys.platform != "linux", reason="needs file names that are bytes")
def test_file_names_that_are_not_text(read, tmp_path):
    with open(os.fsencode(tmp_path) + b"/caf\xe9.txt", "wb") as stream:
        stream.write(b"x")
    doc = read(tmp_path).doc()
    assert doc.doc_id == "caf\ufffd.txt"


def test_published_fills_only_gaps(write, read):
    day = dt.date(2022, 2, 10)
    path = write("a.jsonl", '{"text": "x"}\n{"text": "y", "published": "2021-01-02"}\n')
    assert [doc.published for doc in read(path, published=day).docs] == [day, dt.date(2021, 1, 2)]
    assert [doc.published for doc in read(path).docs] == [None, dt.date(2021, 1, 2)]


def test_reading_is_lazy_and_needs_no_list(write):
    paths = (write(f"{name}.txt", name) for name in "ab")
    assert next(iter(read_documents(paths))).doc_id == "a.txt"
