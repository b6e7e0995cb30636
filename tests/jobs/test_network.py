"""Feeds and pages by address: only where the job says so; a feed that forgets its old items withdraws nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from job_support import TEXTS, Desk, rows

pytest.importorskip("feedparser")


def feed(items: dict[str, str]) -> bytes:
    body = "".join(
        f"<item><title>{name}</title><link>http://example.org/{name}</link><guid>{name}</guid>"
        f"<pubDate>Mon, 28 Feb 2022 10:00:00 GMT</pubDate><description>{text}</description></item>"
        for name, text in items.items()
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title>{body}</channel></rss>'.encode()


class Wire(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = self.server.body  # type: ignore[attr-defined]
        self.send_response(200 if body else 503)
        self.send_header("Content-Type", "application/rss+xml")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def wire() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Wire)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_feed_day_by_day(desk: Desk, wire: HTTPServer, capsys: pytest.CaptureFixture[str]) -> None:
    address = f"http://127.0.0.1:{wire.server_address[1]}/feed"
    items = dict(TEXTS)

    def write(source: str, more: str) -> None:
        desk.job.write_text(f"sources: ['{source}']\n{more}", "utf-8")

    write(address, "")
    assert desk.run(1) == 78
    assert "network: true" in capsys.readouterr().err
    write(address, "network: true\nprivate_addresses: true\n")
    wire.body = feed(items)  # type: ignore[attr-defined]
    assert desk.run(1) == 0
    assert len(rows(desk.latest, "Facts")) == 3
    items.pop("one")
    items["four"] = "Russia has deployed 5 T-72 tanks in Kherson."
    wire.body = feed(items)  # type: ignore[attr-defined]
    assert desk.run(2) == 0
    assert desk.told()["withdrawn"] == 0
    assert {row["change"] for row in rows(desk.latest, "Changes")} == {"new"}
    assert len(rows(desk.latest, "Facts")) == 4
    # A server that is away loses nothing; neither is anything withdrawn until the job no longer names the feed.
    wire.body = b""  # type: ignore[attr-defined]
    assert desk.run(3) == 3
    assert len(rows(desk.latest, "Facts")) == 4
    write("news", "")
    assert desk.run(4) == 0
    assert desk.told()["withdrawn"] == 4
