"""Find reprints: documents whose text is a near-copy of an earlier one, so that one agency text counts once as a source.

Texts are compared as sets of shingles (runs of five words, hashed to 64 bits), exactly: an index over a fixed share of the
hashes proposes pairs, the whole sets decide. Nothing is random, and a pair's verdict does not depend on the other documents,
except that a shingle which very many texts share (boilerplate) proposes no pair.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from inventory.model import Document
from inventory.records import Reprint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

# Words in a shingle. Broder et al. (1997, "Syntactic clustering of the web") used ten for whole pages; five still tells two reports
# of one event apart, and a changed word spoils five shingles instead of ten.
SHINGLE = 5
# Least Jaccard index of a reprint, and least share of the shorter text that the longer holds (an outlet prints the first
# paragraphs only, or adds its own). Chosen on texts of our own: an edited copy has 0.6 and 0.8, a report of the same event in other
# words 0, and among 26 sample documents no two have more than 0.003.
MIN_SIMILARITY = 0.5
MIN_CONTAINED = 0.75
# A text of fewer shingles than this must be like the other one as a whole: one quoted paragraph makes no reprint.
MIN_PART = 40
# One hash in so many enters the index, but never fewer than `MIN_SAMPLE` of a text; a pair worth proposing shares dozens.
SAMPLE = 4
MIN_SAMPLE = 16
# Share of the smaller sample that a pair worth comparing has in common: well below what a reprint has, since a sample varies.
MIN_SHARED = 0.3
# A shingle that stands in more texts than this is boilerplate of a site and proposes no pair.
COMMON = 64
# Words at the head of a text (place and day of the dateline) whose figures may differ between copies. Not more: the lead tells numbers.
HEAD = 5
# A copy that adds less than this share of new shingles is not worth a place of its own in the index.
MIN_NEW = 0.1
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_ODD = 0x9E3779B97F4A7C15  # 2^64 divided by the golden ratio, odd: Knuth's multiplicative hashing


class Print(NamedTuple):
    """One text as it is compared: its set of shingles (sorted), and of those with figures the form without them beside the whole."""

    doc_id: str
    hashes: Hashes
    figures: dict[int, set[int]]


def find_reprints(documents: Iterable[Document]) -> list[Reprint]:
    """The documents that copy an earlier one, each with its original, in the order of their ids.

    Earlier is what was published (or, if that is not known, retrieved) on an earlier day; on one day the longer text, then the smaller
    id; texts without any date come last. The original is never a reprint itself: a copy of a copy counts as a copy of the first.

    A text that repeats another but for its figures is an update, not a reprint: where both print the same words around a number (beyond
    the dateline) and the numbers differ, they are kept apart. Numbers in words are words like any other.
    `similarity` is the Jaccard index of document and original, which is low where only a part was reprinted.

    Cost: 10,000 texts of 500 words take some 8 s and 0.4 GB. Documents without text are passed over. The result does not depend on the
    order of `documents`.
    """
    prints = [made for made in map(_make_print, _in_order(documents)) if made is not None]
    index = _Index()
    originals: dict[int, int] = {}
    found = []
    for number, one in enumerate(prints):
        earlier = next((other for other in index.propose(one) if is_reprint(one, prints[other])), None)
        if earlier is None:
            index.add(number, one)
            continue
        origin = originals[number] = originals.get(earlier, earlier)
        if _overlap(one, prints[earlier]) < (1 - MIN_NEW) * len(one.hashes):
            index.add(number, one)
        found.append(Reprint(one.doc_id, prints[origin].doc_id, round(_jaccard(one, prints[origin]), 4)))
    return sorted(found)


def is_reprint(one: Print, other: Print) -> bool:
    """Whether two texts are near-copies, as a whole or one of a long part of the other, and agree in their figures."""
    shared = _overlap(one, other)
    shorter = min(len(one.hashes), len(other.hashes))
    whole = shared >= MIN_SIMILARITY * (len(one.hashes) + len(other.hashes) - shared)
    part = shorter >= MIN_PART and shared >= MIN_CONTAINED * shorter
    return (whole or part) and not _figures_differ(one, other)


def _in_order(documents: Iterable[Document]) -> list[Document]:
    return sorted(documents, key=lambda one: (one.published or one.retrieved or dt.date.max, -len(one.text), one.doc_id))


def _make_print(document: Document) -> Print | None:
    import numpy as np

    words = [word.replace(",", "") for word in _WORD.findall(unicodedata.normalize("NFKC", document.text).casefold())]
    if not words:
        return None
    # crc32 and not hash(): the latter differs from one process to the next. A short text is one shingle, its end padded with zeros.
    codes = np.array([zlib.crc32(word.encode()) + 1 for word in words] + [0] * (SHINGLE - len(words)), np.uint64)
    is_figure = np.array([word[0].isdigit() for word in words] + [False] * (SHINGLE - len(words)))
    whole = _hash_shingles(codes, np)
    bare = _hash_shingles(np.where(is_figure, np.uint64(0), codes), np)
    figures: dict[int, set[int]] = {}
    for place in np.flatnonzero(np.lib.stride_tricks.sliding_window_view(is_figure, SHINGLE).any(axis=1)):
        if place >= HEAD:
            figures.setdefault(int(bare[place]), set()).add(int(whole[place]))
    return Print(document.doc_id, np.unique(whole), figures)


def _hash_shingles(codes: Hashes, np: Any) -> Hashes:
    """One well-mixed 64-bit hash for each run of `SHINGLE` codes."""
    count = len(codes) - SHINGLE + 1
    total = np.zeros(count, np.uint64)
    for offset in range(SHINGLE):
        total = (total ^ codes[offset : offset + count]) * np.uint64(_ODD)
        total ^= total >> np.uint64(29)
    hashes: Hashes = total
    return hashes


def _overlap(one: Print, other: Print) -> int:
    import numpy as np

    return len(np.intersect1d(one.hashes, other.hashes, assume_unique=True))


def _jaccard(one: Print, other: Print) -> float:
    shared = _overlap(one, other)
    return shared / (len(one.hashes) + len(other.hashes) - shared)


def _figures_differ(one: Print, other: Print) -> bool:
    return any(one.figures[bare].isdisjoint(other.figures[bare]) for bare in one.figures.keys() & other.figures.keys())


class _Index:
    """Which texts hold a hash, for a share of the hashes that is the same in every text."""

    def __init__(self) -> None:
        self._holders: dict[int, list[int]] = {}
        self._sizes: dict[int, int] = {}

    def add(self, number: int, one: Print) -> None:
        sample = _sample(one.hashes)
        self._sizes[number] = len(sample)
        for code in sample:
            self._holders.setdefault(code, []).append(number)

    def propose(self, one: Print) -> list[int]:
        """The texts that share enough sampled hashes with `one` to be worth comparing, most first; of equals the earlier."""
        shared: Counter[int] = Counter()
        telling = 0
        for code in _sample(one.hashes):
            holders = self._holders.get(code, ())
            if len(holders) <= COMMON:
                telling += 1
                shared.update(holders)
        likely = [number for number, count in shared.items() if count >= MIN_SHARED * min(telling, self._sizes[number])]
        return sorted(likely, key=lambda number: (-shared[number], number))


def _sample(hashes: Hashes) -> list[int]:
    # Sorted, the smallest come first: the rule "below a fixed bound, and at least so many" picks the same ones in similar texts.
    below = int(hashes.searchsorted(2**64 // SAMPLE))
    return [int(code) for code in hashes[: max(below, MIN_SAMPLE)]]
