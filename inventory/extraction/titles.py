"""What a noun tells of the things it stands before: *the losses were 12 tanks*, *Russian losses: 12 tanks and a gun*.

A line above a list is read in the same way, with the list's line standing behind its colon: whatever is told of that place in it is told
of the things in the line.
"""

from __future__ import annotations

from inventory.extraction.bids import Bid, offer
from inventory.extraction.clauses import Clause, governed
from inventory.extraction.predicates import subject_cue
from inventory.extraction.roles import bind_noun_roles
from inventory.extraction.sentence import Element, Sentence
from inventory.extraction.state import Item, Mention, unlisted
from inventory.rulebook.book import Cue

LABEL = "label"
# Slots that a line of a list takes from the line above it; those that belong together only together.
HANDED = (("actor",), ("counterparty", "counterparty_role"), ("origin",))


def bind_titles(
    elements: list[Element], clauses: list[Clause], at: dict[int, Item], bids: dict[int, list[Bid]], nouns: dict[str, Cue]
) -> None:
    """Bind what the noun of a clause without a verb tells to the counted things behind its *were* or its colon."""
    for number, clause in enumerate(clauses):
        if clause.verb >= 0:
            continue
        copula = next((i for i in range(clause.lo, clause.hi) if elements[i].kind == "b"), None)
        if copula is not None:
            behind = [
                at[i]
                for i in range(copula + 1, clause.hi)
                if i in at and "count" in at[i].bound and governed(elements, i, copula) in ("", "of", "for", "about")
            ]
            _bind_title(elements, Clause(clause.lo, copula, clause.kind), number, behind, at, bids, nouns)
        ahead = clauses[number + 1] if number + 1 < len(clauses) else None
        if ahead is not None and ahead.kind == "colon" and ahead.verb < 0:
            last = number + 1
            while last + 1 < len(clauses) and clauses[last + 1].kind == "semi" and clauses[last + 1].verb < 0:
                last += 1  # *Wrecks along the road: BMD-2, five; Tigr-M, two*
            behind = [at[i] for i in range(ahead.lo, clauses[last].hi) if i in at]
            _bind_title(elements, clause, number, behind, at, bids, nouns)
            _bind_label(elements, clause, [at[i] for i in at if i >= ahead.lo])


def _bind_title(
    elements: list[Element],
    title: Clause,
    number: int,
    behind: list[Item],
    at: dict[int, Item],
    bids: dict[int, list[Bid]],
    nouns: dict[str, Cue],
) -> None:
    title.subject = (title.lo, title.hi)
    if not behind or any(i in at and "count" in at[i].bound for i in range(title.lo, title.hi)):
        return
    told = subject_cue(elements, title, nouns)
    if told is None:
        return
    cue = told[0]
    head = told[1]
    for item in dict.fromkeys(behind):
        if not bids[item.index]:
            offer(bids, item, cue, elements[head], number, cue.priority)
            bind_noun_roles(elements, head, title, cue, at, item)


def _bind_label(elements: list[Element], title: Clause, behind: list[Item]) -> None:
    """*Poland: 24 F-16s, one E-7*: a side alone before the colon has what stands behind it."""
    words = [e for e in elements[title.lo : title.hi] if e.kind not in 'd.:#-()"']
    if len(words) != 1 or words[0].kind not in "CG" or words[0].mention is None or words[0].mention.actor is None:
        return
    for item in behind:
        if item.actor is None:
            item.set("actor", words[0].mention.actor, LABEL, words[0].start, words[0].end, "the side before the colon")


def list_place(heading: Sentence) -> tuple[Sentence, Item]:
    """The line above a list with a thing standing for the list's own lines behind its colon, and that thing."""
    mention = Mention(heading.end, heading.end + 1, "c", unlisted("", "class", "c"), rule="listed")
    sentence = Sentence(heading.start, heading.end + 1, heading.block, hot=False)
    sentence.mentions = [*heading.mentions, mention]
    sentence.kinds = {*heading.kinds, mention.kind}
    sentence.cues = heading.cues
    sentence.elements = [*heading.elements, Element("c", mention.start, mention.end, mention=mention)]
    sentence.index_of = {**heading.index_of, mention.start: len(heading.elements)}
    sentence.shape = heading.shape + "c"
    item = Item(mention, 0, len(heading.elements))
    item.set("count", None, "listed", 0, 0)
    return sentence, item
