"""Why something is not there: names that did not count, items without a row, sentences that were not read."""

from __future__ import annotations

import re

from inventory.extraction.analyse import Analysis, analyse
from inventory.extraction.assemble import Assembler
from inventory.extraction.passage import Reading
from inventory.extraction.rows import mention_rows
from inventory.extraction.scan import find_heads, find_proper
from inventory.extraction.sentence import Sentence
from inventory.extraction.state import Item, Mention
from inventory.report.explain_model import Dropped, Silent
from inventory.rulebook import book as flags
from inventory.rulebook.book import Rulebook
from inventory.rulebook.kinds import KIND_NAMES
from inventory.text.fold import Folded

_CUES_SHOWN = 6
# Elements that are words of an open class: a noun or adjective, or what has the form of a verb (*two armed hovercraft*).
_OPEN_WORDS = "xV"
_NOUN_WORDS = 3
_DESIGNATOR = re.compile(r"(?=[^\W_]*[A-Z])(?=.*\d)[^\W_]+(?:[-/.][^\W_]+)*")


def find_dropped(
    start: int, end: int, kept: list[Mention], folded: Folded, book: Rulebook, text: str, *, read: bool = True
) -> tuple[Dropped, ...]:
    """The names found between two folded offsets that are not among `kept`, each with the reason.

    `read` is whether the sentence was read at all: if not, sides and places were not looked for.
    """
    # Heads are found in the whole text, as analysis does, since a name may reach over what looks like the end of a sentence.
    names = [m for m in find_heads(folded, book) if start <= m.start < end]
    if read:
        names += find_proper(folded, book, start, end)
    held = {(m.start, m.end) for m in kept}
    found = []
    for mention in sorted(names, key=lambda m: (m.start, -m.end)):
        if (mention.start, mention.end) in held:
            continue
        over = next((m for m in kept if m.start < mention.end and mention.start < m.end), None)
        if over is not None and over.start <= mention.start and mention.end <= over.end and not mention.flags & flags.WEAK:
            continue  # a piece of a longer name, as *Patriot* in *MIM-104 Patriot*: nobody misses it
        lo, hi = folded.span(mention.start, mention.end)
        entry = mention.entry
        why = (
            f"{_printed(over, folded, text)} stands there, which is longer or of higher priority"
            if over is not None
            else why_dropped(mention)
        )
        found.append(
            Dropped(lo, hi, text[lo:hi], KIND_NAMES.get(mention.kind, mention.kind), entry.id if entry is not None else mention.rule, why)
        )
    return tuple(found)


def why_dropped(mention: Mention) -> str:
    """Which guard a name found no way past."""
    entry = mention.entry
    if not mention.flags & flags.WEAK:
        return (
            "it reads as a surname: a capitalised word stands before it" if mention.kind in "LC" else "its sentence is read as context only"
        )
    if mention.kind in "CGAL":
        return "weak name of a place or side: needs in, at, near, to … before it"
    if entry is None:
        return "weak name"
    cues = ", ".join(sorted(entry.cues)[:_CUES_SHOWN]) + (" …" if len(entry.cues) > _CUES_SHOWN else "")
    if mention.kind == "O":
        return f"weak name of an operation: needs one of its cues close by ({cues or 'exercise, operation, drill …'})"
    if entry.type == "class":
        return "everyday word: needs a name of equipment, people or a unit, or a military cue, in its sentence"
    if (entry.category or "").startswith("ship/") and entry.actor is not None:
        return f"weak name of a ship: needs another ship or one of its cues close by ({cues or 'none given'})"
    return (
        f"weak name: needs one of its cues in the sentence ({cues or 'none given'}), a strong name close by, or a number before its plural"
    )


def _printed(mention: Mention, folded: Folded, text: str) -> str:
    lo, hi = folded.span(mention.start, mention.end)
    return repr(text[lo:hi])


def find_silent(reading: Reading, assembler: Assembler) -> tuple[Silent, ...]:
    """The items of a sentence that made no row, each with the reason."""
    folded, text = assembler.analysis.folded, assembler.document.text
    told = {id(item) for item, _ in reading.facts}
    found = []
    for item in reading.items:
        if id(item) in told:
            continue
        lo, hi = folded.span(item.mention.start, item.mention.end)
        entry = item.mention.entry
        kind = KIND_NAMES.get(item.mention.kind, item.mention.kind)
        found.append(Silent(lo, hi, text[lo:hi], kind, entry.id if entry is not None else None, _why_silent(item, reading, folded, text)))
    return tuple(found)


def _why_silent(item: Item, reading: Reading, folded: Folded, text: str) -> str:
    if item.absorbed_by is not None:
        by = item.absorbed_by
        rule = next((rule for slot, rule, start, *_ in by.steps if slot == "item" and start == item.mention.start), "")
        return f"it belongs to {_printed(by.mention, folded, text)}" + (f" (rule {rule})" if rule else "")
    if not reading.sentence.hot:
        return "its sentence is read as context only"
    return item.reason or "nothing is recorded"


def why_skipped(start: int, end: int, analysis: Analysis, book: Rulebook) -> str:
    """Why a sentence was not read."""
    heads = [m for m in find_heads(analysis.folded, book) if start <= m.start < end]
    if not heads:
        return "no name of equipment, people, a unit or materiel stands in it"
    return "the names in it are everyday words or weak, and no military cue stands beside them"


def find_possible(folded: Folded, book: Rulebook, text: str) -> dict[int, tuple[str, ...]]:
    """What might be told of if a gazetteer knew it, by the start of its sentence: designators, words with a figure, counted nouns."""
    possible: dict[int, tuple[str, ...]] = {}
    for sentence in analyse(folded, book, None, whole=True).sentences:
        elements, found = sentence.elements, list[tuple[int, int]]()
        for index, element in enumerate(elements):
            if element.kind == "Q":
                stop = index + 1
                while stop < len(elements) and stop - index <= _NOUN_WORDS and elements[stop].kind in _OPEN_WORDS:
                    stop += 1
                if stop > index + 1:
                    found.append((element.start, elements[stop - 1].end))
            elif element.kind == "E" or (element.kind in _OPEN_WORDS and _DESIGNATOR.fullmatch(folded.cased[element.start : element.end])):
                found.append((element.start, element.end))
        possible[sentence.start] = tuple(dict.fromkeys(text[slice(*folded.span(*span))] for span in found))
    return possible


def name_values(mention: Mention, sentence: Sentence, assembler: Assembler) -> tuple[str | None, str | None, str | None, str | None]:
    """Id, canonical name, value and flags of a mention, as `inventory mentions` gives them."""
    rows = mention_rows(mention, assembler, sentence)
    if not rows:
        return None, None, str(mention.value) if isinstance(mention.value, str) else None, None
    row = rows[0]
    return row.id, row.canonical, row.value or (row.category if mention.kind in "EcPUeM" else None), row.flags
