"""Incremental runs: what is read, what is left, what the store says afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from store_support import Counting, Pack, day, document, dump, failure, say, template

from inventory.api import extract
from inventory.model import Document, Issue
from inventory.records import Decision
from inventory.rulebook.book import Rulebook
from inventory.store import Store, StoreError, StoreLocked, open_store
from inventory.store.backup import restore_backup, write_backup
from inventory.store.check import check_store
from inventory.store.engine import parse_address
from inventory.store.update import Update, update_store


class Job:
    """A job whose days are told one after the other."""

    def __init__(self, store: Store, book: Rulebook) -> None:
        self.store, self.days, self.reader = store, 0, Counting(template(book))

    def run(self, *documents: Document | Issue, rules: str = "r1", job: str = "daily", **more: object) -> Update:
        self.days += 1
        self.reader.rules = rules
        return update_store(self.store, documents, Pack(rules), job, day(self.days), read=self.reader, version="v1", **more)  # type: ignore[arg-type]

    def words(self, run: str | None = None) -> list[tuple[str, int | None]]:
        return [(fact.item_text, fact.count_min) for fact in self.store.facts("daily", run=run)]


@pytest.fixture
def job(store: Store, book: Rulebook) -> Job:
    return Job(store, book)


def told(update: Update) -> dict[str, int]:
    return {name: count for name, count in update.tally._asdict().items() if count}


def kinds(issues: Iterable[Issue]) -> list[str]:
    return [issue.kind for issue in issues]


def test_real_facts_come_out_as_extract_gives_them(store: Store, book: Rulebook) -> None:
    given = [document("b", say(5, 12), title="B", published=dt.date(2022, 2, 7)), document("a", say(300, place="Kharkiv"), url="http://a")]
    update = update_store(store, given, book, "daily", day(1))
    assert (update.run.status, update.run.documents, update.run.read) == ("done", 2, 2)
    expected = extract(given, book)
    assert store.facts() == sorted(expected, key=lambda fact: fact.doc_id)
    assert store.documents() == sorted(expected.documents, key=lambda row: row.source_key)
    assert [store.text(row.text_sha256 or "") for row in store.documents()] == [given[1].text, given[0].text]


def test_what_is_the_same_is_not_read_again_and_leaves_no_trace(job: Job) -> None:
    job.run(document("a", "x y"), document("b", "x"))
    before = dump(job.store)
    update = job.run(document("a", "x y"), document("b", "x"))
    assert job.reader.calls == 2
    assert (told(update), update.run.read) == ({"unchanged": 2}, 0)
    after = dump(job.store)
    assert after.pop("runs")[:-1] == before.pop("runs")
    assert after == before


def test_a_day_is_told_by_its_differences(job: Job) -> None:
    first = job.run(document("a", "x y"), document("b", "x"), document("c", "z"))
    second = job.run(document("a", "x x w"), document("c", "z"), document("d", "n"))
    assert told(second) == {"new": 1, "changed": 1, "unchanged": 1, "withdrawn": 1}
    assert (second.run.documents, second.run.facts, second.run.read, second.run.withdrawn) == (3, 4, 2, 1)
    assert job.words() == [("x", 2), ("w", 1), ("z", 1), ("n", 1)]
    assert job.words(first.run.run_id) == [("x", 1), ("y", 1), ("x", 1), ("z", 1)]
    history = {
        (v.source_key, v.fact.item_text, v.fact.count_min): (
            v.since == first.run.run_id,
            v.until and v.until == second.run.run_id,
            v.cause,
            v.ended,
        )
        for v in job.store.versions()
    }
    assert history == {
        ("a", "x", 1): (True, True, "source", "source"),
        ("a", "x", 2): (False, None, "source", None),
        ("a", "y", 1): (True, True, "source", "source"),
        ("a", "w", 1): (False, None, "source", None),
        ("b", "x", 1): (True, True, "source", "source"),
        ("c", "z", 1): (True, None, "source", None),
        ("d", "n", 1): (False, None, "source", None),
    }  # fmt: skip
    third = job.run(document("a", "x x w"), document("b", "x"), document("c", "z"), document("d", "n"))
    assert told(third) == {"reappeared": 1, "unchanged": 3}
    assert [v.since for v in job.store.versions(fact_ids=["F-b-x"])] == [first.run.run_id, third.run.run_id]


def test_other_rules_read_everything_again_and_say_so(job: Job) -> None:
    job.run(document("a", "x y"))
    same = job.run(document("a", "x y"), rules="r2")  # items stay as they are
    assert (told(same), job.reader.calls) == ({"reread": 1}, 2)
    assert [v.until for v in job.store.versions()] == [None, None]
    assert {fact.rulebook for fact in job.store.facts()} == {"r2"}
    other = job.run(document("a", "x y"), rules="s1")
    assert told(other) == {"reread": 1}
    assert [(v.fact.item, v.cause, v.ended) for v in job.store.versions(fact_ids=["F-a-x"])] == [
        ("x/r", "source", "rules"),
        ("x/s", "rules", None),
    ]


def test_a_new_title_is_noted_and_nothing_read(job: Job) -> None:
    first = job.run(document("a", "x", title="Old", retrieved=dt.date(2022, 3, 1)))
    update = job.run(document("a", "x", title="New", retrieved=dt.date(2022, 3, 2)))
    assert (told(update), job.reader.calls) == ({"noted": 1}, 1)
    assert [fact.title for fact in job.store.facts()] == ["New"]
    assert [fact.title for fact in job.store.facts(run=first.run.run_id)] == ["Old"]
    assert len(job.store.versions()) == 1
    again = job.run(document("a", "x", title="New", retrieved=dt.date(2022, 3, 3)))  # fetched again: no change
    assert told(again) == {"unchanged": 1}


def test_a_new_date_is_read_again_because_relative_dates_count_from_it(job: Job) -> None:
    job.run(document("a", "x", published=dt.date(2022, 3, 1)))
    assert told(job.run(document("a", "x", published=dt.date(2022, 3, 2)))) == {"changed": 1}
    assert job.reader.calls == 2


def test_equal_texts_of_two_sources_both_count(job: Job) -> None:
    job.run(document("a", "x"), document("b", "x"))
    assert job.words() == [("x", 1), ("x", 1)]


def test_a_source_that_comes_twice_counts_once_and_is_told(job: Job) -> None:
    update = job.run(document("a", "x", doc_id="1"), document("a", "x", doc_id="2"), document("a", "y", doc_id="3"))
    assert job.words() == [("x", 1)]
    assert kinds(job.store.issues()) == ["note: repeated source", "repeated source"]
    assert update.run.status == "partial"


def test_a_document_that_fails_keeps_its_facts_until_it_is_read_or_gone(job: Job) -> None:
    job.run(document("a", "x y", url="http://a"), document("b", "z"))
    update = job.run(failure("a"), document("b", "z"))
    assert (update.run.status, update.run.issues, told(update)) == ("partial", 1, {"noted": 1, "unchanged": 1, "failed": 1})
    assert job.words() == [("x", 1), ("y", 1), ("z", 1)]
    row = job.store.documents()[0]
    assert (row.status, row.error, row.facts, row.url) == ("failed", "a: cannot be read", 2, "http://a")
    assert kinds(job.store.issues()) == ["damaged"]
    still = dump(job.store)
    job.run(failure("a"), document("b", "z"))
    now = dump(job.store)
    assert now.pop("runs")[:-1] == still.pop("runs")
    assert now == still
    update = job.run(document("a", "x y", url="http://a"), document("b", "z"))
    assert (job.store.issues(), update.run.status, job.store.documents()[0].status) == ([], "done", "read")
    assert job.words() == [("x", 1), ("y", 1), ("z", 1)]
    assert all(v.until is None for v in job.store.versions())
    assert told(job.run(document("b", "z"))) == {"unchanged": 1, "withdrawn": 1}


def test_a_document_that_never_could_be_read_is_a_row_and_an_issue(job: Job) -> None:
    job.run(failure("a"))
    assert [(row.source_key, row.status, row.facts) for row in job.store.documents()] == [("a", "failed", 0)]
    update = job.run(document("a", "x"))
    assert (told(update), job.words()) == ({"changed": 1}, [("x", 1)])


def test_a_file_that_cannot_be_read_withdraws_nothing_that_came_from_it(job: Job) -> None:
    items = [document(key, "x", origin=f"dump.jsonl#{line}") for line, key in enumerate("abc", 1)]
    job.run(*items, document("d", "y"))
    update = job.run(failure("dump.jsonl"))
    assert told(update) == {"unchanged": 3, "new": 1, "failed": 1, "withdrawn": 1}
    # One line of it cannot be read: that document fails; the last line is gone, and with it the third.
    update = job.run(failure("dump.jsonl#1"), items[1], document("d", "y"))
    assert [(row.source_key, row.status) for row in job.store.documents()] == [("a", "failed"), ("b", "read"), ("d", "read")]
    assert (told(update), update.run.withdrawn) == ({"unchanged": 1, "noted": 1, "reappeared": 1, "failed": 1, "withdrawn": 1}, 1)


def test_absent_documents_may_be_kept(job: Job) -> None:
    job.run(document("a", "x", origin="feed"), document("b", "y"))
    update = job.run(absent=lambda row, origin: origin != "feed")
    assert (told(update), job.words()) == ({"unchanged": 1, "withdrawn": 1}, [("x", 1)])


def test_notes_on_a_document_stay_while_it_is_not_read_again(job: Job) -> None:
    note = Issue("a", "read", "note: cut", "a: cut", "max")
    stray = Issue("skipped.bin", "read", "note: skipped", "no reader")
    job.run(note, document("a", "x"), stray)
    update = job.run(note, document("a", "x"), stray)
    assert (told(update), update.run.issues, update.run.status) == ({"unchanged": 1}, 0, "done")
    assert kinds(job.store.issues()) == ["note: skipped", "note: cut"]
    job.run(document("a", "x"))
    assert job.store.issues() == []
    assert kinds(job.store.issues(run=job.store.runs()[0].run_id)) == ["note: skipped", "note: cut"]


def test_candidates_are_added_up_over_documents(job: Job) -> None:
    job.run(document("a", "k x"), document("b", "k"), document("c", "a"))
    assert [(c.text, c.count, c.documents) for c in job.store.candidates()] == [("k", 2, 2), ("a", 1, 1)]


def test_two_jobs_share_a_store_and_do_not_disturb_each_other(job: Job) -> None:
    job.run(document("a", "x"), document("b", "y"))
    job.run(document("a", "x new"), job="weekly")
    assert job.words() == [("x", 1), ("y", 1)]
    assert [fact.item_text for fact in job.store.facts()] == ["x", "new", "y"]  # of a, what the later run says
    assert [run.job for run in job.store.runs()] == ["daily", "weekly"]


def test_a_run_that_is_refused_is_not_seen_and_the_next_takes_it_over(job: Job) -> None:
    job.run(document("a", "x"), document("b", "y"))
    before = dump(job.store)
    refused = job.run(document("a", "w"), refuse=lambda run, tally: f"only {run.documents} documents, {tally.withdrawn} gone")
    assert (refused.run.status, refused.run.note) == ("failed", "only 1 documents, 1 gone")
    assert job.words() == [("x", 1), ("y", 1)]
    assert job.words(refused.run.run_id) == [("x", 1), ("y", 1)]
    assert len(job.store.versions()) == 2
    job.run(document("a", "x"), document("b", "y"))  # as if the refused run had never been
    after = dump(job.store)
    assert after.pop("runs")[:-1] == before.pop("runs")
    assert after.pop("texts") != before.pop("texts")
    assert after == before


def test_a_fault_in_the_middle_fails_the_run_and_the_next_goes_on(job: Job) -> None:
    def broken() -> Iterable[Document]:
        yield document("a", "x")
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        update_store(job.store, broken(), Pack("r1"), "daily", day(1), read=job.reader, version="v1")  # type: ignore[arg-type]
    assert [(run.status, run.note) for run in job.store.runs()] == [("failed", "OSError: the disk is gone")]
    update = job.run(document("a", "x"), document("b", "y"))
    assert (update.run.run_id, told(update), update.run.read, job.reader.calls) == ("20220301T050000Z-2", {"new": 2}, 2, 2)


def test_text_is_dropped_where_the_policy_says_so(job: Job) -> None:
    job.run(document("a", "x"), keep_text=False)
    row = job.store.documents()[0]
    assert row.text_sha256 is not None
    assert job.store.text(row.text_sha256) is None
    assert told(job.run(document("a", "x"), keep_text=False)) == {"unchanged": 1}


def test_a_run_that_lost_the_store_to_another_writes_no_more(job: Job, address: str) -> None:
    with open_store(address) as other:

        def overtaken() -> Iterable[Document]:
            yield document("a", "x")
            yield document("b", "y")
            other._held = 1  # as if the lock had been lost
            other.begin_run("daily", now=day(2), rulebook="r1", version="v1")
            yield document("c", "z")
            yield document("d", "z")

        with pytest.raises(StoreLocked, match="was given up"):
            update_store(job.store, overtaken(), Pack("r1"), "daily", day(1), read=job.reader, version="v1")  # type: ignore[arg-type]
    assert [run.status for run in job.store.runs()] == ["failed", "running"]
    job.run(document("a", "x"))
    assert (job.words(), check_store(job.store)) == ([("x", 1)], [])


def test_a_server_that_drops_its_connections_fails_the_run_and_no_more(job: Job, address: str) -> None:
    if job.store.address.path is not None:
        pytest.skip("SQLite has no server")

    def dropped() -> Iterable[Document]:
        yield document("a", "x")
        yield document("b", "y")
        with psycopg.connect(address.replace("+psycopg", "")) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        yield document("c", "z")

    with suppress(StoreError):  # it may or may not notice
        update_store(job.store, dropped(), Pack("r1"), "daily", day(1), read=job.reader, version="v1")  # type: ignore[arg-type]
    update = job.run(document("a", "x"), document("b", "y"), document("c", "z"))
    assert (update.run.facts, check_store(job.store)) == (3, [])


def test_a_backup_in_the_middle_of_a_run_is_whole(job: Job, tmp_path: Path) -> None:
    job.run(document("a", "x"), document("b", "y"))

    def backed_up() -> Iterable[Document]:
        yield document("a", "w")
        yield document("c", "z")
        job.store.append_decisions([Decision("F", "accept", {}, None, "ann", None, day(2), "ab", "Review", 3, None, None)])
        write_backup(job.store, tmp_path / "b.zip", now=day(2))
        yield document("d", "v")

    update_store(job.store, backed_up(), Pack("r1"), "daily", day(2), read=job.reader, version="v1")  # type: ignore[arg-type]
    restore_backup(tmp_path / "b.zip", parse_address(str(tmp_path / "other.sqlite")))
    with open_store(str(tmp_path / "other.sqlite")) as other:
        assert [fact.item_text for fact in other.facts()] == ["x", "y"]
        assert (len(other.decisions()), check_store(other)) == (1, [])
        items = (document("a", "w"), document("c", "z"), document("d", "v"))
        update_store(other, items, Pack("r1"), "daily", day(2), read=job.reader, version="v1")  # type: ignore[arg-type]
        assert {**dump(other), "decisions": []} == {**dump(job.store), "decisions": []}
