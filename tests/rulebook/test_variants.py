"""Generated spellings and inflections: the properties that every name and verb has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.rulebook.variants import inflect, plural, spellings
from inventory.text.fold import fold

names = st.text(alphabet="ABTXabx019- ", min_size=1, max_size=14).filter(lambda text: any(char.isalnum() for char in text))
any_names = st.text(min_size=1, max_size=30)
verbs = st.from_regex(r"[a-z]{2,9}(?: [a-z]{2,4})?", fullmatch=True)


def squeeze(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


@given(any_names)
def test_the_listed_spelling_comes_first(name: str) -> None:
    assert spellings(name)[0] == " ".join(fold(name).cased.split())


@given(any_names)
def test_no_spelling_comes_twice_and_there_are_few(name: str) -> None:
    found = spellings(name)
    assert len(found) == len(set(found))
    assert len(found) <= 9


@given(names)
def test_spellings_differ_only_in_hyphens_and_spaces(name: str) -> None:
    found = spellings(name)
    assert {squeeze(spelled) for spelled in found} == {squeeze(found[0])}


@given(names)
def test_no_spelling_has_a_space_or_hyphen_too_many(name: str) -> None:
    base, *others = spellings(name)
    assert all(spelled == " ".join(spelled.split()) for spelled in others)
    assert all(spelled.count("-") <= base.count("-") + base.count(" ") + 1 for spelled in others)


@given(names)
def test_the_same_name_always_gives_the_same(name: str) -> None:
    assert spellings(name) == spellings(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("T-72", {"T-72", "T 72", "T72"}),
        ("MiG-29", {"MiG-29", "MiG 29", "MiG29"}),
        ("Leopard 2", {"Leopard 2", "Leopard-2", "Leopard2"}),
        ("A-10", {"A-10", "A10"}),  # not *A 10*, an article before a number
        ("F-16", {"F-16", "F 16", "F16"}),
        ("T\u201172", {"T-72", "T 72", "T72"}),  # a non-breaking hyphen
        ("K9", {"K9", "K-9", "K 9"}),
        ("Abrams", {"Abrams"}),
    ],
)
def test_spellings_of(name: str, expected: set[str]) -> None:
    assert set(spellings(name)) == expected


def test_many_joints_do_not_swell_the_automaton() -> None:
    assert len(spellings("A1-B2-C3-D4-E5-F6-G7-H8")) <= 4


@given(verbs)
def test_a_verb_has_every_form(verb: str) -> None:
    forms = inflect(verb, {})
    assert forms[verb].startswith("b")
    assert set("bspng") == set("".join(forms.values()))
    tail = verb.partition(" ")[2]
    assert all(form.endswith(tail) for form in forms)


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("send", {"send", "sends", "sent", "sending"}),
        ("give", {"give", "gives", "gave", "given", "giving"}),
        ("ship", {"ship", "ships", "shipped", "shipping"}),
        ("deliver", {"deliver", "delivers", "delivered", "delivering"}),
        ("hand over", {"hand over", "hands over", "handed over", "handing over"}),
        ("supply", {"supply", "supplies", "supplied", "supplying"}),
        ("destroy", {"destroy", "destroys", "destroyed", "destroying"}),
        ("attack", {"attack", "attacks", "attacked", "attacking"}),
        ("seize", {"seize", "seizes", "seized", "seizing"}),
        ("die", {"die", "dies", "died", "dying"}),
    ],
)
def test_inflections_of(verb: str, forms: set[str]) -> None:
    irregular = {"send": ["sent"], "give": ["gave", "given"]}
    assert set(inflect(verb, irregular)) == forms


@given(st.from_regex(r"[a-z]{2,12}", fullmatch=True))
def test_a_plural_is_longer_and_ends_in_s(noun: str) -> None:
    many = plural(noun)
    assert many.endswith("s")
    assert many != noun


@pytest.mark.parametrize(
    ("one", "many"), [("tank", "tanks"), ("battery", "batteries"), ("convoy", "convoys"), ("box", "boxes"), ("branch", "branches")]
)
def test_plurals_of(one: str, many: str) -> None:
    assert plural(one) == many
