"""A table that fills itself: what a pure function of a short key gives, worked out when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Beyond so many keys the table begins anew: texts in every script must not fill the memory.
_MOST = 100_000


class Memo(dict[Any, Any]):
    """`memo[key]` is `work(key)`; a key met before costs no call."""

    __slots__ = ("_work",)

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self._work = work

    def __missing__(self, key: Any) -> Any:
        if len(self) >= _MOST:
            self.clear()
        found = self[key] = self._work(key)
        return found
