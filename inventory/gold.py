"""Read what a careful reader would put into the table: `NAME.expected.yaml` beside the document `NAME`.

The file holds `facts:`, a list, or `no_fact: true`. Each fact names `words` (the words of the text that name the item), `kind`
and `item`; every other key is a column of the result. One value or a list of acceptable ones; `null` means empty; a key that is
absent is not checked. `nth` counts occurrences of `words` from 1, `doc` names the document in a file of several, and
`optional: true` marks what is defensible but not asked for. `phenomena` maps ids of documents to the names of what they show, so that
figures can be given for each. Of a list of `words`, such as a name and the number that stands for it
(*35 of them*), the first is found by `nth`, the others where they stand nearest to it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from inventory.model import FACT_COLUMNS, KINDS, Document, Issue
from inventory.reading import NOTE, read_documents
from inventory.rulebook.faults import Fault
from inventory.rulebook.strict import Node, read_strict

SUFFIX = ".expected.yaml"
DOCUMENT_SUFFIXES = (".txt", ".md", ".jsonl", ".csv", ".tsv")
_TOP = ("facts", "no_fact", "phenomena")
# Keys that say where a fact stands; the rest are columns. Where an item stands in the text is told by `words`.
_ADDRESS = ("words", "kind", "item", "doc", "nth", "optional")
_NOT_COLUMNS = frozenset({"kind", "item", "item_text", "start", "end", "slots", "fact_id"})
_COLUMNS = {column.name: column for column in FACT_COLUMNS if column.name not in _NOT_COLUMNS}
_NULL = frozenset({"null", "~", ""})


def _parse_date(text: str) -> str:
    return dt.date.fromisoformat(text).isoformat()


_PARSERS: Mapping[str, Callable[[str], Any]] = {"int": int, "float": float, "date": _parse_date}


class GoldError(Exception):
    """Expectations that cannot be used; `faults` holds every fault found."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class GoldFact:
    """One fact that a careful reader finds in a document.

    `start` and `end` span the words that name the item, `other_spans` words that may stand for it. `kinds` and `names` are the
    acceptable ones; `expected` holds for each column that is checked the acceptable values, `None` for empty, dates as ISO 8601 text.
    """

    doc_id: str
    start: int
    end: int
    words: str
    kinds: tuple[str, ...]
    names: tuple[str, ...]
    expected: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    optional: bool = False
    other_spans: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class Gold:
    """Documents and what is expected of them.

    `empty` holds the ids of documents in which there is nothing to find, `phenomena` the names that each tagged document was given.
    """

    documents: list[Document] = field(default_factory=list)
    facts: list[GoldFact] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    phenomena: dict[str, tuple[str, ...]] = field(default_factory=dict)


class _Place(NamedTuple):
    """What a fault names: the file and the node."""

    name: str
    faults: list[Fault]

    def fault(self, node: Node, message: str, mend: str) -> None:
        self.faults.append(Fault(self.name, node.line, node.column, message, mend))


def read_gold(paths: Iterable[str | Path]) -> Gold:
    """The expectations in files and folders, with their documents, in the order of the call (folders sorted).

    Document ids are made unique across the call. Raises :class:`GoldError` with every fault of every file.
    """
    gold, faults, seen = Gold(), list[Fault](), set[str]()
    for path in _expectations(map(Path, paths), faults):
        place = _Place(path.as_posix(), faults)
        documents = _documents_beside(path, place)
        tree, wrong = read_strict(path, place.name)
        faults += wrong
        if tree is None:
            if not wrong:
                faults.append(Fault(place.name, 1, 1, "is empty", "write facts: or no_fact: true"))
            continue
        renamed = {document.doc_id: _unique(document.doc_id, seen) for document in documents}
        by_id = {document.doc_id: replace(document, doc_id=renamed[document.doc_id]) for document in documents}
        gold.documents += by_id.values()
        facts = _read_tree(tree, by_id, place)
        gold.phenomena |= {renamed[doc_id]: names for doc_id, names in _read_phenomena(tree, by_id, place).items()}
        gold.facts += facts
        with_facts = {fact.doc_id for fact in facts}
        gold.empty += [doc_id for doc_id in renamed.values() if doc_id not in with_facts]
    if faults:
        raise GoldError(faults)
    return gold


