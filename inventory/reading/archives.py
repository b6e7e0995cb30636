"""ZIP and tar archives and single gzip files: the files in them, without a byte of them ever being written under its own name."""

from __future__ import annotations

import gzip
import io
import posixpath
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, cast

from inventory.reading.blobs import Blob, Budget, check_ratio
from inventory.reading.drafts import Failure
from inventory.reading.errors import ReadError, say
from inventory.reading.files import too_large
from inventory.reading.folders import COMPANIONS, is_ignored
from inventory.reading.inputs import show_path
from inventory.reading.kinds import CONTAINERS, kind_of_name
from inventory.reading.limits import Limits
from inventory.reading.yamlmeta import MAX_YAML, SIDECAR_SUFFIX

_STEP = 65_536
# What is unpacked is kept in memory up to here, on disk beyond.
_IN_MEMORY = 16_000_000


def read_zip(blob: Blob, limits: Limits, budget: Budget) -> Iterator[Blob | Failure]:
    """The documents in a ZIP archive, in its order.

    Raises :class:`ReadError` ('encrypted', 'no documents', 'too large', 'packed too tightly') and what :mod:`zipfile` raises.
    """
    with blob.open() as stream, zipfile.ZipFile(stream) as archive:
        if len(archive.infolist()) > limits.max_members:
            what = f"holds {len(archive.infolist()):,} members, more than {limits.max_members:,}"
            raise too_large(blob.label, 1, what, "max_members", limits.max_members)
        names = {info.filename: info for info in archive.infolist()}
        empty = True
        for info in archive.infolist():
            if info.is_dir() or is_ignored(info.filename.replace("\\", "/")):
                continue
            empty = False
            label = f"{blob.label}/{show_path(info.filename)}"
            fault = _refuse_name(info.filename, label)
            if info.flag_bits & 0x1:
                fault = ReadError("encrypted", say(label, 1, "is encrypted", "unpack it with its password"))
            elif stat.S_ISLNK(info.external_attr >> 16):
                fault = ReadError("link not followed", say(label, 1, "is a link", "put the file itself into the archive"))
            if fault is not None:
                yield Failure(f"{blob.key}/{show_path(info.filename)}", fault.remark)
                continue
            beside = next((names[name] for name in _sidecar_names(info.filename) if name in names), None)
            sidecar = None if beside is None else archive.open(beside).read(MAX_YAML + 1)[:MAX_YAML]

            def unpack(info: zipfile.ZipInfo = info, label: str = label) -> BinaryIO:
                check_ratio(label, info.file_size, info.compress_size, limits)
                with archive.open(info) as packed:
                    return spool(cast(BinaryIO, packed), label, info.compress_size, limits, budget, _most(info.filename, limits))

            yield _member(blob, info.filename, label, unpack, sidecar)
    if empty:
        raise _no_documents(blob)


def read_tar(blob: Blob, limits: Limits, budget: Budget) -> Iterator[Blob | Failure]:
    """The documents in a tar archive, compressed in any way that Python knows, in its order.

    Raises :class:`ReadError` ('no documents', 'too large', 'packed too tightly') and what :mod:`tarfile` raises.
    """
    sidecars = dict(_tar_sidecars(blob, limits))
    empty = True
    for archive, info in _walk_tar(blob, limits):
        if info.isdir() or is_ignored(info.name.replace("\\", "/")):
            continue
        empty = False
        label = f"{blob.label}/{show_path(info.name)}"
        fault = _refuse_name(info.name, label)
        if not info.isreg():
            fault = ReadError("link not followed", say(label, 1, "is a link or a device", "put the file itself into the archive"))
        if fault is not None:
            yield Failure(f"{blob.key}/{show_path(info.name)}", fault.remark)
            continue

        def unpack(archive: tarfile.TarFile = archive, info: tarfile.TarInfo = info, label: str = label) -> BinaryIO:
            packed = archive.extractfile(info)
            assert packed is not None  # only links and folders have no content
            return spool(cast(BinaryIO, packed), label, None, limits, budget, _most(info.name, limits))

        sidecar = next((sidecars[name] for name in _sidecar_names(info.name) if name in sidecars), None)
        yield _member(blob, info.name, label, unpack, sidecar)
    if empty:
        raise _no_documents(blob)


