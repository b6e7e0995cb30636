"""`explain` tells the truth: the facts are those of extraction, every cell has an origin, near misses name the part that failed."""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from inventory.cli import main
from inventory.extraction.pipeline import extract_document, read_document
from inventory.model import FACT_FIELDS, Document
from inventory.reading import read_documents
from inventory.report.explain import explain_document
from inventory.report.explain_cells import DOCUMENT_CELLS
from inventory.report.explain_html import mark_spans, render_html
from inventory.report.explain_model import Explanation, NearMiss, SentenceView
from inventory.report.explain_near import find_near_misses
from inventory.report.explain_text import plain_lines, write_text
from inventory.rulebook.book import Link, Rulebook
from inventory.rulebook.load import load_rulebook
from inventory.rulebook.parts import link_parts, split_parts
from inventory.text.fold import fold

_DAY = dt.date(2022, 3, 1)
_TEXT = (
    "Russia's defence ministry said on Tuesday that it would send 12 Su-35 fighter jets and two S-400 battalions to Belarus. "
    "14 old, green and rusty Leopard 2 tanks stood near Kharkiv, according to Ukrainian officials. The crew was hungry. "
    "Abrams spoke at length. The chess tournament ended."
)
_HOSTILE = (
    '<script>alert(1)</script> "onload=" Russia sent 12 T-72 <img src=http://evil.example/x onerror=alert(1)> tanks to <b>Belarus</b>'
    " & 'Syria'\u202e\x1b[31m. See https://evil.example/ for {line} more."
)
_SEEDS = Path(__file__).parents[2] / "seeds"
_VOID = {"meta", "br", "img", "link", "input", "hr"}


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook()


@pytest.fixture(scope="module")
def told(book: Rulebook) -> Explanation:
    return explain_document(Document(_TEXT, published=_DAY), book)


def _seeds() -> list[Document]:
    return [one for one in read_documents([_SEEDS]) if isinstance(one, Document)] if _SEEDS.exists() else []


# ---------------------------------------------------------------- the data
def test_the_facts_are_those_of_extraction(book: Rulebook, told: Explanation) -> None:
    assert [view.fact for view in told.facts] == extract_document(Document(_TEXT, published=_DAY), book)
    assert len(told.facts) >= 3


@pytest.mark.parametrize("document", [Document(_TEXT, published=_DAY), Document(_HOSTILE), *_seeds()], ids=lambda document: document.doc_id)
def test_every_filled_cell_has_an_origin(book: Rulebook, document: Document) -> None:
    explanation = explain_document(document, book)
    assert sorted(view.fact for view in explanation.facts) == sorted(extract_document(document, book))
    for view in explanation.facts:
        filled = {column for column in FACT_FIELDS if getattr(view.fact, column) is not None} - DOCUMENT_CELLS
        assert {cell.column for cell in view.cells} == filled
        for cell in view.cells:
            assert cell.rule, cell
            assert cell.rule != "unknown", cell
            if cell.start >= 0:
                assert document.text[cell.start : cell.end] == cell.text != "", cell
            else:
                assert cell.note or cell.rule == "inherit", cell


def test_printed_cells_point_at_what_is_printed(told: Explanation) -> None:
    for view in told.facts:
        cells = {cell.column: cell for cell in view.cells}
        for column in ("item_text", "count_text", "place_text", "status_text", "actor_text", "date_text"):
            if column in cells:
                assert cells[column].text == cells[column].value


def test_every_sentence_is_there_once_in_order(told: Explanation) -> None:
    assert [view.text for view in told.sentences] == [_TEXT[view.start : view.end] for view in told.sentences]
    assert "".join("".join(view.text for view in told.sentences).split()) == "".join(_TEXT.split())
    assert told.sentences[-1].role == "skipped"
    assert told.sentences[-1].why


def test_masked_line_and_mentions(told: Explanation) -> None:
    first = told.sentences[0]
    assert first.masked.startswith("[country]'s defence ministry said [date] that it would send [count] [equipment] [class]")
    assert not any("\ue000" <= char <= "\uf8ff" for char in first.masked)
    jet = next(name for name in first.mentions if name.text == "Su-35")
    assert (jet.type, jet.id, jet.name) == ("equipment", "su-35", "Su-35")
    assert {(name.text, name.value) for name in first.mentions} >= {("12", "12..12"), ("on Tuesday", "2022-03-01")}


