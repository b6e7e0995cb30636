"""Imported workbooks, kept as files under their hash, so that every import can be replayed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from inventory.store.disk import hash_file, whole_file
from inventory.store.errors import StoreError
from inventory.store.schema import imports, insert_new


class ImportRecord(NamedTuple):
    """One imported workbook: its hash, the name under which it came, its size in bytes, and when it came first (ISO 8601, UTC)."""

    sha256: str
    name: str
    size: int
    imported_at: str


def import_path(folder: Path, sha256: str) -> Path:
    """Where the bytes of an import lie."""
    return folder / f"{sha256}.xlsx"


def write_import(folder: Path, data: bytes) -> str:
    """Put the bytes into the folder under their hash, complete and on the disk, or not at all; the hash."""
    digest = hashlib.sha256(data).hexdigest()
    target = import_path(folder, digest)
    if target.is_file() and hash_file(target) == digest:
        return digest
    with whole_file(target) as temporary:
        temporary.write_bytes(data)
    return digest


def note_import(connection: sa.Connection, sha256: str, name: str, size: int, now: str) -> None:
    """The row of an import; the first one stays."""
    insert_new(connection, imports, ImportRecord(sha256, name, size, now)._asdict())


def list_imports(connection: sa.Connection) -> list[ImportRecord]:
    """All imports, oldest first."""
    rows = connection.execute(sa.select(imports).order_by(imports.c.imported_at, imports.c.sha256))
    return [ImportRecord(*row) for row in rows]


def read_import(folder: Path, sha256: str) -> bytes:
    """The bytes of an import.

    Raises:
        StoreError: the file is missing or is no longer what was imported (exit code 65).
    """
    path = import_path(folder, sha256)
    if not path.is_file():
        raise StoreError(f"{path}: an imported workbook is missing — put it back, or restore a backup")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise StoreError(f"{path}: an imported workbook was changed — put the original back, or restore a backup")
    return data
