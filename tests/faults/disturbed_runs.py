"""Run jobs over generated documents, kill them, run two at once; print what came of it as JSON. A program of its own, because it forks.

    python tests/faults/disturbed_runs.py kill  sqlite:///FOLDER/{}.sqlite DOCUMENTS KILLS TRIALS SEED
    python tests/faults/disturbed_runs.py twice sqlite:///FOLDER/{}.sqlite DOCUMENTS TIMES SEED

`{}` in the address stands for the name of a store; with PostgreSQL it is the name of a schema.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "store")]

import sqlalchemy as sa  # noqa: E402
from store_support import day, document, dump, failure  # noqa: E402

import inventory  # noqa: E402
from inventory.model import Document, Issue  # noqa: E402
from inventory.rulebook.load import load_rulebook  # noqa: E402
from inventory.store import StoreLocked, open_store  # noqa: E402
from inventory.store.check import check_store  # noqa: E402
from inventory.store.engine import create_engine, parse_address  # noqa: E402
from inventory.store.update import update_store  # noqa: E402
from inventory.table import Facts  # noqa: E402

BOOK = load_rulebook()
PLACES = ("Kupiansk", "Kharkiv", "Kherson", "Sevastopol", "Brest", "Mariupol")
THINGS = ("T-72 tanks", "Su-35 fighter jets", "troops", "howitzers", "frigates", "S-400 batteries")
LOCKED = 75
# What extraction gives for each document, reckoned once before any fork: so the moments of the kills fall into the work of the store.
FOUND: dict[Document, Facts] = {}


def write_text(chance: random.Random) -> str:
    """A short text with up to three statements, sometimes with none."""
    said = [
        f"Russia has massed {chance.randrange(2, 400)} {chance.choice(THINGS)} near {chance.choice(PLACES)}."
        for _ in range(chance.randrange(4))
    ]
    return " ".join(["The ministry spoke on Monday.", *said])


def plan_days(number: int, seed: int) -> list[list[Document | Issue]]:
    """Three days: all is new; some is changed, gone, new or unreadable; the same again, to be read with other rules."""
    chance = random.Random(seed)
    first = {f"doc-{index:05d}": write_text(chance) for index in range(number)}
    second = dict(first)
    for key in chance.sample(sorted(first), number // 4):
        second[key] = write_text(chance)
    for key in chance.sample(sorted(first), number // 10):
        del second[key]
    second |= {f"new-{index:05d}": write_text(chance) for index in range(number // 10)}
    broken = set(chance.sample(sorted(second), number // 20))
    note = Issue("stray.bin", "read", "note: skipped", "stray.bin: no reader")
    one: list[Document | Issue] = [document(key, text, title=f"Title {key}") for key, text in sorted(first.items())]
    two: list[Document | Issue] = [
        failure(key) if key in broken else document(key, text, title="Title") for key, text in sorted(second.items())
    ]
    three: list[Document | Issue] = [document(key, text, title="Title") for key, text in sorted(second.items())]
    FOUND.update({item: inventory.extract([item], BOOK) for item in (*one, *two, *three) if isinstance(item, Document)})
    return [[note, *one], two, three]


def run_day(url: str, number: int, items: list[Document | Issue], wait: float = 30.0) -> None:
    """The run of a day; on the third, the rules are others."""

    def read(given: Iterator[Document]) -> Iterator[Facts]:
        for one in given:
            found = FOUND[one]
            kept = [fact for fact in found if number < 3 or fact.item_id != "su-35"]
            yield Facts(kept, found.documents, found.issues, found.candidates)

    with open_store(url) as store:
        pack: Any = SimpleNamespace(stamp=f"rules of day {number // 3}")
        update_store(store, items, pack, "daily", day(number), wait=wait, read=read)


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


def describe(url: str) -> tuple[str, str, list[str]]:
    """The content of a store and the workbook made from it, as hashes, and what its check finds."""
    with open_store(url) as store, tempfile.TemporaryDirectory() as folder:
        content = hashlib.sha256(repr(dump(store)).encode("utf-8", "surrogatepass")).hexdigest()
        path = Path(folder) / "a.xlsx"
        inventory.write_report(Facts(store.facts(), store.documents(), store.issues(), store.candidates()), path)
        return content, hashlib.sha256(path.read_bytes()).hexdigest(), check_store(store)


def make_url(template: str, name: str) -> str:
    """The address of a store of that name, and room for it."""
    url = template.replace("{}", name)
    address = parse_address(url)
    if address.path is None:
        engine = create_engine(parse_address(template.split("&options=")[0]))
        with engine.begin() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA {name}"))
        engine.dispose()
    return url


def is_done(url: str, number: int) -> bool:
    """Has the run of a day been finished?"""
    with open_store(url) as store:
        return any(run.started == day(number) and run.status != "failed" and run.finished for run in store.runs())


def kill_runs(template: str, number: int, kills: int, trials: int, seed: int) -> dict[str, Any]:
    """Run three days undisturbed; then again, each day killed several times before it may end, until `kills` runs have been killed in about
    `trials` stores; compare each store with the undisturbed one."""
    days = plan_days(number, seed)
    chance = random.Random(seed)
    calm = make_url(template, "calm")
    took = []
    for index, items in enumerate(days, 1):
        began = time.monotonic()
        assert wait_for(fork(lambda index=index, items=items: run_day(calm, index, items) or 0)) == 0
        took.append(time.monotonic() - began)
    expected = describe(calm)
    told: dict[str, Any] = {"faults": expected[2], "killed": 0, "trials": 0, "too late": 0, "different": [], "interrupted": 0}
    share = max(1, round(kills / trials / len(days)))
    while told["killed"] < kills:
        url = make_url(template, f"trial{told['trials']}")
        told["trials"] += 1
        for index, items in enumerate(days, 1):
            done = False
            for _ in range(min(share, kills - told["killed"])):
                child = fork(lambda index=index, items=items, url=url: run_day(url, index, items) or 0)
                # What an earlier, killed run has done is not done again: moments are drawn over a part of the whole time.
                time.sleep(chance.uniform(0, 2 * took[index - 1] / (share + 1)))
                os.kill(child, signal.SIGKILL)
                code = wait_for(child)
                assert code in (0, -signal.SIGKILL), code
                done = is_done(url, index)
                told["too late" if done else "killed"] += 1
                if done:
                    break
            if not done:
                assert wait_for(fork(lambda index=index, items=items, url=url: run_day(url, index, items) or 0)) == 0
        found = describe(url)
        told["different"] += [(url, left, right) for left, right in zip(found[:2], expected[:2], strict=True) if left != right]
        told["faults"] += found[2]
        with open_store(url) as store:
            told["interrupted"] += sum(run.status == "failed" for run in store.runs())
    return told


def run_twice(template: str, number: int, times: int, seed: int) -> dict[str, Any]:
    """Run two at once, `times` times, on days that alternate; every other time the second is willing to wait."""
    days = plan_days(number, seed)[:2]
    url = make_url(template, "twice")
    run_day(url, 1, days[0])
    told: dict[str, Any] = {"locked out": 0, "both done": 0, "slowest refusal": 0.0, "codes": [], "faults": []}

    def work(index: int, wait: float, report: int) -> int:
        begun = time.monotonic()
        try:
            run_day(url, index, days[index - 1], wait)
        except StoreLocked as fault:
            os.write(report, f"{time.monotonic() - begun}\n".encode())
            return fault.exit_code
        return 0

    for turn in range(times):
        index, wait = 1 + (turn + 1) % 2, 60.0 * (turn % 2)
        source, sink = os.pipe()
        children = [fork(lambda index=index, wait=wait, sink=sink: work(index, wait, sink)) for _ in range(2)]
        codes = sorted(wait_for(child) for child in children)
        os.close(sink)
        with os.fdopen(source) as stream:
            refusals = [float(line) for line in stream]
        told["slowest refusal"] = max([told["slowest refusal"], *refusals])
        told["locked out"] += codes == [0, LOCKED]
        told["both done"] += codes == [0, 0]
        if codes not in ([0, 0], [0, LOCKED]) or (wait and codes != [0, 0]):
            told["codes"].append(codes)
    with open_store(url) as store:
        told["faults"] = check_store(store)
        keys = [(fact.fact_id, fact.doc_id) for fact in store.facts()]
        told["duplicates"] = len(keys) - len(set(keys))
        told["runs"] = len(store.runs())
        told["facts"] = len(keys)
    calm = make_url(template, "calm")
    run_day(calm, 1, days[0])
    run_day(calm, 1 + times % 2, days[times % 2])
    with open_store(url) as store, open_store(calm) as other:
        told["same facts"] = store.facts() == other.facts()
    return told


if __name__ == "__main__":
    what, where, *numbers = sys.argv[1:]
    function: Callable[..., dict[str, Any]] = {"kill": kill_runs, "twice": run_twice}[what]
    print(json.dumps(function(where, *map(int, numbers))))
