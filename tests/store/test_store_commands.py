"""`inventory store …` as it is typed: output and exit codes."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from store_support import NOW, Counting, Pack, document, template

from inventory import cli
from inventory.rulebook.book import Rulebook
from inventory.store import open_store
from inventory.store.update import update_store


def call(*args: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
        cli.main(["store", *map(str, args)])
    return int(ended.value.code or 0), out.getvalue(), err.getvalue()


@pytest.fixture
def desk(tmp_path: Path, book: Rulebook) -> Path:
    path = tmp_path / "desk" / "store.sqlite"
    with open_store(f"sqlite:///{path}") as store:
        update_store(store, [document("a", "x y")], Pack("r1"), "daily", NOW, read=Counting(template(book)))  # type: ignore[arg-type]
        store.add_import(b"workbook", name="review.xlsx", now=NOW)
    return path


def test_check_backup_restore_check(desk: Path, tmp_path: Path) -> None:
    assert call("check", desk) == (0, "0 faults in 1 runs and 0 decisions\n", "")
    (tmp_path / "backups").mkdir()
    code, out, err = call("backup", f"sqlite:///{desk}", tmp_path / "backups")
    assert (code, err) == (0, "")
    (made,) = (tmp_path / "backups").iterdir()
    assert str(made) in out
    assert "1 imported workbooks" in out
    assert call("restore", made, tmp_path / "new" / "store.sqlite")[0] == 0
    assert call("check", tmp_path / "new" / "store.sqlite")[0] == 0
    code, out, err = call("restore", made, desk)
    assert (code, out) == (73, "")
    assert "--force" in err
    assert call("restore", made, desk, "--force")[0] == 0
    assert call("backup", desk, made)[0] == 73
    made.write_bytes(made.read_bytes()[:-40])
    assert call("restore", made, desk, "--force")[0] == 65
    assert call("check", desk)[0] == 0
    assert call("restore", tmp_path / "none.zip", desk)[0] == 64


def test_faults_are_lines_and_exit_65(desk: Path) -> None:
    (workbook,) = (desk.parent / "imports").iterdir()
    workbook.write_bytes(b"other")
    code, out, _ = call("check", desk)
    assert code == 65
    assert out.splitlines()[-1] == "1 faults in 1 runs and 0 decisions"
    assert "was changed" in out
    code, _, err = call("backup", desk, desk.parent / "b.zip")
    assert code == 65
    assert "not in the backup" in err
    desk.write_bytes(b"nothing of the kind" * 300)
    code, out, err = call("check", desk)
    assert (code, out) == (65, "")
    assert "restore a backup" in err


def test_migrate_prune_and_what_is_not_there(desk: Path, tmp_path: Path) -> None:
    assert call("migrate", desk) == (0, "schema 0001\n", "")
    assert call("prune", desk, "--days", "0", "--current") == (0, "dropped 1 texts\n", "")
    assert call("prune", desk, "--days", "-1")[0] == 64
    for command in ("check", "migrate"):
        assert call(command, tmp_path / "none.sqlite")[0] == 78
    assert not (tmp_path / "none.sqlite").exists()
    with open_store(str(desk)) as store, store.lock():
        assert call("prune", desk, "--days", "0")[0] == 75
        assert call("migrate", desk)[0] == 75
        assert call("check", desk)[0] == 0
