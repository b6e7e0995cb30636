"""What stands on each sheet of the workbook: columns, rows and highlights; how they are drawn is told elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from inventory.model import DOCUMENT_COLUMNS, FACT_COLUMNS, FACT_FIELDS, ISSUE_COLUMNS, LOSSES, Column, Fact
from inventory.report.cells import Rich, Value
from inventory.report.evidence import mark_items
from inventory.report.holdings import HOLDING_COLUMNS, list_holdings
from inventory.report.places import PLACE_COLUMNS, list_places
from inventory.report.style import Look
from inventory.table import DocumentRow, Facts, dump_slots

Row = Sequence[Value]
# What an analyst reads first. The other columns stand in their place, folded into outline groups.
KEY_COLUMNS = frozenset({
    "fact_id", "kind", "item", "category", "count_min", "count_max", "count_basis", "counted_as", "actor", "counterparty",
    "unit", "place", "date_start", "date_end", "status", "modality", "claimant", "confidence", "evidence",
    "source", "published",
})  # fmt: skip
_LIMITS = {
    "fact_id": 17, "evidence": 72, "example": 60, "yaml": 60, "message": 70, "error": 44, "items": 52, "flags": 38,
    "fact_ids": 34, "value": 90, "title": 40, "url": 44, "map": 80, "item": 20, "raw_sha256": 72, "text_sha256": 72,
    "source_key": 30, "slots": 40, "rules": 30, "place": 16, "claimant": 16, "counterparty": 16, "category": 18,
}  # fmt: skip
_DEFAULT_LIMIT = 19
# Folded away on the other sheets: what only machines compare, or another column says better.
_FOLDED = frozenset({"actor_id", "fact_ids", "source_key", "raw_sha256", "text_sha256"})
_TYPES = {"lat": "coordinate", "lon": "coordinate", "map": "link", "start": "plain", "end": "plain"}
_HOLDINGS = (("Equipment", ("equipment", "materiel")), ("Personnel", ("personnel",)), ("Units", ("unit",)))


class SheetColumn(NamedTuple):
    """A column of a sheet: heading, cell type (`str`, `int`, `float`, `coordinate`, `date`, `link`), comment, widest width."""

    name: str
    type: str
    comment: str
    limit: int = _DEFAULT_LIMIT
    folded: bool = False


class Highlight(NamedTuple):
    """A look that cells of the columns take where the formula holds; `{name}` in it stands for the cell of that column."""

    look: Look
    columns: tuple[str, ...]
    formula: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: `rows(first, last)` yields the rows of that half-open range, `count` in all. `frozen` columns stay in view."""

    name: str
    purpose: str
    columns: tuple[SheetColumn, ...]
    count: int
    rows: Callable[[int, int], Iterator[Row]]
    frozen: int = 1
    wide: bool = False
    highlights: tuple[Highlight, ...] = field(default=())


def build_sheets(facts: Facts) -> list[Sheet]:
    """The sheets of the workbook in their order."""
    return [
        _facts_sheet(facts),
        *(_holdings_sheet(name, facts, kinds) for name, kinds in _HOLDINGS),
        _listed("Places", "Every place, what is there, and a link to a map", PLACE_COLUMNS, list_places(facts.facts)),
        _listed("Sources", "Every document", DOCUMENT_COLUMNS, facts.documents or _documents_of(facts.facts), _DOCUMENT_LOOKS),
        _listed("Candidates", "Names that no gazetteer knows, with the line that would add them", _CANDIDATE_COLUMNS, _candidates(facts)),
        _listed("Errors", "Every document that was refused, cut or failed, and why", ISSUE_COLUMNS, _errors(facts)),
        _listed("Run", "What made this workbook", _RUN_COLUMNS, _run(facts)),
    ]


_NOT_EVIDENCE = tuple(name for name in FACT_FIELDS if name != "evidence")
_ANY_LOSS = 'AND({modality}="asserted",OR(' + ",".join(f'{{status}}="{word}"' for word in sorted(LOSSES)) + "))"
_FACT_LOOKS = (
    Highlight("loss", ("item", "count_min", "count_max", "status"), _ANY_LOSS),
    # The evidence is left alone, or the bold of the item in it could not be seen.
    Highlight("unsure", _NOT_EVIDENCE, 'AND({modality}<>"",{modality}<>"asserted")'),
)
_HOLDING_LOOKS = (
    Highlight("loss", ("lost_low", "lost_high"), "LEN({lost_low}&{lost_high})>0"),
    Highlight("alert", ("low", "high", "flags"), 'OR(ISNUMBER(SEARCH("disagree",{flags})),ISNUMBER(SEARCH("differ",{flags})))'),
)
_DOCUMENT_LOOKS = (Highlight("alert", ("status", "error"), 'AND({status}<>"",{status}<>"read")'),)

