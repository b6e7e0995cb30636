"""Reading a text the short way, for tests of what its rows tell."""

import datetime as dt

from inventory.api import extract
from inventory.model import Fact
from inventory.rulebook.load import load_rulebook

BOOK = load_rulebook()
DAY = dt.date(2026, 3, 12)


def read(text: str) -> list[Fact]:
    """The facts of a text published on `DAY`."""
    return list(extract(text, BOOK, published=DAY))


def told(text: str, *columns: str) -> list[tuple[object, ...]]:
    """Item, least count and the named columns of each fact."""
    return [tuple(getattr(fact, name) for name in ("item", "count_min", *columns)) for fact in read(text)]
