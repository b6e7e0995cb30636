"""What is broken, hostile or deadly costs a row of Errors, never the run: the file beside it is read all the same."""

from __future__ import annotations

import gzip
import io
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from made_files import BODY, FIXTURES, make_feed, make_pdf, make_tar, make_warc, make_zip, recall, write_mail, write_parquet

from inventory.model import Document
from inventory.reading import Limits, read_documents

pytest.importorskip("trafilatura")
HASTE = Limits(max_seconds=6.0)


def broken_files(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    """Name, bytes and the kind of issue that they must give."""
    yield "noise.html", b"\x00\x01\x02" * 50, "not text"
    yield "empty.html", b" \n", "empty"
    yield "half.docx", (FIXTURES / "report.docx").read_bytes()[:4000], "damaged"
    yield "other.docx", make_zip({"a.txt": b"x"}), "damaged"
    yield "locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted"
    yield "half.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog", "damaged"
    yield "noise.pdf", b"no such thing", "damaged"
    yield "noise.eml", b"just words\n\nand more of them", "damaged"
    yield "noise.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "damaged"
    yield "half.rss", make_feed("rss")[: make_feed("rss").rindex(b"<item>") + 40], "damaged"
    yield "page.xml", b"<?xml version='1.0'?><urlset><url/></urlset>", "unknown kind"
    yield "empty.atom", b"<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title></feed>", "empty"
    yield "half.parquet", write_parquet(folder).read_bytes()[:2000], "damaged"
    yield "half.warc.gz", make_warc()[:900], "damaged"
    yield "noise.warc", b"no such thing", "damaged"
    yield "half.zip", make_zip({"a.txt": b"x" * 5000})[:-30], "damaged"
    yield "half.tar.gz", make_tar({f"{number}.png": bytes(range(256)) * 9 for number in range(90)})[:400], "damaged"
    yield "half.txt.gz", gzip.compress(BODY.encode())[:300], "damaged"
    yield "empty.zip", make_zip({"photo.png": b"x"}), "no documents"


def test_each_broken_file_is_one_row_and_the_rest_is_read(tmp_path: Path, read: Callable) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    wanted = {}
    for name, raw, kind in broken_files(tmp_path):
        (folder / name).write_bytes(raw)
        wanted[name] = kind
    (folder / "zz.html").write_bytes((FIXTURES / "page.html").read_bytes())
    result = read(folder)
    told = {issue.doc_id.removesuffix("~2"): issue.kind for issue in result.failures}
    assert told.pop("half.warc.gz#2") == "damaged", "the page in which the archive breaks off"
    assert told == wanted
    assert result.docs[-1].doc_id == "zz.html"
    # What stands before the break of a feed is not lost.
    assert any(doc.doc_id == "urn:courier:1" for doc in result.docs)


def fake(folder: Path, monkeypatch: pytest.MonkeyPatch, **modules: str) -> None:
    """Put modules of these names and this code before the real ones: the reading process sees what its caller sees."""
    for name, code in modules.items():
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))


def files_for(folder: Path) -> Path:
    target = folder / "in"
    target.mkdir()
    for name in ("report.docx", "report.pdf", "page.html"):
        (target / name).write_bytes((FIXTURES / name).read_bytes())
    (target / "news.rss").write_bytes(make_feed("rss"))
    return target


def test_a_reader_that_crashes_hangs_or_eats_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable) -> None:
    target = files_for(tmp_path)
    fake(
        tmp_path, monkeypatch,
        mammoth="import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)",
        feedparser="import time\ntime.sleep(600)",
        pypdf="hoard = []\nwhile True: hoard.append(bytes(100_000_000))",
    )  # fmt: skip
    began = time.monotonic()
    result = read(target, limits=HASTE._replace(max_worker_bytes=800_000_000))
    assert {issue.doc_id: issue.kind for issue in result.failures} == {
        "report.docx": "crashed", "news.rss": "too slow", "report.pdf": "out of memory",
    }  # fmt: skip
    assert [issue.limit for issue in result.failures if issue.kind == "too slow"] == ["max_seconds"]
    assert [doc.doc_id for doc in result.docs] == ["page.html"]
    assert time.monotonic() - began < 120


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on processor time")
def test_an_endless_loop_ends_itself_where_nobody_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = files_for(tmp_path)
    fake(tmp_path, monkeypatch, feedparser="while True: pass")
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def start(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(real(*args, **options))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr("inventory.reading.apart._START", 60.0)
    [issue] = read_documents([target / "news.rss"], limits=Limits(max_seconds=1.0))
    assert not isinstance(issue, Document)
    assert issue.kind == "too slow"
    assert started[0].returncode in (-signal.SIGXCPU, -signal.SIGKILL)


def test_members_after_a_deadly_one_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable) -> None:
    fake(tmp_path, monkeypatch, mammoth="import os\nos._exit(9)")
    word = (FIXTURES / "report.docx").read_bytes()
    inner = make_tar({"x.txt": b"before", "y.docx": word, "z.txt": b"after"})
    path = tmp_path / "all.zip"
    path.write_bytes(make_zip({"1.txt": b"one", "2.docx": word, "3.tar.gz": inner, "4.docx": word, "5.txt": b"five"}))
    result = read(path)
    assert [doc.text for doc in result.docs] == ["one", "before", "after", "five"]
    assert [issue.doc_id for issue in result.failures] == ["all.zip/2.docx", "all.zip/3.tar.gz/y.docx", "all.zip/4.docx"]
    assert {issue.kind for issue in result.failures} == {"crashed"}


