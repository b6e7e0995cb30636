"""Words about the corrected form of a fact → the same words about the fact as extracted.

A report shows a corrected fact with its corrections. Who then accepts it accepts them; who corrects another cell adds to them. Read
against the extraction, such words would seem to be about a fact that has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from inventory.model import Fact
from inventory.reconcile.corrections import correct_fact, index_names
from inventory.records import Decision

_Cells = dict[str, str | None]


def rebase_words(
    decisions: Sequence[Decision], facts: Iterable[Fact], hash_fact: Callable[[Fact], str]
) -> tuple[list[Decision], dict[int, Decision]]:
    """The decisions in their order, those about a corrected form rewritten, and by `id` of a rewritten one what was really said.

    A form is known by its hash: what any word made of the extraction or of an earlier form, and all corrections so far together.
    """
    corrected = {word.fact_id for word in decisions if word.decision == "correct"}
    if not corrected:
        return list(decisions), {}
    told = list(facts)
    current = {fact.fact_id: fact for fact in told if fact.fact_id in corrected}
    known = index_names(told)
    forms: dict[str, dict[str, _Cells]] = {}
    joined: dict[str, _Cells] = {}
    rebased: list[Decision] = []
    said: dict[int, Decision] = {}
    for word in decisions:
        fact = current.get(word.fact_id)
        if fact is None:
            rebased.append(word)
            continue
        plain = hash_fact(fact)
        of_fact = forms.setdefault(word.fact_id, {})
        base = of_fact.get(word.shown_hash or plain) if word.shown_hash != plain else None
        new = word if base is None else _rewrite(word, base, plain)
        if new is not word:
            said[id(new)] = word
        rebased.append(new)
        if new.decision == "correct" and new.shown_hash in (None, plain):
            union = joined[word.fact_id] = {**joined.get(word.fact_id, {}), **new.corrections}
            for cells in (new.corrections, union):
                form = hash_fact(correct_fact(fact, cells, known)[0])
                if form != plain:
                    of_fact[form] = dict(cells)
    return rebased, said


def _rewrite(word: Decision, base: Mapping[str, str | None], plain: str) -> Decision:
    if word.decision in ("accept", "correct"):
        return word._replace(decision="correct", corrections={**base, **word.corrections}, shown_hash=plain)
    return word._replace(shown_hash=plain)
