"""Read files in a process of their own, under limits; what it does not survive becomes a failure, and the run goes on.

A process, once started, serves one file after the other, so that a thousand pages do not pay a thousand starts. None is started before
the first file that needs one.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

from inventory.reading.drafts import Draft, Failure
from inventory.reading.errors import ReadError, Remark, say
from inventory.reading.events import Begin, Done, End, Event, Job, decode_event, read_frame, write_frame
from inventory.reading.limits import Limits

# With the caller's own sys.path, so that the process finds what the caller finds, however that was set up.
_CODE = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from inventory.reading.worker import main; main()"
# A process serves so many jobs at most: parsers leak.
_JOBS = 1_000
# Members of one archive that may cost the process its life before the rest is given up.
_TRIES = 20
# How long a process may take to start on a busy machine, in seconds, beside what a document may take.
_START = 30.0


class Apart:
    """The reading process of one run; a context, at the end of which the process is gone."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._events: queue.Queue[Event | None] = queue.Queue()
        self._abandoned = threading.Event()
        self._jobs = 0

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def read(self, job: Job) -> Iterator[Draft | Failure]:
        """All that is in a file, page or object, in order; one failure for each thing in it that cannot be read. Raises nothing."""
        skip: tuple[int, ...] = ()
        for _ in range(_TRIES):
            open_files: list[Begin] = []
            done = False
            try:
                for event in self._converse(job, skip):
                    match event:
                        case Begin():
                            open_files.append(event)
                        case End():
                            del open_files[-1:]
                        case Done():
                            done = True
                        case _:
                            yield event
                return
            except ReadError as error:
                # Said of the innermost file that was open: the ones around it can still be gone on with.
                last = open_files[-1] if open_files else Begin((), job.key, job.label)
                self._stop()
                yield Failure(last.key, _blame(error, last.label))
                if not last.at:
                    return
                skip = last.at
            finally:
                if not done:
                    self._stop()
        what = f"holds {_TRIES} files that readers do not survive; what comes after them is not read"
        yield Failure(job.key, Remark("crashed", say(job.label, 1, what, "leave them out")))

    def _converse(self, job: Job, skip: tuple[int, ...]) -> Iterator[Event]:
        """Send a job and take its events. Raises :class:`ReadError` ('crashed', 'too slow') with a message that lacks its label."""
        patience = self._limits.max_seconds
        if self._process is None or self._jobs >= _JOBS:
            self._start()
            patience += _START
        self._jobs += 1
        process = self._process
        assert process is not None
        assert process.stdin is not None
        record = {**job._asdict(), "skip": list(skip), "limits": self._limits._asdict()}
        with contextlib.suppress(OSError):  # a process that is gone is noticed by its silence
            write_frame(process.stdin, record)
        while True:
            try:
                # Only the time is counted in which this side waits: whoever takes the documents may take as long as they like.
                event = self._events.get(timeout=patience)
            except queue.Empty:
                raise ReadError("too slow", f"takes longer than {self._limits.max_seconds:g} s", "max_seconds") from None
            if event is None:
                raise self._explain_end(process)
            patience = self._limits.max_seconds
            yield event
            if isinstance(event, Done):
                return

    def _explain_end(self, process: subprocess.Popen[bytes]) -> ReadError:
        code = process.wait()
        if os.name == "posix" and code == -signal.SIGXCPU:
            return ReadError("too slow", f"takes more than {self._limits.max_seconds:g} s of processor time", "max_seconds")
        if os.name == "posix" and code == -signal.SIGKILL:
            return ReadError("crashed", "made its reader be killed, most likely for want of memory", "max_worker_bytes")
        return ReadError("crashed", f"made its reader crash (status {code})")

    def _start(self) -> None:
        self._stop()
        # Sets of strings would otherwise come in another order in each process, and Arrow's own allocator reserves more than the limit.
        settings = {**os.environ, "PYTHONHASHSEED": "0", "ARROW_DEFAULT_MEMORY_POOL": "system", "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CODE, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None,
            env=settings,
        )
        # Few places: the process waits where its documents are not taken, instead of filling the memory.
        self._events = queue.Queue(maxsize=4)
        self._abandoned = threading.Event()
        self._jobs = 0
        threading.Thread(target=_receive, args=(self._process, self._events, self._abandoned), daemon=True).start()

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        self._abandoned.set()
        process.kill()
        process.wait()
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.stdin.close()


def _receive(process: subprocess.Popen[bytes], events: queue.Queue[Event | None], abandoned: threading.Event) -> None:
    """Take frames off the pipe until it ends or nobody wants them; whatever is no frame ends it, too."""

    def hand_on(event: Event | None) -> None:
        while not abandoned.is_set():
            try:
                return events.put(event, timeout=0.5)
            except queue.Full:
                continue

    assert process.stdout is not None
    with process.stdout as stream:
        try:
            while not abandoned.is_set() and (record := read_frame(stream)) is not None:
                hand_on(decode_event(record))
        except (ValueError, KeyError, TypeError, OSError):
            process.kill()
    hand_on(None)


def _blame(error: ReadError, label: str) -> Remark:
    """The remark on the file that was being read when its process ended."""
    mend = "leave it out, convert it to text, or report it"
    limit = error.remark.limit
    return Remark(error.remark.kind, say(label, 1, error.remark.message, mend), limit)
