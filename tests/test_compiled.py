"""The compiled modules (scripts/compile.sh): what is compiled exists, and what lies in the checkout is of these sources."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import inventory

ROOT = Path(__file__).resolve().parents[1]


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(root / "scripts/compile.py"), *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the script reads, with compiled modules that are none."""
    shutil.copytree(ROOT / "inventory", tmp_path / "inventory", ignore=shutil.ignore_patterns("__pycache__", "*.so", "*.pyd"))
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/compile.py", tmp_path / "scripts")
    (tmp_path / "inventory/extraction/scan.cpython-311.so").touch()
    (tmp_path / "inventory__mypyc.cpython-311.so").touch()
    return tmp_path


def note_sources(root: Path) -> None:
    code = "import sys; sys.path.insert(0, 'scripts'); import compile; compile.STAMP.write_text(compile.digest())"
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)


def test_modules_of_these_sources_stay(checkout: Path) -> None:
    note_sources(checkout)
    assert run(checkout, "--stale").returncode == 0
    assert (checkout / "inventory/extraction/scan.cpython-311.so").exists()


@pytest.mark.parametrize("changed", ["inventory/extraction/scan.py", "inventory/rulebook/book.py", "inventory/text/fold.py"])
def test_modules_of_other_sources_go(checkout: Path, changed: str) -> None:
    note_sources(checkout)
    with (checkout / changed).open("a") as file:
        file.write("# changed\n")
    done = run(checkout, "--stale")
    assert "removed" in done.stderr
    assert not list(checkout.rglob("*.so"))
    assert not (checkout / ".compiled").exists()


def test_modules_without_a_note_go(checkout: Path) -> None:
    assert "removed" in run(checkout, "--stale").stderr
    assert not list(checkout.rglob("*.so"))


def test_clean_leaves_the_sources(checkout: Path) -> None:
    assert run(checkout, "--clean").returncode == 0
    assert not list(checkout.rglob("*.so"))
    assert (checkout / "inventory/extraction/scan.py").exists()


def test_facts_can_be_handed_to_another_process() -> None:
    facts = inventory.extract("Slovakia has delivered 13 MiG-29 jets to Ukraine.")
    assert pickle.loads(pickle.dumps(list(facts))) == list(facts)
