"""Status without a verb: *to be somewhere*, status nouns, adjectives and predicates, and who comes along."""

from __future__ import annotations

import itertools
from collections.abc import Container, Mapping

from inventory.extraction.bids import Bid, offer
from inventory.extraction.clauses import Clause, clause_at, governed
from inventory.extraction.ellipsis import Elided
from inventory.extraction.roles import bind_noun_roles, subject_actor, undertake
from inventory.extraction.sentence import Element
from inventory.extraction.state import Item
from inventory.model import LOSSES, STATUS_GROUPS
from inventory.rulebook.book import Cue

_JOINTS = frozenset({"as", "plus", "with", "alongside"})
# A status noun or predicate reaches over at most this many elements.
# What is told of who gives and gets a thing outranks what an adjective says of it (*captured Humvees*).
_TRANSFER = frozenset(STATUS_GROUPS["transfer"])
_DESCRIBED = 20
_OTHER_TIMES = frozenset({"after", "before", "since", "following", "until"})
_NEAR = 7
# Prepositions besides *of* by which a noun holds its thing: *a contract for 12 tanks*, *an order covering six*.
_DIRECTIONS = ("north", "south", "east", "west", "centre", "center")  # *in the east and south of Libya*
_UPON = frozenset({"on", "against"})
_HOLDS = frozenset({"for", "covering"})


def bind_copula(elements: list[Element], clauses: list[Clause], at: dict[int, Item], bids: dict[int, list[Bid]], presence: Cue) -> None:
    """To be somewhere is to be present: *a battery is north of the runway*, *3,000 soldiers were there*."""
    for number, clause in enumerate(clauses):
        if clause.verb >= 0:
            continue
        copula = next((i for i in range(clause.lo, clause.hi) if elements[i].kind == "b"), None)
        if copula is None:
            continue
        after = elements[copula + 1 : clause.hi]
        somewhere = any(
            e.kind in "LT"
            or (e.kind == "C" and governed(elements, i, copula) not in ("", "of", "by", "from"))
            or (e.kind == "C" and elements[i - 1].kind == "o" and elements[i - 2].word.endswith(_DIRECTIONS))
            for i, e in enumerate(after, copula + 1)
        )
        if not somewhere and not any(e.word in ("there", "here", "nearby", "visible", "present", "aboard", "ashore") for e in after):
            continue
        for index in range(clause.lo, clause.hi):
            item = at.get(index)
            if item is not None and not bids[item.index] and (index < copula or not any(i in at for i in range(clause.lo, copula))):
                bids[item.index].append(Bid(10, presence, presence.value, elements[copula], number, False))


def bind_company(elements: list[Element], at: dict[int, Item], bids: dict[int, list[Bid]]) -> None:
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


def bind_equipped(elements: list[Element], clauses: list[Clause], at: dict[int, Item], bids: dict[int, list[Bid]], held: Cue) -> None:
    """What a force is said to have between commas it has in service: *Lebanon's army, with 80,000 soldiers, has kept out*."""
    for index in range(2, len(elements)):
        before = elements[index - 2]
        if elements[index].word != "with" or elements[index - 1].kind != "," or before.kind not in "UeCG":
            continue
        stop = next((i for i in range(index + 1, len(elements)) if elements[i].kind == ","), index)
        owner = at.get(index - 2)
        side = (
            (owner.values.get("actor") or owner.actor)
            if owner is not None
            else before.mention.actor
            if before.mention is not None
            else None
        )
        for i in range(index + 1, stop):
            item = at.get(i)
            if item is None or bids[item.index] or "count" not in item.bound:
                continue
            offer(bids, item, held, elements[index], clause_at(clauses, index), 20)
            if side is not None:
                item.set("actor", side, held.id, before.start, before.end, "whose force it is")


def _past_goal(elements: list[Element], index: int) -> int:
    """The element behind what stands between a noun and its *of* or *for*: *the delivery to Taipei of 66 jets*."""
    start = index
    while elements[start].kind in "DX" and start + 1 < len(elements):
        start += 1
    if elements[start].kind not in "ip" and elements[start].word != "worth":
        return start
    if elements[start].word in _HOLDS:
        return start
    for position in range(start + 1, min(start + 6, len(elements))):
        if elements[position].kind == "o" or elements[position].word in _HOLDS:
            return position
        if elements[position].kind not in "daxyALCGDNX":
            break
    return start


