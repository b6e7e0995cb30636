"""A store as one file, and back: rows as JSON Lines and imported workbooks in a zip, each with its hash, for either kind of data base."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import errno
import hashlib
import json
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

import sqlalchemy as sa

from inventory.store.disk import hash_file, whole_file
from inventory.store.engine import HEAD, Address, create_engine, find_revision, migrate_schema
from inventory.store.errors import EXIT_CREATE, EXIT_SETTING, StoreError, explained
from inventory.store.imports import import_path, write_import
from inventory.store.lock import hold_lock
from inventory.store.schema import TABLES
from inventory.store.store import Store

KIND = "inventory store backup 1"
_MANIFEST = "manifest.json"
# Zip members carry a time; a fixed one (the format's first) makes equal content equal bytes.
_TIME = (1980, 1, 1, 0, 0, 0)
_BATCH = 500
# What reading a zip raises when its bytes are not what they were: a flipped bit may name another method or ask for a password.
_DAMAGED = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, struct.error, zlib.error)


class Backup(NamedTuple):
    """What a backup holds: rows by table, imported workbooks, and those that were missing when it was made."""

    path: Path
    rows: dict[str, int]
    imports: int
    missing: tuple[str, ...]


def write_backup(store: Store, target: Path, *, now: str, force: bool = False) -> Backup:
    """Write a backup of one moment of the store; runs and reviews may go on meanwhile.

    Raises:
        StoreError: `target` exists and `force` is not given (73), the disk is full (74), the store is damaged (65).
    """
    if target.exists() and not force:
        raise StoreError(f"{target}: exists — name another file, or overwrite it with --force", EXIT_CREATE)
    with (
        explained(str(target)),
        whole_file(target) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
        _snapshot(store, target.parent) as connection,
    ):
        names = sa.inspect(connection).get_table_names()
        tables = {table.name: _write_table(archive, connection, table.name) for table in TABLES if table.name in names}
        wanted = [digest for (digest,) in connection.execute(sa.text("SELECT sha256 FROM imports ORDER BY sha256"))]
        folder = store.address.imports
        there = {digest: import_path(folder, digest) for digest in wanted if folder is not None}
        kept = {digest: path for digest, path in there.items() if path.is_file() and hash_file(path) == digest}
        for digest, path in kept.items():
            with path.open("rb") as source, archive.open(_info(f"imports/{digest}.xlsx", zipfile.ZIP_STORED), "w") as member:
                while block := source.read(1 << 20):
                    member.write(block)
        revision = find_revision(connection)
        manifest = {"kind": KIND, "revision": revision, "made": now, "tables": tables, "imports": sorted(kept)}
        archive.writestr(_info(_MANIFEST), json.dumps(manifest, indent=1, sort_keys=True))
    missing = tuple(digest for digest in wanted if digest not in kept)
    return Backup(target, {name: entry["rows"] for name, entry in tables.items()}, len(kept), missing)


def _info(name: str, kind: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type = kind
    info.external_attr = 0o644 << 16
    return info


@contextlib.contextmanager
def _snapshot(store: Store, folder_for_copy: Path) -> Iterator[sa.Connection]:
    """A connection that sees one moment. A reader of SQLite would keep writers waiting, so there a copy is read."""
    if store.address.path is None:
        with store.reading() as connection:
            yield connection
        return
    with tempfile.TemporaryDirectory(prefix=".copy-", dir=folder_for_copy) as folder:
        copy = Path(folder) / "copy.sqlite"
        with (
            explained(store.label),
            contextlib.closing(store.engine.raw_connection()) as source,
            contextlib.closing(sqlite3.connect(copy)) as sink,
        ):
            driver: Any = source.driver_connection
            driver.backup(sink)
        engine = sa.create_engine(f"sqlite:///{copy}")
        try:
            with explained(store.label), engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()


def _write_table(archive: zipfile.ZipFile, connection: sa.Connection, name: str) -> dict[str, Any]:
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    digest, rows = hashlib.sha256(), 0
    query = sa.select(table).order_by(*table.primary_key)
    with archive.open(_info(f"tables/{name}.jsonl"), "w", force_zip64=True) as member:
        for row in connection.execution_options(yield_per=_BATCH).execute(query):
            line = json.dumps({key: _encode(cell) for key, cell in row._mapping.items()}, sort_keys=True).encode() + b"\n"
            digest.update(line)
            member.write(line)
            rows += 1
    return {"rows": rows, "sha256": digest.hexdigest()}


def _encode(cell: Any) -> Any:
    if isinstance(cell, bytes | memoryview):
        return {"bytes": base64.b64encode(cell).decode()}
    return {"date": cell.isoformat()} if isinstance(cell, dt.date) else cell


def _decode(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    return base64.b64decode(cell["bytes"]) if "bytes" in cell else dt.date.fromisoformat(cell["date"])


def restore_backup(source: Path, address: Address, *, force: bool = False, wait: float = 0.0) -> Backup:
    """Make the store at `address` what the backup holds; nothing is touched before all of the backup has been found whole.

    Raises:
        StoreError: the backup is damaged (65) or of a newer program (78); there is a store and `force` is not given (73).
        StoreLocked: a run holds the store that is there.
    """
    try:
        with _open_archive(source) as archive:
            manifest = _verify(archive, source)
            if address.imports is None and manifest["imports"]:
                raise StoreError(f"{address.label}: no folder for imported workbooks — name one (--imports DIR)", EXIT_SETTING)
            if address.path is not None:
                _restore_file(archive, manifest, address, force, wait)
            else:
                _restore_server(archive, manifest, address, force, wait)
    except _DAMAGED as fault:
        raise StoreError(f"{source}: the backup is damaged ({fault}) — use another one") from fault
    rows = {name: entry["rows"] for name, entry in manifest["tables"].items()}
    return Backup(source, rows, len(manifest["imports"]), ())


@contextlib.contextmanager
def _open_archive(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except OSError as fault:
        if fault.errno == errno.EINVAL:  # a damaged directory points before the beginning of the file
            raise StoreError(f"{source}: the backup is damaged — use another one") from fault
        with explained(str(source)):
            raise
    except ValueError as fault:
        raise StoreError(f"{source}: the backup is damaged ({fault}) — use another one") from fault


def _verify(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    """The manifest, after everything that it names has been read and compared with it."""
    damaged = StoreError(f"{source}: is no backup of a store, or is damaged — use another one")
    try:
        manifest: dict[str, Any] = json.loads(archive.read(_MANIFEST))
        if manifest["kind"] != KIND:
            raise damaged
        if not manifest["revision"] <= HEAD:
            raise StoreError(f"{source}: was made by a newer version of the program — install that one", EXIT_SETTING)
        hashes = {f"tables/{name}.jsonl": entry["sha256"] for name, entry in manifest["tables"].items()}
        hashes |= {f"imports/{digest}.xlsx": digest for digest in manifest["imports"]}
        for name, expected in hashes.items():
            with archive.open(name) as member:
                if _hash_stream(member) != expected:
                    raise StoreError(f"{source}: {name} in it is damaged — use another backup")
    except (KeyError, TypeError, AttributeError, ValueError) as fault:
        raise damaged from fault
    return manifest


def _hash_stream(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


def _fill(archive: zipfile.ZipFile, manifest: dict[str, Any], connection: sa.Connection) -> None:
    """Make the tables as they were, put the rows in, then bring the schema to that of this program."""
    migrate_schema(connection, manifest["revision"])
    for name in (table.name for table in TABLES if table.name in manifest["tables"]):
        table = sa.Table(name, sa.MetaData(), autoload_with=connection)
        batch: list[dict[str, Any]] = []
        with archive.open(f"tables/{name}.jsonl") as member:
            for line in member:
                batch.append({key: _decode(cell) for key, cell in json.loads(line).items()})
                if len(batch) == _BATCH:
                    connection.execute(table.insert(), batch)
                    batch.clear()
        if batch:
            connection.execute(table.insert(), batch)
    migrate_schema(connection)


def _copy_imports(archive: zipfile.ZipFile, manifest: dict[str, Any], address: Address) -> None:
    for digest in manifest["imports"]:
        assert address.imports is not None  # restore_backup saw to it
        write_import(address.imports, archive.read(f"imports/{digest}.xlsx"))


def _refuse(address: Address) -> StoreError:
    return StoreError(f"{address.label}: there is a store — restore to another address, or overwrite it with --force", EXIT_CREATE)


def _restore_file(archive: zipfile.ZipFile, manifest: dict[str, Any], address: Address, force: bool, wait: float) -> None:
    path = address.path
    assert path is not None
    if path.exists() and not force:
        raise _refuse(address)
    with explained(address.label):
        path.parent.mkdir(parents=True, exist_ok=True)
    with hold_lock(None, path, address.label, wait), explained(address.label):
        _copy_imports(archive, manifest, address)
        with whole_file(path) as temporary:
            engine = create_engine(Address(address.url.set(database=str(temporary)), address.label, temporary, None))
            try:
                with engine.connect() as connection, connection.execution_options(inventory_write=True).begin():
                    _fill(archive, manifest, connection)
            finally:
                engine.dispose()
            # What a killed program left to be undone belongs to the file that goes.
            address.journal.unlink(missing_ok=True)


def _restore_server(archive: zipfile.ZipFile, manifest: dict[str, Any], address: Address, force: bool, wait: float) -> None:
    engine = create_engine(address)
    try:
        with hold_lock(engine, None, address.label, wait), explained(address.label), engine.connect() as connection, connection.begin():
            if find_revision(connection) is not None:
                if not force:
                    raise _refuse(address)
                for table in reversed(TABLES):
                    connection.execute(sa.text(f"DROP TABLE IF EXISTS {table.name} CASCADE"))
                connection.execute(sa.text("DROP TABLE alembic_version"))
                connection.execute(sa.text("DROP FUNCTION IF EXISTS inventory_refuse_change() CASCADE"))
            _copy_imports(archive, manifest, address)
            _fill(archive, manifest, connection)
    finally:
        engine.dispose()
