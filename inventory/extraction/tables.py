"""Tables in plain text: a header line, then lines of as many cells; what a column is headed with is told of the thing in each line.

Type | Number | Supplier
M1117 armoured vehicle | 24 | United States
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from inventory.extraction.links import bind_count
from inventory.extraction.sentence import Sentence
from inventory.extraction.state import Item, Mention
from inventory.rulebook.book import Entry, Rulebook
from inventory.text.fold import Folded
from inventory.text.split import Block

# What may part the cells of a line, tried in this order; a run of blanks only where nothing else does.
_SEPARATORS = (re.compile(r"\|"), re.compile(r"\t+"), re.compile(r";"), re.compile(r" {2,}"))
_NONE: Mapping[str, str] = {}
_RULE = "table-column"


class Row(NamedTuple):
    """One line of a table: the role of each column (`""`: none of ours), the cells' spans, and the block of the header."""

    roles: tuple[str, ...]
    cells: tuple[tuple[int, int], ...]
    header: int


def find_rows(folded: Folded, text: str, blocks: list[Block], book: Rulebook) -> dict[int, Row]:
    """The lines of tables, by number of block. A header has at least two cells, one of them a word of the table `table_header`."""
    words = book.values.get("table_header", _NONE)
    lines = _with_tabs(folded, text) if "\t" in text else folded.text
    rows: dict[int, Row] = {}
    number = 0
    while number + 1 < len(blocks):
        found = _header(lines, blocks[number], words)
        if found is None:
            number += 1
            continue
        separator, roles = found
        last = number
        for index in range(number + 1, len(blocks)):
            cells = _cells(lines, blocks[index], separator)
            if len(cells) != len(roles):
                break
            rows[index] = Row(roles, cells, number)
            last = index
        number = last + 1
    return rows


def _with_tabs(folded: Folded, text: str) -> str:
    """The folded text with the tabs that folding made blanks of."""
    return "".join("\t" if char == " " and text[folded.span(at, at + 1)[0]] == "\t" else char for at, char in enumerate(folded.text))


def _header(text: str, block: Block, words: Mapping[str, str]) -> tuple[re.Pattern[str], tuple[str, ...]] | None:
    if block.end - block.start > 200:
        return None
    for separator in _SEPARATORS:
        cells = _cells(text, block, separator)
        if len(cells) < 2:
            continue
        roles = tuple(_role(text[start:end], words) for start, end in cells)
        return (separator, roles) if any(roles) else None
    return None


def _role(text: str, words: Mapping[str, str]) -> str:
    plain = " ".join(re.findall(r"[a-z]+", text))
    if plain in words:
        return words[plain]
    return next((words[word] for word in plain.split() if word in words), "")


def _cells(text: str, block: Block, separator: re.Pattern[str]) -> tuple[tuple[int, int], ...]:
    """The spans of a line's cells, white space and bars at its ends aside."""
    start, end = block.start, block.end
    while start < end and text[start] in "| \t":
        start += 1
    while end > start and text[end - 1] in "| \t":
        end -= 1
    spans = []
    at = start
    for match in separator.finditer(text, start, end):
        spans.append((at, match.start()))
        at = match.end()
    spans.append((at, end))
    return tuple(spans)


def fill_row(row: Row, sentence: Sentence, items: list[Item], title: Sentence | None, folded: Folded, book: Rulebook) -> None:
    """Bind what stands in the other cells of a line to the things in it, and the side that the title names for all."""
    counted = "count" in row.roles
    sides = {m.actor.id: m for m in title.mentions if m.kind in "ACG" and m.actor is not None} if title is not None else {}
    for item in items:
        if item.absorbed_by is not None:
            continue
        for role, (start, end) in zip(row.roles, row.cells, strict=True):
            inside = [m for m in sentence.mentions if start <= m.start and m.end <= end and m is not item.mention]
            if not role and not counted and len(inside) == 1 and inside[0].kind == "Q":
                role = "count"  # the only column of bare numbers
            if not role or start <= item.mention.start < end:
                continue
            if role == "count":
                number = next((m for m in inside if m.kind == "Q"), None)
                if number is not None and "count" not in item.bound:
                    bind_count(item, number, _RULE)
            elif (side := _side(inside)) is not None and side.actor is not None:
                _set_side(item, role, side.actor, side.start, side.end)
            elif (coded := book.actors.get(folded.cased[start:end].strip())) is not None and coded.feature == "state":
                _set_side(item, role, coded, start, end)  # *UKR*: an ISO 3166 code, which only a cell for sides makes a name

        if len(sides) == 1 and "actor" not in row.roles:
            side = next(iter(sides.values()))
            item.set("actor", side.actor, _RULE, side.start, side.end, "in the title")


def _set_side(item: Item, role: str, side: Entry, start: int, end: int) -> None:
    if role == "actor":
        item.set("actor", side, _RULE, start, end)
    elif item.set("counterparty", side, _RULE, start, end):
        item.set("counterparty_role", role, _RULE, 0, 0)


def _side(mentions: list[Mention]) -> Mention | None:
    return next((m for m in mentions if m.kind in "ACGL" and m.actor is not None), None)
