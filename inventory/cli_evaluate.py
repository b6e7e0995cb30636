"""The command `inventory evaluate`: read expectations, extract, score, print; no logic.

Exit codes: 0 done (whatever the figures), 64 wrong usage, 73 output cannot be written, 78 rules cannot be used.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inventory.cli_rules import UsageFault

if TYPE_CHECKING:
    from inventory.evaluate import Change, Scores, Tally

GoldPaths = Annotated[list[str], typer.Argument(metavar="GOLD...", help="Folders, or files NAME.expected.yaml beside their documents.")]
Against = Annotated[Path | None, typer.Option("--against", metavar="BASELINE.json", help="Show gains and losses since this saved result.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Save the result as JSON.")]
Errors = Annotated[bool, typer.Option("--errors", help="List every error.")]
RulesDir = Annotated[Path | None, typer.Option("--rules", metavar="DIR", help="Your own rule folder, laid over the shipped pack.")]


def evaluate(gold: GoldPaths, against: Against = None, output: Output = None, errors: Errors = False, rules: RulesDir = None) -> None:
    """Measure extraction against what a careful reader put down."""
    from inventory.api import extract
    from inventory.evaluate import evaluate as score
    from inventory.gold import GoldError, read_gold
    from inventory.report.atomic import atomic_path
    from inventory.rulebook.load import load_rulebook

    before = _read_baseline(against) if against is not None else None
    try:
        wanted = read_gold(gold)
    except GoldError as error:
        raise UsageFault(f"the expectations have {len(error.faults)} fault(s)\n{error}") from None
    facts = extract(wanted.documents, load_rulebook(rules))
    scores = score(wanted.facts, list(facts))
    dirty = {fact.doc_id for fact in facts} & set(wanted.empty)
    _print_scores(scores)
    typer.echo(f"documents without facts left clean: {len(wanted.empty) - len(dirty)} of {len(wanted.empty)}")
    if errors:
        _print_lines("\nerrors", scores.errors)
    if before is not None:
        _print_change(scores, before)
    if output is not None:
        with atomic_path(output) as temporary:
            temporary.write_text(json.dumps(scores.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _read_baseline(path: Path) -> dict[str, Any]:
    from inventory.evaluate import compare

    try:
        before = json.loads(path.read_text(encoding="utf-8"))
        compare([], before["errors"])
        float(before["core_share"]), float(before["facts"]["f1"])
    except OSError as error:
        raise UsageFault(f"{path} cannot be read ({error.strerror}) — name a file that -o wrote") from None
    except (ValueError, KeyError, TypeError):
        raise UsageFault(f"{path} is no saved result — write one with inventory evaluate GOLD -o {path.name}") from None
    if not isinstance(before, dict):
        raise UsageFault(f"{path} is no saved result — write one with inventory evaluate GOLD -o {path.name}")
    return before


def _print_scores(scores: Scores) -> None:
    typer.echo(f"{'':<20} {'precision':>9} {'recall':>7} {'F1':>6}  {'right':>5} {'asked':>5} {'given':>5}")
    _print_row("facts", scores.facts)
    for title, tallies in (("by kind", scores.kinds), ("by field, of the facts found or missed", scores.fields)):
        typer.echo(f"\n{title}")
        for name, tally in tallies.items():
            _print_row(name, tally)
    typer.echo(f"\ncore (count, actor, place, status, modality all right): {scores.core_share:.3f} of {scores.facts.expected} asked for")
    causes = [f"{len(scores.errors_of(cause))} {cause}" for cause in ("missed", "invented")]
    typer.echo(f"errors: {', '.join(causes)}, {len(scores.errors_of('wrong'))} wrong fields")


def _print_row(name: str, tally: Tally) -> None:
    shares = f"{tally.precision:>9.3f} {tally.recall:>7.3f} {tally.f1:>6.3f}"
    typer.echo(f"{name:<20} {shares}  {tally.right:>5} {tally.expected:>5} {tally.given:>5}")


def _print_change(scores: Scores, before: dict[str, Any]) -> None:
    from inventory.evaluate import compare

    change: Change = compare(scores.errors, before["errors"])
    f1, core = scores.f1 - before["facts"]["f1"], scores.core_share - before["core_share"]
    typer.echo(f"\nagainst the baseline: F1 {f1:+.3f}, core {core:+.3f}, {len(change.gains)} errors gone, {len(change.losses)} new")
    _print_lines("gone", change.gains)
    _print_lines("new", change.losses)


def _print_lines(title: str, items: Iterable[object]) -> None:
    lines = [f"  {item}" for item in items]
    if lines:
        typer.echo("\n".join((title, *lines)))