def test_an_archive_full_of_deadly_files_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable) -> None:
    fake(tmp_path, monkeypatch, mammoth="import os\nos._exit(9)")
    monkeypatch.setattr("inventory.reading.apart._TRIES", 3)
    path = tmp_path / "all.zip"
    path.write_bytes(make_zip({f"{number}.docx": (FIXTURES / "report.docx").read_bytes() for number in range(9)}))
    assert [issue.doc_id for issue in read(path).failures] == ["all.zip/0.docx", "all.zip/1.docx", "all.zip/2.docx", "all.zip"]


def test_a_missing_library_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable) -> None:
    target = files_for(tmp_path)
    lacking = {name: f"raise ModuleNotFoundError('missing', name={name!r})" for name in ("lxml", "mammoth", "pypdf", "feedparser")}
    fake(tmp_path, monkeypatch, **lacking)
    write_mail(target)
    result = read(target)
    assert [doc.doc_id for doc in result.docs] == ["mail.eml"], "it has plain text beside the HTML"
    assert len(result.failures) == 4
    for issue in result.failures:
        assert issue.kind == "missing extra"
        assert "pip install military-inventory[ingest]" in issue.message
        assert "\n" not in issue.message


def bombs() -> Iterator[tuple[str, bytes, str]]:
    zeros = bytes(25_000_000)
    yield "zeros.zip", make_zip({"a.txt": zeros}), "packed too tightly"
    yield "zeros.tar.gz", make_tar({"a.txt": zeros}), "packed too tightly"
    yield "zeros.txt.gz", gzip.compress(zeros), "packed too tightly"
    yield "zeros.docx", make_zip({"word/document.xml": zeros}), "packed too tightly"
    deep = make_zip({"a.txt": b"x"})
    for number in range(5):
        deep = make_zip({f"{number}.zip": deep})
    yield "deep.zip", deep, "too deep"
    laughs = "".join(f'<!ENTITY a{number} "{f"&a{number - 1};" * 20}">' for number in range(1, 12))
    rss = f'<!DOCTYPE rss [<!ENTITY a0 "ha">{laughs}]><rss version="2.0"><channel><item><title>&a11;</title></item></channel></rss>'
    yield "laughs.rss", rss.encode(), ""
    stream = zlib.compress(zlib.compress(bytes(40_000_000)))
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
    pdf += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n4 0 obj<</Filter[/FlateDecode/FlateDecode]/Length "
    pdf += str(len(stream)).encode() + b">>stream\n" + stream + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n"
    yield "stream.pdf", pdf, ""
    yield "tags.html", b"<a " * 20_000, ""
    yield "open.html", b"<p>Twelve tanks stood there." + b"<div><span>" * 30_000 + b"And two more.", ""
    yield "quotes.html", b"<p>x</p>" + b'<p title="' * 20_000, ""
    yield "nested.eml", b"From: a@b.example\nSubject: x\n" + b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 3_000 + b"\nx", ""
    yield "header.eml", b"From: a@b.example\nSubject: " + b"=?utf-8?q?" * 20_000 + b"\n\nTwelve tanks.", ""


