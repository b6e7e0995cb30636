"""The clause frame: who – does – what – to whom or where. Binds status, actor, counterparty and place to items."""

from __future__ import annotations

from typing import Any, NamedTuple

from inventory.extraction.clauses import Clause, governed, nominals
from inventory.extraction.sentence import Element, Sentence
from inventory.extraction.state import Item, Mention
from inventory.rulebook.book import Cue, Entry
from inventory.rulebook.kinds import ITEM_KINDS

_TRANSFERS = frozenset({"delivered", "pledged", "ordered", "requested", "produced"})
_PEOPLE = frozenset({"personnel", "unit"})
# A status noun or predicate reaches over at most this many elements.
_NEAR = 7


class Bid(NamedTuple):
    """A status offered to an item; the highest rank wins."""

    rank: int
    cue: Cue
    value: str
    element: Element
    clause: int
    agent: bool


def bind_clauses(
    sentence: Sentence, clauses: list[Clause], items: list[Item], carried: Entry | None, presence: Cue | None = None
) -> dict[int, list[Bid]]:
    """Bind every clause's frame to the items in its regions; returns the status bids by item index.

    `carried` is the actor that an unresolved pronoun stands for (the previous sentence's subject); `presence` the cue that
    *to be somewhere* counts as.
    """
    elements = sentence.elements
    index_of = {e.mention.start: i for i, e in enumerate(elements) if e.mention is not None}
    at = {index_of[item.mention.start]: item.top() for item in items if item.mention.start in index_of}
    bids: dict[int, list[Bid]] = {item.index: [] for item in items}
    for item in items:
        position = index_of.get(item.mention.start, 0)
        item.clause = next((n for n, c in enumerate(clauses) if c.lo <= position < c.hi), 0)
    for number, clause in enumerate(clauses):
        if clause.verb >= 0:
            _bind_verb(elements, clauses, number, at, bids, carried)
    _bind_nominals(elements, clauses, at, bids)
    if presence is not None:
        _bind_copula(elements, clauses, at, bids, presence)
    _bind_company(elements, at, bids)
    return bids


def _bind_copula(elements: list[Element], clauses: list[Clause], at: dict[int, Item], bids: dict[int, list[Bid]], presence: Cue) -> None:
    """To be somewhere is to be present: *a battery is north of the runway*, *3,000 soldiers were there*."""
    for number, clause in enumerate(clauses):
        if clause.verb >= 0:
            continue
        copula = next((i for i in range(clause.lo, clause.hi) if elements[i].kind == "b"), None)
        if copula is None:
            continue
        after = elements[copula + 1 : clause.hi]
        somewhere = any(
            e.kind in "LT" or (e.kind == "C" and governed(elements, elements.index(e), copula) not in ("", "of", "by", "from"))
            for e in after
        )
        if not somewhere and not any(e.word in ("there", "here", "nearby", "visible", "present", "aboard", "ashore") for e in after):
            continue
        for index in range(clause.lo, clause.hi):
            item = at.get(index)
            if item is not None and not bids[item.index] and (index < copula or not any(i in at for i in range(clause.lo, copula))):
                bids[item.index].append(Bid(10, presence, presence.value, elements[copula], number, False))


def _bind_company(elements: list[Element], at: dict[int, Item], bids: dict[int, list[Bid]]) -> None:
    """Who comes along does what the others do: *joined by a team*, *together with two tugs*, *alongside*."""
    last: Item | None = None
    for index in sorted(at):
        item = at[index]
        if item.absorbed_by is not None:
            continue
        if bids[item.index]:
            last = item
        elif last is not None and governed(elements, index) in ("by", "with", "alongside", "besides", "including"):
            bids[item.index] = list(bids[last.index])


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
            if item is not None:
                return item.values.get("actor") or item.actor, item.mention, item
        elif element.kind in "CG" and mention is not None and mention.dropped != "origin":
            if index + 1 < hi and elements[index + 1].kind in ITEM_KINDS:
                continue
            return mention.actor, mention, None
        elif element.kind == "L" and mention is not None and mention.actor is not None:
            return mention.actor, mention, None
        elif element.kind == "A" and mention is not None and mention.dropped != "origin":
            following = elements[index + 1].kind if index + 1 < len(elements) else ""
            if following in ITEM_KINDS and following:
                continue
            return mention.actor, mention, None
        elif element.kind == "r":
            if element.word in ("it", "they", "he", "she", "we"):
                for outer in range(number - 1, -1, -1):
                    actor, found, item = subject_actor(elements, clauses, outer, at, None)
                    if actor is not None:
                        return actor, found, item
                return carried, None, None
    return None, None, None


