"""Web pages: the day that is declared and no other, whole articles, encodings, and markup that no browser would write."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from made_files import BLOCKS, BODY, DAY, FIXTURES, HTML, TITLE, recall

from inventory.model import Document
from inventory.reading import read_documents

pytest.importorskip("trafilatura")
from inventory.reading.declared import read_day, read_language
from inventory.reading.markup import flatten_html

ARTICLE = f"<article><h1>{TITLE}</h1>{HTML}</article>"


def page(head: str = "", body: str = ARTICLE, lang: str = "en") -> str:
    return f"<!DOCTYPE html><html lang='{lang}'><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"


def linked_data(**item: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps(item)}</script>"


DECLARED = {
    "open graph": page("<meta property='article:published_time' content='2031-05-08T23:59:00-04:00'>"),
    "dublin core": page("<meta name='DC.date.issued' content='2031-05-08'>"),
    "other names": page("<meta name='parsely-pub-date' content='2031-05-08T01:00:00Z'>"),
    "month in words": page("<meta name='pubdate' content='Thursday, May 8, 2031 at 11:40 pm'>"),
    "compact": page("<meta name='date' content='20310508'>"),
    "linked data": page(
        linked_data(**{"@type": "NewsArticle", "datePublished": "2031-05-08T10:00:00+02:00", "dateModified": "2031-05-10"})
    ),
    "graph": page(linked_data(**{"@graph": [{"@type": "WebSite"}, {"@type": ["Article"], "datePublished": "2031-05-08"}]})),
    "microdata": page(body=f"<span itemprop='datePublished' content='2031-05-08'>Thursday</span>{ARTICLE}"),
    "old time": page(body=ARTICLE.replace("</h1>", "</h1><time pubdate datetime='2031-05-08'>8 May</time>")),
    "one time above the text": page(body=ARTICLE.replace("</h1>", "</h1><time datetime='2031-05-08T09:00'>8 May</time>")),
    "time beside one of change": page(
        body=ARTICLE.replace("</h1>", "</h1><time datetime='2031-05-08'>x</time><time class='updated' datetime='2031-05-09'>y</time>")
    ),
    "address": page("<link rel='canonical' href='https://courier.example/2031/05/08/brigade'>"),
    "original before changed": page(
        "<meta property='article:modified_time' content='2031-06-01'><meta property='article:published_time' content='2031-05-08'>"
    ),
}
UNDECLARED = {
    "nothing": page(),
    "copyright": page(body=ARTICLE + "<footer>© 2031 The Courier. All rights reserved, 8 May 2031.</footer>"),
    "day in the text": page(body=ARTICLE.replace("Colonel", "On 8 May 2031 (2031-05-08) Colonel")),
    "only a change": page(
        "<meta property='article:modified_time' content='2031-05-08'><meta property='og:updated_time' content='2031-05-08'>"
    ),
    "teasers": page(body="<aside><time datetime='2031-05-08'>x</time></aside>" + ARTICLE),
    "comments": page(body=ARTICLE + "<div class='comments'><time datetime='2031-05-09'>x</time></div>"),
    "several times": page(body="<time datetime='2031-05-08'>a</time><time datetime='2031-05-07'>b</time>" + ARTICLE),
    "log of several days": page(
        body="".join(
            f"<div class='entry'><time datetime='2031-05-0{8 - number % 3}T10:00'>x</time><p>{block}</p></div>"
            for number, block in enumerate(BLOCKS[1:])
        )
    ),
    "script": page("<script>var d = '2031-05-08T00:00:00Z';</script>"),
    "picture": page(body=ARTICLE + "<img src='/2031/05/08/guns.jpg'>"),
    "ambiguous": page("<meta name='date' content='05/08/2031'>"),
    "incomplete": page("<meta name='date' content='May 2031'>"),
    "nonsense": page("<meta name='date' content='2031-13-45'>"),
    "several articles": page(
        linked_data(**{"@type": "Article", "datePublished": "2031-05-08"})
        + linked_data(**{"@type": "Article", "datePublished": "2031-05-09"})
    ),
    "event": page(linked_data(**{"@type": "Event", "startDate": "2031-05-08"})),
    "month of the address": page("<link rel='canonical' href='https://courier.example/2031/05/brigade'>"),
    "broken data": page("<script type='application/ld+json'>{'datePublished': '2031-05-08'</script>"),
}


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dt.date | None]:
    folder = tmp_path_factory.mktemp("pages")
    for name, text in {**DECLARED, **UNDECLARED}.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    docs = [one for one in read_documents([folder]) if isinstance(one, Document)]
    assert all(recall(doc.text) >= 0.98 for doc in docs)
    return {doc.doc_id.removesuffix(".html"): doc.published for doc in docs}


@pytest.mark.parametrize("name", DECLARED)
def test_the_declared_day_is_taken(name: str, days: dict[str, dt.date | None]) -> None:
    assert days[name] == DAY


@pytest.mark.parametrize("name", UNDECLARED)
def test_no_day_is_made_up(name: str, days: dict[str, dt.date | None]) -> None:
    assert days[name] is None


def test_days_as_written() -> None:
    for text in ("2031-05-08T23:59:00-11:00", "8 May 2031", "May 8, 2031", "8th May, 2031, 10:20 GMT", "Thu, 08 May 2031 23:40:00 -0400"):
        assert read_day(text) == DAY
    for text in ("", "May 2031", "8 May", "08/05/2031", "Su-35 2031", "today", "2031", "8 May 2031 " * 10):
        assert read_day(text) is None


def test_languages_as_declared() -> None:
    assert [read_language(text) for text in ("en_GB", "EN-us", " uk ", "zh-hans-cn", "english", "en, fr", "", None)] == [
        "en-GB", "en-US", "uk", "zh-Hans-CN", None, None, None, None,
    ]  # fmt: skip


def test_title_source_and_address(write: Callable, read: Callable, tmp_path: Path) -> None:
    write("a.html", page("<link rel='canonical' href='https://www.courier.example/x?id=7'>"))
    write("b.html", page("<link rel='canonical' href='https://courier.example/'>"))
    write("c.html", "<!-- saved from url=(0043)https://courier.example/saved/page.html -->" + page())
    for number, bad in enumerate(("javascript:alert(1)", "file:///etc/passwd", "//[", "relative")):
        write(f"d{number}.html", page(f"<link rel='canonical' href='{bad}'>"))
    first, front, saved, *bad_ones = read(tmp_path).docs
    assert (first.title, first.source, first.url) == (TITLE, "courier.example", "https://www.courier.example/x?id=7")
    assert first.source_key == first.url
    # The front page's address on every page is the mistake of a template: all pages would be versions of one.
    assert (front.url, front.source_key) == (None, "b.html")
    assert saved.url == "https://courier.example/saved/page.html"
    assert [one.url for one in bad_ones] == [None] * 4


def test_encodings_that_are_declared_or_plain_to_see(write: Callable, read: Callable, tmp_path: Path) -> None:
    latin = "“Brandt’s” brigáde"
    cases = [
        ("<meta charset='windows-1251'>", "cp1251", "Бригада береговой обороны"),
        ("<meta http-equiv='Content-Type' content='text/html; charset=iso-8859-1'>", "cp1252", latin),
        ("<meta charset='iso-8859-1'>", "utf-8", latin),  # as many pages wrongly declare
        ("", "utf-8", latin),
        ("", "utf-8-sig", latin),
        ("", "utf-16", latin),
        ("<meta charset='shift_jis'>", "shift_jis", "沿岸防衛旅団"),
    ]
    for number, (head, encoding, words) in enumerate(cases):
        write(f"{number}.html", page(head, f"<article><p>{words}: {BLOCKS[1]}</p></article>").encode(encoding))
    result = read(tmp_path)
    assert not result.notes
    for (_, encoding, words), doc in zip(cases, result.docs, strict=True):
        assert words in doc.text, encoding


def test_an_encoding_that_nobody_declares_is_guessed_and_told(write: Callable, read: Callable) -> None:
    words = "Бригада береговой обороны завершила учения. Командир сообщил, что в поле вышли восемнадцать гаубиц и около тысячи солдат. "
    result = read(write("a.html", page("", f"<article><p>{words * 3}</p></article>").encode("cp1251")))
    assert "восемнадцать гаубиц" in result.doc().text
    assert result.notes[0].kind == "note: encoding"
    result = read(write("b.txt", (words * 3).encode("cp1251")))
    assert "восемнадцать гаубиц" in result.doc().text
    assert result.note().kind == "note: encoding"


def test_a_page_that_nests_too_deeply_loses_nothing(write: Callable, read: Callable) -> None:
    for depth in (100, 200, 300, 3_000, 30_000):
        parts = "".join(f"<p>{block}</p>" + "<div>" * (depth // len(BLOCKS)) for block in BLOCKS)
        result = read(write("deep.html", page(body=parts + "<p>The last word.</p>")))
        assert recall(result.docs[-1].text) >= 0.98, depth
        assert "The last word." in result.docs[-1].text, depth
        assert bool(result.notes) == (depth >= 300), depth


def test_what_even_so_is_lost_is_told(write: Callable, read: Callable) -> None:
    result = read(write("deep.html", page(body=f"<p>{BODY}</p>" + "<x-y>" * 3000 + "<p>Lost.</p>")))
    assert result.doc().status == "cut"
    assert any(issue.kind == "note: cut" for issue in result.notes)


def test_a_page_without_an_article_is_taken_whole(write: Callable, read: Callable) -> None:
    result = read(write("a.html", "<nav>Home</nav><p>Twelve tanks.</p>"))
    assert result.doc().text == "Twelve tanks."
    result = read(write("b.html", "<html><body><form>Twelve tanks: <input></form></body></html>"))
    assert result.doc().text == "Twelve tanks:"
    assert result.note().kind == "note: whole page"


def test_flattened_markup_keeps_what_belongs_together() -> None:
    flat = flatten_html(
        "<h2>Losses</h2><p>Two&nbsp;tanks<br>and <b>one</b> gun.</p><ul><li>a</li><li>b</li></ul>"
        "<table><tr><td>T-72</td><td>12</td></tr><tr><td>T-80</td><td>4</td></tr></table><script>no</script><p hidden>no</p>", "x"
    )  # fmt: skip
    assert flat == "Losses\n\nTwo tanks\nand one gun.\n\na\nb\n\nT-72 | 12\nT-80 | 4".replace("Two tanks", "Two\u00a0tanks")


def test_saved_page_archive(write: Callable, read: Callable) -> None:
    text = (FIXTURES / "page.html").read_text(encoding="utf-8").replace("canonical", "x")
    raw = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://courier.example/live/7\r\nSubject: x\r\n"
        "Date: Fri, 9 May 2031 10:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n\r\n--b\r\n'
        "Content-Type: text/html\r\nContent-Location: https://courier.example/live/7\r\n\r\n" + text + "\r\n--b--\r\n"
    )
    doc = read(write("page.mhtml", raw)).doc()
    assert (doc.url, doc.published, doc.retrieved) == ("https://courier.example/live/7", DAY, dt.date(2031, 5, 9))
    assert recall(doc.text) >= 0.98


def test_a_thousand_pages_pay_for_one_start(tmp_path: Path) -> None:
    # Not a measurement (see benchmarks/): only that no process is started for each.
    raw = (FIXTURES / "page.html").read_bytes()
    for number in range(60):
        (tmp_path / f"{number}.html").write_bytes(raw)
    began = time.monotonic()
    assert len([one for one in read_documents([tmp_path]) if isinstance(one, Document)]) == 60
    assert time.monotonic() - began < 60
