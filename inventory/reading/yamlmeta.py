"""Metadata written in YAML: the front matter of a Markdown file, and the sidecar beside any text file."""

from __future__ import annotations

import errno
import re
from pathlib import Path
from typing import NamedTuple

from inventory.reading.decode import decode_text
from inventory.reading.drafts import Draft
from inventory.reading.errors import ReadError, Remark, note, refuse_access, say
from inventory.reading.files import read_whole
from inventory.reading.metadata import Entry, Metadata, parse_metadata

SIDECAR_SUFFIX = ".meta.yaml"
# Seven short keys: whatever is larger is no metadata, and composing it would only cost time.
MAX_YAML = 65_536
_RULE = re.compile(r"---[ \t]*(?:\r\n|\r|\n|\Z)")
_CLOSE = re.compile(r"(?:\A|(?<=[\r\n]))---[ \t]*(?:\r\n|\r|\n|\Z)")
# Between two thematic breaks may stand prose; front matter begins with a key or a comment.
_KEY_FIRST = re.compile(r"\s*(?:#|---\s|---\Z|[\"']?[A-Za-z_][\w-]*[\"']?[ \t]*:(?:\s|\Z))")


class FrontMatter(NamedTuple):
    """The text of a Markdown file without its front matter, and what that says."""

    body: str
    metadata: Metadata
    notes: list[Remark]


def split_front_matter(text: str, label: str) -> FrontMatter:
    """Take the block between two `---` lines off the top; all that follows is the text, to the character.

    Without a closing line, or if prose stands between the lines, all of it is text. Faults are notes; never raises.
    """
    opening = _RULE.match(text)
    if opening is None or not _KEY_FIRST.match(text, opening.end()):
        return FrontMatter(text, Metadata(), [])
    inside = text[opening.end() : opening.end() + MAX_YAML]
    closing = _CLOSE.search(inside)
    if closing is None:
        what = f"front matter is not closed within {MAX_YAML:,} characters and counts as text"
        return FrontMatter(text, Metadata(), [note("metadata", say(label, 1, what, "close it with a line ---"))])
    metadata, notes = parse_yaml(inside[: closing.start()], label, first_line=2)
    return FrontMatter(text[opening.end() + closing.end() :], metadata, notes)


def read_sidecar(path: Path, label: str) -> tuple[Metadata, list[Remark]]:
    """The metadata beside the text file `path`: `a.txt.meta.yaml` or, failing that, `a.meta.yaml`. Never raises."""
    for name in (path.name + SIDECAR_SUFFIX, path.stem + SIDECAR_SUFFIX):
        # `label` ends in the file's own name unless that could not be shown; the folder before it is the same.
        beside = label[: label.rfind("/") + 1] + name
        try:
            raw = read_whole(path.with_name(name), beside, "max_sidecar_bytes", MAX_YAML)
        except OSError as error:
            # A long name has no sidecar: with its suffix it would be longer than the file system allows.
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG):
                continue
            return Metadata(), [note("metadata", str(refuse_access(error, beside)))]
        except ReadError as error:
            return Metadata(), [note("metadata", str(error), error.remark.limit)]
        return parse_sidecar(raw, beside)
    return Metadata(), []


def parse_sidecar(raw: bytes, label: str) -> tuple[Metadata, list[Remark]]:
    """The metadata that the bytes of a sidecar state; faults are notes. Never raises."""
    try:
        text, remark = decode_text(raw, label)
    except ReadError as error:
        return Metadata(), [note("metadata", str(error), error.remark.limit)]
    metadata, notes = parse_yaml(text, label, first_line=1)
    return metadata, [remark, *notes] if remark else notes


def add_notes(draft: Draft, metadata: Metadata, notes: list[Remark]) -> Draft:
    """The draft with what its sidecar says, which wins over what the file itself says."""
    return draft._replace(metadata=metadata.over(draft.metadata), notes=(*draft.notes, *notes))


def parse_yaml(text: str, label: str, first_line: int) -> tuple[Metadata, list[Remark]]:
    """Metadata from YAML that begins in line `first_line` of its file; faults are notes. Never raises."""
    # Imported here because most runs meet no YAML, and the parser costs more than all else that reading imports.
    from inventory.rulebook.strict import compose

    tree, faults = compose(text, label)
    if faults:
        # With a fault there is no tree: nothing of a block that may be misread is used.
        return Metadata(), [note("metadata", say(label, fault.line + first_line - 1, fault.message, fault.mend)) for fault in faults]
    if tree is None or tree.value == "":
        return Metadata(), []
    if not isinstance(tree.value, dict):
        what = "metadata is not a list of 'key: value' lines"
        return Metadata(), [note("metadata", say(label, tree.line + first_line - 1, what, "write one key: value a line"))]
    return parse_metadata((Entry(key, node.value, node.line + first_line - 1) for key, node in tree.value.items()), label)