def test_bombs_do_no_harm(tmp_path: Path, read: Callable) -> None:
    wanted = {}
    for name, raw, kind in bombs():
        (tmp_path / name).write_bytes(raw)
        if kind:
            wanted[name] = kind
    (tmp_path / "zz.eml").write_bytes(write_mail(tmp_path).read_bytes())
    began = time.monotonic()
    result = read(tmp_path, limits=Limits(max_seconds=30.0))
    assert time.monotonic() - began < 120
    told = {issue.doc_id.partition("/")[0]: issue.kind for issue in result.failures}
    assert {name: told.get(name) for name in wanted} == wanted
    docs = {doc.doc_id.partition("/")[0]: doc for doc in result.docs}
    assert set(told) | set(docs) >= {path.name for path in tmp_path.iterdir()}, "nothing is silent"
    assert "Twelve tanks stood there." in docs["open.html"].text
    assert recall(docs["zz.eml"].text) > 0.98
    assert "Twelve tanks." in docs["header.eml"].text


def test_names_that_lead_out_of_an_archive_are_refused(tmp_path: Path, read: Callable) -> None:
    names = ("../up.txt", "/etc/top.txt", "a/../../b.txt", "C:/c.txt", "..\\d.txt")
    (tmp_path / "names.zip").write_bytes(make_zip({**dict.fromkeys(names, b"x"), "fine.txt": b"fine"}))
    (tmp_path / "names.tar").write_bytes(make_tar({"../up.txt": b"x", "fine.txt": b"fine"}, "w"))
    before = sorted(tmp_path.parent.rglob("*"))
    result = read(tmp_path)
    assert [doc.text for doc in result.docs] == ["fine", "fine"]
    assert len(result.failures) == len(names) + 1
    assert {issue.kind for issue in result.failures} == {"unsafe name"}
    assert sorted(tmp_path.parent.rglob("*")) == before, "nothing was written"


def test_links_and_locked_members_are_told(tmp_path: Path, read: Callable) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"link-{kind.decode()}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    (tmp_path / "links.tar").write_bytes(out.getvalue())
    with zipfile.ZipFile(tmp_path / "links.zip", "w") as packed:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    raw = bytearray(make_zip({"secret.txt": b"x"}))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(raw)
    result = read(tmp_path)
    assert not result.docs
    assert [issue.kind for issue in result.failures] == ["link not followed"] * 4 + ["encrypted"]


def test_limits_on_members_and_on_all_that_is_unpacked(tmp_path: Path, read: Callable) -> None:
    path = tmp_path / "many.tar"
    path.write_bytes(make_tar({f"{number}.txt": b"x" * 1000 for number in range(10)}, "w"))
    few = read(path, limits=Limits(max_members=4))
    assert (len(few.docs), few.failures[-1].limit) == (4, "max_members=4")
    small = read(path, limits=Limits(max_unpacked_bytes=5500))
    assert len(small.docs) == 5
    assert small.failures[-1].limit == "max_unpacked_bytes=5500"
    text = read(path, limits=Limits(max_bytes=999))
    assert not text.docs
    assert {issue.limit for issue in text.failures} == {"max_bytes=999"}, "which is for texts: the archive itself is larger"


def test_a_long_text_is_cut_and_said_so(tmp_path: Path, read: Callable) -> None:
    (tmp_path / "report.pdf").write_bytes((FIXTURES / "report.pdf").read_bytes())
    result = read(tmp_path, limits=Limits(max_chars=400))
    assert result.doc().status == "cut"
    assert len(result.doc().text) <= 400


def test_all_that_is_lost_of_a_pdf_is_told(tmp_path: Path, read: Callable) -> None:
    shown = [b"BT /F 12 Tf 50 700 Td (%s) Tj ET" % text for text in (b"Three tanks left Nara.", b"Two came back.")]
    (tmp_path / "a.pdf").write_bytes(make_pdf([(b"/Filter/NoSuch", b"x"), (b"", shown[0]), (b"", shown[1])], b"<x:not xml"))
    result = read(tmp_path, limits=Limits(max_chars=20))
    told = " ".join(issue.message for issue in result.notes)
    assert "page(s) 1 cannot be read" in told
    assert "only 2 of 3 pages are read" in told
    assert "says of itself what cannot be read" in told
    assert result.doc().status == "cut"


def test_the_process_ends_with_the_iterator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def start(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(real(*args, **options))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    path = tmp_path / "many.zip"
    path.write_bytes(make_zip({f"{number:03}.txt": BODY.encode() * 20 for number in range(100)}))
    found = read_documents([path, path])
    assert next(found).doc_id == "many.zip/000.txt"
    assert started[0].poll() is None
    found.close()  # type: ignore[attr-defined]
    assert started[0].poll() is not None
    assert len(list(read_documents([path, path]))) == 200
    assert len(started) == 2, "one process serves all files of a call"
    assert started[1].poll() is not None
