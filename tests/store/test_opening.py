"""Addresses, versions of the schema, damage, a full disk: every fault is one line and an exit code."""

from __future__ import annotations

import errno
import random
import sqlite3
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from store_support import NOW, Counting, Pack, day, document, dump, exit_code, template

from inventory.rulebook.book import Rulebook
from inventory.store import Store, StoreError, StoreLocked, open_store
from inventory.store.check import check_store
from inventory.store.engine import HEAD
from inventory.store.errors import explain_fault
from inventory.store.schema import metadata
from inventory.store.store import migrate_store
from inventory.store.update import Update, update_store


def code(url: str, **options: object) -> int:
    with pytest.raises(StoreError) as fault:
        open_store(url, **options)  # type: ignore[arg-type]
    assert "—" in str(fault.value)
    assert "\n" not in str(fault.value)
    return fault.value.exit_code


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://a/b", "://", "oracle:///x", "sqlite:///file:x?mode=memory"])
def test_an_address_that_names_no_store_is_a_setting_to_correct(url: str) -> None:
    assert code(url) == 78


def test_there_is_nothing_where_nothing_may_be_created(tmp_path: Path) -> None:
    assert code(f"sqlite:///{tmp_path}/no.sqlite", create=False) == 78
    assert list(tmp_path.iterdir()) == []


def test_a_password_is_never_told() -> None:
    with pytest.raises(StoreError) as fault:
        open_store("postgresql+psycopg://ann:hush@127.0.0.1:1/desk")
    assert fault.value.exit_code == 74
    assert "hush" not in str(fault.value)
    assert "ann" in str(fault.value)


def test_a_file_that_is_no_store_is_told_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").write_bytes(b"These are my notes. " * 100)
    assert code(f"sqlite:///{tmp_path}/a.sqlite") == 65
    assert (tmp_path / "a.sqlite").read_bytes() == b"These are my notes. " * 100
    engine = sa.create_engine(f"sqlite:///{tmp_path}/b.sqlite")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE runs (x)")
    engine.dispose()
    assert code(f"sqlite:///{tmp_path}/b.sqlite") == 65
    (tmp_path / "c").mkdir()
    assert code(f"sqlite:///{tmp_path}/c") in (65, 73)
    (tmp_path / "d").write_text("a file where a folder should be")
    assert code(f"sqlite:///{tmp_path}/d/store.sqlite") == 73


@pytest.mark.parametrize("part", [0.02, 0.2, 0.5, 0.8])
def test_a_damaged_file_is_told_and_nothing_is_a_traceback(tmp_path: Path, part: float, book: Rulebook) -> None:
    path = tmp_path / "s.sqlite"
    with open_store(str(path)) as store:
        items = [document(str(number), f"word{number} " * 9) for number in range(1, 40)]
        update_store(store, items, Pack("r1"), "daily", NOW, read=Counting(template(book)))  # type: ignore[arg-type]
    content = bytearray(path.read_bytes())
    begin = int(len(content) * part) // 4096 * 4096
    content[begin : begin + 8192] = random.Random(7).randbytes(8192)
    path.write_bytes(content)

    def check() -> None:
        with open_store(str(path)) as store:
            assert check_store(store)

    assert exit_code(check) in (0, 65)


def test_a_full_disk_is_told_and_costs_nothing_that_was_there(tmp_path: Path, book: Rulebook) -> None:
    def run(store: Store, moment: int, *items: object) -> Update:
        return update_store(store, items, Pack("r1"), "daily", day(moment), read=Counting(template(book)), version="v1")  # type: ignore[arg-type]

    with open_store(f"sqlite:///{tmp_path}/s.sqlite") as store:
        run(store, 1, document("a", "x"))
        before = dump(store)
        with store.reading() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        store.close()
        sa.event.listen(store.engine, "connect", limit := lambda raw, _: raw.execute(f"PRAGMA max_page_count={pages + 5}").close())
        many = [document(str(number), f"word{number} " * 20) for number in range(50)]
        with pytest.raises(StoreError, match="the disk is full") as fault:
            run(store, 2, document("a", "x"), *many)
        assert fault.value.exit_code == 74
        assert [fact.item_text for fact in store.facts()] == ["x"]
        sa.event.remove(store.engine, "connect", limit)
        store.close()
        assert run(store, 3, document("a", "x")).run.status == "done"
        after = dump(store)
        assert after.pop("runs")[:-1] == before.pop("runs")
        assert [name for name in after if name != "texts" and after[name] != before[name]] == []


def test_a_store_of_a_newer_program_is_refused(store: Store, address: str) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    assert code(address) == 78
    with pytest.raises(StoreError, match="install the version"):
        migrate_store(address)


def test_a_store_of_an_older_program_is_refused_until_it_is_migrated(store: Store, address: str) -> None:
    with store.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            table.drop(connection)
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP FUNCTION inventory_refuse_change")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
        connection.exec_driver_sql("DELETE FROM alembic_version")
        connection.exec_driver_sql("DROP TABLE alembic_version")
    store.close()
    assert code(address, create=False) == 78
    assert migrate_store(address) == (None, HEAD)
    assert migrate_store(address) == (HEAD, HEAD)
    assert store.facts() == []


def test_migrations_lead_to_the_tables_that_the_program_uses(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
        assert [entry for entry in differences if entry[0] != "remove_table" or entry[1].name != "alembic_version"] == []
        assert context.get_current_revision() == HEAD
    folder = Path(__file__).parents[2] / "inventory/store/migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == HEAD


def test_sqlite_is_set_up_to_survive_a_power_cut(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/s.sqlite") as store, store.reading() as connection:
        values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert values == ["delete", 2, 1]  # 2 is FULL


def test_only_one_may_hold_the_store(store: Store, address: str) -> None:
    with open_store(address) as other, store.lock():
        with store.lock():  # once more by the same is nothing
            pass
        with pytest.raises(StoreLocked) as fault, other.lock():
            pytest.fail("two hold the store")
        assert fault.value.exit_code == 75
        with pytest.raises(StoreLocked, match=r"waited 0\.3 s"), other.lock(wait=0.3):
            pytest.fail("two hold the store")
    with other.lock(), pytest.raises(StoreLocked), store.lock():
        pytest.fail("two hold the store")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (psycopg.errors.DiskFull("could not extend file"), 74),
        (psycopg.OperationalError("connection failed: Connection refused"), 74),
        (psycopg.errors.SerializationFailure("could not serialize access"), 75),
        (psycopg.errors.InvalidPassword('password authentication failed for user "ann"'), 78),
        (psycopg.errors.DataCorrupted("invalid page in block 7"), 65),
        (sqlite3.OperationalError("disk I/O error"), 74),
        (sqlite3.OperationalError("attempt to write a readonly database"), 73),
        (OSError(errno.ENOSPC, "No space left on device", "imports/x"), 74),
        (OSError(errno.EACCES, "Permission denied", "imports/x"), 73),
    ],
)
def test_what_a_driver_says_becomes_a_line_with_a_mend(fault: Exception, code: int) -> None:
    told = explain_fault("the store", fault if isinstance(fault, OSError) else sa.exc.OperationalError("SELECT", {}, fault))
    assert told is not None
    assert told.exit_code == code
    assert "—" in str(told)
    assert "SELECT" not in str(told)
    assert explain_fault("the store", KeyError("x")) is None
