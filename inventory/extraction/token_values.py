"""A token rule's match → the mention that it makes, with its value: a quantity, a date, a unit, a person, a place."""

from __future__ import annotations

from typing import Any

from inventory.extraction.coordinates import read_coordinates
from inventory.extraction.quantities import read_quantity
from inventory.extraction.state import Mention, unlisted
from inventory.places.resolve import KINDS, LANDFORMS
from inventory.rulebook import book as flags
from inventory.rulebook.book import Entry, Rulebook

_KINDS = {
    "quantity": "Q", "date": "D", "unit": "U", "designator": "E", "hull": "H", "calibre": "K", "coordinate": "T", "person": "N",
    "place": "L", "measurement": "X", "operation": "O",
}  # fmt: skip


def token_mention(rule: Any, match: Any, book: Rulebook) -> Mention | None:
    """The mention that a token rule's match makes, with its value, or `None` when the value cannot be."""
    token = rule
    kind = _KINDS[token.type]
    start, end = match.span()
    value: Any = None
    entry: Entry | None = None
    known: tuple[Entry, ...] = ()
    if kind == "Q":
        value = read_quantity(match, token.basis or "exact", book.values)
        if value is None:
            return None
        if "lead" in match.re.groupindex:
            start = match.end("lead")
    elif kind == "D":
        value = (token, {name: text for name, text in match.groupdict().items() if text is not None})
    elif kind == "T":
        value = read_coordinates(token.resolve or "", match.groupdict())
        if value is None:
            return None
    elif kind in "UONL":
        groups = match.groupdict()
        name = groups.get("name")
        if kind == "U":
            echelon = _echelon(groups.get("echelon") or "", book)
            text = match[0]
            category = f"unit/{echelon}" if echelon and f"unit/{echelon}" in book.categories else "unit/force"
            entry = unlisted(text, "unit", "U", category, echelon)
            if "actor" in token.set:  # *1st Battalion, 5th Marines*: only one army writes its units so
                entry = entry._replace(actor=token.set["actor"])
        elif kind == "O":
            text = name or match[0]
            start, end = match.span("name") if name else (start, end)
            entry = _known_operation(text, book) or unlisted(text, "operation", "O")
        elif kind == "L":
            text = match[0] if token.id != "unknown-place" else (name or match[0])
            start, end = (start, end) if not name or token.id == "named-area" else match.span("name")
            known = _known_places(name or text, book, match[0][match.end("name") - start :].strip() if name else "")
            entry = known[0] if known else unlisted(text, "place", "L")
        elif name and _names_side(name, book):
            return None  # *from the United States, an army official said*: no person of that name
        else:
            value = name
    mention = Mention(start, end, kind, entry, 0, token.id, value, token.priority if kind != "E" else min(token.priority, 35))
    if known:
        mention.entries = known
    if kind == "E":
        mention.flags = flags.DESIGNATOR
        mention.value = "elided" if token.set.get("elided") else "unknown"
    return mention


def _names_side(name: str, book: Rulebook) -> bool:
    """Whether a name is that of a state or another side."""
    refs = book.proper.get(name)
    return refs is not None and any(
        book.entries.type_of(ref >> flags.FLAG_BITS) == "actor" for ref in ((refs,) if isinstance(refs, int) else refs)
    )


def _known_operation(name: str, book: Rulebook) -> Entry | None:
    """The gazetteer's operation of a name: *the Baltic Sentry exercise* is Baltic Sentry."""
    refs = book.proper.get(name)
    rows = [book.entry(ref >> flags.FLAG_BITS) for ref in ((refs,) if isinstance(refs, int) else refs or ())]
    return next((row for row in rows if row.type == "operation"), None)


def _known_places(name: str, book: Rulebook, kind: str = "") -> tuple[Entry, ...]:
    """The gazetteer's places of a name and the word behind it (`kind`): *Clark air base* goes by its whole name before it is a town's.

    Behind a word for a water or landform only such are meant: *Islington Bay* is no suburb.
    """
    whole = book.proper.get(f"{name} {kind.title()}") if kind.islower() else None  # with capitals it was found by itself
    refs = whole if whole is not None else book.proper.get(name)
    if refs is None and not kind and "-" in name:
        part, _, whole_of = name.partition("-")
        if part.lower() in book.values.get("before_place", ()):
            refs = book.proper.get(whole_of)  # *Mid-Jutland*
    if refs is None:
        return ()
    rows = [book.entry(ref >> flags.FLAG_BITS) for ref in ((refs,) if isinstance(refs, int) else refs)]
    fitting = KINDS[kind.lower()] if kind.lower() in LANDFORMS else None
    return tuple([entry for entry in rows if entry.type == "place" and (fitting is None or (entry.feature or "") in fitting)])


def _echelon(word: str, book: Rulebook) -> str | None:
    table = book.values.get("echelons", {})
    low = " ".join(word.lower().split())
    return table.get(low) or table.get(low.rsplit(" ", 1)[-1] if low else "")
