"""Where each cell of a fact came from: the rule, the characters and, where neither is printed, what it follows from."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from inventory.extraction.confidence import TABLE, list_factors, reckon_confidence
from inventory.extraction.state import Item
from inventory.model import DOCUMENT_COLUMNS, FACT_FIELDS, Fact, encode_value
from inventory.report.explain_model import Cell
from inventory.rulebook.book import Rulebook
from inventory.text.fold import Folded

# Columns that say which document and pack, not what was read.
DOCUMENT_CELLS = frozenset({column.name for column in DOCUMENT_COLUMNS} | {"rulebook"}) - {"status"}

# Column → the slot whose binding filled it.
_SLOTS = {
    "count_min": "count", "count_max": "count", "count_text": "count", "count_basis": "count",
    "counted_as": "counted_as", "measure": "measure",
    "actor": "actor", "actor_id": "actor", "actor_text": "actor",
    "counterparty": "counterparty", "counterparty_id": "counterparty", "counterparty_role": "counterparty_role",
    "unit": "unit", "echelon": "echelon",
    "place": "place", "place_id": "place", "place_text": "place", "place_relation": "place", "admin": "place", "country": "place",
    "lat": "place", "lon": "place", "geo_precision": "place",
    "date_start": "date", "date_end": "date", "date_text": "date", "date_basis": "date",
    "status": "status", "status_text": "status",
    "modality": "modality", "modality_text": "modality", "probability_min": "modality", "probability_max": "modality",
}  # fmt: skip
# Columns that hold what the text does not print but the pack knows of what it does print.
_LOOKED_UP = {
    "actor_id": "given with the side",
    "counterparty_id": "given with the side",
    **dict.fromkeys(("place_id", "admin", "country", "lat", "lon", "geo_precision"), "given with the place"),
}
# Columns that follow from the others and from where the sentence stands.
_MADE = frozenset({"fact_id", "flags", "rules", "evidence", "start", "end", "slots"})


class _Origin:
    """What is known of one fact: its steps by slot (the last filled it) and its spans."""

    def __init__(
        self, fact: Fact, item: Item, folded: Folded, book: Rulebook, text: str, operations: dict[str, tuple[str, int, int]]
    ) -> None:
        self.fact = fact
        self.item = item
        self.book = book
        self.text = text
        self.operations = operations
        self.steps: dict[str, tuple[str, int, int, str]] = {}
        for slot, rule, lo, hi, note in item.steps:
            start, end = folded.span(lo, hi) if hi > lo else (-1, -1)
            self.steps[slot] = (rule, start, end, note)

    def cell(self, column: str, rule: str, span: tuple[int, int] = (-1, -1), note: str = "") -> Cell:
        value = getattr(self.fact, column)
        shown = " ".join(f"{k}={v[0]}–{v[1]}" for k, v in value.items()) if isinstance(value, dict) else str(encode_value(value))
        start, end = span
        return Cell(column, shown, rule, start, end, self.text[start:end] if start >= 0 else "", note)

    def span_of(self, slot: str) -> tuple[int, int]:
        """The characters of a slot: those that the fact reports, else those of the step that filled it."""
        held = self.fact.slots.get(slot)
        if held is not None:
            return held[0], held[1]
        step = self.steps.get(slot)
        return (step[1], step[2]) if step is not None else (-1, -1)


def explain_cells(
    fact: Fact, item: Item, folded: Folded, book: Rulebook, text: str, operations: dict[str, tuple[str, int, int]]
) -> tuple[Cell, ...]:
    """One cell for every filled column but those of the document.

    `text` is the document's; `operations` gives for each operation named in or above the sentence its rule and characters.
    """
    origin = _Origin(fact, item, folded, book, text, operations)
    return tuple(_cell(origin, column) for column in FACT_FIELDS if column not in DOCUMENT_CELLS and getattr(fact, column) is not None)


def group_cells(cells: Iterable[Cell]) -> list[list[Cell]]:
    """Cells of the same rule and characters together, in the order of the columns; what follows from others comes last."""
    groups: dict[tuple[str, int, int], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((cell.rule, cell.start, cell.end), []).append(cell)
    return sorted(groups.values(), key=lambda group: group[0].column in _MADE)


def _cell(origin: _Origin, column: str) -> Cell:
    if column in _MADE:
        return origin.cell(column, "made", note="from the other cells and the place in the text")
    if column in _SPECIAL:
        return _SPECIAL[column](origin, column)
    return _slot_cell(origin, column, _SLOTS[column])


def _slot_cell(origin: _Origin, column: str, slot: str) -> Cell:
    step = origin.steps.get(slot)
    if step is None:
        return origin.cell(column, *_unbound(origin, column, slot))
    rule, _, _, note = step
    span = origin.span_of(slot)
    if slot == "counterparty_role" and span[0] < 0:
        span = origin.span_of("counterparty")
    if column == "status" and any(cue.id == rule and cue.placed == origin.fact.status for cue in origin.book.cues):
        note = note or "the cue's status where a place is told"
    return origin.cell(column, rule, span, ("" if slot == "date" else note) or _LOOKED_UP.get(column, ""))


def _unbound(origin: _Origin, column: str, slot: str) -> tuple[str, tuple[int, int], str]:
    """Rule, characters and remark of a cell whose slot no rule filled: it follows from another slot, or is the default."""
    fact, steps = origin.fact, origin.steps
    nothing = (-1, -1)
    if column == "count_basis":
        if fact.count_basis == "undisclosed":
            return "undisclosed-number", nothing, "the sentence says that the number is not told"
        return "default", nothing, "no number is bound to the item"
    if column == "counted_as":
        return "default", nothing, "a number counts items unless a rule says otherwise"
    if column == "status":
        return "default", nothing, "no status cue reaches the item"
    if column == "modality":
        if fact.modality == "asserted":
            return "default", nothing, "no modality cue reaches the item"
        rule = steps["status"][0] if "status" in steps else "status"
        return rule, origin.span_of("status"), "follows from the status"
    if column == "measure" and "status" in steps:
        return steps["status"][0], origin.span_of("status"), "given with the status cue"
    if slot in ("counterparty", "counterparty_role"):
        for source, note in (("counterparty", "role given by the same rule"), ("origin", "who made the thing is taken for its supplier")):
            if source in steps:
                return steps[source][0], origin.span_of(source), note
    if slot == "actor":
        return "inherit", nothing, "the only side named in the heading or list header"
    if slot == "unit":
        return origin.item.mention.rule, origin.span_of("item"), "the item is the unit"
    if slot == "echelon":
        if "unit" in steps:
            return steps["unit"][0], origin.span_of("unit"), "echelon of the unit"
        return origin.item.mention.rule, origin.span_of("item"), "given with the name"
    return "unknown", nothing, "no rule is recorded"


def _item(origin: _Origin, column: str) -> Cell:
    mention = origin.item.mention
    note = "given with the name"
    if mention.entry is None:
        note = "category of the class noun beside it" if column == "category" else "no gazetteer knows the name"
    return origin.cell(column, mention.rule or "name", origin.span_of("item"), note)


def _domain(origin: _Origin, column: str) -> Cell:
    return origin.cell(column, "taxonomy", note=f"domain of {origin.fact.category}")


def _operation(origin: _Origin, column: str) -> Cell:
    rule, start, end = origin.operations.get(origin.fact.operation or "", ("operation", -1, -1))
    return origin.cell(column, rule, (start, end))


def _claimant(origin: _Origin, column: str) -> Cell:
    rule = origin.fact.rules.split()[-1]
    note = "side that the claimant speaks for" if column == "claimant_actor_id" else ""
    return origin.cell(column, rule, origin.span_of("claimant"), note)


_ATTRIBUTES = {
    "origin": "by {rule}", "controller": "given with the place", "variant": "letters behind the designator",
    "hull": "hull number behind the name",
    "calibre": "calibre before the item", "nuclear_capable": "words before the item",
}  # fmt: skip


def _attributes(origin: _Origin, column: str) -> Cell:
    rule = origin.steps["origin"][0] if "origin" in origin.steps else origin.item.mention.rule
    notes = []
    for pair in (origin.fact.attributes or "").split("; "):
        key = pair.partition("=")[0]
        notes.append(f"{key}: {_ATTRIBUTES.get(key, 'given with the name').format(rule=rule)}")
    return origin.cell(column, rule or "name", note="; ".join(notes))


def _confidence(origin: _Origin, column: str) -> Cell:
    columns = origin.fact._asdict()
    factors = [f"links {origin.item.score:g}", *(f"{name} {factor:g}" for name, factor in list_factors(columns))]
    mapped = ", mapped to how many such rows were right" if TABLE in origin.book.values else ""
    return origin.cell(column, "product", note=f"{' × '.join(factors)} = {reckon_confidence(origin.item.score, columns, {}):g}{mapped}")


_SPECIAL: dict[str, Callable[[_Origin, str], Cell]] = {
    "kind": _item, "item": _item, "item_id": _item, "item_text": _item, "category": _item, "domain": _domain, "operation": _operation,
    "claimant": _claimant, "claimant_text": _claimant, "claimant_actor_id": _claimant, "attributes": _attributes, "confidence": _confidence,
}  # fmt: skip