def _cue_of(element: Element, near: list[Item]) -> Cue | None:
    cues = [cue for cue, form in element.cue.forms if cue.type == "status" and form != "-"] if element.cue else []
    cues = [cue for cue in cues if cue.only is None or any(_category(item).startswith(cue.only) for item in near)]
    if not cues:
        return None
    return max(cues, key=lambda c: c.priority)


def _category(item: Item) -> str:
    entry = item.mention.entry
    return (entry.category or "") if entry is not None else ""


def _bind_verb(
    elements: list[Element], clauses: list[Clause], number: int, at: dict[int, Item], bids: dict[int, list[Bid]], carried: Entry | None
) -> None:
    clause = clauses[number]
    verb = elements[clause.verb]
    after = [i for i in range(clause.verb + 1, clause.hi)]
    objects = list(dict.fromkeys(at[i] for i in after if i in at))
    near = [at[i] for i in range(clause.lo, clause.hi) if i in at]
    cue = _cue_of(verb, near)
    actor, actor_mention, actor_item = subject_actor(elements, clauses, number, at, carried)
    if cue is None:
        return
    frame = cue.frame
    lo, hi = clause.subject or (clause.lo, clause.lo)
    subjects = list(dict.fromkeys(at[i] for i in range(lo, hi) if i in at))
    if clause.kind == "part" or (clause.kind == "rel" and hi - lo == 1):
        subjects = _with_list(subjects, at)
    passive = clause.voice in ("passive", "participle")
    rank = cue.priority + (0 if clause.kind in ("part", "rel") else 8)
    direct = [item for item in objects if _direct(elements, item, clause)]
    if passive:
        targets, agents = subjects, [i for i in objects if _by(elements, i, clause)]
        targets = targets + [
            i
            for i in objects
            if i not in agents
            and (_direct(elements, i, clause) or _prep(elements, i, clause) in ("with", "including", "along", "alongside"))
        ]
    elif "item" in frame.get("object", ()) and direct:
        targets = objects
        agents = [] if "item" in frame.get("subject", ()) and not cue.agent else subjects
        if "item" in frame.get("subject", ()) and not cue.agent:
            targets = subjects + objects
    elif "item" in frame.get("subject", ()) or not frame or not direct:
        targets, agents = (
            subjects + [i for i in objects if _prep(elements, i, clause) in ("with", "alongside", "including", "carrying", "")],
            [],
        )
        if (
            cue.agent
            and subjects
            and cue.value in ("destroyed", "damaged", "sunk", "shot_down", "killed", "wounded", "struck")
            and "item" not in frame.get("subject", ())
        ):
            # *the tank burned*, *the jet crashed*: without an object the subject itself is lost.
            agents = []
    else:
        targets, agents = [], subjects
    if cue.only is not None:
        targets = [item for item in targets if _category(item).startswith(cue.only)]
    for item in targets:
        preposition = _prep(elements, item, clause) if item in objects else ""
        value = _value(cue, item)
        if preposition in ("against", "on", "at") and item in objects and not passive:
            value = "struck" if cue.value in ("used", "struck") else value
        elif preposition == "with" and cue.agent and not passive:
            value = "used"
        elif preposition in ("from", "aboard", "by", "of") and item in objects and not _direct(elements, item, clause):
            continue
        bids[item.index].append(Bid(rank, cue, value, verb, number, False))
    for item in agents:
        if passive and "item" in frame.get("subject", ()):
            # *the bridge is guarded by a battalion*: whoever does it is told of.
            bids[item.index].append(Bid(rank, cue, _value(cue, item), verb, number, False))
        elif cue.agent is not None:
            bids[item.index].append(Bid(rank - 5, cue, cue.agent, verb, number, True))
    _bind_roles(elements, clause, cue, [i for i in targets], actor, actor_mention, actor_item, passive, frame)
    _bind_forces(elements, clause, cue, targets, at, frame)