def read_gzip(blob: Blob, limits: Limits, budget: Budget) -> Iterator[Blob]:
    """The one file in a gzip file, called like it without its last suffix."""
    name = blob.name[: blob.name.rfind(".")] if "." in blob.name else blob.name

    def unpack() -> BinaryIO:
        with blob.open() as stream:
            packed = _size_of(stream)
            with gzip.GzipFile(fileobj=stream) as unpacked:
                return spool(cast(BinaryIO, unpacked), blob.label, packed, limits, budget, _most(name, limits))

    yield Blob(name, blob.key, blob.label, unpack, None, blob.charset, blob.metadata, blob.sidecar)


def spool(packed: BinaryIO, label: str, size: int | None, limits: Limits, budget: Budget, most: int) -> BinaryIO:
    """What `packed` unpacks to, as a seekable stream, in memory or in a nameless file. What a header promises is not believed.

    `size` is the number of packed bytes, where that is known; `most` the number of bytes from which the file is refused.

    Raises :class:`ReadError` 'too large' and 'packed too tightly'.
    """
    kept = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - handed on open
    total = 0
    while piece := packed.read(_STEP):
        total += len(piece)
        budget.count_bytes(len(piece), label)
        if total > most:
            raise too_large(label, 1, f"unpacks to more than {most:,} bytes", "max_bytes", most)
        if size is not None:
            check_ratio(label, total, size, limits)
        kept.write(piece)
    kept.seek(0)
    return cast(BinaryIO, kept)


def _most(name: str, limits: Limits) -> int:
    """How large a member of this name may be."""
    kind = kind_of_name(name)
    if kind in CONTAINERS or kind == "parquet":
        return limits.max_container_bytes
    return limits.max_stream_bytes if kind in ("jsonl", "csv", "tsv") else limits.max_bytes


def _member(blob: Blob, name: str, label: str, unpack: object, sidecar: bytes | None) -> Blob:
    return Blob(posixpath.basename(name), f"{blob.key}/{show_path(name)}", label, unpack, sidecar=sidecar)  # type: ignore[arg-type]


def _refuse_name(name: str, label: str) -> ReadError | None:
    """Nothing is unpacked under its name, but who packs such a name means harm, and ids made from it mislead."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        return ReadError("unsafe name", say(label, 1, "has a name that leads out of the archive", "pack it anew if you trust it"))
    return None


def _sidecar_names(name: str) -> tuple[str, str]:
    return name + SIDECAR_SUFFIX, name[: name.rfind(".")] + SIDECAR_SUFFIX


def _walk_tar(blob: Blob, limits: Limits) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
    """The entries of a tar archive, front to back, so that a compressed one is unpacked once."""
    with blob.open() as stream:
        size = _size_of(stream)
        with tarfile.open(fileobj=stream, mode="r|*") as archive:
            for number, info in enumerate(archive):
                if number >= limits.max_members:
                    what = f"holds more than {limits.max_members:,} members; what comes from here on is not read"
                    raise too_large(blob.label, 1, what, "max_members", limits.max_members)
                if info.size > 1_000_000:
                    check_ratio(f"{blob.label}/{show_path(info.name)}", info.size, size, limits)
                yield archive, info


def _tar_sidecars(blob: Blob, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Name and content of each sidecar, for which a compressed archive is unpacked once more: it may stand behind its document."""
    # The limit on members is met, and told, on the way through the documents.
    for archive, info in islice(_walk_tar(blob, limits), limits.max_members):
        if info.isreg() and info.name.endswith(COMPANIONS[0]) and info.size <= MAX_YAML:
            packed = archive.extractfile(info)
            if packed is not None:
                yield info.name, packed.read()


def _size_of(stream: BinaryIO) -> int:
    """Bytes in a seekable stream, which is left at its beginning."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return size


def _no_documents(blob: Blob) -> ReadError:
    return ReadError("no documents", say(blob.label, 1, "holds no document", "check the suffixes of the files in it"))