def test_what_fired_and_what_it_filled(told: Explanation) -> None:
    fired = {(one.rule, one.text): one.filled for one in told.sentences[0].fired}
    assert "count of Su-35" in fired["counted-item", "12 Su-35"]
    assert any("counted_as of S-400" in filled for filled in fired.values())


def test_one_bid_of_each_item_wins(told: Explanation) -> None:
    for view in told.sentences:
        items = {bid.item_start for bid in view.bids}
        assert {bid.item_start: sum(b.won for b in view.bids if b.item_start == bid.item_start) for bid in view.bids} == dict.fromkeys(
            items, 1
        )
        for bid in view.bids:
            if bid.won:
                assert bid.rank == max(other.rank for other in view.bids if other.item_start == bid.item_start)


def test_every_item_without_a_row_has_a_reason(told: Explanation, book: Rulebook) -> None:
    for explanation in (told, *(explain_document(document, book) for document in _seeds())):
        for view in explanation.sentences:
            assert all(one.why and one.why != "nothing is recorded" for one in view.silent), view.silent
    reasons = {one.text: one.why for view in told.sentences for one in view.silent}
    assert reasons["fighter jets"] == "it belongs to 'Su-35' (rule name-class)"
    assert "institution" in reasons["crew"]


def test_dropped_names_say_what_they_need(told: Explanation, book: Rulebook) -> None:
    abrams = next(one for view in told.sentences for one in view.dropped if one.text == "Abrams")
    assert abrams.id == "m1-abrams"
    assert "weak name: needs one of its cues" in abrams.why
    alone = explain_document(Document("The tank of the aquarium burst."), book)
    assert any(one.text == "tank" and "everyday word" in one.why for view in alone.sentences for one in view.dropped)


@pytest.mark.parametrize(
    ("text", "verdict", "named"),
    [
        ("The minister praised the bakery and the new bridge.", "no name of equipment", {}),
        ("He filled a tank with water. The Kilo weighed a lot.", "everyday words or weak", {"tank": "everyday word", "Kilo": "weak name"}),
        ("The crew met the brigade's commander.", "not told of as anything", {"crew": "institution", "brigade": "only owns"}),
        (
            "Defence ministry spokesmen and the air force spoke of helicopters.",
            "not told of as anything",
            {"helicopters": "without a number", "air force": "acts"},
        ),
    ],
)
def test_a_text_without_a_row_says_why(book: Rulebook, text: str, verdict: str, named: dict[str, str]) -> None:
    explanation = explain_document(Document(text), book)
    assert explanation.facts == ()
    assert verdict in explanation.verdict
    told = {one.text: one.why for view in explanation.sentences for one in (*view.silent, *view.dropped)}
    assert {name for name, why in named.items() if why not in told.get(name, "")} == set(), told
    printed = "\n".join(plain_lines(explanation))
    assert explanation.verdict in printed
    assert all(why in printed for why in named.values())
    assert explanation.verdict in render_html([explanation])


def test_what_no_gazetteer_knows_is_named_as_a_candidate(book: Rulebook) -> None:
    text = "The minister praised 14 snarkbites and two armed hovercrafters. The Qadir-110 rolled by for 20 minutes. Bread cost 30 dollars."
    views = explain_document(Document(text), book).sentences
    assert [view.possible for view in views] == [("14 snarkbites", "two armed hovercrafters"), ("Qadir-110",), ()]
    assert "in no gazetteer" in "\n".join(plain_lines(explain_document(Document(text), book)))


def test_a_text_with_a_row_has_no_verdict(told: Explanation) -> None:
    assert told.facts
    assert told.verdict == ""


@pytest.mark.parametrize("text", ["", " \n\n ", "Nothing here.", "\ufeff\u200b", "12", "." * 500, "Т-72 \u200bСу-35" * 3])
def test_odd_texts_are_told_of(book: Rulebook, text: str) -> None:
    explanation = explain_document(Document(text), book)
    assert list(plain_lines(explanation))
    assert _read_page(render_html([explanation])).open == []


