"""Links of a workbook: to addresses on the web that are safe to click, and to cells of the same workbook.

They are collected while the cells are streamed, and written after them: a hundred thousand link objects would take more memory than the
facts themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from inventory.report.cells import Link, Value

MAX_LINKS = 65_530  # of a sheet; a file with more opens with a repair prompt (Excel specifications and limits)
_MAX_ADDRESS = 2_000  # Excel refuses addresses of more than 2,083 characters, and older ones a little fewer
_SAFE = "%:/?#[]@!$&'()*+,;=-._~"  # RFC 3986: reserved and unreserved; the percent sign stays, so that nothing is encoded twice
_VALID = re.compile(r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?(/[^\s<>\"{}|\\^`\[\]]*)?([?#][^\s<>\"{}|\\^`\[\]]*)?", re.ASCII)
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def make_link(text: str | None) -> Value:
    """The text of an address as a link if it is safe to click, else as plain text."""
    address = check_address(text)
    return Link(text or "", address) if address else text


def check_address(text: str | None) -> str | None:
    """The address as a file may hold it, or `None`: http and https only, a host name, no user name, no spaces, not over-long.

    Characters beyond ASCII are percent-encoded in the path, and the host becomes punycode: Excel asks to repair a file with others.
    """
    if not text or len(text) > _MAX_ADDRESS or any(char.isspace() or not char.isprintable() for char in text):
        return None
    try:
        parts = urlsplit(text)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname or parts.username is not None:
            return None
        host = parts.hostname.encode("idna").decode("ascii") + (f":{parts.port}" if parts.port is not None else "")
        rest = quote(text.split("://", 1)[1][len(parts.netloc) :], safe=_SAFE)
    except (ValueError, UnicodeError):
        return None
    address = f"{parts.scheme.lower()}://{host}{rest}"
    if len(address) > _MAX_ADDRESS or _BAD_PERCENT.search(address) or not _VALID.fullmatch(address) or address.count("#") > 1:
        return None
    return address


class LinkList:
    """The links of one sheet, in the order of its cells; those past the limit are counted and stay text."""

    def __init__(self, limit: int | None = None) -> None:
        self.limit = MAX_LINKS if limit is None else limit
        self.left_off = 0
        self._links: list[tuple[str, Link]] = []

    def add(self, reference: str, link: Link) -> bool:
        """Note the link of a cell; tells whether there was room for it."""
        if len(self._links) >= self.limit:
            self.left_off += 1
            return False
        self._links.append((reference, link))
        return True

    def element(self) -> bytes:
        """The `hyperlinks` element (ECMA-376 part 1, 18.3.1.48), empty without links."""
        if not self._links:
            return b""
        return (_OPEN + "".join(self._elements()) + "</hyperlinks>").encode()

    def relationships(self) -> bytes:
        """The relationship elements that the addresses on the web need."""
        return "".join(
            f'<Relationship Id="link{number}" Type="{_TYPE}" Target="{_attribute(link.target)}" TargetMode="External"/>'
            for number, (_, link) in enumerate(self._links)
            if not link.inside
        ).encode()

    def _elements(self) -> Iterator[str]:
        for number, (reference, link) in enumerate(self._links):
            if link.inside:
                yield f'<hyperlink ref="{reference}" location="{_attribute(link.target)}"/>'
            else:
                yield f'<hyperlink ref="{reference}" r:id="link{number}"/>'


_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = f"{_NAMESPACE}/hyperlink"
_OPEN = f'<hyperlinks xmlns:r="{_NAMESPACE}">'


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
