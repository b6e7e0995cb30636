"""What a reviewer may correct: which columns, in which form, and what else follows from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from inventory.model import FACT_COLUMNS, Fact

_LINKED = {
    "item": ("item_id", "category", "domain"),
    "actor": ("actor_id",),
    "counterparty": ("counterparty_id",),
    "place": ("place_id", "admin", "country", "lat", "lon", "geo_precision"),
}
# Who made the fact, where it stands in the text and in which document are no matter of opinion.
CORRECTABLE = (
    "kind", "item", "item_id", "category", "domain", "count_min", "count_max", "count_basis", "counted_as", "measure", "actor", "actor_id",
    "counterparty", "counterparty_id", "counterparty_role", "unit", "echelon", "place", "place_id", "place_relation", "admin", "country",
    "lat", "lon", "geo_precision", "date_start", "date_end", "status", "operation", "modality", "claimant", "claimant_actor_id",
    "attributes",
)  # fmt: skip
_COLUMNS = {column.name: column for column in FACT_COLUMNS}
_REQUIRED = frozenset({"kind", "item", "item_id", "count_basis", "status", "modality"})
_NAMED = {"actor_id": "actor", "counterparty_id": "counterparty"}
_Ids = Mapping[tuple[str, str], Fact]


def parse_correction(column: str, text: str | None) -> Any:
    """The value that a corrected cell stands for; `None` empties it.

    Raises:
        ValueError: the column cannot be corrected or the text is no value of it; the message says how to mend it.
    """
    if column not in CORRECTABLE:
        raise ValueError(f"{column} cannot be corrected; columns that can: {', '.join(CORRECTABLE)}")
    if text is None or not text.strip():
        if column in _REQUIRED:
            raise ValueError(f"{column} must not be empty; reject the fact if it is none")
        return None
    text, declared = text.strip(), _COLUMNS[column]
    if declared.values and text not in declared.values:
        raise ValueError(f"{column} is {text!r}; use one of {', '.join(declared.values)}")
    try:
        match declared.type:
            case "int":
                return _parse_count(text)
            case "float":
                return _parse_degrees(column, text)
            case "date":
                return dt.date.fromisoformat(text[:10])
    except ValueError as error:
        raise ValueError(
            f"{column} is {text!r}; {error}" if declared.type != "date" else f"{column} is {text!r}; write 2022-03-31"
        ) from None
    return text


def check_corrections(fact: Fact, corrections: Mapping[str, str | None]) -> list[str]:
    """What is wrong with corrections of a fact, one line a fault; empty if they can be applied."""
    return _correct(fact, corrections, {})[1]


def correct_fact(fact: Fact, corrections: Mapping[str, str | None], known: _Ids) -> tuple[Fact, list[str]]:
    """The fact with corrected cells and the flag `corrected`, and the faults of what could not be applied.

    A new actor, place or item takes its id and what hangs on it from `known` (see :func:`index_names`), a new actor id its name, unless
    they are corrected too; what `known` does not know is emptied (a name becomes its id), for the old one would be wrong. A count basis
    that no longer fits its bounds is set anew.
    """
    return _correct(fact, corrections, known)


def index_names(facts: Iterable[Fact]) -> dict[tuple[str, str], Fact]:
    """(column, name) → a fact that has it, for the columns whose names have ids. The smallest fact id wins."""
    index: dict[tuple[str, str], Fact] = {}
    for fact in sorted(facts, key=lambda fact: (fact.fact_id, fact.doc_id)):
        for column in (*_LINKED, *_NAMED):
            name = getattr(fact, column)
            if name:
                index.setdefault((column, name), fact)
    return index


def _correct(fact: Fact, corrections: Mapping[str, str | None], known: _Ids) -> tuple[Fact, list[str]]:
    values: dict[str, Any] = {}
    faults: list[str] = []
    for column, text in sorted(corrections.items()):
        try:
            values[column] = parse_correction(column, text)
        except ValueError as error:
            faults.append(str(error))
    for column, linked in _LINKED.items():
        if column not in values or values[column] == getattr(fact, column):
            continue
        model = known.get((column, values[column] or ""))
        for name in linked:
            fallback = f"?{values[column].lower()}" if name == "item_id" else None
            values.setdefault(name, getattr(model, name) if model is not None else fallback)
    for column, name in _NAMED.items():
        if column in values and values[column] != getattr(fact, column) and name not in values:
            model = known.get((column, values[column] or ""))
            values[name] = getattr(model, name) if model is not None else values[column]
    new = fact._replace(**values)
    if {"count_min", "count_max"} & values.keys():
        if new.count_min is not None and new.count_max is not None and new.count_min > new.count_max:
            faults.append(f"count_min {new.count_min} is above count_max {new.count_max}; correct both")
            new = new._replace(count_min=fact.count_min, count_max=fact.count_max)
        elif "count_basis" not in values:
            new = new._replace(count_basis=_find_basis(new))
    if new.date_start is not None and new.date_end is not None and new.date_start > new.date_end:
        faults.append(f"date_start {new.date_start} is after date_end {new.date_end}; correct both")
        new = new._replace(date_start=fact.date_start, date_end=fact.date_end)
    if new != fact:
        new = new._replace(flags=" ".join([*(fact.flags or "").split(), "corrected"]))
    return new, faults


def _find_basis(fact: Fact) -> str:
    low, high, basis = fact.count_min, fact.count_max, fact.count_basis
    if low is None and high is None:
        return basis if basis in ("undisclosed", "unstated") else "unstated"
    if low is None or high is None:
        return "at_most" if low is None else "at_least"
    if low == high:
        return "approximate" if basis == "approximate" else "exact"
    return "vague" if basis == "vague" else "range"


def _parse_count(text: str) -> int:
    digits = text.replace(",", "").replace("\u00a0", "").replace(" ", "")
    digits = digits.removesuffix(".0")  # a spreadsheet's whole number
    if not digits.isascii() or not digits.isdigit():
        raise ValueError("write a whole number, 0 or more")
    return int(digits)


def _parse_degrees(column: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError("write decimal degrees, such as 48.5") from None
    limit = 90 if column == "lat" else 180
    if not -limit <= number <= limit:
        raise ValueError(f"write decimal degrees between -{limit} and {limit}")
    return number
