"""The clause frame: who – does – what – to whom or where. Binds status, actor, counterparty and place to items."""

from __future__ import annotations

from inventory.extraction.bids import Bid, choose, describe, value_for
from inventory.extraction.clauses import Clause, clause_at, governed
from inventory.extraction.ellipsis import Elided
from inventory.extraction.links import bind_count
from inventory.extraction.predicates import (
    bind_company,
    bind_copula,
    bind_equipped,
    bind_nominals,
    bind_parts,
    continue_lists,
    is_reckoned,
    subject_cue,
)
from inventory.extraction.roles import bind_forces, bind_noun_roles, bind_roles, standing, subject_actor
from inventory.extraction.sentence import Element, Sentence
from inventory.extraction.state import Item, Mention
from inventory.extraction.titles import bind_titles
from inventory.extraction.verbs import category_of, cue_in_setting, cue_of, has_object, moves_to, preposition_of, takes_prisoners
from inventory.model import LOSSES, STATUS_GROUPS
from inventory.rulebook.book import Cue, Entry, Rulebook
from inventory.rulebook.kinds import ITEM_KINDS

_OWNER = 4  # elements from a noun back to whose it is: *its 16th package of military aid*

__all__ = ["Bid", "bind_clauses", "choose", "describe", "subject_actor"]


def bind_clauses(
    sentence: Sentence, clauses: list[Clause], items: list[Item], carried: Entry | None, book: Rulebook
) -> dict[int, list[Bid]]:
    """Bind every clause's frame to the items in its regions; returns the status bids by item index.

    `carried` is the actor that an unresolved pronoun stands for (the previous sentence's subject).
    """
    elements = sentence.elements
    at = standing(items)
    bids: dict[int, list[Bid]] = {item.index: [] for item in items}
    for item in items:
        item.clause = clause_at(clauses, max(item.position, 0))
    for number, clause in enumerate(clauses):
        if clause.verb >= 0:
            _bind_verb(elements, clauses, number, at, bids, carried, book)
    bind_nominals(elements, clauses, at, bids, book.values.get("undertaking", {}), book.values.get("thing_noun", ()))
    bind_titles(elements, clauses, at, bids, book.noun_cues())
    presence = book.cue("present")
    if presence is not None:
        bind_copula(elements, clauses, at, bids, presence)
    held = book.cue("enter-service")
    if held is not None:
        bind_equipped(elements, clauses, at, bids, held)
    bind_company(elements, at, bids)
    bind_parts(elements, at, bids)
    continue_lists(elements, clauses, at, bids)
    for item in items:
        _share_told(item, items, clauses, bids)
        _name_home(elements, clauses, item, bids)
    return bids


def _name_home(elements: list[Element], clauses: list[Clause], item: Item, bids: dict[int, list[Bid]]) -> None:
    """The state that those who act or are lost come from is theirs: *400 soldiers from Turkey arrived*."""
    at, clause = item.position, clauses[item.clause]
    if at < 0 or at + 2 >= len(elements) or "actor" in item.bound or item.mention.kind not in "EcP" or "count" not in item.bound:
        return
    side = elements[at + 2].mention
    if elements[at + 1].word != "from" or elements[at + 2].kind != "C" or side is None or side.actor is None:
        return
    acts = at < clause.verb if clause.voice in ("active", "infinitive") else governed(elements, at, clause.lo) == "by"
    won = choose(bids[item.index])
    if acts or (won is not None and (won.value in LOSSES or won.value in STATUS_GROUPS["personnel loss"])):
        item.set("actor", side.actor, "home", side.start, side.end, "where they come from")