def _with_list(subjects: list[Item], at: dict[int, Item]) -> list[Item]:
    groups = {item.group for item in subjects if item.group >= 0}
    return [*subjects, *dict.fromkeys(item for item in at.values() if item.group in groups and item not in subjects)]


def _value(cue: Cue, item: Item) -> str:
    if cue.people and item.mention.kind == "P":
        return cue.people
    if cue.forces and item.mention.kind in "PUe":
        return cue.forces
    if item.mention.kind != "P" and cue.value in ("killed", "wounded", "detained"):
        return {"killed": "destroyed", "wounded": "damaged", "detained": "captured"}[cue.value]
    return cue.value


def _position(elements: list[Element], item: Item) -> int:
    for index, element in enumerate(elements):
        if element.mention is item.mention:
            return index
    return -1


def _prep(elements: list[Element], item: Item, clause: Clause) -> str:
    return governed(elements, _position(elements, item), clause.lo)


def _by(elements: list[Element], item: Item, clause: Clause) -> bool:
    return _prep(elements, item, clause) == "by"


def _direct(elements: list[Element], item: Item, clause: Clause) -> bool:
    preposition = _prep(elements, item, clause)
    return preposition in ("", "including", "with", "like", "than") or "counted_as" in item.bound or (
        preposition in ("of", "at") and "count" in item.bound and not item.values.get("article")
    )


def _bind_roles(
    elements: list[Element], clause: Clause, cue: Cue, targets: list[Item], actor: Entry | None, actor_mention: Mention | None,
    actor_item: Item | None, passive: bool, frame: dict[str, tuple[str, ...]],
) -> None:  # fmt: skip
    rule = cue.id
    roles: list[tuple[tuple[str, ...], Entry | None, Mention]] = []
    used: set[int] = set()
    if passive or (actor_item is not None and actor_item.mention.kind not in "UPe"):
        actor_item = None
    if not passive and actor_mention is not None:
        roles.append((frame.get("subject", ()), actor, actor_mention))
    lo = clause.verb + 1
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
        if element.kind in "AU" and not (preposition == "by" or (element.kind == "U" and preposition == "to")):
            continue
        following = elements[index + 1].kind if index + 1 < len(elements) else ""
        if element.kind in "CG" and following in ITEM_KINDS and following and preposition not in ("to", "for"):
            continue
        if preposition == "by":
            named = frame.get("by") or (frame.get("subject", ()) if passive else ())
            roles.append((named, mention.actor or _side(mention), mention))
        elif (
            not preposition
            and index == lo
            and not passive
            and mention.actor is not None
            and "to" in frame
            and "item" in frame.get("object", ())
        ):
            # *gave Kyiv six jets*: the receiver stands before the object.
            roles.append((frame["to"], mention.actor, mention))
            used.add(index)
        elif preposition:
            named = frame.get(preposition, ())
            if named:
                roles.append((named, mention.actor or _side(mention), mention))
    for names, entry, mention in roles:
        _fill(names, entry, mention, targets, rule, actor_item, cue, clause.kind in ("part", "rel") and passive)


def _bind_forces(
    elements: list[Element], clause: Clause, cue: Cue, targets: list[Item], at: dict[int, Item], frame: dict[str, tuple[str, ...]]
) -> None:
    """A force with a side under a preposition stands for that side: *transferred to the Russian army*."""
    for index in range(clause.verb + 1, clause.hi):
        other = at.get(index)
        if other is None or other.mention.kind not in "ePU" or (other in targets and "count" in other.bound):
            continue
        side = other.values.get("actor")
        preposition = governed(elements, index, clause.verb + 1)
        names = frame.get(preposition, ())
        if side is not None and names and names[0].startswith("counterparty"):
            _fill(names[:1], side, other.mention, [t for t in targets if t is not other], cue.id, None, cue)


def _side(mention: Mention) -> Entry | None:
    return mention.actor


