"""Who takes part: the subject's side, and the roles that subject, object and prepositions of a verb or status noun fill."""

from __future__ import annotations

import itertools
from collections.abc import Container

from inventory.extraction.clauses import Clause, governed, nominals
from inventory.extraction.sentence import Element
from inventory.extraction.state import Item, Mention
from inventory.rulebook.book import Cue, Entry
from inventory.rulebook.kinds import ITEM_KINDS

# Link rules by which the word before a thing may name its make rather than its owner.
_ADJECTIVES = frozenset({"adjective-owner", "name-owner"})
_HOLDER = 5  # elements from a noun back to whose it is: *Germany's new military aid package*
_TRANSFERS = frozenset({"delivered", "pledged", "ordered", "requested", "produced"})


def standing(items: list[Item]) -> dict[int, Item]:
    """The items by the elements that stand for them, from left to right; a class noun's element stands for the name that absorbed it."""
    return {item.position: item.top() for item in sorted(items, key=lambda item: item.position) if item.position >= 0}


def subject_actor(
    elements: list[Element], clauses: list[Clause], number: int, at: dict[int, Item], carried: Entry | None
) -> tuple[Entry | None, Mention | None, Item | None]:
    """The actor of a clause's subject: a named side, or the side of the unit or people that act."""
    clause = clauses[number]
    if clause.subject is None:
        return None, None, None
    lo, hi = clause.subject
    heads = nominals(elements, lo, hi)
    if not heads and hi - lo == 1 and elements[lo].kind in ITEM_KINDS + "CGAL":
        heads = [lo]
    for index in heads:
        element = elements[index]
        mention = element.mention
        if element.kind in ITEM_KINDS:
            item = at.get(index)
            if element.kind == "U" and index + 1 < hi and elements[index + 1].kind in "Ue" and index + 1 in at:
                continue  # *the Polish Army's 12th Brigade*: the part acts
            if element.kind in "Pe" and index + 1 < hi and _own_force(elements[index + 1]):
                continue  # *Sudan's paramilitary RSF*
            if item is not None:
                return item.values.get("actor") or item.actor, item.mention, item
        elif element.kind in "CG" and mention is not None and mention.dropped != "origin":
            if index + 1 < hi and (elements[index + 1].kind in ITEM_KINDS or _own_force(elements[index + 1])):
                continue
            return mention.actor, mention, None
        elif element.kind == "L" and mention is not None and mention.actor is not None:
            return mention.actor, mention, None
        elif element.kind == "A" and mention is not None and mention.dropped != "origin":
            following = elements[index + 1].kind if index + 1 < len(elements) else ""
            if following in ITEM_KINDS and following:
                continue
            return mention.actor, mention, None
        elif element.kind == "r" and element.word in ("it", "they", "he", "she", "we"):
            for outer in range(number - 1, -1, -1):
                actor, found, item = subject_actor(elements, clauses, outer, at, None)
                if actor is not None:
                    return actor, found, item
            return carried, None, None
    return None, None, None


# The role of the first of two objects, whatever the verb's frame says of *to*.
_RECEIVES = ("counterparty.recipient",)


def _own_force(element: Element) -> bool:
    """Whether a side behind a country is a force that acts for itself: *Sudan's RSF*; not a firm (*Korea's Hanwha*)."""
    actor = element.mention.actor if element.kind == "G" and element.mention is not None else None
    return actor is not None and actor.feature != "company"


