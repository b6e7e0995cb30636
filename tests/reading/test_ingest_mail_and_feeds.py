"""Mails and feeds as they really come: wrapped, doubled, forwarded, half wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from made_files import BODY, recall

from inventory.reading.blobs import Blob
from inventory.reading.drafts import Draft
from inventory.reading.mail import read_mail, unwrap_flowed

pytest.importorskip("feedparser")
pytest.importorskip("trafilatura")
from inventory.reading.feeds import read_feed


def blob(name: str, raw: bytes) -> Blob:
    return Blob(name, name, name, lambda: None)  # type: ignore[arg-type,return-value]


def mail(raw: str | bytes) -> Draft:
    data = raw if isinstance(raw, bytes) else raw.encode()
    found = next(iter(read_mail(data, blob("a.eml", data))))
    assert isinstance(found, Draft)
    return found


def entries(raw: str | bytes) -> list[Draft]:
    data = raw if isinstance(raw, bytes) else raw.encode()
    return [one for one in read_feed(data, blob("a.xml", data)) if isinstance(one, Draft)]


def rss(item: str, channel: str = "") -> str:
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>The Courier</title>{channel}<item>{item}</item></channel></rss>"


def test_flowed_text_is_unwrapped_and_quotes_are_kept() -> None:
    assert unwrap_flowed("Twelve \ntanks.\n\n> quoted \n> more\n-- \nDesk") == "Twelve tanks.\n\n> quoted\n> more\n--\nDesk"
    assert unwrap_flowed(" From the front\n") == "From the front"
    text = "Subject: x\nContent-Type: text/plain; charset=utf-8; format=flowed\n\nTwelve \ntanks stood \nthere.\n"
    assert mail(text).text == "Twelve tanks stood there."


def test_encoded_headers_and_bodies() -> None:
    draft = mail(
        b"From: =?utf-8?B?0JrRg9GA0YzQtdGA?= <d@courier.example>\nSubject: =?iso-8859-1?Q?Br=EDgade?= =?utf-8?Q?_moves?=\n"
        b"Date: Mon, 7 Feb 2022 23:30:00 -0500\nContent-Type: text/plain; charset=windows-1251\nContent-Transfer-Encoding: base64\n\n"
        b"xOLl7eDk9uDy/CDy4O3q7uIu\n"
    )
    assert (draft.text.strip(), draft.metadata.title, draft.metadata.source) == ("Двенадцать танков.", "Brígade moves", "Курьер")
    assert draft.metadata.published == dt.date(2022, 2, 7), "as the sender's clock showed it"


@pytest.mark.parametrize(
    "header",
    ["Date: yesterday", "Date: Mon, 99 Feb 2022 10:00:00 +0000", "Date:", "X: y", "Date: \xff\xfe", "Message-ID: <<<>", "From: <<<"],
)
def test_headers_that_say_nothing_usable(header: str) -> None:
    draft = mail(f"Subject: x\n{header}\n\nTwelve tanks.\n".encode("latin-1"))
    assert draft.text == "Twelve tanks.\n"
    assert draft.metadata.published is None


def test_the_fuller_of_two_bodies_is_taken() -> None:
    html = "<p>" + BODY.replace("\n\n", "</p><p>") + "</p>"
    parts = "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n{}\n"
    parts += "--b\nContent-Type: text/html; charset=utf-8\n\n{}\n--b--\n"
    assert recall(mail(parts.format("See the web version.", html)).text) > 0.98
    assert (
        mail(parts.format("Twelve tanks stood there.", "<p>Twelve tanks stood <b>there</b>.</p>")).text.strip()
        == "Twelve tanks stood there."
    )


def test_unknown_encodings_of_a_body() -> None:
    draft = mail(b"Subject: x\nContent-Type: text/plain; charset=klingon\n\nTwelve tanks \xe2\x80\x93 no more.\n")
    assert draft.text == "Twelve tanks – no more.\n"


def test_mails_within_mails(write: Callable, read: Callable) -> None:
    inner = "Subject: inner\nDate: Tue, 1 Mar 2022 10:00:00 +0000\n\nTwelve tanks.\n"
    raw = "Subject: outer\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nFYI\n"
    raw += f"--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
    first, second = read(write("a.eml", raw)).docs
    assert (first.title, first.text.strip()) == ("outer", "FYI")
    assert (second.doc_id, second.title, second.published) == ("a.eml/attached.eml", "inner", dt.date(2022, 3, 1))


def test_names_of_attached_files_cannot_lead_anywhere(write: Callable, read: Callable, tmp_path: Path) -> None:
    raw = "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nFYI\n"
    raw += '--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename="../../etc/up.txt"\n\nx\n--b--\n'
    assert [doc.doc_id for doc in read(write("a.eml", raw)).docs] == ["a.eml", "a.eml/up.txt"]


def test_days_of_entries_as_written() -> None:
    for text in ("Mon, 07 Feb 2022 23:30:00 -0500", "2022-02-07T23:30:00-05:00", "2022-02-07", "7 February 2022"):
        assert entries(rss(f"<title>x</title><pubDate>{text}</pubDate>"))[0].metadata.published == dt.date(2022, 2, 7)
    for text in ("", "soon", "02/07/2022", "Mon, 35 Feb 2022 10:00:00 GMT"):
        assert entries(rss(f"<title>x</title><pubDate>{text}</pubDate>"))[0].metadata.published is None
    # The day of the channel is that of the newest entry, not of each.
    assert entries(rss("<title>x</title>", "<pubDate>Mon, 07 Feb 2022 10:00:00 GMT</pubDate>"))[0].metadata.published is None


def test_a_day_of_change_stands_in_with_a_note() -> None:
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry><id>i</id><title>x</title>{}<updated>{}</updated></entry></feed>"
    )
    [draft] = entries(atom.format("", "2022-02-08T01:00:00Z"))
    assert draft.metadata.published == dt.date(2022, 2, 8)
    assert [one.kind for one in draft.notes] == ["note: date"]
    [draft] = entries(atom.format("<published>2022-02-07T01:00:00Z</published>", "2022-02-08T01:00:00Z"))
    assert (draft.metadata.published, draft.notes) == (dt.date(2022, 2, 7), ())


def test_what_an_entry_holds() -> None:
    known = "<title>Guns &amp;amp; ships</title><link>https://courier.example/1</link><guid>g1</guid>"
    markup = "&lt;p&gt;Twelve &lt;b&gt;tanks&lt;/b&gt;.&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;"
    [draft] = entries(rss(f"{known}<description>{markup}</description>"))
    assert draft.metadata.title == "Guns & ships"
    assert draft.text == "Twelve tanks."
    assert (draft.metadata.url, draft.metadata.id, draft.metadata.source) == ("https://courier.example/1", "g1", "The Courier")
    assert entries(rss("<title>Twelve tanks arrive</title>"))[0].text == "Twelve tanks arrive"
    full = "<title>x</title><description>Short.</description><content:encoded><![CDATA[<p>All of it.</p>]]></content:encoded>"
    [draft] = entries(rss(full).replace("<rss", "<rss xmlns:content='http://purl.org/rss/1.0/modules/content/'"))
    assert draft.text == "All of it."


def test_feeds_of_old_and_in_other_encodings() -> None:
    rdf = ("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
           "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>t</title></channel><item><title>x</title>"
           "<dc:date>2022-02-07T10:00:00+01:00</dc:date><description>Twelve tanks.</description></item></rdf:RDF>")  # fmt: skip
    [draft] = entries(rdf)
    assert (draft.text, draft.metadata.published) == ("Twelve tanks.", dt.date(2022, 2, 7))
    text = rss("<title>Двенадцать танков</title>").replace("version='1.0'", "version='1.0' encoding='windows-1251'")
    assert entries(text.encode("cp1251"))[0].text == "Двенадцать танков"
    assert entries(rss("<title>R&D – &nbsp;tanks</title>"))[0].text, "entities that XML does not know"
