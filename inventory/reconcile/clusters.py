"""The same thing told in several documents: clusters, how many sources stand behind them, and how credible that makes it."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from inventory.model import Fact
from inventory.reconcile.groups import group_facts
from inventory.reconcile.terms import Sources, sort_facts
from inventory.records import Cluster, Conflict, Reprint

_ID_BYTES = 10  # as in the ids of facts: 80 bits


def cluster_facts(facts: Iterable[Fact], reprints: Iterable[Reprint] = (), conflicts: Iterable[Conflict] = ()) -> list[Cluster]:
    """Every fact in exactly one cluster, in order of their leads.

    The lead is the earliest report. `reports` counts documents, `independent` publishers after reprints are folded into their original.
    Credibility (Admiralty 2–6) is proposed from corroboration and `conflicts` alone, for asserted facts only; the table stands in
    docs/reconcile.md.
    """
    told = sort_facts(facts)
    sources = Sources(told, reprints)
    retold = {id(fact): first for fact in told if (first := sources.find_first(fact)) is not None}
    members = [group.facts for groups in group_facts(fact for fact in told if id(fact) not in retold).values() for group in groups]
    home = {id(fact): facts for facts in members for fact in facts}
    for fact in told:
        # A reprint is about the day that its original is about, whatever its own date; so it goes where that went.
        if id(fact) in retold:
            home[id(retold[id(fact)])].append(fact)
    members = [sort_facts(facts) for facts in members]
    origins = [_count_origins([fact for fact in facts if id(fact) not in retold], sources) for facts in members]
    opposed = _find_opposition(members, origins, conflicts)
    clusters = [
        Cluster(
            _make_id(facts[0].fact_id),
            tuple(dict.fromkeys(fact.fact_id for fact in facts)),
            facts[0].fact_id,
            len({fact.doc_id for fact in facts}),
            sources.count(facts),
            _grade(origins[index], opposed.get(index, 0)) if facts[0].modality == "asserted" else None,
        )
        for index, facts in enumerate(members)
    ]
    order = {fact.fact_id: number for number, fact in enumerate(told)}
    return sorted(clusters, key=lambda cluster: order[cluster.lead])


def _grade(support: int, opposition: int) -> int:
    """Credibility by independent origins for and against; 1 (*confirmed*) is for people to say."""
    if opposition == 0:
        return 2 if support >= 3 else 3 if support == 2 else 6
    return 3 if support > opposition else 4 if support == opposition else 5


def _count_origins(facts: Sequence[Fact], sources: Sources) -> int:
    """Publishers, those that name one speaker counted once: two papers that quote one ministry have one origin."""
    parent: dict[str, str] = {}

    def find(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for fact in facts:
        publisher = find(f"publisher {sources.publisher(fact)}")
        if fact.claimant:
            parent[find(f"speaker {fact.claimant.casefold()}")] = publisher
    return len({find(f"publisher {sources.publisher(fact)}") for fact in facts})


def _find_opposition(members: Sequence[Sequence[Fact]], origins: Sequence[int], conflicts: Iterable[Conflict]) -> Mapping[int, int]:
    """For each cluster the origins of the strongest one that contradicts it."""
    at = {fact.fact_id: index for index, facts in enumerate(members) for fact in facts}
    against: defaultdict[int, int] = defaultdict(int)
    for conflict in conflicts:
        left, right = at.get(conflict.left), at.get(conflict.right)
        if conflict.kind != "count" or left is None or right is None or left == right:
            continue
        against[left] = max(against[left], origins[right])
        against[right] = max(against[right], origins[left])
    return against


def _make_id(lead: str) -> str:
    """Stable as long as the earliest report stays."""
    return "C" + b32encode(hashlib.blake2s(lead.encode(), digest_size=_ID_BYTES, person=b"cluster").digest()).decode("ascii")
