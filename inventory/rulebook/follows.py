"""What can follow the first run of letters or figures of a match: the two characters behind it.

*T-72* begins with letters behind which a hyphen and a figure stand, *3 March* with figures behind which a blank and a letter stand; where
something else follows, the pattern need not be tried. Read from the pattern's parse as a net of states; assertions are taken to
hold and repeats to be endless, so too little is never allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from inventory.rulebook.starts import ASCII, chars_of, parse_pattern

# By the character right behind the run: those that can come next; `None` for anything. Only ASCII is told.
Pairs = dict[str, str | None]
# So many copies of a repeated part tell all that a run and two characters can.
_COPIES = 3


class _Net:
    """The states of a pattern: which characters lead from one to another, and which follow from another without any."""

    def __init__(self, parsed: Any) -> None:
        self.steps: list[list[tuple[frozenset[str], int]]] = [[]]
        self.free: list[list[int]] = [[]]
        self.last = self._build(parsed, 0)

    def _new(self) -> int:
        self.steps.append([])
        self.free.append([])
        return len(self.steps) - 1

    def _build(self, nodes: Any, state: int) -> int:
        for name, value in nodes:
            op = str(name)
            if op in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
                after = self._new()
                self.steps[state].append((frozenset(chars_of(op, value)), after))
                state = after
            elif op == "BRANCH":
                after = self._new()
                for branch in value[1]:
                    self.free[self._build(branch, state)].append(after)
                state = after
            elif op in ("SUBPATTERN", "ATOMIC_GROUP"):
                state = self._build(value[3] if op == "SUBPATTERN" else value, state)
            elif op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
                least, most, body = value
                for _ in range(min(int(least), _COPIES)):
                    state = self._build(body, state)
                if most > least:
                    loop = self._new()
                    self.free[state].append(loop)
                    self.free[self._build(body, loop)].append(loop)
                    state = loop
            elif op not in ("AT", "ASSERT", "ASSERT_NOT"):
                anything = self._new()  # a reference back or a condition
                self.free[state].append(anything)
                self.steps[anything].append((frozenset(ASCII), anything))
                state = anything
        return state

    def closed(self, states: Iterable[int]) -> set[int]:
        """The states with all that follow from them without a character."""
        found: set[int] = set()
        waiting = list(states)
        while waiting:
            state = waiting.pop()
            if state not in found:
                found.add(state)
                waiting += self.free[state]
        return found

    def step(self, states: set[int], chars: frozenset[str]) -> set[int]:
        """The states behind one of some characters."""
        return self.closed(after for state in states for some, after in self.steps[state] if not some.isdisjoint(chars))


def follow_pairs(pattern: str) -> tuple[Pairs | None, Pairs | None]:
    """What can follow the first run of letters, and the first run of figures, of a match; `None` for anything at all."""
    parsed = parse_pattern(pattern)
    if parsed is None or parsed.state.flags & re.IGNORECASE:
        return None, None
    net = _Net(parsed)
    return _behind(net, str.isalpha), _behind(net, str.isdigit)


def _behind(net: _Net, inside: Callable[[str], bool]) -> Pairs | None:
    run = frozenset(filter(inside, ASCII))
    states = net.step(net.closed([0]), run)
    seen: set[int] = set()
    while not states <= seen:
        seen |= states
        states = net.step(states, run)
    if net.last in seen:
        return None
    pairs: Pairs = {}
    for char in ASCII:
        if char not in run and (after := net.step(seen, frozenset(char))):
            following = frozenset().union(*(some for state in after for some, _ in net.steps[state]))
            pairs[char] = None if net.last in after else "".join(sorted(following))
    return pairs
