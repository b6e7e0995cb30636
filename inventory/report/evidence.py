"""Where in its evidence sentence a fact's item stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from inventory.model import Fact
from inventory.report.cells import Rich, Value


def mark_items(facts: Sequence[Fact]) -> dict[int, tuple[int, int]]:
    """The span of the item in the evidence, `evidence[start:end]`, by the index of the fact; facts without one are absent.

    A fact's own `start` counts in the document, whose white space the evidence has folded, so the item is looked
    up by its text. Where a sentence names it several times, the mentions of the document are taken in their order.
    """
    groups: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for index, fact in enumerate(facts):
        groups[fact.doc_id, fact.evidence, fact.item_text].append(index)
    marks: dict[int, tuple[int, int]] = {}
    for (_, evidence, item), indices in groups.items():
        spans = find_item(evidence, item)
        if not spans:
            continue
        order = {start: rank for rank, start in enumerate(sorted({facts[index].start for index in indices}))}
        for index in indices:
            marks[index] = spans[min(order[facts[index].start], len(spans) - 1)]
    return marks


def show_evidence(evidence: str, span: tuple[int, int] | None) -> Value:
    """The evidence with the item in bold, where it was found."""
    return Rich(evidence[: span[0]], evidence[span[0] : span[1]], evidence[span[1] :]) if span else evidence


def find_item(evidence: str, item: str) -> list[tuple[int, int]]:
    """Every span of the item in the sentence, whole words if there are any, else also parts of words."""
    words = item.split()
    if not words:
        return []
    pattern = r"\s+".join(map(re.escape, words))
    whole = [match.span() for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", evidence)]
    return whole or [match.span() for match in re.finditer(pattern, evidence)]
