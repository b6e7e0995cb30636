"""How reliable a publisher is (Admiralty A–F), as people have graded it in `sources.yaml`.

```yaml
grades:
  - source: Harbour Wire Service
    aliases: [Harbour Wire]
    reliability: B
    reason: its figures agreed with the register in 18 of 20 cases of 2021
```

AJP-2.1: A completely, B usually, C fairly, D not usually reliable, E unreliable, F cannot be judged. A publisher in no file is F.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from inventory.records import RELIABILITIES, SourceGrade
from inventory.rulebook.faults import Fault, RuleError
from inventory.rulebook.strict import Node, compose, read_strict

_KEYS = {"source", "aliases", "reliability", "reason"}
_UNGRADED = "not graded"


def read_grades(path: Path) -> list[SourceGrade]:
    """The grades of a `sources.yaml`; see :func:`parse_grades`.

    Raises:
        RuleError: the file cannot be read or has faults; each names file, line, column and the mend.
    """
    root, faults = read_strict(path, str(path))
    return _finish(root, faults, str(path))


def parse_grades(text: str, name: str = "sources.yaml") -> list[SourceGrade]:
    """The grades that a text holds, one a name (aliases too), in the order of the file.

    Raises:
        RuleError: the text has faults.
    """
    root, faults = compose(text, name)
    return _finish(root, faults, name)


def grade_sources(publishers: Iterable[str], grades: Iterable[SourceGrade]) -> list[SourceGrade]:
    """One grade for each publisher, in order of names; those that nobody has graded are F."""
    known = {_fold(grade.source): grade for grade in grades}
    found = []
    for publisher in sorted(set(publishers)):
        grade = known.get(_fold(publisher))
        found.append(SourceGrade(publisher, "F", _UNGRADED) if grade is None else grade._replace(source=publisher))
    return found


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


def _finish(root: Node | None, faults: list[Fault], name: str) -> list[SourceGrade]:
    grades = [] if faults else _read_root(root, faults, name)
    if faults:
        raise RuleError(faults)
    return grades


def _read_root(root: Node | None, faults: list[Fault], name: str) -> list[SourceGrade]:
    def fault(node: Node, message: str, mend: str) -> None:
        faults.append(Fault(name, node.line, node.column, message, mend))

    if root is None or root.value in ("", {}):
        return []
    if not isinstance(root.value, dict):
        fault(root, "is no mapping", "begin with grades: and list the publishers below it")
        return []
    for key, node in root.value.items():
        if key != "grades":
            fault(node, f"unknown key {key!r}", "the only key is grades")
    listed = root.value.get("grades")
    if listed is None or not isinstance(listed.value, list):
        fault(listed or root, "grades is no list", "list the publishers, each with source, reliability and reason")
        return []
    grades: list[SourceGrade] = []
    lines: dict[str, int] = {}
    for entry in listed.value:
        for grade in _read_entry(entry, fault):
            before = lines.setdefault(_fold(grade.source), entry.line)
            if before != entry.line:
                fault(entry, f"{grade.source!r} is graded in line {before} already", "keep one of the two")
            grades.append(grade)
    return grades


def _read_entry(entry: Node, fault: Callable[[Node, str, str], None]) -> list[SourceGrade]:
    if not isinstance(entry.value, dict):
        fault(entry, "is no mapping", "write source, reliability and reason")
        return []
    cells: dict[str, str] = {}
    good = True
    for key, node in entry.value.items():
        if key not in _KEYS:
            fault(node, f"unknown key {key!r}", f"use {', '.join(sorted(_KEYS))}")
            good = False
        elif key != "aliases":
            if isinstance(node.value, str) and node.value.strip():
                cells[key] = node.value.strip()
            else:
                fault(node, f"{key} is no text", "write one line of text")
                good = False
    for key in ("source", "reliability", "reason"):
        if key not in entry.value:
            fault(entry, f"{key} is missing", "a grade needs source, reliability and reason")
            good = False
    reliability = cells.get("reliability")
    if reliability is not None and reliability not in RELIABILITIES:
        fault(entry.value["reliability"], f"reliability {reliability!r}", f"use one of {', '.join(RELIABILITIES)}")
        good = False
    aliases = entry.value.get("aliases")
    names = [cells.get("source", "")]
    if aliases is not None:
        texts = aliases.value if isinstance(aliases.value, list) else [aliases]
        for node in texts:
            if isinstance(node.value, str) and node.value.strip():
                names.append(node.value.strip())
            else:
                fault(node, "an alias is no text", "list names: [Harbour Wire, HWS]")
                good = False
    return [SourceGrade(one, cells["reliability"], cells["reason"]) for one in names] if good else []
