"""A small pack that stands in for the shipped one, so that a broken file is told in milliseconds."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rulebook_support import BASE, Ran, write_pack

from inventory import cli
from inventory.rulebook import packs


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small pack in the place of the shipped one, with a cache of its own."""
    folder = write_pack(tmp_path / "base", dict(BASE))
    monkeypatch.setattr(packs, "shipped_rules", lambda: folder)
    monkeypatch.setenv("INVENTORY_CACHE", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def run() -> Callable[..., Ran]:
    """Run `inventory ARGS` in this process."""

    def call(*args: str | Path) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
            cli.main([str(arg) for arg in args])
        return Ran(int(ended.value.code or 0), out.getvalue(), err.getvalue())

    return call
