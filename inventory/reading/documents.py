"""The one way in: everything that a call names, as documents and issues."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from inventory.model import Document, Issue
from inventory.reading.drafts import Run, finish_document
from inventory.reading.errors import ReadError, UsageError, note, refuse_access, say
from inventory.reading.files import open_file
from inventory.reading.folders import SUFFIXES, is_companion, walk_folder
from inventory.reading.inputs import Folder, Source, resolve_inputs
from inventory.reading.jsonl import read_jsonl
from inventory.reading.limits import DEFAULT_LIMITS, Limits
from inventory.reading.stdin import read_stdin
from inventory.reading.tables import read_table
from inventory.reading.texts import read_text


def read_documents(
    paths: Iterable[str | os.PathLike[str]],
    *,
    published: dt.date | None = None,
    stdin: BinaryIO | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[Document | Issue]:
    """Read files, folders, patterns and standard input (`-`), one document after the other.

    `published` is used where a document has no date of its own; `stdin` is what `-` stands for, by default the
    process's own. Each document has an id of its own; notes on it (issues whose kind begins with `note: `) come just
    before it. Every other issue stands for something that was not read. Memory holds one document at a time (all of
    standard input, if that is read).

    Raises :class:`UsageError` at the call, before anything is read, if a path does not exist or a pattern matches
    nothing. Reading itself raises nothing, whatever the files hold.
    """
    inputs = resolve_inputs(paths)
    if any(isinstance(one, Source) and one.path is None for one in inputs):
        stdin = stdin or getattr(sys.stdin, "buffer", None)
        if stdin is None or stdin.closed:
            raise UsageError("-: there is no standard input — name a file, or pipe text into the command")
    return _read_inputs(inputs, Run(limits, published), stdin)


def _read_inputs(inputs: Iterable[Source | Folder], run: Run, stdin: BinaryIO | None) -> Iterator[Document | Issue]:
    for one in inputs:
        if isinstance(one, Source):
            yield from _read_guarded(one, run, stdin)
            continue
        for found in walk_folder(one):
            if isinstance(found, Source):
                yield from _read_guarded(found, run, stdin)
            else:
                yield found


def _read_guarded(source: Source, run: Run, stdin: BinaryIO | None) -> Iterator[Document | Issue]:
    """What one source holds; where it cannot be read, an issue that says why."""
    try:
        yield from _read_source(source, run, stdin)
    except ReadError as error:
        yield error.remark.issue(run.ids.claim(source.key))
    except OSError as error:
        yield refuse_access(error, source.label).remark.issue(run.ids.claim(source.key))


def _read_source(source: Source, run: Run, stdin: BinaryIO | None) -> Iterator[Document | Issue]:
    """Choose the reader by the suffix. Raises :class:`ReadError` and :class:`OSError`."""
    path = source.path
    if path is None:
        assert stdin is not None  # read_documents saw to it
        yield from read_stdin(stdin, source, run)
        return
    suffix = path.suffix.lower()
    if is_companion(path):
        message = say(source.label, 1, "belongs to a document and is not read as one", "name the document only")
        yield note("skipped", message).issue(run.ids.claim(source.key))
    elif suffix in (".txt", ".md"):
        yield from finish_document(read_text(path, source, run), run)
    elif suffix == ".jsonl":
        with open_file(path, source.label, "max_stream_bytes", run.limits.max_stream_bytes) as stream:
            yield from read_jsonl(stream, source, run)
    elif suffix in (".csv", ".tsv"):
        with open_file(path, source.label, "max_stream_bytes", run.limits.max_stream_bytes) as stream:
            yield from read_table(stream, source, run, "\t" if suffix == ".tsv" else ",")
    else:
        what = f"no reader for files that end in {suffix!r}" if suffix else "no reader for files without a suffix"
        raise ReadError("unknown kind", say(source.label, 1, what, f"convert or rename it to one of {', '.join(SUFFIXES)}"))