def _share_told(item: Item, items: list[Item], clauses: list[Clause], bids: dict[int, list[Bid]]) -> None:
    """Of a part that is named without a verb is told what is told of the whole: *lost six trucks, two of them near Gao*.

    Whose the whole is, the part is: *Kazakhstan has about 300 T-72s, of which roughly 70 are in storage*.
    """
    stand_in = item.mention.value
    if isinstance(stand_in, Elided) and not stand_in.across and "actor" not in item.bound and item.actor is None:
        whole = next((other for other in items if other.mention is stand_in.antecedent), None)
        if whole is not None and "actor" in whole.bound and "counterparty" not in whole.bound:
            start, end = whole.slots.get("actor", (0, 0))
            item.set("actor", whole.values["actor"], "share", start, end, "whose the whole is")
    if clauses[item.clause].kind == "share" and isinstance(stand_in, Elided) and not bids[item.index]:
        whole = next((other for other in items if other.mention is stand_in.antecedent), None)
        if whole is not None:
            bids[item.index] = list(bids[whole.index])


def _bind_verb(
    elements: list[Element],
    clauses: list[Clause],
    number: int,
    at: dict[int, Item],
    bids: dict[int, list[Bid]],
    carried: Entry | None,
    book: Rulebook,
) -> None:
    clause, nouns = clauses[number], book.noun_cues()
    verb = elements[clause.verb]
    stop = clause.hi
    if clause.voice == "participle" and clause.subject is not None:
        # *28 drones fired by Russia, as well as two boats*: the list goes on outside the phrase that only describes.
        stop = next((i for i in range(clause.verb + 1, clause.hi) if elements[i].kind == ","), clause.hi)
    objects = _between(at, clause.verb + 1, stop)
    listed = _behind_colon(elements, clauses, number, at)
    objects += [item for item in listed if item not in objects]
    gap = _antecedents(elements, clause, at) if not objects else []
    objects += gap
    lo, hi = clause.subject or (clause.lo, clause.lo)
    subjects = _between(at, lo, hi)
    near = _between(at, clause.lo, clause.hi) + listed + gap + subjects
    cue = cue_of(elements, near, objects, bool(subjects), clause)
    if cue is None:
        return
    if verb.word in book.values.get("leaving_verb", ()) and (behind := _left_so(elements, clause, book)) is not None:
        at_index, state = behind
        for item in [item for item in objects if item.position < at_index]:
            bids[item.index].append(Bid(state.priority + 12, state, value_for(state, item), elements[at_index], number, False))
            if state.value == "abandoned":
                owner, named, _ = subject_actor(elements, clauses, number, at, carried)
                if owner is not None and named is not None:
                    item.set("actor", owner, state.id, named.start, named.end, "who left it")
        return
    actor, actor_mention, actor_item = subject_actor(elements, clauses, number, at, carried)
    cue = cue_in_setting(elements, clauses, number, cue, book)
    if takes_prisoners(elements, clause, actor, subjects, objects, book):
        cue = book.cue("detain") or cue
    if (
        verb.cue is not None
        and (any(rule.by_subject for rule, _ in verb.cue.forms) or _at_number(elements, clause))
        and (told := _title_of(elements, clauses, number, nouns)) is not None
    ):
        # *Losses of T-72 tanks amounted to 40*: the thing stands in the subject.
        counted = objects or [item for item in subjects if item.position > told[1]]
        _bind_contents(elements, clauses, number, told, at, counted, bids)
        return
    if (put := _put_at(elements, clause, nouns)) is not None:
        at_index, told = put
        later = [item for item in objects if item.position > at_index]
        _bind_contents(elements, clauses, number, told, at, later, bids)
        return
    if verb.word in book.values.get("figure_verb", ()) and is_reckoned(elements, clauses, number):
        return  # *put the number of soldiers massed there at 8,000*: nothing is put anywhere
    strength = book.cue("enter-service") if verb.word in book.values.get("figure_moves", ()) else None
    if strength is not None and (figure := moves_to(elements, clause)) is not None:
        for item in subjects[:1]:
            if "count" not in item.bound:
                bind_count(item, figure, cue.id)
            bids[item.index].append(Bid(strength.priority + 8, strength, strength.placed or strength.value, verb, number, False))
        return
    frame = cue.frame
    if clause.kind == "rel" and clause.lo and elements[clause.lo - 1].word == "with" and actor is not None and actor_mention is not None:
        # *drones with which Russia attacked the town*: the antecedent is the means, whoever acts uses it.
        held = [i for i in range(max(0, clause.lo - 4), clause.lo) if i in at]
        if held:
            at[held[-1]].set("actor", actor, cue.id, actor_mention.start, actor_mention.end, "uses it")
            bids[at[held[-1]].index].append(Bid(30, cue, "used", verb, number, True))
    if clause.kind == "part" or (clause.kind == "rel" and hi - lo == 1):
        subjects = _with_list(subjects, at)
    passive = clause.voice in ("passive", "participle")
    # What only describes, or tells what was before (*docked in Jeddah after leaving Port Sudan*), stands back.
    aside = clause.kind in ("part", "rel") or (clause.kind == "sub" and clause.voice == "gerund")
    rank = cue.priority + (0 if aside else 8)
    direct = [item for item in objects if item in gap or _is_direct(elements, item, clause, frame)]
    if passive:
        moved = "object" not in frame or "item" in frame["object"]  # *the destroyer was approached by boats*: the boats move
        targets, agents = subjects if moved else [], [i for i in objects if _by(elements, i, clause)]
        targets = targets + [
            i
            for i in objects
            if i not in agents
            and (
                _is_direct(elements, i, clause, frame) or preposition_of(elements, i, clause) in ("with", "including", "along", "alongside")
            )
        ]
    elif "item" in frame.get("object", ()) and direct:
        targets = objects
        agents = [] if "item" in frame.get("subject", ()) and not cue.agent else subjects
        if "item" in frame.get("subject", ()) and not cue.agent:
            # A service does it to its things (*the navy retired two ships*); a formation goes with them.
            targets = [i for i in subjects if category_of(i) != "unit/branch"] + objects
    elif "item" in frame.get("subject", ()) or not frame or not direct:
        targets, agents = (
            subjects
            + [i for i in objects if preposition_of(elements, i, clause) in ("with", "alongside", "including", "carrying", "aboard", "")],
            [],
        )
        if "item" not in frame.get("subject", ()) and frame and has_object(elements, clause):
            # *the tank burned* is lost itself; *bombs fell, killing nine civilians* tells of the killer.
            targets, agents = [], subjects
    else:
        # *equip the brigade with 46 tanks*: what is told of stands behind its preposition alone.
        targets, agents = [i for i in objects if "item" in frame.get(preposition_of(elements, i, clause), ())], subjects
    if cue.only is not None:
        targets = [item for item in targets if category_of(item).startswith(tuple(cue.only.split(" | ")))]
    if any(item.mention.kind in "EcM" for item in targets):
        targets = [item for item in targets if item not in objects or not _receives(elements, item, clause, frame)]
    for item in targets:
        preposition = preposition_of(elements, item, clause) if item in objects and item not in gap else ""
        value = value_for(cue, item)
        if preposition in ("against", "on", "at") and item in objects and not passive:
            value = "struck" if cue.value in ("used", "struck") else value
            if value == "destroyed" and preposition == "on":
                continue
        elif preposition == "with" and cue.means is not None and not _in_company(elements, item):
            value = cue.means  # *replace the Harriers with 25 F-35Bs*: what takes their place
        elif preposition == "with" and cue.value in ("captured", "detained") and not _in_company(elements, item):
            value = "captured" if item.mention.kind in "EcM" else value  # *rounded up with a PKM and 300 rounds*
        elif preposition == "with" and (cue.agent or cue.value in LOSSES) and not passive and not _in_company(elements, item):
            value = "used"
            if actor is not None and actor_mention is not None:
                item.set("actor", actor, cue.id, actor_mention.start, actor_mention.end, "uses it")
        elif (
            # *Flew there aboard an A400M*: the aircraft goes with them.
            (preposition in ("from", "by", "of") or (preposition == "aboard" and "item" not in frame.get("subject", ())))
            and item in objects
            and not _is_direct(elements, item, clause, frame)
        ):
            continue
        bids[item.index].append(Bid(rank, cue, value, verb, number, False))
    for item in agents:
        if passive and "item" in frame.get("subject", ()):
            # *the bridge is guarded by a battalion*: whoever does it is told of.
            bids[item.index].append(Bid(rank, cue, value_for(cue, item), verb, number, False))
        elif (told_of := cue.means or cue.agent) is not None:
            value = cue.forces if cue.means and cue.forces and item.mention.kind in "PUe" else told_of
            bids[item.index].append(Bid(rank - 5, cue, value, verb, number, cue.means is None))
    bind_roles(elements, clause, cue, list(targets), actor, actor_mention, actor_item, passive, frame, book.values.get("state_arm", ()))
    if listed and (side := _object_side(elements, clause)) is not None:
        for item in listed:
            item.set("actor", side.actor, cue.id, side.start, side.end, "before the colon")
    bind_forces(elements, clause, cue, targets, at, frame)


