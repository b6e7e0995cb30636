"""Facts for the tests of what is known over many documents."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from inventory.model import Fact

_PLAIN: dict[str, Any] = dict.fromkeys(Fact._fields) | {
    "kind": "equipment", "item": "Su-35", "item_id": "su-35", "item_text": "Su-35s", "category": "aircraft/fighter",
    "domain": "air", "count_min": 12, "count_max": 12, "count_text": "12", "count_basis": "exact", "counted_as": "item", "measure": "stock",
    "actor": "Russia", "actor_id": "RUS", "actor_text": "Russian", "place": "Tartus", "place_id": "170063", "place_text": "Tartus",
    "place_relation": "at", "admin": "Tartus", "country": "SYR", "lat": 34.889, "lon": 35.8866, "geo_precision": "city",
    "status": "deployed", "status_text": "stationed", "modality": "asserted", "confidence": 0.9, "rules": "link.count-item",
    "evidence": "Moscow has stationed 12 Su-35s at Tartus.", "start": 24, "end": 30, "slots": {"item": [24, 30]}, "doc_id": "a",
    "source": "Harbour Gazette", "published": dt.date(2022, 3, 1), "text_sha256": "ab" * 32, "rulebook": "1.0+abcd",
}  # fmt: skip


@pytest.fixture(scope="session")
def make_fact() -> Callable[..., Fact]:
    """A fact about twelve fighters with a new id, and the given fields changed; `count` sets both bounds."""
    numbers = itertools.count(1)

    def make(count: int | None = None, **changes: Any) -> Fact:
        bounds = {} if count is None else {"count_min": count, "count_max": count, "count_text": str(count)}
        return Fact(**{**_PLAIN, "fact_id": f"F{next(numbers):05}", **bounds, **changes})

    return make
