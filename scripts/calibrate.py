"""Fit the table of confidence to the project's gold, on one half of its documents, and show how it does on the other.

`python scripts/calibrate.py` prints both; `--write` also writes rules/confidence.yaml. Which half a document is in follows from its id.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from inventory.api import extract
from inventory.extraction.confidence import TABLE, map_product
from inventory.gold import read_gold
from inventory.quality import Judged, Reliability, fit_table, is_held_out, judge_facts, measure_reliability
from inventory.rulebook.load import load_rulebook

ROOT = Path(__file__).resolve().parents[1]
# Rows that each point rests on, at least: with 90 rows a share of one half is known to about ± 0.1.
LEAST = 90
HEAD = """\
# How many rows of a product of factors were right in the project's gold (docs/quality.md): product → confidence, straight between points.
# Written by scripts/calibrate.py; fitted on one half of the documents, measured on the other. {size}
words: confidence
source: the project's own gold, seeds/ and tests/corpus/, read on {day}
tables:
  {table}:
"""


def main() -> None:
    """Read the gold without the table, fit, show, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="write rules/confidence.yaml")
    parser.add_argument("--day", type=dt.date.fromisoformat, default=dt.date.today(), help="day to note in the file")
    arguments = parser.parse_args()
    book = load_rulebook()
    book.values = {name: table for name, table in book.values.items() if name != TABLE}
    gold = read_gold([ROOT / "seeds", ROOT / "tests/corpus"])
    judged = judge_facts(gold, extract(gold.documents, book))
    fitted = [one for one in judged if not is_held_out(one.doc_id)]
    held_out = [one for one in judged if is_held_out(one.doc_id)]
    points = fit_table([(one.confidence, one.right) for one in fitted], LEAST)
    table = tuple((f"{at:g}", f"{value:g}") for at, value in points.items())
    print("product → confidence:", ", ".join(f"{at} → {value}" for at, value in table))
    for title, rows in (("fitted half", fitted), ("held-out half", held_out)):
        show(f"{title}, product", measure_reliability(rows))
        show(f"{title}, mapped", measure_reliability([apply(one, table) for one in rows]))
    if arguments.write:
        size = f"{len(fitted)} rows and {len(held_out)} rows."
        head = HEAD.format(size=size, day=arguments.day.isoformat(), table=TABLE)
        lines = "".join(f'    "{at}": "{value}"\n' for at, value in table)
        (ROOT / "rules/confidence.yaml").write_text(head + lines, encoding="utf-8")


def apply(one: Judged, table: tuple[tuple[str, str], ...]) -> Judged:
    """The row with its confidence mapped."""
    return one._replace(confidence=round(map_product(one.confidence, table), 3))


def show(title: str, found: Reliability) -> None:
    """Print a reliability table as Markdown."""
    print(f"\n{title}: mean distance {found.error:.3f}, Brier {found.brier:.3f}, of one constant {found.brier_constant:.3f}")
    print("| confidence | rows | mean | right | matched |\n|---|---|---|---|---|")
    for one in found.bins:
        print(f"| {one.low:.1f}–{one.high:.1f} | {one.rows} | {one.confidence:.2f} | {one.right:.2f} | {one.matched:.2f} |")


if __name__ == "__main__":
    main()
