"""One sentence as it is read, and what the text hands on from sentence to sentence."""

from __future__ import annotations

from typing import Any, NamedTuple

from inventory.extraction.bids import Bid
from inventory.extraction.claims import Claim
from inventory.extraction.clauses import Clause
from inventory.extraction.sentence import Sentence
from inventory.extraction.state import Item
from inventory.extraction.tables import Row
from inventory.model import Fact
from inventory.rulebook.book import Entry


class Carry:
    """What the text hands on from sentence to sentence inside a block of prose."""

    __slots__ = ("actor", "block", "claim", "date", "event", "items", "listed", "place", "place_block", "target")

    def __init__(self) -> None:
        self.actor: Entry | None = None
        self.target: Entry | None = None  # the side whose targets the text said are hit
        self.place: Any = None
        self.place_block = -1
        self.event = False
        """Whether that place is of a sentence that told of no thing: an event, whose losses the next may tell."""
        self.claim: Claim | None = None
        self.items: list[Item] = []
        self.date: Any = None
        self.block = -1
        self.listed: dict[int, Listed] = {}  # what was read in the line above a list, by its start

    def pass_over(self, sentence: Sentence) -> None:
        """Go on to behind a sentence, which may bring a date."""
        dates = [m for m in sentence.mentions if m.kind == "D"]
        self.date = dates[0] if len(dates) == 1 else None if dates else self.date
        self.block = sentence.block


class Listed(NamedTuple):
    """The line above a list: the thing that stands for the list's own lines, what won its status, and who says so."""

    item: Item
    bid: Bid | None
    claims: list[Claim]


class Reading:
    """One sentence with everything that was read in it, for facts and for `explain`."""

    __slots__ = ("bids", "chosen", "claims", "clauses", "facts", "items", "row", "sentence", "tells", "tries")

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.clauses: list[Clause] = []
        self.items: list[Item] = []
        self.bids: dict[int, list[Bid]] = {}
        self.chosen: dict[int, Bid | None] = {}
        self.claims: list[Claim] = []
        self.tells = True
        self.row: Row | None = None
        self.tries: list[Any] = []
        self.facts: list[tuple[Item, Fact]] = []
