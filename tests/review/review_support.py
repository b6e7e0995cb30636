"""Facts and reviewed workbooks for the tests of the review, made without the report's own writer."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from inventory.model import FACT_COLUMNS, Document, Fact
from inventory.report import rowcheck
from inventory.store import Store
from inventory.store.record import Found, Reading
from inventory.table import DocumentRow

_DEFAULTS: dict[str, Any] = {
    "kind": "equipment", "item": "T-72", "item_id": "t-72", "item_text": "T-72 tanks", "category": "armour/tank", "domain": "land",
    "count_min": 12, "count_max": 12, "count_text": "12", "count_basis": "exact", "counted_as": "item", "measure": "stock",
    "actor": "Russia", "actor_id": "RUS", "actor_text": "Russia", "place": "Gomel", "place_id": "627907", "place_text": "Gomel",
    "place_relation": "near", "country": "BLR", "lat": 52.4345, "lon": 30.9754, "geo_precision": "city",
    "date_start": dt.date(2022, 2, 7), "date_end": dt.date(2022, 2, 7), "date_basis": "stated", "status": "massed",
    "status_text": "massed", "modality": "asserted", "confidence": 0.81, "flags": "generic", "rules": "counted-item mass",
    "evidence": "Russia has massed 12 T-72 tanks near Gomel.", "start": 20, "end": 30, "slots": {}, "doc_id": "d1", "title": "A title",
    "source": "Example Wire", "url": "https://news.example/1", "published": dt.date(2022, 2, 8), "text_sha256": "0" * 64,
    "rulebook": "1+test",
}  # fmt: skip


def make_fact(number: int, **cells: Any) -> Fact:
    """A fact of which number, count, place and sentence differ from every other's."""
    own = {
        "fact_id": f"F{number:016d}", "count_min": 10 + number, "count_max": 10 + number, "place": f"Town {number}",
        "evidence": f"Russia has massed {10 + number} T-72 tanks near Town {number}.", "start": 20 + number, "end": 30 + number,
    }  # fmt: skip
    return Fact(**{column.name: None for column in FACT_COLUMNS} | _DEFAULTS | own | cells)


def row_of(fact: Fact, why: str = "new", position: int = 0) -> dict[str, Any]:
    """The cells of a fact on the Review sheet, by heading, in that row of the work list."""
    cells: dict[str, Any] = {name: getattr(fact, name, None) for name in rowcheck.CHECKED_COLUMNS}
    cells |= {"why": why, "changed": None, "review": None}
    return {"fact_id": fact.fact_id, "row_check": rowcheck.make_row_check(fact.fact_id, cells, position), **cells}


def write_review(
    path: Path, rows: Iterable[Mapping[str, Any]], headings: Iterable[str] | None = None, run_id: str = "20220208T050000Z"
) -> Path:
    """A workbook with a Review sheet of these rows and a base sheet, as a spreadsheet program would save it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = rowcheck.REVIEW_SHEET
    names = list(headings if headings is not None else rowcheck.list_headings())
    sheet.append(names)
    for row in rows:
        sheet.append([row.get(name) for name in names])
    base = book.create_sheet(rowcheck.BASE_SHEET)
    for pair in [("key", "value"), *rowcheck.describe_base(run_id, "desk", "1+test")]:
        base.append(pair)
    book.save(path)
    return path


def save_run(store: Store, facts: Iterable[Fact], now: str, rulebook: str = "1+test") -> str:
    """A finished run of the job `desk` that finds exactly these facts, each in a document of its own; the run's id."""
    with store.lock():
        run = store.begin_run("desk", now=now, rulebook=rulebook, version="0")
        held = store.held_documents("desk")
        seen = set()
        for fact in facts:
            key = f"key-{fact.fact_id}"
            seen.add(key)
            document = Document(
                fact.evidence, doc_id=fact.doc_id, title=fact.title, source=fact.source, url=fact.url, published=fact.published
            )
            digest = hashlib.sha256(fact.evidence.encode()).hexdigest()
            row = DocumentRow(
                fact.doc_id, key, fact.title, fact.source, fact.url, fact.published, None, None, "text", None, digest,
                len(document.text), 1, "read", None,
            )  # fmt: skip
            store.save_document(run.run_id, row, reading=Reading(rulebook, "0"), found=Found([fact], []))
        store.finish_run(run.run_id, now=now, withdraw=sorted(set(held) - seen))
    return run.run_id
