"""The Summary: the answer on one page."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from inventory.model import Fact
from inventory.records import Change, Known
from inventory.report.cells import Link, Value
from inventory.report.facts_sheet import FactRows
from inventory.report.known_sheets import list_documents
from inventory.report.page import ChartPlan, Page, PageCell, Range
from inventory.report.periods import count_periods
from inventory.table import Facts

SUMMARY_SHEET = "Summary"
_WIDTHS = (27.0, *[12.0] * 11)
_LINE = 13.5
_MOST_SIDES, _MOST_CATEGORIES, _MOST_CHANGES, _MOST_CONFLICTS, _MOST_SOURCES, _MOST_FAILED = 12, 9, 10, 8, 15, 10
_CHART_ROWS, _CHART_LINE = 15, 14.0
_NOTE = "note: "  # kinds of issues that begin so are remarks, the document was read


class _Canvas:
    """The page while it is being filled, row by row."""

    def __init__(self) -> None:
        self.cells: defaultdict[int, dict[int, PageCell]] = defaultdict(dict)
        self.heights: dict[int, float] = {}
        self.row = 1

    def put(self, row: int, column: int, value: Value, kind: str = "str", role: str = "body") -> None:
        self.cells[row][column] = PageCell(value, kind, role)

    def put_row(self, values: Sequence[Value], kinds: Sequence[str], role: str = "body") -> int:
        """Write a row at the current place; returns its number."""
        lines = 1
        for column, (value, kind) in enumerate(zip(values, kinds, strict=True), 1):
            self.put(self.row, column, value, kind, role)
            if kind == "str" and isinstance(value, str):
                lines = max(lines, -(-len(value) * 10 // int(_WIDTHS[column - 1] * 9)))
        self.heights[self.row] = min(lines, 5) * _LINE + 2
        self.row += 1
        return self.row - 1

    def put_block(self, title: Value, heads: Sequence[str], kinds: Sequence[str], rows: Iterable[Sequence[Value]], more: str = "") -> None:
        """A titled list; `none` without rows, `more` as a last line."""
        self.put(self.row, 1, title, "link" if isinstance(title, Link) else "spill", "block")
        self.heights[self.row] = 20
        self.row += 1
        self.put_row(heads, ["str" if kind == "spill" else kind for kind in kinds], "head")
        before = self.row
        for row in rows:
            self.put_row(row, kinds)
        if self.row == before:
            self.put_row(["none", *[None] * (len(heads) - 1)], ["str"] * len(heads))
        if more:
            self.put(self.row, 1, more, "spill", "lead")
            self.row += 1
        self.row += 1


def summary_page(facts: Facts, known: Known, shown: FactRows, to_review: int) -> Page:
    """The page. `to_review` is the length of the work list."""
    canvas = _Canvas()
    _put_heading(canvas, facts, known, shown.facts)
    _put_figures(canvas, facts, known, shown.facts, to_review)
    top = canvas.row
    canvas.heights |= dict.fromkeys(range(top, top + _CHART_ROWS), _CHART_LINE)
    canvas.row += _CHART_ROWS + 1
    charts = _put_matrix(canvas, shown.facts, top)
    side = canvas.row
    _put_changes(canvas, known, shown)
    _put_conflicts(canvas, known)
    _put_sources(canvas, facts, known)
    _put_failed(canvas, facts)
    charts += _put_periods(canvas, shown.facts, side, top)
    return Page(SUMMARY_SHEET, "The answer on one page", _WIDTHS, canvas.cells, canvas.heights, tuple(charts))


def _put_heading(canvas: _Canvas, facts: Facts, known: Known, shown: Sequence[Fact]) -> None:
    canvas.put(1, 1, "Military inventory", "spill", "title")
    canvas.heights[1] = 28
    published = [row.published for row in list_documents(facts) if row.published]
    told = sorted(day for fact in shown for day in (fact.date_start or fact.published, fact.date_end) if day)
    period = f"Facts about {_span(told)}" if told else "No dated facts"
    documents = len(list_documents(facts))
    canvas.put(2, 1, f"{period}; {documents:,} {'document' if documents == 1 else 'documents'}"
               + (f", published {_span(sorted(published))}" if published else ""), "spill", "lead")  # fmt: skip
    run, previous = known.run, known.previous
    lead = f"Run {run.run_id} of job {run.job}, {run.started}, {run.status}" if run else "A single run, without a store"
    lead += f"; compared with run {previous.run_id}, {previous.started}" if previous else "; no earlier run to compare with"
    canvas.put(3, 1, lead + f"; rules {run.rulebook if run else facts.run.rulebook if facts.run else 'unknown'}", "spill", "lead")
    canvas.row = 5


def _span(days: Sequence[dt.date]) -> str:
    return str(days[0]) if days[0] == days[-1] else f"{days[0]} to {days[-1]}"


def _put_figures(canvas: _Canvas, facts: Facts, known: Known, shown: Sequence[Fact], to_review: int) -> None:
    kinds = Counter({kind: len(ids) for kind, ids in _ids_by_kind(known.changes).items()})
    figures: list[tuple[str, int, str]] = [
        ("Facts", len(shown), "Facts"), ("Documents", len(list_documents(facts)), "Sources"),
        ("New", kinds["new"] + kinds["reappeared"], "Changes"), ("Changed", kinds["updated"], "Changes"),
        ("Withdrawn", kinds["withdrawn"], "Changes"), ("Conflicts", len(known.conflicts), "Conflicts"),
        ("To review", to_review, "Review"), ("Failed", len(_failed(facts)), "Errors"),
    ]  # fmt: skip
    compared = known.previous is not None or bool(known.changes)
    for column, (label, figure, sheet) in enumerate(figures, 1):
        canvas.put(5, column, Link(label, f"'{sheet}'!A1", inside=True), "link", "label")
        canvas.put(6, column, figure if compared or sheet != "Changes" else "–", "int", "figure")
    canvas.heights[5], canvas.heights[6] = 16, 28
    canvas.row = 8


def _ids_by_kind(changes: Iterable[Change]) -> dict[str, set[str]]:
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for change in changes:
        kinds[change.change].add(change.fact_id)
    return kinds


def _put_matrix(canvas: _Canvas, facts: Sequence[Fact], top: int) -> list[ChartPlan]:
    """Facts by side and category, and the charts over its totals."""
    counts = Counter((fact.actor or "", _category(fact)) for fact in facts)
    sides, categories = Counter[str](), Counter[str]()
    for (side, category), number in counts.items():
        sides[side] += number
        categories[category] += number
    named = [side for side, _ in sorted(sides.items(), key=_by_number) if side]
    rows = [(side, [side]) for side in named[:_MOST_SIDES]]
    rows += [("other sides", named[_MOST_SIDES:])] if named[_MOST_SIDES:] else []
    rows += [("no side named", [""])] if sides[""] else []
    ranked = [category for category, _ in sorted(categories.items(), key=_by_number)]
    columns = [(category, [category]) for category in ranked[:_MOST_CATEGORIES]]
    columns += [("other", ranked[_MOST_CATEGORIES:])] if ranked[_MOST_CATEGORIES:] else []
    kinds = ["str", *["int"] * (len(columns) + 1)]
    canvas.put(canvas.row, 1, "Facts by side and category", "spill", "block")
    canvas.heights[canvas.row] = 20
    canvas.row += 1
    head = canvas.put_row(["side", *(name for name, _ in columns), "all"], kinds, "head")
    first = canvas.row
    for name, group in rows:
        numbers = [sum(counts[side, category] for side in group for category in held) for _, held in columns]
        canvas.put_row([name, *(number or None for number in numbers), sum(numbers)], kinds)
    if not rows:
        canvas.row += 1
        return []
    totals = [sum(categories[category] for category in held) for _, held in columns]
    total = canvas.put_row(["all", *totals, sum(totals)], kinds, "total")
    canvas.row += 1
    last = len(columns) + 1
    named_last = first + max(min(len(named), _MOST_SIDES), 1) - 1  # the rest would dwarf them
    frames = [Range(top, first_column, top + _CHART_ROWS - 1, first_column + 3) for first_column in (1, 5)]
    return [
        ChartPlan("Facts by category", "bar", Range(head, 2, head, last), Range(total, 2, total, last), frames[0]),
        ChartPlan("Facts by side", "bar", Range(first, 1, named_last, 1), Range(first, last + 1, named_last, last + 1), frames[1]),
    ]


def _by_number(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]


def _category(fact: Fact) -> str:
    return (fact.category or fact.kind).partition("/")[0]


def _put_periods(canvas: _Canvas, facts: Sequence[Fact], row: int, top: int) -> list[ChartPlan]:
    """Facts over time, right of the lists."""
    periods = count_periods(fact.date_start or fact.date_end or fact.published for fact in facts)
    canvas.put(row, 11, "Facts over time", "spill", "block")
    canvas.put(row + 1, 11, "period", "str", "head")
    canvas.put(row + 1, 12, "facts", "int", "head")
    for number, (name, count) in enumerate(periods, row + 2):
        canvas.put(number, 11, name, "str")
        canvas.put(number, 12, count, "int")
    if not periods:
        return []
    last = row + 1 + len(periods)
    frame = Range(top, 9, top + _CHART_ROWS - 1, 12)
    return [ChartPlan("Facts over time", "column", Range(row + 2, 11, last, 11), Range(row + 2, 12, last, 12), frame)]


def _put_changes(canvas: _Canvas, known: Known, shown: FactRows) -> None:
    rows = _largest_changes(known.changes, shown)
    heads = ("item", "side", "place", "what", "before", "now", "difference", "source")
    kinds = ("str", "str", "str", "str", "int", "int", "int", "spill")
    canvas.put_block(Link("Largest changes", "'Changes'!A1", inside=True), heads, kinds, rows)


def _largest_changes(changes: Iterable[Change], shown: FactRows) -> list[Sequence[Value]]:
    counts = {fact.fact_id: fact.count_min if fact.count_min is not None else fact.count_max for fact in shown.facts}
    rows: dict[tuple[object, ...], tuple[int, Sequence[Value]]] = {}
    for change in changes:
        old, new = _number(change.old), _number(change.new)
        what = change.field or change.change
        if change.field is None and change.change in ("new", "reappeared"):
            new = counts.get(change.fact_id)
        elif change.field not in ("count_min", "count_max"):
            continue
        if old is None and new is None:
            continue
        difference = (new or 0) - (old or 0)
        told = [shown.link_to(change.fact_id, change.item), change.actor, change.place, what, old, new, difference, change.source]
        # Both bounds of one number are one change.
        rows.setdefault((change.fact_id, difference), (-abs(difference), told))
    return [row for _, row in sorted(rows.values(), key=lambda entry: entry[0])[:_MOST_CHANGES]]


def _number(text: str | None) -> int | None:
    try:
        return int(text) if text else None
    except ValueError:
        return None


def _put_conflicts(canvas: _Canvas, known: Known) -> None:
    rows = [
        [
            one.item,
            one.actor,
            one.place,
            one.period_end or one.period_start,
            one.left_says,
            one.left_source,
            one.right_says,
            one.right_source,
        ]
        for one in known.conflicts[:_MOST_CONFLICTS]
    ]
    more = len(known.conflicts) - _MOST_CONFLICTS
    heads = ("item", "side", "place", "until", "one says", "source", "other says", "source")
    kinds = ("str", "str", "str", "date", "str", "str", "str", "spill")
    title = Link("Open conflicts", "'Conflicts'!A1", inside=True)
    canvas.put_block(title, heads, kinds, rows, f"… {more} more on Conflicts" if more > 0 else "")


def _put_sources(canvas: _Canvas, facts: Facts, known: Known) -> None:
    """How fresh each publisher is: days between its last document and the report."""
    documents = list_documents(facts)
    grades = {grade.source: grade.reliability for grade in known.grades}
    latest: dict[str, dt.date | None] = {}
    numbers, held = Counter[str](), Counter[str]()
    for document in documents:
        name = document.source or "no publisher named"
        numbers[name] += 1
        held[name] += document.facts or 0
        days = [day for day in (latest.get(name), document.published) if day]
        latest[name] = max(days) if days else None
    day = _report_day(known, latest.values())
    ranked = sorted(latest, key=lambda name: (-(latest[name] or dt.date.min).toordinal(), name))
    rows = [
        [name, grades.get(name), numbers[name], held[name], latest[name], (day - last).days if day and (last := latest[name]) else None]
        for name in ranked[:_MOST_SOURCES]
    ]
    more = len(ranked) - _MOST_SOURCES
    heads = ("publisher", "grade", "documents", "facts", "latest", "days old")
    canvas.put_block(Link("Freshness of sources", "'Sources'!A1", inside=True), heads, ("str", "str", "int", "int", "date", "int"), rows,
                     f"… {more} more publishers on Sources" if more > 0 else "")  # fmt: skip


def _report_day(known: Known, days: Iterable[dt.date | None]) -> dt.date | None:
    if known.run is not None:
        try:
            return dt.date.fromisoformat(known.run.started[:10])
        except ValueError:
            pass
    return max((day for day in days if day), default=None)


def _failed(facts: Facts) -> list[tuple[str, str]]:
    return [(issue.doc_id, issue.message) for issue in facts.issues if not issue.kind.startswith(_NOTE)]


def _put_failed(canvas: _Canvas, facts: Facts) -> None:
    failed = _failed(facts)
    more = len(failed) - _MOST_FAILED
    canvas.put_block(Link("Failed documents", "'Errors'!A1", inside=True), ("document", "why"), ("str", "spill"), failed[:_MOST_FAILED],
                     f"… {more} more on Errors" if more > 0 else "")  # fmt: skip