def _left_so(elements: list[Element], clause: Clause, book: Rulebook) -> tuple[int, Cue] | None:
    """The word of loss behind the object of a verb, and its cue: *left 90 soldiers dead*, *left five motorcycles behind*."""
    abandoned = book.cue("abandon")
    for index in range(clause.verb + 2, clause.hi):
        element = elements[index]
        if element.word == "behind" and abandoned is not None and index + 1 < len(elements) and elements[index + 1].kind in ".,;kp":
            return index, abandoned
        if element.kind in "ZV" and element.cue is not None and elements[index - 1].kind in ITEM_KINDS + "xr":
            losses = [cue for cue in element.cue.phrase.statuses if cue.value in LOSSES or cue.value in STATUS_GROUPS["personnel loss"]]
            following = elements[index + 1].kind if index + 1 < len(elements) else "."
            if losses and following in ".,;pDkv":
                return index, max(losses, key=lambda cue: cue.priority)
    return None


def _receives(elements: list[Element], item: Item, clause: Clause, frame: dict[str, tuple[str, ...]]) -> bool:
    """Whether the item is the force that things go to: *delivered 12 jets to the Indian Air Force*; nothing is told of it."""
    if item.mention.kind not in "Ue" or "count" in item.bound:
        return False
    return any(role.startswith("counterparty") for role in frame.get(preposition_of(elements, item, clause), ()))


