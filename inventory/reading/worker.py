"""The reading process: takes jobs on its standard input and sends events on its standard output until nobody asks any more.

Whatever other people's parsers do to it (a crash, an endless loop, all memory) ends this process and not the run.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from inventory.reading.blobs import Blob, Budget
from inventory.reading.drafts import Failure
from inventory.reading.errors import ReadError
from inventory.reading.events import Begin, Done, Event, encode_event, read_frame, write_frame
from inventory.reading.limits import Limits
from inventory.reading.unpack import Work, explain_fault, read_blob


def main() -> None:
    """Serve jobs until standard input ends."""
    jobs, events = _take_pipes()
    # The terminal's Ctrl-C goes to every process; the one that asked decides what it means and ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
    while (job := read_frame(jobs)) is not None:
        limits = Limits(**job["limits"])
        _limit_memory(limits.max_worker_bytes)
        try:
            for event in serve_job(job, limits):
                if isinstance(event, Begin):
                    _limit_time(limits.max_seconds)
                write_frame(events, encode_event(event))
        except BrokenPipeError:
            return


def serve_job(job: dict[str, Any], limits: Limits) -> Iterator[Event]:
    """The events of one job, the last of which is :class:`Done`."""
    work = Work(limits, Budget(limits), tuple(job["skip"]))
    try:
        yield from read_blob(_find_root(job, limits), work)
    except ReadError as error:
        yield Failure(job["key"], error.remark)
    except Exception as error:
        yield Failure(job["key"], explain_fault(error, job["label"]).remark)
    yield Done()


def _find_root(job: dict[str, Any], limits: Limits) -> Blob:
    """What a job names, ready to be read."""
    key, label = job["key"], job["label"]
    match job["scheme"]:
        case "file":
            path = job["path"]
            return Blob(Path(path).name, key, label, lambda: open(path, "rb"))
        case "web":
            from inventory.reading.web import fetch_page

            return fetch_page(job["path"], key, label, limits, bool(job["private"]))
    from inventory.reading.stores import open_store

    return open_store(job["path"], key, label, job["options"], limits)


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for the frames alone: what a library prints must not come between them."""
    jobs = os.fdopen(os.dup(0), "rb")
    events = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    if "INVENTORY_DEBUG" not in os.environ:
        os.dup2(nowhere, 2)
    return jobs, events


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the limits on sizes hold there, too
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _limit_time(seconds: float) -> None:
    """A limit on processor time, which ends this process also where the one that asked has died meanwhile."""
    try:
        import resource
    except ImportError:
        return
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    wanted = int(time.process_time() + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


if __name__ == "__main__":
    main()
    sys.exit(0)
