"""People of formations are derived from tables, by army, and always flagged."""

from __future__ import annotations

import pytest

from inventory import Document, extract, load_rulebook
from inventory.extraction.strength import derive_people
from inventory.model import Fact

TABLE = {"USA brigade": "3000..5000"}


@pytest.mark.parametrize(
    ("low", "high", "people"),
    [
        (2, 2, (6000, 10000)),
        (None, None, (3000, 5000)),
        (3, None, (9000, None)),
        (None, 4, (None, 20000)),
        (0, 0, None),
    ],
)
def test_bounds(low: int | None, high: int | None, people: tuple[int | None, int | None] | None) -> None:
    assert derive_people("USA", "brigade", low, high, TABLE) == people


@pytest.mark.parametrize(("actor", "echelon"), [("UKR", "brigade"), (None, "brigade"), ("USA", "squadron"), ("USA", None)])
def test_what_no_table_has_gives_nothing(actor: str | None, echelon: str | None) -> None:
    assert derive_people(actor, echelon, 1, 1, TABLE) is None


def units(text: str) -> list[Fact]:
    return [fact for fact in extract(Document(doc_id="t", text=text), load_rulebook()) if fact.kind == "unit"]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Two US brigades deployed to Poland.", "derived_people=6000..10000"),
        ("Russia sent ten battalion tactical groups to Belgorod.", "derived_people=6000..8000"),
    ],
)
def test_a_derived_figure_is_flagged(text: str, people: str) -> None:
    (fact,) = units(text)
    assert people in (fact.attributes or "")
    assert "derived-strength" in (fact.flags or "")


def test_an_army_without_a_table_gives_no_figure() -> None:
    assert all("derived" not in f"{fact.attributes} {fact.flags}" for fact in units("Two Ukrainian brigades deployed to Kupiansk."))
