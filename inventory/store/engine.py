"""A store's address, its engine, and the state of its schema."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

from inventory.store.errors import EXIT_SETTING, StoreError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

# Revision of inventory/store/migrations that this program works with; a test holds it to the newest file there.
HEAD = "0001"
# How long a single statement waits for another program that writes (a review, a backup) before it gives up, in seconds.
BUSY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a store is. `path` is the SQLite file (`None` for PostgreSQL), `imports` the folder of imported workbooks."""

    url: URL
    label: str
    path: Path | None
    imports: Path | None

    @property
    def journal(self) -> Path:
        """The rollback journal that SQLite leaves beside the file when a program is killed in the middle of a transaction."""
        return Path(f"{self.path}-journal")


def parse_address(url: str, imports: Path | None = None) -> Address:
    """Read `sqlite:///file`, `postgresql+psycopg://user@host/database`, or the plain path of a SQLite file.

    Raises:
        StoreError: another kind of address, one without a file, or a driver that is not installed (exit code 78).
    """
    try:
        parsed = sa.make_url(url if "://" in url else f"sqlite:///{url}")
    except sa.exc.ArgumentError:
        raise StoreError(f"store {url!r} is no address — write sqlite:///folder/store.sqlite", EXIT_SETTING) from None
    label = parsed.render_as_string(hide_password=True)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        if not parsed.database or parsed.database == ":memory:" or parsed.database.startswith("file:"):
            raise StoreError(f"store {label!r} names no file — write sqlite:///folder/store.sqlite", EXIT_SETTING)
        path = Path(parsed.database)
        return Address(parsed.set(drivername="sqlite"), label, path, imports or path.parent / "imports")
    if backend == "postgresql":
        return Address(parsed.set(drivername="postgresql+psycopg"), label, None, imports)
    raise StoreError(f"store {label!r}: {backend} is not known here — use sqlite:/// or postgresql+psycopg://", EXIT_SETTING)


def create_engine(address: Address) -> sa.Engine:
    """The engine of an address; nothing is opened yet."""
    if address.path is not None:
        engine = sa.create_engine(address.url, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return sa.create_engine(address.url, isolation_level="REPEATABLE READ", pool_pre_ping=True)
    except ModuleNotFoundError:
        raise StoreError(
            f"store {address.label}: the driver is not installed — pip install 'military-inventory[postgres]'", EXIT_SETTING
        ) from None


def _prepare_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    # Rollback journal: the write-ahead log is unsafe on network file systems. FULL: a finished run survives a power cut.
    for pragma in ("journal_mode=DELETE", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: sa.Connection) -> None:
    # A writer asks for the lock at once: one that begins as a reader cannot wait for another writer, it fails.
    write = connection.get_execution_options().get("inventory_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def find_revision(connection: sa.Connection) -> str | None:
    """The revision of the schema that is there; `None` in an empty database.

    Raises:
        StoreError: there are tables, but not a store's (exit code 65).
    """
    names = set(sa.inspect(connection).get_table_names())
    if "alembic_version" in names:
        found: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        return found
    if names & {"runs", "documents", "fact_versions"} or (names and connection.dialect.name == "sqlite"):
        raise StoreError(f"{connection.engine.url.render_as_string()}: holds tables of another program — name another file or database")
    return None


def migrate_schema(connection: sa.Connection, revision: str = "head") -> None:
    """Bring the schema to a revision, inside the transaction of `connection`."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "inventory.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
