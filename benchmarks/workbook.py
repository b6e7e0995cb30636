"""Time and memory of a large workbook, beside openpyxl's write-only mode with the same plain cells in the same run.

    python benchmarks/workbook.py [--smoke] [--facts N] [--job]

The facts are made on the spot (a fixed seed, so every run writes the same). Each way runs in a process of its own; its peak memory holds
the facts and the interpreter. *facts only* is what openpyxl takes for the cells of the sheet Facts alone, *all cells* for those of
all sheets, without formats, links, widths, tables or charts. `--job` is a later run of a job: a thousand facts to review instead of all.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from inventory.model import Fact
from inventory.records import Change, Known, RunRecord
from inventory.table import DocumentRow, Facts

SIDES = [("Russia", "RUS"), ("Ukraine", "UKR"), ("Poland", "POL"), ("United States", "USA"), ("Iran", "IRN"), ("China", "CHN")]
CATEGORIES = [("aircraft/fighter", "air"), ("armour/tank", "land"), ("ship/frigate", "sea"), ("air-defence/sam", "land")]
STATUSES = ("deployed", "massed", "delivered", "pledged", "destroyed", "in_service", "mentioned")
MODALITIES = ("asserted", "asserted", "asserted", "possible", "planned", "denied")
RUN = RunRecord("20260308T060000Z-7c1e", "daily", "2026-03-08T06:00:00Z", None, "done", "1.0+ab", "0.1.0", 5_000, 100_000, 0, 50, 0)


def make_facts(number: int, seed: int = 7) -> Facts:
    """`number` facts of a document each twenty; every fact has its own sentence and most columns filled."""
    rng = random.Random(seed)
    items = [(f"Kestrel-{index}", *rng.choice(CATEGORIES)) for index in range(400)]
    places = [(f"Northford {index}", rng.uniform(-60, 70), rng.uniform(-180, 180)) for index in range(800)]
    facts = []
    for index in range(number):
        item, category, domain = rng.choice(items)
        place, lat, lon = rng.choice(places)
        actor, actor_id = rng.choice(SIDES)
        count = rng.randint(1, 400)
        day = dt.date(2026, 1, 1) + dt.timedelta(days=rng.randint(0, 60))
        evidence = (
            f"{actor} has moved {count} {item} aircraft from depot {index} to {place}, two officials said on {day:%d %B}, after a week."
        )
        start = evidence.index(item)
        facts.append(
            Fact(
                f"F{index:013d}", "equipment", item, item.lower(), item, category, domain, count, count, str(count), "exact",
                "item", "stock",
                actor, actor_id, actor, None, None, None, f"{index % 90}th Brigade", "brigade", place, f"{index % 800}", place, "near",
                "North Province", "UKR", lat, lon, "city", day, day, f"{day:%d %B}", "stated", rng.choice(STATUSES), "moved", None,
                rng.choice(MODALITIES), None, None, None, "two officials", "two officials", actor_id, "variant=B3", 0.87,
                "generic", "link.count-item frame.move cue.said", evidence, start, start + len(item),
                {"item": [start, start + len(item)], "count": [start - 4, start - 1]}, f"doc-{index // 20}.txt", f"Movements {index // 20}",
                f"Gazette {index // 20 % 60}", f"https://example.org/{index // 20}", day, f"{index // 20:064x}", "0.1.0+21f6eafac57a",
            )
        )  # fmt: skip
    documents = [
        DocumentRow(
            f.doc_id, f.doc_id, f.title, f.source, f.url, f.published, None, "en", "text", f.text_sha256, f.text_sha256, 900, 20, "read",
            None,
        )
        for f in facts[::20]
    ]  # fmt: skip
    return Facts(facts, documents)


def make_known(facts: Facts, job: bool) -> Known | None:
    """What a later run of a job knows: a thousand new facts."""
    if not job:
        return None
    changes = (
        Change("new", "source", f.fact_id, f.kind, f.item, f.actor, f.place, f.status, None, None, None, f.source, f.evidence)
        for f in facts[:1000]
    )
    return Known(run=RUN, previous=RUN, changes=tuple(changes))


def write_ours(number: int, job: bool, path: Path) -> float:
    from inventory.report.workbook import write_workbook

    facts = make_facts(number)
    known = make_known(facts, job)
    begin = time.perf_counter()
    write_workbook(facts, path, known=known)
    return time.perf_counter() - begin


def write_plain(number: int, job: bool, path: Path, only: str | None = None) -> float:
    """The same cells by openpyxl's write-only mode; making the rows is not counted."""
    from openpyxl.workbook.workbook import Workbook

    from inventory.report.cells import Link, Rich, plain_text
    from inventory.report.layout import Sheet
    from inventory.report.sheets import build_sheets

    facts = make_facts(number)
    sheets = build_sheets(facts, make_known(facts, job) or Known(), max_rows=1_048_576)
    taken = 0.0
    book = Workbook(write_only=True)
    for sheet in sheets:
        if not isinstance(sheet, Sheet) or (only and sheet.name != only):
            continue
        page = book.create_sheet(sheet.name)
        for row in sheet.rows(0, sheet.count):
            cells = [plain_text(value) if isinstance(value, Rich | Link) else value for value in row]
            begin = time.perf_counter()
            page.append(cells)
            taken += time.perf_counter() - begin
    begin = time.perf_counter()
    book.save(path)
    return taken + time.perf_counter() - begin


def measure(write: Callable[..., float], *given: Any) -> tuple[float, float, int]:
    """Seconds, peak memory in MB and size of the file in bytes, of a process that does this one thing."""
    with tempfile.TemporaryDirectory() as folder, multiprocessing.get_context("spawn").Pool(1) as pool:
        path = Path(folder, "report.xlsx")
        seconds, peak = pool.apply(_measured, (write, *given[:2], path, *given[2:]))
        return seconds, peak, path.stat().st_size


def _measured(write: Callable[..., float], *given: Any) -> tuple[float, float]:
    seconds = write(*given)
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description="Time and memory of a large workbook, beside openpyxl write-only.")
    parser.add_argument("--facts", type=int, default=100_000)
    parser.add_argument("--smoke", action="store_true", help="two thousand facts")
    parser.add_argument("--job", action="store_true", help="a later run: a thousand facts to review instead of all")
    given = parser.parse_args()
    number = 2_000 if given.smoke else given.facts
    ours = measure(write_ours, number, given.job)
    print(f"{number:,} facts, {'a later run' if given.job else 'a first run'}")
    print(f"write_workbook           {ours[0]:7.1f} s  {ours[1]:6.0f} MB peak  {ours[2] / 1e6:6.1f} MB file")
    for name, only in (("facts only", "Facts"), ("all cells", None)):
        plain = measure(write_plain, number, given.job, only)
        print(f"openpyxl, {name:<12}   {plain[0]:7.1f} s  {plain[1]:6.0f} MB peak  ratio {ours[0] / plain[0]:.2f}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
