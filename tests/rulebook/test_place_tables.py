"""Compiled tables of places: kept packed, unpacked as they were written, refused where they are damaged."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from rulebook_support import Ran, write_pack

from inventory import load_rulebook
from inventory.rulebook.book import Entry
from inventory.rulebook.entries import Entries, PlaceTable

ROWS = [
    "1\tOland\tÖland|Oland City\t56.7\t16.6\tSWE\tKalmar\tA\t25000",
    "2\tŁomża\t\t-53.178\t-22.059\t\t\tP\t",
    "3\tNew Quay\t\t52.2\t-4.4\tGBR\tCeredigion\tP\t120000",
]


def table(rows: list[str]) -> bytes:
    return gzip.compress(("# columns\n" + "".join(row + "\n" for row in rows)).encode(), mtime=0)


def test_rows_come_back_as_they_were_written(base: Path, tmp_path: Path) -> None:
    mine = write_pack(tmp_path / "mine", {"places/geonames-x.tsv.gz": table(ROWS[:2]), "places/geonames-y.tsv.gz": table(ROWS[2:])})
    for book in (load_rulebook(mine), load_rulebook(mine)):  # compiled, and from the cache
        written = len(book.entries.written)
        found = [Entry(*row) for row in book.entries][written:]
        assert [(e.id, e.name, e.type, e.feature, e.lat, e.lon, e.country, e.admin, e.population) for e in found] == [
            ("1", "Oland", "place", "admin1", 56.7, 16.6, "SWE", "Kalmar", 25000),
            ("2", "Łomża", "place", "city", -53.178, -22.059, None, None, 0),
            ("3", "New Quay", "place", "city", 52.2, -4.4, "GBR", "Ceredigion", 120000),
        ]
        assert [book.entry(written + number) for number in range(3)] == found
        assert len(book.entries) == written + 3
        assert [book.entries.type_of(number) for number in (written - 1, written, written + 2)] == ["equipment", "place", "place"]
        names = {name: refs >> 7 for name, refs in book.proper.items() if isinstance(refs, int)}
        assert names["NEW QUAY"] == names["New Quay"] == written + 2
        assert book.proper_words["New"] == 2
        assert "Łomża" not in book.proper_words, "a word that is a name itself and begins no longer one is not kept twice"


def test_entries_without_tables_and_with_others_differ() -> None:
    places = PlaceTable()
    places.add("1", "A", "1", "2", "", "", "P", "")
    row = ("x", "X", "equipment")
    assert Entries((row,)) == Entries((row,))
    assert Entries((row,)) != Entries((row,), *places.pack())
    assert Entries((row,)) != (row,)


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        (table([ROWS[0], "2\tShort"]), 3, "has 2 columns, not 9"),
        (table(["1\tA\t\tnorth\t2\tSWE\t\tP\t1"]), 2, "holds no number where one belongs"),
        (table(["1\tA\t\t1\t2\tSWE\t\tP\tmany"]), 2, "holds no number where one belongs"),
        (b"not packed at all", 1, "cannot be read"),
        (table(ROWS)[:40], 1, "cannot be read"),
        (gzip.compress(b"\xff\xfe\xff", mtime=0), 1, "cannot be read"),
    ],
    # Named, as packed bytes hold the second they were packed in: workers that start a second apart would collect different tests.
    ids=["columns", "no-number", "no-number-at-the-end", "not-packed", "cut", "not-utf-8"],
)
def test_a_damaged_table_is_told(body: bytes, line: int, message: str, base: Path, tmp_path: Path, run: Callable[..., Ran]) -> None:
    mine = write_pack(tmp_path / "mine", {"places/geonames-x.tsv.gz": body})
    ran = run("rules", "stats", "--rules", mine)
    assert ran.code == 78
    assert f"geonames-x.tsv.gz:{line}" in ran.err
    assert message in ran.err
