"""What the documents say of the program is so: commands, columns, examples, links."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import click
import pytest
import typer

from inventory.model import FACT_COLUMNS, MENTION_COLUMNS, STATUSES, Fact

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "seeds/README.md"])
TEXT = {page: page.read_text(encoding="utf-8") for page in PAGES}
README = TEXT[ROOT / "README.md"]
# Words in code that begin with the command and are no call of it.
_CALL = re.compile(r"(?:^|`|\.sh )inventory ((?:[a-z]+ ?)+)", re.MULTILINE)
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def commands(group: click.Command, name: str = "") -> dict[str, click.Command]:
    """Every command that does something, by its full name."""
    inner = getattr(group, "commands", None)
    if inner is None:
        return {name: group}
    return {full: command for key, sub in inner.items() for full, command in commands(sub, f"{name} {key}".strip()).items()}


@pytest.fixture(scope="module")
def known() -> dict[str, click.Command]:
    from inventory.cli import app

    return commands(typer.main.get_command(app))


def named(text: str) -> set[str]:
    """The first words after each `inventory` that stands where a call of the command would."""
    return {" ".join(match[1].split()) for match in _CALL.finditer(text)}


def test_every_command_that_a_page_names_exists(known: dict[str, click.Command]) -> None:
    groups = {name.split()[0] for name in known if " " in name}
    for page, text in TEXT.items():
        for call in named(text):
            words = call.split()
            name = " ".join(words[:2]) if words[0] in groups else words[0]
            assert name in known or (name in groups and len(words) == 1), f"{page.name} names 'inventory {call}', which is no command"


def test_every_command_is_documented(known: dict[str, click.Command]) -> None:
    calls = " | ".join(call for text in TEXT.values() for call in named(text))
    for name in known:
        assert re.search(rf"(?<!\w){name}(?!\w)", calls), f"no page shows 'inventory {name}'"


def test_every_option_that_the_readme_shows_exists(known: dict[str, click.Command]) -> None:
    real = {flag for command in known.values() for option in command.params for flag in (*option.opts, *option.secondary_opts)} | {"--help"}
    for flag in re.findall(r"(?<![\w-])--[a-z][a-z-]+", README):
        assert flag in real, f"the README shows {flag}, which no command takes"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(TEXT[page]):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}, which is not there"


def test_scripts_that_pages_name_exist() -> None:
    for page, text in TEXT.items():
        for name in re.findall(r"\b(?:bash|python) ((?:scripts|benchmarks|rules|\.ci)/[\w/.-]+|\.ci/run)", text):
            assert (ROOT / name).is_file(), f"{page.name} names {name}, which is not there"


def test_exit_codes_of_the_readme_are_those_of_the_command() -> None:
    from inventory import cli_rules, cli_shared

    told = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    real = {value for module in (cli_rules, cli_shared) for name, value in vars(module).items() if name.startswith("EXIT_")}
    assert told == real | {0}


def test_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = [body for language, body in _BLOCK.findall(README) if language == "python"]
    assert blocks
    for body in blocks:
        exec(compile(body, "README.md", "exec"), {})


def test_facts_page_explains_every_column_status_and_factor() -> None:
    from inventory.extraction.confidence import SCORES

    page = TEXT[ROOT / "docs/facts.md"]
    for column in (*FACT_COLUMNS, *MENTION_COLUMNS):
        assert f"`{column.name}`" in page, f"docs/facts.md does not explain {column.name}"
    for status in STATUSES:
        assert f"`{status}`" in page, f"docs/facts.md does not name the status {status}"
    told = {flag: float(factor) for flag, factor in re.findall(r"^\| `([a-z-]+)` \| ([\d.]+) \|", page, re.MULTILINE)}
    flags = {"weak": "weak-name", "unknown": "unknown-designator"}
    for name, factor in SCORES.items():
        assert told.get(flags.get(name, name)) == factor, f"docs/facts.md gives another factor for {name}"


def test_rules_page_explains_every_placeholder() -> None:
    from inventory.rulebook.kinds import KIND_NAMES, KIND_SETS

    page = TEXT[ROOT / "docs/rules.md"]
    for name in (*KIND_NAMES.values(), *KIND_SETS):
        assert f"{{{name}}}" in page, f"docs/rules.md does not explain {{{name}}}"


def test_yaml_of_the_rules_page_fits_the_models_and_the_pack(tmp_path: Path) -> None:
    from inventory.rulebook.files import read_file

    blocks = [body for language, body in _BLOCK.findall(TEXT[ROOT / "docs/rules.md"]) if language == "yaml"]
    assert len(blocks) >= 6
    for number, body in enumerate(blocks):
        path = tmp_path / f"block-{number}.yaml"
        path.write_text(body, encoding="utf-8")
        file, faults = read_file(path, path.name, "docs")
        assert file is not None, "\n".join(map(str, faults))
        shown = re.match(r"# (rules/\S+)", body)
        if shown:
            real = (ROOT / shown[1]).read_text(encoding="utf-8")
            for ident in re.findall(r"\bid: ([\w-]+)", body):
                assert re.search(rf"\bid: {ident}\b", real), f"docs/rules.md shows {ident}, which {shown[1]} does not have"


def test_tank_of_the_rules_page_is_found(tmp_path: Path) -> None:
    import inventory
    from inventory.ruletest import run_rule_tests

    block = next(body for language, body in _BLOCK.findall(TEXT[ROOT / "docs/rules.md"]) if language == "yaml")
    (tmp_path / "lapwing.yaml").write_text(block, encoding="utf-8")
    facts = inventory.extract("The army ordered twelve Lapwing tanks.", inventory.load_rulebook(tmp_path, cache=False))
    assert [(fact.item, fact.count_min, fact.status) for fact in facts] == [("Lapwing-3", 12, "ordered")]
    mine = [failure for failure in run_rule_tests(tmp_path).failures if failure.file.endswith("lapwing.yaml")]
    assert not mine, "\n".join(map(str, mine))


def bounds(low: object, high: object) -> str:
    return f"{'' if low is None else low}..{'' if high is None else high}"


def cells(fact: Fact) -> dict[str, str]:
    """The cells of a row by the short names of docs/language.md."""
    return {
        "item": fact.item,
        "count": bounds(fact.count_min, fact.count_max),
        "basis": fact.count_basis,
        "actor": str(fact.actor_id),
        "counterparty": f"{fact.counterparty_id} {fact.counterparty_role}",
        "place": str(fact.place),
        "relation": str(fact.place_relation),
        "status": fact.status,
        "modality": fact.modality,
        "claimant": str(fact.claimant),
        "date": bounds(fact.date_start, fact.date_end),
    }


@pytest.mark.parametrize("block", [body for language, body in _BLOCK.findall(TEXT[ROOT / "docs/language.md"]) if language == "reading"])
def test_examples_of_the_language_page_are_so(block: str) -> None:
    import inventory

    text, *rows = block.strip().splitlines()
    facts = list(inventory.extract([inventory.Document(text, published=dt.date(2024, 5, 14))]))
    assert len(facts) == len(rows), [cells(fact) for fact in facts]
    for row, fact in zip(rows, facts, strict=True):
        wanted = dict(part.split("=", 1) for part in row.removeprefix("- ").split("; "))
        assert set(wanted.pop("rules", "").split()) <= set(fact.rules.split()), fact.rules
        assert cells(fact).items() >= wanted.items(), cells(fact)


def test_files_and_rules_that_the_language_page_names_exist() -> None:
    page = TEXT[ROOT / "docs/language.md"]
    for pattern in re.findall(r"`(rules/[\w/*.-]+)`", page):
        assert list(ROOT.glob(pattern)), f"docs/language.md names {pattern}, which is not there"
    known = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "rules").rglob("*.yaml"))
    for ident in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", page):
        assert re.search(rf"\b{ident}\b", known) or ident in TEXT[ROOT / "docs/facts.md"], (
            f"docs/language.md names {ident}, which is no rule"
        )
