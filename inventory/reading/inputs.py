"""What the call names: files, folders, patterns and standard input, checked before anything is read."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable
from fnmatch import fnmatch
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from inventory.reading.decode import scrub_surrogates
from inventory.reading.errors import UsageError

STDIN = "stdin"
_MAGIC = re.compile(r"[*?\[]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)(::|://)")
# Schemes that lead back into this machine's own files, where a path says the same and does not slip past whoever checks addresses.
_LOCAL = frozenset({"file", "local"})


class Source(NamedTuple):
    """A file to read, or standard input where `path` is `None`.

    `key` is the document id it gives rise to, `label` what messages call it.
    """

    path: Path | None
    key: str
    label: str


class Address(NamedTuple):
    """A page or feed of the web (`scheme` is `web`), or an object, prefix or pattern in an object store (`store`)."""

    scheme: str
    url: str
    key: str
    label: str


class Folder(NamedTuple):
    """A folder to walk; the keys of its files begin with `prefix` (empty, or ending in `/`)."""

    path: Path
    prefix: str
    label: str


def resolve_inputs(paths: Iterable[str | os.PathLike[str]], network: bool = False) -> list[Source | Folder | Address]:
    """Files, folders, addresses and standard input (`-`) in the order of the call; patterns of paths are expanded, sorted.

    Addresses that begin with `http` are taken only with `network`.

    Raises :class:`UsageError` naming every path that does not exist and every pattern that matches nothing.
    """
    found: list[Source | Folder | Address] = []
    faults: list[str] = []
    # A single path is a sequence of characters, too: without this, each would be looked for as a file.
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    for text in map(os.fsdecode, given):
        if text == "-":
            if any(isinstance(one, Source) and one.path is None for one in found):
                faults.append("-: standard input is named twice, but can be read only once — name it once")
            found.append(Source(None, STDIN, STDIN))
        elif scheme := _SCHEME.match(text):
            try:
                found.append(_resolve_address(text, scheme[1].lower(), scheme[2], network))
            except UsageError as error:
                faults.append(str(error))
        elif _exists(text):
            found.append(_input(Path(text), None))
        elif _MAGIC.search(text):
            root, matches = expand_pattern(text)
            if not matches:
                faults.append(f"{show_path(text)}: no file or folder matches this pattern — check it, and the folder it starts from")
            found += [_input(path, root) for path in matches]
        else:
            faults.append(f"{show_path(text)}: there is no such file or folder — check the spelling and the current folder")
    if faults:
        raise UsageError("\n".join(faults))
    return found


def expand_pattern(pattern: str) -> tuple[Path, list[Path]]:
    """The folder before the first wildcard, and what matches, sorted; `**` stands for any number of folders.

    Hidden names match only where the pattern begins with a dot. What lies in a folder that matches itself is left
    out, since the folder will be walked. Not :mod:`glob`: that follows links to folders, two of which that
    lead back to their own folder make 2^40 paths.
    """
    parts = Path(pattern).parts
    fixed = tuple(takewhile(lambda part: not _MAGIC.search(part), parts))
    root = Path(*fixed)
    matches = [root]
    for part in parts[len(fixed) :]:
        matches = [path for folder in matches for path in _match_part(folder, part)]
    unique = sorted(dict.fromkeys(matches), key=lambda path: path.parts)
    folders = {path for path in unique if path.is_dir()}
    return root, [path for path in unique if folders.isdisjoint(path.parents)]


def _resolve_address(text: str, scheme: str, mark: str, network: bool) -> Address:
    """The address, if it may be read. Raises :class:`UsageError`."""
    shown = show_path(text)
    if mark == "::" or "::" in text:
        raise UsageError(f"{shown}: chained addresses are not read — name the object itself")
    if scheme in _LOCAL:
        raise UsageError(f"{shown}: {scheme}: addresses are not read — name the file by its path")
    if scheme in ("http", "https"):
        if not network:
            raise UsageError(f"{shown}: nothing is fetched from the web unless a job says network: true — save the page and name the file")
        return Address("web", text, shown, shown)
    return Address("store", text, shown.rstrip("/").rpartition("/")[2], shown)


def _match_part(folder: Path, part: str) -> list[Path]:
    """The paths one step below `folder` that `part` of a pattern names."""
    if part == "**":
        below = [folder]
        for one in below:  # grows while it is walked
            below += [one / name for name, is_folder in _list(one) if is_folder and not name.startswith(".")]
        return below
    if not _MAGIC.search(part):
        return [folder / part] if os.path.lexists(folder / part) else []
    hidden = part.startswith(".")
    return [folder / name for name, _ in _list(folder) if fnmatch(name, part) and (hidden or not name.startswith("."))]


def _list(folder: Path) -> list[tuple[str, bool]]:
    """The names in a folder, and whether each is a folder and no link; none if it cannot be listed, as in a shell."""
    try:
        with os.scandir(folder) as entries:
            return [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    except (OSError, ValueError):  # a pattern may hold characters that no path can
        return []


def _exists(text: str) -> bool:
    """Whether there is anything of this name, be it a broken link or behind a closed door: reading will tell."""
    try:
        os.lstat(text)
    except OSError as error:
        return error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)
    except ValueError:  # a NUL character or a lone surrogate
        return False
    return True


def _input(path: Path, root: Path | None) -> Source | Folder:
    """The input at `path`; keys are relative to `root`, or the bare file name where there is none."""
    label = show_path(path.as_posix())
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except OSError:
        is_folder = False
    key = show_path(path.name if root is None else path.relative_to(root).as_posix())
    if is_folder:
        return Folder(path, "" if root is None or key == "." else key + "/", label)
    return Source(path, key, label)


def show_path(text: str) -> str:
    """A path as text that can be written as UTF-8: Python holds undecodable bytes of a name as lone surrogates."""
    return scrub_surrogates(text)
