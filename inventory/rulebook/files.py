"""Find and read the files of a pack, check each against its model, and collect every fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from inventory.rulebook.faults import Fault
from inventory.rulebook.packs import pack_files
from inventory.rulebook.schema import MODELS, Strict
from inventory.rulebook.strict import Node, compose_raw, read_raw


class RuleFile:
    """One rule file that fits its model: `name` as faults print it, `kind` its first key, `raw` its bytes, `tree` with positions."""

    __slots__ = ("_tree", "kind", "model", "name", "pack", "raw")

    def __init__(self, name: str, kind: str, model: Any, raw: bytes, pack: str) -> None:
        self.name = name
        self.kind = kind
        self.model = model
        self.raw = raw
        self.pack = pack
        self._tree: Node | None = None

    @property
    def tree(self) -> Node:
        """The file with positions: composed again when a fault first asks for one, as the trees of all files would take 30 MB."""
        if self._tree is None:
            tree, _ = compose_raw(self.raw, self.name)
            self._tree = tree or Node("", 1, 1)
        return self._tree

    def fault(self, path: tuple[int | str, ...], message: str, mend: str) -> Fault:
        """A fault at the node `path` leads to."""
        node = self.tree.at(path)
        return Fault(self.name, node.line, node.column, message, mend)


_MENDS = {
    "extra_forbidden": "remove the key or correct its spelling",
    "missing": "add the key",
    "literal_error": "use one of the values listed",
    "string_pattern_mismatch": "correct the value to the form shown",
    "string_too_short": "write a value or remove the key",
    "float_parsing": "write a number",
    "int_parsing": "write a whole number",
    "bool_parsing": "write true or false",
    "list_type": "write a list: [a, b]",
    "dict_type": "write a mapping: {key: value}",
    "model_type": "write a mapping: {key: value}",
    "string_type": "write one value here",
}


def _validation_faults(name: str, tree: Node, error: ValidationError) -> list[Fault]:
    faults = []
    for problem in error.errors(include_url=False):
        path = tuple(step for step in problem["loc"] if isinstance(step, int | str))
        node = tree.at(path)
        where = ".".join(str(step) for step in path if isinstance(step, str)) or "the file"
        kind = problem["type"]
        if kind == "extra_forbidden":
            message = f"unknown key {path[-1]!r}"
        elif kind == "missing":
            message = f"key {path[-1]!r} is missing"
        else:
            message = f"{where}: {problem['msg'][0].lower()}{problem['msg'][1:]}"
        mend = _MENDS.get(kind, "see docs/rules.md for the form of this key")
        faults.append(Fault(name, node.line, node.column, message, mend))
    return faults


def read_file(path: Path, name: str, pack: str) -> tuple[RuleFile | None, list[Fault]]:
    """Read one file strictly and check it against the model that its first key names."""
    raw, faults = read_raw(path, name)
    if raw is None:
        return None, faults
    tree, faults = compose_raw(raw, name)
    if tree is None:
        return None, faults or [Fault(name, 1, 1, "is empty", "write a rule file or delete it")]
    if not isinstance(tree.value, dict) or not tree.value:
        return None, [Fault(name, tree.line, tree.column, "is not a mapping", "begin with e.g. 'gazetteer: equipment'")]
    kind = next(iter(tree.value))
    if kind not in MODELS:
        message = f"the first key is {kind!r}, which names no kind of file"
        return None, [Fault(name, tree.line, tree.column, message, f"begin with one of: {', '.join(MODELS)}")]
    model: type[Strict] = MODELS[kind]
    try:
        return RuleFile(name, kind, model.model_validate(tree.plain()), raw, pack), []
    except ValidationError as error:
        return None, _validation_faults(name, tree, error)


def read_pack(folder: Path) -> tuple[list[RuleFile], list[Fault]]:
    """Read every YAML file of a pack; what cannot be read is among the faults."""
    if not folder.is_dir():
        return [], [Fault(str(folder), 1, 1, "is not a folder", "name a folder with rule files")]
    result, faults = [], []
    for path in pack_files(folder):
        if path.suffix in {".yaml", ".yml"}:
            name = (Path(folder.name) / path.relative_to(folder)).as_posix()
            file, found = read_file(path, name, folder.name)
            faults += found
            if file is not None:
                result.append(file)
    return result, faults
