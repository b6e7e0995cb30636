"""Which kind of file something is: by the end of its name, by the media type it came with, or by its first bytes."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

# Kinds that are read in this process: nothing in them is unpacked or parsed by other people's code.
PLAIN = frozenset({"text", "markdown", "jsonl", "csv", "tsv"})
# Kinds that hold one document, which a sidecar may describe.
SINGLE = frozenset({"text", "markdown", "page", "mhtml", "pdf", "docx", "mail", "outlook"})
# Kinds that hold further files.
CONTAINERS = frozenset({"zip", "tar", "gzip", "warc"})
# The longest suffix that fits decides, so that `.tar.gz` is not a `.gz`.
SUFFIX_KINDS: dict[str, str] = {
    ".txt": "text", ".md": "markdown", ".jsonl": "jsonl", ".csv": "csv", ".tsv": "tsv",
    ".html": "page", ".htm": "page", ".xhtml": "page", ".mhtml": "mhtml", ".mht": "mhtml",
    ".pdf": "pdf", ".docx": "docx", ".eml": "mail", ".msg": "outlook",
    ".rss": "feed", ".atom": "feed", ".rdf": "feed", ".xml": "feed",
    ".parquet": "parquet", ".pq": "parquet", ".warc": "warc", ".warc.gz": "warc",
    ".zip": "zip", ".tar": "tar", ".tar.gz": "tar", ".tgz": "tar", ".tar.bz2": "tar", ".tar.xz": "tar", ".gz": "gzip",
}  # fmt: skip
# RFC 2854, 7303, 3023, 4287, 8118; the types that servers send beside them.
TYPE_KINDS: dict[str, str] = {
    "text/html": "page", "application/xhtml+xml": "page", "text/plain": "text", "text/markdown": "markdown", "text/csv": "csv",
    "application/pdf": "pdf", "message/rfc822": "mail", "application/rss+xml": "feed", "application/atom+xml": "feed",
    "application/rdf+xml": "feed", "application/xml": "feed", "text/xml": "feed", "application/zip": "zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx", "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl", "application/vnd.apache.parquet": "parquet", "application/vnd.ms-outlook": "outlook",
    "application/warc": "warc", "application/x-tar": "tar", "multipart/related": "mhtml",
}  # fmt: skip
_SIGNATURES = (
    (b"%PDF-", "pdf"), (b"PAR1", "parquet"), (b"WARC/1.", "warc"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "outlook"),
    (b"PK\x03\x04", "zip"), (b"\x1f\x8b", "gzip"),
)  # fmt: skip
_FEED = re.compile(rb"<(?:rss|feed|(?:\w+:)?RDF)[\s>]")
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
# A feed's root stands behind the XML declaration, comments and style sheets; that much is looked at.
HEAD_BYTES = 4_096


def kind_of_name(name: str) -> str | None:
    """The kind that the end of a file's name stands for, whatever its case; `None` for an unknown one."""
    suffixes = [suffix.lower() for suffix in PurePosixPath(name).suffixes[-2:]]
    return SUFFIX_KINDS.get("".join(suffixes)) or (SUFFIX_KINDS.get(suffixes[-1]) if suffixes else None)


def kind_of_type(media_type: str | None) -> str | None:
    """The kind that a media type stands for, without regard to its parameters; `None` for an unknown one."""
    return TYPE_KINDS.get((media_type or "").partition(";")[0].strip().lower())


def kind_of_bytes(head: bytes) -> str | None:
    """The kind that the first bytes of a file show beyond doubt; plain texts have no such sign."""
    for sign, kind in _SIGNATURES:
        if head.startswith(sign):
            return kind
    start = head[:HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"<"):
        return None
    return "feed" if _FEED.search(start) else "page" if _PAGE.search(start) else None
