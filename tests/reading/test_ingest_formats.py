"""Every format that a source may send: all of its text, the right day, and what it says of itself."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from made_files import (
    BODY,
    DAY,
    FIXTURES,
    TITLE,
    URL,
    copy_fixture,
    make_zip,
    recall,
    write_archive,
    write_feed,
    write_gzip,
    write_mail,
    write_parquet,
    write_warc,
)

from inventory.model import Document, Issue
from inventory.reading import read_documents

pytest.importorskip("trafilatura")

# Least recall of the words of the text, and least share of what was read that is text.
FLOOR = 0.98
COURIER = "The Ravnsund Courier"
HTML_TITLE = f"{TITLE} | {COURIER}"
FORMATS = [
    # name, how it is written, reader, title, day, language, url, source
    ("page", copy_fixture("page.html"), "trafilatura", TITLE, DAY, "en-GB", URL, COURIER),
    ("word", copy_fixture("report.docx"), "mammoth", TITLE, None, "en-GB", None, None),
    ("office-pdf", copy_fixture("report.pdf"), "pypdf", TITLE, None, "en-GB", None, None),
    ("browser-pdf", copy_fixture("print.pdf"), "pypdf", HTML_TITLE, None, "en-GB", None, None),
    ("mail", write_mail, "email", TITLE, DAY, "en-GB", URL, COURIER),
    ("html-mail", lambda folder: write_mail(folder, only_html=True), "email", TITLE, DAY, "en-GB", URL, COURIER),
    ("outlook", copy_fixture("mail.msg"), "python-oxmsg", TITLE, DAY, None, None, "Courier desk"),
    ("rss", write_feed("rss"), "feedparser", TITLE, DAY, "en-GB", URL, COURIER),
    ("atom", write_feed("atom"), "feedparser", TITLE, DAY, "en-GB", URL, COURIER),
    ("warc", write_warc, "trafilatura", TITLE, DAY, "en-GB", URL, COURIER),
    ("parquet", write_parquet, "pyarrow", TITLE, DAY, "en-GB", URL, COURIER),
    ("zip", write_archive("batch.zip"), "text", TITLE, DAY, "en-GB", URL, COURIER),
    ("tar", write_archive("batch.tar"), "text", TITLE, DAY, "en-GB", URL, COURIER),
    ("tar.gz", write_archive("batch.tar.gz"), "text", TITLE, DAY, "en-GB", URL, COURIER),
    ("tar.bz2", write_archive("batch.tar.bz2"), "text", TITLE, DAY, "en-GB", URL, COURIER),
    ("tar.xz", write_archive("batch.tar.xz"), "text", TITLE, DAY, "en-GB", URL, COURIER),
]


def article_of(docs: list[Document]) -> Document:
    return max(docs, key=lambda doc: len(doc.text))


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Document | Issue]]:
    """What each format comes to. All are read in one call, as a folder would be; a plain text before each shows where it begins."""
    paths = []
    for name, write, *_ in FORMATS:
        folder = tmp_path_factory.mktemp(name)
        (folder / "next.txt").write_text(name)
        paths += [folder / "next.txt", write(folder)]
    found: dict[str, list[Document | Issue]] = {}
    name = ""
    for one in read_documents(paths):
        if isinstance(one, Document) and one.doc_id.startswith("next.txt"):
            name = one.text
            found[name] = []
        else:
            found[name].append(one)
    return found


@pytest.mark.parametrize(("name", "write", "reader", "title", "day", "language", "url", "source"), FORMATS, ids=[row[0] for row in FORMATS])
def test_text_and_what_is_known_of_it(
    name: str, write: object, reader: str, title: str, day: dt.date | None, language: str | None, url: str | None, source: str | None,
    everything: dict[str, list[Document | Issue]],
) -> None:  # fmt: skip
    assert all(isinstance(one, Document) or one.kind == "note: date" for one in everything[name])
    doc = article_of([one for one in everything[name] if isinstance(one, Document)])
    assert recall(doc.text) >= FLOOR
    if name != "browser-pdf":  # which has the browser's head and foot on it
        assert recall(TITLE + "\n" + BODY + " By our reporter in Ravnsund", doc.text) >= FLOOR, "nothing but the article"
    assert (doc.title, doc.published, doc.language, doc.url, doc.source) == (title, day, language, url, source)
    assert doc.status == "read"
    assert doc.raw_sha256
    if reader == "email":
        assert doc.reader == f"email (Python {sys.version_info[0]}.{sys.version_info[1]})"
    elif reader != "text":
        assert doc.reader == f"{reader} {importlib.metadata.version(reader)}"


def test_the_day_on_which_a_file_was_made_is_told_but_not_taken(
    everything: dict[str, list[Document | Issue]], tmp_path: Path, read: Callable
):
    for name in ("word", "office-pdf", "browser-pdf"):
        [told] = [one for one in everything[name] if isinstance(one, Issue)]
        assert told.kind == "note: date"
        assert "--published" in told.message
    assert read(copy_fixture("report.pdf")(tmp_path), published=DAY).doc().published == DAY


def test_a_sidecar_dates_any_file_of_one_document(tmp_path: Path, read: Callable) -> None:
    for name in ("report.docx", "print.pdf", "mail.msg", "page.html"):
        path = copy_fixture(name)(tmp_path)
        path.with_suffix(".meta.yaml").write_text("published: 2031-05-01\nsource: Elsewhere\n", encoding="utf-8")
    docs = [doc for doc in read(tmp_path).docs if doc.doc_id != "mail.msg/note.txt"]
    assert {(doc.published, doc.source) for doc in docs} == {(dt.date(2031, 5, 1), "Elsewhere")}
    assert len(docs) == 4


def test_gzip_of_one_file_is_read_like_the_file(tmp_path: Path, read: Callable) -> None:
    doc = read(write_gzip(tmp_path)).doc()
    assert (doc.text, doc.doc_id, doc.reader) == (BODY, "article.txt.gz", "text")


def test_ids_within_archives_feeds_and_tables(tmp_path: Path, read: Callable) -> None:
    assert read(write_archive("batch.zip")(tmp_path)).doc().doc_id == "batch.zip/batch/article.txt"
    assert [doc.doc_id for doc in read(write_feed("atom")(tmp_path)).docs] == ["urn:courier:1", "urn:courier:2"]
    assert [doc.doc_id for doc in read(write_parquet(tmp_path)).docs] == ["texts.parquet#1", "texts.parquet#2"]
    assert [doc.doc_id for doc in read(write_warc(tmp_path)).docs] == ["crawl.warc.gz#2"]


def test_a_page_from_a_crawl_knows_when_it_was_fetched(tmp_path: Path, read: Callable) -> None:
    doc = read(write_warc(tmp_path)).doc()
    assert (doc.retrieved, doc.published, doc.source_key) == (dt.date(2031, 5, 20), DAY, URL)


def test_folders_patterns_and_saved_pages_with_their_pictures(tmp_path: Path, read: Callable) -> None:
    copy_fixture("page.html")(tmp_path)
    copy_fixture("report.pdf")(tmp_path)
    (tmp_path / "page_files").mkdir()
    (tmp_path / "page_files" / "frame.html").write_text("<p>An advertisement.</p>")
    (tmp_path / "a.txt").write_text("Plain.")
    assert [doc.doc_id for doc in read(tmp_path).docs] == ["a.txt", "page.html", "report.pdf"]
    assert [doc.doc_id for doc in read(tmp_path / "*.pdf").docs] == ["report.pdf"]


def test_files_attached_to_a_mail_are_documents(tmp_path: Path, read: Callable) -> None:
    attached = make_zip({"inner.txt": b"In the archive.", "report.pdf": (FIXTURES / "report.pdf").read_bytes()})
    docs = read(write_mail(tmp_path, attach=("files.zip", attached))).docs
    assert [doc.doc_id for doc in docs] == ["mail.eml", "mail.eml/files.zip/inner.txt", "mail.eml/files.zip/report.pdf"]
    result = read(write_mail(tmp_path, attach=("sheet.xyz", b"?")))
    assert "sheet.xyz" in result.note().message


def test_an_outlook_mail_with_a_file(tmp_path: Path, read: Callable) -> None:
    assert [doc.doc_id for doc in read(copy_fixture("mail.msg")(tmp_path)).docs] == ["mail.msg", "mail.msg/note.txt"]


def test_the_same_bytes_give_the_same_documents(tmp_path: Path, read: Callable) -> None:
    for _, write, *_ in FORMATS:
        write(tmp_path)
    assert read(tmp_path) == read(tmp_path)


def test_the_command_reads_them_all(tmp_path: Path) -> None:
    copy_fixture("page.html")(tmp_path)
    write_archive("batch.zip")(tmp_path)
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    command = [sys.executable, "-m", "inventory", "extract", str(tmp_path), "-o", str(tmp_path / "out.csv"), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "broken.pdf" in done.stderr
    assert "Traceback" not in done.stderr
    rows = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "page.html" in rows
    assert "batch.zip/batch/article.txt" in rows


def test_plain_files_start_no_process(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Twelve tanks.")
    code = (
        "import subprocess, sys\n"
        "def refuse(*args, **options): raise AssertionError('a process was started')\n"
        "subprocess.Popen = refuse\n"
        "from inventory.reading import read_documents\n"
        f"print([one.doc_id for one in read_documents([{str(tmp_path)!r}])], *[m for m in ('lxml', 'pypdf', 'fsspec') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['one.txt']"
