"""A job whose store is a PostgreSQL server: the same reports as with a SQLite file."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from job_support import TEXTS, Desk, drop_text, rows, write_texts

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))

from postgres_server import serve_or_skip

from inventory.records import Decision
from inventory.report.rowcheck import hash_fact
from inventory.store import open_store

server = pytest.fixture(scope="session")(serve_or_skip)


def reject_tanks(address: str, imports: Path) -> None:
    with open_store(address, imports=imports) as store:
        fact = next(fact for fact in store.facts("daily") if fact.item == "T-72")
        store.append_decisions([
            Decision(fact.fact_id, "reject", {}, None, "Ana", None, "2022-03-01T12:00:00+00:00", "0" * 64, "Review", 2, None,
                     hash_fact(fact))
        ])  # fmt: skip


def test_reports_do_not_depend_on_where_the_store_is(server: str, tmp_path: Path) -> None:
    desks = {name: Desk(tmp_path / name) for name in ("file", "server")}
    desks["server"].write(f"store: '{server}'\nimports: imports\n")
    stores = {"file": desks["file"].store, "server": server}
    shown: dict[str, list[bytes]] = {name: [] for name in desks}
    for name, desk in desks.items():
        assert desk.run(1) == 0
        reject_tanks(stores[name], desk.root / "imports")
        write_texts(desk.news, {"four": "Russia has deployed 5 T-72 tanks in Kherson."})
        drop_text(desk.news, "three")
        assert desk.run(2, "--dry-run") == 0
        assert desk.run(2) == 0
        assert {(row["change"], row["cause"]) for row in rows(desk.latest, "Changes")} == {
            ("new", "source"), ("withdrawn", "source"), ("withdrawn", "review"),
        }  # fmt: skip
        assert desk.run(3) == 0
        assert desk.latest.read_bytes() == (desk.out / "20220302T050000Z.xlsx").read_bytes()
        write_texts(desk.news, {"three": TEXTS["three"]})
        assert desk.run(4, "--since", "2022-03-02") == 0
        with open_store(stores[name], imports=desk.root / "imports") as store, store.lock():
            assert desk.run(5) == 75
        shown[name] = [b"".join(repr(rows(path, sheet)).encode() for sheet in ("Facts", "Changes", "Equipment", "Personnel", "Quality"))
                       for path in sorted(desk.out.glob("2*.xlsx"))]  # fmt: skip
    assert shown["file"] == shown["server"]
