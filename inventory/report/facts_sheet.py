"""The Facts sheet: every fact with every column, corrections beside what they correct, and where a fact stands on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inventory.model import FACT_COLUMNS, FACT_FIELDS, LOSSES, Column, Fact
from inventory.records import Known
from inventory.report.cells import Link, Value
from inventory.report.evidence import mark_items, show_evidence
from inventory.report.layout import Highlight, Row, Sheet, SheetColumn, show_column
from inventory.report.links import make_link
from inventory.table import dump_slots

FACTS_SHEET = "Facts"
# What an analyst reads first. The other columns stand in their place, folded into outline groups.
KEY_COLUMNS = frozenset({
    "fact_id", "kind", "item", "category", "count_min", "count_max", "count_basis", "counted_as", "actor", "counterparty",
    "unit", "place", "date_start", "date_end", "status", "modality", "claimant", "confidence", "evidence",
    "source", "published",
})  # fmt: skip
_NOT_EVIDENCE = tuple(name for name in FACT_FIELDS if name != "evidence")
_ANY_LOSS = 'AND({modality}="asserted",OR(' + ",".join(f'{{status}}="{word}"' for word in sorted(LOSSES)) + "))"
_LOOKS = (
    Highlight("loss", ("item", "count_min", "count_max", "status"), _ANY_LOSS),
    # The evidence is left alone, or the bold of the item in it could not be seen.
    Highlight("unsure", _NOT_EVIDENCE, 'AND({modality}<>"",{modality}<>"asserted")'),
)
_REVIEW_COLUMNS = (
    Column("review_state", "str", "Where the review of the fact stands: accepted, rejected, corrected, second look, held, confirm."),
    Column("reviewers", "str", "Who decided."),
    Column("review_comment", "str", "What they wrote."),
)


class FactRows:
    """The facts that a workbook shows: where each stands on the Facts sheet (or on `Facts 2`, …), and its evidence."""

    def __init__(self, facts: Sequence[Fact], max_rows: int) -> None:
        self.facts = facts
        self._room = max_rows - 1
        self._marks = mark_items(facts)
        self._addresses: dict[str | None, Value] = {}
        self._rows = {fact.fact_id: index for index, fact in reversed(list(enumerate(facts)))}

    def find_cell(self, fact_id: str | None) -> str | None:
        """The first cell of the fact's row, such as `'Facts'!A2`, or `None` for a fact that is not shown."""
        index = self._rows.get(fact_id or "")
        if index is None:
            return None
        part = index // self._room
        title = FACTS_SHEET if part == 0 else f"{FACTS_SHEET} {part + 1}"
        return f"'{title}'!A{index % self._room + 2}"

    def link_to(self, fact_id: str | None, text: str | None = None) -> Value:
        """The id (or another text) as a link to the fact's row; plain text for a fact that is not shown."""
        cell = self.find_cell(fact_id)
        shown = fact_id if text is None else text
        return Link(shown or "", cell, inside=True) if cell and shown else shown

    def link_out(self, address: str | None) -> Value:
        """The address as a link, where it is safe; each is looked at once."""
        if address not in self._addresses:
            self._addresses[address] = make_link(address)
        return self._addresses[address]

    def show_row(self, index: int) -> Value:
        """The evidence of the fact at that position, its item in bold."""
        return show_evidence(self.facts[index].evidence or "", self._marks.get(index))

    def show(self, fact_id: str | None, evidence: str | None) -> Value:
        """The evidence of a fact, its item in bold; the given text for one that is not shown."""
        index = self._rows.get(fact_id or "")
        return evidence if index is None or self.facts[index].evidence != evidence else self.show_row(index)


def facts_sheet(shown: FactRows, known: Known) -> Sheet:
    """The sheet of these facts. Corrections of reviewers stand in columns of their own, right of what they correct."""
    facts = shown.facts
    reviews = {fact.fact_id: known.reviews[fact.fact_id] for fact in facts if fact.fact_id in known.reviews}
    corrected = {name for state in reviews.values() for name in state.corrections if name in FACT_FIELDS}
    positions = {name: FACT_FIELDS.index(name) for name in ("evidence", "slots", "url")}
    after = sorted((FACT_FIELDS.index(name) for name in corrected), reverse=True)

    def rows(first: int, last: int) -> Iterator[Row]:
        for index in range(first, min(last, len(facts))):
            fact = facts[index]
            row: list[Value] = list(fact)  # type: ignore[arg-type]  # slots, replaced below
            row[positions["evidence"]] = shown.show_row(index)
            row[positions["slots"]] = dump_slots(fact.slots)
            if fact.url:
                row[positions["url"]] = shown.link_out(fact.url)
            if reviews:
                state = reviews.get(fact.fact_id)
                row += [state.state, ", ".join(state.reviewers), state.comment] if state else [None, None, None]
                for position in after:
                    row.insert(position + 1, _corrected(state.corrections if state else {}, FACT_FIELDS[position]))
            yield row

    return Sheet(FACTS_SHEET, "Every fact, every column", _columns(corrected, bool(reviews)), len(facts), rows, frozen=3, wide=True,
                 highlights=_looks(corrected, bool(reviews)))  # fmt: skip


def _corrected(corrections: dict[str, str | None], name: str) -> Value:
    return (corrections[name] or "(empty)") if name in corrections else None


def _columns(corrected: set[str], reviewed: bool) -> tuple[SheetColumn, ...]:
    columns = []
    for column in FACT_COLUMNS:
        columns.append(show_column(column, folded=column.name not in KEY_COLUMNS))
        if column.name in corrected:
            comment = f"What a reviewer says {column.name} ought to be; the extraction stands in the column before."
            columns.append(show_column(Column(f"{column.name}_corrected", "str", comment)))
    return (*columns, *(map(show_column, _REVIEW_COLUMNS) if reviewed else ()))


def _looks(corrected: set[str], reviewed: bool) -> tuple[Highlight, ...]:
    looks = [Highlight("corrected", (f"{name}_corrected",), f'{{{name}_corrected}}<>""') for name in FACT_FIELDS if name in corrected]
    if reviewed:
        looks.append(Highlight("rejected", _NOT_EVIDENCE, '{review_state}="rejected"'))
    return (*looks, *_LOOKS)
