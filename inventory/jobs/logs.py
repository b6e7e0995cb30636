"""What a run tells while it works: lines for people, or JSON objects for machines."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TextIO

Clock = Callable[[], str]


class Log:
    """Writes one line an event. `as_json`: an object with time, level, event, job and what belongs to it; else plain text.

    `quiet` leaves out what is neither a warning nor an error; JSON is for machines and always whole.
    """

    def __init__(self, stream: TextIO, clock: Clock, *, as_json: bool = False, quiet: bool = False, job: str = "") -> None:
        self._stream, self._clock, self._as_json, self._quiet, self.job = stream, clock, as_json, quiet, job

    def say(self, event: str, text: str, *, level: str = "info", **more: Any) -> None:
        """An event: its name for machines, its text for people."""
        if self._as_json:
            record = {"time": self._clock(), "level": level, "event": event, "job": self.job, "message": text, **more}
            print(json.dumps(record, ensure_ascii=False, default=str), file=self._stream, flush=True)
        elif level != "info" or not self._quiet:
            print(f"inventory: {'' if level == 'info' else level + ': '}{text}", file=self._stream, flush=True)

    def warn(self, event: str, text: str, **more: Any) -> None:
        """An event that somebody ought to look at."""
        self.say(event, text, level="warning", **more)