def bind_roles(
    elements: list[Element], clause: Clause, cue: Cue, targets: list[Item], actor: Entry | None, actor_mention: Mention | None,
    actor_item: Item | None, passive: bool, frame: dict[str, tuple[str, ...]], arms: Container[str] = (),
) -> None:  # fmt: skip
    rule = cue.id
    roles: list[tuple[tuple[str, ...], Entry | None, Mention]] = []
    used: set[int] = set()
    if passive or (actor_item is not None and actor_item.mention.kind not in "UPe"):
        actor_item = None
    if not passive and actor_mention is not None:
        roles.append((frame.get("subject", ()), actor, actor_mention))
    lo = clause.verb + 1
    if passive and "to" in frame and clause.subject is not None and targets and all(_behind(t, elements[clause.verb]) for t in targets):
        # *Papua New Guinea was given two boats by Australia*: the subject is who receives.
        receiver = next((e.mention for e in elements[slice(*clause.subject)] if e.kind in "CGL" and e.mention is not None), None)
        if receiver is not None and receiver.actor is not None:
            roles.append((frame["to"], receiver.actor, receiver))
    for index in range(clause.lo, clause.hi):
        element = elements[index]
        mention = element.mention
        if mention is None or element.kind not in "CGALTU" or mention.dropped == "origin":
            continue
        if (
            clause.subject
            and clause.subject[0] <= index < clause.subject[1]
            and not passive
            and index < clause.verb
            and not governed(elements, index, clause.lo)
        ):
            continue
        preposition = governed(elements, index, clause.lo if index < clause.verb else lo)
        force = element.kind == "A" and index + 1 < len(elements) and elements[index + 1].kind in "eU"
        if force and frame.get("to") == ("actor",) and lo <= index <= lo + 1 and mention.actor is not None:
            roles.append((frame["to"], mention.actor, mention))  # *cost the Nigerien army five men*
            continue
        stands = element.kind == "A" and preposition == "to" and index + 1 < len(elements) and elements[index + 1].word in arms
        if element.kind in "AU" and not (preposition == "by" or (element.kind == "U" and preposition == "to") or stands):
            continue
        following = elements[index + 1].kind if index + 1 < len(elements) else ""
        if element.kind in "CG" and following in ITEM_KINDS and following and preposition not in ("to", "for", "by"):
            continue
        if preposition == "by":
            named = frame.get("by") or (frame.get("subject", ()) if passive else ())
            if not passive and named[:1] == ("actor",):
                # *received 66 Humvees in a donation by the United States*: the subject acts, whoever is named behind *by* gives.
                named = tuple(role for role in frame.get("from", ()) if role.startswith("counterparty"))
            roles.append((named, mention.actor, mention))
        elif (
            not preposition
            and index == lo
            and not passive
            and mention.actor is not None
            and "to" in frame
            and "item" in frame.get("object", ())
        ):
            # *gave Kyiv six jets*, *sent Kyiv six jets*: the receiver stands before the object.
            given = mention.actor.feature == "state" and " " not in elements[clause.verb].word
            given = given and frame["to"] != ("actor",)  # *cost Russia two jets*
            given = given and all(t.mention.kind in "EcM" and t.mention.start > mention.end for t in targets)
            named = _RECEIVES if given and not any(role in _RECEIVES for role in frame["to"]) else frame["to"]
            roles.append((named, mention.actor, mention))
            used.add(index)
        elif (
            not preposition
            and (index == lo or (index == lo + 1 and elements[lo].kind == "d"))
            and not passive
            and mention.actor is not None
            and (asked := tuple(role for role in frame.get("object", ()) if role.startswith("counterparty")))
        ):
            roles.append((asked, mention.actor, mention))  # *asked Washington for 20 launchers*
        elif preposition:
            named = frame.get(preposition, ())
            if named:
                roles.append((named, mention.actor, mention))
    for number, (names, entry, mention) in enumerate(roles):
        own = _shared_out(roles, number, targets)
        fill(names, entry, mention, own, rule, actor_item, cue, clause.kind in ("part", "rel") and passive)


def _shared_out(roles: list[tuple[tuple[str, ...], Entry | None, Mention]], number: int, targets: list[Item]) -> list[Item]:
    """The items a side belongs to where several have the same role: *12 tanks from Spain and six jets from Italy*; else all."""
    names, _, mention = roles[number]
    if not names or not names[0].startswith("counterparty"):
        return targets
    ends = sorted(other.end for other_names, _, other in roles if other_names == names)
    if len(ends) < 2:
        return targets
    parts = [[t for t in targets if lo <= t.mention.start < hi] for lo, hi in itertools.pairwise([0, *ends])]
    if not all(parts):
        return targets
    behind = [t for t in targets if t.mention.start >= ends[-1]]  # what still follows goes with the last
    return parts[ends.index(mention.end)] + (behind if mention.end == ends[-1] else [])


def _behind(item: Item, verb: Element) -> bool:
    return item.mention.start > verb.start


def bind_forces(
    elements: list[Element], clause: Clause, cue: Cue, targets: list[Item], at: dict[int, Item], frame: dict[str, tuple[str, ...]]
) -> None:
    """A force with a side under a preposition stands for that side: *transferred to the Russian army*."""
    for index in range(clause.verb + 1, clause.hi):
        other = at.get(index)
        if other is None or other.mention.kind not in "ePU" or (other in targets and "count" in other.bound):
            continue
        side = other.values.get("actor") or other.actor
        preposition = governed(elements, index, clause.verb + 1)
        names = frame.get(preposition, ())
        if side is not None and names and names[0].startswith(("counterparty", "actor")) and preposition != "by":
            fill(names[:1], side, other.mention, [t for t in targets if t is not other], cue.id, None, cue)


