"""The compiled pack on disk: used when whole, rebuilt when damaged, done without when it cannot be written."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Callable
from pathlib import Path

import pytest

from inventory import load_rulebook
from inventory.rulebook import load


def cached(folder: Path) -> list[Path]:
    return sorted(folder.glob("rules-*.bin"))


@pytest.fixture
def cache(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "elsewhere" / "cache"
    monkeypatch.setenv("INVENTORY_CACHE", str(folder))
    return folder


@pytest.fixture
def no_compiling(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From the call on, compiling fails: what loads must come from the cache."""

    def stop() -> None:
        def fail(folders: object) -> None:
            raise AssertionError("compiled again")

        monkeypatch.setattr("inventory.rulebook.compile.compile_packs", fail)

    return stop


def test_the_cache_lies_where_the_variable_says(cache: Path) -> None:
    load_rulebook()
    assert len(cached(cache)) == 1
    assert list(cache.iterdir()) == cached(cache), "nothing temporary is left"


def test_the_second_start_reads_the_cache_and_gives_the_same(cache: Path, no_compiling: Callable[[], None]) -> None:
    first = load_rulebook()
    no_compiling()
    second = load_rulebook()
    assert second.stamp == first.stamp
    assert second.entries == first.entries
    assert second.head_names == first.head_names


def test_cache_false_neither_reads_nor_writes(cache: Path) -> None:
    load_rulebook(cache=False)
    assert not cache.exists()


def _cut(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def _flip(raw: bytes) -> bytes:
    middle = len(raw) // 2
    return raw[:middle] + bytes([raw[middle] ^ 0xFF]) + raw[middle + 1 :]


def _other(raw: bytes) -> bytes:
    body = marshal.dumps((1, 2, 3))
    return hashlib.sha256(body).digest() + body


def _junk(raw: bytes) -> bytes:
    body = b"not marshal"
    return hashlib.sha256(body).digest() + body


@pytest.mark.parametrize("damage", [_cut, _flip, _other, _junk, lambda raw: b"", lambda raw: raw[:10]])
def test_a_damaged_cache_is_rebuilt(damage: Callable[[bytes], bytes], cache: Path, no_compiling: Callable[[], None]) -> None:
    first = load_rulebook()
    [path] = cached(cache)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert load_rulebook().entries == first.entries
    assert len(path.read_bytes()) == len(whole), "the cache is written anew"
    no_compiling()
    assert load_rulebook().entries == first.entries


def test_an_edit_makes_a_cache_of_its_own(cache: Path, base: Path) -> None:
    before = load_rulebook().stamp
    file = base / "gazetteers" / "tanks.yaml"
    file.write_text(file.read_text("utf-8") + "  - {id: t-80, name: T-80}\n", "utf-8")
    after = load_rulebook()
    assert after.stamp != before
    assert "t-80" in after.head_names
    assert len(cached(cache)) == 2


def test_old_caches_are_cleared(cache: Path, base: Path) -> None:
    file = base / "pack.yaml"
    for number in range(12):
        file.write_text(f"pack: base\nversion: '{number}'\n", "utf-8")
        load_rulebook()
    assert len(cached(cache)) <= 8


def test_a_cache_that_cannot_be_written_is_done_without(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("here stands a file")
    monkeypatch.setenv("INVENTORY_CACHE", str(blocker / "cache"))
    assert "t-72" in load_rulebook().head_names


def test_without_the_variable_the_users_cache_folder_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("INVENTORY_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert load.cache_folder() == tmp_path / "military-inventory"
