"""What can be wrong with a pack that loads: names that two entries claim, everyday words taken for names, rules never reached.

Each finding is a :class:`Fault` at its line and column, with how to mend it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from inventory.rulebook.faults import Fault
from inventory.rulebook.files import RuleFile
from inventory.rulebook.fragments import FragmentError, expand
from inventory.rulebook.sections import Sections
from inventory.rulebook.variants import inflect, plural, spellings

Steps = tuple[int | str, ...]

# The file of everyday words that each pack may hold.
COMMON_WORDS = "common-english.txt"
# Gazetteers whose names are looked up in one table; of two that claim a name, the first named here gets it.
_ORDER = ("equipment", "unit", "class", "ignore", "actor", "operation")
_HEADS = frozenset({"equipment", "unit", "class", "ignore"})
# A state's name outranks the word (*Turkey*, *Chad*): text names states far more often than birds.
_STATES = frozenset({"state", "territory", "de-facto", "historic"})
# Acronyms this short are found in capitals only (see `compile._case`), so that no word is taken for one.
_ACRONYM = 4


class Claim(NamedTuple):
    """A name as an entry lists it."""

    entry: str
    kind: str
    name: str
    weak: bool
    file: RuleFile
    path: Steps

    @property
    def where(self) -> str:
        """File and line, as faults print them."""
        return f"{self.file.name}:{self.file.tree.at(self.path).line}"


def lint_packs(sections: Sections, folders: list[Path]) -> list[Fault]:
    """Every finding in packs that were read and compiled without faults, in file order."""
    claims = list(_claims(sections))
    found = [*_twice(claims), *_shadowed(claims), *_unguarded(claims), *_common(claims, sections, read_words(folders))]
    found += [*_unsourced(sections), *_dead_patterns(sections), *_unreachable(sections)]
    return sorted(set(found))


def read_words(folders: list[Path]) -> frozenset[str]:
    """The everyday words of the packs."""
    words: set[str] = set()
    for path in (folder / COMMON_WORDS for folder in folders):
        if path.is_file():
            words |= {line.strip() for line in path.read_text("utf-8").splitlines() if not line.startswith("#")}
    return frozenset(words)


# -------------------------------------------------------------------- names
def _claims(sections: Sections) -> Iterator[Claim]:
    for key, (file, path, item) in sections.items["entry"].items():
        kind = file.model.gazetteer
        if kind == "place":
            continue  # many places share a name; text decides which is meant
        weak = {name.casefold() for name in item.weak}
        seen: set[str] = set()
        listed: list[tuple[str, Steps]] = [(item.name, (*path, "name"))]
        for field in ("aliases", "weak"):
            listed += [(name, (*path, field, number)) for number, name in enumerate(getattr(item, field))]
        for name, steps in listed:
            if name.casefold() not in seen:
                seen.add(name.casefold())
                yield Claim(key, kind, name, name.casefold() in weak, file, steps)


def _by_spelling(claims: list[Claim]) -> dict[str, list[Claim]]:
    """Spelling → the claims on it, one an entry."""
    table: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        for spelled in spellings(claim.name):
            held = table[spelled.lower()]
            if all(other.entry != claim.entry for other in held):
                held.append(claim)
    return table


def _rank(claim: Claim) -> tuple[bool, int]:
    return claim.weak, _ORDER.index(claim.kind)


def _twice(claims: list[Claim]) -> Iterator[Fault]:
    """Names that two entries claim, so that one of them never gets it."""
    told: set[tuple[str, str]] = set()
    for spelled, held in _by_spelling(claims).items():
        if len(held) < 2:
            continue
        ranked = sorted(held, key=_rank)
        first = ranked[0]
        for claim in ranked[1:]:
            if (first.entry, claim.entry) in told:
                continue
            told.add((first.entry, claim.entry))
            same = (first.kind in _HEADS) == (claim.kind in _HEADS)
            message = f"name {claim.name!r} of {claim.entry!r} is claimed by {first.entry!r} too ({first.where})"
            if not same:
                message += ", which takes it first"
            mend = "keep it in one of them" if spelled == claim.name.lower() else f"keep the spelling {spelled!r} in one of them"
            yield claim.file.fault(claim.path, message, mend)


def _shadowed(claims: list[Claim]) -> Iterator[Fault]:
    """Entries of which every name goes to others."""
    table = _by_spelling(claims)
    names: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        names[claim.entry].append(claim)
    for entry, own in names.items():
        winners = {min(table[spelled.lower()], key=_rank).entry for claim in own for spelled in spellings(claim.name)}
        if entry not in winners:
            first = own[0]
            message = f"entry {entry!r} can never be found: {', '.join(sorted(winners))} takes all its names"
            yield first.file.fault(first.path, message, "merge the entries or give it a name of its own")


def _unguarded(claims: list[Claim]) -> Iterator[Fault]:
    """Weak names that another name of the entry is spelled like once folded (Cyrillic to Latin, accents), so that no guard holds."""
    strong = {(claim.entry, spelled.lower()): claim for claim in claims if not claim.weak for spelled in spellings(claim.name)}
    for claim in claims:
        other = strong.get((claim.entry, spellings(claim.name)[0].lower())) if claim.weak else None
        if other is not None:
            message = f"weak name {claim.name!r} of {claim.entry!r} counts unguarded, as {other.name!r} is read as the same"
            yield other.file.fault(other.path, message, "list that one under 'weak' too, or drop it")


def _common(claims: list[Claim], sections: Sections, words: frozenset[str]) -> Iterator[Fault]:
    """Everyday words that count as names without a guard."""
    for claim in claims:
        if claim.weak or claim.kind in ("class", "ignore") or claim.name.casefold() not in words:
            continue
        if claim.name.isupper() and (len(claim.name) <= _ACRONYM or claim.kind not in _HEADS):
            continue
        item = sections.items["entry"][claim.entry][2]
        if claim.kind == "actor" and item.kind in _STATES:
            continue
        message = f"name {claim.name!r} of {claim.entry!r} is an everyday English word and not weak"
        yield claim.file.fault(claim.path, message, "list it under 'weak' with an example and a reject, or drop it")


# -------------------------------------------------------------------- rules
def _unsourced(sections: Sections) -> Iterator[Fault]:
    for key, (file, path, item) in sections.items["rule"].items():
        if file.kind in ("tokens", "cues") and not (getattr(item, "source", None) or file.model.source):
            yield file.fault(path, f"rule {key!r} has no source", "add 'source:' at the top of the file")


def _patterns(sections: Sections, kind: str) -> Iterator[tuple[str, RuleFile, Steps, Any, str]]:
    shared = {name: text for file, _, _ in sections.of(kind) for name, text in file.model.define.items()}
    for file, path, item in sections.of(kind):
        try:
            yield item.id, file, path, item, expand(item.pattern, {**shared, **file.model.define})
        except FragmentError:
            continue  # a load fault, told already


def _dead_patterns(sections: Sections) -> Iterator[Fault]:
    """Rules whose pattern another rule has that goes first: whatever they bind is bound already."""
    for kind in ("links", "tokens"):
        first: dict[tuple[Any, ...], tuple[str, str]] = {}
        for key, file, path, item, pattern in sorted(_patterns(sections, kind), key=lambda found: -found[3].priority):
            group = (pattern, item.case, file.model.tokens) if kind == "tokens" else (pattern,)
            if group in first:
                other, where = first[group]
                message = f"rule {key!r} is never reached: {other!r} ({where}) has the same pattern and goes first"
                yield file.fault((*path, "pattern"), message, "drop one of them, or change the pattern")
            else:
                first[group] = key, f"{file.name}:{file.tree.at(path).line}"


def _phrases(item: Any, irregular: dict[str, list[str]]) -> Iterator[tuple[str, str, int]]:
    """The phrases of a cue with the key and number of the word that each comes from."""
    for field in ("words", "adjectives", "nouns"):
        for number, word in enumerate(getattr(item, field)):
            yield word, field, number
            if field == "nouns":
                yield plural(word), field, number
    for number, verb in enumerate(item.verbs):
        for form in inflect(verb, irregular):
            yield form, "verbs", number


def _unreachable(sections: Sections) -> Iterator[Fault]:
    """Phrases of a cue that its own pseudo-cues switch off, and phrases that two cues of one type claim alike."""
    claimed: dict[tuple[str, ...], tuple[str, str, str]] = {}
    for file, path, item in sections.of("cues"):
        pseudo = {word.casefold(): number for number, word in enumerate(item.pseudo)}
        for phrase, field, number in _phrases(item, sections.irregular):
            word = phrase.casefold()
            steps = (*path, field, number)
            if word in pseudo:
                message = f"cue {item.id!r}: {phrase!r} never counts, as 'pseudo' holds it too"
                yield file.fault(steps, message, "take it out of one of them")
            if field != "words" or file.model.cues in ("context", "negation"):
                continue
            group = (file.model.cues, word, item.direction, item.reach)
            other = claimed.setdefault(group, (item.id, item.value, f"{file.name}:{file.tree.at(steps).line}"))
            if other[0] != item.id and other[1] != item.value:
                message = f"cue {item.id!r}: {phrase!r} stands for {other[1]!r} in {other[0]!r} too ({other[2]})"
                yield file.fault(steps, message, "keep it in one of them")
