"""Faults of rule files: each names file, line, column, what is wrong and how to mend it."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """One fault; lines and columns count from 1."""

    file: str
    line: int
    column: int
    message: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message} — {self.mend}"


class RuleError(Exception):
    """The rule pack cannot be used; `faults` holds every fault found, in file order."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(map(str, self.faults)))
