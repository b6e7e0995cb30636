"""The log of decisions → which words stand on each fact, and whether they agree. Knows nothing of what the facts are now.

Each reviewer has one word on a fact: the later supersedes the earlier, by `decided_at` where both give it, else by their order in the
log; `clear` takes it back, and what an undone import said counts as never said. An adjudication speaks above the words before it; a word
that comes after it and says otherwise reopens the question. The same log gives the same words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from inventory.records import ADJUDICATED, ANALYST_PREFIX, UNDONE, Decision

_STATES = {"accept": "accepted", "reject": "rejected", "correct": "corrected", "second look": "second look"}


class Standing(NamedTuple):
    """What stands on one fact: the word of each reviewer, and of an adjudication if there is one.

    `words` are the reviewers' words in log order. `counted` are those that decide: all of them, or the adjudication and what came after.
    """

    fact_id: str
    words: tuple[Decision, ...]
    adjudication: Decision | None
    counted: tuple[Decision, ...]

    @property
    def verdict(self) -> str | None:
        """accepted, rejected, corrected, second look, held; `None` when nobody says anything. Whether the fact has changed is not asked."""
        return settle_words(self.counted)


def settle_words(words: Sequence[Decision]) -> str | None:
    """What words of several voices come to: accepted, rejected, corrected, second look, held; `None` without any."""
    if not words:
        return None
    firm = [word for word in words if word.decision != "second look"]
    if not agree(firm):
        return "held"
    if len(firm) < len(words):
        return "second look"  # no contradiction: somebody wants it shown again
    return _STATES[claim_of(firm[-1])[0]]


def agree(words: Sequence[Decision]) -> bool:
    """Whether words can all stand: one verdict, and no cell corrected to two values."""
    claims = [claim_of(word) for word in words]
    if len({verdict for verdict, _ in claims}) > 1:
        return False
    cells: dict[str, str | None] = {}
    return all(cells.setdefault(column, value) == value for _, corrections in claims for column, value in corrections.items())


def claim_of(word: Decision) -> tuple[str, Mapping[str, str | None]]:
    """The verdict of a word and the cells that it fixes. Who adds a fact accepts it."""
    if is_definition(word):
        return "accept", word.corrections
    return word.decision, word.corrections if word.decision == "correct" else {}


def is_definition(word: Decision) -> bool:
    """Whether a word adds a fact of the analyst's own: its corrections then hold the whole fact."""
    return word.fact_id.startswith(ANALYST_PREFIX) and word.decision == "correct" and {"item", "kind", "status"} <= word.corrections.keys()


def is_older(new: str | None, old: str | None) -> bool:
    """Whether a `decided_at` is before another. Where one gives only the day, days are compared; unknown is not older."""
    if new is None or old is None:
        return False
    try:
        first, second = _read_moment(new), _read_moment(old)
    except ValueError:
        return False
    if len(new) == 10 or len(old) == 10:
        return first.date() < second.date()
    return first < second


def _read_moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment


def drop_undone(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions that count: without those of imports that were undone, and without the entries that undid them."""
    kept: dict[int, Decision] = {}
    of_import: dict[tuple[str, str], list[int]] = {}
    for number, word in enumerate(decisions):
        key = (word.workbook_sha256, word.fact_id)
        if word.sheet == UNDONE:
            for voided in of_import.pop(key, ()):
                del kept[voided]
        else:
            kept[number] = word
            if word.workbook_sha256:  # an adjudication by hand belongs to no import
                of_import.setdefault(key, []).append(number)
    return list(kept.values())


def fold_words(decisions: Iterable[Decision]) -> dict[str, Standing]:
    """What stands on each fact, by fact id; the decisions in the order of the log. Facts of which nothing stands have no `counted`."""
    spoken: dict[str, dict[str, _Said]] = {}
    judged: dict[str, _Said] = {}
    for number, word in enumerate(drop_undone(decisions)):
        voices = spoken.setdefault(word.fact_id, {})
        if word.sheet == ADJUDICATED:
            judged[word.fact_id] = _Said(number, word)
        elif (said := voices.get(word.reviewer)) is None or not is_older(word.decided_at, said.word.decided_at):
            voices[word.reviewer] = _Said(number, word)
    return {fact_id: _stand(fact_id, list(voices.values()), judged.get(fact_id)) for fact_id, voices in spoken.items()}


class _Said(NamedTuple):
    number: int
    word: Decision


def same_word(one: Decision, two: Decision) -> bool:
    """Whether two words of one reviewer on one fact say the same of the same form of the fact."""
    return (
        (one.decision, one.corrections) == (two.decision, two.corrections)
        and (one.comment, one.decided_at, one.shown_hash) == (two.comment, two.decided_at, two.shown_hash)
    )  # fmt: skip


def _stand(fact_id: str, voices: list[_Said], judged: _Said | None) -> Standing:
    held = sorted((said for said in voices if said.word.decision != "clear"), key=lambda said: said.number)
    words = tuple(said.word for said in held)
    if judged is None or judged.word.decision == "clear":
        return Standing(fact_id, words, None, words)
    return Standing(fact_id, words, judged.word, (judged.word, *(said.word for said in held if said.number > judged.number)))
