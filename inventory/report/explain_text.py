"""An explanation as lines for a terminal: plain text, in colour only where standard output is a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from inventory.model import Fact
from inventory.report.explain_cells import group_cells
from inventory.report.explain_model import Cell, Explanation, FactView, NearMiss, SentenceView

# A piece of a line and its style in the words of rich; no style where it is empty.
Piece = tuple[str, str]
_HEAD, _NAME, _DIM, _GOOD, _BAD = "bold", "cyan", "dim", "green", "yellow"
_WIDEST = 34  # characters that a column of a table is padded to at most
_PART = 32  # characters shown of one part of a pattern
_LONGEST = 90  # characters shown of a value or of words


def write_text(explanations: Iterable[Explanation], stream: TextIO) -> None:
    """Write explanations to a stream, in colour if it is a terminal."""
    if not stream.isatty():
        for explanation in explanations:
            stream.writelines(line + "\n" for line in plain_lines(explanation))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    for explanation in explanations:
        for line in _lines(explanation):
            console.print(Text.assemble(*line), soft_wrap=True)


def plain_lines(explanation: Explanation) -> Iterator[str]:
    """The lines of an explanation without colour."""
    for line in _lines(explanation):
        yield "".join(text for text, _ in line).rstrip()


def show(text: str, limit: int = _LONGEST) -> str:
    """Text on one line, cut to `limit`, with what could move the cursor or turn the writing round spelt out."""
    folded = " ".join(text.split())
    safe = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in folded)
    return safe if len(safe) <= limit else safe[: limit - 1].rstrip() + "…"


def headline(fact: Fact) -> str:
    """A fact in one line: how many of what, whose, where, in which status, when, said by whom."""
    low, high = fact.count_min, fact.count_max
    number = (
        "" if low is None and high is None else str(low) if low == high else f"{'' if low is None else low}–{'' if high is None else high}"
    )
    date = f"{fact.date_start:%Y-%m-%d}" if fact.date_start is not None else None
    status = fact.status if fact.modality == "asserted" else f"{fact.status} ({fact.modality})"
    parts = [f"{number} {fact.item}".strip(), fact.actor, status, fact.place, date, f"says {fact.claimant}" if fact.claimant else None]
    return " · ".join(part for part in parts if part)


def _lines(explanation: Explanation) -> Iterator[list[Piece]]:
    roles = [sentence.role for sentence in explanation.sentences]
    about = [explanation.title, explanation.source, f"published {explanation.published}" if explanation.published else None]
    yield [(show(explanation.doc_id), _HEAD), *((" · " + show(part), "") for part in about if part)]
    read, told = sum(role == "read" for role in roles), len(explanation.facts)
    yield [(f"{len(roles)} sentences, {read} read for facts, {told} facts; rules {explanation.rulebook}", _DIM)]
    if explanation.verdict:
        yield [(explanation.verdict, _BAD)]
    for number, sentence in enumerate(explanation.sentences, 1):
        yield []
        yield from _sentence(number, sentence)
    yield []


def _sentence(number: int, view: SentenceView) -> Iterator[list[Piece]]:
    yield [(f"{number}  ", _HEAD), (show(view.text, 2_000), _HEAD), (f"  [{view.start}–{view.end}]", _DIM)]
    if view.role != "read":
        yield [(f"   {view.role}: {view.why}", _DIM)]
    if view.masked:
        yield [("   masked  ", _DIM), (show(view.masked, 2_000), "")]
    yield from _table(
        "names",
        [
            (name.type, show(name.text), name.id or name.rule, show(name.name or ""), show(name.value or ""), name.flags or "")
            for name in view.mentions
        ],
    )
    yield from _table("names that do not count", [(one.type, show(one.text), one.id, one.why) for one in view.dropped])
    yield from _table(
        "clauses",
        [
            (
                one.kind,
                one.voice or "no verb",
                show(one.verb),
                f"subject {show(one.subject)!r}" if one.subject else "no subject",
                show(one.text),
            )
            for one in view.clauses
        ],
    )
    yield from _table("cues", [(show(cue.text), cue.rule, f"{cue.type}: {cue.value}", cue.form) for cue in view.cues])
    yield from _table(
        "who says so", [(show(claim.name), claim.actor or "no side", claim.rule, f"for {show(claim.said)!r}") for claim in view.claims]
    )
    yield from _table(
        "link rules that fired",
        [
            (one.rule, repr(show(one.text)), "; ".join(map(show, one.filled)) or "filled nothing: what it binds was bound")
            for one in view.fired
        ],
    )
    yield from _near(view.near)
    yield from _table(
        "status bids",
        [
            (
                show(bid.item),
                "won" if bid.won else "lost",
                f"{bid.rank}",
                bid.value,
                bid.rule,
                repr(show(bid.text)),
                "as agent" if bid.agent else "",
            )
            for bid in view.bids
        ],
    )
    for fact in view.facts:
        yield from _fact(fact)
    yield from _table("no row for", [(show(one.text), one.id or one.type, one.why) for one in view.silent])
    yield from _table(
        "in no gazetteer: inventory rules new equipment NAME prints an entry for one", [(show(one),) for one in view.possible]
    )


def _near(near: Sequence[NearMiss]) -> Iterator[list[Piece]]:
    if near:
        yield [("   link rules that nearly fired", _HEAD)]
    for one in near:
        parts = "".join(part if len(part) <= _PART else part[: _PART - 1] + "…" for part in one.parts[: one.failed_index])
        yield [
            ("     " + one.rule, _NAME),
            (f"  {one.matched} of {one.total} parts: ", ""),
            (repr(show(one.text)), _GOOD),
            (f" is {show(parts, 200)}", _DIM),
        ]
        yield [
            ("       then wanted ", ""),
            (show(one.failed, 60), _BAD),
            (" but found ", ""),
            (repr(show(one.stopped_at)) if one.stopped_at else "the end", _BAD),
        ]


def _fact(view: FactView) -> Iterator[list[Piece]]:
    yield [("   fact ", _HEAD), (show(headline(view.fact), 300), _GOOD), (f"  {view.fact.fact_id}", _DIM)]
    for group in group_cells(view.cells):
        first = group[0]
        where = f"  {show(first.text)!r} {first.start}–{first.end}" if first.start >= 0 else ""
        yield [("     " + first.rule, _NAME), (where, "")]
        pieces: list[Piece] = [("       ", "")]
        for cell in group:
            pieces += [(f"{cell.column} ", _DIM), (show(cell.value), ""), ("  ", "")]
        yield pieces
        for note, columns in notes_of(group).items():
            yield [(f"       {note}" if len(columns) == len(group) else f"       {', '.join(columns)}: {note}", _DIM)]


def notes_of(group: Sequence[Cell]) -> dict[str, list[str]]:
    """The remarks of a group of cells, each with the columns that it is for."""
    notes: dict[str, list[str]] = {}
    for cell in group:
        if cell.note:
            notes.setdefault(show(cell.note, 200), []).append(cell.column)
    return notes


def _table(title: str, rows: Sequence[tuple[str, ...]]) -> Iterator[list[Piece]]:
    """A titled table; nothing without rows."""
    if not rows:
        return
    yield [("   " + title, _HEAD)]
    widths = [min(max(len(row[column]) for row in rows), _WIDEST) for column in range(len(rows[0]))]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        yield [("     " + cells[0], _NAME), ("  " + "  ".join(cells[1:]), "")]
