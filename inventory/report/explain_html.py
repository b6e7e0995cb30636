"""An explanation as one HTML page: nothing to load, no script, for a screen of any width and for paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

from inventory.report.explain_cells import group_cells
from inventory.report.explain_model import Explanation, FactView, NearMiss, SentenceView
from inventory.report.explain_style import STYLE
from inventory.report.explain_text import headline, notes_of

# Kind of mention (its letter) → class of its colour; the name of the kind stands beside it, so that colour is never alone.
_COLOURS = {
    "E": "thing", "c": "thing", "M": "thing", "P": "force", "U": "force", "e": "force", "A": "side", "C": "side", "G": "side", "N": "side",
    "L": "place", "T": "place", "D": "date", "O": "date", "Q": "number", "K": "number", "X": "number", "H": "number",
}  # fmt: skip
_SLOT_COLOURS = {
    "item": "thing", "count": "number", "counted_as": "number", "actor": "side", "counterparty": "side", "origin": "side",
    "claimant": "said",
    "unit": "force", "echelon": "force", "place": "place", "date": "date", "status": "verb",
}  # fmt: skip
# Span, class of its colour and what stands beside it.
Mark = tuple[int, int, str, str]
# `none` to load, style from the page only: a browser then refuses whatever a document might smuggle in.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render_html(explanations: Sequence[Explanation]) -> str:
    """The page for one or more documents."""
    title = explanations[0].title or explanations[0].doc_id if len(explanations) == 1 else f"{len(explanations)} documents"
    body = "".join(_document(explanation, number) for number, explanation in enumerate(explanations, 1))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>How {text(title)} was read</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def text(value: object) -> str:
    """A value as HTML text that can do nothing but be read; what cannot be printed is spelt out."""
    raw = str(value)
    return escape("".join(char if char.isprintable() or char in "\n\t" else f"\\u{ord(char):04x}" for char in raw))


def mark_spans(words: str, offset: int, marks: Iterable[Mark]) -> str:
    """Words with spans highlighted; `offset` is where they stand in the document. Spans may overlap; those outside are left out."""
    inside = [mark for mark in marks if offset <= mark[0] < mark[1] <= offset + len(words)]
    cuts = sorted({0, len(words), *(mark[0] - offset for mark in inside), *(mark[1] - offset for mark in inside)})
    pieces = []
    for lo, hi in pairwise(cuts):
        piece = text(words[lo:hi])
        held = sorted((mark for mark in inside if mark[0] - offset <= lo and hi <= mark[1] - offset), key=lambda mark: mark[1] - mark[0])
        if not held:
            pieces.append(piece)
            continue
        ends = " ".join(dict.fromkeys(mark[3] for mark in held if mark[1] - offset == hi))
        pieces.append(f'<mark class="{held[0][2]}">{piece}{f"<small>{text(ends)}</small>" if ends else ""}</mark>')
    return "".join(pieces)


# -------------------------------------------------------------------- parts of the page
def _document(explanation: Explanation, number: int) -> str:
    about = [explanation.source, f"published {explanation.published}" if explanation.published else None, f"rules {explanation.rulebook}"]
    facts, read = len(explanation.facts), sum(view.role == "read" for view in explanation.sentences)
    counts = f"{len(explanation.sentences)} sentences, {read} read for facts, {facts} fact{'' if facts == 1 else 's'}"
    name = explanation.title or explanation.doc_id
    origin = " · ".join(text(part) for part in about if part)
    verdict = f"<p><b>{text(explanation.verdict)}</b></p>" if explanation.verdict else ""
    head = f"<header><h1>{text(name)}</h1><p>{origin}</p><p>{counts}</p>{verdict}{_contents(explanation, number)}</header>\n"
    return head + "".join(_sentence(view, number, place) for place, view in enumerate(explanation.sentences, 1))


def _contents(explanation: Explanation, number: int) -> str:
    rows = [
        f'<li><a href="#d{number}s{place}">{text(headline(fact.fact))}</a></li>'
        for place, view in enumerate(explanation.sentences, 1)
        for fact in view.facts
    ]  # fmt: skip
    return f'<nav aria-label="Facts"><ol>{"".join(rows)}</ol></nav>' if rows else ""


def _sentence(view: SentenceView, number: int, place: int) -> str:
    marks = [(one.start, one.end, _COLOURS.get(one.kind, "number"), one.type) for one in view.mentions]
    marks += [(one.start, one.end, "dropped", f"{one.type}, not counted") for one in view.dropped]
    role = "" if view.role == "read" else f'<p class="why"><b>{text(view.role)}</b>: {text(view.why)}</p>'
    silent = _list("No row for", [(one.text, one.id or one.type, one.why) for one in view.silent])
    possible = "".join(f"<li><q>{text(one)}</q></li>" for one in view.possible)
    possible = f"<h3>In no gazetteer</h3><ul>{possible}</ul>" if possible else ""
    dropped = _list("Names that do not count", [(one.text, one.id, one.why) for one in view.dropped])
    return (
        f'<section id="d{number}s{place}" class="{text(view.role)}">\n'
        f'<h2>{place} <span class="at">characters {view.start}–{view.end}</span></h2>\n'
        f'<p class="line">{mark_spans(view.text, view.start, marks)}</p>{role}\n{"".join(_fact(one, view) for one in view.facts)}'
        f"{silent}{dropped}{possible}{_near(view.near)}{_machinery(view)}</section>\n"
    )


def _fact(view: FactView, sentence: SentenceView) -> str:
    fact = view.fact
    slots = [(span[0], span[1], _SLOT_COLOURS.get(slot, "number"), slot) for slot, span in fact.slots.items()]
    slots += [(one.start, one.end, "verb", "modality") for one in view.cells if one.column == "modality_text" and one.start >= 0]
    line = mark_spans(sentence.text, sentence.start, slots)
    return (
        f'<article><h3>{text(headline(fact))}</h3><p class="id">{text(fact.fact_id)}</p><p class="line">{line}</p>'
        f"<details><summary>Where each cell comes from</summary>{_cells(view)}</details></article>\n"
    )


def _cells(view: FactView) -> str:
    rows = []
    for group in group_cells(view.cells):
        first = group[0]
        where = f'<q>{text(first.text)}</q> <span class="at">{first.start}–{first.end}</span>' if first.start >= 0 else ""
        notes = "".join(
            f"<small>{text(note if len(columns) == len(group) else ', '.join(columns) + ': ' + note)}</small>"
            for note, columns in notes_of(group).items()
        )
        cells = "".join(f"<dt>{text(cell.column)}</dt><dd>{text(cell.value)}</dd>" for cell in group)
        rows.append(f"<tr><td><dl>{cells}</dl></td><td><code>{text(first.rule)}</code> {where}{notes}</td></tr>")
    head = '<tr><th scope="col">Cells</th><th scope="col">Rule and words</th></tr>'
    return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


def _near(near: Sequence[NearMiss]) -> str:
    if not near:
        return ""
    rows = []
    for one in near:
        parts = "".join(
            f'<span class="{"met" if place < one.failed_index else "unmet" if place == one.failed_index else "rest"}">{text(part)}</span>'
            for place, part in enumerate(one.parts)
        )  # fmt: skip
        found = f"found <q>{text(one.stopped_at)}</q>" if one.stopped_at else "the sentence ended"
        rows.append(
            f"<li><code>{text(one.rule)}</code> {one.matched} of {one.total} parts: <q>{text(one.text)}</q>, "
            f'then wanted <code class="unmet">{text(one.failed)}</code> but {found}<p class="parts">{parts}</p></li>'
        )
    return f'<h3>Link rules that nearly fired</h3><ul class="near">{"".join(rows)}</ul>'


def _machinery(view: SentenceView) -> str:
    """The steps of the reading, folded up."""
    masked = f'<p class="masked">{text(view.masked)}</p>' if view.masked else ""
    names = [(one.type, one.text, one.id or one.rule, one.name or "", one.value or "", one.flags or "") for one in view.mentions]
    clauses = [(one.kind, one.verb, one.voice, one.subject, one.text) for one in view.clauses]
    cues = [(one.text, one.rule, one.type, one.value, one.form) for one in view.cues]
    claims = [(one.name, one.actor or "", one.rule, one.said) for one in view.claims]
    fired = [(one.rule, one.text, "; ".join(one.filled) or "nothing: what it binds was bound") for one in view.fired]
    bids = [
        (one.item, "won" if one.won else "lost", str(one.rank), one.value + (", as agent" if one.agent else ""), one.rule, one.text)
        for one in view.bids
    ]
    steps = (
        ("Masked line", masked),
        ("Names", _table(("kind", "words", "id", "name", "value", "flags"), names)),
        ("Clauses", _table(("kind", "verb", "voice", "subject", "words"), clauses)),
        ("Cues", _table(("words", "rule", "type", "value", "as"), cues)),
        ("Who says so", _table(("who", "side", "rule", "of what"), claims)),
        ("Link rules that fired", _table(("rule", "words", "filled"), fired)),
        ("Status bids", _table(("item", "outcome", "rank", "status", "rule", "words"), bids)),
    )
    content = "".join(f"<h3>{title}</h3>{body}" for title, body in steps if body)
    return f"<details><summary>How it was read, step by step</summary>{content}</details>\n" if content else ""


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{text(one)}</th>' for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _list(title: str, rows: Sequence[tuple[str, str, str]]) -> str:
    items = "".join(f"<li><q>{text(words)}</q> <code>{text(ident)}</code> {text(why)}</li>" for words, ident, why in rows)
    return f"<h3>{text(title)}</h3><ul>{items}</ul>" if items else ""
