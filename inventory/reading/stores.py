"""Object stores and other remote file systems that fsspec knows (`s3://bucket/folder`): one object, all below a prefix, or a pattern."""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from inventory.reading.blobs import Blob
from inventory.reading.drafts import Failure
from inventory.reading.errors import ReadError, say
from inventory.reading.extras import load_extra
from inventory.reading.files import too_large
from inventory.reading.folders import is_ignored
from inventory.reading.inputs import show_path
from inventory.reading.kinds import CONTAINERS, kind_of_name
from inventory.reading.limits import Limits
from inventory.reading.yamlmeta import MAX_YAML, SIDECAR_SUFFIX

_MAGIC = "*?["


def open_store(url: str, key: str, label: str, options: dict[str, Any] | None, limits: Limits) -> Blob:
    """The object at `url`; or, of a prefix or pattern, a blob whose members they are.

    Raises :class:`ReadError` ('missing extra', 'unknown address', 'vanished', 'too large') and what the store's library raises.
    """
    scheme = url.partition("://")[0].lower()
    extra = "s3" if scheme in ("s3", "s3a") else "ingest"
    fsspec = load_extra("fsspec", "fsspec", label, extra)
    try:
        files, path = fsspec.core.url_to_fs(url, **(options or {}))
    except ImportError as error:
        mend = f"pip install military-inventory[{extra}]" if extra == "s3" else "install the library that it names"
        raise ReadError("missing extra", say(label, 1, f"needs a library that is not installed ({error})", mend)) from None
    except ValueError as error:
        raise ReadError("unknown address", say(label, 1, f"is no address that can be read ({error})", "check its beginning")) from None
    if "file" in _protocols(files):
        raise ReadError("unknown address", say(label, 1, "leads to this machine's own files", "name the file by its path"))
    path = str(path)
    if any(char in path for char in _MAGIC):
        found = sorted(str(one) for one in files.glob(path))
        base = path[: min(path.index(char) for char in _MAGIC if char in path)].rpartition("/")[0]
        return _listing(files, found, None, base, key, label, limits)
    if files.isdir(path):
        found = sorted(str(one) for one in files.find(path))
        return _listing(files, found, set(found), path, "", label, limits)
    if not files.exists(path):
        raise ReadError("vanished", say(label, 1, "there is no such object, or it may not be read", "check its name and the rights to it"))
    return _object(files, path, key, label, limits, None)


def _protocols(files: Any) -> set[str]:
    given = files.protocol
    return {given} if isinstance(given, str) else set(given)


def _listing(files: Any, paths: list[str], known: set[str] | None, base: str, key: str, label: str, limits: Limits) -> Blob:
    """A blob that stands for many objects, read in the order of their names; `known` are all that there are, where that is known."""

    def walk() -> Iterator[Blob | Failure]:
        empty = True
        for path in paths:
            inside = path[len(base) :].lstrip("/") if path.startswith(base) else path
            if is_ignored(inside) or files.isdir(path):
                continue
            empty = False
            yield _object(files, path, show_path(inside), f"{label.rstrip('/')}/{show_path(inside)}", limits, known)
        if empty:
            raise ReadError("no documents", say(label, 1, "holds no document", "check the prefix and the suffixes of the objects"))

    return Blob(key, key or label, label, lambda: io.BytesIO(), members=walk)


def _object(files: Any, path: str, key: str, label: str, limits: Limits, known: set[str] | None) -> Blob:
    def open_object() -> BinaryIO:
        size = files.info(path).get("size")
        kind = kind_of_name(path)
        most = limits.max_container_bytes if kind in CONTAINERS or kind == "parquet" else limits.max_stream_bytes
        if size is not None and size > most:
            raise too_large(label, 1, f"holds {size:,} bytes, more than {most:,}", "max_container_bytes", most)
        # fsspec's own files read lines slowly, and know no limit on their length.
        return cast(BinaryIO, io.BufferedReader(files.open(path, "rb")))

    names = (path + SIDECAR_SUFFIX, path[: path.rfind(".")] + SIDECAR_SUFFIX)
    beside = next((name for name in names if (files.exists(name) if known is None else name in known)), None)
    sidecar = None if beside is None else cast(bytes, files.cat_file(beside, start=0, end=MAX_YAML))
    return Blob(posixpath.basename(path), key, label, open_object, sidecar=sidecar)
