"""Every example and reject of the shipped pack holds, and the pack has nothing doubtful in it."""

from __future__ import annotations

from inventory.rulebook.compile import compile_sections, read_packs
from inventory.rulebook.lint import lint_packs, read_words
from inventory.rulebook.packs import pack_folders
from inventory.ruletest import run_rule_tests


def test_every_example_and_reject_holds() -> None:
    result = run_rule_tests()
    assert not result.failures, "\n".join(map(str, result.failures))
    assert result.passed > 2000


def test_nothing_in_the_pack_is_doubtful() -> None:
    folders = pack_folders(None)
    sections = read_packs(folders)
    compile_sections(sections, folders)
    findings = lint_packs(sections, folders)
    assert not findings, "\n".join(map(str, findings))


def test_the_list_of_everyday_words_is_one() -> None:
    words = read_words(pack_folders(None))
    assert len(words) >= 3000
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)
    assert {"leopard", "lightning", "patriot", "storm"} <= words
