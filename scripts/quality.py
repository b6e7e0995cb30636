"""Measure the rules on the project's gold, print every table, and hold the floors of tests/floors.yaml.

`python scripts/quality.py` ends with 1 if a figure is below its floor; `--raise` brings the floors up to just under the figures.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import yaml

from inventory.api import extract
from inventory.cli_evaluate import print_result
from inventory.evaluate import evaluate
from inventory.gold import read_gold
from inventory.quality import check_floors, measure_figures, raise_floors
from inventory.rulebook.load import load_rulebook

ROOT = Path(__file__).resolve().parents[1]
SETS = {"seeds": ROOT / "seeds", "corpus": ROOT / "tests/corpus"}
FLOORS = ROOT / "tests/floors.yaml"
HEAD = """\
# What extraction must not fall below on seeds/ and tests/corpus/: F1, core share, share of documents without facts left clean.
# They only go up: python scripts/quality.py --raise. Never lower one without saying why.
"""
# How far under what was reached a floor is set.
BELOW = 0.005


def main() -> int:
    """Measure each set; the exit code is 1 if a floor does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--raise", action="store_true", dest="lift", help="bring the floors up to just under the figures")
    arguments = parser.parse_args()
    floors: dict[str, dict[str, float]] = yaml.safe_load(FLOORS.read_text(encoding="utf-8"))
    book, missed, raised = load_rulebook(), [], {}
    for name, folder in SETS.items():
        gold = read_gold([folder])
        facts = list(extract(gold.documents, book))
        scores = evaluate(gold.facts, facts)
        print(f"\n== {name}\n")
        print_result(gold, facts, scores, by=True, calibration=True, examples=0)
        figures = measure_figures(gold, facts, scores)
        missed += [f"{name}: {line}" for line in check_floors(figures, floors[name])]
        raised[name] = raise_floors(figures, floors[name], BELOW)
    if arguments.lift:
        FLOORS.write_text(HEAD + yaml.safe_dump(raised, sort_keys=False), encoding="utf-8")
    print("\n" + ("\n".join(missed) or "every floor holds"))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
