"""Pages and feeds by address: only where it is allowed, nowhere inside the own network, and never more than the limits say."""

from __future__ import annotations

import datetime as dt
import gzip
import http.server
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from made_files import DAY, FIXTURES, TITLE, URL, make_feed, make_zip, recall

from inventory.reading import Limits, ReadError, UsageError, read_documents
from inventory.reading.limits import DEFAULT_LIMITS
from inventory.reading.web import check_address, fetch_page, is_public

pytest.importorskip("trafilatura")
PAGE = (FIXTURES / "page.html").read_bytes()
BOMB = gzip.compress(bytes(30_000_000))


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers by path; `seen` counts what was asked for."""

    seen: list[tuple[str, str]]

    def do_GET(self) -> None:
        type(self).seen.append((self.path, self.headers["Host"]))
        host = f"http://{self.headers['Host']}"
        port = self.headers["Host"].rpartition(":")[2]
        answers: dict[str, tuple[int, dict[str, str], bytes]] = {
            "/page": (200, {"Content-Type": "text/html"}, PAGE),
            "/feed": (200, {"Content-Type": "text/html"}, make_feed("rss")),  # as many servers say
            "/xml": (200, {"Content-Type": "text/xml"}, PAGE),
            "/report": (200, {"Content-Type": "application/octet-stream"}, (FIXTURES / "report.pdf").read_bytes()),
            "/plain.txt": (200, {}, b"Twelve tanks."),
            "/files.zip": (200, {"Content-Type": "application/zip"}, make_zip({"a.txt": b"In the archive."})),
            "/packed": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(PAGE)),
            "/bomb": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, BOMB),
            "/brotli": (200, {"Content-Type": "text/html", "Content-Encoding": "br"}, b"x"),
            "/large": (200, {"Content-Type": "text/html"}, b"x" * 30_000),
            "/picture": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
            "/gone": (404, {"Content-Type": "text/html"}, PAGE),
            "/moved": (302, {"Location": "/page"}, b""),
            "/round": (301, {"Location": f"{host}/round"}, b""),
            "/to-file": (302, {"Location": "file:///etc/passwd"}, b""),
            "/to-inside": (302, {"Location": f"http://127.0.0.2:{port}/page"}, b""),
            "/to-metadata": (307, {"Location": "http://169.254.169.254/latest/meta-data/"}, b""),
        }
        if self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"<p>x</p>")
                    time.sleep(0.05)
            except OSError:
                return
        status, headers, body = answers[self.path]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[tuple[str, type[Handler]]]:
    handler = type("Fresh", (Handler,), {"seen": []})
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_port}", handler
    web.shutdown()
    web.server_close()


def fetch(url: str, limits: Limits = DEFAULT_LIMITS, private: bool = False) -> bytes:
    return fetch_page(url, url, url, limits, private).open().read()


def refused(url: str, limits: Limits = DEFAULT_LIMITS, private: bool = False) -> str:
    with pytest.raises(ReadError) as caught:
        fetch(url, limits, private)
    assert " — " in str(caught.value)
    return caught.value.remark.kind


def test_nothing_is_fetched_unless_it_is_allowed() -> None:
    with pytest.raises(UsageError, match="network: true"):
        read_documents([URL])
    for bad in ("file:///etc/passwd", "FILE:///etc/passwd", "local://x", "simplecache::https://courier.example/x", "s3://b/x::file://y"):
        with pytest.raises(UsageError):
            read_documents([bad], network=True)


def test_pages_feeds_and_files(server: tuple[str, type[Handler]], read: Callable) -> None:
    base, handler = server
    paths = [f"{base}{name}" for name in ("/page", "/moved", "/feed", "/xml", "/report", "/plain.txt", "/files.zip", "/packed")]
    result = read(*paths, network=True, private_addresses=True)
    assert not result.failures
    page, moved, *entries, _, _, plain, member, packed = result.docs
    assert (page.title, page.published, page.doc_id) == (TITLE, DAY, f"{base}/page")
    # The address that it came from, not the one that the page claims: who moves pages should not make them another's.
    assert (page.url, moved.url) == (f"{base}/page", f"{base}/page")
    assert isinstance(page.retrieved, dt.date)
    assert recall(page.text) >= 0.98
    assert packed.text == page.text
    assert sorted(one.doc_id for one in entries) == ["urn:courier:1", "urn:courier:2"]
    assert (plain.text, member.text) == ("Twelve tanks.", "In the archive.")
    assert handler.seen[0] == ("/page", base.removeprefix("http://"))


def test_private_addresses_are_refused_before_anything_is_asked(server: tuple[str, type[Handler]], read: Callable) -> None:
    base, handler = server
    result = read(f"{base}/page", f"http://localhost:{base.rpartition(':')[2]}/page", network=True)
    assert [issue.kind for issue in result.failures] == ["address refused"] * 2
    assert "private_addresses" in result.failures[0].message
    assert not handler.seen


def test_each_redirect_is_checked_like_the_first_address(server: tuple[str, type[Handler]], monkeypatch: pytest.MonkeyPatch) -> None:
    base, handler = server
    monkeypatch.setattr("inventory.reading.web.is_public", lambda address: address == "127.0.0.1")
    assert fetch(f"{base}/moved") == PAGE
    for path in ("/to-file", "/to-inside", "/to-metadata"):
        assert refused(base + path) == "address refused"
    assert [path for path, _ in handler.seen] == ["/moved", "/page", "/to-file", "/to-inside", "/to-metadata"]
    assert refused(f"{base}/round") == "not answered"


def test_a_name_that_changes_its_mind_leads_nowhere(server: tuple[str, type[Handler]], monkeypatch: pytest.MonkeyPatch) -> None:
    base, handler = server
    port = int(base.rpartition(":")[2])
    asked: list[str] = []

    def resolve(host: str, *_: Any, **__: Any) -> list[tuple[Any, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", port))]

    real = socket.create_connection
    connected: list[Any] = []

    def connect(address: Any, *args: Any, **options: Any) -> socket.socket:
        connected.append(address)
        monkeypatch.undo()
        return real(address, *args, **options)

    monkeypatch.setattr("inventory.reading.web.is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert fetch(f"http://courier.example:{port}/page") == PAGE
    assert (asked, connected) == (["courier.example"], [("127.0.0.1", port)])
    assert handler.seen == [("/page", f"courier.example:{port}")]


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, 1, 6, "", (address, 80)) for address in ("93.184.216.34", "192.168.1.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(ReadError, match=r"192\.168\.1\.1"):
        check_address("http://courier.example/", "x", False)
    assert check_address("http://courier.example/", "x", True).address == "93.184.216.34"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("172.16.0.1", False), ("192.168.0.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False),
        ("255.255.255.255", False), ("224.0.0.1", False), ("239.1.1.1", False), ("::1", False), ("::", False), ("fe80::1%eth0", False),
        ("fc00::1", False), ("ff0e::1", False), ("::ffff:10.0.0.1", False), ("::ffff:93.184.216.34", True), ("64:ff9b::10.0.0.1", False),
        ("64:ff9b::5db8:d822", True), ("64:ff9b:1::7f00:1", False), ("2002:7f00:1::", False), ("2002:a00:1::", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_addresses_that_are_none() -> None:
    for url in (
        "ftp://courier.example/x", "http:///x", "http://user:pass@courier.example/", "http://user@courier.example/", "http://[::1",
        "http://courier.example:99999/", "gopher://x", "//courier.example/x", "http://" + "a" * 300 + ".example/",
    ):  # fmt: skip
        assert refused(url) in ("address refused", "not reached")


def test_limits_and_wrong_answers(server: tuple[str, type[Handler]]) -> None:
    base, _ = server
    assert refused(f"{base}/bomb", private=True) in ("packed too tightly", "too large")
    assert refused(f"{base}/large", Limits(max_bytes=20_000), private=True) == "too large"
    assert refused(f"{base}/drip", Limits(max_seconds=1.0), private=True) == "too slow"
    assert refused(f"{base}/brotli", private=True) == "not answered"
    assert refused(f"{base}/gone", private=True) == "not answered"
    assert refused(f"{base}/picture", private=True) == "unknown kind"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    assert refused(f"http://127.0.0.1:{closed}/", private=True) == "not reached"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    pair = (tmp_path / "key.pem", tmp_path / "cert.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    subprocess.run([*command, "-keyout", str(pair[0]), "-out", str(pair[1])], check=True, capture_output=True)
    handler = type("Fresh", (Handler,), {"seen": []})
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair[1], pair[0])
    web.socket = context.wrap_socket(web.socket, server_side=True)
    web.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=web.serve_forever, daemon=True).start()
    assert refused(f"https://localhost:{web.server_port}/page", private=True) == "not reached"
    assert not handler.seen
    web.shutdown()
    web.server_close()
