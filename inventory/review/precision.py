"""How often facts were right, by rule and by source, from what reviewers decided.

A fact counts once: accepted is right, rejected or corrected is wrong. A fact in dispute, or with a second look pending, counts not at all.
A corrected fact counts against every rule that made it: the short form of its trace does not tell which filled the corrected cell.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from inventory.model import Fact
from inventory.reconcile.rebase import rebase_words
from inventory.reconcile.words import fold_words
from inventory.records import ANALYST_PREFIX, Decision, FactVersion, QualityRow
from inventory.report.rowcheck import hash_fact

THRESHOLD = 0.9  # of precision, below which a rule wants work
# Two-sided 95 % of the normal distribution, as usual for Wilson's score interval (Wilson 1927, JASA 22, 209–212).
Z = 1.959964
_RIGHT = "accepted"
_JUDGED = ("accepted", "rejected", "corrected")


class Judgement(NamedTuple):
    """A fact in the form that was judged, the verdict (accepted, rejected, corrected), and the corrected cells."""

    fact: Fact
    verdict: str
    corrections: Mapping[str, str | None]
    comment: str | None


def wilson_interval(right: int, n: int) -> tuple[float, float]:
    """Bounds of a proportion at 95 %, right at both ends even for small samples; (0, 1) for none."""
    if n == 0:
        return 0.0, 1.0
    share, spread = right / n, Z * Z / n
    middle = (share + spread / 2) / (1 + spread)
    half = Z * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def list_judgements(decisions: Iterable[Decision], versions: Iterable[FactVersion]) -> list[Judgement]:
    """Every fact that reviewers agree on, in the form that they were shown, by id. Facts that analysts added are left out.

    Args:
        decisions: the log, in order.
        versions: every stored version of the facts; a fact that is in no version is left out, as nothing is known of its rules.
    """
    held: defaultdict[str, list[Fact]] = defaultdict(list)
    current: list[Fact] = []
    for version in versions:
        held[version.fact.fact_id].append(version.fact)
        if version.until is None:
            current.append(version.fact)
    words, _ = rebase_words(list(decisions), current, hash_fact)  # to accept a corrected fact is to confirm the correction
    judged = []
    for fact_id, standing in sorted(fold_words(words).items()):
        verdict = standing.verdict
        if verdict not in _JUDGED or fact_id.startswith(ANALYST_PREFIX) or not held[fact_id]:
            continue
        word = standing.counted[-1]
        fact = next((one for one in reversed(held[fact_id]) if hash_fact(one) == word.shown_hash), held[fact_id][-1])
        cells = {column: value for one in standing.counted for column, value in one.corrections.items()}
        judged.append(Judgement(fact, verdict, cells if verdict == "corrected" else {}, word.comment))
    return judged


def measure_precision(judgements: Sequence[Judgement], threshold: float = THRESHOLD) -> tuple[QualityRow, ...]:
    """Precision over all, by rule and by source, with its Wilson interval; in each block the worst first.

    `status` is fail when the whole interval lies below the threshold, warn when the value does, else ok.
    """
    rules: defaultdict[str, list[Judgement]] = defaultdict(list)
    sources: defaultdict[str, list[Judgement]] = defaultdict(list)
    for one in judgements:
        for rule in dict.fromkeys(one.fact.rules.split()):
            rules[rule].append(one)
        sources[one.fact.source or "(no source)"].append(one)
    rows = [_row("precision", "all reviewed facts", judgements, threshold)] if judgements else []
    for check, groups in (("precision by rule", rules), ("precision by source", sources)):
        block = [_row(check, scope, members, threshold) for scope, members in groups.items()]
        rows += sorted(block, key=lambda row: (row.high or 0.0, row.value or 0.0, row.scope))
    return tuple(rows)


def _row(check: str, scope: str, judged: Sequence[Judgement], threshold: float) -> QualityRow:
    counts = {verdict: sum(one.verdict == verdict for one in judged) for verdict in _JUDGED}
    n = len(judged)
    value = counts[_RIGHT] / n
    low, high = wilson_interval(counts[_RIGHT], n)
    status = "fail" if high < threshold else "warn" if value < threshold else "ok"
    wrong: defaultdict[str, int] = defaultdict(int)
    for one in judged:
        for column in one.corrections:
            wrong[column] += 1
    cells = ", ".join(f"{column} {number}" for column, number in sorted(wrong.items(), key=lambda item: (-item[1], item[0])))
    note = ", ".join(f"{number} {verdict}" for verdict, number in counts.items() if number) + (f" ({cells})" if cells else "")
    return QualityRow(check, scope, round(value, 4), round(low, 4), round(high, 4), n, f">= {threshold:g}", status, note)
