"""Read a blob of any kind, and whatever lies in it; runs in the reading process (see `worker.py`)."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NamedTuple, cast

from inventory.reading.blobs import Blob, Budget, read_blob_bytes
from inventory.reading.drafts import Draft, Failure
from inventory.reading.errors import ReadError, say
from inventory.reading.events import Begin, End, Event
from inventory.reading.kinds import HEAD_BYTES, SINGLE, SUFFIX_KINDS, kind_of_bytes, kind_of_name
from inventory.reading.limits import Limits
from inventory.reading.yamlmeta import add_notes, parse_sidecar

# What a reader may come upon beside texts: further files, with the names that they have inside.
Found = Draft | Failure | Blob


class Work(NamedTuple):
    """One job: its limits, what is left of them, and the place among the members after which to go on (empty: from the start)."""

    limits: Limits
    budget: Budget
    skip: tuple[int, ...] = ()


def read_blob(blob: Blob, work: Work, at: tuple[int, ...] = ()) -> Iterator[Event]:
    """Everything that is in a blob, between its :class:`Begin` and its :class:`End`; what cannot be read is a :class:`Failure`.

    `at` is the blob's place: its number among the members of each archive around it.
    """
    yield Begin(at, blob.key, blob.label)
    # On a second try, what lies around the point to go on from is entered again, but has given its own texts already.
    again = len(at) < len(work.skip) and work.skip[: len(at)] == at
    members = 0
    try:
        for found in _find_in(blob, work):
            if isinstance(found, Blob):
                members += 1
                here = (*at, members)
                if here == work.skip or (here < work.skip and work.skip[: len(here)] != here):
                    continue
                if len(here) > work.limits.max_depth:
                    what = f"lies in more than {work.limits.max_depth} archives or mails"
                    raise ReadError("too deep", say(found.label, 1, what, "unpack the outer ones"), f"max_depth={work.limits.max_depth}")
                work.budget.count_member(blob.label)
                yield from read_blob(found, work, here)
            elif not again:
                yield found
    except ReadError as error:
        yield Failure(blob.key, error.remark)
    except Exception as error:
        yield Failure(blob.key, explain_fault(error, blob.label).remark)
    yield End()


def explain_fault(error: Exception, label: str) -> ReadError:
    """What a reader's own exception means to whoever called the program."""
    if isinstance(error, MemoryError):
        return ReadError("out of memory", say(label, 1, "needs more memory than a reader may have", "split it"), "max_worker_bytes")
    text = " ".join(str(error).split())[:200]
    what = f"is damaged or not what its name says ({type(error).__name__}{': ' + text if text else ''})"
    return ReadError("damaged", say(label, 1, what, "open it in its own program and save it anew"))


def _find_in(blob: Blob, work: Work) -> Iterator[Found]:
    if blob.members is not None:
        yield from blob.members()
        return
    kind = blob.kind or kind_of_name(blob.name)
    if kind is None:
        suffix = blob.name[blob.name.rfind(".") :] if "." in blob.name else ""
        what = f"no reader for files that end in {suffix!r}" if suffix else "no reader for files without a suffix"
        raise ReadError("unknown kind", say(blob.label, 1, what, f"convert or rename it to one of {', '.join(SUFFIX_KINDS)}"))
    for found in _open_kind(kind, blob, work):
        if isinstance(found, Draft):
            yield _complete(found, blob, kind)
        else:
            yield found


def _complete(draft: Draft, blob: Blob, kind: str) -> Draft:
    """The draft with what its container and its sidecar say of it, and its digest for its bytes."""
    digest = draft.digest or hashlib.sha256(draft.raw).hexdigest()
    draft = draft._replace(metadata=draft.metadata.over(blob.metadata), digest=digest, raw=b"")
    if blob.sidecar is not None and kind in SINGLE:
        return add_notes(draft, *parse_sidecar(blob.sidecar, blob.label + ".meta.yaml"))
    return draft


def _open_kind(kind: str, blob: Blob, work: Work) -> Iterable[Found]:
    """Call the reader of a kind. Readers are imported here, each with the libraries that only it needs."""
    match kind:
        case "zip" | "tar" | "gzip":
            from inventory.reading import archives

            readers = {"zip": archives.read_zip, "tar": archives.read_tar, "gzip": archives.read_gzip}
            return readers[kind](blob, work.limits, work.budget)
        case "warc":
            from inventory.reading.webarchives import read_warc

            return read_warc(blob, work.limits, work.budget)
        case "parquet":
            from inventory.reading.parquet import read_parquet

            return _read_stream(blob, lambda stream: read_parquet(stream, blob.key, blob.label, work.limits))
        case "jsonl":
            from inventory.reading.jsonl import read_jsonl

            return _read_stream(blob, lambda stream: read_jsonl(_limit(stream, blob, work), blob.key, blob.label, work.limits))
        case "csv" | "tsv":
            from inventory.reading.tables import read_table

            delimiter = "\t" if kind == "tsv" else ","
            return _read_stream(blob, lambda stream: read_table(_limit(stream, blob, work), blob.key, blob.label, work.limits, delimiter))
    return _read_single(kind, read_blob_bytes(blob, work.limits), blob, work)


def _read_single(kind: str, raw: bytes, blob: Blob, work: Work) -> Iterable[Found]:
    match kind:
        case "text" | "markdown":
            from inventory.reading.texts import parse_text

            return [parse_text(raw, blob.key, blob.label, kind == "markdown")]
        case "page":
            from inventory.reading.pages import read_page

            return [read_page(raw, blob)]
        case "pdf":
            from inventory.reading.pdf import read_pdf

            return [read_pdf(raw, blob, work.limits)]
        case "docx":
            from inventory.reading.word import read_docx

            return [read_docx(raw, blob, work.limits)]
        case "mail":
            from inventory.reading.mail import read_mail

            return read_mail(raw, blob)
        case "mhtml":
            from inventory.reading.mail import read_mhtml

            return [read_mhtml(raw, blob)]
        case "outlook":
            from inventory.reading.outlook import read_outlook

            return read_outlook(raw, blob)
        case "feed":
            return _read_xml(raw, blob)
    raise AssertionError(f"no reader for the kind {kind!r}")


def _read_xml(raw: bytes, blob: Blob) -> Iterable[Found]:
    """A feed; but some servers call pages XML, and some files of that name are neither."""
    from inventory.reading.feeds import read_feed

    kind = kind_of_bytes(raw[:HEAD_BYTES])
    if kind == "page":
        from inventory.reading.pages import read_page

        return [read_page(raw, blob)]
    if kind is None and raw.strip():
        mend = "give a feed, or convert it to text"
        raise ReadError("unknown kind", say(blob.label, 1, "is neither an RSS nor an Atom feed", mend))
    return read_feed(raw, blob)


def _read_stream(blob: Blob, read: Callable[[BinaryIO], Iterator[Found]]) -> Iterator[Found]:
    with blob.open() as stream:
        yield from read(stream)


def _limit(stream: BinaryIO, blob: Blob, work: Work) -> BinaryIO:
    """A seekable stream for the readers of lines, which look at the beginning twice."""
    if stream.seekable():
        return stream
    from inventory.reading.files import read_stream

    limit = work.limits.max_stream_bytes
    return cast(BinaryIO, io.BytesIO(read_stream(stream, blob.label, "max_stream_bytes", limit)))
