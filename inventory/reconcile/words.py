"""The log of decisions → which words stand on each fact, and whether they agree. Knows nothing of what the facts are now.

Each reviewer has one word on a fact: the later supersedes the earlier, by `decided_at` where both give it, else by their order in the
log; `clear` takes it back. An adjudication speaks above the words before it; a word that comes after it and says otherwise reopens the
question. So the log is folded in order, and the same log gives the same words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from inventory.records import ADJUDICATED, ADJUDICATION_UNDONE, UNDONE, Decision

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
        """accepted, rejected, corrected, second look, held; `None` when nobody says anything."""
        if not self.counted:
            return None
        firm = [word for word in self.counted if word.decision != "second look"]
        if len({position_of(word) for word in firm}) > 1:
            return "held"
        if len(firm) < len(self.counted):
            return "second look"  # no contradiction: somebody wants it shown again
        return _STATES[firm[0].decision]

    @property
    def last(self) -> Decision:
        """The last of the words that decide."""
        return self.counted[-1]


def position_of(word: Decision) -> tuple[str, tuple[tuple[str, str | None], ...]]:
    """What a word claims: two words with the same position agree."""
    return word.decision, tuple(sorted(word.corrections.items(), key=lambda item: item[0])) if word.decision == "correct" else ()


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


def fold_words(decisions: Iterable[Decision]) -> dict[str, Standing]:
    """What stands on each fact that anybody ever spoke of, by fact id; the decisions in the order of the log."""
    spoken: dict[str, dict[str, list[_Said]]] = {}
    judged: dict[str, list[_Said]] = {}
    for number, word in enumerate(decisions):
        voices = spoken.setdefault(word.fact_id, {})
        above = word.sheet in (ADJUDICATED, ADJUDICATION_UNDONE)
        said = judged.setdefault(word.fact_id, []) if above else voices.setdefault(word.reviewer, [])
        if word.sheet in (UNDONE, ADJUDICATION_UNDONE):
            # The earlier word stands as if nothing had come between: it does not reopen what was adjudicated since.
            said.append(next((old for old in reversed(said) if same_word(old.word, word)), _Said(number, word)))
        elif above or not said or not is_older(word.decided_at, said[-1].word.decided_at):
            said.append(_Said(number, word))
    return {
        fact_id: _stand(fact_id, [said[-1] for said in voices.values() if said], judged.get(fact_id, []))
        for fact_id, voices in spoken.items()
    }


class _Said(NamedTuple):
    number: int
    word: Decision


def same_word(one: Decision, two: Decision) -> bool:
    """Whether two words of one reviewer on one fact say the same of the same form of the fact."""
    return (
        position_of(one) == position_of(two)
        and (one.comment, one.decided_at, one.shown_hash) == (two.comment, two.decided_at, two.shown_hash)
    )  # fmt: skip


def _stand(fact_id: str, voices: list[_Said], judged: list[_Said]) -> Standing:
    held = sorted((said for said in voices if said.word.decision != "clear"), key=lambda said: said.number)
    words = tuple(said.word for said in held)
    if not judged or judged[-1].word.decision == "clear":
        return Standing(fact_id, words, None, words)
    number, word = judged[-1]
    return Standing(fact_id, words, word, (word, *(said.word for said in held if said.number > number)))
