"""A desk of its own for a test: a folder of texts, a job file, the command, and the sheets that come out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

TEXTS = {
    "one": "Russia has massed 12 T-72 tanks near Kupiansk.",
    "two": "Poland has delivered 14 Leopard 2 tanks to Ukraine.",
    "three": "Ukraine has deployed 200 troops in Kherson.",
}


def day(number: int) -> str:
    """The moment of the run of a day."""
    return f"2022-03-{number:02d}T05:00:00+00:00"


def write_texts(folder: Path, texts: dict[str, str], published: str = "2022-02-28", source: str = "Example Wire") -> None:
    """One file a text, with a day and a publisher."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
        (folder / f"{name}.meta.yaml").write_text(f"title: {name}\nsource: {source}\npublished: {published}\n", "utf-8")


def drop_text(folder: Path, name: str) -> None:
    """Remove a text."""
    (folder / f"{name}.txt").unlink()
    (folder / f"{name}.meta.yaml").unlink()


class Desk:
    """`news/` holds the texts, `daily.yaml` the job."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.news = root / "news"
        self.job = root / "daily.yaml"
        self.out = root / "out" / "daily"
        write_texts(self.news, TEXTS)
        self.write("")

    def write(self, more: str) -> None:
        """Write the job file, with more keys."""
        self.job.write_text(f"sources: [news]\n{more}", "utf-8")

    def run(self, number: int = 1, *options: str, job: Path | None = None) -> int:
        """Run the job as of a day; the exit code."""
        return call("report", str(job or self.job), "--now", day(number), *options)

    @property
    def store(self) -> str:
        """The address of the store."""
        return f"sqlite:///{self.root / 'out' / 'store.sqlite'}"

    @property
    def latest(self) -> Path:
        """The latest workbook."""
        return self.out / "latest.xlsx"

    def told(self) -> dict[str, Any]:
        """What run.json says."""
        told: dict[str, Any] = json.loads((self.out / "run.json").read_text("utf-8"))
        return told


def call(*arguments: str) -> int:
    """The command, as the shell would call it; the exit code."""
    from inventory.cli import main

    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    code = ended.value.code
    assert isinstance(code, int)
    return code


def rows(path: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet by heading; none where it says `none`."""
    book = load_workbook(path, read_only=True)  # a tenth of the time of loading every sheet with its formats
    cells = [list(row) for row in book[sheet].iter_rows(values_only=True)]
    book.close()
    heads = [str(head) for head in cells[0]]
    found = [dict(zip(heads, row, strict=True)) for row in cells[1:] if any(cell is not None for cell in row)]
    return [] if found and next(iter(found[0].values())) == "none" else found
