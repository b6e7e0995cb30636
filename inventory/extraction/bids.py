"""A status offered to an item, and which offer wins."""

from __future__ import annotations

from typing import Any, NamedTuple

from inventory.extraction.sentence import Element
from inventory.extraction.state import Item
from inventory.model import ECHELONS
from inventory.rulebook.book import Cue


class Bid(NamedTuple):
    """A status offered to an item; the highest rank wins."""

    rank: int
    cue: Cue
    value: str
    element: Element
    clause: int
    agent: bool


def value_for(cue: Cue, item: Item) -> str:
    if cue.people and item.mention.kind == "P":
        return cue.people
    if cue.forces and (item.mention.kind in "PUe" or item.values.get("counted_as") in ECHELONS):
        return cue.forces
    if item.mention.kind != "P" and cue.value in ("killed", "wounded", "detained"):
        return {"killed": "destroyed", "wounded": "damaged", "detained": "captured"}[cue.value]
    return cue.value


def offer(bids: dict[int, list[Bid]], item: Item, cue: Cue, element: Element, clause: int, rank: int) -> None:
    """Offer an item the status of a cue, unless the cue tells only of other categories."""
    entry = item.mention.entry
    if cue.only is not None and not ((entry.category or "") if entry is not None else "").startswith(tuple(cue.only.split(" | "))):
        return
    bids[item.index].append(Bid(rank, cue, value_for(cue, item), element, clause, False))


def choose(bids: list[Bid]) -> Bid | None:
    """The winning bid: the highest rank, the earlier on a tie."""
    best: Bid | None = None
    for bid in bids:
        if best is None or bid.rank > best.rank:
            best = bid
    return best


def describe(bids: list[Bid]) -> list[dict[str, Any]]:
    """The bids as plain data, for `explain`."""
    return [{"rule": bid.cue.id, "value": bid.value, "rank": bid.rank, "words": bid.element.word} for bid in bids]
