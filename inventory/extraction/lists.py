"""Lists: a line that ends in a colon and the lines below it, which are read in its light."""

from __future__ import annotations

from bisect import bisect_left

from inventory.extraction.guards import guard_heads, is_strong, military
from inventory.extraction.scan import find_cues
from inventory.extraction.state import Mention
from inventory.rulebook.book import Rulebook
from inventory.text.fold import Folded
from inventory.text.split import Block

# A line this short without a full stop is a heading, or a line of a list that has no bullets.
HEADING = 80

_CONFIRM = 2  # different everyday nouns that do not yet make a list military


class Lists:
    """The lists of a document, and which of them speak of arms."""

    def __init__(self, folded: Folded, book: Rulebook, blocks: list[Block], heads: list[Mention]) -> None:
        self.folded = folded
        self.book = book
        self.blocks = blocks
        self.heads = heads
        self.spans = _find_lists(folded.cased, blocks)
        self.known: dict[tuple[int, int], bool] = {}

    def military(self, number: int) -> bool:
        """Whether a block is a line of a list that, taken together with the line above it, speaks of arms."""
        span = self.spans.get(number)
        if span is None:
            return False
        if span not in self.known:
            start, end = self.blocks[span[0]].start, self.blocks[span[1]].end
            own = self.heads[bisect_left(self.heads, start, key=_start) : bisect_left(self.heads, end, key=_start)]
            cues = find_cues(self.folded, self.book, start, end)
            kept = guard_heads(own, cues, self.folded, start, end, False, self.book)
            # Two everyday nouns confirm each other in one sentence; what a list holds together is looser.
            kinds = {mention.entry.id for mention in kept if mention.entry is not None}
            self.known[span] = any(map(is_strong, own)) or (bool(kept) and military(cues)) or len(kinds) > _CONFIRM
        return self.known[span]


def _start(mention: Mention) -> int:
    return mention.start


def _find_lists(text: str, blocks: list[Block]) -> dict[int, tuple[int, int]]:
    """By number of block: the first and last block of the list that it is a line of; the line above it is the first."""
    spans: dict[int, tuple[int, int]] = {}
    lead = -1
    lines: list[int] = []

    def close() -> None:
        spans.update((line, (lead, lines[-1])) for line in lines)
        lines.clear()

    for number, block in enumerate(blocks):
        if text[block.end - 1] == ":":
            close()
            lead = number
        elif lead >= 0 and (block.bullet or (block.end - block.start <= HEADING and text[block.end - 1] not in ".!?")):
            lines.append(number)
        else:
            close()
            lead = -1
    close()
    return spans