def subject_cue(elements: list[Element], clause: Clause, nouns: dict[str, Cue]) -> tuple[Cue, int] | None:
    """The cue of the noun that heads a clause's subject (*losses*, *the package*) and where the noun stands."""
    lo, hi = clause.subject or (clause.lo, clause.lo)
    for index in range(lo, hi):
        element = elements[index]
        if element.kind == "o":
            break
        word = element.word
        if element.kind == "M" and element.mention is not None and element.mention.entry is not None:
            word = element.mention.entry.name.rsplit(" ", 1)[-1]  # *military aid* is a thing to count, and a noun that tells
        if word in nouns:
            return nouns[word], index
        if element.kind == "Z" and element.cue is not None:
            cues = [cue for cue, form in element.cue.forms if cue.type == "status" and "o" in form]
            if cues:
                return max(cues, key=lambda cue: cue.priority), index
    return None


def continue_lists(elements: list[Element], clauses: list[Clause], at: dict[int, Item], bids: dict[int, list[Bid]]) -> None:
    """A member that a phrase cut off from its list is told of as the list is: *sank two boats fired on at sea, as well as a barge*."""
    last: tuple[int, Item] | None = None
    for index in sorted(at):
        item = at[index]
        if item.absorbed_by is not None:
            continue
        own = [bid for bid in bids[item.index] if clauses[bid.clause].kind not in ("part", "rel")]
        if own:
            last = (index, item)
            continue
        if bids[item.index] or last is None:
            continue
        start = index
        while start - 1 > last[0] and elements[start - 1].kind in "daxyAQCGKgvo" and elements[start - 1].word not in ("as", "well"):
            start -= 1
        joint = elements[start - 1]
        if not (joint.kind in "k," or joint.word in _JOINTS) or any(
            e.kind in "VR" and e.voice in ("active", "passive", "infinitive") for e in elements[last[0] + 1 : index]
        ):
            continue
        kept = [bid for bid in bids[last[1].index] if clauses[bid.clause].kind not in ("part", "rel")]
        bids[item.index] = [bid._replace(rank=bid.rank - 10) for bid in kept]


def bind_parts(elements: list[Element], at: dict[int, Item], bids: dict[int, list[Bid]]) -> None:
    """What is set apart behind the whole is told of as the whole is: *five jets were downed, three Rafales included*."""
    for index, element in enumerate(elements):
        pair = index + 1 < len(elements) and element.word == "among" and elements[index + 1].word in ("them", "these", "those")
        if not (pair or element.word == "included"):
            continue
        if (after := index + (2 if pair else 1)) < len(elements) and elements[after].kind not in ",.;kp":
            continue
        last = max((i for i in at if i < index), default=0)
        start = next((i for i in range(last, -1, -1) if elements[i].kind in ",;:VRb"), 0)
        parts = [at[i] for i in range(start + 1, index) if i in at]
        whole = next((at[i] for i in range(start - 1, -1, -1) if i in at and at[i].absorbed_by is None and bids[at[i].index]), None)
        if elements[start].kind != "," or whole is None:
            continue
        for item in parts:
            bids[item.index] = [bid._replace(rank=bid.rank - 1) for bid in bids[whole.index]]
            side = whole.slots.get("actor")
            if side is not None and item.actor is None:
                item.set("actor", whole.values["actor"], "parts", *side, "a part of what stands before")


