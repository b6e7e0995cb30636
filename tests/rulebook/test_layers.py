"""A user's folder over the shipped pack: same id replaces, `disable` removes, new adds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rulebook_support import Ran, write_pack

from inventory import load_rulebook
from inventory.rulebook.book import Rulebook

TOP = "gazetteer: equipment\ncategory: armour/tank\nsource: mine\nentries:\n"


def names(book: Rulebook) -> set[str]:
    return set(book.head_names)


def entries(book: Rulebook) -> dict[str, str]:
    return {row[0]: row[1] for row in book.entries}


def test_without_a_folder_the_shipped_pack_stands(base: Path) -> None:
    book = load_rulebook()
    assert {"t-72", "t 72", "t72"} <= names(book)
    assert book.version == "1.0"


def test_a_new_entry_is_added(base: Path, tmp_path: Path) -> None:
    mine = write_pack(tmp_path / "mine", {"a.yaml": TOP + "  - {id: zt-1, name: ZT-1, family: t-72}\n"})
    book = load_rulebook(mine)
    assert {"t-72", "zt-1"} <= names(book)


def test_the_same_id_replaces(base: Path, tmp_path: Path) -> None:
    mine = write_pack(tmp_path / "mine", {"deep/er/a.yaml": TOP + "  - {id: t-72, name: T-72 Ural}\n"})
    book = load_rulebook(mine)
    assert entries(book)["t-72"] == "T-72 Ural"
    assert "t-72" not in names(book)
    assert "t-72 ural" in names(book)


def test_disable_removes(base: Path, tmp_path: Path) -> None:
    mine = write_pack(tmp_path / "mine", {"pack.yaml": "pack: mine\nversion: '2'\ndisable: [t-72]\n"})
    book = load_rulebook(mine)
    assert "t-72" not in entries(book)
    assert "t-72" not in names(book)
    assert "leopard-2" in entries(book)
    assert book.version == "1.0+mine-2"


def test_disabled_and_written_anew_in_one_pack(base: Path, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "pack.yaml": "pack: mine\nversion: '2'\ndisable: [t-72]\n",
        "a.yaml": TOP + "  - {id: t-72, name: Ural}\n",
    }
    assert entries(load_rulebook(write_pack(tmp_path / "mine", files)))["t-72"] == "Ural"


def test_a_family_that_is_disabled_is_told(base: Path, tmp_path: Path, run: Callable[..., Ran]) -> None:
    files: dict[str, str | bytes] = {
        "pack.yaml": "pack: mine\nversion: '2'\ndisable: [t-72]\n",
        "a.yaml": TOP + "  - {id: t-72b, name: T-72B, family: t-72}\n",
    }
    write_pack(tmp_path / "mine", files)
    ran = run("rules", "check", "--rules", tmp_path / "mine")
    assert ran.code == 78
    assert "mine/a.yaml:5:" in ran.err


def test_every_layer_has_a_stamp_of_its_own(base: Path, tmp_path: Path) -> None:
    one = write_pack(tmp_path / "one", {"a.yaml": TOP + "  - {id: zt-1, name: ZT-1}\n"})
    two = write_pack(tmp_path / "two", {"a.yaml": TOP + "  - {id: zt-1, name: ZT-2}\n"})
    stamps = {load_rulebook(None).stamp, load_rulebook(one).stamp, load_rulebook(two).stamp}
    assert len(stamps) == 3


@pytest.mark.parametrize("value", ["NO", "0123", "1e3", "null", "2024-01-01", "true"])
def test_scalars_stay_the_text_that_was_written(value: str, base: Path, tmp_path: Path) -> None:
    mine = write_pack(tmp_path / "mine", {"a.yaml": TOP + f"  - {{id: zt-1, name: {value}, attributes: {{code: {value}}}}}\n"})
    row = next(row for row in load_rulebook(mine).entries if row[0] == "zt-1")
    assert row[1] == value
    assert ("code", value) in row[16]
