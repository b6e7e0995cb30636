"""Where rule packs lie and what they consist of; imports nothing heavy, as every start needs it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def pack_folders(rules: str | os.PathLike[str] | None) -> list[Path]:
    """The folders of the packs to use, the shipped one first."""
    return [shipped_rules(), *([Path(rules)] if rules is not None else [])]


def shipped_rules() -> Path:
    """The folder of the shipped rule pack: inside the installed package, else beside it in a checkout."""
    inside = Path(__file__).resolve().parents[1] / "rules"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "rules"


def pack_files(folder: Path) -> list[Path]:
    """All files that a pack consists of, in a fixed order (YAML, and compiled tables)."""
    found = (p for p in folder.rglob("*") if p.is_file() and not any(part.startswith(".") for part in p.relative_to(folder).parts))
    return sorted(p for p in found if p.suffix in {".yaml", ".yml", ".gz", ".txt"})


def digest_files(folders: list[Path]) -> str:
    """SHA-256 (hex) over names and bytes of every file of the packs, in order."""
    digest = hashlib.sha256()
    for number, folder in enumerate(folders):
        for path in pack_files(folder):
            raw = path.read_bytes()
            digest.update(f"{number}/{path.relative_to(folder).as_posix()}\0{len(raw)}\0".encode())
            digest.update(raw)
    return digest.hexdigest()
