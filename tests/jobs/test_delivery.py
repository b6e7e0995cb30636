"""Mail and webhook, against servers of the test's own; what goes wrong with them fails nothing."""

from __future__ import annotations

import email
import json
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from job_support import Desk, write_texts


class Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as one mail needs."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                body = b""
                while (line := self.rfile.readline()) != b".\r\n":
                    body += line[1:] if line.startswith(b"..") else line
                self.server.mails.append(body)  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


class Hook(BaseHTTPRequestHandler):
    """Keeps what was posted; sends visitors of /away elsewhere."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, json.loads(body)))  # type: ignore[attr-defined]
        self.send_response(302 if self.path == "/away" else 204)
        if self.path == "/away":
            self.send_header("Location", "/hook")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def servers() -> Iterator[tuple[socketserver.TCPServer, HTTPServer]]:
    mail = socketserver.TCPServer(("127.0.0.1", 0), Smtp)
    hook = HTTPServer(("127.0.0.1", 0), Hook)
    mail.mails, hook.posts = [], []  # type: ignore[attr-defined]
    for server in (mail, hook):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield mail, hook
    for server in (mail, hook):
        server.shutdown()
        server.server_close()


def block(mail: int, hook: int, path: str = "hook", when: str = "changed") -> str:
    return (
        f"deliver:\n  when: {when}\n  mail: {{to: [a@example.org, b@example.org], sender: desk@example.org, server: '127.0.0.1:{mail}',"
        f" security: none}}\n  webhook: {{url: 'http://127.0.0.1:{hook}/{path}'}}\n"
    )


def test_people_are_told_when_the_report_changed(desk: Desk, servers: tuple[socketserver.TCPServer, HTTPServer]) -> None:
    mail, hook = servers
    desk.write(block(mail.server_address[1], hook.server_address[1]))
    assert desk.run(1) == 0
    assert desk.run(2) == 0
    assert len(mail.mails) == len(hook.posts) == 1  # type: ignore[attr-defined]
    write_texts(desk.news, {"four": "Russia has deployed 5 T-72 tanks in Kherson."})
    assert desk.run(3, "--dry-run") == 0
    assert desk.run(3) == 0
    (_, raw), (_, post) = mail.mails, hook.posts  # type: ignore[attr-defined]
    message = email.message_from_bytes(raw)
    assert message["Subject"] == "daily: 1 new"
    assert message["To"] == "a@example.org, b@example.org"
    book = next(part for part in message.walk() if part.get_filename())
    assert book.get_filename() == "daily-20220303T050000Z.xlsx"
    assert book.get_payload(decode=True) == desk.latest.read_bytes()
    assert post[0] == "/hook"
    assert post[1]["changes"]["new"] == 1


def test_what_goes_wrong_is_a_warning(
    desk: Desk, servers: tuple[socketserver.TCPServer, HTTPServer], capsys: pytest.CaptureFixture[str]
) -> None:
    hook = servers[1]
    desk.write(block(1, hook.server_address[1], "away", "always"))
    assert desk.run(1) == 0
    told = capsys.readouterr().err
    assert "warning: mail to a@example.org, b@example.org by 127.0.0.1:1: " in told
    assert "warning: webhook http://127.0.0.1:" in told
    assert [path for path, _ in hook.posts] == ["/away"]  # type: ignore[attr-defined]
    assert len(desk.told()["warnings"]) == 2
    assert desk.latest.is_file()
    user = "    user: me\n    password_variable: NO_SUCH_VARIABLE\n"
    where = f"    server: '127.0.0.1:{servers[0].server_address[1]}'\n    security: none\n"
    desk.write(f"deliver:\n  when: always\n  mail:\n    to: a@example.org\n    sender: b@example.org\n{where}{user}")
    assert desk.run(2) == 0
    assert "NO_SUCH_VARIABLE holds no password" in capsys.readouterr().err
