"""What a reviewer typed → the value that it means, or why it means none.

Spreadsheet programs change what is typed: `12` becomes a number, `2023-04-17` a date. Each cell is read back by the type that its column
has in :data:`inventory.model.FACT_COLUMNS`. Nothing is guessed: `3/4/2023` is no date, as nobody knows which month it means.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from inventory.model import FACT_COLUMNS, Column
from inventory.records import DECISIONS
from inventory.review.read import Cell

if TYPE_CHECKING:
    from inventory.rulebook.book import Rulebook

T = TypeVar("T")
COLUMNS: Mapping[str, Column] = {column.name: column for column in FACT_COLUMNS}
MAX_COUNT = 10**12  # of anything; a larger number is a slip of the keyboard
FIRST_YEAR, LAST_YEAR = 1900, 2199
MAX_COMMENT = 32_767  # characters, as many as a cell holds
_BOUNDS = {
    "lat": (-90.0, 90.0), "lon": (-180.0, 180.0), "confidence": (0.0, 1.0), "probability_min": (0.0, 1.0), "probability_max": (0.0, 1.0),
}  # fmt: skip
_COUNTS = frozenset({"count_min", "count_max"})
_CODED = frozenset({"actor_id", "counterparty_id", "claimant_actor_id", "country"})
_CODE = re.compile(r"[A-Z]{3}")
_SLUG = re.compile(r"(?=.*[a-z])[a-z0-9][a-z0-9.+-]*")
_DIGITS = re.compile(r"[0-9]+|[0-9]{1,3}(?:([,'’\u00a0\u2009\u202f ])[0-9]{3})(?:\1[0-9]{3})*")
_LIST = 90  # characters of a list of words in a message


class ValueFault(Exception):  # noqa: N818 - the reviewer's, not the program's
    """A cell that cannot be used; the text says why and what to put."""


class RowFault(Exception):  # noqa: N818
    """A row that cannot be taken: the column at fault (may be empty) and why, with what to do."""

    def __init__(self, column: str | None, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def attempt(column: str, parse: Callable[[Cell], T], cell: Cell) -> T:
    """The parsed cell; a :class:`RowFault` that names the column when it cannot be parsed."""
    try:
        return parse(cell)
    except ValueFault as fault:
        raise RowFault(column, f"{column} {fault}") from fault


class Vocabulary(NamedTuple):
    """Words that the rule pack knows: `actors` maps ids and names, case folded, to ids; `categories` are taxonomy paths.

    Empty tables mean that nothing is known, and then only the shape of a word is checked.
    """

    actors: Mapping[str, str] = {}
    categories: frozenset[str] = frozenset()


def make_vocabulary(book: Rulebook) -> Vocabulary:
    """The actors and categories that a rule pack knows."""
    actors: dict[str, str] = {}
    for ident, entry in book.actors.items():
        actors.setdefault(ident.casefold(), ident)
        actors.setdefault(entry.name.casefold(), ident)
    return Vocabulary(actors, frozenset(book.categories))


def refuse_unreadable(cell: Cell) -> None:
    """Raise :class:`ValueFault` for a formula or an error value: neither says anything that a person typed."""
    if cell.kind == "formula":
        raise ValueFault(f"holds a formula ({cell.text[:60]}); type the value itself")
    if cell.kind == "error":
        raise ValueFault(f"holds the error {cell.text}; type the value itself")


def parse_decision(cell: Cell) -> str:
    """The decision that a cell names; case, hyphens, underscores and spaces at the ends do not matter."""
    refuse_unreadable(cell)
    word = " ".join(re.sub(r"[\s_-]+", " ", cell.text).split()).casefold()
    if word not in DECISIONS:
        raise ValueFault(f"{cell.text[:60]!r} is none of the words; choose one of: {', '.join(DECISIONS)}")
    return word


def parse_words(cell: Cell, what: str) -> str | None:
    """Free text: a comment or the name of a reviewer."""
    refuse_unreadable(cell)
    text = cell.text
    if len(text) > MAX_COMMENT:
        raise ValueFault(f"{what} has {len(text):,} characters; shorten it to {MAX_COMMENT:,}")
    return text or None


def parse_moment(cell: Cell, latest: dt.datetime | None = None) -> str | None:
    """A day or a time as ISO 8601 text. `latest` is the last moment that can be (naive UTC): a review is not from the future."""
    refuse_unreadable(cell)
    if cell.kind == "blank":
        return None
    if cell.kind == "date":
        moment = cell.value if isinstance(cell.value, dt.datetime) else dt.datetime.combine(cell.value, dt.time())
        shown = cell.text
    elif cell.kind == "text":
        shown = cell.text
        try:
            moment = dt.datetime.fromisoformat(shown)
        except ValueError:
            raise ValueFault(f"{shown[:40]!r} is no day or time; write it as YYYY-MM-DD") from None
    else:
        raise ValueFault(f"{cell.text[:40]!r} is no day or time; write it as YYYY-MM-DD")
    plain = moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment
    if not FIRST_YEAR <= plain.year <= LAST_YEAR or (latest is not None and plain > latest):
        raise ValueFault(f"{shown} cannot be when this was reviewed; correct it or leave it empty")
    return shown


def parse_value(name: str, cell: Cell, vocabulary: Vocabulary) -> str:
    """A corrected value in the canonical text of its column: whole numbers, ISO 8601 dates, words of the data model.

    Raises:
        ValueFault: the cell holds no value of that column.
    """
    refuse_unreadable(cell)
    column = COLUMNS[name]
    if cell.kind == "duration" or (cell.kind == "bool" and column.type != "str"):
        raise ValueFault(f"{cell.text[:40]!r} is no value of {name}; format the cell as text and type it again")
    if column.type == "int":
        return str(_parse_int(name, cell))
    if column.type == "float":
        return _parse_float(name, cell)
    if column.type == "date":
        return _parse_day(cell).isoformat()
    if column.type == "enum":
        return _parse_enum(column, cell)
    if cell.kind == "date":
        raise ValueFault(f"became the date {cell.text}; format the cell as text and type it again")
    if name in _CODED:
        return _parse_code(name, cell.text, vocabulary)
    if name == "category" and vocabulary.categories and cell.text not in vocabulary.categories:
        raise ValueFault(f"{cell.text[:60]!r} is no category; use a path of rules/taxonomy.yaml")
    return cell.text


def _parse_int(name: str, cell: Cell) -> int:
    number: int | None = None
    if cell.kind == "number" and math.isfinite(cell.value) and float(cell.value).is_integer():
        number = int(cell.value)
    elif cell.kind == "text" and _DIGITS.fullmatch(cell.text):
        number = int(re.sub(r"[^0-9]", "", cell.text)[:20])  # cut: int() of ten thousand digits raises, and the bound is far below
    if number is None:
        raise ValueFault(f"{cell.text[:40]!r} is no whole number; write it in digits")
    if not 0 <= number <= MAX_COUNT:
        raise ValueFault(f"{number} is not between 0 and {MAX_COUNT:,}; correct it")
    return number


def _parse_float(name: str, cell: Cell) -> str:
    try:
        number = float(cell.value if cell.kind == "number" else cell.text)
    except ValueError:
        number = math.nan
    low, high = _BOUNDS[name]
    if not low <= number <= high:  # NaN is not between either
        raise ValueFault(f"{cell.text[:40]!r} is no number from {low:g} to {high:g}; correct it")
    return repr(number)


def _parse_day(cell: Cell) -> dt.date:
    day: dt.date | None = None
    if cell.kind == "date":
        day = cell.value.date() if isinstance(cell.value, dt.datetime) else cell.value
    elif cell.kind == "text":
        try:
            day = dt.date.fromisoformat(cell.text) if len(cell.text) == 10 else dt.datetime.fromisoformat(cell.text).date()
        except ValueError:
            day = None
    if day is None:
        raise ValueFault(f"{cell.text[:40]!r} is no day; write it as YYYY-MM-DD")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueFault(f"{day.isoformat()} is not between the years {FIRST_YEAR} and {LAST_YEAR}; correct it")
    return day


def _parse_enum(column: Column, cell: Cell) -> str:
    wanted = _fold_word(cell.text)
    for value in column.values:
        if _fold_word(value) == wanted:
            return value
    listed = ", ".join(column.values)
    shown = listed if len(listed) <= _LIST else f"{listed[:_LIST].rpartition(',')[0]} … (all in the comment on the heading)"
    raise ValueFault(f"{cell.text[:40]!r} is no {column.name}; use one of: {shown}")


def _fold_word(text: str) -> str:
    return re.sub(r"[\s_-]+", "-", text.strip()).casefold()


def _parse_code(name: str, text: str, vocabulary: Vocabulary) -> str:
    known = vocabulary.actors.get(text.casefold())
    if known is not None and (name != "country" or _CODE.fullmatch(known)):
        return known
    if _CODE.fullmatch(text) and not vocabulary.actors:
        return text
    if name != "country" and _SLUG.fullmatch(text):
        return text  # an organisation that the pack does not know yet
    more = "" if name == "country" else ", or a lower-case id of an organisation"
    raise ValueFault(f"{text[:40]!r} is no code of a country (ISO 3166-1, three capitals){more}")


def check_together(cells: Mapping[str, str | None]) -> str | None:
    """Why values, each fine by itself, cannot be true together; `None` when they can. Keys are fact columns, values canonical text."""
    low, high = cells.get("count_min"), cells.get("count_max")
    if low and high and int(low) > int(high):
        return f"count_min {low} is above count_max {high}; correct both"
    first, last = cells.get("date_start"), cells.get("date_end")
    if first and last and first > last:
        return f"date_start {first} is after date_end {last}; correct both"
    return None
