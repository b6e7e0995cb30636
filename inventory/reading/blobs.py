"""Named bytes, wherever they lie, and how much of them one input may still unpack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from inventory.reading.drafts import Failure
from inventory.reading.errors import ReadError, say
from inventory.reading.files import read_stream, too_large
from inventory.reading.limits import Limits
from inventory.reading.metadata import Metadata


class Blob(NamedTuple):
    """Something to read: a file, a member of an archive, an object in a store, a page of the web.

    `name` decides the kind unless `kind` is given; `key` is the id of the document in it, `label` what messages call it. `metadata` is
    what its container says of it, `charset` the encoding that it was declared in, `sidecar` the bytes of the file that describes it.
    A listing is not opened: it has `members`.
    """

    name: str
    key: str
    label: str
    open: Callable[[], BinaryIO]
    kind: str | None = None
    charset: str | None = None
    metadata: Metadata = Metadata()
    sidecar: bytes | None = None
    members: Callable[[], Iterator[Blob | Failure]] | None = None


@dataclass(slots=True)
class Budget:
    """What has been unpacked of one input so far, and what it may come to."""

    limits: Limits
    unpacked: int = 0
    members: int = 0

    def count_member(self, label: str) -> None:
        """Raises :class:`ReadError` 'too large' at one member more than allowed."""
        self.members += 1
        if self.members > self.limits.max_members:
            what = f"holds more than {self.limits.max_members:,} members; what comes from here on is not read"
            raise too_large(label, 1, what, "max_members", self.limits.max_members)

    def count_bytes(self, size: int, label: str) -> None:
        """Raises :class:`ReadError` 'too large' where all that is unpacked becomes too much."""
        self.unpacked += size
        if self.unpacked > self.limits.max_unpacked_bytes:
            what = f"unpacks to more than {self.limits.max_unpacked_bytes:,} bytes; what comes from here on is not read"
            raise too_large(label, 1, what, "max_unpacked_bytes", self.limits.max_unpacked_bytes)


def read_blob_bytes(blob: Blob, limits: Limits) -> bytes:
    """All bytes of a blob. Raises :class:`ReadError` 'too large', :class:`OSError`."""
    with blob.open() as stream:
        return read_stream(stream, blob.label, "max_bytes", limits.max_bytes)


def check_ratio(label: str, size: int, packed: int, limits: Limits) -> None:
    """Raises :class:`ReadError` 'packed too tightly' for what has a bomb's ratio of unpacked to packed bytes."""
    if size > 1_000_000 and size > limits.max_ratio * max(packed, 1):
        what = f"unpacks from {packed:,} to {size:,} bytes, as only bombs do"
        raise ReadError("packed too tightly", say(label, 1, what, "unpack it by hand if you trust it"), f"max_ratio={limits.max_ratio}")
