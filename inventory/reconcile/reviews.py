"""What reviewers said → where the review of each fact stands, and the facts that count after it.

The log is append-only, so its order is its truth: words are read in the order in which they entered it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from inventory.model import Fact
from inventory.reconcile.added import list_added
from inventory.reconcile.corrections import correct_fact, index_names
from inventory.reconcile.rebase import rebase_words
from inventory.reconcile.words import Standing, claim_of, fold_words, settle_words
from inventory.records import CONFLICT_POLICIES, Decision, ReviewState


class Reviewed(NamedTuple):
    """Facts after review: `facts` count, `extracted` holds the extraction beside each corrected fact, `rejected` what was set aside.

    `faults` are corrections that could not be applied, one line each; those cells stay as extracted.
    """

    facts: list[Fact]
    states: dict[str, ReviewState]
    extracted: dict[str, Fact]
    rejected: list[Fact]
    faults: list[str]


def review_states(
    decisions: Iterable[Decision], shown: Mapping[str, str], *, policy: str = "hold", lead: str | None = None
) -> dict[str, ReviewState]:
    """Where the review of every decided fact stands.

    Args:
        decisions: the log.
        shown: fact id → hash of what a reviewer is shown of it, for each current fact; a decision's `shown_hash` is compared with it.
        policy: what happens when reviewers disagree: `hold` (the fact is held), `lead` (the lead's word stands, held without one) or
            `latest` (the last word stands).
        lead: the reviewer whose word stands under `lead`.

    Returns:
        Fact id → state, in order of ids. Facts nobody spoke about, or whose every word was cleared, are not in it.

    Raises:
        ValueError: an unknown policy, or `lead` without a name.
    """
    if policy not in CONFLICT_POLICIES:
        raise ValueError(f"conflict policy {policy!r}; use one of {', '.join(CONFLICT_POLICIES)}")
    if policy == "lead" and not lead:
        raise ValueError("conflict policy lead needs the name of the lead reviewer")
    standings = fold_words(sorted(decisions, key=lambda word: word.imported_at))  # stable: the log's order within one import
    return {fact_id: _find_state(standings[fact_id], shown, policy, lead) for fact_id in sorted(standings) if standings[fact_id].counted}


def apply_reviews(
    facts: Sequence[Fact],
    decisions: Iterable[Decision],
    hash_fact: Callable[[Fact], str],
    *,
    policy: str = "hold",
    lead: str | None = None,
    keep_rejected: bool = False,
) -> Reviewed:
    """The facts that count after review, in their order.

    Rejected facts leave (unless `keep_rejected`), corrected cells are replaced. Facts under `second look`, `held` or `confirm` stay as
    extracted. `hash_fact` gives the hash of what a reviewer is shown of a fact; who was shown the corrected form speaks of that. The facts
    that analysts added join at the end. Raises as :func:`review_states`.
    """
    decisions = list(decisions)
    held = {fact.fact_id for fact in facts}
    facts = [*facts, *(fact for fact in list_added(decisions) if fact.fact_id not in held)]
    words, said = rebase_words(sorted(decisions, key=lambda word: word.imported_at), facts, hash_fact)
    shown = {fact.fact_id: hash_fact(fact) for fact in facts}
    states = {
        fact_id: state._replace(decisions=tuple(said.get(id(word), word) for word in state.decisions))
        for fact_id, state in review_states(words, shown, policy=policy, lead=lead).items()
    }
    known = index_names(facts) if any(state.state == "corrected" for state in states.values()) else {}
    kept: list[Fact] = []
    rejected: list[Fact] = []
    extracted: dict[str, Fact] = {}
    faults: list[str] = []
    for fact in facts:
        state = states.get(fact.fact_id)
        if state is not None and state.state == "rejected":
            rejected.append(fact)
            if keep_rejected:
                kept.append(fact)
        elif state is not None and state.state == "corrected":
            fixed, wrong = correct_fact(fact, state.corrections, known)
            faults += [f"{fact.fact_id}: {fault}" for fault in wrong]
            extracted[fact.fact_id] = fact
            kept.append(fixed)
        else:
            kept.append(fact)
    return Reviewed(kept, states, extracted, rejected, faults)


def _find_state(standing: Standing, shown: Mapping[str, str], policy: str, lead: str | None) -> ReviewState:
    fact_id, now = standing.fact_id, shown.get(standing.fact_id)
    words = [*standing.words, *([standing.adjudication] if standing.adjudication is not None else [])]
    fresh = [word for word in standing.counted if word.shown_hash is None or word.shown_hash == now]
    verdict = settle_words(fresh)
    if now is None or verdict is None:
        # A fact that has gone keeps its decision and gets it back when it returns; one that changed has to be looked at again.
        return _make_state(fact_id, "orphan" if now is None else "confirm", {}, words)
    if verdict in ("held", "second look"):
        ruling = fresh[-1] if policy == "latest" else next((word for word in fresh if word.reviewer == lead), None)
        if ruling is not None and policy != "hold":
            return _make_state(fact_id, settle_words([ruling]) or verdict, _join_corrections([ruling]), words)
    return _make_state(fact_id, verdict, _join_corrections(fresh), words)


def _join_corrections(words: Sequence[Decision]) -> dict[str, str | None]:
    return {column: value for word in words for column, value in sorted(claim_of(word)[1].items())}


def _make_state(fact_id: str, state: str, corrections: Mapping[str, str | None], words: Sequence[Decision]) -> ReviewState:
    comments = [word.comment for word in words if word.comment]
    standing = dict(corrections) if state == "corrected" else {}
    return ReviewState(
        fact_id, state, standing, tuple(sorted({word.reviewer for word in words})), "; ".join(comments) or None, tuple(words)
    )
