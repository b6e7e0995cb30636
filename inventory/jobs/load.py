"""Read a job file strictly: every fault with file, line, column and mend, all in one go."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from inventory.jobs.errors import JobError
from inventory.jobs.schema import JobFile
from inventory.reading.errors import UsageError
from inventory.reading.inputs import Address, resolve_inputs
from inventory.rulebook.faults import Fault
from inventory.rulebook.strict import Node, read_strict

if TYPE_CHECKING:
    from inventory.rulebook.book import Rulebook

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+::?//?")
_SQLITE = "sqlite:///"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_MENDS = {
    "extra_forbidden": "remove the key or correct its spelling",
    "missing": "add the key",
    "literal_error": "use one of the values listed",
    "string_pattern_mismatch": "correct the value to the form shown",
    "string_too_short": "write a value or remove the key",
    "too_short": "name at least one, or remove the key",
    "float_parsing": "write a number",
    "int_parsing": "write a whole number",
    "list_type": "write a list: [a, b]",
    "dict_type": "write a mapping: {key: value}",
    "model_type": "write a mapping: {key: value}",
    "string_type": "write one value here",
}


@dataclass(frozen=True, slots=True)
class Job:
    """A job that can be run. Paths are absolute; `out` is the job's own folder, `web` holds its addresses of the web.

    `digest` is the SHA-256 of the file.
    """

    name: str
    path: Path
    file: JobFile
    tree: Node
    digest: str
    sources: tuple[str, ...]
    web: tuple[str, ...]
    rules: Path | None
    store: str
    imports: Path | None
    out: Path
    grades: Path | None

    def fault(self, path: tuple[int | str, ...], message: str, mend: str) -> Fault:
        """A fault at the node that `path` leads to."""
        node = self.tree.at(path)
        return Fault(str(self.path), node.line, node.column, message, mend)


def read_job(path: Path) -> Job:
    """Read a job file. Paths in it are relative to the folder that it lies in. Nothing is opened but the file.

    Raises:
        JobError: the file cannot be read or has faults.
    """
    name = str(path)
    tree, faults = read_strict(path, name)
    if tree is None or not isinstance(tree.value, dict):
        raise JobError(faults or [Fault(name, 1, 1, "is no job", "begin with sources: and a list of files and folders")])
    try:
        file = JobFile.model_validate(tree.plain())
    except ValidationError as error:
        raise JobError(_list_faults(name, tree, error)) from None
    title = file.job or path.stem.lower()
    if not _NAME.fullmatch(title):
        raise JobError([Fault(name, 1, 1, f"the file's name {path.stem!r} is no name of a job", "add e.g. job: daily, in small letters")])
    folder = path.resolve().parent
    sources = tuple(one if _SCHEME.match(one) else str(folder / one) for one in file.sources)
    output = folder / file.output
    return Job(
        title, path, file, tree, hashlib.sha256(path.read_bytes()).hexdigest(), tuple(map(_tidy, sources)),
        tuple(one for one in sources if one.startswith(("http://", "https://"))), _find(folder, file.rules),
        _place_store(file.store, folder, output), _find(folder, file.imports), _find(folder, str(output / title)) or output,
        _find(folder, file.grades),
    )  # fmt: skip


def check_sources(job: Job) -> None:
    """See that every source is there and may be read, and that the filters name what the rule pack knows.

    Raises:
        JobError: one is not; the fault stands where the source does.
    """
    faults = []
    for index, source in enumerate(job.sources):
        if source == "-":
            faults.append(job.fault(("sources", index), "standard input is no source of a job", "name files or folders"))
            continue
        try:
            found = resolve_inputs([source], job.file.network)
        except UsageError as error:
            what, _, mend = str(error).partition(" — ")
            faults.append(job.fault(("sources", index), what, mend or "check the path"))
            continue
        if any(isinstance(one, Address) and one.scheme == "store" for one in found) and not job.file.network:
            faults.append(job.fault(("sources", index), f"{source} is reached over the network", "add network: true to allow that"))
    for key, folder in (("rules", job.rules), ("grades", job.grades)):
        if folder is not None and not folder.exists():
            faults.append(job.fault((key,), f"{key}: {folder} is not there", "check the path, which counts from the job file's folder"))
    if faults:
        raise JobError(faults)


def check_filters(job: Job, book: Rulebook) -> None:
    """See that the filters name sides and categories that the rule pack knows: a slip of the pen must not give an empty report.

    Raises:
        JobError: one is not known.
    """
    from inventory.review.values import make_vocabulary

    known = make_vocabulary(book)
    tops = {part for path in known.categories for part in (path, path.split("/")[0])}
    faults = []
    for index, name in enumerate(job.file.filters.actor or ()):
        if name.casefold() not in known.actors:
            faults.append(job.fault(("filters", "actor", index), f"side {name!r} is not known", "write a name or code of the rule pack"))
    for index, name in enumerate(job.file.filters.category or ()):
        if name not in tops:
            some = ", ".join(sorted(top for top in tops if top.startswith(name[:3]))[:6]) or ", ".join(sorted(tops)[:6])
            faults.append(job.fault(("filters", "category", index), f"category {name!r} is not known", f"use one like {some}"))
    if faults:
        raise JobError(faults)


def _tidy(source: str) -> str:
    """Without `..` and doubled signs: what messages call a file must not depend on how the job was named."""
    return source if _SCHEME.match(source) or source == "-" else str(Path(_normal(source)))


def _normal(path: str) -> str:
    import os

    return os.path.normpath(path)


def _find(folder: Path, path: str | None) -> Path | None:
    return None if path is None else Path(_normal(str(folder / path)))


def _place_store(url: str | None, folder: Path, output: Path) -> str:
    if url is None:
        return _SQLITE + _normal(str(output / "store.sqlite"))
    if url.startswith(_SQLITE):
        return _SQLITE + _normal(str(folder / url.removeprefix(_SQLITE)))
    return url if "://" in url else _SQLITE + _normal(str(folder / url))


def _list_faults(name: str, tree: Node, error: ValidationError) -> list[Fault]:
    faults: dict[tuple[int, int, str], Fault] = {}
    for problem in error.errors(include_url=False):
        path = tuple(step for step in problem["loc"] if isinstance(step, int | str))
        node = tree.at(path)
        where = ".".join(str(step) for step in path if isinstance(step, str) and "[" not in step) or "the file"
        kind = problem["type"]
        if kind == "extra_forbidden":
            message = f"unknown key {path[-1]!r}"
        elif kind == "missing":
            message = f"key {path[-1]!r} is missing"
        else:
            message = f"{where}: {problem['msg'][0].lower()}{problem['msg'][1:]}"
        mend = _MENDS.get(kind, "see docs/jobs.md for the form of this key")
        fault = Fault(name, node.line, node.column, message, mend)
        faults.setdefault((node.line, node.column, kind if kind == "missing" else ""), fault)  # a union tells of each arm
    return list(faults.values())
