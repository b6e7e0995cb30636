"""The command `inventory evaluate`: read expectations, extract, score, print; no logic.

Exit codes: 0 done (whatever the figures), 64 wrong usage, 73 output cannot be written, 78 rules cannot be used.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inventory.cli_shared import UsageFault

if TYPE_CHECKING:
    from inventory.evaluate import Change, Scores, Tally
    from inventory.gold import Gold
    from inventory.model import Fact
    from inventory.quality import Reliability

GoldPaths = Annotated[list[str], typer.Argument(metavar="GOLD...", help="Folders, or files NAME.expected.yaml beside their documents.")]
Against = Annotated[Path | None, typer.Option("--against", metavar="BASELINE.json", help="Show gains and losses since this saved result.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Save the result as JSON.")]
Errors = Annotated[bool, typer.Option("--errors", help="List every error, by cause.")]
RulesDir = Annotated[Path | None, typer.Option("--rules", metavar="DIR", help="Your own rule folder, laid over the shipped pack.")]


By = Annotated[bool, typer.Option("--by", help="Add a table of the phenomena that the expectations name.")]
Calibration = Annotated[bool, typer.Option("--calibration", help="Compare the confidence of the rows with how many are right.")]
Examples = Annotated[int, typer.Option("--examples", metavar="N", min=0, help="Show the first N errors of each cause.")]


def evaluate(
    gold: GoldPaths,
    against: Against = None,
    output: Output = None,
    by: By = False,
    calibration: Calibration = False,
    examples: Examples = 0,
    errors: Errors = False,
    rules: RulesDir = None,
) -> None:
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
    facts = list(extract(wanted.documents, load_rulebook(rules)))
    scores = score(wanted.facts, facts)
    print_result(wanted, facts, scores, by=by, calibration=calibration, examples=None if errors else examples)
    if before is not None:
        _print_change(scores, before)
    if output is not None:
        with atomic_path(output) as temporary:
            temporary.write_text(json.dumps(scores.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def print_result(gold: Gold, facts: list[Fact], scores: Scores, *, by: bool, calibration: bool, examples: int | None) -> None:
    """Print all tables; `examples` is how many errors of each cause to show, `None` for all."""
    from inventory.quality import count_clean, judge_facts, measure_reliability, score_phenomena

    _print_scores(scores)
    clean, empty = count_clean(gold, facts)
    typer.echo(f"documents without facts left clean: {clean} of {empty}")
    _print_causes(scores, examples)
    if by:
        _print_phenomena(score_phenomena(gold, facts), gold)
    if calibration:
        _print_reliability(measure_reliability(judge_facts(gold, facts)))


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


def _print_causes(scores: Scores, examples: int | None) -> None:
    from inventory.quality import group_errors

    causes = [f"{len(scores.errors_of(cause))} {cause}" for cause in ("missed", "invented")]
    typer.echo(f"errors: {', '.join(causes)}, {len(scores.errors_of('wrong'))} wrong fields")
    for cause in group_errors(scores.errors):
        _print_lines(f"{cause.name:<24} {len(cause.errors):>5}", cause.errors[:examples], always=True)


def _print_phenomena(found: dict[str, Scores], gold: Gold) -> None:
    typer.echo(
        f"\n{'by phenomenon':<20} {'precision':>9} {'recall':>7} {'F1':>6} {'core':>6}  {'right':>5} {'asked':>5} {'given':>5} {'items':>5}"
    )
    items = Counter(name for names in gold.phenomena.values() for name in names)
    for name, scores in found.items():
        tally = scores.facts
        shares = [tally.precision, tally.recall, tally.f1, scores.core_share] if tally.expected else [None] * 4
        cells = " ".join(f"{'–' if one is None else format(one, '.3f'):>{width}}" for one, width in zip(shares, (9, 7, 6, 6), strict=True))
        typer.echo(f"{name:<20} {cells}  {tally.right:>5} {tally.expected:>5} {tally.given:>5} {items[name]:>5}")


def _print_reliability(found: Reliability) -> None:
    typer.echo(f"\n{'confidence':<12} {'rows':>5} {'mean':>6} {'right':>6} {'matched':>8}")
    for one in found.bins:
        typer.echo(f"{one.low:.1f}–{one.high:.1f}{'':<5} {one.rows:>5} {one.confidence:>6.3f} {one.right:>6.3f} {one.matched:>8.3f}")
    typer.echo(
        f"mean distance from the share right: {found.error:.3f}; Brier score {found.brier:.3f}, of one constant {found.brier_constant:.3f}"
    )


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


def _print_lines(title: str, items: Iterable[object], *, always: bool = False) -> None:
    lines = [f"  {item}" for item in items]
    if lines or always:
        typer.echo("\n".join((title, *lines)))
