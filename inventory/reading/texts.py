"""Read one document from one file: plain text, or light Markdown, whose marks stay in the text."""

from __future__ import annotations

from pathlib import Path

from inventory.reading.decode import decode_text
from inventory.reading.drafts import Draft, Run
from inventory.reading.files import read_whole
from inventory.reading.inputs import Source
from inventory.reading.metadata import Metadata
from inventory.reading.yamlmeta import read_sidecar, split_front_matter


def read_text(path: Path, source: Source, run: Run) -> Draft:
    """The file at `path`, `.md` with its front matter taken off; a sidecar's values win over the front matter's.

    Raises :class:`ReadError` ('not text', 'encoding', 'too large', 'not a file') and :class:`OSError`.
    """
    raw = read_whole(path, source.label, "max_bytes", run.limits.max_bytes)
    text, remark = decode_text(raw, source.label)
    notes = [remark] if remark else []
    metadata = Metadata()
    markdown = path.suffix.lower() == ".md"
    if markdown:
        text, metadata, faults = split_front_matter(text, source.label)
        notes += faults
    sidecar, faults = read_sidecar(path, source.label)
    return Draft(
        text=text,
        key=source.key,
        label=source.label,
        line=1,
        reader="markdown" if markdown else "text",
        raw=raw,
        metadata=sidecar.over(metadata),
        notes=(*notes, *faults),
    )
