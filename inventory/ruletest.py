"""Run the examples and rejects that rule files carry, and tell which do not hold.

What an example asks for depends on the kind of file. A gazetteer entry must be found at the words; a token rule must
make the mention; a cue or link rule must lead to a fact with the fields. Each text is read once however many rules use it.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from inventory.extraction.analyse import Analysis, analyse
from inventory.extraction.pipeline import read_document
from inventory.extraction.rows import list_mentions
from inventory.extraction.scan import find_tokens
from inventory.extraction.state import Mention
from inventory.model import FACT_FIELDS, Document, Fact
from inventory.rulebook.book import Rulebook
from inventory.rulebook.compile import compile_sections
from inventory.rulebook.files import RuleFile
from inventory.rulebook.packs import pack_folders
from inventory.rulebook.sections import read_packs
from inventory.text.fold import fold

# Gazetteers whose names extraction takes only from sentences that it reads; the guards of weak names work there.
_HEADS = frozenset({"equipment", "unit", "class"})
_TOKEN_FIELDS = ("low", "high", "basis", "value", "canonical")
_WORD = re.compile(r"[^\W_]+")
_NOTHING = "no mention"


class RuleTestFailure(NamedTuple):
    """An example or reject that does not hold, with where it stands; prints as one line."""

    file: str
    line: int
    rule_id: str
    text: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule_id}: {self.text!r} — expected {self.expected}; got {self.got}"


class RuleTestResult(NamedTuple):
    """How a pack's examples and rejects fared."""

    passed: int
    failures: list[RuleTestFailure]


class Case(NamedTuple):
    """One example (`reject` false) or reject; `found` is text, fields, or `None` for a plain reject."""

    file: str
    line: int
    kind: str
    rule_id: str
    text: str
    published: dt.date | None
    found: Any
    reject: bool


class _Seen(NamedTuple):
    """A mention with the characters of the document that it covers, and the ids it stands for."""

    start: int
    end: int
    text: str
    rule: str
    ids: frozenset[str]


class _Reader:
    """Reads texts with one rulebook; remembers what it read, as several rules may share a text."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.families = {row[0]: row[7] for row in book.entries.written if row[7]}
        self.memory: dict[tuple[str, str, dt.date | None], Any] = {}

    def once(self, what: str, case: Case, read: Callable[[Document], Any]) -> Any:
        """What `read` makes of the case's text, from memory when it was read before."""
        key = (what, case.text, case.published)
        if key not in self.memory:
            self.memory[key] = read(Document(case.text, published=case.published))
        return self.memory[key]

    def mentions(self, case: Case, everywhere: bool) -> list[_Seen]:
        """The mentions of the text: all of them, or those that extraction reads."""
        found: list[_Seen] = self.once(f"mentions {everywhere}", case, lambda document: self.read_mentions(document, everywhere))
        return found

    def read_mentions(self, document: Document, everywhere: bool) -> list[_Seen]:
        folded = fold(document.text)
        analysis = analyse(folded, self.book, document.published, whole=everywhere)
        return [self.seen(mention, document.text, analysis) for sentence in analysis.sentences for mention in sentence.mentions]

    def seen(self, mention: Mention, text: str, analysis: Analysis) -> _Seen:
        start, end = analysis.folded.span(mention.start, mention.end)
        entries = [e for e in (mention.entry, mention.actor, *mention.entries) if e is not None]
        if mention.kind == "L":
            # An operation of the same name stands by in case the words say *exercise*; the mention is a place.
            entries = [e for e in entries if e.type != "operation"]
        return _Seen(start, end, text[start:end], mention.rule, frozenset(e.id for e in entries if not e.id.startswith("?")))

    def matches(self, case: Case) -> set[tuple[int, int]]:
        """The characters that the case's token rule matches. A known name of the same words takes the mention, but proves the rule."""
        folded = fold(case.text)
        found = find_tokens(folded, self.book, 0, len(folded.text))
        return {folded.span(*match.span()) for rule, match in found if rule.id == case.rule_id}

    def values(self, case: Case) -> dict[tuple[int, int], dict[str, Any]]:
        """What the mentions of the text mean, by their characters."""
        found: dict[tuple[int, int], dict[str, Any]] = self.once("values", case, self.read_values)
        return found

    def read_values(self, document: Document) -> dict[tuple[int, int], dict[str, Any]]:
        result: dict[tuple[int, int], dict[str, Any]] = {}
        for row in list_mentions(document, self.book):
            low, _, high = (row.value or "").partition("..")
            result[row.start, row.end] = {
                "value": row.value, "canonical": row.canonical,
                **({"low": low or None, "high": high or None, "basis": row.category} if row.type == "quantity" else {}),
            }  # fmt: skip
        return result

    def facts(self, case: Case) -> list[Fact]:
        """The facts of the text."""
        found: list[Fact] = self.once("facts", case, self.read_facts)
        return found

    def read_facts(self, document: Document) -> list[Fact]:
        _, readings = read_document(document, self.book)
        return [fact for reading in readings for _, fact in reading.facts]

    def belongs(self, ident: str, entry: str) -> bool:
        """Whether an entry is `entry` or rolls up to it."""
        at: str | None = ident
        for _ in range(16):
            if at is None or at == entry:
                break
            at = self.families.get(at)
        return at == entry


