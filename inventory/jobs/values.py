"""Lengths of time and times of day, as job files and options write them."""

from __future__ import annotations

import re
from typing import NamedTuple

_LENGTH = re.compile(r"(\d{1,6})\s*([smhd]?)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = _SECONDS["d"]


class TimeOfDay(NamedTuple):
    """Hour and minute."""

    hour: int
    minute: int

    def __str__(self) -> str:
        return f"{self.hour:02d}:{self.minute:02d}"


def parse_length(text: str) -> int:
    """`90s`, `10m`, `26h`, `7d` or plain seconds, in seconds. Raises :class:`ValueError`."""
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no length of time; write a number and s, m, h or d, such as 10m")
    return int(match[1]) * _SECONDS[match[2]]


def parse_time(text: str) -> TimeOfDay:
    """`05:00`. Raises :class:`ValueError`."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no time of day; write hours and minutes, such as 05:00")
    return TimeOfDay(int(match[1]), int(match[2]))