def bind_noun_roles(elements: list[Element], index: int, clause: Clause, cue: Cue, at: dict[int, Item], item: Item) -> None:
    """Roles beside a status noun: *Poland's delivery of six jets to Ukraine*."""
    at_holder = index - 1
    while at_holder > clause.lo and index - at_holder < _HOLDER and elements[at_holder].kind in "xKvQZ":
        at_holder -= 1
    if at_holder >= clause.lo:
        holder = elements[at_holder]
        if (
            holder.mention is not None
            and holder.kind in "CGAL"
            and holder.mention.actor is not None
            and "actor" in cue.frame.get("subject", ())
        ):
            item.set("actor", holder.mention.actor, cue.id, holder.mention.start, holder.mention.end)
    for position in range(index + 1, clause.hi):
        mention = elements[position].mention
        if mention is None or mention.actor is None:
            continue
        force = elements[position].kind == "A" and position + 1 < clause.hi and elements[position + 1].kind in "ePU"
        if elements[position].kind not in "CGL" and not force:
            continue
        preposition = governed(elements, position, index)
        names = cue.frame.get(preposition, ())
        if cue.value == "requested" and preposition == "from":
            names = ("actor",)  # *a request for missiles from Kyiv*: who asks
        fill(names, mention.actor, mention, [item], cue.id, None, cue)


def undertake(item: Item, side: Entry, cue: Cue, mention: Mention) -> None:
    """The side whose verb has a status noun for its object: *India considers the purchase of …*; a firm that wins an order supplies."""
    if cue.value != "ordered" or side.feature != "company":
        item.set("actor", side, cue.id, mention.start, mention.end, "who undertakes it")
        return
    buyer = item.values.get("counterparty") if item.values.get("counterparty_role") == "supplier" else None
    if buyer is not None and buyer.feature != "company":
        # *received an order from Hungary*: who is behind *from* buys.
        start, end = item.slots.pop("counterparty", (0, 0))
        item.bound -= {"counterparty", "counterparty_role"}
        item.set("actor", buyer, cue.id, start, end, "who orders")
    item.set("counterparty", side, cue.id, mention.start, mention.end, "the firm that gets the order")
    item.set("counterparty_role", "supplier", cue.id, 0, 0)


def _own_ship(item: Item) -> bool:
    """Whether the item is a ship by name, whose navy is known: another ship's side in the same list is not its own."""
    entry = item.mention.entry
    return entry is not None and entry.actor is not None and (entry.category or "").startswith("ship/")


def fill(
    names: tuple[str, ...],
    entry: Entry | None,
    mention: Mention,
    targets: list[Item],
    rule: str,
    actor_item: Item | None,
    cue: Cue,
    reduced: bool = False,
) -> None:
    for name in names:
        if name == "actor":
            if entry is None and actor_item is None:
                continue
            if reduced and entry is not None and any(role == "counterparty.recipient" for role in cue.frame.get("to", ())):
                # *missiles given by allies*: who gave them does not operate them.
                for item in targets:
                    if item.set("counterparty", entry, rule, mention.start, mention.end):
                        item.set("counterparty_role", "supplier", rule, 0, 0)
                return
            for item in targets:
                if item is actor_item or (item.actor is not None and item.actor is not entry and _own_ship(item)):
                    continue
                if entry is not None:
                    if (
                        cue.value in _TRANSFERS
                        and item.mention.kind in "EcM"
                        and "actor" in item.bound
                        and item.values["actor"] is not entry
                        and mention.start < item.mention.start
                        and any(slot == "actor" and rule_id in _ADJECTIVES for slot, rule_id, *_ in item.steps)
                    ):
                        # The adjective of a thing that is given names its make: *Warsaw sends Soviet MiG-29s*.
                        item.bound.discard("actor")
                    item.set("actor", entry, rule, mention.start, mention.end)
                if (
                    actor_item is not None
                    and actor_item.mention.kind == "U"
                    and item.mention.kind in "EcP"
                    and item.set("unit", actor_item.mention, rule, actor_item.mention.start, actor_item.mention.end)
                ):
                    item.mentions["unit"] = actor_item.mention
            return
        if name.startswith("counterparty."):
            if entry is None or mention.kind not in "CGALPUe":
                continue
            role = name.partition(".")[2]
            for item in targets:
                if item.values.get("actor") is entry:
                    continue
                if item.set("counterparty", entry, rule, mention.start, mention.end):
                    item.set("counterparty_role", role, rule, 0, 0)
            return
        if name.startswith("place") and mention.kind in "CLT":
            return  # places are bound by nearness, once, for all clauses