def run_rule_tests(rules: str | os.PathLike[str] | None = None) -> RuleTestResult:
    """Run every example and reject of the shipped pack, with the folder `rules` laid over it.

    Raises :class:`inventory.rulebook.faults.RuleError` when the pack cannot be used.
    """
    folders = pack_folders(rules)
    sections = read_packs(folders)
    book = Rulebook(compile_sections(sections, folders))
    cases = [case for table in ("entry", "rule") for held in sections.items[table].values() for case in list_cases(*held)]
    return run_cases(cases, book)


def run_cases(cases: list[Case], book: Rulebook) -> RuleTestResult:
    """Run the given cases with a rulebook."""
    reader = _Reader(book)
    failures = [failure for case in cases if (failure := run_case(case, reader)) is not None]
    return RuleTestResult(len(cases) - len(failures), failures)


def list_cases(file: RuleFile, path: tuple[int | str, ...], item: Any) -> Iterator[Case]:
    """The cases of one entry or rule."""
    kind = file.model.gazetteer if file.kind == "gazetteer" else file.kind
    for key, members in (("examples", item.examples), ("rejects", item.rejects)):
        for number, member in enumerate(members):
            day = getattr(member, "published", None)
            line = file.tree.at((*path, key, number)).line
            published = dt.date.fromisoformat(day) if day else None
            yield Case(file.name, line, kind, item.id, member.text, published, member.found, key == "rejects")


def run_case(case: Case, reader: _Reader) -> RuleTestFailure | None:
    """Run one case; `None` when it holds."""
    if case.kind == "tokens":
        wrong = _run_token(case, reader)
    elif case.kind in ("cues", "links"):
        wrong = _run_fact(case, reader)
    else:
        wrong = _run_entry(case, reader)
    return None if wrong is None else RuleTestFailure(case.file, case.line, case.rule_id, case.text, *wrong)


# -------------------------------------------------------------------- gazetteers
def _run_entry(case: Case, reader: _Reader) -> tuple[str, str] | None:
    seen = reader.mentions(case, everywhere=case.kind not in _HEADS)
    if case.reject:
        hits = [m for m in seen if case.rule_id in m.ids]
        return (_NOTHING, _show(hits)) if hits else None
    words = case.found
    spans = [(m.start(), m.end()) for m in re.finditer(re.escape(words), case.text)]
    if not spans:
        return f"the words {words!r}", "a text without them"
    near = [m for m in seen if any(m.start < end and start < m.end for start, end in spans)]
    if any(reader.belongs(ident, case.rule_id) for m in near for ident in m.ids):
        return None
    return f"{case.rule_id} at {words!r}", _show(near) or _show(seen) or _NOTHING


