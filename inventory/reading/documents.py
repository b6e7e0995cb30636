"""The one way in: everything that a call names, as documents and issues."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO

from inventory.model import Document, Issue
from inventory.reading.drafts import Draft, Run, finish_all, finish_document
from inventory.reading.errors import ReadError, UsageError, note, refuse_access, say
from inventory.reading.events import Job
from inventory.reading.files import open_file
from inventory.reading.folders import SUFFIXES, is_companion, walk_folder
from inventory.reading.inputs import Address, Folder, Source, resolve_inputs
from inventory.reading.jsonl import read_jsonl
from inventory.reading.kinds import SINGLE, kind_of_name
from inventory.reading.limits import DEFAULT_LIMITS, Limits
from inventory.reading.stdin import read_stdin
from inventory.reading.tables import read_table
from inventory.reading.texts import read_text
from inventory.reading.yamlmeta import add_notes, read_sidecar

if TYPE_CHECKING:
    from inventory.reading.apart import Apart


def read_documents(
    paths: Iterable[str | os.PathLike[str]],
    *,
    published: dt.date | None = None,
    stdin: BinaryIO | None = None,
    limits: Limits = DEFAULT_LIMITS,
    network: bool = False,
    private_addresses: bool = False,
    storage_options: Mapping[str, Mapping[str, Any]] | None = None,
) -> Iterator[Document | Issue]:
    """Read files, folders, patterns, archives, object stores and standard input (`-`), one document after the other.

    `published` is used where a document has no date of its own; `stdin` is what `-` stands for, by default the
    process's own. Pages and feeds by address (`https://…`) are read only with `network`, and from addresses of private
    networks only with `private_addresses`. `storage_options` holds, by scheme (`s3`), what fsspec needs beyond its own settings.

    Each document has an id of its own; notes on it (issues whose kind begins with `note: `) come just
    before it. Every other issue stands for something that was not read. Memory holds one document at a time (all of
    standard input, if that is read). Everything but plain texts and tables is read in a process of its own under `limits`; it is
    started by the first file that needs it and ends with the iterator.

    Raises :class:`UsageError` at the call, before anything is read, if a path does not exist, a pattern matches
    nothing or an address may not be read. Reading itself raises nothing, whatever the files hold.
    """
    inputs = resolve_inputs(paths, network)
    if any(isinstance(one, Source) and one.path is None for one in inputs):
        stdin = stdin or getattr(sys.stdin, "buffer", None)
        if stdin is None or stdin.closed:
            raise UsageError("-: there is no standard input — name a file, or pipe text into the command")
    options = {scheme: dict(given) for scheme, given in (storage_options or {}).items()}
    return _read_inputs(inputs, Run(limits, published), stdin, private_addresses, options)


def _read_inputs(
    inputs: Iterable[Source | Folder | Address], run: Run, stdin: BinaryIO | None, private: bool, options: dict[str, dict[str, Any]]
) -> Iterator[Document | Issue]:
    with ExitStack() as stack:

        @cache
        def apart() -> Apart:
            """The reading process of this call. Neither it nor the modules that deal with it are loaded for plain texts."""
            from inventory.reading.apart import Apart

            return stack.enter_context(Apart(run.limits))

        for one in inputs:
            match one:
                case Source():
                    yield from _read_guarded(one, run, stdin, apart)
                case Folder():
                    for found in walk_folder(one):
                        if isinstance(found, Source):
                            yield from _read_guarded(found, run, stdin, apart)
                        else:
                            yield found
                case Address():
                    given = options.get(one.url.partition("://")[0].lower())
                    job = Job(one.scheme, one.url, one.key, one.label, private, given)
                    yield from finish_all(apart().read(job), run)


def _read_guarded(source: Source, run: Run, stdin: BinaryIO | None, apart: Callable[[], Apart]) -> Iterator[Document | Issue]:
    """What one source holds; where it cannot be read, an issue that says why."""
    try:
        yield from _read_source(source, run, stdin, apart)
    except ReadError as error:
        yield error.remark.issue(run.ids.claim(source.key))
    except OSError as error:
        yield refuse_access(error, source.label).remark.issue(run.ids.claim(source.key))


def _read_source(source: Source, run: Run, stdin: BinaryIO | None, apart: Callable[[], Apart]) -> Iterator[Document | Issue]:
    """Choose the reader by the suffix. Raises :class:`ReadError` and :class:`OSError`."""
    path, limits = source.path, run.limits
    if path is None:
        assert stdin is not None  # read_documents saw to it
        yield from read_stdin(stdin, source, run)
        return
    if is_companion(path.name):
        message = say(source.label, 1, "belongs to a document and is not read as one", "name the document only")
        yield note("skipped", message).issue(run.ids.claim(source.key))
        return
    kind = kind_of_name(path.name)
    match kind:
        case None:
            what = f"no reader for files that end in {path.suffix.lower()!r}" if path.suffix else "no reader for files without a suffix"
            raise ReadError("unknown kind", say(source.label, 1, what, f"convert or rename it to one of {', '.join(SUFFIXES)}"))
        case "text" | "markdown":
            yield from finish_document(read_text(path, source, run), run)
        case "jsonl":
            with open_file(path, source.label, "max_stream_bytes", limits.max_stream_bytes) as stream:
                yield from finish_all(read_jsonl(stream, source.key, source.label, limits), run)
        case "csv" | "tsv":
            with open_file(path, source.label, "max_stream_bytes", limits.max_stream_bytes) as stream:
                yield from finish_all(read_table(stream, source.key, source.label, limits, "\t" if kind == "tsv" else ","), run)
        case _:
            single = kind in SINGLE
            size, name = (
                (limits.max_bytes, "max_bytes") if single or kind == "feed" else (limits.max_container_bytes, "max_container_bytes")
            )
            open_file(path, source.label, name, size).close()  # refuses what is no file or too large before a process is asked
            job = Job("file", os.fspath(path.absolute()), source.key, source.label)
            sidecar = read_sidecar(path, source.label) if single else None
            for found in apart().read(job):
                if sidecar is not None and isinstance(found, Draft) and found.key == source.key:
                    found = add_notes(found, *sidecar)
                yield from finish_all([found], run)