def test_offsets_lead_back_through_vanished_characters(book: Rulebook) -> None:
    text = "Russia\u200b sent \u00ad12 T-\u200b72 tanks to Belarus on Monday."
    explanation = explain_document(Document(text, published=_DAY), book)
    assert any(name.text == "T-\u200b72" for view in explanation.sentences for name in view.mentions)
    for view in explanation.facts:
        assert all(text[cell.start : cell.end] == cell.text for cell in view.cells if cell.start >= 0)


# ---------------------------------------------------------------- near misses
def _near(book: Rulebook, pattern: str, text: str, fragments: dict[str, str] | None = None) -> tuple[NearMiss, ...]:
    document = Document(text)
    _, readings = read_document(document, book, explain=True)
    parts = link_parts(pattern, fragments or {})
    link = Link("mine", "".join(filled for _, filled in parts), 50, {}, (), (), 1.0, (), None, parts)
    reading = next(reading for reading in readings if reading.items)
    own: Any = SimpleNamespace(links=(link,))
    return find_near_misses(reading.sentence, set(), fold(text), own, text)


def test_a_near_miss_names_the_part_and_the_place(book: Rulebook) -> None:
    (near,) = _near(book, "{count} <old>?{item}", "Poland sent 14 old, green Leopard 2 tanks.", {"old": "old "})
    assert (near.matched, near.total) == (1, 2)
    assert near.failed == "{item}"
    assert near.text.strip() == "14"
    assert near.stopped_at.startswith("old, green Leopard 2")
    assert near.parts == ("{count}", " ", "<old>?", "{item}")
    assert near.parts[near.failed_index] == "{item}"


def test_lazy_parts_are_followed_as_far_as_they_go(book: Rulebook) -> None:
    (near,) = _near(book, "{count} (?:[a-z]+ ){0,5}?{item}", "Poland sent 14 very old and, green Leopard 2 tanks.")
    assert near.text.strip() == "14 very old"
    assert near.stopped_at.startswith("and, green")


def test_a_match_and_a_far_miss_are_not_told(book: Rulebook) -> None:
    assert not _near(book, "{count} {item}", "Poland sent 14 Leopard 2 tanks.")
    assert not _near(book, "{count} sorties by new {unit:_} crews of {item}", "Poland sent 14 Leopard 2 tanks.")
    assert not _near(book, "{item} {echelon}", "Poland sent 14 Leopard 2 tanks."), "every rule has an item"
    assert not _near(book, "{count} {personnel:item}", "Poland sent 14 Leopard 2 tanks."), "the kind of its item is not there"


def test_the_shipped_rule_that_nearly_counted(told: Explanation) -> None:
    view = next(view for view in told.sentences if view.text.startswith("14 old"))
    assert 0 < len(view.near) <= 5
    near = next(one for one in view.near if one.rule == "counted-item")
    assert near.failed == "{item}"


def test_parts_join_to_the_pattern(book: Rulebook) -> None:
    for link in book.links:
        assert "".join(filled for _, filled in link.source) == link.pattern
    assert split_parts(r"{count}-(?:a|b[)|]c)+? <mods>[^\]x]{2,3}\(\u00d7s?{item:total}*+(?=,|$)") == [
        "{count}", "-", "(?:a|b[)|]c)+?", " ", "<mods>", r"[^\]x]{2,3}", r"\(\u00d7", "s?", "{item:total}*+", "(?=,|$)",
    ]  # fmt: skip
    assert split_parts("a|{item}") == ["a|{item}"]
    assert split_parts("") == []


