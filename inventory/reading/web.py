"""Fetch one page or feed from the web, for jobs that allow it: no address inside the own network, whatever a name or a redirect says.

Each hop is checked anew, and the connection is made to the very address that was checked, so that a name which resolves differently a
moment later leads nowhere else. Proxies are not used: behind one, none of this could be checked.
"""

from __future__ import annotations

import email.utils
import http.client
import io
import ipaddress
import socket
import ssl
import time
import zlib
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit, urlunsplit

from inventory.reading.blobs import Blob, check_ratio
from inventory.reading.errors import ReadError, say
from inventory.reading.files import too_large
from inventory.reading.kinds import HEAD_BYTES, kind_of_bytes, kind_of_name, kind_of_type
from inventory.reading.limits import Limits
from inventory.reading.metadata import Metadata

_REDIRECTS = 5
_STEP = 65_536
# How long one step of the exchange may take, in seconds; all of it together has the limit of any document.
_PATIENCE = 20.0
_PORTS = {"http": 80, "https": 443}
# NAT64 (RFC 6052, 8215) and 6to4 (RFC 3056) hold an IPv4 address, which may be a private one.
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


class Hop(NamedTuple):
    """One address, taken apart and checked: where to connect, and what to ask there."""

    scheme: str
    host: str
    port: int
    address: str
    target: str


def fetch_page(url: str, key: str, label: str, limits: Limits, private: bool) -> Blob:
    """What an address answers with; `private` allows addresses of the own machine and network.

    Raises :class:`ReadError` ('address refused', 'not reached', 'not answered', 'too large', 'too slow', 'unknown kind').
    """
    deadline = time.monotonic() + limits.max_seconds * 0.9
    for _ in range(_REDIRECTS + 1):
        hop = check_address(url, label, private)
        try:
            status, headers, body = _ask(hop, label, limits, deadline)
        except ssl.SSLError as error:
            raise ReadError(
                "not reached", say(label, 1, f"gives no trustworthy certificate ({error.reason or error})", "check it")
            ) from None
        except (OSError, http.client.HTTPException, zlib.error) as error:
            what = f"does not answer ({type(error).__name__}: {error})"
            raise ReadError("not reached", say(label, 1, what, "check the address, try again later")) from None
        if status in (301, 302, 303, 307, 308) and headers.get("Location"):
            url = urljoin(url, headers["Location"])
            continue
        if status != 200:
            raise ReadError("not answered", say(label, 1, f"answers with status {status}", "check the address, try again later"))
        return _make_blob(url, key, label, headers, body)
    raise ReadError("not answered", say(label, 1, f"redirects more than {_REDIRECTS} times", "name the address that it leads to"))


def check_address(url: str, label: str, private: bool) -> Hop:
    """Where an address leads, once its scheme and every address of its host are seen to be allowed. Raises :class:`ReadError`."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise ReadError("address refused", say(label, 1, f"leads to {url[:200]!r}, which is no address", "check it")) from None
    if parts.scheme not in _PORTS:
        raise ReadError(
            "address refused", say(label, 1, f"leads to a {parts.scheme or 'nameless'}: address", "only http and https are read")
        )
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise ReadError("address refused", say(label, 1, "holds a user's name or no host", "take them out of the address"))
    try:
        host = parts.hostname.encode("idna").decode("ascii")
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ReadError("not reached", say(label, 1, f"host {parts.hostname!r} is not known ({error})", "check the address")) from None
    addresses = [str(entry[4][0]) for entry in found]
    inside = [address for address in addresses if not is_public(address)]
    # One private address among public ones is enough: which of them is used, is the name's owner's choice.
    if inside and not private:
        what = f"leads to {inside[0]}, an address of a private network"
        raise ReadError("address refused", say(label, 1, what, "let the job say private_addresses: true if that is meant"))
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return Hop(parts.scheme, host, port, addresses[0], target.replace(" ", "%20"))


def is_public(text: str) -> bool:
    """Whether an IP address is one of the public internet's; addresses that hold another one are judged by that."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and any(address in network for network in _NAT64):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is None and address.teredo is not None:
            inner = address.teredo[1]
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not address.is_multicast


def _ask(hop: Hop, label: str, limits: Limits, deadline: float) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = _connect(hop)
    try:
        default = hop.port == _PORTS[hop.scheme]
        name = f"[{hop.host}]" if ":" in hop.host else hop.host
        connection.putrequest("GET", hop.target, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", name if default else f"{name}:{hop.port}")
        connection.putheader("User-Agent", "military-inventory")
        connection.putheader("Accept", "text/html, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5")
        connection.putheader("Accept-Encoding", "identity")
        connection.putheader("Connection", "close")
        connection.endheaders()
        answer = connection.getresponse()
        body = _read_body(answer, label, limits, deadline) if answer.status == 200 else b""
        return answer.status, answer.headers, body
    finally:
        connection.close()


def _connect(hop: Hop) -> http.client.HTTPConnection:
    """A connection to the address that was checked, in the name of the host that it was found for."""
    raw = socket.create_connection((hop.address, hop.port), timeout=_PATIENCE)
    connection = http.client.HTTPConnection(hop.host, hop.port, timeout=_PATIENCE)
    connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=hop.host) if hop.scheme == "https" else raw
    return connection


def _read_body(answer: http.client.HTTPResponse, label: str, limits: Limits, deadline: float) -> bytes:
    coding = (answer.headers.get("Content-Encoding") or "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip", "deflate"):
        raise ReadError(
            "not answered", say(label, 1, f"answers in the encoding {coding[:20]!r}, which was not asked for", "save it by hand")
        )
    unpack = None if coding == "identity" else zlib.decompressobj(47 if "gzip" in coding else 15)
    body, packed = bytearray(), 0
    while piece := answer.read1(_STEP):
        packed += len(piece)
        # One byte more than allowed is asked for, so that a bomb never unpacks further.
        body += piece if unpack is None else unpack.decompress(piece, limits.max_bytes + 1 - len(body))
        if len(body) > limits.max_bytes:
            raise too_large(label, 1, f"holds more than {limits.max_bytes:,} bytes", "max_bytes", limits.max_bytes)
        check_ratio(label, len(body), packed, limits)
        if time.monotonic() > deadline:
            what = f"takes longer than {limits.max_seconds:g} s"
            raise ReadError("too slow", say(label, 1, what, "try again later"), f"max_seconds={limits.max_seconds:g}")
    return bytes(body)


def _make_blob(url: str, key: str, label: str, headers: http.client.HTTPMessage, body: bytes) -> Blob:
    """The answer as something to read: what its bytes show goes before what the server calls it."""
    from inventory.reading.webarchives import find_charset

    media_type = headers.get("Content-Type")
    # ZIP's sign is that of Word files as well, and gzip's that of much else: there the server or the name knows better.
    shown = kind_of_bytes(body[:HEAD_BYTES])
    told = kind_of_type(media_type) or kind_of_name(urlsplit(url).path)
    kind = told if shown in (None, "zip", "gzip") else shown
    if kind is None:
        what = f"is of the type {(media_type or 'none')[:60]!r}, for which there is no reader"
        raise ReadError("unknown kind", say(label, 1, what, "convert it and name the file"))
    day = headers.get("Date")
    retrieved = None
    if day:
        try:
            retrieved = email.utils.parsedate_to_datetime(day).date()
        except (ValueError, TypeError):
            pass
    # A feed's entries have addresses of their own; the feed's would only be laid over entries without one.
    known = Metadata(url=None if kind == "feed" else url, retrieved=retrieved)
    return Blob(key, key, label, lambda: io.BytesIO(body), kind, find_charset(media_type), known)
