"""Words that come from no workbook: adjudications, and the undoing of an import; and the log as JSON Lines."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import TextIO

from inventory.reconcile.words import Standing, drop_undone, fold_words
from inventory.records import ADJUDICATED, UNDONE, Decision
from inventory.report.rowcheck import CORRECTABLE, EMPTY_WORD
from inventory.review.errors import ReviewError
from inventory.review.imports import read_history, read_versions
from inventory.review.read import Cell
from inventory.review.values import ValueFault, Vocabulary, check_together, parse_decision, parse_value
from inventory.store.log import LogEntry
from inventory.store.store import Store

_LEAST = 6  # characters of a hash that name an import; as git asks of a commit, less is a slip


def adjudicate(
    store: Store,
    fact_id: str,
    decision: str,
    *,
    reviewer: str,
    now: dt.datetime,
    values: Iterable[str] = (),
    comment: str | None = None,
    vocabulary: Vocabulary | None = None,
    wait: float = 0.0,
) -> Decision:
    """Speak the last word on a fact: it stands above the reviewers' words so far. `clear` lifts an earlier adjudication.

    Args:
        values: corrections as `column=value` for `correct`; without any, those of the only reviewer who corrected.

    Raises:
        ReviewError: nobody knows the fact, the decision or a value cannot be used.
        StoreError: the store cannot be used.
    """
    try:
        word = parse_decision(Cell("text", decision))
    except ValueFault as fault:
        raise ReviewError(str(fault)) from fault
    with store.lock(wait):
        history = read_history(store, [fact_id])
        versions = read_versions(store, [fact_id]).get(fact_id, [])
        if not history and not versions:
            raise ReviewError(f"no fact and no decision has the id {fact_id!r}; copy it from the sheet Conflicts or Review")
        standing = fold_words(history).get(fact_id)
        corrections = _read_values(values, vocabulary or Vocabulary()) if word == "correct" else {}
        if word == "correct" and not corrections:
            corrections = _only_corrections(fact_id, standing)
        if word != "correct" and any(True for _ in values):
            raise ReviewError(f"{word!r} takes no values; use correct, or leave --set out")
        fault_text = check_together(corrections)
        if fault_text is not None:
            raise ReviewError(fault_text)
        from inventory.report.rowcheck import hash_fact

        shown = next((hash_fact(version.fact) for version in reversed(versions) if version.until is None), None)
        if shown is None and standing is not None and standing.words:
            shown = standing.words[-1].shown_hash
        moment = now.astimezone(dt.UTC).isoformat(timespec="seconds")
        made = Decision(fact_id, word, corrections, comment, reviewer, None, moment, "", ADJUDICATED, 0, None, shown)
        store.append_decisions([made])
    return made


def _read_values(values: Iterable[str], vocabulary: Vocabulary) -> dict[str, str | None]:
    read: dict[str, str | None] = {}
    for pair in values:
        name, equals, text = pair.partition("=")
        name = name.strip()
        if not equals or name not in CORRECTABLE:
            raise ReviewError(f"{pair!r} sets nothing; write COLUMN=VALUE with a column of: {', '.join(CORRECTABLE)}")
        try:
            read[name] = None if text.strip().casefold() == EMPTY_WORD else parse_value(name, Cell("text", text), vocabulary)
        except ValueFault as fault:
            raise ReviewError(f"{name} {fault}") from fault
    return read


def _only_corrections(fact_id: str, standing: Standing | None) -> dict[str, str | None]:
    words = [word for word in standing.words if word.decision == "correct"] if standing is not None else []
    if len({tuple(sorted(word.corrections.items(), key=lambda item: item[0])) for word in words}) != 1:
        raise ReviewError(f"{len(words)} reviewers correct {fact_id}; say what is right with --set COLUMN=VALUE")
    return dict(words[0].corrections)


def find_import(store: Store, wanted: str) -> str:
    """The hash of the import that `wanted` names: a hash, its beginning, or the file name if only one import has it.

    Raises:
        ReviewError: none, or more than one.
    """
    imports = store.imports()
    found = {one.sha256 for one in imports if one.sha256 == wanted or (len(wanted) >= _LEAST and one.sha256.startswith(wanted.lower()))}
    found = found or {one.sha256 for one in imports if one.name == wanted}
    if len(found) != 1:
        told = "no import is" if not found else f"{len(found)} imports are"
        raise ReviewError(f"{told} called {wanted!r}; inventory review log lists them")
    return found.pop()


def undo_import(store: Store, wanted: str, *, now: dt.datetime, wait: float = 0.0) -> list[Decision]:
    """Void every word of an import by an entry of its own: what stood before stands again, later words are untouched. The log only grows.

    Returns:
        the entries appended; empty when the import said nothing, or was undone already.

    Raises:
        ReviewError: no import is called so.
        StoreError: the store cannot be used.
    """
    with store.lock(wait):
        sha256 = find_import(store, wanted)
        moment = now.astimezone(dt.UTC).isoformat(timespec="seconds")
        said = [word for word in drop_undone(store.decisions()) if word.workbook_sha256 == sha256]
        made = [
            word._replace(decision="clear", corrections={}, comment=None, decided_at=None, imported_at=moment, sheet=UNDONE)
            for word in {(word.fact_id, word.reviewer): word for word in said}.values()
        ]
        if made:
            store.append_decisions(made)
    return made


def log_record(entry: LogEntry) -> dict[str, object]:
    """One entry of the log as a JSON-ready dict: number, the decision's columns, the hashes of the chain."""
    return {"seq": entry.seq, **entry.decision._asdict(), "previous": entry.previous, "hash": entry.hash}


def write_log(entries: Iterable[LogEntry], stream: TextIO) -> int:
    """Write the log as JSON Lines, one entry a line in order; the number of lines."""
    number = 0
    for number, entry in enumerate(entries, 1):  # noqa: B007 - counts
        stream.write(json.dumps(log_record(entry), ensure_ascii=False) + "\n")
    return number
