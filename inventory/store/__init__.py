"""The desk's memory: documents, versioned facts, runs, issues, decisions; SQLAlchemy Core, SQLite or PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inventory.store.errors import StoreError, StoreLocked
    from inventory.store.store import Store, open_store

__all__ = ["Store", "StoreError", "StoreLocked", "open_store"]


def __getattr__(name: str) -> Any:
    # SQLAlchemy is heavy: the errors can be named without it.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("inventory.store.errors" if "Error" in name or "Locked" in name else "inventory.store.store"), name)
