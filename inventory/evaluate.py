"""Score extracted facts against what a careful reader put down.

A fact can stand for an expectation of the same document if the spans overlap, the kind is acceptable and a name is shared. Among
all ways to pair them one to one, that is taken which pairs most required expectations, then most optional ones, then has most
fields right, then the most overlap. Optional expectations count neither as hits nor as misses, nor does the fact that they take up.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from inventory.assign import assign
from inventory.gold import GoldFact
from inventory.model import Fact, encode_value
from inventory.text.fold import fold

# All of these right, and the row says the same as the text.
CORE = ("count", "actor", "place", "status", "modality")
_COUNT = ("count_min", "count_max")
# Columns that hold a name, and the columns that may give it in another form; their values need not agree to the letter.
_NAMED: Mapping[str, tuple[str, ...]] = {
    "actor": ("actor", "actor_text"),
    "counterparty": ("counterparty",),
    "place": ("place", "place_text"),
    "admin": ("admin",),
    "unit": ("unit",),
    "operation": ("operation",),
    "claimant": ("claimant", "claimant_text"),
}
_GENERIC_PLACE = frozenset(
    {"air", "airbase", "airfield", "airport", "base", "camp", "city", "district", "governorate", "island", "oblast"}
    | {"peninsula", "port", "province", "region", "sea", "state", "town"}
)
_WORDS = re.compile(r"[^\W_]+")
_DESIGNATOR_JOINT = re.compile(r"(?<=[^\W_])[-/](?=\d)|(?<=\d)[-/](?=[^\W_])|(?<=\b[^\W_])/(?=[^\W_])")
_PLURAL_MEN = "men"


class Tally(NamedTuple):
    """How many were right, of how many asked for and how many given."""

    right: int
    expected: int
    given: int

    @property
    def precision(self) -> float:
        """Share of what was given that is right; 1 if nothing was given."""
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        """Share of what was asked for that was found; 1 if nothing was asked for."""
        return self.right / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.expected + self.given
        return 2 * self.right / both if both else 1.0


class Error(NamedTuple):
    """One thing that is not right: `cause` is `missed`, `invented` or `wrong`; the latter names the field."""

    doc_id: str
    start: int
    end: int
    words: str
    cause: str
    field: str = ""
    expected: str = ""
    got: str = ""

    def __str__(self) -> str:
        where = f"{self.doc_id}:{self.start}"
        if self.cause == "wrong":
            return f"{where}  wrong {self.field} of {self.words!r}: expected {self.expected}, got {self.got}"
        return f"{where}  {self.cause} {self.words!r} ({self.expected or self.got})"


@dataclass(frozen=True, slots=True)
class Scores:
    """The result: `facts` overall, `kinds` and `fields` each by name, `core` right among all required expectations.

    The tally of a field counts empty values neither as given nor as asked for; a required expectation that was missed counts as
    asked for in each of its fields. Errors are in document and text order.
    """

    facts: Tally
    core: Tally
    kinds: dict[str, Tally]
    fields: dict[str, Tally]
    errors: tuple[Error, ...]

    @property
    def f1(self) -> float:
        """F1 over all facts."""
        return self.facts.f1

    @property
    def core_share(self) -> float:
        """Share of the required expectations whose row has count, actor, place, status and modality all right."""
        return self.core.recall

    def errors_of(self, cause: str) -> list[Error]:
        """The errors of one cause."""
        return [error for error in self.errors if error.cause == cause]

    def to_json(self) -> dict[str, Any]:
        """The scores as JSON holds them: counts, shares, errors."""
        return {
            "facts": _tally_json(self.facts),
            "core_share": self.core_share,
            "kinds": {name: _tally_json(tally) for name, tally in self.kinds.items()},
            "fields": {name: _tally_json(tally) for name, tally in self.fields.items()},
            "errors": [error._asdict() for error in self.errors],
        }


class Change(NamedTuple):
    """What separates two results: errors that are gone, and errors that are new."""

    gains: list[Error]
    losses: list[Error]


def evaluate(gold: Sequence[GoldFact], facts: Sequence[Fact]) -> Scores:
    """Pair expectations and facts, and count what is right. The order of either does not matter.

    A fact in a document without expectations is invented; which documents were read is for the caller to choose.
    """
    count = _Counts()
    for one, fact in pair_up(gold, facts):
        if one is not None:
            count.add(one, fact)
        elif fact is not None:
            count.add_invented(fact)
    return count.scores()


def pair_up(gold: Iterable[GoldFact], facts: Iterable[Fact]) -> Iterator[tuple[GoldFact | None, Fact | None]]:
    """Each expectation with the fact that stands for it, or `None`; then, as `(None, fact)`, the facts that stand for nothing."""
    wanted, found = _by_document(gold), _by_document(facts)
    for doc_id in sorted(wanted.keys() | found.keys()):
        expectations = sorted(wanted.get(doc_id, ()), key=_gold_order)
        rows = sorted(found.get(doc_id, ()), key=_fact_order)
        pairs = dict(assign([[_weight(one, fact) for fact in rows] for one in expectations]))
        yield from ((one, rows[pairs[index]] if index in pairs else None) for index, one in enumerate(expectations))
        taken = set(pairs.values())
        yield from ((None, fact) for index, fact in enumerate(rows) if index not in taken)


def compare(errors: Iterable[Error], before: Iterable[Mapping[str, Any]]) -> Change:
    """What changed since a saved result, whose errors are given as JSON holds them.

    Raises :class:`KeyError` or :class:`TypeError` if `before` holds no errors.
    """
    now = list(errors)
    old = [Error(**{name: one[name] for name in Error._fields}) for one in before]
    now_keys, old_keys = {_error_key(one) for one in now}, {_error_key(one) for one in old}
    return Change([one for one in old if _error_key(one) not in now_keys], [one for one in now if _error_key(one) not in old_keys])


def _error_key(error: Error) -> tuple[Any, ...]:
    # A wrong field that is still wrong, but otherwise, has neither gained nor lost.
    return error.doc_id, error.start, error.words, error.cause, error.field, error.expected


def is_candidate(gold: GoldFact, fact: Fact) -> bool:
    """Whether the fact can stand for the expectation: overlapping span, acceptable kind, a name in common."""
    if fact.kind not in gold.kinds or not _overlap(gold, fact):
        return False
    return any(_same_name(name, one) for name in gold.names for one in (fact.item, fact.item_text))


def check_fields(gold: GoldFact, fact: Fact) -> dict[str, bool]:
    """Each field that the expectation checks, and whether the fact has it right; `count` stands for both bounds."""
    result = {"item": any(_carries(fact.item, name) for name in gold.names)}
    bounds = [name for name in _COUNT if name in gold.expected]
    if bounds:
        result["count"] = all(_is_right(name, gold.expected[name], fact) for name in bounds)
    for name, accepted in gold.expected.items():
        if name not in _COUNT:
            field = "actor" if name == "actor_id" else name
            result[field] = result.get(field, True) and _is_right(name, accepted, fact)
    return result


class _Counts:
    """The sums while documents are gone through."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.expected: Counter[str] = Counter()
        self.given: Counter[str] = Counter()
        self.kinds: dict[str, Counter[str]] = {"right": Counter(), "expected": Counter(), "given": Counter()}
        self.core = 0
        self.errors: list[Error] = []

    def add(self, gold: GoldFact, fact: Fact | None) -> None:
        """Count an expectation with the fact that stands for it, if one does."""
        if gold.optional:
            return
        kind = fact.kind if fact is not None else gold.kinds[0]
        self.kinds["expected"][kind] += 1
        if fact is None:
            self.errors.append(Error(gold.doc_id, gold.start, gold.end, gold.words, "missed", expected=f"{kind} {gold.names[0]}"))
            self.expected.update(name for name in _fields_of(gold) if not _may_be_empty(gold, name))
            return
        self.kinds["right"][kind] += 1
        self.kinds["given"][kind] += 1
        checks = check_fields(gold, fact)
        self.core += all(checks.get(name, True) for name in CORE)
        for name, right in checks.items():
            filled = any(value is not None for value in _values_of(name, fact))
            self.given[name] += filled
            self.expected[name] += not _may_be_empty(gold, name) or (right and filled)
            self.right[name] += right and filled
            if not right:
                shown = _show_expected(gold, name), _show_got(name, fact)
                self.errors.append(Error(gold.doc_id, gold.start, gold.end, gold.words, "wrong", name, *shown))

    def add_invented(self, fact: Fact) -> None:
        """Count a fact that no expectation asks for."""
        self.kinds["given"][fact.kind] += 1
        self.errors.append(Error(fact.doc_id, fact.start, fact.end, fact.item_text, "invented", got=f"{fact.kind} {fact.item}"))

    def scores(self) -> Scores:
        """The sums as :class:`Scores`."""
        right, expected, given = self.kinds["right"], self.kinds["expected"], self.kinds["given"]
        checked = self.expected.keys() | self.given.keys()
        names = [*(name for name in CORE if name in checked), *sorted(checked - set(CORE))]
        return Scores(
            facts=Tally(right.total(), expected.total(), given.total()),
            core=Tally(self.core, expected.total(), right.total()),
            kinds={kind: Tally(right[kind], expected[kind], given[kind]) for kind in sorted(expected.keys() | given.keys())},
            fields={name: Tally(self.right[name], self.expected[name], self.given[name]) for name in names},
            errors=tuple(sorted(self.errors)),
        )


