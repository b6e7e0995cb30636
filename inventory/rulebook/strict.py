"""YAML read strictly: every scalar is text, and what surprises people is an error with a position.

Refused: anchors, aliases and merge keys (a 520-byte merge bomb takes a plain loader a minute), tags, duplicate
keys, keys that are not text, more than one document, too deep or too large files. The tree is composed
from parser events, so that nesting is capped before any recursion can overflow the stack.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import yaml

from inventory.rulebook.faults import Fault

# Rule files are written by hand: the deepest shipped one nests 7 levels, the largest holds about 300 kB.
MAX_DEPTH = 24
MAX_BYTES = 4_000_000
MAX_NODES = 400_000

_Loader: Any = getattr(yaml, "CLoader", yaml.Loader)


class Node(NamedTuple):
    """A YAML value with its position: `value` is a `str`, a `list[Node]` or a `dict[str, Node]`."""

    value: Any
    line: int
    column: int

    def plain(self) -> Any:
        """The value without positions."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def at(self, path: tuple[int | str, ...]) -> Node:
        """The node at `path`, or the nearest one above it that exists."""
        node = self
        for step in path:
            # A step that leads nowhere is one that a validator adds, such as the name of a union's arm.
            held = node.value
            if isinstance(step, str):
                if isinstance(held, dict):
                    node = held.get(step, node)
            elif isinstance(held, list) and step < len(held):
                node = held[step]
        return node


def read_strict(path: Path, name: str) -> tuple[Node | None, list[Fault]]:
    """Read one YAML file; `name` is what faults call it. Returns the tree, or `None` and why there is none."""
    raw, faults = read_raw(path, name)
    return (None, faults) if raw is None else compose_raw(raw, name)


def read_raw(path: Path, name: str) -> tuple[bytes | None, list[Fault]]:
    """The bytes of one YAML file, or `None` and why there are none."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        return None, [Fault(name, 1, 1, f"cannot be read ({error.strerror})", "check the path and its permissions")]
    if len(raw) > MAX_BYTES:
        message = f"holds {len(raw):,} bytes, more than {MAX_BYTES:,}"
        return None, [Fault(name, 1, 1, message, "split it by family")]
    return raw, []


def compose_raw(raw: bytes, name: str) -> tuple[Node | None, list[Fault]]:
    """Compose the bytes of a YAML file as :func:`compose` does its text."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        return None, [Fault(name, line, column, "is not UTF-8 text", "save the file as UTF-8")]
    return compose(text, name)


def compose(text: str, name: str) -> tuple[Node | None, list[Fault]]:
    """Compose `text` into a tree of :class:`Node`; faults are returned, never raised."""
    faults: list[Fault] = []
    try:
        return _Composer(text, name, faults).document(), faults
    except _StopError:
        return None, faults
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = error.problem or error.context or "is not YAML"
        faults.append(Fault(name, line, column, f"not valid YAML: {what}", "check indentation, quotes and brackets"))
    except yaml.YAMLError as error:
        what = str(error).splitlines()[0]
        faults.append(Fault(name, 1, 1, f"not valid YAML: {what}", "remove control characters"))
    return None, faults


class _StopError(Exception):
    """The file cannot be composed further; the reason is among the faults."""


class _Composer:
    def __init__(self, text: str, name: str, faults: list[Fault]) -> None:
        self.name = name
        self.faults = faults
        self.nodes = 0
        self.events = yaml.parse(text, Loader=_Loader)

    def fault(self, event: Any, message: str, mend: str) -> None:
        mark = event.start_mark
        self.faults.append(Fault(self.name, mark.line + 1, mark.column + 1, message, mend))

    def stop(self, event: Any, message: str, mend: str) -> _StopError:
        self.fault(event, message, mend)
        return _StopError()

    def document(self) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.stop(event, "holds a second YAML document", "put it in a file of its own")
                root = self.node(next(self.events), 1)
        return None if self.faults else root

    def node(self, event: Any, depth: int) -> Node:
        self.nodes += 1
        if depth > MAX_DEPTH:
            raise self.stop(event, f"nests deeper than {MAX_DEPTH} levels", "flatten it")
        if self.nodes > MAX_NODES:
            raise self.stop(event, f"holds more than {MAX_NODES:,} values", "split it by family")
        mark = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            raise self.stop(event, f"alias *{event.anchor} is not allowed", "write the value out")
        if event.anchor is not None:
            self.fault(event, f"anchor &{event.anchor} is not allowed", "write the value out where it is needed")
        if event.tag is not None and event.tag != "!":
            self.fault(event, f"tag {event.tag} is not allowed", "remove it: the field decides the type")
        if isinstance(event, yaml.ScalarEvent):
            return Node(event.value, mark.line + 1, mark.column + 1)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
                items.append(self.node(event, depth + 1))
            return Node(items, mark.line + 1, mark.column + 1)
        return Node(self.mapping(depth), mark.line + 1, mark.column + 1)

    def mapping(self, depth: int) -> dict[str, Node]:
        members: dict[str, Node] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self.stop(event, "a key must be a word", "quote it or restructure the entry")
            key = event.value
            if event.anchor is not None or event.tag is not None:
                self.fault(event, f"key {key!r} has an anchor or a tag", "remove it")
            if key == "<<":
                raise self.stop(event, "merge key << is not allowed", "write the keys out")
            if key in members:
                self.fault(event, f"key {key!r} stands twice", "keep one of them")
            members[key] = self.node(next(self.events), depth + 1)
        return members
