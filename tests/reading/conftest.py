"""What the tests of reading share: write files, read them, tell documents from issues."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from inventory.model import Document, Issue
from inventory.reading import NOTE, read_documents


class Result(NamedTuple):
    docs: list[Document]
    failures: list[Issue]
    notes: list[Issue]

    def doc(self) -> Document:
        assert len(self.docs) == 1, self
        return self.docs[0]

    def failure(self) -> Issue:
        assert len(self.failures) == 1, self
        assert not self.docs, self
        return self.failures[0]

    def note(self) -> Issue:
        assert len(self.notes) == 1, self
        assert not self.failures, self
        return self.notes[0]


def read_all(*paths: Any, **options: Any) -> Result:
    result = Result([], [], [])
    for one in read_documents(list(paths), **options):
        if isinstance(one, Document):
            result.docs.append(one)
        else:
            assert one.stage == "read"
            assert " — " in one.message, "an issue names the mend"
            (result.notes if one.kind.startswith(NOTE) else result.failures).append(one)
    return result


@pytest.fixture
def read() -> Callable[..., Result]:
    return read_all


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file below the test's folder, folders included; returns its path."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file