def _fill(
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
                if item is actor_item:
                    continue
                if entry is not None:
                    if (
                        cue.value in _TRANSFERS
                        and "actor" in item.bound
                        and item.values["actor"] is not entry
                        and mention.start < item.mention.start
                    ):
                        # The adjective of a thing that is given names its make: *Warsaw sends Soviet MiG-29s*.
                        item.bound.discard("actor")
                    item.set("actor", entry, rule, mention.start, mention.end)
                if actor_item is not None and actor_item.mention.kind == "U" and item.mention.kind in "EcP" and item is not actor_item:
                    if item.set("unit", actor_item.mention, rule, actor_item.mention.start, actor_item.mention.end):
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
        if name.startswith("place"):
            if mention.kind in "CLT":
                return  # places are bound by nearness, once, for all clauses
        if name in ("item", "attacker", "weapon"):
            continue


def _bind_nominals(elements: list[Element], clauses: list[Clause], at: dict[int, Item], bids: dict[int, list[Bid]]) -> None:
    """Status nouns, adjectives and predicates: *wrecked T-62s*, *the delivery of 12 tanks*, *four jets on alert*."""
    for index, element in enumerate(elements):
        if element.kind != "Z" or element.cue is None:
            continue
        cues = [(cue, form) for cue, form in element.cue.forms if cue.type == "status" and form != "-"]
        if not cues:
            continue
        cue, form = max(cues, key=lambda pair: pair[0].priority)
        clause = next((c for c in clauses if c.lo <= index < c.hi), None)
        if clause is None:
            continue
        following = [i for i in range(index + 1, min(index + 1 + _NEAR, clause.hi)) if i in at]
        preceding = [i for i in range(max(clause.lo, index - _NEAR), index) if i in at]
        number = clauses.index(clause)
        if set(form) & set("apng") and following and _adjacent(elements, index, following[0]):
            _offer(bids, at[following[0]], cue, element, number, 70)
        elif form in ("o", "b", "bo") or "o" in form:
            target = next((i for i in following if any(e.kind == "o" or e.word in ("by", "for") for e in elements[index:i])), None)
            if target is not None and elements[index + 1].kind == "o":
                _offer(bids, at[target], cue, element, number, cue.priority + 6)
                _noun_roles(elements, index, clause, cue, at, at[target])
                for i in following:
                    if at[i].group >= 0 and at[i].group == at[target].group and i != target:
                        _offer(bids, at[i], cue, element, number, cue.priority + 6)
            elif preceding and index - preceding[-1] == 1 and at[preceding[-1]].mention.kind in "EcM":
                _offer(bids, at[preceding[-1]], cue, element, number, cue.priority - 12)
        elif form == "w":
            near = preceding or following
            for i in near:
                _offer(bids, at[i], cue, element, number, cue.priority + (2 if i in preceding else 0))
            if not near and clause.kind == "rel":
                # *the cutter and the patrol ship, which were on their way*: what the clause hangs on.
                held = [i for i in at if i < clause.lo]
                near = [i for i in held if at[i] is at[max(held)] or (at[i].group >= 0 and at[i].group == at[max(held)].group)]
                for i in near:
                    _offer(bids, at[i], cue, element, number, cue.priority)
            if not near:
                for i in range(clause.lo, clause.hi):
                    if i in at:
                        _offer(bids, at[i], cue, element, number, cue.priority)


def _adjacent(elements: list[Element], index: int, target: int) -> bool:
    return all(e.kind in "xACKQcv" for e in elements[index + 1 : target])


def _noun_roles(elements: list[Element], index: int, clause: Clause, cue: Cue, at: dict[int, Item], item: Item) -> None:
    """Roles beside a status noun: *Poland's delivery of six jets to Ukraine*."""
    if index:
        before = elements[index - 1]
        holder = elements[index - 2] if before.kind == "x" and index > 1 else before
        if (
            holder.mention is not None
            and holder.kind in "CGAL"
            and holder.mention.actor is not None
            and "actor" in cue.frame.get("subject", ())
        ):
            item.set("actor", holder.mention.actor, cue.id, holder.mention.start, holder.mention.end)
    for position in range(index + 1, clause.hi):
        mention = elements[position].mention
        if mention is None or elements[position].kind not in "CGL" or mention.actor is None:
            continue
        preposition = governed(elements, position, index)
        _fill(cue.frame.get(preposition, ()), mention.actor, mention, [item], cue.id, None, cue)


def _offer(bids: dict[int, list[Bid]], item: Item, cue: Cue, element: Element, clause: int, rank: int) -> None:
    bids[item.index].append(Bid(rank, cue, _value(cue, item), element, clause, False))


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