def _by_document(items: Iterable[Any]) -> dict[str, list[Any]]:
    groups: defaultdict[str, list[Any]] = defaultdict(list)
    for item in items:
        groups[item.doc_id].append(item)
    return groups


def _gold_order(gold: GoldFact) -> tuple[Any, ...]:
    return gold.start, gold.end, gold.kinds, gold.names, gold.optional, repr(sorted(gold.expected.items()))


def _fact_order(fact: Fact) -> tuple[Any, ...]:
    return fact.start, fact.end, fact.kind, fact.item, repr(fact)


def _weight(gold: GoldFact, fact: Fact) -> int:
    if not is_candidate(gold, fact):
        return 0
    overlap = _overlap(gold, fact)
    right = sum(check_fields(gold, fact).values())
    return (10_000_000 if not gold.optional else 0) + 10_000 + 100 * right + min(overlap, 99)


def _overlap(gold: GoldFact, fact: Fact) -> int:
    """How many characters of the fact's item lie in words that name the expected one."""
    return max(0, *(min(end, fact.end) - max(start, fact.start) for start, end in ((gold.start, gold.end), *gold.other_spans)))


def _fields_of(gold: GoldFact) -> list[str]:
    names = {"count" if name in _COUNT else "actor" if name == "actor_id" else name for name in gold.expected}
    return ["item", *sorted(names)]


