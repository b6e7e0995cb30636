"""What a reading process tells the one that asked: events, and the frames that carry them.

Frames are JSON behind their length, not pickles: whatever a damaged file makes of the reading process, its answers are only data.
"""

from __future__ import annotations

import datetime as dt
import json
import struct
from typing import IO, Any, NamedTuple

from inventory.reading.drafts import Draft, Failure
from inventory.reading.errors import Remark
from inventory.reading.metadata import Metadata

_LENGTH = struct.Struct(">I")
# A text of 20 MB, the largest that is read whole, twelve bytes for each character outside the basic plane where JSON escapes it.
MAX_FRAME = 2**28


class Job(NamedTuple):
    """Something to read: `scheme` is `file`, `web` or `store`; `path` a path or address; `options` what the store needs."""

    scheme: str
    path: str
    key: str
    label: str
    private: bool = False
    options: dict[str, Any] | None = None


class Begin(NamedTuple):
    """A file is being read: its place among the members (empty for the input itself), its id and what messages call it."""

    at: tuple[int, ...]
    key: str
    label: str


class End(NamedTuple):
    """The file that was begun last is done with."""


class Done(NamedTuple):
    """The whole job is done with."""


Event = Begin | End | Done | Draft | Failure


def encode_event(event: Event) -> dict[str, Any]:
    """The event as JSON can hold it; of a draft not its bytes, but their digest."""
    fields = event._asdict()
    if isinstance(event, Draft):
        fields["raw"] = ""
        fields["metadata"] = {
            key: value.isoformat() if isinstance(value, dt.date) else value for key, value in event.metadata._asdict().items()
        }
    return {"event": type(event).__name__, **fields}


def decode_event(record: dict[str, Any]) -> Event:
    """The reverse of :func:`encode_event`. Raises :class:`ValueError`, :class:`KeyError` or :class:`TypeError` on anything else."""
    fields = dict(record)
    match fields.pop("event"):
        case "Begin":
            return Begin(tuple(map(int, fields["at"])), str(fields["key"]), str(fields["label"]))
        case "End":
            return End()
        case "Done":
            return Done()
        case "Failure":
            return Failure(str(fields["key"]), Remark(*fields["remark"]))
        case "Draft":
            given = fields["metadata"]
            dates = {key: dt.date.fromisoformat(given[key]) for key in ("published", "retrieved") if given[key] is not None}
            cut = None if fields["cut"] is None else Remark(*fields["cut"])
            notes = tuple(Remark(*remark) for remark in fields["notes"])
            return Draft(**{**fields, "raw": b"", "metadata": Metadata(**{**given, **dates}), "notes": notes, "cut": cut})
    raise ValueError("not an event")


def write_frame(stream: IO[bytes], record: dict[str, Any]) -> None:
    """Send one record. Raises :class:`OSError` where nobody reads any more, :class:`ValueError` where it is too large."""
    body = json.dumps(record).encode("ascii")
    if len(body) > MAX_FRAME:
        raise ValueError(f"frame of {len(body):,} bytes")
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def read_frame(stream: IO[bytes]) -> dict[str, Any] | None:
    """Receive one record; `None` at the end of the stream, also inside a frame. Raises :class:`ValueError` on noise."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(head)
    if size > MAX_FRAME:
        raise ValueError(f"frame of {size:,} bytes")
    body = stream.read(size)
    if len(body) < size:
        return None
    record = json.loads(body)
    if not isinstance(record, dict):
        raise ValueError("not a record")
    return record
