"""Tables in plain text: what a column is headed with is told of the thing in each line."""

import datetime as dt

import pytest

from inventory.api import extract
from inventory.rulebook.load import load_rulebook

BOOK = load_rulebook()
DAY = dt.date(2026, 3, 12)


@pytest.mark.parametrize("bar", [" | ", ";", "\t", "   "])
def test_number_and_supplier_by_column(bar: str) -> None:
    lines = [("Type", "Number", "Supplier"), ("Leopard 2A6", "24", "Germany"), ("CAESAR howitzer", "3", "France")]
    text = "Delivered to date\n" + "\n".join(bar.join(line) for line in lines)
    told = [(f.item, f.count_min, f.counterparty_id, f.counterparty_role, f.status) for f in extract(text, BOOK, published=DAY)]
    assert told == [("Leopard 2A6", 24, "DEU", "supplier", "delivered"), ("CAESAR", 3, "FRA", "supplier", "delivered")]


def test_the_title_names_the_side_of_every_line() -> None:
    text = "Estonia, holdings\nSystem | Number\nCV90 | 44\nK9 Thunder | 36"
    assert [(f.item, f.count_min, f.actor_id) for f in extract(text, BOOK, published=DAY)] == [
        ("CV90", 44, "EST"),
        ("K9 Thunder", 36, "EST"),
    ]


def test_lines_with_other_numbers_of_cells_are_no_rows() -> None:
    text = "Type | Number\nCV90 | 44 | new\nThe T-72, which Poland gave, burnt."
    assert all(fact.count_min is None for fact in extract(text, BOOK, published=DAY))


def test_prose_with_semicolons_is_no_table() -> None:
    text = "The number of tanks rose; the rest stayed.\nSix T-72s burnt near Soledar; four T-80s were towed away."
    told = {fact.item: (fact.count_min, fact.status) for fact in extract(text, BOOK, published=DAY) if fact.item.startswith("T-")}
    assert told == {"T-72": (6, "destroyed"), "T-80": (4, "captured")}
