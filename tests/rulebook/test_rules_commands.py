# ruff: noqa: E501 - tables of broken files, one a line
"""The commands `inventory rules …` on a small pack."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rulebook_support import Ran, write_pack

from inventory.rulebook.scaffold import SCAFFOLDS

TOP = "gazetteer: equipment\ncategory: armour/tank\nsource: mine\nentries:\n"


def test_check_of_a_clean_pack(base: Path, run: Callable[..., Ran]) -> None:
    ran = run("rules", "check")
    assert ran.code == 0
    assert ran.out.startswith("0 findings in ")


FINDINGS = {
    "claimed twice": (TOP + "  - {id: a, name: Zeta-9}\n  - {id: b, name: Beta-9, aliases: [Zeta 9]}\n", 6, "is claimed by 'a' too"),
    "claimed by a shipped entry": (TOP + "  - {id: a, name: Zeta-9, aliases: [T-72]}\n", 5, "is claimed by 't-72' too"),
    "everyday word": (TOP + "  - {id: a, name: Zeta-9, aliases: [Lightning]}\n", 5, "is an everyday English word"),
    "never found": (TOP + "  - {id: a, name: Zeta-9}\n  - {id: b, name: ZETA 9}\n", 6, "can never be found: a takes all its names"),
    "unguarded": (TOP + "  - {id: a, name: X-99, aliases: [\u0425-99], weak: [X-99], examples: [{text: An X-99 tank., found: X-99}], rejects: [The X-99 camera.]}\n", 5, "counts unguarded"),
    "same pattern": (
        "links: fact\nrules:\n" + "".join(
            f"  - {{id: r{n}, priority: {n}, pattern: '{{count}} {{item}}', examples: [{{text: 12 T-72s, found: {{count_min: 12}}}}], rejects: [T-72]}}\n" for n in (1, 2)),
        3, "rule 'r1' is never reached: 'r2'"),
    "own pseudo": ("cues: modality\nsource: mine\nrules:\n  - {id: c, value: denied, words: [denies that], pseudo: [Denies that]}\n", 4, "never counts"),
    "two values": ("cues: modality\nsource: mine\nrules:\n  - {id: c, value: denied, words: [spoke of]}\n  - {id: d, value: possible, words: [spoke of]}\n", 5, "stands for 'denied' in 'c' too"),
    "no source": ("cues: modality\nrules:\n  - {id: c, value: denied, words: [spoke of]}\n", 3, "has no source"),
}  # fmt: skip


@pytest.mark.parametrize("name", FINDINGS)
def test_check_tells_what_is_doubtful(name: str, base: Path, tmp_path: Path, run: Callable[..., Ran]) -> None:
    body, line, message = FINDINGS[name]
    write_pack(base, {"common-english.txt": "# words\nlightning\nleopard\n"})
    write_pack(tmp_path / "mine", {"a.yaml": body})
    ran = run("rules", "check", "--rules", tmp_path / "mine")
    assert ran.code == 1, ran
    assert any(told.startswith(f"mine/a.yaml:{line}:") and message in told and " — " in told for told in ran.out.splitlines()), ran.out


def test_test_counts_what_holds_and_what_does_not(base: Path, tmp_path: Path, run: Callable[..., Ran]) -> None:
    ran = run("rules", "test")
    assert (ran.code, ran.out) == (0, "2 passed, 0 failed\n")
    body = (
        TOP
        + "  - id: a\n    name: Zeta-9\n    examples:\n      - {text: A Zeta-9 burnt., found: Zeta-9}\n      - {text: A Zeta-8 burnt., found: Zeta-8}\n    rejects: [No zeta-9.]\n"
    )
    write_pack(tmp_path / "mine", {"a.yaml": body})
    ran = run("rules", "test", "--rules", tmp_path / "mine")
    assert ran.code == 1
    assert ran.out.splitlines()[-1] == "3 passed, 2 failed"
    assert ran.out.startswith("mine/a.yaml:9: a: 'A Zeta-8 burnt.' — expected a at 'Zeta-8'; got ")


def test_an_entry_is_found_by_what_rolls_up_to_it(base: Path, tmp_path: Path, run: Callable[..., Ran]) -> None:
    body = TOP + (
        "  - {id: a, name: Zeta, examples: [{text: A Zeta-9M1 burnt., found: Zeta-9M1}]}\n"
        "  - {id: b, name: Zeta-9, family: a}\n  - {id: c, name: Zeta-9M1, family: b}\n"
    )
    write_pack(tmp_path / "mine", {"a.yaml": body})
    assert run("rules", "test", "--rules", tmp_path / "mine").code == 0


def test_schema_is_json_schema_a_kind(base: Path, tmp_path: Path, run: Callable[..., Ran]) -> None:
    assert run("rules", "schema", "-o", tmp_path / "schemas").code == 0
    made = {path.name: json.loads(path.read_text("utf-8")) for path in (tmp_path / "schemas").iterdir()}
    assert set(made) == {f"{kind}.schema.json" for kind in ("taxonomy", "gazetteer", "tokens", "cues", "links", "words", "pack")}
    assert made["gazetteer.schema.json"]["additionalProperties"] is False
    assert "class" in made["gazetteer.schema.json"]["$defs"]["EntryModel"]["properties"]
    assert set(json.loads(run("rules", "schema").out)) == {name.split(".")[0] for name in made}


def test_stats_are_aligned_and_have_totals(base: Path, run: Callable[..., Ran]) -> None:
    lines = run("rules", "stats").out.splitlines()
    assert "gazetteer equipment          2" in lines
    assert any(line.split() == ["total", "entries", "4"] for line in lines)
    assert lines[-1].split()[0] == "version"
    assert len({len(line) for line in lines[:-1]}) == 1


@pytest.mark.parametrize("kind", SCAFFOLDS)
@pytest.mark.parametrize("name", ["Zorblatt 9", "d'Aguilar: the #1", "Ørn-5", "'", "日本"])
def test_a_scaffold_loads_as_printed(kind: str, name: str, base: Path, tmp_path: Path, run: Callable[..., Ran]) -> None:
    taxonomy = (base / "taxonomy.yaml").read_text(
        "utf-8"
    ) + "  - {id: unit/brigade, domain: mixed, oryx: none, iiss: none, app6: Brigade}\n"
    write_pack(base, {"taxonomy.yaml": taxonomy})
    ran = run("rules", "new", kind, name)
    assert ran.code == 0
    write_pack(tmp_path / "mine", {"new.yaml": ran.out})
    checked = run("rules", "check", "--rules", tmp_path / "mine")
    assert checked.code == 0, checked


def test_new_of_an_unknown_kind(run: Callable[..., Ran]) -> None:
    ran = run("rules", "new", "spaceship", "X")
    assert ran.code == 64
    assert "use one of: equipment, unit" in ran.err


def test_show_an_entry(base: Path, run: Callable[..., Ran]) -> None:
    ran = run("rules", "show", "leopard-2")
    assert ran.code == 0
    assert "    leopard (weak, capital)" in ran.out.splitlines()
    assert "base/gazetteers/tanks.yaml:6" in ran.out
    assert "Ten Leopard tanks burnt. → Leopard" in ran.out


def test_show_what_is_not_there(base: Path, run: Callable[..., Ran]) -> None:
    ran = run("rules", "show", "nobody")
    assert ran.code == 64
    assert "'nobody'" in ran.err
