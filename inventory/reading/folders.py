"""Walk a folder in a fixed order; whatever cannot be entered is an issue."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from inventory.model import Issue
from inventory.reading.errors import Remark, refuse_access, say
from inventory.reading.inputs import Folder, Source, show_path
from inventory.reading.kinds import SUFFIX_KINDS, kind_of_name

# The spelling of the suffix does not matter: `REPORT.TXT` is a text.
SUFFIXES = tuple(SUFFIX_KINDS)
COMPANIONS = (".meta.yaml", ".expected.yaml")
# What Chromium and Firefox add to a page's name for the folder of what it shows.
_ASSETS = "_files"


def walk_folder(folder: Folder) -> Iterator[Source | Issue]:
    """The files of known kind in and below `folder`, sorted by path; what cannot be listed comes as an issue.

    Left out without a word: hidden files and folders, `README*`, sidecars, expectations, other kinds of file, and the folder
    `NAME_files` of pictures and scripts that browsers save beside `NAME.html`.
    Links to files are followed, links to folders are not (they may lead anywhere, or round in circles).
    """
    silent = True
    pending: list[tuple[Path, str, bool]] = [(folder.path, "", True)]
    while pending:
        path, inside, is_folder = pending.pop()
        label = show_path(f"{folder.label}/{inside}".rstrip("/") if inside else folder.label)
        if is_folder:
            try:
                # Reversed, since the last one comes off the stack first.
                pending += reversed(_list(path, inside))
            except OSError as error:
                silent = False
                yield refuse_access(error, label, None).remark.issue(label)
            continue
        found = _classify(path, folder.prefix + show_path(inside), label)
        if found is not None:
            silent = False
            yield found
    if silent:
        what = f"holds no document ({', '.join(SUFFIXES)})"
        message = say(folder.label, None, what, "check the folder and the suffixes of its files")
        yield Remark("no documents", message).issue(folder.label)


def _list(path: Path, inside: str) -> list[tuple[Path, str, bool]]:
    """What is in a folder, sorted: path, path from the walk's root, whether it is a folder. Raises :class:`OSError`."""
    with os.scandir(path) as entries:
        visible = sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda entry: entry.name)
        pages = {Path(entry.name).stem + _ASSETS for entry in visible if kind_of_name(entry.name) == "page"}
        return [
            (path / entry.name, f"{inside}/{entry.name}" if inside else entry.name, entry.is_dir(follow_symlinks=False))
            for entry in visible
            if entry.name not in pages
        ]


def _classify(path: Path, key: str, label: str) -> Source | Issue | None:
    """A file to read, an issue for a link to a folder, `None` for what is no document."""
    if path.is_symlink() and path.is_dir():
        real = Path(os.path.realpath(path))
        here = Path(os.path.realpath(path.parent))
        if real == here or real in here.parents:
            return Remark("symlink loop", say(label, None, "is a link to a folder that it lies in", "remove the link")).issue(label)
        message = say(label, None, "is a link to a folder", "name the folder itself as PATH")
        return Remark("link not followed", message).issue(label)
    return None if is_ignored(path.name) else Source(path, key, label)


def is_ignored(path: str) -> bool:
    """Whether a walk leaves out the file with this path (from the walk's root): it is hidden, a companion, or of no known kind."""
    parts = path.split("/")
    name = parts[-1]
    if any(part.startswith(".") and part not in (".", "..") for part in parts) or name.upper().startswith("README"):
        return True
    if is_companion(name) or any(part.endswith(_ASSETS) for part in parts[:-1]):
        return True
    kind = kind_of_name(name)
    return kind is None or (kind == "gzip" and kind_of_name(name[: name.rfind(".")]) is None)


def is_companion(name: str) -> bool:
    """Whether the file belongs to a document instead of being one."""
    return name.lower().endswith(COMPANIONS)