def bind_nominals(
    elements: list[Element], clauses: list[Clause], at: dict[int, Item], bids: dict[int, list[Bid]], undertakings: Mapping[str, str],
    things: Container[str] = (),
) -> None:  # fmt: skip
    """Status nouns, adjectives and predicates: *wrecked T-62s*, *the delivery of 12 tanks*, *four jets on alert*."""
    for index, element in enumerate(elements):
        if element.kind != "Z" or element.cue is None:
            continue
        cues = [(cue, form) for cue, form in element.cue.forms if cue.type == "status" and form != "-"]
        if not cues:
            continue
        nouns = [pair for pair in cues if "o" in pair[1]] if index and elements[index - 1].kind in "VdaxyA" else []
        cue, form = max(nouns or cues, key=lambda pair: pair[0].priority)
        clause = next((c for c in clauses if c.lo <= index < c.hi), None)
        if clause is None:
            continue
        following = [i for i in range(index + 1, min(index + 1 + _NEAR, clause.hi)) if i in at]
        preceding = [i for i in range(max(clause.lo, index - _NEAR), index) if i in at]
        number = clauses.index(clause)
        if set(form) & set("apng") and following and _adjacent(elements, index, following[0]):
            if cue.value == "used" or ("g" in form and _is_count(elements[index + 1])):
                continue  # *a dozen used jets* are second-hand; *the remaining 12 tanks* are the rest
            handed_on = any(bid.element.kind == "V" and bid.value in _TRANSFER for bid in bids[at[following[0]].index])
            rank = _DESCRIBED if handed_on else 70 if "a" in form or cue.value in LOSSES else 40
            offer(bids, at[following[0]], cue, element, number, rank)  # *handed over 40 captured Humvees*: they are given
        elif form in ("o", "b", "bo") or "o" in form:
            target = next((i for i in following if any(e.kind == "o" or e.word in ("by", "for") for e in elements[index:i])), None)
            means = [i for i in range(index + 1, clause.hi) if i in at and governed(elements, i, index) == "with"] if cue.agent else []
            holds = _past_goal(elements, index + 1) if index + 1 < len(elements) else index
            behind = elements[holds]
            if behind.word in _UPON and following and _adjacent(elements, holds, following[0]) and cue.value in ("used", "struck"):
                # *strikes on five drones*
                for i in following:
                    if i == following[0] or (at[i].group >= 0 and at[i].group == at[following[0]].group):
                        bids[at[i].index].append(Bid(cue.priority + 9, cue, "struck", element, number, False))
            elif target is not None and (behind.kind == "o" or (behind.word in _HOLDS and _adjacent(elements, holds, target))):
                offer(bids, at[target], cue, element, number, cue.priority + 9)
                bind_noun_roles(elements, index, clause, cue, at, at[target])
                if clause.verb >= 0 and elements[clause.verb].word in undertakings and "actor" in cue.frame.get("subject", ()):
                    side, mention, _ = subject_actor(elements, clauses, number, at, None)
                    if side is not None and mention is not None:
                        undertake(at[target], side, cue, mention)
                for i in range(target + 1, clause.hi):
                    if i in at and at[i].group >= 0 and at[i].group == at[target].group and at[i] is not at[target]:
                        offer(bids, at[i], cue, element, number, cue.priority + 9)
                        bind_noun_roles(elements, index, clause, cue, at, at[i])
            elif means:
                side, mention, _ = subject_actor(elements, clauses, number, at, None)
                for i in means:  # *mounted 41 sorties over Idlib, mostly with Su-22s and MiG-23s*
                    bids[at[i].index].append(Bid(cue.priority + 9, cue, cue.agent or cue.value, element, number, False))
                    if side is not None and mention is not None:
                        at[i].set("actor", side, cue.id, mention.start, mention.end, "uses it")
            elif element.word in things and preceding and index - preceding[-1] == 1:
                continue  # *its third KC-390 transport*: what it is, not what is done
            elif preceding and index - preceding[-1] == 1 and at[preceding[-1]].mention.kind in "EcM":
                offer(bids, at[preceding[-1]], cue, element, number, cue.priority - 12)
        elif form == "w":
            near = following if element.word.endswith(" of") else preceding or following  # *found a cache of 30 rockets*
            if cue.value in LOSSES and clause.voice == "active" and any(i > clause.verb for i in preceding) and clause.verb >= 0:
                near = [i for i in preceding if i > clause.verb]  # *the rebels set two tanks ablaze*: not themselves
            # *… after a port call in Guam* tells of what was before.
            past = any(e.word in _OTHER_TIMES for e in elements[max(clause.lo, index - 2) : index])
            for i in near:
                follows = i in preceding and all(e.kind == "v" for e in elements[i + 1 : index])
                close = (
                    14 if follows and clause.verb < index else 2 if i in preceding else 0
                )  # *with 97 more on order*: what stands right behind it
                offer(bids, at[i], cue, element, number, _DESCRIBED if past else cue.priority + close)
            if not near and clause.kind == "rel":
                # *the cutter and the patrol ship, which were on their way*: what the clause hangs on.
                held = [i for i in at if i < clause.lo]
                near = [i for i in held if at[i] is at[max(held)] or (at[i].group >= 0 and at[i].group == at[max(held)].group)]
                for i in near:
                    offer(bids, at[i], cue, element, number, cue.priority)
            if not near:
                for i in range(clause.lo, clause.hi):
                    if i in at:
                        offer(bids, at[i], cue, element, number, cue.priority)


def _is_count(element: Element) -> bool:
    """Whether an element is a number, or one that stands for its noun."""
    return element.kind == "Q" or (element.mention is not None and isinstance(element.mention.value, Elided))


def _adjacent(elements: list[Element], index: int, target: int) -> bool:
    return all(e.kind in "xACGKQcv" for e in elements[index + 1 : target])


def is_reckoned(elements: list[Element], clauses: list[Clause], number: int) -> bool:
    """Whether a number at which something is put stands behind a verb, past what only describes the thing."""
    stop = next((one.lo for one in clauses[number + 1 :] if one.kind not in ("part", "rel")), len(elements))
    behind = elements[clauses[number].verb + 1 : stop]
    return any(one.word == "at" and two.kind == "Q" for one, two in itertools.pairwise(behind))
