"""Which items are variants of one family, as the rule pack has it."""

from __future__ import annotations

from inventory.rulebook.book import Entry, Rulebook


def list_families(book: Rulebook) -> dict[str, str]:
    """Item id → name of its family, for every entry that has one and for the entry that gives the family its name.

    A family's own entry (`t-72`) stands for all its variants: a report of *T-72s* may be about any of them.
    """
    family, ident, name = (Entry._fields.index(field) for field in ("family", "id", "name"))
    rows = book.entries.written  # places have no family
    wanted = {row[family] for row in rows if row[family]}
    names = {row[ident]: row[name] for row in rows if row[ident] in wanted}
    found = {row[ident]: names.get(row[family], row[family]) for row in rows if row[family]}
    return {**found, **names}
