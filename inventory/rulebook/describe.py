"""What a loaded pack holds, for people: counts of names, one entry or rule as compiled, the JSON Schema of each kind of file."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from inventory.rulebook import book as flags
from inventory.rulebook.book import FLAG_BITS, Entry, Rulebook
from inventory.rulebook.load import load_rulebook
from inventory.rulebook.packs import pack_folders
from inventory.rulebook.schema import MODELS
from inventory.rulebook.sections import Sections, read_packs

_MASK = (1 << FLAG_BITS) - 1
_MARKS = {
    flags.WEAK: "weak", flags.NEED_CAPITAL: "capital", flags.NEED_UPPER: "capitals", flags.ADJECTIVE: "adjective", flags.METONYM: "metonym",
    flags.DEMONYM: "demonym", flags.DESIGNATOR: "designator",
}  # fmt: skip
# The tags of verb forms that `variants.inflect` gives, and those of words that stand as they are.
_FORMS = {
    "b": "base",
    "s": "third person",
    "p": "past",
    "n": "participle",
    "g": "gerund",
    "o": "noun",
    "a": "adjective",
    "w": "as it stands",
    "-": "pseudo",
}


def schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema (draft 2020-12) by kind of rule file."""
    made = {}
    for kind, model in MODELS.items():
        body = model.model_json_schema(by_alias=True)
        made[kind] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **body}
    return made


def _name_refs(book: Rulebook) -> Iterator[tuple[str, int]]:
    for name, refs in zip(book.head_names, book.head_refs, strict=True):
        for ref in refs:
            yield name, ref
    for name, held in book.proper.items():
        for ref in (held,) if isinstance(held, int) else held:
            yield name, ref


def count_names(book: Rulebook) -> dict[str, int]:
    """Names with their generated spellings by gazetteer, and the totals of entries, names, cue phrases and rules."""
    entries: Counter[str] = Counter()
    for _, ref in _name_refs(book):
        entries[f"names {book.entries.type_of(ref >> FLAG_BITS)}"] += 1
    totals = {
        "total entries": len(book.entries), "total names": sum(entries.values()), "total cue phrases": len(book.phrases),
        "total rules": len(book.tokens) + len(book.links) + len(book.cues), "total categories": len(book.categories),
    }  # fmt: skip
    return {**dict(sorted(entries.items())), **totals}


class Origin(NamedTuple):
    """Where an id is defined."""

    file: str
    line: int
    item: Any


def find_origin(sections: Sections, ident: str) -> Origin | None:
    """The file and line that an entry, rule or category comes from."""
    for table in ("entry", "rule", "category"):
        held = sections.items[table].get(ident)
        if held is not None:
            file, path, item = held
            return Origin(file.name, file.tree.at(path).line, item)
    return None


def describe(ident: str, rules: str | os.PathLike[str] | None = None) -> list[str]:
    """The lines that `inventory rules show` prints of an id; none when nothing has it.

    Raises :class:`inventory.rulebook.faults.RuleError` when the pack cannot be used.
    """
    book = load_rulebook(rules)
    origin = find_origin(read_packs(pack_folders(rules)), ident)
    lines: list[str] = []
    for index, row in enumerate(book.entries):
        if row[0] == ident:
            lines += _entry(book, index)
            break
    patterns: list[Any] = [*book.tokens, *book.links]
    for rule in patterns:
        if rule.id == ident:
            lines += _fields(rule._asdict())
    for index, cue in enumerate(book.cues):
        if cue.id == ident:
            lines += _fields(cue._asdict())
            lines += _phrases(book, index)
    if ident in book.categories:
        lines += _fields(book.categories[ident]._asdict())
    if not lines:
        return []
    where = f"{origin.file}:{origin.line}" if origin is not None else "a compiled table of places"
    cases = [] if origin is None else _cases(origin.item)
    return [*lines, f"{'from':<12}{where}", *cases]


def _fields(values: dict[str, Any]) -> list[str]:
    return [f"{key:<12}{_plain(value)}" for key, value in values.items() if value not in (None, "", (), {}, False, 0)]


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}={_plain(held)}" for key, held in value.items())
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(
            "=".join(held) if isinstance(held, tuple) else str(held) for held in (sorted(value) if isinstance(value, frozenset) else value)
        )
    return str(value)


def _entry(book: Rulebook, index: int) -> list[str]:
    entry: Entry = book.entry(index)
    lines = _fields({**entry._asdict(), "kind": book.kind_name(entry.kind)})
    names = [(name, ref & _MASK) for name, ref in _name_refs(book) if ref >> FLAG_BITS == index]
    shown = [name + (f" ({', '.join(mark for bit, mark in _MARKS.items() if bits & bit)})" if bits else "") for name, bits in names]
    return [*lines, f"{'spellings':<12}{len(shown)}", *(f"    {name}" for name in shown)]


def _phrases(book: Rulebook, index: int) -> list[str]:
    shown = []
    for phrase, refs in zip(book.phrases, book.phrase_refs, strict=True):
        forms = [form for cue, form in refs if cue == index]
        if forms:
            shown.append(f"    {phrase} ({', '.join(_FORMS.get(tag, tag) for form in forms for tag in form)})")
    return [f"{'spellings':<12}{len(shown)}", *shown]


def _cases(item: Any) -> list[str]:
    lines = []
    for example in getattr(item, "examples", []):
        lines.append(f"{'example':<12}{example.text} → {_plain(example.found)}")
    for reject in getattr(item, "rejects", []):
        lines.append(f"{'reject':<12}{reject.text}" + (f" → not {_plain(reject.found)}" if reject.found else ""))
    return lines
