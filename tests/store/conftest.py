"""Every test of the store runs on SQLite and on a PostgreSQL server that the tests start themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from postgres_server import serve_or_skip

from inventory.rulebook.book import Rulebook
from inventory.rulebook.load import load_rulebook
from inventory.store import Store, open_store

server = pytest.fixture(scope="session")(serve_or_skip)


@pytest.fixture(scope="session")
def pattern(server: str) -> str:
    """Name of a database on the server that holds an empty store, to copy from."""
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE DATABASE pattern")
    open_store(server.replace("/postgres?", "/pattern?")).close()
    return "pattern"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a new, empty store."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/store.sqlite"
        return
    base: str = request.getfixturevalue("server")
    origin: str = request.getfixturevalue("pattern")
    name = f"t{abs(hash(request.node.nodeid)):x}"
    with psycopg.connect(base.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {origin}')
        yield base.replace("/postgres?", f"/{name}?")
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def store(address: str, tmp_path: Path) -> Iterator[Store]:
    """A new, empty store."""
    with open_store(address, imports=tmp_path / "imports") as opened:
        yield opened


@pytest.fixture(scope="session")
def book() -> Rulebook:
    return load_rulebook()
