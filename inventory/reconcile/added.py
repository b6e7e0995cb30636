"""The facts that analysts added in reviews: they are in no document, only in the log of decisions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from inventory.model import FACT_COLUMNS, Fact
from inventory.reconcile.corrections import parse_correction
from inventory.reconcile.words import drop_undone, is_definition
from inventory.records import ANALYST_PREFIX, Decision

ADDED_RULE = "analyst"  # stands as rule and flag, so that such a row can be told from what was read
_PARSED = frozenset({"count_min", "count_max", "lat", "lon", "date_start", "date_end"})


def list_added(decisions: Iterable[Decision]) -> list[Fact]:
    """The facts that analysts added and have not taken back, by id; the decisions in the order of the log.

    Of several reviewers who add the same fact the last is taken; whether they agree is told by its review state.
    """
    defined: dict[str, dict[str, Decision]] = {}
    for word in drop_undone(decisions):
        if not word.fact_id.startswith(ANALYST_PREFIX):
            continue
        by_reviewer = defined.setdefault(word.fact_id, {})
        if is_definition(word):
            by_reviewer.pop(word.reviewer, None)  # the later goes to the end
            by_reviewer[word.reviewer] = word
        elif word.decision == "clear":
            by_reviewer.pop(word.reviewer, None)
    return [_make_fact(list(words.values())[-1]) for _, words in sorted(defined.items()) if words]


def _make_fact(word: Decision) -> Fact:
    cells: dict[str, Any] = dict.fromkeys(column.name for column in FACT_COLUMNS)
    for name, text in word.corrections.items():
        if name in cells and text is not None:
            cells[name] = parse_correction(name, text) if name in _PARSED else text
    cells["published"] = parse_correction("date_start", cells["published"])
    item = cells["item"]
    cells |= {
        "fact_id": word.fact_id,
        "item_id": cells["item_id"] or f"?{item.casefold()}",
        "item_text": cells["item_text"] or item,
        "actor": cells["actor"] or cells["actor_id"],
        "counterparty": cells["counterparty"] or cells["counterparty_id"],
        "count_basis": cells["count_basis"] or "unstated",
        "modality": cells["modality"] or "asserted",
        "evidence": cells["evidence"] or word.comment or "",
        "confidence": 1.0,
        "flags": ADDED_RULE,
        "rules": ADDED_RULE,
        "start": 0,
        "end": 0,
        "slots": {},
        "doc_id": cells["url"] or f"{ADDED_RULE}:{word.reviewer}",
        "text_sha256": "",
        "rulebook": ADDED_RULE,
    }
    return Fact(**cells)
