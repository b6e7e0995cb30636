"""The work list of the analyst: new, changed and conflicting facts, each with cells to judge and correct it in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from inventory.model import FACT_COLUMNS, MODALITIES, STATUSES, Column, Fact
from inventory.records import DECISIONS, Change, Known, ReviewState
from inventory.report import rowcheck
from inventory.report.cells import Link, Value
from inventory.report.facts_sheet import FactRows
from inventory.report.layout import Highlight, Row, Sheet, SheetColumn, show_column

# What stands for itself on the screen; the rest of the read-only columns is folded.
_SHOWN = frozenset({
    "fact_id", "why", "changed", "review", "item", "count_min", "count_max", "actor", "counterparty", "place", "date_start", "status",
    "modality", "claimant", "evidence", "source", "published",
})  # fmt: skip
_SETTLED = frozenset({"accepted", "rejected", "corrected"})
_WHY_OF_STATE = {"held": "reviewers disagree", "second look": "second look", "confirm": "changed since review"}
_WHY_OF_CHANGE = {"updated": "changed", "reappeared": "reappeared", "new": "new"}
# What cannot wait stands first.
_URGENCY = ("reviewers disagree", "conflict", "second look", "changed since review", "changed", "reappeared", "new")
_TEXT = frozenset({"comment", "reviewer", *(rowcheck.CORRECTED_PREFIX + name for name in rowcheck.CORRECTABLE)})
_WORDS = {"decision": DECISIONS, "corrected_status": STATUSES, "corrected_modality": MODALITIES}

_READ_ONLY = {
    "why": "Why the row is on the list: new, changed, in conflict, asked for again.",
    "changed": "What differs from the last report.",
    "review": "What reviewers said before.",
    "row_check": "Ties the cells of this row to the fact; leave it as it is.",
}
_INPUT = {
    "decision": "accept: the row is right. reject: it is not. correct: right but for what stands in the corrected_ columns. "
    "second look: show it again in the next report. clear: take back what I said before. Empty: no statement.",
    "comment": "Free text; it comes back beside the row.",
    "reviewer": "Who decided; empty: the name given when the workbook is imported.",
    "reviewed_at": "When, as YYYY-MM-DD; may stay empty.",
}
_LOOKS = (
    Highlight("alert", ("why",), 'OR({why}="conflict",{why}="reviewers disagree",{why}="changed since review")'),
    Highlight("unsure", ("item", "count_min", "count_max", "actor", "place", "status", "modality"),
              'AND({modality}<>"",{modality}<>"asserted")'),
)  # fmt: skip


class WorkItem(NamedTuple):
    """A fact on the work list: its position among the facts, why it is there, what changed, and what was said of it."""

    position: int
    fact: Fact
    why: str
    changed: str | None
    review: str | None


def list_work(facts: Iterable[Fact], known: Known) -> list[WorkItem]:
    """The facts that somebody has to look at, most urgent first, else in the order of the facts.

    Without a previous run every fact is new, and what an earlier list held waits on (`Known.pending`), unless a review has settled it. A
    settled fact comes back only when it is in a conflict.
    """
    changes: defaultdict[str, list[Change]] = defaultdict(list)
    for change in known.changes:
        if change.cause != "review" and change.change in _WHY_OF_CHANGE:
            changes[change.fact_id].append(change)
    torn = {fact_id for conflict in known.conflicts for fact_id in (conflict.left, conflict.right)}
    first = known.previous is None
    work = []
    for index, fact in enumerate(facts):
        state = known.reviews.get(fact.fact_id)
        why = _why(fact.fact_id, state, changes, torn, "new" if first else known.pending.get(fact.fact_id))
        if why:
            work.append(WorkItem(index, fact, why, _tell_changes(changes.get(fact.fact_id, ())), tell_review(state)))
    return sorted(work, key=lambda item: _URGENCY.index(item.why))


def _why(fact_id: str, state: ReviewState | None, changes: dict[str, list[Change]], torn: set[str], waits: str | None) -> str | None:
    name = state.state if state is not None else ""
    if name == "held":
        return _WHY_OF_STATE[name]
    if fact_id in torn and name != "rejected":
        return "conflict"
    if name in _WHY_OF_STATE or name in _SETTLED:
        return _WHY_OF_STATE.get(name)
    kinds = {change.change for change in changes.get(fact_id, ())}
    return next((why for kind, why in _WHY_OF_CHANGE.items() if kind in kinds), waits)


def _tell_changes(changes: Iterable[Change]) -> str | None:
    told = [f"{change.field}: {change.old or 'empty'} → {change.new or 'empty'}" for change in changes if change.field]
    return "; ".join(told) or None


def tell_review(state: ReviewState | None) -> str | None:
    """What reviewers said of a fact, in a line: `corrected by Ana: count_min = 12; the tail number is legible`."""
    if state is None:
        return None
    told = [f"{name} = {rowcheck.EMPTY_WORD if value is None else value}" for name, value in state.corrections.items()]
    told += [state.comment] if state.comment else []
    return state.state + (f" by {', '.join(state.reviewers)}" if state.reviewers else "") + (f": {'; '.join(told)}" if told else "")


def review_sheet(shown: FactRows, known: Known) -> Sheet:
    """The Review sheet of the facts that the workbook shows."""
    work = list_work(shown.facts, known)
    checks = rowcheck.RowChecks()

    def rows(first: int, last: int) -> Iterator[Row]:
        for position, item in enumerate(work[first:last], first):
            yield _row(item, shown, checks, position)

    count = max(len(work), 1)
    none: Row = ["none", *[None] * (len(rowcheck.list_headings()) - 1)]
    return Sheet(
        rowcheck.REVIEW_SHEET,
        "The work list: decide, correct, comment in the light columns, save, hand back",
        tuple(map(_column, rowcheck.list_headings())),
        count,
        rows if work else lambda first, last: iter([none][first:last]),
        frozen=3,
        wide=True,
        highlights=_LOOKS,
        protected=True,
        blank_rows=rowcheck.BLANK_ROWS,
    )


def _row(item: WorkItem, shown: FactRows, checks: rowcheck.RowChecks, position: int) -> Row:
    fact = item.fact
    told: dict[str, Value] = fact._asdict()
    cells = {name: told.get(name) for name in rowcheck.CHECKED_COLUMNS}
    cells |= {"why": item.why, "changed": item.changed, "review": item.review}
    check = checks.make(fact.fact_id, cells, position)
    link = shown.link_out(fact.url)
    cells["evidence"] = shown.show_row(item.position)
    cells["url"] = link
    if isinstance(link, Link) and fact.source:
        cells["source"] = Link(fact.source, link.target)
    return [
        shown.link_to(fact.fact_id),
        check,
        *(cells[name] for name in rowcheck.CHECKED_COLUMNS),
        *[None] * len(rowcheck.REVIEWER_COLUMNS),
    ]


_DECLARED = {column.name: column for column in FACT_COLUMNS}


def _column(name: str) -> SheetColumn:
    if name in rowcheck.REVIEWER_COLUMNS:
        base = name.removeprefix(rowcheck.CORRECTED_PREFIX)
        comment = _INPUT.get(name) or (
            f"What {base} ought to be, with `correct` as decision; {rowcheck.EMPTY_WORD} where it ought to be empty."
            " Leave what is right alone."
        )
        kind = "text" if name in _TEXT else "date" if name == "reviewed_at" else "str"
        shown = show_column(Column(name, kind, comment))
        return shown._replace(type=kind, unlocked=True, choices=_WORDS.get(name, ()), needed=True)
    declared = _DECLARED.get(name, Column(name, "str", _READ_ONLY.get(name, "")))
    return show_column(declared, folded=name not in _SHOWN)._replace(needed=name in ("fact_id", "row_check"))


def base_sheet(known: Known, rulebook: str | None) -> Sheet:
    """The very hidden sheet that tells an import what the workbook shows, and holds the words of the drop-downs."""
    run = known.run
    pairs = rowcheck.describe_base(run.run_id if run else None, run.job if run else None, run.rulebook if run else rulebook)
    lists = [DECISIONS, STATUSES, MODALITIES]
    count = max(len(pairs), *map(len, lists))
    rows: list[Row] = [
        [*(pairs[index] if index < len(pairs) else (None, None)), *(words[index] if index < len(words) else None for words in lists)]
        for index in range(count)
    ]
    columns = tuple(SheetColumn(name, "str", "") for name in ("key", "value", "decision", "status", "modality"))
    return Sheet(
        rowcheck.BASE_SHEET, "What this workbook was made from", columns, count, lambda first, last: iter(rows[first:last]),
        state="veryHidden", table=False,
    )  # fmt: skip


def choice_range(words: tuple[str, ...]) -> str:
    """The range of :func:`base_sheet` that holds the words of a drop-down: a list written into the rule itself ends at 255 characters."""
    letter = {DECISIONS: "C", STATUSES: "D", MODALITIES: "E"}[words]
    return f"{rowcheck.BASE_SHEET}!${letter}$2:${letter}${len(words) + 1}"
