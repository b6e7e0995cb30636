"""Run the link rules over the masked line and bind what they capture to items."""

from __future__ import annotations

from typing import Any

from inventory.extraction.sentence import Sentence, mask
from inventory.extraction.state import Item, Mention, Quantity
from inventory.rulebook.book import Link, LinkIndex, LinkPattern, Rulebook
from inventory.rulebook.kinds import ITEM_KINDS, START
from inventory.text.fold import Folded

# Words other than articles, determiners and possessives with which a link rule may begin.
_WORD_STARTS = frozenset({"one", "another"})
_FEW = 20  # ships: a larger number before a name stands on its bow
_ROLES = ("count", "actor", "counterparty", "origin", "unit", "size", "echelon", "total")


def is_individual(mention: Mention) -> bool:
    """Whether the mention names one ship, not a type."""
    entry = mention.entry
    return entry is not None and entry.actor is not None and (entry.category or "").startswith("ship/")


def make_items(sentence: Sentence) -> list[Item]:
    """An item for every mention that can be one."""
    items: list[Item] = []
    for mention in sentence.mentions:
        if mention.kind in ITEM_KINDS and not mention.dropped:
            item = Item(mention, len(items), sentence.index_of.get(mention.start, -1))
            if mention.rule == "counted-people":
                item.set("actor", mention.actor, mention.rule, mention.start, mention.end, "their nationality")
            items.append(item)
    return items


def link_items(
    sentence: Sentence, items: list[Item], folded: Folded, book: Rulebook, tries: list[Any] | None = None, *, everywhere: bool = False
) -> None:
    """Apply the link rules, highest priority first; the first to fill a slot keeps it.

    A rule runs only where the kinds that it needs are present, at the places it can begin; `everywhere` scans with all.
    """
    if not items:
        return
    line = mask(sentence, folded)
    offset = sentence.start
    by_start = {m.start: m for m in sentence.mentions}
    item_at = {item.mention.start: item for item in items}
    number = 0
    if everywhere:
        for link in book.links:
            pattern = book.link_pattern(link)
            for match in pattern.finditer(line):
                number += 1
                if tries is not None:
                    tries.append((link.id, offset + match.start(), offset + match.end()))
                _apply(link, pattern, match, offset, by_start, item_at, number)
        return
    for number_of_rule, starts in _starts(sentence, line, book.link_index()):
        link = book.links[number_of_rule]
        pattern = book.link_pattern(link)
        probe = pattern.probe
        last = -1
        for at in starts:
            if at < last:
                continue
            match = probe(line, at)
            if match is not None and pattern.repeats:
                match = pattern.match(line, at)
            if match is None or match.end() <= at:
                continue
            last = match.end()
            number += 1
            if tries is not None:
                tries.append((link.id, offset + match.start(), offset + match.end()))
            _apply(link, pattern, match, offset, by_start, item_at, number)


def _starts(sentence: Sentence, line: str, index: LinkIndex) -> list[tuple[int, list[int]]]:
    """The numbers of the link rules that may match, in order, each with the offsets in the line at which it may."""
    offset = sentence.start
    kinds = "".join(sorted(sentence.kinds))
    able = index.able[kinds + "-"] & index.possible(line)
    beginning, numbers = index.beginning, index.numbers
    places: dict[int, list[int]] = {}
    # From the end, so that the kinds of the next two mentions are known.
    first = second = "-"
    for element in reversed(sentence.elements):
        kind = element.kind
        mention = element.mention
        if mention is not None:
            kind = mention.kind
            first, second = kind, first
            mask = able & beginning[START[kind] + first + second]
        elif kind in "VR":
            first, second = "V", first
            continue
        elif kind in "ady" or element.word in _WORD_STARTS:
            word = element.word
            mask = able & beginning[(word[:2] if len(word) > 1 else word + " ") + first + second]
        else:
            continue
        if mask:
            at = (element.start if mention is None else mention.start) - offset
            for number in numbers[mask]:
                places.setdefault(number, []).append(at)
    for starts in places.values():
        starts.reverse()
    return sorted(places.items())


def _captured(pattern: LinkPattern, match: Any, role: str, offset: int, by_start: dict[int, Mention]) -> list[Mention]:
    if role not in pattern.roles:
        return []
    if not pattern.repeats:
        found = by_start.get(offset + match.start(role))
        return [] if found is None else [found]
    return [by_start[offset + s] for s, _ in match.spans(role) if offset + s in by_start]


def _apply(
    link: Link, pattern: LinkPattern, match: Any, offset: int, by_start: dict[int, Mention], item_at: dict[int, Item], number: int
) -> None:
    captured = _captured(pattern, match, "item", offset, by_start)
    targets = [item_at[m.start] for m in (sorted(captured, key=lambda m: m.start) if len(captured) > 1 else captured) if m.start in item_at]
    if not link.absorb and not link.set.get("group"):
        targets = [item.top() for item in targets]
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
        totals = _captured(pattern, match, "total", offset, by_start)
        if totals and totals[-1].start in item_at:
            total = item_at[totals[-1].start]
            for item in targets:
                if item is not total and item.subset_of is None:
                    item.subset_of = total
                    item.steps.append(("", rule, start, end, "part of a total"))
        return
    fresh = [item for item in targets if item.absorbed_by is None]
    for role in link.absorb:
        for mention in _captured(pattern, match, role, offset, by_start):
            other = item_at.get(mention.start)
            if role == "unit" and other is not None and other not in targets and other.absorbed_by is None:
                other.absorbed_by = targets[0].top()
                continue
            if other is None or other in targets or other.absorbed_by is not None or targets[0].absorbed_by is not None:
                continue
            if role in ("echelon", "size"):
                continue
            other.absorbed_by = targets[0]
            for item in targets:
                item.heads.append(mention)
                item.steps.append(("item", rule, mention.start, mention.end, "class of the named type"))
            if not any(is_individual(item.mention) for item in targets):
                _hand_over(other, targets[0])
    for role in _ROLES:
        if role not in pattern.roles:
            continue
        found = _captured(pattern, match, role, offset, by_start)
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
            elif (
                role == "echelon"
                and mention.entry is not None
                and item.set("counted_as", mention.entry.echelon, rule, mention.start, mention.end)
            ):
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
    if is_individual(item.mention) and (quantity.low or 0) > _FEW:
        return False  # *the destroyer 173 Changsha*: a number on the bow
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