def _expectations(paths: Iterable[Path], faults: list[Fault]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            found = sorted(one for one in path.rglob(f"*{SUFFIX}") if not any(part.startswith(".") for part in one.relative_to(path).parts))
            if not found:
                faults.append(Fault(path.as_posix(), 1, 1, f"holds no file that ends in {SUFFIX}", "check the folder"))
            yield from found
        elif not path.name.endswith(SUFFIX):
            faults.append(Fault(path.as_posix(), 1, 1, f"is neither a folder nor a file that ends in {SUFFIX}", "name the expectations"))
        elif not path.is_file():
            faults.append(Fault(path.as_posix(), 1, 1, "there is no such file", "check the spelling"))
        else:
            yield path


def _documents_beside(path: Path, place: _Place) -> list[Document]:
    """The documents in the one file that has the name of the expectations; what cannot be read is a fault."""
    stem = path.name[: -len(SUFFIX)]
    found = [path.with_name(stem + suffix) for suffix in DOCUMENT_SUFFIXES if path.with_name(stem + suffix).is_file()]
    if len(found) != 1:
        what = "no document" if not found else "more than one document"
        place.faults.append(Fault(place.name, 1, 1, f"{what} of this name beside it", f"keep one {stem}{{{','.join(DOCUMENT_SUFFIXES)}}}"))
        return []
    documents = []
    for one in read_documents(found):
        if isinstance(one, Document):
            documents.append(one)
        elif isinstance(one, Issue) and not one.kind.startswith(NOTE):
            place.faults.append(Fault(found[0].as_posix(), 1, 1, "cannot be read", one.message))
    return documents


def _unique(doc_id: str, seen: set[str]) -> str:
    candidate, number = doc_id, 1
    while candidate in seen:
        number += 1
        candidate = f"{doc_id}~{number}"
    seen.add(candidate)
    return candidate


def _read_tree(tree: Node, documents: Mapping[str, Document], place: _Place) -> list[GoldFact]:
    if not isinstance(tree.value, dict):
        place.fault(tree, "is no list of 'key: value' lines", "write facts: or no_fact: true")
        return []
    for key, node in tree.value.items():
        if key not in _TOP:
            place.fault(node, f"unknown key {key!r}", f"use {', '.join(_TOP)}")
    facts, nothing = tree.value.get("facts"), tree.value.get("no_fact")
    if (facts is None) == (nothing is None) or (nothing is not None and nothing.value != "true"):
        place.fault(tree, "must hold either facts or no_fact: true", "keep one of them")
        return []
    if facts is None:
        return []
    if not isinstance(facts.value, list):
        place.fault(facts, "facts is no list", "write one - {…} a fact")
        return []
    read = (_read_fact(node, documents, place) for node in facts.value)
    return [fact for fact in read if fact is not None]


def _read_phenomena(tree: Node, documents: Mapping[str, Document], place: _Place) -> dict[str, tuple[str, ...]]:
    """The names that `phenomena` gives to documents, by the ids of the file."""
    node = tree.value.get("phenomena") if isinstance(tree.value, dict) else None
    if node is None:
        return {}
    if not isinstance(node.value, dict):
        place.fault(node, "phenomena maps no ids of documents", "write phenomena: {ID: [name, …]}")
        return {}
    read: dict[str, tuple[str, ...]] = {}
    for doc_id, names in node.value.items():
        if doc_id not in documents:
            place.fault(names, f"phenomena of {doc_id!r}, which is no document here", f"use {', '.join(documents) or 'those in the file'}")
        elif not isinstance(names.value, list) or not all(isinstance(name.value, str) and name.value for name in names.value):
            place.fault(names, f"phenomena of {doc_id!r} is no list of names", "write [name, …]")
        else:
            read[doc_id] = tuple(dict.fromkeys(_texts(names)))
    return read


def _read_fact(node: Node, documents: Mapping[str, Document], place: _Place) -> GoldFact | None:
    if not isinstance(node.value, dict):
        place.fault(node, "a fact is no list of 'key: value' pairs", "write {words: …, kind: …, item: …}")
        return None
    before = len(place.faults)
    values = node.value
    for key in ("words", "kind", "item"):
        if key not in values:
            place.fault(node, f"a fact without {key!r}", "every fact has words, kind and item")
    expected = {key: _read_values(key, value, place) for key, value in values.items() if key not in _ADDRESS}
    if len(place.faults) > before:
        return None
    kinds, names = _texts(values["kind"]), _texts(values["item"])
    if not all((kinds, names, _texts(values["words"]))):
        place.fault(node, "an empty list", "give at least one value")
    if any(kind not in KINDS for kind in kinds):
        place.fault(values["kind"], f"unknown kind {', '.join(kinds)}", f"use one of {', '.join(KINDS)}")
    document = _choose_document(node, documents, place)
    nth = values["nth"].value if "nth" in values else "1"
    optional = values["optional"].value if "optional" in values else "false"
    if not (isinstance(nth, str) and nth.isdecimal() and int(nth) > 0):
        place.fault(values["nth"], "nth is no number from 1", "count the occurrences from 1")
    if optional not in ("true", "false"):
        place.fault(values["optional"], "optional is neither true nor false", "write true or false")
    if document is None or len(place.faults) > before:
        return None
    first, *others = _texts(values["words"])
    spans = [_find(first, document.text), *(_find(words, document.text) for words in others)]
    for words, found, least in zip((first, *others), spans, (int(nth), *[1] * len(others)), strict=True):
        if len(found) < least:
            what = f"{words!r} stands {len(found)} times in {document.doc_id}"
            place.fault(values["words"], what, "copy the words from the text, and check nth")
    if len(place.faults) > before:
        return None
    start, end = spans[0][int(nth) - 1]
    nearest = tuple(min(found, key=lambda span: abs(span[0] - start)) for found in spans[1:])
    return GoldFact(document.doc_id, start, end, first, kinds, names, expected, optional == "true", nearest)


def _find(words: str, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]


def _choose_document(node: Node, documents: Mapping[str, Document], place: _Place) -> Document | None:
    wanted = node.value.get("doc")
    if wanted is None and len(documents) == 1:
        return next(iter(documents.values()))
    name = wanted.value if wanted is not None else None
    if not isinstance(name, str) or name not in documents:
        place.fault(wanted or node, f"doc {name!r} is no document here", f"use one of {', '.join(documents) or 'those in the file'}")
        return None
    return documents[name]


def _texts(node: Node) -> tuple[str, ...]:
    items = node.value if isinstance(node.value, list) else [node]
    return tuple(str(item.value) for item in items)


def _read_values(key: str, node: Node, place: _Place) -> tuple[Any, ...]:
    """The acceptable values of a column, typed as the column is."""
    column = _COLUMNS.get(key)
    if column is None:
        place.fault(node, f"unknown key {key!r}", "use words, nth, doc, optional, or a column of the result")
        return ()
    values: list[Any] = []
    for item in node.value if isinstance(node.value, list) else [node]:
        text = item.value
        if not isinstance(text, str):
            place.fault(item, f"{key} holds more than a list of values", "write one value or a flat list")
        elif text in _NULL:
            values.append(None)
        elif column.values and text not in column.values:
            place.fault(item, f"{key} cannot be {text!r}", f"use one of {', '.join(column.values)}")
        else:
            try:
                values.append(_PARSERS.get(column.type, str)(text))
            except ValueError:
                place.fault(item, f"{key} is no {column.type}: {text!r}", "correct it")
    return tuple(values)
