"""The fold: what changes, what stays, and that every offset leads back to the original."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inventory.text.fold import Folded, fold, fold_name

# Characters that the fold treats in a way of its own, so that random texts meet them often.
SPECIAL = "\u00ad\u200b\u200d\ufeff\u0301\u0308\ufe0f\u2014\u2013\u00a0\u2009\u2028\u0085ßÆæŒﬁﬃİıſςΣÅКТСт-729 \t`'’…ｆＴ５\ud800"
TEXTS = st.text(st.one_of(st.sampled_from(SPECIAL), st.characters(exclude_categories=())), max_size=40)


def printed(text: str, name: str) -> list[str]:
    """How the original writes each occurrence of the folded `name`."""
    folded = fold(text)
    found = []
    at = folded.text.find(name)
    while at >= 0:
        start, end = folded.span(at, at + len(name))
        found.append(text[start:end])
        at = folded.text.find(name, at + 1)
    return found


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("T\u201172", "t-72"),
        ("T\u201372", "t-72"),
        ("T\u221272", "t-72"),
        ("T\u201472", "t-72"),
        ("10\u201412", "10-12"),
        ("12\u00a0000", "12 000"),
        ("12\u2009000", "12 000"),
        ("12\u202f000", "12 000"),
        ("T-\u200b72", "t-72"),
        ("heli\u00adcopter", "helicopter"),
        ("tanks\ufeff and", "tanks and"),
        ("Orb\u00e1n", "orban"),
        ("Orba\u0301n", "orban"),
        ("C\u0327ankaya", "cankaya"),
        ("\u0130stanbul", "istanbul"),
        ("I\u0307stanbul", "istanbul"),
        ("Diyarbak\u0131r", "diyarbakir"),
        ("Gro\u00dfe", "grosse"),
        ("\u00c6r\u00f8", "aero"),
        ("\u0141\u00f3d\u017a", "lodz"),
        ("\ufb01ghter", "fighter"),
        ("o\ufb03cer", "officer"),
        ("\uff34\uff0d\uff17\uff12", "t-72"),
        ("\u201cgo\u201d \u2018it\u2019s\u2019", "\"go\" 'it's'"),
        ("5\ufe0f\u20e3 tanks", "5 tanks"),
        ("a\tb`c", "a b'c"),
        ("one\u2028two\u0085three", "one\ntwo\nthree"),
        ("7.62\u00d739", "7.62x39"),
        ("\U0001f600 \ud800 x", "\U0001f600 \ud800 x"),
        ("", ""),
    ],
)
def test_folds_to(text: str, folded: str) -> None:
    assert fold(text).text == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("С-300", "c-300"),
        ("Т‑72", "t-72"),
        ("Т72Б3", "т72б3"),
        ("2С19", "2c19"),
        ("9К720", "9k720"),
        ("Τ-72", "t-72"),
        ("ТOS-1А", "tos-1a"),
    ],
)
def test_look_alikes_turn_latin_only_where_the_whole_token_does(text: str, folded: str) -> None:
    assert fold(text).text == folded
    assert (0 in fold(text).obfuscated) is (folded.isascii())


@pytest.mark.parametrize("text", ["Сума", "в 2014 году", "с 5 танками", "МіГ-29", "Москва-2042год"])
def test_words_keep_their_script(text: str) -> None:
    folded = fold(text)
    assert not folded.text.isascii()
    assert folded.obfuscated == frozenset()


def test_a_cyrillic_name_folds_as_its_alias_does() -> None:
    assert fold("Су-35").text == fold_name("Су-35") == fold("Су\u201135").text
    assert fold("МиГ-31К").text == fold_name("МиГ-31К")


def test_obfuscated_tells_the_folded_offset() -> None:
    folded = fold("\u200bﬁve Т-72 and T-90")
    assert [folded.text[at : at + 4] for at in folded.obfuscated] == ["t-72"]


def test_precomposed_and_decomposed_fold_alike() -> None:
    for name in ("Orbán", "Çankaya", "Gdańsk", "Đà Nẵng", "Сергей", "Міжгір'я", "Ἀθῆναι"):
        assert fold(unicodedata.normalize("NFC", name)).text == fold(unicodedata.normalize("NFD", name)).text


def test_a_dash_between_words_gets_spaces_and_keeps_the_spans() -> None:
    text = "The armour—12 tanks—left; Т—72s stayed"
    assert fold(text).text == "the armour - 12 tanks - left; t-72s stayed"
    assert printed(text, "12 tanks") == ["12 tanks"]
    assert printed(text, "left") == ["left"]


def test_spans_hold_the_accent_of_their_last_letter_and_no_zero_width_neighbour() -> None:
    assert printed("near Orle\u0301 now", "orle") == ["Orle\u0301"]
    assert printed("T-\u200b72\u200b moved", "t-72") == ["T-\u200b72"]
    assert printed("a \u200bT-72", "t-72") == ["T-72"]
    assert printed("Große Straße", "strasse") == ["Straße"]
    assert printed("two ﬁghters", "fighters") == ["ﬁghters"]
    assert printed("e\u0301\u0301e", "e") == ["e\u0301\u0301", "e"]


def test_cased_keeps_the_case() -> None:
    assert fold("ÆGIS Ærø İzmir Großer").cased == "AEGIS AEro Izmir Grosser".replace("AEro", "Aero")


def test_ascii_is_its_own_fold() -> None:
    text = "Poland sent 14 T-72 tanks."
    assert fold(text) == Folded(text.lower(), text)
    assert fold(text).span(12, 14) == (12, 14)


@given(TEXTS)
@example("\u0301a\u0301")
@example("ΑΣ Σας")
@example("a—Ä—1")
def test_fold_holds_its_promises(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.cased)
    assert folded.text == "".join(char.lower() for char in folded.cased)
    size = len(folded.text)
    last = (0, 0)
    for start in range(size):
        begin, end = folded.span(start, start + 1)
        assert 0 <= begin < end <= len(text)
        assert last[0] <= begin
        assert last[1] <= end
        assert folded.span(start, size)[0] == begin
        last = begin, end
    assert 0 <= folded.original(size) <= len(text)


@given(TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text)
    assert fold(once.text).text == once.text
    assert fold(once.cased).cased == once.cased


@given(TEXTS)
def test_same_length_means_the_same_offsets(text: str) -> None:
    folded = fold(text)
    if not folded.drops:
        assert len(folded.text) == len(text)
        assert all(folded.original(at) == at and folded.span(at, at + 1) == (at, at + 1) for at in range(len(text)))


def test_every_character_folds_to_a_fixed_point() -> None:
    for first in range(0, 0x30000, 0x100):
        for code in range(first, first + 0x100):
            folded = fold(chr(code) + "7")
            assert fold(folded.text).text == folded.text
            assert len(folded.text) == len(folded.cased)


def test_no_character_that_changes_the_length_is_passed_over() -> None:
    for code in range(0x80, 0x10000):
        text = f"a{chr(code)}a"
        # A zero-width space has every text looked at closely, and vanishes.
        assert fold(text).cased == fold(text + "\u200b").cased
