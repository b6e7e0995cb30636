"""One article in every format that can be read, each written by a real program or library."""

from __future__ import annotations

import datetime as dt
import gzip
import html
import io
import re
import shutil
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"
ARTICLE = (FIXTURES / "article.txt").read_text(encoding="utf-8").strip()
BLOCKS = ARTICLE.split("\n\n")
TITLE = BLOCKS[0]
BODY = "\n\n".join(BLOCKS[1:])
DAY = dt.date(2031, 5, 8)
# Late in the evening, in a zone where it is another day in UTC: the day is the one that the sender's clock showed.
MOMENT = dt.datetime(2031, 5, 8, 23, 40, tzinfo=dt.timezone(dt.timedelta(hours=-4)))
URL = "https://courier.example/defence/brigade-counts-its-guns"
HTML = "".join(f"<p>{html.escape(block)}</p>".replace("\n", "<br>") for block in BLOCKS[1:])


def recall(got: str, wanted: str = BODY) -> float:
    """The share of the wanted words that are there, each as often as it should be."""
    want, have = (Counter(re.findall(r"\w+", text.lower())) for text in (wanted, got))
    return sum((want & have).values()) / sum(want.values())


def copy_fixture(name: str) -> Callable[[Path], Path]:
    return lambda folder: Path(shutil.copy(FIXTURES / name, folder / name))


def write_mail(folder: Path, *, attach: tuple[str, bytes] | None = None, only_html: bool = False) -> Path:
    message = EmailMessage()
    message["Subject"] = TITLE
    message["From"] = "The Ravnsund Courier <desk@courier.example>"
    message["To"] = "reader@example.org"
    message["Date"] = format_datetime(MOMENT)
    message["Message-ID"] = "<31@courier.example>"
    message["Archived-At"] = f"<{URL}>"
    if only_html:
        message.set_content("Your program cannot show this mail.")
        message.add_alternative(f"<html><body>{HTML}</body></html>", subtype="html")
    else:
        message.set_content(BODY, cte="quoted-printable")
        message.add_alternative(f"<html><body>{HTML}</body></html>", subtype="html")
    message["Content-Language"] = "en-GB"  # not before: setting the content takes such headers away
    if attach is not None:
        message.add_attachment(attach[1], maintype="application", subtype="octet-stream", filename=attach[0])
    path = folder / "mail.eml"
    path.write_bytes(message.as_bytes())
    return path


def make_feed(kind: str) -> bytes:
    generator = pytest.importorskip("feedgen.feed").FeedGenerator()
    generator.id("https://courier.example/")
    generator.title("The Ravnsund Courier")
    generator.link(href="https://courier.example/", rel="alternate")
    generator.description("News")
    generator.language("en-GB")
    generator.lastBuildDate(MOMENT)
    generator.updated(MOMENT)
    for number in (2, 1):
        entry = generator.add_entry()
        entry.id(f"urn:courier:{number}")
        entry.title(TITLE if number == 1 else "Ferry fares to rise")
        entry.link(href=URL if number == 1 else "https://courier.example/ferry")
        entry.published(MOMENT if number == 1 else MOMENT + dt.timedelta(days=30))
        entry.updated(MOMENT + dt.timedelta(days=60))
        entry.content(HTML if number == 1 else "<p>From June on a crossing costs a crown more.</p>", type="CDATA")
        entry.summary("In short.")
    return bytes(generator.rss_str() if kind == "rss" else generator.atom_str())


def write_feed(kind: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / f"news.{kind}"
        path.write_bytes(make_feed(kind))
        return path

    return write


def make_warc(packed: bool = True, pages: list[tuple[str, str, bytes]] | None = None) -> bytes:
    """Addresses, media types and bodies as a crawler keeps them, with the requests, redirects and pictures around them."""
    pytest.importorskip("warcio")
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("crawl.warc.gz", {"software": "a crawler"}))
    page = (FIXTURES / "page.html").read_bytes()
    default = [(URL, "text/html; charset=utf-8", page), ("https://courier.example/logo.png", "image/png", b"\x89PNG\r\n")]
    for url, media_type, body in pages or default:
        head = StatusAndHeaders("200 OK", [("Content-Type", media_type), ("Content-Encoding", "gzip")], protocol="HTTP/1.1")
        date = {"WARC-Date": "2031-05-20T03:00:00Z"}
        writer.write_record(
            writer.create_warc_record(url, "response", payload=io.BytesIO(gzip.compress(body)), http_headers=head, warc_headers_dict=date)
        )
    moved = StatusAndHeaders("301 Moved", [("Location", URL), ("Content-Type", "text/html")], protocol="HTTP/1.1")
    writer.write_record(writer.create_warc_record(URL, "response", payload=io.BytesIO(b"<p>Moved.</p>"), http_headers=moved))
    return out.getvalue()


def write_warc(folder: Path) -> Path:
    path = folder / "crawl.warc.gz"
    path.write_bytes(make_warc())
    return path


def write_parquet(folder: Path) -> Path:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = pa.table(
        {
            "Text": [BODY, "A second text."], "title": [TITLE, None], "published": [DAY, None], "url": [URL, None],
            "language": ["en-GB", None], "source": ["The Ravnsund Courier", None], "embedding": [[0.5] * 8, None],
        }
    )  # fmt: skip
    path = folder / "texts.parquet"
    parquet.write_table(table, path)
    return path


def make_zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def make_tar(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


SIDECAR = f"title: {TITLE}\npublished: 2031-05-08\nurl: {URL}\nlanguage: en-GB\nsource: The Ravnsund Courier\n".encode()


def write_archive(name: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        files = {"batch/article.txt": BODY.encode(), "batch/article.meta.yaml": SIDECAR, "batch/logo.png": b"\x89PNG", "README.md": b"x"}
        path = folder / name
        modes = {".gz": "w:gz", ".bz2": "w:bz2", ".xz": "w:xz", ".tar": "w"}
        path.write_bytes(make_zip(files) if name.endswith(".zip") else make_tar(files, modes[path.suffix]))
        return path

    return write


def write_gzip(folder: Path) -> Path:
    path = folder / "article.txt.gz"
    path.write_bytes(gzip.compress(BODY.encode()))
    path.with_name("article.txt.gz.meta.yaml").write_bytes(SIDECAR)
    return path


def make_pdf(pages: list[tuple[bytes, bytes]], metadata: bytes) -> bytes:
    """A PDF file of pages, each as the entries of its stream's dictionary and what the stream holds, with XMP metadata."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R/Metadata 3 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), b" ".join(b"%d 0 R" % (5 + 2 * number) for number in range(len(pages)))),
        b"<</Type/Metadata/Subtype/XML/Length %d>>stream\n%s\nendstream" % (len(metadata), metadata),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for entries, content in pages:
        resources = b"/Resources<</Font<</F 4 0 R>>>>/Contents %d 0 R" % (len(parts) + 2)
        parts.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]%s>>" % resources)
        parts.append(b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content))
    out, table = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, part in enumerate(parts, 1):
        table += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj%s endobj\n" % (number, part)
    ending = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(out))
    return out + b"xref\n0 %d\n" % (len(parts) + 1) + table + ending
