"""Check, backup, restore, prune, migrate: what keeps a store whole over years."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from store_support import NOW, Counting, Pack, day, document, dump, exit_code, failure, template

from inventory.records import Decision
from inventory.rulebook.book import Rulebook
from inventory.store import Store, StoreError, open_store
from inventory.store.backup import restore_backup, write_backup
from inventory.store.check import check_store
from inventory.store.engine import parse_address
from inventory.store.prune import prune_texts
from inventory.store.update import update_store

DECISION = Decision("F-a-x", "correct", {"item": "y\0", "place": None}, "why \ud800", "ann", None, NOW, "ab", "Review", 3, None, "h")


def run(store: Store, book: Rulebook, number: int, *items: object) -> None:
    update_store(store, items, Pack("r1"), "daily", day(number), read=Counting(template(book)), version="v1")  # type: ignore[arg-type]


@pytest.fixture
def filled(store: Store, book: Rulebook) -> Store:
    """Two days of a job, decisions and an imported workbook."""
    run(store, book, 1, document("a", "x y"), document("b", "x", title="T\0"), document("c", "z"), failure("f"))
    run(store, book, 2, document("a", "x x"), document("c", "z"))
    store.append_decisions([DECISION, DECISION._replace(row=4), DECISION._replace(row=5)])
    store.add_import(b"workbook", name="review.xlsx", now=NOW)
    return store


def change(store: Store, statement: str) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql(statement)


def test_a_whole_store_has_nothing_to_tell(filled: Store) -> None:
    assert check_store(filled) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE fact_versions SET until = since WHERE item_text = 'y'", "overlap"),
        (
            "UPDATE document_versions SET until = NULL WHERE document = (SELECT id FROM documents WHERE source_key = 'b')",
            "has 0 current facts",
        ),
        ("DELETE FROM fact_versions WHERE item_text = 'z'", "has 0 current facts, not 1"),
        ('UPDATE fact_versions SET "start" = 1, "end" = 1 WHERE until IS NULL AND item_text = \'z\'', "says 'z', its text ''"),
        ("UPDATE runs SET status = 'failed' WHERE seq = 1", "belong to runs that failed"),
        ("UPDATE imports SET sha256 = 'no'", "is missing"),
    ],
)
def test_check_names_what_is_wrong(filled: Store, statement: str, told: str) -> None:
    change(filled, statement)
    found = check_store(filled)
    assert any(told in line for line in found), found


def test_check_finds_a_text_that_is_another(filled: Store) -> None:
    with filled.writing() as connection:
        connection.execute(sa.text("UPDATE texts SET content = :content"), {"content": b"no zlib"})
    assert sum("does not hold the text" in line for line in check_store(filled)) == 4


@pytest.mark.parametrize("cell", ["reviewer = 'bob'", "corrections = '{}'", '"row" = 9', "previous = 'x'", "hash = 'x'"])
def test_a_decision_that_was_changed_behind_the_back_is_found(filled: Store, cell: str) -> None:
    with filled.writing() as connection:
        _unguard(connection)
        connection.exec_driver_sql(f"UPDATE decisions SET {cell} WHERE seq = 2")
    assert any("entry 2" in line or "entry 3" in line for line in filled.verify_chain())


def test_a_decision_that_was_removed_is_found(filled: Store) -> None:
    with filled.writing() as connection:
        _unguard(connection)
        connection.exec_driver_sql("DELETE FROM decisions WHERE seq = 2")
    assert filled.verify_chain() == [
        "decisions: entry 2 is missing (the next is 3)",
        "decisions: entry 3 does not follow the one before it",
    ]


def _unguard(connection: sa.Connection) -> None:
    on = "" if connection.dialect.name == "sqlite" else " ON decisions"
    for verb in ("update", "delete"):
        connection.exec_driver_sql(f"DROP TRIGGER decisions_no_{verb}{on}")


@pytest.mark.parametrize("statement", ["UPDATE decisions SET reviewer = 'bob'", "DELETE FROM decisions"])
def test_the_log_takes_no_change(filled: Store, statement: str) -> None:
    with pytest.raises(StoreError, match="append-only"):
        change(filled, statement)
    assert [entry.seq for entry in filled.log()] == [1, 2, 3]


def test_decisions_are_appended_all_or_none(filled: Store) -> None:
    with pytest.raises(StoreError):
        filled.append_decisions([DECISION, DECISION._replace(reviewer=None)])  # type: ignore[arg-type]
    assert filled.decisions() == [DECISION, DECISION._replace(row=4), DECISION._replace(row=5)]
    assert filled.decisions(fact_ids=["other"]) == []
    many = [f"F{number}" for number in range(70_000)]  # more than a statement holds
    assert filled.decisions(fact_ids=[*many, "F-a-x"]) == filled.decisions()
    assert filled.versions(fact_ids=many) == []
    assert len(filled.versions(fact_ids=[*many, "F-a-x"])) == 2


def test_a_backup_restores_to_the_same_store_of_either_kind(filled: Store, tmp_path: Path, server: str) -> None:
    made = write_backup(filled, tmp_path / "b.zip", now=NOW)
    again = write_backup(filled, tmp_path / "c.zip", now=NOW)
    assert made.path.read_bytes() == again.path.read_bytes()
    other = parse_address(f"sqlite:///{tmp_path}/other/store.sqlite")
    restore_backup(made.path, other)
    with open_store(str(tmp_path / "other/store.sqlite"), create=False) as restored:
        assert dump(restored) == dump(filled)
        assert (restored.facts(), restored.versions(), restored.log()) == (filled.facts(), filled.versions(), filled.log())
        assert (restored.runs(), restored.key(), restored.imports()) == (filled.runs(), filled.key(), filled.imports())
        assert restored.read_import(restored.imports()[0].sha256) == b"workbook"
        assert check_store(restored) == []
        with pytest.raises(StoreError, match="append-only"):
            change(restored, "DELETE FROM decisions")
        # … and from there back into what the first one was, over what has happened since.
        filled.append_decisions([DECISION])
        write_backup(restored, tmp_path / "d.zip", now=NOW)
        with pytest.raises(StoreError, match="--force") as refused:
            restore_backup(tmp_path / "d.zip", filled.address)
        assert refused.value.exit_code == 73
        filled.close()
        restore_backup(tmp_path / "d.zip", filled.address, force=True)
        assert dump(filled) == dump(restored)
        assert check_store(filled) == []


def test_a_backup_tells_of_imports_that_are_missing(filled: Store, tmp_path: Path) -> None:
    digest = filled.imports()[0].sha256
    (filled.imports_folder() / f"{digest}.xlsx").unlink()
    assert write_backup(filled, tmp_path / "b.zip", now=NOW).missing == (digest,)


def test_a_backup_overwrites_nothing_unless_told_to(filled: Store, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"mine")
    with pytest.raises(StoreError, match="--force"):
        write_backup(filled, tmp_path / "b.zip", now=NOW)
    assert (tmp_path / "b.zip").read_bytes() == b"mine"
    write_backup(filled, tmp_path / "b.zip", now=NOW, force=True)
    assert zipfile.is_zipfile(tmp_path / "b.zip")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_damaged_backup_is_refused_before_anything_is_touched(book: Rulebook, tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/s.sqlite") as store:
        run(store, book, 1, document("a", "x y"))
        store.add_import(b"workbook" * 50, name="review.xlsx", now=NOW)
        whole = write_backup(store, tmp_path / "b.zip", now=NOW).path.read_bytes()
        before = dump(store)
        chance = random.Random(5)
        damaged = [b"", b"PK", b"no zip at all", whole[: len(whole) // 2], whole[:-30], whole[200:]]
        for _ in range(50):
            place = chance.randrange(len(whole))
            damaged.append(whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :])
        store.close()
        refused = 0
        for content in damaged:
            (tmp_path / "x.zip").write_bytes(content)
            code = exit_code(lambda: restore_backup(tmp_path / "x.zip", store.address, force=True))
            assert code in (0, 65)
            refused += code == 65
            # A bit of a member's time or mode may flip unnoticed; what is restored is whole all the same.
            assert dump(store) == before
            store.close()
        assert refused > 40


def test_prune_drops_texts_of_the_past_and_keeps_hashes(filled: Store, book: Rulebook) -> None:
    texts = {row.source_key: row.text_sha256 or "" for row in filled.documents(run=filled.runs()[0].run_id)}
    assert prune_texts(filled, now=day(20), days=30) == 0
    assert prune_texts(filled, now=day(20), days=10) == 2  # the first text of a, that of b
    assert [key for key, digest in texts.items() if filled.text(digest) is not None] == ["c"]
    assert filled.documents(run=filled.runs()[0].run_id)[1].text_sha256 == texts["b"]
    assert prune_texts(filled, now=day(20), days=10, current=True) == 2
    assert check_store(filled) == []
    run(filled, book, 21, document("a", "x x"), document("c", "z"))
    assert filled.tally(filled.runs()[-1].run_id).unchanged == 2


def test_a_text_of_two_documents_stays_while_one_has_it(store: Store, book: Rulebook) -> None:
    run(store, book, 1, document("a", "x"), document("b", "x"))
    run(store, book, 2, document("a", "x"))
    assert prune_texts(store, now=day(28), days=1) == 0
    run(store, book, 3)
    assert prune_texts(store, now=day(28), days=1) == 1


def test_pruned_text_is_no_longer_in_the_file(tmp_path: Path, book: Rulebook) -> None:
    with open_store(f"sqlite:///{tmp_path}/s.sqlite") as store:
        run(store, book, 1, document("a", "x"))
        with store.writing() as connection:
            connection.execute(sa.text("UPDATE texts SET content = :content"), {"content": b"a secret of the past" * 9})
        run(store, book, 2)
        assert b"a secret of the past" in (tmp_path / "s.sqlite").read_bytes()
        assert prune_texts(store, now=day(28), days=1) == 1
    assert b"a secret of the past" not in (tmp_path / "s.sqlite").read_bytes()