_CANDIDATE_COLUMNS = (
    Column("text", "str", "The name as printed."),
    Column("kind", "str", "Designator or counted noun."),
    Column("count", "int", "How often it was found."),
    Column("documents", "int", "In how many documents."),
    Column("example", "str", "A sentence that holds it."),
    Column("yaml", "str", "The line for a gazetteer file that would add it; check it before you merge it."),
)
_RUN_COLUMNS = (Column("key", "str", "What is told."), Column("value", "str", "Its value, as printed."))
_LEGEND = (
    ("bold on a light fill", "on Facts and the holdings sheets: a loss"),
    ("italic on grey", "on Facts: not asserted (possible, planned, denied, negated …)"),
    ("folded columns", "on Facts: press 2 or + above the column letters to unfold; every column is there"),
)


def _facts_sheet(facts: Facts) -> Sheet:
    evidence, slots, item = (FACT_FIELDS.index(name) for name in ("evidence", "slots", "item_text"))
    marks = mark_items(facts.facts)

    def rows(first: int, last: int) -> Iterator[Row]:
        for index in range(first, min(last, len(facts))):
            fact: list[Value] = list(facts.facts[index])  # type: ignore[arg-type]  # slots, replaced below
            fact[evidence] = _marked(str(fact[evidence] or ""), str(fact[item] or ""), marks.get(index))
            fact[slots] = dump_slots(facts.facts[index].slots)
            yield fact

    columns = tuple(_sheet_column(column, folded=column.name not in KEY_COLUMNS) for column in FACT_COLUMNS)
    return Sheet("Facts", "Every fact, every column", columns, len(facts), rows, frozen=3, wide=True, highlights=_FACT_LOOKS)


def _marked(evidence: str, item: str, span: tuple[int, int] | None) -> Value:
    return Rich(evidence[: span[0]], evidence[span[0] : span[1]], evidence[span[1] :]) if span else evidence


def _holdings_sheet(name: str, facts: Facts, kinds: tuple[str, ...]) -> Sheet:
    holdings = list_holdings(facts.facts, kinds)
    return Sheet(
        name,
        "Who holds what where; rows and reports are not added up",
        tuple(_sheet_column(column, folded=column.name in _FOLDED) for column in HOLDING_COLUMNS),
        len(holdings),
        lambda first, last: iter(holdings[first:last]),
        frozen=4,
        wide=True,
        highlights=_HOLDING_LOOKS,
    )


def _listed(name: str, purpose: str, columns: Iterable[Column], rows: Sequence[Row], highlights: tuple[Highlight, ...] = ()) -> Sheet:
    shown = tuple(_sheet_column(column, folded=column.name in _FOLDED) for column in columns)
    return Sheet(name, purpose, shown, len(rows), lambda first, last: iter(rows[first:last]), highlights=highlights)


def _sheet_column(column: Column, folded: bool = False) -> SheetColumn:
    comment = column.description + (f"\nOne of: {', '.join(column.values)}." if column.values else "")
    return SheetColumn(column.name, _TYPES.get(column.name, column.type), comment, _LIMITS.get(column.name, _DEFAULT_LIMIT), folded)


def _documents_of(facts: Iterable[Fact]) -> list[DocumentRow]:
    # A caller that has facts only still gets its sources, as far as the facts know them.
    counts: dict[tuple[str, str], int] = {}
    firsts: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        key = (fact.doc_id, fact.text_sha256)
        counts[key] = counts.get(key, 0) + 1
        firsts.setdefault(key, fact)
    return [
        DocumentRow(
            fact.doc_id, fact.url or fact.doc_id, fact.title, fact.source, fact.url, fact.published,
            None, None, None, None, fact.text_sha256, None, counts[key], "read", None,
        )
        for key, fact in firsts.items()
    ]  # fmt: skip


def _candidates(facts: Facts) -> list[Row]:
    return [(one.text, one.kind, one.count, one.documents, one.example, one.yaml) for one in facts.candidates]


def _errors(facts: Facts) -> list[Row]:
    # "none" rather than an empty sheet: an empty one could also mean that nobody looked.
    return [issue.row() for issue in facts.issues] or [("none", None, None, None, None)]


def _run(facts: Facts) -> list[Row]:
    rows: list[Row] = []
    if facts.run is not None:
        run = facts.run
        rows += [("version", run.version), ("rulebook", run.rulebook), ("command", run.command)]
        rows += [(f"parameter {name}", value) for name, value in run.parameters.items()]
        rows += [("documents", run.documents), ("facts", run.facts), ("issues", run.issues)]
    else:
        rows += [("documents", len(facts.documents)), ("facts", len(facts)), ("issues", len(facts.issues))]
    return [*rows, *_LEGEND]
