"""The entries of a pack by number: those of YAML as they are, those of the place tables unpacked when one is asked for.

121,000 places as tuples of twenty values take 95 MB and half the time of a start; most are never named by a text. As lines of one
string of bytes they take 7 MB, and to unpack one costs two microseconds.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator
from typing import Any


class PlaceTable:
    """Collects the rows of place tables; what it packs, :class:`Entries` unpacks."""

    __slots__ = ("_ends", "_rows")

    def __init__(self) -> None:
        self._rows = bytearray()
        self._ends = array("I")

    def __len__(self) -> int:
        return len(self._ends)

    def add(self, ident: str, name: str, lat: str, lon: str, country: str, admin: str, feature: str, population: str) -> None:
        """Add a row: coordinates in degrees, ISO 3166-1 code of the country, `A` for a division, people."""
        self._rows += "\t".join((ident, name, lat, lon, country, admin, feature, population)).encode()
        self._ends.append(len(self._rows))

    def country_of(self, number: int) -> str | None:
        """The country of a row by its number."""
        start = self._ends[number - 1] if number else 0
        return self._rows[start : self._ends[number]].decode().split("\t")[4] or None

    def pack(self) -> tuple[bytes, bytes]:
        """The rows, and where each ends (little-endian, four bytes a row)."""
        ends = array("I", self._ends)
        if sys.byteorder == "big":
            ends.byteswap()
        return bytes(self._rows), ends.tobytes()


class Entries:
    """The rows of all entries, by number: `written` are those of YAML, which come first."""

    __slots__ = ("_ends", "_rows", "written")

    def __init__(self, written: tuple[tuple[Any, ...], ...], rows: bytes = b"", ends: bytes = b"") -> None:
        self.written = written
        self._rows = rows
        self._ends = array("I", ends)
        if sys.byteorder == "big":
            self._ends.byteswap()

    def __len__(self) -> int:
        return len(self.written) + len(self._ends)

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        number = index - len(self.written)
        if number < 0:
            return self.written[index]
        start = self._ends[number - 1] if number else 0
        ident, name, lat, lon, country, admin, feature, population = self._rows[start : self._ends[number]].decode().split("\t")
        kind = "admin1" if feature == "A" else "city"
        return (ident, name, "place", "L", None, None, None, None, None, country or None, admin or None, float(lat), float(lon), kind,
                int(population or 0), None, (), (), None)  # fmt: skip

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        yield from self.written
        for number in range(len(self.written), len(self)):
            yield self[number]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Entries):
            return NotImplemented
        return (self.written, self._rows, self._ends) == (other.written, other._rows, other._ends)

    __hash__ = None  # type: ignore[assignment]

    def type_of(self, index: int) -> str:
        """The gazetteer that an entry is of, without unpacking it."""
        return str(self.written[index][2]) if index < len(self.written) else "place"