def _in_company(elements: list[Element], item: Item) -> bool:
    """Whether the *with* before an item joins it to what is named (*the town along with six tanks*), so that it is no means."""
    joint = next((i for i in range(item.position - 1, 0, -1) if elements[i].word == "with"), 0)
    return joint > 0 and elements[joint - 1].word in ("along", "together")


def _antecedents(elements: list[Element], clause: Clause, at: dict[int, Item]) -> list[Item]:
    """What a relative clause with a subject of its own is about: *the drones and missiles that Iran fired*, *tanks Russia has lost*."""
    if (
        clause.subject is not None
        and clause.lo + 1 < clause.subject[0] < clause.verb
        and elements[clause.lo].word in ("how", "which", "what")
    ):
        return _between(at, clause.lo, clause.subject[0])  # *how many tanks it had sent*
    if clause.kind != "rel" or clause.voice != "active" or clause.subject is None or clause.subject[0] < clause.lo or not clause.lo:
        return []
    head = at.get(clause.lo - 1)
    return _with_list([head], at) if head is not None else []


def _title_of(elements: list[Element], clauses: list[Clause], number: int, nouns: dict[str, Cue]) -> tuple[Cue, int] | None:
    """The noun that tells of a clause's objects: the head of its subject; of *which* the last such noun before it."""
    clause = clauses[number]
    if clause.kind != "rel" or not number or elements[clause.lo].word != "which":
        return subject_cue(elements, clause, nouns)
    for index in range(clause.lo - 1, clauses[number - 1].lo - 1, -1):
        found = Clause(index, index + 1, "")
        found.subject = (index, index + 1)
        if (told := subject_cue(elements, found, nouns)) is not None:
            return told
    return None


