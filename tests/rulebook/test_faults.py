"""Every way to break a rule file that we know of gives exit 78 and a line with file, line, column and mend, and nothing else breaks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rulebook_support import Ran, write_pack

FAULT = re.compile(r"^(?P<file>\S+):(?P<line>\d+):(?P<column>\d+): (?P<message>.+?) — (?P<mend>.+)$")
TOP = "gazetteer: equipment\ncategory: armour/tank\nsource: test\nentries:\n"
LINK = "links: fact\n"
TOKEN = "tokens: quantity\nsource: test\n"
CUE = "cues: status\nsource: test\n"
CASES = "    examples: [{text: 12 tanks, found: {count_min: 12}}]\n    rejects: [tanks]\n"
TOKEN_CASES = "    examples: [{text: 12 tanks, found: '12'}]\n    rejects: [tanks]\n"

# name → file body, line of the fault, part of its message
BROKEN: dict[str, tuple[str | bytes, int, str]] = {
    "tab": (TOP + "\t- {id: a, name: A}\n", 5, "not valid YAML"),
    "bad indentation": (TOP + "  - id: a\n   name: A\n", 6, "not valid YAML"),
    "open bracket": (TOP + "  - {id: a, name: A, aliases: [B}\n", 5, "not valid YAML"),
    "open quote": (TOP + "  - id: a\n    name: 'A\n", 7, "not valid YAML"),
    "control character": (TOP + "  - {id: a, name: A\x07}\n", 1, "not valid YAML"),
    "duplicate key": (TOP + "  - {id: a, name: A, name: B}\n", 5, "key 'name' stands twice"),
    "unknown key": (TOP + "  - {id: a, name: A, colour: red}\n", 5, "unknown key 'colour'"),
    "misspelt key": (TOP + "  - {id: a, name: A, alias: [B]}\n", 5, "unknown key 'alias'"),
    "anchor": (TOP + "  - &x {id: a, name: A}\n", 5, "anchor &x"),
    "alias": (TOP + "  - {id: a, name: A, aliases: *x}\n", 5, "alias *x"),
    "merge key": (TOP + "  - {<<: {id: a}, name: A}\n", 5, "merge key"),
    "tag": (TOP + "  - {id: !!python/name:os.system a, name: A}\n", 5, "tag"),
    "key that is a list": (TOP + "  - {[id]: a, name: A}\n", 5, "a key must be a word"),
    "missing id": (TOP + "  - {name: A}\n", 5, "key 'id' is missing"),
    "missing name": (TOP + "  - {id: a}\n", 5, "key 'name' is missing"),
    "bad id": (TOP + "  - {id: 'a b', name: A}\n", 5, "string should match pattern"),
    "unknown category": (TOP + "  - {id: a, name: A, category: armour/tnak}\n", 5, "category 'armour/tnak' is not in the taxonomy"),
    "no category": ("gazetteer: equipment\nsource: test\nentries:\n  - {id: a, name: A}\n", 4, "has no category"),
    "unknown first key": ("gazeteer: equipment\nentries: []\n", 1, "the first key is 'gazeteer'"),
    "unknown gazetteer": ("gazetteer: planes\nentries: []\n", 1, "input should be"),
    "not UTF-8": (TOP.encode() + b"  - {id: a, name: Cura\xe7ao}\n", 5, "is not UTF-8 text"),
    "UTF-16": (TOP.encode("utf-16"), 1, "is not UTF-8 text"),
    "too deep": (TOP + "  - " + "[" * 40 + "]" * 40 + "\n", 5, "nests deeper than"),
    "very deep": (TOP + "  - " + "[" * 100_000, 5, "nests deeper than"),
    "too large": (TOP + "# " + "x" * 4_100_000 + "\n", 1, "more than 4,000,000"),
    "second document": (TOP + "  - {id: a, name: A}\n---\nmore: 1\n", 6, "second YAML document"),
    "empty file": ("", 1, "is empty"),
    "only a comment": ("# nothing\n", 1, "is empty"),
    "a list": ("- a\n- b\n", 1, "is not a mapping"),
    "no source": ("gazetteer: equipment\ncategory: armour/tank\nentries:\n  - {id: a, name: A}\n", 4, "has no source"),
    "duplicate id": (TOP + "  - {id: a, name: A}\n  - {id: a, name: B}\n", 6, "id 'a' is used twice"),
    "unknown family": (TOP + "  - {id: a, name: A, family: none}\n", 5, "family 'none' is no entry"),
    "weak without examples": (TOP + "  - {id: a, name: Abc, weak: [Abc]}\n", 5, "has no examples and rejects"),
    "number out of range": (
        "gazetteer: place\nsource: test\nentries:\n  - {id: a, name: A, lat: 91, lon: 0}\n",
        4,
        "less than or equal to 90",
    ),
    "not a number": ("gazetteer: place\nsource: test\nentries:\n  - {id: a, name: A, lat: north, lon: 0}\n", 4, "should be a valid number"),
    "bad echelon": (
        "gazetteer: equipment\ncategory: armour/tank\nsource: test\nentries:\n  - {id: a, name: A, echelon: herd}\n",
        5,
        "input should be",
    ),
    "example without found": (TOP + "  - {id: a, name: A, examples: [{text: An A.}], rejects: [no]}\n", 5, "key 'found' is missing"),
    "example that is a word": (TOP + "  - {id: a, name: A, examples: [An A.], rejects: [no]}\n", 5, "entries.examples"),
    "fragment cycle": (
        LINK + "define: {one: '<two>', two: '<one>'}\nrules:\n  - id: r\n    pattern: 'x <one>'\n" + CASES,
        5,
        "fragments form a cycle: one → two → one",
    ),
    "fragment undefined": (LINK + "rules:\n  - id: r\n    pattern: 'x <nope>'\n" + CASES, 4, "fragment <nope> is not defined"),
    "fragments too deep": (
        LINK
        + "define: {"
        + ", ".join(f"a{n}: '<a{n + 1}>'" for n in range(12))
        + ", a12: x}\nrules:\n  - id: r\n    pattern: '<a0>'\n"
        + CASES,
        5,
        "nest deeper than",
    ),
    "fragments that double": (
        LINK
        + "define: {"
        + ", ".join(f"a{n}: '{f'<a{n + 1}>' * 8}'" for n in range(7))
        + ", a7: xxxx}\nrules:\n  - id: r\n    pattern: '<a0>'\n"
        + CASES,
        5,
        "grows past",
    ),
    "bad regex": (LINK + "rules:\n  - id: r\n    pattern: '{count} (of'\n" + CASES, 4, "is not a regular expression"),
    "catastrophic regex": (TOKEN + "rules:\n  - id: r\n    pattern: '(?:a+)+(?:a+)+b'\n" + TOKEN_CASES, 5, "backtracks without end"),
    "pattern of nothing": (TOKEN + "rules:\n  - id: r\n    pattern: 'a*'\n" + TOKEN_CASES, 5, "matches the empty text"),
    "missing examples": (TOKEN + "rules:\n  - {id: r, pattern: '12', rejects: [tanks]}\n", 4, "has no examples"),
    "missing rejects": (TOKEN + "rules:\n  - {id: r, pattern: '12', examples: [{text: '12', found: '12'}]}\n", 4, "has no rejects"),
    "unknown placeholder": (LINK + "rules:\n  - id: r\n    pattern: '{count} {gun}'\n" + CASES, 4, "{gun} names no kind of mention"),
    "bad basis": (TOKEN + "rules:\n  - id: r\n    pattern: '12'\n    basis: sort_of\n" + TOKEN_CASES, 6, "input should be"),
    "bad status": (CUE + "rules:\n  - {id: c, value: exploded, words: [blew up]}\n", 4, "'exploded' is no value of status"),
    "bad direction": (CUE + "rules:\n  - {id: c, value: destroyed, words: [blew up], direction: sideways}\n", 4, "input should be"),
    "cue without words": (CUE + "rules:\n  - {id: c, value: destroyed}\n", 4, "has no words"),
    "score out of range": (LINK + "rules:\n  - id: r\n    pattern: '{count} {item}'\n    score: 7\n" + CASES, 5, "less than or equal to 1"),
    "priority no number": (LINK + "rules:\n  - id: r\n    pattern: '{count} {item}'\n    priority: high\n" + CASES, 5, "valid integer"),
    "disable unknown": ("pack: mine\nversion: '1'\ndisable: [nobody]\n", 3, "no rule or entry has the id 'nobody'"),
    "pack without version": ("pack: mine\n", 1, "key 'version' is missing"),
}


def faults(err: str) -> list[re.Match[str]]:
    return [match for line in err.splitlines() if (match := FAULT.match(line))]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_with_file_line_column_and_mend(name: str, base: Path, tmp_path: Path, run: Callable[..., Ran]) -> None:
    body, line, message = BROKEN[name]
    write_pack(tmp_path / "mine", {"broken.yaml": body})
    document = tmp_path / "in.txt"
    document.write_text("Two T-72 tanks burnt.")
    ran = run("extract", "--rules", tmp_path / "mine", document)
    assert ran.code == 78, ran.err
    assert not ran.out
    told = faults(ran.err)
    assert [m for m in told if m["file"] == "mine/broken.yaml" and int(m["line"]) == line and message in m["message"]], ran.err
    assert all(int(m["column"]) >= 1 for m in told)
    assert "Traceback" not in ran.err
    assert ran.err.splitlines()[-1] == f"inventory: the rules have {len(told)} fault(s)"


def test_all_faults_of_all_files_are_told_in_one_go(base: Path, tmp_path: Path, run: Callable[..., Ran]) -> None:
    write_pack(
        tmp_path / "mine",
        {
            "one.yaml": TOP + "  - {name: A}\n  - {id: b, name: B, colour: red}\n",
            "two.yaml": "nothing: here\n",
            "three.yaml": TOP + "\t- x\n",
        },
    )
    ran = run("rules", "check", "--rules", tmp_path / "mine")
    assert ran.code == 78
    assert [(m["file"], int(m["line"])) for m in faults(ran.err)] == [
        ("mine/one.yaml", 5),
        ("mine/one.yaml", 6),
        ("mine/three.yaml", 5),
        ("mine/two.yaml", 1),
    ]


def test_rules_that_are_no_folder(base: Path, tmp_path: Path, run: Callable[..., Ran]) -> None:
    ran = run("rules", "check", "--rules", tmp_path / "nowhere")
    assert ran.code == 78
    assert "is not a folder" in ran.err


@pytest.mark.parametrize("command", ["check", "test", "stats", "show"])
def test_every_rules_command_tells_faults_the_same_way(command: str, base: Path, tmp_path: Path, run: Callable[..., Ran]) -> None:
    write_pack(tmp_path / "mine", {"broken.yaml": TOP + "  - {name: A}\n"})
    args = ["show", "t-72"] if command == "show" else [command]
    ran = run("rules", *args, "--rules", tmp_path / "mine")
    assert ran.code == 78
    assert faults(ran.err)[0]["message"] == "key 'id' is missing"


def test_the_installed_command_ends_the_same_way(tmp_path: Path) -> None:
    write_pack(tmp_path / "mine", {"broken.yaml": TOP + "  - {name: A}\n"})
    environment = {**os.environ, "INVENTORY_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "inventory", "extract", "--rules", str(tmp_path / "mine"), "-"]
    ran = subprocess.run(command, input="Two T-72 tanks.", capture_output=True, text=True, env=environment, check=False)
    assert ran.returncode == 78
    assert faults(ran.stderr)[0]["file"] == "mine/broken.yaml"
    assert not ran.stdout
