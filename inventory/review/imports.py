"""A reviewed workbook → the log of the store: kept under its hash first, then read, judged, and its good rows appended at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from inventory.model import Fact
from inventory.reconcile.rebase import rebase_words
from inventory.reconcile.words import Standing, drop_undone, fold_words, is_older, same_word
from inventory.records import ADJUDICATED, Decision, FactVersion
from inventory.report.rowcheck import FORMAT, hash_fact, normal_text
from inventory.review.archive import read_bytes
from inventory.review.errors import WorkbookError
from inventory.review.read import ReviewBook, decode_escapes, read_review
from inventory.review.rows import Judged, Reject, Statement, input_headings, judge_book, known_headings
from inventory.review.values import Vocabulary
from inventory.store.store import Store

# A reviewer's clock and time zone may be ahead of the importing machine's, but not by more than a day.
_AHEAD = dt.timedelta(days=1)
_CHUNK = 500  # fact ids of one question to the store; SQLite takes 32,766 parameters, older ones 999


class ImportReport(NamedTuple):
    """What became of one workbook.

    `taken`: decisions that entered the log (with a dry run: that would). `unchanged`: rows whose word stands already or came with the
    same file before. `silent`: rows that say nothing. `rejects`: rows refused. Of the taken: `added` are facts of the analyst's own,
    `changed` are on facts that have changed since they were shown, `gone` on facts that are in no current document, `outdated` are
    older by `reviewed_at` than what the reviewer has said since. `held`: facts on which reviewers now disagree.
    """

    path: Path
    sha256: str
    base_run: str | None
    taken: tuple[Decision, ...]
    unchanged: int
    silent: int
    rejects: tuple[Reject, ...]
    added: int
    changed: int
    gone: int
    outdated: int
    held: tuple[str, ...]


def import_review(
    store: Store,
    path: Path,
    *,
    now: dt.datetime,
    reviewer: str | None = None,
    vocabulary: Vocabulary | None = None,
    policy: str = "hold",
    lead: str | None = None,
    trust_order: bool = False,
    dry_run: bool = False,
    wait: float = 0.0,
) -> ImportReport:
    """Take a reviewed workbook into the log.

    Its bytes are kept in the store before anything in them is parsed, so that the import can be replayed; the good rows enter the log in
    one transaction. The same file again changes nothing, unless its import was undone.

    Args:
        store: an open store.
        path: the workbook.
        now: time zone aware; when the decisions enter the log, and the latest day (and one more) that `reviewed_at` may name.
        reviewer: who decided where a row does not say.
        vocabulary: words of the rule pack that corrected values are checked against.
        policy: what happens to facts on which reviewers come to disagree: `hold` until somebody adjudicates, `latest`: the word just
            imported wins, `lead`: the word of the reviewer `lead` wins. What wins is written down as an adjudication.
        lead: the reviewer whose word wins with the policy `lead`.
        trust_order: take a column that seems to have been sorted without its rows as meant so.
        dry_run: judge and count, write nothing.
        wait: seconds to wait for the store's lock.

    Raises:
        WorkbookError: the file is no reviewed workbook, or is damaged (it is kept all the same).
        StoreError: the store cannot be used; `StoreLocked` when another run holds it.
    """
    data = read_bytes(path)
    moment = now.astimezone(dt.UTC)
    if not dry_run:
        with store.lock(wait):
            store.add_import(data, name=path.name, now=moment.isoformat(timespec="seconds"))
    book = read_review(path, data, known_headings(), input_headings())
    if book.base.get("format", FORMAT) != FORMAT:
        raise WorkbookError(
            path, f"its sheet Review has layout {book.base['format'][:20]!r}, this program reads {FORMAT}; update the program"
        )
    latest = moment.replace(tzinfo=None) + _AHEAD
    judged = judge_book(book, reviewer, latest, vocabulary or Vocabulary(), trust_order)
    if dry_run:
        return _take(store, book, judged, moment, policy, lead, write=False)
    with store.lock(wait):
        return _take(store, book, judged, moment, policy, lead, write=True)


def _take(
    store: Store, book: ReviewBook, judged: Judged, moment: dt.datetime, policy: str, lead: str | None, *, write: bool
) -> ImportReport:
    ids = sorted({one.fact_id for one in judged.statements})
    history = read_history(store, ids)
    versions = read_versions(store, ids)
    statements, torn = _split_torn(judged.statements, versions)
    standing = fold_words(history)
    imported_at = moment.isoformat(timespec="seconds")
    known = _known_rows(history, book.sha256)
    taken: list[Decision] = []
    for one in statements:
        word = _decide(one, book, imported_at)
        mine = [held for held in standing[one.fact_id].words if held.reviewer == word.reviewer] if one.fact_id in standing else []
        if (word.sheet, word.row, word.fact_id) not in known and not any(same_word(held, word) for held in mine):
            taken.append(word)
    facts = _read_facts(store, versions, [*history, *taken])
    rulings = _rule(taken, fold_words(rebase_words([*history, *taken], facts, hash_fact)[0]), policy, lead)
    words, said = rebase_words([*history, *taken, *rulings], facts, hash_fact)
    after = fold_words(words)
    meant = {id(said.get(id(word), word)): word for word in words}  # what a word comes to, read against the extraction
    if write and taken:
        store.append_decisions([*taken, *rulings])
    own = {one.fact_id for one in statements if one.added}
    current = {fact_id: [version.fact for version in held if version.until is None] for fact_id, held in versions.items()}
    return ImportReport(
        book.path, book.sha256, book.base.get("run_id") or None, (*taken, *rulings), len(statements) - len(taken), judged.silent,
        tuple(sorted([*judged.rejects, *torn], key=lambda reject: (reject.sheet, reject.row))),
        added=sum(word.fact_id in own for word in taken),
        changed=sum(_has_changed(meant[id(word)], current.get(word.fact_id, [])) for word in taken),
        gone=sum(word.fact_id not in own and not current.get(word.fact_id) for word in taken),
        outdated=sum(_is_outdated(word, standing.get(word.fact_id)) for word in taken),
        held=tuple(fact_id for fact_id in dict.fromkeys(word.fact_id for word in taken) if after[fact_id].verdict == "held"),
    )  # fmt: skip


def _read_facts(store: Store, versions: Mapping[str, Sequence[FactVersion]], words: Iterable[Decision]) -> list[Fact]:
    """The current facts, as far as the words need them: where something was corrected all, as a corrected name is looked up among them."""
    if any(word.decision == "correct" for word in words):
        return store.facts()
    return [version.fact for held in versions.values() for version in held if version.until is None]


def _decide(one: Statement, book: ReviewBook, imported_at: str) -> Decision:
    return Decision(
        one.fact_id, one.decision, one.corrections, one.comment, one.reviewer, one.decided_at, imported_at, book.sha256,
        one.sheet, one.row, book.base.get("run_id") or None, one.shown_hash,
    )  # fmt: skip


def read_history(store: Store, fact_ids: Sequence[str]) -> list[Decision]:
    """The decisions on these facts in log order."""
    entries = [entry for chunk in _chunks(fact_ids) for entry in store.log(fact_ids=chunk)]
    return [entry.decision for entry in sorted(entries, key=lambda entry: entry.seq)]


def read_versions(store: Store, fact_ids: Sequence[str]) -> dict[str, list[FactVersion]]:
    """Every stored version of these facts, oldest first."""
    found: dict[str, list[FactVersion]] = {}
    for chunk in _chunks(fact_ids):
        for version in store.versions(fact_ids=chunk):
            found.setdefault(version.fact.fact_id, []).append(version)
    return found


def read_decided(store: Store, decisions: Iterable[Decision]) -> list[FactVersion]:
    """Every stored version of the facts that decisions speak of."""
    found = read_versions(store, sorted({word.fact_id for word in decisions}))
    return [version for versions in found.values() for version in versions]


def _chunks(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[first : first + _CHUNK] for first in range(0, len(items), _CHUNK))


def _known_rows(history: Iterable[Decision], sha256: str) -> set[tuple[str, int, str]]:
    """The rows of this very file that are in the log, and were not undone since."""
    return {(word.sheet, word.row, word.fact_id) for word in drop_undone(history) if word.workbook_sha256 == sha256}


def _split_torn(statements: Iterable[Statement], versions: Mapping[str, Sequence[FactVersion]]) -> tuple[list[Statement], list[Reject]]:
    """Refuse rows whose sentence is not that of their fact: the code of a cell in `row_check` is short, the store knows for sure."""
    kept: list[Statement] = []
    torn: list[Reject] = []
    for one in statements:
        shown = one.cells.get("evidence")
        held = versions.get(one.fact_id, ())
        if one.added or shown is None or not held or any(_same_text(shown, version.fact.evidence) for version in held):
            kept.append(one)
        else:
            reason = "evidence is not that of this fact: the column was sorted or filled by itself; copy the row from the report"
            torn.append(Reject(one.sheet, one.row, one.fact_id, "evidence", reason, one.cells))
    return kept, torn


def _same_text(one: str, two: str) -> bool:
    return normal_text(decode_escapes(one)) == normal_text(decode_escapes(two))


def _has_changed(word: Decision, facts: Sequence[Fact]) -> bool:
    return word.shown_hash is not None and bool(facts) and all(hash_fact(fact) != word.shown_hash for fact in facts)


def _is_outdated(word: Decision, standing: Standing | None) -> bool:
    mine = [held for held in standing.words if held.reviewer == word.reviewer] if standing is not None else []
    return bool(mine) and is_older(word.decided_at, mine[0].decided_at)


def _rule(taken: Sequence[Decision], after: Mapping[str, Standing], policy: str, lead: str | None) -> list[Decision]:
    """The adjudications that a policy other than `hold` makes, for facts that this import left in dispute."""
    if policy == "hold":
        return []
    rulings: dict[str, Decision] = {}
    for word in taken:
        standing = after[word.fact_id]
        if standing.verdict != "held":
            continue
        winner = word if policy == "latest" else next((held for held in standing.words if held.reviewer == lead), None)
        if winner is not None and winner.decision != "clear":
            rulings[word.fact_id] = winner._replace(
                sheet=ADJUDICATED, row=0, imported_at=word.imported_at, workbook_sha256=word.workbook_sha256
            )
    return list(rulings.values())
