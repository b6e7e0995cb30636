"""Run a job over generated documents, kill it, run two at once; print what came of it as JSON. A program of its own, because it forks.

python tests/jobs/killed_jobs.py kill  FOLDER DOCUMENTS KILLS TRIALS SEED
python tests/jobs/killed_jobs.py twice FOLDER DOCUMENTS TIMES SEED
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import re
import shutil
import signal
import sys
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from inventory.cli import main  # noqa: E402
from inventory.jobs import run as jobs_run  # noqa: E402
from inventory.records import Decision  # noqa: E402
from inventory.report.rowcheck import hash_fact  # noqa: E402
from inventory.rulebook.load import load_rulebook  # noqa: E402
from inventory.store import open_store  # noqa: E402
from inventory.store.check import check_store  # noqa: E402

BOOK = load_rulebook()
PLACES = ("Kupiansk", "Kharkiv", "Kherson", "Sevastopol", "Brest", "Mariupol")
THINGS = ("T-72 tanks", "Su-35 fighter jets", "troops", "howitzers", "frigates", "S-400 batteries")
LOCKED = 75
DAYS = 3
JOB = "job: daily\nsources: [../news]\noutputs: [workbook, csv, geojson]\nexpectations: {documents: {min: 1}}\nretention: {reports: 50}\n"
# Attempts of a day differ in the minute, and which of them is shown depends on when it was killed: minutes are made equal to compare.
_MINUTE = re.compile(rb"T05(:?)\d\d(:?)00")


def write_news(folder: Path, texts: dict[str, str]) -> None:
    """The folder as it is on a day."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lines = [
        json.dumps({"id": key, "text": text, "source": f"Wire {len(text) % 3}", "published": "2022-02-28"})
        for key, text in sorted(texts.items())
    ]
    (folder / "news.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def plan_days(number: int, seed: int) -> list[dict[str, str]]:
    """Three days: all is new; some is changed, gone or new; the same again, after a review."""
    chance = random.Random(seed)

    def write() -> str:
        said = [f"Russia has massed {chance.randrange(2, 400)} {chance.choice(THINGS)} near {chance.choice(PLACES)}."
                for _ in range(chance.randrange(4))]  # fmt: skip
        return " ".join(["The ministry spoke on Monday.", *said])

    first = {f"doc-{index:05d}": write() for index in range(number)}
    second = dict(first)
    for key in chance.sample(sorted(first), number // 4):
        second[key] = write()
    for key in chance.sample(sorted(first), number // 10):
        del second[key]
    second |= {f"new-{index:05d}": write() for index in range(number // 10)}
    return [first, second, second]


def review(folder: Path, seed: int) -> None:
    """What reviewers say between the second and the third day: of the same facts in every store."""
    with open_store(f"sqlite:///{folder / 'out/store.sqlite'}") as store:
        if store.decisions():
            return
        facts = random.Random(seed).sample(sorted(store.facts("daily"), key=lambda fact: fact.fact_id), 6)
        words = [("reject", {}), ("accept", {}), ("correct", {"count_min": "7", "count_max": "7"})] * 2
        store.append_decisions([
            Decision(fact.fact_id, word, cells, None, "Ana", None, "2022-03-02T12:00:00+00:00", "0" * 64, "Review", row, None,
                     hash_fact(fact))
            for row, (fact, (word, cells)) in enumerate(zip(facts, words, strict=True), 2)
        ])  # fmt: skip


def run_day(folder: Path, day: int, minute: int, *options: str) -> int:
    """The run of a day in this process; the exit code. Its second run of main must not load the rules again."""
    jobs_run.load_rulebook = lambda rules=None: BOOK  # type: ignore[assignment]
    with contextlib.redirect_stderr(io.StringIO()):
        try:
            main(["report", str(folder / "daily.yaml"), "--now", f"2022-03-{day:02d}T05:{minute:02d}:00+00:00", *options])
        except SystemExit as ended:
            return int(ended.code or 0)
    return 0


def fork(work: Callable[[], int]) -> int:
    """Do the work in a child; its number."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            code = work()
        finally:
            os._exit(code)
    return child


def wait_for(child: int) -> int:
    """The exit code of a child, negative if a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def describe(folder: Path) -> dict[str, Any]:
    """Store and report of a folder, in a form that can be compared."""
    out = folder / "out/daily"
    with open_store(f"sqlite:///{folder / 'out/store.sqlite'}") as store:
        # A run that was killed after its work was done is a finished one more, so runs are named by their place among those that count.
        rank = {run.run_id: number for number, (run, _) in enumerate(store.moved_runs("daily"))}
        told: dict[str, Any] = {
            "facts": [(*one[:2], rank[one.since], one.until and rank[one.until], *one[4:]) for one in store.versions("daily")],
            "documents": store.documents("daily"), "decisions": store.log(), "faults": check_store(store),
            "left": [path.name for path in out.glob(".*.tmp")],
        }  # fmt: skip
    with zipfile.ZipFile(out / "latest.xlsx") as book:
        told["workbook"] = {name: _MINUTE.sub(rb"T05\1..\2..", book.read(name)) for name in book.namelist()}
    for suffix in ("csv", "geojson", "reviews.jsonl"):
        told[suffix] = (out / f"latest.{suffix}").read_bytes()
    ran = json.loads((out / "run.json").read_text("utf-8"))
    told["run"] = {key: ran[key] for key in ("documents", "facts", "issues", "changes", "conflicts", "reviews", "decisions")}
    return told


def kill_runs(root: Path, number: int, kills: int, trials: int, seed: int) -> dict[str, Any]:
    """Each day undisturbed once, and in each trial killed some times and then run to its end."""
    chance = random.Random(seed)
    days = plan_days(number, seed)
    folders = [root / name for name in ("calm", *(f"trial{index}" for index in range(trials)))]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "daily.yaml").write_text(JOB, "utf-8")
    told: dict[str, Any] = {"killed": 0, "ended before": 0, "different": [], "faults": [], "seconds": [], "facts": 0, "failed runs": 0}
    for day, texts in enumerate(days, 1):
        write_news(root / "news", texts)
        expected: dict[str, Any] = {}
        for index, folder in enumerate(folders):
            if day == DAYS:
                review(folder, seed)
            share = 0
            if index:
                share = kills // (trials * DAYS) + ((index - 1) * DAYS + day - 1 < kills % (trials * DAYS))
            for attempt in range(share):
                child = fork(partial(run_day, folder, day, attempt))
                # What an attempt has read is not read again, so the next ones are shorter: early moments are drawn more often.
                time.sleep(1.1 * told["seconds"][-1] * chance.random() * chance.random() + 0.005)
                os.kill(child, signal.SIGKILL)
                told["killed" if wait_for(child) == -signal.SIGKILL else "ended before"] += 1
            began = time.monotonic()
            code = wait_for(fork(partial(run_day, folder, day, 59)))
            assert code == 0, code
            if not index:
                told["seconds"].append(time.monotonic() - began)
            found = describe(folder)
            if not index:
                expected = found
                told["facts"] = found["run"]["facts"]
            told["faults"] += found.pop("faults") + found["left"]
            told["different"] += [f"{folder.name} day {day}: {key}" for key in found if found[key] != expected[key]]
    for folder in folders[1:]:
        with open_store(f"sqlite:///{folder / 'out/store.sqlite'}") as store:
            told["failed runs"] += sum(run.status == "failed" for run in store.runs())
    return told


def run_twice(root: Path, number: int, times: int, seed: int) -> dict[str, Any]:
    """Two runs at once, on news that alternate; every other time the second waits."""
    days = plan_days(number, seed)[:2]
    folder = root / "twice"
    folder.mkdir(parents=True)
    (folder / "daily.yaml").write_text(JOB, "utf-8")
    told: dict[str, Any] = {"locked out": 0, "both done": 0, "slowest refusal": 0.0, "codes": [], "faults": [], "twice": 0}
    for turn in range(times):
        write_news(root / "news", days[turn % 2])
        options = ("--wait", "1m") if turn % 2 else ()
        children: dict[int, float] = {}
        for minute in (0, 1):
            child = fork(partial(run_day, folder, turn % 28 + 1, turn // 28 * 2 + minute, *options))
            children[child] = time.monotonic()
        codes = []
        while children:
            child, state = os.wait()
            code = os.waitstatus_to_exitcode(state)
            codes.append(code)
            if code == LOCKED:
                told["slowest refusal"] = max(told["slowest refusal"], time.monotonic() - children[child])
            del children[child]
        told["locked out"] += LOCKED in codes
        told["both done"] += codes == [0, 0]
        told["codes"] += [code for code in codes if code not in (0, LOCKED)]
        with open_store(f"sqlite:///{folder / 'out/store.sqlite'}") as store:
            told["faults"] += check_store(store)
            keys = [row.source_key for row in store.documents("daily")]
            ids = [fact.fact_id for fact in store.facts("daily")]
            told["twice"] += len(keys) - len(set(keys)) + len(ids) - len(set(ids))
            told["twice"] += len(keys) != len(days[turn % 2])
    return told


if __name__ == "__main__":
    what, place, *numbers = sys.argv[1:]
    work: Any = {"kill": kill_runs, "twice": run_twice}[what]
    print(json.dumps(work(Path(place), *map(int, numbers))))