def _show(seen: list[_Seen]) -> str:
    return ", ".join(f"{m.text!r} ({'/'.join(sorted(m.ids)[:4]) or m.rule})" for m in seen[:8])


# -------------------------------------------------------------------- tokens
def _run_token(case: Case, reader: _Reader) -> tuple[str, str] | None:
    seen = reader.mentions(case, everywhere=True)
    made = [m for m in seen if m.rule == case.rule_id or (not case.reject and m.ids and (m.start, m.end) in reader.matches(case))]
    if case.reject:
        return (_NOTHING, _show(made)) if made else None
    if isinstance(case.found, str):
        if any(m.text == case.found for m in made):
            return None
        return f"a mention {case.found!r} by this rule", _show(made) or _show(seen) or _NOTHING
    wrong = [key for key in case.found if key not in _TOKEN_FIELDS]
    if wrong:
        return f"fields among {', '.join(_TOKEN_FIELDS)}", f"{wrong[0]!r} in the example"
    values = reader.values(case)
    told = [(m, values.get((m.start, m.end), {})) for m in made]
    if any(all(_same(wanted, held.get(key)) for key, wanted in case.found.items()) for _, held in told):
        return None
    shown = "; ".join(f"{m.text!r} " + _fields({k: held.get(k) for k in case.found}) for m, held in told)
    return _fields(case.found), shown or _show(seen) or _NOTHING


# -------------------------------------------------------------------- cues and links
def _run_fact(case: Case, reader: _Reader) -> tuple[str, str] | None:
    facts = reader.facts(case)
    if case.found is None:
        hits = [fact for fact in facts if case.rule_id in fact.rules.split()]
        return ("no fact by this rule", _facts(hits, ["item", "status", "rules"])) if hits else None
    if not isinstance(case.found, dict):
        return "fields of a fact", f"{case.found!r} in the example"
    wrong = [key for key in case.found if key not in FACT_FIELDS]
    if wrong:
        return "fields of a fact", f"{wrong[0]!r} in the example"
    match = any(all(_fact_field(fact, key, wanted) for key, wanted in case.found.items()) for fact in facts)
    if match != case.reject:
        return None
    expected = ("no fact with " if case.reject else "") + _fields(case.found)
    return expected, _facts(facts, list(dict.fromkeys(["item", *case.found]))) or "no fact"


def _fact_field(fact: Fact, key: str, wanted: Any) -> bool:
    if key == "item":
        return _same_item(str(wanted), fact)
    return _same(wanted, getattr(fact, key))


def _same_item(wanted: str, fact: Fact) -> bool:
    """Whether `wanted` names the item: its name or id, its beginning up to a word boundary, or some of its words."""
    if wanted in (fact.item, fact.item_id):
        return True
    if fact.item.startswith(wanted) and not fact.item[len(wanted)].isalnum():
        return True
    words = set(_WORD.findall(wanted.casefold()))
    return bool(words) and words <= set(_WORD.findall(fact.item.casefold()))


def _same(wanted: Any, held: Any) -> bool:
    """Whether a value as written in YAML (text) is that of a fact or mention."""
    if wanted is None or wanted == "null":
        return held is None
    if held is None:
        return False
    if isinstance(held, bool):
        return str(wanted).lower() == str(held).lower()
    if isinstance(held, int | float):
        try:
            return math.isclose(float(wanted), held, abs_tol=1e-6)
        except ValueError:
            return False
    if isinstance(held, dt.date):
        return str(wanted) == held.isoformat()
    # *Adazi* names the place that the tables call Ādaži.
    return str(wanted) == str(held) or fold(str(wanted)).text == fold(str(held)).text


def _fields(found: dict[str, Any]) -> str:
    return " ".join(f"{key}={value}" for key, value in found.items())


def _facts(facts: list[Fact], keys: list[str]) -> str:
    return "; ".join(_fields({key: getattr(fact, key) for key in keys if hasattr(fact, key)}) for fact in facts[:6])