# ---------------------------------------------------------------- the page
class _Page(HTMLParser):
    """Checks that tags nest, and keeps the attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def _read_page(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    return page


def test_page_is_well_formed_and_whole(book: Rulebook, told: Explanation) -> None:
    html = render_html([told, told])
    page = _read_page(html)
    assert page.open == []
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value for name, value in page.attributes if name == "href"} <= {f"#{one}" for one in ids}
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html
    for view in told.facts:
        assert view.fact.fact_id in page.text


def test_page_does_nothing_and_loads_nothing(book: Rulebook) -> None:
    document = Document(
        _HOSTILE, doc_id="<i>x</i>", title="</title><script>1</script>", source="'\"><svg onload=1>", url="http://evil.example/"
    )
    html = render_html([explain_document(document, book)])
    page = _read_page(html)
    assert page.open == []
    assert not set(page.tags) & {"script", "img", "svg", "link", "iframe", "object", "embed", "form", "i", "base"}
    for name, value in page.attributes:
        assert not name.startswith("on")
        assert name not in ("src", "srcset", "style", "action", "data")
        assert name != "href" or (value or "").startswith("#")
    assert "url(" not in html
    assert "@import" not in html
    assert "<script>alert(1)</script>" in page.text
    assert "\x1b" not in html
    assert "\u202e" not in html


def test_marks_may_nest_overlap_and_lie_outside() -> None:
    html = mark_spans("0123456789", 100, [(102, 106, "a", "one"), (104, 108, "b", "two"), (103, 104, "c", "in"), (95, 101, "d", "out")])
    page = _read_page(html)
    assert page.open == []
    assert "out" not in page.text
    assert "".join(char for char in page.text if char.isdigit()) == "0123456789"
    assert all(page.text.count(label) == 1 for label in ("one", "two", "in"))


# ---------------------------------------------------------------- the command
@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def call(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["explain", *words])
        out, err = capsys.readouterr()
        return int(stopped.value.code or 0), out, err

    return call


def test_command_on_a_text(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = run(_TEXT, "--published", "2022-03-01")
    assert (code, err) == (0, "")
    assert "[count] [equipment] [class]" in out
    assert "counted-item  '12' 61–63" in out
    assert "date_start 2022-03-01" in out
    assert "\x1b" not in out


def test_command_on_a_file_with_a_sidecar(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(_TEXT, "utf-8")
    (tmp_path / "note.meta.yaml").write_text("title: Jets for Minsk\nsource: Harbour Gazette\npublished: 2022-03-01\n", "utf-8")
    code, out, _ = run(str(tmp_path / "note.txt"))
    assert code == 0
    assert "Jets for Minsk" in out
    assert "Harbour Gazette" in out
    assert "date_start 2022-03-01" in out
    page = tmp_path / "page.html"
    code, out, err = run(str(tmp_path / "note.txt"), "--html", str(page))
    assert (code, out) == (0, "")
    assert "page.html" in err
    assert "Jets for Minsk" in _read_page(page.read_text("utf-8")).text
    code, out, _ = run(str(tmp_path / "note.txt"), "--html", "-")
    assert out == page.read_text("utf-8")


def test_command_on_standard_input(run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(_TEXT.encode()), "utf-8"))
    code, out, _ = run("-")
    assert code == 0
    assert "[count] [equipment] [class]" in out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("no-such-note.txt",), 64, "no such file"),
        ((_TEXT, "--published", "soon"), 64, "YYYY-MM-DD"),
        ((_TEXT, "--html", "no/such/folder/page.html"), 73, "create the folder"),
    ],
)
def test_command_faults(run: Callable[..., tuple[int, str, str]], words: tuple[str, ...], code: int, message: str) -> None:
    got, out, err = run(*words)
    assert (got, out) == (code, "")
    assert message in err


def test_text_of_a_hostile_document_cannot_move_the_cursor(book: Rulebook) -> None:
    out = "\n".join(plain_lines(explain_document(Document(_HOSTILE), book)))
    assert all(char.isprintable() or char == "\n" for char in out)
    assert "\\u001b" in out


def test_colour_only_on_a_terminal(told: Explanation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    plain, screen = io.StringIO(), Terminal()
    write_text([told], plain)
    write_text([told], screen)
    assert "\x1b[" not in plain.getvalue()
    assert "\x1b[" in screen.getvalue()


def test_views_are_frozen(told: Explanation) -> None:
    view: SentenceView = told.sentences[0]
    with pytest.raises(AttributeError):
        view.text = "x"  # type: ignore[misc]
