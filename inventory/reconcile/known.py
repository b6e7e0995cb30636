"""Everything a report shows beside the facts, in one go: :func:`reckon`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from inventory.model import Fact
from inventory.reconcile.changes import find_changes, find_review_changes
from inventory.reconcile.clusters import cluster_facts
from inventory.reconcile.conflicts import find_conflicts, find_review_conflicts
from inventory.reconcile.grades import grade_sources
from inventory.reconcile.holdings import DEFAULT_WINDOW, list_holdings
from inventory.reconcile.reviews import Reviewed
from inventory.records import Change, FactVersion, Holding, Known, Reprint, ReviewState, SourceGrade


class Earlier(NamedTuple):
    """What was so at the run that a report compares with.

    `versions` and `seen` are what :func:`inventory.reconcile.changes.pick_versions` gives for that run.
    """

    versions: Sequence[FactVersion] = ()
    reviews: Mapping[str, ReviewState] = MappingProxyType({})
    holdings: Sequence[Holding] = ()
    seen: Collection[str] = ()


def reckon(
    reviewed: Reviewed,
    *,
    reprints: Sequence[Reprint] = (),
    as_of: dt.date | None = None,
    window: int | None = DEFAULT_WINDOW,
    families: Mapping[str, str] | None = None,
    grades: Iterable[SourceGrade] = (),
    versions: Sequence[FactVersion] = (),
    earlier: Earlier | None = None,
) -> Known:
    """Clusters, holdings, conflicts, changes and grades of the facts that count after review.

    Args:
        reviewed: the facts after :func:`inventory.reconcile.reviews.apply_reviews`.
        reprints: documents that repeat others.
        as_of, window, families: as in :func:`inventory.reconcile.holdings.list_holdings`.
        grades: what `sources.yaml` says; each publisher of a fact gets a grade.
        versions: current versions as stored, for changes.
        earlier: what to compare with; without it there are no changes and no trends.

    Returns:
        :class:`Known` without runs, quality and parameters, which the caller knows.
    """
    facts = reviewed.facts
    counts = find_conflicts(facts, reprints)
    return Known(
        clusters=tuple(cluster_facts(facts, reprints, counts)),
        reprints=tuple(reprints),
        holdings=tuple(
            list_holdings(
                facts,
                reprints=reprints,
                conflicts=counts,
                as_of=as_of,
                window=window,
                families=families,
                previous=earlier.holdings if earlier is not None else (),
            )
        ),
        conflicts=(*counts, *find_review_conflicts(reviewed.states, facts)),
        changes=tuple(_list_changes(reviewed, versions, earlier)),
        reviews=dict(reviewed.states),
        grades=tuple(grade_sources((fact.source for fact in facts if fact.source), grades)),
    )


def _list_changes(reviewed: Reviewed, versions: Sequence[FactVersion], earlier: Earlier | None) -> list[Change]:
    if earlier is None:
        return []
    current: dict[str, Fact] = {fact.fact_id: fact for fact in (*reviewed.rejected, *reviewed.facts)} | reviewed.extracted
    return [
        *find_changes(earlier.versions, versions, earlier=earlier.seen),
        *find_review_changes(current.values(), earlier.reviews, reviewed.states),
    ]
