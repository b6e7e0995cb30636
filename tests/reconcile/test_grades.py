"""Grades of publishers are read strictly, and nobody is graded by default."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.reconcile.grades import grade_sources, parse_grades, read_grades
from inventory.records import SourceGrade
from inventory.rulebook.faults import RuleError

ROOT = Path(__file__).resolve().parents[2]
GOOD = """\
grades:
  - source: Harbour Wire Service
    aliases: [Harbour Wire]
    reliability: B
    reason: figures agreed with the register
  - {source: Channel 'Reed Bank', reliability: E, reason: retracted twice}
"""


def test_grades_are_read_with_their_aliases() -> None:
    grades = parse_grades(GOOD)
    assert [(grade.source, grade.reliability) for grade in grades] == [
        ("Harbour Wire Service", "B"),
        ("Harbour Wire", "B"),
        ("Channel 'Reed Bank'", "E"),
    ]
    assert grade_sources(["harbour  wire", "Unheard Of"], grades) == [
        SourceGrade("Unheard Of", "F", "not graded"),
        SourceGrade("harbour  wire", "B", "figures agreed with the register"),
    ]


def test_an_empty_file_grades_nobody() -> None:
    assert parse_grades("") == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("grades:\n  - {source: A, reliability: G, reason: x}\n", "s.yaml:2:30: reliability 'G' — use one of A, B, C, D, E, F"),
        ("grades:\n  - {source: A, reliability: B}\n", "s.yaml:2:5: reason is missing"),
        ("grades:\n  - {source: A, reliability: B, reason: x, colour: red}\n", "s.yaml:2:52: unknown key 'colour'"),
        ("grade: []\n", "s.yaml:1:8: unknown key 'grade'"),
        ("grades: B\n", "s.yaml:1:9: grades is no list"),
        ("grades:\n  - A\n", "s.yaml:2:5: is no mapping"),
        ("- A\n", "s.yaml:1:1: is no mapping"),
        ("grades:\n  - {source: [A], reliability: B, reason: x}\n", "s.yaml:2:14: source is no text"),
        ("grades:\n  - {source: A, aliases: [[B]], reliability: B, reason: x}\n", "s.yaml:2:27: an alias is no text"),
        ("grades: &a []\n", "s.yaml:1:9: anchor &a is not allowed"),
        ("grades: [\n", "not valid YAML"),
        (
            "grades:\n  - {source: A, reliability: B, reason: x}\n  - {source: a, reliability: C, reason: y}\n",
            "s.yaml:3:5: 'a' is graded in line 2 already",
        ),
    ],
)
def test_faults_name_the_place_and_the_mend(text: str, fault: str) -> None:
    with pytest.raises(RuleError) as raised:
        parse_grades(text, "s.yaml")
    assert fault in str(raised.value)


def test_the_shipped_file_grades_publishers_of_the_seeds() -> None:
    grades = read_grades(ROOT / "reports/sources.yaml")
    seeds = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "seeds").glob("*.meta.yaml"))
    assert grades
    assert [grade.source for grade in grades if grade.source not in seeds] == []


def test_files_are_read_and_missing_ones_told(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    with pytest.raises(RuleError, match="cannot be read"):
        read_grades(path)
    path.write_text(GOOD, encoding="utf-8")
    assert len(read_grades(path)) == 3
