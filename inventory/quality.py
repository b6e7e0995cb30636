"""Views of a result against expectations: by phenomenon, by cause of error, and how far its confidence can be trusted."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from inventory.evaluate import CORE, Error, Scores, check_fields, evaluate, pair_up
from inventory.gold import Gold
from inventory.model import Fact

BINS = 10


class Judged(NamedTuple):
    """A row and whether it is right: `matched` if an expectation stands for it, `right` if its core fields are right too."""

    doc_id: str
    confidence: float
    matched: bool
    right: bool


class Bin(NamedTuple):
    """Rows of about the same confidence: their number, mean confidence and the shares of them that are right and matched."""

    low: float
    high: float
    rows: int
    confidence: float
    right: float
    matched: float


class Reliability(NamedTuple):
    """Bins, and over all rows: the mean distance of a bin from its share (`error`), and the Brier score beside that of one constant."""

    bins: tuple[Bin, ...]
    error: float
    brier: float
    brier_constant: float


class Cause(NamedTuple):
    """Errors of one cause, in the order of the documents."""

    name: str
    errors: tuple[Error, ...]


def score_phenomena(gold: Gold, facts: Sequence[Fact]) -> dict[str, Scores]:
    """Scores over the documents that show each phenomenon, in alphabetical order. A document counts under each of its names."""
    documents: defaultdict[str, set[str]] = defaultdict(set)
    for doc_id, names in gold.phenomena.items():
        for name in names:
            documents[name].add(doc_id)
    return {
        name: evaluate([one for one in gold.facts if one.doc_id in shown], [one for one in facts if one.doc_id in shown])
        for name, shown in sorted(documents.items())
    }


def count_clean(gold: Gold, facts: Iterable[Fact]) -> tuple[int, int]:
    """How many of the documents without anything to find were left without a row, and how many there are."""
    return len(set(gold.empty) - {fact.doc_id for fact in facts}), len(gold.empty)


def group_errors(errors: Iterable[Error]) -> list[Cause]:
    """Errors by cause: missed, invented, then each wrong field; the most frequent first within the fields."""
    groups: defaultdict[str, list[Error]] = defaultdict(list)
    for error in errors:
        groups[f"wrong {error.field}" if error.cause == "wrong" else error.cause].append(error)
    first = [name for name in ("missed", "invented") if name in groups]
    rest = sorted(groups.keys() - set(first), key=lambda name: (-len(groups[name]), name))
    return [Cause(name, tuple(groups[name])) for name in (*first, *rest)]


def judge_facts(gold: Gold, facts: Iterable[Fact]) -> list[Judged]:
    """Each row that counts, with whether it is right. What stands for an optional expectation counts neither way and is left out."""
    judged = []
    for one, fact in pair_up(gold.facts, facts):
        if fact is None or (one is not None and one.optional):
            continue
        checks = check_fields(one, fact) if one is not None else {}
        right = one is not None and all(checks.get(name, True) for name in CORE)
        judged.append(Judged(fact.doc_id, fact.confidence, one is not None, right))
    return judged


def measure_reliability(judged: Sequence[Judged]) -> Reliability:
    """Bins of a tenth each, empty ones left out. All figures are 0 without rows."""
    groups: defaultdict[int, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[min(int(one.confidence * BINS), BINS - 1)].append(one)
    bins = tuple(
        Bin(
            index / BINS,
            (index + 1) / BINS,
            len(rows),
            math.fsum(one.confidence for one in rows) / len(rows),
            sum(one.right for one in rows) / len(rows),
            sum(one.matched for one in rows) / len(rows),
        )
        for index, rows in sorted(groups.items())
    )
    total = max(len(judged), 1)
    share = sum(one.right for one in judged) / total
    error = math.fsum(one.rows * abs(one.confidence - one.right) for one in bins) / total
    brier = math.fsum((one.confidence - one.right) ** 2 for one in judged) / total
    return Reliability(bins, error, brier, share * (1 - share))


def is_held_out(doc_id: str) -> bool:
    """Whether a document belongs to the half that the table of confidence was not fitted to: drawn by the hash of its id."""
    return hashlib.sha256(doc_id.encode()).digest()[0] % 2 == 1


def fit_table(products: Sequence[tuple[float, bool]], least: int) -> dict[float, float]:
    """Points product → share right that never fall, each resting on `least` rows or more where there are so many.

    Rows are put in order of their product, cut into groups of about the same size that do not part equal products, and groups whose
    shares fall are merged (pool adjacent violators). A group stands at its mean product. One right and one wrong row are added to
    each, so that a small group tells less than its bare share.
    """
    by_product: defaultdict[float, list[tuple[float, bool]]] = defaultdict(list)
    for one in products:
        by_product[one[0]].append(one)
    groups: list[list[tuple[float, bool]]] = []
    for product in sorted(by_product):
        if groups and len(groups[-1]) < least:
            groups[-1] += by_product[product]
        else:
            groups.append(list(by_product[product]))
    if len(groups) > 1 and len(groups[-1]) < least:
        few = groups.pop()
        groups[-1] += few
    rising: list[list[tuple[float, bool]]] = []
    for group in groups:
        rising.append(group)
        while len(rising) > 1 and _share(rising[-2]) >= _share(rising[-1]):
            higher = rising.pop()
            rising[-1] += higher
    return {round(math.fsum(one[0] for one in group) / len(group), 3): round(_share(group), 3) for group in rising}


def _share(group: Sequence[tuple[float, bool]]) -> float:
    return (sum(right for _, right in group) + 1) / (len(group) + 2)


def measure_figures(gold: Gold, facts: Sequence[Fact], scores: Scores) -> dict[str, float]:
    """The figures that have a floor: `f1`, `core` and `traps`, the share of documents without facts that are left without a row."""
    clean, empty = count_clean(gold, facts)
    return {"f1": scores.f1, "core": scores.core_share, "traps": clean / empty if empty else 1.0}


def check_floors(measured: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """What is below its floor, one line each. A floor of something that is not measured counts as missed."""
    return [
        f"{name} is {measured.get(name, 0.0):.3f}, below its floor {floor:g}"
        for name, floor in floors.items()
        if measured.get(name, 0.0) < floor
    ]


def raise_floors(measured: Mapping[str, float], floors: Mapping[str, float], below: float) -> dict[str, float]:
    """The floors brought up to `below` under what is measured; none comes down."""
    return {name: max(floors.get(name, 0.0), round(value - below, 3)) for name, value in measured.items()}
