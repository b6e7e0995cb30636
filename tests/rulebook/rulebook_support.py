"""Packs that tests write, and what a command gave back."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

BASE = {
    "pack.yaml": "pack: base\nversion: 1.0\n",
    "taxonomy.yaml": """\
taxonomy: categories
source: test
categories:
  - {id: armour/tank, domain: land, oryx: Tanks, iiss: MBT, app6: Tank, cues: [tank, tanks, crew]}
  - {id: personnel/soldiers, domain: mixed, oryx: none, iiss: none, app6: none}
""",
    "gazetteers/tanks.yaml": """\
gazetteer: equipment
category: armour/tank
source: test
entries:
  - {id: t-72, name: T-72, origin: RUS}
  - {id: leopard-2, name: Leopard 2, weak: [Leopard],
     examples: [{text: Ten Leopard tanks burnt., found: Leopard}], rejects: [A leopard slept.]}
""",
    "gazetteers/classes.yaml": """\
gazetteer: class
source: test
entries:
  - {id: tank, name: main battle tank, category: armour/tank}
  - {id: soldier, name: soldier, category: personnel/soldiers}
""",
}


class Ran(NamedTuple):
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


def write_pack(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write a pack's files below `folder`."""
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body if isinstance(body, bytes) else body.encode("utf-8"))
    return folder
