"""What the rule files of one or more packs hold, later packs laid over earlier ones."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from inventory.rulebook.faults import Fault
from inventory.rulebook.files import RuleFile, read_pack


class Sections:
    """What the packs hold, later packs laid over earlier ones."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, tuple[RuleFile, tuple[int | str, ...], Any]]] = defaultdict(dict)
        self.faults: list[Fault] = []
        self.words: dict[str, list[str]] = defaultdict(list)
        self.values: dict[str, dict[str, str]] = defaultdict(dict)
        self.patterns: dict[str, tuple[RuleFile, tuple[int | str, ...], str]] = {}
        self.irregular: dict[str, list[str]] = {}
        self.version = "0"

    def put(self, section: str, key: str, file: RuleFile, path: tuple[int | str, ...], item: Any) -> None:
        held = self.items[section].get(key)
        if held is not None and held[0].pack == file.pack:
            where = held[0].tree.at(held[1])
            mend = f"rename one; the other stands in {held[0].name}:{where.line}"
            self.faults.append(file.fault(path, f"id {key!r} is used twice", mend))
            return
        self.items[section][key] = (file, path, item)

    def lay(self, files: list[RuleFile]) -> None:
        for file in files:
            model = file.model
            if file.kind == "pack":
                for number, name in enumerate(model.disable):
                    if not any(section.pop(name, None) for section in self.items.values()):
                        message = f"disable: no rule or entry has the id {name!r}"
                        self.faults.append(file.fault(("disable", number), message, "correct or remove it"))
                self.version = model.version if self.version == "0" else f"{self.version}+{model.pack}-{model.version}"
        for file in files:
            model = file.model
            if file.kind == "taxonomy":
                for number, item in enumerate(model.categories):
                    self.put("category", item.id, file, ("categories", number), item)
            elif file.kind == "gazetteer":
                for number, item in enumerate(model.entries):
                    self.put("entry", item.id, file, ("entries", number), item)
            elif file.kind in ("tokens", "cues", "links"):
                for number, item in enumerate(model.rules):
                    self.put("rule", item.id, file, ("rules", number), item)
                if file.kind == "tokens":
                    for name, table in model.values.items():
                        self.values[name].update(table)
                elif file.kind == "cues":
                    self.irregular.update(model.irregular)
            elif file.kind == "words":
                for name, members in model.classes.items():
                    self.words[name] += members
                for name, members in model.lists.items():
                    self.values[name].update(dict.fromkeys(members, name))
                for name, table in model.tables.items():
                    self.values[name].update(table)
                for name, pattern in model.patterns.items():
                    self.patterns[name] = (file, ("patterns", name), pattern)

    def of(self, *kinds: str) -> list[tuple[RuleFile, tuple[int | str, ...], Any]]:
        return [held for held in self.items["rule"].values() if held[0].kind in kinds]


def read_packs(folders: list[Path]) -> Sections:
    """Read and lay the packs over each other; faults are collected in the result."""
    sections = Sections()
    for folder in folders:
        files, faults = read_pack(folder)
        sections.faults += faults
        sections.lay(files)
    return sections