def _columns_of(name: str) -> tuple[str, ...]:
    """The columns that a field stands for."""
    return {"count": _COUNT, "actor": ("actor_id", "actor")}.get(name, (name,))


def _values_of(name: str, fact: Fact) -> list[Any]:
    return [getattr(fact, column) for column in _columns_of(name)]


def _may_be_empty(gold: GoldFact, name: str) -> bool:
    return all(None in gold.expected[column] for column in _columns_of(name) if column in gold.expected) and name != "item"


def _is_right(name: str, accepted: tuple[Any, ...], fact: Fact) -> bool:
    if name not in _NAMED:
        value = encode_value(getattr(fact, name))
        return (None if value == "" else value) in accepted
    # A name as printed that leads to nothing ("the country") leaves the column itself empty, and that may be what is asked for.
    if None in accepted and not getattr(fact, name):
        return True
    given = [one for column in _NAMED[name] if (one := getattr(fact, column))]
    same = _same_place if name == "place" else _same_name
    return any(one is not None and same(str(one), text) for one in accepted for text in given)


def _same_place(one: str, other: str) -> bool:
    return _place_tokens(one) == _place_tokens(other)


def _place_tokens(text: str) -> tuple[str, ...]:
    tokens = _tokens(text)
    return tuple(token for token in tokens if token not in _GENERIC_PLACE) or tokens


def _same_name(one: str, other: str) -> bool:
    """Whether one name holds the other, word for word, or both are the same but for spaces and hyphens."""
    first, second = _tokens(one), _tokens(other)
    if not first or not second:
        return False
    return set(first) <= set(second) or set(second) <= set(first) or "".join(first) == "".join(second)


def _carries(item: str, name: str) -> bool:
    """Whether the canonical name holds the expected one: a class noun does not stand for a type."""
    whole, part = _tokens(item), _tokens(name)
    return bool(part) and (set(part) <= set(whole) or "".join(part) == "".join(whole))


@lru_cache(maxsize=65536)
def _tokens(text: str) -> tuple[str, ...]:
    """The words of a name: folded, singular, without articles; `T-72s` and `F/A-18` stay one word each."""
    folded = _DESIGNATOR_JOINT.sub("", fold(text).text.replace("'s", ""))
    return tuple(_singular(word) for word in _WORDS.findall(folded) if word not in ("the", "a", "an"))


def _singular(word: str) -> str:
    if word.endswith(_PLURAL_MEN) and len(word) > 3:
        return word[:-3] + "man"
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith("ss") and (len(word) > 3 or any(char.isdigit() for char in word)):
        return word[:-1]
    return word


def _show_expected(gold: GoldFact, name: str) -> str:
    if name == "item":
        return " or ".join(gold.names)
    parts = [" or ".join(_show(value) for value in gold.expected[column]) for column in _columns_of(name) if column in gold.expected]
    return "–".join(parts)


def _show_got(name: str, fact: Fact) -> str:
    values = _values_of(name, fact)
    return "–".join(map(_show, values)) if name == "count" else _show(next((value for value in values if value is not None), None))


def _show(value: Any) -> str:
    return "nothing" if value is None else str(encode_value(value))


def _tally_json(tally: Tally) -> dict[str, Any]:
    return tally._asdict() | {"precision": tally.precision, "recall": tally.recall, "f1": tally.f1}
