"""What holds for every input to the readers that run apart, tried here without their process: documents or failures, nothing else."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_files import FIXTURES, make_feed, make_tar, make_warc, make_zip

from inventory.reading import Limits
from inventory.reading.blobs import Blob, Budget
from inventory.reading.drafts import Draft, Failure
from inventory.reading.errors import Remark
from inventory.reading.events import Begin, Done, End, Event, decode_event, encode_event, read_frame, write_frame
from inventory.reading.kinds import SUFFIX_KINDS, kind_of_bytes, kind_of_name, kind_of_type
from inventory.reading.metadata import Metadata
from inventory.reading.unpack import Work, read_blob

pytest.importorskip("trafilatura")
SMALL = Limits(max_bytes=200_000, max_unpacked_bytes=400_000, max_members=20)
WHOLE: dict[str, Callable[[], bytes]] = {
    "a.html": lambda: (FIXTURES / "page.html").read_bytes(),
    "a.docx": lambda: (FIXTURES / "report.docx").read_bytes(),
    "a.pdf": lambda: (FIXTURES / "report.pdf").read_bytes(),
    "a.msg": lambda: (FIXTURES / "mail.msg").read_bytes(),
    "a.eml": lambda: b"Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b\n\ny\n--b--\n",
    "a.rss": lambda: make_feed("rss"),
    "a.warc": lambda: make_warc(packed=False),
    "a.warc.gz": make_warc,
    "a.zip": lambda: make_zip({"b.txt": b"x" * 300, "c.zip": make_zip({"d.txt": b"y"}), "e.html": b"<p>z</p>"}),
    "a.tar.gz": lambda: make_tar({"b.txt": b"x" * 300, "c.eml": b"Subject: x\n\ny"}),
    "a.tar": lambda: make_tar({"b.txt": b"x" * 300}, "w"),
}


@cache
def whole_file(name: str) -> bytes:
    """Made once: archives hold the time of their making."""
    return WHOLE[name]()


def read_all(name: str, raw: bytes, skip: tuple[int, ...] = ()) -> list[Event]:
    blob = Blob(name, name, name, lambda: io.BytesIO(raw))
    return list(read_blob(blob, Work(SMALL, Budget(SMALL), skip)))


def check(events: list[Event]) -> None:
    depth = 0
    for event in events:
        depth += isinstance(event, Begin) - isinstance(event, End)
        assert depth >= (0 if isinstance(event, End) else 1)
        assert decode_event(json.loads(json.dumps(encode_event(event)))) == event
        if isinstance(event, Failure):
            assert " — " in event.remark.message
    assert depth == 0
    assert any(isinstance(event, Draft | Failure) for event in events), "nothing is silent"


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_damaged_files_give_documents_or_failures(name: str, data: st.DataObject) -> None:
    raw = bytearray(whole_file(name))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
        if not raw:
            break
    check(read_all(name, bytes(raw)))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(SUFFIX_KINDS)), st.binary(max_size=300))
def test_noise_under_any_name(suffix: str, raw: bytes) -> None:
    check(read_all("a" + suffix, raw))


def places(events: list[Event]) -> list[tuple[int, ...]]:
    return [event.at for event in events if isinstance(event, Begin)]


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.msg", "a.warc.gz"])
def test_going_on_after_any_member_gives_exactly_the_rest(name: str) -> None:
    raw = whole_file(name)
    whole = read_all(name, raw)
    for at in places(whole)[1:]:
        rest = read_all(name, raw, at)
        assert [one for one in rest if isinstance(one, Draft | Failure)] == [
            one for one in whole[_end_of(whole, at) :] if isinstance(one, Draft | Failure)
        ]


def _end_of(events: list[Event], at: tuple[int, ...]) -> int:
    """Where the member at this place has ended."""
    depth = began = 0
    for number, event in enumerate(events):
        began = depth + 1 if isinstance(event, Begin) and event.at == at else began
        if isinstance(event, End) and depth == began:
            return number
        depth += isinstance(event, Begin) - isinstance(event, End)
    raise AssertionError(at)


remarks = st.builds(Remark, st.text(), st.text(), st.none() | st.text())
drafts = st.builds(
    Draft, st.text(st.characters()), st.text(), st.text(), st.integers(0), st.text(), st.just(b""),
    st.builds(Metadata, st.none() | st.text(), st.none() | st.dates(), st.none() | st.text(), retrieved=st.none() | st.dates()),
    st.lists(remarks, max_size=2).map(tuple), st.none() | st.text(), st.none() | remarks,
)  # fmt: skip
events = st.one_of(
    drafts, st.builds(Failure, st.text(), remarks), st.just(End()), st.just(Done()),
    st.builds(Begin, st.lists(st.integers(0), max_size=3).map(tuple), st.text(), st.text()),
)  # fmt: skip


@given(events)
def test_events_come_through_the_pipe_unchanged(event: Event) -> None:
    pipe = io.BytesIO()
    write_frame(pipe, encode_event(event))
    pipe.seek(0)
    record = read_frame(pipe)
    assert record is not None
    assert decode_event(record) == event
    assert read_frame(pipe) is None


@given(st.binary(max_size=60))
def test_noise_on_the_pipe_raises_only_what_its_reader_catches(raw: bytes) -> None:
    try:
        record = read_frame(io.BytesIO(raw))
        if record is not None:
            decode_event(record)
    except (ValueError, KeyError, TypeError):
        pass


def test_kinds_by_name_type_and_bytes() -> None:
    assert [kind_of_name(name) for name in ("A.TAR.GZ", "a.warc.gz", "a.txt.gz", "a.b.pdf", "a", ".pdf", "a.exe")] == [
        "tar", "warc", "gzip", "pdf", None, None, None,
    ]  # fmt: skip
    assert [kind_of_type(given) for given in ("text/HTML; charset=x", "application/pdf", "image/png", None)] == ["page", "pdf", None, None]
    heads = (b"%PDF-1.7", b"\xef\xbb\xbf <!DOCTYPE html>", b"<?xml version='1.0'?><!-- x --><rss version='2'>", b"<svg>", b"Twelve", b"")
    assert [kind_of_bytes(head) for head in heads] == ["pdf", "page", "feed", None, None, None]
