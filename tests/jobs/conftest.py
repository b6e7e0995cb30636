"""A desk for each test."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from job_support import Desk


@pytest.fixture(scope="session")
def packs() -> dict[str, Any]:
    return {}


@pytest.fixture(autouse=True)
def load_once(packs: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule pack does not change while tests run, and takes longer to load than the runs themselves."""
    from inventory.jobs import run
    from inventory.rulebook.load import load_rulebook

    def load(rules: Path | None = None) -> Any:
        key = str(rules)
        if key not in packs:
            packs[key] = load_rulebook(rules)
        return packs[key]

    monkeypatch.setattr(run, "load_rulebook", load)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
