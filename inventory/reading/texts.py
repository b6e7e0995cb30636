"""Read one document from one file: plain text, or light Markdown, whose marks stay in the text."""

from __future__ import annotations

from pathlib import Path

from inventory.reading.decode import decode_text
from inventory.reading.drafts import Draft, Run
from inventory.reading.files import read_whole
from inventory.reading.inputs import Source
from inventory.reading.metadata import Metadata
from inventory.reading.yamlmeta import add_notes, read_sidecar, split_front_matter


def read_text(path: Path, source: Source, run: Run) -> Draft:
    """The file at `path`, `.md` with its front matter taken off; a sidecar's values win over the front matter's.

    Raises :class:`ReadError` ('not text', 'encoding', 'too large', 'not a file') and :class:`OSError`.
    """
    raw = read_whole(path, source.label, "max_bytes", run.limits.max_bytes)
    draft = parse_text(raw, source.key, source.label, path.suffix.lower() == ".md")
    return add_notes(draft, *read_sidecar(path, source.label))


def parse_text(raw: bytes, key: str, label: str, markdown: bool) -> Draft:
    """A text, or a Markdown text with its front matter taken off. Raises :class:`ReadError` ('not text', 'encoding')."""
    text, remark = decode_text(raw, label)
    notes = [remark] if remark else []
    metadata = Metadata()
    if markdown:
        text, metadata, faults = split_front_matter(text, label)
        notes += faults
    return Draft(text, key, label, 1, "markdown" if markdown else "text", raw, metadata, tuple(notes))
