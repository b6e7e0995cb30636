"""The commands `inventory rules …`: check, test, count and show rules; parse, call one function, print.

Exit codes: 0 nothing found, 1 findings or failed examples, 64 wrong usage, 73 output cannot be written, 78 rules cannot be used.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from inventory.cli_shared import UsageFault

EXIT_FOUND = 1


rules_app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, help="Check, test, count and show rules.")

RulesDir = Annotated[Path | None, typer.Option("--rules", metavar="DIR", help="Your own rule folder, laid over the shipped pack.")]


@rules_app.command()
def check(rules: RulesDir = None) -> None:
    """Read every rule file; report faults (exit 78), then what is doubtful (exit 1)."""
    from inventory.rulebook.compile import compile_sections
    from inventory.rulebook.lint import lint_packs
    from inventory.rulebook.packs import pack_folders
    from inventory.rulebook.sections import read_packs

    folders = pack_folders(rules)
    sections = read_packs(folders)
    payload = compile_sections(sections, folders)
    findings = lint_packs(sections, folders)
    for finding in findings:
        typer.echo(str(finding))
    rows = sum(payload.counts.values())
    typer.echo(f"{len(findings)} findings in {rows} entries and rules ({payload.version}+{payload.digest})")
    if findings:
        raise typer.Exit(EXIT_FOUND)


@rules_app.command()
def test(rules: RulesDir = None) -> None:  # noqa: PT028
    """Run the examples and rejects that the rule files carry."""
    from inventory.ruletest import run_rule_tests

    result = run_rule_tests(rules)
    for failure in result.failures:
        typer.echo(str(failure))
    typer.echo(f"{result.passed} passed, {len(result.failures)} failed")
    if result.failures:
        raise typer.Exit(EXIT_FOUND)


@rules_app.command()
def schema(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Folder to write one file a kind to; else all to standard output.")
    ] = None,
) -> None:
    """Write the JSON Schema of each kind of rule file, which editors complete from."""
    import json

    from inventory.rulebook.describe import schemas

    made = schemas()
    if output is None:
        typer.echo(json.dumps(made, indent=2, ensure_ascii=False))
        return
    from inventory.report.atomic import atomic_path

    output.mkdir(parents=True, exist_ok=True)
    for kind, body in made.items():
        with atomic_path(output / f"{kind}.schema.json") as temporary:
            temporary.write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", "utf-8")
        typer.echo(f"{output / f'{kind}.schema.json'}")


@rules_app.command()
def stats(rules: RulesDir = None) -> None:
    """Count entries, names and rules by kind."""
    from inventory.rulebook.describe import count_names
    from inventory.rulebook.load import load_rulebook

    book = load_rulebook(rules)
    rows = {**book.stats(), **count_names(book)}
    width = max(map(len, rows))
    for key, number in rows.items():
        typer.echo(f"{key:<{width}}  {number:>9,}")
    typer.echo(f"{'version':<{width}}  {book.stamp}")


@rules_app.command()
def new(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="A gazetteer (equipment, unit, class, actor, place, operation) or token, cue, link.")
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name of the entry, or the id of the rule.")],
) -> None:
    """Print an entry to fill in; it begins a file of its own, or its last lines go into one that exists."""
    from inventory.rulebook.scaffold import SCAFFOLDS, scaffold

    if kind not in SCAFFOLDS:
        raise UsageFault(f"{kind!r} is no kind of entry — use one of: {', '.join(SCAFFOLDS)}")
    typer.echo(scaffold(kind, name), nl=False)


@rules_app.command()
def show(
    ident: Annotated[str, typer.Argument(metavar="ID", help="Id of an entry, category or rule.")],
    rules: RulesDir = None,
) -> None:
    """Show an entry or rule as compiled, with its spellings and the line it comes from."""
    from inventory.rulebook.describe import describe

    lines = describe(ident, rules)
    if not lines:
        raise UsageFault(f"no entry, category or rule has the id {ident!r} — look for it in the rule files")
    for line in lines:
        typer.echo(line)
