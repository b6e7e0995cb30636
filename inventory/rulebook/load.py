"""Load the rule pack: from the cache when it is there and whole, else compiled from YAML and cached."""

from __future__ import annotations

import gc
import hashlib
import marshal
import os
import sys
import tempfile
from pathlib import Path

from inventory.rulebook.book import Payload, Rulebook
from inventory.rulebook.packs import digest_files, pack_folders

# Raised when the compiled form changes, so that an older cache is not read.
FORMAT = 111


def cache_folder() -> Path:
    """Where compiled packs are kept: `INVENTORY_CACHE`, else the user's cache folder."""
    if folder := os.environ.get("INVENTORY_CACHE"):
        return Path(folder)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "military-inventory"


def load_rulebook(rules: str | os.PathLike[str] | None = None, *, cache: bool = True) -> Rulebook:
    """Load the shipped pack, with the user's folder `rules` laid over it.

    Raises :class:`inventory.rulebook.faults.RuleError` with every fault when the pack cannot be used.
    A damaged cache is rebuilt; a cache folder that cannot be written is done without.
    """
    folders = pack_folders(rules)
    key = hashlib.sha256(f"{FORMAT} {sys.implementation.cache_tag} {digest_files(folders)}".encode()).hexdigest()[:32]
    path = cache_folder() / f"rules-{key}.bin"
    if cache:
        # Half a million new tuples hold no garbage: looking for some would take a sixth of the time.
        collects = gc.isenabled()
        gc.disable()
        try:
            payload = _read(path)
            if payload is not None:
                return Rulebook(payload)
        finally:
            if collects:
                gc.enable()
    from inventory.rulebook.compile import compile_packs  # late: pydantic and PyYAML cost 0.2 s that a cached start saves

    payload = compile_packs(folders)
    if cache:
        _write(path, payload)
    return Rulebook(payload)


def _read(path: Path) -> Payload | None:
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    digest, body = raw[:32], memoryview(raw)[32:]  # a slice of bytes would be another 24 MB
    if hashlib.sha256(body).digest() != digest:
        return None
    try:
        return Payload(*marshal.loads(body))
    except (ValueError, EOFError, TypeError):
        return None


def _write(path: Path, payload: Payload) -> None:
    body = marshal.dumps(tuple(payload))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".rules-")
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(body).digest())
            file.write(body)  # joined to the digest it would be there twice
        Path(name).replace(path)
        # Older compiled packs are of no use to anyone; keep the folder from growing with every edit of a rule.
        kept = sorted(path.parent.glob("rules-*.bin"), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in kept[8:]:
            old.unlink(missing_ok=True)
    except OSError:
        return
