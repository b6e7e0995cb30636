"""What the commands share: exit codes, the fault of a wrong command line, documents, rules, remarks."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from inventory.model import Document, Issue
    from inventory.rulebook.book import Rulebook

# BSD sysexits, and 3 for a run that finished with failures.
EXIT_PARTIAL = 3
EXIT_USAGE = 64
EXIT_DAMAGED = 65
EXIT_BUG = 70
EXIT_OUTPUT = 73
EXIT_DISK = 74
EXIT_LOCKED = 75
EXIT_RULES = 78


class UsageFault(Exception):  # noqa: N818 - like `Fault`, it is the user's, not the program's
    """The command line cannot be carried out; the message says why and what to do."""


def parse_day(text: str | None) -> dt.date | None:
    """The day that `--published` names. Raises :class:`UsageFault`."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageFault(f"--published {text!r} is no date — write it as YYYY-MM-DD") from None


def load_rules(rules: Path | None) -> Rulebook:
    """The shipped pack, with the user's folder laid over it."""
    from inventory.rulebook.load import load_rulebook

    return load_rulebook(rules)


def open_documents(paths: list[str], published: dt.date | None) -> Iterator[Document | Issue]:
    """What the paths hold, document by document."""
    from inventory.reading import read_documents

    return read_documents(paths, published=published, stdin=sys.stdin.buffer)


def tell_issues(issues: Iterable[Issue], quiet: bool) -> bool:
    """Print issues on stderr; tells whether a document failed."""
    failed = False
    for issue in issues:
        fatal = not issue.kind.startswith("note: ")
        failed |= fatal
        if fatal or not quiet:
            typer.echo(f"inventory: {issue.message}", err=True)
    return failed
