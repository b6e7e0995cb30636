"""Run the link rules over the masked line and bind what they capture to items."""

from __future__ import annotations

from typing import Any

from inventory.extraction.sentence import Sentence, mask
from inventory.extraction.state import Item, Mention, Quantity
from inventory.rulebook.book import Link, Rulebook
from inventory.rulebook.kinds import ITEM_KINDS
from inventory.text.fold import Folded

_ROLES = ("count", "actor", "counterparty", "origin", "unit", "size", "echelon", "total")


def is_individual(mention: Mention) -> bool:
    """Whether the mention names one ship, not a type."""
    entry = mention.entry
    return entry is not None and entry.actor is not None and (entry.category or "").startswith("ship/")


def make_items(sentence: Sentence) -> list[Item]:
    """An item for every mention that can be one."""
    items = []
    for mention in sentence.mentions:
        if mention.kind in ITEM_KINDS and not mention.dropped:
            items.append(Item(mention, len(items)))
    return items


def link_items(sentence: Sentence, items: list[Item], folded: Folded, book: Rulebook, tries: list[Any] | None = None) -> None:
    """Apply the link rules, highest priority first; the first to fill a slot keeps it."""
    if not items:
        return
    line = mask(sentence, folded)
    kinds = {m.kind for m in sentence.mentions}
    by_start = {m.start: m for m in sentence.mentions}
    item_at = {item.mention.start: item for item in items}
    groups = 0
    for link in book.links:
        if link.needs and not any(letter in kinds for letter in link.needs[0]):
            continue
        for match in book.link_pattern(link).finditer(line, timeout=2):
            if tries is not None:
                tries.append((link.id, sentence.start + match.start(), sentence.start + match.end()))
            groups += 1
            _apply(link, match, sentence.start, by_start, item_at, groups)


def _captured(match: Any, role: str, offset: int, by_start: dict[int, Mention]) -> list[Mention]:
    try:
        spans = match.spans(role)
    except IndexError:
        return []
    return [by_start[offset + s] for s, _ in spans if offset + s in by_start]


def _apply(link: Link, match: Any, offset: int, by_start: dict[int, Mention], item_at: dict[int, Item], number: int) -> None:
    targets = [item_at[m.start] for m in sorted(_captured(match, "item", offset, by_start), key=lambda m: m.start) if m.start in item_at]
    if not targets:
        return
    start, end = offset + match.start(), offset + match.end()
    rule = link.id
    kind = link.set.get("group")
    if kind == "list":
        for item in targets:
            item.group = number if item.group < 0 else item.group
        shared = min(item.group for item in targets)
        for item in targets:
            item.group = shared
        return
    if kind == "subset":
        totals = _captured(match, "total", offset, by_start)
        if totals and totals[-1].start in item_at:
            total = item_at[totals[-1].start]
            for item in targets:
                if item is not total and item.subset_of is None:
                    item.subset_of = total
                    item.steps.append(("", rule, start, end, "part of a total"))
        return
    fresh = [item for item in targets if item.absorbed_by is None]
    for role in link.absorb:
        for mention in _captured(match, role, offset, by_start):
            other = item_at.get(mention.start)
            if other is None or other in targets or other.absorbed_by is not None:
                continue
            if role in ("echelon", "size"):
                continue
            if role == "unit":
                other.absorbed_by = targets[0]
                continue
            other.absorbed_by = targets[0]
            for item in targets:
                item.heads.append(mention)
                item.steps.append(("item", rule, mention.start, mention.end, "class of the named type"))
            if not any(is_individual(item.mention) for item in targets):
                _hand_over(other, targets[0])
    for role in _ROLES:
        found = _captured(match, role, offset, by_start)
        if not found:
            continue
        for position, item in enumerate(fresh):
            mention = found[min(position, len(found) - 1)]
            if role == "count":
                if position and "count" not in link.distribute and len(found) <= position:
                    continue
                bind_count(item, mention, rule)
            elif role == "actor":
                if mention.actor is not None and mention.dropped != "origin":
                    item.set("actor", mention.actor, rule, mention.start, mention.end)
            elif role == "counterparty":
                mention.dropped = "origin"
                if item.set("counterparty", mention.actor, rule, mention.start, mention.end):
                    item.set("counterparty_role", link.set.get("counterparty_role", "supplier"), rule, 0, 0)
            elif role == "origin":
                mention.dropped = "origin"
                item.set("origin", mention.actor, rule, mention.start, mention.end)
            elif role == "unit":
                if mention.start != item.mention.start:
                    item.mentions.setdefault("unit", mention)
                    item.set("unit", mention, rule, mention.start, mention.end)
            elif role == "size":
                if mention.entry is not None:
                    item.set("echelon", mention.entry.echelon, rule, mention.start, mention.end)
                _absorb(item_at, mention, item)
            elif role == "echelon" and mention.entry is not None:
                if item.set("counted_as", mention.entry.echelon, rule, mention.start, mention.end):
                    _absorb(item_at, mention, item)
    for slot in ("counted_as",):
        if slot in link.set:
            for item in fresh:
                item.set(slot, link.set[slot], rule, start, end)
    if "count" in link.set and fresh:
        size = int(link.set["count"])
        item = fresh[0]
        if item.set("count", Quantity(size, size, link.set.get("basis", "exact")), rule, start, _word_end(match, offset)):
            item.values["article"] = True
    for item in targets:
        item.score = min(item.score, link.score)


def _word_end(match: Any, offset: int) -> int:
    text = match[0]
    space = text.find(" ")
    return int(offset + match.start() + (space if space > 0 else len(text)))


def _absorb(item_at: dict[int, Item], mention: Mention, item: Item) -> None:
    other = item_at.get(mention.start)
    if other is not None and other is not item and other.absorbed_by is None:
        other.absorbed_by = item


def bind_count(item: Item, mention: Mention, rule: str) -> bool:
    """Bind a quantity to an item; tells whether the slot was free."""
    quantity = mention.value
    if not isinstance(quantity, Quantity) or mention.dropped == f"count:{item.index}":
        return False
    if item.set("count", quantity, rule, mention.start, mention.end):
        mention.dropped = mention.dropped or "count"
        return True
    return False


def _hand_over(source: Item, target: Item) -> None:
    """What was bound to an absorbed class noun belongs to the name that absorbed it."""
    for slot in ("count", "actor", "counted_as", "counterparty", "counterparty_role", "unit", "origin", "echelon"):
        if slot in source.bound and slot not in target.bound:
            start, end = source.slots.get(slot, (0, 0))
            target.set(slot, source.values[slot], next(rule for s, rule, *_ in source.steps if s == slot), start, end)
            if slot == "count" and source.values.get("article"):
                target.values["article"] = True
