"""Suggested rule files laid over the packs and checked, so that what is handed out passes `inventory rules check`."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from inventory.review.suggest import Suggestion
from inventory.rulebook.compile import compile_sections
from inventory.rulebook.faults import Fault, RuleError
from inventory.rulebook.lint import lint_packs
from inventory.rulebook.sections import read_packs

_FOLDER = "suggestions"


class Checked(NamedTuple):
    """Suggestions that pass, and those that do not with the first finding of each."""

    good: tuple[Suggestion, ...]
    doubtful: tuple[tuple[Suggestion, str], ...]


def check_suggestions(suggestions: Sequence[Suggestion], folders: Sequence[Path]) -> Checked:
    """Lay the suggestions over the packs in `folders`, and set aside those in which the rule check finds something."""
    good = list(suggestions)
    doubtful: list[tuple[Suggestion, str]] = []
    refused = True
    while good and refused:
        found, refused = _find(good, folders)
        if not found:
            break
        doubtful += [(one, found[one.file]) for one in good if one.file in found]
        good = [one for one in good if one.file not in found]
    return Checked(tuple(good), tuple(doubtful))


def write_suggestions(suggestions: Sequence[Suggestion], folder: Path) -> None:
    """Write each suggestion under its name.

    Raises:
        OutputError: a file cannot be written.
    """
    from inventory.report.atomic import atomic_path

    for one in suggestions:
        with atomic_path(folder / one.file) as temporary:
            temporary.write_text(one.yaml, encoding="utf-8", newline="\n")


def _find(suggestions: Sequence[Suggestion], folders: Sequence[Path]) -> tuple[dict[str, str], bool]:
    """File → first finding in it; and whether the pack was refused as a whole, so that what is left has to be tried again."""
    refused = False
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / _FOLDER
        folder.mkdir()
        write_suggestions(suggestions, folder)
        packs = [*folders, folder]
        sections = read_packs(packs)
        try:
            compile_sections(sections, packs)
            faults: list[Fault] = lint_packs(sections, packs)
        except RuleError as error:
            faults, refused = error.faults, True
    own = [fault for fault in faults if fault.file.partition("/")[0] == _FOLDER]
    others = [fault for fault in faults if fault.file.partition("/")[0] != _FOLDER]
    found: dict[str, str] = {}
    for fault in sorted(own):
        found.setdefault(fault.file.partition("/")[2], f"{fault.message} — {fault.mend}")
    # A name that two entries claim is told at the one that loses it, which may be the older.
    for fault in others:
        for one in suggestions:
            if repr(one.target) in fault.message:
                found.setdefault(one.file, f"{fault.file}:{fault.line}: {fault.message} — {fault.mend}")
    return found, refused