def _bind_contents(
    elements: list[Element], clauses: list[Clause], number: int, told: tuple[Cue, int], at: dict[int, Item], objects: list[Item],
    bids: dict[int, list[Bid]],
) -> None:  # fmt: skip
    """*The losses amounted to …*, *the package includes …*: what the subject's noun tells is told of everything behind the verb."""
    cue, head = told
    clause = clauses[number]
    verb = elements[clause.verb]
    outer = next((n for n, c in enumerate(clauses) if c.lo <= head < c.hi), number)
    title = Clause(clauses[outer].lo, clause.lo if outer != number else clause.verb, clause.kind)
    owner = any(element.word in ("its", "their") for element in elements[max(0, head - _OWNER) : head])
    side, mention, _ = (
        subject_actor(elements, clauses, outer, at, None) if owner and (outer != number or head > clause.verb) else (None, None, None)
    )
    for item in objects:
        bids[item.index].append(Bid(cue.priority + 8, cue, value_for(cue, item), verb, number, False))
        bind_noun_roles(elements, head, title, cue, at, item)
        if side is not None and mention is not None:
            item.set("actor", side, cue.id, mention.start, mention.end, "whose it is")


def _at_number(elements: list[Element], clause: Clause) -> bool:
    """Whether a number follows the verb's *at* or *to*: *losses stand at nine tanks*, *losses came to nine tanks*."""
    following = [e for e in elements[clause.verb + 1 : clause.hi] if e.kind != "v"][:2]
    return len(following) > 1 and following[0].word in ("at", "to") and following[1].kind == "Q"


def _put_at(elements: list[Element], clause: Clause, nouns: dict[str, Cue]) -> tuple[int, tuple[Cue, int]] | None:
    """*Put Russian losses at nine tanks*: where the noun's *at* stands, and what the noun tells of all behind it."""
    for index in range(clause.verb + 2, clause.hi - 1):
        if elements[index].word == "at" and elements[index + 1].kind == "Q":
            inner = Clause(clause.verb + 1, index, "object")
            inner.subject = (clause.verb + 1, index)
            told = subject_cue(elements, inner, nouns)
            return (index, told) if told is not None else None
    return None


def _behind_colon(elements: list[Element], clauses: list[Clause], number: int, at: dict[int, Item]) -> list[Item]:
    """The items of the list behind the colon that ends a clause: *Lost in one night, the ministry said: five tanks and a gun*."""
    ahead = number + 1
    while ahead < len(clauses) and clauses[ahead].verb >= 0 and elements[clauses[ahead].verb].kind == "R":
        ahead += 1
    if ahead >= len(clauses) or clauses[ahead].verb >= 0:
        return []
    first = elements[clauses[ahead].lo]
    inverted = clauses[number].voice == "participle" and clauses[number].subject is None and first.kind == "b"
    if clauses[ahead].kind != "colon" and not inverted:  # *Taken from the enemy, it said, were 47 tanks*
        return []
    return _between(at, clauses[ahead].lo, clauses[ahead].hi)


def _between(at: dict[int, Item], lo: int, hi: int) -> list[Item]:
    """The items that stand in the elements `lo` to `hi`, each once."""
    return list(dict.fromkeys([at[index] for index in at if lo <= index < hi]))


def _object_side(elements: list[Element], clause: Clause) -> Mention | None:
    """The people that a clause has for its object (*still hosts the Russians: …*)."""
    for index in range(clause.verb + 1, clause.hi):
        mention = elements[index].mention
        if elements[index].kind in "AG" and mention is not None and mention.actor is not None:
            follows = elements[index + 1].kind if index + 1 < clause.hi else ":"
            if follows in ":,." and not governed(elements, index, clause.verb + 1):
                return mention
    return None


def _with_list(subjects: list[Item], at: dict[int, Item]) -> list[Item]:
    groups = {item.group for item in subjects if item.group >= 0}
    return [*subjects, *dict.fromkeys(item for item in at.values() if item.group in groups and item not in subjects)]


def _is_direct(elements: list[Element], item: Item, clause: Clause, frame: dict[str, tuple[str, ...]]) -> bool:
    preposition = preposition_of(elements, item, clause)
    return (
        preposition in ("", "including", "with", "like", "than")
        or "item" in frame.get(preposition, ())
        or "counted_as" in item.bound
        or (preposition in ("of", "at") and "count" in item.bound and not item.values.get("article"))
    )


def _by(elements: list[Element], item: Item, clause: Clause) -> bool:
    return preposition_of(elements, item, clause) == "by"
